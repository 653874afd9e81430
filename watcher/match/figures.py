"""The figures that a text gives for what a comparison asks about: ``涨跌幅``, ``金额``, or a word before a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from watcher.query.amounts import AMOUNT, NUMBER, amount_of

_MOVES = re.compile(
    rf"(?P<way>涨幅|跌幅|涨停|上涨|下跌|大涨|大跌|飙升|重挫|收涨|收跌|涨|跌|升|挫|rose|gained|fell|dropped|up|down)"
    rf"(?:[^\d\n。%]{{0,6}}?)(?P<number>{NUMBER})\s?(?P<unit>%)(?P<money>)",
    re.IGNORECASE,
)
_DOWN = re.compile(r"跌|挫|fell|dropped|down", re.IGNORECASE)
_REACH = 12
"""So close behind its word stands the number that belongs to it: 净利润同比增长30%."""
_NUMBER = re.compile(r"[-+−]?\d[\d,.]*")
_SENTENCE = re.compile(r"[。！？\n；;]")


class Figure(NamedTuple):
    """A number in a text, with its sign and scale read."""

    value: float
    is_percent: bool
    start: int
    end: int
    written: str


def figures_in(label: str, text: str) -> Iterator[Figure]:
    """The figures for a label. ``涨跌幅`` is what rose or fell, falls below zero; ``金额`` any amount of money."""
    if label == "涨跌幅":
        for found in _MOVES.finditer(text):
            value = float(found["number"].replace(",", ""))
            sign = -1 if _DOWN.search(found["way"]) and value > 0 else 1
            yield Figure(sign * value, True, found.start(), found.end(), found[0])
        return
    if label == "金额":
        for number in _NUMBER.finditer(text):
            written = AMOUNT.match(text, number.start())
            if written and (amount := amount_of(written)).is_money:
                yield Figure(amount.value, False, written.start(), written.end(), written[0].strip())
        return
    for word in re.finditer(re.escape(label), text, re.IGNORECASE):
        end = _SENTENCE.search(text, word.end())
        reach = min(word.end() + _REACH, end.start() if end else len(text))
        for found in AMOUNT.finditer(text, word.end(), min(reach + 16, len(text))):
            if found.start() > reach:
                break
            amount = amount_of(found)
            yield Figure(amount.value, amount.is_percent, word.start(), found.end(), text[word.start() : found.end()])
            break

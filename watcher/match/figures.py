"""The figures that a text gives for what a comparison asks about: ``涨跌幅``, ``金额``, or a word before a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from watcher.query.amounts import AMOUNT, NUMBER, amount_of

_MOVES = re.compile(
    rf"(?P<way>涨幅|跌幅|涨停|上涨|下跌|大涨|大跌|飙升|重挫|收涨|收跌|涨|跌|升|挫|rose|gained|fell|dropped|up|down)"
    rf"(?:[^\d\n。%]{{0,6}}?)(?P<number>{NUMBER})\s?(?P<unit>%)",
    re.IGNORECASE,
)
_DOWN = re.compile(r"跌|挫|fell|dropped|down", re.IGNORECASE)
_REACH = 40
"""So close behind its word stand the numbers that belong to it: 净利润5.2亿元，同比增长30%."""
_OTHER_QUANTITY = ("率", "占比", "预测", "目标")
"""净利润率 is not 净利润."""
_CHANGE = re.compile(r"同比|环比|较上年|较去年|增长|下降|[增减升降]")
_FALLS = re.compile(r"下降|减少|下滑|下跌|缩水|亏损|降低|回落|[减降跌]")
_NUMBER = re.compile(r"(?:(?:US|HK)?[$¥€£])?[-+−]?\d[\d,.]*")
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
        if text.startswith(_OTHER_QUANTITY, word.end()):
            continue
        end = _SENTENCE.search(text, word.end())
        stop = min(word.end() + _REACH, end.start() if end else len(text))
        position = word.end()
        while written := AMOUNT.search(text, position, stop):
            between = text[position : written.start()]
            if position > word.end() and not _CHANGE.search(between):
                break  # The figure of something else.
            amount = amount_of(written)
            sign = -1 if _FALLS.search(between) and amount.value > 0 else 1
            told = text[word.start() : written.end()]
            yield Figure(sign * amount.value, amount.is_percent, word.start(), written.end(), told)
            position = written.end()

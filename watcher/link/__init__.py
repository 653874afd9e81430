"""Which securities an article names: as the publisher marked them up, by code, and by the names that are watched."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from watcher.folding import fold, narrow
from watcher.link.codes import find_codes
from watcher.link.names import NameFinder
from watcher.link.securities import Securities
from watcher.model import Article, Evidence, How, Knowledge, Mention

__all__ = ["Securities", "link_article"]

_STRENGTH: tuple[How, ...] = ("markup", "code", "name")

_WIDEST_GAP = 2
"""Between a name and its code in brackets stand a bracket and at most a space."""

_CONFIDENCE: dict[How, float] = {"markup": 0.9, "code": 0.95, "name": 0.7}
"""A ranking, not yet calibrated: codes with their exchange are hardly ever wrong, publishers' markup sometimes is
(绿色经济 as 01315.HK), and a bare name may be an ordinary word."""

_ADDRESS = re.compile(r"https?://[^\s,;()<>\"'，；、。\u3000-\uffef]+")
"""What an address contains (``quote.eastmoney.com/sz300075.html``, ``item.jd.com``) is not said of anybody."""


def link_article(article: Article, knowledge: Knowledge) -> tuple[Mention, ...]:
    """The securities the article names, each once with all its evidence, in the order of their first mention."""
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    finder = _name_finder(knowledge)
    for field, text in article.texts():
        said = _ADDRESS.sub(_blank, text)
        for code in find_codes(narrow(said), knowledge):
            written_as = text[code.start : code.end]
            evidence[code.symbol].append(Evidence(written_as, field, code.start, code.end, "code", code.symbol))
        for symbol, start, end in finder.find(fold(said)):
            evidence[symbol].append(Evidence(text[start:end], field, start, end, "name", symbol))
    for mark in article.marks:
        evidence[mark.symbol].append(Evidence(mark.written_as, "body", mark.start, mark.end, "markup", mark.symbol))
    mentions = [_mention(symbol, found) for symbol, found in evidence.items()]
    mentions.sort(key=lambda mention: _place(mention.evidence[0]))
    return tuple(mentions)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _place(one: Evidence) -> tuple[int, int, int]:
    return ("title", "summary", "body").index(one.field), one.start, one.end


@lru_cache(maxsize=2)
def _name_finder(knowledge: Knowledge) -> NameFinder:
    watched = dict.fromkeys(symbol for rule in knowledge.rules for symbol in rule.stocks)
    return NameFinder({symbol: knowledge.names.get(symbol, ()) for symbol in watched})


def _mention(symbol: str, evidence: list[Evidence]) -> Mention:
    evidence.sort(key=_place)
    how = min((one.how for one in evidence if one.how), key=_STRENGTH.index)
    return Mention(
        symbol=symbol,
        written_as=next(one.term for one in evidence if one.how == how),
        how=how,
        confidence=_CONFIDENCE[how],
        count=_count_places(evidence),
        in_title=any(one.field == "title" for one in evidence),
        first_at=min((one.start for one in evidence if one.field == "body"), default=None),
        evidence=tuple(evidence),
    )


def _count_places(evidence: list[Evidence]) -> int:
    """How often it is named in title and body: 雄帝科技（300546）, marked up as well, is named once."""
    places = 0
    last, reach = None, -1
    for one in evidence:
        if one.field == "summary":  # It repeats what the body says.
            continue
        same = last is not None and one.field == last.field
        beside = last is not None and (one.how == "code") != (last.how == "code") and one.start <= reach + _WIDEST_GAP
        if not (same and (one.start < reach or beside)):
            places += 1
            reach = -1
        last, reach = one, max(reach, one.end)
    return places or 1

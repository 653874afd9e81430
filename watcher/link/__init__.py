"""Which securities an article names, where, how surely and how centrally: by markup, by code, and by every name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from watcher.folding import fold, narrow
from watcher.link.codes import symbol_of
from watcher.link.lexicon import Doubt, Lexicon
from watcher.link.lists import listed
from watcher.link.resolve import SURE, Place, Text, Whole
from watcher.link.salience import Occurrence, judge
from watcher.link.securities import Securities
from watcher.model import Article, Evidence, Field, How, Knowledge, Mention, Name, Salience
from watcher.query import symbols_in

__all__ = ["Securities", "is_ordinary", "link_article"]

_STRENGTH: tuple[How, ...] = ("markup", "code", "name")

_WIDEST_GAP = 2
"""Between a name and its code in brackets stand a bracket and at most a space."""

_ADDRESS = re.compile(r"https?://[^\s,;()<>\"'，；、。\u3000-\uffef]+")
"""What an address contains (``quote.eastmoney.com/sz300075.html``, ``item.jd.com``) is not said of anybody."""

_CONFIDENCE = (0.75, 0.75, 0.85, 0.9)
"""By the points of a name; 3 is a name that is nothing else, or one with the best of neighbours."""
_MARKED_UP = 0.05
_CONFIDENCE_OF_SURE = 0.98
_MOST_SUBJECTS = 3
"""An announcement is filed under its company; a longer list is whom it may concern."""


class _Seen(NamedTuple):
    """A place of an article that names a security."""

    field: Field
    place: Place
    written_as: str
    is_listed: bool


def link_article(article: Article, knowledge: Knowledge) -> tuple[Mention, ...]:
    """The securities the article names, each once with all its evidence, in the order of their first mention."""
    lexicon = _lexicon(knowledge)
    fields = dict(article.texts())
    narrowed = {field: narrow(_ADDRESS.sub(_blank, text)) for field, text in fields.items()}
    folded = {field: fold(text) for field, text in narrowed.items()}
    # An item of a digest of the markets is too short to tell what it is about.
    whole = Whole("\n".join(folded.values()), is_business=article.part_of is not None)
    texts: dict[Field, Text] = {}
    for field in fields:
        marks = article.marks if field == "body" else ()
        texts[field] = Text(narrowed[field], folded[field], marks, lexicon, knowledge, article.published_at, whole)
    issuers = set().union(*(text.accepted_issuers for text in texts.values()))
    codes = {code.symbol for text in texts.values() for code in text.codes}
    seen: dict[str, list[_Seen]] = defaultdict(list)
    for field, text in texts.items():
        text.accept_known(issuers)
        places = text.places(codes)
        in_list = listed(places, text.folded)
        for index, place in enumerate(places):
            written_as = fields[field][place.start : place.end]
            seen[place.symbol].append(_Seen(field, place, written_as, index in in_list))
    mentions = _mentions(folded, seen)
    return (*mentions, *_beside(article.codes_beside, knowledge, {mention.symbol for mention in mentions}))


def _beside(codes: Sequence[str], knowledge: Knowledge, named: Collection[str]) -> Iterator[Mention]:
    """The securities that the article's producer gives beside its text and that the text does not name."""
    symbols = {symbol: code for code in reversed(codes) if (symbol := symbol_of(code, knowledge))}
    for symbol, code in reversed(symbols.items()):
        if symbol not in named:
            salience: Salience = "subject" if len(symbols) <= _MOST_SUBJECTS else "listed"
            evidence = Evidence(code, "title", 0, 0, "markup", symbol)
            yield Mention(symbol, code, "markup", _CONFIDENCE_OF_SURE, 1, False, None, (evidence,), salience)


def is_ordinary(name: str) -> bool:
    """Whether a name is an ordinary word or phrase as well, by the dictionary."""
    return Lexicon.doubt_of(fold(name)) > Doubt.LITTLE


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


_HOME_EXCHANGES = frozenset({"SH", "SZ", "BJ", "HK", "US"})
"""Where what Chinese finance news is about is traded."""

_Sought = tuple[Mapping[str, tuple[Name, ...]], frozenset[str]]
_last_lexicon: tuple[_Sought, Lexicon] | None = None


def _lexicon(knowledge: Knowledge) -> Lexicon:
    """The names ready to be searched for, kept for as long as they stay the same; rules come and go more often."""
    global _last_lexicon
    names, watched = knowledge.names, frozenset(_watched_abroad(knowledge))
    if _last_lexicon is None or _last_lexicon[0][0] is not names or _last_lexicon[0][1] != watched:
        sought = {
            symbol: own for symbol, own in names.items() if symbol in watched or _has_home_line(symbol, knowledge)
        }
        _last_lexicon = (names, watched), Lexicon(sought)
    return _last_lexicon[1]


def _watched_abroad(knowledge: Knowledge) -> Iterator[str]:
    """The securities of other exchanges that somebody watches: 三星电子 is linked for whom it matters to."""
    for rule in knowledge.rules:
        for symbol in (*rule.stocks, *symbols_in(rule.query)):
            if not _is_home(symbol):
                yield symbol


def _has_home_line(symbol: str, knowledge: Knowledge) -> bool:
    """Whether a security or another line of its company is of a home exchange: 本田 is in Tokyo and in New York."""
    family = knowledge.families.get(knowledge.issuers.get(symbol, symbol), (symbol,))
    return any(map(_is_home, family))


def _is_home(symbol: str) -> bool:
    return symbol.rpartition(".")[2] in _HOME_EXCHANGES


def _mentions(folded: Mapping[Field, str], seen: Mapping[str, Sequence[_Seen]]) -> list[Mention]:
    in_order = sorted(seen.items(), key=lambda item: _order(item[1][0]))
    title_count = sum(any(one.field == "title" for one in places) for places in seen.values())
    mentions = []
    for rank, (symbol, places) in enumerate(in_order):
        how = min((one.place.how for one in places), key=_STRENGTH.index)
        evidence = tuple(
            Evidence(one.written_as, one.field, one.place.start, one.place.end, one.place.how, symbol) for one in places
        )
        occurrences = [
            Occurrence(one.field, one.place.start, one.place.end, one.written_as, one.is_listed)
            for one in places
            if one.field != "summary"
        ]
        mentions.append(
            Mention(
                symbol=symbol,
                written_as=next(one.written_as for one in places if one.place.how == how),
                how=how,
                confidence=max(_confidence(one.place) for one in places),
                count=_count_places(evidence),
                in_title=any(one.field == "title" for one in places),
                first_at=min((one.place.start for one in places if one.field == "body"), default=None),
                evidence=evidence,
                salience=judge(
                    occurrences,
                    folded.get("title", ""),
                    folded["body"],
                    rank=rank,
                    company_count=len(seen),
                    title_count=title_count,
                ),
            )
        )
    return mentions


def _order(one: _Seen) -> tuple[int, int, int]:
    return ("title", "summary", "body").index(one.field), one.place.start, one.place.end


def _confidence(place: Place) -> float:
    if place.points >= SURE:
        return _CONFIDENCE_OF_SURE
    return _CONFIDENCE[min(place.points, len(_CONFIDENCE) - 1)] + (_MARKED_UP if place.how == "markup" else 0)


def _count_places(evidence: Sequence[Evidence]) -> int:
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

"""From places to mentions: which of the names, codes and marks in a text really stand for a security."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from watcher.link.boundaries import follows_surname, is_part_of_word
from watcher.link.codes import FoundCode, find_codes
from watcher.link.context import (
    VETO,
    are_listed_together,
    is_among_goods,
    is_modified,
    is_other_house,
    weigh,
)
from watcher.link.lexicon import Doubt, Hit, Lexicon
from watcher.link.lines import line_meant, lines_called
from watcher.link.text import Text
from watcher.model import How, Knowledge, Mark

_BESIDE = 3
"""Between a name and its code stand a bracket and perhaps a space."""
SURE = 9
"""More than any neighbourhood gives: the code beside it, a list of securities around it."""
_POINTS_OF_PROPER_NAME = 3
_MARKUP_POINTS = 1
"""Publishers tag by machine: what they tag is a company unless the words say otherwise (绿色经济 as 01315.HK)."""
_AROUND = 8
"""Characters around a name in which its line is written (中国平安ADR, 港股的阿里)."""
_BOTH_LINES = re.compile(
    r"[\s:]*(?:ah股|a\s?/\s?h\s?股|(?:[ah]\s?股)[^。;\n]{0,16}?(?<![a-z])[ah]\s?股)", re.IGNORECASE
)
"""中芯国际A股涨5%，H股涨8%; 中国平安A/H股."""
_FEWEST_OF_LIST = 3
_JOINTS = ("", "-", "—")
_order = attrgetter("start", "end")
_IN_BRACKETS = re.compile(r"\(([A-Z]{1,5}(?:\.[A-Z])?|\d{3,5})\)")


class Place(NamedTuple):
    """A place in a text that names a security, and what speaks for it."""

    symbol: str
    start: int
    end: int
    how: How
    points: int = SURE
    reason: str = ""
    is_collective: bool = False
    """One of several companies that the name means."""


@dataclass(slots=True)
class _Candidate:
    """A name or mark that may stand for a security."""

    start: int
    end: int
    symbols: tuple[str, ...]
    doubt: Doubt
    how: How
    points: int = 0
    reason: str = ""
    is_collective: bool = False
    is_usual: bool = False
    since: Mapping[str, date] | None = None
    is_barred: bool = False
    """Part of a longer word, or another's name."""
    is_accepted: bool = False
    code: str | None = None
    """The symbol of the code beside it."""


class Resolution:
    """Everything in a text that may name a security, weighed."""

    def __init__(
        self,
        text: Text,
        marks: Sequence[Mark],
        lexicon: Lexicon,
        knowledge: Knowledge,
        published: date | datetime | None,
    ) -> None:
        self._text = text
        self._folded = text.folded
        self._knowledge = knowledge
        self._published = published.date() if isinstance(published, datetime) else published
        self._candidates = self._gather(lexicon.find(text.folded, text.narrowed), marks, lexicon)
        codes = {*find_codes(text.narrowed, knowledge), *self._codes_beside_names()}
        self._codes = sorted(codes, key=attrgetter("start"))
        if self._codes:
            self._candidates = [one for one in self._candidates if not self._names_an_exchange(one)]
            self._weigh_codes()
        for one in self._candidates:
            self._weigh(one)
        self._bar_joint_ventures()
        self._runs = list(self._enumerations())
        self._accept_listed()
        self._accept_in_company()
        self._accept_known()

    def places(self) -> list[Place]:
        """Every place that names a security, in their order."""
        places = [Place(code.symbol, code.start, code.end, "code") for code in self._codes]
        codes = {code.symbol for code in self._codes}
        for one in self._candidates:
            if one.is_accepted:
                symbols = self._symbols_of(one, codes)
                shared = one.is_collective and len(symbols) > 1
                places += [
                    Place(symbol, one.start, one.end, one.how, one.points, one.reason, shared) for symbol in symbols
                ]
        places.sort(key=_order)
        return places

    def _names_an_exchange(self, one: _Candidate) -> bool:
        """Whether a name only says where a code is listed: HKEX: 9866."""
        at = bisect_right(self._codes, one.start, key=attrgetter("start")) - 1
        code = self._codes[max(0, at)]
        return code.start <= one.start < code.end and self._issuer(code.symbol) not in map(self._issuer, one.symbols)

    def _gather(self, hits: Iterable[Hit], marks: Sequence[Mark], lexicon: Lexicon) -> list[_Candidate]:
        candidates = [
            _Candidate(
                start,
                end,
                entry.symbols,
                entry.doubt,
                "name",
                is_collective=entry.is_collective,
                is_usual=entry.is_usual,
                since=entry.since,
            )
            for start, end, entry in hits
        ]
        starts = [one.start for one in candidates]
        shift = self._text.body_start
        for mark in marks:
            mark = mark._replace(
                symbol=self._knowledge.renumbered.get(mark.symbol, mark.symbol),
                start=mark.start + shift,
                end=mark.end + shift,
            )
            first = max(0, bisect_left(starts, mark.start) - 1)
            beside = candidates[first : bisect_left(starts, mark.end)]
            same = next((one for one in beside if one.start < mark.end and mark.start < one.end), None)
            if same is None:
                doubt = lexicon.doubt_of(self._folded[mark.start : mark.end])
                candidates.append(_Candidate(mark.start, mark.end, (mark.symbol,), doubt, "markup", _MARKUP_POINTS))
            elif any(self._issuer(symbol) == self._issuer(mark.symbol) for symbol in same.symbols):
                same.how, same.points = "markup", _MARKUP_POINTS
        if marks:
            candidates.sort(key=attrgetter("start"))
        return candidates

    def _codes_beside_names(self) -> Iterator[FoundCode]:
        """What is a code only behind the company's name: 阿里巴巴(BABA), 美团(3690), 舜宇(2382)."""
        narrowed = self._text.narrowed
        for one in self._candidates:
            if narrowed[one.end : one.end + 1] != "(" or not (found := _IN_BRACKETS.match(narrowed, one.end)):
                continue
            symbol = f"{found[1].zfill(5)}.HK" if found[1].isdigit() else f"{found[1]}.US"
            family = {self._issuer(own) for own in one.symbols}
            if symbol in self._knowledge.names and self._issuer(symbol) in family:
                yield FoundCode(symbol, *found.span(1))

    def _weigh(self, one: _Candidate) -> None:
        if one.code or one.is_barred:
            return
        folded, start, end = self._folded, one.start, one.end
        one.is_barred = (
            _is_part_of_foreign_name(folded, start, end)
            or is_part_of_word(folded, start, end)
            or (end - start == len("迅雷") and follows_surname(folded, start, end))
            or is_other_house(folded, end, is_marked=one.how == "markup")
        )
        if one.is_barred:
            return
        if one.doubt == Doubt.NONE:
            one.is_accepted, one.points = True, _POINTS_OF_PROPER_NAME
            return
        before, after = self._text.beside(start, end)
        finding = weigh(before, after)
        one.is_barred = finding.points <= VETO
        one.points += finding.points
        one.reason = finding.reason
        if one.doubt == Doubt.MUCH and (is_modified(before) or after.startswith("概念")):
            one.is_barred = True
        if one.doubt >= Doubt.SOME and end - start == len("小米") and is_among_goods(before, after):
            one.is_barred = True
        speaks_of_business = bool(self._codes) or self._text.speaks_of_business
        need = one.doubt if speaks_of_business else max(one.doubt + 1, Doubt.MUCH if one.doubt else Doubt.SOME)
        one.is_accepted = one.points >= need and not one.is_barred

    def _bar_joint_ventures(self) -> None:
        """东风日产 and 一汽-大众 are neither of the two, unless the table has them."""
        for one, other in pairwise(self._candidates):
            if (
                one.end <= other.start
                and self._folded[one.end : other.start] in _JOINTS
                and not (one.code or other.code)
            ):
                for either in (one, other):
                    if either.doubt != Doubt.NONE:
                        either.is_barred, either.is_accepted = True, False

    def _enumerations(self) -> Iterator[list[_Candidate]]:
        """The runs of two candidates and more that stand in one list."""
        run: list[_Candidate] = []
        for one in self._candidates:
            if one.is_barred:
                continue
            if run and not are_listed_together(self._folded, run[-1].end, one.start):
                if len(run) > 1:
                    yield run
                run = []
            run.append(one)
        if len(run) > 1:
            yield run

    def _accept_listed(self) -> None:
        """Accept what stands in one list with what was accepted; ordinary words only among enough of them."""
        for run in self._runs:
            if self._speak_for_each_other(run):
                for one in run:
                    one.is_accepted, one.reason = True, one.reason or "in a list of short names"
            for most in (Doubt.SOME, Doubt.MUCH):
                sure = sum(one.is_accepted for one in run)
                if not sure or (most is Doubt.MUCH and (sure < 2 or 2 * sure < len(run))):
                    continue
                for one in run:
                    if not one.is_accepted and one.doubt <= most:
                        one.is_accepted, one.points, one.reason = True, SURE, "in a list of securities"

    def _speak_for_each_other(self, run: Sequence[_Candidate]) -> bool:
        """Whether a list is one of companies though each of its names might be something else: 汇丰、阿里、友邦."""
        if any(one.doubt > Doubt.SOME or one.points < 0 for one in run):
            return False
        return len({self._issuer(one.symbols[0]) for one in run}) >= _FEWEST_OF_LIST and self._text.speaks_of_business

    def _accept_in_company(self) -> None:
        """Accept doubtful names in whose sentence another company is named beyond doubt.

        Ordinary words only if people call a company so and something more speaks for it: 高通与苹果续约.
        """
        doubtful = [
            one
            for one in self._candidates
            if not (one.is_accepted or one.is_barred or one.points < 0)
            and (one.doubt <= Doubt.SOME or (one.doubt == Doubt.MUCH and one.is_usual and one.points))
        ]
        if not doubtful:
            return
        accepted = (one.start for one in self._candidates if one.is_accepted)
        named = sorted([*accepted, *(code.start for code in self._codes)])
        for one in doubtful:
            begin, end = self._text.sentence(one.start, one.end)
            first = bisect_left(named, begin)
            if first < len(named) and named[first] < end:
                one.is_accepted, one.points, one.reason = True, 1, "beside another company"

    def _accept_known(self) -> None:
        """Accept doubtful names of those that the article names elsewhere beyond doubt."""
        issuers: set[str] | None = None
        for one in self._candidates:
            if one.is_accepted or one.is_barred or one.doubt >= Doubt.MUCH or one.points < 0:
                continue
            if issuers is None:
                issuers = self._accepted_issuers()
            if any(self._issuer(symbol) in issuers for symbol in one.symbols):
                one.is_accepted = True
                one.reason = one.reason or "named elsewhere in the article"
        if issuers:
            self._accept_listed()

    def _accepted_issuers(self) -> set[str]:
        """Whom the text names for sure."""
        named = {self._issuer(one.code or one.symbols[0]) for one in self._candidates if one.is_accepted}
        return named | {self._issuer(code.symbol) for code in self._codes}

    def _weigh_codes(self) -> None:
        """Accept the names that stand beside their own code, bar those before another's: 香港航天科技(01725.HK)."""
        starts = [one.start for one in self._candidates]
        for code in self._codes:
            at = bisect_left(starts, code.start)
            for one in self._candidates[max(0, at - 2) : at + 2]:
                gap = code.start - one.end if code.start >= one.end else one.start - code.end
                if not 0 <= gap <= _BESIDE or one.code:
                    continue
                if self._issuer(code.symbol) in map(self._issuer, one.symbols):
                    one.is_accepted, one.is_barred, one.points, one.code = True, False, SURE, code.symbol
                    one.reason = f"its code {code.symbol}"
                elif self._folded.startswith("(", one.end) and code.start == one.end + 1:
                    one.is_barred = True

    def _symbols_of(self, one: _Candidate, codes: Collection[str]) -> Sequence[str]:
        """The lines that are meant: one, all of a collective name, none where none existed yet."""
        if one.code:
            return (one.code,)
        symbols = [symbol for symbol in one.symbols if self._was_listed(symbol) and self._was_named(one, symbol)]
        issuers = [self._knowledge.issuers[symbol] for symbol in symbols if symbol in self._knowledge.issuers]
        if not symbols or one.is_collective or (len(symbols) == 1 and not issuers):
            return symbols
        lines = (line for issuer in issuers for line in self._knowledge.families[issuer])
        family = [line for line in lines if self._was_listed(line)]
        if len({*symbols, *family}) == 1:
            return symbols
        before, after = self._folded[max(0, one.start - _AROUND) : one.start], self._folded[one.end :][:_AROUND]
        if both := _BOTH_LINES.match(self._folded, one.end):
            called = lines_called(both[0], (*symbols, *family))
            if len(called) > 1:
                return called
        market = self._text.market_around(one.start, one.end)
        return (line_meant(symbols, family, before, after, market, codes),)

    def _issuer(self, symbol: str) -> str:
        return self._knowledge.issuers.get(symbol, symbol)

    def _was_named(self, one: _Candidate, symbol: str) -> bool:
        """Whether the name was the security's when the article appeared."""
        since = one.since.get(symbol) if one.since else None
        return since is None or self._published is None or self._published >= since

    def _was_listed(self, symbol: str) -> bool:
        """Whether the security existed when the article appeared: 首创证券 was a broker long before it was a stock."""
        listed = self._knowledge.listed.get(symbol)
        return listed is None or self._published is None or self._published >= listed


def _is_part_of_foreign_name(text: str, start: int, end: int) -> bool:
    """Whether a dot joins it to more: 福特 in 哈里森·福特."""
    return text[end : end + 1] == "·" or (start > 0 and text[start - 1] == "·")

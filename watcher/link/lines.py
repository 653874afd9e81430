"""Which line of an issuer is meant: its A, B or H share, or its American one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from ahocorasick_rs import AhoCorasick

_MARKET_WORDS = {
    "HK": "恒生 恒指 国企指数 南向 北水 港股 港交所 联交所 港元 沽空 大市成交 hang_seng hong_kong".split(),
    "US": "中概 美股 纳斯达克 纳指 道指 标普500 纽交所 金龙指数 nasdaq nyse wall_street new_york u.s.-listed "
    "u.s._stocks "
    "u.s._shares u.s._markets".split(),
    "A": "shanghai shenzhen csi300 csi_300 a-share chinext star_50 "
    "a股 沪指 沪市 深市 深成指 创业板 科创板 科创50 上证 深证 沪深 北证 北交所 上交所 深交所 北向 两市 涨停 "
    "中证".split(),
}
_OF_A_SENTENCE = frozenset({"港元"})
"""A currency tells the market of its sentence, not of the whole: 目标价上调至150港元."""
_EXPLICIT = re.compile(r"\s*[(]?\s*(?P<line>adr|h\s?股|a\s?股|b\s?股|港股|美股|us|hk)(?![a-z])\s*[)]?", re.IGNORECASE)
_EXPLICIT_BEFORE = re.compile(r"(?P<line>[abh]\s?股|港股|美股)(?:的|龙头|公司)?$")
_MEANT = {"adr": "US", "h股": "HK", "a股": "A", "b股": "B", "港股": "HK", "美股": "US", "us": "US", "hk": "HK"}
_OVER_THE_COUNTER = re.compile(r"[A-Z]{4}[FY]\.US")
_PREFERENCE = ("A", "US", "HK")
"""Where nothing else tells: what Chinese news means by 中国平安 is the A share, by 阿里巴巴 the one in New York."""


def market_of(symbol: str) -> str:
    """``A`` for Shanghai, Shenzhen and Beijing, ``B`` for their B shares, else the exchange."""
    code, _, exchange = symbol.rpartition(".")
    if exchange in ("SH", "SZ", "BJ"):
        return "B" if code.startswith(("200", "900")) else "A"
    return exchange


def is_index(code: str, exchange: str) -> bool:
    """Whether this is the number of an index (000001 上证指数, 399006 创业板指), which is no security."""
    return (exchange == "SH" and code.startswith("000")) or (exchange == "SZ" and code.startswith("399"))


def traded(lines: Sequence[str]) -> list[str]:
    """The lines of a company without the unlisted American one (NTDOY) of a share that is listed elsewhere."""
    listed = [line for line in lines if not _OVER_THE_COUNTER.fullmatch(line)]
    return listed or list(lines)


class Markets:
    """The words of a folded text that tell which market it is about."""

    def __init__(self, text: str) -> None:
        automaton, markets = _market_words()
        found = automaton.find_matches_as_indexes(text)
        self._starts = [start for _, start, _ in found]
        self._markets = [markets[index] for index, _, _ in found]
        self._of_all = [(start, markets[index]) for index, start, end in found if text[start:end] not in _OF_A_SENTENCE]

    def one_in(self, start: int, end: int) -> str | None:
        """The one market that ``text[start:end]`` names, if it names no other."""
        named = set(self._markets[bisect_left(self._starts, start) : bisect_left(self._starts, end)])
        return named.pop() if len(named) == 1 else None

    def one_of_all(self, lead: int) -> str | None:
        """The one market that the whole text is about: its first `lead` characters name it, or it is named twice."""
        named = {market for _, market in self._of_all}
        return named.pop() if len(named) == 1 and (len(self._of_all) > 1 or self._of_all[0][0] < lead) else None


@cache
def _market_words() -> tuple[AhoCorasick, list[str]]:
    words = [(word.replace("_", " "), market) for market, words in _MARKET_WORDS.items() for word in words]
    return AhoCorasick([word for word, _ in words]), [market for _, market in words]


def lines_called(text: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Those of a company's lines that a text calls by A股 and H股, each once."""
    called = {place for place, letter in (("A", "a"), ("HK", "h")) if letter in text}
    own = {market_of(line): line for line in reversed(lines) if market_of(line) in called}
    return tuple(own.values())


def line_meant(
    symbols: Sequence[str], family: Sequence[str], before: str, after: str, market: str | None, known: Collection[str]
) -> str:
    """The symbol that a name stands for: the line written beside it, the market it is spoken of in, or the usual one.

    `symbols` bear the name, `family` are all lines of their issuers, `before` and `after` are what stands around it,
    `known` are the symbols that the article gives as codes.
    """
    lines: Mapping[str, str] = {market_of(symbol): symbol for symbol in reversed((*symbols, *family))}
    found = _EXPLICIT.match(after) or _EXPLICIT_BEFORE.search(before)
    if found and (line := lines.get(_MEANT["".join(found["line"].lower().split())])):
        return line
    own = [symbol for symbol in (*symbols, *family) if symbol in known]
    if own:
        return own[0]
    if market and market in lines:
        return lines[market]
    for choice in (symbols, family):
        usual = {market_of(symbol): symbol for symbol in reversed(traded(choice))}
        if found_usual := next((usual[place] for place in _PREFERENCE if place in usual), None):
            return found_usual
    return symbols[0]

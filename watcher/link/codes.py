"""Ticker symbols in text, in the writings that news uses: 300075.SZ, SZ300075, 00700.HK, (INTC.O), $NIO, （300075）."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.link.securities import is_index
from watcher.model import Knowledge

_MAINLAND = {"SH": "SH", "SS": "SH", "XSHG": "SH", "SZ": "SZ", "XSHE": "SZ", "BJ": "BJ", "XBSE": "BJ"}

_EXPLICIT = re.compile(
    r"""(?<![0-9A-Za-z.$])(?:
        (?P<a_code>\d{6})\.(?P<a_exchange>SH|SS|SZ|BJ|XSHG|XSHE|XBSE|sh|sz|bj)
      | (?P<b_exchange>SH|SS|SZ|BJ|sh|sz|bj)[.:]?(?P<b_code>\d{6})
      | (?P<hk_code>\d{1,5})\.(?:HK|hk)
      | HK[:.]?(?P<hk_prefixed>\d{4,5})
      | (?P<us_code>[A-Z]{1,5}(?:\.[A-Z])?)\.US
      | (?:NASDAQ|Nasdaq|NYSE|AMEX|PINK|OTC|OTCMKTS|纳斯达克|纽交所)\s?:\s?(?P<us_listed>[A-Z]{1,5}(?:\.[A-Z])?)
      )(?![0-9A-Za-z])
    | \((?P<ric>[A-Z]{1,5})\.(?:O|N|OQ|K|A)\)                     # Reuters: (INTC.O)
    | (?<![0-9A-Za-z$])\$(?P<cash>[A-Z]{1,5}(?:\.[A-Z])?)(?![0-9A-Za-z$]|\.[0-9A-Za-z])  # $NIO; not US$, $308.5
    """,
    re.VERBOSE | re.ASCII,
)
_NO_TICKERS = frozenset("K M B US USD HKD AUD CAD".split())
"""What stands behind a dollar sign without being a ticker: (in $M), $US, $USD."""
_BARE = re.compile(r"(?<![0-9A-Za-z.%/_#+-])(?<!\d,)\d{6}(?![0-9A-Za-z%/:_]|[.,-][0-9A-Z])")
_CODE_WORD = re.compile(r"(?:代码|股票|证券|简称)\s*(?:为|是)?\s*[:(]?\s*$")
_INDEX_WORD = re.compile(r"(?:指数?|\d)\s*\($")
"""Before 000001 in brackets: 上证指数(000001), 科创50(000688) are indices, though 000001 is also 平安银行."""
_NEAR = 12
"""So close to a code, before or after, stands the name that makes six digits a code; measured on the corpus posts."""


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A symbol and where it is written, exchange and punctuation of its own included."""

    symbol: str
    start: int
    end: int


def find_codes(text: str, knowledge: Knowledge) -> Iterator[FoundCode]:
    """The codes in a narrowed text.

    Six digits alone count only if they are a known code and something beside them says so: brackets, a table cell, the
    word 代码, or the security's own name (350074人 is a population).
    """
    for found in _EXPLICIT.finditer(text):
        symbol = _explicit_symbol(found)
        if symbol:
            yield FoundCode(symbol, found.start(), found.end())
    for found in _BARE.finditer(text):
        symbols = knowledge.codes.get(found[0], ())
        if len(symbols) == 1 and _is_meant_as_code(text, found, knowledge.names.get(symbols[0], ())):
            yield FoundCode(symbols[0], found.start(), found.end())


def _explicit_symbol(found: re.Match[str]) -> str | None:
    if code := found["a_code"] or found["b_code"]:
        exchange = _MAINLAND[(found["a_exchange"] or found["b_exchange"]).upper()]
        return None if is_index(code, exchange) else f"{code}.{exchange}"
    if code := found["hk_code"] or found["hk_prefixed"]:
        return f"{code.zfill(5)}.HK"
    if found["cash"] in _NO_TICKERS:
        return None
    return f"{found['us_code'] or found['us_listed'] or found['ric'] or found['cash']}.US"


def _is_meant_as_code(text: str, found: re.Match[str], names: tuple[str, ...]) -> bool:
    before = text[max(0, found.start() - _NEAR) : found.start()]
    after = text[found.end() : found.end() + _NEAR]
    if before.endswith("(") and after.startswith(")"):
        return not (found[0].startswith("000") and _INDEX_WORD.search(before))
    if (not before or before[-1] in "\t\n") and (not after or after[0] in "\t\n"):
        return True
    return bool(_CODE_WORD.search(before)) or any(name in before or name in after for name in names)

"""Ticker symbols in text, in the writings that news uses: 300075.SZ, SZ300075, 00700.HK, (INTC.O), $NIO, （300075）."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from watcher.folding import narrow
from watcher.link.lines import is_index
from watcher.model import Knowledge

_MAINLAND = {"SH": "SH", "SS": "SH", "XSHG": "SH", "SZ": "SZ", "XSHE": "SZ", "BJ": "BJ", "XBSE": "BJ"}

_RUN = re.compile(r"[0-9A-Za-z$][0-9A-Za-z.:$]*")
"""Letters and digits without a gap: every code lies in one, all but the exchange's name in ``NYSE : NIO``."""
_CAPITAL_OR_DIGIT = re.compile(r"[A-Z0-9]")
_FARTHEST = 14
"""So far behind the name of an exchange ends the code."""
_EXPLICIT = re.compile(
    r"""(?<![0-9A-Za-z.$])(?:
        (?P<a_code>\d{6})\.(?P<a_exchange>SH|SS|SZ|BJ|XSHG|XSHE|XBSE|sh|sz|bj)
      | (?P<b_exchange>SH|SS|SZ|BJ|sh|sz|bj)[.:]?(?P<b_code>\d{6})
      | (?P<hk_code>\d{1,5})\.(?:HK|hk)
      | (?:HK|hk)(?P<hk_prefixed>[.:]?\d{4,5}|:\d{3})
      | (?:HKEX|SEHK|HKSE|HKG)\s?:\s?(?P<hk_listed>\d{1,5})
      | (?P<us_code>[A-Z]{1,5}(?:\.[A-Z])?)\.US
      | (?:NASDAQ|Nasdaq|NYSE|AMEX|PINK|OTC|OTCMKTS)\s?:\s?(?P<us_listed>[A-Z]{1,5}(?:[.-][A-Z])?)
      | (?<=\()(?P<ric>[A-Z]{1,5})\.(?:O|N|OQ|K|A)(?=\))                     # Reuters: (INTC.O)
      | (?P<share_class>[A-Z]{2,4}[.-][ABC])
      | (?P<oq>[A-Z]{1,5})\.OQ
      | (?:SSE|SHSE|SHA|SZSE|SHE|BSE)\s?:\s?(?P<listed>\d{6})
      | (?<=纳斯达克:)(?P<nasdaq>[A-Z]{1,5})
      | (?<=纽交所:)(?P<nyse>[A-Z]{1,5}(?:\.[A-Z])?)
      )(?![0-9A-Za-z])
    | (?<![0-9A-Za-z$])\$(?P<cash>[A-Z]{1,5}(?:\.[A-Z])?)(?![0-9A-Za-z$]|\.[0-9A-Za-z])  # $NIO; not US$, $308.5
    """,
    re.VERBOSE | re.ASCII,
)
_US_GROUPS = ("us_code", "us_listed", "ric", "oq", "nasdaq", "nyse", "cash")
_NO_TICKERS = frozenset("K M B US USD HKD AUD CAD".split())
"""What stands behind a dollar sign without being a ticker: (in $M), $US, $USD."""
_BARE = re.compile(
    r"(?<![0-9A-Za-z.%/_#+-])(?<!\d,)\d{6}(?![0-9A-Za-z%/:_]|[.,-][0-9A-Z])|(?<=\()\d{6}(?=[/,]\s?\d{1,5}\.HK\))"
)
"""The latter is the A share of a pair: 紫金矿业(601899/02899.HK)."""
_HK_CELL = re.compile(r"(?:(?<=[\t\n])|\A)0\d{4}(?=[\t\n]|\Z)")
"""A table cell of five digits that begin with nought is no quantity."""
_HK_IN_BRACKETS = re.compile(r"(?<=[\u4e00-\u9fffa-zA-Z]\()0\d{4}(?=\))")
"""Nor are they in brackets behind a name: 小米(01810)."""
_FARTHEST_SAID = 16
_SAID_OF_HK = re.compile(
    r"(?:(?:港交所|联交所|聯交所|香港交易所)(?:上市|股票|股份)*(?:代码|代號|代号)?|(?:港股|股份)(?:股票)?(?:代码|代號|代号|編號))\s*:\s*\Z"
)
_SAID_OF_US = re.compile(
    r"(?:(?:纽约|美国)证券交易所|纽交所|纳斯达克|美股)(?:上市|股票|证券)*(?:代码|代號|代号)\s*:\s*\Z"
)
"""港交所: 00700, 股份代號: 1211, 纳斯达克股票代码: INTC."""
_HK = re.compile(r"\d{3,5}(?![\d%.]|\s?[万亿家股元点人])")
_TICKER = re.compile(r"[A-Z]{1,5}(?:\.[A-Z])?")
_BLOOMBERG = re.compile(r"(?P<code>\d{6}) (?:CH|C1|C2)\b|(?P<hk>\d{1,5}) HK Equity\b")
_CODE_WORD = re.compile(
    r"(?:(?:(?<![\u4e00-\u9fff])|股票|证券|公司|股份|股)代码|股票|证券|简称|[上深北]交所)\s*(?:为|是)?\s*[:(]?\s*$"
)
"""股票代码, 代码: but not 报错代码, 邮政代码."""
_OTHER_NUMBER = re.compile(
    r"(?:指数?|\d|基金|[a-z]类|类|etf|联接|lof|混合|债券?|转债|工单|编号|邮编|区号|批次|序号)\s*\($", re.IGNORECASE
)
"""Before six digits in brackets: 上证指数(000001), 科创50(000688), 某混合C类(000651) are indices and funds."""
_CODE_CELL = re.compile(r"(?:^|(?<=[\t\n]))\d{6}\t")
"""One code to a row: six digits further on are numbers of shares or of votes."""
_FUND_WORD = 40
"""So near a fund's number somebody says that it is about funds."""
_NEAR = 12
"""So close to a code, before or after, stands the name that makes six digits a code; measured on the corpus posts."""


class FoundCode(NamedTuple):
    """A symbol and where it is written, its exchange included."""

    symbol: str
    start: int
    end: int


def find_codes(text: str, knowledge: Knowledge) -> Iterator[FoundCode]:
    """The codes in a narrowed text, in their order.

    Six digits alone count only if they are a known code and something beside them says so: brackets, a table cell, the
    word 代码, or the security's own name (350074人 is a population). Five count in a table cell.
    """
    reach = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        if start < reach or end - start < 2:
            continue
        written = run[0]
        if _CAPITAL_OR_DIGIT.search(written) is None:
            continue
        if not written.isascii() or written.replace(".", "").isdigit():
            code = _bare_code(text, start, knowledge)
            if code:
                yield code
            continue
        if (said := _SAID_OF_US.search(text, max(0, start - _FARTHEST_SAID), start)) and _TICKER.fullmatch(written):
            yield FoundCode(f"{written}.US", said.start(), end)
            continue
        position = start
        while found := _EXPLICIT.search(text, position, min(len(text), end + _FARTHEST)):
            if found.start() >= end:
                break
            position = reach = found.end()
            if symbol := _explicit_symbol(found, knowledge):
                named = len("纳斯达克:") if found["nasdaq"] else len("纽交所:") if found["nyse"] else 0
                yield FoundCode(symbol, found.start() - named, found.end())


def symbol_of(written: str, knowledge: Knowledge) -> str | None:
    """The symbol of a code that stands in a field of its own; `None` where it is none or the table does not know it."""
    code = narrow(written).strip().upper()
    if (found := _EXPLICIT.fullmatch(code)) and (symbol := _explicit_symbol(found, knowledge)):
        return symbol
    symbols = knowledge.codes.get(code.zfill(6) if code.isdigit() and len(code) < 5 else code, ())
    return symbols[0] if len(symbols) == 1 else None


def _bare_code(text: str, start: int, knowledge: Knowledge) -> FoundCode | None:
    """Six digits that are meant as a code, or five in a cell of a table."""
    if found := _BLOOMBERG.match(text, start):
        code = found["code"] or found["hk"].zfill(5)
        symbols = knowledge.codes.get(code, ())
        return FoundCode(symbols[0], *found.span()) if len(symbols) == 1 else None
    if found := _BARE.match(text, start):
        symbols = knowledge.codes.get(found[0], ())
        return FoundCode(symbols[0], *found.span()) if len(symbols) == 1 and _is_meant(text, found, knowledge) else None
    if (said := _SAID_OF_HK.search(text, max(0, start - _FARTHEST_SAID), start)) and (found := _HK.match(text, start)):
        symbol = f"{found[0].zfill(5)}.HK"
        if symbol in knowledge.names:
            return FoundCode(symbol, said.start(), found.end())
    if found := _HK_CELL.match(text, start) or _HK_IN_BRACKETS.match(text, start):
        symbol = f"{found[0]}.HK"
        return FoundCode(symbol, *found.span()) if symbol in knowledge.names else None
    return None


def _explicit_symbol(found: re.Match[str], knowledge: Knowledge) -> str | None:
    if code := found["a_code"] or found["b_code"]:
        exchange = _MAINLAND[(found["a_exchange"] or found["b_exchange"]).upper()]
        symbol = f"{code}.{exchange}"
        return None if is_index(code, exchange) else knowledge.renumbered.get(symbol, symbol)
    if code := found["listed"]:  # Its exchange follows from the code.
        symbols = knowledge.codes.get(code, ())
        return symbols[0] if len(symbols) == 1 else None
    if code := found["hk_code"] or found["hk_prefixed"] or found["hk_listed"]:
        return f"{code.strip('.:').zfill(5)}.HK"
    if found["share_class"]:  # BRK.B, which nobody writes with its exchange.
        symbol = f"{found['share_class'].replace('-', '.')}.US"
        return symbol if symbol in knowledge.names else None
    if found["cash"] in _NO_TICKERS:
        return None
    return next(f"{found[group].replace('-', '.')}.US" for group in _US_GROUPS if found[group])


def _is_of_fund(text: str, start: int, names: Sequence[str]) -> bool:
    """Whether six digits in brackets number a fund, as funds have numbers of shares: 华夏成长(000001) is no bank."""
    if not text.startswith("00", start) or "基金" not in text[max(0, start - _FUND_WORD) : start + _FUND_WORD]:
        return False
    return not set(text[max(0, start - 5) : start - 1]) & set("".join(names))


def _is_meant(text: str, found: re.Match[str], knowledge: Knowledge) -> bool:
    before = text[max(0, found.start() - _NEAR) : found.start()]
    after = text[found.end() : found.end() + _NEAR]
    (symbol,) = knowledge.codes[found[0]]
    names = [name.text for name in knowledge.names.get(symbol, ())]
    if before.endswith("【") and after.startswith("】"):
        return True
    if before.endswith("(") and after.startswith((")", "/", ",")):
        return not _OTHER_NUMBER.search(before) and not _is_of_fund(text, found.start(), names)
    if (not before or before[-1] in "\t\n") and (not after or after[0] in "\t\n"):
        return not _CODE_CELL.search(text, text.rfind("\n", 0, found.start()) + 1, found.start())
    return bool(_CODE_WORD.search(before)) or any(name in before or name in after for name in names)

"""东方财富 (East Money): ``data-code="0,300546"`` on names, article numbers that begin with the date."""

from __future__ import annotations

import re

from watcher.parse.sites.site import Layout, Marking, Site, is_index

_REPOS = ("204", "131", "019", "020")
"""Repurchase agreements and government bonds: money market, nobody's security."""

_EXCHANGES = {"0": "SZ", "1": "SH", "105": "US", "106": "US", "107": "US", "116": "HK"}


def _symbol(found: re.Match[str]) -> str | None:
    market, code = found["market"], found["code"]
    exchange = _EXCHANGES.get(market)
    if exchange is None:  # 90 is a board such as BK0473.
        return None
    if market == "0" and code.startswith(("4", "8", "92")):
        exchange = "BJ"  # East Money files Beijing under its Shenzhen number.
    if is_index(code, exchange) or (exchange in ("SH", "SZ") and code.startswith(_REPOS)):
        return None
    if exchange == "HK":
        code = code.zfill(5)
    return f"{code.replace('_', '.')}.{exchange}"


EASTMONEY = Site(
    name="东方财富",
    domains=("eastmoney.com",),
    # Chart images use another order ("NIO|106|7"), which this does not match: a chart is not a mention.
    marking=Marking("data-code", re.compile(r"\s*(?P<market>\d{1,3}),(?P<code>[0-9A-Z_.]{1,10})\s*"), _symbol),
    # 18 digits, with letters before them for the copy of one source (NW) and for notices and reports (AN, AP); 23 in
    # its readers' own posts (财富号).
    native_id=r"(?<![0-9A-Za-z])(?:NW|A[NP])?20\d{2}[01]\d[0-3]\d\d{10}(?:\d{5})?(?!\d)",
    layouts=(Layout("#ContentBody"),),
    aggregates=True,
)

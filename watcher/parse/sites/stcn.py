"""证券时报网 (Securities Times): hot words linked with ``stockcode=SZ300075``; its Shanghai is SS."""

from __future__ import annotations

import re

from watcher.parse.sites.site import Layout, Marking, Site, is_index

_EXCHANGES = {"SZ": "SZ", "SS": "SH", "SH": "SH", "BJ": "BJ", "HK": "HK"}


def _symbol(found: re.Match[str]) -> str | None:
    exchange = _EXCHANGES[found["exchange"].upper()]
    code = found["code"].zfill(5) if exchange == "HK" else found["code"]
    return None if is_index(code, exchange) else f"{code}.{exchange}"


STCN = Site(
    name="证券时报网",
    domains=("stcn.com",),
    marking=Marking(
        "href", re.compile(r".*[?&]stockcode=(?P<exchange>SZ|SS|SH|BJ|HK)(?P<code>[0-9]{5,6})(?:&.*)?", re.I), _symbol
    ),
    layouts=(Layout(".detail-content"), Layout("#ctrlfscont")),
    furniture=("fenlei1", "fenlei2"),
    boilerplate=(
        r"声明[:：]数据宝所有资讯内容不构成投资建议.*",
        r"注[:：]本文系新闻报道，不构成投资建议.*",
    ),
)

"""雪球 (Xueqiu): securities are links to ``xueqiu.com/S/SH600519``, their text ``$贵州茅台(SH600519)$``."""

from __future__ import annotations

import re

from watcher.parse.sites.site import Layout, Marking, Site, is_index


def _symbol(found: re.Match[str]) -> str | None:
    exchange, code = found["exchange"], found["code"]
    if exchange is None:
        return f"{found['hong_kong']}.HK"
    return None if is_index(code, exchange) else f"{code}.{exchange}"


XUEQIU = Site(
    name="雪球",
    domains=("xueqiu.com",),
    marking=Marking(
        "href",
        # American symbols are bare letters there, as user names are: not told apart, so not read.
        re.compile(
            r"(?:https?:)?(?://(?:www\.)?xueqiu\.com)?/S/(?:(?P<exchange>SH|SZ|BJ)(?P<code>\d{6})|(?P<hong_kong>\d{5}))(?:[/?#].*)?"
        ),
        _symbol,
    ),
    layouts=(Layout(".article__bd__detail"),),
)

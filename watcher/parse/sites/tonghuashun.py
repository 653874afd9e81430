"""同花顺 (10jqka): the text lies in ``.main-text.atc-content``."""

from __future__ import annotations

from watcher.parse.sites.site import Layout, Site

TONGHUASHUN = Site(
    name="同花顺",
    domains=("10jqka.com.cn",),
    layouts=(Layout(".main-text.atc-content"),),
)

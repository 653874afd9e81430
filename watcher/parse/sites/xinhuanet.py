"""新华网 (Xinhuanet): ``#detailContent`` lies in ``#detail``; older pages have ``#p-detail``."""

from __future__ import annotations

from watcher.parse.sites.site import Layout, Site

XINHUANET = Site(
    name="新华网",
    domains=(
        "xinhuanet.com",
        "news.cn",
    ),
    layouts=(
        Layout("#detailContent"),
        Layout("#detail"),
        Layout("#p-detail"),
    ),
)

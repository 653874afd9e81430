"""新浪财经 (Sina Finance): the text has lain in ``#artibody`` in every layout."""

from __future__ import annotations

from watcher.parse.sites.site import Layout, Site

SINA = Site(
    name="新浪财经",
    domains=("finance.sina.com.cn",),
    layouts=(Layout("#artibody"),),
)

"""第一财经 (Yicai): the text lies in ``#multi-text``."""

from __future__ import annotations

from watcher.parse.sites.site import Layout, Site

YICAI = Site(
    name="第一财经",
    domains=("yicai.com",),
    layouts=(Layout("#multi-text"),),
)

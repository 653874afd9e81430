"""上海证券报·中国证券网: the text lies in ``#qmt_content_div``."""

from __future__ import annotations

from watcher.parse.sites.site import Layout, Site

CNSTOCK = Site(
    name="上海证券报",
    domains=("cnstock.com",),
    layouts=(Layout("#qmt_content_div"),),
)

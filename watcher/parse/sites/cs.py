"""中证网 (China Securities Journal): the text lies in ``.article-t``, or in the section of ``.cont_article``."""

from __future__ import annotations

from watcher.parse.sites.site import Layout, Site

CS = Site(
    name="中证网",
    domains=("cs.com.cn",),
    layouts=(
        Layout(".article-t"),
        Layout("article.cont_article section"),
    ),
)

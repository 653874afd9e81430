"""The exporter of East Money and 财联社 news as Jekyll posts: a URL line and links back at the foot."""

from __future__ import annotations

from watcher.parse.sites.site import Site

FINEWS = Site(
    name="finews",
    foot_links=(r"返回[^，。｜|]{1,20}(?:\s?[｜|]\s?返回[^，。｜|]{1,20})*",),
    boilerplate=(
        r"<\s*>",
        r"返回(?:首页|[^，。｜|]{2,8}(?:新闻|要闻))(?:\s?[｜|]\s?返回(?:首页|[^，。｜|]{2,8}(?:新闻|要闻)))*",
    ),
)

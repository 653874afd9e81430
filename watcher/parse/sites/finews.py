"""The exporter of East Money and 财联社 news as Jekyll posts: a URL line and links back at the foot."""

from __future__ import annotations

from watcher.parse.sites.site import Site

FINEWS = Site(
    name="finews",
    boilerplate=(r"返回[^，。｜|]{1,20}(?:[｜|]\s*返回[^，。｜|]{1,20})*", r"<\s*>"),
)

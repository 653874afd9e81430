"""What is the article, and what the site put around it: sources, disclaimers, links back, related reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from watcher.parse.markup import Line
from watcher.parse.sites import ALL_SITES

_MEDIA = r"(?:报|网|网站|社|新闻|财经|周刊|杂志|电视台|频道|客户端|在线|央行|央视|头条|资讯|Reuters|Bloomberg|AFP|AP)"
_SOURCE_LINE = re.compile(
    r"[（(\[【]?\s*(?:文章|新闻|信息|稿件)?来源\s*[:：]\s*(?P<name>https?://\S+|[^，。；,;]{2,40}?)"
    r"(?:\s*(?:作者|记者|责任编辑|编辑)\s*[:：].{0,20}?)?\s*[）)\]】]?"
)
_SOURCE_TAIL = re.compile(
    r"[（(](?:(?:文章|新闻|信息|稿件)?来源\s*[:：]\s*)?"
    rf"(?P<name>[\u4e00-\u9fffA-Za-z·]{{1,15}}{_MEDIA})(?<!季报|财报|研报|公报|预报|联网|电网|官网)(?<![^青]年报)[）)]$"
)
_BYLINE = re.compile(  # 据新华社电 tells whom the publisher read, 本报讯 nothing: neither names the publisher.
    rf"(?!据|本[报网刊社台])(?:《(?P<paper>[^》]{{2,15}})》|(?P<agency>[\u4e00-\u9fff]{{0,8}}{_MEDIA}))\s*"
    r"(?:[（(](?=[^）)]*(?:记者|研究员|编辑|通讯员))|[\u4e00-\u9fffA-Za-z]{0,8}?(?:\d{1,2}月)?\d{1,2}日?[讯电]|讯[（(，,\s])"
)
_REPORTER = re.compile(  # In brackets: outside of them stands 记者获悉，
    r"[（(][^（()）]{0,20}?(?:记者|研究员)[\s:：]*"
    r"(?P<name>[\u4e00-\u9fff·]{2,4}(?:[\s、]+(?!编辑|实习|见习|通讯员)[\u4e00-\u9fff·]{2,4}){0,3})"
    r"\s*(?:[）)，,；;]|编辑|实习|见习|通讯员)"
)
_BYLINE_CHARACTERS = 60
"""A byline stands at the very beginning; further down the same words are part of the report."""

_RELATED_HEADING = re.compile(r"[【\[]?(?:相关|延伸|推荐|更多)(?:报道|阅读|新闻|文章|链接)[】\]]?[:：]?")
_BOILERPLATE = re.compile(
    "|".join(
        (
            r"[（(【\[]?责任编辑\s*[:：].{0,30}",
            r"[（(【\[]?(?:编辑|校对|审核|责编)\s*[:：/].{0,20}",
            r"(?:(?:免责|版权)(?:声明|提示)|特别声明)\s*[:：]?.*",
            r"(?:风险提示[:：]\s*)?(?:本文|以上|上述|文中)(?:内容|信息|观点)?.{0,30}不构成(?:任何)?(?:投资)?建议.*",
            r"股市有风险，(?:投资|入市)需谨慎.?",
            r"(?:扫码|扫描|长按|识别|关注).{0,20}(?:二维码|公众号|APP|客户端).*",
            r"海量资讯、精准解读，尽在.*",
            r"(?:阅读|查看)(?:原文|全文|更多)[>》]*",
            r"分享(?:(?:到|至)?[:：].{0,20}|[到至].{0,20})?",
            *(pattern for site in ALL_SITES for pattern in site.boilerplate),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Body:
    """The article's own lines, and what its surroundings told."""

    lines: list[Line]
    source_line: str | None = None
    """Whom ``文章来源：`` or a closing ``（上海证券报）`` names."""
    url: str | None = None
    """The address on a line of its own at the foot."""


def clean_body(lines: list[Line]) -> Body:
    """The article without what was put below it; lines in the middle are never touched."""
    source_line: str | None = None
    url: str | None = None
    start_of_related = _start_of_related(lines)
    kept = list(lines)
    while kept:
        last = kept[-1]
        if found := _SOURCE_LINE.fullmatch(last.text):
            if "://" not in found["name"]:
                source_line = source_line or " ".join(found["name"].split())
        elif last.link and unquote(last.text) == unquote(last.link):
            url = url or last.link
        elif len(kept) <= start_of_related and not _BOILERPLATE.fullmatch(last.text):
            break
        kept.pop()
    else:
        # Nothing but boilerplate: better the boilerplate than nothing, unless it is only links.
        kept = [line for line in lines if not line.is_only_links and not _SOURCE_LINE.fullmatch(line.text)]
    if kept and (found := _SOURCE_TAIL.search(kept[-1].text)) and found.start() > 0:
        source_line = source_line or found["name"]
        kept = [*kept[:-1], kept[-1].cut(found.start())]
    return Body(kept, source_line, url)


def read_byline(text: str) -> tuple[str | None, str | None]:
    """The publisher and the reporters that an article's first words name."""
    beginning = text[:_BYLINE_CHARACTERS]
    found = _BYLINE.match(beginning)
    publisher = (found["paper"] or found["agency"]) if found else None
    reporter = _REPORTER.search(beginning)
    return publisher, " ".join(reporter["name"].split()) if reporter else None


def _start_of_related(lines: list[Line]) -> int:
    """Where the related reports begin: the first heading below which only headings, links and the foot follow."""
    start = len(lines)
    for index in range(len(lines) - 1, 0, -1):
        if _RELATED_HEADING.fullmatch(lines[index].text):
            start = index
        elif not _is_foot(lines[index]):
            break
    return start


def _is_foot(line: Line) -> bool:
    return line.is_only_links or bool(_SOURCE_LINE.fullmatch(line.text) or _BOILERPLATE.fullmatch(line.text))

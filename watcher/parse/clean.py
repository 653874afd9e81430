"""What is the article, and what the site put around it: sources, disclaimers, links back, related reports."""

from __future__ import annotations

import re
from dataclasses import dataclass

from watcher.parse.markup import Line
from watcher.parse.sites import ALL_SITES

_MEDIA = r"(?:报|网|网站|社|新闻|财经|周刊|杂志|电视台|频道|客户端|在线|央行|央视|头条|资讯|Reuters|Bloomberg|AFP|AP)"
_SOURCE_LINE = re.compile(
    r"[（(\[【]?\s*(?:文章|新闻|信息|稿件)?来源\s*[:：]\s*(?P<name>[^，。；,;]{2,40}?)\s*[）)\]】]?"
)
_SOURCE_TAIL = re.compile(rf"[（(](?P<name>[\u4e00-\u9fffA-Za-z·]{{1,15}}{_MEDIA})[）)]$")
_BYLINE = re.compile(
    rf"(?:《(?P<paper>[^》]{{2,15}})》|(?P<agency>[\u4e00-\u9fff]{{0,8}}{_MEDIA}))\s*"
    r"(?:[（(](?=[^）)]*(?:记者|研究员|编辑|通讯员))|[\u4e00-\u9fffA-Za-z]{0,8}?(?:\d{1,2}月)?\d{1,2}日?[讯电]|讯[（(，,\s])"
)
_REPORTER = re.compile(
    r"(?:记者|研究员)[\s:：]*(?P<name>[\u4e00-\u9fff·]{2,4}(?:[\s、]+[\u4e00-\u9fff·]{2,4}){0,3})\s*[）)，,]"
)
_BYLINE_CHARACTERS = 60
"""A byline stands at the very beginning; further down the same words are part of the report."""

_RELATED_HEADING = re.compile(r"[【\[]?(?:相关|延伸|推荐|更多)(?:报道|阅读|新闻|文章|链接)[】\]]?[:：]?")
_BOILERPLATE = re.compile(
    "|".join(
        (
            r"[（(【\[]?责任编辑\s*[:：].{0,30}",
            r"[（(【\[]?(?:编辑|校对|审核|责编)\s*[:：/].{0,20}",
            r"(?:免责|版权|特别)(?:声明|提示)\s*[:：]?.*",
            r"(?:风险提示[:：]\s*)?(?:本文|以上|上述|文中)(?:内容|信息|观点)?.{0,30}不构成(?:任何)?(?:投资)?建议.*",
            r"股市有风险，(?:投资|入市)需谨慎.?",
            r"(?:扫码|扫描|长按|识别|关注).{0,20}(?:二维码|公众号|APP|客户端).*",
            r"海量资讯、精准解读，尽在.*",
            r"(?:阅读|查看)(?:原文|全文|更多)[>》]*",
            r"分享(?:到|至)?[:：]?.{0,20}",
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
            source_line = source_line or "".join(found["name"].split())
        elif last.link and last.text == last.link:
            url = url or last.link
        elif len(kept) <= start_of_related and not _BOILERPLATE.fullmatch(last.text):
            break
        kept.pop()
    else:
        # Nothing but boilerplate: better the boilerplate than nothing, unless it is only links.
        kept = [line for line in lines if not line.is_only_links and not _SOURCE_LINE.fullmatch(line.text)]
    if kept and not source_line:
        last = kept[-1]
        if (found := _SOURCE_TAIL.search(last.text)) and found.start() > 0:
            source_line = found["name"]
            kept = [*kept[:-1], last.cut(found.start())]
    return Body(kept, source_line, url)


def read_byline(text: str) -> tuple[str | None, str | None]:
    """The publisher and the reporters that an article's first words name."""
    beginning = text[:_BYLINE_CHARACTERS]
    found = _BYLINE.match(beginning)
    publisher = (found["paper"] or found["agency"]) if found else None
    reporter = _REPORTER.search(beginning)
    return publisher, " ".join(reporter["name"].split()) if reporter else None


def _start_of_related(lines: list[Line]) -> int:
    """Where a list of related reports begins: a heading below which only links and the foot follow."""
    for index, line in enumerate(lines):
        if index and _RELATED_HEADING.fullmatch(line.text) and all(_is_foot(below) for below in lines[index + 1 :]):
            return index
    return len(lines)


def _is_foot(line: Line) -> bool:
    return line.is_only_links or bool(_SOURCE_LINE.fullmatch(line.text) or _BOILERPLATE.fullmatch(line.text))

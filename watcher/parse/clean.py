"""What is the article, and what the site put around it: sources, disclaimers, links back, related reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from watcher.parse.houses import HOUSE, can_be_a_source, is_house
from watcher.parse.markup import Line
from watcher.parse.sites import ALL_SITES

_SOURCE_LINE = re.compile(
    r"[（(\[【]?\s*(?:(?:本文|文章|新闻|信息|稿件)?来源|转自|摘自)\s*[:：|｜丨]\s*"
    r"(?P<name>https?://\S+|[^，。；,;:：]{2,40}?)"
    r"(?:\s*(?:作者|记者|责任编辑|编辑)\s*[:：].{0,20}?)?\s*[）)\]】]?"
)
_SOURCE_TAIL = re.compile(r"[（(](?:(?:文章|新闻|信息|稿件)?来源\s*[:：]\s*)?(?P<name>[^（()）]{2,20})[）)]$")
_BYLINE = re.compile(  # 据新华社电 tells whom the publisher read, 本报讯 nothing: neither names the publisher.
    rf"(?!据|本[报网刊社台])[【《]?(?P<name>(?<=《)[^》]{{2,15}}(?=》)|{HOUSE})[】》]?\s*"
    r"(?:[（(](?=[^）)]*(?:记者|研究员|编辑|通讯员))|记者\s|APP?\s?(?:获悉|讯|消息)|获悉[，,]"
    r"|(?:[\u4e00-\u9fff]{0,6}\s?)?(?:\d{1,2}月)?\d{1,2}日?(?:[讯电]|消息|\s*[丨｜|])|[讯电](?:[（(，,：:\s]))"
)
_REPORTER = re.compile(  # In brackets: outside of them stands 记者获悉，
    r"[（(][^（()）]{0,20}?(?:记者|研究员)[\s:：]*"
    r"(?P<name>[\u4e00-\u9fff·]{2,4}(?:[\s、]+(?!编辑|实习|见习|通讯员)[\u4e00-\u9fff·]{2,4}){0,3})"
    r"\s*(?:[）)，,；;]|编辑|实习|见习|通讯员)"
)
_BYLINE_CHARACTERS = 60
"""A byline stands at the very beginning; further down the same words are part of the report."""

_RELATED_HEADING = re.compile(r"[【\[]?(?:相关|延伸|推荐|更多)(?:报道|阅读|新闻|文章|链接)[】\]]?[:：]?")
_WORDS_OF_A_DISCLAIMER = (
    r"(?:不构成|仅供参考|不代表|据此操作|风险自担|责任自负|不承担|需谨慎|须谨慎|与本[网站平台]|授权|转载|版权)"
)
_BOILERPLATE = re.compile(
    "|".join(
        (
            r"[（(【\[]?(?:责任编辑|编辑|校对|审核|审校|责编|值班总编|主编|监制|作者)\s*[:：/]\s*[^。！？]{0,30}",
            r"[（(【\[*\s]*(?:(?:免责|版权|郑重|法律)(?:声明|提示)|特别声明)\s*(?:[】\]*）)]+.*|[:：].*)?",
            r"[（(【\[*\s]*(?:[\u4e00-\u9fff]{0,8}声明|风险提示|温馨提示|提示|注)[】\]]?\s*[:：]"
            rf".*{_WORDS_OF_A_DISCLAIMER}.*",
            r"[（(【\[*\s]*(?:本文|以上|上述|文中|本报告|本内容)[^。]{0,40}(?:不构成|仅供参考|不代表).*",
            r"[（(]?(?:股市|投资|市场)有风险[，,]\s*(?:投资|入市|选择|决策|操作)?[需须]谨慎.*",
            r"(?:未经|转载)[^。]{0,12}(?:授权|许可|注明)[^。]{0,60}。?",
            r"(?:扫码|扫描|长按|识别)[^，。]{0,15}二维码[^。]{0,30}。?",
            r"(?:扫码|欢迎)?(?:关注[^，。]{0,15}公众号[^。]{0,20}|下载[^，。]{0,15}(?:客户端|APP)[^，。]{0,15})。?",
            r"[（(]文章来源[:：]\s*[）)]",
            r"海量资讯、精准解读，尽在.*|更多(?:精彩|资讯|内容|新闻)[^。]{0,30}",
            r"(?:点击)?(?:阅读|查看)(?:原文|全文|更多)[>》:：\s]*|(?:上|下)一篇[:：].*",
            r"[（(—\-\s]*(?:END|完)[）)—\-\s]*",
            r"[（(]?原标题\s*[:：].*",
            r"分享(?:(?:到|至)?[:：].{0,20}|[到至].{0,20})?",
            *(pattern for site in ALL_SITES for pattern in site.boilerplate),
        )
    )
)
_FOOT_LINK = re.compile("|".join(pattern for site in ALL_SITES for pattern in site.foot_links))
"""What a site's links back say; the same words without a link are news (返回舱成功着陆)."""

_MOST_LINES_ABOVE = 2
_FURNITURE_BELOW_SOURCE = 4
_LONGEST_FURNITURE = 40
"""A line below the source line that is no longer, and no sentence, belongs to the page and not to the report."""


@dataclass(frozen=True, slots=True)
class Body:
    """The article's own lines, and what its surroundings told."""

    lines: list[Line]
    source_line: str | None = None
    """Whom ``文章来源：`` or a closing ``（上海证券报）`` names."""
    url: str | None = None
    """The address on a line of its own at the foot."""


def clean_body(lines: list[Line]) -> Body:
    """The article without what was put around it; a sentence in the middle is never touched."""
    source_line: str | None = None
    url: str | None = None
    kept = list(lines)
    while (
        len(kept) > 1 and len(lines) - len(kept) < _MOST_LINES_ABOVE and (found := _SOURCE_LINE.fullmatch(kept[0].text))
    ):
        source_line = source_line or _source_in(found)
        kept.pop(0)
    start_of_related = _start_of_related(kept)
    while kept:
        last = kept[-1]
        if found := _SOURCE_LINE.fullmatch(last.text):
            source_line = source_line or _source_in(found)
        elif last.link and unquote(last.text) == unquote(last.link):
            url = url or last.link
        elif len(kept) <= start_of_related and not _is_foot(last) and not _stands_below_source(kept):
            break
        kept.pop()
    else:
        # Nothing but boilerplate: better the boilerplate than nothing, unless it is only links.
        kept = [line for line in lines if not line.is_only_links and not _SOURCE_LINE.fullmatch(line.text)]
    if kept and (found := _SOURCE_TAIL.search(kept[-1].text)) and found.start() > 0 and is_house(found["name"]):
        source_line = source_line or found["name"].split()[0]
        kept = [*kept[:-1], kept[-1].cut(found.start())]
    return Body(kept, source_line, url)


def _source_in(found: re.Match[str]) -> str | None:
    name = " ".join(found["name"].split())
    return name if can_be_a_source(name) else None


def _stands_below_source(lines: list[Line]) -> bool:
    """Whether a line of furniture is last, with the source line that closed the report not far above it."""
    for above in reversed(lines[-_FURNITURE_BELOW_SOURCE:]):
        if (found := _SOURCE_LINE.fullmatch(above.text)) and _source_in(found):
            return True
        if above.marks or len(above.text) > _LONGEST_FURNITURE or above.text[-1] in "。！？":
            return False
    return False


def read_byline(text: str) -> tuple[str | None, str | None]:
    """The publisher and the reporters that an article's first words name."""
    beginning = text[:_BYLINE_CHARACTERS]
    found = _BYLINE.match(beginning)
    publisher = found["name"] if found else None
    reporter = _REPORTER.search(beginning)
    return publisher, " ".join(reporter["name"].split()) if reporter else None


def _start_of_related(lines: list[Line]) -> int:
    """Where the related reports begin: the first heading below which only headings, links and the foot follow."""
    start = len(lines)
    for index in range(len(lines) - 1, 0, -1):
        if _RELATED_HEADING.fullmatch(lines[index].text):
            start = index
        elif not lines[index].is_only_links and not _is_foot(lines[index]):
            break
    return start


def _is_foot(line: Line) -> bool:
    if line.link and _FOOT_LINK.fullmatch(line.text):
        return True
    patterns = (_SOURCE_LINE, _BOILERPLATE, _RELATED_HEADING)
    return any(pattern.fullmatch(line.text) for pattern in patterns)

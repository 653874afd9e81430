"""What is the article, and what the site put around it: sources, disclaimers, links back, related reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from watcher.parse.boilerplate import BOILERPLATE, FOOT_LINK, RELATED_HEADING
from watcher.parse.houses import HOUSE, can_be_a_source, is_house
from watcher.parse.lines import Line

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
_NAMES = (
    r"(?P<name>[\u4e00-\u9fff·]{2,4}"
    r"(?:[\s、]+(?!编辑|实习|见习|通讯员|[\u4e00-\u9fff]{2,4}报道|[\u4e00-\u9fff]{0,2}编辑)[\u4e00-\u9fff·]{2,4}){0,3})"
)
_REPORTER = re.compile(  # In brackets: outside of them stands 记者获悉，
    rf"[（(][^（()）]{{0,20}}?(?:记者|研究员)[\s:：]*{_NAMES}\s*(?:[）)，,；;]|编辑|实习|见习|通讯员)"
)
_OPEN_REPORTER = re.compile(  # Outside of brackets the place, or an editor, has to follow.
    rf"[《【]?(?:(?P<house>{HOUSE})|本[报刊网])[》】]?\s?(?:见习|实习|首席|资深)?记者[\s:：|｜丨]*{_NAMES}"
    r"\s*(?:[\s，,丨｜|][\u4e00-\u9fff]{2,6}(?:报道|电|讯)|[\u4e00-\u9fff]{0,2}编辑|发自|报道)"
)
_SIGNATURE = re.compile(rf"[（(]?(?:作者|撰文|文|记者)\s*[:：/／|｜丨]\s*{_NAMES}(?![\u4e00-\u9fff·])")
_LEAD = re.compile(r"【[^】]{1,80}】\s*")
_BYLINE_CHARACTERS = 60
"""A byline stands at the very beginning; further down the same words are part of the report."""

_ADDRESS = re.compile(
    r"(?:[（(【\[]?(?:(?:原文|文章|本文|新闻|来源|转载|全文|查看)?(?:链接|网址|地址|出处)|原文|全文|链接|Source|Link|URL|[Vv]ia)[】\]]?\s*[:：]?\s*)?"
    r"(?P<address>https?://[!-~]+?)[）)】\]]?",
)
_ADDRESS_LINK = re.compile(
    r"[\[【>»→\s]*(?:点击|请|查看|阅读|访问|→)*(?:此处|这里)?(?:查看|阅读|访问)?(?:原文|全文|原始|来源|本文)(?:链接|网址|地址|网页)?[:：>》»→\]】\s]*"
    r"|(?:Read|View|See)\s(?:more|original|the original|full story|source)[.…>»\s]*"
    r"|Original(?: article| link)?|Source|Link",
    re.IGNORECASE,
)
"""What a link to the original says."""

_MOST_LINES_ABOVE = 2
"""So many lines above a report may be a source, an address or a notice."""
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
    """The address on a line of its own at the head or the foot."""
    author: str | None = None
    """Whom ``作者：`` or ``每经记者：`` on a line of its own names."""


def clean_body(lines: list[Line]) -> Body:
    """The article without what was put around it; a sentence in the middle is never touched."""
    source_line: str | None = None
    url: str | None = None
    author: str | None = None
    kept = list(lines)
    while len(kept) > 1 and len(lines) - len(kept) < _MOST_LINES_ABOVE:
        if found := _SOURCE_LINE.fullmatch(kept[0].text):
            source_line = source_line or _source_in(found)
        elif address := _address_in(kept[0]):
            url = url or address
        elif BOILERPLATE.fullmatch(kept[0].text):
            house, name = _signature_in(kept[0].text)
            source_line, author = source_line or house, author or name
        else:
            break
        kept.pop(0)
    start_of_related = _start_of_related(kept)
    while kept:
        last = kept[-1]
        if found := _SOURCE_LINE.fullmatch(last.text):
            source_line = source_line or _source_in(found)
        elif address := _address_in(last):
            url = url or address
        elif is_boilerplate(last):
            house, name = _signature_in(last.text)
            source_line, author = source_line or house, author or name
        elif len(kept) <= start_of_related and not _stands_below_source(kept):
            break
        kept.pop()
    else:
        # Nothing but boilerplate: better the boilerplate than nothing, unless it is only links.
        kept = [line for line in lines if not line.is_only_links and not _SOURCE_LINE.fullmatch(line.text)]
    if kept and (found := _SOURCE_TAIL.search(kept[-1].text)) and found.start() > 0 and is_house(found["name"]):
        source_line = source_line or found["name"].split()[0]
        kept = [*kept[:-1], kept[-1].cut(found.start())]
    return Body(kept, source_line, url, author)


def _address_in(line: Line) -> str | None:
    """The address of the article that stands on a line, with nothing but a word for it."""
    if line.link and _ADDRESS_LINK.fullmatch(line.text):
        return line.link if line.link.startswith(("http://", "https://")) else None
    if line.link and unquote(line.text) == unquote(line.link):
        return line.link
    found = _ADDRESS.fullmatch(line.text)
    if not found:
        return None
    return line.link if line.link and line.link.startswith("http") else found["address"]


def _source_in(found: re.Match[str]) -> str | None:
    name = " ".join(found["name"].split())
    return name if can_be_a_source(name) else None


def _signature_in(text: str) -> tuple[str | None, str | None]:
    """The house and the writers that a line of signatures names (``每经记者：张三 每经编辑：李四``)."""
    house, name = read_byline(text)
    if name is None and (found := _SIGNATURE.match(text)):
        name = " ".join(found["name"].split())
    return house, name


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
    if not found and (lead := _LEAD.match(text)):  # 【央行宣布降准】财联社9月9日电，
        beginning = text[lead.end() : lead.end() + _BYLINE_CHARACTERS]
        found = _BYLINE.match(beginning)
    publisher = found["name"] if found else None
    reporter = _REPORTER.search(beginning)
    if not reporter and (reporter := _OPEN_REPORTER.match(beginning)):
        publisher = publisher or reporter["house"]
    return publisher, " ".join(reporter["name"].split()) if reporter else None


def _start_of_related(lines: list[Line]) -> int:
    """Where the related reports begin: the first heading below which only headings, links and the foot follow."""
    start = len(lines)
    for index in range(len(lines) - 1, 0, -1):
        if RELATED_HEADING.fullmatch(lines[index].text):
            start = index
        elif not (lines[index].is_only_links or _is_headline(lines[index]) or is_boilerplate(lines[index])):
            break
    return start


def _is_headline(line: Line) -> bool:
    """Whether a line below a heading such as 相关报道 may be the headline of another report."""
    return (
        len(line.text) <= _LONGEST_FURNITURE
        and line.kind == "text"
        and line.text[-1] not in "。！；"
        and not line.marks
    )


def is_boilerplate(line: Line) -> bool:
    """Whether this line, at the foot of a text, is not part of it."""
    if line.link and FOOT_LINK.fullmatch(line.text):
        return True
    if line.kind == "row":
        return False
    patterns = (_SOURCE_LINE, BOILERPLATE, RELATED_HEADING)
    return any(pattern.fullmatch(line.text) for pattern in patterns)

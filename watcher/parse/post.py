"""Posts: Markdown or HTML below a Jekyll or Hexo header, or Markdown and plain text without any."""

from __future__ import annotations

import re

from watcher.errors import UnparsedError
from watcher.model import Article, Page, PublishedFrom
from watcher.parse.clean import Body, clean_body, read_byline
from watcher.parse.dates import Moment, day_from_name, read_moment
from watcher.parse.front_matter import FrontMatter, split_front_matter
from watcher.parse.markup import Line, join_lines, one_line, plain_text, read_html, read_markdown
from watcher.parse.sites import ALL_SITES

_NATIVE_IDS = tuple(re.compile(site.native_id) for site in ALL_SITES if site.native_id)
_AGGREGATORS = frozenset(site.name for site in ALL_SITES if site.aggregates)

_MARKUP_THAT_MUST_HAVE_TEXT = 200
"""So much markup without a word of text is a page that was not understood, not a bare headline (reliability row P1)."""

_LONGEST_HEADLINE = 80
"""A first line up to this long is a title where nothing else says so."""

_HTML_START = re.compile(r"\s*<(?:div|p|table|section|article|span|center|!--)\b", re.IGNORECASE)
_DIV_START = re.compile(r"\s*<div\b", re.IGNORECASE)
_TAG = re.compile(r"(<[^<>]*>)")
_BLOCK_IN_HTML = re.compile(r"<(?:p|br|table|h[1-6]|li|ul|ol|section|article|pre)\b|<div\b.*<div\b", re.I | re.S)
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")
_CJK = re.compile(r"[\u3400-\u9fff]")


def read_post(page: Page) -> tuple[Article, ...]:
    """The one article of a post.

    Raises `UnparsedError` where no text is left once markup and boilerplate are gone.
    """
    header, text = split_front_matter(page.text)
    matter = header or FrontMatter()
    lines, summary = _take_summary(_read_lines(text))
    title = plain_text(matter.text("title", "标题", "headline") or "") or None
    if title is None and header is None:
        title, lines = _take_title(lines)
    body = clean_body(lines)
    body_text, marks = join_lines(body.lines)
    if not body_text and (title is None or len(text.strip()) > _MARKUP_THAT_MUST_HAVE_TEXT):
        raise UnparsedError("no text: nothing is left once markup and boilerplate are gone")

    source = _source(matter) or page.source
    byline, reporter = read_byline(body_text)
    url = matter.text("link", "url", "source_url", "original_url", "permalink", "链接") or body.url
    published_at, published_from = _published(matter, page)
    article = Article(
        title=title,
        body=body_text,
        format="post" if header else "text",
        summary=summary or one_line(matter.text("description", "summary", "excerpt") or "") or None,
        url=url,
        native_id=_native_id(url, page.name),
        source=source,
        publisher=_publisher(body, byline, matter),
        author=reporter,
        section=_section(matter),
        language="zh" if _CJK.search(title or "") or _CJK.search(body_text) else "en",
        published_at=published_at,
        published_from=published_from,
        marks=marks,
        repairs=(*page.repairs, *matter.repairs),
    )
    return (article,)


def _read_lines(text: str) -> list[Line]:
    if _is_plain_text_in_a_div(text):
        # Its line breaks are all the structure it has; those in a tag are none.
        pieces = _TAG.split(text)
        return read_html("".join(piece if piece.startswith("<") else piece.replace("\n", "<br>\n") for piece in pieces))
    if _HTML_START.match(text) and _EMPTY_LINE.search(text.strip()):
        # To Markdown an empty line ends the HTML around it; to the exporter that wrote it, it meant nothing.
        closing = text.rfind("</", 0, text.rfind(">") + 1)
        if closing > 0:
            line_end = text.find("\n", text.find(">", closing))  # A sentence may go on behind the last tag.
            end = line_end if line_end >= 0 else len(text)
            return [*read_html(text[:end]), *read_markdown(text[end:])]
    return read_markdown(text)


def _is_plain_text_in_a_div(text: str) -> bool:
    below = text.lower().rpartition("</div>")[2]
    return bool(_DIV_START.match(text)) and not below.strip() and not _BLOCK_IN_HTML.search(text)


def _take_summary(lines: list[Line]) -> tuple[list[Line], str | None]:
    """The digest that exporters quote above a report is its summary, unless it is all there is."""
    count = 0
    while count < len(lines) and lines[count].kind == "quote":
        count += 1
    if count == 0 or not any(line.text and not line.is_only_links for line in lines[count:]):
        return lines, None
    return lines[count:], "\n".join(line.text for line in lines[:count])


def _take_title(lines: list[Line]) -> tuple[str | None, list[Line]]:
    """A heading, or a short first line with more below it, is the title of a text that has no header."""
    if len(lines) > 1 and (
        lines[0].kind == "heading" or (len(lines[0].text) <= _LONGEST_HEADLINE and lines[0].text[-1] not in "。.！!；;")
    ):
        return lines[0].text, lines[1:]
    return None, lines


def _source(matter: FrontMatter) -> str | None:
    """Under what name the post was exported: its source field, a Hexo author, or the one tag of a Jekyll post."""
    tags = matter.items("tags", "tag")
    return matter.text("source", "来源", "author", "作者") or (tags[0] if len(tags) == 1 else None)


def _section(matter: FrontMatter) -> str | None:
    categories = matter.items("section", "categories", "category", "栏目")
    return categories[-1].rpartition(" - ")[2] if categories else None


def _publisher(body: Body, byline: str | None, matter: FrontMatter) -> str | None:
    """Who published the report, by the strongest that says so: the source line, the byline, the exporter's author."""
    author = (matter.text("publisher", "来源", "author") or "").partition(" - ")[0] or None
    return body.source_line or byline or (author if author not in _AGGREGATORS else None)


def _published(matter: FrontMatter, page: Page) -> tuple[Moment | None, PublishedFrom | None]:
    for field in ("date", "published", "published_at", "pubdate", "publish_time", "时间", "发布时间", "日期"):
        if (text := matter.text(field)) and (moment := read_moment(text, page.timezone)):
            return moment, "field"
    day = day_from_name(page.name)
    return (day, "file name") if day else (None, None)


def _native_id(url: str | None, name: str) -> str | None:
    for text in (url, name):
        for pattern in _NATIVE_IDS:
            if text and (found := pattern.search(text)):
                return found[0]
    return None

"""Posts: Markdown or HTML below a header (Jekyll, Hexo, Hugo), or Markdown and plain text without any.

A digest becomes one article an item; everything else is one article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from watcher.errors import UnparsedError
from watcher.model import Article, Page
from watcher.parse.clean import Body, clean_body, read_byline
from watcher.parse.dates import Moment, as_day, day_from_address, day_from_name, day_from_title, read_moment
from watcher.parse.draft import Draft
from watcher.parse.houses import can_be_a_source, house_and_column, is_house, person_in
from watcher.parse.markup import Line, holds_picture, join_lines, one_line, plain_text, read_html, read_markdown
from watcher.parse.posts.digest import Item, split_digest
from watcher.parse.posts.front_matter import FrontMatter, split_front_matter
from watcher.parse.posts.plain import Dateline, Notes, drop_title, read_dateline, take_notes, take_title
from watcher.parse.sites import ALL_SITES
from watcher.parse.wrapping import unwrap

_NATIVE_IDS = tuple(re.compile(site.native_id) for site in ALL_SITES if site.native_id)
_TITLE_KEYS = ("title", "标题", "题目", "headline", "subject", "name")
_SUMMARY_KEYS = ("description", "summary", "excerpt", "abstract", "subtitle", "摘要", "简介", "导语")
_URL_KEYS = (
    "link",
    "original",
    "original_url",
    "originalurl",
    "original_link",
    "source_url",
    "sourceurl",
    "source_link",
    "canonical",
    "canonical_url",
    "canonicalurl",
    "url",
    "permalink",
    "href",
    "原文链接",
    "原文",
    "链接",
    "网址",
    "来源链接",
)
_DATE_KEYS = (
    "date",
    "published",
    "published_at",
    "publishedat",
    "published_time",
    "publish_time",
    "publishtime",
    "publishdate",
    "publish_date",
    "pubdate",
    "pub_date",
    "pub_time",
    "pubtime",
    "datetime",
    "time",
    "posted",
    "issued",
    "created",
    "created_at",
    "发布时间",
    "发布日期",
    "发表时间",
    "时间",
    "日期",
)
_CHANGE_KEYS = ("updated", "lastmod", "modified", "last_modified", "last_modified_at", "更新时间")
"""When a post was changed: better than nothing, where no key says when it was published."""
_SOURCE_KEYS = ("source", "来源", "文章来源", "source_name", "media", "媒体", "site", "site_name")
_AUTHOR_KEYS = ("author", "authors", "作者", "byline", "记者", "creator", "writer")
_CODE_KEYS = ("stocks", "symbols", "tickers", "codes", "stock", "股票", "股票代码", "证券代码", "代码")
_SECTION_KEYS = ("section", "categories", "category", "栏目", "分类", "频道", "channel", "column")
_AGGREGATORS = frozenset(site.name for site in ALL_SITES if site.aggregates)
_ADDRESS = re.compile(r"https?://[^\s<>\"'）)\]]+")

_MARKUP_THAT_MUST_HAVE_TEXT = 200
"""So much markup without a word of text is a page that was not understood, not a bare headline (reliability row P1)."""
_TELLING_TITLE = 6
"""A title of so many characters is news by itself where the text is a picture."""

_HTML_START = re.compile(r"\s*<(?:div|p|table|section|article|span|center|!--)\b", re.IGNORECASE)
_DIV_START = re.compile(r"\s*<div\b", re.IGNORECASE)
_TAG = re.compile(r"(<[^<>]*>)")
_BLOCK_IN_HTML = re.compile(r"<(?:p|br|table|h[1-6]|li|ul|ol|section|article|pre)\b|<div\b.*<div\b", re.I | re.S)
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class _Post:
    """All that a post says, before it is told which of it counts."""

    page: Page
    matter: FrontMatter
    has_header: bool
    title: str | None
    title_origin: str
    summary: str | None
    notes: Notes
    body: Body
    body_text: str
    dateline: Dateline | None
    days: tuple[date | None, date | None]
    """That of the title and that of the file's name."""


def read_post(page: Page) -> tuple[Article, ...]:
    """The one article of a post, or the items of a digest.

    Raises `UnparsedError` where no text is left once markup and boilerplate are gone.
    """
    header, text = split_front_matter(page.text)
    matter = header or FrontMatter()
    lines, summary = _take_summary(_read_lines(text if header else unwrap(text)))
    title, origin = plain_text(matter.text(*_TITLE_KEYS) or "") or None, "front matter: title"
    if title is None:
        title, lines = take_title(lines, only_marked=header is not None)
        origin = "first line"
    else:
        lines = drop_title(lines, title)
    days = _days(page, title)
    near = as_day(_field_moment(matter, page)[0]) or days[0] or days[1] or _other_day(matter)
    notes, lines = take_notes(lines, near, page.timezone)
    body = clean_body(lines)
    body_text, marks = join_lines(body.lines)
    if not body_text:
        _refuse_what_was_not_understood(title, text)
    near = near or as_day(notes.moment) or (day_from_address(body.url) if body.url else None)
    dateline = read_dateline(body_text, near, page.timezone)
    read = _Post(page, matter, header is not None, title, origin, summary, notes, body, body_text, dateline, days)

    items = split_digest(title, body.lines)
    if items is None:
        draft = _draft(read)
        if not body_text and len(text.strip()) > _MARKUP_THAT_MUST_HAVE_TEXT:
            draft.repaired(["no text but the title"])
        codes = tuple(code for key in _CODE_KEYS for code in read.matter.items(key))
        return (draft.finish(body_text, marks, codes_beside=codes),)
    if summary:
        items.insert(0, Item(tuple(Line(line) for line in summary.split("\n"))))
    return tuple(_article_of(item, read) for item in items)


def _article_of(item: Item, read: _Post) -> Article:
    """An item of a digest as an article of its own; what the digest says of itself holds for each."""
    draft = Draft(read.page, "post" if read.has_header else "text")
    draft.repaired(_repairs(read.matter))
    draft.offer("title", item.title, "headline of the item")
    draft.offer("section", item.section, "heading")
    draft.offer("item_number", item.number, "number of the item")
    draft.offer("part_of", read.title, read.title_origin)
    _offer_origin(draft, read)
    body, marks = join_lines(item.lines)
    return draft.finish(body, marks)


def _draft(read: _Post) -> Draft:
    draft = Draft(read.page, "post" if read.has_header else "text")
    draft.repaired(_repairs(read.matter))
    draft.offer("title", read.title, read.title_origin)
    draft.offer("summary", read.summary, "quote above the text")
    draft.offer("summary", one_line(read.matter.text(*_SUMMARY_KEYS) or ""), "front matter: description")
    _offer_origin(draft, read)
    _offer_native_id(draft, read)
    return draft


def _repairs(matter: FrontMatter) -> tuple[str, ...]:
    is_draft = (matter.text("draft") or "").lower() in ("true", "yes", "1") or matter.text("published") == "false"
    return (*matter.repairs, "the post calls itself a draft; read all the same") if is_draft else matter.repairs


def _offer_origin(draft: Draft, read: _Post) -> None:
    """Where, by whom and when it was published."""
    draft.offer("url", _address_in(read.matter), "front matter: link")
    draft.offer("url", read.body.url, "link around the text")
    _offer_people(draft, read)
    _offer_moment(draft, read)


def _address_in(matter: FrontMatter) -> str | None:
    """The first whole address; ``url: /2024/09/x.html`` is one of the blog it was copied to."""
    for key in (*_URL_KEYS, *_SOURCE_KEYS):
        if found := _ADDRESS.search(matter.text(key) or ""):
            return found[0]
    return None


def _offer_people(draft: Draft, read: _Post) -> None:
    """Under what name it was exported, who published it, and who wrote it.

    ``author`` is a house and its column (财联社 - 深度), a person beside a ``source``, or a list of persons.
    """
    matter = read.matter
    source = matter.text(*_SOURCE_KEYS)
    source = None if source and "://" in source else source
    is_publisher = source is not None and can_be_a_source(source) and source not in _AGGREGATORS
    authors = matter.items(*_AUTHOR_KEYS)
    persons = [person for author in authors for one in _split_names(author) if (person := person_in(one))]
    author = None if persons else " ".join(authors[0].split()) if authors else None
    house, column = house_and_column(author) if author else (None, None)

    draft.offer("source", source, "front matter: source")
    draft.offer("source", author, "front matter: author")
    tags = matter.items("tags", "tag", "标签")
    draft.offer("source", tags[0] if len(tags) == 1 else None, "front matter: tags")

    byline, reporter = read_byline(read.body_text)
    draft.offer("publisher", read.body.source_line, "source line")
    draft.offer("publisher", byline, "byline")
    draft.offer("publisher", read.dateline.publisher if read.dateline else None, "dateline")
    draft.offer("publisher", read.notes.source, "note below the title")
    draft.offer("publisher", matter.text("publisher", "来源"), "front matter: publisher")
    draft.offer("publisher", source if is_publisher and persons else None, "front matter: source")
    draft.offer("publisher", house if house not in _AGGREGATORS else None, "front matter: author")
    draft.offer("publisher", source if source and is_publisher and is_house(source) else None, "front matter: source")

    draft.offer("author", reporter, "byline")
    draft.offer("author", read.notes.author, "note below the title")
    draft.offer("author", read.body.author, "signature")
    is_latin = any(" " in person for person in persons)
    draft.offer("author", (", " if is_latin else " ").join(persons), "front matter: author")

    categories = matter.items(*_SECTION_KEYS)
    draft.offer("section", categories[-1].rpartition(" - ")[2] if categories else None, "front matter: categories")
    draft.offer("section", column, "front matter: author")


def _split_names(author: str) -> list[str]:
    return [one.strip() for one in re.split(r"[、,，;；/&]|\s+(?=[\u4e00-\u9fff])|\band\b", author) if one.strip()]


def _offer_moment(draft: Draft, read: _Post) -> None:
    moment, key = _field_moment(read.matter, read.page)
    draft.offer_moment(moment, "field", f"front matter: {key}")
    draft.offer_moment(read.notes.moment, "body", "note below the title")
    draft.offer_moment(read.dateline.moment if read.dateline else None, "dateline", "dateline")
    draft.offer_moment(read.days[0], "title", "title")
    draft.offer_moment(read.days[1], "file name", "file name")


def _field_moment(matter: FrontMatter, page: Page) -> tuple[Moment | None, str]:
    for key in (*_DATE_KEYS, *_CHANGE_KEYS):
        if (text := matter.text(key)) and (moment := read_moment(text, page.timezone)):
            return moment, key
    return None, ""


def _days(page: Page, title: str | None) -> tuple[date | None, date | None]:
    named = day_from_name(page.name)
    return (day_from_title(title, named) if title else None), named


def _other_day(matter: FrontMatter) -> date | None:
    address = _address_in(matter)
    return day_from_address(address) if address else None


def _offer_native_id(draft: Draft, read: _Post) -> None:
    urls = (draft.get("url"), *(read.matter.text(key) for key in _URL_KEYS))
    for text, origin in (*((url, "url") for url in urls), (read.page.name, "file name")):
        for pattern in _NATIVE_IDS:
            if text and (found := pattern.search(text)):
                draft.offer("native_id", found[0], origin)


def _refuse_what_was_not_understood(title: str | None, text: str) -> None:
    """A bare headline is an article, and so is a telling one above a picture; other markup without text is not."""
    is_much = len(text.strip()) > _MARKUP_THAT_MUST_HAVE_TEXT
    if title is None or (is_much and not (len(title) >= _TELLING_TITLE and holds_picture(text))):
        raise UnparsedError("no text: nothing is left once markup and boilerplate are gone")


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

"""What scrapers and web interfaces export: records somewhere in nested values, with fields under the usual names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from watcher.errors import UnparsedError
from watcher.model import Article, Page, Unread
from watcher.parse.clean import clean_body, read_byline
from watcher.parse.dates import day_from_name
from watcher.parse.draft import Draft
from watcher.parse.houses import can_be_a_source
from watcher.parse.lines import Line, join_lines
from watcher.parse.markup import one_line, plain_text
from watcher.parse.posts.plain import drop_title, read_dateline, take_title
from watcher.parse.records.field_names import codes_of, id_of, moment_of, normal_name, url_of, values_of
from watcher.parse.rich_text import read_rich_text

_WHOLE_PAGE = re.compile(r"\ufeff?\s*<(?:!doctype\s+html|html|head)\b", re.IGNORECASE)
_LEAD = re.compile(r"^【[^】]{1,80}】\s*")
"""What a flash begins with; its byline stands behind."""
_LONGEST_HOUSE = 60
_DEEPEST = 30
"""No export keeps its records further down, and Python can walk so deep."""

_LISTS = frozenset(
    "items item list lists data articles article entries news newslist result results record records rows docs posts "
    "stories feed hits content 列表 数据 文章 新闻".split()
)
"""What a list of records is called beside a title and an address of the whole."""
_ASIDE = frozenset(
    "related relatednews relatedarticles recommend recommends hot comments comment stocks stocklist tags topics themes "
    "keywords images pictures media videos attachments ads ad pagination associations 相关 相关新闻 推荐 评论".split()
)
"""What hangs on an article, and is none."""

_WITH_BODY, _WITH_TITLE = 2, 1


class Record(NamedTuple):
    """A record and where it stands: ``line 5``, ``record 3``."""

    fields: Mapping[str, object]
    where: str


def find_records(value: object, where: str) -> list[Record | Unread]:
    """The records in what an export holds, in their order, wherever it nests them; what of a list is none, `Unread`."""
    return _find(value, where, 0)[1]


def _find(value: object, where: str, depth: int) -> tuple[int, list[Record | Unread]]:
    """How surely they are articles, and the records."""
    if depth > _DEEPEST:
        return 0, []
    if isinstance(value, list):
        return _find_in_list(value, depth)
    return _find_in_object(value, where, depth) if isinstance(value, Mapping) else (0, [])


def _find_in_object(value: Mapping[str, object], where: str, depth: int) -> tuple[int, list[Record | Unread]]:
    own = strength(value)
    if own == _WITH_BODY:
        return own, [Record(value, where)]
    best, found, is_list = 0, list[Record | Unread](), False
    for name, child in (*value.items(), ("rows", list(_table_rows(value)))):
        if normal_name(name) in _ASIDE:
            continue
        surely, records = _find(child, where, depth + 1)
        if surely > best:
            best, found, is_list = surely, records, normal_name(name) in _LISTS
        elif surely and surely == best:
            found += records
    # A feed with a title and an address of its own is the list in it; an article is not what hangs on it.
    return (own, [Record(value, where)]) if own and (own > best or not is_list) and best < _WITH_BODY else (best, found)


def _find_in_list(values: list[object], depth: int) -> tuple[int, list[Record | Unread]]:
    best, found, lacking = 0, list[Record | Unread](), 0
    for number, value in enumerate(values, 1):
        where = f"record {number}"
        surely, records = _find(_with_inner(value), where, depth + 1)
        best = max(best, surely)
        if not records and isinstance(value, Mapping):
            lacking += 1
            records = [Unread(where, "neither a title with more about it nor a text")]
        found += records
    return (best, found) if best else (0, [])


def _with_inner(value: object) -> object:
    """A record whose text is one level further in (``{"time": …, "data": {"content": …}}``) as one record."""
    if not isinstance(value, Mapping) or strength(value) == _WITH_BODY:
        return value
    inner = [child for child in value.values() if isinstance(child, Mapping) and strength(child) == _WITH_BODY]
    return {**value, **inner[0]} if len(inner) == 1 else value


def _table_rows(value: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """The records of ``{"fields": ["title", …], "items": [["…", …], …]}``."""
    names = next((value[key] for key in ("fields", "columns", "headers") if isinstance(value.get(key), list)), None)
    rows = next((value[key] for key in ("items", "data", "rows", "values") if isinstance(value.get(key), list)), None)
    if isinstance(names, list) and isinstance(rows, list) and all(isinstance(name, str) for name in names):
        for row in rows:
            if isinstance(row, list) and len(row) == len(names):
                yield dict(zip(names, row, strict=True))


def strength(record: Mapping[str, object]) -> int:
    """How surely a record is an article: by its text, or at least by a title with something more about it."""
    if next(_written_bodies(record), None):
        return _WITH_BODY
    has_more = any(next(values_of(record, field), None) for field in ("summary", "url", "date"))
    return _WITH_TITLE if has_more and _has_title(record) else 0


def _has_title(record: Mapping[str, object]) -> bool:
    return next(values_of(record, "title"), None) is not None


def _written_bodies(record: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, text in values_of(record, "body"):
        value = record[name]
        # A list of records, called "content" as pages of Spring are, is no text of its own.
        if not isinstance(value, list) or not any(isinstance(one, Mapping) and _has_title(one) for one in value):
            yield name, text


class _Body(NamedTuple):
    origin: str = ""
    lines: tuple[Line, ...] = ()
    source_line: str | None = None
    title: str | None = None

    @property
    def length(self) -> int:
        return sum(len(line.text) for line in self.lines)


def read_record(record: Record, page: Page, format: str, repairs: Iterable[str] = ()) -> Article | Unread:
    """The article of a record, by the usual names of its fields."""
    fields = record.fields
    draft = Draft(page, format)
    draft.repaired(repairs)
    for name, written in values_of(fields, "title"):
        draft.offer("title", plain_text(written), name)
    bodies = [_read_body(name, text, page) for name, text in _written_bodies(fields)]
    # Of a text in two forms the longer one is whole; max() keeps the first of equals.
    body = max(bodies, key=lambda one: one.length, default=_Body())
    summaries = [_read_body(name, text, page) for name, text in values_of(fields, "summary")]
    if not body.lines and summaries:
        body = summaries.pop(0)  # A flash is often all summary.
    draft.offer("title", body.title, body.origin)
    lines = list(body.lines)
    if draft.get("title") is None:
        title, lines = take_title(lines, only_marked=True)
        draft.offer("title", title, "first words")
    text, marks = join_lines(drop_title(lines, draft.get("title") or ""))
    if not text and draft.get("title") is None:
        return Unread(record.where, "neither a title nor a text is left once markup and boilerplate are gone")
    for summary in summaries:
        summary_text = join_lines(summary.lines)[0]
        draft.offer("summary", summary_text if summary_text not in (text, draft.get("title")) else None, summary.origin)
    draft.offer("url", one_line(url_of(fields) or ""), "url")
    draft.offer("native_id", one_line(id_of(fields) or ""), "id")
    _offer_people(draft, fields, text, body.source_line, page)
    _offer_moment(draft, fields, text, page)
    return draft.finish(text, marks, codes_beside=tuple(codes_of(fields)))


def _read_body(origin: str, text: str, page: Page) -> _Body:
    if _WHOLE_PAGE.match(text):
        return _read_whole_page(origin, text, page)
    body = clean_body(read_rich_text(text))
    return _Body(origin, tuple(body.lines), body.source_line)


def _read_whole_page(origin: str, text: str, page: Page) -> _Body:
    """The article of a web page that a crawler kept whole in one field."""
    from watcher.parse.pages.web_page import read_web_page

    try:
        article = read_web_page(replace(page, text=text, repairs=()))[0]
    except UnparsedError:
        return _Body()
    lines: list[Line] = []
    start = 0
    for line in article.body.split("\n"):
        end = start + len(line)
        marks = (
            mark._replace(start=mark.start - start, end=mark.end - start)
            for mark in article.marks
            if start <= mark.start and mark.end <= end
        )
        lines.append(Line(line, tuple(marks)))
        start = end + 1
    return _Body(origin, tuple(lines), article.publisher, article.title)


def _offer_people(draft: Draft, fields: Mapping[str, object], text: str, source_line: str | None, page: Page) -> None:
    house, reporter = read_byline(_LEAD.sub("", text, count=1))
    draft.offer("source", page.source, "the folder's settings")
    draft.offer("publisher", source_line, "source line")
    draft.offer("publisher", house, "byline")
    for name, written in values_of(fields, "publisher"):
        publisher = plain_text(written)
        if can_be_a_source(publisher) and len(publisher) <= _LONGEST_HOUSE:
            draft.offer("source", publisher, name)
            draft.offer("publisher", publisher, name)
    for name, author in values_of(fields, "author"):
        draft.offer("author", plain_text(author), name)
    draft.offer("author", reporter, "byline")
    for name, section in values_of(fields, "section"):
        draft.offer("section", plain_text(section) if not section.isdecimal() else None, name)
    for name, language in values_of(fields, "language"):
        draft.offer("language", one_line(language), name)


def _offer_moment(draft: Draft, fields: Mapping[str, object], text: str, page: Page) -> None:
    moment, name, unreadable = moment_of(fields, page.timezone)
    draft.offer_moment(moment, "field", name)
    for written in unreadable:
        draft.offer_date(one_line(written), None, name)
    if dateline := read_dateline(text, day_from_name(page.name), page.timezone):
        draft.offer_moment(dateline.moment, "dateline", "dateline")
        draft.offer("publisher", dateline.publisher, "dateline")


def describe_keys(value: object) -> str:
    """The keys of a value, down to the second level, for a person who is to name them in a mapping."""
    names: list[str] = []
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, Mapping)), {})
    for name, child in value.items() if isinstance(value, Mapping) else ():
        inner = next((one for one in child if isinstance(one, Mapping)), None) if isinstance(child, list) else child
        names += [f"{name}.{key}" for key in inner] if isinstance(inner, Mapping) and inner else [str(name)]
    shown = [one_line(name)[:40] for name in names[:_KEYS_SHOWN]]
    return ", ".join(shown) + (f" and {len(names) - _KEYS_SHOWN} more" if len(names) > _KEYS_SHOWN else "")


_KEYS_SHOWN = 12

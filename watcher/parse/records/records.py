"""Records in tables (CSV), and records of any shape whose fields a mapping of the configuration names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from watcher.errors import UnparsedError
from watcher.model import Article, Mark, Page, ReaderMapping, Unread
from watcher.parse.clean import clean_body
from watcher.parse.draft import Draft, DraftField
from watcher.parse.lines import join_lines
from watcher.parse.markup import one_line, plain_text
from watcher.parse.records.exports import Record, describe_keys, read_record
from watcher.parse.records.field_names import is_column, read_written_moment, text_of
from watcher.parse.records.json_values import split_json
from watcher.parse.rich_text import read_rich_text

_DELIMITERS = ",;\t"
_LONGEST_COLUMN_NAME = 40
_SEPARATOR_LINE = re.compile(r"sep=(.)[ \t]*\r?\n", re.IGNORECASE)
"""What Excel writes above a table for itself."""
_MOST_BROKEN_ROWS = 100
"""Rows over several lines that do not fit: each is read once more, from its second line on."""

_DRAFT_FIELDS: dict[str, DraftField] = {
    "title": "title",
    "url": "url",
    "source": "source",
    "publisher": "publisher",
    "author": "author",
    "id": "native_id",
    "section": "section",
    "language": "language",
}
"""Fields of a mapping that are one line of text, and what an article calls them."""


class _Header(NamedTuple):
    """The first line of a table."""

    names: tuple[str, ...]
    delimiter: str
    start: int
    """Where the rows begin."""


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def looks_like_csv(beginning: str) -> bool:
    """Whether a text begins with a header line of a table of news, and a row below it that fits.

    Two columns of usual names are asked for, one of them a title or a text: a comma alone makes no table.
    """
    beginning = _with_plain_line_ends(beginning)
    header = _read_header(beginning)
    if header is None or sum(1 for name in header.names if is_column(name)) < 2:
        return False
    if not any(is_column(name, "title", "body") for name in header.names):
        return False
    row = next(_read_rows(beginning, header, is_whole=False), None)
    if row is None:
        return False
    # What the beginning cuts off in its middle may have more fields further on.
    return len(row.cells) == len(header.names) or (row.is_last and len(row.cells) < len(header.names))


def read_csv(page: Page) -> Iterator[Article | Unread]:
    """The articles of a table, one a row."""
    text = _with_plain_line_ends(page.text)
    header = _read_header(text)
    if header is None:
        raise UnparsedError("a table without a header line")
    for row in _read_table(text, header):
        yield row if isinstance(row, Unread) else read_record(row, page, "csv")


def read_mapped(page: Page, mapping: ReaderMapping) -> Iterator[Article | Unread]:
    """The articles of a file in JSON, JSON Lines or CSV, by the paths that a mapping names and by nothing else."""
    text = _with_plain_line_ends(page.text)
    is_json = text.lstrip("\ufeff \t\n").startswith(("{", "["))
    header = None if is_json else _read_header(text)
    records = _read_table(text, header) if header else _json_records(page.text, mapping)
    for record in records:
        if isinstance(record, Unread):
            yield record
        else:
            yield _read_mapped(record, page, mapping, "csv" if header else "json")


def _json_records(text: str, mapping: ReaderMapping) -> Iterator[Record | Unread]:
    for part in split_json(text).parts:
        if isinstance(part, Unread):
            yield part
            continue
        values = list(_values_at(part.value, mapping.items)) if mapping.items else [part.value]
        if not values:
            yield Unread(part.where, f'nothing at "{mapping.items}", {_expected_by(mapping, part.value)}')
        for value in values:
            listed = value if isinstance(value, list) else [value]
            for number, fields in enumerate(listed, 1):
                where = f"record {number}" if len(listed) > 1 else part.where
                yield Record(fields, where) if isinstance(fields, Mapping) else Unread(where, "not an object")


def _read_mapped(record: Record, page: Page, mapping: ReaderMapping, format: str) -> Article | Unread:
    draft = Draft(page, format)
    body, marks = "", tuple[Mark, ...]()
    for field, path in mapping.fields:
        separator = "\n" if field in ("body", "summary") else ", "
        texts = (text_of(value, separator) for value in _values_at(record.fields, path))
        text = separator.join(filter(None, texts))
        if field == "body":
            body, marks = join_lines(clean_body(read_rich_text(text)).lines)
        elif field == "summary":
            draft.offer("summary", join_lines(read_rich_text(text))[0], path)
        elif field == "date":
            written = one_line(text)
            draft.offer_date(written, read_written_moment(written, page.timezone), path)
        else:
            draft.offer(_DRAFT_FIELDS[field], plain_text(text), path)
    if not body and draft.get("title") is None:
        return Unread(record.where, f"neither a title nor a text, {_expected_by(mapping, record.fields)}")
    return draft.finish(body, marks)


def _expected_by(mapping: ReaderMapping, value: object) -> str:
    return (
        f'where the reader "{mapping.match}" of watcher.yaml expects it; the keys are {describe_keys(value) or "none"}'
    )


def _values_at(value: object, path: str) -> Iterator[object]:
    """What stands at a dotted path. A list on the way is gone through, unless the path says which of it."""
    if isinstance(value, list):
        head, _, rest = path.partition(".")
        if head.isdecimal() and len(head) < 6:
            yield from _at(value[int(head)], rest) if int(head) < len(value) else ()
        else:
            for part in value:
                yield from _values_at(part, path) if isinstance(part, Mapping) else ()
    elif isinstance(value, Mapping):
        if path in value:  # A key with dots in it, or the end of the path.
            yield value[path]
            return
        head, _, rest = path.partition(".")
        if head in value and rest:
            yield from _at(value[head], rest)


def _at(value: object, path: str) -> Iterator[object]:
    if path:
        yield from _values_at(value, path)
    else:
        yield value


class _Row(NamedTuple):
    """A row of a table and the line that it begins in, from 1."""

    cells: list[str]
    line: int
    is_last: bool


def _read_header(text: str) -> _Header | None:
    start = len(text) - len(text.lstrip("\ufeff \r\n"))
    separator = _SEPARATOR_LINE.match(text, start)
    if separator:
        start = separator.end()
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)].strip("\r ")
    for delimiter in separator[1] if separator else _DELIMITERS:
        if delimiter in line:
            names = tuple(name.strip().strip("\ufeff") for name in next(csv.reader([line], delimiter=delimiter)))
            named = [name for name in names if name]
            fits = len(named) > 1 and len(set(named)) == len(named) and max(map(len, named)) <= _LONGEST_COLUMN_NAME
            if fits:
                return _Header(names, delimiter, len(text) if end < 0 else end + 1)
    return None


def _read_table(text: str, header: _Header) -> Iterator[Record | Unread]:
    for row in _read_rows(text, header):
        if len(row.cells) == len(header.names):
            yield Record(dict(zip(header.names, row.cells, strict=True)), f"line {row.line}")
        else:
            yield Unread(f"line {row.line}", f"{len(row.cells)} fields where the header has {len(header.names)}")


def _read_rows(text: str, header: _Header, *, is_whole: bool = True) -> Iterator[_Row]:
    """The rows below the header. A row that swallows others, its quote never closed, gives them back."""
    csv.field_size_limit(max(len(text), csv.field_size_limit()))  # The page is bounded; 128 KiB is too little.
    first = text.count("\n", 0, header.start) + 1
    lines = [f"{line}\n" for line in text[header.start :].split("\n")]
    position, broken = 0, 0
    while position < len(lines):
        begin = position
        rows = csv.reader((lines[number] for number in range(begin, len(lines))), delimiter=header.delimiter)
        for cells in rows:
            line, position = position, begin + rows.line_num
            swallowed = (
                is_whole
                and position - line > 1
                and (len(cells) != len(header.names) or (position >= len(lines) and _is_open(lines[line:], header)))
            )
            if swallowed and broken < _MOST_BROKEN_ROWS:
                broken += 1
                position = line + 1
                cells = next(csv.reader([lines[line]], delimiter=header.delimiter))
            if any(cells):
                yield _Row([cell.strip() for cell in cells], first + line, position >= len(lines))
            if swallowed and position == line + 1:
                break


def _is_open(lines: list[str], header: _Header) -> bool:
    """Whether a quote of the last row is never closed."""
    try:
        list(csv.reader(lines, delimiter=header.delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False

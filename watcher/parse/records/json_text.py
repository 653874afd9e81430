"""JSON: the agencies' ninjs, JSON Feed, JSON Lines, whatever scrapers export, and posts below a header in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from watcher.errors import UnparsedError
from watcher.model import Article, Page, Unread
from watcher.parse.feeds.json_feed import is_json_feed, read_json_feed
from watcher.parse.records.exports import describe_keys, find_records, read_record
from watcher.parse.records.json_values import Found, split_json


def read_json(page: Page) -> Iterator[Article | Unread]:
    """The articles of a JSON text, and what of it is broken or none.

    Raises `UnparsedError` where there is none, with the keys there are and how to declare where the fields stand.
    """
    json_text = split_json(page.text)
    if json_text.kind == "post":
        from watcher.parse.posts.post import read_post

        yield from read_post(page)
        return
    any_article = False
    keys = ""
    for part in json_text.parts:
        for read in [part] if isinstance(part, Unread) else _read_value(part, page, json_text.kind):
            any_article = any_article or isinstance(read, Article)
            yield read
        keys = keys or (describe_keys(part.value) if isinstance(part, Found) else "")
    if not any_article and keys:
        raise UnparsedError(
            f"JSON in which no title and no text is found under the usual names; its keys are {keys}: "
            "name them under readers: in watcher.yaml"
        )


def _read_value(found: Found, page: Page, kind: str) -> Iterable[Article | Unread]:
    from watcher.parse.wires.ninjs import is_ninjs, read_ninjs

    if is_ninjs(found.value):
        return read_ninjs(found.value, page)
    if is_json_feed(found.value):
        return read_json_feed(found.value, page)
    records = find_records(found.value, found.where)
    if not records and kind == "jsonl":
        return [Unread(found.where, "neither a title with more about it nor a text")]
    return (record if isinstance(record, Unread) else read_record(record, page, kind) for record in records)

"""JSON Feed, versions 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeGuard

from watcher.model import Article, Page, Unread
from watcher.parse.clean import clean_body, read_byline
from watcher.parse.dates import read_moment
from watcher.parse.draft import Draft
from watcher.parse.lines import join_lines
from watcher.parse.markup import one_line, plain_text, read_html
from watcher.parse.records.field_names import text_of
from watcher.parse.rich_text import read_plain_text


def is_json_feed(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether a decoded JSON value is a feed: by its version, or by an address of its own beside its items."""
    if not isinstance(value, Mapping) or not isinstance(value.get("items"), list):
        return False
    return "jsonfeed.org/version" in str(value.get("version")) or "feed_url" in value or "home_page_url" in value


def read_json_feed(feed: Mapping[str, object], page: Page) -> Iterator[Article | Unread]:
    """The articles of a JSON Feed, in its order."""
    items = feed["items"]
    assert isinstance(items, list)
    for number, item in enumerate(items, 1):
        where = f"item {number}"
        yield _read_item(item, feed, page, where) if isinstance(item, Mapping) else Unread(where, "not an object")


def _read_item(item: Mapping[str, object], feed: Mapping[str, object], page: Page, where: str) -> Article | Unread:
    draft = Draft(page, "json feed")
    draft.offer("title", plain_text(text_of(item.get("title"))), "title")
    html, plain, summary = (text_of(item.get(name)) for name in ("content_html", "content_text", "summary"))
    # The first of them that has words: an item may hold markup without any.
    bodies = [clean_body(read_html(html)), clean_body(read_plain_text(plain)), clean_body(read_plain_text(summary))]
    body = next((one for one in bodies if one.lines), bodies[0])
    text, marks = join_lines(body.lines)
    if not text and draft.get("title") is None:
        return Unread(where, "neither a title nor text")
    byline, reporter = read_byline(text)
    summary_text = join_lines(bodies[2].lines)[0]
    draft.offer("summary", summary_text if summary_text != text else None, "summary")
    draft.offer("url", one_line(text_of(item.get("url")) or text_of(item.get("external_url"))), "url")
    draft.offer("native_id", one_line(text_of(item.get("id"))), "id")
    title = plain_text(text_of(feed.get("title")))
    draft.offer("source", page.source, "the folder's settings")
    draft.offer("source", title, "title of the feed")
    draft.offer("publisher", body.source_line, "source line")
    draft.offer("publisher", byline, "byline")
    draft.offer("publisher", title, "title of the feed")
    authors = item.get("authors") or item.get("author")
    draft.offer("author", plain_text(text_of(authors, ", ")), "author")
    draft.offer("author", reporter, "byline")
    tags = item.get("tags")
    draft.offer("section", plain_text(text_of(tags[0])) if isinstance(tags, list) and tags else None, "tags")
    for holder in (item, feed):
        draft.offer("language", one_line(text_of(holder.get("language"))), "language")
    for name in ("date_published", "date_modified"):
        if (written := one_line(text_of(item.get(name)))) and not draft.is_dated:
            draft.offer_date(written, read_moment(written, page.timezone), name)
    return draft.finish(text, marks)

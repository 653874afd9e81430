"""Feeds: RSS, RDF, Atom and WordPress exports, one article an entry.

feedparser knows what their elements mean; it gets XML that `feed_xml` has made well-formed, so that its second parser,
which guesses, is never needed. It is handed a stream, and so can fetch nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from watcher.errors import UnparsedError
from watcher.model import Article, Mark, Page, Unread
from watcher.parse.clean import Body, clean_body, read_byline
from watcher.parse.dates import read_moment
from watcher.parse.draft import Draft
from watcher.parse.feeds.feed_xml import mend_feed
from watcher.parse.markup import Line, join_lines, one_line, plain_text
from watcher.parse.rich_text import read_rich_text

_FORMATS = {"rss": "rss", "feed": "atom", "rdf": "rdf"}
_CONTENT_TYPE = {"content-type": "application/xml; charset=utf-8"}

_NO_POSTS = re.compile(
    r"attachment|revision|nav_menu_item|custom_css|customize_changeset|oembed_cache|user_request|wp_\w+|acf-field\S*"
)
"""What WordPress keeps among its posts and nobody reads as one."""
_UNPUBLISHED = {"draft": "a draft", "auto-draft": "a draft", "trash": "thrown away", "private": "private"}
_SHORTCODE = re.compile(
    r"\[/?(?:caption|wp_caption|gallery|embed|audio|video|playlist|vc_\w+|et_pb_\w+|fusion_\w+)\b[^\[\]]{0,500}\]"
)
_FOOT = re.compile(
    r"The post .{1,300} (?:appeared first on|first appeared on) .{1,100}"
    r"|(?:Continue reading|Read (?:more|the full (?:story|article)))\b.{0,200}|\[?(?:…|\.\.\.)\]?",
    re.IGNORECASE,
)
"""What blogs put below each entry of a feed, and nowhere else."""


def read_feed(page: Page) -> Iterator[Article | Unread]:
    """The articles of a feed, in its order. Drafts of a WordPress export are no articles, and said to be none.

    Raises `UnparsedError` where it holds no entry.
    """
    import feedparser

    mended = mend_feed(page.text)
    parsed = feedparser.parse(
        io.BytesIO(mended.xml), sanitize_html=False, resolve_relative_uris=False, response_headers=_CONTENT_TYPE
    )
    # As plain dictionaries: feedparser's own answer for a missing key with the value of another.
    feed = _Feed(dict(parsed.feed), _FORMATS[mended.root], page, mended.repairs)
    if "wp_wxr_version" in feed.fields or any("wp_post_type" in entry for entry in parsed.entries):
        feed.format = "wxr"
    if not parsed.entries:
        raise UnparsedError(mended.cut.reason if mended.cut else "a feed without entries")
    for number, entry in enumerate(parsed.entries, 1):
        found = _read_entry(dict(entry), number, feed)
        if found:
            yield found
    if mended.cut:
        yield mended.cut


@dataclass(slots=True)
class _Feed:
    """What holds for all entries of a feed."""

    fields: Mapping[str, Any]
    format: str
    page: Page
    repairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """One of the texts that an entry carries."""

    origin: str
    body: Body
    text: str
    marks: tuple[Mark, ...]


def _read_entry(entry: Mapping[str, Any], number: int, feed: _Feed) -> Article | Unread | None:
    """The article of an entry, why it is none, or nothing for what was never meant to be one."""
    status = str(entry.get("wp_status", ""))
    if _NO_POSTS.fullmatch(str(entry.get("wp_post_type", "post"))):
        return None
    if status in _UNPUBLISHED:
        return Unread(f"entry {number}", f"{_UNPUBLISHED[status]}, not published (status {status})")
    draft = Draft(feed.page, feed.format)
    draft.repaired(feed.repairs)
    draft.offer("title", plain_text(entry.get("title", "")), "title")
    texts = sorted(_read_texts(entry, feed), key=lambda text: len(text.text), reverse=True)
    if not texts and draft.get("title") is None:
        return Unread(f"entry {number}", "neither a title nor text")
    text = texts[0] if texts else _Text("", Body([]), "", ())
    byline, reporter = read_byline(text.text)
    for other in texts[1:]:
        if other.text != text.text:
            draft.offer("summary", other.text, other.origin)
    draft.offer("url", _url(entry, feed), "link")
    draft.offer("native_id", one_line(entry.get("id", "")), "guid")
    draft.offer("source", feed.page.source, "the folder's settings")
    draft.offer("source", plain_text(feed.fields.get("title", "")), "title of the feed")
    draft.offer("publisher", text.body.source_line, "source line")
    draft.offer("publisher", byline, "byline")
    draft.offer("publisher", plain_text((entry.get("source") or {}).get("title", "")), "source of the entry")
    draft.offer("publisher", plain_text(feed.fields.get("title", "")), "title of the feed")
    draft.offer("author", _author(entry), "author")
    draft.offer("author", reporter, "byline")
    draft.offer("section", _section(entry), "category")
    draft.offer("language", one_line(feed.fields.get("language", "")), "language of the feed")
    draft.offer("status", status, "wp:status")
    _offer_moment(draft, entry, feed.page.timezone)
    return draft.finish(text.text, text.marks)


def _read_texts(entry: Mapping[str, Any], feed: _Feed) -> Iterator[_Text]:
    """Every text of an entry that has words, in the order of preference."""
    written = [("content", content.get("value", "")) for content in entry.get("content", ())]
    written += [("excerpt", entry.get("excerpt_encoded", "")), ("description", entry.get("summary", ""))]
    for origin, html in written:
        # WordPress stores what its author typed, and makes the paragraphs when it shows it.
        lines = read_rich_text(_SHORTCODE.sub("", html), breaks_count=feed.format == "wxr")
        body = clean_body(_without_foot(lines))
        text, marks = join_lines(body.lines)
        if text:
            yield _Text(origin, body, text, marks)


def _without_foot(lines: list[Line]) -> list[Line]:
    end = len(lines)
    while end > 1 and _FOOT.fullmatch(lines[end - 1].text):
        end -= 1
    return lines[:end]


def _url(entry: Mapping[str, Any], feed: _Feed) -> str | None:
    """The address of the entry itself rather than of who counts its readers; complete if the feed's is known."""
    permalink = entry.get("id", "") if str(entry.get("id", "")).startswith(("http://", "https://")) else ""
    link = one_line(entry.get("feedburner_origlink") or entry.get("link") or "")
    if not link:
        # A WordPress export's guid is no address, though it looks like one.
        return permalink if permalink and feed.format != "wxr" else None
    try:
        return urljoin(str(feed.fields.get("link", "")), link)
    except ValueError:  # No address at all, but it is what is written.
        return link


def _author(entry: Mapping[str, Any]) -> str:
    """The names of those who wrote it; of ``desk@example.com (Ann Lee)`` the name."""
    names: list[str] = []
    for author in entry.get("authors", ()):
        name = plain_text(author.get("name", "") or author.get("email", ""))
        in_brackets = re.fullmatch(r"[^\s@]{1,64}@[^\s@]{1,255}\s+\((.{1,100})\)", name)
        names.append(in_brackets[1] if in_brackets else name)
    return ", ".join(dict.fromkeys(filter(None, names)))


def _section(entry: Mapping[str, Any]) -> str | None:
    """The first category; what WordPress calls a tag is a keyword."""
    tags = [tag for tag in entry.get("tags", ()) if tag.get("scheme") != "post_tag"]
    return next(filter(None, (plain_text(tag.get("label") or tag.get("term") or "") for tag in tags)), None)


def _offer_moment(draft: Draft, entry: Mapping[str, Any], zone: str) -> None:
    for field, field_zone in (("published", zone), ("wp_post_date_gmt", "UTC"), ("created", zone), ("updated", zone)):
        if (text := one_line(entry.get(field, ""))) and not draft.is_dated:
            draft.offer_date(text, read_moment(text, field_zone), field)

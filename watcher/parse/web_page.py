"""Whole web pages: the article of a saved page, by its own metadata and its most telling element."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from watcher.errors import UnparsedError
from watcher.model import Article, Page, PublishedFrom
from watcher.parse.clean import clean_body, read_byline
from watcher.parse.dates import Moment, day_from_name, read_moment
from watcher.parse.markup import Line, join_lines, make_tree, one_line, read_tree

_TITLES = ("og:title", "twitter:title", "headline")
_DATES = ("article:published_time", "og:published_time", "publishdate", "pubdate", "date", "weibo:article:create_at")
_SITES = ("og:site_name", "source", "mediaid", "application-name")
_BODIES = ("article", "[itemprop=articleBody]", "main", "[role=main]", "body")
_FURNITURE = "article, nav, aside, footer, header, [role=navigation], [role=complementary]"
"""What surrounds an article. Within an `article` the same elements are part of it."""
_SHORTEST_BODY = 30
"""Characters an element needs to be taken for the article before a wider one is tried."""


def read_web_page(page: Page) -> tuple[Article, ...]:
    """The one article of a saved web page. Raises `UnparsedError` where the page has no text."""
    tree = make_tree(page.text)
    meta = _read_meta(tree)
    title = _first(meta, _TITLES) or _text(tree.select_one("h1")) or _text(tree.select_one("title"))
    published_at, published_from = _published(tree, meta, page)
    for element in list(_outermost(tree, _FURNITURE)):
        if element.name != "article":
            element.decompose()
    body = clean_body([line for line in _read_body(tree) if line.text != title])
    body_text, marks = join_lines(body.lines)
    if not body_text:
        raise UnparsedError("no text: nothing is left once markup and boilerplate are gone")
    canonical = tree.select_one("link[rel=canonical]")
    byline, reporter = read_byline(body_text)
    article = Article(
        title=title,
        body=body_text,
        format="web page",
        summary=_first(meta, ("og:description", "description")),
        url=_first(meta, ("og:url",)) or (str(canonical.get("href", "")) or None if canonical else None),
        source=page.source or _first(meta, _SITES),
        publisher=body.source_line or byline or _first(meta, _SITES),
        author=reporter or _first(meta, ("author", "article:author")),
        section=_first(meta, ("article:section",)),
        language="zh" if re.search(r"[\u3400-\u9fff]", body_text) else "en",
        published_at=published_at,
        published_from=published_from,
        marks=marks,
        repairs=page.repairs,
    )
    return (article,)


def _read_meta(tree: BeautifulSoup) -> dict[str, str]:
    """The page's meta tags by lower-case name; the first of a name counts."""
    meta: dict[str, str] = {}
    for tag in tree.select("meta[content]"):
        name = str(tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
        content = one_line(str(tag["content"]))
        if name and content:
            meta.setdefault(name, content)
    return meta


def _read_body(tree: BeautifulSoup) -> list[Line]:
    lines: list[Line] = []
    for selector in _BODIES:
        for element in _outermost(tree, selector):
            lines = read_tree(element)
            if sum(len(line.text) for line in lines) >= _SHORTEST_BODY:
                return lines
    return lines


def _outermost(tree: BeautifulSoup, selector: str) -> Iterator[Tag]:
    """The elements that a selector finds and that lie in none of the others: deep nesting is read once, not squared."""
    inside: set[int] = set()
    for element in tree.select(selector):
        if id(element) not in inside:
            yield element
            inside.update(map(id, element.find_all(True)))


def _published(tree: BeautifulSoup, meta: dict[str, str], page: Page) -> tuple[Moment | None, PublishedFrom | None]:
    for name in _DATES:
        if (text := meta.get(name)) and (moment := read_moment(text, page.timezone)):
            return moment, "meta"
    for text in _linked_data_dates(tree):
        if moment := read_moment(text, page.timezone):
            return moment, "json-ld"
    time = tree.select_one("time[datetime]")
    if time and (moment := read_moment(str(time["datetime"]), page.timezone)):
        return moment, "body"
    day = day_from_name(page.name)
    return (day, "file name") if day else (None, None)


def _linked_data_dates(tree: BeautifulSoup) -> Iterator[str]:
    for script in tree.select('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            data = [data, *data["@graph"]] if isinstance(data.get("@graph"), list) else [data]
        for node in data if isinstance(data, list) else ():
            if isinstance(node, dict) and isinstance(node.get("datePublished"), str):
                yield node["datePublished"]


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _text(tag: Tag | None) -> str | None:
    return one_line(tag.get_text()) or None if tag else None

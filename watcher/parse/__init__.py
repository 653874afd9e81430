"""A page becomes its articles. The reader is picked by what the page looks like, never by its file name."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from watcher.errors import UnparsedError
from watcher.model import Article, Page, ReaderMapping, Unread, describe_unread
from watcher.parse.records.json_values import WRAPPER

Read = Callable[[Page], Iterable[Article | Unread]]

_READERS_BY_ROOT = {
    "html": "watcher.parse.pages.web_page:read_web_page",
    "head": "watcher.parse.pages.web_page:read_web_page",
    "rss": "watcher.parse.feeds.feed:read_feed",
    "feed": "watcher.parse.feeds.feed:read_feed",
    "rdf": "watcher.parse.feeds.feed:read_feed",
    "newsmessage": "watcher.parse.wires.newsml_g2:read_newsml_g2",
    "newsitem": "watcher.parse.wires.newsml_g2:read_newsml_g2",
    "packageitem": "watcher.parse.wires.newsml_g2:read_newsml_g2",
    "newsml": "watcher.parse.wires.newsml_1:read_newsml_1",
    "nitf": "watcher.parse.wires.nitf:read_nitf",
}
"""By the first element of a document, its namespace prefix cut off."""

_OTHER_XML = "watcher.parse.wires.agency_xml:read_agency_xml"
_WIRE = "watcher.parse.wires.iptc7901:read_iptc7901"
_MAIL = "watcher.parse.mail.mail:read_mail"
_JSON = "watcher.parse.records.json_text:read_json"
_CSV = "watcher.parse.records.records:read_csv"
_POST = "watcher.parse.posts.post:read_post"

_BEGINNING = 20_000
"""What tells the kind; a document type may carry thousands of characters of its own."""
_PROLOG = re.compile(r"\ufeff?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype\b[^\[>]*(?:\[.*?\]\s*)?>\s*)*", re.I | re.S)
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(?P<name>[^\W\d][\w.-]{0,60})(?=[\s/>])")
_XML_DECLARATION = re.compile(r"\ufeff?\s*<\?xml\b")
_HTML_ELEMENTS = frozenset(
    "a abbr address article aside audio b blockquote body br button center code dd del details div dl dt em embed "
    "fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i iframe img input ins kbd label li link "
    "main map mark meta nav noscript object ol p picture pre q s script section small span strike strong style sub "
    "summary sup svg table tbody td template textarea tfoot th thead time title tr tt u ul var video wbr".split()
)
"""With one of these begins a piece of a page; with any other name, closed at the end, an agency's own XML."""
_DOCTYPE_HTML = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_JSON_START = re.compile(
    r'\ufeff?\s*(?:\{\s*["}]|\[\s*[\{\["\]])' rf'|\ufeff?{WRAPPER}(?:\{{\s*"|\[\s*[\{{\[])', re.DOTALL
)
_WIRE_START = re.compile(r"[\x00\x16\x20\r\n]*\x01")


def parse_page(page: Page, readers: Sequence[ReaderMapping] = ()) -> Iterator[Article | Unread]:
    """The articles in a page, in their order, at least one; and the parts of it that could not be read.

    The first of `readers` whose glob fits the page's name reads it, whatever it looks like. Raises `UnparsedError`
    where the page holds no article, or is of a kind that is not read.
    """
    unread: list[Unread] = []
    count = 0
    for part in _read(page, readers):
        if isinstance(part, Unread):
            unread.append(part)
        else:
            count += 1
        yield part
    if count == 0:
        raise UnparsedError(f"no article in it ({describe_unread(unread)})" if unread else "no article in it")


def _read(page: Page, readers: Sequence[ReaderMapping]) -> Iterable[Article | Unread]:
    mapping = next((one for one in readers if fnmatchcase(page.name, one.match)), None)
    if mapping is None or page.data:
        return _reader_of(page)(page)
    from watcher.parse.records.records import read_mapped

    return read_mapped(page, mapping)


def _reader_of(page: Page) -> Read:
    """The reader for what a page begins with."""
    module, _, function = _kind_of(page).partition(":")
    read: Read = getattr(importlib.import_module(module), function)
    return read


def _kind_of(page: Page) -> str:
    if page.data:
        return _MAIL
    beginning = page.text[:_BEGINNING]
    prolog = _PROLOG.match(beginning)
    root = _ROOT.match(beginning, prolog.end() if prolog else 0)
    if prolog and _DOCTYPE_HTML.search(prolog[0]):
        return _READERS_BY_ROOT["html"]
    if root and root["name"].lower() in _READERS_BY_ROOT:
        return _READERS_BY_ROOT[root["name"].lower()]
    if root and (_XML_DECLARATION.match(beginning) or _is_closed_at_the_end(root, page.text)):
        return _OTHER_XML
    if _JSON_START.match(beginning):
        from watcher.parse.posts.header_values import json_header

        return _POST if json_header(page.text) else _JSON
    from watcher.parse.records.records import looks_like_csv
    from watcher.parse.wires.iptc7901 import is_iptc7901

    if _WIRE_START.match(beginning) or is_iptc7901(page.text):
        return _WIRE
    return _CSV if looks_like_csv(beginning) else _POST


def _is_closed_at_the_end(root: re.Match[str], text: str) -> bool:
    """Whether an element that no page has holds the whole text."""
    name = root["name"]
    return name.lower() not in _HTML_ELEMENTS and bool(re.search(rf"</(?:[\w.-]{{1,40}}:)?{name}\s*>\s*$", text[-200:]))

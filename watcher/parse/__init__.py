"""A page becomes its articles. The reader is picked by what the page looks like, never by its file name."""

from __future__ import annotations

import re

from watcher.errors import UnparsedError
from watcher.model import Article, Page
from watcher.parse.post import read_post
from watcher.parse.web_page import read_web_page

_WEB_PAGE = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(r"\ufeff?\s*<(?:\?xml|rss|feed|rdf:RDF|newsML|newsMessage|nitf|NewsML)\b", re.IGNORECASE)
_JSON = re.compile(r'\ufeff?\s*(?:\{\s*"|\[\s*(?:\{\s*"|\]))')


def parse_page(page: Page) -> tuple[Article, ...]:
    """The articles in a page, in their order; at least one.

    Raises `UnparsedError` where the page holds no article, or is of a kind that is not read.
    """
    beginning = page.text[:1000]
    if _WEB_PAGE.match(beginning):
        return read_web_page(page)
    if _XML.match(beginning):
        raise UnparsedError("an XML feed or wire; only posts, web pages and text are read")
    if _JSON.match(beginning):
        raise UnparsedError("JSON; only posts, web pages and text are read")
    return read_post(page)

"""Text of which nobody says what it is: HTML, Markdown or plain, by its look."""

from __future__ import annotations

import re
from html import escape, unescape

from watcher.parse.markup import Line, read_html, read_markdown

_TAG_NAMES = (
    r"(?:p|br|div|span|a|b|i|em|strong|u|font|center|img|figure|table|tbody|tr|td|ul|ol|li|h[1-6]|section|article|"
    r"blockquote|pre|code|hr|sub|sup|video|iframe|style|script|!--)"
)
_TAG = re.compile(rf"</?{_TAG_NAMES}(?=[\s/>-])[^<>]*>?", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"&lt;/?{_TAG_NAMES}(?=[\s/&])", re.IGNORECASE)
_PARAGRAPH_TAG = re.compile(r"<(?:p|br|div|li|tr|h[1-6]|section|article|pre)(?=[\s/>])", re.IGNORECASE)
_OUTSIDE_TAGS = re.compile(r"(<[^<>]*>)")
_LINE_END = re.compile(r"[\n\u2028\u2029]")
_BREAKS = r"\n\s*"
_EMPTY_LINES = r"\n[^\S\n]*\n\s*"
"""To WordPress and to people the end of a paragraph, whatever HTML makes of it."""
_MARKDOWN = re.compile(r"^(?:#{1,6} |> |[-*+] \S|\d{1,3}\. \S|```|\|.*\|.*\|)|\*\*\S|\]\((?:https?:|/)", re.MULTILINE)


def read_rich_text(text: str, *, breaks_count: bool = False) -> list[Line]:
    """The lines of a text. HTML escaped a second time is read as the HTML that was meant.

    In HTML a line break is white space, unless `breaks_count`, or nothing else in the text could make a line.
    """
    if not _TAG.search(text) and _ESCAPED_TAG.search(text):
        text = unescape(text)
    if _TAG.search(text):
        return read_html(
            _with_breaks(text, _BREAKS if breaks_count or not _PARAGRAPH_TAG.search(text) else _EMPTY_LINES)
        )
    return read_markdown(text) if _MARKDOWN.search(text) else read_plain_text(text)


def read_plain_text(text: str) -> list[Line]:
    """The lines of a text in which nothing is markup; entities that an exporter left in it are read."""
    lines = (escape(unescape(line)) for line in _LINE_END.split(text) if not line.isspace())
    return read_html("<br>".join(filter(None, lines)))


def _with_breaks(html: str, breaks: str) -> str:
    """HTML where line breaks in running text are elements; those between elements stay white space."""
    return "".join(
        re.sub(breaks, "<br>\n", piece) if piece.strip() and not piece.startswith("<") else piece
        for piece in _OUTSIDE_TAGS.split(html)
    )

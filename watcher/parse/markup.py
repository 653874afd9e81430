"""HTML and Markdown become lines of clean text, with the securities that were marked up in them.

A line is a paragraph, a heading, a list item or a table row. White space folds as it does in a browser; between two
Chinese characters a line break of the source is nothing. Hidden nodes, scripts, images and controls leave no trace.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString
from bs4.exceptions import ParserRejectedMarkup

from watcher.errors import UnparsedError
from watcher.model import Mark
from watcher.parse.lines import Line, join_lines
from watcher.parse.markdown import render_markdown
from watcher.parse.sites import ALL_SITES, Marking

__all__ = [
    "Line",
    "holds_picture",
    "join_lines",
    "make_tree",
    "one_line",
    "plain_text",
    "read_html",
    "read_markdown",
    "read_tree",
]

_MARKINGS: tuple[Marking, ...] = tuple(site.marking for site in ALL_SITES if site.marking)
_FURNITURE = frozenset(name for site in ALL_SITES for name in site.furniture)

_SKIPPED = frozenset(
    "script style noscript template head title meta link base iframe object embed video audio source track canvas "
    "svg math img picture map area button form input select textarea option dialog".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 "
    "h5 h6 header hgroup hr html li main nav ol p pre section summary table tbody tfoot thead tr ul caption".split()
)
_NAMED_KINDS = frozenset("blockquote h1 h2 h3 h4 h5 h6".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(
    [
        *range(0x09),
        *range(0x0B, 0x0D),
        *range(0x0E, 0x20),
        *range(0x7F, 0xA0),
        0x00AD,  # soft hyphen
        *range(0x200B, 0x2010),  # zero width, direction marks
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),  # halves of surrogate pairs
        0xFEFF,
    ]
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
"""What parsers turn into U+FFFD or cannot take at all."""


def read_markdown(text: str) -> list[Line]:
    """The lines of a Markdown text, HTML inside it included."""
    return [line.without_stray_fence() for line in read_html(render_markdown(_UNREADABLE.sub("", text)))]


def holds_picture(text: str) -> bool:
    """Whether a Markdown or HTML text shows a picture."""
    return make_tree(render_markdown(_UNREADABLE.sub("", text))).find("img") is not None


def read_html(html: str) -> list[Line]:
    """The lines of an HTML text."""
    return read_tree(make_tree(html))


_INLINE_TAG = re.compile(r"</?(?:em|b|strong|i|u|span|font|mark)\b[^<>]{0,100}>", re.IGNORECASE)


def plain_text(text: str) -> str:
    """A title as its reader sees it: one line, entities read (``AT&amp;T``), highlighting tags gone."""
    return one_line(unescape(_INLINE_TAG.sub("", text)))


def one_line(text: str) -> str:
    """A title and the like, without line breaks and the characters that nobody sees."""
    return " ".join(text.translate(_INVISIBLE).split())


def make_tree(html: str) -> BeautifulSoup:
    """The parsed tree of an HTML text, always by lxml: other parsers can be made to hang (reliability row P3)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "looks like a file name", "looks like XML": it is news all the same.
        try:
            return BeautifulSoup(_UNREADABLE.sub("", html), "lxml", multi_valued_attributes=None)
        except ParserRejectedMarkup as error:
            raise UnparsedError("its HTML cannot be read") from error


def read_tree(root: Tag) -> list[Line]:
    """The lines below a node, in reading order."""
    builder = _LineBuilder()
    for event, node in _walk(root):
        if event == "text":
            builder.add(str(node))
        elif isinstance(node, Tag):
            builder.enter(node) if event == "enter" else builder.leave(node)
    return builder.finish()


def _walk(root: Tag) -> Iterator[tuple[str, Tag | NavigableString]]:
    """Every visible node as ``enter``, ``text`` and ``leave``, on a stack of its own: pages nest deeper than Python."""
    open_tags: list[tuple[Tag, Iterator[object]]] = [(root, iter(root.contents))]
    while open_tags:
        tag, children = open_tags[-1]
        child = next(children, None)
        if child is None:
            open_tags.pop()
            if tag is not root:
                yield "leave", tag
        elif isinstance(child, Tag):
            if not _is_invisible(child):
                yield "enter", child
                open_tags.append((child, iter(child.contents)))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield "text", child


def _is_invisible(tag: Tag) -> bool:
    if tag.name in _SKIPPED:
        return True
    attributes = tag.attrs
    if not attributes:
        return False
    return (
        "hidden" in attributes
        or ("style" in attributes and bool(_HIDDEN.search(str(attributes["style"]))))
        or ("class" in attributes and not _FURNITURE.isdisjoint(str(attributes["class"]).split()))
    )


@dataclass(slots=True)
class _OpenMark:
    """A marked-up security whose element has not ended, and where it begins on the line."""

    tag: Tag
    symbol: str
    start: int | None = None
    first_piece: int = 0


class _LineBuilder:
    """Gathers text into lines and keeps where marked-up securities and links stand in them."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._pieces: list[str] = []
        self._length = 0
        self._pending_space = ""
        self._marks: list[Mark] = []
        self._open_marks: list[_OpenMark] = []
        self._links = 0
        self._link_text = 0
        self._link: str | None = None
        self._kinds: list[str] = []
        self._cells = 0
        self._in_row = False
        self._numbers: list[int | None] = []
        self._number = ""
        self._bullet = False
        self._bolds = 0
        self._bold = 0
        self._begins = True
        self._in_new_table = False

    def add(self, text: str) -> None:
        """Append running text."""
        text = text.translate(_INVISIBLE)
        position = 0
        for space in _SPACE.finditer(text):
            self._append(text[position : space.start()])
            self._pending_space = "\n" if "\n" in space[0] or self._pending_space == "\n" else " "
            position = space.end()
        self._append(text[position:])

    def enter(self, tag: Tag) -> None:
        """Begin an element."""
        name = tag.name
        if name == "br":
            self._pending_space = " "
            if not self._cells:
                self._end_line()
                self._begins = False
        elif name in ("td", "th"):
            self._begin_cell()
        elif name in _BLOCKS:
            self._end_block()
            if name in _NAMED_KINDS:
                self._kinds.append(name)
            elif name in ("ol", "ul"):
                self._numbers.append(_number_of(tag, "start", 1) if name == "ol" else None)
            elif name == "li":
                self._begin_item(tag)
            elif name == "table" and not self._cells:
                self._in_new_table = True
        elif name == "a" and tag.get("href"):
            self._links += 1
            self._link = self._link or str(tag["href"])
        self._bolds += _is_bold(tag)
        for marking in _MARKINGS:
            value = tag.attrs.get(marking.attribute)
            if isinstance(value, str) and (found := marking.pattern.fullmatch(value)):
                symbol = marking.symbol(found)
                if symbol:
                    self._open_marks.append(_OpenMark(tag, symbol))

    def leave(self, tag: Tag) -> None:
        """End an element."""
        name = tag.name
        while self._open_marks and self._open_marks[-1].tag is tag:
            self._close_mark(self._open_marks.pop())
        if name in ("td", "th"):
            self._cells -= 1
        elif name in _BLOCKS:
            self._end_block()
            if self._kinds and name in _NAMED_KINDS:
                self._kinds.pop()
            elif self._numbers and name in ("ol", "ul"):
                self._numbers.pop()
            elif name == "li":
                self._number, self._bullet = "", False
        elif name == "a" and tag.get("href"):
            self._links -= 1
        self._bolds -= _is_bold(tag)

    def finish(self) -> list[Line]:
        """All lines that have text."""
        self._end_line()
        return self._lines

    def _append(self, text: str) -> None:
        if not text:
            return
        space = self._space()
        if (
            space == " "
            and self._pending_space == "\n"
            and ord(text[0]) > 0x2E7F
            and ord(self._pieces[-1][-1]) > 0x2E7F
        ):
            space = ""
        self._pending_space = ""
        before = space + self._number
        self._number = ""
        if before:
            self._pieces.append(before)
            self._length += len(before)
        for mark in self._open_marks:
            if mark.start is None:
                mark.start, mark.first_piece = self._length, len(self._pieces)
        is_bold_so_far = self._bold == self._length - len(before)
        self._pieces.append(text)
        self._length += len(text)
        if self._bolds and is_bold_so_far:
            self._bold = self._length
        if self._links:
            self._link_text += len(text)

    def _space(self) -> str:
        """The space owed before the next text: none at the start of a line or of a cell."""
        return " " if self._pending_space and self._pieces and not self._pieces[-1].endswith("\t") else ""

    def _begin_cell(self) -> None:
        self._cells += 1
        if self._cells > 1:
            self._pending_space = " "
            return
        if self._in_row:
            self._pieces.append("\t")
            self._length += 1
        self._in_row = True
        self._pending_space = ""

    def _begin_item(self, tag: Tag) -> None:
        """What an item begins with is kept until its first text, which may stand in a paragraph of its own."""
        if not self._numbers:
            return
        number = self._numbers[-1]
        if number is None:
            self._bullet = True
        else:
            number = _number_of(tag, "value", number)
            self._number = f"{number}. "
            self._numbers[-1] = number + 1

    def _end_block(self) -> None:
        if self._cells:
            self._pending_space = " "
        else:
            self._end_line()
            self._begins = True

    def _end_line(self) -> None:
        for mark in self._open_marks:
            self._close_mark(mark)
        self._open_marks = [mark for mark in self._open_marks if mark.start is None]
        text = "".join(self._pieces).rstrip()
        if text:
            self._lines.append(self._line(text))
            self._bullet = False
        self._pieces, self._length, self._marks, self._bold = [], 0, [], 0
        self._pending_space = ""
        self._link_text, self._link = 0, None
        self._in_row = False

    def _line(self, text: str) -> Line:
        is_row = "\t" in text
        name = self._kinds[-1] if self._kinds else ""
        kind = "row" if is_row else "quote" if name == "blockquote" else "heading" if name else "text"
        begins = self._begins
        if self._in_row:
            begins, self._in_new_table = self._in_new_table, False
        return Line(
            text,
            tuple(self._marks),
            kind,
            self._link_text,
            self._link,
            level=int(name[1]) if kind == "heading" else 0,
            begins=begins,
            bullet=self._bullet,
            depth=len(self._numbers),
            bold=min(self._bold, len(text)),
        )

    def _close_mark(self, mark: _OpenMark) -> None:
        """Note what is marked on the line where the mark begins; what goes on over its end is the same security."""
        if mark.start is not None:
            written_as = "".join(self._pieces[mark.first_piece :]).rstrip()
            self._marks.append(Mark(mark.symbol, written_as, mark.start, mark.start + len(written_as)))


def _number_of(tag: Tag, attribute: str, otherwise: int) -> int:
    value = str(tag.get(attribute, ""))
    return int(value) if value.isdecimal() and len(value) < 6 else otherwise


def _is_bold(tag: Tag) -> bool:
    if tag.name in ("b", "strong"):
        return True
    style = str(tag.attrs.get("style", "")) if tag.attrs else ""
    return "weight" in style and bool(_BOLD.search(style))

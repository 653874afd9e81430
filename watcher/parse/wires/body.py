"""The body of a wire story: markup, or markup written as text, becomes lines without captions, notes and sign-offs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from watcher.parse.markup import Line, make_tree, read_tree
from watcher.parse.wires.agencies import is_sign_off
from watcher.parse.wires.plain import is_wrap, read_plain, wrapping_width
from watcher.parse.xml_tree import Element, attribute, name_of

_IN_HTML = {"hl1": "h2", "hl2": "h2", "hedline": "div", "block": "div", "bq": "blockquote", "credit": "p"}
"""Elements of NITF by their relatives in HTML."""
_PARAGRAPHS = dict.fromkeys(("para", "paragraph", "par", "absatz"), "p")
_INLINE_HTML = frozenset("a abbr b cite code del em i ins mark q s small span strike strong sub sup u".split())
_BLOCK_HTML = frozenset(
    "address article aside blockquote body caption center col colgroup dd div dl dt figure footer h1 h2 h3 h4 h5 h6 "
    "header hr html li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
HTML_NAMES = _INLINE_HTML | _BLOCK_HTML | {"br"}
_EMPTY = frozenset(("br", "hr", "col"))
_NOT_THE_STORY = frozenset(
    "head title media media-caption media-producer media-metadata media-reference nitf-table-metadata body.head "
    "body.end tagline script style figcaption img object video audio iframe svg".split()
)
_PRIVATE_NOTES = frozenset(("npa", "editorsnote"))
"""Notes that are not for publication, by type or class (NITF 3)."""

_TAG = re.compile(r"</?(?P<name>[a-z][a-z0-9]{0,10})(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
_BREAK_TAG = re.compile(r"</?(?:p|br|div)(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)

_NOT_FOR_PUBLICATION = re.compile(
    r"not (?:intended )?for publication|nicht zur Veröffentlichung|pas destinées? à (?:être publié|la publication)"
    r"|no (?:es |son )?para (?:su )?publicación|non destinat[aeio] alla pubblicazione",
    re.IGNORECASE,
)
_RULE = re.compile(r"[\W_]{3,}")
_TOP_LINES = 2
"""A note this near to the top is about the story below it (an embargo), not about what follows."""


def read_element(element: Element) -> list[Line]:
    """The lines of an element that holds NITF, XHTML or their like."""
    return read_markup("".join(_html_of(element)))


def read_markup(html: str) -> list[Line]:
    """The lines of an HTML story. Breaks that only wrap its lines at a column are no ends of lines."""
    tree = make_tree(html)
    for caption in tree.find_all("figcaption"):
        caption.decompose()
    for block in tree.find_all("pre"):
        if not block.decomposed:
            _read_preformatted(tree, block)
    _unwrap_breaks(tree)
    return read_tree(tree)


def read_text(text: str, *, is_plain: bool = False) -> list[Line]:
    """The lines of a story in plain text, or in markup written as text; `is_plain` where its agency says the first."""
    names = {found["name"].lower() for found in _TAG.finditer(text)}
    if names & HTML_NAMES and not (is_plain and names <= {"p", "br", "div"}):
        return read_markup(text)
    return read_plain(_BREAK_TAG.sub("\n\n", text), escaped=True)


def tidy(lines: Sequence[Line], title: str | None, names: Sequence[str]) -> list[Line]:
    """The story itself: without its title once more, notes for newsrooms, and the initials of those who wrote it.

    `names` are what its agency is called in its own fields.
    """
    kept = list(lines)
    if title and len(kept) > 1 and kept[0].text == title:
        kept.pop(0)
    kept = kept[: _start_of_notes(kept)]
    while len(kept) > 1 and is_sign_off(kept[-1].text, names):
        kept.pop()
    return kept


def _start_of_notes(lines: list[Line]) -> int:
    """Where what is not for publication begins, with the headings (``# NOTEBOOK``) and rules right above it."""
    for index in range(_TOP_LINES, len(lines)):
        if _NOT_FOR_PUBLICATION.search(lines[index].text):
            headings = (above for above in range(1, index) if lines[above].text.startswith("# "))
            start = next(headings, index)
            while start > 1 and _RULE.fullmatch(lines[start - 1].text):
                start -= 1
            return start
    return len(lines)


def _html_of(root: Element) -> Iterator[str]:
    """An element as HTML, on a stack of its own; what is not the story is left out."""
    stack: list[Element | str] = [root]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            yield top
            continue
        name = name_of(top)
        tail = "" if top is root else escape(top.tail or "", quote=False)
        if top is not root and _is_beside_the_story(top, name):
            yield tail
            continue
        tag = _IN_HTML.get(name) or _PARAGRAPHS.get(name)
        tag = tag or (name if name in HTML_NAMES else "div" if top is root else "span")
        yield f"<{tag}>{escape(top.text or '', quote=False)}"
        stack.append(tail if tag in _EMPTY else f"</{tag}>{tail}")
        stack += reversed(top)


def _is_beside_the_story(element: Element, name: str) -> bool:
    if name == "note":
        return not _PRIVATE_NOTES.isdisjoint((attribute(element, "type"), attribute(element, "noteclass")))
    return not name or name in _NOT_THE_STORY


def _read_preformatted(tree: BeautifulSoup, block: Tag) -> None:
    """Make the lines of a ``<pre>``, where alone line breaks count in HTML, paragraphs."""
    lines = read_plain(block.get_text())
    block.clear(decompose=True)
    block.name = "div"
    for line in lines:
        paragraph = tree.new_tag("tr" if line.kind == "row" else "p")
        for cell in line.text.split("\t") if line.kind == "row" else ():
            paragraph.append(tree.new_tag("td", string=cell))
        if line.kind != "row":
            paragraph.append(line.text)
        block.append(paragraph)


@dataclass(slots=True)
class _Break:
    """A ``<br>``, how many characters stand before it on its line, and the text behind it."""

    tag: Tag
    length: int
    following: str = ""


def _unwrap_breaks(tree: Tag) -> None:
    """Turn the ``<br>`` that only wrap a paragraph at a column into spaces."""
    breaks: list[_Break] = []
    last: _Break | None = None
    length = 0
    for node in tree.descendants:
        if isinstance(node, Tag):
            if node.name == "br":
                last = _Break(node, length)
                breaks.append(last)
                length = 0
            elif node.name not in _INLINE_HTML:
                last, length = None, 0
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            text = " ".join(node.split())
            length += len(text)
            if text and last:
                last.following, last = text, None
    breaks = [one for one in breaks if one.following]
    width = wrapping_width([one.length for one in breaks])
    for one in breaks:
        if width and is_wrap(one.length, one.following, width):
            one.tag.name = "span"
            one.tag.append(" ")

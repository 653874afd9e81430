"""Plain text as wires send it: wrapped at a column by hand or by machine, paragraphs indented, tables in spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from watcher.parse.markup import Line, one_line, plain_text

_LEAST_LINES = 3
_NARROWEST, _WIDEST = 40, 110
"""Characters of the lines that wires wrap, 64 to 80 usually. Shorter ones are a list, longer ones are paragraphs."""
_SHARE_WITHIN = 0.8
"""So many of the wrapped lines are no longer than the column: a table or a long word may stick out."""

_RAGGED = 0.85
"""A line this full is wrapped: columns are counted with indents, and some agencies hyphenate no word."""

_COLUMNS = re.compile(r"\S+(?: \S+)*(?:(?: {2,}|\t)\S+(?: \S+)*){2,}")
_DIGIT = re.compile(r"\d")
_WIDEST_ROW = 300
_GAP = re.compile(r" {2,}|\t")
_INDENT = re.compile(r"[ \u3000]{2}|[\t\u3000]")
_IDEOGRAPHS = "\u2e80"
"""From here on characters are written without spaces between words."""


def read_plain(text: str, *, escaped: bool = False) -> list[Line]:
    """The paragraphs of plain text: parted by empty lines or indents, their hard-wrapped lines joined again.

    A line of three or more columns, parted by several spaces, is a row of a table; numbers make it one.
    """
    blocks = list(_blocks(text))
    width = wrapping_width([len(line.strip()) for block in blocks for line in block[:-1]])
    clean = plain_text if escaped else one_line
    lines: list[Line] = []
    for block in blocks:
        in_table = False
        for paragraph in _paragraphs([line.strip() for line in block], width):
            if "\t" in paragraph:
                row = "\t".join(clean(cell) for cell in paragraph.split("\t"))
                lines.append(Line(row, kind="row", begins=not in_table))
            elif cleaned := clean(paragraph):
                lines.append(Line(cleaned))
            in_table = "\t" in paragraph
    return lines


def wrapping_width(lengths: Sequence[int]) -> int | None:
    """The column at which lines of these lengths are wrapped; `None` where they are not."""
    if len(lengths) < _LEAST_LINES:
        return None
    width = sorted(lengths)[int(len(lengths) * _SHARE_WITHIN)]
    return width if _NARROWEST <= width <= _WIDEST else None


def is_wrap(length: int, following: str, width: int) -> bool:
    """Whether a line of this length ends only because the next word did not fit in."""
    word = following[0] if following[0] >= _IDEOGRAPHS else following.split(maxsplit=1)[0]
    return length + 1 + len(word) > width * _RAGGED


def _blocks(text: str) -> Iterator[list[str]]:
    """The lines that stand together: an empty line ends them, an indent among lines without begins new ones."""
    block: list[str] = []
    for line in text.splitlines():
        is_indented = bool(_INDENT.match(line))
        if block and (not line.strip() or (is_indented and not _INDENT.match(block[-1]))):
            yield block
            block = []
        if line.strip():
            block.append(line)
    if block:
        yield block


def _paragraphs(lines: list[str], width: int | None) -> Iterator[str]:
    """The lines of a block, wrapped ones joined; the cells of a row are parted by tabs."""
    rows = {line for line in lines if len(line) <= _WIDEST_ROW and _COLUMNS.fullmatch(line)}
    if not any(_DIGIT.search(row) for row in rows):
        rows = set()
    pieces: list[str] = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if line in rows:
            yield "\t".join(_GAP.split(line))
        elif following is None or not width or following in rows or not is_wrap(len(line), following, width):
            yield "".join((*pieces, line))
            pieces = []
        else:
            between = "" if line[-1] >= _IDEOGRAPHS and following[0] >= _IDEOGRAPHS else " "
            pieces += (line, between)

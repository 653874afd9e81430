"""Lines of clean text: what readers make of any markup, and what digests and boilerplate are told by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from watcher.model import Mark

_STRAY_FENCE = re.compile(r"`{3,}\w{0,20}$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of clean text and what is known about it."""

    text: str
    marks: tuple[Mark, ...] = ()
    """Offsets count from the start of this line."""
    kind: str = "text"
    """``text``, ``heading``, ``quote`` or ``row``."""
    link_text: int = 0
    """How many of its characters are link text, white space not counted."""
    link: str | None = None
    """The address of its first link."""
    level: int = 0
    """Of a heading, 1 to 6."""
    begins: bool = True
    """Whether a block begins with it: not so behind a line break in a paragraph, nor for later rows of a table."""
    bullet: bool = False
    """Whether an item of an unnumbered list begins with it; the number of a numbered one is in the text."""
    depth: int = 0
    """In how many lists it stands."""
    bold: int = 0
    """How many characters at its beginning are bold."""

    @property
    def is_only_links(self) -> bool:
        """Whether nothing but links, and what separates them, stands on this line."""
        characters = len("".join(self.text.split()))
        return self.link_text > 0 and characters - self.link_text <= 3 * self.text.count("｜") + 3

    def cut(self, end: int) -> Line:
        """The line up to `end`, without white space before it."""
        text = self.text[:end].rstrip()
        marks = tuple(mark for mark in self.marks if mark.end <= len(text))
        return replace(self, text=text, marks=marks, bold=min(self.bold, len(text)))

    def without_stray_fence(self) -> Line:
        """The line without the three ticks that somebody left at its end."""
        found = _STRAY_FENCE.search(self.text) if "```" in self.text else None
        return self.cut(found.start()) if found and found.start() else self

    def without_beginning(self, end: int) -> Line:
        """The line from `end` on, without white space before it."""
        end += len(self.text[end:]) - len(self.text[end:].lstrip())
        marks = tuple(
            mark._replace(start=mark.start - end, end=mark.end - end) for mark in self.marks if mark.start >= end
        )
        return replace(self, text=self.text[end:], marks=marks, bold=max(self.bold - end, 0))


def join_lines(lines: Iterable[Line]) -> tuple[str, tuple[Mark, ...]]:
    """The lines as one text, and the marks with offsets in it. An empty line tells two tables apart."""
    texts: list[str] = []
    marks: list[Mark] = []
    offset = 0
    in_table = False
    for line in lines:
        if in_table and line.kind == "row" and line.begins:
            texts.append("")
            offset += 1
        in_table = line.kind == "row"
        marks += (mark._replace(start=mark.start + offset, end=mark.end + offset) for mark in line.marks)
        texts.append(line.text)
        offset += len(line.text) + 1
    return "\n".join(texts), tuple(marks)

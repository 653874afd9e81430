"""Chinese text that was broken at a column, as mails and terminals break it: a word must not be cut in two."""

from __future__ import annotations

import re
import unicodedata

_NARROWEST, _WIDEST = 36, 120
"""Columns of such lines, a Chinese character counting two; shorter ones are a list, longer ones paragraphs."""
_FEWEST_LINES = 3
_SLACK = 4
"""An indent, a character that did not fit in, or a punctuation mark that hangs over."""
_ENDS = "。！？!?：:；;"
_BEGINS_ANEW = re.compile(
    r"[\s\u3000#>*+|【\-]|\d{1,3}[、.．)）]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、"
)


def unwrap(text: str) -> str:
    """The same text with lines joined that only a column had parted; as it is where nothing tells that one did."""
    lines = text.split("\n")
    widths = [_columns(line.rstrip()) for line in lines]
    column = max(widths, default=0)
    full = [width >= column - _SLACK for width in widths]
    if not _NARROWEST <= column <= _WIDEST or sum(full) < _FEWEST_LINES:
        return text
    pieces: list[str] = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        line = line.rstrip()
        is_cut = (
            full[index]
            and line[-1:] not in _ENDS
            and bool(following.strip())
            and not _BEGINS_ANEW.match(following)
            and _is_chinese(line[-1:])
            and _is_chinese(following[:1])
        )
        pieces.append(line if is_cut else line + "\n")
    return "".join(pieces).removesuffix("\n")


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line[: _WIDEST + 1])


def _is_chinese(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"

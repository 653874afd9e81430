"""Characters that mean the same become the same, without moving any offset.

Every character stays one character, so a place found in folded text is the same place in the stored text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of what is never seen and so can fake or hide text: controls, bidi and zero-width characters,
surrogates, line separators."""

_NARROW = {0xFF01 + i: 0x21 + i for i in range(0x5E)} | {0x3000: 0x20, 0xA0: 0x20}
_COMMONEST = tuple((mark, chr(_NARROW[ord(mark)])) for mark in "，：（）；？！％\u3000\xa0")
_WIDE = re.compile(r"[\uff01-\uff5e\u3000\xa0]+")
_SHORT = 100
"""Characters up to which one pattern is quicker than a look for each of the commonest: names, not articles."""
_OTHERS = re.compile(r"[\uff01-\uff5e]+")
_BEGINNINGS_OF_OTHERS = (b"\xef\xbc", b"\xef\xbd")
"""Of all characters from U+FF00 to U+FF7F in UTF-8, where they are looked for ten times as fast as in the text."""


def narrow(text: str) -> str:
    """Full-width letters, digits and punctuation become ASCII: ``（３００５４６）`` is ``(300546)``."""
    if text.isascii():
        return text
    if len(text) < _SHORT:
        return _WIDE.sub(_narrow, text)
    for wide, ascii in _COMMONEST:  # Five times as fast as `str.translate`, which asks for every character.
        text = text.replace(wide, ascii)
    encoded = _encode(text)
    return _OTHERS.sub(_narrow, text) if any(begin in encoded for begin in _BEGINNINGS_OF_OTHERS) else text


def fold(text: str) -> str:
    """As `narrow`, and Latin letters become lower case, traditional characters simplified: 騰訊 is 腾讯."""
    return fold_narrowed(narrow(text))


def fold_narrowed(text: str) -> str:
    """As `fold`, of a text that is narrowed already."""
    # Of bytes only the ASCII letters become lower case; of text İ would become two characters.
    folded = _encode(text).lower().decode("utf-8", "surrogatepass")
    simplified = _simplifier().convert(folded) if not folded.isascii() else folded
    return simplified if len(simplified) == len(folded) else folded  # Places must hold, whatever a new table brings.


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _narrow(found: re.Match[str]) -> str:
    return found[0].translate(_NARROW)


@cache
def _simplifier() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is a word of its own where it begins or ends in a Latin letter or digit.

    ``mac`` does not stand alone in ``machine``, but does in ``苹果mac电脑``: Chinese neighbours do not join on.
    """
    return not (
        (start > 0 and _joins(text[start - 1]) and _joins(text[start]))
        or (end < len(text) and _joins(text[end - 1]) and _joins(text[end]))
    )


def _joins(character: str) -> bool:
    return character.isascii() and character.isalnum()

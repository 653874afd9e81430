r"""Regular expressions that say no more than words do: ``减持|增持``, ``\bai\b``."""

from __future__ import annotations

import re

_CLASS = r"\[(?:a-z|A-Z|0-9|_|\\w|\\d)+\]"
_OPENS = rf"(?P<opens>\\b|\(\?<!(?:{_CLASS}|\\w)\))?"
_CLOSES = rf"(?P<closes>\\b|\(\?!(?:{_CLASS}|\\w)\))?"
_ALTERNATIVE = re.compile(
    rf"{_OPENS}(?P<text>(?:[^\\^$.|?*+()\[\]{{}}]|\\[^A-Za-z0-9\s])+){_CLOSES}", re.IGNORECASE | re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)")
_WHOLE_GROUP = re.compile(r"\((?:\?:)?(?P<inside>(?:[^()\\\[]|\\.|\(\?<?![^()]*\))*)\)", re.DOTALL)
_LATIN = re.compile(r"[A-Za-z0-9]")


def plain_words(source: str) -> tuple[str, ...] | None:
    r"""The words of which any is looked for, or `None` where the expression says more than a list of words.

    A Latin word must be bounded (``\bai\b``, ``(?<![a-z])ai(?![a-z])``): else it is also found within others.
    """
    if whole := _WHOLE_GROUP.fullmatch(source):
        source = whole["inside"]
    found = [_ALTERNATIVE.fullmatch(part) for part in source.split("|")]
    words = [_word(one) if one else None for one in found]
    return tuple(word for word in words if word) if all(words) else None


def _word(found: re.Match[str]) -> str | None:
    text = _ESCAPED.sub(r"\1", found["text"])
    if text != text.strip():
        return None
    for edge, bound in ((text[0], found["opens"]), (text[-1], found["closes"])):
        if bool(_LATIN.match(edge)) != bool(bound):
            return None
    return text

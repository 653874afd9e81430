"""Which language a text is in, told by its script, where nothing states it."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30fa]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_ENGLISH = re.compile(
    r"\b(?:the|and|of|to|in|for|with|its|that|said|were|was|is|on|at|by|from|as|has|after|over|up|says|will)\b",
    re.IGNORECASE,
)
_WORDS_FOR_ONE = 25
"""Of so many English words at least one is among the commonest; a headline has few of them."""
_CHARACTERS = 4000


def language_of(title: str | None, body: str) -> str | None:
    """``zh``, ``ja``, ``ko`` or ``en``; `None` where the letters alone do not tell, as in Danish or Spanish."""
    text = f"{title or ''} {body[:_CHARACTERS]}"
    han = len(_HAN.findall(text))
    if len(_KANA.findall(text)) > han // 4:  # A brand name in a Chinese report makes no Japanese.
        return "ja"
    if len(_HANGUL.findall(text)) > han:
        return "ko"
    if han:
        return "zh"
    words = _ENGLISH.findall(text)
    return "en" if words and len(words) * _WORDS_FOR_ONE >= len(text.split()) else None

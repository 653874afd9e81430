"""Text that was broken before it came to us: UTF-8 read as GBK or as Latin-1, and saved so."""

from __future__ import annotations

import re

_KINDS = (
    # What U+FFFD becomes when it is written as UTF-8 and read as GBK, again and again.
    ("锟斤拷", re.compile(r"锟斤拷|斤拷锟|锟\ufffd拷"), 3),
    # Uninitialised memory of a debug build: 0xCC, 0xCD.
    ("烫烫烫", re.compile(r"(?:烫烫|屯屯){2,}"), 2),
    # UTF-8 read as Latin-1 or Windows-1252.
    ("ï¿½", re.compile(r"ï¿½"), 2),
    ("â€™", re.compile(r"â€[™œ\x9d\x9c\x99\u201c\u201d˜¦“”]|â\x80[\x93\x94\x98\x99\x9c\x9d\xa6]"), 2),
    ("Ã©", re.compile(r"Ã[\x80-\xbf©¨¼¶¤±³¡§¢ªº«»]|Â[\xa0£©®°·]"), 3),
    ("å…¬å", re.compile(r"(?:[äåæçèé][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ¡-¿]{2}){2,}"), 2),
)
_ABOUT_IT = re.compile(r"乱码|编码|字符集|mojibake|encoding|unicode|UTF-?8", re.IGNORECASE)
_PER_THOUSAND = 4
"""So many of them in a thousand characters are not quoted, they are what the text is made of."""
_PER_THOUSAND_ABOUT_IT = 60
"""The same in a text that speaks of broken encodings, and gives examples."""
_CHARACTERS = 200_000
_SAMPLE = 4000
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LEAST_HAN = 8


def mojibake_in(text: str) -> str | None:
    """What kind of broken text a text is full of, in words for a person; `None` for sound text.

    A word or two of it may be quoted, and an article about it is full of examples: both are sound.
    """
    text = text[:_CHARACTERS]
    limit = _PER_THOUSAND_ABOUT_IT if _ABOUT_IT.search(text) else _PER_THOUSAND
    for name, pattern, least in _KINDS:
        count = sum(1 for _ in pattern.finditer(text))
        if count >= least and count * 1000 >= limit * len(text):
            return f"broken text that cannot be put right ({name}, {count} times)"
    return "broken text: UTF-8 that was read as GBK" if _is_utf8_read_as_gbk(text[:_SAMPLE]) else None


def _is_utf8_read_as_gbk(text: str) -> bool:
    """Whether the bytes that the text has in GBK are UTF-8: those of Chinese that was ever sound hardly are."""
    again = text.encode("gb18030", "replace").decode("utf-8", "replace")
    return len(_HAN.findall(again)) > max(_LEAST_HAN, again.count("\ufffd"))

"""Bytes become text, by our own rules: wrong labels and broken bytes are everyday news."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from watcher.errors import UnreadableError
from watcher.kinds import binary_kind

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""")

# Pages labelled gb2312 or gbk hold characters of the larger set every day (镕, €): reliability row P1.
_WIDER = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}

_LONG_ASCII = re.compile(rb"([\x00-\x7f])[\x00-\x7f]{3,}")
"""The first byte of such a run may be the second byte of a Chinese character."""

_OFTEN_WRONG = re.compile("gb|big5|iso8859|cp125")
"""Labels that stand on pages that were never in them: what servers and editors set by themselves. Nobody writes
``euc-kr`` by mistake, whose bytes would pass for Chinese."""
_HAN = re.compile("[\u3400-\u9fff]")
_LAST_OF_THE_USUAL = (("gb2312", b"\xd7"), ("big5", b"\xc6"))
"""The first bytes up to which the standards put their first level of characters."""
_SAMPLE_CHARACTERS = 400
_FEWEST_CHARACTERS = 4
_USUAL = 0.8
"""Share of usual characters from which a text is taken to be Chinese."""

_SAMPLE_BYTES = 65_536
"""What the encoding guess looks at; charset-normalizer takes seconds for megabytes."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it came from, and what had to be put right."""

    text: str
    encoding: str
    repairs: tuple[str, ...] = ()


def decode(data: bytes, *, expected: str | None = None) -> Decoded:
    """The text in these bytes.

    In this order: byte-order mark, the folder's `expected` encoding, strict UTF-8, nearly UTF-8 (a character cut
    off, a byte broken), the encoding the document declares, a guess between GB18030 and Big5, UTF-8 with
    replacement. Each departure from strict decoding is a repair. Raises `UnreadableError` for binary data and
    where more than one character in ten cannot be decoded.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data, encoding) or _replaced(data, encoding)
    if kind := binary_kind(data):
        raise UnreadableError(f"{kind}, not text")
    if b"\0" in data:
        return _with_nuls(data)
    if expected and (decoded := _strict(data, expected)):
        return decoded
    return _strict(data, "utf-8") or _nearly_utf8(data) or _declared(data) or _guessed(data) or _replaced(data, "utf-8")


def _strict(data: bytes, encoding: str) -> Decoded | None:
    wider = _WIDER.get(encoding.lower(), encoding)
    try:
        return Decoded(data.decode(wider), wider.removesuffix("-sig"))
    except (UnicodeDecodeError, LookupError):
        return None


def _nearly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few broken bytes: gb18030 would accept one in twenty of these as rubbish (row P8)."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(1 for character in text if character > "\x7f")
    if broken * 20 <= beyond_ascii or (broken == 1 and text.endswith("\ufffd") and beyond_ascii > 2):
        return _replaced(data, "utf-8")
    return None


def _declared(data: bytes) -> Decoded | None:
    """By the label, unless the text is plainly Chinese in another encoding: labels are copied from page to page."""
    found = _DECLARED.search(data[:2048])
    decoded = _strict(data, found[1].decode("ascii")) if found else None
    if found is None or decoded is None:
        return None
    if not _OFTEN_WRONG.match(codecs.lookup(decoded.encoding).name):
        return decoded
    sureness = _share_of_usual(decoded.text)
    for encoding in ("gb18030", "big5hkscs"):
        other = _strict(data, encoding) if encoding != decoded.encoding and sureness < _USUAL else None
        if other and _share_of_usual(other.text) >= _USUAL:
            return Decoded(other.text, encoding, (f"labelled {found[1].decode('ascii')}, read as {encoding}",))
    return decoded


def _share_of_usual(text: str) -> float:
    """How many of the Chinese characters are usual ones: nearly all in right text, one in three in rubbish."""
    characters = _HAN.findall(text, 0, _SAMPLE_BYTES)[:_SAMPLE_CHARACTERS]
    if len(characters) < _FEWEST_CHARACTERS:
        return 0.0
    return sum(map(_is_usual, characters)) / len(characters)


def _is_usual(character: str) -> bool:
    """Whether it is among the 3,755 that GB 2312 or the 5,401 that Big5 puts first."""
    return any(b"" < character.encode(encoding, "ignore")[:1] <= last for encoding, last in _LAST_OF_THE_USUAL)


def _guessed(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    # Left to itself it is wrong on half of the short Chinese texts; between these it is right on all but the shortest.
    # Markup would drown the few Chinese words of a page in ASCII, so of long ASCII runs only the ends stay.
    sample = _LONG_ASCII.sub(rb"\1 ", data)[:_SAMPLE_BYTES]
    best = from_bytes(sample, cp_isolation=["gb18030", "big5hkscs", "big5"]).best()
    if best is None:
        return None
    return _strict(data, best.encoding) or _replaced(data, _WIDER.get(best.encoding, best.encoding))


def _with_nuls(data: bytes) -> Decoded:
    """UTF-16 without its mark, or text with a stray NUL; everything else with NULs in it is no text."""
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # The NULs of UTF-16 stand beside its ASCII, on one side; a few characters (㐀 is 34 00) have theirs on the other.
    if max(even, odd) >= 2 and max(even, odd) > 10 * min(even, odd):
        decoded = _strict(data, "utf-16-be" if even > odd else "utf-16-le")
        if decoded:
            return decoded
    nuls = data.count(0)
    decoded = _strict(data.replace(b"\0", b""), "utf-8")
    if decoded and nuls <= 1 + len(data) // 50:
        return Decoded(decoded.text, decoded.encoding, (f"{nuls} NUL {'byte' if nuls == 1 else 'bytes'} removed",))
    raise UnreadableError("binary data, not text")


def _replaced(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    broken = text.count("\ufffd")
    if broken * 10 > len(text):
        raise UnreadableError("undecodable: neither UTF-8, UTF-16, GB18030 nor Big5")
    at_end = " at its end" if broken == 1 and text.endswith("\ufffd") else ""
    repair = f"{broken} broken {'character' if broken == 1 else 'characters'}{at_end} replaced by \ufffd"
    return Decoded(text, encoding.removesuffix("-sig"), (repair,))

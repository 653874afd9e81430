"""The words of an e-mail: headers and parts decoded, whatever they claim to be."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from email.message import Message

from watcher.decoding import decode
from watcher.errors import UnreadableError
from watcher.parse.markup import one_line

_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([BbQq])\?([^?]*)\?=")
_SINGLE_BYTE = re.compile(r"(?:iso-?8859|windows-12|cp12|latin|us-ascii|ascii|macroman|mac-)", re.IGNORECASE)
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""What Python decodes and no mail is written in; the first takes minutes for a megabyte."""

_REPLY = re.compile(
    r"(?:(?:re|fwd?|aw|wg|tr|sv|vs|rv|enc|回复|答复|转发|轉寄|回覆)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_ADDRESS_WITH_COMMENT = re.compile(r"(?P<address>[^\s@]{1,64}@[^\s@]{1,255})\s*\((?P<name>[^()]+)\)")


def header_text(raw: object, expected: str | None) -> str:
    """A header as its sender meant it: encoded words read, raw bytes of any encoding too."""
    text = " ".join(str(raw).split()) if isinstance(raw, str) else ""
    pieces: list[tuple[str | None, bytes]] = []
    position = 0
    for found in _ENCODED_WORD.finditer(text):
        between = text[position : found.start()]
        if not pieces or pieces[-1][0] is None or between.strip():
            pieces.append((None, _bytes_of(between)))
        charset, word = found[1].lower(), _bytes_of_word(found[2], found[3])
        if pieces[-1][0] == charset:
            # One character may be split between two words.
            pieces[-1] = (charset, pieces[-1][1] + word)
        else:
            pieces.append((charset, word))
        position = found.end()
    pieces.append((None, _bytes_of(text[position:])))
    return one_line("".join(bytes_text(data, charset or expected) for charset, data in pieces))


def _bytes_of(text: str) -> bytes:
    """What stood in the file: the parser keeps bytes beyond ASCII as surrogates."""
    return text.encode("utf-8", "surrogateescape")


def _bytes_of_word(kind: str, word: str) -> bytes:
    data = _bytes_of(word)
    if kind in "Qq":
        return quopri.decodestring(data.replace(b"_", b" "), header=False)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return data


def bytes_text(data: bytes, charset: str | None) -> str:
    """Bytes as text. A charset that takes any byte is not believed where the bytes are UTF-8 all the same."""
    if charset and not _is_charset(charset):
        charset = None
    try:
        if charset and _SINGLE_BYTE.match(charset) and not data.isascii():
            try:
                return data.decode("utf-8")
            except UnicodeDecodeError:
                pass
        if charset and not data.isascii():
            return decode(data, expected="windows-1252" if charset.lower() == "iso-8859-1" else charset).text
        if charset:
            return data.decode(charset, "replace")  # UTF-7, ISO-2022 and HZ write everything in ASCII.
        return decode(data).text if data else ""
    except (UnreadableError, UnicodeError, LookupError):
        return data.decode("utf-8", "replace")


def _is_charset(name: str) -> bool:
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return codec.name not in _NO_CHARSETS and getattr(codec, "_is_text_encoding", True)


def part_text(part: Message, expected: str | None) -> str:
    """The text of a part, whatever it says of its transfer encoding and charset."""
    charset = charset_of(part) or expected
    return bytes_text(part_bytes(part), charset).replace("\r\n", "\n").replace("\0", "")


def part_bytes(part: Message) -> bytes:
    """What a part holds, its transfer encoding undone as far as that goes."""
    if charset_of(part) is None:
        del part["Content-Type"]  # Or the library would believe in its charset.
    try:
        data = part.get_payload(decode=True)
    except (ValueError, TypeError, AssertionError, LookupError):
        return b""
    return data if isinstance(data, bytes) else b""


def charset_of(part: Message) -> str | None:
    """The charset that a part names, if it is one."""
    try:
        charset = part.get_content_charset()
    except (LookupError, UnicodeError, TypeError, ValueError):
        return None
    return charset if charset and _is_charset(charset) else None


def subject_text(subject: str) -> str:
    """A subject without what replying and forwarding put before it."""
    found = _REPLY.match(subject)
    return subject[found.end() :] if found else subject


def name_and_address(header: str) -> tuple[str, str]:
    """Name and address of a sender, either of them perhaps empty."""
    found = _ADDRESS.match(header) or _ADDRESS_WITH_COMMENT.match(header)
    if found:
        return found["name"].strip().strip("\"'").strip(), found["address"].strip()
    return ("", header) if "@" in header else (header, "")

"""Bytes from disk become a `Page` of text: regular files only, bounded, hashed, decoded by our own rules."""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
import stat
from dataclasses import dataclass

from watcher.errors import NotReadyError, UnreadableError
from watcher.model import FoundFile, Page, Stamp, readable_path

# O_NONBLOCK: opening a named pipe must not wait for its writer. O_NOFOLLOW: a link may lead out of the folder.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_BINARY_KINDS = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x7fELF", "a program"),
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

_SAMPLE_BYTES = 65_536
"""What the encoding guess looks at; charset-normalizer takes seconds for megabytes."""


def read_file(found: FoundFile, *, max_bytes: int) -> Page:
    """The page in a complete file.

    Raises `NotReadyError` for what may pass (changed while reading, no permission, an I/O error), `UnreadableError` for
    what will not (not a regular file, empty, too large, binary, undecodable) and `FileNotFoundError` for a file that is
    gone.
    """
    data = _read_bytes(found.path, os.fsencode(found.folder.path), max_bytes)
    decoded = decode(data, expected=found.folder.encoding)
    return Page(
        name=readable_path(os.path.basename(found.path)),
        text=decoded.text,
        encoding=decoded.encoding,
        sha256=hashlib.sha256(data).hexdigest(),
        timezone=found.folder.timezone,
        source=found.folder.source,
        repairs=decoded.repairs,
    )


def stamp_of(status: os.stat_result) -> Stamp:
    """The ledger's cache key for a file with this `stat`."""
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def describe_irregular(mode: int) -> str | None:
    """What a directory entry is, if it is not a regular file and so never read: reliability row F3."""
    kinds = (
        (stat.S_ISREG, None),
        (stat.S_ISLNK, "a symbolic link; links are not followed"),
        (stat.S_ISFIFO, "a named pipe, not a regular file"),
        (stat.S_ISSOCK, "a socket, not a regular file"),
        (stat.S_ISDIR, "a folder, not a file"),
    )
    return next((kind for test, kind in kinds if test(mode)), "a device, not a regular file")


def _read_bytes(path: bytes, root: bytes, max_bytes: int) -> bytes:
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise UnreadableError("a symbolic link; links are not followed") from error
        if error.errno in (errno.ENXIO, errno.ENODEV):
            raise UnreadableError("a socket or device, not a regular file") from error
        raise NotReadyError(f"cannot be opened: {error.strerror}") from error
    try:
        if _leads_out(descriptor, root):
            raise UnreadableError("a link in its path leads out of the watched folder")
        before = os.fstat(descriptor)
        if kind := describe_irregular(before.st_mode):
            raise UnreadableError(kind)
        if before.st_size > max_bytes:
            raise UnreadableError(_too_large(before.st_size, max_bytes))
        data = _read_up_to(descriptor, max_bytes + 1)
        after = os.fstat(descriptor)
    except OSError as error:
        raise NotReadyError(f"cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)
    if len(data) > max_bytes:
        raise UnreadableError(_too_large(len(data), max_bytes))
    if stamp_of(before) != stamp_of(after) or len(data) != after.st_size:
        raise NotReadyError("changed while it was being read")
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableError("empty")
    return data


def _leads_out(descriptor: int, root: bytes) -> bool:
    """Whether an opened file lies elsewhere than its path says: a folder on the way was swapped for a link (row F4)."""
    try:
        real = os.readlink(f"/proc/self/fd/{descriptor}".encode())
    except OSError:  # Not Linux: there only the last step of a path is guarded, by O_NOFOLLOW.
        return False
    return not real.startswith(os.path.join(os.path.realpath(root), b""))


def _read_up_to(descriptor: int, limit: int) -> bytes:
    pieces: list[bytes] = []
    while limit > 0 and (piece := os.read(descriptor, min(limit, 1 << 20))):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _too_large(size: int, max_bytes: int) -> str:
    return f"too large: {size:,} bytes, the limit is {max_bytes:,} (max_bytes)"


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
    for magic, kind in _BINARY_KINDS:
        if data.startswith(magic):
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
    if found := _DECLARED.search(data[:2048]):
        return _strict(data, found[1].decode("ascii"))
    return None


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

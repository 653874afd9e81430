"""What bytes are, by how they begin: text, or something that has to be taken apart first, or no text at all."""

from __future__ import annotations

import re

_BINARY_KINDS = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an XZ archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x7fELF", "a program"),
)

ZIP, GZIP, ZSTANDARD = b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_TAR_AT, _TAR = 257, b"ustar"

_MAIL_HEADER = re.compile(rb"(?P<name>[!-9;-~]{1,60}):(?:[ \t].*)?\r?\n(?:[ \t]+\S.*\r?\n)*")
_MAIL_NAMES = frozenset(
    b"from to subject date message-id mime-version received return-path delivered-to content-type".split()
)
_MAIL_SENDERS = frozenset(b"from received mime-version return-path".split())
_ENVELOPE = re.compile(rb"From \S+ .*\r?\n")


def binary_kind(data: bytes) -> str | None:
    """What these bytes are in words, if they are known not to be text."""
    if is_tar(data):
        return "a tar archive"
    return next((kind for magic, kind in _BINARY_KINDS if data.startswith(magic)), None)


def is_archive(data: bytes) -> bool:
    """Whether these bytes are an archive that is opened: .zip, .gz, .zst, .tar."""
    return data.startswith((ZIP, GZIP, ZSTANDARD)) or is_tar(data)


def is_tar(data: bytes) -> bool:
    """Whether these bytes are a tar archive."""
    return data[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR


def is_mail(data: bytes) -> bool:
    """Whether these bytes are an e-mail: three header lines on top, two of them a mail's own, one telling its way."""
    position = len(data) - len(data.lstrip(b" \t\r\n"))
    if envelope := _ENVELOPE.match(data, position):
        position = envelope.end()
    names: list[bytes] = []
    while found := _MAIL_HEADER.match(data, position):
        names.append(found["name"].lower())
        position = found.end()
    own = _MAIL_NAMES.intersection(names)
    return len(names) >= 3 and len(own) >= 2 and not own.isdisjoint(_MAIL_SENDERS)

"""What lies in an archive: each member becomes a page of its own, within limits that a bomb runs into (row P15).

Runs where pages are parsed, in a process that can be killed. Names of members are never used as paths.
"""

from __future__ import annotations

import io
import re
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import IO

from watcher.decoding import decode
from watcher.errors import UnparsedError, UnreadableError
from watcher.kinds import GZIP, ZIP, ZSTANDARD, is_archive, is_mail, is_tar
from watcher.model import Page, Unread

_MOST_MEMBERS = 10_000
_MOST_BYTES = 64 << 20
"""Of everything in one archive together; a year of posts of one source has about a tenth of that."""
_HIGHEST_RATIO = 100
"""News shrinks to a fifth, the same line a thousand times over to a fiftieth."""
_RATIO_COUNTS_FROM_BYTES = 1 << 20
_PIECE_BYTES = 1 << 20

_FURNITURE = re.compile(
    r"(?:^|/)(?:\.(?!\.?/)|__MACOSX/|Thumbs\.db$|desktop\.ini$)"
    r"|\.(?:css|js|mjs|map|png|jpe?g|gif|webp|svg|ico|bmp|avif|woff2?|ttf|eot|mp[34]|m4a|mov|webm)$",
    re.IGNORECASE,
)
"""What browsers and packing programs put beside the news."""
_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800

Open = Callable[[], IO[bytes]]


class _BombError(Exception):
    """More comes out of the archive than any news needs."""


def unpack(page: Page) -> Iterator[Page | Unread]:
    """The pages in a page: itself, or the members of the archive that it is, in their order.

    A member that cannot be read is `Unread` with its name; the others go on. Raises `UnparsedError` where the archive
    as a whole cannot be opened.
    """
    if not is_archive(page.data):
        yield page
        return
    purse = _Purse(len(page.data))
    count = 0
    try:
        for name, open_member in _members(page, purse):
            if _FURNITURE.search(name):
                continue
            count += 1
            if count > _MOST_MEMBERS:
                yield Unread("the rest", f"an archive of more than {_MOST_MEMBERS:,} files is not read further")
                return
            yield _page_of(page, name, open_member)
    except _BombError as error:
        yield Unread("the rest", str(error))
    except _BROKEN as error:
        if count == 0:
            raise UnparsedError(f"an archive that cannot be opened: {_plain(error)}") from error
        yield Unread("the rest", f"the archive is broken here: {_plain(error)}")
    if count == 0:
        raise UnparsedError("an archive without news in it")


def _page_of(page: Page, name: str, open_member: Open) -> Page | Unread:
    try:
        with open_member() as file:
            data = file.read(page.max_bytes + 1)
        if len(data) > page.max_bytes:
            return Unread(name, f"too large: more than {page.max_bytes:,} bytes (max_bytes)")
        if not data.strip(b"\0 \t\r\n"):
            return Unread(name, "empty")
        if is_archive(data):
            return Unread(name, "an archive within an archive is not opened")
        member = replace(page, name=name.rpartition("/")[2], data=b"")
        if is_mail(data):
            return replace(member, data=data)
        decoded = decode(data, expected=page.expected_encoding)
        return replace(member, text=decoded.text, encoding=decoded.encoding, repairs=decoded.repairs)
    except UnreadableError as error:
        return Unread(name, str(error))
    except _BROKEN as error:
        return Unread(name, f"cannot be unpacked: {_plain(error)}")


def _members(page: Page, purse: _Purse) -> Iterator[tuple[str, Open]]:
    data = page.data
    if data.startswith(ZIP):
        yield from _zip_members(data, purse)
    elif is_tar(data):
        yield from _tar_members(io.BytesIO(data), purse)
    else:
        stream = io.BufferedReader(_Inflated(data, purse), _PIECE_BYTES)
        if is_tar(stream.peek(1024)):
            yield from _tar_members(stream, None)
        else:
            yield re.sub(r"\.(?:gz|zst|zstd)$", "", page.name, flags=re.IGNORECASE), lambda: stream


def _zip_members(data: bytes, purse: _Purse) -> Iterator[tuple[str, Open]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if {info.filename for info in archive.infolist()[:20]}.intersection(_OFFICE):
            raise UnparsedError("an Office document, e-book or program, not an archive of news")
        for info in archive.infolist():
            if not info.is_dir():
                yield _zip_name(info), partial(_open_zip_member, archive, info, purse)


def _open_zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, purse: _Purse) -> IO[bytes]:
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableError("encrypted with a password")
    return io.BufferedReader(_Counted(archive.open(info), purse))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name; Windows in China writes it in GBK and zipfile reads it as the IBM PC's set of 1981."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _tar_members(stream: IO[bytes], purse: _Purse | None) -> Iterator[tuple[str, Open]]:
    with tarfile.open(fileobj=stream, mode="r|", errors="backslashreplace") as archive:
        for member in archive:
            if member.isreg():  # Links lead out of the archive, devices nowhere.
                file = archive.extractfile(member)
                assert file is not None
                counted = io.BufferedReader(_Counted(file, purse)) if purse else file
                yield member.name, partial(_same, counted)


def _same(file: IO[bytes]) -> IO[bytes]:
    return file


class _Purse:
    """What may still come out of one archive."""

    def __init__(self, packed_bytes: int) -> None:
        self._packed_bytes = packed_bytes
        self._spent = 0

    def spend(self, count: int) -> None:
        """Note that so many bytes came out. Raises `_BombError` where that is more than news ever needs."""
        self._spent += count
        if self._spent > _MOST_BYTES:
            raise _BombError(f"more than {_MOST_BYTES >> 20} MiB are not taken out of one archive")
        if self._spent > max(_RATIO_COUNTS_FROM_BYTES, self._packed_bytes * _HIGHEST_RATIO):
            raise _BombError(f"what is in it is more than {_HIGHEST_RATIO} times as large: no news shrinks like that")


class _Counted(io.RawIOBase):
    """A stream whose bytes are paid for."""

    def __init__(self, file: IO[bytes], purse: _Purse) -> None:
        self._file = file
        self._purse = purse

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        piece = self._file.read(min(len(view), _PIECE_BYTES))
        self._purse.spend(len(piece))
        view[: len(piece)] = piece
        return len(piece)


class _Inflated(io.RawIOBase):
    """What a gzip or Zstandard stream holds, a piece at a time. Raises `EOFError` where it is cut off."""

    def __init__(self, data: bytes, purse: _Purse) -> None:
        self._purse = purse
        self._pieces = _gunzip(data) if data.startswith(GZIP) else _unzstd(data)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._purse.spend(len(piece))
            self._rest = piece
        piece, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(piece)] = piece
        return len(piece)


def _gunzip(data: bytes) -> Iterator[bytes]:
    while data.startswith(GZIP):  # Several streams behind each other are one file.
        inflate = zlib.decompressobj(wbits=31)
        while not inflate.eof:
            piece = inflate.decompress(data, _PIECE_BYTES)
            if not piece and not inflate.unconsumed_tail and not inflate.eof:
                raise EOFError("cut off")
            data = inflate.unconsumed_tail
            yield piece
        data = inflate.unused_data


def _unzstd(data: bytes) -> Iterator[bytes]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    while data.startswith(ZSTANDARD):
        inflate = zstd.ZstdDecompressor()
        try:
            while not inflate.eof:
                if inflate.needs_input and not data:
                    raise EOFError("cut off")
                piece = inflate.decompress(data, _PIECE_BYTES)
                data = b""
                yield piece
        except zstd.ZstdError as error:
            raise EOFError(str(error)) from error
        data = inflate.unused_data


_BROKEN = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the libraries raise for archives that are damaged, encrypted or packed in a way they do not know."""


def _plain(error: Exception) -> str:
    return str(error) or type(error).__name__

"""Bytes from disk become a `Page`: regular files only, bounded, hashed, decoded by our own rules."""

from __future__ import annotations

import errno
import hashlib
import os
import stat

from watcher.decoding import Decoded, decode
from watcher.errors import NotReadyError, UnreadableError
from watcher.kinds import is_archive, is_mail
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


def read_file(found: FoundFile, *, max_bytes: int) -> Page:
    """The page in a complete file.

    Raises `NotReadyError` for what may pass (changed while reading, no permission, an I/O error), `UnreadableError` for
    what will not (not a regular file, empty, too large, binary, undecodable) and `FileNotFoundError` for a file that is
    gone.
    """
    data = _read_bytes(found.path, os.fsencode(found.folder.path), max_bytes)
    taken_apart = is_archive(data) or is_mail(data)
    decoded = Decoded("", "binary") if taken_apart else decode(data, expected=found.folder.encoding)
    return Page(
        name=readable_path(os.path.basename(found.path)),
        text=decoded.text,
        encoding=decoded.encoding,
        sha256=hashlib.sha256(data).hexdigest(),
        timezone=found.folder.timezone,
        agency_timezone=found.folder.agency_timezone,
        source=found.folder.source,
        repairs=decoded.repairs,
        data=data if taken_apart else b"",
        expected_encoding=found.folder.encoding,
        max_bytes=max_bytes,
        found_at=found.found_at,
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

"""What is on disk: folders, files, and the pages they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

State = Literal["stored", "duplicate", "ignored", "failed", "waiting"]

PARSER_VERSION = "2"
"""Raised when the readers improve enough that earlier failures deserve another try."""


def readable_path(path: bytes) -> str:
    r"""A path as text for people: bytes that are not UTF-8 are written as ``\xNN``."""
    return path.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched folder, with what its owner knows about the files in it."""

    path: str
    """Absolute, symbolic links resolved: inotify reports nothing below a link."""
    recursive: bool = True
    include: tuple[str, ...] = ()
    """Globs on the file name; empty means every name."""
    ignore: tuple[str, ...] = ()
    source: str | None = None
    encoding: str | None = None
    timezone: str = "Asia/Shanghai"
    agency_timezone: str = "UTC"
    """Of times in agency formats that name none: UTC, unless this folder itself names a zone."""
    done_marker: str | None = None
    """Ending of the empty file that says that its neighbour is complete (``.done``); without it nothing is read."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What `stat` says of a file: a cache key that saves reading, never an identity."""

    size: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A complete file that the ledger does not know as it is now."""

    path: bytes
    """The exact name on disk, which need not be UTF-8."""
    stamp: Stamp
    folder: Folder
    found_at: datetime
    ignored: str | None = None
    """Why its name keeps it from being read (``its name ends in .tmp``)."""
    hold: str | None = None
    """Why alerts of this file are recorded but not sent (``baseline``, ``no alerts``)."""


@dataclass(frozen=True, slots=True)
class Page:
    """The decoded text of one file and what its bytes were."""

    name: str
    """The file name without folders, readable (undecodable bytes escaped)."""
    text: str
    encoding: str
    sha256: str
    timezone: str
    """Of times that name none."""
    source: str | None = None
    repairs: tuple[str, ...] = ()
    data: bytes = b""
    """What has to be taken apart before it is text (an archive, an e-mail); `text` is empty then."""
    expected_encoding: str | None = None
    """What the folder's owner says of its files, for what is taken out of `data`."""
    max_bytes: int = 8 << 20
    """The largest page that is taken out of `data`."""
    agency_timezone: str = "UTC"
    """Of times in agency formats that name none: UTC, unless the folder itself names a zone."""
    found_at: datetime | None = None
    """When its file was found: what ``published:P1D`` counts from."""


class Unread(NamedTuple):
    """A part of a page that could not be read, beside others that could."""

    where: str
    """``line 5``, ``entry 3``, the name of an archive's member."""
    reason: str


def describe_unread(parts: Sequence[Unread]) -> str:
    """The parts that could not be read in one line, the first of them by name."""
    told = "; ".join(f"{part.where}: {part.reason}" for part in parts[:_MOST_UNREAD_TOLD])
    more = len(parts) - _MOST_UNREAD_TOLD
    return f"{told}; and {more:,} more" if more > 0 else told


_MOST_UNREAD_TOLD = 5

"""The values that flow from stage to stage. All frozen: who set a field has one answer.

Symbols are code + exchange: ``300075.SZ``, ``600519.SH``, ``00700.HK``, ``NIO.US``. Times are aware UTC and end
in ``_at``. Offsets count characters (Unicode code points) of the field they are about, end exclusive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

State = Literal["stored", "duplicate", "ignored", "failed", "waiting"]
Severity = Literal["low", "normal", "high"]
How = Literal["markup", "code", "name"]
Field = Literal["title", "summary", "body"]
PublishedFrom = Literal["field", "meta", "json-ld", "dateline", "body", "title", "file name"]

PARSER_VERSION = "1"
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
    source: str | None = None
    repairs: tuple[str, ...] = ()


class Mark(NamedTuple):
    """A security as the publisher marked it up, where it stands in the body.

    A tuple, as `Evidence` is: there are dozens in an article, and tuples travel between processes ten times as fast.
    """

    symbol: str
    written_as: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One news item."""

    title: str | None
    body: str
    """Clean text: paragraphs on lines of their own, table rows as tab-separated lines."""
    format: str
    summary: str | None = None
    url: str | None = None
    native_id: str | None = None
    source: str | None = None
    publisher: str | None = None
    author: str | None = None
    section: str | None = None
    language: str | None = None
    published_at: datetime | date | None = None
    """Aware UTC; a bare `date` when only the day is known; `None` when nothing says so."""
    published_from: PublishedFrom | None = None
    marks: tuple[Mark, ...] = ()
    repairs: tuple[str, ...] = ()

    def texts(self) -> Iterator[tuple[Field, str]]:
        """The fields a person reads, title first."""
        if self.title:
            yield "title", self.title
        if self.summary:
            yield "summary", self.summary
        yield "body", self.body


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes an article the same article wherever it is seen: SHA-256 of its normalised text."""

    content_hash: str
    body_hash: str
    """The body alone: a copy that lost its title is still recognised by it."""


class Evidence(NamedTuple):
    """Where something was seen: a term, or a security as written, with its place in the article."""

    term: str
    field: Field
    start: int
    end: int
    how: How | None = None
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """An article names a security."""

    symbol: str
    written_as: str
    how: How
    """The strongest of the evidence."""
    confidence: float
    """0 to 1: how sure we are that the security is meant."""
    count: int
    in_title: bool
    first_at: int | None
    """Offset of the first mention in the body."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Security:
    """A listed security and the names it goes by."""

    symbol: str
    name: str
    kind: str = "stock"
    names: tuple[str, ...] = ()
    """Further writings, in the order of preference."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the watchlist.

    It holds for an article that names any of `stocks` or contains any of `keywords`, contains all of `require` and
    none of `exclude`.
    """

    name: str
    stocks: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    severity: Severity = "normal"
    channels: tuple[str, ...] = ()
    """Names of channels; empty means all."""
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """Everything the pure stages need to know, in one immutable value.

    A reload builds a new one and swaps the reference between files. Equal only to itself, so that what a stage
    compiles from it (automata) can be kept beside it.
    """

    rules: tuple[Rule, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Bare code → the symbols that carry it (``300075`` → ``300075.SZ``), for every known security."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Symbol → the names it goes by, for every known security."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule holds for an article, and the words that made it hold."""

    rule: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the pure stages understood of one article."""

    article: Article
    identity: Identity
    mentions: tuple[Mention, ...]
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What a rule owes about an article, before the store knows whether the story was alerted already."""

    rule: str
    severity: Severity
    headline: str
    excerpt: str
    symbols: tuple[str, ...]
    terms: tuple[str, ...]
    channels: tuple[str, ...]
    held: str | None = None
    """Why it is recorded but not sent: ``baseline``, ``max_age``, ``no alerts``."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One file taken in: what was understood of it, or why nothing was."""

    found: FoundFile
    page: Page | None = None
    readings: tuple[Reading, ...] = ()
    owed: tuple[tuple[Owed, ...], ...] = ()
    """What the rules owe about each of the readings."""
    same_as: int | None = None
    """The file whose bytes these are too, and whose articles are therefore seen again."""
    reason: str | None = None
    """Why there are no readings."""
    retry: bool = False
    """Whether that reason may pass."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What one rule owes about one story, as a channel receives it."""

    id: int
    key: str
    """Stable over crashes and rebuilt databases: receivers drop repeats by it."""
    rule: str
    severity: Severity
    headline: str
    excerpt: str
    symbols: tuple[str, ...]
    terms: tuple[str, ...]
    article_id: int | None
    story_id: int | None
    publisher: str | None
    published_at: str | None
    created_at: str
    url: str | None
    path: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An alert owed to a channel."""

    alert: Alert
    channel: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one attempt to deliver: delivered, or the reason why not."""

    alert_id: int
    channel: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one file ended this time, after its transaction was committed."""

    path: bytes
    state: State
    reason: str | None = None
    titles: tuple[str, ...] = ()
    """The titles of the articles that are new."""
    publisher: str | None = None
    symbols: tuple[str, ...] = ()
    alert_count: int = 0
    repairs: tuple[str, ...] = ()

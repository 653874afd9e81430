"""What becomes of it: matches, alerts, deliveries, and how each file ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from watcher.model.files import FoundFile, Page, State, Unread
from watcher.model.knowledge import Severity
from watcher.model.news import About, Article, Evidence, Identity, Mention


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
    about: tuple[About, ...] = ()
    """The securities that made the rule hold, then the other subjects of the article."""
    held: str | None = None
    """Why it is recorded but not sent: ``baseline``, ``max_age``, ``no alerts``, ``withheld``, ``until``, ``hours``.
    The store may add ``cooldown`` and ``max_per_day``."""
    not_before: datetime | None = None
    """When it may be sent: the end of an embargo."""
    cooldown: timedelta | None = None
    max_per_day: int | None = None
    day: date | None = None
    """The day that `max_per_day` counts it to, by its owner's clock."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One file taken in: what was understood of it, or why nothing was."""

    found: FoundFile
    page: Page | None = None
    readings: tuple[Reading, ...] = ()
    owed: tuple[tuple[Owed, ...], ...] = ()
    """What the rules owe about each of the readings."""
    unread: tuple[Unread, ...] = ()
    """The parts that could not be read, beside the readings."""
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
    about: tuple[About, ...] = ()
    """The securities in `symbols`, then the other subjects of the article."""


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
    unread: tuple[Unread, ...] = ()
    """The parts that could not be read, beside those that are stored."""

"""What is in them: articles, and the securities they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

How = Literal["markup", "code", "name"]
Salience = Literal["subject", "peer", "listed", "passing"]
Field = Literal["title", "summary", "body"]
PublishedFrom = Literal["field", "meta", "json-ld", "dateline", "body", "title", "file name"]


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
    codes_beside: tuple[str, ...] = ()
    """Codes of securities that its producer gives beside the text, as written."""
    part_of: str | None = None
    """The title of the digest it is an item of."""
    item_number: str | None = None
    """The number it carries there, within its section."""
    version: str | None = None
    status: str | None = None
    """What its agency says of it: ``usable``, ``withheld``, ``canceled`` and whatever else is written."""
    embargo_until: datetime | None = None
    cancels: tuple[str, ...] = ()
    """Native ids of articles that this one withdraws."""
    found_in: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """Which field came from where (``title``, ``front matter: title``), for people who ask."""

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


class About(NamedTuple):
    """Whom an alert is about, and how centrally its article speaks of them."""

    symbol: str
    written_as: str
    """Its name; by the table, where the article has only the code."""
    salience: Salience


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
    salience: Salience = "peer"
    """How central it is to the article."""

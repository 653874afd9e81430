"""What is known beforehand: securities, rules, and how odd producers write. Immutable; a reload builds it anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal, NamedTuple

from watcher.model.news import Salience
from watcher.query.nodes import Node

Severity = Literal["low", "normal", "high"]
NameKind = Literal[
    "short", "written", "former", "nickname", "full name part", "english", "learned", "collective", "imported", "alias"
]


class Name(NamedTuple):
    """What a security is called."""

    text: str
    kind: NameKind = "written"
    loose: bool | None = None
    """Whether it is an ordinary word as well, or another's name: it counts only where something beside it speaks of the
    company. `None` where nobody has judged it: then the dictionary does."""
    since: date | None = None
    """The day from which it is the security's, where it may have been somebody else's before: 国盛证券 was a broker."""


@dataclass(frozen=True, slots=True)
class Security:
    """A listed security and the names it goes by."""

    symbol: str
    name: str
    kind: str = "stock"
    names: tuple[Name, ...] = ()
    """Further names, in the order of preference."""
    issuer: str | None = None
    """What the lines of one company have in common: its A share's symbol, or a word; `None` where there is one line."""
    listed_on: date | None = None
    loose: bool | None = None
    """Whether its short name is an ordinary word as well; `None` where nobody has judged it."""
    renumbered: str | None = None
    """The symbol it is traded under today, where its code was changed: 920047.BJ for 430047.BJ."""

    def all_names(self) -> tuple[Name, ...]:
        """The short name, then the others."""
        return (Name(self.name, "short", self.loose), *self.names)


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
    query: Node | None = None
    """What must hold besides, in the query language; its macros are put in and its stocks resolved."""
    min_salience: Salience | None = None
    """How central a stock must be to count."""
    severity: Severity = "normal"
    channels: tuple[str, ...] = ()
    """Names of channels; empty means all."""
    max_age: timedelta | None = None
    until: date | None = None
    """The last day on which it raises alerts."""
    hours: tuple[time, time] | None = None
    """The time of day in which it raises alerts, by the clock of the configuration; over midnight if it ends first."""
    cooldown: timedelta | None = None
    """How long it is silent after an alert."""
    max_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class ReaderMapping:
    """Where the fields stand in files of a producer that no reader knows, as their owner declares it."""

    match: str
    """A glob on the file name."""
    items: str | None = None
    """Dotted path to the list of records; without it the whole file is one, or each line."""
    fields: tuple[tuple[str, str], ...] = ()
    """Field of the article → dotted path within a record."""


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """Everything the pure stages need to know, in one immutable value.

    A reload builds a new one and swaps the reference between files. Equal only to itself, so that what a stage
    compiles from it (automata) can be kept beside it.
    """

    rules: tuple[Rule, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Bare code → the symbols that carry it (``300075`` → ``300075.SZ``), for every known security."""
    names: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    """Symbol → the names it goes by, for every known security."""
    issuers: Mapping[str, str] = field(default_factory=dict)
    """Symbol → its issuer, for those that have several lines."""
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Issuer → the symbols of its lines."""
    listed: Mapping[str, date] = field(default_factory=dict)
    """Symbol → its first day of trading, where that is known."""
    renumbered: Mapping[str, str] = field(default_factory=dict)
    """Symbol under which a security is traded since its code was changed → the one it has here."""
    readers: tuple[ReaderMapping, ...] = ()

"""The parts of a query, each of which prints as it would be written.

``parse_query(str(node)) == node`` for every node: what a tool shows can be pasted back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

TextField = Literal["title", "body"]
"""Where words are looked for; without one, in title, summary and body. ``body`` takes the summary in."""

FactName = Literal["source", "publisher", "section", "author", "kind", "language"]
"""What is known of an article besides its text."""

Operator = Literal[">=", ">", "<=", "<", "="]
Rank = Literal["passing", "listed", "peer", "subject"]

_PLAIN = re.compile(r"[^\s()\"/:<>=@!\\]+")
_RESERVED = frozenset({"and", "or", "not"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase: ``减持``, ``"share buyback"``, ``semicond*``.

    Case and width do not count. At a Latin letter or digit it begins and ends as a word does; `*` stands for further
    letters and digits of a Latin word, `?` for one.
    """

    text: str
    field: TextField | None = None
    is_pattern: bool = False
    """Whether `*` and `?` in it are wildcards: a phrase in quotes has none."""

    def __str__(self) -> str:
        return _in_field(self.field, self.text if self.is_pattern else quoted(self.text))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression: ``/中标.{0,10}亿元/``, in RE2's syntax, case not counted."""

    source: str
    field: TextField | None = None

    def __str__(self) -> str:
        return _in_field(self.field, "/" + self.source.replace("/", r"\/") + "/")


@dataclass(frozen=True, slots=True)
class Near:
    """Two of them at most so many characters apart, in either order, in one field: ``回购 NEAR/20 (股份 OR 注销)``."""

    left: Node
    right: Node
    distance: int

    def __str__(self) -> str:
        return f"{_operand(self.left)} NEAR/{self.distance} {_operand(self.right)}"


@dataclass(frozen=True, slots=True)
class Field:
    """What is known of the article contains these words: ``source:雪球``, ``language:zh``."""

    name: FactName
    text: str

    def __str__(self) -> str:
        return f"{self.name}:{quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class Stock:
    """The article names a security: ``stock:300075``; with ``issuer:`` any line of its company."""

    written: str
    symbols: tuple[str, ...] = ()
    """The symbols meant, once the table of securities was asked."""
    is_issuer: bool = False
    rank: Rank | None = None
    """How central it must be at least; said by a rule's `min_salience`, not written in queries."""

    def __str__(self) -> str:
        return f"{'issuer' if self.is_issuer else 'stock'}:{quoted(self.written)}"


@dataclass(frozen=True, slots=True)
class SalienceAtLeast:
    """A stock that the query names (any stock, if it names none) is at least so central: ``salience>=peer``."""

    rank: Rank

    def __str__(self) -> str:
        return f"salience>={self.rank}"


@dataclass(frozen=True, slots=True)
class Compare:
    """A number that the text gives: ``涨跌幅>=9%``, ``金额>=10亿``, ``净利润<0``."""

    label: str
    operator: Operator
    number: str
    """As written, with its unit."""

    def __str__(self) -> str:
        return f"{self.label}{self.operator}{self.number}"


@dataclass(frozen=True, slots=True)
class Within:
    """Published no longer ago than this, by the clock of the one who asks: ``published:P1D``."""

    age: timedelta
    written: str

    def __str__(self) -> str:
        return f"published:{self.written}"


@dataclass(frozen=True, slots=True)
class Between:
    """Published on one of these days, both included: ``published:2026-11-01/2026-11-30``."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"published:{self.first}" + ("" if self.first == self.last else f"/{self.last}")


@dataclass(frozen=True, slots=True)
class Macro:
    """Another query by its name: ``@利好``."""

    name: str

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node

    def __str__(self) -> str:
        return f"NOT {_operand(self.part)}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of the parts hold."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " AND ".join(f"({part})" if isinstance(part, AnyOf | AllOf) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the parts holds."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


Node: TypeAlias = (
    Word | Pattern | Near | Field | Stock | SalienceAtLeast | Compare | Within | Between | Macro | Not | AllOf | AnyOf
)


def quoted(text: str) -> str:
    """A text as a query writes it: bare where that is unmistakable, else in quotes."""
    plain = (
        _PLAIN.fullmatch(text) and text.lower() not in _RESERVED and text[0] not in "-+" and not set("*?") & set(text)
    )
    if plain and not text.lower().startswith("near/"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in_field(field: TextField | None, text: str) -> str:
    return f"{field}:{text}" if field else text


def _operand(node: Node) -> str:
    return f"({node})" if isinstance(node, AllOf | AnyOf | Near | Not) else str(node)


def symbols_in(node: Node | None) -> Iterator[str]:
    """The symbols that a query asks for; not those that it excludes."""
    if isinstance(node, Stock):
        yield from node.symbols
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from symbols_in(part)

"""The watchlist and what it includes become rules, or one list of complaints."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from watcher.model import Rule
from watcher.query import AllOf, AnyOf, Macro, Node, Not, QueryError, Stock, parse_query
from watcher.settings.checks import check_rules, check_shape, check_terms, check_unique
from watcher.settings.complaints import Complaint, Loc, Place, did_you_mean
from watcher.settings.models import RuleEntry, WatchlistFile
from watcher.settings.paths import anchored, shown
from watcher.settings.values import SecurityLookup
from watcher.settings.yaml_text import Document

_CODE_COLUMNS = (
    "code",
    "symbol",
    "stock",
    "ticker",
    "代码",
    "股票代码",
    "证券代码",
    "名称",
    "股票名称",
    "证券简称",
    "name",
)


@dataclass(slots=True)
class Watchlist:
    """What was read: the rules, every file that had a part in them, and what is wrong."""

    rules: tuple[Rule, ...] = ()
    paths: list[Path] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)


def read_watchlist(path: Path, channels: Collection[str] | None, securities: SecurityLookup) -> Watchlist:
    """The rules of a watchlist, whose alerts may go to `channels` (`None`: who knows to which)."""
    reading = _Reading(channels, securities)
    reading.read(path, Place(shown(path)))
    return reading.finish()


@dataclass(slots=True)
class _Written:
    """A rule or macro where it was written."""

    document: Document
    loc: Loc
    entry: RuleEntry | None = None
    query: Node | None = None
    stocks: list[str] = field(default_factory=list)


class _Reading:
    """Reads a watchlist with all that it includes."""

    def __init__(self, channels: Collection[str] | None, securities: SecurityLookup) -> None:
        self._channels = channels
        self._securities = securities
        self._documents: list[Document] = []
        self._paths: list[Path] = []
        self._rules: dict[str, _Written] = {}
        self._macros: dict[str, _Written] = {}
        self._complaints: list[Complaint] = []

    def read(self, path: Path, place: Place) -> None:
        """Read one file and what it includes; `place` is where it was named."""
        if path in self._paths:
            self._complaints.append(Complaint(place, f"include: {shown(path)} is included already"))
            return
        self._paths.append(path)
        document = Document(path)
        self._documents.append(document)
        if not document.is_read:
            return
        entry = check_shape(document, WatchlistFile)
        for key in ("name", "keywords", "require", "exclude", "channels"):
            check_unique(document, "rules", key)
        check_terms(document)
        check_rules(document, self._channels, self._securities)
        for loc, text in document.texts_at("include"):
            self.read(anchored(text, path.parent), document.places[loc])
        for loc, text in document.texts_at("rules", "query"):
            self._parse(document, loc, text)
        for name, text in (entry.macros if entry else {}).items():
            self._add(self._macros, name, _Written(document, ("macros", name)), "macro")
            self._macros[name].query = self._parse(document, ("macros", name), text)
        for number, rule in enumerate(entry.rules if entry else ()):
            written = _Written(document, ("rules", number), rule)
            self._add(self._rules, rule.name, written, "rule")
            if rule.query:
                written.query = self._parse(document, ("rules", number, "query"), rule.query)
            if rule.stocks_file:
                written.stocks = list(
                    self._stocks_in(document, ("rules", number, "stocks_file"), rule.stocks_file, path)
                )

    def finish(self) -> Watchlist:
        """The rules with their macros put in and their stocks resolved."""
        rules = []
        for written in self._rules.values():
            query = self._put_in(written.query, written, ("query",), ()) if written.query else None
            assert written.entry is not None
            rules.append(written.entry.rule(self._securities, query, written.stocks))
        complaints = [*self._complaints, *(one for document in self._documents for one in document.complaints)]
        unique = list(dict.fromkeys(complaints))
        return Watchlist(() if unique else tuple(rules), self._paths, unique)

    def _add(self, known: dict[str, _Written], name: str, written: _Written, kind: str) -> None:
        if earlier := known.get(name):
            where = earlier.document.places[earlier.loc].origin
            if earlier.document is not written.document:
                written.document.complain(written.loc, f'there is a {kind} "{name}" already, in {where}')
        known[name] = written

    def _parse(self, document: Document, loc: Loc, text: str) -> Node | None:
        try:
            return parse_query(text)
        except QueryError as error:
            document.complain_within(loc, error.column, error.problem)
            return None

    def _put_in(self, node: Node, written: _Written, key: Loc, within: tuple[str, ...]) -> Node:
        """The same query with the queries of its macros in their place, and symbols for its stocks."""
        if isinstance(node, Macro):
            return self._macro(node, written, key, within)
        if isinstance(node, Stock):
            return self._stock(node, written, key)
        if isinstance(node, AllOf | AnyOf):
            return replace(node, parts=tuple(self._put_in(part, written, key, within) for part in node.parts))
        if isinstance(node, Not):
            return replace(node, part=self._put_in(node.part, written, key, within))
        return node

    def _macro(self, node: Macro, written: _Written, key: Loc, within: tuple[str, ...]) -> Node:
        loc = (*written.loc, *key)
        if node.name in within:
            circle = " → ".join(f"@{name}" for name in (*within[within.index(node.name) :], node.name))
            written.document.complain(loc, f"goes round in a circle: {circle}")
            return node
        macro = self._macros.get(node.name)
        if macro is None:
            hint = did_you_mean(node.name, self._macros) or "; `macros:` defines them"
            written.document.complain(loc, f"there is no macro @{node.name}{hint}")
            return node
        return self._put_in(macro.query, macro, (), (*within, node.name)) if macro.query else node

    def _stock(self, node: Stock, written: _Written, key: Loc) -> Node:
        symbol = self._securities.resolve(node.written)
        if symbol is None:
            near = self._securities.near(node.written)
            hint = f", did you mean {near[0]}?" if near else ""
            written.document.complain((*written.loc, *key), f'"{node.written}" is no known code or name{hint}')
            return node
        return replace(node, symbols=self._securities.lines_of(symbol) if node.is_issuer else (symbol,))

    def _stocks_in(self, document: Document, loc: Loc, name: str, beside: Path) -> Iterator[str]:
        """The stocks of a CSV file: its column of codes, or its first; a file without a header is a plain list."""
        path = anchored(name, beside.parent)
        self._paths.append(path)
        try:
            rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        except FileNotFoundError:
            document.complain(loc, f"there is no file {shown(path)}")
            return
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            document.complain(loc, f"{shown(path)} cannot be read: {error}")
            return
        header = [cell.strip().lower() for cell in rows[0]] if rows else []
        column = next((header.index(known) for known in _CODE_COLUMNS if known in header), None)
        for number, row in enumerate(rows, start=1):
            if (number == 1 and column is not None) or not row or row[0].lstrip().startswith("#"):
                continue
            text = row[column or 0].strip() if len(row) > (column or 0) else ""
            if text and self._securities.resolve(text) is None:
                place = Place(shown(path), number, 1)
                self._complaints.append(Complaint(place, f'"{text}" is no known code or name'))
            elif text:
                yield text

"""Securities that the user adds to the shipped table: a CSV file beside the configuration, read, checked and merged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.errors import ConfigError

if TYPE_CHECKING:
    from watcher.link import Securities
    from watcher.model import Security

FILE_NAME = "securities.csv"
COLUMNS = ("symbol", "name", "listed_on", "names")
_CODE_COLUMNS = ("symbol", "code", "代码", "股票代码", "证券代码")
_NAME_COLUMNS = ("name", "short_name", "名称", "简称", "证券简称", "股票简称")
_EXCHANGE_COLUMNS = ("exchange", "交易所", "市场")
_LISTED_COLUMNS = ("listed_on", "list_date", "上市日期")
_FURTHER_COLUMNS = ("names", "aliases", "别名")


@dataclass(frozen=True, slots=True)
class Row:
    """One security as a file tells it."""

    line: int
    symbol: str
    name: str
    listed_on: date | None = None
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """The rows of a file and what is wrong with the others."""

    rows: list[Row] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def read_file(path: Path, known: Securities) -> Reading:
    """The securities in a CSV file; complaints carry the file and the line."""
    reading = Reading()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading.complaints.append(f"{path}: not UTF-8 at byte {error.start}: save it as CSV UTF-8")
        return reading
    except OSError as error:
        reading.complaints.append(f"{path}: {error.strerror or error}")
        return reading
    table = csv.DictReader(io.StringIO(text, newline=""))
    columns = {(name or "").strip().lower(): name for name in table.fieldnames or ()}
    code, name = _column(columns, _CODE_COLUMNS), _column(columns, _NAME_COLUMNS)
    if code is None or name is None:
        missing = "code or symbol" if code is None else "name"
        has = ", ".join(columns) or "nothing"
        reading.complaints.append(f"{path}:1: there is no column {missing}; the first line has {has}")
        return reading
    exchange, listed = _column(columns, _EXCHANGE_COLUMNS), _column(columns, _LISTED_COLUMNS)
    further = _column(columns, _FURTHER_COLUMNS)
    try:
        for cells in table:
            line = table.line_num
            written = _cell(cells, code)
            if place := _cell(cells, exchange):
                written = f"{written}.{place}"
            symbol = known.resolve(written) if written else None
            own = _cell(cells, name)
            day = _cell(cells, listed)
            if not written and not own:
                continue
            if symbol is None:
                reading.complaints.append(
                    f'{path}:{line}: "{written}" is no code with its exchange (300750.SZ), nor one that the table has'
                )
            elif not own:
                reading.complaints.append(f"{path}:{line}: {symbol} has no name")
            elif (listed_on := _day(day)) is None and day:
                reading.complaints.append(f'{path}:{line}: "{day}" is no day, which is written 2026-03-31')
            else:
                names = tuple(text.strip() for text in _cell(cells, further).split("|") if text.strip())
                reading.rows.append(Row(line, symbol, own, listed_on, names))
    except csv.Error as error:
        reading.complaints.append(f"{path}:{table.line_num}: {error}")
    return reading


def merge(known: Securities, rows: Iterable[Row]) -> Securities:
    """The table with these rows: new securities, new names of old ones; an earlier short name goes on being found."""
    from watcher.link import Securities
    from watcher.model import Name, Security

    table: dict[str, Security] = {one.symbol: one for one in known}
    for row in rows:
        names = tuple(Name(text, "imported") for text in row.names)
        old = table.get(row.symbol)
        if old is None:
            table[row.symbol] = Security(row.symbol, row.name, names=names, listed_on=row.listed_on)
            continue
        former = (Name(old.name, "former", old.loose),) if old.name != row.name else ()
        table[row.symbol] = replace(
            old,
            name=row.name,
            names=(*former, *old.names, *names),
            listed_on=row.listed_on or old.listed_on,
            loose=old.loose if old.name == row.name else None,
        )
    return Securities(table.values())


def with_imported(known: Securities, path: Path) -> Securities:
    """The table with what the user's file adds, if there is one. Raises `ConfigError` if it is broken."""
    if not path.exists():
        return known
    reading = read_file(path, known)
    if reading.complaints:
        raise ConfigError(reading.complaints)
    return merge(known, reading.rows)


def changes(known: Securities, rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """What rows would do to a table: ``added``, ``changed`` or ``contradictory``, and the words for it."""
    bearers: Mapping[str, list[Security]] = _bearers(known)
    table = {one.symbol: one for one in known}
    for row in rows:
        old = table.get(row.symbol)
        if old is None:
            yield "added", f"{row.symbol} {row.name}"
        elif old.name != row.name:
            yield "changed", f"{row.symbol} {old.name} is {row.name} now"
        elif extra := [text for text in row.names if text not in {name.text for name in old.all_names()}]:
            yield "changed", f"{row.symbol} {row.name} goes by {', '.join(extra)} too"
        for text in (row.name, *row.names):
            for other in bearers.get(text, ()):
                is_same_company = old is not None and old.issuer is not None and other.issuer == old.issuer
                if other.symbol != row.symbol and not is_same_company:
                    yield "contradictory", f"line {row.line}: {text} is what {other.symbol} {other.name} goes by"


def write_file(path: Path, rows: Iterable[Row]) -> None:
    """Write the user's file whole, or leave it as it is."""
    beside = path.with_suffix(".csv.new")
    with beside.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in sorted(rows, key=lambda one: one.symbol):
            writer.writerow([row.symbol, row.name, row.listed_on or "", "|".join(row.names)])
    beside.replace(path)


def _bearers(known: Securities) -> Mapping[str, list[Security]]:
    bearers: dict[str, list[Security]] = {}
    for security in known:
        for name in security.all_names():
            bearers.setdefault(name.text, []).append(security)
    return bearers


def _column(columns: Mapping[str, str], wanted: Iterable[str]) -> str | None:
    return next((columns[name] for name in wanted if name in columns), None)


def _cell(cells: Mapping[str, str | None], column: str | None) -> str:
    return (cells.get(column) or "").strip() if column else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-")) if text else None
    except ValueError:
        return None

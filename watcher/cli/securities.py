"""`watcher securities`: who goes by a name or code, and further securities of the user's own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.imported import FILE_NAME, Row, changes, merge, read_file, write_file
from watcher.cli.output import counted, print_json
from watcher.cli.setup import config_option, json_option, load_securities, locate, securities_beside
from watcher.errors import ConfigError

if TYPE_CHECKING:
    from watcher.link import Securities
    from watcher.model import Security

_MOST_TOLD = 20


@click.group()
def securities() -> None:
    """Look securities up; add your own to the table."""


@securities.command()
@config_option
@json_option
@click.argument("text", nargs=-1, required=True)
def lookup(config: Path | None, as_json: bool, text: tuple[str, ...]) -> None:
    """All securities that go by a name or code, with their other names and the lines of their company."""
    wanted = " ".join(text)
    table = _table(config)
    found = table.all_called(wanted)
    for security in found:
        print_json(_row(security, table)) if as_json else _print(security, table)
    if not found:
        near = ", ".join(table.near(wanted))
        raise click.ClickException(f'no security goes by "{wanted}"' + (f"; near are {near}" if near else ""))


@securities.command("import")
@config_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def import_(config: Path | None, file: Path) -> None:
    """Add securities from a CSV file: columns symbol (or code, with exchange), name, and if you like listed_on, names.

    They are kept in securities.csv beside the configuration and count from the next start, or after SIGHUP. Several
    names stand in one cell, with | between them.
    """
    own = locate(config).parent / FILE_NAME
    shipped = load_securities()
    before = read_file(own, shipped) if own.exists() else None
    if before and before.complaints:
        raise ConfigError(before.complaints)
    table = merge(shipped, before.rows if before else ())
    reading = read_file(file, table)
    if reading.complaints:
        raise ConfigError(reading.complaints)
    told = list(changes(table, reading.rows))
    kept: dict[str, Row] = {row.symbol: row for row in (before.rows if before else ())}
    for row in reading.rows:
        kept[row.symbol] = _joined(kept.get(row.symbol), row)
    write_file(own, kept.values())
    for kind, colour in (("added", None), ("changed", None), ("contradictory", "yellow")):
        lines = [what for one, what in told if one == kind]
        for line in lines[:_MOST_TOLD]:
            click.echo(f"{click.style(f'{kind:<14}', fg=colour)}{line}")
        if len(lines) > _MOST_TOLD:
            click.echo(f"{'':<14}and {len(lines) - _MOST_TOLD:,} more")
    counts = Counter(kind for kind, _ in told)
    summary = ", ".join(f"{counts[kind]:,} {kind}" for kind in ("added", "changed", "contradictory") if counts[kind])
    click.echo(f"{counted(len(reading.rows), 'row')}: {summary or 'nothing new'}; kept in {own}")


def _table(config: Path | None) -> Securities:
    """The table with what the configuration adds, where there is one."""
    try:
        return securities_beside(locate(config))
    except ConfigError:
        if config is not None:
            raise
        return load_securities()


def _joined(old: Row | None, new: Row) -> Row:
    """A row as two imports tell it: the later name, all further names."""
    names = (*(old.names if old else ()), *((old.name,) if old and old.name != new.name else ()), *new.names)
    listed_on = new.listed_on or (old.listed_on if old else None)
    return Row(new.line, new.symbol, new.name, listed_on, tuple(dict.fromkeys(names)))


def _row(security: Security, table: Securities) -> dict[str, Any]:
    return {
        "symbol": security.symbol,
        "name": security.name,
        "kind": security.kind,
        "renumbered": security.renumbered,
        "listed_on": security.listed_on.isoformat() if security.listed_on else None,
        "names": [{"name": name.text, "kind": name.kind, "needs_context": name.loose} for name in security.all_names()],
        "lines": _other_lines(security, table),
    }


def _print(security: Security, table: Securities) -> None:
    listed = f", listed {security.listed_on}" if security.listed_on else ""
    today = f", today {security.renumbered}" if security.renumbered else ""
    click.echo(f"{click.style(security.symbol, bold=True)}  {security.name}  ({security.kind}{listed}{today})")
    for name in security.names:
        needs = ", needs finance around it" if name.loose else ""
        click.echo(f"    {name.text}  ({name.kind}{needs})")
    if others := _other_lines(security, table):
        click.echo(f"    other lines: {', '.join(f'{symbol} {table.name(symbol)}' for symbol in others)}")


def _other_lines(security: Security, table: Securities) -> list[str]:
    return [symbol for symbol in table.lines_of(security.symbol) if symbol != security.symbol]

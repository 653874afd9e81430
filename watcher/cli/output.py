"""Rows for people and for programs: a table on the terminal, JSON Lines for everything else that asks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click


def print_json(row: Mapping[str, Any]) -> None:
    """One row as one line of JSON on standard output."""
    from watcher.deliver import json_line

    click.echo(json_line(row))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows under their headings, as wide as the terminal; in full, tab-separated, where the output is no terminal."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(_one_line(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_one_line(cell)) for cell in row))
    Console().print(table)


def highlight(text: str, places: Mapping[tuple[int, int], str]) -> str:
    """A text with places (start, end) of it set off, each in its colour; of those that overlap the first."""
    pieces, position = [], 0
    for (start, end), colour in sorted(places.items()):
        if start >= position:
            pieces += [text[position:start], click.style(text[start:end], fg=colour, bold=True)]
            position = end
    return "".join([*pieces, text[position:]])


def counted(count: int, noun: str) -> str:
    """``1 line``, ``2 lines``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _one_line(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return "".join(character if character.isprintable() else " " for character in text)


@contextmanager
def progress(task: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        number = bar.add_task(task, total=total)

        def advance() -> None:
            bar.advance(number)

        yield advance

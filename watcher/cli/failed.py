"""`watcher failed`: files that could not be used, why, and another try."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from watcher.cli.output import print_json, print_table
from watcher.cli.setup import config_option, json_option, load, open_database


@click.group()
def failed() -> None:
    """List and retry files that could not be used."""


@failed.command("list")
@config_option
@json_option
def list_failed(config: Path | None, as_json: bool) -> None:
    """Files that could not be used, or only in part, the newest first, each with its reason."""
    reader = open_database(config)
    rows = list(reader.failed())
    reader.close()
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_table(("file", "reason"), [(_shown(row["path"]), _reason(row)) for row in rows])
    else:
        click.echo("no failed files", err=True)


@failed.command()
@config_option
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def retry(config: Path | None, everything: bool, path: Path | None) -> None:
    """Have a failed file, or all of them, read once more by the running daemon or the next `watcher run`."""
    from watcher.store import Store

    if everything == (path is not None):
        raise click.UsageError("name one file, or say --all")
    settings, _ = load(config)
    store = Store(settings.database)
    with store.transaction():
        count = store.ledger.retry(os.fsencode(os.path.realpath(path)) if path else None)
    store.close()
    if path and not count:
        raise click.ClickException(f"{path} is not among the failed files (see `watcher failed list`)")
    click.echo(f"{count} {'file' if count == 1 else 'files'} will be read again with the next full look at its folder")


def _reason(row: dict[str, Any]) -> str:
    if row["unread"] is None:
        return str(row["reason"])
    from watcher.model import Unread, describe_unread

    return f"read in part: {describe_unread([Unread(**part) for part in row['unread']])}"


def _shown(path: str) -> str:
    """A path below the current folder as seen from there."""
    return os.path.relpath(path) if Path(path).is_relative_to(Path.cwd()) else path

"""`watcher prune`: the ledger forgets files that are long gone, so that it does not grow for ever."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.output import print_json
from watcher.cli.setup import config_option, json_option, load
from watcher.errors import StoreError

if TYPE_CHECKING:
    from watcher.model import Folder
    from watcher.store import Store

_AT_ONCE = 1_000
"""Files dropped in one transaction: a running daemon waits for a few milliseconds."""


@click.command()
@config_option
@json_option
@click.option("--days", type=click.IntRange(0), default=90, show_default=True, help="How long ago they were last read.")
@click.option("--dry-run", is_flag=True, help="Only count them.")
def prune(config: Path | None, as_json: bool, days: int, dry_run: bool) -> None:
    """Drop what the ledger knows of files that are gone from disk and were last read more than 90 days ago.

    Their articles and alerts stay: a file that comes back is a duplicate. What waited to be read and is gone is dropped
    whatever its age. A watched folder that is missing or empty may be a share that is not mounted: its files are left
    alone. May run beside the daemon.
    """
    from watcher.store import Store, open_reader

    settings, _ = load(config)
    open_reader(settings.database).close()  # None is made here.
    absent = [folder for folder in settings.folders if _is_absent(folder)]
    store = Store(settings.database)
    before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    counts = {"looked_for": 0, "gone": 0, "left_alone": 0}
    try:
        for batch in _old_files(store, before):
            certain = [one for one in batch if not any(_lies_in(one[1], folder) for folder in absent)]
            counts["looked_for"] += len(batch)
            counts["left_alone"] += len(batch) - len(certain)
            counts["gone"] += _drop(store, certain, dry_run=dry_run)
    except sqlite3.OperationalError as error:
        rest = "what was dropped stays dropped, run it again for the rest"
        raise StoreError(f"{settings.database}: {error}; {rest}") from error
    finally:
        store.close()
    folders = [folder.path for folder in absent]
    if as_json:
        print_json({**counts, "days": days, "dry_run": dry_run, "absent_folders": folders})
        return
    for path in folders:
        click.echo(f"{path} is missing or empty, as a share is that is not mounted: its files are left alone", err=True)
    would = "would be " if dry_run else ""
    click.echo(
        f"{counts['gone']:,} files {would}dropped, of {counts['looked_for']:,} that were last read more than"
        f" {days} days ago or waited to be read; articles and alerts stay"
    )


def _old_files(store: Store, before: str) -> Iterator[list[tuple[int, bytes]]]:
    after_id = 0
    while batch := store.ledger.untouched_since(before, after_id=after_id, limit=_AT_ONCE):
        yield batch
        after_id = batch[-1][0]


def _drop(store: Store, files: list[tuple[int, bytes]], *, dry_run: bool) -> int:
    """Forget those of these files that are gone; how many."""
    from watcher.detect import is_gone

    gone = [one for one in files if is_gone(one[1])]
    if gone and not dry_run:
        with store.transaction():
            # Again, now that the daemon cannot have read one that has just come back.
            gone = [one for one in gone if is_gone(one[1])]
            store.ledger.forget([id_ for id_, _ in gone], datetime.now(UTC).isoformat(timespec="seconds"))
    return len(gone)


def _is_absent(folder: Folder) -> bool:
    try:
        with os.scandir(folder.path) as entries:
            return next(entries, None) is None
    except OSError:
        return True


def _lies_in(path: bytes, folder: Folder) -> bool:
    return path.startswith(os.path.join(os.fsencode(folder.path), b""))

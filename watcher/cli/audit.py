"""`watcher audit` tells whether every file on disk is accounted for."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.output import print_json, print_table
from watcher.cli.setup import config_option, json_option, load

if TYPE_CHECKING:
    from watcher.detect import Candidate
    from watcher.store import Entry, Reader

_AT_ONCE = 500
_STATES = ("stored", "duplicate", "ignored", "failed", "waiting")


@click.command()
@config_option
@json_option
def audit(config: Path | None, as_json: bool) -> None:
    """Prove that what is on disk is stored, duplicate, ignored, failed or waiting. Exit 1 with the list where not.

    A file that is unaccounted for was never seen, has changed since it was read, or is called stored while no article
    of it is. `watcher run --once` brings all but the last in order.
    """
    from watcher.detect import walk
    from watcher.store import open_reader

    settings, _ = load(config)
    reader = open_reader(settings.database)
    unaccounted: list[tuple[str, str]] = []
    for folder in settings.folders:
        counts: Counter[str] = Counter()
        batch: list[Candidate] = []
        for candidate in walk(os.fsencode(folder.path), folder):
            batch.append(candidate)
            if len(batch) == _AT_ONCE:
                unaccounted += _judge(batch, reader, counts)
                batch = []
        unaccounted += _judge(batch, reader, counts)
        row = {"folder": folder.path, "on_disk": sum(counts.values()), **{state: counts[state] for state in _STATES}}
        row["unaccounted"] = counts["unaccounted"]
        if as_json:
            print_json(row)
        else:
            told = ", ".join(f"{counts[state]:,} {state}" for state in (*_STATES, "unaccounted") if counts[state])
            click.echo(f"{folder.path}: {row['on_disk']:,} on disk" + (f" = {told}" if told else ""))
    hollow = [(path, "called stored, but no article of it is") for path in reader.stored_without_article()]
    reader.close()
    missing = [*unaccounted, *hollow]
    if as_json:
        for path, reason in missing:
            print_json({"path": path, "reason": reason})
    elif missing:
        print_table(("unaccounted file", "why"), missing)
    else:
        click.secho("every file is accounted for", fg="green")
    if missing:
        raise SystemExit(1)


def _judge(batch: list[Candidate], reader: Reader, counts: Counter[str]) -> list[tuple[str, str]]:
    """Count these files by what the ledger says of them; those it does not account for, with why."""
    from watcher.model import readable_path

    entries = reader.entries([candidate.path for candidate in batch])
    missing = []
    for candidate in batch:
        reason = _why_unaccounted(candidate, entries.get(candidate.path))
        if reason:
            missing.append((readable_path(candidate.path), reason))
        counts["unaccounted" if reason else _state_of(candidate, entries.get(candidate.path))] += 1
    return missing


def _why_unaccounted(candidate: Candidate, entry: Entry | None) -> str | None:
    from watcher.detect import lacks_marker

    if candidate.ignored or lacks_marker(candidate.path, candidate.folder):
        return None
    if entry is None:
        return "never seen"
    if entry.stamp != candidate.stamp and entry.state != "waiting":
        return "changed since it was read"
    return None


def _state_of(candidate: Candidate, entry: Entry | None) -> str:
    if candidate.ignored:
        return "ignored"
    return entry.state if entry else "waiting"

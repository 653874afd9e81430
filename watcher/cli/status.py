"""`watcher status`: is it running, and what has it done? Answered from the database alone, at once."""

from __future__ import annotations

import os
from pathlib import Path

import click

from watcher.cli.output import print_json
from watcher.cli.setup import config_option, json_option, locate


@click.command()
@config_option
@json_option
def status(config: Path | None, as_json: bool) -> None:
    """Whether the daemon runs, how well, and counts of files, articles, alerts and deliveries.

    Exit 1 if it does not run. Latency is from the close of a file to its commit, over the last thousand that came live.
    """
    from watcher.settings import find_database
    from watcher.store import holder_of, open_reader, told_by

    database = find_database(locate(config), os.environ)
    reader = open_reader(database)
    counts = reader.status()
    reader.close()
    pid = holder_of(database)
    told = told_by(database) if pid else {}
    if as_json:
        print_json({"running": pid is not None, "pid": pid, "database": str(database), **counts, **told})
    else:
        click.secho(f"running (process {pid})" if pid else "not running", fg="green" if pid else "yellow", bold=True)
        states = ("stored", "duplicate", "failed", "waiting", "ignored")
        files = ", ".join(f"{counts['files'][state]:,} {state}" for state in states if state in counts["files"])
        held = f" ({counts['alerts_held']:,} more held back)" if counts["alerts_held"] else ""
        deliveries = ", ".join(f"{count:,} {state}" for state, count in sorted(counts["deliveries"].items()))
        last = f"{counts['last_file']} ({counts['last_state']}, {counts['last_finished_at']})"
        size = sum(
            path.stat().st_size for path in (database, database.with_name(f"{database.name}-wal")) if path.exists()
        )
        latency = told.get("close_to_commit_seconds") or {}
        for trouble in told.get("troubles", {}).values():
            click.secho(f"{'trouble':<11}{trouble}", fg="yellow")
        for label, value in (
            (
                "backlog",
                f"{told['backlog']:,} files waiting, {told['files_last_minute']:,} in the last minute" if told else "",
            ),
            ("latency", ", ".join(f"{name} {1000 * value:,.0f} ms" for name, value in latency.items())),
            ("files", files or "none yet"),
            ("last file", last if counts["last_file"] else "none yet"),
            ("articles", f"{counts['articles']:,}"),
            ("alerts", f"{counts['alerts']:,}{held}"),
            ("deliveries", deliveries or "none"),
            ("database", f"{database} ({size / 1e6:.1f} MB)"),
        ):
            if value:
                click.echo(f"{label:<11}{value}")
    if pid is None:
        raise SystemExit(1)

"""`watcher alerts`: the feed, and another try for what could not be delivered."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.setup import config_option, json_option, load, open_database

if TYPE_CHECKING:
    from watcher.model import Alert

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@click.group(invoke_without_command=True)
@config_option
@json_option
@click.option("--since", help="Only since then: 2026-11-01, or 90m, 12h, 7d, 2w ago.")
@click.option("--rule", help="Only of this rule.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many, the newest.")
@click.option("--follow", is_flag=True, help="Stay, and show new ones as they come.")
@click.pass_context
def alerts(
    ctx: click.Context,
    config: Path | None,
    as_json: bool,
    since: str | None,
    rule: str | None,
    limit: int,
    follow: bool,
) -> None:
    """Read alerts, the newest last."""
    ctx.obj = config
    if ctx.invoked_subcommand:
        return
    start = _moment(since) if since else None
    reader = open_database(config)
    shown = reader.alerts(since=start, rule=rule, newest=limit)
    _print(shown, as_json=as_json)
    if not shown and not as_json and not follow:
        known = ", ".join(reader.alerted_rules())
        if rule and rule not in known:
            click.echo(f'no alerts of a rule "{rule}"; there are some of {known or "none"}', err=True)
        else:
            click.echo("no alerts" + (" in that time" if since else " yet"), err=True)
    last_id = shown[-1].id if shown else 0
    try:
        while follow:
            time.sleep(0.5)
            shown = reader.alerts(rule=rule, after_id=last_id)
            _print(shown, as_json=as_json)
            last_id = shown[-1].id if shown else last_id
    except KeyboardInterrupt:
        pass


@alerts.command()
@config_option
@click.pass_obj
def retry(before: Path | None, config: Path | None) -> None:
    """Put dead deliveries back; the running daemon sends them, or the next one."""
    from watcher.store import Store

    settings, _ = load(config or before)
    store = Store(settings.database)
    with store.transaction():
        count = store.deliveries.retry_dead(datetime.now(UTC))
    store.close()
    click.echo(f"{count} {'delivery' if count == 1 else 'deliveries'} put back")


def _print(shown: Iterable[Alert], *, as_json: bool) -> None:
    if as_json:
        from watcher.deliver import alert_line

        for alert in shown:
            click.echo(alert_line(alert))
        return
    from watcher.deliver.console import ConsoleChannel

    shown = list(shown)
    if shown:
        ConsoleChannel("alerts", dated=True).send(shown)


def _moment(text: str) -> str:
    """A point in time as the tables write it, from a date or an age. Raises `BadParameter`."""
    if found := re.fullmatch(r"(\d{1,5})([mhdw])", text):
        return (datetime.now(UTC) - timedelta(**{_UNITS[found[2]]: int(found[1])})).isoformat(timespec="seconds")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f'"{text}" is neither a date (2026-11-01) nor an age (7d)', param_hint="--since"
        ) from error
    return moment.astimezone(UTC).isoformat(timespec="seconds")

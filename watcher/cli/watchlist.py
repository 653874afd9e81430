"""`watcher watchlist`: what is watched for, and whether the file that says so is right."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.backtest import backtest
from watcher.cli.output import print_json, print_table
from watcher.cli.setup import config_option, json_option, load
from watcher.cli.watchlist_check import check
from watcher.cli.watchlist_edit import add, remove
from watcher.cli.watchlist_import import import_words

if TYPE_CHECKING:
    from watcher.model import Rule


@click.group()
def watchlist() -> None:
    """List, check, edit and try what is watched for."""


@watchlist.command("list")
@config_option
@json_option
def list_rules(config: Path | None, as_json: bool) -> None:
    """The rules in force, with the stocks their codes and names stand for."""
    settings, securities = load(config)
    if as_json:
        for rule in settings.rules:
            print_json(_row(rule))
        return
    print_table(
        ("rule", "severity", "stocks", "keywords", "require", "exclude", "query", "channels"),
        [
            (
                rule.name,
                rule.severity,
                " ".join(f"{securities.name(symbol) or ''} {symbol}".strip() + "," for symbol in rule.stocks).rstrip(
                    ","
                ),
                ", ".join(rule.keywords),
                ", ".join(rule.require),
                ", ".join(rule.exclude),
                rule.query,
                ", ".join(rule.channels) or "all",
            )
            for rule in settings.rules
        ],
    )


def _row(rule: Rule) -> dict[str, Any]:
    """A rule for programs: durations as ISO 8601, the query as it would be written."""
    row: dict[str, Any] = {field.name: getattr(rule, field.name) for field in dataclasses.fields(rule)}
    for key, value in row.items():
        if isinstance(value, timedelta):
            row[key] = f"PT{value.total_seconds():.0f}S"
    row["query"] = rule.query and str(rule.query)
    row["until"] = rule.until and rule.until.isoformat()
    row["hours"] = rule.hours and "-".join(f"{clock:%H:%M}" for clock in rule.hours)
    return row


watchlist.add_command(add)
watchlist.add_command(remove)
watchlist.add_command(check)
watchlist.add_command(import_words)
watchlist.add_command(backtest)

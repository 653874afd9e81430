"""`watcher watchlist`: what is watched for, and whether the file that says so is right."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from watcher.cli.output import print_json, print_table
from watcher.cli.setup import config_option, json_option, load


@click.group()
def watchlist() -> None:
    """List and check what is watched for."""


@watchlist.command("list")
@config_option
@json_option
def list_rules(config: Path | None, as_json: bool) -> None:
    """The rules in force, with the stocks their codes and names stand for."""
    settings, securities = load(config)
    if as_json:
        for rule in settings.rules:
            row = dataclasses.asdict(rule)
            row["max_age"] = rule.max_age and f"PT{rule.max_age.total_seconds():.0f}S"
            print_json(row)
        return
    print_table(
        ("rule", "severity", "stocks", "keywords", "require", "exclude", "channels"),
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
                ", ".join(rule.channels) or "all",
            )
            for rule in settings.rules
        ],
    )


@watchlist.command()
@config_option
def check(config: Path | None) -> None:
    """Check watchlist and configuration: every complaint at once, with its line (exit 78), or how much is right."""
    settings, _ = load(config)
    stocks = len({symbol for rule in settings.rules for symbol in rule.stocks})
    terms = sum(len(rule.keywords) + len(rule.require) + len(rule.exclude) for rule in settings.rules)
    counted = f"{len(settings.rules)} rules, {stocks} stocks, {terms} words"
    click.echo(f"{settings.watchlist_path}: {counted}: nothing to complain of")

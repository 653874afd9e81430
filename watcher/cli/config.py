"""`watcher config`: which settings are in force, and who said so."""

from __future__ import annotations

from pathlib import Path

import click

from watcher.cli.output import print_json, print_table
from watcher.cli.setup import config_option, json_option, load, locate


@click.group()
def config() -> None:
    """Show the effective settings and where each comes from."""


@config.command()
@config_option
def path(config: Path | None) -> None:
    """The configuration file in use."""
    click.echo(locate(config))


@config.command()
@config_option
@json_option
def show(config: Path | None, as_json: bool) -> None:
    """Every setting with its value and its origin: a line of a file, an environment variable, or the default."""
    from watcher.settings import effective

    settings, _ = load(config)
    rows = effective(settings)
    if as_json:
        for key, value, origin in rows:
            print_json({"key": key, "value": value, "origin": origin})
    else:
        print_table(("setting", "value", "origin"), rows)

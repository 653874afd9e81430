"""What commands build before they begin: the settings, the securities, the store."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from watcher.link import Securities
    from watcher.model import Knowledge, Rule
    from watcher.settings import Settings
    from watcher.store import Reader

config_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--config", "config", type=click.Path(path_type=Path, dir_okay=False), help="The configuration file to use."
)
json_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line, for programs."
)


def locate(config: Path | None) -> Path:
    """The configuration file in use. Raises `ConfigError` where there is none."""
    from watcher.settings import find_config

    return find_config(config, os.environ, Path.cwd())


def load(config: Path | None) -> tuple[Settings, Securities]:
    """The settings and the table of securities they were checked against. Raises `ConfigError`."""
    from watcher.settings import load_settings

    securities = load_securities()
    return load_settings(locate(config), environment=os.environ, securities=securities), securities


def load_securities() -> Securities:
    """The shipped table of securities."""
    from watcher.data import shipped_securities
    from watcher.link import Securities

    return Securities(shipped_securities())


def knowledge_of(rules: tuple[Rule, ...], securities: Securities) -> Knowledge:
    """What the pure stages need to know."""
    from watcher.model import Knowledge

    return Knowledge(rules=rules, codes=securities.codes, names=securities.names)


def open_database(config: Path | None) -> Reader:
    """The store of this configuration, for reading only."""
    from watcher.settings import find_database
    from watcher.store import open_reader

    return open_reader(find_database(locate(config), os.environ))

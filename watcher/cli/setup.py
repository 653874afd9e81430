"""What commands build before they begin: the settings, the securities, the store."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.imported import FILE_NAME, with_imported

if TYPE_CHECKING:
    from watcher.link import Securities
    from watcher.model import Folder, Knowledge, NameKind, ReaderMapping, Rule
    from watcher.settings import Settings
    from watcher.store import LearnedName, Reader

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

    path = locate(config)
    securities = securities_beside(path)
    return load_settings(path, environment=os.environ, securities=securities), securities


def securities_beside(config: Path) -> Securities:
    """The table of securities with what a configuration adds to it: imported ones, and names of the user's own."""
    from watcher.settings import find_aliases

    securities = load_securities(config.parent / FILE_NAME)
    return with_names(securities, "alias", find_aliases(config, securities))


def load_securities(imported: Path | None = None) -> Securities:
    """The shipped table of securities, with those of the user's own file. Raises `ConfigError` if that is broken."""
    from watcher.data import shipped_securities
    from watcher.link import Securities

    shipped = Securities(shipped_securities())
    return with_imported(shipped, imported) if imported else shipped


def knowledge_of(rules: tuple[Rule, ...], securities: Securities, readers: tuple[ReaderMapping, ...] = ()) -> Knowledge:
    """What the pure stages need to know."""
    return replace(securities.knowledge, rules=rules, readers=readers)


def with_learned(securities: Securities, learned: Iterable[LearnedName]) -> Securities:
    """The table with the names that publishers taught, but for contradictory ones and ordinary words."""
    from watcher.link import is_ordinary

    believed = [one for one in learned if not one.is_contradictory and not is_ordinary(one.name)]
    return with_names(securities, "learned", [(one.name, one.symbol) for one in believed])


def with_names(securities: Securities, kind: NameKind, names: Collection[tuple[str, str]]) -> Securities:
    """The table with further names of one kind, each given with the symbol it stands for."""
    from watcher.link import Securities
    from watcher.model import Name, Security

    if not names:
        return securities
    further: dict[str, list[Name]] = defaultdict(list)
    for text, symbol in names:
        further[symbol].append(Name(text, kind))
    table = {one.symbol: one for one in securities}
    for symbol, own in further.items():
        security = table.get(symbol) or Security(symbol, own[0].text)
        table[symbol] = replace(security, names=(*security.names, *own))
    return Securities(table.values())


def folder_of(path: str, settings: Settings) -> Folder:
    """The watched folder that a file lies in, the innermost if several; else its own, under the general settings."""
    from watcher.model import Folder

    inside = [folder for folder in settings.folders if Path(path).is_relative_to(folder.path)]
    own = Folder(os.path.dirname(path), timezone=settings.timezone)
    return max(inside, key=lambda folder: len(folder.path), default=own)


def open_database(config: Path | None) -> Reader:
    """The store of this configuration, for reading only."""
    from watcher.settings import find_database
    from watcher.store import open_reader

    return open_reader(find_database(locate(config), os.environ))

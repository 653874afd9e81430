"""Config files become frozen `Settings`, or one `ConfigError` with every complaint there is.

A value comes from the environment if it is set there, else from ``watcher.yaml``, else it is the default.
Checking needs pydantic and PyYAML, slow to import: they come with the first file, not with this package.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from watcher.errors import ConfigError
from watcher.model import Rule
from watcher.settings.complaints import Complaint, Place, dotted
from watcher.settings.paths import anchored, shown
from watcher.settings.values import DEFAULT_DATABASE, ChannelSettings, SecurityLookup, Settings

if TYPE_CHECKING:
    from watcher.settings.yaml_text import Document

__all__ = [
    "ChannelSettings",
    "SecurityLookup",
    "Settings",
    "effective",
    "find_config",
    "find_database",
    "load_rules",
    "load_settings",
]


def find_config(flag: Path | None, environment: Mapping[str, str], cwd: Path) -> Path:
    """The config file to use: what the flag names, else ``WATCHER_CONFIG``, else the first that exists."""
    if flag is not None:
        return anchored(str(flag), cwd)
    if named := environment.get("WATCHER_CONFIG"):
        path = anchored(named, cwd)
        if not path.is_file():
            raise ConfigError([f"environment WATCHER_CONFIG: there is no file {shown(path)}"])
        return path
    places = [
        cwd / "config" / "watcher.yaml",
        platformdirs.user_config_path("watcher") / "watcher.yaml",
        Path("/etc/watcher/watcher.yaml"),
    ]
    for place in places:
        with suppress(PermissionError):  # The folder of somebody else's watcher.
            if place.is_file():
                return place
    looked = ", ".join(map(shown, places))
    raise ConfigError([f"no configuration found, looked for {looked}: run `watcher init` to begin with one"])


def find_database(config: Path, environment: Mapping[str, str]) -> Path:
    """The database alone, for commands that answer at once: the rest of the configuration is not checked.

    Raises `ConfigError` where the file cannot be read at all.
    """
    from watcher.settings.yaml_text import Document

    if named := environment.get("WATCHER_DATABASE", "").strip():
        return anchored(named, Path.cwd())
    config = config.absolute()
    document = Document(config)
    if not document.is_read:
        raise _refusal(document.complaints)
    return anchored(document.texts.get(("database",), DEFAULT_DATABASE), _base_of(config))


def load_settings(config: Path, *, environment: Mapping[str, str], securities: SecurityLookup) -> Settings:
    """Everything decided by the config file, its watchlist and the environment."""
    from watcher.settings.checks import check_folders, check_shape, check_unique
    from watcher.settings.models import WatcherFile
    from watcher.settings.yaml_text import Document

    config = config.absolute()
    base = _base_of(config)
    document = Document(config)
    entry, channels = None, None
    if document.is_read:
        _override(document, environment)
        entry = check_shape(document, WatcherFile)
        check_unique(document, "channels", "name")
        check_folders(document, base)
        channels = [name for _, name in document.texts_at("channels", "name")]

    named = document.texts.get(("watchlist",))
    watchlist = anchored(named, base) if named else config.parent / "watchlist.yaml"
    if not (document.is_read or watchlist.is_file()):  # Then nobody said that it should be there.
        raise _refusal(document.complaints)
    rules, complaints = _read_rules(watchlist, channels, securities)
    complaints += document.complaints
    if entry is None or complaints:
        raise _refusal(complaints)
    return Settings(
        config_path=config,
        watchlist_path=watchlist,
        database=anchored(entry.database, base),
        timezone=entry.timezone,
        folders=tuple(folder.folder(base, entry.timezone) for folder in entry.folders),
        channels=tuple(channel.channel(base) for channel in entry.channels),
        rules=rules,
        settle_seconds=entry.settle_seconds,
        rescan_seconds=entry.rescan_seconds,
        max_bytes=entry.max_bytes,
        parse_seconds=entry.parse_seconds,
        workers=entry.workers,
        baseline_files=entry.baseline_files,
        max_age=entry.max_age,
        origins=_origins(document, len(entry.folders)),
    )


def load_rules(path: Path, channels: Collection[str], securities: SecurityLookup) -> tuple[Rule, ...]:
    """The rules of a watchlist alone, whose alerts may go to `channels`."""
    rules, complaints = _read_rules(path.absolute(), channels, securities)
    if complaints:
        raise _refusal(complaints)
    return rules


def effective(settings: Settings) -> list[tuple[str, object, str]]:
    """Each setting by its key, with its value as JSON has it and where that was written."""
    from pydantic import TypeAdapter

    from watcher.settings.models import SINGLE_KEYS

    values = TypeAdapter(Settings).dump_python(settings, mode="json")
    values["watchlist"] = values["watchlist_path"]
    rows = [(key, values[key]) for key in SINGLE_KEYS]
    for key in ("folders", "channels"):
        for number, entry in enumerate(values[key]):
            rows += [(f"{key}.{number}.{name}", part) for name, part in entry.items()]
    origins = settings.origins
    return [(key, value, origins.get(key) or origins.get(f"{key}.0", "default")) for key, value in rows]


def _base_of(config: Path) -> Path:
    """Where relative paths count from: the folder above ``config/``, else the file's own folder."""
    return config.parent.parent if config.parent.name == "config" else config.parent


def _read_rules(
    path: Path, channels: Collection[str] | None, securities: SecurityLookup
) -> tuple[tuple[Rule, ...], list[Complaint]]:
    from watcher.settings.checks import check_rules, check_shape, check_terms, check_unique
    from watcher.settings.models import WatchlistFile
    from watcher.settings.yaml_text import Document

    document = Document(path)
    if not document.is_read:
        return (), document.complaints
    entry = check_shape(document, WatchlistFile)
    for key in ("name", "keywords", "require", "exclude", "channels"):
        check_unique(document, "rules", key)
    check_terms(document)
    check_rules(document, channels, securities)
    if entry is None or document.complaints:
        return (), document.complaints
    return tuple(rule.rule(securities) for rule in entry.rules), []


def _override(document: Document, environment: Mapping[str, str]) -> None:
    """Let the environment stand for what the file says of single values."""
    from watcher.settings.models import SINGLE_KEYS

    for key in SINGLE_KEYS:
        variable = f"WATCHER_{key.upper()}"
        if text := environment.get(variable, "").strip():
            if key in ("database", "watchlist"):
                text = str(anchored(text, Path.cwd()))
            document.override(key, text, Place(f"environment {variable}"))


def _origins(document: Document, folder_count: int) -> Mapping[str, str]:
    """Where each value was written, by its key."""
    from watcher.settings.models import SINGLE_KEYS

    origins = dict.fromkeys(SINGLE_KEYS, "default")
    origins |= {dotted(loc): document.places[loc].origin for loc in document.texts}
    for folder in (f"folders.{number}" for number in range(folder_count)):
        if folder in origins:  # Written as its path alone.
            origins[f"{folder}.path"] = origins[folder]
        origins.setdefault(f"{folder}.timezone", origins["timezone"])
    return origins


def _refusal(complaints: list[Complaint]) -> ConfigError:
    return ConfigError([str(complaint) for complaint in sorted(complaints)])

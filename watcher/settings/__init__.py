"""Config files become frozen `Settings`, or one `ConfigError` with every complaint there is.

A value comes from the environment if it is set there, else from ``watcher.yaml``, else it is the default.
Checking needs pydantic and PyYAML, slow to import: they come with the first file, not with this package.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from watcher.errors import ConfigError
from watcher.settings.complaints import Complaint, Place, dotted
from watcher.settings.paths import anchored, shown
from watcher.settings.values import DEFAULT_DATABASE, ChannelSettings, SecurityLookup, Settings

if TYPE_CHECKING:
    from watcher.settings.watchlist import Watchlist
    from watcher.settings.yaml_text import Document

__all__ = [
    "ChannelSettings",
    "SecurityLookup",
    "Settings",
    "effective",
    "find_config",
    "find_database",
    "load_settings",
    "load_watchlist",
    "refusal",
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
        raise refusal(document.complaints)
    return anchored(document.texts.get(("database",), DEFAULT_DATABASE), _base_of(config))


def find_aliases(config: Path, securities: SecurityLookup) -> tuple[tuple[str, str], ...]:
    """What the config file calls securities, with their symbols; those that are wrong are left to `load_settings`."""
    from watcher.settings.yaml_text import Document

    texts = Document(config).texts
    named = ((loc[1], securities.resolve(text)) for loc, text in texts.items() if len(loc) == 2 and loc[0] == "aliases")
    return tuple((str(alias), symbol) for alias, symbol in named if symbol)


def load_settings(config: Path, *, environment: Mapping[str, str], securities: SecurityLookup) -> Settings:
    """Everything decided by the config file, its watchlist and the environment."""
    from watcher.settings.checks import check_aliases, check_folders, check_shape, check_unique
    from watcher.settings.models import WatcherFile
    from watcher.settings.watchlist import read_watchlist
    from watcher.settings.yaml_text import Document

    config = config.absolute()
    base = _base_of(config)
    document = Document(config)
    entry, channels = None, None
    if document.is_read:
        _override(document, environment)
        entry = check_shape(document, WatcherFile)
        check_unique(document, "channels", "name")
        check_unique(document, "readers", "match")
        check_aliases(document, securities)
        check_folders(document, base)
        channels = [name for _, name in document.texts_at("channels", "name")]

    named = document.texts.get(("watchlist",))
    watchlist = anchored(named, base) if named else config.parent / "watchlist.yaml"
    if not (document.is_read or watchlist.is_file()):  # Then nobody said that it should be there.
        raise refusal(document.complaints)
    read = read_watchlist(watchlist, channels, securities)
    complaints = read.complaints + document.complaints
    if entry is None or complaints:
        raise refusal(complaints)
    return Settings(
        config_path=config,
        watchlist_path=watchlist,
        database=anchored(entry.database, base),
        timezone=entry.timezone,
        folders=tuple(folder.folder(base, entry.timezone) for folder in entry.folders),
        channels=tuple(channel.channel(base) for channel in entry.channels),
        readers=tuple(reader.mapping() for reader in entry.readers),
        watchlist_files=tuple(read.paths),
        rules=read.rules,
        settle_seconds=entry.settle_seconds,
        rescan_seconds=entry.rescan_seconds,
        max_bytes=entry.max_bytes,
        parse_seconds=entry.parse_seconds,
        workers=entry.workers,
        baseline_files=entry.baseline_files,
        max_age=entry.max_age,
        origins=_origins(document, len(entry.folders)),
        aliases=tuple((alias, securities.resolve(text) or text) for alias, text in entry.aliases.items()),
    )


def load_watchlist(path: Path, channels: Collection[str], securities: SecurityLookup) -> Watchlist:
    """A watchlist alone, whose alerts may go to `channels`; what is wrong with it stands in its `complaints`."""
    from watcher.settings.watchlist import read_watchlist

    return read_watchlist(path.absolute(), channels, securities)


def effective(settings: Settings) -> list[tuple[str, object, str]]:
    """Each setting by its key, with its value as JSON has it and where that was written."""
    from pydantic import TypeAdapter

    from watcher.settings.models import SINGLE_KEYS

    values = TypeAdapter(Settings).dump_python(settings, mode="json")
    values["watchlist"] = values["watchlist_path"]
    rows = [(key, values[key]) for key in SINGLE_KEYS]
    for key in ("folders", "channels"):
        for number, entry in enumerate(values[key]):
            # The zone of agency formats follows from the folder's own; nobody writes it.
            rows += [(f"{key}.{number}.{name}", part) for name, part in entry.items() if name != "agency_timezone"]
    for number, reader in enumerate(settings.readers):
        written = [("match", reader.match), ("items", reader.items), *reader.fields]
        rows += [(f"readers.{number}.{name}", part) for name, part in written]
    rows += [(f"aliases.{alias}", symbol) for alias, symbol in settings.aliases]
    origins = settings.origins
    return [(key, value, origins.get(key) or origins.get(f"{key}.0", "default")) for key, value in rows]


def _base_of(config: Path) -> Path:
    """Where relative paths count from: the folder above ``config/``, else the file's own folder."""
    return config.parent.parent if config.parent.name == "config" else config.parent


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


def refusal(complaints: Sequence[Complaint]) -> ConfigError:
    """The error that says all of these, in the order of their places."""
    return ConfigError([str(complaint) for complaint in sorted(complaints)])

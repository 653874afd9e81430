"""What the config files become, and whom they ask about securities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, Protocol

from watcher.model import Folder, ReaderMapping, Rule

DEFAULT_DATABASE = "data/news.db"


class SecurityLookup(Protocol):
    """Whoever knows the securities, by any of their usual writings."""

    def resolve(self, text: str) -> str | None:
        """The symbol of a code or name, or `None` if nobody goes by it."""

    def lines_of(self, symbol: str) -> tuple[str, ...]:
        """All lines of the company that a security is of."""

    def near(self, text: str) -> list[str]:
        """Securities written much like this, best first: ``辰安科技 300523.SZ``."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """A way for alerts to reach someone."""

    name: str
    type: Literal["console", "jsonl"]
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can decide. Paths are absolute."""

    config_path: Path
    watchlist_path: Path
    watchlist_files: tuple[Path, ...]
    """The watchlist and everything that it names: an edit of any of them counts."""
    database: Path
    timezone: str
    """For dates that name none."""
    folders: tuple[Folder, ...]
    channels: tuple[ChannelSettings, ...]
    readers: tuple[ReaderMapping, ...]
    rules: tuple[Rule, ...]
    settle_seconds: float
    rescan_seconds: float
    max_bytes: int
    parse_seconds: float
    workers: int
    baseline_files: int
    max_age: timedelta | None
    """For rules that name none; `None` is no limit."""
    origins: Mapping[str, str]
    """Where each value was written, by its key (``folders.0.path``); a key not here has its default."""
    aliases: tuple[tuple[str, str], ...] = ()
    """What the user calls securities → their symbols."""

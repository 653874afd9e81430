"""Taking over what was changed in the configuration while it runs; what is broken changes nothing and is told."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from watcher.errors import ConfigError
from watcher.model import Knowledge

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from watcher.daemon.health import Health
    from watcher.store import Store


_TROUBLE = "watchlist"
_LEARN_SECONDS = 24 * 3600
"""A daemon that runs for years learns what publishers call a new company without a restart."""


class Configuration(Protocol):
    """Whoever can read the configuration again. Both raise `ConfigError` and change nothing where it is broken."""

    watched_files: tuple[Path, ...]
    """The watchlist and everything that it names."""

    def reload_knowledge(self) -> Knowledge:
        """What the watchlist says now."""

    def reload_settings(self) -> None:
        """Check everything and keep it for the next start."""

    def learn(self, store: Store) -> bool:
        """Take over the names that publishers' markup has taught since; whether there are any."""


class Reload:
    """Reads the watchlist again when one of its files has changed, and everything when asked to."""

    def __init__(
        self,
        configuration: Configuration | None,
        store: Store,
        channels: tuple[str, ...],
        health: Health,
        log: FilteringBoundLogger,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._configuration = configuration
        self._store = store
        self._channels = channels
        self._health = health
        self._log = log
        self._monotonic = monotonic
        self._learn_at = monotonic() + _LEARN_SECONDS
        self._stamp = self._stamp_now()

    def changed_knowledge(self) -> Knowledge | None:
        """What an edited watchlist says, or names learned since; `None` where there is neither, or it is broken."""
        if self._configuration is None or (self._stamp_now() == self._stamp and not self._has_learned()):
            return None
        before = self._stamp_now()
        try:
            knowledge = self._configuration.reload_knowledge()
        except ConfigError as error:
            for complaint in error.complaints:
                self._log.error("watchlist refused", reason=complaint, rules="the earlier ones stay in force")
            self._refused(error.complaints)
            return None
        finally:
            # What was named newly counts from now on; what changed while it was read is read once more.
            self._stamp = self._stamp_now() | before
        self._health.troubles.pop(_TROUBLE, None)
        self._log.info("watchlist", reason=f"{len(knowledge.rules)} rules in force")
        return knowledge

    def _has_learned(self) -> bool:
        if self._configuration is None or self._monotonic() < self._learn_at:
            return False
        self._learn_at = self._monotonic() + _LEARN_SECONDS
        try:
            return self._configuration.learn(self._store)
        except sqlite3.OperationalError:  # Locked, or the disk is full: tomorrow is as good.
            return False

    def _refused(self, complaints: Sequence[str]) -> None:
        """Tell whoever does not read logs: somebody believes in rules that are not in force."""
        more = f" (and {len(complaints) - 1} more)" if len(complaints) > 1 else ""
        told = f"The watchlist was refused and the earlier rules stay in force: {complaints[0]}{more}"
        self._health.troubles[_TROUBLE] = told
        about = f"watchlist {list(complaints)} {sorted(map(str, self._stamp.items()))}"
        with suppress(sqlite3.OperationalError):  # Locked, or the disk is full: log and status tell it all the same.
            self._store.operator_alert(about, told, self._channels)

    def has_sound_settings(self) -> bool:
        """Whether the configuration was read again, for the next start to take over."""
        if self._configuration is None:
            return False
        try:
            self._configuration.reload_settings()
        except ConfigError as error:
            for complaint in error.complaints:
                self._log.error("configuration refused", reason=complaint, settings="the earlier ones stay in force")
            return False
        self._log.info("reloading")
        return True

    def _stamp_now(self) -> dict[Path, tuple[int, int] | None]:
        """What tells that one of the files was edited."""
        return {path: _stamp_of(path) for path in self._configuration.watched_files} if self._configuration else {}


def _stamp_of(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size

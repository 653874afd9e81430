"""Says once what stands in the way, and when it is over: folders without events or rights, the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from watcher.daemon.health import Health
from watcher.model import Folder, readable_path
from watcher.store import Store

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_LOG_ALARM_BYTES = 256_000_000
"""A write-ahead log beyond this means a reader that never ends: ten minutes of heavy writing make a tenth of it."""


class Guard:
    """Keeps the troubles of the daemon's health, each told to the log when it comes and when it goes."""

    def __init__(
        self, store: Store, health: Health, log: FilteringBoundLogger, *, log_alarm_bytes: int = _LOG_ALARM_BYTES
    ) -> None:
        self._store = store
        self._log_alarm_bytes = log_alarm_bytes
        self._health = health
        self._log = log

    def cover(
        self, changes: Iterable[tuple[Folder, str | None]], uncovered: Mapping[Folder, str], unreadable: Iterable[bytes]
    ) -> None:
        """What became of the watches: folders that cannot be watched, that send no events, or that may not be read."""
        for folder, trouble in changes:
            self._tell(f"watch {folder.path}", "unwatched", "watched again", folder.path, trouble)
        missing = {f"events {folder.path}": (folder.path, reason) for folder, reason in uncovered.items()}
        for about in [about for about in self._health.troubles if about.startswith("events ") and about not in missing]:
            self._tell(about, "polling", "events arrive again", about.removeprefix("events "), None)
        for about, (path, missed) in missing.items():
            self._tell(about, "polling", "events arrive again", path, f"{missed}; the scan comes more often instead")
        first = min(unreadable, default=None)
        reason = "it, and perhaps others, may not be read: what is in it is not seen" if first else None
        self._tell("folders", "unreadable", "readable again", readable_path(first) if first else None, reason)

    def work(self, standstill: str | None) -> None:
        """Whether something of its own has stood still for too long."""
        told = f"{standstill}; the service manager is not told that it is alive" if standstill else None
        self._tell("work", "stands still", "at work again", None, told)

    def look(self) -> None:
        """Whether the database is well kept."""
        size = self._store.log_bytes()
        reason = None
        if size > self._log_alarm_bytes:
            reason = f"its write-ahead log has {size / 1e6:,.0f} MB: some program keeps an old state of it open"
        self._tell("database log", "database grows", "database shrank", None, reason)

    def _tell(self, about: str, event: str, over: str, path: str | None, reason: str | None) -> None:
        known = self._health.troubles.get(about)
        if reason and known is None:
            self._log.warning(event, path=path, reason=reason)
        elif reason is None and known is not None:
            self._log.info(over, path=path)
        if reason:
            self._health.troubles[about] = f"{path}: {reason}" if path else reason
        else:
            self._health.troubles.pop(about, None)

"""What is in a folder when it is met for the very first time is an archive, not news, if it is much."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from watcher.detect import walk
from watcher.model import Folder, FoundFile
from watcher.store import Store


class Baselines:
    """Holds back the alerts of files that were there already, until the last of them is stored."""

    def __init__(
        self,
        store: Store,
        *,
        most_files: int,
        channels: tuple[str, ...],
        now: Callable[[], datetime],
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        """`progress` is called with each file that is counted: a million take a while."""
        self._store = store
        self._most_files = most_files
        self._channels = channels
        self._now = now
        self._progress = progress
        self._met_at_ns: dict[str, int] = {}

    def meet(self, folders: Iterable[Folder]) -> list[tuple[Folder, int]]:
        """Decide, once in a folder's life, whether what is in it is news; the folders where not, with their files."""
        held: list[tuple[Folder, int]] = []
        for folder in folders:
            if self._store.ledger.has_met(folder.path) or not os.path.isdir(folder.path):
                continue
            count = self._count(folder)
            is_held = count > self._most_files
            met_at = self._now().isoformat()
            with self._store.transaction():
                self._store.ledger.meet(folder.path, count if is_held else None, met_at)
            if is_held:
                headline = f"{folder.path}: {count:,} files were there already; they are stored without alerts"
                self._store.operator_alert(f"{folder.path} {met_at}", headline, self._channels)
                held.append((folder, count))
        self._met_at_ns = {
            path: int(datetime.fromisoformat(met_at).timestamp() * 1e9)
            for path, met_at in self._store.ledger.open_baselines().items()
        }
        return held

    def _count(self, folder: Folder) -> int:
        count = 0
        for candidate in walk(os.fsencode(folder.path), folder):
            self._progress()
            count += candidate.ignored is None
        return count

    def hold(self, found: FoundFile) -> FoundFile:
        """The file, held back if it was there when its folder was met.

        By ctime, which is the kernel's own: a file that is moved in later has a later one, whatever its date says.
        """
        met_at_ns = self._met_at_ns.get(found.folder.path)
        if met_at_ns is not None and found.stamp.ctime_ns <= met_at_ns:
            return replace(found, hold="baseline")
        return found

    def close(self) -> None:
        """All that was there is stored: what is found from now on is news."""
        if self._met_at_ns:
            with self._store.transaction():
                self._store.ledger.close_baselines(self._now().isoformat())
            self._met_at_ns = {}

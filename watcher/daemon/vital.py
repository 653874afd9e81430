"""Is it really at work? Stamps of progress, and who has made none for too long (reliability row O1)."""

from __future__ import annotations

import time
from collections.abc import Callable

from watcher.deliver import Outbox
from watcher.detect import Detector
from watcher.store import Store

_SILENT_SECONDS = 40.0
"""What a thread may take for one thing: the slowest disk answers sooner, and a service manager waits for longer."""

_SHORTEST_PATIENCE_SECONDS = 60.0
"""What a look at the folders, and a page, may always take, however short their settings are."""


class Vitals:
    """Whether everything that is to go on by itself does.

    A database that can be read but not written is none of it: intake pauses and goes on by itself, and to begin anew
    would not make room on a disk.
    """

    def __init__(
        self,
        detector: Detector,
        outbox: Outbox,
        store: Store,
        *,
        rescan_seconds: float,
        parse_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._detector = detector
        self._outbox = outbox
        self._store = store
        self._monotonic = monotonic
        self._look_patience = max(3 * rescan_seconds, _SHORTEST_PATIENCE_SECONDS)
        self._store_patience = max(3 * parse_seconds, _SHORTEST_PATIENCE_SECONDS)
        self._looked_at = self._stored_at = monotonic()

    def looked(self) -> None:
        """A slice of a scan is done: a long one is at work for as long as slices come."""
        self._looked_at = self._monotonic()

    def stored(self) -> None:
        """Files in hand were stored, or there are none, or they wait for the database."""
        self._stored_at = self._monotonic()

    def held_up(self, seconds: float) -> None:
        """The loop was at something else for so long, which progressed: nothing else could."""
        self._looked_at += seconds
        self._stored_at += seconds

    def standstill(self) -> str | None:
        """Who has stood still for too long, in words; `None` while all are at work."""
        if not self._store.ledger.answers():
            return "the database does not answer"
        now = self._monotonic()
        if now - self._looked_at > self._look_patience:
            return f"the folders were last looked at {now - self._looked_at:.0f} seconds ago"
        if now - self._stored_at > self._store_patience:
            return f"files are in hand, and none was stored for {now - self._stored_at:.0f} seconds"
        if (silent := self._detector.silent_seconds()) > _SILENT_SECONDS:
            return f"events have not been handed on for {silent:.0f} seconds"
        for channel, unmoved in self._outbox.unmoved_seconds().items():
            if unmoved > _SILENT_SECONDS:
                return f'channel "{channel}" has delivered nothing of what it holds for {unmoved:.0f} seconds'
        return None

"""The loop: wait, take files in, store, deliver, stop cleanly. Commands build its parts and hand them over."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import wait
from types import FrameType
from typing import TYPE_CHECKING

from watcher.deliver import Outbox, build_channels, next_attempt_after
from watcher.detect import Candidate, Detector, walk
from watcher.errors import ConfigError
from watcher.model import Folder, FoundFile, Knowledge, Outcome, readable_path
from watcher.pipeline import Pipeline, understand
from watcher.store import Store
from watcher.workers import Workers

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from watcher.settings import Settings

_IN_HAND = 128
"""Files in the pipeline at once: enough that workers never wait for the disk, few enough to stop quickly."""

_LOOK_AGAIN_SECONDS = 1.0
"""How often deliveries that are due again, the watchlist file and the health of the watches are looked at."""

_SCAN_SLICE_SECONDS = 0.05
_STOP_SECONDS = 5.0
_ONCE_PATIENCE = 10
"""How many times `settle_seconds` a single run waits for files to hold still."""

_PAUSE_SECONDS = 1.0
"""Rest after the database could not be written; the files in hand are kept meanwhile."""


class Daemon:
    """Watches, takes in and delivers until told to stop. Belongs to the thread that made it."""

    def __init__(
        self,
        settings: Settings,
        knowledge: Knowledge,
        store: Store,
        log: FilteringBoundLogger,
        *,
        reload: Callable[[], Knowledge] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._knowledge = knowledge
        self._store = store
        self._log = log
        self._reload = reload
        self._now = now
        self._waker = _Waker()
        self._workers = Workers(understand, count=settings.workers, deadline_seconds=settings.parse_seconds)
        self._channels = tuple(channel.name for channel in settings.channels)
        self._pipeline = Pipeline(
            store,
            self._workers,
            max_bytes=settings.max_bytes,
            channels=self._channels,
            max_age=settings.max_age,
            now=now,
        )
        self._outbox = Outbox(build_channels(settings.channels), self._waker.wake)
        self._detector = Detector(
            settings.folders,
            unknown=self._unknown,
            settle_seconds=settings.settle_seconds,
            wake=self._waker.wake,
            now=now,
        )
        self._scan: Iterator[int] | None = None
        self._next_scan_at = 0.0
        self._next_look_at = 0.0
        self._troubles: dict[Folder, str] = {}
        self._watchlist_stamp = self._stamp_watchlist()
        self._baselines: dict[str, int] = {}
        written = (settings.database, *(channel.path for channel in settings.channels if channel.path))
        # In a watched folder they would be news about our own news.
        self._own_files = tuple(map(os.fsencode, (settings.config_path, settings.watchlist_path, *written)))
        self.stopping = False

    def stop(self) -> None:
        """Finish the files in hand and stop. May be called from a signal handler or another thread."""
        self.stopping = True
        self._waker.wake()

    def run(self) -> None:
        """Watch until `stop`."""
        with self._listening_to_signals():
            self._workers.start()
            self._meet_folders()
            self._supervise()
            self._log.info("watching", folders=[folder.path for folder in self._settings.folders], pid=os.getpid())
            while not self.stopping:
                moved = self._step()
                if not moved and not self.stopping:
                    self._wait()
        self._log.info("stopped")

    def run_once(self) -> None:
        """One scan: process everything that is there, deliver, and return."""
        with self._listening_to_signals():
            self._meet_folders()
            self._next_look_at = float("inf")
            # A file that is written to all the time is left to the next run.
            give_up_at = time.monotonic() + _ONCE_PATIENCE * self._settings.settle_seconds
            while not self.stopping:
                if self._step():
                    continue
                unsettled = self._detector.waiting and time.monotonic() < give_up_at
                if self._scan is None and not unsettled and not self._pipeline.in_hand:
                    break
                self._wait()
            self._deliver_everything()

    def ingest(self, files: Sequence[Candidate], *, hold: str | None) -> Iterator[Outcome]:
        """Take these files in as they are; their outcomes as they are committed. What is known already is skipped."""
        for start in range(0, len(files), _IN_HAND):
            some = files[start : start + _IN_HAND]
            unknown = self._unknown(some)
            found = (
                FoundFile(one.path, one.stamp, one.folder, self._now(), ignored=one.ignored, hold=hold)
                for one in some
                if one.path in unknown
            )
            yield from self._pipeline.run_through(found, self._knowledge)
            if self.stopping:
                return
        self._deliver_everything()

    def close(self) -> None:
        """Store what is in hand, as far as five seconds go, and let go of everything. Safe twice."""
        deadline = time.monotonic() + _STOP_SECONDS
        self._detector.stop()
        with contextlib.suppress(sqlite3.Error):
            while self._pipeline.in_hand and time.monotonic() < deadline:
                self._tell(self._pipeline.finish(seconds=0.2))
        self._workers.stop()
        self._outbox.close(max(0.5, deadline - time.monotonic()))
        with contextlib.suppress(sqlite3.Error):
            self._record_receipts()
        self._waker.close()

    def _step(self) -> bool:
        """A little of everything that can be done now; whether anything was."""
        now = time.monotonic()
        if now >= self._next_look_at:
            self._next_look_at = now + _LOOK_AGAIN_SECONDS
            self._supervise()
            self._reload_changed_watchlist()
        try:
            moved = self._advance_scan(now) | self._take_in()
            outcomes = self._pipeline.finish()
            self._tell(outcomes)
            if not outcomes and not moved and not self._pipeline.in_hand:
                self._close_baselines()
            return self._deliver() or bool(outcomes) or moved
        except sqlite3.OperationalError as error:
            self._log.error(
                "paused", reason=f"the database cannot be written: {error}", again_in_seconds=_PAUSE_SECONDS
            )
            time.sleep(_PAUSE_SECONDS)
            return False

    def _wait(self) -> None:
        """Sleep until a hint, an answer, a receipt, a signal, or the next thing that is due."""
        now = time.monotonic()
        due = (
            self._next_scan_at - now,
            self._next_look_at - now,
            _LOOK_AGAIN_SECONDS,
            self._detector.seconds_until_ready(),
            self._workers.seconds_until_deadline(),
            self._pipeline.seconds_until_commit(),
        )
        seconds = min(seconds for seconds in due if seconds is not None)
        wait([self._waker.reader, *self._workers.connections()], max(0.0, seconds))
        self._waker.clear()

    def _take_in(self) -> bool:
        room = _IN_HAND - self._pipeline.in_hand
        if room <= 0:
            return False
        found = self._detector.ready(room, self._pipeline.busy)
        if found:
            self._pipeline.take(map(self._held_back, found), self._knowledge)
        return bool(found)

    def _advance_scan(self, now: float) -> bool:
        """Go on with the scan of the folders, or begin one that is due; whether it goes on after this."""
        if self._scan is None and (now >= self._next_scan_at or self._detector.rescan_needed):
            self._scan = self._detector.scan()
            self._next_scan_at = now + self._settings.rescan_seconds
        if self._scan is None:
            return False
        for _ in self._scan:
            if time.monotonic() > now + _SCAN_SLICE_SECONDS:
                return True
        self._scan = None
        return False

    def _unknown(self, candidates: Sequence[Candidate]) -> set[bytes]:
        entries = self._store.ledger.entries([candidate.path for candidate in candidates])
        unknown = set()
        for candidate in candidates:
            if candidate.path.startswith(self._own_files):
                continue
            entry = entries.get(candidate.path)
            no_longer_ignored = entry is not None and entry.state == "ignored" and not candidate.ignored
            if entry is None or no_longer_ignored or not entry.is_settled_as(candidate.stamp):
                unknown.add(candidate.path)
        return unknown

    def _meet_folders(self) -> None:
        """Decide, once in a folder's life, whether what is in it already is news."""
        for folder in self._settings.folders:
            if self._store.ledger.has_met(folder.path) or not os.path.isdir(folder.path):
                continue
            count = sum(1 for candidate in walk(os.fsencode(folder.path), folder) if not candidate.ignored)
            is_baseline = count > self._settings.baseline_files
            met_at = self._now()
            with self._store.transaction():
                self._store.ledger.meet(folder.path, count if is_baseline else None, met_at.isoformat())
            if is_baseline:
                headline = f"{folder.path}: {count:,} files were there already; they are stored without alerts"
                self._store.operator_alert(f"{folder.path} {met_at.isoformat()}", headline, self._channels)
                self._log.info("baseline", path=folder.path, files=count)
        self._baselines = {
            folder: int(datetime.fromisoformat(met_at).timestamp() * 1e9)
            for folder, met_at in self._store.ledger.open_baselines().items()
        }

    def _held_back(self, found: FoundFile) -> FoundFile:
        met_at_ns = self._baselines.get(found.folder.path)
        # ctime is the kernel's own: a file that is moved in later has a later one, whatever its date says.
        if met_at_ns is not None and found.stamp.ctime_ns <= met_at_ns:
            return replace(found, hold="baseline")
        return found

    def _close_baselines(self) -> None:
        if self._baselines and self._scan is None and not self._detector.waiting:
            with self._store.transaction():
                self._store.ledger.close_baselines(self._now().isoformat())
            self._baselines = {}

    def _deliver(self) -> bool:
        """Write down what became of deliveries, and offer what is owed and due; whether there were receipts."""
        recorded = self._record_receipts()
        owed = self._store.deliveries.owed(self._now())
        if owed:
            self._outbox.offer(owed)
        return recorded

    def _record_receipts(self) -> bool:
        receipts = self._outbox.receipts()
        if receipts:
            with self._store.transaction():
                self._store.deliveries.record(receipts, next_attempt_after, self._now())
            for receipt in receipts:
                if receipt.error:
                    self._log.warning("undelivered", channel=receipt.channel, reason=receipt.error)
        return bool(receipts)

    def _deliver_everything(self) -> None:
        """Deliver until nothing is owed that is due now."""
        self._deliver()
        while self._outbox.in_flight:
            wait([self._waker.reader], _LOOK_AGAIN_SECONDS)
            self._waker.clear()
            self._deliver()

    def _supervise(self) -> None:
        """Keep every folder watched; say once what stands in the way, and when it is over."""
        for folder, trouble in self._detector.watch():
            if trouble and self._troubles.get(folder) != trouble:
                self._troubles[folder] = trouble
                self._log.warning(
                    "unwatched",
                    path=folder.path,
                    reason=f"{trouble}; the scan still looks every {self._settings.rescan_seconds:g} seconds",
                )
            elif not trouble and folder in self._troubles:
                del self._troubles[folder]
                self._log.info("watched again", path=folder.path)
                self._meet_folders()

    def _reload_changed_watchlist(self) -> None:
        """Take over an edited watchlist; a broken one changes nothing and is complained of."""
        stamp = self._stamp_watchlist()
        if self._reload is None or stamp == self._watchlist_stamp:
            return
        self._watchlist_stamp = stamp
        try:
            self._knowledge = self._reload()
        except ConfigError as error:
            for complaint in error.complaints:
                self._log.error("watchlist refused", reason=complaint, rules="the earlier ones stay in force")
        else:
            self._log.info("watchlist", reason=f"{len(self._knowledge.rules)} rules in force")

    def _stamp_watchlist(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._settings.watchlist_path)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def _tell(self, outcomes: Iterable[Outcome]) -> None:
        """One closing line for each file."""
        for outcome in outcomes:
            path = readable_path(os.path.basename(outcome.path))
            more = f" (+{len(outcome.titles) - 1} more)" if len(outcome.titles) > 1 else ""
            title = outcome.titles[0] + more if outcome.titles else None
            fields = {
                "title": title,
                "publisher": outcome.publisher,
                "alerts": outcome.alert_count or None,
                "reason": outcome.reason,
                "path": path,
            }
            told = {name: value for name, value in fields.items() if value is not None}
            if outcome.state in ("failed", "waiting"):
                self._log.warning(outcome.state, **told)
            elif outcome.state == "ignored":
                self._log.debug(outcome.state, **told)
            else:
                self._log.info(outcome.state, **told)

    @contextlib.contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        """The first signal stops cleanly, a second one at once. SIGIO is ignored for `detect.complete.is_held_open`."""

        def stop(number: int, _frame: FrameType | None) -> None:
            signal.signal(number, signal.SIG_DFL)
            self.stop()

        handlers = {signal.SIGINT: stop, signal.SIGTERM: stop}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        if hasattr(signal, "SIGIO"):
            before[signal.SIGIO] = signal.signal(signal.SIGIO, signal.SIG_IGN)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Waker:
    """Ends a wait from any thread or signal handler."""

    def __init__(self) -> None:
        self.reader, self._writer = socket.socketpair()
        self.reader.setblocking(False)
        self._writer.setblocking(False)

    def wake(self) -> None:
        """End the wait, or the next one. Never waits itself."""
        with contextlib.suppress(OSError):  # Full: it is awake already. Closed: nobody waits any more.
            self._writer.send(b"\0")

    def clear(self) -> None:
        """Take back all wakes so far."""
        with contextlib.suppress(BlockingIOError):
            while self.reader.recv(4096):
                pass

    def close(self) -> None:
        """Let go of both ends. Safe twice."""
        self.reader.close()
        self._writer.close()

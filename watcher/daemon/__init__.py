"""The loop: wait, take files in, store, deliver, stop cleanly. Commands build its parts and hand them over."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from watcher.daemon.baseline import Baselines
from watcher.daemon.guard import Guard
from watcher.daemon.health import Health
from watcher.daemon.reload import Configuration, Reload
from watcher.daemon.report import log_outcomes
from watcher.daemon.systemd import ServiceManager
from watcher.daemon.vital import Vitals
from watcher.daemon.wake import Waker, signals
from watcher.deliver import LONGEST_WAIT, Outbox, build_channels, next_attempt_after
from watcher.detect import Candidate, Detector, is_gone
from watcher.errors import StoreError
from watcher.model import FoundFile, Knowledge, Outcome
from watcher.pipeline import Pipeline, understand
from watcher.store import Store, may_pass
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
"""Rest after the database could not be written."""

_POLL_SECONDS = 10.0
"""How often everything is looked at while the events of a folder cannot be relied on."""

_ONCE_PAUSED_SECONDS = 60.0
"""How long a single run waits for a database that cannot be written."""

_TELL_SECONDS = 5.0
"""How often the figures for `watcher status` are told, if they have changed."""


class Daemon:
    """Watches, takes in and delivers until told to stop. Belongs to the thread that made it."""

    def __init__(
        self,
        settings: Settings,
        knowledge: Knowledge,
        store: Store,
        log: FilteringBoundLogger,
        *,
        configuration: Configuration | None = None,
        tell: Callable[[dict[str, object]], None] = lambda figures: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._knowledge = knowledge
        self._store = store
        self._log = log
        self._tell_figures = tell
        self._now = now
        self._waker = Waker()
        self._health = Health()
        self._guard = Guard(store, self._health, log)
        self._manager = ServiceManager()
        self._workers = Workers(understand, count=settings.workers, deadline_seconds=settings.parse_seconds)
        self._channels = tuple(channel.name for channel in settings.channels)
        self._pipeline = Pipeline(
            store,
            self._workers,
            max_bytes=settings.max_bytes,
            channels=self._channels,
            max_age=settings.max_age,
            timezone=settings.timezone,
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
        self._next_scan_at = self._next_look_at = 0.0
        self._reload = Reload(configuration, store, self._channels, self._health, log)
        with store.transaction():
            store.deliveries.clamp(now(), LONGEST_WAIT)
        self._baselines = Baselines(
            store, most_files=settings.baseline_files, channels=self._channels, now=now, progress=self._counted
        )
        self._vitals = Vitals(
            self._detector,
            self._outbox,
            store,
            rescan_seconds=settings.rescan_seconds,
            parse_seconds=settings.parse_seconds,
        )
        self._next_tell_at = 0.0
        self._told: dict[str, object] = {}
        self._reload_asked = False
        self._seen_all = False
        self._paused_since: float | None = None
        written = (settings.database, *(channel.path for channel in settings.channels if channel.path))
        # In a watched folder they would be news about our own news.
        self._own_files = tuple(map(os.fsencode, (settings.config_path, *settings.watchlist_files, *written)))
        self.stopping = False
        self.reloading = False
        """Whether it stops only to begin again with other settings."""

    def stop(self) -> None:
        """Finish the files in hand and stop. May be called from a signal handler or another thread."""
        self.stopping = True
        self._waker.wake()

    def ask_reload(self) -> None:
        """Read the configuration again and, if it is sound, begin anew. May be called from a signal handler."""
        self._reload_asked = True
        self._waker.wake()

    def run(self) -> None:
        """Watch until `stop`, or until sound new settings are to be taken over (`reloading`)."""
        with signals(stop=self.stop, reload=self.ask_reload):
            self._workers.start(self._knowledge)
            self._meet_folders()
            self._supervise()
            self._log.info("watching", folders=[folder.path for folder in self._settings.folders], pid=os.getpid())
            while not self.stopping:
                moved = self._step()
                if not moved and not self.stopping:
                    self._wait()
        if not self.reloading:
            self._manager.stopping()
            self._log.info("stopped")

    def run_once(self) -> None:
        """One scan: process everything that is there, deliver, and return.

        Raises `StoreError` where the database could not be written for a minute.
        """
        with signals(stop=self.stop, reload=lambda: None):
            self._meet_folders()
            self._next_look_at = float("inf")
            # A file that is written to all the time is left to the next run.
            give_up_at = time.monotonic() + _ONCE_PATIENCE * self._settings.settle_seconds
            while not self.stopping:
                if self._step():
                    continue
                if self._paused_since and time.monotonic() - self._paused_since > _ONCE_PAUSED_SECONDS:
                    raise StoreError(self._health.troubles["database"])
                unsettled = self._detector.waiting and time.monotonic() < give_up_at
                to_scan = self._scan is not None or self._detector.rescan_needed
                if not to_scan and not unsettled and not self._pipeline.in_hand:
                    break
                self._wait()
            self._deliver_everything()

    def ingest(self, files: Sequence[Candidate], *, hold: str | None) -> Iterator[Outcome]:
        """Take these files in as they are; their outcomes as they are committed. What is known already is skipped.

        A signal ends it after the files in hand (`stopping`).
        """
        with signals(stop=self.stop, reload=lambda: None):
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
            self._guard.look()
            self._is_at_work()
            self._knowledge = self._reload.changed_knowledge() or self._knowledge
            if not self._store.is_in_place():
                self._log.error("database gone", reason="it was deleted or replaced while it was open; beginning anew")
                self.reloading = self.stopping = True
        if self._reload_asked:
            self._reload_settings()
        self._report(now)
        try:
            moved = self._advance_scan(now) | self._take_in()
            outcomes = self._pipeline.finish()
            self._tell(outcomes)
            if outcomes or not self._pipeline.in_hand:
                self._vitals.stored()
            moved = self._deliver() or bool(outcomes) or moved
            if not moved and self._scan is None and not self._detector.waiting and not self._pipeline.in_hand:
                self._settle()
        except sqlite3.OperationalError as error:
            if not may_pass(error):
                raise
            self._pause(f"the database cannot be written: {error}")
            return False
        self._paused_since = None
        if self._health.troubles.pop("database", None):
            self._log.info("resumed", reason="the database can be written again")
        return moved

    def _pause(self, reason: str) -> None:
        """Rest, and say why once. The files in hand are kept; what else is found meanwhile will be found again."""
        self._paused_since = self._paused_since or time.monotonic()
        if self._health.troubles.get("database") != reason:
            self._health.troubles["database"] = reason
            self._log.error("paused", reason=reason)
        self._vitals.stored()
        self._scan = None
        self._detector.rescan_needed = True
        time.sleep(_PAUSE_SECONDS)

    def _settle(self) -> None:
        """Everything that was there at the start is seen and stored."""
        if not self._seen_all:
            self._seen_all = True
            self._baselines.close()
            self._manager.ready()

    def _report(self, now: float) -> None:
        """Keep a service manager content, and tell the figures for `watcher status` when they have changed."""
        self._manager.keep_alive(self._is_at_work)
        if now < self._next_tell_at:
            return
        self._next_tell_at = now + _TELL_SECONDS
        figures = {"backlog": self._detector.waiting + self._pipeline.in_hand, **self._health.figures()}
        if figures != self._told:
            self._told = figures
            self._tell_figures(figures)
        self._manager.status("; ".join(self._health.troubles.values()) or f"{figures['backlog']} files waiting")

    def _counted(self) -> None:
        """A file of a folder that is met was counted, which holds up the loop."""
        self._vitals.looked()
        self._vitals.stored()
        self._manager.keep_alive(self._is_at_work)

    def _is_at_work(self) -> bool:
        standstill = self._vitals.standstill()
        self._guard.work(standstill)
        return standstill is None

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
            self._health.taken(found)
            self._pipeline.take(self._handed(found), self._knowledge)
        return bool(found)

    def _handed(self, found: Sequence[FoundFile]) -> Iterator[FoundFile]:
        for one in found:
            began = time.monotonic()
            yield self._baselines.hold(one)
            # One that may have taken the last daemon down is parsed alone before the next is asked for.
            self._vitals.held_up(time.monotonic() - began)
            self._manager.keep_alive(self._is_at_work)

    def _advance_scan(self, now: float) -> bool:
        """Go on with the scan of the folders, or begin one that is due; whether it goes on after this."""
        if self._scan is None and (now >= self._next_scan_at or self._detector.rescan_needed):
            self._scan = self._detector.scan()
            longest = _POLL_SECONDS if self._detector.uncovered else float("inf")
            self._next_scan_at = now + min(self._settings.rescan_seconds, longest)
        if self._scan is None:
            return False
        for _ in self._scan:
            self._vitals.looked()
            if time.monotonic() > now + _SCAN_SLICE_SECONDS:
                return True
        self._scan = None
        self._forget_ghosts()
        return False

    def _forget_ghosts(self) -> None:
        """Drop what was to be read again and is gone: no scan finds it any more."""
        busy = self._pipeline.busy
        gone = [id_ for id_, path in self._store.ledger.waiting() if path not in busy and is_gone(path)]
        if gone:
            with self._store.transaction():
                self._store.ledger.forget(gone, self._now().isoformat())

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
        for folder, count in self._baselines.meet(self._settings.folders):
            self._log.info("baseline", path=folder.path, files=count)

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
        changes = self._detector.watch()
        self._guard.cover(changes, self._detector.uncovered, self._detector.unreadable)
        if any(trouble is None for _, trouble in changes):
            self._meet_folders()

    def _reload_settings(self) -> None:
        """Stop for a new beginning if the configuration is sound; else change nothing and complain."""
        self._reload_asked = False
        self._manager.reloading()
        if self._reload.has_sound_settings():
            self.reloading = self.stopping = True
        else:
            self._manager.ready()

    def _tell(self, outcomes: Sequence[Outcome]) -> None:
        self._health.committed(outcomes)
        log_outcomes(self._log, outcomes)

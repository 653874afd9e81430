"""watchdog, behind one small door: it hints that something happened at a path, and says when it no longer can."""

from __future__ import annotations

import logging
import os
import threading
import time
import warnings
from collections.abc import Callable

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from watcher.detect.mounts import unread_event_bytes

Hint = Callable[[bytes, bool], None]
"""Called with a path and whether its writer is known to be done with it. Must not raise."""

_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileClosedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirMovedEvent,
]
"""With only these, half as many events fill the kernel's queue: reliability row W2."""

_QUESTION = FileCreatedEvent("")
"""Put among the events, to be recognised by the handler: whatever comes through proves its thread at work."""

_GIVEN_UP_SECONDS = 60.0
"""A watch whose thread has not answered for so long is begun anew."""

_FAR_APART_SECONDS = 2.0

# watchdog 7.1 prints its whole table of watches in these, megabytes in a burst of new folders: row W6.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.observers\.inotify")


class _Overflows(logging.Handler):
    """Counts how often events were lost to a full kernel queue: watchdog tells its log and nobody else (row W2)."""

    times = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.times += "overflow" in str(record.msg)


_overflows = _Overflows()
logging.getLogger("watchdog.observers.inotify_c").addHandler(_overflows)


class Watch:
    """Events below one folder, for as long as they can be trusted."""

    def __init__(
        self, root: str, *, recursive: bool, hint: Hint, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Start watching. Raises `OSError` where the folder is missing or the system's limits are reached."""
        before = set(threading.enumerate())
        self._root = root
        self._identity = _identity(root)
        self._overflows = _overflows.times
        self._monotonic = monotonic
        self._asked_at = monotonic()
        self._handler = _Handler(hint)
        self._observer = Observer()
        self._observer.schedule(self._handler, root, recursive=recursive, event_filter=_EVENTS)
        try:
            self._observer.start()
        except OSError:
            self.stop()
            raise
        self._threads = set(threading.enumerate()) - before

    def is_trustworthy(self) -> bool:
        """Whether its threads live and answer, no event was lost and the folder is still the one it was started on.

        `Observer.is_alive()` stays true when the thread that reads the kernel's queue has died, and a folder that was
        replaced sends no more events: rows W1, W7 and W8.
        """
        return (
            all(thread.is_alive() for thread in self._threads)
            and _overflows.times == self._overflows
            and _identity(self._root) == self._identity
            and self.silent_seconds() < _GIVEN_UP_SECONDS
        )

    def silent_seconds(self) -> float:
        """How long the thread that hands events on has owed an answer; asks it again once it has answered."""
        if self._handler.answered:
            self._handler.answered = False
            self._asked_at = self._monotonic()
            for emitter in list(self._observer.emitters):
                emitter.queue_event(_QUESTION)
        return self._monotonic() - self._asked_at

    def stop(self) -> None:
        """Stop watching. Safe twice.

        watchdog waits for threads of its own without end, and one that waits for a dead one never comes back: what
        does not stop in two seconds is left behind.
        """
        stopper = threading.Thread(target=self._stop_observer, name="stop watching", daemon=True)
        stopper.start()
        stopper.join(timeout=2)

    def _stop_observer(self) -> None:
        self._observer.unschedule_all()
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join(timeout=2)


class _Handler(FileSystemEventHandler):
    def __init__(self, hint: Hint) -> None:
        self._hint = hint
        self.answered = True
        """Whether the last question came through."""

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event is _QUESTION:
            self.answered = True
            return
        arrived = event.dest_path if event.event_type == "moved" else event.src_path
        self._hint(os.fsencode(arrived), event.event_type in ("closed", "moved"))


class KernelQueue:
    """The kernel's events for this process: a reader that lives but reads no more leaves them lying (row O1)."""

    def __init__(
        self, *, unread: Callable[[], int] = unread_event_bytes, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._unread = unread
        self._monotonic = monotonic
        self._before = 0
        self._looked_at = monotonic()
        self._unread_seconds = 0.0

    def unread_seconds(self) -> float:
        """How long none was taken out while some lay there, as far as regular calls of this show."""
        unread, now = self._unread(), self._monotonic()
        if 0 < self._before <= unread:
            # What happened between two looks that were far apart nobody knows.
            self._unread_seconds += min(now - self._looked_at, _FAR_APART_SECONDS)
        else:
            self._unread_seconds = 0.0
        self._before, self._looked_at = unread, now
        return self._unread_seconds


def _identity(root: str) -> tuple[int, int] | None:
    try:
        status = os.stat(root)
    except OSError:
        return None
    return status.st_dev, status.st_ino

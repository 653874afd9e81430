"""watchdog, behind one small door: it hints that something happened at a path, and says when it no longer can."""

from __future__ import annotations

import logging
import os
import threading
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

    def __init__(self, root: str, *, recursive: bool, hint: Hint) -> None:
        """Start watching. Raises `OSError` where the folder is missing or the system's limits are reached."""
        before = set(threading.enumerate())
        self._root = root
        self._identity = _identity(root)
        self._overflows = _overflows.times
        self._observer = Observer()
        self._observer.schedule(_Handler(hint), root, recursive=recursive, event_filter=_EVENTS)
        try:
            self._observer.start()
        except OSError:
            self.stop()
            raise
        self._threads = set(threading.enumerate()) - before

    def is_trustworthy(self) -> bool:
        """Whether all its threads live, no event was lost and the folder is still the one it was started on.

        `Observer.is_alive()` stays true when the thread that reads the kernel's queue has died, and a folder that was
        replaced sends no more events: rows W1, W7 and W8.
        """
        return (
            all(thread.is_alive() for thread in self._threads)
            and _overflows.times == self._overflows
            and _identity(self._root) == self._identity
        )

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

    def on_any_event(self, event: FileSystemEvent) -> None:
        arrived = event.dest_path if event.event_type == "moved" else event.src_path
        self._hint(os.fsencode(arrived), event.event_type in ("closed", "moved"))


def _identity(root: str) -> tuple[int, int] | None:
    try:
        status = os.stat(root)
    except OSError:
        return None
    return status.st_dev, status.st_ino

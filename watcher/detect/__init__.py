"""Folders become `FoundFile`s: an event is a hint to look, the scan against the ledger decides what exists."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from watcher.detect.complete import is_held_open, looks_whole
from watcher.detect.coverage import Coverage
from watcher.detect.names import is_below_foreign_folder, is_foreign_folder, lacks_marker, marked_file, why_ignored
from watcher.detect.watch import KernelQueue, Watch
from watcher.model import Folder, FoundFile, Stamp

__all__ = ["Candidate", "Detector", "candidate_at", "is_gone", "lacks_marker", "walk"]

_MOST_HINTS = 10_000
"""Hints kept; when more come at once they are dropped and a scan finds the files (reliability row W13)."""

_SLICE = 500
_SLICE_SECONDS = 0.05
"""Files a scan looks at, and how long it takes at most, before it lets the loop do other work."""

_IN_ORDER = 10_000
"""Files of one folder that are listed and sorted at once; a folder with more comes in that many at a time (row W19)."""

_LOOKS_FOR_EACH = 4
"""How many pending files `ready` looks at for each it may give, so that a long backlog does not hold up the loop."""

_DEEPEST = 32
_EMPTY_PATIENCE = 5
"""How many times `settle_seconds` an empty file may take to be filled before it is judged as it is."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file on disk as it is now."""

    path: bytes
    stamp: Stamp
    folder: Folder
    ignored: str | None


@dataclass(slots=True)
class _Pending:
    """A file that may have to be read, and since when it has held still."""

    folder: Folder
    closed: bool = False
    stamp: Stamp | None = None
    still_since: float = 0.0


Unknown = Callable[[Sequence[Candidate]], Collection[bytes]]
"""Tells which of these files the ledger does not know as they are now."""


class Detector:
    """Watches folders and gives each new or changed file once it is complete.

    Thread-safe only in `hint`, which watchdog's threads call; everything else belongs to the daemon's thread.
    """

    def __init__(
        self,
        folders: Iterable[Folder],
        *,
        unknown: Unknown,
        settle_seconds: float,
        wake: Callable[[], None] = lambda: None,
        coverage: Coverage | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._folders = tuple(folders)
        self._unknown = unknown
        self._settle_seconds = settle_seconds
        self._wake = wake
        self._monotonic = monotonic
        self._now = now
        self._hints: dict[bytes, bool] = {}
        self._lock = threading.Lock()
        self._pending: OrderedDict[bytes, _Pending] = OrderedDict()
        self._watches: dict[Folder, Watch] = {}
        self._coverage = coverage or Coverage()
        self._kernel_queue = KernelQueue()
        self.rescan_needed = False
        self.unreadable: set[bytes] = set()
        """Sub-folders that the last full scan was not allowed to read."""

    @property
    def waiting(self) -> int:
        """How many files are not judged yet."""
        return len(self._pending) + len(self._hints)

    @property
    def uncovered(self) -> dict[Folder, str]:
        """Folders whose events cannot be relied on, and why."""
        return self._coverage.missing

    def watch(self) -> list[tuple[Folder, str | None]]:
        """Start what is not watched, restart what can no longer be trusted; what changed, with the trouble if any."""
        changes: list[tuple[Folder, str | None]] = []
        for folder in self._folders:
            watch = self._watches.get(folder)
            if watch and watch.is_trustworthy():
                continue
            if watch:
                watch.stop()
                del self._watches[folder]
            self._coverage.begin()
            try:
                self._watches[folder] = Watch(folder.path, recursive=folder.recursive, hint=self.hint)
            except OSError as error:
                changes.append((folder, error.strerror or str(error)))
            except (KeyError, RuntimeError) as error:  # watchdog loses count of its own watches under churn (row W1).
                changes.append((folder, f"watchdog failed: {error!r}"))
            else:
                self._coverage.begun(folder)
                changes.append((folder, None))
                self.rescan_needed = True
        self._coverage.check()
        return changes

    def silent_seconds(self) -> float:
        """How long watchdog's threads have left something undone that takes them no time; 0 where they are at work."""
        return max([self._kernel_queue.unread_seconds(), *(one.silent_seconds() for one in self._watches.values())])

    def stop(self) -> None:
        """Stop watching. Safe twice."""
        for watch in self._watches.values():
            watch.stop()
        self._watches.clear()

    def hint(self, path: bytes, closed: bool) -> None:
        """Something happened at this path; `closed` if its writer is known to be done. Never raises, never waits."""
        if self._coverage.heard(path):
            return
        with self._lock:
            if len(self._hints) < _MOST_HINTS:
                self._hints[path] = closed or self._hints.get(path, False)
            else:
                self.rescan_needed = True
        self._wake()

    def scan(self) -> Iterator[int]:
        """Look at everything below the folders; yields, after each slice, how many files it has looked at.

        What the ledger does not know becomes pending, to be given by `ready` once it is complete.
        """
        self.rescan_needed = False
        looked_at = 0
        unreadable: set[bytes] = set()
        batch: list[Candidate] = []
        slice_ends_at = self._monotonic() + _SLICE_SECONDS
        for folder in self._folders:
            for candidate in _look_through(os.fsencode(folder.path), folder, unreadable):
                if candidate:
                    batch.append(candidate)
                    looked_at += 1
                if len(batch) == _SLICE or self._monotonic() >= slice_ends_at:
                    self._remember(batch)
                    batch = []
                    yield looked_at
                    slice_ends_at = self._monotonic() + _SLICE_SECONDS
        self._remember(batch)
        self.unreadable = unreadable
        yield looked_at

    def ready(self, limit: int, busy: Collection[bytes] = ()) -> list[FoundFile]:
        """At most `limit` files that are complete and not `busy` (in the hands of the pipeline)."""
        self._take_hints()
        ready: list[Candidate] = []
        for _ in range(min(len(self._pending), _LOOKS_FOR_EACH * limit)):
            path, pending = self._pending.popitem(last=False)
            candidate = None if path in busy else candidate_at(path, pending.folder)
            if candidate and self._is_complete(pending, candidate):
                ready.append(candidate)
                if len(ready) == limit:
                    break
            elif candidate or path in busy:
                self._pending[path] = pending
        unknown = self._unknown(ready) if ready else ()
        found_at = self._now()
        return [
            FoundFile(candidate.path, candidate.stamp, candidate.folder, found_at, ignored=candidate.ignored)
            for candidate in ready
            if candidate.path in unknown
        ]

    def seconds_until_ready(self) -> float | None:
        """When to call `ready` again even if no event comes; `None` if nothing is pending."""
        if not self._pending:
            return None
        if len(self._pending) > _LOOKS_FOR_EACH * _SLICE:
            return 0.02
        now = self._monotonic()
        due = min(pending.still_since for pending in self._pending.values()) + self._settle_seconds
        return min(max(due - now, 0.02), self._settle_seconds)

    def _take_hints(self) -> None:
        with self._lock:
            hints, self._hints = self._hints, {}
        for path, closed in hints.items():
            folder = self._folder_of(path)
            if folder is None:
                continue
            if os.path.isdir(path) and not os.path.islink(path):
                # Files that were in it before the kernel watched it sent no events of their own.
                if folder.recursive and not is_below_foreign_folder(os.path.join(path, b""), folder):
                    some = list(islice(walk(path, folder), _SLICE))
                    self._remember(some)
                    # The rest of so much is left to the scan, which does not hold up the loop.
                    self.rescan_needed |= len(some) == _SLICE
                continue
            path = marked_file(path, folder)
            if lacks_marker(path, folder) or is_below_foreign_folder(path, folder):
                continue
            if why_ignored(path, folder) is None:
                pending = self._pending.setdefault(path, _Pending(folder, still_since=self._monotonic()))
                pending.closed = pending.closed or closed
                self._pending.move_to_end(path, last=False)  # Live files before the backlog.

    def _folder_of(self, path: bytes) -> Folder | None:
        """The innermost folder around a path: one may lie in another whose sub-folders are left alone."""
        around = (one for one in self._folders if path.startswith(os.path.join(os.fsencode(one.path), b"")))
        return max(around, key=lambda folder: len(folder.path), default=None)

    def _remember(self, candidates: Sequence[Candidate]) -> None:
        unknown = self._unknown(candidates) if candidates else ()
        for candidate in candidates:
            if candidate.path in unknown and not lacks_marker(candidate.path, candidate.folder):
                pending = _Pending(candidate.folder, still_since=self._monotonic())
                self._pending.setdefault(candidate.path, pending)

    def _is_complete(self, pending: _Pending, candidate: Candidate) -> bool:
        now = self._monotonic()
        if candidate.folder.done_marker and not candidate.ignored:
            return True  # Its producer says so.
        if pending.stamp != candidate.stamp:
            pending.stamp, pending.still_since = candidate.stamp, now
        patience = self._settle_seconds * (1 if candidate.stamp.size else _EMPTY_PATIENCE)
        # Set by the kernel and by nobody else, ctime tells since when a file has held still even if we just met it.
        changed_at = max(candidate.stamp.mtime_ns, candidate.stamp.ctime_ns) / 1e9
        age = self._now().timestamp() - changed_at
        if now - pending.still_since >= patience or age >= patience:
            return True
        if not candidate.stamp.size or candidate.ignored:
            return False
        held_open = is_held_open(candidate.path)
        done = held_open is False or (pending.closed and held_open is None)
        return done and looks_whole(candidate.path)


def walk(top: bytes, folder: Folder) -> Iterator[Candidate]:
    """Every file below `top`, ignored and irregular ones included; links are not followed."""
    return (candidate for candidate in _look_through(top, folder, set()) if candidate)


def _look_through(top: bytes, folder: Folder, unreadable: set[bytes]) -> Iterator[Candidate | None]:
    """Every file below `top`, and `None` for each folder, so that many empty ones do not hold up the loop either.

    Folders that may not be read are passed over, and added to `unreadable`.
    """
    stack = [(top, 0)]
    while stack:
        current, depth = stack.pop()
        yield None
        try:
            for entry in _entries(current):
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                if not stat.S_ISDIR(status.st_mode):
                    yield _candidate(entry.path, status, folder)
                elif folder.recursive and depth < _DEEPEST and not is_foreign_folder(entry.name):
                    stack.append((entry.path, depth + 1))
        except PermissionError:
            unreadable.add(current)
        except OSError:  # Gone meanwhile.
            continue


def _entries(folder: bytes) -> Iterator[os.DirEntry[bytes]]:
    """What lies in a folder, by name as far as it is listed at once."""
    with os.scandir(folder) as entries:
        while in_order := sorted(islice(entries, _IN_ORDER), key=lambda entry: entry.name):
            yield from in_order


def is_gone(path: bytes) -> bool:
    """Whether there is certainly nothing at this path; a folder that may not be looked into proves nothing."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def candidate_at(path: bytes, folder: Folder) -> Candidate | None:
    """The file at this path as it is now, or `None` where there is no file."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return None if stat.S_ISDIR(status.st_mode) else _candidate(path, status, folder)


def _candidate(path: bytes, status: os.stat_result, folder: Folder) -> Candidate:
    stamp = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return Candidate(path, stamp, folder, why_ignored(path, folder))

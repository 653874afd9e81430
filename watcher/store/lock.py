"""One daemon for one database: a lock that the system lets go of even when its holder is killed."""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from typing import IO, Any

from watcher.errors import AlreadyRunningError

with contextlib.suppress(ImportError):  # Windows has none; there nothing guards against a second daemon.
    import fcntl


_PATIENCE_SECONDS = 0.5
"""How long to wait for a lock that somebody may only be looking at (`holder_of`)."""


class Lock:
    """Held from construction until `release`, or until its process ends, however it ends."""

    def __init__(self, database: Path) -> None:
        """Take the lock beside this database. Raises `AlreadyRunningError` that names who holds it."""
        path = _lock_path(database)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+", encoding="utf-8")
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _try_lock(self._file):
            if time.monotonic() > deadline:
                holder = _read_pid(self._file)
                self._file.close()
                raise AlreadyRunningError(f"another watcher (process {holder or 'unknown'}) is using {database}")
            time.sleep(_PATIENCE_SECONDS / 10)
        self.tell({})

    def tell(self, figures: dict[str, object]) -> None:
        """Write beside the process id how its holder is doing, for `told_by`. A full disk is no reason to fail."""
        with contextlib.suppress(OSError, ValueError):
            self._file.truncate(0)
            self._file.write(f"{os.getpid()}\n{json.dumps(figures, ensure_ascii=False)}\n")
            self._file.flush()

    def release(self) -> None:
        """Let another process have it. Safe twice."""
        self._file.close()


def holder_of(database: Path) -> int | None:
    """The process that holds the lock of this database now, or `None`."""
    try:
        with _lock_path(database).open("r+", encoding="utf-8") as file:
            return None if _try_lock(file) else _read_pid(file)
    except OSError:
        return None


def told_by(database: Path) -> dict[str, Any]:
    """What the holder of the lock last told of itself; empty if it told nothing yet."""
    try:
        lines = _lock_path(database).read_text(encoding="utf-8").splitlines()
        told = json.loads(lines[1])
    except (OSError, IndexError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _lock_path(database: Path) -> Path:
    return database.with_name(database.name + ".lock")


def _try_lock(file: IO[str]) -> bool:
    if os.name != "posix":
        return True
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _read_pid(file: IO[str]) -> int | None:
    file.seek(0)
    text = file.readline().strip()
    return int(text) if text.isdecimal() else None

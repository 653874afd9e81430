"""One daemon for one database: a lock that the system lets go of even when its holder is killed."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import IO

from watcher.errors import AlreadyRunningError

with contextlib.suppress(ImportError):  # Windows has none; there nothing guards against a second daemon.
    import fcntl


class Lock:
    """Held from construction until `release`, or until its process ends, however it ends."""

    def __init__(self, database: Path) -> None:
        """Take the lock beside this database. Raises `AlreadyRunningError` that names who holds it."""
        path = _lock_path(database)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+", encoding="ascii")
        if not _try_lock(self._file):
            holder = _read_pid(self._file)
            self._file.close()
            raise AlreadyRunningError(f"another watcher (process {holder or 'unknown'}) is using {database}")
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        """Let another process have it. Safe twice."""
        self._file.close()


def holder_of(database: Path) -> int | None:
    """The process that holds the lock of this database now, or `None`."""
    try:
        with _lock_path(database).open("r+", encoding="ascii") as file:
            return None if _try_lock(file) else _read_pid(file)
    except OSError:
        return None


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
    text = file.read().strip()
    return int(text) if text.isdecimal() else None

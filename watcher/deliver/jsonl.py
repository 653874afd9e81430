"""The channel that writes alerts to a file, one JSON object a line, each exactly once.

A line is written before its delivery is marked, so a crash in between offers the alert again. The channel
then finds the key near the end of the file and leaves it at that. Rotation is the business of others
(logrotate), by renaming or by copying and truncating. Renaming is the better one: truncating also takes
lines that were written after the copy.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from watcher.deliver.text import age_label, clean_line, json_line
from watcher.errors import DeliveryError
from watcher.model import Alert

READ_BACK_BYTES = 256 * 1024
"""More than is ever written but not yet marked: at most 100 alerts are in flight, of about 1 KB each."""

KEYS_REMEMBERED = 10_000

_OWN_LINE = b'{"id":'
"""How our lines begin: a torn end that begins otherwise is somebody else's and is kept."""


def alert_line(alert: Alert) -> str:
    """The alert as one line of JSON, without the newline: its fields by name, and its age in words or null.

    What people read is cleaned; what machines look things up by (path, url, key) is kept, escaped.
    """
    cleaned = {
        "headline": clean_line(alert.headline),
        "excerpt": clean_line(alert.excerpt, 1000),
        "publisher": clean_line(alert.publisher) if alert.publisher else None,
        "age": age_label(alert) or None,
        "about": [one._asdict() for one in alert.about],
    }
    return json_line(asdict(alert) | cleaned)


class JsonlChannel:
    """Appends alerts to `path`; the folder above is created when the first alert comes.

    The file is created as the umask allows: log shippers read it as other users, and who must not is
    decided in one place for all that this program writes (``UMask=`` of the service). Any failure closes
    the file, so that the next attempt starts from what really stands in it.
    """

    def __init__(self, name: str, path: str | Path) -> None:
        self.name = name
        self._path = Path(path)
        self._fd: int | None = None
        self._written: OrderedDict[str, None] = OrderedDict()

    def send(self, alerts: Sequence[Alert]) -> None:
        """Append the alerts whose keys are not in the file, and wait until the disk has them."""
        try:
            self._append(alerts)
        except OSError as error:
            self.close()
            raise DeliveryError(f"{self._path}: {error.strerror or error}") from error

    def close(self) -> None:
        """Let go of the file. Safe twice; the next `send` opens it again."""
        if self._fd is not None:
            fd, self._fd = self._fd, None
            os.close(fd)

    def _append(self, alerts: Sequence[Alert]) -> None:
        if self._fd is not None and not _is_at(self._path, self._fd):
            self.close()
        opened = self._fd is None
        fd = self._fd = _open(self._path) if self._fd is None else self._fd
        with _locked(fd):
            _end_last_line(fd)
            if opened:
                self._remember(_keys_at_end(fd, self._path))
            for alert in alerts:
                if alert.key not in self._written:
                    _write_whole(fd, alert_line(alert).encode() + b"\n")
                    self._remember([alert.key])
            # Even when every key was there: they may come from an attempt that failed before this point.
            os.fsync(fd)

    def _remember(self, keys: Sequence[str]) -> None:
        self._written.update(dict.fromkeys(keys))
        while len(self._written) > KEYS_REMEMBERED:
            self._written.popitem(last=False)


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    # O_APPEND: after copytruncate a remembered position would leave a hole of zero bytes.
    fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise DeliveryError(f"{path}: not a regular file")
    return fd


def _is_at(path: Path, fd: int) -> bool:
    """Whether the open file still is the one of that name: rotation renames it away."""
    try:
        return os.path.samestat(path.stat(), os.fstat(fd))
    except FileNotFoundError:
        return False


@contextmanager
def _locked(fd: int) -> Iterator[None]:
    """Two processes on one file must not cut each other's line while it is being written."""
    fcntl.flock(fd, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(fd, fcntl.LOCK_UN)


def _end_last_line(fd: int) -> None:
    """Make the file end where a line ends, so that the next one starts on its own.

    Only a torn line of ours is cut off. A whole one that merely lost its newline (an editor's doing) is kept,
    as is what we did not write.
    """
    size = os.fstat(fd).st_size
    end = _end_of(fd)
    _, newline, torn = end.rpartition(b"\n")
    if not torn:
        return
    starts_here = bool(newline) or len(end) == size
    ours = torn.startswith(_OWN_LINE) or _OWN_LINE.startswith(torn)
    if starts_here and ours and _key_of(torn) is None:
        os.ftruncate(fd, size - len(torn))
    else:
        _write_whole(fd, b"\n")


def _keys_at_end(fd: int, path: Path) -> list[str]:
    """The keys in the last lines of the file, and of the one that rotation put aside before it."""
    lines = _end_of(fd).split(b"\n")
    # There may be none, or none we can read: a repeated line is better than a missing one.
    with suppress(OSError), path.with_name(path.name + ".1").open("rb") as rotated:
        lines = _end_of(rotated.fileno()).split(b"\n") + lines
    return [key for line in lines if (key := _key_of(line)) is not None]


def _end_of(fd: int) -> bytes:
    return os.pread(fd, READ_BACK_BYTES, max(0, os.fstat(fd).st_size - READ_BACK_BYTES))


def _key_of(line: bytes) -> str | None:
    """The key of the alert that is written on this line; `None` for a torn or foreign one."""
    if not line.startswith(_OWN_LINE):
        return None
    try:
        key = json.loads(line)["key"]
    except (ValueError, KeyError):
        return None
    return key if isinstance(key, str) else None


def _write_whole(fd: int, line: bytes) -> None:
    """Write all of it: as a disk fills up, `os.write` takes a part, and complains only when asked again."""
    while line:
        line = line[os.write(fd, line) :]

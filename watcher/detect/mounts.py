"""What the system says of a folder's file system, and of how much may be watched."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from pathlib import Path

with contextlib.suppress(ImportError):  # Windows has neither, and no inotify.
    import fcntl
    import termios

_EVENTLESS = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ncpfs|fuse(?:blk)?(?:\..*)?|vboxsf|vmhgfs|prl_fs|drvfs|overlay|ceph|lustre"
)
"""File systems where a writer on another machine, or below the mount, sends no events here (reliability row W10)."""

_REMOTE = re.compile(r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ncpfs|fuse\.sshfs|ceph|lustre")
"""Those of them where SQLite's locks are not to be trusted (row D12)."""

_ESCAPE = re.compile(r"\\([0-7]{3})")


def filesystem_of(path: str, *, mountinfo: str = "/proc/self/mountinfo") -> str | None:
    """The type of the file system that holds this path (``ext4``, ``nfs4``); `None` where the system does not tell."""
    try:
        lines = Path(mountinfo).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    real = os.path.realpath(path)
    best, found = "", None
    for line in lines:
        fields, _, rest = line.partition(" - ")
        mount_point = _ESCAPE.sub(lambda octal: chr(int(octal[1], 8)), fields.split()[4])
        below = real == mount_point or real.startswith(mount_point.rstrip("/") + "/")
        if below and len(mount_point) >= len(best):  # The later of two mounts on one point covers the earlier.
            best, found = mount_point, rest.split()[0]
    return found


def may_send_no_events(filesystem: str | None) -> bool:
    """Whether files can come into such a file system without an event for us."""
    return filesystem is not None and bool(_EVENTLESS.fullmatch(filesystem))


def is_remote(filesystem: str | None) -> bool:
    """Whether such a file system belongs to another machine."""
    return filesystem is not None and bool(_REMOTE.fullmatch(filesystem))


def inotify_limit(name: str) -> int | None:
    """A limit such as ``max_user_watches``, or `None` where there is none."""
    try:
        return int(Path(f"/proc/sys/fs/inotify/{name}").read_text())
    except (OSError, ValueError):
        return None


def own_watches() -> int | None:
    """How many inotify watches this process holds, or `None` where the system does not tell."""
    try:
        return sum(
            entry.read_text().count("inotify wd:")
            for entry in Path("/proc/self/fdinfo").iterdir()
            if entry.name.isdecimal() and os.path.exists(f"/proc/self/fd/{entry.name}")
        )
    except OSError:
        return None


def unread_event_bytes() -> int:
    """How much of the kernel's inotify events for this process nobody has read yet; 0 where the system has none."""
    unread = 0
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc/self/fd"):
            with contextlib.suppress(OSError):  # Closed meanwhile.
                if os.readlink(f"/proc/self/fd/{name}") == "anon_inode:inotify":
                    unread += int.from_bytes(fcntl.ioctl(int(name), termios.FIONREAD, bytes(4)), sys.byteorder)
    return unread

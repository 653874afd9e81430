"""Is a file complete? Half a page read is half an alert, or none."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys

with contextlib.suppress(ImportError):  # Not on Windows: there only stillness tells.
    import fcntl

_HEAD_BYTES = 65_536
_TAIL_BYTES = 1_024
_FRONT_MATTER = re.compile(rb"(?:\xef\xbb\xbf)?\s*---[ \t]*\r?\n")
_FRONT_MATTER_END = re.compile(rb"\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|rss|feed|rdf:|news|nitf)", re.IGNORECASE)
_HTML_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)", re.IGNORECASE)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*([\[{])")
_ZIP, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"


def looks_whole(path: bytes) -> bool:
    """Whether the file ends as what it begins: front matter closed, JSON and XML closed, a page or archive ended.

    Text without such a structure always looks whole; an empty or unreadable file never does.
    """
    try:
        with open(
            os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)), "rb"
        ) as file:
            head = file.read(_HEAD_BYTES)
            file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL_BYTES))
            tail = file.read(_TAIL_BYTES).rstrip()
    except OSError:
        return False
    if not tail:
        return False
    if opening := _FRONT_MATTER.match(head):
        return bool(_FRONT_MATTER_END.search(head, opening.end() - 1))
    if _HTML_PAGE.match(head):
        return tail.lower().endswith(b"</html>")
    if _XML.match(head):
        return tail.endswith(b">")
    if opening := _JSON.match(head):
        return tail.endswith(b"]" if opening[1] == b"[" else b"}")
    return _ZIP_END in tail if head.startswith(_ZIP) else True


def is_held_open(path: bytes) -> bool | None:
    """Whether somebody has the file open for writing; `None` where the system does not tell.

    A read lease is refused while a writer has the file open. Breaking a lease sends SIGIO, which kills a process that
    did not ask to ignore it, so without that (see the daemon's start) nothing is asked.
    """
    if sys.platform != "linux" or signal.getsignal(signal.SIGIO) is not signal.SIG_IGN:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:  # Not the owner, or a file system without leases.
        return None
    else:
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
    finally:
        os.close(descriptor)

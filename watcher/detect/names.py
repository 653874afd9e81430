"""Which names are never news: temporary files of others, hidden files, and what the owner of a folder ignores."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from watcher.model import Folder, readable_path

_TEMPORARY = (
    "*.tmp *.temp *.part *.partial *.filepart *.crdownload *.download *.opdownload *.swp *.swx *.swo *~ ~$* *.lock "
    "*.bak Thumbs.db desktop.ini"
).split()
_ENDINGS = tuple(pattern[1:] for pattern in _TEMPORARY if pattern.startswith("*"))
_NO_ENDINGS = tuple(pattern for pattern in _TEMPORARY if not pattern.startswith("*"))
"""Asked first, endings spare most of a million names a look at each pattern: a third of the time of a scan."""

_FOREIGN_FOLDERS = frozenset({b"@eaDir", b"__MACOSX", b"node_modules", b"$RECYCLE.BIN", b"System Volume Information"})


def why_ignored(path: bytes, folder: Folder) -> str | None:
    """Why a file is left alone, or `None` if it is to be read."""
    name = readable_path(os.path.basename(path))
    if name.startswith("."):
        return "a hidden file"
    for pattern in _TEMPORARY if name.endswith(_ENDINGS) else _NO_ENDINGS:
        if fnmatchcase(name, pattern):
            return f"a temporary name ({pattern})"
    if folder.done_marker and name.endswith(folder.done_marker):
        return "says that another file is complete"
    for pattern in folder.ignore:
        if fnmatchcase(name, pattern):
            return f"ignored by the configuration ({pattern})"
    if folder.include and not any(fnmatchcase(name, pattern) for pattern in folder.include):
        return "not included by the configuration"
    return None


def marked_file(path: bytes, folder: Folder) -> bytes:
    """The file that is complete when this one is there: itself, or ``x.md`` for the marker ``x.md.done``."""
    return path.removesuffix(os.fsencode(folder.done_marker)) if folder.done_marker else path


def lacks_marker(path: bytes, folder: Folder) -> bool:
    """Whether a file must wait for the marker that says that it is complete."""
    if folder.done_marker is None or why_ignored(path, folder):
        return False
    return not os.path.exists(path + os.fsencode(folder.done_marker))


def is_foreign_folder(name: bytes) -> bool:
    """Whether a sub-folder belongs to another program (hidden, NAS thumbnails) and is not walked."""
    return name.startswith(b".") or name in _FOREIGN_FOLDERS


def is_below_foreign_folder(path: bytes, folder: Folder) -> bool:
    """Whether a file lies in a sub-folder that is not walked."""
    below = os.path.relpath(os.path.dirname(path), os.fsencode(folder.path))
    return below != b"." and any(is_foreign_folder(part) for part in below.split(os.sep.encode()))

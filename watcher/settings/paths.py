"""Paths as people write them in settings, and as complaints show them."""

import os
from contextlib import suppress
from pathlib import Path


def anchored(text: str, base: Path) -> Path:
    """The path a setting means: ``~`` is the home folder, and a relative one counts from `base`."""
    with suppress(RuntimeError):  # ``~nobody``: no such user, so it is a name like any other.
        return base / Path(text).expanduser()
    return base / text


def real_folder(text: str, base: Path) -> Path:
    """The folder itself, whatever links lead to it and whether or not it exists yet."""
    # `Path.resolve` raises at a loop of links before Python 3.13.
    return Path(os.path.realpath(anchored(text, base)))


def shown(path: Path) -> str:
    """The path as a person at this prompt would type it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)

"""Sample news, invented for this project in the shapes of real files, for a first run that shows something."""

from __future__ import annotations

import time
from importlib.resources import files
from pathlib import Path

_ENDINGS = (".md", ".html", ".xml", ".jsonl")


def drop_samples_if_empty(inbox: Path, *, pause_seconds: float = 0.2) -> int:
    """Put the samples into a folder that has no files, one after the other as news comes in; how many."""
    inbox.mkdir(parents=True, exist_ok=True)
    if any(inbox.iterdir()):
        return 0
    samples = sorted(entry.name for entry in files(__name__).iterdir() if entry.name.endswith(_ENDINGS))
    for name in samples:
        arriving = inbox / f".{name}.tmp"
        arriving.write_bytes(files(__name__).joinpath(name).read_bytes())
        arriving.rename(inbox / name)
        time.sleep(pause_seconds)
    return len(samples)

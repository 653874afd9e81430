"""How long until a start knows that nothing is new? `python benchmarks/restart.py --files 100000`.

The files are ingested once; then `watcher run --once` starts on them. It must look at each, read none, change nothing.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from watcher.detect import Detector
from watcher.model import Folder
from watcher.store import Store


def main() -> None:
    """Run it and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=100_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        watcher("init", str(home))
        inbox = home / "inbox"
        for number in range(chosen.files):
            folder = inbox / f"{number // 1000:04d}"
            folder.mkdir(exist_ok=True)
            text = f'---\ntitle: "第{number}号公告"\n---\n\n雄帝科技第{number}号公告。\n'
            (folder / f"{number}.md").write_text(text, encoding="utf-8")
        config = str(home / "config" / "watcher.yaml")
        seconds = watcher("ingest", str(inbox), "--no-alerts", "--config", config)
        print(f"ingested {chosen.files:,} files in {seconds:.0f} s")
        database = home / "data" / "news.db"
        before = snapshot(database)
        seconds = watcher("run", "--once", "--config", config)
        changed = "nothing changed" if before == snapshot(database) else "ROWS CHANGED"
        print(f"start on {chosen.files:,} known files, to its end: {seconds:.1f} s; {changed}")
        print(f"of which looking at every file and asking the ledger: {scan(database, inbox):.2f} s")


def watcher(*arguments: str) -> float:
    """Seconds that a command took."""
    started = time.monotonic()
    subprocess.run([sys.executable, "-m", "watcher", *arguments], check=True, capture_output=True)
    return time.monotonic() - started


def snapshot(database: Path) -> list[tuple[object, ...]]:
    """What a second look could have changed."""
    db = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    rows = db.execute("select count(*), sum(attempts), max(finished_at), sum(mtime_ns % 1000003) from files").fetchall()
    db.close()
    return rows


def scan(database: Path, inbox: Path) -> float:
    """Seconds for one scan against the ledger, nothing else."""
    store = Store(database)
    read = 0

    def unknown(candidates: object) -> set[bytes]:
        nonlocal read
        entries = store.ledger.entries([candidate.path for candidate in candidates])  # type: ignore[attr-defined]
        read += len(entries)
        return set()

    detector = Detector([Folder(os.path.realpath(inbox))], unknown=unknown, settle_seconds=2)
    started = time.monotonic()
    for _ in detector.scan():
        pass
    seconds = time.monotonic() - started
    store.close()
    assert read == sum(len(files) for _, _, files in os.walk(inbox))
    return seconds


if __name__ == "__main__":
    main()

"""How long does a look at a million known files take? `python benchmarks/scan.py --files 1000000`.

Empty files are made, a thousand to a folder and a tenth of them in one folder; a ledger knows them all. The scan is
measured alone, then in a daemon that scans without rest while new files are written beside the others.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from watcher.detect import Candidate, Detector, walk
from watcher.model import Folder, FoundFile, readable_path
from watcher.store import Store

_LIVE_FILES = 40


def main() -> None:
    """Run it and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=1_000_000)
    options.add_argument("--in", dest="place", help="where to make them (default: the folder for temporary files)")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.place) as name:
        home = Path(os.path.realpath(name))
        subprocess.run([sys.executable, "-m", "watcher", "init", str(home)], check=True, capture_output=True)
        config = home / "config" / "watcher.yaml"
        config.write_text(config.read_text(encoding="utf-8") + "\nrescan_seconds: 1\n", encoding="utf-8")
        started = time.monotonic()
        make_files(home / "inbox", chosen.files)
        print(f"made {chosen.files:,} empty files in {time.monotonic() - started:.0f} s")
        started = time.monotonic()
        know_files(home / "data" / "news.db", home / "inbox")
        print(f"wrote them into a ledger in {time.monotonic() - started:.0f} s")
        scan_alone(home / "data" / "news.db", home / "inbox", chosen.files)
        scan_in_daemon(home, config)


def make_files(inbox: Path, files: int) -> None:
    """A tenth of them in one folder, the others a thousand to a folder, three folders deep."""
    for number in range(files):
        deep = inbox / f"{number // 100_000:02d}" / f"{number // 1000:04d}"
        folder = inbox / "flat" if number < files // 10 else deep
        if number % 1000 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        os.mknod(folder / f"{number}.md")


def know_files(database: Path, inbox: Path) -> None:
    """Write all of them into the ledger as failed: empty files are."""
    store = Store(database)
    folder = Folder(str(inbox))
    now = datetime.now(UTC)
    with store.transaction():
        store.ledger.meet(str(inbox), None, now.isoformat())
        for one in walk(os.fsencode(inbox), folder):
            found = FoundFile(one.path, one.stamp, folder, now)
            store.ledger.finish(found, "failed", "is empty", now.isoformat(), readable=readable_path(one.path))
    store.close()


def scan_alone(database: Path, inbox: Path, files: int) -> None:
    """One scan against the ledger, nothing else, in a process of its own."""
    ours, theirs = os.pipe()
    if os.fork():
        os.close(theirs)
        with open(ours, encoding="utf-8") as told:
            print(told.read(), end="")
        os.wait()
        return
    store = Store(database)
    known = 0

    def unknown(candidates: Sequence[Candidate]) -> set[bytes]:
        nonlocal known
        entries = store.ledger.entries([candidate.path for candidate in candidates])
        strange = {one.path for one in candidates if not entries[one.path].is_settled_as(one.stamp)}
        known += len(candidates) - len(strange)
        return strange

    detector = Detector([Folder(str(inbox))], unknown=unknown, settle_seconds=2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = ended = time.monotonic()
    slices = []
    for _ in detector.scan():
        slices.append(time.monotonic() - ended)
        ended = time.monotonic()
    gained = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    store.close()
    assert known == files, f"{known} of {files} were known"
    with open(theirs, "w", encoding="utf-8") as tell:
        print(
            f"the scan alone: {ended - started:.1f} s in {len(slices):,} slices, "
            f"the longest {1000 * max(slices):.0f} ms; it took {gained:.0f} MB more memory",
            file=tell,
        )
    os._exit(0)


def scan_in_daemon(home: Path, config: Path) -> None:
    """How long new files take to their commit while the daemon scans without rest."""
    daemon = subprocess.Popen(
        [sys.executable, "-m", "watcher", "run", "--config", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert daemon.stderr
    for line in daemon.stderr:
        if '"watching"' in line:
            break
    db = sqlite3.connect(f"{(home / 'data' / 'news.db').as_uri()}?mode=ro", uri=True, timeout=30)
    seconds = []
    for number in range(_LIVE_FILES):
        path = home / "inbox" / "flat" / f"live{number}.md"
        path.write_text(f'---\ntitle: "第{number}号公告"\n---\n\n雄帝科技第{number}号公告。\n', encoding="utf-8")
        written = time.monotonic()
        while not db.execute("select 1 from files where path_bytes = ? and state = 'stored'", [bytes(path)]).fetchone():
            time.sleep(0.001)
        seconds.append(time.monotonic() - written)
        time.sleep(0.25)
    db.close()
    status = dict(line.split(":", 1) for line in Path(f"/proc/{daemon.pid}/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0]) / 1000
    daemon.send_signal(signal.SIGTERM)
    daemon.wait()
    daemon.stderr.close()
    print(
        f"while a daemon scans them: {_LIVE_FILES} new files stored within {1000 * statistics.median(seconds):.0f} ms"
        f" (median), the slowest {1000 * max(seconds):.0f} ms; peak memory of the daemon {peak:.0f} MB"
    )


if __name__ == "__main__":
    main()

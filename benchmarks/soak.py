"""Does it stay flat? `python benchmarks/soak.py --files 200000 --minutes 10`, and a table of memory and descriptors.

Small files come in evenly while the daemon watches; every fifth of the run a folder is made, moved or removed beside
them. In the end everything must be accounted for.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

_SAMPLES = 12


def main() -> None:
    """Run it and print the figures; exit 1 if a file is missing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=200_000)
    options.add_argument("--minutes", type=float, default=10)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        watcher("init", str(home))
        config = home / "config" / "watcher.yaml"
        log = (home / "log.jsonl").open("w")
        daemon = subprocess.Popen(
            [sys.executable, "-m", "watcher", "run", "--config", str(config)], stdout=subprocess.DEVNULL, stderr=log
        )
        database = home / "data" / "news.db"
        while not database.exists() or count(database) < 0:
            time.sleep(0.1)
        writer = threading.Thread(target=write_files, args=(home / "inbox", chosen.files, chosen.minutes * 60))
        started = time.monotonic()
        writer.start()
        print("minute   files stored     memory  descriptors  write-ahead log")
        while writer.is_alive():
            show(daemon.pid, database, started)
            writer.join(timeout=chosen.minutes * 60 / _SAMPLES)
        while count(database) < chosen.files:
            time.sleep(0.2)
        behind = time.monotonic() - started - chosen.minutes * 60
        show(daemon.pid, database, started)
        daemon.send_signal(signal.SIGTERM)
        code = daemon.wait()
        audit = watcher("audit", "--config", str(config))
        print(f"all stored {behind:.1f} s after the last was written; stopped with {code}")
        print(audit.stdout.strip())
        raise SystemExit(audit.returncode)


def watcher(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run([sys.executable, "-m", "watcher", *arguments], capture_output=True, text=True, check=False)


def write_files(inbox: Path, files: int, seconds: float) -> None:
    """Write them evenly over this time, a thousand to a folder."""
    started = time.monotonic()
    for number in range(files):
        folder = inbox / f"{number // 1000:04d}"
        if number % 1000 == 0:
            folder.mkdir()
        if number % max(1, files // 5) == 1:
            churn(inbox)
        text = f'---\ntitle: "第{number}号公告"\ndate: 2026-11-20 09:30:00 +0800\n---\n\n雄帝科技第{number}号公告。\n'
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
        wait = started + seconds * number / files - time.monotonic()
        if wait > 0:
            time.sleep(wait)


def churn(inbox: Path) -> None:
    """Make, move and remove folders, which is what watchers die of."""
    for number in range(20):
        (inbox / f"churn{number}" / "deep").mkdir(parents=True)
        (inbox / f"churn{number}").rename(inbox / f"moved{number}")
        shutil.rmtree(inbox / f"moved{number}")


def count(database: Path) -> int:
    """Files in a final state; -1 while there are no tables."""
    db = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=30)
    try:
        return int(db.execute("select count(*) from files where state != 'waiting'").fetchone()[0])
    except sqlite3.OperationalError:
        return -1
    finally:
        db.close()


def show(pid: int, database: Path, started: float) -> None:
    """One line of the table: the daemon alone, its parsers are replaced whenever they misbehave."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    memory = int(status["VmRSS"].split()[0]) / 1000
    log = database.with_name(f"{database.name}-wal")
    size = log.stat().st_size / 1e6 if log.exists() else 0.0
    minute = (time.monotonic() - started) / 60
    descriptors = len(os.listdir(f"/proc/{pid}/fd"))
    print(f"{minute:6.1f} {count(database):14,} {memory:6.0f} MB {descriptors:12} {size:13.1f} MB", flush=True)


if __name__ == "__main__":
    main()

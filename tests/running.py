"""A watcher of its own for a test: a folder with a configuration, and the real process that watches it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CONFIG = """\
database: data/news.db
settle_seconds: 0.3
rescan_seconds: 1
folders:
  - path: inbox
channels:
  - name: log
    type: jsonl
    path: data/alerts.jsonl
"""
WATCHLIST = """\
rules:
  - name: 数字政府
    stocks: [300546, 数字政通]
    keywords: [电子证照]
    severity: high
"""


class Home:
    """A configured folder."""

    def __init__(self, path: Path, *, config: str = CONFIG, watchlist: str = WATCHLIST) -> None:
        self.path = path
        self.inbox = path / "inbox"
        self.config = path / "config" / "watcher.yaml"
        self.watchlist = path / "config" / "watchlist.yaml"
        self.database = path / "data" / "news.db"
        self.alert_log = path / "data" / "alerts.jsonl"
        self.inbox.mkdir(parents=True)
        self.config.parent.mkdir()
        self.config.write_text(config, encoding="utf-8")
        self.watchlist.write_text(watchlist, encoding="utf-8")

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `watcher` command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "watcher", *arguments, "--config", str(self.config)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )

    def rows(self, sql: str, *arguments: object) -> list[tuple[Any, ...]]:
        """What the database says; nothing while there is none."""
        if not self.database.exists():
            return []
        db = sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True, timeout=10)
        try:
            return db.execute(sql, arguments).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise
        finally:
            db.close()

    def state_of(self, path: Path) -> str | None:
        """What the ledger says of a file."""
        found = self.rows("select state from files where path_bytes = ?", os.fsencode(path))
        return found[0][0] if found else None

    def alerted_keys(self) -> list[str]:
        """The keys in the JSONL channel's file, in its order."""
        if not self.alert_log.exists():
            return []
        return [json.loads(line)["key"] for line in self.alert_log.read_text(encoding="utf-8").splitlines()]


class Daemon:
    """`watcher run` as a process."""

    def __init__(self, home: Home) -> None:
        self.events: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "watcher", "run", "--config", str(home.config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONWARNINGS": "default"},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            try:
                self.events.append(json.loads(line))
            except ValueError:
                self.events.append({"event": "not json", "line": line})

    def logged(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.events if one["event"] == event]

    def wait_until_watching(self) -> None:
        wait_until(lambda: bool(self.logged("watching")) or self.process.poll() is not None)
        assert self.process.poll() is None, self.events

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self._reader.join(timeout=10)
        assert self.process.stderr
        self.process.stderr.close()
        return code


@contextmanager
def running(home: Home) -> Iterator[Daemon]:
    """A daemon that watches this home, and is killed in the end."""
    daemon = Daemon(home)
    try:
        daemon.wait_until_watching()
        yield daemon
    finally:
        daemon.stop(signal.SIGKILL)


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for a condition that comes true by itself; fail when it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)

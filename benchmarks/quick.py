"""How fast is it? One run, so that the ratios hold whatever the machine: `python benchmarks/quick.py [--files 5000]`.

Four figures over the shipped samples, repeated with other words in each so that none is a duplicate:

* files a second from the folder to the commit, as `watcher run --once` does it, worker processes and all;
* the same for a bare script that reads, hashes, takes the text out with lxml and inserts in batches;
* the share of each stage, measured in one process, one file after the other;
* from the close of a single file to its commit, in a daemon that watches.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import lxml.html

from watcher.cli.setup import knowledge_of, load_securities
from watcher.decoding import decode
from watcher.detect import walk
from watcher.identify import identify_article
from watcher.link import link_article
from watcher.match import match_rules
from watcher.match.owe import owe_alerts
from watcher.model import Article, Folder, FoundFile, Knowledge, Reading, Taken
from watcher.parse import parse_page
from watcher.pipeline import Pipeline, understand
from watcher.read import read_file
from watcher.settings import load_settings
from watcher.store import Store
from watcher.workers import Workers

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "watcher" / "samples"


def main() -> None:
    """Run all four and print them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=5_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--single", type=int, default=50, help="files for the close-to-commit time")
    chosen = options.parse_args()
    securities = load_securities()
    settings = load_settings(ROOT / "config" / "watcher.yaml", environment={}, securities=securities)
    knowledge = knowledge_of(settings.rules, securities)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        count, size = make_files(work / "inbox", chosen.files)
        print(f"{count:,} files, {size / count / 1000:.1f} KB on average")
        bare = count / bare_script(work)
        ours = count / through_pipeline(work, knowledge, chosen.workers)
        print(f"bare script (read, hash, lxml text, batches)   {bare:8,.0f} files/s")
        print(f"watcher, folder to commit, {chosen.workers} workers            {ours:8,.0f} files/s")
        print(f"ratio                                          {bare / ours:8.1f} × the bare script's time")
        print_shares(work, knowledge)
        print_close_to_commit(work, chosen.single)


def make_files(inbox: Path, wanted: int) -> tuple[int, int]:
    """The samples again and again, each time with other words in title and body; how many files and bytes."""
    inbox.mkdir()
    samples = [path for path in sorted(SAMPLES.iterdir()) if path.suffix in (".md", ".html")]
    readable = [(path.name, decode(path.read_bytes()).text) for path in samples if path.stem != "no-text"]
    total = 0
    for number in range(wanted):
        name, text = readable[number % len(readable)]
        mark = f"第{number}号"
        text = (
            text.replace("。", f"，{mark}。", 3)
            .replace(". ", f" ({mark}). ", 2)
            .replace("title: ", f"title: {mark} ", 1)
        )
        data = text.replace("title: " + mark + ' "', 'title: "' + mark).encode()
        (inbox / f"{number:06d}-{name}"[-120:]).write_bytes(data)
        total += len(data)
    return wanted, total


def bare_script(work: Path) -> float:
    """Seconds for what somebody writes in an afternoon: no structure, no identity, no rules, no crash safety."""
    started = time.perf_counter()
    db = sqlite3.connect(work / "bare.db")
    db.execute("create table news (sha256 text primary key, path text, text text)")
    batch = []
    for path in sorted((work / "inbox").iterdir()):
        data = path.read_bytes()
        text = lxml.html.fromstring(data.decode("utf-8", "replace")).text_content()
        batch.append((hashlib.sha256(data).hexdigest(), str(path), text))
        if len(batch) == 500:
            db.executemany("insert or ignore into news values (?, ?, ?)", batch)
            db.commit()
            batch = []
    db.executemany("insert or ignore into news values (?, ?, ?)", batch)
    db.commit()
    db.close()
    return time.perf_counter() - started


def through_pipeline(work: Path, knowledge: Knowledge, worker_count: int) -> float:
    """Seconds from the first look at the folder to the last commit; workers are started before, as in a daemon."""
    store = Store(work / "news.db")
    workers = Workers(understand, count=worker_count, deadline_seconds=10)
    workers.start(knowledge)
    time.sleep(2)  # A daemon has long been ready when news comes.
    pipeline = Pipeline(store, workers, max_bytes=8 << 20, channels=("screen", "log"))
    started = time.perf_counter()
    outcomes = list(pipeline.run_through(find(work / "inbox"), knowledge))
    seconds = time.perf_counter() - started
    states = {state: sum(outcome.state == state for outcome in outcomes) for state in ("stored", "duplicate", "failed")}
    print(f"stored {states['stored']:,}, duplicate {states['duplicate']:,}, failed {states['failed']:,}")
    workers.stop()
    store.close()
    return seconds


def find(inbox: Path) -> Iterator[FoundFile]:
    """The files of a folder, as the detector gives them."""
    folder = Folder(str(inbox))
    for candidate in walk(os.fsencode(inbox), folder):
        yield FoundFile(candidate.path, candidate.stamp, folder, datetime.now(UTC))


def print_shares(work: Path, knowledge: Knowledge) -> None:
    """Where the time goes, stage by stage, over a tenth of the files."""
    spent: dict[str, float] = defaultdict(float)

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        spent[name] += time.perf_counter() - started

    store = Store(work / "shares.db")
    rules = {rule.name: rule for rule in knowledge.rules}
    with stage("detect"):
        files = list(find(work / "inbox"))[::10]
    spent["detect"] /= 10
    for found in files[:40]:  # What is loaded late is loaded now.
        list(understand(read_file(found, max_bytes=8 << 20), knowledge))
    taken = []
    for found in files:
        with stage("read"):
            page = read_file(found, max_bytes=8 << 20)
        with stage("parse"):
            articles = [part for part in parse_page(page) if isinstance(part, Article)]
        readings, owed = [], []
        for article in articles:
            with stage("identify"):
                identity = identify_article(article)
            with stage("link"):
                mentions = link_article(article, knowledge)
            with stage("match"):
                reading = Reading(article, identity, mentions, match_rules(article, mentions, knowledge))
                owed.append(
                    owe_alerts(reading, rules, channels=("log",), max_age=None, hold=None, now=datetime.now(UTC))
                )
            readings.append(reading)
        taken.append(Taken(found, page, tuple(readings), tuple(owed)))
    with stage("store"):
        for start in range(0, len(taken), 64):
            batch = taken[start : start + 64]
            store.begin([(one.found, one.page.sha256) for one in batch if one.page])
            store.save(batch)
    store.close()
    total = sum(spent.values())
    print(f"one process, {total / len(files) * 1000:.2f} ms a file, of which")
    print("  " + "  ".join(f"{name} {seconds / total:.0%}" for name, seconds in spent.items()))


def print_close_to_commit(work: Path, count: int) -> None:
    """Write files one by one into a folder that a daemon watches, and wait for each to be committed."""
    home = work / "watched"
    subprocess.run([sys.executable, "-m", "watcher", "init", str(home)], check=True, capture_output=True)
    config = home / "config" / "watcher.yaml"
    daemon = subprocess.Popen(
        [sys.executable, "-m", "watcher", "run", "--config", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert daemon.stderr
        while '"watching"' not in daemon.stderr.readline():
            pass
        db = sqlite3.connect((home / "data" / "news.db").as_uri() + "?mode=ro", uri=True)
        milliseconds = []
        for number in range(count):
            text = (
                f'---\ntitle: "第{number}号公告"\ndate: 2026-11-20 09:30:00 +0800\n---\n\n雄帝科技第{number}号公告。\n'
            )
            path = home / "inbox" / f"{number}.md"
            path.write_text(text, encoding="utf-8")
            closed = time.perf_counter()
            while not db.execute("select 1 from files where path = ? and state = 'stored'", [str(path)]).fetchone():
                time.sleep(0.0005)
                assert time.perf_counter() - closed < 30, "a file was not stored within 30 seconds"
            milliseconds.append((time.perf_counter() - closed) * 1000)
            time.sleep(0.02)
        db.close()
    finally:
        daemon.terminate()
        daemon.communicate()
    deciles = statistics.quantiles(milliseconds, n=20)
    print(f"close to commit of a single file: median {deciles[9]:.0f} ms, 95 % within {deciles[18]:.0f} ms")


if __name__ == "__main__":
    main()

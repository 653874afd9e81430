"""Faults of the field that need the real process, or a real swap on disk: reliability rows W1, W13, F4, O4, D16."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from tests.build import found, post
from tests.conftest import Clock
from tests.running import Daemon, Home, wait_until
from watcher.errors import NotReadyError, StoreError, UnreadableError
from watcher.model import Page
from watcher.read import read_file
from watcher.store import Store, migrations


def churn(inbox: Path, stop: threading.Event, chance: random.Random) -> None:
    """Make, fill, rename and remove folders, which kills the reader thread of watchdog 7.1 within seconds."""
    while not stop.is_set():
        folder = inbox / f"d{chance.randrange(20)}"
        what = chance.random()
        try:
            if what < 0.5:
                (folder / "x" / "y").mkdir(parents=True, exist_ok=True)
                (folder / "x" / "y" / "n.tmp").write_text("x")
            elif what < 0.75:
                shutil.rmtree(folder, ignore_errors=True)
            elif what < 0.9:
                folder.rename(inbox / f"r{chance.randrange(20)}")
            else:
                shutil.rmtree(inbox / f"r{chance.randrange(20)}", ignore_errors=True)
        except OSError:
            continue


def test_churn_of_folders_costs_no_file(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    daemon = Daemon(home)
    stop = threading.Event()
    makers = [threading.Thread(target=churn, args=(home.inbox, stop, random.Random(seed))) for seed in (1, 2)]
    try:
        daemon.wait_until_watching()
        for maker in makers:
            maker.start()
        time.sleep(6)
        stop.set()
        for maker in makers:
            maker.join()
        paths = []
        for number in range(20):
            folder = home.inbox / f"d{number}"
            folder.mkdir(exist_ok=True)
            paths.append(folder / "after.md")
            paths[-1].write_text(post(f"第{number}号", f"雄帝科技第{number}号公告"), encoding="utf-8")

        wait_until(lambda: all(home.state_of(path) == "stored" for path in paths), seconds=20)
    finally:
        stop.set()
        daemon.stop(signal.SIGKILL)


def test_burst_of_thousands_is_taken_in_with_bounded_memory(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", config=Home.__init__.__kwdefaults__["config"] + "baseline_files: 100000\n")
    daemon = Daemon(home)
    try:
        daemon.wait_until_watching()
        for number in range(3_000):
            (home.inbox / f"{number}.md").write_text(post(f"第{number}号", f"第{number}号公告"), encoding="utf-8")
        wait_until(lambda: home.rows("select count(*) from files where state = 'stored'") == [(3_000,)], seconds=60)
        memory = int(Path(f"/proc/{daemon.process.pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1000
    finally:
        daemon.stop(signal.SIGKILL)

    assert memory < 200


def test_folder_swapped_for_a_link_while_it_is_read_shows_nothing_from_outside(tmp_path: Path) -> None:
    """Between the look at a path and its opening, a folder on the way may become a link to /etc."""
    outside, inbox = tmp_path / "outside", tmp_path / "inbox"
    (inbox / "sub").mkdir(parents=True)
    outside.mkdir()
    (outside / "a.md").write_text("secret")
    (inbox / "sub" / "a.md").write_text("news")
    one = found(inbox / "sub" / "a.md")
    folder = type(one.folder)(str(inbox))
    one = type(one)(one.path, one.stamp, folder, one.found_at)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            (inbox / "sub").rename(inbox / "kept")
            (inbox / "sub").symlink_to(outside)
            (inbox / "sub").unlink()
            (inbox / "kept").rename(inbox / "sub")

    swapper = threading.Thread(target=swap)
    swapper.start()
    texts, refused = set(), 0
    for _ in range(5_000):
        try:
            texts.add(read_file(one, max_bytes=100).text)
        except (FileNotFoundError, NotReadyError):
            continue
        except UnreadableError:
            refused += 1
    stop.set()
    swapper.join()

    assert texts <= {"news"}


def test_link_in_the_path_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.md").write_text("secret")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "sub").symlink_to(tmp_path / "outside")
    one = found(tmp_path / "inbox" / "sub" / "a.md")
    one = type(one)(one.path, one.stamp, type(one.folder)(str(tmp_path / "inbox")), one.found_at)

    with pytest.raises(UnreadableError, match="a link in its path leads out of the watched folder"):
        read_file(one, max_bytes=100)


def test_step_of_the_schema_that_is_interrupted_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "news.db"
    Store(path).close()

    def half(db: object) -> None:
        db.execute("create table half (a)")  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    half.__name__ = "m999_half"
    monkeypatch.setattr(migrations.MIGRATIONS, "_migrations", [*migrations.MIGRATIONS._migrations])
    migrations.MIGRATIONS()(half)

    with pytest.raises(KeyboardInterrupt):
        Store(path)
    monkeypatch.undo()
    store = Store(path)
    tables = store.reader._rows("select name from sqlite_master where name = 'half'")

    assert list(tables) == []
    store.close()


def test_rewrite_that_leaves_no_trace_in_the_times_of_a_file_is_seen_all_the_same(tmp_path: Path) -> None:
    """Same size, same times to the last digit: a rewrite within one tick of the clock right after the reading."""
    home = Home(tmp_path / "home")
    path = home.inbox / "a.md"
    path.write_text(post("雄帝科技一", "雄帝科技公告一"), encoding="utf-8")
    home.command("run", "--once")
    path.write_text(post("雄帝科技二", "雄帝科技公告二"), encoding="utf-8")
    status = path.stat()
    db = sqlite3.connect(home.database)
    db.execute("update files set mtime_ns = ?, ctime_ns = ?", [status.st_mtime_ns, status.st_ctime_ns])
    db.commit()
    db.close()

    home.command("run", "--once")

    assert home.rows("select title from articles where state = 'current'") == [("雄帝科技二",)]


def test_file_that_was_looked_at_again_is_not_read_a_third_time(store: Store, tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.md"
    path.write_text("x")
    clock.seconds = path.stat().st_ctime
    one = found(path)
    store.begin([(one, "0" * 64)])
    page = Page("a.md", "x", "utf-8", "0" * 64, "Asia/Shanghai")
    with store.transaction():
        store.ledger.finish(one, "stored", None, clock.now().isoformat(), readable=str(path), page=page)
    just_read = store.ledger.entries([one.path])[one.path].is_settled_as(one.stamp)
    clock.advance(60)

    attempts = store.begin([(one, "0" * 64)])

    assert (just_read, attempts) == (False, [0])
    assert store.ledger.entries([one.path])[one.path].is_settled_as(one.stamp)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become somebody else for a moment")
def test_database_folder_without_rights_is_refused_in_words(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(StoreError, match="cannot be used as the database"):
            Store(tmp_path / "news.db")
    finally:
        os.seteuid(0)

"""The ledger forgets files that are long gone, and nothing else: reliability row O8."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path

import pytest

from tests.build import post
from tests.running import Home, running, wait_until
from watcher.detect import is_gone
from watcher.store import Store

GONE = "(no longer on disk)"


def drop(home: Home, name: str, text: str | None = None) -> Path:
    path = home.inbox / name
    path.write_text(text or post(f"雄帝科技 {name}", f"雄帝科技公告 {name}"), encoding="utf-8")
    return path


def age(home: Home, *, days: int = 100, but: str = "") -> None:
    """Make it as if everything had been read so many days ago, but for the file of this name."""
    db = sqlite3.connect(home.database)
    for column in ("first_seen_at", "finished_at", "looked_at"):
        # As the program writes times, with the offset.
        db.execute(
            f"""update files set {column} = strftime('%Y-%m-%dT%H:%M:%S+00:00', {column}, ?)
                 where {column} is not null and path != ?""",
            [f"-{days} days", str(home.inbox / but)],
        )
    db.commit()
    db.close()


def paths(home: Home) -> set[str]:
    return {os.path.basename(path) for (path,) in home.rows("select path from files")}


def test_only_files_that_are_gone_and_were_read_long_ago_are_dropped(home: Home) -> None:
    kept, gone, fresh = drop(home, "kept.md"), drop(home, "gone.md"), drop(home, "fresh.md")
    home.command("run", "--once")
    age(home, but="fresh.md")
    gone.unlink()
    fresh.unlink()

    done = home.command("prune")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "1 files dropped, of 2 that were last read more than 90 days ago or waited to be read;"
        " articles and alerts stay\n"
    )
    assert paths(home) == {"kept.md", "fresh.md", GONE}
    assert home.rows("select count(*) from articles where state = 'current'") == [(3,)]
    assert len(home.alerted_keys()) == 3
    assert home.state_of(kept) == "stored"
    assert home.command("audit").returncode == 0


def test_file_that_comes_back_is_a_duplicate_and_alerts_nobody(home: Home) -> None:
    text = post("雄帝科技", "雄帝科技公告")
    gone, copy = drop(home, "a.md", text), drop(home, "b.md", text)
    other = drop(home, "other.md")
    home.command("run", "--once")
    age(home)
    gone.unlink()
    copy.unlink()
    home.command("prune")
    assert paths(home) == {"other.md", GONE}

    drop(home, "a.md", text)
    drop(home, "elsewhere.md", text)
    home.command("run", "--once")

    assert home.state_of(home.inbox / "a.md") == home.state_of(home.inbox / "elsewhere.md") == "duplicate"
    assert home.state_of(other) == "stored"
    assert home.rows("select count(*) from articles") == [(2,)]
    assert len(home.alerted_keys()) == 2
    assert home.command("audit").returncode == 0


def test_copy_that_stays_does_not_become_the_first(home: Home) -> None:
    """The first file is pruned; its copy is read again later and must not be told as news."""
    text = post("雄帝科技", "雄帝科技公告")
    first = drop(home, "a.md", text)
    home.command("run", "--once")
    copy = drop(home, "b.md", text)
    home.command("run", "--once")
    age(home)
    first.unlink()
    home.command("prune")
    os.utime(copy, (1, 1))
    copy.write_text(text + "\n", encoding="utf-8")

    home.command("run", "--once")

    assert home.state_of(copy) == "duplicate"
    assert len(home.alerted_keys()) == 1


def test_dry_run_only_counts(home: Home) -> None:
    path = drop(home, "gone.md")
    drop(home, "kept.md")
    home.command("run", "--once")
    age(home, days=10)
    path.unlink()
    before = home.rows("select * from files")

    counted = home.command("prune", "--days", "5", "--dry-run", "--json")

    assert json.loads(counted.stdout) == {
        "looked_for": 2,
        "gone": 1,
        "left_alone": 0,
        "days": 5,
        "dry_run": True,
        "absent_folders": [],
    }
    assert home.rows("select * from files") == before


@pytest.mark.parametrize("absent", ["empty", "missing"])
def test_folder_that_may_not_be_mounted_is_left_alone(home: Home, absent: str) -> None:
    """All files of a share are gone while it is not mounted; they come back with it."""
    path = drop(home, "a.md")
    home.command("run", "--once")
    age(home)
    path.unlink()
    if absent == "missing":
        home.inbox.rmdir()

    done = home.command("prune")

    assert done.stdout.startswith("0 files dropped, of 1 ")
    assert done.stderr.startswith(f"{home.inbox} is missing or empty")
    assert paths(home) == {"a.md"}


def test_folder_that_may_not_be_looked_into_proves_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    secret.chmod(0)
    (tmp_path / "file").touch()
    answers = [is_gone(os.fsencode(tmp_path / name)) for name in ("file", "absent", "file/below")]
    if os.geteuid() == 0:
        tmp_path.chmod(0o755)
        os.seteuid(65534)
    try:
        hidden = is_gone(os.fsencode(secret / "x"))
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        secret.chmod(0o755)

    assert answers == [False, True, True]
    assert hidden is False


def wait_for_nothing(home: Home, name: str, *, was_stored: bool) -> None:
    """A row as it stays when a file vanishes between the count of its attempt and its parsing."""
    db = sqlite3.connect(home.database)
    if was_stored:
        db.execute("update files set state = 'waiting', reason = 'x' where path like ?", [f"%{name}"])
    else:
        path = str(home.inbox / name)
        db.execute(
            """insert into files (path, path_bytes, state, reason, first_seen_at)
               values (?, ?, 'waiting', 'cannot be opened', '2026-11-20T00:00:00+00:00')""",
            [path, os.fsencode(path)],
        )
    db.commit()
    db.close()


def test_ghost_of_a_waiting_file_is_dropped_by_the_next_scan(home: Home) -> None:
    drop(home, "kept.md")
    stored = drop(home, "stored.md")
    home.command("run", "--once")
    wait_for_nothing(home, "ghost.md", was_stored=False)
    wait_for_nothing(home, "stored.md", was_stored=True)
    stored.unlink()

    home.command("run", "--once")

    assert paths(home) == {"kept.md", "stored.md"}


def test_ghost_of_a_waiting_file_is_pruned_whatever_its_age(home: Home) -> None:
    drop(home, "kept.md")
    home.command("run", "--once")
    wait_for_nothing(home, "ghost.md", was_stored=False)

    done = home.command("prune", "--days", "3650")

    assert done.stdout.startswith("1 files dropped, of 1 ")
    assert paths(home) == {"kept.md"}


def test_waiting_file_that_is_there_is_kept(home: Home) -> None:
    drop(home, "kept.md")
    home.command("run", "--once")
    drop(home, "waiting.md")
    wait_for_nothing(home, "waiting.md", was_stored=False)

    home.command("prune", "--days", "0")

    assert home.state_of(home.inbox / "waiting.md") == "waiting"


def fill(home: Home, count: int) -> None:
    """Rows of files that were stored long ago, each with an article of its own, and are gone."""
    inbox = os.fsencode(home.inbox)
    store = Store(home.database)
    db = store.reader._db.conn
    first = db.execute("select coalesce(max(id), 0) + 1 from files").fetchone()[0]
    long_ago = "2026-01-01T00:00:00+00:00"
    numbers = range(first, first + count)
    with store.transaction():
        db.executemany(
            """insert into files (id, path, path_bytes, sha256, state, attempts, first_seen_at, finished_at)
               values (?, ?, ?, ?, 'stored', 1, ?, ?)""",
            (
                (
                    n,
                    f"/n/{n}",
                    b"%s/%d.md" % (inbox, n),
                    f"{n:064x}",
                    long_ago,
                    long_ago,
                )
                for n in numbers
            ),
        )
        db.executemany(
            "insert into articles (id, content_hash, body_hash, body, created_at) values (?, ?, ?, 'x', ?)",
            ((n, f"{n:064x}", f"{n:064x}", long_ago) for n in numbers),
        )
        db.executemany(
            "insert into sightings (article_id, file_id, position, seen_at) values (?, ?, 1, ?)",
            ((n, n, long_ago) for n in numbers),
        )
    store.close()


def test_hundred_thousand_files_are_pruned_beside_the_running_daemon(home: Home) -> None:
    """One writer at a time: what comes in meanwhile is stored, as soon as one batch is done."""
    drop(home, "kept.md")
    home.command("run", "--once")
    fill(home, 100_000)
    with running(home):
        started = time.monotonic()
        done = home.command("prune")
        seconds = time.monotonic() - started
        late = drop(home, "late.md")
        wait_until(lambda: home.state_of(late) == "stored")

    assert done.stdout.startswith("100,000 files dropped, of 100,000 ")
    assert seconds < 60
    assert paths(home) == {"kept.md", "late.md", GONE}
    assert home.rows("select count(*) from articles") == [(100_002,)]
    assert home.rows("select count(*), count(distinct file_id) from sightings") == [(100_002, 3)]
    assert home.rows("pragma foreign_key_check") == []
    assert home.rows("pragma quick_check") == [("ok",)]


def test_locked_database_is_said_with_what_to_do(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from watcher.cli.prune import prune
    from watcher.errors import StoreError

    gone = drop(home, "gone.md")
    drop(home, "kept.md")
    home.command("run", "--once")
    age(home)
    gone.unlink()
    monkeypatch.setattr("watcher.store.database._BUSY_SECONDS", 0.1)
    blocker = sqlite3.connect(home.database, isolation_level=None)
    blocker.execute("begin immediate")

    done = CliRunner().invoke(prune, ["--config", str(home.config)])
    blocker.execute("rollback")
    blocker.close()

    assert isinstance(done.exception, StoreError)
    assert "database is locked" in str(done.exception)
    assert paths(home) == {"gone.md", "kept.md"}

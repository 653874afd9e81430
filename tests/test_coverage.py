"""Whether events can be relied on, and what is done where not: reliability rows W3, W10, W12, D4, D8, D10."""

from __future__ import annotations

import os
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.build import post
from tests.conftest import Clock
from tests.running import CONFIG, Home, running, wait_until
from watcher.cli.run import refuse_network_share
from watcher.daemon.guard import Guard
from watcher.daemon.health import Health
from watcher.detect import Detector
from watcher.detect.coverage import Coverage
from watcher.detect.mounts import filesystem_of, is_remote, may_send_no_events
from watcher.errors import StoreError
from watcher.model import Folder
from watcher.store import Store

MOUNTINFO = """\
22 1 8:1 / / rw - ext4 /dev/root rw
30 22 0:40 / /mnt/my\\040news rw - nfs4 server:/news rw
31 22 0:41 / /mnt/my\\040news/fast rw - tmpfs tmpfs rw
32 22 0:42 / /mnt/twice rw - ext4 /dev/a rw
33 22 0:43 / /mnt/twice rw - fuse.sshfs host: rw
"""


@pytest.mark.parametrize(
    ("path", "filesystem"),
    [
        ("/var/news", "ext4"),
        ("/mnt/my news", "nfs4"),
        ("/mnt/my news/today", "nfs4"),
        ("/mnt/my newspaper", "ext4"),
        ("/mnt/my news/fast/x", "tmpfs"),
        ("/mnt/twice/x", "fuse.sshfs"),
    ],
)
def test_file_system_of_a_path_is_that_of_the_innermost_mount(tmp_path: Path, path: str, filesystem: str) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTINFO)

    assert filesystem_of(path, mountinfo=str(tmp_path / "mountinfo")) == filesystem


def test_system_that_does_not_tell_is_not_suspected(tmp_path: Path) -> None:
    assert filesystem_of("/", mountinfo=str(tmp_path / "absent")) is None
    assert not may_send_no_events(None)


@pytest.mark.parametrize("name", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuseblk", "overlay", "vboxsf"])
def test_file_systems_that_may_send_no_events(name: str) -> None:
    assert may_send_no_events(name)


@pytest.mark.parametrize("name", ["ext4", "xfs", "btrfs", "tmpfs", "zfs", "apfs"])
def test_local_file_systems_are_trusted(name: str) -> None:
    assert not may_send_no_events(name)
    assert not is_remote(name)


def coverage(clock: Clock, filesystem: str = "ext4", watches: int | None = 10_000) -> Coverage:
    counts = iter([0, watches] * 10)
    return Coverage(filesystem=lambda _: filesystem, watches=lambda: next(counts), monotonic=clock)


def test_event_for_the_probe_proves_that_events_arrive(tmp_path: Path, clock: Clock) -> None:
    folder = Folder(str(tmp_path))
    covered = coverage(clock, "nfs4")
    covered.begin()
    covered.begun(folder)
    (probe,) = tmp_path.iterdir()

    assert covered.heard(os.fsencode(probe))
    covered.check()

    assert covered.missing == {}
    assert list(tmp_path.iterdir()) == []


def test_silence_after_the_probe_means_that_no_events_arrive(tmp_path: Path, clock: Clock) -> None:
    folder = Folder(str(tmp_path))
    covered = coverage(clock, "nfs4")
    covered.begin()
    covered.begun(folder)
    covered.check()
    assert covered.missing == {}
    clock.advance(3)

    covered.check()

    assert covered.missing == {folder: "nfs4 sends no events"}
    assert list(tmp_path.iterdir()) == []


def test_local_folder_gets_no_probe(tmp_path: Path, clock: Clock) -> None:
    covered = coverage(clock)
    covered.begin()
    covered.begun(Folder(str(tmp_path)))

    assert list(tmp_path.iterdir()) == []


def test_too_few_watches_are_said_with_what_helps(tmp_path: Path, clock: Clock) -> None:
    """Version 7 of watchdog starts without an error and watches what it can."""
    for number in range(19):
        (tmp_path / str(number)).mkdir()
    folder = Folder(str(tmp_path))
    covered = coverage(clock, watches=4)
    covered.begin()

    covered.begun(folder)

    assert covered.missing == {folder: "only 4 of 20 folders can be watched: sysctl fs.inotify.max_user_watches=524288"}


def test_real_watches_cover_real_folders(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / str(number) / "deep").mkdir(parents=True)
    detector = Detector([Folder(str(tmp_path))], unknown=lambda candidates: set(), settle_seconds=1)

    detector.watch()
    uncovered = dict(detector.uncovered)
    detector.stop()

    assert uncovered == {}


def test_file_waits_for_its_marker(tmp_path: Path, clock: Clock) -> None:
    folder = Folder(str(tmp_path), done_marker=".done")
    detector = Detector(
        [folder], unknown=lambda some: {one.path for one in some}, settle_seconds=2, monotonic=clock, now=clock.now
    )
    file, marker = tmp_path / "x.md", tmp_path / "x.md.done"
    file.write_text("x")
    detector.hint(os.fsencode(file), True)
    list(detector.scan())
    assert detector.ready(9) == []
    assert detector.waiting == 0
    marker.touch()

    detector.hint(os.fsencode(marker), True)
    ready = detector.ready(9)

    assert [one.path for one in ready] == [os.fsencode(file)]


class Log:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str | None]] = []

    def warning(self, event: str, *, path: str | None, reason: str) -> None:
        self.told.append((event, path))

    info = warning

    def __getattribute__(self, name: str) -> object:
        if name == "info":
            return lambda event, *, path: self.told.append((event, path))
        return super().__getattribute__(name)


def test_troubles_are_told_when_they_come_and_when_they_go(store: Store) -> None:
    health, log = Health(), Log()
    guard = Guard(store, health, log)  # type: ignore[arg-type]
    folder = Folder("/news")

    for _ in range(3):
        guard.cover([], {folder: "nfs4 sends no events"}, {b"/news/secret"})
    troubles = dict(health.troubles)
    guard.cover([], {}, set())

    assert log.told == [
        ("polling", "/news"),
        ("unreadable", "/news/secret"),
        ("events arrive again", "/news"),
        ("readable again", None),
    ]
    assert troubles["events /news"] == "/news: nfs4 sends no events; the scan comes more often instead"
    assert health.troubles == {}


def test_write_ahead_log_that_cannot_shrink_is_told(store: Store, tmp_path: Path) -> None:
    """A reader that holds an old state open makes it grow without end: reliability row D4."""
    health, log = Health(), Log()
    guard = Guard(store, health, log, log_alarm_bytes=200_000)  # type: ignore[arg-type]
    reader = sqlite3.connect(tmp_path / "store" / "news.db", isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from files").fetchall()
    for number in range(200):
        store.operator_alert(str(number), "x" * 5_000, ())

    guard.look()
    reader.close()

    assert log.told == [("database grows", None)]
    assert "some program keeps an old state of it open" in health.troubles["database log"]


def test_database_on_a_network_share_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.detect.mounts.filesystem_of", lambda path: "nfs4")

    with pytest.raises(StoreError, match="lies on a network share"):
        refuse_network_share(tmp_path / "news.db")


def test_database_is_opened_with_what_the_promises_rest_on(store: Store) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")

    assert [store.reader._db.execute(f"pragma {name}").fetchone()[0] for name in pragmas] == ["wal", 1, 1, 30_000]


def test_delivery_that_a_wrong_clock_put_off_for_years_comes_within_the_longest_wait(
    store: Store, clock: Clock
) -> None:
    store.operator_alert("x", "x", ("screen",))
    store.deliveries.clamp(clock.now() - timedelta(days=3650), timedelta(hours=12))

    assert len(store.deliveries.owed(clock.now() - timedelta(days=3649))) == 1


def drop(home: Home, number: int) -> None:
    (home.inbox / f"{number}.md").write_text(post(f"第{number}号", f"雄帝科技第{number}号公告"), encoding="utf-8")


def test_database_that_is_deleted_while_it_is_open_is_begun_anew(home: Home) -> None:
    """Writes to a deleted file succeed and are gone: reliability row D10."""
    with running(home) as daemon:
        drop(home, 1)
        wait_until(lambda: len(home.alerted_keys()) == 1)
        for path in home.database.parent.glob("news.db*"):
            if not path.name.endswith(".lock"):
                path.unlink()
        wait_until(lambda: bool(daemon.logged("database gone")))
        wait_until(lambda: len(daemon.logged("watching")) == 2)
        drop(home, 2)
        wait_until(lambda: len(home.rows("select 1 from files where state = 'stored'")) == 2)


def test_damaged_database_is_refused_and_not_written(home: Home) -> None:
    for number in range(40):
        drop(home, number)
    home.command("run", "--once")
    damaged = bytearray(home.database.read_bytes())
    for page in range(3, len(damaged) // 4096, 7):
        damaged[page * 4096 : page * 4096 + 600] = b"\x5a" * 600
    home.database.write_bytes(damaged)

    refused = home.command("run", "--once")

    assert refused.returncode == 1
    assert "damaged" in refused.stderr or "malformed" in refused.stderr
    assert home.database.read_bytes() == damaged


def test_database_locked_by_somebody_else_delays_and_loses_nothing(home: Home) -> None:
    with running(home):
        drop(home, 1)
        wait_until(lambda: len(home.alerted_keys()) == 1)
        db = sqlite3.connect(home.database, isolation_level=None)
        db.execute("begin immediate")
        drop(home, 2)
        time.sleep(10)
        held = home.state_of(home.inbox / "2.md")
        db.execute("rollback")
        db.close()
        wait_until(lambda: len(home.alerted_keys()) == 2)

    assert held is None


def mounted(folder: Path, size: str) -> bool:
    return os.geteuid() == 0 and os.system(f"mount -t tmpfs -o size={size} tmpfs '{folder}' 2>/dev/null") == 0


def test_full_disk_pauses_and_resumes_without_loss(home: Home) -> None:
    data = home.database.parent
    data.mkdir()
    if not mounted(data, "16m"):
        pytest.skip("a small file system cannot be mounted here (needs root)")
    try:
        with running(home) as daemon:
            drop(home, 1)
            wait_until(lambda: len(home.alerted_keys()) == 1)
            filler = data / "filler"
            with filler.open("wb", buffering=0) as file:
                try:
                    while True:
                        file.write(b"x" * 4096)
                except OSError:
                    pass
            for number in range(2, 60):
                drop(home, number)
            wait_until(lambda: bool(daemon.logged("paused")))
            filler.unlink()
            wait_until(lambda: len(set(home.alerted_keys())) == 59, seconds=60)

            assert daemon.logged("resumed")
            assert len(daemon.logged("paused")) == 1
        assert home.rows("select state, count(*) from files group by 1") == [("stored", 59)]
        assert len(home.alerted_keys()) == 59
    finally:
        os.system(f"umount -l '{data}'")


def test_file_moved_from_one_watched_folder_to_another_is_one_article_seen_twice(tmp_path: Path) -> None:
    """The new place is heard of before the old one is empty: reliability row W18."""
    home = Home(tmp_path / "home", config=CONFIG.replace("- path: inbox", "- inbox\n  - other"))
    (home.path / "other").mkdir()
    with running(home):
        drop(home, 1)
        wait_until(lambda: len(home.alerted_keys()) == 1)
        (home.inbox / "1.md").rename(home.path / "other" / "1.md")
        wait_until(lambda: home.state_of(home.path / "other" / "1.md") == "duplicate")

    assert home.rows("select count(*) from articles") == [(1,)]
    assert home.rows("select count(*) from sightings") == [(2,)]
    assert len(home.alerted_keys()) == 1

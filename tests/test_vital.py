"""The keep-alive goes out only while everything is at work: reliability row O1."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.build import post
from tests.conftest import Clock
from tests.running import CONFIG, Home, wait_until
from watcher.cli.setup import knowledge_of, load
from watcher.daemon import Daemon
from watcher.daemon.guard import Guard
from watcher.daemon.systemd import ServiceManager
from watcher.daemon.vital import Vitals
from watcher.deliver import Outbox
from watcher.deliver.jsonl import JsonlChannel
from watcher.detect import Detector
from watcher.detect.coverage import Coverage
from watcher.detect.mounts import unread_event_bytes
from watcher.detect.watch import KernelQueue, Watch
from watcher.model import Alert, Delivery
from watcher.store import Lock, Store
from watcher.store.ledger import Entry, Ledger
from watcher.workers import Workers


class Parts:
    """Detector, outbox and store as far as `Vitals` asks them."""

    def __init__(self) -> None:
        self.silent = 0.0
        self.unmoved: dict[str, float] = {}
        self.does_answer = True
        self.ledger = self

    def silent_seconds(self) -> float:
        return self.silent

    def unmoved_seconds(self) -> dict[str, float]:
        return self.unmoved

    def answers(self) -> bool:
        return self.does_answer


def vitals(parts: Parts, clock: Clock, *, rescan_seconds: float = 60, parse_seconds: float = 10) -> Vitals:
    return Vitals(
        parts,  # type: ignore[arg-type]
        parts,  # type: ignore[arg-type]
        parts,  # type: ignore[arg-type]
        rescan_seconds=rescan_seconds,
        parse_seconds=parse_seconds,
        monotonic=clock,
    )


def test_all_is_well_while_all_are_at_work(clock: Clock) -> None:
    assert vitals(Parts(), clock).standstill() is None


def test_scan_that_does_not_come_is_a_standstill(clock: Clock) -> None:
    vital = vitals(Parts(), clock)
    told = []
    for _ in range(2):
        clock.advance(100)
        vital.stored()
        told.append(vital.standstill())

    assert told == [None, "the folders were last looked at 200 seconds ago"]


def test_scan_that_progresses_may_take_for_ever(clock: Clock) -> None:
    vital = vitals(Parts(), clock, rescan_seconds=1)
    for _ in range(100):
        clock.advance(50)
        vital.looked()
        vital.stored()

        assert vital.standstill() is None


def test_files_in_hand_that_are_never_stored_are_a_standstill(clock: Clock) -> None:
    vital = vitals(Parts(), clock, parse_seconds=10)
    clock.advance(61)
    vital.looked()

    assert vital.standstill() == "files are in hand, and none was stored for 61 seconds"


def test_slow_parser_has_the_time_it_was_given(clock: Clock) -> None:
    vital = vitals(Parts(), clock, parse_seconds=100)
    clock.advance(250)
    vital.looked()

    assert vital.standstill() is None


def test_what_holds_up_the_loop_and_progresses_is_no_standstill(clock: Clock) -> None:
    """Files that were in hand when the last daemon was killed are parsed one by one, and nothing else meanwhile."""
    vital = vitals(Parts(), clock)
    clock.advance(1_000)
    vital.held_up(1_000)

    assert vital.standstill() is None


def test_silent_events_unmoved_deliveries_and_a_mute_database_are_told(clock: Clock) -> None:
    parts = Parts()
    vital = vitals(parts, clock)
    parts.unmoved = {"fast": 0.1, "slow": 41.0}
    channel = vital.standstill()
    parts.silent = 41.0
    events = vital.standstill()
    parts.does_answer = False
    database = vital.standstill()

    assert (channel, events, database) == (
        'channel "slow" has delivered nothing of what it holds for 41 seconds',
        "events have not been handed on for 41 seconds",
        "the database does not answer",
    )


def test_database_that_is_gone_does_not_answer(store: Store) -> None:
    before = store.ledger.answers()
    store.close()

    assert (before, store.ledger.answers()) == (True, False)


def test_kernel_queue_that_nobody_empties_is_noticed(clock: Clock) -> None:
    lying = iter([0, 100, 100, 200, 200, 150, 150])
    queue = KernelQueue(unread=lambda: next(lying), monotonic=clock)
    seconds = []
    for _ in range(7):
        clock.advance(1)
        seconds.append(queue.unread_seconds())

    assert seconds == [0, 0, 1, 2, 3, 0, 1]


def test_kernel_queue_that_was_not_looked_at_for_long_is_not_blamed(clock: Clock) -> None:
    queue = KernelQueue(unread=lambda: 100, monotonic=clock)
    queue.unread_seconds()
    clock.advance(300)

    assert queue.unread_seconds() == 2


@pytest.fixture
def unread_events(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Leaves events in a kernel queue of this process that no thread reads."""
    libc = ctypes.CDLL(None, use_errno=True)
    folder = tmp_path / "unread"
    folder.mkdir()
    queue = libc.inotify_init1(os.O_CLOEXEC)
    assert libc.inotify_add_watch(queue, os.fsencode(folder), 0x100) > 0  # IN_CREATE
    yield (folder / "news.md").touch
    os.close(queue)


def test_unread_events_of_the_kernel_are_counted(unread_events: Callable[[], None]) -> None:
    before = unread_event_bytes()
    unread_events()

    assert (before, unread_event_bytes() > 0) == (0, True)


def test_watch_answers_while_its_thread_is_at_work(tmp_path: Path, clock: Clock) -> None:
    """A question goes through watchdog's own queue and thread; a handler that hangs keeps the answer back."""
    hung, hang = threading.Event(), threading.Event()
    watch = Watch(str(tmp_path), recursive=True, hint=lambda *_: [hung.set(), hang.wait()], monotonic=clock)
    watch.silent_seconds()
    wait_until(lambda: watch._handler.answered)
    clock.advance(100)
    at_work = watch.silent_seconds()
    wait_until(lambda: watch._handler.answered)
    (tmp_path / "news.md").touch()
    wait_until(hung.is_set)
    watch.silent_seconds()
    clock.advance(100)
    hangs, trusted = watch.silent_seconds(), watch.is_trustworthy()
    hang.set()
    wait_until(lambda: watch._handler.answered)
    again = watch.silent_seconds()
    watch.stop()

    assert (at_work, hangs, trusted, again) == (0, 100, False, 0)


class _Channel:
    name = "slow"

    def __init__(self) -> None:
        self.may_go_on = threading.Event()

    def send(self, alerts: object) -> None:
        assert self.may_go_on.wait(timeout=30)

    def close(self) -> None:
        pass


def test_outbox_tells_how_long_a_channel_has_finished_nothing(clock: Clock) -> None:
    channel = _Channel()
    outbox = Outbox([channel], lambda: None, monotonic=clock)
    idle = outbox.unmoved_seconds()
    alert = Alert(1, "k", "r", "high", "h", "", (), (), 1, 1, None, None, "2026-11-20T00:00:00+00:00", None, None)
    outbox.offer([Delivery(alert, "slow", 0)])
    clock.advance(7)
    hanging = outbox.unmoved_seconds()
    channel.may_go_on.set()
    wait_until(lambda: bool(outbox.receipts()))
    done = outbox.unmoved_seconds()
    outbox.close(5)

    assert (idle, hanging, done) == ({}, {"slow": 7}, {})


def test_keep_alive_is_withheld_and_asked_for_again(tmp_path: Path, clock: Clock) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.setblocking(False)
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "120000000"}
        manager = ServiceManager(environment, monotonic=clock)
        asked: list[bool] = []

        def keep_alive(is_at_work: bool) -> int:
            before = len(asked)
            manager.keep_alive(lambda: bool(asked.append(is_at_work)) or is_at_work)
            return len(asked) - before

        times = [keep_alive(True), keep_alive(True)]
        clock.advance(60)
        times.append(keep_alive(False))
        clock.advance(1)
        times.append(keep_alive(True))

        assert times == [1, 0, 1, 1]
        assert heard.recv(100) == heard.recv(100) == b"WATCHDOG=1"
        with pytest.raises(BlockingIOError):
            heard.recv(100)


# The whole daemon, in this process, with threads that really freeze


class Log:
    """Remembers the events it was told."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def __getattr__(self, level: str) -> Callable[..., None]:
        return lambda event, **fields: self.events.append(event)


class Manager:
    """What a service manager hears, and when it last heard that all is well."""

    def __init__(self, heard: socket.socket) -> None:
        self._heard = heard
        self.alive_at = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                if self._heard.recv(1_000) == b"WATCHDOG=1":
                    self.alive_at = time.monotonic()
            except TimeoutError:
                continue

    def is_kept_alive(self) -> bool:
        return time.monotonic() - self.alive_at < 0.2

    def is_left_alone(self) -> bool:
        return time.monotonic() - self.alive_at > 1.5

    def close(self) -> None:
        self._ended.set()
        self._thread.join()


class Scene:
    """A running daemon, with its parts, for a thread that freezes one of them."""

    def __init__(self, home: Home, daemon: Daemon, manager: Manager, log: Log) -> None:
        self.home, self.daemon, self.manager, self.log = home, daemon, manager, log
        self.troubles: dict[str, str] = {}

    def tell(self, figures: dict[str, Any]) -> None:
        self.troubles = figures["troubles"]

    def drop(self, name: str) -> None:
        (self.home.inbox / name).write_text(post(f"雄帝科技 {name}", f"雄帝科技公告 {name}"), encoding="utf-8")


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[Scene], None]], None]]:
    """Runs a daemon with little patience while a story is told in another thread; the story's failure is the test's."""
    for name, seconds in {
        "vital._SILENT_SECONDS": 0.7,
        "vital._SHORTEST_PATIENCE_SECONDS": 1.5,
        "systemd._ASK_AGAIN_SECONDS": 0.05,
        "_LOOK_AGAIN_SECONDS": 0.1,
        "_TELL_SECONDS": 0.1,
    }.items():
        monkeypatch.setattr(f"watcher.daemon.{name}", seconds)
    address = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    monkeypatch.setenv("WATCHDOG_USEC", "100000")
    home = Home(tmp_path / "home", config=CONFIG + "parse_seconds: 1\n")
    settings, securities = load(home.config)
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(address)
    heard.settimeout(0.1)
    manager, store, log = Manager(heard), Store(settings.database), Log()

    def run(story: Callable[[Scene], None]) -> None:
        daemon = Daemon(
            settings,
            knowledge_of(settings.rules, securities),
            store,
            log,  # type: ignore[arg-type]
            tell=lambda figures: scene.tell(figures),
        )
        scene = Scene(home, daemon, manager, log)
        failures: list[AssertionError] = []

        def tell_story() -> None:
            try:
                wait_until(manager.is_kept_alive)
                story(scene)
            except AssertionError as failure:
                failures.append(failure)
            finally:
                daemon.stop()

        teller = threading.Thread(target=tell_story)
        teller.start()
        try:
            daemon.run()
        finally:
            daemon.close()
            teller.join()
        if failures:
            raise failures[0]

    yield run
    manager.close()
    heard.close()
    store.close()


@contextmanager
def frozen(target: type, method: str) -> Iterator[None]:
    """While inside, whoever calls this method hangs in it."""
    original, thaw = getattr(target, method), threading.Event()

    def hang(*arguments: Any, **named: Any) -> Any:
        thaw.wait()
        return original(*arguments, **named)

    setattr(target, method, hang)
    try:
        yield
    finally:
        setattr(target, method, original)
        thaw.set()


Play = Callable[[Callable[[Scene], None]], None]


def assert_told(scene: Scene, reason: str) -> None:
    wait_until(scene.manager.is_left_alone, seconds=20)
    wait_until(lambda: reason in scene.troubles.get("work", ""))
    assert scene.log.events.count("stands still") == 1


def test_frozen_handler_of_events_stops_the_keep_alive_until_it_thaws(play: Play) -> None:
    def story(scene: Scene) -> None:
        with frozen(Coverage, "heard"):
            scene.drop("1.md")
            assert_told(scene, "events have not been handed on")
            assert not scene.manager.is_kept_alive()
        wait_until(scene.manager.is_kept_alive)
        wait_until(lambda: scene.troubles == {})
        assert scene.log.events.count("at work again") == 1

    play(story)


def test_frozen_reader_of_the_kernels_queue_stops_the_keep_alive(play: Play, unread_events: Callable[[], None]) -> None:
    def story(scene: Scene) -> None:
        unread_events()
        assert_told(scene, "events have not been handed on")

    play(story)


def test_frozen_channel_stops_the_keep_alive_until_it_thaws(play: Play) -> None:
    def story(scene: Scene) -> None:
        with frozen(JsonlChannel, "send"):
            scene.drop("1.md")
            assert_told(scene, 'channel "log" has delivered nothing')
        wait_until(scene.manager.is_kept_alive)
        wait_until(lambda: len(scene.home.alerted_keys()) == 1)

    play(story)


def test_frozen_loop_stops_the_keep_alive(play: Play) -> None:
    def story(scene: Scene) -> None:
        with frozen(Guard, "look"):
            wait_until(scene.manager.is_left_alone)
        wait_until(scene.manager.is_kept_alive)

    play(story)


def test_scan_that_never_comes_stops_the_keep_alive(play: Play) -> None:
    def story(scene: Scene) -> None:
        while not scene.manager.is_left_alone():
            scene.daemon._next_scan_at = float("inf")
            time.sleep(0.02)
        assert_told(scene, "the folders were last looked at")

    play(story)


def test_parsers_that_never_answer_stop_the_keep_alive(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def story(scene: Scene) -> None:
        monkeypatch.setattr(Workers, "collect", lambda self, seconds=0.0: time.sleep(seconds) or [])
        scene.drop("1.md")
        assert_told(scene, "files are in hand, and none was stored")
        monkeypatch.undo()
        wait_until(scene.manager.is_kept_alive)

    play(story)


def test_mute_database_stops_the_keep_alive(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def story(scene: Scene) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Ledger, "answers", lambda self: False)
            assert_told(scene, "the database does not answer")
        wait_until(scene.manager.is_kept_alive)

    play(story)


def test_long_scan_does_not_stop_the_keep_alive(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at the folders that takes longer than it may stand still, slice by slice, is at work."""
    scan = Detector.scan

    def slow(self: Detector) -> Iterator[int]:
        for slice_ in range(40):
            time.sleep(0.1)
            yield slice_
        yield from scan(self)

    monkeypatch.setattr(Detector, "scan", slow)

    def story(scene: Scene) -> None:
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:
            assert not scene.manager.is_left_alone()
            time.sleep(0.05)
        assert "stands still" not in scene.log.events

    play(story)


def test_status_tells_of_a_standstill(home: Home) -> None:
    home.command("run", "--once")
    lock = Lock(home.database)
    lock.tell({"backlog": 0, "files_last_minute": 0, "troubles": {"work": "the database does not answer"}})
    told = home.command("status")
    row = json.loads(home.command("status", "--json").stdout)
    lock.release()

    assert "trouble    the database does not answer\n" in told.stdout
    assert row["troubles"] == {"work": "the database does not answer"}


def test_database_that_fails_during_the_first_scan_does_not_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of it would be called news, with an alert for each file of an archive."""
    home = Home(tmp_path / "home", config=CONFIG + "baseline_files: 0\n")
    (home.inbox / "old.md").write_text(post("雄帝科技", "雄帝科技公告"), encoding="utf-8")
    settings, securities = load(home.config)
    store, log = Store(settings.database), Log()
    entries, failed = Ledger.entries, []

    def fail_once(self: Ledger, paths: Sequence[bytes]) -> dict[bytes, Entry]:
        if not failed:
            failed.append(True)
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return entries(self, paths)

    monkeypatch.setattr(Ledger, "entries", fail_once)
    monkeypatch.setattr("watcher.daemon._PAUSE_SECONDS", 0.01)
    knowledge = knowledge_of(settings.rules, securities)
    daemon = Daemon(settings, knowledge, store, log)  # type: ignore[arg-type]
    daemon.run_once()
    daemon.close()
    store.close()

    assert log.events.count("paused") == 1
    assert home.rows("select rule, held from alerts where rule != 'watcher'") == [("数字政府", "baseline")]

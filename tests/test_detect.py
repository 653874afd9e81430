from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import Clock
from watcher.detect import Candidate, Detector, candidate_at, walk
from watcher.detect.watch import Watch
from watcher.model import Folder, FoundFile, Stamp

SETTLE = 2.0
OLD = 3600.0


class Known:
    """A ledger as the detector sees it: what was taken, as it was then."""

    def __init__(self) -> None:
        self.files: dict[bytes, Stamp] = {}

    def unknown(self, candidates: Sequence[Candidate]) -> set[bytes]:
        return {one.path for one in candidates if self.files.get(one.path) != one.stamp}

    def take(self, found: Sequence[FoundFile]) -> None:
        self.files.update({one.path: one.stamp for one in found})


@pytest.fixture
def clock(clock: Clock) -> Clock:
    """Later than any file a test makes, so that only those it dates itself, with `write`, are fresh."""
    clock.seconds = int(time.time()) + OLD
    return clock


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def detector(inbox: Path, known: Known, clock: Clock) -> Iterator[Detector]:
    with detecting(Folder(str(inbox)), known=known, clock=clock) as detector:
        yield detector


@pytest.fixture(autouse=True)
def _sigio_as_in_the_daemon() -> Iterator[None]:
    with sigio(signal.SIG_IGN):
        yield


@contextmanager
def sigio(handler: signal.Handlers) -> Iterator[None]:
    before = signal.signal(signal.SIGIO, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGIO, before)


@contextmanager
def detecting(
    *folders: Folder, clock: Clock, known: Known | None = None, wake: Callable[[], None] = lambda: None
) -> Iterator[Detector]:
    unknown = (known or Known()).unknown
    made = Detector(folders, unknown=unknown, settle_seconds=SETTLE, wake=wake, monotonic=clock, now=clock.now)
    try:
        yield made
    finally:
        made.stop()


def write(path: Path, text: str, clock: Clock) -> None:
    """Write a file that changes now, by the clock."""
    path.write_text(text)
    date(path, clock)


def date(path: Path, clock: Clock) -> None:
    os.utime(path, (clock.seconds, clock.seconds))


def path_of(path: Path) -> bytes:
    return os.fsencode(path)


def given(detector: Detector, limit: int = 100, busy: Collection[bytes] = ()) -> list[str]:
    """The names of the files that are ready now."""
    return [os.fsdecode(os.path.basename(found.path)) for found in detector.ready(limit, busy)]


def scan(detector: Detector) -> int:
    """How many files a whole scan looked at."""
    return list(detector.scan())[-1]


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether it came true within a time that only a broken program needs."""
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


# When a file is complete


def test_file_closed_after_writing_is_ready_at_once(inbox: Path, detector: Detector, clock: Clock) -> None:
    write(inbox / "news.md", "text", clock)
    detector.hint(path_of(inbox / "news.md"), True)

    assert given(detector) == ["news.md"]


def test_found_file_carries_path_stamp_folder_and_time(inbox: Path, detector: Detector, clock: Clock) -> None:
    path = inbox / "news.md"
    path.write_text("text")
    status = path.stat()
    stamp = Stamp(size=4, mtime_ns=status.st_mtime_ns, ctime_ns=status.st_ctime_ns)
    detector.hint(path_of(path), True)

    assert detector.ready(1) == [FoundFile(path_of(path), stamp, Folder(str(inbox)), found_at=clock.now())]


def test_file_renamed_into_place_is_ready_at_once(inbox: Path, detector: Detector, clock: Clock) -> None:
    """Browsers and rsync write a temporary name, then rename: the rename is the arrival."""
    write(inbox / ".news.md.Xy12", "text", clock)
    (inbox / ".news.md.Xy12").rename(inbox / "news.md")
    detector.hint(path_of(inbox / ".news.md.Xy12"), False)
    detector.hint(path_of(inbox / "news.md"), True)

    assert given(detector) == ["news.md"]


def test_file_moved_in_from_elsewhere_is_ready_at_once(inbox: Path, detector: Detector, clock: Clock) -> None:
    """`mv` from outside is only ever reported as created: reliability row W5."""
    write(inbox.parent / "elsewhere.md", "text", clock)
    (inbox.parent / "elsewhere.md").rename(inbox / "news.md")
    detector.hint(path_of(inbox / "news.md"), False)

    assert given(detector) == ["news.md"]


def test_file_that_is_still_open_waits_until_it_holds_still(inbox: Path, detector: Detector, clock: Clock) -> None:
    path = inbox / "news.md"
    with path.open("w") as file:
        file.write("a text that looks whole")
        file.flush()
        date(path, clock)
        detector.hint(path_of(path), False)
        at_first = given(detector)
        clock.advance(SETTLE)
        later = given(detector)

    assert (at_first, later) == ([], ["news.md"])


def test_file_closed_and_open_again_waits(inbox: Path, detector: Detector, clock: Clock) -> None:
    """A program that appends five times closes it five times: reliability row F1."""
    path = inbox / "news.md"
    write(path, "first line\n", clock)
    detector.hint(path_of(path), True)
    with path.open("a"):
        while_open = given(detector)

    assert (while_open, given(detector)) == ([], ["news.md"])


def test_file_closed_in_the_middle_of_its_structure_waits(inbox: Path, detector: Detector, clock: Clock) -> None:
    write(inbox / "news.md", "---\ntitle: half a header\n", clock)
    detector.hint(path_of(inbox / "news.md"), True)
    at_first = given(detector)
    clock.advance(SETTLE)

    assert (at_first, given(detector)) == ([], ["news.md"])


def test_growing_file_waits_however_long_it_grows(inbox: Path, detector: Detector, clock: Clock) -> None:
    """A slow writer must not hand us half a page."""
    path = inbox / "news.md"
    looks = []
    with path.open("w") as file:
        for line in range(5):
            file.write(f"line {line}\n")
            file.flush()
            date(path, clock)
            detector.hint(path_of(path), False)
            looks.append(given(detector))
            clock.advance(SETTLE * 0.75)
            looks.append(given(detector))

    assert looks == [[]] * 10


def test_stillness_is_counted_from_the_last_change(inbox: Path, detector: Detector, clock: Clock) -> None:
    path = inbox / "news.md"
    write(path, "---\nopen", clock)
    detector.hint(path_of(path), False)
    detector.ready(1)
    clock.advance(SETTLE * 0.75)
    write(path, "---\nopen too", clock)
    detector.ready(1)
    clock.advance(SETTLE * 0.75)
    too_early = given(detector)
    clock.advance(SETTLE * 0.25)

    assert (too_early, given(detector)) == ([], ["news.md"])


def test_stillness_is_seen_by_looking_even_if_the_clock_of_the_files_is_wrong(
    inbox: Path, detector: Detector, clock: Clock
) -> None:
    """A share of another machine may date its files hours ahead."""
    path = inbox / "news.md"
    path.write_text("---\nopen")
    os.utime(path, (clock.seconds + OLD, clock.seconds + OLD))
    scan(detector)
    at_first = given(detector)
    clock.advance(SETTLE)

    assert (at_first, given(detector)) == ([], ["news.md"])


def test_scan_does_not_make_a_file_wait_anew(inbox: Path, detector: Detector, clock: Clock) -> None:
    path = inbox / "news.md"
    path.write_text("---\nopen")
    os.utime(path, (clock.seconds + OLD, clock.seconds + OLD))
    detector.hint(path_of(path), False)
    detector.ready(1)
    clock.advance(SETTLE * 0.75)
    scan(detector)
    clock.advance(SETTLE * 0.25)

    assert given(detector) == ["news.md"]


def test_old_file_is_ready_at_the_first_look(inbox: Path, detector: Detector, clock: Clock) -> None:
    """Whatever it looks like: nobody has written to it for longer than writers pause."""
    write(inbox / "news.md", "---\nnever closed", clock)
    clock.advance(SETTLE)
    scan(detector)

    assert given(detector) == ["news.md"]


@pytest.mark.parametrize("modified_at", [0, -1_000_000_000])
def test_old_date_does_not_make_a_new_file_old(inbox: Path, detector: Detector, clock: Clock, modified_at: int) -> None:
    """Copies keep the date of the original while they are being written: reliability row W15."""
    path = inbox / "news.md"
    path.write_text("---\nopen")
    os.utime(path, (modified_at, modified_at))
    clock.seconds = path.stat().st_ctime
    scan(detector)
    at_first = given(detector)
    clock.advance(SETTLE)

    assert (at_first, given(detector)) == ([], ["news.md"])


def test_empty_file_waits_longer_to_be_filled(inbox: Path, detector: Detector, clock: Clock) -> None:
    write(inbox / "news.md", "", clock)
    detector.hint(path_of(inbox / "news.md"), True)
    looks = [given(detector)]
    clock.advance(SETTLE * 2)
    looks.append(given(detector))
    clock.advance(SETTLE * 3)
    looks.append(given(detector))

    assert looks == [[], [], ["news.md"]]


def test_empty_file_that_is_filled_is_ready_at_once(inbox: Path, detector: Detector, clock: Clock) -> None:
    path = inbox / "news.md"
    write(path, "", clock)
    detector.hint(path_of(path), True)
    while_empty = given(detector)
    write(path, "text", clock)

    assert (while_empty, given(detector)) == ([], ["news.md"])


def test_where_nobody_tells_who_writes_the_close_event_decides(inbox: Path, detector: Detector, clock: Clock) -> None:
    """As on file systems without leases."""
    for name, closed in (("closed.md", True), ("created.md", False)):
        write(inbox / name, "text", clock)
        detector.hint(path_of(inbox / name), closed)
    with sigio(signal.SIG_DFL):
        at_first = given(detector)
        clock.advance(SETTLE)

        assert (at_first, given(detector)) == (["closed.md"], ["created.md"])


def test_close_event_is_remembered_until_the_file_is_looked_at(inbox: Path, detector: Detector, clock: Clock) -> None:
    """Events of one file come in any number before the loop turns round."""
    write(inbox / "news.md", "text", clock)
    for closed in (False, True, False):
        detector.hint(path_of(inbox / "news.md"), closed)
    with sigio(signal.SIG_DFL):
        assert given(detector) == ["news.md"]


def test_detector_says_when_to_look_again(inbox: Path, detector: Detector, clock: Clock) -> None:
    write(inbox / "news.md", "---\nopen", clock)
    with_nothing_pending = detector.seconds_until_ready()
    detector.hint(path_of(inbox / "news.md"), False)
    detector.ready(1)
    clock.advance(0.5)

    assert (with_nothing_pending, detector.seconds_until_ready()) == (None, SETTLE - 0.5)


# What exists


def test_scan_finds_what_no_event_announced(inbox: Path, detector: Detector) -> None:
    """Files come while nobody watches: reliability row W14."""
    (inbox / "a" / "b").mkdir(parents=True)
    for name in ("one.md", "a/two.md", "a/b/three.md"):
        (inbox / name).write_text("text")
    looked_at = scan(detector)

    assert (looked_at, sorted(given(detector))) == (3, ["one.md", "three.md", "two.md"])


def test_known_file_is_not_given_again(inbox: Path, detector: Detector, known: Known) -> None:
    (inbox / "news.md").write_text("text")
    scan(detector)
    known.take(detector.ready(1))
    scan(detector)
    detector.hint(path_of(inbox / "news.md"), True)

    assert given(detector) == []
    assert detector.waiting == 0


def test_changed_file_is_given_again(inbox: Path, detector: Detector, known: Known) -> None:
    (inbox / "news.md").write_text("text")
    scan(detector)
    known.take(detector.ready(1))
    (inbox / "news.md").write_text("more text")
    scan(detector)

    assert given(detector) == ["news.md"]


def test_file_replaced_by_one_of_the_same_size_and_date_is_seen(inbox: Path, detector: Detector, known: Known) -> None:
    """The kernel alone sets ctime: reliability row F6."""
    path = inbox / "news.md"
    path.write_text("text")
    before = path.stat()
    scan(detector)
    known.take(detector.ready(1))
    path.write_text("TEXT")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    scan(detector)

    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert given(detector) == ["news.md"]


def test_file_that_vanished_is_forgotten(inbox: Path, detector: Detector) -> None:
    (inbox / "news.md").write_text("text")
    scan(detector)
    (inbox / "news.md").unlink()

    assert given(detector) == []
    assert detector.waiting == 0


def test_folder_moved_in_is_read_whole(inbox: Path, detector: Detector) -> None:
    """Its event is the only one the kernel sends."""
    elsewhere = inbox.parent / "elsewhere"
    (elsewhere / "deep").mkdir(parents=True)
    (elsewhere / "one.md").write_text("text")
    (elsewhere / "deep" / "two.md").write_text("text")
    elsewhere.rename(inbox / "moved")
    detector.hint(path_of(inbox / "moved"), False)

    assert sorted(given(detector)) == ["one.md", "two.md"]


def test_file_written_into_a_folder_just_made_is_ready_at_once(inbox: Path, detector: Detector, clock: Clock) -> None:
    """The folder's event may be the only one: reliability row W6."""
    (inbox / "new").mkdir()
    write(inbox / "new" / "news.md", "text", clock)
    detector.hint(path_of(inbox / "new"), False)

    assert given(detector) == ["news.md"]


@pytest.mark.parametrize(
    "name",
    [
        "新闻.md".encode("gbk"),
        b"\xff\xfe.md",
        b"two\nlines.md",
        b"\x1b[31mred.md",
        b"trailing space ",
        b"-rf",
        "a\u202eb.md".encode(),
        "长".encode() * 84 + b".md",
    ],
    ids=["gbk", "not utf-8", "newline", "escape", "space", "dash", "right-to-left", "255 bytes"],
)
def test_any_name_is_found_by_event_and_by_scan(inbox: Path, detector: Detector, name: bytes) -> None:
    """Archives from Windows hold names in GBK, and names are nobody's promise: reliability row F7."""
    path = os.path.join(path_of(inbox), name)
    with open(path, "w") as file:
        file.write("text")
    detector.hint(path, True)
    by_event = [found.path for found in detector.ready(1)]
    scan(detector)
    by_scan = [found.path for found in detector.ready(1)]

    assert (by_event, by_scan) == ([path], [path])


def test_pipe_is_given_without_waiting_for_its_writer(inbox: Path, detector: Detector, clock: Clock) -> None:
    """So that it ends as a failed file with a reason: reliability row F3."""
    os.mkfifo(inbox / "news.md")
    date(inbox / "news.md", clock)
    scan(detector)
    at_first = given(detector)
    clock.advance(OLD)

    assert (at_first, given(detector)) == ([], ["news.md"])


def test_folder_behind_a_link_is_not_walked(inbox: Path, detector: Detector) -> None:
    """A link may lead out of the folder, or back into it: only the link itself is a file here."""
    (inbox.parent / "secret").mkdir()
    (inbox.parent / "secret" / "key.md").write_text("text")
    (inbox / "link").symlink_to(inbox.parent / "secret")
    (inbox / "loop").symlink_to(inbox)
    scan(detector)
    by_scan = given(detector)
    detector.hint(path_of(inbox / "link"), False)

    assert (by_scan, given(detector)) == (["link", "loop"], ["link"])


def test_sub_folders_are_left_alone_where_the_owner_says_so(inbox: Path, clock: Clock) -> None:
    (inbox / "below").mkdir()
    (inbox / "below" / "news.md").write_text("text")
    (inbox / "top.md").write_text("text")
    with detecting(Folder(str(inbox), recursive=False), clock=clock) as detector:
        scan(detector)
        detector.hint(path_of(inbox / "below"), False)

        assert given(detector) == ["top.md"]


def test_file_belongs_to_the_innermost_folder(inbox: Path, clock: Clock) -> None:
    """A folder may lie in another one whose sub-folders are left alone."""
    (inbox / "inner").mkdir()
    path = inbox / "inner" / "news.md"
    path.write_text("text")
    outer = Folder(str(inbox), recursive=False, source="outer")
    inner = Folder(str(inbox / "inner"), source="inner")
    with detecting(outer, inner, clock=clock) as detector:
        detector.hint(path_of(path), True)
        by_event = detector.ready(1)
        scan(detector)
        by_scan = detector.ready(1)

    assert [found.folder for found in by_event + by_scan] == [inner, inner]


def test_hint_from_outside_the_folders_is_nothing(inbox: Path, detector: Detector) -> None:
    (inbox.parent / "inbox2").mkdir()
    (inbox.parent / "inbox2" / "news.md").write_text("text")
    detector.hint(path_of(inbox.parent / "inbox2" / "news.md"), True)

    assert given(detector) == []


def test_folder_that_vanishes_during_a_walk_is_passed_over(inbox: Path) -> None:
    for name in ("one", "two"):
        (inbox / name).mkdir()
        (inbox / name / "news.md").write_text("text")
    walked = walk(path_of(inbox), Folder(str(inbox)))
    first = next(walked)
    for name in ("one", "two"):
        shutil.rmtree(inbox / name)

    assert list(walked) == []
    assert candidate_at(first.path, first.folder) is None


# Which names are news


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (".hidden.md", "a hidden file"),
        ("._news.md", "a hidden file"),
        ("news.md.tmp", "a temporary name (*.tmp)"),
        ("news.md.part", "a temporary name (*.part)"),
        ("news.crdownload", "a temporary name (*.crdownload)"),
        ("~$news.md", "a temporary name (~$*)"),
        ("news.md~", "a temporary name (*~)"),
        ("Thumbs.db", "a temporary name (Thumbs.db)"),
        ("draft-1.md", "ignored by the configuration (draft-*)"),
        ("news.txt", "not included by the configuration"),
        ("news.MD", "not included by the configuration"),
        ("news.md", None),
    ],
)
def test_name_decides_whether_a_file_is_read(inbox: Path, clock: Clock, name: str, reason: str | None) -> None:
    (inbox / name).write_text("text")
    with detecting(Folder(str(inbox), include=("*.md", "*.tmp"), ignore=("draft-*",)), clock=clock) as detector:
        scan(detector)

        assert [found.ignored for found in detector.ready(1)] == [reason]


@pytest.mark.parametrize("name", ["news.md.part", ".news.md.Xy12"])
def test_temporary_file_makes_no_work_while_it_is_written(inbox: Path, detector: Detector, name: str) -> None:
    """It will be renamed or removed in a moment, and need not leave a row behind."""
    (inbox / name).write_text("text")
    detector.hint(path_of(inbox / name), True)

    assert given(detector) == []
    assert detector.waiting == 0


@pytest.mark.parametrize("name", [".git", ".stversions", "@eaDir", "__MACOSX", "node_modules", "$RECYCLE.BIN"])
def test_folder_of_another_program_is_not_walked(inbox: Path, detector: Detector, name: str) -> None:
    (inbox / "sub" / name / "deep").mkdir(parents=True)
    (inbox / "sub" / name / "deep" / "news.md").write_text("text")
    scan(detector)
    by_scan = given(detector)
    for path in (f"sub/{name}", f"sub/{name}/deep", f"sub/{name}/deep/news.md"):
        detector.hint(path_of(inbox / path), True)

    assert (by_scan, given(detector)) == ([], [])


def test_folder_may_itself_lie_in_a_hidden_one(tmp_path: Path, clock: Clock) -> None:
    """Whoever configures ~/.local/news means it."""
    inbox = tmp_path / ".local" / "news"
    inbox.mkdir(parents=True)
    (inbox / "news.md").write_text("text")
    with detecting(Folder(str(inbox)), clock=clock) as detector:
        detector.hint(path_of(inbox / "news.md"), True)
        by_event = given(detector)
        scan(detector)

        assert (by_event, given(detector)) == (["news.md"], ["news.md"])


# How much at once


def test_ready_gives_no_more_than_asked_for_and_keeps_the_rest(inbox: Path, detector: Detector) -> None:
    for number in range(5):
        (inbox / f"{number}.md").write_text("text")
    scan(detector)

    assert [given(detector, limit=2) for _ in range(4)] == [["0.md", "1.md"], ["2.md", "3.md"], ["4.md"], []]


def test_live_file_comes_before_the_backlog(inbox: Path, detector: Detector) -> None:
    for number in range(5):
        (inbox / f"{number}.md").write_text("text")
    scan(detector)
    detector.hint(path_of(inbox / "3.md"), True)

    assert given(detector, limit=1) == ["3.md"]


def test_file_in_the_hands_of_the_pipeline_is_not_given_twice(inbox: Path, detector: Detector, known: Known) -> None:
    path = inbox / "news.md"
    path.write_text("text")
    detector.hint(path_of(path), True)
    first = detector.ready(1)
    detector.hint(path_of(path), True)
    while_busy = given(detector, busy={path_of(path)})
    known.take(first)

    assert (while_busy, given(detector)) == ([], [])


def test_file_that_changed_in_the_hands_of_the_pipeline_is_given_afterwards(
    inbox: Path, detector: Detector, known: Known
) -> None:
    path = inbox / "news.md"
    path.write_text("text")
    detector.hint(path_of(path), True)
    first = detector.ready(1)
    path.write_text("more text")
    detector.hint(path_of(path), True)
    while_busy = given(detector, busy={path_of(path)})
    known.take(first)

    assert (while_busy, given(detector)) == ([], ["news.md"])


def test_files_that_wait_do_not_keep_back_those_that_are_ready(inbox: Path, detector: Detector, clock: Clock) -> None:
    for number in range(20):
        write(inbox / f"{number:02}.md", "---\nopen", clock)
    (inbox / "ready.md").write_text("text")
    scan(detector)

    assert [name for _ in range(21) for name in given(detector, limit=1)] == ["ready.md"]


def test_too_many_hints_ask_for_a_scan(inbox: Path, detector: Detector) -> None:
    """Memory is bounded, files are not lost: reliability row W13."""
    (inbox / "news.md").write_text("text")
    for number in range(10_000):
        detector.hint(path_of(inbox / f"{number}.md"), False)
    before = detector.rescan_needed
    detector.hint(path_of(inbox / "news.md"), True)
    after = detector.rescan_needed
    while detector.waiting:
        detector.ready(100)
    scan(detector)

    assert (before, after, detector.rescan_needed) == (False, True, False)
    assert given(detector) == ["news.md"]


def test_long_scan_lets_other_work_through(inbox: Path, detector: Detector) -> None:
    for number in range(1_100):
        (inbox / f"{number}.md").touch()

    assert list(detector.scan()) == [500, 1_000, 1_100]


def test_every_hint_wakes_the_loop(inbox: Path, clock: Clock) -> None:
    wakes: list[None] = []
    with detecting(Folder(str(inbox)), clock=clock, wake=lambda: wakes.append(None)) as detector:
        detector.hint(path_of(inbox / "news.md"), True)
        detector.hint(path_of(inbox / "news.md"), True)

    assert len(wakes) == 2


# Watching for real


@contextmanager
def watching(folder: Path, *, recursive: bool = True) -> Iterator[tuple[Watch, dict[bytes, bool]]]:
    """A watch, and path → closed of the hints it gave."""
    hints: dict[bytes, bool] = {}

    def hint(path: bytes, closed: bool) -> None:
        hints[path] = closed or hints.get(path, False)

    watch = Watch(str(folder), recursive=recursive, hint=hint)
    try:
        yield watch, hints
    finally:
        watch.stop()


def test_written_file_is_hinted_at_as_closed(inbox: Path) -> None:
    with watching(inbox) as (_, hints):
        (inbox / "news.md").write_text("text")

        assert eventually(lambda: hints.get(path_of(inbox / "news.md")) is True)


def test_open_file_is_hinted_at_as_not_closed(inbox: Path) -> None:
    with watching(inbox) as (_, hints), (inbox / "news.md").open("w"):
        (inbox / "later.md").write_text("text")
        eventually(lambda: path_of(inbox / "later.md") in hints)

        assert hints.get(path_of(inbox / "news.md")) is False


def test_renamed_file_is_hinted_at_by_its_new_name(inbox: Path) -> None:
    (inbox / "news.md.part").write_text("text")
    with watching(inbox) as (_, hints):
        (inbox / "news.md.part").rename(inbox / "news.md")

        assert eventually(lambda: hints == {path_of(inbox / "news.md"): True})


def test_file_moved_in_is_hinted_at(inbox: Path) -> None:
    (inbox.parent / "news.md").write_text("text")
    with watching(inbox) as (_, hints):
        (inbox.parent / "news.md").rename(inbox / "news.md")

        assert eventually(lambda: path_of(inbox / "news.md") in hints)


def test_file_with_a_name_that_is_not_utf8_is_hinted_at(inbox: Path) -> None:
    path = os.path.join(path_of(inbox), "新闻.md".encode("gbk"))
    with watching(inbox) as (_, hints):
        with open(path, "w") as file:
            file.write("text")

        assert eventually(lambda: hints.get(path) is True)


def test_file_written_later_into_a_new_folder_is_hinted_at(inbox: Path) -> None:
    with watching(inbox) as (_, hints):
        (inbox / "new").mkdir()
        eventually(lambda: path_of(inbox / "new") in hints)
        (inbox / "new" / "news.md").write_text("text")

        assert eventually(lambda: path_of(inbox / "new" / "news.md") in hints)


def test_folder_moved_in_arrives_whole(inbox: Path, clock: Clock) -> None:
    woken = threading.Event()
    elsewhere = inbox.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "news.md").write_text("text")
    with detecting(Folder(str(inbox)), clock=clock, wake=woken.set) as detector:
        detector.watch()
        elsewhere.rename(inbox / "moved")
        woken.wait(10)

        assert eventually(lambda: given(detector) == ["news.md"])


def test_file_in_a_folder_made_in_the_same_breath_arrives(inbox: Path, clock: Clock) -> None:
    with detecting(Folder(str(inbox)), clock=clock) as detector:
        detector.watch()
        (inbox / "a" / "b").mkdir(parents=True)
        (inbox / "a" / "b" / "news.md").write_text("text")

        assert eventually(lambda: given(detector) == ["news.md"])


def test_files_below_are_not_hinted_at_where_sub_folders_are_left_alone(inbox: Path) -> None:
    (inbox / "below").mkdir()
    with watching(inbox, recursive=False) as (_, hints):
        (inbox / "below" / "news.md").write_text("text")
        (inbox / "top.md").write_text("text")
        eventually(lambda: path_of(inbox / "top.md") in hints)

        assert set(hints) == {path_of(inbox / "top.md")}


def test_watch_is_trustworthy_while_its_folder_stays(inbox: Path) -> None:
    with watching(inbox) as (watch, _):
        assert watch.is_trustworthy()


def test_watch_on_a_deleted_folder_is_not_trustworthy(inbox: Path) -> None:
    with watching(inbox) as (watch, _):
        inbox.rmdir()

        assert not watch.is_trustworthy()


def test_watch_on_a_folder_deleted_and_made_again_is_not_trustworthy(inbox: Path) -> None:
    """It may even get the same inode number: reliability rows W7 and W16."""
    with watching(inbox) as (watch, _):
        inbox.rmdir()
        inbox.mkdir()

        assert eventually(lambda: not watch.is_trustworthy())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_watch_whose_thread_died_is_not_trustworthy(inbox: Path) -> None:
    """`Observer.is_alive` and its kind say nothing of it: reliability rows W1 and W4."""

    def hint(path: bytes, closed: bool) -> None:
        raise RuntimeError("kills the thread that dispatches events")

    watch = Watch(str(inbox), recursive=True, hint=hint)
    before = watch.is_trustworthy()
    (inbox / "news.md").write_text("text")

    try:
        assert before
        assert eventually(lambda: not watch.is_trustworthy())
    finally:
        watch.stop()


@pytest.mark.skipif(int(version("watchdog").split(".")[0]) < 7, reason="watchdog 6 tells nobody; the scan finds them")
def test_watch_that_lost_events_is_not_trustworthy(inbox: Path) -> None:
    """A process that is stopped for a moment during a burst loses most of it: reliability row W2."""
    script = (
        "import sys; from watcher.detect.watch import Watch\n"
        "watch = Watch(sys.argv[1], recursive=True, hint=lambda *_: None)\n"
        "print(watch.is_trustworthy(), flush=True)\n"
        "for line in sys.stdin: print(watch.is_trustworthy(), flush=True)\n"
    )
    longest_queue = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    command = [sys.executable, "-c", script, str(inbox)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as watcher:
        stdin, stdout = watcher.stdin, watcher.stdout
        assert stdin
        assert stdout

        def answer() -> str:
            stdin.write("?\n")
            return stdout.readline()

        before = stdout.readline()
        watcher.send_signal(signal.SIGSTOP)
        stopped = eventually(lambda: ") T " in Path(f"/proc/{watcher.pid}/stat").read_text())
        for number in range(longest_queue):  # Each is two events.
            (inbox / f"{number}.md").touch()
        watcher.send_signal(signal.SIGCONT)

        assert (before, stopped) == ("True\n", True)
        assert eventually(lambda: answer() == "False\n")


def test_replaced_folder_is_watched_anew_and_scanned(inbox: Path, clock: Clock) -> None:
    """As when a disk is mounted over it: events of the old one would carry names that are not there (row W7)."""
    folder = Folder(str(inbox))
    with detecting(folder, clock=clock) as detector:
        detector.watch()
        scan(detector)
        inbox.rename(inbox.parent / "old")
        inbox.mkdir()
        changes = detector.watch()
        needs_scan = detector.rescan_needed
        (inbox / "news.md").write_text("text")

        assert (changes, needs_scan) == ([(folder, None)], True)
        assert eventually(lambda: given(detector) == ["news.md"])


def test_missing_folder_is_trouble_until_it_appears(inbox: Path, clock: Clock) -> None:
    folder = Folder(str(inbox))
    inbox.rmdir()
    with detecting(folder, clock=clock) as detector:
        while_missing = [detector.watch(), detector.watch()]
        inbox.mkdir()
        (inbox / "before.md").write_text("text")
        on_appearance = detector.watch()
        (inbox / "after.md").write_text("text")
        arrived = eventually(lambda: given(detector) == ["after.md"])
        needs_scan = detector.rescan_needed
        scan(detector)

        assert while_missing == [[(folder, "No such file or directory")]] * 2
        assert (on_appearance, arrived, needs_scan) == ([(folder, None)], True, True)
        assert "before.md" in given(detector)


def test_watched_folder_makes_no_further_change(inbox: Path, clock: Clock) -> None:
    folder = Folder(str(inbox))
    with detecting(folder, clock=clock) as detector:
        assert [detector.watch(), detector.watch()] == [[(folder, None)], []]


def test_one_missing_folder_does_not_stop_the_others(inbox: Path, clock: Clock) -> None:
    missing, there = Folder(str(inbox.parent / "missing")), Folder(str(inbox))
    with detecting(missing, there, clock=clock) as detector:
        changes = dict(detector.watch())
        (inbox / "news.md").write_text("text")

        assert changes == {missing: "No such file or directory", there: None}
        assert eventually(lambda: given(detector) == ["news.md"])


def test_stopping_twice_is_safe_and_leaves_no_thread(inbox: Path, clock: Clock) -> None:
    before = set(threading.enumerate())
    with detecting(Folder(str(inbox)), clock=clock) as detector:
        detector.watch()
        detector.stop()
        detector.stop()

    assert eventually(lambda: set(threading.enumerate()) <= before)

"""A look at very many files lets other work through and takes no memory with it: reliability row W19."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clock
from watcher.detect import Candidate, Detector, walk
from watcher.model import Folder, Stamp

FLAT, DEEP = 12_000, 8_000


class Known:
    """A ledger that knows every file as it is."""

    def __init__(self) -> None:
        self.stamps: dict[bytes, Stamp] = {}
        self.asked: list[int] = []

    def unknown(self, candidates: Sequence[Candidate]) -> set[bytes]:
        self.asked.append(len(candidates))
        return {one.path for one in candidates if self.stamps.get(one.path) != one.stamp}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20,000 files: 12,000 in one folder, the others 200 to a folder."""
    top = tmp_path_factory.mktemp("many")
    (top / "flat").mkdir()
    for number in range(FLAT):
        os.mknod(top / "flat" / f"{number}.md")
    for number in range(DEEP):
        folder = top / "deep" / f"{number // 2000}" / f"{number // 200}"
        if number % 200 == 0:
            folder.mkdir(parents=True)
        os.mknod(folder / f"{number}.md")
    return top


@pytest.fixture
def known(many: Path) -> Known:
    known = Known()
    known.stamps = {one.path: one.stamp for one in walk(os.fsencode(many), Folder(str(many)))}
    return known


def detecting(top: Path, known: Known, clock: Clock) -> Detector:
    return Detector([Folder(str(top))], unknown=known.unknown, settle_seconds=2, monotonic=clock, now=clock.now)


def test_known_files_are_looked_at_in_slices_and_none_is_kept(many: Path, known: Known, clock: Clock) -> None:
    detector = detecting(many, known, clock)

    looked_at = list(detector.scan())

    assert looked_at == [*range(500, FLAT + DEEP + 1, 500), FLAT + DEEP]
    assert max(known.asked) == 500
    assert detector.waiting == 0


def test_event_is_answered_between_two_slices(many: Path, known: Known, clock: Clock) -> None:
    """A file that is written while the scan goes on does not wait for its end."""
    detector = detecting(many, known, clock)
    scan = detector.scan()
    next(scan)
    late = many / "deep" / "late.md"
    late.write_text("text")
    try:
        clock.seconds = late.stat().st_mtime + 60
        detector.hint(os.fsencode(late), True)
        found = detector.ready(10)
        after = sum(1 for _ in scan)
    finally:
        late.unlink()

    assert [one.path for one in found] == [os.fsencode(late)]
    assert after > 30


class _Ticking(Clock):
    """Every look at it takes ten milliseconds."""

    def __call__(self) -> float:
        self.seconds += 0.01
        return self.seconds


def test_slice_ends_when_its_time_is_up(many: Path, known: Known) -> None:
    """On a slow share 500 files take seconds."""
    detector = detecting(many, known, _Ticking())

    slices = list(detector.scan())

    assert slices[-1] == FLAT + DEEP
    assert max(known.asked) <= 10


def test_folders_without_files_end_a_slice_too(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / str(number)).mkdir()

    assert len(list(detecting(tmp_path, Known(), _Ticking()).scan())) > 10


@contextmanager
def counted_listing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many entries of folders were listed."""
    listed = [0]
    scandir = os.scandir

    class Counting:
        def __init__(self, path: bytes) -> None:
            self._entries = scandir(path)

        def __enter__(self) -> Iterator[Any]:
            return self._count()

        def __exit__(self, *_: object) -> None:
            self._entries.close()

        def _count(self) -> Iterator[Any]:
            for entry in self._entries:
                listed[0] += 1
                yield entry

    with monkeypatch.context() as patch:
        patch.setattr("watcher.detect.os.scandir", Counting)
        yield listed


def test_large_folder_is_not_listed_whole_before_its_first_file(
    many: Path, known: Known, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million names in memory at once would be 300 MB, and seconds without an event."""
    with counted_listing(monkeypatch) as listed:
        scan = detecting(many / "flat", known, clock).scan()
        next(scan)
        at_first = listed[0]
        scan.close()

    assert at_first == 10_000


def test_scan_that_is_given_up_leaves_no_folder_open(many: Path, known: Known, clock: Clock) -> None:
    before = len(os.listdir("/proc/self/fd"))
    scan = detecting(many, known, clock).scan()
    next(scan)
    scan.close()

    assert len(os.listdir("/proc/self/fd")) == before


def test_folders_are_followed_to_a_depth_of_32(tmp_path: Path, clock: Clock) -> None:
    """A tree without end, as a loop of bind mounts makes one, ends there."""
    folder = tmp_path
    for number in range(40):
        (folder / f"{number}.md").touch()
        folder = folder / "d"
        folder.mkdir()

    names = {os.path.basename(one.path) for one in walk(os.fsencode(tmp_path), Folder(str(tmp_path)))}

    assert names == {b"%d.md" % number for number in range(33)}


def test_huge_folder_that_is_moved_in_does_not_hold_up_the_loop(many: Path, clock: Clock) -> None:
    """Its first files are taken at once, the others with the scan that it asks for."""
    clock.seconds = 0.0  # Before any of them was made: none is ready yet.
    detector = detecting(many, Known(), clock)
    detector.hint(os.fsencode(many / "flat"), False)

    detector.ready(1)
    waiting, rescan = detector.waiting, detector.rescan_needed
    list(detector.scan())

    assert (waiting, rescan) == (500, True)
    assert detector.waiting == FLAT + DEEP

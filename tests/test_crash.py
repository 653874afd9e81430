from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import crash
from tests.build import found, post
from watcher.model import FoundFile, Knowledge
from watcher.pipeline import MOST_ATTEMPTS, Pipeline, understand
from watcher.store import Store
from watcher.workers import Workers


@pytest.mark.timeout(300)
def test_killed_thirty_times_it_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    result = crash.run(tmp_path, kills=30, files=300, seed=7)

    assert result.problems == []
    assert result.states["duplicate"] >= 20


@pytest.fixture
def workers() -> Iterator[Workers]:
    started = Workers(understand, count=1, deadline_seconds=10)
    yield started
    started.stop()


def pipeline_after_a_kill(store: Store, workers: Workers, in_hand: list[FoundFile]) -> Pipeline:
    """What a start finds after these files were being parsed when the process was killed."""
    store.begin([(one, hashlib.sha256(Path(os.fsdecode(one.path)).read_bytes()).hexdigest()) for one in in_hand])
    return Pipeline(store, workers, max_bytes=1000, channels=())


def test_files_that_were_in_hand_together_are_not_blamed_however_often_it_is_killed(
    store: Store, workers: Workers, tmp_path: Path
) -> None:
    """Two hundred kills of a busy daemon called 147 innocent files guilty of taking their parser down."""
    files = []
    for number in range(3):
        path = tmp_path / f"{number}.md"
        path.write_text(post(f"第{number}号", f"第{number}号公告"), encoding="utf-8")
        files.append(found(path))
    for _ in range(5):
        pipeline_after_a_kill(store, workers, files)

    pipeline = pipeline_after_a_kill(store, workers, files)
    pipeline.take(files, Knowledge())
    outcomes = pipeline.finish_all()

    assert [outcome.state for outcome in outcomes] == ["stored"] * 3


def test_file_that_was_alone_in_hand_three_times_is_set_aside(store: Store, workers: Workers, tmp_path: Path) -> None:
    path = tmp_path / "poison.md"
    path.write_text(post("毒", "毒"), encoding="utf-8")
    for _ in range(MOST_ATTEMPTS - 1):
        pipeline_after_a_kill(store, workers, [found(path)])

    pipeline = pipeline_after_a_kill(store, workers, [found(path)])
    pipeline.take([found(path)], Knowledge())
    outcomes = pipeline.finish_all()

    assert [(outcome.state, outcome.reason) for outcome in outcomes] == [("failed", "took its parser down 3 times")]

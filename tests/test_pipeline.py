from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.build import NOW, found, knowledge, page, post
from tests.conftest import Clock
from watcher import pipeline
from watcher.model import FoundFile, Knowledge, Outcome, Page, Reading, Rule
from watcher.pipeline import MOST_ATTEMPTS, MOST_UNREADY, Pipeline
from watcher.store import Store
from watcher.workers import Workers

Rows = Callable[[str], list[Any]]

BODY = "雄帝科技今日公告，公司中标某市电子证照项目，合同金额一亿二千万元，工期十八个月。"
NEWS = post("雄帝科技中标", BODY)


def understand(page: Page, knowledge: Knowledge) -> tuple[Reading, ...]:
    """The real one, but for pages that say what they do to their parser."""
    if "takes its parser down" in page.text:
        os._exit(3)
    while "hangs" in page.text:
        pass
    readings = pipeline.understand(page, knowledge)
    if "cannot be stored" in page.text:
        return tuple(replace(one, article=replace(one.article, author="\ud83d")) for one in readings)
    return readings


@pytest.fixture
def some_knowledge() -> Knowledge:
    return knowledge(Rule("stock", stocks=("300546.SZ",)))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@contextmanager
def working(store: Store, clock: Clock, *, max_age: timedelta | None = None) -> Iterator[Pipeline]:
    """A pipeline whose deadlines and commits wait for the clock."""
    workers = Workers(understand, count=1, deadline_seconds=10, monotonic=clock)
    try:
        yield Pipeline(
            store, workers, max_bytes=1000, channels=("screen",), max_age=max_age, now=clock.now, monotonic=clock
        )
    finally:
        workers.stop()


@pytest.fixture
def line(store: Store, clock: Clock) -> Iterator[Pipeline]:
    with working(store, clock) as line:
        yield line


@contextmanager
def without_rights() -> Iterator[None]:
    """As root may read everything, be somebody else for a moment."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def write(folder: Path, name: str, text: str = NEWS) -> FoundFile:
    path = folder / name
    path.write_text(text)
    return found(path)


@pytest.fixture
def rows(store: Store, tmp_path: Path) -> Rows:
    """What another SQLite client sees."""

    def read(sql: str) -> list[Any]:
        with closing(sqlite3.connect(f"file:{tmp_path}/store/news.db?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    return read


def told(outcomes: list[Outcome]) -> dict[str, tuple[str, str | None]]:
    return {os.fsdecode(os.path.basename(one.path)): (one.state, one.reason) for one in outcomes}


# The pure middle


def test_page_is_understood_without_anything_but_itself_and_knowledge(some_knowledge: Knowledge) -> None:
    [reading] = pipeline.understand(page(NEWS), some_knowledge)

    assert reading.article.title == "雄帝科技中标"
    assert [mention.symbol for mention in reading.mentions] == ["300546.SZ"]
    assert [match.rule for match in reading.matches] == ["stock"]
    assert list(pipeline.understand(page(NEWS), some_knowledge)) == [reading]


# What becomes of files


def test_file_becomes_an_article_and_an_alert(
    line: Pipeline, rows: Rows, inbox: Path, some_knowledge: Knowledge
) -> None:
    one = write(inbox, "a.md")
    line.take([one], some_knowledge)

    assert line.finish_all() == [
        Outcome(
            path=one.path,
            state="stored",
            titles=("雄帝科技中标",),
            publisher="东财滚动新闻",
            symbols=("300546.SZ",),
            alert_count=1,
        )
    ]
    assert rows("select state, attempts from files") == [("stored", 1)]
    assert rows("select channel, state from deliveries") == [("screen", "owed")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "a PDF document, not text"),
        (b"x" * 1001, "too large: 1,001 bytes, the limit is 1,000 (max_bytes)"),
        (b"---\ntitle: a\n---\n<script>" + b"x" * 300, "no text: nothing is left once markup and boilerplate are gone"),
    ],
)
def test_file_that_holds_no_news_is_failed_with_its_reason(
    line: Pipeline, rows: Rows, inbox: Path, content: bytes, reason: str
) -> None:
    (inbox / "a.md").write_bytes(content)
    line.take([found(inbox / "a.md")], Knowledge())

    assert told(line.finish_all()) == {"a.md": ("failed", reason)}
    assert rows("select state, reason from files") == [("failed", reason)]


def test_pipe_is_failed_without_waiting_for_its_writer(line: Pipeline, inbox: Path) -> None:
    os.mkfifo(inbox / "a.md")
    line.take([found(inbox / "a.md")], Knowledge())

    assert told(line.finish_all()) == {"a.md": ("failed", "a named pipe, not a regular file")}


def test_ignored_file_is_recorded_and_not_read(line: Pipeline, rows: Rows, inbox: Path) -> None:
    one = replace(write(inbox, ".hidden.md"), ignored="a hidden file")
    line.take([one], Knowledge())

    assert told(line.finish_all()) == {".hidden.md": ("ignored", "a hidden file")}
    assert rows("select state, reason, sha256 from files") == [("ignored", "a hidden file", None)]


def test_file_that_vanished_leaves_no_row(line: Pipeline, rows: Rows, inbox: Path) -> None:
    """Reliability row F11."""
    one = write(inbox, "a.md")
    (inbox / "a.md").unlink()
    line.take([one], Knowledge())

    assert line.finish_all() == []
    assert rows("select * from files") == []


def test_file_that_cannot_be_read_yet_waits_and_is_stored_once_it_can(
    line: Pipeline, rows: Rows, inbox: Path, some_knowledge: Knowledge
) -> None:
    one = write(inbox, "a.md")
    (inbox / "a.md").chmod(0)
    with without_rights():
        line.take([one], some_knowledge)
    first = told(line.finish_all())
    (inbox / "a.md").chmod(0o600)
    line.take([one], some_knowledge)

    assert first == {"a.md": ("waiting", "cannot be opened: Permission denied")}
    assert told(line.finish_all()) == {"a.md": ("stored", None)}
    assert rows("select state, reason, attempts from files") == [("stored", None, 1)]


def test_file_that_can_never_be_read_is_set_aside_for_a_person(line: Pipeline, rows: Rows, inbox: Path) -> None:
    one = write(inbox, "a.md")
    (inbox / "a.md").chmod(0)
    states = []
    for _ in range(MOST_UNREADY + 1):
        with without_rights():
            line.take([one], Knowledge())
        states += [outcome.state for outcome in line.finish_all()]

    assert states == ["waiting"] * MOST_UNREADY + ["failed"]
    assert rows("select state, reason from files") == [("failed", "cannot be opened: Permission denied")]


def test_file_that_takes_its_parser_down_is_tried_three_times(line: Pipeline, rows: Rows, inbox: Path) -> None:
    """Reliability row P5."""
    one = write(inbox, "a.md", "takes its parser down")
    endings = []
    for _ in range(MOST_ATTEMPTS + 1):
        line.take([one], Knowledge())
        endings += [(outcome.state, outcome.reason) for outcome in line.finish_all()]

    assert endings == [("waiting", "its parser died")] * 2 + [("failed", "its parser died, 3 times")]
    assert rows("select state, attempts from files") == [("failed", 3)]


def test_file_that_took_its_parser_down_is_tried_again_once_it_has_changed(
    line: Pipeline, inbox: Path, some_knowledge: Knowledge
) -> None:
    poison = write(inbox, "a.md", "takes its parser down")
    for _ in range(MOST_ATTEMPTS):
        line.take([poison], some_knowledge)
        line.finish_all()
    line.take([write(inbox, "a.md")], some_knowledge)

    assert told(line.finish_all()) == {"a.md": ("stored", None)}


def test_file_that_took_its_parser_down_is_tried_again_when_a_person_says_so(
    line: Pipeline, store: Store, inbox: Path
) -> None:
    poison = write(inbox, "a.md", "takes its parser down")
    for _ in range(MOST_ATTEMPTS):
        line.take([poison], Knowledge())
        line.finish_all()
    store.ledger.retry(poison.path)
    line.take([poison], Knowledge())

    assert told(line.finish_all()) == {"a.md": ("waiting", "its parser died")}


def begin(store: Store, *files: FoundFile) -> None:
    """Count an attempt at each of these, as a program does that is killed while it parses them."""
    store.begin([(one, hashlib.sha256(Path(os.fsdecode(one.path)).read_bytes()).hexdigest()) for one in files])


def test_file_that_takes_the_whole_program_down_is_tried_three_times(
    store: Store, clock: Clock, inbox: Path, some_knowledge: Knowledge
) -> None:
    one = write(inbox, "a.md")
    for _ in range(MOST_ATTEMPTS):
        begin(store, one)
    with working(store, clock) as line:
        line.take([one], some_knowledge)

        assert told(line.finish_all()) == {"a.md": ("failed", "took its parser down 3 times")}


def test_files_in_hand_when_the_program_is_killed_are_not_blamed_for_it(
    store: Store, clock: Clock, inbox: Path, some_knowledge: Knowledge
) -> None:
    """It may be killed for other reasons, again and again, and in a backlog the same files come first each time."""
    files = [write(inbox, f"{number}.md", post(f"第{number}条", BODY)) for number in range(3)]
    for _ in range(MOST_ATTEMPTS + 1):
        begin(store, *files)
        with working(store, clock) as line:
            pass
    with working(store, clock) as line:
        line.take(files, some_knowledge)

        assert told(line.finish_all()) == {f"{number}.md": ("stored", None) for number in range(3)}


def test_files_in_hand_when_the_program_was_killed_are_parsed_one_at_a_time(
    store: Store, clock: Clock, inbox: Path, some_knowledge: Knowledge
) -> None:
    """Which of them was to blame, if any was, shows in what is in hand when it is killed again."""
    first, second, other = (write(inbox, f"{name}.md", post(name, BODY)) for name in ("first", "second", "other"))
    begin(store, first, second)
    with working(store, clock) as line:
        line.take([first, second, other], some_knowledge)
        still_in_hand = line.busy

        assert still_in_hand == {other.path}
        assert sorted(told(line.finish_all())) == ["first.md", "other.md", "second.md"]


def test_one_bad_file_does_not_stop_the_others(line: Pipeline, inbox: Path, some_knowledge: Knowledge) -> None:
    files = [
        write(inbox, "1.md", post("一", BODY)),
        write(inbox, "2.md", "takes its parser down"),
        write(inbox, "3.md", ""),
        write(inbox, "4.md", post("四", BODY)),
    ]
    line.take(files, some_knowledge)

    assert told(line.finish_all()) == {
        "1.md": ("stored", None),
        "2.md": ("waiting", "its parser died"),
        "3.md": ("failed", "empty"),
        "4.md": ("stored", None),
    }


def test_file_that_cannot_be_stored_does_not_keep_the_others_of_its_batch_back(
    line: Pipeline, rows: Rows, inbox: Path, some_knowledge: Knowledge
) -> None:
    files = [
        write(inbox, "1.md", post("一", BODY)),
        write(inbox, "2.md", post("二", "cannot be stored")),
        write(inbox, "3.md", post("三", BODY)),
    ]
    line.take(files, some_knowledge)
    outcomes = told(line.finish_all())

    assert {name: state for name, (state, _) in outcomes.items()} == {
        "1.md": "stored",
        "2.md": "failed",
        "3.md": "stored",
    }
    assert str(outcomes["2.md"][1]).startswith("cannot be stored: 'utf-8' codec can't encode character")
    assert rows("select title from articles order by id") == [("一",), ("三",)]
    assert rows("select state from files order by id") == [("stored",), ("failed",), ("stored",)]


def test_what_cannot_be_written_now_stays_in_hand(
    line: Pipeline, store: Store, rows: Rows, inbox: Path, some_knowledge: Knowledge
) -> None:
    """A full disk is no fault of the files: reliability row D6."""
    line.take([write(inbox, f"{number}.md", post(f"第{number}条", BODY)) for number in range(40)], some_knowledge)
    [(pages,)] = store._db.execute("pragma page_count")
    store._db.execute(f"pragma max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        line.finish_all()
    in_hand, states = line.in_hand, rows("select distinct state from files")
    store._db.execute("pragma max_page_count = 1000000")

    assert (in_hand, states) == (40, [("waiting",)])
    assert {outcome.state for outcome in line.finish_all()} == {"stored"}


def test_same_bytes_are_not_parsed_again(line: Pipeline, rows: Rows, inbox: Path, some_knowledge: Knowledge) -> None:
    line.take([write(inbox, "a.md")], some_knowledge)
    line.finish_all()
    line.take([write(inbox, "b.md")], some_knowledge)
    in_hand = line.in_hand, line.seconds_until_commit()
    outcome = told(line.finish())

    assert in_hand == (1, None)
    assert outcome == {"b.md": ("duplicate", "the same bytes as a file that is stored")}
    assert rows("select count(*) from sightings") == [(2,)]


def test_same_bytes_at_the_same_time_are_one_article(
    line: Pipeline, rows: Rows, inbox: Path, some_knowledge: Knowledge
) -> None:
    line.take([write(inbox, name) for name in ("a.md", "b.md", "c.md")], some_knowledge)
    states = sorted(outcome.state for outcome in line.finish_all())

    assert states == ["duplicate", "duplicate", "stored"]
    assert rows("select count(*) from articles") == [(1,)]
    assert rows("select count(*) from alerts") == [(1,)]


def test_touched_file_makes_no_work(line: Pipeline, store: Store, inbox: Path, some_knowledge: Knowledge) -> None:
    line.take([write(inbox, "a.md")], some_knowledge)
    line.finish_all()
    os.utime(inbox / "a.md", (1, 1))
    touched = found(inbox / "a.md")
    line.take([touched], some_knowledge)

    assert line.in_hand == 0
    assert store.ledger.entries([touched.path])[touched.path].stamp == touched.stamp


# What holds alerts back


def test_hold_passes_through_to_the_alert(line: Pipeline, rows: Rows, inbox: Path, some_knowledge: Knowledge) -> None:
    line.take([replace(write(inbox, "a.md"), hold="baseline")], some_knowledge)
    [outcome] = line.finish_all()

    assert (outcome.state, outcome.alert_count) == ("stored", 0)
    assert rows("select rule, held from alerts") == [("stock", "baseline")]
    assert rows("select * from deliveries") == []


def test_old_article_is_held_back_by_its_age(
    store: Store, rows: Rows, clock: Clock, inbox: Path, some_knowledge: Knowledge
) -> None:
    clock.seconds = NOW.timestamp()
    with working(store, clock, max_age=timedelta(days=1)) as line:
        line.take([write(inbox, "a.md", post("旧闻", BODY, date="2026-11-18 09:30:00 +0800"))], some_knowledge)
        line.take([write(inbox, "b.md", post("新闻", BODY, date="2026-11-20 09:30:00 +0800"))], some_knowledge)
        line.finish_all()

    assert sorted(rows("select headline, held from alerts")) == [("新闻", None), ("旧闻", "max_age")]


def test_each_file_is_judged_by_the_knowledge_it_was_taken_with(
    line: Pipeline, rows: Rows, inbox: Path, some_knowledge: Knowledge
) -> None:
    line.take([write(inbox, "a.md", post("一", BODY))], some_knowledge)
    line.take([write(inbox, "b.md", post("二", BODY))], knowledge(Rule("contract", keywords=("合同",))))
    line.finish_all()

    assert sorted(rows("select rule, headline from alerts")) == [("contract", "二"), ("stock", "一")]


# How many at once, and when


def test_files_in_hand_are_busy_until_they_are_stored(
    store: Store, clock: Clock, inbox: Path, some_knowledge: Knowledge
) -> None:
    with working(store, clock) as line:
        parsing, ignored = write(inbox, "a.md"), replace(write(inbox, "b.tmp"), ignored="a temporary name (*.tmp)")
        line.take([parsing, ignored], some_knowledge)
        busy, in_hand = line.busy, line.in_hand
        line.finish_all()

        assert (busy, in_hand) == ({parsing.path, ignored.path}, 2)
        assert (line.busy, line.in_hand) == (set(), 0)


def test_file_that_comes_alone_is_committed_at_once(line: Pipeline, inbox: Path, some_knowledge: Knowledge) -> None:
    before = line.seconds_until_commit()
    line.take([write(inbox, "a.md")], some_knowledge)
    outcomes: list[Outcome] = []
    while not outcomes:  # A worker's sign of life may come before its answer.
        outcomes = line.finish(seconds=20)

    assert (before, len(outcomes), line.seconds_until_commit()) == (None, 1, None)


def test_file_of_a_burst_waits_a_moment_for_the_others(
    store: Store, clock: Clock, inbox: Path, some_knowledge: Knowledge
) -> None:
    """A commit costs a millisecond, whatever it holds."""
    with working(store, clock) as line:
        line.take([write(inbox, "a.md"), write(inbox, "b.md", "hangs")], some_knowledge)
        while line.seconds_until_commit() is None:
            assert line.finish(seconds=1) == []
        wait = line.seconds_until_commit()
        clock.advance(wait or 0)
        outcomes = told(line.finish())

        assert wait == pytest.approx(0.05)
        assert outcomes == {"a.md": ("stored", None)}
        assert line.seconds_until_commit() is None


def test_batch_worth_a_commit_does_not_wait(store: Store, clock: Clock, inbox: Path, some_knowledge: Knowledge) -> None:
    temporary = [replace(write(inbox, f"{n}.tmp"), ignored="a temporary name (*.tmp)") for n in range(32)]
    with working(store, clock) as line:
        line.take([*temporary, write(inbox, "a.md", "hangs")], some_knowledge)

        assert len(line.finish()) == 32
        assert line.in_hand == 1


def test_any_number_of_files_runs_through(line: Pipeline, rows: Rows, inbox: Path) -> None:
    files = (write(inbox, f"{number}.md", post(f"第{number}条", BODY)) for number in range(200))
    states = [outcome.state for outcome in line.run_through(files, Knowledge())]

    assert states == ["stored"] * 200
    assert rows("select count(*) from articles") == [(200,)]


def test_file_that_hangs_is_given_up_after_its_deadline(store: Store, clock: Clock, inbox: Path) -> None:
    with working(store, clock) as line:
        line.take([write(inbox, "a.md", "hangs")], Knowledge())
        before = line.finish()
        clock.advance(11)

        assert before == []
        assert told(line.finish_all()) == {"a.md": ("waiting", "its parser took longer than 10 seconds")}

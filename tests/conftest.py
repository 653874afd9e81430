"""What every test stands on: no thread outlives its test, real folders, a clock that is told the time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.build import SECURITIES, knowledge
from tests.intake import Inbox, Tables
from tests.running import Home
from watcher.link import Securities
from watcher.model import Knowledge, Rule
from watcher.store import Store

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SAMPLES = Path(__file__).parents[1] / "watcher" / "samples"


@pytest.fixture(autouse=True)
def _no_thread_outlives_its_test() -> Iterator[None]:
    before = set(threading.enumerate())

    yield

    left = [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]
    for thread in left:
        thread.join(timeout=5)
    assert [thread.name for thread in left if thread.is_alive()] == []


class Clock:
    """A clock that stands still until it is advanced; both kinds of time move together."""

    def __init__(self) -> None:
        self.seconds = 1_795_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Path, clock: Clock) -> Iterator[Store]:
    opened = Store(database, now=clock.now)
    yield opened
    opened.close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the store of a test keeps its file."""
    return tmp_path / "store" / "news.db"


@pytest.fixture
def inbox(store: Store, clock: Clock) -> Inbox:
    return Inbox(store, clock)


@pytest.fixture
def rows(store: Store, database: Path) -> Tables:
    return Tables(database)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder configured for a watcher of its own."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def securities() -> Securities:
    return SECURITIES


@pytest.fixture
def some_knowledge() -> Knowledge:
    return knowledge(
        Rule("数字政府", stocks=("300546.SZ", "300075.SZ"), keywords=("电子证照", "一网统管"), severity="high"),
        Rule("patents", keywords=("patent",), severity="low", channels=("log",)),
    )


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files, where it is present."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real files is not on this machine")
    return CORPUS

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from watcher.errors import UnparsedError
from watcher.model import Article, Identity, Knowledge, Page, Reading, Rule, Unread
from watcher.workers import Understood, Workers

if TYPE_CHECKING:  # Every worker imports this module: what it does not need there would slow each of them down.
    from tests.conftest import Clock

NO_RULES = Knowledge()
DEADLINE = 10.0
ANSWERED = "understood under "
DIED = "its parser died"
TOO_LONG = "its parser took longer than 10 seconds"


def understand_slowly(page: Page, knowledge: Knowledge) -> Iterator[Reading | Unread]:
    """A page of several articles, each of which takes longer than the time between two signs of life."""
    for _ in range(3):
        time.sleep(1.1)
        yield from understand(page, knowledge)
    yield Unread("the rest", "was left out")


def understand(page: Page, knowledge: Knowledge) -> tuple[Reading, ...]:
    """What a page does to its parser is written in it; one that does nothing is answered with the rules in force."""
    behave = BEHAVIOURS.get(page.text)
    text = behave() if behave else ANSWERED + " ".join(rule.name for rule in knowledge.rules)
    return (Reading(Article(title=page.name, body=text or "", format="test"), Identity("", ""), (), ()),)


def _hang() -> None:
    while True:
        signal.pause()


def _hog() -> None:
    re.match(r"(a+)+$", "a" * 60 + "b")


def _exit() -> None:
    os._exit(3)


def _crash() -> None:
    ctypes.string_at(0)


def _raise() -> None:
    raise ValueError("no such luck")


def _refuse() -> None:
    raise UnparsedError("no text")


def _devour() -> None:
    bytearray(2 << 30)


def _starve() -> None:
    """From now on there is too little memory left to receive a large page."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (16 << 20), resource.getrlimit(resource.RLIMIT_AS)[1]))


def _compute() -> None:
    sum(range(100_000))


def _environment() -> str:
    return json.dumps(dict(os.environ))


def _limits() -> str:
    return json.dumps([resource.getrlimit(limit)[0] for limit in (resource.RLIMIT_CORE, resource.RLIMIT_AS)])


BEHAVIOURS: dict[str, Callable[[], str | None]] = {
    "hang": _hang,
    "hog": _hog,
    "exit": _exit,
    "crash": _crash,
    "raise": _raise,
    "refuse": _refuse,
    "devour": _devour,
    "starve": _starve,
    "compute": _compute,
    "environment": _environment,
    "limits": _limits,
}


def page(text: str, name: str = "news.md") -> Page:
    return Page(name=name, text=text, encoding="utf-8", sha256="", timezone="Asia/Shanghai")


@contextmanager
def working(count: int, clock: Clock) -> Iterator[Workers]:
    workers = Workers(understand, count=count, deadline_seconds=DEADLINE, monotonic=clock)
    try:
        yield workers
    finally:
        workers.stop()


@pytest.fixture
def workers(clock: Clock) -> Iterator[Workers]:
    """One worker, whose deadline passes only when the clock is advanced."""
    with working(1, clock) as workers:
        yield workers


def answers_of(workers: Workers) -> dict[int, str]:
    """What came back for each ticket, once nothing is in hand any more."""
    told: dict[int, str] = {}
    while workers.in_hand:
        for answer in workers.collect(seconds=0.1):
            assert answer.ticket not in told
            told[answer.ticket] = tell(answer)
    return told


def tell(answer: Understood) -> str:
    return answer.killed or answer.unparsed or answer.readings[0].article.body


def is_gone(pid: int) -> bool:
    """Whether a process has ended, even if its end was not asked about yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether it came true within a time that only a broken program needs."""
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def test_each_page_is_answered_under_its_ticket(clock: Clock) -> None:
    with working(2, clock) as workers:
        names = {workers.submit(page("text", f"{number}.md"), NO_RULES): f"{number}.md" for number in range(50)}
        answers: list[Understood] = []
        while workers.in_hand:
            answers += workers.collect(seconds=1)

    assert {answer.ticket: answer.readings[0].article.title for answer in answers} == names
    assert len(answers) == 50


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("exit", DIED),
        ("crash", DIED),
        ("raise", "its parser failed: ValueError: no such luck"),
        ("refuse", "no text"),
        ("devour", "its parser failed: MemoryError: "),
    ],
)
def test_page_that_harms_its_parser_costs_only_itself(workers: Workers, text: str, told: str) -> None:
    """Reliability row P4."""
    tickets = [workers.submit(page(text), NO_RULES) for text in ("text", text, "text")]

    assert answers_of(workers) == dict(zip(tickets, [ANSWERED, told, ANSWERED], strict=True))


@pytest.mark.parametrize("text", ["exit", "crash"])
def test_page_that_takes_its_worker_down_may_be_tried_again(workers: Workers, text: str) -> None:
    ticket = workers.submit(page(text), NO_RULES)

    assert workers.collect(seconds=20) == [Understood(ticket, killed=DIED)]


@pytest.mark.parametrize("text", ["raise", "refuse", "devour"])
def test_page_that_fails_in_order_need_not_be_tried_again(workers: Workers, text: str) -> None:
    workers.submit(page(text), NO_RULES)

    [answer] = workers.collect(seconds=20)
    assert (answer.readings, answer.killed) == ((), None)
    assert answer.unparsed


def test_page_that_hangs_is_given_up_and_those_behind_it_are_answered(workers: Workers, clock: Clock) -> None:
    tickets = [workers.submit(page(text), NO_RULES) for text in ("hang", "text", "text")]
    before = workers.collect()
    clock.advance(DEADLINE + 1)

    assert before == []
    assert answers_of(workers) == dict(zip(tickets, [TOO_LONG, ANSWERED, ANSWERED], strict=True))


def test_page_that_hangs_in_c_code_does_not_hold_up_the_loop(workers: Workers, clock: Clock) -> None:
    """Nothing else runs in its process then: what no longer fits into the pipe would keep the daemon in `send`."""
    hanging = workers.submit(page("hog"), NO_RULES)
    others = [workers.submit(page("长" * 80_000), NO_RULES) for _ in range(20)]
    before = workers.collect()
    clock.advance(DEADLINE + 1)

    assert before == []
    assert answers_of(workers) == {hanging: TOO_LONG} | dict.fromkeys(others, ANSWERED)


def test_page_that_hangs_does_not_hold_up_the_other_workers(clock: Clock) -> None:
    with working(2, clock) as workers:
        hanging = workers.submit(page("hang"), NO_RULES)
        others = [workers.submit(page("text"), NO_RULES) for _ in range(30)]
        told: dict[int, str] = {}
        # Those that wait behind the hanging page wait for its deadline.
        while len(told) < 20:
            told |= {answer.ticket: tell(answer) for answer in workers.collect(seconds=1)}
        before = set(told)
        clock.advance(DEADLINE + 1)
        told |= answers_of(workers)

    assert hanging not in before
    assert told == {hanging: TOO_LONG} | dict.fromkeys(others, ANSWERED)


def test_every_page_has_the_whole_deadline(workers: Workers, clock: Clock) -> None:
    """However long those before it in the same worker took."""
    first = workers.submit(page("text"), NO_RULES)
    second = workers.submit(page("hang"), NO_RULES)
    clock.advance(DEADLINE - 1)
    wait(workers.connections(), 20)
    at_first = workers.collect()
    clock.advance(DEADLINE - 1)
    too_early = workers.collect()
    left = workers.seconds_until_deadline()
    clock.advance(2)

    assert at_first == [Understood(first, at_first[0].readings)]
    assert (too_early, left) == ([], 1.0)
    assert workers.collect() == [Understood(second, killed=TOO_LONG)]


def test_page_answered_in_time_is_not_given_up_because_nobody_asked(workers: Workers, clock: Clock) -> None:
    """The daemon itself may be busy, or stopped for a while."""
    ticket = workers.submit(page("text"), NO_RULES)
    wait(workers.connections(), 20)
    clock.advance(DEADLINE * 100)

    assert answers_of(workers) == {ticket: ANSWERED}


def test_there_is_no_deadline_while_nothing_is_parsed(workers: Workers) -> None:
    idle = workers.seconds_until_deadline()
    workers.submit(page("hang"), NO_RULES)

    assert (idle, workers.seconds_until_deadline()) == (None, DEADLINE)


def test_collecting_nothing_does_not_wait(workers: Workers) -> None:
    assert workers.collect(seconds=3600) == []


def test_changed_knowledge_counts_from_the_next_page_on(workers: Workers) -> None:
    """A reload of the watchlist falls between two pages, never into one."""
    morning, evening = (Knowledge(rules=(Rule(name),)) for name in ("morning", "evening"))
    in_force = [morning, morning, evening, morning, evening, evening, evening, morning] * 5
    tickets = [workers.submit(page("text"), knowledge) for knowledge in in_force]

    assert answers_of(workers) == {
        ticket: ANSWERED + knowledge.rules[0].name for ticket, knowledge in zip(tickets, in_force, strict=True)
    }


def test_knowledge_goes_to_the_worker_that_takes_over(workers: Workers) -> None:
    knowledge = Knowledge(rules=(Rule("rule"),))
    tickets = [workers.submit(page(text), knowledge) for text in ("exit", "text")]

    assert answers_of(workers) == dict(zip(tickets, [DIED, ANSWERED + "rule"], strict=True))


def test_worker_that_died_while_idle_is_replaced(workers: Workers) -> None:
    """As after the system ran out of memory at night."""
    workers.start()
    for process in multiprocessing.active_children():
        process.kill()
        process.join()
    ticket = workers.submit(page("text"), NO_RULES)

    assert answers_of(workers) == {ticket: ANSWERED}


def test_worker_without_memory_for_its_next_page_is_replaced(workers: Workers) -> None:
    """If it lived on without listening, a page larger than the pipe would keep the daemon in `send` for ever."""
    starving = workers.submit(page("starve"), NO_RULES)
    told = answers_of(workers)
    large = workers.submit(page("x" * (64 << 20)), NO_RULES)
    small = workers.submit(page("text"), NO_RULES)

    assert told | answers_of(workers) == {starving: "", large: ANSWERED, small: ANSWERED}


class Unloadable:
    """What a worker cannot even load: it dies before it listens."""

    def __call__(self, page: Page, knowledge: Knowledge) -> tuple[Reading, ...]:
        raise NotImplementedError

    def __reduce__(self) -> tuple[Callable[[int], None], tuple[int]]:
        return os._exit, (3,)


def test_page_that_no_worker_lives_to_receive_is_given_up(clock: Clock) -> None:
    """As one that is larger than a worker's memory: to try for ever would be to do nothing else."""
    workers = Workers(Unloadable(), count=2, deadline_seconds=DEADLINE, monotonic=clock)
    try:
        tickets = [workers.submit(page("x" * (1 << 20)), NO_RULES) for _ in range(2)]

        assert answers_of(workers) == dict.fromkeys(tickets, DIED)
    finally:
        workers.stop()


def test_killing_workers_at_any_moment_loses_no_page(clock: Clock) -> None:
    """Reliability row P4."""
    kills = 0
    told: dict[int, str] = {}
    with working(2, clock) as workers:
        tickets = [workers.submit(page("compute"), NO_RULES) for _ in range(300)]
        while workers.in_hand:
            for answer in workers.collect(seconds=0.05):
                assert answer.ticket not in told
                told[answer.ticket] = tell(answer)
            children = multiprocessing.active_children()
            if children and kills < 20 and random.random() < 0.2:
                random.choice(children).kill()
                kills += 1

    assert sorted(told) == tickets
    assert set(told.values()) == {"", DIED}
    assert list(told.values()).count(DIED) <= kills


def test_stopping_leaves_no_process_and_is_safe_twice(clock: Clock) -> None:
    with working(3, clock) as workers:
        workers.start()
        processes = multiprocessing.active_children()
        workers.submit(page("hang"), NO_RULES)
        workers.stop()
        workers.stop()

    assert len(processes) == 3
    assert [process.pid for process in processes if not is_gone(process.pid or 0)] == []
    assert (workers.in_hand, multiprocessing.active_children()) == (0, [])


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """The idle one at once, the hanging one when its own alarm rings."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import multiprocessing, time\n"
        "from tests.test_workers import page, understand\n"
        "from watcher import workers\n"
        "from watcher.model import Knowledge\n"
        "if __name__ == '__main__':\n"
        "    workers._GRACE_SECONDS = 0.2\n"
        "    pool = workers.Workers(understand, count=2, deadline_seconds=0.2)\n"
        "    pool.start()\n"
        "    pool.submit(page('hang'), Knowledge())\n"
        "    print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
        "    time.sleep(600)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        lived = [not is_gone(pid) for pid in pids]
        parent.kill()
    ended = eventually(lambda: all(is_gone(pid) for pid in pids))
    for pid in pids:
        if not is_gone(pid):
            os.kill(pid, signal.SIGKILL)

    assert (lived, ended) == ([True, True], True)


def test_worker_sees_nothing_of_the_environment(workers: Workers) -> None:
    """Secrets of channels are there."""
    ticket = workers.submit(page("environment"), NO_RULES)

    assert answers_of(workers) == {ticket: "{}"}


def test_worker_has_little_memory_and_leaves_no_core(workers: Workers) -> None:
    ticket = workers.submit(page("limits"), NO_RULES)

    assert answers_of(workers) == {ticket: json.dumps([0, 1 << 30])}


def test_ctrl_c_is_left_to_the_parent(workers: Workers) -> None:
    """The terminal sends it to all of them."""
    workers.submit(page("text"), NO_RULES)
    answers_of(workers)
    before = multiprocessing.active_children()
    for process in before:
        os.kill(process.pid or 0, signal.SIGINT)
    ticket = workers.submit(page("text"), NO_RULES)

    assert answers_of(workers) == {ticket: ANSWERED}
    assert multiprocessing.active_children() == before


_calls = 0


def understand_counting(page: Page, knowledge: Knowledge) -> tuple[Reading, ...]:
    """How often it was called in this process."""
    global _calls
    _calls += 1
    return (Reading(Article(title=None, body=str(_calls), format="test"), Identity("", ""), (), ()),)


def test_worker_makes_ready_what_it_knows_before_the_first_page_comes(clock: Clock) -> None:
    workers = Workers(understand_counting, count=1, deadline_seconds=DEADLINE, monotonic=clock)
    try:
        workers.start(NO_RULES)
        time.sleep(1)
        ticket = workers.submit(page("text"), NO_RULES)

        assert answers_of(workers) == {ticket: "2"}
    finally:
        workers.stop()


def test_deadline_is_for_each_article_of_a_page(clock: Clock) -> None:
    """An archive takes longer than any single page: as long as its articles keep coming, nothing hangs."""
    workers = Workers(understand_slowly, count=1, deadline_seconds=DEADLINE, monotonic=clock)
    try:
        workers.submit(page("text"), NO_RULES)
        answers: list[Understood] = []
        while not answers:
            clock.advance(DEADLINE * 0.6)
            answers = workers.collect(seconds=30)

        assert len(answers[0].readings) == 3
        assert answers[0].unread == (Unread("the rest", "was left out"),)
    finally:
        workers.stop()


def test_page_that_never_comes_to_an_end_is_given_up_all_the_same(clock: Clock) -> None:
    workers = Workers(understand_slowly, count=1, deadline_seconds=DEADLINE, monotonic=clock)
    try:
        workers.submit(page("text"), NO_RULES)
        assert workers.collect(seconds=30) == [], "a sign of life"
        clock.advance(DEADLINE * 61)
        workers._workers[0].heard_at = clock()

        [answer] = workers.collect()
        assert answer.killed == "its parser took longer than 600 seconds"
    finally:
        workers.stop()

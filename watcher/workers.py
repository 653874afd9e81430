"""Processes that parse untrusted pages and can be killed: each has a deadline, little memory, no database, no secrets.

A hung parser costs its file, a crashed one too; the next page goes on at once in a fresh process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any

from watcher.errors import UnparsedError
from watcher.model import Knowledge, Page, Reading, Unread

Understand = Callable[[Page, Knowledge], Iterable[Reading | Unread]]

_CHUNK_PAGES = 16
_CHUNK_CHARACTERS = 262_144
_LOW_WATER = 8
"""Pages go to a worker in chunks, the next when so few are left that it would soon have to wait for us."""

_UNHEARD_CHARACTERS = 16_384
"""So much fits into the pipe of a worker that does not listen. Where a page hangs in C code (a regular expression),
nothing else runs in its process, and `send` would wait for its end."""

_MEMORY_BYTES = 1 << 30
_OPEN_FILES = 64
_SIGN_OF_LIFE_SECONDS = 1.0
"""A worker at a page of many articles says so often that it goes on: the deadline is for each of them."""

_MOST_DEADLINES = 60
"""So many deadlines a page may take altogether: ten minutes, unless configured otherwise."""

_GRACE_SECONDS = 5
"""After the deadline and this much more a worker ends itself: its parent may have been killed meanwhile."""


_PAGE_FOR_NOTHING = Page(
    "warm-up",
    "<!DOCTYPE html><html><body><article><h1>样例</h1><p>样例公司公告，今日一切正常。</p></article></body></html>",
    "utf-8",
    "",
    "Asia/Shanghai",
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What came back for one page: its readings, or why there are none."""

    ticket: int
    readings: tuple[Reading, ...] = ()
    unread: tuple[Unread, ...] = ()
    """The parts that could not be read, beside those that could."""
    unparsed: str | None = None
    """The page holds no article that can be read."""
    killed: str | None = None
    """The page took its worker down or too long; it may be tried again."""


@dataclass(frozen=True, slots=True)
class _Job:
    ticket: int
    page: Page
    knowledge: Knowledge


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    knowledge: Knowledge
    jobs: deque[_Job] = field(default_factory=deque)
    """What it was sent and has not answered yet, in order."""
    heard_at: float = 0.0
    began_at: float = 0.0
    """When it began the page it is at."""


class Workers:
    """A fixed number of worker processes, started when first needed. Used from one thread."""

    def __init__(
        self,
        understand: Understand,
        *,
        count: int,
        deadline_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._understand = understand
        self._count = count
        self._deadline_seconds = deadline_seconds
        self._monotonic = monotonic
        # fork would copy our threads' locks and the database connection into the child.
        self._context: ForkServerContext | SpawnContext
        if "forkserver" in multiprocessing.get_all_start_methods():
            self._context = multiprocessing.get_context("forkserver")
            self._context.set_forkserver_preload(["watcher.pipeline"])
        else:
            self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._queue: deque[_Job] = deque()
        self._next_ticket = 0

    def start(self, knowledge: Knowledge | None = None) -> None:
        """Start all workers now and let them make ready what they know, so that the first page waits for neither."""
        while len(self._workers) < self._count:
            self._start()
        for worker in self._workers:
            if knowledge is not None and worker.knowledge is not knowledge and not worker.jobs:
                with contextlib.suppress(OSError):  # It died; the next page finds out.
                    worker.connection.send(knowledge)
                    worker.knowledge = knowledge

    @property
    def in_hand(self) -> int:
        """How many pages are queued or being parsed."""
        return len(self._queue) + sum(len(worker.jobs) for worker in self._workers)

    def submit(self, page: Page, knowledge: Knowledge) -> int:
        """Have a page understood; the ticket its answer will carry. Pages are parsed in about this order."""
        self._next_ticket += 1
        self._queue.append(_Job(self._next_ticket, page, knowledge))
        self._feed()
        return self._next_ticket

    def connections(self) -> list[Connection]:
        """What to wait on for answers."""
        return [worker.connection for worker in self._workers if worker.jobs]

    def seconds_until_deadline(self) -> float | None:
        """When `collect` must be called even if no answer comes; `None` while nothing is being parsed."""
        now = self._monotonic()
        left = [worker.heard_at + self._deadline_seconds - now for worker in self._workers if worker.jobs]
        return max(0.0, min(left)) if left else None

    def collect(self, *, seconds: float = 0.0) -> list[Understood]:
        """The answers there are, waiting at most so long for the first. Kills what is past its deadline."""
        answers: list[Understood] = []
        busy = {worker.connection: worker for worker in self._workers if worker.jobs}
        for connection in wait(list(busy), seconds) if busy else ():
            answers += self._receive(busy[connection])  # type: ignore[index]
        for worker in list(self._workers):
            if worker.jobs and (given := self._overdue(worker)) and not worker.connection.poll():
                answers.append(self._give_up(worker, f"its parser took longer than {given:g} seconds"))
        self._feed()
        return answers

    def _overdue(self, worker: _Worker) -> float | None:
        """The time that a worker's page was given and has used up."""
        now = self._monotonic()
        if now - worker.heard_at > self._deadline_seconds:
            return self._deadline_seconds
        altogether = self._deadline_seconds * _MOST_DEADLINES
        return altogether if now - worker.began_at > altogether else None

    def stop(self) -> None:
        """End all workers at once; what they were parsing is not answered. Safe twice."""
        self._queue.clear()
        for worker in self._workers:
            self._end(worker)
        self._workers.clear()

    def _feed(self) -> None:
        """Hand queued pages, a chunk at a time, to the workers that have least left to do."""
        died = 0
        while self._queue:
            if len(self._workers) < self._count and all(worker.jobs for worker in self._workers):
                self._start()
            worker = min(self._workers, key=lambda worker: len(worker.jobs))
            room = self._room(worker)
            if worker.jobs and _size(self._queue[0].page) >= room:
                return
            try:
                self._send_chunk(worker, room)
            except OSError:
                if worker.jobs:  # It died at one of these, which `collect` will find out.
                    return
                died += 1
                if died > self._count:  # Not one that had died while idle: none lives long enough to be sent this.
                    worker.jobs.append(self._queue.popleft())
                    return
                self._discard(worker)

    def _room(self, worker: _Worker) -> int:
        """How many characters a worker may be sent so that we never wait for it: an idle one is listening."""
        if not worker.jobs:
            return _CHUNK_CHARACTERS
        if len(worker.jobs) >= _LOW_WATER or worker.knowledge is not self._queue[0].knowledge:
            return 0
        return _UNHEARD_CHARACTERS - sum(_size(job.page) for job in worker.jobs)

    def _send_chunk(self, worker: _Worker, room: int) -> None:
        knowledge = self._queue[0].knowledge
        if worker.knowledge is not knowledge:
            worker.connection.send(knowledge)
            worker.knowledge = knowledge
        chunk: list[_Job] = []
        characters = 0
        # A fair share of the queue: two files at once go to two workers.
        most = max(1, min(_CHUNK_PAGES, len(self._queue) // self._count))
        while self._queue and self._queue[0].knowledge is knowledge and len(chunk) < most:
            characters += _size(self._queue[0].page)
            if chunk and characters > room:
                break
            chunk.append(self._queue.popleft())
        try:
            worker.connection.send([(job.ticket, job.page) for job in chunk])
        except OSError:
            self._queue.extendleft(reversed(chunk))
            raise
        if not worker.jobs:
            worker.heard_at = worker.began_at = self._monotonic()
        worker.jobs.extend(chunk)

    def _receive(self, worker: _Worker) -> list[Understood]:
        answers: list[Understood] = []
        try:
            while worker.jobs and worker.connection.poll():
                answer = worker.connection.recv()
                worker.heard_at = self._monotonic()
                if answer is None:  # A sign of life.
                    continue
                answers.append(answer)
                worker.jobs.popleft()
                worker.began_at = worker.heard_at
        except (EOFError, OSError):
            answers.append(self._give_up(worker, "its parser died"))
        return answers

    def _give_up(self, worker: _Worker, reason: str) -> Understood:
        """Kill a worker for the page it is at; the pages behind it are queued again, in front."""
        job = worker.jobs.popleft()
        self._queue.extendleft(reversed(worker.jobs))
        self._discard(worker)
        return Understood(job.ticket, killed=reason)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_work, args=(theirs, self._understand, self._deadline_seconds + _GRACE_SECONDS), daemon=True
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours, Knowledge())
        self._workers.append(worker)
        return worker

    def _discard(self, worker: _Worker) -> None:
        self._end(worker)
        self._workers.remove(worker)

    def _end(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.connection.close()


def _size(page: Page) -> int:
    """About how much there is to send."""
    return len(page.text) + len(page.data)


def _work(connection: Connection, understand: Understand, alarm_seconds: float) -> None:
    """What a worker process does: answer page after page until its parent is gone."""
    _give_up_rights()
    messages: SimpleQueue[Knowledge | Sequence[tuple[int, Page]] | None] = SimpleQueue()
    threading.Thread(target=_receive_all, args=(connection, messages), daemon=True).start()
    knowledge = Knowledge()
    while (message := messages.get()) is not None:
        if isinstance(message, Knowledge):
            knowledge = message
            if messages.empty():
                _make_ready(understand, knowledge)
            continue
        for ticket, page in message:
            answer = _answer(ticket, page, knowledge, understand, _SignOfLife(connection, alarm_seconds))
            _set_alarm(0)
            with contextlib.suppress(OSError):  # The parent is gone, and `None` is on its way.
                connection.send(answer)


def _receive_all(connection: Connection, messages: SimpleQueue[Any]) -> None:
    """Take over what the parent sends at once, so that it never waits for us while we wait for it.

    Whatever ends this ends the worker: one that answers no more but lives would keep its parent in `send` for ever.
    """
    try:
        with contextlib.suppress(EOFError, OSError, MemoryError):
            while True:
                messages.put(connection.recv())
    finally:
        messages.put(None)


def _make_ready(understand: Understand, knowledge: Knowledge) -> None:
    """Understand a page for nothing: what that loads and compiles is there when a real one comes."""
    with contextlib.suppress(Exception):
        for _ in understand(_PAGE_FOR_NOTHING, knowledge):
            pass


class _SignOfLife:
    """Tells the parent now and then that the page in hand goes on, and puts off the alarm."""

    def __init__(self, connection: Connection, alarm_seconds: float) -> None:
        self._connection = connection
        self._alarm_seconds = alarm_seconds
        self._given_at = time.monotonic()
        _set_alarm(alarm_seconds)

    def give(self) -> None:
        """One more part of the page is done."""
        if time.monotonic() - self._given_at > _SIGN_OF_LIFE_SECONDS:
            self._given_at = time.monotonic()
            _set_alarm(self._alarm_seconds)
            with contextlib.suppress(OSError):
                self._connection.send(None)


def _answer(ticket: int, page: Page, knowledge: Knowledge, understand: Understand, sign: _SignOfLife) -> Understood:
    readings: list[Reading] = []
    unread: list[Unread] = []
    try:
        for part in understand(page, knowledge):
            if isinstance(part, Unread):
                unread.append(part)
            else:
                readings.append(part)
            sign.give()
    except UnparsedError as error:
        return Understood(ticket, unparsed=str(error))
    except Exception as error:  # noqa: BLE001 - one file's trouble, whatever it is, must not cost the next one.
        return Understood(ticket, unparsed=f"its parser failed: {type(error).__name__}: {error}")
    return Understood(ticket, tuple(readings), tuple(unread))


def _give_up_rights() -> None:
    """Ctrl-C is for the parent; nothing of the environment, little memory and few files are for a parser."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.clear()
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


def _set_alarm(seconds: float) -> None:
    """The system ends this process then, wherever it hangs; 0 takes that back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)

"""Processes that parse untrusted pages and can be killed: each has a deadline, little memory, no database, no secrets.

A hung parser costs its file, a crashed one too; the next page goes on at once in a fresh process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

from watcher.errors import UnparsedError
from watcher.model import Knowledge, Page, Reading

Understand = Callable[[Page, Knowledge], tuple[Reading, ...]]

_CHUNK_PAGES = 16
_CHUNK_CHARACTERS = 262_144
"""Pages go to a worker in chunks of this size, so that it is busy while the last ones are being stored."""

_MEMORY_BYTES = 1 << 30
_OPEN_FILES = 64
_GRACE_SECONDS = 5
"""After the deadline and this much more a worker ends itself: its parent may have been killed meanwhile."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What came back for one page: its readings, or why there are none."""

    ticket: int
    readings: tuple[Reading, ...] = ()
    unparsed: str | None = None
    """The page holds no article that can be read."""
    killed: str | None = None
    """The page took its worker down or too long; it may be tried again."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    knowledge: Knowledge
    tickets: deque[tuple[int, Page]] = field(default_factory=deque)
    """What it was sent and has not answered yet, in order."""
    heard_at: float = 0.0


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
        self._queue: deque[tuple[int, Page, Knowledge]] = deque()
        self._next_ticket = 0

    def start(self) -> None:
        """Start all workers now, so that the first page does not wait for one."""
        while len(self._workers) < self._count:
            self._start()

    @property
    def in_hand(self) -> int:
        """How many pages are queued or being parsed."""
        return len(self._queue) + sum(len(worker.tickets) for worker in self._workers)

    def submit(self, page: Page, knowledge: Knowledge) -> int:
        """Have a page understood; the ticket its answer will carry. Pages are parsed in about this order."""
        self._next_ticket += 1
        self._queue.append((self._next_ticket, page, knowledge))
        self._feed()
        return self._next_ticket

    def connections(self) -> list[Connection]:
        """What to wait on for answers."""
        return [worker.connection for worker in self._workers if worker.tickets]

    def seconds_until_deadline(self) -> float | None:
        """When `collect` must be called even if no answer comes; `None` while nothing is being parsed."""
        now = self._monotonic()
        left = [worker.heard_at + self._deadline_seconds - now for worker in self._workers if worker.tickets]
        return max(0.0, min(left)) if left else None

    def collect(self, *, seconds: float = 0.0) -> list[Understood]:
        """The answers there are, waiting at most so long for the first. Kills what is past its deadline."""
        answers: list[Understood] = []
        busy = {worker.connection: worker for worker in self._workers if worker.tickets}
        for connection in wait(list(busy), seconds) if busy else ():
            answers += self._receive(busy[connection])  # type: ignore[index]
        for worker in list(self._workers):
            late = self._monotonic() - worker.heard_at > self._deadline_seconds
            if worker.tickets and late and not worker.connection.poll():
                answers.append(self._give_up(worker, f"its parser took longer than {self._deadline_seconds:g} seconds"))
        self._feed()
        return answers

    def stop(self) -> None:
        """End all workers at once; what they were parsing is not answered. Safe twice."""
        self._queue.clear()
        for worker in self._workers:
            self._end(worker)
        self._workers.clear()

    def _feed(self) -> None:
        """Hand queued pages to idle workers, a chunk each."""
        while self._queue:
            worker = next((worker for worker in self._workers if not worker.tickets), None)
            if worker is None:
                if len(self._workers) >= self._count:
                    return
                worker = self._start()
            try:
                self._send_chunk(worker)
            except OSError:  # It died while idle; its pages are still queued.
                self._discard(worker)

    def _send_chunk(self, worker: _Worker) -> None:
        knowledge = self._queue[0][2]
        if worker.knowledge is not knowledge:
            worker.connection.send(knowledge)
            worker.knowledge = knowledge
        chunk: list[tuple[int, Page]] = []
        characters = 0
        while self._queue and self._queue[0][2] is knowledge and len(chunk) < self._chunk_pages():
            characters += len(self._queue[0][1].text)
            if chunk and characters > _CHUNK_CHARACTERS:
                break
            ticket, page, _ = self._queue.popleft()
            chunk.append((ticket, page))
        try:
            worker.connection.send(chunk)
        except OSError:
            self._queue.extendleft((ticket, page, knowledge) for ticket, page in reversed(chunk))
            raise
        worker.tickets.extend(chunk)
        worker.heard_at = self._monotonic()

    def _chunk_pages(self) -> int:
        """A fair share of the queue: two files at once go to two workers."""
        return max(1, min(_CHUNK_PAGES, len(self._queue) // self._count))

    def _receive(self, worker: _Worker) -> list[Understood]:
        answers: list[Understood] = []
        try:
            while worker.tickets and worker.connection.poll():
                answers.append(worker.connection.recv())
                worker.tickets.popleft()
                worker.heard_at = self._monotonic()
        except (EOFError, OSError):
            answers.append(self._give_up(worker, "its parser died"))
        return answers

    def _give_up(self, worker: _Worker, reason: str) -> Understood:
        """Kill a worker for the page it is at; the pages behind it are queued again, in front."""
        ticket, _ = worker.tickets.popleft()
        self._queue.extendleft((behind, page, worker.knowledge) for behind, page in reversed(worker.tickets))
        self._discard(worker)
        return Understood(ticket, killed=reason)

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


def _work(connection: Connection, understand: Understand, alarm_seconds: float) -> None:
    """What a worker process does: answer page after page until its parent is gone."""
    _give_up_rights()
    knowledge = Knowledge()
    with contextlib.suppress(EOFError, OSError):
        while True:
            message: Knowledge | Sequence[tuple[int, Page]] = connection.recv()
            if isinstance(message, Knowledge):
                knowledge = message
                continue
            for ticket, page in message:
                _set_alarm(alarm_seconds)
                connection.send(_answer(ticket, page, knowledge, understand))
                _set_alarm(0)


def _answer(ticket: int, page: Page, knowledge: Knowledge, understand: Understand) -> Understood:
    try:
        return Understood(ticket, understand(page, knowledge))
    except UnparsedError as error:
        return Understood(ticket, unparsed=str(error))
    except Exception as error:  # noqa: BLE001 - one file's trouble, whatever it is, must not cost the next one.
        return Understood(ticket, unparsed=f"its parser failed: {type(error).__name__}: {error}")


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

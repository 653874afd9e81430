"""The order of the stages, and nothing else: detect → read → parse → identify → link → match → store → deliver.

`detect` gives what `Pipeline.take` reads; `understand` is the pure middle, which runs in a worker process;
`Pipeline.finish` stores, and `deliver` works through what was stored as owed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from watcher.errors import NotReadyError, UnparsedError, UnreadableError
from watcher.identify import identify_article
from watcher.link import link_article
from watcher.match import match_rules
from watcher.match.owe import owe_alerts
from watcher.model import (
    Article,
    FoundFile,
    Knowledge,
    Outcome,
    Page,
    ReaderMapping,
    Reading,
    Taken,
    Unread,
    describe_unread,
)
from watcher.parse import parse_page
from watcher.read import read_file
from watcher.read.unpack import unpack
from watcher.store import Store, may_pass
from watcher.workers import Understood, Workers

MOST_ATTEMPTS = 3
"""How often a file may take its parser down before it is set aside for a person."""

MOST_UNREADY = 10
"""How often a file may be found unreadable for a reason that may pass (permission, I/O) before it is set aside."""


_FARTHEST_AHEAD = timedelta(days=2)
"""Clocks are wrong by hours, time zones by a day; tomorrow's paper is out tonight."""

_AT_ONCE = 64
"""Files taken in at a time: enough to keep the workers busy, few enough to hold in memory."""

_WORTH_A_COMMIT = 32
_LONGEST_WAIT_SECONDS = 0.05
"""A commit costs a millisecond whatever it holds. In a burst so many files share one, and nobody notices so long a
wait; a file that comes alone is committed at once."""


def understand(page: Page, knowledge: Knowledge) -> Iterator[Reading | Unread]:
    """Parse → identify → link → match: everything that can be known of a page without disk, clock or network.

    One article after the other, so that whoever runs it sees that it goes on: an archive holds thousands. Raises
    `UnparsedError` where nothing at all can be read; a part that cannot, beside others that can, is `Unread`.
    """
    for found in parse_parts(page, knowledge.readers):
        if isinstance(found, Unread):
            yield found
        else:
            mentions = link_article(found, knowledge)
            matches = match_rules(found, mentions, knowledge, seen_at=page.found_at, timezone=page.timezone)
            yield Reading(found, identify_article(found), mentions, matches)


def parse_parts(page: Page, readers: Sequence[ReaderMapping] = ()) -> Iterator[Article | Unread]:
    """The articles of a page or of everything in an archive, then what of it could not be read.

    Raises `UnparsedError` where there is no article at all.
    """
    unread: list[Unread] = []
    found_any = False
    for part in unpack(page):
        if isinstance(part, Unread):
            unread.append(part)
            continue
        try:
            for found in parse_page(part, readers):
                if isinstance(found, Unread):
                    unread.append(found if part is page else Unread(f"{part.name}, {found.where}", found.reason))
                else:
                    found_any = True
                    yield found
        except Exception as error:  # One part's trouble, whatever it is, must not cost the next one.
            known = isinstance(error, UnparsedError)
            reason = str(error) if known else f"its parser failed: {type(error).__name__}: {error}"
            if part is page and not found_any:
                raise UnparsedError(reason) from error
            unread.append(Unread("the rest" if part is page else part.name, reason))
    if not found_any:
        raise UnparsedError(f"no article in it ({describe_unread(unread)})")
    yield from unread


def _without_future(reading: Reading, now: datetime) -> Reading:
    """The same, its date unknown if nobody can have published it yet: a wrong date is worse than none."""
    article = reading.article
    if article.published_at is None or _earliest(article.published_at) <= now + _FARTHEST_AHEAD:
        return reading
    repair = f"{article.published_at} lies in the future: taken as unknown"
    undated = replace(article, published_at=None, published_from=None, repairs=(*article.repairs, repair))
    return replace(reading, article=undated)


def _earliest(published: datetime | date) -> datetime:
    return published if isinstance(published, datetime) else datetime.combine(published, datetime.min.time(), UTC)


@dataclass(frozen=True, slots=True)
class _Parsing:
    """A file whose page is with the workers."""

    found: FoundFile
    page: Page
    knowledge: Knowledge
    attempts: int


class Pipeline:
    """Takes found files in and stores what was understood of them, as many at once as there are."""

    def __init__(
        self,
        store: Store,
        workers: Workers,
        *,
        max_bytes: int,
        channels: Sequence[str],
        max_age: timedelta | None = None,
        timezone: str = "Asia/Shanghai",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._workers = workers
        self._max_bytes = max_bytes
        self._channels = tuple(channels)
        self._max_age = max_age
        self._timezone = timezone
        self._now = now
        self._monotonic = monotonic
        self._parsing: dict[int, _Parsing] = {}
        with store.transaction():
            self._suspects = store.ledger.interrupted()
        self._outcomes: list[Outcome] = []
        self._done: list[Taken] = []
        self._done_since: float | None = None

    @property
    def busy(self) -> set[bytes]:
        """The files that are in hand."""
        return {one.found.path for one in self._parsing.values()} | {taken.found.path for taken in self._done}

    @property
    def in_hand(self) -> int:
        """How many files are in hand."""
        return len(self._parsing) + len(self._done)

    def take(self, files: Iterable[FoundFile], knowledge: Knowledge) -> None:
        """Read these files and hand their pages to the workers; what needs no parsing is done at once.

        A file that was being parsed when the last daemon was killed is parsed alone, with nothing else in hand: if it
        is what kills, it is known by that, and the others are not counted guilty with it.
        """
        others: list[FoundFile] = []
        outcomes: list[Outcome] = []
        for found in files:
            if found.path not in self._suspects:
                others.append(found)
                continue
            outcomes += self.finish_all()
            self._take([found], knowledge)
            outcomes += self.finish_all()
            self._suspects.discard(found.path)
        self._outcomes += outcomes
        self._take(others, knowledge)

    def _take(self, files: Iterable[FoundFile], knowledge: Knowledge) -> None:
        pages: list[tuple[FoundFile, Page]] = []
        for found in files:
            if found.ignored:
                self._done.append(Taken(found, reason=found.ignored))
                continue
            try:
                pages.append((found, read_file(found, max_bytes=self._max_bytes)))
            except FileNotFoundError:
                continue
            except NotReadyError as error:
                self._done.append(self._unready(found, str(error)))
            except UnreadableError as error:
                self._done.append(Taken(found, reason=str(error)))
        for (found, page), attempts in zip(
            pages, self._store.begin([(found, page.sha256) for found, page in pages]) if pages else [], strict=True
        ):
            if attempts == 0:
                continue
            if attempts > MOST_ATTEMPTS:
                self._done.append(Taken(found, page, reason=f"took its parser down {MOST_ATTEMPTS} times"))
            elif same_as := self._store.ledger.same_bytes(page.sha256, found.path):
                self._done.append(Taken(found, page, same_as=same_as))
            else:
                self._parsing[self._workers.submit(page, knowledge)] = _Parsing(found, page, knowledge, attempts)

    def finish(self, *, seconds: float = 0.0) -> list[Outcome]:
        """Store what is understood by now, waiting at most so long for the first of it.

        In a burst a commit waits until it is worth its cost, or `seconds_until_commit` have passed.
        """
        for understood in self._workers.collect(seconds=0.0 if self._done and not self._parsing else seconds):
            self._done.append(self._taken(understood))
        if self._done:
            self._done_since = self._done_since or self._monotonic()
            if not self.seconds_until_commit():
                self._outcomes += self._save(self._done)
                self._done = []
                self._done_since = None
        outcomes, self._outcomes = self._outcomes, []
        return outcomes

    def seconds_until_commit(self) -> float | None:
        """How long what is understood may still wait for more; `None` if there is nothing."""
        if self._done_since is None:
            return None
        if not self._parsing or len(self._done) >= _WORTH_A_COMMIT:
            return 0.0
        return max(0.0, self._done_since + _LONGEST_WAIT_SECONDS - self._monotonic())

    def run_through(self, files: Iterable[FoundFile], knowledge: Knowledge) -> Iterator[Outcome]:
        """Take all of these in, as many at once as keeps the workers busy; their outcomes as they are committed."""
        files = iter(files)
        while batch := list(islice(files, _AT_ONCE)):
            self.take(batch, knowledge)
            while self.in_hand > _AT_ONCE:
                yield from self.finish(seconds=_LONGEST_WAIT_SECONDS)
        yield from self.finish_all()

    def finish_all(self) -> list[Outcome]:
        """Store everything in hand, however long its parsing takes (bounded by the workers' deadline)."""
        outcomes = self.finish()
        while self.in_hand:
            outcomes += self.finish(seconds=_LONGEST_WAIT_SECONDS)
        return outcomes

    def _save(self, batch: list[Taken]) -> list[Outcome]:
        """Save a batch in one transaction; if one of it cannot be stored, save each by itself and set that one aside.

        Raises `sqlite3.OperationalError` for what may pass (locked, disk full): nothing is lost, `finish` tries again.
        """
        try:
            return self._store.save(batch)
        except (sqlite3.Error, ValueError, OverflowError) as error:
            if may_pass(error):
                raise
            if len(batch) == 1:
                return self._store.save([Taken(batch[0].found, reason=f"cannot be stored: {error}")])
            return [outcome for taken in batch for outcome in self._save([taken])]

    def _taken(self, understood: Understood) -> Taken:
        parsing = self._parsing.pop(understood.ticket)
        found, page, knowledge = parsing.found, parsing.page, parsing.knowledge
        if understood.killed and parsing.attempts < MOST_ATTEMPTS:
            return Taken(found, page, reason=understood.killed, retry=True)
        if understood.killed:
            return Taken(found, page, reason=f"{understood.killed}, {parsing.attempts} times")
        if understood.unparsed:
            return Taken(found, page, reason=understood.unparsed)
        now = self._now()
        readings = tuple(_without_future(reading, now) for reading in understood.readings)
        rules = {rule.name: rule for rule in knowledge.rules}
        owed = tuple(
            owe_alerts(
                reading,
                rules,
                channels=self._channels,
                max_age=self._max_age,
                hold=found.hold,
                now=now,
                timezone=self._timezone,
                names=knowledge.names,
            )
            for reading in readings
        )
        return Taken(found, page, readings, owed, unread=understood.unread)

    def _unready(self, found: FoundFile, reason: str) -> Taken:
        entry = self._store.ledger.entries([found.path]).get(found.path)
        given_up = entry is not None and entry.state == "waiting" and entry.attempts >= MOST_UNREADY
        return Taken(found, reason=reason, retry=not given_up)

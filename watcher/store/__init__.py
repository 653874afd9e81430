"""Everything that is kept, in one SQLite file. One `Store` writes; any number of `Reader`s ask."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from watcher.model import FoundFile, Match, Outcome, Owed, Security, State, Taken, readable_path
from watcher.store.archive import Archive
from watcher.store.database import may_pass, open_database, open_read_only, to_text, transaction
from watcher.store.ledger import Entry, Ledger
from watcher.store.lock import Lock, holder_of, told_by
from watcher.store.names import LearnedName, SecurityNames
from watcher.store.outbox import Deliveries, add_alert, alert_key
from watcher.store.reader import Reader

__all__ = ["Entry", "LearnedName", "Lock", "Reader", "Store", "holder_of", "may_pass", "open_reader", "told_by"]


class Store:
    """The one writer. Made, used and closed in one thread."""

    def __init__(self, path: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._db = open_database(path)
        self._path = path
        self._identity = _identity(path)
        self._now = now
        self.ledger = Ledger(self._db)
        self.archive = Archive(self._db)
        self.deliveries = Deliveries(self._db)
        self.reader = Reader(self._db)

    def close(self) -> None:
        """Let go of the file. Safe twice."""
        self._db.close()

    def is_in_place(self) -> bool:
        """Whether the file at the path is still the one that is written; one that was deleted takes writes silently."""
        return _identity(self._path) == self._identity

    def log_bytes(self) -> int:
        """Size of the write-ahead log; it cannot shrink while a reader holds on to an old state."""
        try:
            return os.stat(f"{self._path}-wal").st_size
        except OSError:
            return 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything written inside is kept together, or nothing of it."""
        with transaction(self._db):
            yield

    def begin(self, files: Sequence[tuple[FoundFile, str]]) -> list[int]:
        """Count, and commit, one more attempt at each of these (file, SHA-256); the attempts so far.

        Before anything is parsed: a file that takes the whole machine down is counted all the same. 0 attempts: the
        bytes are those the ledger knows, only the file's times have changed, and there is nothing to do.
        """
        now = to_text(self._now())
        with self.transaction():
            return [self.ledger.begin(found, sha256, readable_path(found.path), now) for found, sha256 in files]

    def save(self, batch: Iterable[Taken]) -> list[Outcome]:
        """Save files with their articles, mentions, matches, alerts and owed deliveries, all in one transaction."""
        now = to_text(self._now())
        with self.transaction():
            return [self._save_one(taken, now) for taken in batch]

    def add_matches(self, article_id: int, matches: Sequence[Match], owed: Sequence[Owed]) -> int:
        """Keep that rules hold for a stored article, and what they owe; how many of these are new."""
        with self.transaction():
            return self.archive.add_matches(article_id, matches, owed, to_text(self._now()))

    def operator_alert(self, about: str, headline: str, channels: tuple[str, ...]) -> None:
        """Owe the people who run this an alert about the program itself, once for the same `about`."""
        now = to_text(self._now())
        owed = Owed("watcher", "normal", headline, "", (), (), channels)
        with self.transaction():
            add_alert(self._db, alert_key("watcher", about), owed, None, None, now)

    def keep_securities(self, securities: Iterable[Security]) -> None:
        """Make the tables `securities` and `security_names` say what this table of securities says."""
        rows = list(securities)
        carried: dict[str, set[str]] = {}
        for security in rows:
            for name in security.all_names():
                carried.setdefault(name.text, set()).add(security.issuer or security.symbol)
        with self.transaction():
            self._db.conn.executemany(
                """insert into securities (symbol, code, exchange, name, kind) values (?, ?, ?, ?, ?)
                   on conflict (symbol) do update set name = excluded.name, kind = excluded.kind
                   where name != excluded.name or kind != excluded.kind""",
                [(one.symbol, *one.symbol.rsplit(".", 1), one.name, one.kind) for one in rows],
            )
            self._db.conn.executemany(
                """insert into security_names (symbol, name, kind, valid_from, ambiguous) values (?, ?, ?, ?, ?)
                   on conflict (symbol, name) do update
                   set kind = excluded.kind, valid_from = excluded.valid_from, ambiguous = excluded.ambiguous
                   where (kind, valid_from, ambiguous)
                         is not (excluded.kind, excluded.valid_from, excluded.ambiguous)""",
                [
                    (
                        one.symbol,
                        name.text,
                        name.kind,
                        name.since and name.since.isoformat(),
                        int(bool(name.loose) or len(carried[name.text]) > 1),
                    )
                    for one in rows
                    for name in reversed(one.all_names())
                ],
            )

    def learn_names(self, securities: Sequence[Security]) -> list[LearnedName]:
        """What publishers' markup teaches beside the names that this table of securities has."""
        known = {name.text for one in securities for name in one.all_names()}
        issuers = {one.symbol: one.issuer for one in securities if one.issuer}
        with self.transaction():
            return SecurityNames(self._db).learn(known, issuers)

    def _save_one(self, taken: Taken, now: str) -> Outcome:
        found, page = taken.found, taken.page
        readable = readable_path(found.path)
        if taken.reason is not None:
            state: State = "ignored" if found.ignored else "waiting" if taken.retry else "failed"
            self.ledger.finish(found, state, taken.reason, now, readable=readable, page=page)
            return Outcome(found.path, state, taken.reason)
        if taken.same_as is not None:
            reason = "the same bytes as a file that is stored"
            file_id = self.ledger.finish(found, "duplicate", reason, now, readable=readable, page=page)
            self.archive.see_again(file_id, taken.same_as, now)
            return Outcome(found.path, "duplicate", reason)
        repairs = tuple(dict.fromkeys(repair for reading in taken.readings for repair in reading.article.repairs))
        format = taken.readings[0].article.format
        file_id = self.ledger.finish(
            found,
            "stored",
            None,
            now,
            readable=readable,
            page=page,
            format=format,
            repairs=repairs,
            unread=taken.unread,
        )
        saved = self.archive.save(file_id, taken.readings, taken.owed, now)
        new = [reading for reading, one in zip(taken.readings, saved, strict=True) if one.is_new]
        first = (new or taken.readings)[0]
        is_stored = any(one.seen_here_first for one in saved)
        return Outcome(
            found.path,
            "stored" if is_stored else "duplicate",
            None if is_stored else self.ledger.call_duplicate(file_id),
            titles=tuple(reading.article.title or reading.article.body[:40] for reading in (new or taken.readings)),
            publisher=first.article.publisher or first.article.source,
            symbols=tuple(dict.fromkeys(mention.symbol for reading in new for mention in reading.mentions)),
            alert_count=sum(one.alert_count for one in saved),
            repairs=repairs,
            unread=taken.unread,
        )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def open_reader(path: Path) -> Reader:
    """The store for reading. Raises `StoreError` where there is none."""
    return Reader(open_read_only(path))

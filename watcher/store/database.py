"""The SQLite file: opened with the settings that keep what was promised; the transaction all writing goes through."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlite_utils import Database

from watcher.errors import StoreError
from watcher.store.migrations import MIGRATIONS, STEPS

_CHECKED_BYTES = 1_000_000_000
"""Up to this size the whole file is checked at each start, which takes about a second."""

_WHAT_TO_DO = (
    "nothing was written to it. Move it aside and start again: the files that are still there are read anew; "
    "`sqlite3 moved.db .recover` saves what else was in it"
)

_BUSY_SECONDS = 30
"""How long a write waits for another writer before it gives up for now."""


def open_database(path: Path) -> Database:
    """The database for writing, created or brought up to date where needed.

    Raises `StoreError` for a file that is no database, is damaged, cannot be written, or was made by a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists() or path.stat().st_size > _CHECKED_BYTES
        with _connected(f"{path.absolute().as_uri()}?mode=rwc") as db:
            if not is_new and (problem := integrity_problem(db)):
                raise StoreError(f"{path}: {problem}; {_WHAT_TO_DO}")
            # WAL: readers never wait for us. NORMAL: what a power cut may take, the next scan brings back, same keys.
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("PRAGMA foreign_keys=ON")
            db.execute("PRAGMA journal_size_limit=67108864")
            _refuse_newer(db, path)
            MIGRATIONS.apply(db)
            return db
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: cannot be used as the database: {error}") from error


def integrity_problem(db: Database) -> str | None:
    """What SQLite's own check finds wrong with the file, in a line; `None` if it is sound."""
    found = str(db.execute("pragma quick_check(1)").fetchone()[0])
    return None if found == "ok" else f"the database is damaged: {' '.join(found.split())}"


def open_read_only(path: Path) -> Database:
    """The database for reading. Raises `StoreError` where there is none yet, or none that can be read."""
    if not path.exists():
        raise StoreError(f"{path}: there is no database yet; `watcher run` makes it")
    try:
        with _connected(f"{path.absolute().as_uri()}?mode=ro") as db:
            db.execute("select 1 from files limit 1")
            _refuse_newer(db, path)
            return db
    except sqlite3.Error as error:
        hint = (
            " (reading it needs write permission on its folder: it is in WAL mode)" if "readonly" in str(error) else ""
        )
        raise StoreError(f"{path}: cannot be read: {error}{hint}") from error


_MAY_PASS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
}


def may_pass(error: Exception) -> bool:
    """Whether an error of the database may be over in a while: locked, disk full, an I/O error, mounted read-only.

    Everything else is wrong with what was to be stored, or with us, and would be wrong again.
    """
    return isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _MAY_PASS


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """One transaction that takes the write lock at once.

    A plain BEGIN (which is what sqlite-utils' own `atomic()` issues) fails without waiting when another process wrote
    since the first read: reliability row D2.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def to_text(moment: datetime | date) -> str:
    """A time as the tables hold it: ISO 8601 in UTC with its offset, or a bare day."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return moment.isoformat()


@contextmanager
def _connected(uri: str) -> Iterator[Database]:
    """A connection that outlives the block, unless the block fails."""
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)
    try:
        yield Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def _refuse_newer(db: Database, path: Path) -> None:
    unknown = [migration.name for migration in MIGRATIONS.applied(db) if migration.name not in STEPS]
    if unknown:
        raise StoreError(f"{path}: was made by a newer version of watcher (step {unknown[-1]}); update watcher")

"""The ledger: which files are known, and as what."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from watcher.model import PARSER_VERSION, FoundFile, Page, Stamp, State, Unread

_AT_ONCE = 500
"""Paths asked for in one query: SQLite allows 32,766 variables, older builds 999."""


_BEING_READ = "being read"
"""The reason of a file between the count of its attempt and its end."""


_IS_RACY = """state in ('stored', 'duplicate') and sha256 is not null
    and (julianday(coalesce(looked_at, finished_at)) - 2440587.5) * 86400 - ctime_ns / 1e9 < 2"""
"""As git does it: within two seconds, the coarsest clock of a file system, a file is looked at once more (row F6)."""


_GONE_PATH = "(no longer on disk)"
"""The row that stands for all files that were forgotten: their articles are still known to have been seen."""

_HELD_NOTHING = "state = 'waiting' and not exists (select 1 from sightings where file_id = files.id)"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger knows of a file."""

    id: int
    stamp: Stamp
    state: State
    sha256: str | None
    attempts: int
    is_racy: bool = False
    """It was read so soon after its last change that one more within the same tick of the clock would not show."""

    def is_settled_as(self, stamp: Stamp) -> bool:
        """Whether the file is in a final state and has not changed since, as far as its times can tell."""
        return self.state != "waiting" and self.stamp == stamp and not self.is_racy


class Ledger:
    """The `files` and `folders` tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def answers(self) -> bool:
        """Whether the database can be read."""
        try:
            self._db.execute("select 1 from folders limit 1").fetchall()
        except sqlite3.Error:
            return False
        return True

    def entries(self, paths: Sequence[bytes]) -> dict[bytes, Entry]:
        """The entries of those of these files that are known."""
        known: dict[bytes, Entry] = {}
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            rows = self._db.execute(
                f"select path_bytes, id, size, mtime_ns, ctime_ns, state, sha256, attempts, {_IS_RACY} from files"
                f" where path_bytes in ({','.join('?' * len(some))})",
                some,
            )
            for path, id_, size, mtime_ns, ctime_ns, state, sha256, attempts, is_racy in rows:
                stamp = Stamp(size, mtime_ns, ctime_ns)
                known[path] = Entry(id_, stamp, state, sha256, attempts, bool(is_racy))
        return known

    def same_bytes(self, sha256: str, path: bytes) -> int | None:
        """Another file with these bytes that was read with the same parser and gave articles."""
        row = self._db.execute(
            "select id from files where sha256 = ? and path_bytes != ? and parser_version = ?"
            " and state in ('stored', 'duplicate') order by id limit 1",
            [sha256, path, PARSER_VERSION],
        ).fetchone()
        return row[0] if row else None

    def begin(self, found: FoundFile, sha256: str, readable: str, now: str) -> int:
        """Count one more attempt to read these bytes and give its number; other bytes start again at one.

        0 where the file was read before with these very bytes: then only its times are brought up to date.
        """
        touched = self._db.execute(
            """update files set size = ?, mtime_ns = ?, ctime_ns = ?, looked_at = ?
               where path_bytes = ? and sha256 = ? and state != 'waiting' and parser_version = ?""",
            [*_columns(found.stamp), now, found.path, sha256, PARSER_VERSION],
        )
        if touched.rowcount:
            return 0
        self._db.execute(
            """insert into files
                 (path, path_bytes, size, mtime_ns, ctime_ns, sha256, state, reason, attempts, first_seen_at)
               values (?, ?, ?, ?, ?, ?, 'waiting', ?, 1, ?)
               on conflict (path_bytes) do update set
                 attempts = case when sha256 is excluded.sha256 and state = 'waiting' then attempts + 1 else 1 end,
                 size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,
                 sha256 = excluded.sha256, state = 'waiting', reason = excluded.reason""",
            [readable, found.path, *_columns(found.stamp), sha256, _BEING_READ, now],
        )
        row = self._db.execute("select attempts from files where path_bytes = ?", [found.path]).fetchone()
        return int(row[0])

    def finish(
        self,
        found: FoundFile,
        state: State,
        reason: str | None,
        now: str,
        *,
        readable: str,
        page: Page | None = None,
        format: str | None = None,
        repairs: Iterable[str] = (),
        unread: Sequence[Unread] = (),
    ) -> int:
        """Record how a file ended this time; its id."""
        self._db.execute(
            """insert into files (path, path_bytes, size, mtime_ns, ctime_ns, sha256, state, reason, attempts, format,
                                  encoding, parser_version, repairs, unread, first_seen_at, finished_at)
               values (:path, :path_bytes, :size, :mtime_ns, :ctime_ns, :sha256, :state, :reason, 1, :format,
                       :encoding, :parser_version, :repairs, :unread, :now, :now)
               on conflict (path_bytes) do update set
                 attempts = attempts + (:sha256 is null),
                 size = :size, mtime_ns = :mtime_ns, ctime_ns = :ctime_ns, sha256 = :sha256, state = :state,
                 looked_at = null, reason = :reason, format = :format, encoding = :encoding,
                 parser_version = :parser_version, repairs = :repairs, unread = :unread,
                 finished_at = :now""",
            {
                "path": readable,
                "path_bytes": found.path,
                "size": found.stamp.size,
                "mtime_ns": found.stamp.mtime_ns,
                "ctime_ns": found.stamp.ctime_ns,
                "sha256": page.sha256 if page else None,
                "state": state,
                "reason": reason,
                "format": format,
                "encoding": page.encoding if page else None,
                "parser_version": PARSER_VERSION,
                "repairs": json.dumps(list(repairs), ensure_ascii=False) if repairs else None,
                "unread": json.dumps([part._asdict() for part in unread], ensure_ascii=False) if unread else None,
                "now": now,
            },
        )
        row = self._db.execute("select id from files where path_bytes = ?", [found.path]).fetchone()
        return int(row[0])

    def interrupted(self) -> set[bytes]:
        """The files that were being parsed when the process last ended without stopping.

        Where they were several, the attempt is taken back: which of them was to blame, if any was, shows when they are
        parsed one at a time.
        """
        rows = self._db.execute("select path_bytes from files where state = 'waiting' and reason = ?", [_BEING_READ])
        paths = {row[0] for row in rows.fetchall()}
        if len(paths) > 1:
            self._db.execute(
                "update files set attempts = max(0, attempts - 1) where state = 'waiting' and reason = ?", [_BEING_READ]
            )
        return paths

    def call_duplicate(self, file_id: int) -> str:
        """Record that a file holds nothing new; the reason that stands beside it."""
        reason = "an article that is stored already"
        self._db.execute("update files set state = 'duplicate', reason = ? where id = ?", [reason, file_id])
        return reason

    def retry(self, path: bytes | None = None) -> int:
        """Put failed files back to be read once more, all of them or the one at `path`; how many."""
        where, arguments = ("and path_bytes = ?", [path]) if path else ("", [])
        cursor = self._db.execute(
            "update files set state = 'waiting', reason = 'to be tried again', attempts = 0"
            f" where state = 'failed' {where}",
            arguments,
        )
        return cursor.rowcount

    def waiting(self) -> list[tuple[int, bytes]]:
        """Id and path of the files that wait to be read and never held an article."""
        return self._db.execute(f"select id, path_bytes from files where {_HELD_NOTHING}").fetchall()

    def untouched_since(self, moment: str, *, after_id: int, limit: int) -> list[tuple[int, bytes]]:
        """Id and path of files that were last read before this moment or are `waiting`, by id; some at a time."""
        return self._db.execute(
            f"""select id, path_bytes from files
                 where id > ? and length(path_bytes)
                   and (coalesce(looked_at, finished_at, first_seen_at) < ? or {_HELD_NOTHING})
                 order by id limit ?""",
            [after_id, moment, limit],
        ).fetchall()

    def forget(self, file_ids: Sequence[int], now: str) -> None:
        """Drop files that are gone.

        Their articles stay, each with one sighting, so that a file that comes back is a duplicate.
        """
        ids = json.dumps(file_ids)
        self._db.execute(
            """insert into files (path, path_bytes, state, reason, first_seen_at)
               select ?, x'', 'ignored', 'stands for files that were pruned', ?
                where exists (select 1 from sightings where file_id in (select value from json_each(?)))
               on conflict (path_bytes) do nothing""",
            [_GONE_PATH, now, ids],
        )
        # In place: the first sighting of an article stays the first.
        self._db.execute(
            """update or ignore sightings
                  set file_id = (select id from files where path_bytes = x''), gone_at = coalesce(gone_at, ?)
                where file_id in (select value from json_each(?))""",
            [now, ids],
        )
        self._db.execute("delete from sightings where file_id in (select value from json_each(?))", [ids])
        self._db.execute("delete from files where id in (select value from json_each(?))", [ids])

    def has_met(self, folder: str) -> bool:
        """Whether this folder was watched before."""
        return self._db.execute("select 1 from folders where path = ?", [folder]).fetchone() is not None

    def meet(self, folder: str, baseline_files: int | None, now: str) -> None:
        """Remember that this folder is watched now, and how many files its baseline holds (`None`: it has none)."""
        self._db.execute(
            "insert into folders (path, met_at, baseline_files, baseline_done_at) values (?, ?, ?, ?)",
            [folder, now, baseline_files, now if baseline_files is None else None],
        )

    def open_baselines(self) -> dict[str, str]:
        """Folder → when it was met, of those whose first files are not all stored yet."""
        return dict(self._db.execute("select path, met_at from folders where baseline_done_at is null").fetchall())

    def close_baselines(self, now: str) -> None:
        """All first files are stored: what is found from now on is news."""
        self._db.execute("update folders set baseline_done_at = ? where baseline_done_at is null", [now])


def _columns(stamp: Stamp) -> tuple[int, int, int]:
    return stamp.size, stamp.mtime_ns, stamp.ctime_ns

"""What people ask of the store, as rows with the tables' own column names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from sqlite_utils import Database

from watcher.model import Alert
from watcher.store.database import integrity_problem
from watcher.store.ledger import Entry, Ledger
from watcher.store.outbox import read_alerts
from watcher.store.recall import Recalled, count_since, recall_article, recall_since

Row = dict[str, Any]


class Reader:
    """Read-only questions. Any process may ask them while the daemon writes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def entries(self, paths: Sequence[bytes]) -> dict[bytes, Entry]:
        """What the ledger knows of those of these files that it knows."""
        return Ledger(self._db).entries(paths)

    def stored_without_article(self) -> list[str]:
        """Files that are called stored or duplicate though no article was seen in them; there must be none."""
        rows = self._db.execute(
            """select path from files where state in ('stored', 'duplicate')
                  and id not in (select file_id from sightings) order by path"""
        )
        return [row[0] for row in rows]

    def integrity_problem(self) -> str | None:
        """What SQLite's own check finds wrong with the file, in a line; `None` if it is sound."""
        return integrity_problem(self._db)

    def alerts(
        self, *, since: str | None = None, rule: str | None = None, after_id: int = 0, newest: int | None = None
    ) -> list[Alert]:
        """Alerts that were sent or are owed, oldest first; at most the `newest` of them."""
        return read_alerts(self._db, since=since, rule=rule, after_id=after_id, newest=newest)

    def alerted_rules(self) -> list[str]:
        """The rules that have raised alerts."""
        return [row[0] for row in self._db.execute("select distinct rule from alerts where held is null order by rule")]

    def article(self, article_id: int) -> Row | None:
        """One article with its `mentions`, `matches`, `alerts` and `sightings`; `None` if there is none of this id."""
        found = self._rows("select * from articles where id = ?", article_id)
        article = next(found, None)
        if article is None:
            return None
        return article | {
            "mentions": list(
                self._rows(
                    """select m.*, s.name from mentions m left join securities s on s.symbol = m.symbol
                        where m.article_id = ? order by m.in_title desc, m.first_at""",
                    article_id,
                )
            ),
            "matches": list(self._rows("select rule, evidence from matches where article_id = ?", article_id)),
            "alerts": list(
                self._rows(
                    "select id, rule, severity, held, created_at from alerts where article_id = ? order by id",
                    article_id,
                )
            ),
            "sightings": list(
                self._rows(
                    """select f.path, s.position, s.seen_at, f.state from sightings s join files f on f.id = s.file_id
                        where s.article_id = ? order by s.seen_at, f.id""",
                    article_id,
                )
            ),
        }

    def recalled(self, article_id: int) -> Recalled | None:
        """One stored article as rules see it."""
        return recall_article(self._db, article_id)

    def recalled_since(self, since: str) -> Iterator[Recalled]:
        """The current articles that were stored since then, oldest first, as rules see them."""
        return recall_since(self._db, since)

    def count_since(self, since: str) -> int:
        """How many those are."""
        return count_since(self._db, since)

    def file(self, path: bytes) -> Row | None:
        """What the ledger knows of a file, with the `articles` that were seen in it and are."""
        row = next(self._rows("select * from files where path_bytes = ?", path), None)
        if row is None:
            return None
        sightings = self._rows(
            """select s.article_id, s.position, a.title, a.state from sightings s join articles a on a.id = s.article_id
                where s.file_id = ? and s.gone_at is null order by s.position""",
            row["id"],
        )
        return row | {"articles": list(sightings)}

    def alerts_about(self, article_id: int, rule: str) -> list[Row]:
        """The alerts of a rule about an article's story, with the `deliveries` of each."""
        rows = self._rows(
            """select id, article_id, held, created_at from alerts
                where rule = ? and story_id = (select story_id from articles where id = ?) order by id""",
            rule,
            article_id,
        )
        return [
            row
            | {
                "deliveries": list(
                    self._rows(
                        """select channel, state, attempts, last_error, next_attempt_at, delivered_at
                             from deliveries where alert_id = ?""",
                        row["id"],
                    )
                )
            }
            for row in rows
        ]

    def seen_values(self, column: Literal["source", "publisher"]) -> frozenset[str]:
        """Every source, or publisher, that a stored article has."""
        rows = self._db.execute(f"select distinct {column} from articles where {column} is not null")
        return frozenset(row[0] for row in rows)

    def failed(self) -> Iterator[Row]:
        """Files that could not be used, or of which a part could not be read, newest first."""
        for row in self._rows(
            """select id, path, state, reason, unread, size, attempts, finished_at from files
                where state = 'failed' or unread is not null order by finished_at desc, id desc"""
        ):
            yield row | {"unread": json.loads(row["unread"]) if row["unread"] else None}

    def status(self) -> Row:
        """Counts of everything, and what came last."""
        counts = {
            "files": dict(self._db.execute("select state, count(*) from files group by state").fetchall()),
            "articles": self._count("articles where state = 'current'"),
            "alerts": self._count("alerts where held is null"),
            "alerts_held": self._count("alerts where held is not null"),
            "deliveries": dict(self._db.execute("select state, count(*) from deliveries group by state").fetchall()),
            "securities": self._count("securities"),
        }
        last = next(
            self._rows(
                "select path as last_file, state as last_state, finished_at as last_finished_at from files"
                " where finished_at is not null order by finished_at desc, id desc limit 1"
            ),
            {"last_file": None, "last_state": None, "last_finished_at": None},
        )
        return counts | last

    def _count(self, what: str) -> int:
        return int(self._db.execute(f"select count(*) from {what}").fetchone()[0])

    def _rows(self, sql: str, *arguments: object) -> Iterator[Row]:
        return self._db.query(sql, arguments)

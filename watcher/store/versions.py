"""Which of an agency's items is the one that counts: later versions replace earlier ones, cancellations withdraw."""

from __future__ import annotations

import json
import re

from sqlite_utils import Database

from watcher.model import Article, Owed
from watcher.store.outbox import add_alert, alert_key, read_about

_CANCELLED = frozenset({"canceled", "cancelled", "withdrawn", "killed", "deleted"})
"""IPTC's pubstatus says ``canceled``, NITF's management-status ``killed`` as well, agencies the rest."""


class Versions:
    """Articles that carry their agency's own number and version."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def replaced_by(self, article: Article, file_id: int) -> int | None:
        """The article that this one, which is new, is a later version of."""
        if _is_cancelled(article):
            return None
        version, other = max(self._others(article, file_id), default=(_number(None), None))
        return other if version <= _number(article.version) else None

    def settle(self, article_id: int, article: Article, file_id: int, now: str) -> bool:
        """Say of this article and of others with its number which of them counts; whether this one does."""
        if _is_cancelled(article):
            self._withdraw(article_id, now)
            for other in [row[1] for row in self._others(article, file_id)] + self._numbered(article.cancels):
                self._withdraw(other, now)
            return False
        if article.native_id is None or article.version is None:
            return True
        others = [row for row in self._others(article, file_id) if row[1] != article_id]
        if any(version > _number(article.version) for version, _ in others):
            self._db.execute("update articles set state = 'replaced' where id = ?", [article_id])
            return False
        for _, other in others:
            self._db.execute("update articles set state = 'replaced' where id = ?", [other])
        return True

    def _others(self, article: Article, file_id: int) -> list[tuple[tuple[int, str], int]]:
        """Version and id of the current articles with the same number that come from elsewhere than this file.

        A file that holds one number several times holds several articles: its producer does not number them well.
        """
        if article.native_id is None or (article.version is None and not _is_cancelled(article)):
            return []
        rows = self._db.execute(
            """select version, id from articles
                where native_id = ? and coalesce(publisher, '') = coalesce(?, '') and state = 'current'
                  and (version is not null or ?)
                  and id not in (select article_id from sightings where file_id = ? and gone_at is null)""",
            [article.native_id, article.publisher, _is_cancelled(article), file_id],
        )
        return [(_number(version), other) for version, other in rows.fetchall()]

    def _numbered(self, native_ids: tuple[str, ...]) -> list[int]:
        marks = ",".join("?" * len(native_ids))
        rows = self._db.execute(f"select id from articles where native_id in ({marks})", list(native_ids))
        return [row[0] for row in rows.fetchall()]

    def _withdraw(self, article_id: int, now: str) -> None:
        """Mark as withdrawn, and tell everyone who was alerted about it."""
        cursor = self._db.execute(
            "update articles set state = 'withdrawn' where id = ? and state != 'withdrawn'", [article_id]
        )
        if cursor.rowcount == 0:
            return
        alerts = self._db.execute(
            """select id, key, rule, story_id, severity, headline, symbols, terms, about from alerts
                where article_id = ? and held is null""",
            [article_id],
        ).fetchall()
        for alert_id, key, rule, story_id, severity, headline, symbols, terms, about in alerts:
            channels = self._db.execute("select channel from deliveries where alert_id = ?", [alert_id]).fetchall()
            notice = Owed(
                rule=rule,
                severity=severity,
                headline=f"Withdrawn: {headline}",
                excerpt="Its publisher has withdrawn this report.",
                symbols=tuple(json.loads(symbols)),
                terms=tuple(json.loads(terms)),
                channels=tuple(row[0] for row in channels),
                about=read_about(about),
            )
            add_alert(self._db, alert_key(rule, f"withdrawn {key}"), notice, article_id, story_id, now)


def _is_cancelled(article: Article) -> bool:
    return article.status is not None and article.status.lower() in _CANCELLED


def _number(version: str | None) -> tuple[int, str]:
    """A version in an order: by its digits (``10`` after ``9``, ``20231005T103000Z`` by the moment), then its text."""
    text = version or ""
    return int(re.sub(r"\D", "", text)[:18] or -1), text

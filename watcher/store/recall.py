"""Stored articles as they were when they were read, for rules that are asked about the past."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from watcher.model import Article, Evidence, Mention

_ARTICLES = """
    select a.id, a.story_id, a.created_at, a.title, a.summary, a.body, a.url, a.native_id, a.source, a.publisher,
           a.author, a.section, a.language, a.published_at, a.part_of, a.item_number, a.version, a.status,
           (select f.format from sightings s join files f on f.id = s.file_id
             where s.article_id = a.id limit 1) as format
      from articles a"""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A stored article with what was found in it."""

    article_id: int
    story_id: int
    seen_at: datetime
    article: Article
    mentions: tuple[Mention, ...]


def recall_article(db: Database, article_id: int) -> Recalled | None:
    """One stored article; `None` if there is none of this number."""
    return next(_recall(db, f"{_ARTICLES} where a.id = ?", [article_id]), None)


def recall_since(db: Database, since: str) -> Iterator[Recalled]:
    """The articles that are current and were stored since then, oldest first."""
    return _recall(db, f"{_ARTICLES} where a.state = 'current' and a.created_at >= ? order by a.id", [since])


def count_since(db: Database, since: str) -> int:
    """How many articles `recall_since` gives."""
    sql = "select count(*) from articles where state = 'current' and created_at >= ?"
    return int(db.execute(sql, [since]).fetchone()[0])


def _recall(db: Database, sql: str, arguments: list[object]) -> Iterator[Recalled]:
    cursor = db.execute(sql, arguments)
    columns = [column[0] for column in cursor.description]
    for values in cursor:
        row = dict(zip(columns, values, strict=True))
        yield Recalled(
            article_id=row.pop("id"),
            story_id=row.pop("story_id"),
            seen_at=datetime.fromisoformat(row.pop("created_at")),
            mentions=tuple(_mentions(db, values[0])),
            article=_article(row),
        )


def _article(row: dict[str, Any]) -> Article:
    published = row.pop("published_at")
    moment: datetime | date | None = None
    if published:
        moment = datetime.fromisoformat(published) if "T" in published else date.fromisoformat(published)
    return Article(**(row | {"format": row["format"] or "text"}), published_at=moment)


def _mentions(db: Database, article_id: int) -> Iterator[Mention]:
    rows = db.execute(
        """select symbol, written_as, how, confidence, count, in_title, first_at, evidence, salience
             from mentions where article_id = ?""",
        [article_id],
    )
    for symbol, written_as, how, confidence, count, in_title, first_at, evidence, salience in rows:
        places = tuple(Evidence(**place) for place in json.loads(evidence))
        yield Mention(symbol, written_as, how, confidence, count, bool(in_title), first_at, places, salience or "peer")

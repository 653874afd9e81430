"""Files as the pipeline takes them in, and the database as anybody sees it: for tests of the store."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.build import knowledge, page
from watcher.identify import identify_article
from watcher.link import link_article
from watcher.match import match_rules
from watcher.match.owe import owe_alerts
from watcher.model import Article, Folder, FoundFile, Outcome, Reading, Rule, Stamp, Taken
from watcher.store import Store

if TYPE_CHECKING:
    from tests.conftest import Clock

CHANNELS = ("screen", "log")
STOCK = Rule("stock", stocks=("300546.SZ",))
CONTRACT = Rule("contract", keywords=("合同",))
BODY = "雄帝科技今日公告，公司中标某市电子证照项目，合同金额一亿二千万元，工期十八个月，自合同签订之日起计算。"


class Inbox:
    """Files as the pipeline would take them in, without disk and parser."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.rules: tuple[Rule, ...] = (STOCK, CONTRACT)
        self.max_age: timedelta | None = None

    def put(self, name: str, *articles: Article, hold: str | None = None) -> Outcome:
        """What became of a file that holds these articles now."""
        [outcome] = self.store.save([self.begun(name, *articles, hold=hold)])
        return outcome

    def begun(self, name: str, *articles: Article, hold: str | None = None) -> Taken:
        self.clock.advance(1)
        sha256 = hashlib.sha256(repr(articles).encode("utf-8", "surrogatepass")).hexdigest()
        found, read = self.found(name, hold=hold), replace(page("", name), sha256=sha256)
        self.store.begin([(found, sha256)])
        if same_as := self.store.ledger.same_bytes(sha256, found.path):
            return Taken(found, read, same_as=same_as)
        readings = tuple(self.understood(article) for article in articles)
        return Taken(found, read, readings, tuple(self.owed(reading, hold) for reading in readings))

    def found(self, name: str, *, hold: str | None = None) -> FoundFile:
        changed = int(self.clock.seconds * 1e9)
        return FoundFile(
            os.fsencode(f"/inbox/{name}"), Stamp(100, changed, changed), Folder("/inbox"), self.clock.now(), hold=hold
        )

    def understood(self, article: Article) -> Reading:
        known = knowledge(*self.rules)
        mentions = link_article(article, known)
        return Reading(article, identify_article(article), mentions, match_rules(article, mentions, known))

    def owed(self, reading: Reading, hold: str | None) -> tuple[Any, ...]:
        rules = {rule.name: rule for rule in self.rules}
        return owe_alerts(reading, rules, channels=CHANNELS, max_age=self.max_age, hold=hold, now=self.clock.now())


class Tables:
    """The database as any SQLite client sees it."""

    def __init__(self, database: Path) -> None:
        self.database = database

    def __call__(self, sql: str, *arguments: object) -> list[Any]:
        """Rows; the bare values where there is one column."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as db:
            rows = db.execute(sql, arguments).fetchall()
        return [row[0] for row in rows] if rows and len(rows[0]) == 1 else rows


def news(title: str | None = "雄帝科技中标", body: str = BODY, **fields: Any) -> Article:
    return Article(title=title, body=body, format="post", **fields)

"""Articles, their sightings, mentions, matches and alerts: saved together or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from watcher.model import Article, Evidence, Field, Identity, Match, Mention, Owed, Reading
from watcher.store.database import to_text
from watcher.store.outbox import add_alert, alert_key
from watcher.store.versions import Versions

_SHORTEST_TELLING_BODY = 40
"""Characters a body needs before it alone proves two articles the same."""

_HEADLINE_CHARACTERS = 60

_SAME_STORY = 0.5
"""Trigram overlap from which a changed file still tells its story. Of the real posts it was tried on,
unrelated ones shared at most 0.36 of the shorter one's trigrams, two reports on one paper 0.41."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a reading changed."""

    article_id: int
    is_new: bool
    seen_here_first: bool
    alert_count: int


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    title: str | None
    story_id: int


_SAME_STORY_BY_TITLE = 0.2
"""The same where the titles are equal."""


class Archive:
    """The tables about articles."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._versions = Versions(db)

    def save(self, file_id: int, readings: Sequence[Reading], owed: Sequence[Sequence[Owed]], now: str) -> list[Saved]:
        """Save what one file holds now; earlier articles of the same file that it no longer holds are replaced."""
        before = self._held_articles(file_id)
        # What is put on top of a digest moves the others down, and takes the place of none.
        kept = {known.id for one in readings if (known := self._find(one.article, one.identity))} if before else set()
        saved: list[Saved] = []
        for position, (reading, drafts) in enumerate(zip(readings, owed, strict=True), start=1):
            earlier = before.get(position)
            if earlier in kept:
                earlier = None
            saved.append(self._save_one(file_id, position, len(readings) > 1, reading, drafts, earlier, now))
        self._replace_missing(file_id, before.values(), {one.article_id for one in saved}, now)
        return saved

    def see_again(self, file_id: int, same_as: int, now: str) -> None:
        """Record that a file holds, byte for byte, what another file holds."""
        before = self._held_articles(file_id)
        self._db.execute(
            """insert into sightings (article_id, file_id, position, seen_at)
               select article_id, ?, position, ? from sightings where file_id = ? and gone_at is null
               on conflict (article_id, file_id) do update set position = excluded.position, gone_at = null""",
            [file_id, now, same_as],
        )
        self._replace_missing(file_id, before.values(), set(self._held_articles(same_as).values()), now)

    def add_matches(self, article_id: int, matches: Sequence[Match], owed: Sequence[Owed], now: str) -> int:
        """Keep that rules hold for a stored article, and what they owe; how many matches are new."""
        row = self._db.execute("select id, title, story_id from articles where id = ?", [article_id]).fetchone()
        new = 0
        for match in matches:
            cursor = self._db.execute(
                "insert into matches (article_id, rule, evidence) values (?, ?, ?) on conflict do nothing",
                [article_id, match.rule, _evidence_json(match.evidence)],
            )
            new += max(0, cursor.rowcount)
        for draft in owed:
            self._add_alert(draft, _Known(*row), now)
        return new

    def _save_one(
        self,
        file_id: int,
        position: int,
        one_of_many: bool,
        reading: Reading,
        drafts: Sequence[Owed],
        earlier: int | None,
        now: str,
    ) -> Saved:
        article, identity = reading.article, reading.identity
        known = self._find(article, identity)
        is_new = known is None
        if known is None:
            earlier = earlier or self._versions.replaced_by(article, file_id)
            known = self._insert(reading, position if one_of_many else None, earlier, now)
        else:
            self._db.execute(
                "update articles set state = 'current', summary = coalesce(summary, ?) where id = ?",
                [article.summary, known.id],
            )
            if known.title is None and article.title:
                self._complete(known.id, article, identity)
        self._db.execute(
            """insert into sightings (article_id, file_id, position, seen_at) values (?, ?, ?, ?)
               on conflict (article_id, file_id) do update set position = excluded.position, gone_at = null""",
            [known.id, file_id, position, now],
        )
        if not is_new:
            reading = self._news_of_copy(known, reading)
        self._add_findings(known.id, reading)
        if not self._versions.settle(known.id, article, file_id, now):
            drafts = ()  # Withdrawn, or overtaken before it came: nobody is told that it is there.
        matched = {match.rule for match in reading.matches}
        alert_count = sum(self._add_alert(draft, known, now) for draft in drafts if draft.rule in matched)
        first_file = self._db.execute(
            "select file_id from sightings where article_id = ? order by rowid limit 1", [known.id]
        ).fetchone()[0]
        return Saved(known.id, is_new, first_file == file_id, alert_count)

    def _find(self, article: Article, identity: Identity) -> _Known | None:
        """The same article: the same text, or the same body where one of the two has lost its title."""
        row = self._db.execute(
            "select id, title, story_id from articles where content_hash = ?", [identity.content_hash]
        ).fetchone()
        if row is None and len(article.body) >= _SHORTEST_TELLING_BODY:
            row = self._db.execute(
                """select id, title, story_id from articles
                    where body_hash = ? and (title is null or ?) order by id limit 1""",
                [identity.body_hash, article.title is None],
            ).fetchone()
        return _Known(*row) if row else None

    def _insert(self, reading: Reading, position: int | None, earlier: int | None, now: str) -> _Known:
        article, identity = reading.article, reading.identity
        cursor = self._db.execute(
            """insert into articles
                 (content_hash, body_hash, title, summary, body, url, native_id, source, publisher, author, section,
                  position, language, published_at, published_from, part_of, item_number, version, status,
                  embargo_until, replaces_id, created_at)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                identity.content_hash,
                identity.body_hash,
                article.title,
                article.summary,
                article.body,
                article.url,
                article.native_id,
                article.source,
                article.publisher,
                article.author,
                article.section,
                position,
                article.language,
                to_text(article.published_at) if article.published_at else None,
                article.published_from,
                article.part_of,
                article.item_number,
                article.version,
                article.status,
                to_text(article.embargo_until) if article.embargo_until else None,
                earlier,
                now,
            ],
        )
        article_id = int(cursor.lastrowid or 0)
        story_id = self._story_of_revision(earlier, article) if earlier else None
        if story_id is None:
            story_id = self._new_story(article_id, article, identity, now)
        self._db.execute("update articles set story_id = ? where id = ?", [story_id, article_id])
        return _Known(article_id, article.title, story_id)

    def _story_of_revision(self, earlier: int, article: Article) -> int | None:
        """The story of the earlier article, if the new one tells it again; `None` if the path got other news.

        Some exporters write every report to the same `latest.md`: what was alerted about one says nothing of the next.
        """
        row = self._db.execute(
            "select story_id, title, body, url, native_id from articles where id = ?", [earlier]
        ).fetchone()
        story_id, title, body, url, native_id = row
        # The items of a digest share its address.
        same_address = bool(article.url) and article.url == url and article.part_of is None
        if (article.native_id and article.native_id == native_id) or same_address:
            return int(story_id)
        # 今日要闻 is the title of every day's latest.md: a title in common needs some of the text in common, too.
        wanted = _SAME_STORY_BY_TITLE if article.title and article.title == title else _SAME_STORY
        return int(story_id) if _overlap(body, article.body) >= wanted else None

    def _new_story(self, article_id: int, article: Article, identity: Identity, now: str) -> int:
        cursor = self._db.execute(
            """insert into stories (key, headline, first_article_id, article_count, publisher_count, updated_at)
               values (?, ?, ?, 1, ?, ?)""",
            [
                identity.content_hash,
                article.title or article.body.partition("\n")[0][:_HEADLINE_CHARACTERS],
                article_id,
                int(article.publisher is not None),
                now,
            ],
        )
        return int(cursor.lastrowid or 0)

    def _complete(self, article_id: int, article: Article, identity: Identity) -> None:
        """Give an article that was first seen without its title what the fuller copy has."""
        self._db.execute(
            """update articles set content_hash = :content_hash, title = :title, url = coalesce(url, :url),
                 native_id = coalesce(native_id, :native_id), publisher = coalesce(publisher, :publisher),
                 source = coalesce(source, :source), author = coalesce(author, :author),
                 section = coalesce(section, :section)
               where id = :id""",
            {
                "id": article_id,
                "content_hash": identity.content_hash,
                "title": article.title,
                "url": article.url,
                "native_id": article.native_id,
                "publisher": article.publisher,
                "source": article.source,
                "author": article.author,
                "section": article.section,
            },
        )
        if article.published_at and article.published_from != "file name":
            self._db.execute(
                """update articles set published_at = ?, published_from = ?
                   where id = ? and coalesce(published_from, 'file name') = 'file name'""",
                [to_text(article.published_at), article.published_from, article_id],
            )
        self._db.execute("update stories set headline = ? where first_article_id = ?", [article.title, article_id])

    def _news_of_copy(self, known: _Known, copy: Reading) -> Reading:
        """What another copy of a stored article adds: a title, or securities that only this copy marks up.

        A rule that was added since does not count as news: an archive exported again must not raise alerts.
        """
        symbols = {
            row[0]
            for row in self._db.execute("select symbol from mentions where article_id = ?", [known.id]).fetchall()
        }
        rules = {
            row[0] for row in self._db.execute("select rule from matches where article_id = ?", [known.id]).fetchall()
        }
        stored = self._texts(known.id)
        gained_title = known.title is None and copy.article.title is not None
        mentions = tuple(
            _with_places(mention, _placed_in(stored, copy.article, mention.evidence))
            for mention in copy.mentions
            if mention.symbol not in symbols
        )
        new_symbols = {mention.symbol for mention in mentions}
        matches = tuple(
            replace(match, evidence=_placed_in(stored, copy.article, match.evidence))
            for match in copy.matches
            if match.rule not in rules and (gained_title or any(one.symbol in new_symbols for one in match.evidence))
        )
        return replace(copy, mentions=mentions, matches=matches)

    def _add_findings(self, article_id: int, reading: Reading) -> None:
        """Write which securities the article names and which rules hold for it."""
        for mention in reading.mentions:
            self._db.execute(
                """insert into mentions
                     (article_id, symbol, written_as, how, confidence, salience, count, in_title, first_at, evidence)
                   values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                [
                    article_id,
                    mention.symbol,
                    mention.written_as,
                    mention.how,
                    mention.confidence,
                    mention.salience,
                    mention.count,
                    int(mention.in_title),
                    mention.first_at,
                    _evidence_json(mention.evidence),
                ],
            )
        for match in reading.matches:
            self._db.execute(
                "insert into matches (article_id, rule, evidence) values (?, ?, ?)",
                [article_id, match.rule, _evidence_json(match.evidence)],
            )

    def _add_alert(self, draft: Owed, article: _Known, now: str) -> bool:
        """Owe an alert, unless this rule was alerted about this story before; whether it will be sent."""
        story_key = self._db.execute("select key from stories where id = ?", [article.story_id]).fetchone()[0]
        return add_alert(self._db, alert_key(draft.rule, story_key), draft, article.id, article.story_id, now)

    def _texts(self, article_id: int) -> dict[Field, str]:
        title, summary, body = self._db.execute(
            "select title, summary, body from articles where id = ?", [article_id]
        ).fetchone()
        return {"title": title or "", "summary": summary or "", "body": body}

    def _held_articles(self, file_id: int) -> dict[int, int]:
        """Position → article, of the articles this file held when it was last read."""
        rows = self._db.execute(
            "select position, article_id from sightings where file_id = ? and gone_at is null", [file_id]
        )
        return dict(rows.fetchall())

    def _replace_missing(self, file_id: int, before: Iterable[int], now_held: set[int], now: str) -> None:
        """Mark as replaced what a file held and no longer holds, unless another file still does."""
        for article_id in set(before) - now_held:
            self._db.execute(
                "update sightings set gone_at = ? where article_id = ? and file_id = ?", [now, article_id, file_id]
            )
            elsewhere = self._db.execute(
                "select 1 from sightings where article_id = ? and gone_at is null limit 1", [article_id]
            ).fetchone()
            if elsewhere is None:
                self._db.execute("update articles set state = 'replaced' where id = ?", [article_id])


def _overlap(one: str, other: str) -> float:
    """Share of the character trigrams of the shorter text that the other one has too, over their first thousands."""
    trigrams = [{text[i : i + 3] for i in range(min(len(text), 5000) - 2)} for text in (one, other)]
    smaller = min(map(len, trigrams))
    return len(trigrams[0] & trigrams[1]) / smaller if smaller else 0.0


def _placed_in(stored: Mapping[Field, str], copy: Article, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Evidence from a copy, with the places it has in the stored texts; copies may differ in white space."""
    texts = dict(copy.texts())
    places: dict[tuple[Field, str], dict[int, int]] = {}
    placed = []
    for one in evidence:
        field, term = one.field, one.term
        if (field, term) not in places:
            places[field, term] = dict(zip(_starts(texts[field], term), _starts(stored[field], term), strict=False))
        start = places[field, term].get(one.start, one.start)
        end = start + len(term)
        if stored[field][start:end] == term:
            placed.append(one._replace(start=start, end=end))
    return tuple(placed)


def _starts(text: str, term: str) -> Iterator[int]:
    return (found.start() for found in re.finditer(re.escape(term), text))


def _with_places(mention: Mention, evidence: tuple[Evidence, ...]) -> Mention:
    in_body = (one.start for one in evidence if one.field == "body")
    return replace(mention, evidence=evidence, first_at=min(in_body, default=None))


def _evidence_json(evidence: Iterable[Evidence]) -> str:
    """Each place as JSON, without the keys that say nothing."""
    places = (one._asdict() for one in evidence)
    return json.dumps(
        [{key: value for key, value in place.items() if value is not None} for place in places], ensure_ascii=False
    )

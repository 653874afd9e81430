"""Names that publishers teach: what they mark up again and again as the same security becomes a name of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlite_utils import Database

_FEWEST_ARTICLES = 3
"""Publishers tag by machine: once is a slip, three articles are a habit."""
_LONGEST = 20


class LearnedName(NamedTuple):
    """What publishers call a security, by their markup."""

    symbol: str
    name: str
    first_seen: str
    """ISO day."""
    article_count: int
    is_contradictory: bool
    """Marked up as another company's as well: kept and shown, believed of neither."""


class SecurityNames:
    """The rows of `security_names` that were learned."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def learn(self, known: Collection[str], issuers: Mapping[str, str]) -> list[LearnedName]:
        """Count the markup of all stored articles again; every pair of name and security seen often enough.

        `known` are the names that the table has anyway, `issuers` tell which symbols are one company.
        """
        pairs = self._marked_pairs()
        bearers: dict[str, set[str]] = defaultdict(set)
        for symbol, name, _, _ in pairs:
            bearers[name].add(issuers.get(symbol, symbol))
        learned = [
            LearnedName(symbol, name, first_seen, count, len(bearers[name]) > 1)
            for symbol, name, first_seen, count in pairs
            if count >= _FEWEST_ARTICLES and name not in known and len(name) <= _LONGEST
        ]
        self._db.execute("delete from security_names where kind = 'learned'")
        self._db.conn.executemany(
            "insert or ignore into securities (symbol, code, exchange, name, kind) values (?, ?, ?, ?, 'marked up')",
            [(one.symbol, *one.symbol.rsplit(".", 1), one.name) for one in learned],
        )
        self._db.conn.executemany(
            """insert into security_names (symbol, name, kind, valid_from, ambiguous, article_count)
               values (?, ?, 'learned', ?, ?, ?) on conflict (symbol, name) do nothing""",
            [(one.symbol, one.name, one.first_seen, int(one.is_contradictory), one.article_count) for one in learned],
        )
        return learned

    def _marked_pairs(self) -> list[tuple[str, str, str, int]]:
        """Symbol, name, first day and number of articles of all that is marked up, in their order."""
        return self._db.execute(
            """select m.symbol, json_extract(e.value, '$.term') as name,
                      min(substr(coalesce(a.published_at, a.created_at), 1, 10)), count(distinct a.story_id)
                 from mentions m join json_each(m.evidence) e join articles a on a.id = m.article_id
                where m.how = 'markup' and json_extract(e.value, '$.how') = 'markup'
                group by m.symbol, name order by name, m.symbol"""
        ).fetchall()

"""The outbox: which alerts are owed to which channels, and what became of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from watcher.model import About, Alert, Delivery, Owed, Receipt
from watcher.store.database import to_text

_ALERT_COLUMNS = """
    al.id, al.key, al.rule, al.severity, al.headline, al.excerpt, al.symbols, al.terms, al.article_id, al.story_id,
    a.publisher, a.published_at, al.created_at, a.url,
    (select f.path from sightings s join files f on f.id = s.file_id
      where s.article_id = al.article_id order by s.seen_at, f.id limit 1) as path, al.about"""


def alert_key(rule: str, about: str) -> str:
    """The same for the same rule and story in every database and after every crash."""
    return hashlib.sha256(f"{rule}\0{about}".encode()).hexdigest()[:32]


def add_alert(db: Database, key: str, draft: Owed, article_id: int | None, story_id: int | None, now: str) -> bool:
    """Write an alert and a delivery for each of its channels; `False` if its key is known or it is held back."""
    not_before = to_text(draft.not_before) if draft.not_before else None
    held = draft.held or _restraint(db, draft, now)
    cursor = db.execute(
        """insert into alerts
             (key, rule, story_id, article_id, severity, headline, excerpt, symbols, terms, about, held, day,
              created_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (key) do nothing""",
        [
            key,
            draft.rule,
            story_id,
            article_id,
            draft.severity,
            draft.headline,
            draft.excerpt,
            json.dumps(draft.symbols, ensure_ascii=False),
            json.dumps(draft.terms, ensure_ascii=False),
            json.dumps([one._asdict() for one in draft.about], ensure_ascii=False),
            held,
            str(draft.day) if draft.day else None,
            now,
        ],
    )
    if cursor.rowcount == 0 or held:
        if cursor.rowcount and held != draft.held:
            _tell_of_restraint(db, draft, held, now)
        return False
    for channel in dict.fromkeys(draft.channels):
        db.execute(
            """insert into deliveries (alert_id, channel, state, next_attempt_at, not_before)
               values (?, ?, 'owed', ?, ?)""",
            [cursor.lastrowid, channel, max(now, not_before or now), not_before],
        )
    return True


def _restraint(db: Database, draft: Owed, now: str) -> str | None:
    """What its rule itself holds an alert back for: the silence after the last one, or enough of them for a day."""
    if draft.cooldown:
        earliest = to_text(datetime.fromisoformat(now) - draft.cooldown)
        last = "select 1 from alerts where rule = ? and held is null and created_at > ? limit 1"
        if db.execute(last, [draft.rule, earliest]).fetchone():
            return "cooldown"
    if draft.max_per_day:
        sent = "select count(*) from alerts where rule = ? and day = ? and held is null"
        if db.execute(sent, [draft.rule, str(draft.day)]).fetchone()[0] >= draft.max_per_day:
            return "max_per_day"
    return None


def _tell_of_restraint(db: Database, draft: Owed, held: str | None, now: str) -> None:
    """Tell once, after the last alert that went out, that a rule holds further ones back."""
    last = db.execute(
        "select id from alerts where rule = ? and held is null order by id desc limit 1", [draft.rule]
    ).fetchone()
    why = f"it has raised {draft.max_per_day} alerts today" if held == "max_per_day" else "it alerted a moment ago"
    headline = f"Rule {draft.rule} holds back further alerts: {why}. They are recorded, not sent."
    notice = Owed("watcher", "low", headline, draft.headline, draft.symbols, draft.terms, draft.channels, draft.about)
    add_alert(db, alert_key("watcher", f"{held} {draft.rule} {last[0] if last else ''}"), notice, None, None, now)


class Deliveries:
    """The `deliveries` table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def owed(self, now: datetime, *, limit: int = 500) -> list[Delivery]:
        """What is owed and due, oldest first; at most so many of each channel, so that a slow one holds up no other."""
        rows = self._db.execute(
            f"""select d.channel, d.attempts, {_ALERT_COLUMNS}
                  from (select *, row_number() over (partition by channel order by alert_id) as place from deliveries
                         where state = 'owed' and next_attempt_at <= ?) d
                  join alerts al on al.id = d.alert_id left join articles a on a.id = al.article_id
                 where d.place <= ? order by al.id""",
            [to_text(now), limit],
        )
        return [Delivery(_alert(row[2:]), row[0], row[1]) for row in rows]

    def record(
        self, receipts: Iterable[Receipt], next_attempt_after: Callable[[int], timedelta | None], now: datetime
    ) -> None:
        """Write down what became of these attempts.

        `next_attempt_after` tells, from the number of attempts made, how long to wait; `None` means `dead`.
        """
        for receipt in receipts:
            key = [receipt.alert_id, receipt.channel]
            if receipt.error is None:
                self._db.execute(
                    """update deliveries
                          set state = 'delivered', attempts = attempts + 1, delivered_at = ?, last_error = null
                       where alert_id = ? and channel = ?""",
                    [to_text(now), *key],
                )
                continue
            attempts = self._db.execute(
                "select attempts + 1 from deliveries where alert_id = ? and channel = ?", key
            ).fetchone()[0]
            wait = next_attempt_after(attempts)
            self._db.execute(
                """update deliveries set state = ?, attempts = ?, next_attempt_at = ?, last_error = ?
                   where alert_id = ? and channel = ?""",
                ["owed" if wait else "dead", attempts, to_text(now + wait if wait else now), receipt.error, *key],
            )

    def clamp(self, now: datetime, longest: timedelta) -> None:
        """No attempt is further away than the longest wait there is: the clock may have been wrong when it was set."""
        self._db.execute(
            """update deliveries set next_attempt_at = max(?1, coalesce(not_before, ''))
                where state = 'owed' and next_attempt_at > max(?1, coalesce(not_before, ''))""",
            [to_text(now + longest)],
        )

    def retry_dead(self, now: datetime) -> int:
        """Put dead deliveries back to be tried once more; how many."""
        cursor = self._db.execute(
            "update deliveries set state = 'owed', attempts = 0, next_attempt_at = ? where state = 'dead'",
            [to_text(now)],
        )
        return cursor.rowcount


def read_alerts(
    db: Database, *, since: str | None = None, rule: str | None = None, after_id: int = 0, newest: int | None = None
) -> list[Alert]:
    """Alerts that were sent or are owed, oldest first; at most the `newest` of them."""
    where, arguments = ["al.held is null", "al.id > ?"], [after_id]
    for clause, value in (("al.created_at >= ?", since), ("al.rule = ?", rule)):
        if value is not None:
            where.append(clause)
            arguments.append(value)  # type: ignore[arg-type]
    rows = db.execute(
        f"""select {_ALERT_COLUMNS} from alerts al left join articles a on a.id = al.article_id
             where {" and ".join(where)} order by al.id desc limit ?""",
        [*arguments, -1 if newest is None else newest],
    ).fetchall()
    return [_alert(row) for row in reversed(rows)]


def read_about(column: object) -> tuple[About, ...]:
    """What `alerts.about` holds; nothing in alerts that were made before it was there."""
    return tuple(About(**one) for one in json.loads(str(column or "[]")))


def _alert(row: Sequence[object]) -> Alert:
    values = list(row)
    values[6], values[7] = (tuple(json.loads(str(value))) for value in values[6:8])
    values[-1] = read_about(values[-1])
    return Alert(*values)  # type: ignore[arg-type]

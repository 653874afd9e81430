"""What a rule itself holds back: out of its hours, past its last day, too soon after an alert, enough for a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.conftest import Clock
from tests.intake import Inbox, Tables, news
from watcher.match.owe import owe_alerts
from watcher.model import Identity, Match, Reading, Rule

WORD = "中标"


def put(inbox: Inbox, number: int) -> int:
    """One more report, of another story each; how many alerts went out."""
    body = f"样例公司第{number}次公告，{'甲乙丙丁戊己庚辛'[number % 8] * 30}，公司中标{number * 7919}号项目，金额待定。"
    return inbox.put(f"{number}.md", news(f"第{number}次中标", body)).alert_count


def held(rule: Rule, now: datetime) -> str | None:
    reading = Reading(news(), Identity("", ""), (), (Match(rule.name, ()),))
    [owed] = owe_alerts(reading, {rule.name: rule}, channels=("log",), max_age=None, hold=None, now=now)
    return owed.held


@pytest.mark.parametrize(
    ("hours", "clock", "reason"),
    [
        ((time(9, 15), time(15, 5)), "09:15", None),
        ((time(9, 15), time(15, 5)), "15:05", None),
        ((time(9, 15), time(15, 5)), "09:14", "hours"),
        ((time(9, 15), time(15, 5)), "15:06", "hours"),
        ((time(20, 0), time(8, 30)), "23:00", None),
        ((time(20, 0), time(8, 30)), "08:30", None),
        ((time(20, 0), time(8, 30)), "12:00", "hours"),
    ],
)
def test_rule_alerts_in_its_hours_by_its_owners_clock(hours: tuple[time, time], clock: str, reason: str | None) -> None:
    """Shanghai is eight hours ahead of UTC."""
    hour, minute = map(int, clock.split(":"))
    now = datetime(2026, 11, 20, hour, minute, 59, tzinfo=UTC) - timedelta(hours=8)

    assert held(Rule("r", keywords=(WORD,), hours=hours), now) == reason


@pytest.mark.parametrize(("hour", "reason"), [(15, None), (16, "until")])
def test_rule_alerts_until_the_end_of_its_last_day(hour: int, reason: str | None) -> None:
    rule = Rule("r", keywords=(WORD,), until=date(2026, 11, 20))

    assert held(rule, datetime(2026, 11, 20, hour, 59, tzinfo=UTC)) == reason


def test_rule_is_silent_after_an_alert_and_says_so_once(inbox: Inbox, rows: Tables, clock: Clock) -> None:
    inbox.rules = (Rule("r", keywords=(WORD,), cooldown=timedelta(minutes=10)),)

    assert [put(inbox, number) for number in range(3)] == [1, 0, 0]
    assert rows("select held from alerts where rule = 'r'") == [None, "cooldown", "cooldown"]
    [notice] = rows("select headline from alerts where rule = 'watcher'")
    assert notice == "Rule r holds back further alerts: it alerted a moment ago. They are recorded, not sent."

    clock.advance(601)
    assert [put(inbox, number) for number in range(3, 5)] == [1, 0]
    assert rows("select count(*) from alerts where rule = 'watcher'") == [2]


def test_rule_raises_no_more_than_its_alerts_a_day(inbox: Inbox, rows: Tables, clock: Clock) -> None:
    inbox.rules = (Rule("r", keywords=(WORD,), max_per_day=2), Rule("s", keywords=(WORD,)))

    assert [put(inbox, number) for number in range(4)] == [2, 2, 1, 1]
    [notice] = rows("select headline from alerts where rule = 'watcher'")
    assert notice.startswith("Rule r holds back further alerts: it has raised 2 alerts today.")

    clock.advance(24 * 3600)
    assert put(inbox, 4) == 2


def test_what_was_held_back_does_not_count_against_the_day(inbox: Inbox, rows: Tables) -> None:
    inbox.rules = (Rule("r", keywords=(WORD,), cooldown=timedelta(hours=1), max_per_day=2),)

    for number in range(4):
        put(inbox, number)

    assert rows("select held from alerts where rule = 'r'") == [None, "cooldown", "cooldown", "cooldown"]

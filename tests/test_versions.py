"""Agencies number their items: later versions replace earlier ones, cancellations withdraw, embargoes hold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.intake import BODY, CONTRACT, STOCK, Inbox, Tables, news
from watcher.model import Receipt
from watcher.store import Store

CORRECTED = BODY.replace("一亿二千万元", "一亿三千万元")
CANCELLED = "本条撤稿，请勿使用此前发出的关于雄帝科技中标的稿件，特此说明，谢谢各位用户的配合与理解。"


def test_later_version_replaces_the_earlier_one_from_another_file(inbox: Inbox, rows: Tables) -> None:
    inbox.put("v1.xml", news(native_id="urn:1", version="1"))
    outcome = inbox.put("v2.xml", news(body=CORRECTED, native_id="urn:1", version="2"))

    assert rows("select version, state, replaces_id, story_id from articles") == [
        ("1", "replaced", None, 1),
        ("2", "current", 1, 1),
    ]
    assert outcome.alert_count == 0, "the story was alerted already"


def test_version_that_comes_late_is_kept_and_alerts_nobody(inbox: Inbox, rows: Tables) -> None:
    inbox.put("v10.xml", news("撤销处罚", body=BODY.replace("中标", "签订"), native_id="urn:1", version="10"))
    outcome = inbox.put("v9.xml", news(native_id="urn:1", version="9"))

    assert rows("select version, state, replaces_id from articles") == [
        ("10", "current", None),
        ("9", "replaced", None),
    ]
    assert outcome.alert_count == 0


@pytest.mark.parametrize(
    "other",
    [
        {"native_id": "urn:2", "version": "2"},
        {"native_id": "urn:1", "version": "2", "publisher": "another agency"},
        {"native_id": "urn:1"},
    ],
    ids=["another number", "another publisher", "no version"],
)
def test_only_the_same_numbered_item_is_replaced(inbox: Inbox, rows: Tables, other: dict[str, str]) -> None:
    inbox.put("v1.xml", news(native_id="urn:1", version="1"))
    inbox.put("v2.xml", news("另一条", body=CORRECTED, **other))

    assert rows("select state from articles") == ["current", "current"]


def test_one_file_may_use_a_number_twice(inbox: Inbox, rows: Tables) -> None:
    inbox.put("feed.xml", news(native_id="1", version="1"), news("二", body=CORRECTED, native_id="1", version="1"))

    assert rows("select state, replaces_id from articles") == [("current", None), ("current", None)]


def test_cancellation_withdraws_and_tells_everybody_who_was_alerted(inbox: Inbox, rows: Tables) -> None:
    inbox.put("v1.xml", news(native_id="urn:1", version="1"))
    inbox.put("v2.xml", news("撤稿", body=CANCELLED, native_id="urn:1", version="2", status="canceled"))

    assert rows("select state from articles") == ["withdrawn", "withdrawn"]
    assert rows("select rule, headline from alerts order by id") == [
        ("stock", "雄帝科技中标"),
        ("contract", "雄帝科技中标"),
        ("stock", "Withdrawn: 雄帝科技中标"),
        ("contract", "Withdrawn: 雄帝科技中标"),
    ]
    assert rows("select count(*) from deliveries") == [8]


def test_cancellation_that_repeats_the_text_withdraws_it_too(inbox: Inbox, rows: Tables) -> None:
    inbox.put("v1.xml", news(native_id="urn:1", version="1"))
    inbox.put("kill.xml", news(native_id="urn:1", version="1", status="killed"))

    assert rows("select state from articles") == ["withdrawn"]


def test_item_that_names_what_it_cancels_withdraws_that(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.xml", news(native_id="iptc.a"))
    inbox.put("b.xml", news("撤稿", body=CANCELLED, native_id="iptc.b", status="canceled", cancels=("iptc.a",)))

    assert rows("select state from articles") == ["withdrawn", "withdrawn"]


def test_cancelled_item_that_was_never_seen_before_alerts_nobody(inbox: Inbox, rows: Tables) -> None:
    outcome = inbox.put("kill.xml", news(native_id="urn:1", status="canceled"))

    assert (outcome.alert_count, rows("select state from articles")) == (0, ["withdrawn"])
    assert rows("select count(*) from alerts") == [0]


def test_alert_is_owed_when_the_embargo_ends(inbox: Inbox, store: Store, clock: Clock) -> None:
    inbox.rules = (STOCK,)
    inbox.put("a.xml", news(embargo_until=clock.now() + timedelta(hours=30)))

    with store.transaction():
        store.deliveries.clamp(clock.now(), timedelta(hours=12))
    assert store.deliveries.owed(clock.now() + timedelta(hours=29)) == []
    assert len(store.deliveries.owed(clock.now() + timedelta(hours=31))) == 2


def test_embargo_that_is_over_holds_nothing(inbox: Inbox, store: Store, clock: Clock) -> None:
    inbox.rules = (STOCK,)
    inbox.put("a.xml", news(embargo_until=clock.now() - timedelta(days=3)))

    assert len(store.deliveries.owed(clock.now())) == 2


def test_failed_attempt_after_an_embargo_waits_no_longer_than_any_other(
    inbox: Inbox, store: Store, clock: Clock, rows: Tables
) -> None:
    inbox.rules = (CONTRACT,)
    inbox.put("a.xml", news(embargo_until=clock.now()))
    with store.transaction():
        store.deliveries.record([Receipt(1, "log", "no route")], lambda attempts: timedelta(days=9), clock.now())
        store.deliveries.clamp(clock.now(), timedelta(hours=12))

    [waits] = rows("select next_attempt_at from deliveries where channel = 'log'")
    assert waits <= (clock.now() + timedelta(hours=12)).isoformat()


def test_withheld_item_is_stored_and_its_alert_held(inbox: Inbox, rows: Tables) -> None:
    outcome = inbox.put("a.xml", news(status="withheld"))

    assert outcome.alert_count == 0
    assert rows("select distinct held from alerts") == ["withheld"]

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import NOW
from tests.conftest import Clock
from tests.intake import BODY, CONTRACT, STOCK, Inbox, Tables, news
from watcher.errors import AlreadyRunningError, StoreError
from watcher.model import (
    About,
    Article,
    Mark,
    Name,
    Outcome,
    Page,
    Receipt,
    Rule,
    Security,
    Taken,
)
from watcher.store import Entry, Lock, Store, holder_of, open_reader

OTHER_BODY = "北方华创发布三季报，营业收入同比增长三成，净利润同比增长四成，公司称订单饱满，产能仍在爬坡之中。"


def marked(body: str, *words: tuple[str, str]) -> Article:
    """A copy in which the publisher marked securities up: (symbol, word)."""
    marks = (Mark(symbol, word, body.index(word), body.index(word) + len(word)) for symbol, word in words)
    return news(body=body, marks=tuple(marks))


# Kept together or not at all


def test_file_leaves_its_rows_in_every_table(inbox: Inbox, rows: Tables) -> None:
    outcome = inbox.put("a.md", news(publisher="证券时报", source="东财滚动新闻"))

    assert outcome == Outcome(
        path=b"/inbox/a.md",
        state="stored",
        titles=("雄帝科技中标",),
        publisher="证券时报",
        symbols=("300546.SZ",),
        alert_count=2,
    )
    assert rows("select path, path_bytes, state, reason, attempts, format from files") == [
        ("/inbox/a.md", b"/inbox/a.md", "stored", None, 1, "post")
    ]
    assert rows("select title, body, publisher, state, story_id from articles") == [
        ("雄帝科技中标", BODY, "证券时报", "current", 1)
    ]
    assert rows("select article_id, file_id, position from sightings") == [(1, 1, 1)]
    assert rows("select headline, first_article_id, article_count, publisher_count from stories") == [
        ("雄帝科技中标", 1, 1, 1)
    ]
    assert rows("select article_id, symbol, written_as, how, in_title from mentions") == [
        (1, "300546.SZ", "雄帝科技", "name", 1)
    ]
    assert rows("select article_id, rule from matches order by rowid") == [(1, "stock"), (1, "contract")]
    assert rows("select rule, story_id, article_id, severity, symbols, held from alerts") == [
        ("stock", 1, 1, "normal", '["300546.SZ"]', None),
        ("contract", 1, 1, "normal", "[]", None),
    ]
    assert rows("select alert_id, channel, state, attempts from deliveries order by 1, 2") == [
        (1, "log", "owed", 0),
        (1, "screen", "owed", 0),
        (2, "log", "owed", 0),
        (2, "screen", "owed", 0),
    ]


def test_error_in_a_batch_leaves_nothing_of_the_batch(store: Store, inbox: Inbox, rows: Tables) -> None:
    batch = [inbox.begun("good.md", news()), inbox.begun("bad.md", news(body=OTHER_BODY, author="\ud83d"))]

    with pytest.raises(UnicodeEncodeError):
        store.save(batch)

    assert rows("select path, state, reason from files order by id") == [
        ("/inbox/good.md", "waiting", "being read"),
        ("/inbox/bad.md", "waiting", "being read"),
    ]
    for table in ("articles", "sightings", "stories", "mentions", "matches", "alerts", "deliveries"):
        assert rows(f"select count(*) from {table}") == [0]


def test_after_an_error_the_next_batch_is_kept(store: Store, inbox: Inbox, rows: Tables) -> None:
    with pytest.raises(UnicodeEncodeError):
        inbox.put("bad.md", news(author="\ud83d"))
    inbox.put("good.md", news())

    assert rows("select state from files order by id") == ["waiting", "stored"]


def test_transaction_takes_the_write_lock_at_once(store: Store, database: Path) -> None:
    """A plain BEGIN fails without waiting when another process wrote since the first read: reliability row D2."""
    with closing(sqlite3.connect(database, timeout=0)) as other:
        with store.transaction(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("begin immediate")

        other.execute("begin immediate")


def test_writer_waits_for_another_one(store: Store, inbox: Inbox, rows: Tables, database: Path) -> None:
    taken = inbox.begun("a.md", news())
    with closing(sqlite3.connect(database, check_same_thread=False)) as other:
        other.execute("begin immediate")
        # The other one lets go only while we wait.
        release = threading.Timer(0.1, other.rollback)
        release.start()
        store.save([taken])
        release.join()

    assert rows("select state from files order by id") == ["stored"]


def test_readers_never_wait_for_the_writer(store: Store, inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    with store.transaction():
        store.ledger.retry()

        assert rows("select count(*) from articles") == [1]


def test_attempt_is_committed_before_anything_is_parsed(store: Store, inbox: Inbox, rows: Tables) -> None:
    """A file that takes the machine down is counted all the same: reliability row P5."""
    found = inbox.found("a.md")
    attempts = [store.begin([(found, "sha")]) for _ in range(3)]

    assert attempts == [[1], [2], [3]]
    assert rows("select state, reason, attempts, sha256 from files") == [("waiting", "being read", 3, "sha")]


def test_other_bytes_start_counting_anew(store: Store, inbox: Inbox) -> None:
    found = inbox.found("a.md")
    attempts = [store.begin([(found, sha)])[0] for sha in ("one", "one", "two")]

    assert attempts == [1, 2, 1]


# The same article again


def test_same_bytes_elsewhere_are_a_duplicate_with_a_sighting(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    outcome = inbox.put("b.md", news())

    assert outcome == Outcome(b"/inbox/b.md", "duplicate", "the same bytes as a file that is stored")
    assert rows("select path, state, reason from files where id = 2") == [
        ("/inbox/b.md", "duplicate", "the same bytes as a file that is stored")
    ]
    assert rows("select article_id, file_id from sightings order by rowid") == [(1, 1), (1, 2)]
    assert rows("select count(*) from articles") == [1]


def test_same_text_in_other_markup_is_a_duplicate_with_a_sighting(inbox: Inbox, rows: Tables) -> None:
    """Width, case and white space are what copies differ in."""
    inbox.put("a.md", news())
    outcome = inbox.put("b.html", news(title="雄帝科技 中标", body=BODY.replace("，", "，\n").replace("。", "。 ")))

    assert (outcome.state, outcome.reason) == ("duplicate", "an article that is stored already")
    assert outcome.alert_count == 0
    assert rows("select state, reason from files where id = 2") == [("duplicate", "an article that is stored already")]
    assert rows("select article_id, file_id from sightings order by rowid") == [(1, 1), (1, 2)]
    assert rows("select count(*) from articles") == [1]
    assert rows("select count(*) from alerts") == [2]


def test_another_article_is_not_a_duplicate(inbox: Inbox, rows: Tables) -> None:
    states = [inbox.put("a.md", news()).state, inbox.put("b.md", news(body=OTHER_BODY)).state]

    assert states == ["stored", "stored"]
    assert rows("select id, story_id from articles") == [(1, 1), (2, 2)]


def test_copy_without_title_is_recognised_by_its_body(inbox: Inbox, rows: Tables) -> None:
    inbox.put("titled.md", news())
    outcome = inbox.put("untitled.md", news(title=None))

    assert outcome.state == "duplicate"
    assert rows("select title from articles") == ["雄帝科技中标"]
    assert rows("select article_id, file_id from sightings order by rowid") == [(1, 1), (1, 2)]


def test_article_that_came_without_title_is_completed(inbox: Inbox, rows: Tables) -> None:
    inbox.put("untitled.md", news(title=None, published_at=date(2026, 11, 19), published_from="file name"))
    full = news(
        summary="中标公告",
        url="https://example.com/1",
        native_id="202611201",
        source="东财滚动新闻",
        publisher="证券时报",
        author="张三",
        section="公司",
        published_at=NOW,
        published_from="field",
    )
    outcome = inbox.put("titled.md", full)

    assert outcome.state == "duplicate"
    assert rows(
        "select title, summary, url, native_id, source, publisher, author, section, published_at, published_from"
        " from articles"
    ) == [
        (
            full.title,
            full.summary,
            full.url,
            full.native_id,
            full.source,
            full.publisher,
            full.author,
            full.section,
            "2026-11-20T09:00:00+00:00",
            "field",
        )
    ]
    assert rows("select headline from stories") == ["雄帝科技中标"]


def test_copies_of_a_completed_article_are_recognised_with_and_without_title(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news(title=None))
    inbox.put("b.md", news())
    states = [inbox.put("c.html", news(body=BODY + "\n")).state, inbox.put("d.html", news(None, BODY + "\n")).state]

    assert states == ["duplicate", "duplicate"]
    assert rows("select count(*) from articles") == [1]


def test_what_the_fuller_copy_has_does_not_replace_what_is_known(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news(None, url="https://a.b/1", summary="旧", published_at=NOW, published_from="dateline"))
    later = NOW + timedelta(hours=1)
    inbox.put("b.md", news(url="https://a.b/2", summary="新", published_at=later, published_from="field"))

    assert rows("select url, summary, published_at, published_from from articles") == [
        ("https://a.b/1", "旧", "2026-11-20T09:00:00+00:00", "dateline")
    ]


def test_title_that_comes_later_alerts_the_rules_it_makes_hold(inbox: Inbox, rows: Tables) -> None:
    inbox.rules = (CONTRACT, Rule("headline", keywords=("重磅",)))
    inbox.put("untitled.md", news(title=None))
    outcome = inbox.put("titled.md", news(title="重磅中标"))

    assert outcome.alert_count == 1
    assert rows("select rule, article_id from alerts") == [("contract", 1), ("headline", 1)]


def test_short_bodies_without_title_are_not_taken_for_each_other(inbox: Inbox, rows: Tables) -> None:
    """略 is the body of many an announcement."""
    inbox.put("a.md", news(title="公告一", body="详见附件"))
    inbox.put("b.md", news(title=None, body="详见附件"))

    assert rows("select title from articles") == ["公告一", None]


def test_same_body_under_two_titles_is_two_articles(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news(title="中标公告"))
    inbox.put("b.md", news(title="补充公告"))

    assert rows("select title from articles") == ["中标公告", "补充公告"]


def test_securities_that_only_a_copy_marks_up_are_added_and_alerted(inbox: Inbox, rows: Tables) -> None:
    inbox.rules = (Rule("marked", stocks=("00700.HK",)),)
    body = BODY + "鹅厂参与了本项目。"
    inbox.put("plain.md", news(body=body))
    outcome = inbox.put("marked.html", marked(body, ("00700.HK", "鹅厂")))

    assert outcome.alert_count == 1
    assert rows("select symbol, how from mentions where symbol = '00700.HK'") == [("00700.HK", "markup")]
    assert rows("select rule, symbols from alerts") == [("marked", '["00700.HK"]')]
    assert rows("select rule, article_id from matches") == [("marked", 1)]


def test_places_found_in_a_copy_are_places_in_the_stored_text(inbox: Inbox, rows: Tables) -> None:
    """Copies differ in white space, so the same word stands elsewhere in each."""
    inbox.rules = (Rule("marked", stocks=("00700.HK",)),)
    body = BODY + "鹅厂参与了本项目。"
    inbox.put("plain.md", news(body=body))
    inbox.put("marked.html", marked(body.replace("，", "， \n"), ("00700.HK", "鹅厂")))

    [(evidence, first_at)] = rows("select evidence, first_at from mentions where symbol = '00700.HK'")
    [matched] = rows("select evidence from matches")
    for places in (json.loads(evidence), json.loads(matched)):
        assert [(one["field"], body[one["start"] : one["end"]]) for one in places] == [("body", "鹅厂")]
    assert first_at == body.index("鹅厂")


def test_each_place_found_in_a_copy_keeps_its_own(inbox: Inbox, rows: Tables) -> None:
    body = "鹅厂中标。" + BODY + "鹅厂参与了本项目，鹅厂称期待已久。"
    copy = body.replace("，", "， \n")
    marks = tuple(
        Mark("00700.HK", "鹅厂", start, start + 2) for start in range(len(copy)) if copy.startswith("鹅厂", start)
    )
    inbox.put("plain.md", news(body=body))
    inbox.put("marked.html", news(body=copy, marks=marks))

    [(evidence, first_at)] = rows("select evidence, first_at from mentions where symbol = '00700.HK'")
    places = [start for start in range(len(body)) if body.startswith("鹅厂", start)]
    assert [one["start"] for one in json.loads(evidence)] == places
    assert first_at == 0


def test_summary_that_only_a_copy_has_is_kept_with_what_was_found_in_it(inbox: Inbox, rows: Tables) -> None:
    """A place in a text that is not stored could not be shown."""
    inbox.put("plain.md", news())
    inbox.put("digest.md", news(summary="（00700.HK）参与了本项目"))

    [(summary, evidence)] = rows(
        "select a.summary, m.evidence from articles a join mentions m on m.article_id = a.id where symbol = '00700.HK'"
    )
    assert [summary[one["start"] : one["end"]] for one in json.loads(evidence)] == ["00700.HK"]


def test_rule_added_since_does_not_alert_about_a_copy(inbox: Inbox, rows: Tables) -> None:
    """An archive that is exported again must not flood the channels."""
    inbox.rules = (STOCK,)
    inbox.put("a.md", news())
    inbox.rules = (STOCK, CONTRACT)
    outcome = inbox.put("b.html", news(body=BODY + "\n"))

    assert outcome.alert_count == 0
    assert rows("select rule from alerts") == ["stock"]


# The same file again


def test_touched_file_stays_as_it_is(store: Store, inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    before = rows("select state, sha256, attempts, finished_at, format from files")
    inbox.clock.advance(60)
    touched = inbox.found("a.md")
    [sha256] = rows("select sha256 from files")
    attempts = store.begin([(touched, sha256)])

    assert attempts == [0]
    assert rows("select state, sha256, attempts, finished_at, format from files") == before
    assert store.ledger.entries([touched.path]) == {
        touched.path: Entry(1, touched.stamp, "stored", sha256, 1, is_racy=True)
    }


def test_revision_replaces_the_article_of_its_path(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    outcome = inbox.put("a.md", news(body=BODY + "更正：工期为二十个月。"))

    assert outcome.state == "stored"
    assert rows("select id, state, replaces_id, story_id from articles") == [
        (1, "replaced", None, 1),
        (2, "current", 1, 1),
    ]


def test_revision_does_not_alert_again_about_its_story(inbox: Inbox, rows: Tables) -> None:
    """Reliability row F1."""
    inbox.put("a.md", news())
    outcome = inbox.put("a.md", news(body=BODY + "更正：工期为二十个月。"))

    assert outcome.alert_count == 0
    assert rows("select rule, article_id from alerts") == [("stock", 1), ("contract", 1)]
    assert rows("select rule from matches where article_id = 2 order by rowid") == ["stock", "contract"]


def test_revision_may_change_its_title(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    inbox.put("a.md", news("更正：雄帝科技中标", BODY + "更正。"))

    assert rows("select title, story_id from articles") == [("雄帝科技中标", 1), ("更正：雄帝科技中标", 1)]


@pytest.mark.parametrize("same", [{"url": "https://a.b/1"}, {"native_id": "20261120"}])
def test_report_written_anew_under_its_number_or_address_is_the_same_story(
    inbox: Inbox, rows: Tables, same: dict[str, str]
) -> None:
    """A flash of one line becomes a full report."""
    inbox.put("a.md", news(title="快讯", body="雄帝科技中标。", **same))
    inbox.put("a.md", news(title="雄帝科技中标详情", body=OTHER_BODY, **same))

    assert rows("select story_id from articles") == [1, 1]


def test_other_news_under_the_title_of_yesterday_is_another_story(inbox: Inbox, rows: Tables) -> None:
    """A latest.md that is always called 今日要闻 would alert once and never again."""
    inbox.put("a.md", news(title="今日要闻", body="雄帝科技中标。"))
    inbox.put("a.md", news(title="今日要闻", body=OTHER_BODY))

    assert rows("select story_id from articles") == [1, 2]


def test_revision_alerts_what_is_newly_matched(inbox: Inbox, rows: Tables) -> None:
    inbox.rules = (STOCK, Rule("correction", keywords=("更正",)))
    inbox.put("a.md", news())
    outcome = inbox.put("a.md", news(body=BODY + "更正：工期为二十个月。"))

    assert outcome.alert_count == 1
    assert rows("select rule, article_id, story_id from alerts") == [("stock", 1, 1), ("correction", 2, 1)]


def test_other_news_under_the_same_name_alert_again(inbox: Inbox, rows: Tables) -> None:
    """Some exporters write every report to the same latest.md."""
    inbox.put("latest.md", news())
    outcome = inbox.put("latest.md", news("雄帝科技三季报", OTHER_BODY + "雄帝科技的合同负债也有增长。"))

    assert outcome.alert_count == 2
    assert rows("select id, state, replaces_id, story_id from articles") == [
        (1, "replaced", None, 1),
        (2, "current", 1, 2),
    ]


def test_file_that_goes_back_to_what_it_was_makes_that_current_again(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    inbox.put("a.md", news(body=OTHER_BODY))
    outcome = inbox.put("a.md", news())

    assert (outcome.state, outcome.alert_count) == ("stored", 0)
    assert rows("select id, state from articles") == [(1, "current"), (2, "replaced")]
    assert rows("select state from files order by id") == ["stored"]


def test_third_version_replaces_the_one_the_file_held_last(inbox: Inbox, rows: Tables) -> None:
    """Whatever it held before that, and whoever else holds it."""
    first, second = news(), news(body=OTHER_BODY)
    inbox.put("other.md", first)
    inbox.put("another.md", second)
    for article in (first, second, first, news(body=BODY + "更正：工期为二十个月。")):
        inbox.put("a.md", article)

    assert rows("select id, state, replaces_id from articles") == [
        (1, "current", None),
        (2, "current", None),
        (3, "current", 1),
    ]


def test_third_version_replaces_the_second_or_the_first_come_back(inbox: Inbox, rows: Tables) -> None:
    corrected = news(body=BODY + "更正：工期为二十个月。")
    for article in (news(), news(body=OTHER_BODY), news(), corrected):
        inbox.put("a.md", article)

    assert rows("select id, state, replaces_id from articles") == [
        (1, "replaced", None),
        (2, "replaced", 1),
        (3, "current", 1),
    ]


def test_article_that_another_file_still_holds_stays_current(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    inbox.put("b.md", news())
    inbox.put("a.md", news(body=BODY + "更正。"))

    assert rows("select state from articles") == ["current", "current"]


@pytest.mark.parametrize("corrected", [BODY + "更正。", OTHER_BODY], ids=["a little", "altogether"])
def test_article_is_replaced_once_the_last_file_that_held_it_has_changed(
    inbox: Inbox, rows: Tables, corrected: str
) -> None:
    """A report that is exported into two folders is corrected in both, one after the other."""
    for article in (news(), news(body=corrected)):
        inbox.put("a.md", article)
        inbox.put("b.md", article)

    assert rows("select state from articles") == ["replaced", "current"]


def test_article_is_replaced_once_files_that_held_it_changed_to_different_things(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    inbox.put("b.md", news())
    inbox.put("a.md", news(body=BODY + "更正。"))
    inbox.put("b.md", news(body=OTHER_BODY))

    assert rows("select state from articles") == ["replaced", "current", "current"]


def test_file_that_becomes_a_copy_of_another_gives_up_what_it_held(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    inbox.put("b.md", news(body=OTHER_BODY))
    inbox.put("b.md", news())

    assert rows("select state from articles") == ["current", "replaced"]
    assert rows("select article_id, file_id from sightings order by rowid") == [(1, 1), (2, 2), (1, 2)]


def test_copy_of_a_file_is_no_sighting_of_what_that_file_held_before(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    inbox.put("a.md", news(body=OTHER_BODY))
    inbox.put("b.md", news(body=OTHER_BODY))

    assert rows("select article_id, file_id from sightings order by rowid") == [(1, 1), (2, 1), (2, 2)]


def numbered(*numbers: int) -> list[Article]:
    """Articles as alike as announcements of one company are."""
    return [news(f"第{number}条", f"第{number}条的全文。{BODY}") for number in numbers]


def test_file_may_hold_many_articles(inbox: Inbox, rows: Tables) -> None:
    outcome = inbox.put("digest.md", *numbered(1, 2, 3))

    assert outcome.titles == ("第1条", "第2条", "第3条")
    assert rows("select title, position from articles") == [("第1条", 1), ("第2条", 2), ("第3条", 3)]
    assert rows("select article_id, position from sightings") == [(1, 1), (2, 2), (3, 3)]


def test_file_that_holds_one_article_gives_it_no_position(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())

    assert rows("select position from articles") == [None]


def test_digest_that_loses_an_article_replaces_only_that_one(inbox: Inbox, rows: Tables) -> None:
    inbox.put("digest.md", *numbered(1, 2, 3))
    inbox.put("digest.md", *numbered(1, 3))

    assert rows("select title, state from articles") == [
        ("第1条", "current"),
        ("第2条", "replaced"),
        ("第3条", "current"),
    ]


def test_article_put_on_top_of_a_digest_replaces_none_of_those_below(inbox: Inbox, rows: Tables) -> None:
    """The newest stands first, and each moves down by one."""
    inbox.put("digest.md", *numbered(1, 2))
    outcome = inbox.put("digest.md", *numbered(3, 1, 2))

    assert outcome.titles == ("第3条",)
    assert rows("select title, state, replaces_id from articles") == [
        ("第1条", "current", None),
        ("第2条", "current", None),
        ("第3条", "current", None),
    ]


def test_article_put_on_top_of_a_digest_is_a_story_of_its_own(inbox: Inbox, rows: Tables) -> None:
    """Even if all articles of the digest carry the digest's address."""
    inbox.put("digest.md", *(replace(one, url="https://example.com/digest") for one in numbered(1, 2)))
    outcome = inbox.put("digest.md", *(replace(one, url="https://example.com/digest") for one in numbered(3, 1, 2)))

    assert outcome.alert_count == 2
    assert rows("select title, story_id from articles") == [("第1条", 1), ("第2条", 2), ("第3条", 3)]


def test_article_changed_in_its_place_in_a_digest_is_a_revision(inbox: Inbox, rows: Tables) -> None:
    inbox.put("digest.md", *numbered(1, 2))
    first, second = numbered(1, 2)
    inbox.put("digest.md", first, replace(second, body=second.body + "更正。"))

    assert rows("select title, state, replaces_id, story_id from articles") == [
        ("第1条", "current", None, 1),
        ("第2条", "replaced", None, 2),
        ("第2条", "current", 2, 2),
    ]


def test_article_that_stands_twice_in_a_file_is_one(inbox: Inbox, rows: Tables) -> None:
    outcome = inbox.put("digest.md", news(), news())

    assert outcome.titles == ("雄帝科技中标",)
    assert rows("select article_id, file_id from sightings order by rowid") == [(1, 1)]
    assert rows("select rule from alerts") == ["stock", "contract"]


# What alerts are owed


def test_rule_alerts_once_about_a_story(inbox: Inbox, rows: Tables) -> None:
    for body in (BODY, BODY + "更正。", BODY + "再更正。", BODY):
        inbox.put("a.md", news(body=body))

    assert rows("select rule, story_id from alerts") == [("stock", 1), ("contract", 1)]
    assert rows("select count(*) from deliveries") == [4]


def test_rule_may_name_its_channels(inbox: Inbox, rows: Tables) -> None:
    inbox.rules = (replace(STOCK, channels=("phone",)),)
    inbox.put("a.md", news())

    assert rows("select channel from deliveries") == ["phone"]


def test_channel_named_twice_is_owed_once(inbox: Inbox, rows: Tables) -> None:
    inbox.rules = (replace(STOCK, channels=("phone", "phone")),)
    inbox.put("a.md", news())

    assert rows("select channel from deliveries") == ["phone"]


@pytest.mark.parametrize("hold", ["baseline", "no alerts"])
def test_alert_held_back_is_recorded_and_owed_to_nobody(inbox: Inbox, rows: Tables, hold: str) -> None:
    outcome = inbox.put("a.md", news(), hold=hold)

    assert outcome.alert_count == 0
    assert rows("select rule, held from alerts") == [("stock", hold), ("contract", hold)]
    assert rows("select rule from matches order by rowid") == ["stock", "contract"]
    assert rows("select count(*) from deliveries") == [0]


def test_old_article_is_matched_and_its_alert_held_back(inbox: Inbox, rows: Tables) -> None:
    inbox.max_age = timedelta(days=3)
    inbox.put("a.md", news(published_at=inbox.clock.now() - timedelta(days=4), published_from="field"))

    assert rows("select rule, held from alerts") == [("stock", "max_age"), ("contract", "max_age")]
    assert rows("select count(*) from deliveries") == [0]


def test_copies_and_revisions_of_what_was_held_back_raise_no_alert(inbox: Inbox, rows: Tables) -> None:
    """The archive is there already when the first live copy comes."""
    inbox.put("archive.md", news(), hold="baseline")
    counts = [
        inbox.put("copy.md", news()).alert_count,
        inbox.put("copy.html", news(body=BODY + "\n")).alert_count,
        inbox.put("archive.md", news(body=BODY + "更正。")).alert_count,
    ]

    assert counts == [0, 0, 0]
    assert rows("select count(*) from deliveries") == [0]


def test_alert_keys_are_the_same_in_every_database(tmp_path: Path, clock: Clock) -> None:
    """A database that is rebuilt must not make receivers take old alerts for new ones."""
    keys = []
    for name in ("one", "two"):
        clock.advance(1000)
        with closing(Store(tmp_path / f"{name}.db", now=clock.now)) as store:
            inbox = Inbox(store, clock)
            if name == "two":
                inbox.put("other.md", news(body=OTHER_BODY))
            inbox.put(f"{name}.md", news())
        keys.append(set(Tables(tmp_path / f"{name}.db")("select key from alerts where rule = 'contract'")))

    assert len(keys[0]) == 1
    assert keys[0] <= keys[1]


def test_operator_is_told_once_about_one_thing(store: Store, rows: Tables) -> None:
    for about in ("inbox", "inbox", "outbox"):
        store.operator_alert(about, f"{about} is new", ("screen",))

    assert rows("select rule, headline, article_id from alerts") == [
        ("watcher", "inbox is new", None),
        ("watcher", "outbox is new", None),
    ]
    assert rows("select alert_id, channel, state from deliveries") == [(1, "screen", "owed"), (2, "screen", "owed")]


# The outbox


def waits(attempts: int) -> timedelta | None:
    """An hour after the first failure, two after the second, then no more."""
    return timedelta(hours=attempts) if attempts < 3 else None


def owed(store: Store, clock: Clock) -> list[tuple[str, str, int]]:
    return [(one.alert.rule, one.channel, one.attempts) for one in store.deliveries.owed(clock.now())]


def test_delivery_carries_the_alert_as_a_channel_needs_it(inbox: Inbox, store: Store, clock: Clock) -> None:
    inbox.rules = (replace(CONTRACT, severity="high", channels=("log",)),)
    inbox.put(
        "a.md",
        news(publisher="证券时报", url="https://a.b/1", published_at=date(2026, 11, 20), published_from="field"),
    )
    [delivery] = store.deliveries.owed(clock.now())

    assert (delivery.channel, delivery.attempts) == ("log", 0)
    assert delivery.alert == replace(
        store.reader.alerts()[0],
        rule="contract",
        severity="high",
        headline="雄帝科技中标",
        excerpt=BODY,
        symbols=(),
        terms=("合同",),
        article_id=1,
        story_id=1,
        publisher="证券时报",
        published_at="2026-11-20",
        url="https://a.b/1",
        path="/inbox/a.md",
    )


def test_delivered_alert_is_owed_no_longer(inbox: Inbox, store: Store, clock: Clock, rows: Tables) -> None:
    inbox.rules = (CONTRACT,)
    inbox.put("a.md", news())
    store.deliveries.record([Receipt(1, "log")], waits, clock.now())

    assert owed(store, clock) == [("contract", "screen", 0)]
    assert rows(
        "select state, attempts, last_error, delivered_at is not null from deliveries where channel = 'log'"
    ) == [("delivered", 1, None, 1)]


def test_failed_delivery_is_owed_again_later_and_later_until_it_is_dead(
    inbox: Inbox, store: Store, clock: Clock, rows: Tables
) -> None:
    inbox.rules = (replace(CONTRACT, channels=("log",)),)
    inbox.put("a.md", news())
    seen = []
    for hours in (1, 2, 3):
        store.deliveries.record([Receipt(1, "log", "disk full")], waits, clock.now())
        at_once = owed(store, clock)
        clock.advance(hours * 3600 - 1)
        too_early = owed(store, clock)
        clock.advance(1)
        seen.append((at_once, too_early, owed(store, clock)))

    assert seen == [([], [], [("contract", "log", 1)]), ([], [], [("contract", "log", 2)]), ([], [], [])]
    assert rows("select state, attempts, last_error from deliveries") == [("dead", 3, "disk full")]


def test_delivery_that_succeeds_at_last_keeps_no_error(inbox: Inbox, store: Store, clock: Clock, rows: Tables) -> None:
    inbox.rules = (replace(CONTRACT, channels=("log",)),)
    inbox.put("a.md", news())
    for error in ("disk full", None):
        store.deliveries.record([Receipt(1, "log", error)], waits, clock.now())

    assert rows("select state, attempts, last_error from deliveries") == [("delivered", 2, None)]


def test_dead_deliveries_are_put_back_to_be_tried_as_if_new(
    inbox: Inbox, store: Store, clock: Clock, rows: Tables
) -> None:
    inbox.rules = (CONTRACT,)
    inbox.put("a.md", news())
    for receipt in (
        Receipt(1, "log", "gone"),
        Receipt(1, "log", "gone"),
        Receipt(1, "log", "gone"),
        Receipt(1, "screen"),
    ):
        store.deliveries.record([receipt], waits, clock.now())
    count = store.deliveries.retry_dead(clock.now())

    assert (count, owed(store, clock)) == (1, [("contract", "log", 0)])
    assert rows("select channel, state from deliveries order by channel") == [("log", "owed"), ("screen", "delivered")]


def test_oldest_alerts_are_owed_first_and_not_more_than_asked_for(inbox: Inbox, store: Store, clock: Clock) -> None:
    inbox.rules = (replace(CONTRACT, channels=("log",)),)
    for number in range(5):
        inbox.put(f"{number}.md", news(f"合同{number}", BODY[number:]))

    assert [one.alert.headline for one in store.deliveries.owed(clock.now(), limit=3)] == ["合同0", "合同1", "合同2"]


# What became of files


@pytest.mark.parametrize(
    ("taken", "state"),
    [
        (lambda found: Taken(found, reason="too large"), "failed"),
        (lambda found: Taken(found, reason="Permission denied", retry=True), "waiting"),
        (lambda found: Taken(replace(found, ignored="a hidden file"), reason="a hidden file"), "ignored"),
    ],
    ids=["failed", "waiting", "ignored"],
)
def test_file_that_was_not_read_has_one_state_and_a_reason(
    store: Store, inbox: Inbox, rows: Tables, taken: Any, state: str
) -> None:
    one = taken(inbox.found("a.md"))
    [outcome] = store.save([one])

    assert outcome == Outcome(b"/inbox/a.md", state, one.reason)  # type: ignore[arg-type]
    assert rows("select state, reason, attempts, size, sha256, finished_at is not null from files") == [
        (state, one.reason, 1, 100, None, 1)
    ]


def test_parsed_page_that_failed_keeps_its_hash_and_attempts(store: Store, inbox: Inbox, rows: Tables) -> None:
    found, read = inbox.found("a.md"), Page("a.md", "", "gb18030", "sha", "Asia/Shanghai")
    store.begin([(found, "sha")])
    store.begin([(found, "sha")])
    store.save([Taken(found, read, reason="no text")])

    assert rows("select state, reason, attempts, sha256, encoding from files") == [
        ("failed", "no text", 2, "sha", "gb18030")
    ]


def test_unreadable_attempts_are_counted(store: Store, inbox: Inbox, rows: Tables) -> None:
    for _ in range(3):
        store.save([Taken(inbox.found("a.md"), reason="Permission denied", retry=True)])

    assert rows("select state, attempts from files") == [("waiting", 3)]


def test_failed_file_is_settled_until_it_changes_or_is_retried(store: Store, inbox: Inbox) -> None:
    found = inbox.found("a.md")
    store.save([Taken(found, reason="too large")])
    entry = store.ledger.entries([found.path])[found.path]
    changed = replace(found.stamp, size=99)
    settled = [entry.is_settled_as(found.stamp), entry.is_settled_as(changed)]
    count = store.ledger.retry(found.path)
    entry = store.ledger.entries([found.path])[found.path]

    assert (settled, count) == ([True, False], 1)
    assert (entry.state, entry.attempts, entry.is_settled_as(found.stamp)) == ("waiting", 0, False)


def test_retry_of_all_takes_the_failed_ones_only(store: Store, inbox: Inbox, rows: Tables) -> None:
    inbox.put("stored.md", news())
    store.save([Taken(inbox.found(name), reason="too large") for name in ("one.md", "two.md")])
    store.save([Taken(replace(inbox.found(".x"), ignored="a hidden file"), reason="a hidden file")])

    assert store.ledger.retry() == 2
    assert rows("select state from files order by id") == ["stored", "waiting", "waiting", "ignored"]


def test_names_that_are_not_utf8_are_kept_exactly_and_shown_escaped(store: Store, inbox: Inbox, rows: Tables) -> None:
    """Reliability row F7."""
    name = b"/inbox/" + "新闻.md".encode("gbk")
    store.save([Taken(replace(inbox.found("x"), path=name), reason="too large")])

    assert rows("select path, path_bytes from files") == [("/inbox/\\xd0\\xc2\\xce\\xc5.md", name)]
    assert set(store.ledger.entries([name])) == {name}


def test_ledger_is_asked_about_any_number_of_files_at_once(store: Store, inbox: Inbox) -> None:
    """SQLite allows 32,766 variables in a query, older builds 999."""
    store._db.conn.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    known = [inbox.found(f"{number}.md") for number in (0, 500, 1_999)]
    store.save([Taken(one, reason="too large") for one in known])
    asked = [inbox.found(f"{number}.md").path for number in range(2_000)]

    assert set(store.ledger.entries(asked)) == {one.path for one in known}


def test_folder_is_met_once_and_its_baseline_closed_once(store: Store) -> None:
    store.ledger.meet("/inbox", 500, "2026-11-20T09:00:00+00:00")
    store.ledger.meet("/small", None, "2026-11-20T09:00:00+00:00")
    open_before = store.ledger.open_baselines()
    store.ledger.close_baselines("2026-11-20T09:01:00+00:00")

    assert [store.ledger.has_met(folder) for folder in ("/inbox", "/small", "/other")] == [True, True, False]
    assert (open_before, store.ledger.open_baselines()) == ({"/inbox": "2026-11-20T09:00:00+00:00"}, {})


# Securities

ARGO = Security("ARGO.US", "Argo", names=(Name("Argo Inc"),))
ARGO_LONDON = Security("ARGO.L", "Argo Group", names=(Name("Argo"),))


def test_securities_are_kept_with_their_names_and_ambiguity(store: Store, rows: Tables) -> None:
    store.keep_securities([ARGO, ARGO_LONDON, Security("BRK.B.US", "Berkshire", kind="stock")])

    assert rows("select symbol, code, exchange, name from securities order by symbol") == [
        ("ARGO.L", "ARGO", "L", "Argo Group"),
        ("ARGO.US", "ARGO", "US", "Argo"),
        ("BRK.B.US", "BRK.B", "US", "Berkshire"),
    ]
    assert rows("select symbol, name, kind, ambiguous from security_names order by symbol, name") == [
        ("ARGO.L", "Argo", "written", 1),
        ("ARGO.L", "Argo Group", "short", 0),
        ("ARGO.US", "Argo", "short", 1),
        ("ARGO.US", "Argo Inc", "written", 0),
        ("BRK.B.US", "Berkshire", "short", 0),
    ]


def test_keeping_the_same_securities_again_writes_nothing(store: Store, database: Path) -> None:
    """It happens at every start."""
    store.keep_securities([ARGO, ARGO_LONDON])
    with closing(sqlite3.connect(database)) as other:
        before = other.execute("pragma data_version").fetchone()
        store.keep_securities([ARGO, ARGO_LONDON])

        assert other.execute("pragma data_version").fetchone() == before


def test_security_that_changed_its_name_is_known_by_the_new_one(store: Store, rows: Tables) -> None:
    store.keep_securities([ARGO])
    store.keep_securities([replace(ARGO, name="Argo II", kind="fund")])

    assert rows("select name, kind from securities") == [("Argo II", "fund")]
    assert "Argo II" in rows("select name from security_names where kind = 'short'")


def test_day_from_which_a_name_is_a_companys_is_kept(store: Store, rows: Tables) -> None:
    store.keep_securities([replace(ARGO, names=(Name("Argo II", since=date(2025, 3, 1)),))])

    assert rows("select name, valid_from from security_names order by 1") == [("Argo", None), ("Argo II", "2025-03-01")]


# What people ask


def test_article_is_shown_with_everything_found_in_it(inbox: Inbox, store: Store) -> None:
    store.keep_securities([Security("300546.SZ", "雄帝科技")])
    inbox.put("a.md", news())
    inbox.put("b.md", news())
    article = store.reader.article(1)

    assert article
    assert [(one["symbol"], one["name"]) for one in article["mentions"]] == [("300546.SZ", "雄帝科技")]
    assert {one["rule"] for one in article["matches"]} == {"stock", "contract"}
    assert [(one["rule"], one["held"]) for one in article["alerts"]] == [("stock", None), ("contract", None)]
    assert [(one["path"], one["state"]) for one in article["sightings"]] == [
        ("/inbox/a.md", "stored"),
        ("/inbox/b.md", "duplicate"),
    ]


def test_absent_article_is_none(store: Store) -> None:
    assert store.reader.article(1) is None


def test_alerts_are_told_oldest_first_by_time_rule_and_number(inbox: Inbox, store: Store) -> None:
    inbox.put("held.md", news("旧合同"), hold="baseline")
    for number in range(3):
        inbox.put(f"{number}.md", news(f"合同{number}", BODY[number + 1 :]))
    since = store.reader.alerts(rule="contract")[1].created_at
    last = store.reader.alerts()[-1].id

    def told(**asked: Any) -> list[str]:
        return [alert.headline for alert in store.reader.alerts(**asked)]

    assert told(rule="contract") == ["合同0", "合同1", "合同2"]
    assert told(rule="contract", since=since) == ["合同1", "合同2"]
    assert told(rule="contract", newest=2) == ["合同1", "合同2"]
    assert told(after_id=last - 1) == ["合同2"]
    assert told(rule="nobody's") == []


def test_failed_files_are_listed_the_newest_first(store: Store, inbox: Inbox) -> None:
    for name in ("one.md", "two.md"):
        inbox.clock.advance(1)
        store.save([Taken(inbox.found(name), reason="too large")])

    assert [(row["path"], row["reason"], row["attempts"]) for row in store.reader.failed()] == [
        ("/inbox/two.md", "too large", 1),
        ("/inbox/one.md", "too large", 1),
    ]


def test_status_counts_everything(inbox: Inbox, store: Store, clock: Clock) -> None:
    store.keep_securities([ARGO])
    inbox.put("held.md", news(), hold="baseline")
    inbox.put("a.md", news("合同", OTHER_BODY))
    inbox.put("b.md", news("合同", OTHER_BODY))
    store.deliveries.record([Receipt(3, "log")], waits, clock.now())

    assert store.reader.status() == {
        "files": {"stored": 2, "duplicate": 1},
        "articles": 2,
        "alerts": 1,
        "alerts_held": 2,
        "deliveries": {"delivered": 1, "owed": 1},
        "securities": 1,
        "last_file": "/inbox/b.md",
        "last_state": "duplicate",
        "last_finished_at": clock.now().isoformat(timespec="seconds"),
    }


def test_status_of_an_empty_store_counts_nothing(store: Store) -> None:
    assert store.reader.status() == {
        "files": {},
        "articles": 0,
        "alerts": 0,
        "alerts_held": 0,
        "deliveries": {},
        "securities": 0,
        "last_file": None,
        "last_state": None,
        "last_finished_at": None,
    }


def test_view_of_alerts_shows_what_was_sent_in_plain_columns(inbox: Inbox, rows: Tables) -> None:
    inbox.put("held.md", news(body=OTHER_BODY + "合同"), hold="baseline")
    inbox.rules = (Rule("both", stocks=("300546.SZ", "300075.SZ"), keywords=("合同",), severity="high"),)
    inbox.put(
        "a.md",
        news(
            body="数字政通和" + BODY,
            publisher="证券时报",
            published_at=NOW,
            published_from="field",
            url="https://a.b/1",
        ),
    )

    assert rows(
        "select rule, severity, headline, symbols, terms, publisher, published_at, url, path, article_id, story_id"
        " from v_alerts"
    ) == [
        (
            "both",
            "high",
            "雄帝科技中标",
            "300546.SZ 300075.SZ",
            "雄帝科技 数字政通 合同",
            "证券时报",
            "2026-11-20T09:00:00+00:00",
            "https://a.b/1",
            "/inbox/a.md",
            2,
            2,
        )
    ]


def test_view_of_articles_shows_the_current_ones(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())
    inbox.put("a.md", news(body=BODY + "（300075.SZ）"))
    inbox.put("b.md", news(body=BODY + "（300075.SZ）"))

    [(*told, symbols)] = rows("select id, title, sighting_count, path, symbols from v_articles")
    assert told == [2, "雄帝科技中标", 2, "/inbox/a.md"]
    assert set(symbols.split(" ")) == {"300546.SZ", "300075.SZ"}


def test_view_of_mentions_counts_by_day_and_security(inbox: Inbox, store: Store, rows: Tables) -> None:
    store.keep_securities([Security("300546.SZ", "雄帝科技")])
    first, second = date(2026, 11, 19), datetime(2026, 11, 20, 1, tzinfo=UTC)
    inbox.put("a.md", news(published_at=first, published_from="field"))
    inbox.put("b.md", news("雄帝科技", "雄帝科技中标，随后雄帝科技公告。", published_at=second, published_from="field"))
    inbox.put("c.md", news("又中标", BODY, published_at=second, published_from="field"))
    inbox.put("c.md", news("又中标", BODY + "更正。", published_at=second, published_from="field"))

    assert rows("select day, symbol, name, article_count, mention_count from v_mentions_daily order by day") == [
        ("2026-11-19", "300546.SZ", "雄帝科技", 1, 2),
        ("2026-11-20", "300546.SZ", "雄帝科技", 2, 4),
    ]


def test_article_without_date_counts_on_the_day_it_came(inbox: Inbox, rows: Tables) -> None:
    inbox.put("a.md", news())

    assert rows("select day from v_mentions_daily") == [inbox.clock.now().date().isoformat()]


# Any text

any_text = st.text(max_size=40)
maybe_text = st.none() | any_text


@settings(max_examples=60, deadline=None)
@given(
    article=st.builds(
        Article,
        title=maybe_text,
        body=any_text,
        format=st.just("post"),
        summary=maybe_text,
        url=maybe_text,
        native_id=maybe_text,
        source=maybe_text,
        publisher=maybe_text,
        author=maybe_text,
        section=maybe_text,
        language=maybe_text,
        published_at=st.none() | st.dates() | st.datetimes(timezones=st.just(UTC)),
    )
)
def test_any_article_comes_back_as_it_was_saved(article: Article) -> None:
    fields = ("title", "body", "summary", "url", "native_id", "source", "publisher", "author", "section", "language")
    with tempfile.TemporaryDirectory() as folder, closing(Store(Path(folder) / "news.db")) as store:
        Inbox(store, Clock()).put("a.md", article)
        row = store.reader.article(1)

    assert row
    assert {name: row[name] for name in fields} == {name: getattr(article, name) for name in fields}
    if isinstance(article.published_at, datetime):
        assert datetime.fromisoformat(row["published_at"]) == article.published_at.replace(
            microsecond=article.published_at.microsecond // 1000 * 1000
        )
    elif article.published_at:
        assert date.fromisoformat(row["published_at"]) == article.published_at
    else:
        assert row["published_at"] is None


# The file itself


def test_database_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b c?#%" / "news.db"
    Store(path).close()

    assert path.is_file()


def test_database_keeps_what_was_in_it(database: Path, clock: Clock) -> None:
    for _ in range(2):
        with closing(Store(database, now=clock.now)) as store:
            inbox = Inbox(store, clock)
            inbox.put("a.md", news())

    assert Tables(database)("select path, state from files") == [("/inbox/a.md", "stored")]


def test_closing_twice_is_safe(database: Path) -> None:
    store = Store(database)
    store.close()
    store.close()

    assert Tables(database)("pragma journal_mode") == ["wal"]


def test_references_between_tables_hold(store: Store, clock: Clock) -> None:
    reading = Inbox(store, clock).understood(news())

    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        store.archive.save(99, [reading], [()], "")


@pytest.mark.parametrize("opened", [Store, open_reader])
def test_newer_database_is_refused(database: Path, opened: Any) -> None:
    Store(database).close()
    with closing(sqlite3.connect(database)) as db, db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('watcher', 'm999_later', '')"
        )

    with pytest.raises(StoreError, match=r"news\.db: was made by a newer version of watcher \(step m999_later\)"):
        opened(database)


@pytest.mark.parametrize("opened", [Store, open_reader])
def test_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, opened: Any) -> None:
    path = tmp_path / "news.db"
    path.write_text("These are my notes, not a database. " * 100)

    with pytest.raises(StoreError, match=r"news\.db: cannot be .*: file is not a database"):
        opened(path)

    assert path.read_text() == "These are my notes, not a database. " * 100


def test_refused_database_is_let_go_of(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.write_text("These are my notes, not a database. " * 100)
    with pytest.raises(StoreError) as refusal:
        Store(path)

    assert [link for link in Path("/proc/self/fd").iterdir() if link.resolve() == path] == [], refusal


@pytest.mark.parametrize("opened", [Store, open_reader])
def test_folder_in_the_place_of_the_database_is_refused(tmp_path: Path, opened: Any) -> None:
    with pytest.raises(StoreError, match="cannot be"):
        opened(tmp_path)


def test_database_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="cannot be used as the database"):
        Store(tmp_path / "file" / "news.db")


def test_database_that_is_not_there_yet_is_not_made_by_a_reader(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no database yet; `watcher run` makes it"):
        open_reader(tmp_path / "news.db")

    assert list(tmp_path.iterdir()) == []


def test_reader_cannot_write(database: Path) -> None:
    Store(database).close()
    with closing(open_reader(database)) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        list(reader._rows("delete from files returning id"))


def test_older_database_learns_which_sightings_have_ended(database: Path, clock: Clock) -> None:
    with closing(Store(database, now=clock.now)) as store:
        inbox = Inbox(store, clock)
        inbox.put("a.md", news())
        inbox.put("a.md", news(body=OTHER_BODY))
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("alter table sightings drop column gone_at")
        db.execute("delete from _sqlite_migrations where name = 'm002_when_a_sighting_ended'")
    Store(database).close()

    assert Tables(database)("select article_id, gone_at is null from sightings order by rowid") == [(1, 0), (2, 1)]


def test_older_database_learns_whom_alerts_are_about(database: Path, clock: Clock) -> None:
    with closing(Store(database, now=clock.now)) as store:
        Inbox(store, clock).put("a.md", news())
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("drop view v_alerts")
        db.execute("alter table alerts drop column about")
        db.execute("create view v_alerts as select id from alerts")
        db.execute("delete from _sqlite_migrations where name = 'm005_whom_alerts_are_about'")
    with closing(Store(database, now=clock.now)) as store:
        Inbox(store, clock).put("b.md", news(title="数字政通中标", body="数字政通签订合同。"))

    told = [one.about for one in open_reader(database).alerts()]
    assert told == [(), (), (About("300075.SZ", "数字政通", "subject"),)]
    assert Tables(database)("select about from v_alerts order by id") == [None, None, "300075.SZ subject"]


def test_step_that_fails_leaves_the_database_as_it_was(database: Path) -> None:
    """Reliability row D16."""
    database.parent.mkdir()
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("create table deliveries (mine)")

    with pytest.raises(StoreError, match="table deliveries already exists"):
        Store(database)

    assert Tables(database)("select name from sqlite_master where name in ('files', 'articles', 'deliveries')") == [
        "deliveries"
    ]


# One daemon for one database


def test_second_lock_is_refused_and_names_the_holder(database: Path) -> None:
    lock = Lock(database)
    try:
        with pytest.raises(
            AlreadyRunningError, match=rf"another watcher \(process {os.getpid()}\) is using .*news\.db"
        ):
            Lock(database)
    finally:
        lock.release()


def test_holder_is_known_while_the_lock_is_held(database: Path) -> None:
    before = holder_of(database)
    lock = Lock(database)
    while_held = holder_of(database)
    lock.release()

    assert (before, while_held, holder_of(database)) == (None, os.getpid(), None)


def test_lock_can_be_taken_again_once_released_and_release_is_safe_twice(database: Path) -> None:
    first = Lock(database)
    first.release()
    second = Lock(database)
    first.release()

    try:
        assert holder_of(database) == os.getpid()
    finally:
        second.release()


def test_lock_of_a_killed_process_is_free(database: Path) -> None:
    """However it ended: reliability row D13."""
    script = "import sys, pathlib; from watcher.store import Lock; lock = Lock(pathlib.Path(sys.argv[1]))"
    script += "; print('locked', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        held_by = holder_of(database)
        with pytest.raises(AlreadyRunningError, match=f"process {holder.pid}"):
            Lock(database)
        holder.kill()
    lock = Lock(database)

    try:
        assert (held_by, holder_of(database)) == (holder.pid, os.getpid())
    finally:
        lock.release()

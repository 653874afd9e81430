"""Learning names from what publishers mark up."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.build import SECURITIES, article
from tests.intake import Inbox, Tables
from tests.test_store import marked
from watcher.cli import watcher
from watcher.cli.run import LiveConfiguration
from watcher.cli.setup import with_learned, with_names
from watcher.link import link_article
from watcher.model import Security
from watcher.store import LearnedName, Store

TABLE = [Security("300546.SZ", "雄帝科技"), Security("NIO.US", "蔚来")]


def put_marked(inbox: Inbox, symbol: str, name: str, count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        inbox.put(
            f"{symbol}-{number}.md",
            marked(f"第{number}天，{name}发布了第{number}份经营简报，订单饱满，产能爬坡。", (symbol, name)),
        )


def test_name_marked_up_in_three_articles_is_learned(store: Store, inbox: Inbox, rows: Tables) -> None:
    put_marked(inbox, "301999.SZ", "砚岚智造", 3)
    put_marked(inbox, "301998.SZ", "峦霁股份", 2)

    (learned,) = store.learn_names(TABLE)

    assert (learned.symbol, learned.name, learned.article_count, learned.is_contradictory) == (
        "301999.SZ",
        "砚岚智造",
        3,
        False,
    )
    assert rows("select symbol, name, kind, valid_from, ambiguous, article_count from security_names") == [
        ("301999.SZ", "砚岚智造", "learned", learned.first_seen, 0, 3)
    ]


def test_name_of_two_companies_is_kept_and_shown_but_not_believed(
    store: Store,
    inbox: Inbox,
    rows: Tables,
) -> None:
    put_marked(inbox, "301999.SZ", "砚岚智造", 3)
    put_marked(inbox, "301998.SZ", "砚岚智造", 1, first=4)

    learned = store.learn_names(TABLE)

    assert [(one.symbol, one.is_contradictory) for one in learned] == [("301999.SZ", True)]
    assert rows("select symbol, ambiguous from security_names") == [("301999.SZ", 1)]
    assert with_learned(SECURITIES, learned) is SECURITIES


def test_running_configuration_takes_over_what_was_learned_since(tmp_path: Path, store: Store, inbox: Inbox) -> None:
    CliRunner().invoke(watcher, ["init", str(tmp_path / "news")])
    configuration = LiveConfiguration(tmp_path / "news" / "config" / "watcher.yaml")
    first = configuration.learn(store)
    put_marked(inbox, "301999.SZ", "砚岚智造", 3)

    assert (first, configuration.learn(store), configuration.learn(store)) == (False, True, False)
    assert configuration.reload_knowledge().names["301999.SZ"][0].text == "砚岚智造"


def test_learning_again_counts_anew(store: Store, inbox: Inbox, rows: Tables) -> None:
    put_marked(inbox, "301999.SZ", "砚岚智造", 3)
    store.learn_names(TABLE)
    put_marked(inbox, "301999.SZ", "砚岚智造", 2, first=4)

    store.learn_names(TABLE)

    assert rows("select name, article_count from security_names") == [("砚岚智造", 5)]


def test_name_that_the_table_has_is_not_learned(store: Store, inbox: Inbox) -> None:
    put_marked(inbox, "300546.SZ", "雄帝科技", 4)

    assert store.learn_names(TABLE) == []


def test_article_without_markup_profits_from_what_was_learned() -> None:
    learned = [LearnedName("301999.SZ", "砚岚智造", "2026-11-18", 3, False)]
    told = article(body="晚间，砚岚智造公告中标一单。")

    before = link_article(told, SECURITIES.knowledge)
    after = link_article(told, with_learned(SECURITIES, learned).knowledge)

    assert before == ()
    assert [(one.symbol, one.how) for one in after] == [("301999.SZ", "name")]


@pytest.mark.parametrize("word", ["绿色经济", "未来", "机器人", "新产业"])
def test_ordinary_word_is_not_believed(word: str) -> None:
    """Real markup tags 绿色经济 as 01315.HK."""
    assert with_learned(SECURITIES, [LearnedName("01315.HK", word, "2022-05-30", 9, False)]) is SECURITIES


def test_alias_of_the_user_wins_over_the_table() -> None:
    """平安 is 中国平安 to most, and doubtful; who calls 平安银行 so means that."""
    own = with_names(SECURITIES, "alias", [("平安", "000001.SZ"), ("小黄鸭", "02250.HK")])
    told = article(body="平安与小黄鸭。")

    assert [one.symbol for one in link_article(told, SECURITIES.knowledge)] == []
    assert [one.symbol for one in link_article(told, own.knowledge)] == ["000001.SZ", "02250.HK"]

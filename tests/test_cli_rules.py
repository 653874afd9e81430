"""What people ask about rules: why one held or not, what they would have alerted about, a new one on old articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.build import post
from tests.running import Home
from tests.test_cli import json_rows, watcher

BUYBACK = "雄帝科技今日公告，公司拟以自有资金回购股份，金额不超过十二亿元，用于员工持股计划，期限一年。"
REPO = "央行今日开展逆回购操作，规模一千亿元，利率与此前持平，当日有八百亿元逆回购到期，净投放二百亿元。"
WATCHLIST = """\
rules:
  - name: 回购
    keywords: [回购]
    exclude: [逆回购]
  - name: 持股计划
    query: stock:300546 员工持股
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that is only asked: two stored articles, 1 a buyback, 2 the money market."""
    return filled(Home(tmp_path_factory.mktemp("asked") / "home"))


@pytest.fixture
def changed(home: Home) -> Home:
    """The same with a rule that was added afterwards."""
    filled(home).watchlist.write_text(WATCHLIST + "  - name: 央行\n    keywords: [央行]\n", encoding="utf-8")
    return home


def filled(home: Home) -> Home:
    home.watchlist.write_text(WATCHLIST, encoding="utf-8")
    (home.inbox / "1.md").write_text(post("雄帝科技回购", BUYBACK), encoding="utf-8")
    assert home.command("run", "--once").returncode == 0
    (home.inbox / "2.md").write_text(post("央行操作", REPO), encoding="utf-8")
    assert home.command("run", "--once").returncode == 0
    return home


def lines_of(home: Home, *arguments: str) -> list[str]:
    done = watcher(*arguments, cwd=home.path)
    assert done.returncode == 0, done.stderr
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_why_tells_every_stage_and_the_clause_that_decided(stored: Home) -> None:
    told = lines_of(stored, "why", "inbox/2.md", "回购")

    assert [line.split()[0] for line in told[:4]] == ["detect", "read", "parse", "store"]
    assert "match 回购: does not hold" in told
    assert (
        f"✗ NOT 逆回购 blocked by 逆回购 at body {REPO.index('逆回购')}, 逆回购 at body {REPO.rindex('逆回购')}" in told
    )


def test_why_of_an_article_tells_its_rules_and_what_became_of_the_alert(stored: Home) -> None:
    rows = json_rows(watcher("why", "1", "--json", cwd=stored.path).stdout)

    assert [(row["rule"], row["holds"]) for row in rows if row["stage"] == "match"] == [
        ("回购", True),
        ("持股计划", True),
    ]
    delivered = [row["what"] for row in rows if row["stage"] == "deliver"]
    assert len(delivered) == 2
    assert delivered[0].endswith("log delivered")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere.md", "there is no file nowhere.md, and none of this name was ever seen"),
        ("outside.md", "it lies in no watched folder"),
        ("inbox/a.tmp", "its name keeps it from being read: a temporary name (*.tmp)"),
        ("inbox/new.md", "not seen yet: is the daemon running? (`watcher status`)"),
        ("inbox/.git/a.md", "it lies below a hidden folder or one of another program, which are not looked into"),
    ],
)
def test_why_of_a_file_that_was_never_read(stored: Home, name: str, told: str) -> None:
    if name != "nowhere.md":
        (stored.path / name).parent.mkdir(exist_ok=True)
        (stored.path / name).write_text("x", encoding="utf-8")

    [line] = lines_of(stored, "why", name)

    assert line.startswith(f"detect {told}")


def test_why_of_what_is_not_there_is_an_error(stored: Home) -> None:
    assert "there is no article 99" in watcher("why", "99", cwd=stored.path).stderr
    wrong = watcher("why", "1", "回狗", cwd=stored.path)
    assert (wrong.returncode, wrong.stderr) == (1, 'Error: there is no rule "回狗"; the watchlist has 回购, 持股计划\n')


def test_backtest_counts_and_writes_nothing(stored: Home) -> None:
    before = stored.rows("select count(*), max(id) from alerts")
    rows = json_rows(watcher("watchlist", "test", "--json", cwd=stored.path).stdout)

    assert {row["rule"]: row["alerts"] for row in rows} == {"回购": 1, "持股计划": 1}
    assert rows[0]["by_source"] == {"东财滚动新闻": 1}
    assert rows[0]["examples"] == [{"article_id": 1, "headline": "雄帝科技回购"}]
    assert stored.rows("select count(*), max(id) from alerts") == before


def test_backtest_compares_two_watchlists(stored: Home, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text("rules:\n  - name: 回购\n    keywords: [逆回购]\n", encoding="utf-8")

    done = watcher("watchlist", "test", "--json", "--rules", str(tmp_path / "new.yaml"), cwd=stored.path)

    [row] = json_rows(done.stdout)
    assert (row["rule"], row["alerts"], row["gained"], row["lost"]) == ("回购", 1, [2], [1])


@pytest.mark.parametrize("since", ["later", "90"])
def test_since_is_days_or_a_day(stored: Home, since: str) -> None:
    done = watcher("watchlist", "test", "--since", since, cwd=stored.path)

    assert done.returncode == 2
    assert f"{since} is neither a number of days such as 90d nor a day such as 2026-11-01" in done.stderr


def test_new_rule_is_applied_to_stored_articles_only_if_told_to(changed: Home) -> None:
    dry = watcher("rematch", "--rule", "央行", cwd=changed.path)
    assert "2 央行操作" in " ".join(dry.stdout.split())
    assert dry.stderr == "1 articles match 央行; nothing was written; add --apply to keep them\n"
    assert changed.rows("select 1 from matches where rule = '央行'") == []

    kept = watcher("rematch", "--rule", "央行", "--apply", cwd=changed.path)
    again = watcher("rematch", "--rule", "央行", "--apply", cwd=changed.path)
    assert "1 new" in kept.stderr
    assert "0 new" in again.stderr
    assert changed.rows("select held from alerts where rule = '央行'") == [("rematch",)]


def test_alerts_of_a_new_rule_are_sent_if_told_to(changed: Home) -> None:
    assert watcher("rematch", "--rule", "央行", "--send", cwd=changed.path).returncode == 2
    assert watcher("rematch", "--rule", "央行", "--apply", "--send", cwd=changed.path).returncode == 0
    assert watcher("run", "--once", cwd=changed.path).returncode == 0

    assert changed.rows(
        "select d.state from deliveries d join alerts a on a.id = d.alert_id where a.rule = '央行'"
    ) == [("delivered",)]

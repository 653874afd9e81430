"""The commands as people type them: what they see, and the exit codes that scripts rely on."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.build import post
from tests.running import Home


def watcher(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "watcher", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={name: value for name, value in os.environ.items() if not name.startswith("WATCHER_")} | environment,
        timeout=60,
    )


def json_rows(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A finished demo: its folder and what it printed."""
    place = tmp_path_factory.mktemp("demo")
    done = watcher("demo", cwd=place)
    return place / "watcher-demo", done


def test_demo_stores_alerts_finds_a_duplicate_and_fails_one(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    home, done = demo

    assert done.returncode == 0
    assert "18 stored, 2 duplicate, 1 failed" in done.stderr
    assert done.stdout.count(" ALERT ") >= 10
    assert "watcher alerts" in done.stderr
    assert len((home / "data" / "alerts.jsonl").read_text(encoding="utf-8").splitlines()) >= 10


def test_demo_never_touches_an_earlier_one(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    home, _ = demo

    again = watcher("demo", cwd=home.parent)

    assert again.returncode == 1
    assert "watcher-demo is there from an earlier demo: delete it" in again.stderr


def test_alerts_as_json_lines_hold_what_was_promised(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    home, _ = demo

    rows = json_rows(watcher("alerts", "--json", cwd=home).stdout)

    promised = "id key rule severity headline excerpt symbols terms article_id story_id publisher".split()
    promised += "published_at created_at url path".split()
    assert rows
    assert all(set(promised) <= set(row) for row in rows)
    logged = json_rows((home / "data" / "alerts.jsonl").read_text(encoding="utf-8"))
    assert [(row["key"], row["rule"], row["headline"]) for row in rows] == [
        (row["key"], row["rule"], row["headline"]) for row in logged
    ]


def test_alerts_are_chosen_by_rule_age_and_number(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    home, _ = demo

    one_rule = json_rows(watcher("alerts", "--rule", "回购", "--json", cwd=home).stdout)
    newest = json_rows(watcher("alerts", "--limit", "2", "--json", cwd=home).stdout)
    future = watcher("alerts", "--since", "2099-01-01", cwd=home)
    wrong = watcher("alerts", "--since", "gestern", cwd=home)

    assert {row["rule"] for row in one_rule} == {"回购"}
    assert [row["id"] for row in newest] == sorted(row["id"] for row in newest)
    assert len(newest) == 2
    assert (future.stdout, future.stderr) == ("", "no alerts in that time\n")
    assert wrong.returncode == 2
    assert '"gestern" is neither a date (2026-11-01) nor an age (7d)' in wrong.stderr


def test_show_tells_everything_about_an_article(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    home, _ = demo
    (alert, *_) = json_rows(watcher("alerts", "--rule", "数字政府", "--json", cwd=home).stdout)

    (row,) = json_rows(watcher("show", str(alert["article_id"]), "--json", cwd=home).stdout)
    shown = watcher("show", str(alert["article_id"]), cwd=home).stdout
    missing = watcher("show", "4711", cwd=home)

    assert row["title"] == alert["headline"]
    assert {"mentions", "matches", "alerts", "sightings"} <= set(row)
    assert row["title"] in shown
    assert "seen in" in shown
    assert (missing.returncode, missing.stderr) == (1, "Error: there is no article 4711\n")


def test_failed_files_are_listed_with_reasons_and_can_be_tried_again(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    home, _ = demo

    row, in_part = json_rows(watcher("failed", "list", "--json", cwd=home).stdout)
    if row["state"] != "failed":
        row, in_part = in_part, row
    one = watcher("failed", "retry", row["path"], cwd=home)
    unknown = watcher("failed", "retry", "nowhere.md", cwd=home)
    neither = watcher("failed", "retry", cwd=home)
    watcher("run", "--once", cwd=home)
    again, _ = json_rows(watcher("failed", "list", "--json", cwd=home).stdout)

    assert row["reason"] == "no text: nothing is left once markup and boilerplate are gone"
    assert in_part["state"] == "stored"
    assert in_part["unread"][0]["where"] == "line 2"
    assert one.stdout == "1 file will be read again with the next full look at its folder\n"
    assert unknown.returncode == 1
    assert "is not among the failed files" in unknown.stderr
    assert neither.returncode == 2
    assert again["reason"] == row["reason"]


def test_status_tells_counts_and_that_nothing_runs(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    home, _ = demo

    told = watcher("status", cwd=home)
    (row,) = json_rows(watcher("status", "--json", cwd=home).stdout)

    assert told.returncode == 1
    assert told.stdout.startswith("not running\n")
    assert (row["running"], row["articles"], row["files"]["failed"]) == (False, 26, 1)


def test_sql_views_answer_plain_questions(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    home, _ = demo
    view = Home.__new__(Home)
    view.database = home / "data" / "news.db"

    assert view.rows("select count(*) from v_articles") == [(26,)]
    assert view.rows("select count(*) from v_alerts")[0][0] >= 10
    assert view.rows("select symbol, name from v_mentions_daily where symbol = '300546.SZ' limit 1") == [
        ("300546.SZ", "雄帝科技")
    ]


def test_init_writes_a_start_that_runs_and_overwrites_nothing(tmp_path: Path) -> None:
    first = watcher("init", "mine", cwd=tmp_path)
    watchlist = tmp_path / "mine" / "config" / "watchlist.yaml"
    watchlist.write_text("rules: []\n", encoding="utf-8")
    second = watcher("init", "mine", cwd=tmp_path)
    run = watcher("run", "--once", cwd=tmp_path / "mine")

    assert first.stdout == "wrote mine/config/watcher.yaml\nwrote mine/config/watchlist.yaml\n"
    assert (second.stdout, watchlist.read_text(encoding="utf-8")) == ("", "rules: []\n")
    assert "kept mine/config/watchlist.yaml: it is there already" in second.stderr
    assert run.returncode == 0


def test_configuration_errors_are_all_told_at_once_with_their_places(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", watchlist="rules:\n  - name: a\n    stocks: [辰安科枝]\n  - nam: b\n")

    for command in (["run"], ["watchlist", "check"], ["ingest", str(tmp_path)]):
        done = home.command(*command)

        assert done.returncode == 78
        complaints = done.stderr.splitlines()
        assert complaints[0].endswith(
            'watchlist.yaml:3:14: rules.0.stocks.0: "辰安科枝" is no known code or name, '
            "did you mean 辰安科技 (300523.SZ)?"
        )
        assert any('unknown key "nam", did you mean "name"?' in complaint for complaint in complaints)


def test_no_configuration_says_where_it_looked_and_what_to_do(tmp_path: Path) -> None:
    done = watcher("status", cwd=tmp_path, HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))

    assert done.returncode == 78
    assert "run `watcher init`" in done.stderr


def test_config_show_says_who_decided(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    os.environ["WATCHER_WORKERS"] = "1"
    try:
        rows = {row["key"]: row for row in json_rows(home.command("config", "show", "--json").stdout)}
    finally:
        del os.environ["WATCHER_WORKERS"]

    assert rows["workers"] == {"key": "workers", "value": 1, "origin": "environment WATCHER_WORKERS"}
    assert rows["settle_seconds"]["origin"].endswith("watcher.yaml:2")
    assert rows["max_bytes"] == {"key": "max_bytes", "value": 8388608, "origin": "default"}
    assert home.command("config", "path").stdout == f"{home.config}\n"


def test_watchlist_list_shows_what_codes_and_names_stand_for(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")

    (row,) = json_rows(home.command("watchlist", "list", "--json").stdout)
    shown = home.command("watchlist", "list").stdout

    assert row["stocks"] == ["300546.SZ", "300075.SZ"]
    assert "雄帝科技 300546.SZ, 数字政通 300075.SZ" in shown


def test_ingest_loads_files_from_anywhere_and_skips_what_is_known(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    archive = tmp_path / "archive"
    (archive / "deep").mkdir(parents=True)
    for number in range(5):
        text = post(f"第{number}号", f"雄帝科技第{number}号公告")
        (archive / "deep" / f"{number}.md").write_text(text, encoding="utf-8")
    (archive / "empty.md").touch()

    first = home.command("ingest", str(archive), "--no-alerts")
    second = home.command("ingest", str(archive))

    assert first.returncode == 0
    assert first.stdout == "5 stored, 1 failed\n"
    assert second.stdout == "6 known already\n"
    assert home.rows("select held, count(*) from alerts group by 1") == [("no alerts", 5)]
    assert home.alerted_keys() == []


def test_ingest_delivers_alerts_unless_told_otherwise(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    one = tmp_path / "one.md"
    one.write_text(post("雄帝科技", "雄帝科技公告"), encoding="utf-8")

    home.command("ingest", str(one))

    assert len(home.alerted_keys()) == 1


def test_unknown_command_and_wrong_usage_exit_with_2(tmp_path: Path) -> None:
    assert watcher("rum", cwd=tmp_path).returncode == 2
    assert watcher("show", "zero", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_locale_without_chinese_does_not_stop_a_command(tmp_path: Path, encoding: str) -> None:
    home = Home(tmp_path / "home", watchlist='rules:\n  - name: "牛 🐂"\n    keywords: [雄帝]\n')

    done = subprocess.run(
        [sys.executable, "-m", "watcher", "watchlist", "list", "--config", str(home.config)],
        capture_output=True,
        env=os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding},
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    shown = {"牛 ".encode(), "牛 ".encode(encoding, "backslashreplace")}
    assert done.stdout.startswith(tuple(shown))


def test_dead_deliveries_can_be_put_back(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.alert_log.mkdir(parents=True)  # A folder where the channel's file should be: every attempt fails.
    (home.inbox / "1.md").write_text(post("雄帝科技", "雄帝科技公告"), encoding="utf-8")
    home.command("run", "--once")
    db = sqlite3.connect(home.database)
    owed = db.execute(
        "update deliveries set state = 'dead' where state = 'owed' and attempts = 1 returning 1"
    ).fetchall()
    db.commit()
    db.close()
    home.alert_log.rmdir()

    put_back = home.command("alerts", "retry")
    home.command("run", "--once")

    assert owed == [(1,)]
    assert put_back.stdout == "1 delivery put back\n"
    assert len(home.alerted_keys()) == 1

"""Stories of the real process: files come in every way, processes die, people edit."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.build import post
from tests.running import CONFIG, Daemon, Home, running, wait_until


def news(number: int) -> str:
    return post(f"雄帝科技第{number}号公告", f"雄帝科技今日发布第{number}号公告，内容为电子证照业务进展。")


def test_file_is_alerted_however_it_arrives(home: Home, tmp_path: Path) -> None:
    """Written in place, renamed into place, and in a folder that is moved in whole."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "renamed.md").write_text(news(2), encoding="utf-8")
    (outside / "moved" / "deeper").mkdir(parents=True)
    (outside / "moved" / "deeper" / "in_folder.md").write_text(news(3), encoding="utf-8")
    written, renamed = home.inbox / "written.md", home.inbox / "renamed.md"
    in_folder = home.inbox / "moved" / "deeper" / "in_folder.md"

    with running(home):
        written.write_text(news(1), encoding="utf-8")
        (outside / "renamed.md").rename(renamed)
        (outside / "moved").rename(home.inbox / "moved")
        wait_until(lambda: len(home.alerted_keys()) == 3)

        assert [home.state_of(path) for path in (written, renamed, in_folder)] == ["stored"] * 3
        alerts = home.rows("select headline, path from v_alerts order by headline")
        assert alerts == [
            ("雄帝科技第1号公告", str(written)),
            ("雄帝科技第2号公告", str(renamed)),
            ("雄帝科技第3号公告", str(in_folder)),
        ]
        wait_until(lambda: home.rows("select state, count(*) from deliveries group by 1") == [("delivered", 3)])


def test_killed_in_a_burst_it_finds_every_file_once(home: Home) -> None:
    """Killed three times while 300 files come in: nothing lost, nothing twice, in the tables and in the JSONL file."""
    moments = random.Random(20261120)
    paths = [home.inbox / f"{number:03d}.md" for number in range(300)]
    for path in paths[:100]:
        path.write_text(news(int(path.stem)), encoding="utf-8")

    for third in range(3):
        daemon = Daemon(home)
        daemon.wait_until_watching()
        for path in paths[100 * third : 100 * (third + 1)]:
            path.write_text(news(int(path.stem)), encoding="utf-8")
        time.sleep(moments.uniform(0.0, 0.25))
        daemon.stop(signal.SIGKILL)
    with running(home):
        wait_until(lambda: home.rows("select state, count(*) from files group by 1") == [("stored", 300)])
        wait_until(lambda: home.rows("select state, count(*) from deliveries group by 1") == [("delivered", 300)])

    assert home.rows("select count(*), count(distinct content_hash) from articles") == [(300, 300)]
    assert home.rows("select count(*), count(distinct key) from alerts") == [(300, 300)]
    assert sorted(home.alerted_keys()) == sorted(key for (key,) in home.rows("select key from alerts"))
    assert home.rows("pragma quick_check") == [("ok",)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_it_cleanly_and_leaves_no_process(home: Home, number: int) -> None:
    daemon = Daemon(home)
    daemon.wait_until_watching()
    children = [pid for pid in _processes() if _parent_of(pid) == daemon.process.pid]
    path = home.inbox / "last.md"
    path.write_text(news(1), encoding="utf-8")
    wait_until(lambda: home.state_of(path) == "stored")

    code = daemon.stop(number)

    assert code == 0
    assert daemon.events[-1]["event"] == "stopped"
    assert children
    wait_until(lambda: not set(children) & set(_processes()))


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _parent_of(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def test_bad_files_do_not_stop_the_next_and_are_told_once(home: Home) -> None:
    bad = {
        "empty.md": (b"", "empty"),
        "picture.md": (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image, not text"),
        "binary.md": (b"abc\0\1\2\0def" * 50, "binary data, not text"),
        "large.md": (b"x" * (9 << 20), "too large: 9,437,184 bytes, the limit is 8,388,608 (max_bytes)"),
        "undecodable.md": (bytes(range(128, 256)) * 9, "undecodable: neither UTF-8, UTF-16, GB18030 nor Big5"),
        "no-text.html": (b"<html><body><img src=x></body></html>", "no text: nothing is left once markup and"),
        "feed.xml": (b"<?xml version='1.0'?><rss></rss>", "a feed without entries"),
    }
    for name, (data, _) in bad.items():
        (home.inbox / name).write_bytes(data)

    with running(home) as daemon:
        wait_until(lambda: len(home.rows("select 1 from files where state = 'failed'")) == len(bad))
        good = home.inbox / "good.md"
        good.write_text(news(1), encoding="utf-8")
        wait_until(lambda: home.state_of(good) == "stored")
        time.sleep(1.5)  # One more scan, which must not try them again.

        reasons = dict(home.rows("select path, reason from files where state = 'failed'"))
        assert {name: reasons[str(home.inbox / name)].startswith(reason) for name, (_, reason) in bad.items()} == (
            dict.fromkeys(bad, True)
        )
        assert sorted(one["path"] for one in daemon.logged("failed")) == sorted(bad)
    listed = home.command("failed", "list", "--json").stdout
    assert listed.count("\n") == len(bad)
    assert {name: (home.inbox / name).read_bytes() for name in bad} == {name: data for name, (data, _) in bad.items()}


def test_files_of_the_user_are_never_changed(home: Home) -> None:
    for number in range(5):
        (home.inbox / f"{number}.md").write_text(news(number), encoding="utf-8")
    before = {path.name: (path.stat(), hashlib.sha256(path.read_bytes())) for path in home.inbox.iterdir()}

    home.command("run", "--once")

    after = {path.name: (path.stat(), hashlib.sha256(path.read_bytes())) for path in home.inbox.iterdir()}
    assert [
        (name, status.st_mtime_ns, status.st_ctime_ns, status.st_mode, digest.digest())
        for name, (status, digest) in sorted(after.items())
    ] == [
        (name, status.st_mtime_ns, status.st_ctime_ns, status.st_mode, digest.digest())
        for name, (status, digest) in sorted(before.items())
    ]


def test_edited_watchlist_counts_at_once_and_a_broken_one_changes_nothing(home: Home) -> None:
    with running(home) as daemon:
        home.watchlist.write_text("rules:\n  - name: 车\n    keyword: [比亚迪]\n", encoding="utf-8")
        wait_until(lambda: bool(daemon.logged("watchlist refused")))
        wait_until(lambda: len(home.alerted_keys()) == 1)
        (home.inbox / "1.md").write_text(news(1), encoding="utf-8")
        wait_until(lambda: len(home.alerted_keys()) == 2)
        wait_until(lambda: "watchlist was refused" in home.command("status").stdout)
        home.watchlist.write_text("rules:\n  - name: 车\n    keywords: [比亚迪]\n", encoding="utf-8")
        wait_until(lambda: bool(daemon.logged("watchlist")))
        (home.inbox / "2.md").write_text(post("比亚迪发布新车", "比亚迪今日发布新车。"), encoding="utf-8")
        wait_until(lambda: len(home.alerted_keys()) == 3)
        wait_until(lambda: "watchlist was refused" not in home.command("status").stdout)

    told = 'watchlist.yaml:3:5: rules.0.keyword: unknown key "keyword", did you mean "keywords"?'
    (operator, first, second) = home.rows("select rule, headline from alerts order by id")
    assert (operator[0], first[0], second[0]) == ("watcher", "数字政府", "车")
    assert operator[1].startswith("The watchlist was refused and the earlier rules stay in force: ")
    assert operator[1].endswith(told)
    (refused, *_) = daemon.logged("watchlist refused")
    assert refused["reason"].endswith(told)


def test_included_file_and_stocks_file_count_as_the_watchlist_does(home: Home) -> None:
    folder = home.watchlist.parent
    (folder / "portfolio.csv").write_text("代码,名称\n600519,贵州茅台\n", encoding="utf-8")
    (folder / "common.yaml").write_text("macros:\n  利空: 立案\n", encoding="utf-8")
    rules = "  - name: 持仓\n    stocks_file: portfolio.csv\n  - name: 利空\n    query: '@利空'\n"
    home.watchlist.write_text(f"include: common.yaml\nrules:\n{rules}", encoding="utf-8")
    with running(home) as daemon:
        (home.inbox / "1.md").write_text(post("公司被处罚", "雄帝科技公告，公司被处罚。"), encoding="utf-8")
        wait_until(lambda: home.state_of(home.inbox / "1.md") == "stored")
        (folder / "common.yaml").write_text("macros:\n  利空: 立案 OR 处罚\n", encoding="utf-8")
        wait_until(lambda: bool(daemon.logged("watchlist")))
        (folder / "portfolio.csv").write_text("代码,名称\n300546,雄帝科技\n", encoding="utf-8")
        wait_until(lambda: len(daemon.logged("watchlist")) == 2)
        (home.inbox / "2.md").write_text(post("又被处罚", "雄帝科技公告，公司再次被处罚。"), encoding="utf-8")
        wait_until(lambda: len(home.alerted_keys()) == 2)

    assert sorted(home.rows("select rule from alerts")) == [("利空",), ("持仓",)]


def test_reload_under_load_loses_no_file_and_judges_none_by_half_a_watchlist(home: Home) -> None:
    """Both rules hold for every file, and each watchlist has them under a name of its own: never one of each."""
    files = 400

    def watchlist(generation: int) -> str:
        return "".join(
            f"  - name: {name}{generation}\n    keywords: [{word}]\n"
            for name, word in (("甲", "电子证照"), ("乙", "公告"))
        )

    home.watchlist.write_text("rules:\n" + watchlist(0), encoding="utf-8")
    with running(home) as daemon:
        for number in range(files):
            text = f"雄帝科技公告，第{number}号电子证照项目中标，合同金额{number * 7919}元，工期{number + 3}个月。"
            (home.inbox / f"{number}.md").write_text(post(f"第{number}号中标", text), encoding="utf-8")
            if number % 80 == 79:
                home.watchlist.write_text("rules:\n" + watchlist(number), encoding="utf-8")
                reloads = number // 80 + 1
                wait_until(lambda reloads=reloads: len(daemon.logged("watchlist")) >= reloads)
        wait_until(lambda: len(home.rows("select 1 from files where state = 'stored'")) == files)

    judged = home.rows(
        """select count(*), count(distinct substr(rule, 2)) from alerts where rule != 'watcher' group by article_id"""
    )
    assert judged == [(2, 1)] * files
    assert len({rule for (rule,) in home.rows("select distinct rule from alerts")}) > 2, (
        "several watchlists were in force"
    )


def test_folder_that_was_full_when_it_was_met_raises_no_alerts(home: Home) -> None:
    """The first start on an archive must not send its alerts; a file that comes afterwards is news."""
    for number in range(101):
        (home.inbox / f"{number}.md").write_text(news(number), encoding="utf-8")

    with running(home):
        wait_until(lambda: len(home.rows("select 1 from files where state = 'stored'")) == 101)
        wait_until(lambda: home.rows("select baseline_done_at is not null from folders") == [(1,)])
        (home.inbox / "later.md").write_text(news(1000), encoding="utf-8")
        wait_until(lambda: len(home.alerted_keys()) == 2)

    told = home.rows("select rule, headline from v_alerts order by id")
    assert told == [
        ("watcher", f"{home.inbox}: 101 files were there already; they are stored without alerts"),
        ("数字政府", "雄帝科技第1000号公告"),
    ]
    assert home.rows("select held, count(*) from alerts group by 1 order by 1") == [(None, 2), ("baseline", 101)]


def test_changed_file_is_a_revision_and_alerts_only_what_is_new(home: Home) -> None:
    path = home.inbox / "1.md"
    with running(home):
        path.write_text(news(1), encoding="utf-8")
        wait_until(lambda: home.rows("select count(*) from articles") == [(1,)])
        path.write_text(news(1).replace("业务进展", "业务进展，金额有更正"), encoding="utf-8")
        wait_until(lambda: home.rows("select count(*) from articles") == [(2,)])

    assert home.rows("select id, state, replaces_id from articles order by id") == [
        (1, "replaced", None),
        (2, "current", 1),
    ]
    assert home.rows("select count(*) from alerts") == [(1,)]


def test_second_daemon_is_refused_by_the_first_ones_name(home: Home) -> None:
    with running(home) as daemon:
        refused = home.command("run", "--once")

    assert refused.returncode == 75
    assert f"another watcher (process {daemon.process.pid}) is using {home.database}" in refused.stderr


def test_folder_that_is_missing_is_said_once_and_watched_when_it_comes(home: Home) -> None:
    home.inbox.rmdir()
    with running(home) as daemon:
        wait_until(lambda: bool(daemon.logged("unwatched")))
        home.inbox.mkdir()
        wait_until(lambda: bool(daemon.logged("watched again")))
        (home.inbox / "1.md").write_text(news(1), encoding="utf-8")
        wait_until(lambda: len(home.alerted_keys()) == 1)

        assert len(daemon.logged("unwatched")) == 1


def test_folder_that_is_replaced_is_watched_again(home: Home) -> None:
    with running(home):
        home.inbox.rename(home.path / "old inbox")
        home.inbox.mkdir()
        (home.inbox / "1.md").write_text(news(1), encoding="utf-8")

        wait_until(lambda: home.state_of(home.inbox / "1.md") == "stored")


def test_files_that_came_while_it_was_down_are_found(home: Home) -> None:
    home.command("run", "--once")
    old = home.inbox / "old.md"
    old.write_text(news(1), encoding="utf-8")
    os.utime(old, (0, 0))

    done = home.command("run", "--once")

    assert done.returncode == 0
    assert home.state_of(old) == "stored"
    assert len(home.alerted_keys()) == 1


def test_own_files_in_a_watched_folder_are_not_news(tmp_path: Path) -> None:
    """With `folders: [.]` the alerts about an alert would never end."""
    home = Home(tmp_path / "home", config=CONFIG.replace("path: inbox", "path: .").replace("data/", ""))
    (home.path / "news.md").write_text(news(1), encoding="utf-8")

    home.command("run", "--once")
    home.command("run", "--once")
    home.database = home.path / "news.db"

    assert home.rows("select path from files") == [(str(home.path / "news.md"),)]

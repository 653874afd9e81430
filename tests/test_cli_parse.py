"""`watcher parse`: what would be read, where each field came from, and that nothing is stored."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.build import post
from tests.running import Home
from tests.test_cli import json_rows, watcher

BODY = "雄帝科技今日公告，公司中标某市电子证照项目，合同金额一亿二千万元，工期十八个月。"


def test_every_field_is_shown_with_where_it_came_from(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(post("雄帝科技中标", BODY), encoding="utf-8")

    done = watcher("parse", "a.md", cwd=tmp_path)

    assert done.returncode == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "a.md post, utf-8"
    assert "title 雄帝科技中标 ← front matter: title" in lines
    assert "published_at 2026-11-18T01:30:00+00:00 ← front matter: date" in lines
    assert BODY in lines
    assert list(tmp_path.iterdir()) == [tmp_path / "a.md"], "nothing is stored"


def test_rows_carry_the_names_of_the_tables_columns(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(post('他说"买入"后', BODY), encoding="utf-8")

    [row] = json_rows(watcher("parse", "--json", "a.md", cwd=tmp_path).stdout)

    assert (row["file"], row["format"], row["position"], row["body"]) == ("a.md", "post", 1, BODY)
    assert (row["published_at"], row["published_from"]) == ("2026-11-18T01:30:00+00:00", "field")
    assert row["found_in"]["title"] == "front matter: title"
    assert len(row["content_hash"]) == 64
    assert row["repairs"] != []


def test_members_of_an_archive_are_numbered_and_bad_ones_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "news.zip", "w") as archive:
        archive.writestr("a.md", post("一", BODY))
        archive.writestr("b.md", b"%PDF-1.7")
        archive.writestr("c.md", post("二", BODY))

    done = watcher("parse", "--json", "news.zip", cwd=tmp_path)

    assert done.returncode == 0
    assert [(row["position"], row["title"]) for row in json_rows(done.stdout)] == [(1, "一"), (2, "二")]
    assert done.stderr == "news.zip: not read: b.md: a PDF document, not text\n"


def test_file_that_cannot_be_read_does_not_keep_the_others_from_it(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"%PDF-1.7")
    (tmp_path / "b.md").write_text(post("一", BODY), encoding="utf-8")

    done = watcher("parse", "nowhere.md", "a.md", "b.md", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "nowhere.md: not read: there is no such file",
        "a.md: not read: a PDF document, not text",
    ]
    assert "一" in done.stdout


def test_file_of_a_watched_folder_is_read_as_that_folder_says(home: Home) -> None:
    config = home.path / "config" / "watcher.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("- path: inbox", "- path: inbox\n    source: 样例来源", 1), encoding="utf-8")
    (home.inbox / "a.md").write_text(post("一", BODY, tags=""), encoding="utf-8")

    [row] = json_rows(watcher("parse", "--json", "inbox/a.md", cwd=home.path).stdout)

    assert (row["source"], row["found_in"]["source"]) == ("样例来源", "the folder's settings")


def test_broken_configuration_is_refused_only_if_it_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(post("一", BODY), encoding="utf-8")

    assert watcher("parse", "a.md", "--config", "nowhere.yaml", cwd=tmp_path).returncode == 78
    assert watcher("parse", "a.md", cwd=tmp_path).returncode == 0

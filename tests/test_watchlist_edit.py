"""`watcher watchlist add` and `remove`: only what was asked for changes, and never into what would be refused."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.running import Home
from watcher.errors import WatcherError
from watcher.settings.edits import add_rules, add_value, remove_value, rule_names, rule_values
from watcher.settings.written import Written, scalar

RULE = "rules:\n  - name: r\n"


def lines(*parts: str) -> str:
    return "".join(f"{part}\n" for part in parts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    keywords: [a]\n", "    keywords: [a, x]    # n\n"),
        ("    keywords: [ a,b ]   # two\n", "    keywords: [ a,b, x ]   # two, n\n"),
        ("    keywords: [a,]\n", "    keywords: [a, x,]    # n\n"),
        ("    keywords: []  # none\n", "    keywords: [x]  # none, n\n"),
        ("    keywords: a\n", "    keywords: [a, x]    # n\n"),
        ("    keywords: 'a, b'  # one\n", "    keywords: ['a, b', x]  # one, n\n"),
        ("    keywords: a, b\n", '    keywords: ["a, b", x]    # n\n'),
        ("    keywords:\n", "    keywords: [x]    # n\n"),
        ("    keywords:   # none yet\n", "    keywords: [x]   # none yet, n\n"),
        ("    keywords:\n      - a\n", "    keywords:\n      - a\n      - x    # n\n"),
        ("    keywords:\n    - a   # A\n\n  # b\n", "    keywords:\n    - a   # A\n    - x    # n\n\n  # b\n"),
        ("    keywords: [a,   # A\n      b]\n", "    keywords: [a,   # A\n      b, x]    # n\n"),
        (
            "    keywords: [\n      a,\n      b   # B\n    ]\n",
            "    keywords: [\n      a,\n      b,   # B\n      x    # n\n    ]\n",
        ),
        ("    keywords: [\n      a,\n    ]\n", "    keywords: [\n      a,\n      x    # n\n    ]\n"),
        ("    exclude: b\n", "    keywords: [x]    # n\n    exclude: b\n"),
        (
            "    stocks:\n      - 000001\n    exclude: b\n",
            "    stocks:\n      - 000001\n    keywords: [x]    # n\n    exclude: b\n",
        ),
        ("    keywords: [a]", "    keywords: [a, x]    # n"),
    ],
)
def test_a_word_is_added_the_way_the_list_is_written(before: str, after: str) -> None:
    assert add_value(RULE + before, "r", "keywords", Written("x", "n")) == RULE + after


@pytest.mark.parametrize(
    ("before", "index", "after"),
    [
        ("    keywords: [a, x]    # n\n", 1, "    keywords: [a]\n"),
        ("    keywords: [x, a]   # A, n, B\n", 0, "    keywords: [a]   # A, B\n"),
        ("    keywords: [a, x, b]   # n, B\n", 1, "    keywords: [a, b]   # B\n"),
        ("    keywords: [a,x,b]\n", 1, "    keywords: [a,b]\n"),
        ("    keywords: [x]\n    exclude: b\n", 0, "    exclude: b\n"),
        ("    keywords: x   # n\n    exclude: b\n", 0, "    exclude: b\n"),
        ("    keywords:\n      - a\n      - x   # n\n", 1, "    keywords:\n      - a\n"),
        ("    keywords:\n      - a\n      - x\n\n  # b is next\n", 1, "    keywords:\n      - a\n\n  # b is next\n"),
        ("    keywords:\n      - x\n    exclude: b\n", 0, "    exclude: b\n"),
        ("    keywords: [a,  # A\n      x]\n", 1, "    keywords: [a,  # A\n      ]\n"),
        ("    keywords: [x,  # n\n      a]  # A\n", 0, "    keywords: [\n      a]  # A\n"),
        ("    keywords: [a, x,   # A\n      b]\n", 1, "    keywords: [a,   # A\n      b]\n"),
        ("    keywords: [\n      a,\n      x   # n\n    ]\n", 1, "    keywords: [\n      a,\n    ]\n"),
    ],
)
def test_a_word_is_removed_with_what_is_said_of_it(before: str, index: int, after: str) -> None:
    """Also the comment behind a line's only entry; comments on lines of their own stay."""
    assert remove_value(RULE + before, "r", "keywords", index, "n") == RULE + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rules: [{name: r, keywords: a}]\n", "rules: [{name: r, keywords: [a, x]}]\n"),
        ("rules: [{name: r, exclude: [b]}] # c\n", "rules: [{name: r, exclude: [b], keywords: [x]}] # c\n"),
        ("rules:\n- {name: r, keywords: [a]}\n", "rules:\n- {name: r, keywords: [a, x]}\n"),
        ("rules:\n- keywords: a\n  name: r\n", "rules:\n- keywords: [a, x]    # n\n  name: r\n"),
    ],
)
def test_rules_may_stand_in_braces(before: str, after: str) -> None:
    assert add_value(before, "r", "keywords", Written("x", "n")) == after
    assert yaml.safe_load(remove_value(after, "r", "keywords", len(rule_values(after, "r", "keywords")) - 1, "n"))


def test_a_first_key_is_removed_from_behind_the_dash() -> None:
    text = "rules:\n- keywords: [a]\n  name: r\n  require: b\n"

    assert remove_value(text, "r", "keywords", 0) == "rules:\n- name: r\n  require: b\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "rules:\n  - name: n\n    keywords: [x]\n"),
        ("# nothing yet\n", "# nothing yet\nrules:\n  - name: n\n    keywords: [x]\n"),
        ("rules: []  # none\n", "rules:  # none\n  - name: n\n    keywords: [x]\n"),
        ("rules:\nmacros:\n  a: b\n", "rules:\n  - name: n\n    keywords: [x]\nmacros:\n  a: b\n"),
        ("rules: [{name: r, keywords: a}]\n", "rules: [{name: r, keywords: a}, {name: n, keywords: [x]}]\n"),
        (
            "rules:\n- name: r\n  keywords: a\n- name: s\n  keywords: b\n  # channels: log\n# the end\n",
            "rules:\n- name: r\n  keywords: a\n- name: s\n  keywords: b\n  # channels: log\n"
            "- name: n\n  keywords: [x]\n# the end\n",
        ),
        (
            "rules:\n    -   name: r\n        keywords: a",
            "rules:\n    -   name: r\n        keywords: a\n\n    -   name: n\n        keywords: [x]\n",
        ),
        (
            "rules:\n  - name: r\n    keywords: a\n\nmacros:\n  m: b\n",
            "rules:\n  - name: r\n    keywords: a\n\n  - name: n\n    keywords: [x]\n\nmacros:\n  m: b\n",
        ),
    ],
)
def test_a_new_rule_is_indented_and_parted_as_the_others_are(before: str, after: str) -> None:
    assert add_rules(before, [{"name": "n", "keywords": [Written("x")]}]) == after


def test_a_long_list_gets_a_line_for_each_entry() -> None:
    words = [Written(f"第{number}个样例词语") for number in range(12)]

    text = add_rules("", [{"name": "n", "keywords": words}])

    assert text.startswith("rules:\n  - name: n\n    keywords:\n      - 第0个样例词语\n      - 第1个样例词语\n")


def test_an_odd_way_of_writing_is_refused_rather_than_spoiled() -> None:
    text = "{macros: {a: b}, rules: []}\n"

    with pytest.raises(WatcherError, match="nothing was changed, edit it by hand"):
        add_rules(text, [{"name": "n", "keywords": [Written("x")]}])


def test_a_word_of_several_lines_is_refused() -> None:
    with pytest.raises(WatcherError, match="one line of text"):
        add_value("rules:\n  - name: r\n    keywords: |\n      a\n", "r", "keywords", Written("x"))


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"]), min_size=1, max_size=8)


@given(WORDS.filter(lambda word: word.strip() == word))
@settings(max_examples=500, deadline=None)
def test_any_word_is_written_so_that_it_is_read_again(word: str) -> None:
    for text in (f"[{scalar(word)}, b]", f"- {scalar(word)}\n- b"):
        assert yaml.load(text, Loader=yaml.BaseLoader) == [word, "b"]


def test_codes_are_text_and_words_that_yaml_would_change_get_quotes() -> None:
    words = ["000001", "00700.HK", "*ST信威", "a: b", "#5", "甲，乙", 'say "x"', "it's", "数字政府 2", "- a"]

    assert [scalar(word) for word in words] == [
        "000001",
        "00700.HK",
        '"*ST信威"',
        '"a: b"',
        '"#5"',
        '"甲，乙"',
        "'say \"x\"'",
        '"it\'s"',
        "数字政府 2",
        '"- a"',
    ]


ENTRIES = st.lists(st.sampled_from(["甲", "乙", "000001", '"c, d"', "'e'"]), min_size=1, max_size=4, unique=True)
STYLES: list[Callable[[list[str]], str]] = [
    lambda entries: f"    keywords: [{', '.join(entries)}]   # all\n",
    lambda entries: f"    keywords: [ {','.join(entries)}, ]\n",
    lambda entries: (
        "    keywords:\n" + "".join(f"      - {entry}   # {index}\n" for index, entry in enumerate(entries))
    ),
    lambda entries: "    keywords:\n" + "".join(f"    -  {entry}\n\n    # between\n" for entry in entries),
    lambda entries: (
        "    keywords: [\n"
        + "".join(f"      {entry},   # {index}\n" for index, entry in enumerate(entries))
        + "    ]\n"
    ),
    lambda entries: "    keywords: [" + ",  # why\n      ".join(entries) + "]\n",
]


@given(ENTRIES, st.sampled_from(STYLES), st.data())
@settings(max_examples=500, deadline=None)
def test_adding_and_removing_changes_the_one_entry_and_no_other_rule(
    entries: list[str], style: Callable[[list[str]], str], data: st.DataObject
) -> None:
    before = "# top\nrules:\n  - name: a   # first\n    keywords: [x]\n\n  - name: r\n"
    after = "    severity: high\n\n# below\n  - name: z\n    keywords:   [y]\n"
    text = before + style(entries) + after
    values = rule_values(text, "r", "keywords")
    index = data.draw(st.integers(0, len(entries) - 1))

    added = add_value(text, "r", "keywords", Written("新词", "说明"))
    removed = remove_value(text, "r", "keywords", index)

    assert rule_values(added, "r", "keywords") == [*values, "新词"]
    assert rule_values(removed, "r", "keywords") == values[:index] + values[index + 1 :]
    for changed in (added, removed):
        assert changed.startswith(before)
        assert changed.endswith(after)
    assert text.count("#") - removed.count("#") <= 1
    assert rule_names(added) == {"a": 3, "r": 6, "z": added[: added.index("name: z")].count("\n") + 1}


COMMENTED = """\
# mine
rules:
  - name: 数字政府
    stocks: [300546, 数字政通]    # two
    keywords: [电子证照]

  - name: 回购          # the money market is not meant
    keywords:
      - 回购
    exclude: [逆回购]
    severity: low
"""


@pytest.fixture
def commented(tmp_path: Path) -> Home:
    return Home(tmp_path / "home", watchlist=COMMENTED)


def test_a_stock_is_added_by_its_code_with_its_name_beside_it(commented: Home) -> None:
    result = commented.command("watchlist", "add", "贵州茅台", "SZ300546", "--rule", "数字政府")

    assert result.stdout == (
        "数字政府: stocks: added 600519 贵州茅台\n数字政府: stocks: 300546 雄帝科技 is there already\n"
    )
    assert commented.watchlist.read_text(encoding="utf-8") == COMMENTED.replace(
        "[300546, 数字政通]    # two", "[300546, 数字政通, 600519]    # two, 600519 贵州茅台"
    )


def test_add_then_remove_leaves_the_file_as_it_was(commented: Home) -> None:
    for arguments in (["贵州茅台"], ["一网统管", "--keyword"], ["预测", "--exclude"], ["公告", "--require"]):
        added = commented.command("watchlist", "add", *arguments, "--rule", "数字政府")
        assert added.returncode == 0
        removed = commented.command("watchlist", "remove", *arguments, "--rule", "数字政府")
        assert removed.returncode == 0

    assert commented.watchlist.read_text(encoding="utf-8") == COMMENTED


def test_a_new_rule_is_made_when_it_is_asked_for(commented: Home) -> None:
    without = commented.command("watchlist", "add", "000001", "--rule", "我的")
    result = commented.command("watchlist", "add", "000001", "00700.HK", "--rule", "我的", "--new")
    again = commented.command("watchlist", "add", "000001", "--rule", "我的", "--new")

    assert (without.returncode, without.stderr) == (
        1,
        'watcher: there is no rule "我的"; there are 数字政府, 回购 (--new makes one)\n',
    )
    assert result.returncode == 0
    assert commented.watchlist.read_text(encoding="utf-8") == COMMENTED + lines(
        "", "  - name: 我的", "    stocks: [000001, 00700.HK]    # 000001 平安银行, 00700.HK 腾讯控股"
    )
    assert 'there is a rule "我的" already, in line 13: leave out --new' in again.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["add", "辰安科枝", "--rule", "回购"],
            "did you mean 辰安科技 300523.SZ? (a word to look for needs --keyword)",
        ),
        (["add", "股份", "--rule", "回狗", "--keyword"], 'there is no rule "回狗"'),
        (["remove", "股份", "--rule", "回购"], '"股份" is not in 回购; there are 回购, 逆回购: nothing was changed'),
        (["remove", "回购", "--rule", "回购", "--exclude"], '"回购" is not in exclude of 回购; there are 逆回购'),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_changes(commented: Home, arguments: list[str], told: str) -> None:
    result = commented.command("watchlist", *arguments)

    assert result.returncode == 1
    assert told in result.stderr
    assert commented.watchlist.read_text(encoding="utf-8") == COMMENTED


def test_a_result_that_would_be_refused_changes_nothing(commented: Home) -> None:
    result = commented.command("watchlist", "add", "回购", "--rule", "回购", "--exclude")

    assert result.returncode == 78
    assert result.stderr.splitlines()[0] == "nothing was changed, for the result would be refused:"
    assert 'watchlist.yaml:9:9: rules.1.keywords.0: "回购" is excluded by the same rule' in result.stderr
    assert ".tmp" not in result.stderr
    assert commented.watchlist.read_text(encoding="utf-8") == COMMENTED
    assert sorted(path.name for path in commented.config.parent.iterdir()) == ["watcher.yaml", "watchlist.yaml"]


def test_a_rule_that_asks_for_something_else_now_is_told(commented: Home) -> None:
    """Without its last stock, a rule is for whatever meets its other clauses."""
    commented.command("watchlist", "add", "股份", "--rule", "回购", "--require")

    result = commented.command("watchlist", "remove", "回购", "--rule", "回购")

    assert "note: 回购 now holds for every article that meets its other clauses" in result.stdout


def test_permissions_links_line_ends_and_byte_order_mark_stay(commented: Home, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.yaml"
    real.write_bytes(b"\xef\xbb\xbf" + COMMENTED.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    commented.watchlist.unlink()
    commented.watchlist.symlink_to(real)

    result = commented.command("watchlist", "add", "一网统管", "--rule", "数字政府", "--keyword")

    assert result.returncode == 0
    assert os.readlink(commented.watchlist) == str(real)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    expected = COMMENTED.replace("[电子证照]", "[电子证照, 一网统管]").replace("\n", "\r\n")
    assert real.read_bytes() == b"\xef\xbb\xbf" + expected.encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere.yaml", "home"]


def test_list_shows_queries(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", watchlist="rules:\n  - name: q\n    query: title:(中标 OR 签约) AND NOT 预测\n")

    assert "title:中标 OR title:签约" in home.command("watchlist", "list").stdout
    assert '"query":"(title:中标 OR title:签约) AND NOT 预测"' in home.command("watchlist", "list", "--json").stdout


def test_a_rule_of_an_included_file_is_edited_there(commented: Home) -> None:
    more = commented.config.parent / "more.yaml"
    more.write_text("rules:\n  - name: 别处\n    keywords: [减持]\n", encoding="utf-8")
    commented.watchlist.write_text("include: more.yaml\n" + COMMENTED, encoding="utf-8")

    result = commented.command("watchlist", "add", "增持", "--rule", "别处", "--keyword")

    assert result.returncode == 1
    assert f'the rule "别处" is in {more}:2: edit it there' in result.stderr

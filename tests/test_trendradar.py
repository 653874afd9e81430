"""TrendRadar's word lists as rules of ours. All lists here are invented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import article
from tests.running import Home
from watcher.match import match_rules
from watcher.model import Article, Knowledge, Rule
from watcher.query import parse_query
from watcher.query.literal import plain_words
from watcher.query.python_regex import DialectError, to_pattern
from watcher.query.trendradar import Imported, ImportedRule, read_frequency_words

LIST = """\
# 说明
[GLOBAL_FILTER]
震惊
/博彩|彩票/

[WORD_GROUPS]
[新能源车]
样例汽车
/甲电池|乙电池/ => 电池厂
+量产
!召回
@10

# 只是注释

/中标（.{,10}亿元）/ => 中标
订单
"""


def told(imported: Imported) -> list[tuple[tuple[int, ...], str]]:
    return [(difference.lines, difference.text) for difference in imported.differences]


def lines_told(imported: Imported, words: str) -> tuple[int, ...]:
    """The lines of the one difference that says this."""
    (found,) = [difference for difference in imported.differences if words in difference.text]
    return found.lines


def test_groups_become_rules_with_lists_where_lists_will_do() -> None:
    imported = read_frequency_words(LIST)

    assert imported.rules == (
        ImportedRule(
            "新能源车",
            7,
            keywords=("样例汽车", "甲电池", "乙电池"),
            require=("量产",),
            exclude=("召回", "震惊", "博彩", "彩票"),
            max_per_day=10,
        ),
        ImportedRule("中标 / 订单", 16, exclude=("震惊", "博彩", "彩票"), query=r"/中标\(.{0,10}亿元\)/ OR 订单"),
    )
    assert not any(difference.is_error for difference in imported.differences)


def test_title_only_rules_look_where_trendradar_looks() -> None:
    imported = read_frequency_words(LIST, title_only=True)

    assert [rule.query for rule in imported.rules] == [
        "title:((样例汽车 OR 甲电池 OR 乙电池) AND 量产 AND NOT 召回 AND NOT 震惊 AND NOT 博彩 AND NOT 彩票)",
        r"title:((/中标\(.{0,10}亿元\)/ OR 订单) AND NOT 震惊 AND NOT 博彩 AND NOT 彩票)",
    ]
    assert not any("titles only" in text for _, text in told(imported))


def test_what_the_whole_list_means_differently_is_told_once() -> None:
    whole = [text for lines, text in told(read_frequency_words(LIST)) if not lines]

    assert [text.split(",")[0] for text in whole] == [
        "TrendRadar looks into titles only",
        "an article counted for the first group that fits; here each rule that holds alerts",
    ]


def test_exclusions_stay_in_their_group_and_that_is_told() -> None:
    imported = read_frequency_words("甲\n!乙\n\n丙\n")

    assert [(rule.keywords, rule.exclude) for rule in imported.rules] == [(("甲",), ("乙",)), (("丙",), ())]
    assert lines_told(imported, "from its own only") == (2,)


def test_a_group_that_only_excludes_excludes_everywhere() -> None:
    imported = read_frequency_words("甲\n\n[不看]\n!乙\n!/丙|丁/\n")

    assert [rule.exclude for rule in imported.rules] == [("乙", "丙", "丁")]
    assert lines_told(imported, "only excludes") == (4, 5)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("甲\n@0\n", 2, "no whole number above 0"),
        ("甲\n@十\n", 2, "no whole number above 0"),
        ("甲\n@3\n", 2, "max_per_day"),
        ("甲\n甲\n", 2, "in its group already"),
        ("甲\n\n甲\n", 3, "the same group as in line 1"),
        ("ａpp\n甲\n", 1, "whole words"),
        ("甲\n!app\n", 2, "whole words"),
        ("甲\n[乙]\n", 2, "only as the first line"),
        ("甲\n=> 名\n", 2, "no word in this line"),
        ("甲\n+\n", 2, "no word in this line"),
        ("[GLOBAL_FILTER]\n!甲\n\n[WORD_GROUPS]\n乙\n", 2, "skips !甲"),
        ("甲\n[GLOBAL_FILTER]\n乙\n", 2, "begins a section"),
        ("甲\n  \n乙\n", 2, "line of spaces"),
        ("[同名]\n甲\n\n[同名]\n乙\n", 4, 'named "同名 2"'),
        ("甲\n丙\n\n[GLOBAL_FILTER]\n甲\n", 1, "excluded as well"),
        ("甲\n!甲\n", 1, "exclusions let through"),
        ("甲\n乙\n+丙\n!丙\n", 3, "excluded as well"),
        (r"/\b甲/", 1, r"\b bounds Latin words only"),
        ("/^甲.*乙/", 1, "ends of the title"),
        ("/(?<![a-z])vr(?![a-z])眼镜/", 1, "look-around"),
    ],
)
def test_differences_are_told_with_their_line(text: str, line: int, words: str) -> None:
    assert line in lines_told(read_frequency_words(text), words)


def test_words_of_a_line_that_are_excluded_are_left_out_of_it() -> None:
    (rule,) = read_frequency_words("/甲|乙/\n+/丙|丁/\n!乙\n!丁\n").rules

    assert (rule.keywords, rule.require, rule.exclude) == (("甲",), ("丙",), ("乙", "丁"))


def test_a_file_without_words_makes_no_rule_and_says_so() -> None:
    imported = read_frequency_words("# 空\n\n[GLOBAL_FILTER]\n甲\n")

    assert imported.rules == ()
    assert lines_told(imported, "no group asks for anything") == ()


@pytest.mark.parametrize("pattern", ["/甲(?!乙)/", "/(甲/", "/.*/", r"/(甲)\1/", "/甲++/"])
def test_an_expression_that_cannot_be_kept_is_an_error_with_its_line(pattern: str) -> None:
    """TrendRadar looks for an expression that it cannot read as if it were text."""
    imported = read_frequency_words(f"丙\n{pattern}\n")

    (error,) = [difference for difference in imported.differences if difference.is_error]
    assert error.lines == (2,)
    assert error.text.startswith(pattern)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[组名]\n甲 => 别名\n", "组名"),
        ("甲 => 别名\n乙\n", "别名 / 乙"),
        ("/甲.乙/ => 别名\n", "别名"),
        ("/甲.乙/\n", "甲.乙"),
        ("/甲.乙/\n丙\n", "丙"),
        ("甲\n乙\n丙\n丁\n", "甲 / 乙 / 丙 …"),
        ("+甲\n+乙\n", "甲 / 乙"),
        ("watcher => watcher\n", "watcher 2"),
        ("\ufeff[组名]\r\n甲\r\n", "组名"),
    ],
)
def test_a_rule_is_called_what_its_group_is_shown_as(text: str, name: str) -> None:
    assert [rule.name for rule in read_frequency_words(text).rules] == [name]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("甲|乙", ("甲", "乙")),
        ("(?:甲|乙)", ("甲", "乙")),
        (r"\bapp\b|甲", ("app", "甲")),
        ("(?<![a-zA-Z])app(?![a-zA-Z])", ("app",)),
        (r"甲\.乙", ("甲.乙",)),
        ("app", None),
        (r"\b甲\b", None),
        ("甲.乙", None),
        ("甲|", None),
        ("(甲|乙)丙", None),
        ("甲 |乙", None),
        ("", None),
    ],
)
def test_expressions_that_are_words(source: str, words: tuple[str, ...] | None) -> None:
    """A bare Latin word in an expression is found within others too, so it says more than a word does."""
    assert plain_words(source) == words


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("（甲）", "样例（甲）", "（甲）"),
        ("[（(]甲", "（甲", "（甲"),
        (r"\w+股", "样例a股", "样例a股"),
        (r"[\w-]+股", "样-例股", "样-例股"),
        (r"\u7532", "甲", "甲"),
        ("甲{,2}乙", "甲甲乙", "甲甲乙"),
        ("“甲”", "他说“甲”", "“甲”"),
        ("[“”]甲", "“甲", "“甲"),
        (r"a\/b", "a/b", "a/b"),
        (r"甲\Z", "甲", "甲"),
        ("甲？", "真是甲？", "甲？"),
        ('甲"乙"', '甲"乙"', '甲"乙"'),
    ],
)
def test_expressions_find_what_they_found(source: str, text: str, found: str) -> None:
    assert re.search(source, text) is not None
    pattern, _ = to_pattern(source)
    knowledge = Knowledge(rules=(Rule("r", query=parse_query(str(pattern))),))

    (match,) = match_rules(article(text), (), knowledge)

    assert match.evidence[0].term == found


def finds(term: str, title: str) -> bool:
    """As TrendRadar does, told by its own documentation."""
    found = re.fullmatch("/(.+)/", term)
    return bool(re.search(found[1], title, re.IGNORECASE)) if found else term in title


def group_holds(lines: list[str], title: str) -> bool:
    wanted = [line for line in lines if line[0] not in "+!"]
    return (
        (not wanted or any(finds(line, title) for line in wanted))
        and all(finds(line[1:], title) for line in lines if line[0] == "+")
        and not any(finds(line[1:], title) for line in lines if line[0] == "!")
    )


TERMS = st.text("甲乙丙丁", min_size=1, max_size=2) | st.sampled_from(
    ["/甲|乙/", "/甲.丙/", "/丙{2}|[甲丁]乙/", "/(?:丁|丙)/"]
)
LINES = st.builds(str.__add__, st.sampled_from(["", "", "+", "!"]), TERMS)


@given(st.lists(LINES, min_size=1, max_size=5), st.text("甲乙丙丁", max_size=6))
@settings(max_examples=1000, deadline=None)
def test_titles_are_judged_as_trendradar_judges_them(lines: list[str], title: str) -> None:
    imported = read_frequency_words("\n".join(lines), title_only=True)
    knowledge = Knowledge(
        rules=tuple(Rule(rule.name, query=parse_query(rule.query)) for rule in imported.rules if rule.query)
    )
    asks = any(line[0] != "!" for line in lines)

    held = bool(match_rules(article(title, body="甲乙丙丁甲丙"), (), knowledge))

    assert held == (asks and group_holds(lines, title))


@given(st.text('甲乙ab（“"/\\|.?*+()[]{}^$!@#=> \n\u3000[GLOBAL_FILTER]', max_size=60))
@settings(max_examples=500, deadline=None)
def test_whatever_the_file_every_query_can_be_read(text: str) -> None:
    for title_only in (False, True):
        for rule in read_frequency_words(text, title_only=title_only).rules:
            assert rule.name
            assert rule.query is None or parse_query(rule.query)


@given(st.text('甲a（“"/\\|.?*+()[]{}^$-wub1\u3000', max_size=20))
@settings(max_examples=500, deadline=None)
def test_no_expression_breaks_the_translation(source: str) -> None:
    try:
        pattern, _ = to_pattern(source)
    except DialectError:
        return
    assert parse_query(str(pattern)) == pattern


def read_rules(home: Home) -> list[str]:
    return [line.split("\t")[0] for line in home.command("watchlist", "list").stdout.splitlines()]


@pytest.fixture
def word_list(tmp_path: Path) -> Path:
    path = tmp_path / "frequency_words.txt"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_import_shows_the_rules_and_writes_nothing(home: Home, word_list: Path) -> None:
    before = home.watchlist.read_bytes()

    result = home.command("watchlist", "import", str(word_list))

    assert result.returncode == 0
    assert result.stdout.startswith(
        "rules:\n  - name: 新能源车\n    keywords: [样例汽车, 甲电池, 乙电池]\n    require: [量产]\n"
        "    exclude: [召回, 震惊, 博彩, 彩票]\n    max_per_day: 10\n\n  - name: 中标 / 订单\n"
    )
    assert f"{word_list}:12: TrendRadar shows so many" in result.stderr
    assert home.watchlist.read_bytes() == before


def test_import_writes_behind_what_is_there(home: Home, word_list: Path) -> None:
    before = home.watchlist.read_text(encoding="utf-8")

    result = home.command("watchlist", "import", str(word_list), "--write")

    after = home.watchlist.read_text(encoding="utf-8")
    assert (result.returncode, result.stdout) == (
        0,
        f"{home.watchlist}: 2 rules added; `watcher watchlist check` looks them through\n",
    )
    assert after.startswith(before + "\n  # From frequency_words.txt of TrendRadar.\n  - name: 新能源车\n")
    assert read_rules(home) == ["数字政府", "新能源车", "中标 / 订单"]


def test_imported_query_holds_for_what_it_is_for(home: Home, word_list: Path) -> None:
    home.command("watchlist", "import", str(word_list), "--write")
    news = Article(title="样例公司中标（3亿元）", body="", format="post")
    (query,) = [rule.query for rule in read_frequency_words(LIST).rules if rule.query]

    assert match_rules(news, (), Knowledge(rules=(Rule("r", query=parse_query(query)),)))
    assert r"/中标\(.{0,10}亿元\)/ OR 订单" in home.command("watchlist", "list").stdout


def test_a_name_that_exists_is_an_error_with_both_lines(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("甲\n\n[数字政府]\n乙\n", encoding="utf-8")
    before = home.watchlist.read_bytes()

    result = home.command("watchlist", "import", str(path), "--write")

    assert result.returncode == 1
    assert f'{path}:3: there is a rule "数字政府" already, in line 2 of watchlist.yaml' in result.stderr
    assert home.watchlist.read_bytes() == before


def test_a_line_that_cannot_be_kept_keeps_all_from_being_written(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("甲\n\n/乙(?!丙)/\n丁\n", encoding="utf-8")
    before = home.watchlist.read_bytes()

    result = home.command("watchlist", "import", str(path), "--write")

    assert result.returncode == 1
    assert f"{path}:3: /乙(?!丙)/: looks around itself" in result.stderr
    assert "nothing was written" in result.stderr
    assert home.watchlist.read_bytes() == before


def test_a_file_in_another_encoding_is_refused_with_its_line(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("abc\n甲乙\n".encode("gb18030"))

    result = home.command("watchlist", "import", str(path))

    assert result.returncode == 1
    assert f"{path}:2: this is no UTF-8 text" in result.stderr

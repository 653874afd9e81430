"""What `watcher watchlist check` finds odd, and that what it calls impossible or implied is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import article
from tests.queries import articles, holds, nodes
from tests.running import Home
from watcher.match import match_rules
from watcher.match.lint import Finding, Surroundings, lint
from watcher.match.logic import contains, contradiction, entails, inward
from watcher.model import Article, Knowledge, Rule
from watcher.query import AllOf, AnyOf, Node, Not, Stock, Word, parse_query

TODAY = date(2026, 11, 20)
COMMON = {"公司": 45605, "公告": 1920, "回购": 155}
NAMES = {"300024.SZ": ("机器人",)}
SURROUNDINGS = Surroundings(
    TODAY,
    lambda symbol: NAMES.get(symbol, ()),
    lambda word: COMMON.get(word, 0),
    sources=frozenset({"样例快讯", "样例滚动新闻"}),
    publishers=frozenset({"样例时报"}),
)


def found(*rules: Rule) -> list[tuple[str, str, str, str]]:
    """Of each finding the rule, the kind and the place."""
    return [(one.rule, one.kind, one.key, one.term) for one in lint(rules, SURROUNDINGS)]


def rule(name: str = "r", query: str | None = None, **lists: tuple[str, ...]) -> Rule:
    return Rule(name, query=parse_query(query) if query else None, **lists)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sound",
    [
        rule(keywords=("回购",), exclude=("逆回购", "质押式回购")),
        rule(keywords=("回购", "machine"), exclude=("mac",)),
        rule(keywords=("AI", "人工智能")),
        rule(stocks=("300546.SZ",), require=("公司",)),
        rule(keywords=("公司",), require=("重组",)),
        rule(query="公司 AND 重组"),
        rule(query="公司 NEAR/5 重组"),
        rule(query="/中标.{0,10}亿元/ AND NOT source:样例快讯"),
        rule(query="(甲股 OR 乙股) AND NOT 甲股跌"),
        rule(query="source:样例滚动"),
        rule(query="published:P1D AND 减持"),
        rule(query="published:2026-11-01/2026-11-30 减持"),
        rule(query="甲股 OR (乙股 AND NOT 乙股)"),
        rule(query="涨跌幅>9% AND 涨跌幅<5%"),
        rule(query="title:减持 AND NOT body:减持"),
        rule(query="source:样例 AND NOT source:样例快讯 AND 减持"),
        Rule("r", keywords=("回购",), until=TODAY),
    ],
    ids=lambda one: str(one.query or one.keywords or one.stocks),
)
def test_sound_rules_are_left_alone(sound: Rule) -> None:
    assert found(sound) == []


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        (rule(require=("逆回购",), exclude=("回购",)), ("never", "exclude", "")),
        (rule(keywords=("减持",), require=("Ａpp",), exclude=("app",)), ("never", "exclude", "")),
        (rule(keywords=("逆回购",), exclude=("回购",)), ("never", "exclude", "")),
        (rule(query="减持 AND NOT 减持"), ("never", "query", "")),
        (rule(query="title:减持 AND NOT 减持"), ("never", "query", "")),
        (rule(query="(甲股 OR 乙股) AND NOT 甲股 AND NOT 乙股"), ("never", "query", "")),
        (
            rule(query="(甲股 OR 乙股) AND NOT 甲股 AND (丙股 OR 丁股) AND NOT (乙股 AND 丙股) AND NOT 丁股"),
            ("never", "query", ""),
        ),
        (rule(query="减持 AND published:2026-11-21/2026-11-22 AND published:2026-12-01"), ("never", "query", "")),
        (rule(keywords=("减持",), query="NOT 减持"), ("never", "query", "")),
        (rule(query="salience>=subject AND 减持 AND NOT salience>=peer"), ("never", "query", "")),
        (rule(query="NOT 减持"), ("always", "query", "")),
        (rule(query="减持 OR NOT 减持"), ("always", "query", "")),
        (rule(query="language:zh AND NOT 预测"), ("always", "query", "")),
        (rule(query="published:P1D"), ("always", "query", "")),
        (rule(query="减持 AND published:2026-10-01/2026-10-31"), ("past", "query", "")),
        (Rule("r", keywords=("减持",), until=date(2026, 11, 19)), ("expired", "until", "2026-11-19")),
        (rule(keywords=("减持", "逆回购"), exclude=("回购",)), ("blocked", "keywords", "逆回购")),
        (rule(query="(减持 OR 逆回购) AND NOT 回购"), ("blocked", "query", "逆回购")),
        (rule(keywords=("减持",), exclude=("回购", "股份回购")), ("covered", "exclude", "股份回购")),
        (rule(keywords=("涨",)), ("one-character", "keywords", "涨")),
        (rule(keywords=("涨停",), exclude=("跌",)), ("one-character", "exclude", "跌")),
        (rule(query="减持 AND 股"), ("one-character", "query", "股")),
        (rule(keywords=("ai",)), ("short-latin", "keywords", "ai")),
        (rule(keywords=("减持", "公司")), ("frequent", "keywords", "公司")),
        (rule(require=("公告",)), ("frequent", "require", "公告")),
        (rule(query="减持 OR 公告"), ("frequent", "query", "公告")),
        (rule(stocks=("300024.SZ",)), ("ordinary-name", "stocks", "300024.SZ")),
        (Rule("r", query=Stock("机器人", ("300024.SZ",))), ("ordinary-name", "query", "300024.SZ")),
        (rule(query="减持 AND source:样例快迅"), ("unseen", "query", "样例快迅")),
        (rule(query="减持 AND NOT publisher:别的报"), ("unseen", "query", "别的报")),
        (rule(query="/减持|增持/"), ("plain-regex", "query", "减持|增持")),
        (rule(query=r"/\bbuyback\b/"), ("plain-regex", "query", r"\bbuyback\b")),
        (rule(keywords=("Ａpp", "app", "减持")), ("twice", "keywords", "app")),
        (rule(keywords=("騰訊", "腾讯")), ("twice", "keywords", "腾讯")),
    ],
    ids=lambda one: str(one.query or (*one.keywords, *one.require, *one.exclude)) if isinstance(one, Rule) else one[0],
)
def test_odd_rules_are_told(odd: Rule, expected: tuple[str, str, str]) -> None:
    assert found(odd) == [("r", *expected)]


def test_sources_are_not_compared_where_nothing_is_stored() -> None:
    blank = Surroundings(TODAY, lambda symbol: (), lambda word: 0)

    assert list(lint([rule(query="减持 source:没有")], blank)) == []


def test_a_finding_says_what_why_and_what_to_do() -> None:
    (finding,) = lint([rule(query="source:样例快迅 减持")], SURROUNDINGS)

    assert finding == Finding(
        "r",
        "unseen",
        "query",
        "样例快迅",
        "no stored article has source:样例快迅",
        "it never holds unless such a source comes",
        'did you mean "样例快讯"?',
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (rule("a", keywords=("股份回购",)), rule("b", keywords=("回购", "注销")), [("a", "implied", "", "")]),
        (rule("a", keywords=("回购",)), rule("b", keywords=("股份回购",)), [("b", "implied", "", "")]),
        (rule("a", keywords=("回购", "注销")), rule("b", keywords=("注销", "回购")), [("a", "implied", "", "")]),
        (
            rule("a", stocks=("300546.SZ", "300075.SZ")),
            rule("b", stocks=("300546.SZ",), min_salience="subject"),
            [("b", "implied", "", "")],
        ),
        (
            rule("a", stocks=("300546.SZ",)),
            rule("b", stocks=("300546.SZ", "300075.SZ"), min_salience="subject"),
            [("b", "shared", "stocks", "300546.SZ")],
        ),
        (rule("a", keywords=("回购",), require=("股份",)), rule("b", query="回购"), [("a", "implied", "", "")]),
        (rule("a", keywords=("回购",)), rule("b", keywords=("回购",), exclude=("逆回购",)), [("b", "implied", "", "")]),
        (rule("a", stocks=("1.SZ", "2.SZ")), rule("b", stocks=("2.SZ", "3.SZ")), [("b", "shared", "stocks", "2.SZ")]),
        (
            rule("a", keywords=("Ａpp", "减持")),
            rule("b", keywords=("app", "增持")),
            [("b", "shared", "keywords", "app")],
        ),
        (rule("a", stocks=("1.SZ",), require=("减持",)), rule("b", stocks=("1.SZ",), require=("专利",)), []),
        (
            rule("a", keywords=("回购",), exclude=("注销",)),
            rule("b", keywords=("回购",), exclude=("逆回购",)),
            [("b", "shared", "keywords", "回购")],
        ),
        (rule("a", keywords=("mac",)), rule("b", keywords=("machine",)), []),
        (Rule("a", keywords=("回购",), channels=("x",)), Rule("b", keywords=("回购",), channels=("y",)), []),
    ],
    ids=range(13),
)
def test_rules_that_overlap_are_told_once(one: Rule, other: Rule, expected: list[tuple[str, str, str, str]]) -> None:
    assert found(one, other) == expected


@pytest.mark.parametrize(
    ("longer", "shorter", "expected"),
    [
        ("逆回购", "回购", True),
        ("回购", "逆回购", False),
        ("machine", "mac", False),
        ("苹果mac电脑", "MAC", True),
        ("open ai", "ai", True),
        ("騰訊控股", "腾讯", True),
    ],
)
def test_words_within_words(longer: str, shorter: str, expected: bool) -> None:
    assert contains(longer, shorter) is expected


@given(nodes(), articles())
@settings(max_examples=1000, deadline=None)
def test_not_moved_inward_means_the_same(query: Node, told: Article) -> None:
    assert holds(inward(query), told) == holds(query, told)


SMALL_WORDS = st.sampled_from(["甲", "乙", "甲乙", "丙甲乙", "ab", "ab丙"]).flatmap(
    lambda text: st.sampled_from([Word(text), Word(text, "title")])
)
SMALL = st.recursive(
    SMALL_WORDS,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=6,
)
SMALL_ARTICLES = st.builds(article, st.text("甲乙丙ab ", max_size=6), st.text("甲乙丙ab ", max_size=6))


def is_true(query: Node, told: Article) -> bool:
    return bool(match_rules(told, (), Knowledge(rules=(Rule("r", query=query),))))


@given(SMALL, SMALL_ARTICLES)
@settings(max_examples=2000, deadline=None)
def test_what_is_called_impossible_never_holds(query: Node, told: Article) -> None:
    if contradiction(query) is not None:
        assert not is_true(query, told)


@given(SMALL, SMALL, SMALL_ARTICLES)
@settings(max_examples=2000, deadline=None)
def test_what_is_called_implied_holds_as_well(one: Node, other: Node, told: Article) -> None:
    if entails(inward(one), inward(other)) and is_true(one, told):
        assert is_true(other, told)


@given(SMALL)
@settings(max_examples=300, deadline=None)
def test_every_query_implies_itself_and_excludes_its_opposite(query: Node) -> None:
    assert entails(inward(query), inward(query))
    if isinstance(query, Word | AllOf):
        assert contradiction(AllOf((query, *(Not(part) for part in getattr(query, "parts", (query,))[:1])))) is not None


ODD = """\
macros:
  噪音: 预测
rules:
  - name: 甲
    stocks: [300024]    # 机器人
    keywords:
      - 公司
      - 逆回购
    exclude: [股份回购, 回购]
  - name: 乙
    query: NOT @噪音
"""


def test_check_tells_each_finding_with_its_place(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", watchlist=ODD)

    result = home.command("watchlist", "check")
    places = [line.split(": ", 2)[:2] for line in result.stdout.splitlines()]

    assert result.returncode == 0
    name = str(home.watchlist)
    assert places == [
        [f"{name}:5:14", "甲"],
        [f"{name}:7:9", "甲"],
        [f"{name}:8:9", "甲"],
        [f"{name}:9:15", "甲"],
        [f"{name}:11:12", "乙"],
        [name, "2 rules, 1 stocks, 4 words, 1 query"],
    ]
    assert result.stdout.endswith(": nothing is wrong, 5 things are odd\n")


def test_strict_makes_oddities_count_and_json_names_their_kind(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", watchlist="rules:\n  - name: 甲\n    keywords: [公司]\n")

    lenient = home.command("watchlist", "check", "--json")
    strict = home.command("watchlist", "check", "--strict")

    (row,) = [json.loads(line) for line in lenient.stdout.splitlines()]
    assert (lenient.returncode, strict.returncode) == (0, 1)
    assert (row["place"], row["rule"], row["kind"], row["term"]) == (f"{home.watchlist}:3:16", "甲", "frequent", "公司")


def test_a_sound_watchlist_passes_strictly(home: Home) -> None:
    result = home.command("watchlist", "check", "--strict")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("1 rules, 2 stocks, 1 words: nothing to complain of\n")


def test_sources_are_compared_with_the_store(home: Home) -> None:
    home.watchlist.write_text("rules:\n  - name: 甲\n    query: 回购 source:样例快迅\n", encoding="utf-8")
    before = home.command("watchlist", "check", "--strict")
    (home.inbox / "a.md").write_text("---\ntitle: 样例\ntags: 样例快讯\n---\n\n样例公司回购股份。\n", encoding="utf-8")
    home.command("run", "--once")

    after = home.command("watchlist", "check", "--strict")

    assert before.returncode == 0
    assert after.returncode == 1
    assert "no stored article has source:样例快迅" in after.stdout

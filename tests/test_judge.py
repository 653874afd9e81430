"""What queries hold for, against a plain evaluator and by example; and what they say of why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import article
from tests.queries import articles, holds, nodes
from watcher.match import explain_rule, match_rules
from watcher.match.plan import Plan, triggers_of
from watcher.model import Article, Evidence, Knowledge, Mention, Rule
from watcher.query import AllOf, AnyOf, Node, Not, Stock, parse_query

SEEN_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TOLD = Article(
    title="样例银行回购股份",
    body="样例银行公告，拟以不超过12亿元回购公司股份并注销。股价大涨9.5%，昨日曾跌3%。亏损额同比下降25%。净利润同比增长30%，营收3,500万元。",
    summary="a buyback of semiconductor makers",
    format="post",
    source="样例快讯",
    publisher="样例时报",
    section="公司",
    language="zh",
    published_at=datetime(2026, 11, 19, 9, 0, tzinfo=UTC),
)


def mention(symbol: str, salience: str = "peer") -> Mention:
    place = Evidence("样例银行", "body", 0, 4, "name", symbol)
    return Mention(symbol, "样例银行", "name", 0.9, 1, False, 0, (place,), salience)  # type: ignore[arg-type]


def is_true(query: str | Node, told: Article = TOLD, *mentions: Mention) -> bool:
    node = parse_query(query) if isinstance(query, str) else query
    known = Knowledge(rules=(Rule("r", query=node),))
    return bool(match_rules(told, mentions, known, seen_at=SEEN_AT))


@given(st.lists(nodes(), min_size=1, max_size=5), articles())
@settings(max_examples=2_000, deadline=None)
def test_every_query_holds_where_a_plain_search_says_so(queries: list[Node], told: Article) -> None:
    """2,000 times up to five rules: of 10,000 pairs about as many as the issue asks for, preselection included."""
    known = Knowledge(rules=tuple(Rule(str(index), query=query) for index, query in enumerate(queries)))

    found = {int(match.rule) for match in match_rules(told, (), known)}

    assert found == {index for index, query in enumerate(queries) if holds(query, told)}


@given(nodes(), articles())
@settings(max_examples=500, deadline=None)
def test_a_rule_that_no_word_calls_for_does_not_hold(query: Node, told: Article) -> None:
    plan = Plan([Rule("r", query=query)])
    candidates = list(plan.candidates(plan.subject(told, ())))

    assert candidates or not holds(query, told)


@pytest.mark.parametrize(
    "query",
    [
        "回购",
        "title:回购 body:注销",
        "body:buyback",
        "回购 NEAR/5 注销",
        "注销 NEAR/5 回购",
        "/不超过\\d+亿元/",
        "title:/回购/",
        "semicond*",
        "semi?onductor",
        "source:快讯",
        "publisher:样例时报 section:公司 language:zh kind:post",
        "涨跌幅>=9%",
        "涨跌幅<=-3%",
        "金额>=12亿",
        "金额>10亿 金额<4000万",
        "净利润>=30%",
        "营收=3500万元",
        "published:P1D",
        "published:2026-11-19",
        "published:2026-11-01/2026-11-30",
        "NOT 逆回购",
        "亏损额<=-20%",
        "(逆回购 OR 回购) -质押",
    ],
)
def test_query_holds(query: str) -> None:
    assert is_true(query)


@pytest.mark.parametrize(
    "query",
    [
        "逆回购",
        "title:注销",
        "回购 NEAR/4 注销",
        "semicon?",
        "conductor*",
        "source:雪球",
        "author:样例",
        "涨跌幅>=10%",
        "涨跌幅<-3%",
        "金额>12亿",
        "净利润>=31%",
        "净利润>=1亿",
        "亏损额>=20%",
        "published:PT23H",
        "published:2026-11-20",
        "NOT 回购",
        "回购 -注销",
    ],
)
def test_query_does_not_hold(query: str) -> None:
    assert not is_true(query)


def test_article_of_unknown_date_may_be_new_but_is_of_no_day() -> None:
    undated = replace(TOLD, published_at=None)

    assert is_true("published:P1D", undated)
    assert not is_true("published:2026-11-19", undated)


def test_bare_day_counts_with_its_last_minute() -> None:
    assert is_true("published:PT12H", replace(TOLD, published_at=date(2026, 11, 19)))
    assert not is_true("published:PT6H", replace(TOLD, published_at=date(2026, 11, 19)))


@pytest.mark.parametrize(
    ("salience", "rank", "holding"),
    [("subject", "peer", True), ("peer", "peer", True), ("listed", "peer", False), ("passing", "passing", True)],
)
def test_salience_is_that_of_the_stocks_the_query_names(salience: str, rank: str, holding: bool) -> None:
    query = AllOf((Stock("样例银行", ("1.SH",)), parse_query(f"salience>={rank}")))
    others = mention("2.SH", "subject")

    assert is_true(query, TOLD, mention("1.SH", salience), others) is holding


def test_salience_without_a_stock_is_that_of_any() -> None:
    assert is_true("salience>=subject", TOLD, mention("1.SH", "listed"), mention("2.SH", "subject"))
    assert not is_true("salience>=subject", TOLD)


def test_evidence_is_what_made_it_hold() -> None:
    query = parse_query("(回购 OR 质押) NOT 逆回购 published:P1D")
    [match] = match_rules(TOLD, (), Knowledge(rules=(Rule("r", query=query),)), seen_at=SEEN_AT)

    assert {(one.term, one.field) for one in match.evidence} == {("回购", "title"), ("回购", "body")}


def test_lists_and_query_of_a_rule_must_all_hold() -> None:
    rule = Rule("r", keywords=("回购",), require=("注销",), exclude=("逆回购",), query=parse_query("source:快讯"))

    assert [match.rule for match in match_rules(TOLD, (), Knowledge(rules=(rule,)))] == ["r"]
    other = replace(rule, query=parse_query("source:雪球"))
    assert match_rules(TOLD, (), Knowledge(rules=(other,))) == ()


def test_verdict_says_which_part_decided_and_what_was_there_instead() -> None:
    rule = Rule("r", keywords=("回购",), exclude=("注销",), query=parse_query("source:雪球 涨跌幅>=20% published:PT1H"))

    verdict = explain_rule(TOLD, (), Knowledge(rules=(rule,)), "r", seen_at=SEEN_AT)

    assert not verdict.holds
    keyword, query, excluded = verdict.parts
    assert (keyword.holds, excluded.holds) == (True, False)
    assert excluded.evidence[0].term == "注销"
    assert [(part.holds, part.note) for part in query.parts] == [
        (False, "it is 样例快讯"),
        (False, "nearest: 大涨9.5%"),
        (False, "published 1 days before it was seen"),
    ]


def test_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        explain_rule(TOLD, (), Knowledge(), "r")


@pytest.mark.parametrize(
    ("query", "triggers"),
    [
        ("回购", ["回购"]),
        ("回购 OR 质押", ["回购 质押"]),
        ("回购 AND 注销股份", ["回购", "注销股份"]),
        ("(回购 OR 质押) AND 股份", ["回购 质押", "股份"]),
        ("回购 OR NOT 质押", []),
        ("source:雪球", []),
        ("source:雪球 AND 回购", ["回购"]),
        ("回购 OR /质押/", []),
        ("回购 NEAR/5 (股份 OR 注销) -逆回购", ["回购", "股份 注销"]),
        ("(回购 注销) OR 质押", ["回购 质押"]),
    ],
)
def test_triggers_are_the_words_without_which_it_cannot_hold(query: str, triggers: list[str]) -> None:
    found = triggers_of(parse_query(query))

    assert found == tuple(frozenset((word, False) for word in some.split()) for some in triggers)


def test_hundred_kilobytes_of_near_misses_cost_little() -> None:
    told = article("x", "回购" * 25_000 + "涨" * 50_000)

    assert not is_true("回购 NEAR/5 注销", told)
    assert not is_true("涨跌幅>=9%", told)


def test_age_in_words_counts_from_when_it_was_seen() -> None:
    known = Knowledge(rules=(Rule("r", query=parse_query("published:P1D")),))
    old = replace(TOLD, published_at=SEEN_AT - timedelta(days=40))

    assert match_rules(old, (), known, seen_at=SEEN_AT) == ()
    assert match_rules(old, (), known) != (), "nothing says when it was seen"


def test_either_of_two_is_an_or() -> None:
    assert is_true(AnyOf((parse_query("质押"), Not(parse_query("逆回购")))))


@pytest.mark.parametrize(
    ("salience", "holding"), [("subject", True), ("peer", True), ("listed", False), ("passing", False)]
)
def test_stock_of_a_rule_counts_if_it_is_central_enough(salience: str, holding: bool) -> None:
    rule = Rule("r", stocks=("1.SH", "2.SH"), min_salience="peer")
    mentions = (mention("1.SH", salience), mention("3.SH", "subject"))

    assert bool(match_rules(TOLD, mentions, Knowledge(rules=(rule,)))) is holding
    part = explain_rule(TOLD, mentions, Knowledge(rules=(rule,)), "r").parts[0]
    assert part.note == ("" if holding else f"only {salience}, not peer")


def test_keyword_of_a_rule_needs_no_central_stock() -> None:
    rule = Rule("r", stocks=("1.SH",), keywords=("回购",), min_salience="subject")

    assert match_rules(TOLD, (mention("1.SH", "passing"),), Knowledge(rules=(rule,)))

"""The query language: what it takes, how it prints, and what it says of what cannot be right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.queries import nodes
from watcher.query import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Field,
    Macro,
    Near,
    Node,
    Not,
    Pattern,
    QueryError,
    SalienceAtLeast,
    Stock,
    Within,
    Word,
    parse_query,
)
from watcher.query.amounts import read_amount


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("减持", Word("减持")),
        ('"share buyback"', Word("share buyback")),
        ("“逆 回购”", Word("逆 回购")),
        ("*ST信威", Word("*ST信威")),
        ("semicond*", Word("semicond*", is_pattern=True)),
        ('"semicond*"', Word("semicond*")),
        ("减持 质押", AllOf((Word("减持"), Word("质押")))),
        ("减持 AND 质押", AllOf((Word("减持"), Word("质押")))),
        ("减持 && 质押", AllOf((Word("减持"), Word("质押")))),
        ("减持 OR 质押 冻结", AnyOf((Word("减持"), AllOf((Word("质押"), Word("冻结")))))),
        ("(减持 OR 质押) 冻结", AllOf((AnyOf((Word("减持"), Word("质押"))), Word("冻结")))),
        ("（减持 OR 质押）冻结", AllOf((AnyOf((Word("减持"), Word("质押"))), Word("冻结")))),
        ("减持 NOT 公告", AllOf((Word("减持"), Not(Word("公告"))))),
        ("减持 -公告", AllOf((Word("减持"), Not(Word("公告"))))),
        ("减持 !公告", AllOf((Word("减持"), Not(Word("公告"))))),
        ("buy-back", Word("buy-back")),
        ("NOT NOT 公告", Not(Not(Word("公告")))),
        ("title:减持", Word("减持", "title")),
        ("body:(减持 OR 质押)", AnyOf((Word("减持", "body"), Word("质押", "body")))),
        ("title:/中标.{0,9}元/", Pattern("中标.{0,9}元", "title")),
        (r"/a\/b/", Pattern("a/b")),
        ("回购 NEAR/20 注销", Near(Word("回购"), Word("注销"), 20)),
        ("回购 NEAR/9 (股份 OR 注销)", Near(Word("回购"), AnyOf((Word("股份"), Word("注销"))), 9)),
        ("source:雪球", Field("source", "雪球")),
        ('publisher:"21世纪 经济报道"', Field("publisher", "21世纪 经济报道")),
        ("language:(zh OR en)", AnyOf((Field("language", "zh"), Field("language", "en")))),
        ("stock:300075", Stock("300075")),
        ("STOCK：300075", Stock("300075")),
        ("issuer:腾讯控股", Stock("腾讯控股", is_issuer=True)),
        ("stock:*ST信威", Stock("*ST信威")),
        ("salience>=peer", SalienceAtLeast("peer")),
        ("涨跌幅 >= 9%", Compare("涨跌幅", ">=", "9%")),
        ("金额>10亿元", Compare("金额", ">", "10亿元")),
        ("净利润<-1.5亿", Compare("净利润", "<", "-1.5亿")),
        ("published:P1DT12H", Within(timedelta(days=1, hours=12), "P1DT12H")),
        ("published:2026-11-01", Between(date(2026, 11, 1), date(2026, 11, 1))),
        ("published:2026-11-01/2026-11-30", Between(date(2026, 11, 1), date(2026, 11, 30))),
        ("@利好 -@利空", AllOf((Macro("利好"), Not(Macro("利空"))))),
    ],
)
def test_query_means_what_it_says(text: str, node: Node) -> None:
    assert parse_query(text) == node
    assert parse_query(str(node)) == node


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("", 1, "is empty"),
        ("减持 AND", 7, "ends where something to look for is expected, after AND"),
        ("AND 减持", 1, "AND needs something to look for on both sides"),
        ("减持 OR OR 质押", 7, "OR needs something to look for on both sides"),
        ("NEAR/5 减持", 1, "NEAR/5 needs something to look for on both sides"),
        ("减持 and 质押", 4, 'write AND in capitals, or "and" in quotes if you look for the word'),
        ("减持 near/5 质押", 4, 'write NEAR/5 in capitals, or "near/5" in quotes if you look for the word'),
        ("(减持 OR 质押", 1, "this ( is never closed"),
        ("减持)", 3, "this ) closes nothing"),
        ("()", 2, "these brackets hold nothing, or end with AND, OR or NOT"),
        ('"减持', 1, 'this quote has no second one: "…"'),
        ('""', 1, "there is nothing between these quotes"),
        ("titel:减持", 1, "there is no field titel: did you mean title:"),
        ("标题：减持", 1, "there is no field 标题: did you mean title:"),
        ("NASDAQ:NVDA", 1, 'there is no field NASDAQ: put it in quotes if you look for it: "NASDAQ:…"'),
        ("title:(body:减持)", 8, "body: stands within title:(…): one field at a time"),
        ("stock:/3.*/", 1, "stock: takes a word, a phrase in quotes, or a group of them"),
        ("stock:3000*", 1, "stock: takes words and phrases, not 3000*"),
        ("回购 NEAR 注销", 4, "write how many characters may stand between, such as NEAR/20"),
        ("回购，减持", 1, "回购,减持 holds a comma: write OR or AND between words, or put it in quotes"),
        ("回购 ~5 注销", 4, "~5 says nothing here: words near each other are written 回购 NEAR/20 注销"),
        ("减持*", 1, "* and ? work within Latin words; Chinese words are found anywhere without them"),
        ("a*", 1, "a pattern needs two letters or digits besides * and ?"),
        ("/((/", 1, "this regular expression cannot be read: missing ): (("),
        (
            "/x*/",
            1,
            "this regular expression cannot be read: it holds for an empty text, so it would hold for every article",
        ),
        (r"/(a)\1/", 1, r"this regular expression cannot be read: invalid escape sequence: \1"),
        ("stock:1 NEAR/5 减持", 9, "NEAR stands between words, phrases and groups of them, not beside stock:1"),
        ("减持 NEAR/999 质押", 4, "NEAR reaches at most 500 characters"),
        ("salience>=central", 1, "write salience>= and one of passing, listed, peer, subject"),
        ("salience=peer", 1, "write salience>= and one of passing, listed, peer, subject"),
        ("涨跌幅>=many", 1, "many is no number: write it as 9%, 10亿, 3.5万 or 1200"),
        ("sources>=2", 1, "sources cannot be counted yet: a story is one article with its copies"),
        ("title:金额>=1亿", 7, "a comparison cannot stand within title:"),
        (
            "published:yesterday",
            1,
            "yesterday is no time to be published in: write P1D, PT12H, 2026-11-01 or 2026-11-01/2026-11-30",
        ),
        ("published:2026-11-30/2026-11-01", 1, "2026-11-30/2026-11-01 ends before it begins"),
        ("(" * 51 + "a" + ")" * 51, 51, "nested deeper than 50 brackets"),
        ("减" * 10_001, 1, "longer than 10,000 characters: make it several rules, or macros"),
    ],
)
def test_query_that_cannot_be_right_is_complained_of_at_its_place(text: str, column: int, problem: str) -> None:
    with pytest.raises(QueryError) as told:
        parse_query(text)

    assert (told.value.column, told.value.problem) == (column, problem)


@given(nodes())
@settings(max_examples=400, deadline=None)
def test_what_is_printed_is_read_as_the_same(node: Node) -> None:
    printed = str(node)
    again = parse_query(printed)

    assert str(again) == printed
    assert parse_query(str(again)) == again


@given(st.text(max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_query_or_complained_of(text: str) -> None:
    try:
        node = parse_query(text)
    except QueryError as error:
        column = error.column
    else:
        column = 1
        assert parse_query(str(node)) == node

    assert 1 <= column <= len(text) + 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9%", 9.0),
        ("-12.5%", -12.5),
        ("10亿", 1e9),
        ("10亿元", 1e9),
        ("1.2万亿", 1.2e12),
        ("3,500万", 3.5e7),
        ("1200", 1200.0),
        ("5bn", 5e9),
        ("$1.5 billion", 1.5e9),
        ("HK$20million", 2e7),
        ("many", None),
        ("", None),
        ("9 9", None),
    ],
)
def test_amount_is_read_in_its_plain_unit(text: str, value: float | None) -> None:
    amount = read_amount(text)

    assert (amount.value if amount else None) == pytest.approx(value)

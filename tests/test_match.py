from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import NOW, article, knowledge
from watcher.folding import fold
from watcher.link import link_article
from watcher.match import match_rules
from watcher.match.owe import owe_alerts
from watcher.model import About, Article, Evidence, Identity, Knowledge, Match, Owed, Reading, Rule

TODAY = date(2026, 11, 20)


def matches(told: Article, *rules: Rule) -> tuple[Match, ...]:
    known = knowledge(*rules)
    return match_rules(told, link_article(told, known), known)


def hold(told: Article, *rules: Rule) -> list[str]:
    """The names of the rules that hold."""
    return [match.rule for match in matches(told, *rules)]


def places(text: str, *keywords: str) -> list[tuple[str, int, int]]:
    """Where keywords are found in a body."""
    found = [one for match in matches(article(body=text), Rule("r", keywords=keywords)) for one in match.evidence]
    assert [text[one.start : one.end] for one in found] == [one.term for one in found]
    return [(one.term, one.start, one.end) for one in found]


NEWS = article("一网统管扩面", "雄帝科技（300546）与数字政通参与电子证照项目。", "住建部发布通知")


@pytest.mark.parametrize(
    "rule",
    [
        Rule("r", stocks=("300546.SZ",)),
        Rule("r", stocks=("300075.SZ",)),
        Rule("r", stocks=("600519.SH", "300075.SZ")),
        Rule("r", keywords=("一网统管",)),
        Rule("r", keywords=("住建部",)),
        Rule("r", keywords=("电子证照",)),
        Rule("r", keywords=("预测", "电子证照")),
        Rule("r", stocks=("600519.SH",), keywords=("电子证照",)),
        Rule("r", stocks=("300546.SZ",), keywords=("预测",)),
        Rule("r", require=("住建部",)),
        Rule("r", keywords=("一网统管",), require=("住建部", "电子证照")),
        Rule("r", stocks=("300546.SZ",), require=("一网统管",)),
        Rule("r", keywords=("一网统管",), exclude=("预测", "传闻")),
    ],
)
def test_rule_holds_for_any_stock_or_keyword_all_required_and_none_excluded(rule: Rule) -> None:
    assert hold(NEWS, rule) == ["r"]


@pytest.mark.parametrize(
    "rule",
    [
        Rule("r", stocks=("600519.SH",)),
        Rule("r", keywords=("预测",)),
        Rule("r", stocks=("600519.SH",), keywords=("预测",)),
        Rule("r", require=("住建部", "预测")),
        Rule("r", stocks=("600519.SH",), require=("住建部",)),
        Rule("r", keywords=("预测",), require=("住建部",)),
        Rule("r", stocks=("300546.SZ",), keywords=("一网统管",), require=("预测",)),
        Rule("r", keywords=("电子证照",), exclude=("一网统管",)),
        Rule("r", keywords=("电子证照",), exclude=("住建部",)),
        Rule("r", keywords=("电子证照",), exclude=("项目",)),
        Rule("r", stocks=("300546.SZ",), exclude=("预测", "项目")),
        Rule("r", require=("住建部",), exclude=("项目",)),
        Rule("r", keywords=("电子证照",), exclude=("电子证照",)),
        Rule("r", keywords=("扩面住建部",)),
    ],
)
def test_rule_does_not_hold_otherwise(rule: Rule) -> None:
    assert hold(NEWS, rule) == []


def test_match_shows_stocks_then_keywords_then_required_words() -> None:
    rule = Rule("r", stocks=("300075.SZ", "300546.SZ"), keywords=("电子证照", "一网统管"), require=("住建部",))

    assert matches(NEWS, rule) == (
        Match(
            "r",
            (
                Evidence("数字政通", "body", 13, 17, "name", "300075.SZ"),
                Evidence("雄帝科技", "body", 0, 4, "name", "300546.SZ"),
                Evidence("300546", "body", 5, 11, "code", "300546.SZ"),
                Evidence("电子证照", "body", 19, 23),
                Evidence("一网统管", "title", 0, 4),
                Evidence("住建部", "summary", 0, 3),
            ),
        ),
    )


def test_rules_hold_in_the_order_of_the_watchlist() -> None:
    rules = (
        Rule("c", keywords=("项目",)),
        Rule("b", keywords=("预测",)),
        Rule("a", stocks=("300546.SZ",)),
        Rule("d", keywords=("一网统管",)),
    )

    assert hold(NEWS, *rules) == ["c", "a", "d"]


def test_term_of_several_rules_counts_for_each() -> None:
    rules = (
        Rule("wanted", keywords=("一网统管",)),
        Rule("required", stocks=("300075.SZ",), require=("一网统管",)),
        Rule("unwanted", keywords=("项目",), exclude=("一网统管",)),
    )

    assert hold(NEWS, *rules) == ["wanted", "required"]


def test_stock_is_matched_by_the_mentions_and_not_by_its_letters() -> None:
    told = article(body="当地有300546人，union 与雄帝合作")

    assert hold(told, Rule("r", stocks=("300546.SZ", "NIO.US"))) == []


@pytest.mark.parametrize(
    ("text", "keyword", "found"),
    [
        ("苹果mac电脑", "mac", [("mac", 2, 5)]),
        ("a Mac, two MACs", "mac", [("Mac", 2, 5)]),
        ("machine iMac mac2 4mac", "mac", []),
        ("machine mac", "mac", [("mac", 8, 11)]),
        ("ＭＡＣ电脑", "mac", [("ＭＡＣ", 0, 3)]),
        ("mac电脑", "ＭＡＣ", [("mac", 0, 3)]),
        ("GPT-4 与 gpt4", "GPT-4", [("GPT-4", 0, 5)]),
        ("GPT-40", "GPT-4", []),
        ("用C++写", "c++", [("C++", 1, 4)]),
        ("5G、15G、5Gs", "5g", [("5G", 0, 2)]),
        ("《数字政府》", "数字政府", [("数字政府", 1, 5)]),
        ("“数字政府”（一期）", "（一期）", [("（一期）", 6, 10)]),
        ("“数字政府”(一期)", "（一期）", [("(一期)", 6, 10)]),
        ("UNITED STATES", "United States", [("UNITED STATES", 0, 13)]),
        ("住建部：要求", "住建部:", [("住建部：", 0, 4)]),
        ("İstanbul 5G", "5g", [("5G", 9, 11)]),
        ("数字\n政府", "数字政府", []),
    ],
)
def test_keyword_is_found_in_any_case_and_width_and_latin_only_as_a_whole_word(
    text: str, keyword: str, found: list[tuple[str, int, int]]
) -> None:
    assert places(text, keyword) == found


@pytest.mark.parametrize(
    ("text", "keywords", "found"),
    [
        ("数字政府建设", ("数字政府", "政府建设"), [("数字政府", 0, 4), ("政府建设", 2, 6)]),
        ("数字政府建设", ("数字", "数字政府"), [("数字", 0, 2), ("数字政府", 0, 4)]),
        ("数字政府", ("政府", "数字政府", "府"), [("政府", 2, 4), ("数字政府", 0, 4), ("府", 3, 4)]),
        ("哈哈哈", ("哈哈",), [("哈哈", 0, 2), ("哈哈", 1, 3)]),
        ("apple pay", ("apple", "apple pay"), [("apple", 0, 5), ("apple pay", 0, 9)]),
        ("apple payment", ("apple", "apple pay"), [("apple", 0, 5)]),
    ],
)
def test_keywords_that_overlap_are_all_found(
    text: str, keywords: tuple[str, ...], found: list[tuple[str, int, int]]
) -> None:
    assert places(text, *keywords) == found


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        (Rule("r", require=("数字政府", "政府建设")), True),
        (Rule("r", keywords=("数字政府",), exclude=("政府建设",)), False),
        (Rule("r", keywords=("数字政府",), require=("MAC",)), True),
        (Rule("r", keywords=("数字政府",), exclude=("ｍａｃ",)), False),
        (Rule("r", keywords=("数字政府",), exclude=("ma",)), True),
    ],
)
def test_required_and_excluded_words_are_found_as_keywords_are(rule: Rule, holds: bool) -> None:
    assert bool(hold(article(body="数字政府建设用Mac"), rule)) is holds


def test_no_more_than_twenty_places_of_a_term_are_kept() -> None:
    """A page of repetitions cannot fill the database."""
    told = article("数字政府", "数字政府 300546.SZ " * 1_000)
    rule = Rule("r", stocks=("300546.SZ",), keywords=("数字政府", "政府"))

    ((_, evidence),) = [(match.rule, match.evidence) for match in matches(told, rule)]

    assert [sum(one.term == term for one in evidence) for term in ("300546.SZ", "数字政府", "政府")] == [20, 20, 20]
    assert Evidence("数字政府", "title", 0, 4) in evidence


def test_required_word_behind_a_thousand_others_is_found() -> None:
    told = article(body="数字政府" * 1_000 + "一网统管")

    assert hold(told, Rule("r", keywords=("数字政府",), require=("一网统管",))) == ["r"]


def test_no_rules_and_no_text_hold_nothing() -> None:
    assert matches(NEWS) == ()
    assert matches(article(), Rule("r", stocks=("300546.SZ",), keywords=("数字政府",))) == ()
    assert match_rules(NEWS, (), Knowledge()) == ()


WORDS = st.sampled_from(["数字", "政府", "数字政府", "mac", "MAC", "ine", "ａ", "a", "，", "\n", " "])


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=12).map("".join), st.lists(WORDS.filter(str.strip), min_size=1, max_size=4))
def test_rule_agrees_with_a_search_for_each_of_its_words(text: str, keywords: list[str]) -> None:
    """The words of one rule are searched for all at once; found they must be as if each were alone."""
    alone = {one for keyword in keywords for one in places(text, keyword)}

    assert set(places(text, *keywords)) == alone
    assert [one for one, start, end in alone if fold(text)[start:end] not in map(fold, keywords)] == []


def owed(
    told: Article,
    *rules: Rule,
    channels: tuple[str, ...] = ("screen", "log"),
    max_age: timedelta | None = None,
    hold: str | None = None,
) -> tuple[Owed, ...]:
    """What the rules owe about an article."""
    known = knowledge(*rules)
    mentions = link_article(told, known)
    reading = Reading(told, Identity("", ""), mentions, match_rules(told, mentions, known))
    by_name = {rule.name: rule for rule in rules}
    return owe_alerts(reading, by_name, channels=channels, max_age=max_age, hold=hold, now=NOW, names=known.names)


def published(at: datetime | date | None) -> Article:
    return Article("一网统管", "正文。", "post", published_at=at)


ANY = Rule("r", keywords=("一网统管",))


def test_each_rule_that_holds_owes_an_alert() -> None:
    rules = (
        Rule("数字政府", ("300546.SZ", "300075.SZ"), ("电子证照",), require=("住建部",), severity="high"),
        Rule("白酒", ("600519.SH",)),
        Rule("扩面", keywords=("扩面",), severity="low", channels=("log",)),
    )

    assert owed(NEWS, *rules) == (
        Owed(
            rule="数字政府",
            severity="high",
            headline="一网统管扩面",
            excerpt="雄帝科技（300546）与数字政通参与电子证照项目。",
            symbols=("300546.SZ", "300075.SZ"),
            terms=("雄帝科技", "300546", "数字政通", "电子证照", "住建部"),
            channels=("screen", "log"),
            about=(About("300546.SZ", "雄帝科技", "peer"), About("300075.SZ", "数字政通", "peer")),
            day=TODAY,
        ),
        Owed(
            rule="扩面",
            severity="low",
            headline="一网统管扩面",
            excerpt="住建部发布通知",
            symbols=(),
            terms=("扩面",),
            channels=("log",),
            day=TODAY,
        ),
    )


def test_security_that_an_article_has_only_the_code_of_is_named_by_the_table() -> None:
    told = article("公告", "SH600519 与 300546.SZ 今日披露合同。")

    (alert,) = owed(told, Rule("r", ("600519.SH", "300546.SZ")))

    assert [one.written_as for one in alert.about] == ["贵州茅台", "雄帝科技"]


def test_article_for_which_no_rule_holds_owes_nothing() -> None:
    assert owed(NEWS, Rule("白酒", ("600519.SH",))) == ()


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "rule_age", "max_age", "hold", "held"),
    [
        (NOW - 2 * DAY, None, None, None, None),
        (NOW - 2 * DAY, None, DAY, None, "max_age"),
        (NOW - DAY, None, DAY, None, None),
        (NOW - DAY - timedelta(seconds=1), None, DAY, None, "max_age"),
        (NOW + DAY, None, DAY, None, None),
        (NOW - 2 * DAY, 3 * DAY, DAY, None, None),
        (NOW - 2 * DAY, DAY, 3 * DAY, None, "max_age"),
        (NOW - 2 * DAY, DAY, None, None, "max_age"),
        (NOW, None, DAY, "baseline", "baseline"),
        (NOW - 2 * DAY, None, DAY, "no alerts", "no alerts"),
        (date(2026, 11, 20), None, DAY, None, None),
        (date(2026, 11, 19), None, DAY, None, None),
        (date(2026, 11, 18), None, DAY, None, "max_age"),
        (date(2026, 11, 20), None, timedelta(hours=1), None, None),
        (None, None, DAY, None, None),
        (None, DAY, DAY, "baseline", "baseline"),
    ],
)
def test_alert_is_held_by_its_file_or_by_its_age(
    at: Any, rule_age: timedelta | None, max_age: timedelta | None, hold: str | None, held: str | None
) -> None:
    """A bare day counts with its last minute; what nobody dated is never old; a rule's age goes before the general."""
    rule = Rule("r", keywords=("一网统管",), max_age=rule_age)

    (one,) = owed(published(at), rule, max_age=max_age, hold=hold)

    assert one.held == held


@pytest.mark.parametrize(
    ("of_rule", "of_all", "channels"),
    [((), ("screen", "log"), ("screen", "log")), (("log",), ("screen", "log"), ("log",)), ((), (), ())],
)
def test_alert_goes_to_the_rules_channels_or_to_all(
    of_rule: tuple[str, ...], of_all: tuple[str, ...], channels: tuple[str, ...]
) -> None:
    (one,) = owed(NEWS, Rule("r", keywords=("一网统管",), channels=of_rule), channels=of_all)

    assert one.channels == channels


def test_article_without_title_is_headed_by_its_first_line() -> None:
    told = article(None, "长" * 70 + "一网统管\n第二行")

    assert [one.headline for one in owed(told, ANY)] == ["长" * 60]
    assert [one.headline for one in owed(article("", "一网统管\n第二行"), ANY)] == ["一网统管"]


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        ("上文。今日一网统管扩面。下文。", "今日一网统管扩面。"),
        ("上文！今日一网统管扩面？下文。", "今日一网统管扩面？"),
        ("上文\n今日一网统管扩面\n下文", "今日一网统管扩面"),
        ("First. On 一网统管 today. Last.", "On 一网统管 today."),
        ("涨3.5点，一网统管扩面", "涨3.5点，一网统管扩面"),
        ("名称\t简介\n一网统管\t平台\t 12", "一网统管 平台 12"),
        ("一网统管", "一网统管"),
        ("一网统管。又是一网统管。", "一网统管。"),
        ("上" * 300 + "。" + "字" * 80 + "一网统管", "字" * 80 + "一网统管"),
        ("字" * 116 + "一网统管", "字" * 116 + "一网统管"),
    ],
)
def test_excerpt_is_the_sentence_around_the_first_place(body: str, excerpt: str) -> None:
    assert [one.excerpt for one in owed(article("标题", body), ANY)] == [excerpt]


def test_excerpt_of_a_long_sentence_is_cut_around_the_place() -> None:
    body = "前" * 300 + "一网统管" + "后" * 300

    assert [one.excerpt for one in owed(article("标题", body), ANY)] == ["前" * 40 + "一网统管" + "后" * 76]


@pytest.mark.parametrize(
    ("title", "summary", "body", "excerpt"),
    [
        ("一网统管", "摘要\n两行", "正文。", "摘要 两行"),
        ("一网统管", None, "正文\t一。\n正文二。", "正文 一。 正文二。"),
        ("一网统管", None, "长" * 200, "长" * 120),
        ("标题", "上文。一网统管扩面。", "正文。", "一网统管扩面。"),
        ("标题", "前" * 300 + "一网统管", "正文。", "前" * 40 + "一网统管"),
        ("一网统管", "摘要一网统管", "正文一网统管", "正文一网统管"),
        ("一网统管", None, "", ""),
    ],
)
def test_excerpt_is_from_the_body_then_the_summary_then_the_beginning(
    title: str, summary: str | None, body: str, excerpt: str
) -> None:
    assert [one.excerpt for one in owed(article(title, body, summary), ANY)] == [excerpt]


TALK = st.lists(st.sampled_from(["一网统管", "。", "\n", ". ", "\t", " ", "字" * 50, "word "]), max_size=12).map(
    "".join
)


@settings(max_examples=300, deadline=None)
@given(TALK, TALK)
def test_excerpt_is_one_short_line_that_shows_the_term(summary: str, body: str) -> None:
    for one in owed(article("标题", body, summary), ANY):
        assert "一网统管" in one.excerpt
        assert len(one.excerpt) <= 120
        assert one.excerpt == " ".join(one.excerpt.split())


def test_moment_of_now_is_what_counts() -> None:
    known = knowledge(ANY)
    told = published(datetime(2026, 11, 18, tzinfo=UTC))
    reading = Reading(told, Identity("", ""), (), match_rules(told, (), known))

    held = [
        owe_alerts(reading, {"r": ANY}, channels=(), max_age=DAY, hold=None, now=now)[0].held
        for now in (datetime(2026, 11, 18, 12, tzinfo=UTC), datetime(2026, 11, 19, 12, tzinfo=UTC))
    ]

    assert held == [None, "max_age"]

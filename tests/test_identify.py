from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build import article
from watcher.identify import identify_article
from watcher.model import Identity, Mark

ORIGINAL = article("雄帝科技涨停", "今日，雄帝科技(300546)涨停，收报 20.50 元。\nNIO follows.")


def test_identity_is_the_hash_of_title_and_body_without_white_space() -> None:
    body = hashlib.sha256("今日nio".encode()).hexdigest()
    both = hashlib.sha256("涨停\0今日nio".encode()).hexdigest()

    assert identify_article(article("涨 停", "今日\nNIO")) == Identity(content_hash=both, body_hash=body)


@pytest.mark.parametrize(
    "body",
    [
        "今日，雄帝科技(300546)涨停，收报20.50元。NIO follows.",
        " 今日， 雄帝科技(300546)涨停，\n\n收报\t20.50\u3000元。\xa0NIO\nfollows. ",
        "今日，雄帝科技（３００５４６）涨停，收报 ２０．５０ 元。\nＮＩＯ follows.",
        "今日，雄帝科技(300546)涨停，收报 20.50 元。\nNio FOLLOWS.",
        "今日,雄帝科技(300546)涨停,收报 20.50 元。\nnio follows.",
    ],
)
def test_copy_in_other_width_case_or_white_space_is_the_same_article(body: str) -> None:
    assert identify_article(article("雄帝科技 涨停", body)) == identify_article(ORIGINAL)


@pytest.mark.parametrize(
    ("seen", "instead"),
    [("20.50", "20.51"), ("涨停", "跌停"), ("300546", "300564"), ("。", "！"), ("follows", "follow")],
)
def test_changed_word_or_digit_makes_another_article(seen: str, instead: str) -> None:
    changed = identify_article(replace(ORIGINAL, body=ORIGINAL.body.replace(seen, instead)))

    assert changed.body_hash != identify_article(ORIGINAL).body_hash
    assert changed.content_hash != identify_article(ORIGINAL).content_hash


@pytest.mark.parametrize("title", [None, "", "雄帝科技跌停", "雄帝科技涨停2"])
def test_title_is_part_of_the_content_but_not_of_the_body(title: str | None) -> None:
    other = identify_article(replace(ORIGINAL, title=title))

    assert other.body_hash == identify_article(ORIGINAL).body_hash
    assert other.content_hash != identify_article(ORIGINAL).content_hash


def test_word_that_moves_from_title_to_body_makes_another_article() -> None:
    one, other = article("雄帝", "科技涨停"), article("雄帝科技", "涨停")

    assert identify_article(one).content_hash != identify_article(other).content_hash


def test_no_title_is_an_empty_one() -> None:
    assert identify_article(article(None, "涨停")) == identify_article(article("", "涨停"))


def test_half_a_surrogate_pair_has_an_identity() -> None:
    """JSON and YAML can write what no encoding can."""
    assert identify_article(article("\ud800", "涨停")) != identify_article(article("", "涨停"))


def test_what_surrounds_the_text_does_not_count() -> None:
    original = replace(ORIGINAL, body=ORIGINAL.body * 5)
    copy = replace(
        original,
        format="web page",
        summary="摘要",
        url="https://example.com/a",
        source="另一家",
        publisher="另一家",
        published_at=date(2026, 11, 18),
        marks=(Mark("300546.SZ", "雄帝科技", 3, 7),),
    )

    assert identify_article(copy) == identify_article(original)


@pytest.mark.parametrize("body", ["查看公告", "关于回购公司股份的进展公告", ""])
def test_the_same_few_words_of_another_day_are_another_article(body: str) -> None:
    """Exchange notices and finviz headlines recur word for word; the second month's notice would never alert."""
    october = replace(article("关于回购公司股份的进展公告", body), published_at=date(2026, 10, 5))
    november = replace(october, published_at=date(2026, 11, 9))

    assert identify_article(october).content_hash != identify_article(november).content_hash


@given(st.text() | st.none(), st.text())
def test_any_text_has_an_identity(title: str | None, body: str) -> None:
    identity = identify_article(article(title, body))

    assert (len(identity.content_hash), len(identity.body_hash)) == (64, 64)
    assert identify_article(article(title, f" {body}\n")) == identity

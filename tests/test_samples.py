"""The shipped samples carry every rule that the real files taught, so that these hold without the corpus."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import page_of
from tests.conftest import SAMPLES
from tests.expected import differences, read_expected
from watcher.errors import UnparsedError
from watcher.identify import identify_article
from watcher.model import Article, Unread
from watcher.parse import parse_page

EXPECTED = read_expected(SAMPLES.parents[1] / "tests" / "samples.jsonl")


@pytest.mark.parametrize("expected", [one for one in EXPECTED if "fails" not in one], ids=lambda one: one["file"])
def test_sample_is_read_as_a_person_reads_it(expected: dict[str, Any]) -> None:
    (article,) = parse_page(page_of(SAMPLES / expected["file"]))

    assert differences(article, expected) == []
    assert all(article.body[mark.start : mark.end] == mark.written_as for mark in article.marks)


@pytest.mark.parametrize("expected", [one for one in EXPECTED if "fails" in one], ids=lambda one: one["file"])
def test_sample_without_text_is_refused(expected: dict[str, Any]) -> None:
    with pytest.raises(UnparsedError, match=expected["fails"]):
        list(parse_page(page_of(SAMPLES / expected["file"])))


@pytest.mark.parametrize("expected", [one for one in EXPECTED if one.get("duplicate_of")], ids=lambda one: one["file"])
def test_copy_in_other_markup_is_the_same_article(expected: dict[str, Any]) -> None:
    (copy,) = parse_page(page_of(SAMPLES / expected["file"]))
    (original,) = parse_page(page_of(SAMPLES / expected["duplicate_of"]))

    assert identify_article(copy).body_hash == identify_article(original).body_hash
    if copy.title:
        assert identify_article(copy).content_hash == identify_article(original).content_hash


@pytest.mark.parametrize(
    ("file", "told", "unread"),
    [
        (
            "2026-11-20-sample-FinanceBreakfast.md",
            [
                ("热点聚焦", "1", None),
                ("热点聚焦", "2", None),
                ("国内股市", "1", None),
                ("国内股市", "2", None),
                ("环球市场", "1", None),
                ("环球市场", "2", None),
                ("债券", "1", None),
            ],
            [],
        ),
        ("sample-wire.xml", [(None, None, "NIO and Intel widen patent licence (sample)")], []),
        (
            "sample-feed.xml",
            [(None, None, "样例：辰安科技收到立案告知书"), (None, None, "样例：港股通标的调整 腾讯控股权重不变")],
            [],
        ),
        (
            "sample-export.jsonl",
            [(None, None, "样例：平安银行股东减持计划完成"), (None, None, "样例：券商晨会观点汇总")],
            ["line 2"],
        ),
    ],
)
def test_file_of_several_articles_is_read_into_them(
    file: str, told: list[tuple[str | None, ...]], unread: list[str]
) -> None:
    parts = list(parse_page(page_of(SAMPLES / file)))

    articles = [part for part in parts if isinstance(part, Article)]
    assert [(article.section, article.item_number, article.title) for article in articles] == told
    assert all(article.published_at for article in articles)
    assert [part.where for part in parts if isinstance(part, Unread)] == unread


def test_every_sample_has_expected_values() -> None:
    shipped = {path.name for path in SAMPLES.iterdir() if path.suffix in (".md", ".html")}

    assert {one["file"] for one in EXPECTED} | {"2026-11-20-sample-FinanceBreakfast.md"} == shipped


def test_every_sample_says_that_it_is_one() -> None:
    for path in SAMPLES.iterdir():
        if path.is_file() and path.suffix != ".py":
            text = page_of(path).text
            assert "样例" in text or "sample" in text.lower(), path.name

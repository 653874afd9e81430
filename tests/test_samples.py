"""The shipped samples carry every rule that the real files taught, so that these hold without the corpus."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import page_of
from tests.conftest import SAMPLES
from tests.expected import differences, read_expected
from watcher.errors import UnparsedError
from watcher.identify import identify_article
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
        parse_page(page_of(SAMPLES / expected["file"]))


@pytest.mark.parametrize("expected", [one for one in EXPECTED if one.get("duplicate_of")], ids=lambda one: one["file"])
def test_copy_in_other_markup_is_the_same_article(expected: dict[str, Any]) -> None:
    (copy,) = parse_page(page_of(SAMPLES / expected["file"]))
    (original,) = parse_page(page_of(SAMPLES / expected["duplicate_of"]))

    assert identify_article(copy).body_hash == identify_article(original).body_hash
    if copy.title:
        assert identify_article(copy).content_hash == identify_article(original).content_hash


def test_every_sample_has_expected_values() -> None:
    shipped = {path.name for path in SAMPLES.iterdir() if path.suffix in (".md", ".html")}

    assert {one["file"] for one in EXPECTED} == shipped


def test_every_sample_says_that_it_is_one() -> None:
    for path in SAMPLES.iterdir():
        if path.suffix in (".md", ".html"):
            text = page_of(path).text
            assert "样例" in text or "sample" in text.lower(), path.name

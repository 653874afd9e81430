"""The 33 real posts against values made by reading them."""

from __future__ import annotations

from pathlib import Path

from tests.build import page_of
from tests.expected import COMPARED, differences, read_expected
from watcher.identify import identify_article
from watcher.parse import parse_page

KNOWN_DIFFERENCES: list[str] = []
"""Fields where we read otherwise than the expected values, each with its reason. There are none."""


def test_all_posts_are_read_as_a_person_reads_them(corpus: Path) -> None:
    expected = read_expected(corpus / "expected" / "posts.jsonl")

    found = []
    for one in expected:
        (article,) = parse_page(page_of(corpus / one["file"]))
        assert article.body
        found += differences(article, one)

    assert len(expected) == 33
    assert found == KNOWN_DIFFERENCES
    print(f"{len(expected)} posts, {len(expected) * len(COMPARED)} fields, {len(found)} differ")


def test_exact_duplicates_are_recognised_and_nothing_else(corpus: Path) -> None:
    """The titleless twin has the body of its original; the other three copies are equal in title and body."""
    expected = read_expected(corpus / "expected" / "posts.jsonl")
    first_with: dict[str, str] = {}
    duplicates = {}

    for one in sorted(expected, key=lambda one: one["duplicate_of"] is not None):
        (article,) = parse_page(page_of(corpus / one["file"]))
        body_hash = identify_article(article).body_hash
        if body_hash in first_with:
            duplicates[one["file"]] = first_with[body_hash]
        first_with.setdefault(body_hash, one["file"])

    assert duplicates == {one["file"]: one["duplicate_of"] for one in expected if one["duplicate_of"]}

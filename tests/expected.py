"""Parsed articles against values that were made by reading, in the shape of `posts.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from watcher.model import Article

COMPARED = (
    "title published_at published_from url native_id publisher source marked_symbols first_words last_words tables"
).split()


def read_expected(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def as_expected(article: Article) -> dict[str, Any]:
    """The fields of an article as the expected values write them."""
    published = article.published_at
    words = " ".join(article.body.split())
    lines = article.body.split("\n")
    rows = ["\t" in line for line in lines]
    tables = sum(1 for index, is_row in enumerate(rows) if is_row and (index == 0 or not rows[index - 1]))
    at = None
    if published:
        at = published.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(published, datetime) else published.isoformat()
    return {
        "title": article.title,
        "published_at": at,
        "published_from": article.published_from,
        "url": article.url,
        "native_id": article.native_id,
        "publisher": article.publisher,
        "source": article.source,
        "marked_symbols": sorted({mark.symbol for mark in article.marks}),
        "first_words": words[:12].strip(),
        "last_words": words[-12:].strip(),
        "tables": tables,
    }


def differences(article: Article, expected: dict[str, Any]) -> list[str]:
    """Each field that differs, as a line."""
    actual = as_expected(article)
    wanted = expected | {name: expected[name].strip() for name in ("first_words", "last_words")}
    return [
        f"{expected['file']}: {name}: {actual[name]!r}, expected {wanted[name]!r}"
        for name in COMPARED
        if actual[name] != wanted[name]
    ]


def digest_differences(articles: Sequence[Article], items: Sequence[dict[str, Any]]) -> list[str]:
    """Each item of a digest that is not where and what it should be, as a line; and each that is one too many."""
    found = []
    for place, wanted in enumerate(items):
        article = articles[place] if place < len(articles) else None
        actual = article and (article.section, article.item_number, *_ends(article.body))
        if actual != (wanted["section"], wanted["number"], wanted["opening"].strip(), wanted["closing"].strip()):
            found.append(f"{wanted['file']}: item {wanted['position']}: {actual}, expected {wanted}")
    return found + [f"one too many: {_ends(article.body)}" for article in articles[len(items) :]]


def _ends(body: str) -> tuple[str, str]:
    return body[:14].strip(), body[-10:].strip()

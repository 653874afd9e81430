"""Parsed articles against values that were made by reading, in the shape of `posts.jsonl`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from watcher.model import Article

COMPARED = (
    "title published_at published_from url native_id publisher source marked_symbols first_words last_words tables"
).split()


def read_expected(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


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

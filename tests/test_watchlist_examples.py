"""The forty examples of docs/watchlist.md hold, line by line."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.build import SECURITIES
from watcher.match import match_rules
from watcher.model import Article, Evidence, Knowledge, Mention, Rule
from watcher.settings import load_watchlist

TEXT = (Path(__file__).parents[1] / "docs" / "watchlist.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", TEXT.partition("### Forty examples")[2], re.MULTILINE)


def told(cell: str) -> tuple[Article, tuple[Mention, ...]]:
    """The article that a cell describes, with the securities it is said to name."""
    parts = dict(re.findall(r"(\w+)「(.*?)」", cell)) or {"body": cell}
    mentions = ()
    if stock := parts.pop("stock", None):
        symbol, salience = stock.split()
        place = Evidence(symbol, "body", 0, 1, "code", symbol)
        mentions = (Mention(symbol, symbol, "code", 1.0, 1, False, 0, (place,), salience),)
    if day := parts.pop("published", None):
        parts["published_at"] = datetime.fromisoformat(day).replace(tzinfo=UTC)
    fields: dict[str, Any] = {"title": None, "format": parts.pop("kind", "post")} | parts
    return Article(**fields), mentions


def rule_of(query: str, folder: Path) -> Rule:
    """The rule as a watchlist with this query gives it."""
    quoted = query.replace("'", "''")
    (folder / "watchlist.yaml").write_text(f"rules:\n  - name: r\n    query: '{quoted}'\n", encoding="utf-8")
    read = load_watchlist(folder / "watchlist.yaml", (), SECURITIES)
    assert read.complaints == []
    return read.rules[0]


def test_there_are_forty() -> None:
    assert len(ROWS) == 40


@pytest.mark.parametrize(("query", "yes", "no"), ROWS, ids=[row[0] for row in ROWS])
def test_example_holds_for_the_one_and_not_for_the_other(query: str, yes: str, no: str, tmp_path: Path) -> None:
    known = Knowledge(rules=(rule_of(query, tmp_path),))

    assert match_rules(*told(yes), known)
    assert not match_rules(*told(no), known)

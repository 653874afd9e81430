"""Everything an operator can decide or type is documented, and what the documents show works."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import click
import pytest

from watcher.cli import _COMMANDS, watcher
from watcher.settings.models import FolderEntry, RuleEntry, WatcherFile
from watcher.store import Store

ROOT = Path(__file__).parents[1]


def document(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("key", [*WatcherFile.model_fields, *FolderEntry.model_fields])
def test_every_setting_is_documented(key: str) -> None:
    assert f"`{key}`" in document("docs/operate.md")
    assert re.search(rf"\b{key}:", document("config/watcher.yaml"))


@pytest.mark.parametrize("key", RuleEntry.model_fields)
def test_every_key_of_a_rule_is_documented(key: str) -> None:
    assert f"`{key}`" in document("docs/watchlist.md")


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_is_documented_and_has_help(name: str) -> None:
    command = watcher.get_command(click.Context(watcher), name)

    assert command is not None
    assert command.help
    assert f"`watcher {name}" in document("README.md")


def test_queries_of_the_cookbook_run(store: Store, tmp_path: Path) -> None:
    (queries,) = re.findall(r"```sql\n(.*?)```", document("docs/queries.md"), re.DOTALL)
    db = sqlite3.connect(tmp_path / "store" / "news.db")

    for query in queries.split(";\n"):
        if query.strip():
            db.execute(query)
    db.close()


def test_links_between_documents_lead_somewhere() -> None:
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"

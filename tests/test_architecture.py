"""Imports point one way: cli → daemon → pipeline → the stages → model, errors. No stage imports a stage."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "watcher"
STAGES = {"detect", "read", "parse", "identify", "link", "match", "store", "deliver"}
LEAVES = {"model", "errors", "folding", "kinds", "query", ""}
MAY_IMPORT = {
    "model": {"query"},
    "query": {"folding"},
    "errors": set(),
    "folding": set(),
    "kinds": set(),
    "decoding": {"errors", "kinds"},
    "data": {"model"},
    "samples": set(),
    "logs": {"model", "errors", "folding"},
    "settings": {"model", "errors", "query"},
    "workers": {"model", "errors"},
    **dict.fromkeys(STAGES, LEAVES | {"decoding"}),
    "pipeline": STAGES | LEAVES | {"workers"},
    "daemon": STAGES | LEAVES | {"workers", "pipeline", "settings", "logs"},
    "cli": STAGES | LEAVES | {"workers", "pipeline", "daemon", "settings", "logs", "data", "samples", "cli"},
    "__main__": {"cli"},
    "": set(),
}
HOMES = {
    "watchdog": {"detect"},
    "bs4": {"parse"},
    "trafilatura": {"parse"},
    "feedparser": {"parse"},
    "rjieba": {"link"},
    "opencc": {"folding"},
    "lark": {"query"},
    "re2": {"query"},
    "markdown_it": {"parse"},
    "lxml": {"parse"},
    "sqlite_utils": {"store"},
    "ahocorasick_rs": {"link", "match"},
    "charset_normalizer": {"decoding"},
    "yaml": {"parse", "settings"},
    "pydantic": {"settings"},
    "platformdirs": {"settings"},
    "click": {"cli"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    """The room a module belongs to: the name right below `watcher`."""
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imports_of(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.append(node.module or "")
            if node.module == "watcher":
                names += [f"watcher.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    room = part_of(path)
    rooms = {name.split(".")[1] for name in imports_of(path) if name.startswith("watcher.")} - {"__version__"}

    assert rooms - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_library_has_one_home(path: Path) -> None:
    libraries = {name.split(".")[0] for name in imports_of(path)}

    assert [library for library in libraries if part_of(path) not in HOMES.get(library, {part_of(path)})] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_has_outgrown_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_broad_except_stands_around_one_file_only() -> None:
    """`except Exception` hides bugs; it stands where one file's trouble must not cost the next one."""
    found = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Name) and node.type.id == "Exception"
    }

    assert found == {"pipeline.py", "workers.py"}


@pytest.mark.parametrize(
    ("command", "absent"),
    [
        (["--help"], {"sqlite_utils", "pydantic", "bs4", "watchdog", "structlog", "rich", "yaml", "ahocorasick_rs"}),
        (["status", "--help"], {"pydantic", "bs4", "watchdog", "structlog", "rich", "ahocorasick_rs"}),
    ],
    ids=["help", "status"],
)
def test_short_commands_import_no_heavy_library(command: list[str], absent: set[str]) -> None:
    script = (
        f"import sys\nfrom watcher.cli import watcher\ntry:\n    watcher({command!r})\nexcept SystemExit:\n    pass\n"
    )
    script += "print('MODULES', *sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    imported = set(result.stdout.rpartition("MODULES")[2].split())

    assert absent & imported == set()

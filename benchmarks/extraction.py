"""How much of a web page's article is found, and how fast: `python benchmarks/extraction.py [FOLDER] [--pages]`.

The folder holds pages (`*.html`) and beside each the text of its article (`*.txt`); without one it is tests/pages.
Scores are those of the field's public benchmark: runs of four words (Chinese: of four characters), precision and
recall averaged over pages, F1 of the two.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura
from bs4 import BeautifulSoup

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.build import page_of
from tests.shingles import PAGES, Score, mean, score
from watcher.errors import UnparsedError
from watcher.model import Article, Page
from watcher.parse.pages.web_page import read_web_page

Extract = Callable[[Page], str]


def _watcher(page: Page) -> str:
    try:
        return "\n".join(part.body for part in read_web_page(page) if isinstance(part, Article))
    except UnparsedError:
        return ""


def _trafilatura(**options: bool) -> Extract:
    return lambda page: trafilatura.extract(page.text, include_comments=False, **options) or ""


def _all_text(page: Page) -> str:
    return BeautifulSoup(page.text, "lxml").get_text("\n")


VARIANTS: dict[str, Extract] = {
    "watcher": _watcher,
    "trafilatura fast": _trafilatura(fast=True),
    "trafilatura": _trafilatura(),
    "trafilatura precise": _trafilatura(favor_precision=True),
    "bs4 get_text": _all_text,
}


def main() -> None:
    """Print a line a variant, and with `--pages` a line a page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=PAGES)
    options.add_argument("--pages", action="store_true", help="each page's F1, too")
    chosen = options.parse_args()
    texts = sorted(path for path in chosen.folder.glob("*.txt") if path.with_suffix(".html").exists())
    pages = [(page_of(path.with_suffix(".html")), path.read_text(encoding="utf-8")) for path in texts]
    by_variant: dict[str, list[Score]] = {}
    print(f"{len(pages)} pages\n{'':24}precision   recall       F1  ms/page")
    for name, extract in VARIANTS.items():
        extract(pages[0][0])  # What is imported and compiled once is not a page's time.
        start = time.perf_counter()
        found = [extract(page) for page, _ in pages]
        milliseconds = (time.perf_counter() - start) * 1000 / len(pages)
        scores = by_variant[name] = [score(text, expected) for text, (_, expected) in zip(found, pages, strict=True)]
        overall = mean(scores)
        print(f"{name:24}{overall.precision:9.3f}{overall.recall:9.3f}{overall.f1:9.3f}{milliseconds:9.1f}")
    if chosen.pages:
        print(f"\n{'F1':36}{''.join(f'{name:>20}' for name in VARIANTS)}")
        for number, path in enumerate(texts):
            row = "".join(f"{scores[number].f1:20.3f}" for scores in by_variant.values())
            print(f"{path.stem:36}{row}")


if __name__ == "__main__":
    main()

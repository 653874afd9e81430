"""How much of an article's text was found: overlapping runs of four words, as the field's benchmark counts them.

A Chinese character counts as a word. Precision is what of the text found is the article's, recall what of the article
was found, each between 0 and 1.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

PAGES = Path(__file__).parent / "pages"
"""Invented pages in the shapes of real ones, beside each the text of its article, written down before any tuning."""

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_RUN = 4


class Score(NamedTuple):
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall) if sum(self) else 0.0


def score(found: str, expected: str) -> Score:
    """How well the text found covers the expected one."""
    have, want = _runs(found), _runs(expected)
    common = (have & want).total()
    return Score(common / have.total() if have else 0.0, common / want.total() if want else 1.0)


def mean(scores: list[Score]) -> Score:
    """Precision and recall averaged over pages, as the benchmark does."""
    return Score(*(sum(values) / len(scores) for values in zip(*scores, strict=True)))


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)) if words)

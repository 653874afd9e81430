"""An article as one text to search: its fields one below the other, narrowed and folded, cut into sentences."""

from __future__ import annotations

import re
from functools import cached_property

from watcher.folding import fold_narrowed, narrow
from watcher.link.context import speaks_of_business
from watcher.link.lines import Markets
from watcher.model import Article, Field

_BETWEEN_FIELDS = "\n\0\n"
"""What stands in no pattern: nothing of one field is told by the words of another."""
_ADDRESS = re.compile(r"https?://[^\s,;()<>\"'，；、。\u3000-\uffef]+")
"""What an address contains (``quote.eastmoney.com/sz300075.html``, ``item.jd.com``) is not said of anybody."""
_SENTENCE_ENDS = "。！？!?\n；;"
_SENTENCE_END = re.compile(f"[{_SENTENCE_ENDS}]")
_LONGEST_SENTENCE = 500
"""Characters before and after a name that are looked through for the end of its sentence."""
_BEFORE = 24
_AFTER = 48
"""Characters before and after a name that are looked at, within its sentence."""
_CLEARLY_ENOUGH = 600
"""Characters at the beginning that mostly tell already whether a text is about business."""


class Text:
    """The fields of an article, title first, with the same places as in what was written."""

    def __init__(self, article: Article) -> None:
        fields = list(article.texts())
        written = _BETWEEN_FIELDS.join(text for _, text in fields)
        self.written = written
        self.narrowed = narrow(_ADDRESS.sub(_blank, written) if "://" in written else written)
        self.folded = fold_narrowed(self.narrowed)
        starts, position = [], 0
        for field, text in fields:
            starts.append((position, field))
            position += len(text) + len(_BETWEEN_FIELDS)
        self._starts = starts[::-1]
        self.body_start = starts[-1][0]
        self.has_title = starts[0][1] == "title"
        # An item of a digest of the markets is too short to tell what it is about.
        self._is_business = article.part_of is not None

    def field_at(self, position: int) -> tuple[Field, int]:
        """The field that a place lies in, and where that begins."""
        for start, field in self._starts:
            if start <= position:
                return field, start
        raise ValueError(f"no field holds position {position}")

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence around ``folded[start:end]`` begins and ends."""
        first, last = max(0, start - _LONGEST_SENTENCE), min(len(self.folded), end + _LONGEST_SENTENCE)
        begin = max(self.folded.rfind(mark, first, start) for mark in _SENTENCE_ENDS) + 1
        stop = _SENTENCE_END.search(self.folded, end, last)
        return begin or first, stop.start() if stop else last

    def beside(self, start: int, end: int) -> tuple[str, str]:
        """What stands before and after ``folded[start:end]`` within its sentence."""
        before = self.folded[max(0, start - _BEFORE) : start]
        after = self.folded[end : end + _AFTER]
        return _SENTENCE_END.split(before)[-1], _SENTENCE_END.split(after, 1)[0]

    def paragraph(self, start: int, end: int) -> tuple[int, int]:
        """Where the line around ``folded[start:end]`` begins and ends."""
        stop = self.folded.find("\n", end)
        return self.folded.rfind("\n", 0, start) + 1, stop if stop >= 0 else len(self.folded)

    def market_around(self, start: int, end: int) -> str | None:
        """The one market that the sentence of ``folded[start:end]`` speaks of, or else its paragraph, or the whole."""
        return (
            self._markets.one_in(*self.sentence(start, end))
            or self._markets.one_in(*self.paragraph(start, end))
            or self._market
        )

    @cached_property
    def _markets(self) -> Markets:
        return Markets(self.folded)

    @cached_property
    def _market(self) -> str | None:
        return self._markets.one_of_all(lead=self.paragraph(self.body_start, self.body_start)[1])

    @cached_property
    def speaks_of_business(self) -> bool:
        """Whether it is about companies at all."""
        return (
            self._is_business
            or speaks_of_business(self.folded[:_CLEARLY_ENOUGH])
            or speaks_of_business(self.folded[_CLEARLY_ENOUGH:])
        )


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])

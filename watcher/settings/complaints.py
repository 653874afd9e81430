"""What is wrong with the configuration, and where it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

Loc = tuple[str | int, ...]
"""The way to a value: ``("folders", 0, "path")``."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was written: a line of a file, or an environment variable (which has no lines)."""

    source: str
    line: int = 0
    column: int = 0

    @property
    def origin(self) -> str:
        """The place as `watcher config show` names it: without the column."""
        return f"{self.source}:{self.line}" if self.line else self.source

    def __str__(self) -> str:
        return f"{self.origin}:{self.column}" if self.line else self.source


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One thing that is wrong, as one line for a person."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def dotted(loc: Loc) -> str:
    """The way to a value as complaints write it: ``folders.0.path``."""
    return ".".join(map(str, loc))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a complaint that offers the known word nearest to this one, if one is near."""
    writings = {name.lower(): name for name in known}
    # At 0.8, "GMT+8" would be offered "GMT+0".
    near = get_close_matches(word.lower(), writings, n=1, cutoff=0.82)
    return f', did you mean "{writings[near[0]]}"?' if near else ""

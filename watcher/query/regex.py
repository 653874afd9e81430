"""Regular expressions of users, by RE2: it needs time in proportion to the text, whatever is asked for (row P14)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re2

_MOST_PATTERNS = 10_000


def problem_of(source: str) -> str | None:
    """What is wrong with a regular expression, or `None`."""
    import re2

    try:
        pattern = _compiled(source)
    except re2.error as error:
        return str(error.args[0].decode() if isinstance(error.args[0], bytes) else error)
    return "it holds for an empty text, so it would hold for every article" if pattern.search("") else None


def places_of(source: str, text: str) -> Iterator[tuple[int, int]]:
    """Start and end of everything in a text that the expression describes."""
    return (found.span() for found in _compiled(source).finditer(text))


@lru_cache(maxsize=_MOST_PATTERNS)
def _compiled(source: str) -> re2._Regexp:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(source, options)

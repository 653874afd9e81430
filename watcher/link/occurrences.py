"""Places that are one to a reader: a name with its code behind it, in brackets or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from watcher.link.resolve import Place
from watcher.link.text import Text
from watcher.model import Field

_WIDEST_GAP = 2
"""Between a name and its code in brackets stand a bracket and at most a space."""


class Occurrence(NamedTuple):
    """Where a reader sees a security named once."""

    symbol: str
    start: int
    end: int
    """Behind its code and the bracket around that."""
    written_as: str
    """Its name, or its code where there is only that."""
    field: Field
    is_collective: bool
    """One of several companies that the name means."""


def occurrences_in(places: Iterable[Place], text: Text) -> list[Occurrence]:
    """What the places are to a reader, in their order."""
    found: list[Occurrence] = []
    last: dict[str, tuple[int, Place]] = {}
    for place in places:
        index, before = last.get(place.symbol, (-1, None))
        if before is not None and _belong_together(before, place, found[index].end):
            end = max(found[index].end, place.end)
            end += text.folded.startswith(")", end) and place.how == "code"
            found[index] = found[index]._replace(end=end)
        else:
            index = len(found)
            written_as = text.folded[place.start : place.end]
            field, _ = text.field_at(place.start)
            found.append(Occurrence(place.symbol, place.start, place.end, written_as, field, place.is_collective))
        last[place.symbol] = (index, place)
    return found


def _belong_together(one: Place, other: Place, end: int) -> bool:
    """Whether two places of one security overlap, or are its name and its code."""
    return other.start < end or ((one.how == "code") != (other.how == "code") and other.start <= end + _WIDEST_GAP)

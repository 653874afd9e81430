"""Names of securities in text, all searched at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ahocorasick_rs import AhoCorasick, MatchKind

from watcher.folding import fold, stands_alone


class NameFinder:
    """Finds the names of some securities; where several begin at one place, the longest."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        by_name = {fold(name): symbol for symbol, own in names.items() for name in own if name}
        self._symbols = list(by_name.values())
        self._automaton = AhoCorasick(list(by_name), matchkind=MatchKind.LeftmostLongest)

    def find(self, folded: str) -> Iterator[tuple[str, int, int]]:
        """Symbol, start and end of each name in a folded text."""
        for index, start, end in self._automaton.find_matches_as_indexes(folded):
            if stands_alone(folded, start, end):
                yield self._symbols[index], start, end

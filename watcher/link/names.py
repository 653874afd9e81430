"""Names of securities in text, all searched at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ahocorasick_rs import AhoCorasick

from watcher.folding import fold, stands_alone


class NameFinder:
    """Finds the names of some securities; where several begin at one place, the longest.

    A name that two of them bear (a company that moved from Beijing to Shenzhen) names both.
    """

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        by_name: dict[str, list[str]] = defaultdict(list)
        for symbol, own in names.items():
            # 万  科Ａ has two spaces in the table; in text they have folded into one.
            for name in dict.fromkeys(fold(" ".join(name.split())) for name in own):
                if name:
                    by_name[name].append(symbol)
        self._symbols = list(by_name.values())
        self._automaton = AhoCorasick(list(by_name))

    def find(self, folded: str) -> Iterator[tuple[str, int, int]]:
        """Symbol, start and end of each name in a folded text."""
        # All of them first: where the longest is only part of a word, a shorter one may stand alone.
        found = [
            (start, -end, index)
            for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True)
            if stands_alone(folded, start, end)
        ]
        reach = 0
        for start, minus_end, index in sorted(found):
            if start >= reach:
                reach = -minus_end
                for symbol in self._symbols[index]:
                    yield symbol, start, reach

"""All rules made ready at once: which of them a text can concern is told by the words in it, not by asking each.

Every word of every rule is in one automaton, so that a text is read once however long the watchlist is; only rules of
whose words or stocks one is there are judged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from watcher.folding import fold, stands_alone
from watcher.match.judge import MOST_EVIDENCE, Subject
from watcher.model import Article, Evidence, Mention, Rule
from watcher.query import AllOf, AnyOf, Near, Node, Not, Stock, Word, symbols_in

Trigger = tuple[str, bool]
"""A folded word, or a symbol: whether it is a symbol."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule ready to be judged."""

    rule: Rule
    query: Node
    asked: tuple[str, ...]
    """The symbols its salience clauses are about."""
    needed: tuple[frozenset[Trigger], ...]
    """Of each of these sets of words and symbols one must be there for the query to hold."""


class Plan:
    """The rules of one watchlist, compiled."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = [
            Judged(rule, query, tuple(symbols_in(query)), triggers_of(query))
            for rule in rules
            for query in [query_of(rule)]
        ]
        self._always = [index for index, judged in enumerate(self.rules) if not judged.needed]
        self._triggered = self._index()
        self._words = sorted({word for judged in self.rules for word in _words(judged.query)})
        self._known = frozenset(self._words)
        self._automaton = AhoCorasick(self._words)

    def subject(self, article: Article, mentions: Iterable[Mention]) -> Subject:
        """The article, with every word of the rules found in it."""
        subject = Subject(article, {mention.symbol: mention for mention in mentions}, searched=self._known)
        if not self._words:
            return subject
        for part, folded in subject.folded.items():
            text = subject.texts[part]
            for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
                places = subject.found.setdefault(self._words[index], [])
                if len(places) < MOST_EVIDENCE and stands_alone(folded, start, end):
                    places.append(Evidence(text[start:end], part, start, end))
        return subject

    def _index(self) -> dict[Trigger, list[int]]:
        """Word or symbol → the rules it calls for: each by that of its sets which the fewest rules share."""
        shared = Counter(trigger for judged in self.rules for triggers in judged.needed for trigger in triggers)
        called: dict[Trigger, list[int]] = defaultdict(list)
        for index, judged in enumerate(self.rules):
            if judged.needed:
                for trigger in min(judged.needed, key=lambda some: (sum(shared[one] for one in some), len(some))):
                    called[trigger].append(index)
        return called

    def candidates(self, subject: Subject) -> Iterator[Judged]:
        """The rules that may hold, in the order of the watchlist."""
        there = {(word, False) for word, places in subject.found.items() if places}
        there |= {(symbol, True) for symbol in subject.mentions}
        indices = {index for trigger in there for index in self._triggered.get(trigger, ())}
        indices = {
            index for index in indices if all(not triggers.isdisjoint(there) for triggers in self.rules[index].needed)
        }
        return (self.rules[index] for index in sorted(indices.union(self._always)))


def query_of(rule: Rule) -> Node:
    """What a rule asks, its lists included: any of stocks and keywords, all of `require`, none of `exclude`."""
    wanted: list[Node] = []
    if rule.stocks:
        wanted += [Stock(symbol, (symbol,), rank=rule.min_salience) for symbol in rule.stocks]
    wanted += [Word(keyword) for keyword in rule.keywords]
    parts: list[Node] = [wanted[0] if len(wanted) == 1 else AnyOf(tuple(wanted))] if wanted else []
    parts += [Word(word) for word in rule.require]
    parts += [rule.query] if rule.query is not None else []
    parts += [Not(Word(word)) for word in rule.exclude]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def triggers_of(node: Node) -> tuple[frozenset[Trigger], ...]:
    """Sets of words and symbols: of each one must be there for the query to hold. None where it may do without."""
    if isinstance(node, Word):
        return () if node.is_pattern else (frozenset({(fold(node.text), False)}),)
    if isinstance(node, Stock):
        return (frozenset((symbol, True) for symbol in node.symbols),)
    if isinstance(node, Near):
        return (*triggers_of(node.left), *triggers_of(node.right))
    if isinstance(node, AllOf):
        return tuple(dict.fromkeys(triggers for part in node.parts for triggers in triggers_of(part)))
    if isinstance(node, AnyOf):
        # Of an alternative that needs several sets, one is enough to be called by.
        smallest = [min(needed, key=len, default=None) for needed in map(triggers_of, node.parts)]
        known = [some for some in smallest if some is not None]
        return (frozenset().union(*known),) if len(known) == len(smallest) else ()
    return ()


def _words(node: Node) -> Iterator[str]:
    if isinstance(node, Word):
        if not node.is_pattern:
            yield fold(node.text)
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from _words(part)
    elif isinstance(node, Near):
        yield from _words(node.left)
        yield from _words(node.right)
    elif isinstance(node, Not):
        yield from _words(node.part)

"""What follows from a query whatever the article: that it cannot hold, that it holds anyway, that another holds too.

Every answer but "unknown" is right: what is said to be impossible is. Not everything impossible is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from watcher.folding import fold, stands_alone
from watcher.query import AllOf, AnyOf, Between, Field, Near, Node, Not, SalienceAtLeast, Stock, Within, Word

_RANKS = ("passing", "listed", "peer", "subject")


def contains(longer: str, shorter: str) -> bool:
    """Whether a text that has the one word is bound to have the other: 逆回购 brings 回购, machine no mac."""
    longer, shorter = _folded(longer), _folded(shorter)
    start = longer.find(shorter)
    while start >= 0:
        if stands_alone(longer, start, start + len(shorter)):
            return True
        start = longer.find(shorter, start + 1)
    return False


_folded = lru_cache(maxsize=100_000)(fold)
"""Each word is compared with many."""


def follows(one: Node, other: Node) -> bool:
    """Whether of two clauses without AND, OR and NOT the second holds wherever the first does."""
    if one == other:
        return True
    if isinstance(one, AnyOf):
        return all(follows(part, other) for part in one.parts)
    if isinstance(one, Near):
        return follows(one.left, other) or follows(one.right, other)
    if isinstance(one, Word) and isinstance(other, Word):
        return (
            not (one.is_pattern or other.is_pattern)
            and other.field in (None, one.field)
            and contains(one.text, other.text)
        )
    if isinstance(one, Stock) and isinstance(other, Stock):
        is_central = other.rank is None or (one.rank is not None and _RANKS.index(one.rank) >= _RANKS.index(other.rank))
        return bool(one.symbols) and set(one.symbols) <= set(other.symbols) and is_central
    if isinstance(one, Field) and isinstance(other, Field):
        return one.name == other.name and fold(other.text) in fold(one.text)
    return _comes_with(one, other)


def _comes_with(one: Node, other: Node) -> bool:
    """As `follows`, of clauses with an order."""
    if isinstance(one, SalienceAtLeast) and isinstance(other, SalienceAtLeast):
        return _RANKS.index(one.rank) >= _RANKS.index(other.rank)
    if isinstance(one, Within) and isinstance(other, Within):
        return one.age <= other.age
    if isinstance(one, Between) and isinstance(other, Between):
        return other.first <= one.first and one.last <= other.last
    return False


def entails(one: Node, other: Node) -> bool:
    """Whether the second query certainly holds wherever the first does. Both with NOT before single clauses only."""
    if one == other:
        return True
    if isinstance(one, AnyOf):
        return all(entails(part, other) for part in one.parts)
    if isinstance(other, AllOf):
        return all(entails(one, part) for part in other.parts)
    if isinstance(one, AllOf) and any(entails(part, other) for part in one.parts):
        return True
    if isinstance(other, AnyOf):
        return any(entails(one, part) for part in other.parts)
    if isinstance(one, Not) and isinstance(other, Not):
        return follows(other.part, one.part)
    if isinstance(one, Not | AllOf) or isinstance(other, Not):
        return False
    return follows(one, other)


def inward(node: Node, *, negated: bool = False) -> Node:
    """The same query with NOT before single clauses only: ``NOT (a OR b)`` is ``NOT a AND NOT b``."""
    if isinstance(node, Not):
        return inward(node.part, negated=not negated)
    if isinstance(node, AllOf | AnyOf):
        parts = tuple(inward(part, negated=negated) for part in node.parts)
        return AllOf(parts) if isinstance(node, AllOf) != negated else AnyOf(parts)
    return Not(node) if negated else node


def contradiction(query: Node) -> tuple[Node, Node] | None:
    """Two clauses of a query because of which it can never hold, if such are found."""
    required: list[Node] = []
    choices: list[AnyOf] = []
    pending = [inward(query)]
    while pending:
        one = pending.pop(0)
        if isinstance(one, AllOf):
            pending[:0] = one.parts
        elif isinstance(one, AnyOf):
            choices.append(one)
        elif other := _clash(one, required):
            return other, one
        else:
            required.append(one)
        if pending:
            continue
        for choice in list(choices):
            open_parts = [part for part in choice.parts if _clash(part, required) is None]
            if not open_parts:
                other = _clash(choice, required)
                assert other is not None
                return choice, other
            if len(open_parts) == 1:
                choices.remove(choice)
                pending.append(open_parts[0])
    return None


def _clash(node: Node, required: list[Node]) -> Node | None:
    """The required clause that keeps this one from holding."""
    if isinstance(node, AllOf):
        return next((other for part in node.parts if (other := _clash(part, required))), None)
    if isinstance(node, AnyOf):
        others = [_clash(part, required) for part in node.parts]
        return others[0] if all(others) else None
    return next((other for other in required if _exclude_each_other(node, other)), None)


def _exclude_each_other(one: Node, other: Node) -> bool:
    if isinstance(one, Not):
        return not isinstance(other, Not) and follows(other, one.part)
    if isinstance(other, Not):
        return follows(one, other.part)
    if isinstance(one, Between) and isinstance(other, Between):
        return one.last < other.first or other.last < one.first
    return False


def required_of(query: Node) -> Iterator[Node]:
    """The single clauses that must hold whatever else does, those with NOT included."""
    pending = [inward(query)]
    while pending:
        one = pending.pop(0)
        if isinstance(one, AllOf):
            pending[:0] = one.parts
        elif not isinstance(one, AnyOf):
            yield one


def holds_with(query: Node, is_true: Callable[[Node], bool]) -> bool:
    """Whether a query holds where exactly these of its single clauses do."""
    if isinstance(query, AllOf):
        return all(holds_with(part, is_true) for part in query.parts)
    if isinstance(query, AnyOf):
        return any(holds_with(part, is_true) for part in query.parts)
    if isinstance(query, Not):
        return not holds_with(query.part, is_true)
    return is_true(query)


def clauses_of(query: Node) -> Iterator[Node]:
    """Every single clause in it; of a NEAR, both its sides as well."""
    if isinstance(query, AllOf | AnyOf):
        for part in query.parts:
            yield from clauses_of(part)
    elif isinstance(query, Not):
        yield from clauses_of(query.part)
    else:
        yield query
        if isinstance(query, Near):
            yield from clauses_of(query.left)
            yield from clauses_of(query.right)

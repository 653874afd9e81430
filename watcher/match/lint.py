"""What is odd about rules that are not wrong: each finding says what, why it matters and what to do.

Pure: what the dictionary, the securities and the store know is handed in.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from watcher.folding import fold
from watcher.match.logic import (
    clauses_of,
    contains,
    contradiction,
    entails,
    follows,
    holds_with,
    inward,
    required_of,
)
from watcher.match.plan import Trigger, query_of, triggers_of
from watcher.model import Rule
from watcher.query import AllOf, AnyOf, Between, Field, Node, Not, Pattern, Stock, Within, Word
from watcher.query.literal import plain_words
from watcher.query.nodes import quoted

_FLOOD_FREQUENCY = 1900
"""From here on in jieba's counts (公告 1,920, 公司 45,605) a word floods: 19 of 20 such words of the trade stand in a
tenth or more of the 62 finance articles of our corpus, and of 21 rarer ones, 9."""
_SHORT_LATIN = 2
_LONGEST_PART = 20
"""Longer words are not looked for within others."""
_NAMED = 3
"""Shared terms that a finding names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is odd about a rule."""

    rule: str
    kind: str
    key: str
    """The key of the rule it is about: ``keywords``; empty for the rule itself."""
    term: str
    """What below that key, as the rule has it; a stock by its symbol."""
    what: str
    why: str
    advice: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What rules are looked at against."""

    today: date
    ordinary_names: Callable[[str], Sequence[str]]
    """The names of a security that are ordinary words as well."""
    frequency: Callable[[str], int]
    """How often the dictionary counted a word; 0 for what is none."""
    sources: Collection[str] = ()
    """Every source that the store has seen; empty where nobody knows."""
    publishers: Collection[str] = ()


def lint(rules: Sequence[Rule], surroundings: Surroundings) -> Iterator[Finding]:
    """Everything odd about these rules, rule by rule, then what they have in common."""
    queries = [inward(query_of(rule)) for rule in rules]
    for rule, query in zip(rules, queries, strict=True):
        yield from _always_and_never(rule, query, surroundings)
        yield from _words(rule, query, surroundings)
        yield from _twice(rule)
        yield from _in_query(rule, surroundings)
        yield from _ordinary_stocks(rule, surroundings)
    yield from _overlaps(rules, queries)


def _always_and_never(rule: Rule, query: Node, known: Surroundings) -> Iterator[Finding]:
    if rule.until and rule.until < known.today:
        yield Finding(
            rule.name,
            "expired",
            "until",
            str(rule.until),
            f"`until` {rule.until} is past",
            "the rule raises no alerts any more",
            "remove the rule, or give it a later day",
        )
    for clause in required_of(query):
        if isinstance(clause, Between) and clause.last < known.today:
            yield Finding(
                rule.name,
                "past",
                "query",
                "",
                f"{clause} is past",
                "no article published from now on can meet it",
                "remove the clause, or write an age such as published:P7D",
            )
    if clash := contradiction(query):
        yield Finding(
            rule.name,
            "never",
            _key_of(rule, clash),
            "",
            f"the rule can never hold: {_told(clash)}",
            "no article can meet both",
            "remove one of them",
        )
    elif holds_with(query, _asks_nothing_of_the_text):
        yield Finding(
            rule.name,
            "always",
            "query" if rule.query else "",
            "",
            "the rule asks for no word, stock or number",
            f"it holds for every article but those that it excludes: {query}",
            "add what it is to look for",
        )


def _asks_nothing_of_the_text(clause: Node) -> bool:
    return isinstance(clause, Within | Between) or (isinstance(clause, Field) and clause.name in ("language", "kind"))


def _words(rule: Rule, query: Node, known: Surroundings) -> Iterator[Finding]:
    """Of the words: those that can never count, those too short, and those that are everywhere."""
    forbidden = [clause.part for clause in required_of(query) if isinstance(clause, Not)]
    is_impossible = contradiction(query) is not None
    for key, word, is_wanted in _written_words(rule):
        text = word.text
        blocker = next((one for one in forbidden if follows(word, one)), None) if is_wanted else None
        if blocker is not None and key in ("keywords", "query") and not is_impossible:
            yield Finding(
                rule.name,
                "blocked",
                key,
                text,
                f'"{text}" never counts: every place of it is excluded by {blocker}',
                f"{blocker} stands within it",
                f"remove one of them, or exclude a longer phrase than {blocker}",
            )
        elif len(text) == 1:
            yield Finding(
                rule.name,
                "one-character",
                key,
                text,
                f'"{text}" is one character',
                "it stands within countless words" + ("" if is_wanted else ", whose articles are all excluded"),
                "write the whole word or phrase",
            )
        elif text.isascii() and text.isalpha() and text.islower() and len(text) <= _SHORT_LATIN:
            yield Finding(
                rule.name,
                "short-latin",
                key,
                text,
                f'"{text}" is a Latin word of {len(text)} letters in lower case',
                "capitals do not count, and in English text it is often an ordinary word",
                f'write what it stands for, or a phrase with it; if it is meant so, "{text.upper()}" says that',
            )
        elif is_wanted and known.frequency(fold(text)) >= _FLOOD_FREQUENCY and _suffices(query, word):
            yield Finding(
                rule.name,
                "frequent",
                key,
                text,
                f'"{text}" alone is enough, and stands in a great many articles',
                f"the dictionary counted it {known.frequency(fold(text)):,} times",
                "write a phrase with it, or `require` another word besides",
            )


def _suffices(query: Node, word: Word) -> bool:
    return holds_with(query, lambda clause: _asks_nothing_of_the_text(clause) or follows(word, clause))


def _twice(rule: Rule) -> Iterator[Finding]:
    """Terms that are one once width, case and script do not count, or that are within one another."""
    for key in ("keywords", "require", "exclude"):
        words: tuple[str, ...] = getattr(rule, key)
        first: dict[str, str] = {}
        for word in words:
            if (earlier := first.setdefault(fold(word), word)) != word:
                yield Finding(
                    rule.name,
                    "twice",
                    key,
                    word,
                    f'"{word}" and "{earlier}" are one word',
                    "width, capitals and traditional characters do not count",
                    "remove one of them",
                )
        if key == "exclude":
            yield from _covered(rule.name, list(first.values()))


def _covered(rule: str, excluded: Sequence[str]) -> Iterator[Finding]:
    for word in excluded:
        wider = next((one for one in excluded if one != word and contains(word, one)), None)
        if wider is not None:
            yield Finding(
                rule,
                "covered",
                "exclude",
                word,
                f'"{word}" adds nothing: "{wider}" excludes it already',
                f'every "{word}" has "{wider}" in it',
                f'remove "{word}", or "{wider}" if that is too much',
            )


def _in_query(rule: Rule, known: Surroundings) -> Iterator[Finding]:
    for clause in dict.fromkeys(clauses_of(rule.query)) if rule.query else ():
        if isinstance(clause, Pattern) and (words := plain_words(clause.source)):
            plain = " OR ".join(quoted(word) for word in words)
            yield Finding(
                rule.name,
                "plain-regex",
                "query",
                clause.source,
                f"{clause} says no more than words do",
                "words are found all at once, an expression is tried on every article",
                f"write {f'({plain})' if len(words) > 1 else plain}",
            )
        elif isinstance(clause, Field) and clause.name in ("source", "publisher"):
            seen = known.sources if clause.name == "source" else known.publishers
            if seen and not any(fold(clause.text) in fold(one) for one in seen):
                near = difflib.get_close_matches(clause.text, seen, n=1, cutoff=0.5)
                yield Finding(
                    rule.name,
                    "unseen",
                    "query",
                    clause.text,
                    f"no stored article has {clause}",
                    f"it never holds unless such a {clause.name} comes",
                    f'did you mean "{near[0]}"?' if near else "compare with what `watcher show` says of an article",
                )


def _ordinary_stocks(rule: Rule, known: Surroundings) -> Iterator[Finding]:
    queried = [clause for clause in clauses_of(rule.query) if isinstance(clause, Stock)] if rule.query else []
    symbols = {symbol: "query" for clause in queried for symbol in clause.symbols}
    for symbol, key in (symbols | dict.fromkeys(rule.stocks, "stocks")).items():
        for name in known.ordinary_names(symbol):
            yield Finding(
                rule.name,
                "ordinary-name",
                key,
                symbol,
                f'"{name}", as {symbol} is called, is an ordinary word as well',
                "it counts only where something beside it speaks of the company, so that articles may be missed",
                "nothing, if that will do; else add keywords that only this company has",
            )


def _overlaps(rules: Sequence[Rule], queries: Sequence[Node]) -> Iterator[Finding]:
    """Rules that hold wherever another does, and lists that share an entry."""
    holders: dict[Trigger, list[int]] = defaultdict(list)
    told: set[tuple[int, int]] = set()
    for index, query in enumerate(queries):
        for term in min(triggers_of(query), key=len, default=()):
            holders[term].append(index)
    for index, query in enumerate(queries):
        for other in sorted(_candidates(query, holders)):
            if other == index or not _share_channels(rules[index], rules[other]):
                continue
            if (other, index) not in told and entails(query, queries[other]):
                told.add((index, other))
                yield _implied(rules[index], rules[other], is_same=entails(queries[other], query))
    yield from _shared(rules, told)


def _implied(rule: Rule, other: Rule, *, is_same: bool) -> Finding:
    if is_same:
        what, advice = f'it asks for the same as "{other.name}"', "remove one of them"
    else:
        what = f'wherever it holds, "{other.name}" holds as well'
        advice = f'exclude its words in "{other.name}", or give the two different channels, if one alert is enough'
    return Finding(rule.name, "implied", "", "", what, "each such article raises two alerts", advice)


def _shared(rules: Sequence[Rule], told: set[tuple[int, int]]) -> Iterator[Finding]:
    """Entries that two rules have, where nothing else in either rule tells their articles apart."""
    first: dict[tuple[str, str], int] = {}
    for index, rule in enumerate(rules):
        if rule.require or rule.query:
            continue
        shared: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for key, term in [("stocks", one) for one in rule.stocks] + [("keywords", one) for one in rule.keywords]:
            other = first.setdefault((key, fold(term)), index)
            if other != index and _share_channels(rule, rules[other]) and not {(index, other), (other, index)} & told:
                shared[other].append((key, term))
        for other, terms in shared.items():
            named = ", ".join(term for _, term in terms[:_NAMED])
            more = f" and {len(terms) - _NAMED} more" if len(terms) > _NAMED else ""
            yield Finding(
                rule.name,
                "shared",
                *terms[0],
                f'{named}{more}: "{rules[other].name}" has the same',
                "each such article raises two alerts",
                "leave it in one of the two",
            )


def _share_channels(rule: Rule, other: Rule) -> bool:
    return not rule.channels or not other.channels or bool(set(rule.channels) & set(other.channels))


def _candidates(query: Node, holders: Mapping[Trigger, Sequence[int]]) -> set[int]:
    """The rules that may hold wherever the query does: the words of these are within its own."""
    found: set[int] = set()
    for text, is_symbol in set(_terms(query)):
        parts = [text] if is_symbol else _parts_of(text)
        for part in parts:
            found.update(holders.get((part, is_symbol), ()))
    return found


def _parts_of(word: str) -> set[str]:
    ends = range(1, _LONGEST_PART + 1)
    return {word[start : start + length] for start in range(len(word)) for length in ends} | {word}


def _terms(query: Node) -> Iterator[Trigger]:
    if isinstance(query, AllOf | AnyOf):
        for part in query.parts:
            yield from _terms(part)
    elif not isinstance(query, Not):
        for clause in clauses_of(query):
            if isinstance(clause, Word):
                yield fold(clause.text), False
            elif isinstance(clause, Stock):
                yield from ((symbol, True) for symbol in clause.symbols)


def _written_words(rule: Rule) -> Iterator[tuple[str, Word, bool]]:
    """The words of a rule, with the key they stand below, and whether they are wanted there."""
    for key in ("keywords", "require", "exclude"):
        for text in getattr(rule, key):
            yield key, Word(text), key != "exclude"
    if rule.query is not None:
        seen = set()
        for word, is_wanted in _signed(inward(rule.query)):
            if not word.is_pattern and word not in seen:
                seen.add(word)
                yield "query", word, is_wanted


def _signed(query: Node) -> Iterator[tuple[Word, bool]]:
    if isinstance(query, AllOf | AnyOf):
        for part in query.parts:
            yield from _signed(part)
        return
    is_wanted = not isinstance(query, Not)
    for clause in clauses_of(query):
        if isinstance(clause, Word):
            yield clause, is_wanted


def _key_of(rule: Rule, clash: tuple[Node, Node]) -> str:
    """The list in which one of two clauses stands that exclude each other."""
    words = {clause.text for side in clash for clause in clauses_of(side) if isinstance(clause, Word)}
    return next(
        (key for key in ("exclude", "require") if words & set(getattr(rule, key))), "query" if rule.query else ""
    )


def _told(clash: tuple[Node, Node]) -> str:
    one, other = (
        ", ".join(dict.fromkeys(map(str, islice(clauses_of(side), _NAMED)))) if isinstance(side, AnyOf) else str(side)
        for side in clash
    )
    return f"{one} and {other}"

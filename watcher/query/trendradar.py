"""TrendRadar's ``frequency_words.txt`` as rules of ours, with every difference in meaning told.

A group of lines becomes a rule. What TrendRadar does with a line decides what it means here, except where that is
nobody's wish: there, its exclusions hold for all groups, and an expression that it cannot read is looked for as text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from watcher.folding import fold, narrow
from watcher.query.literal import plain_words
from watcher.query.nodes import AllOf, AnyOf, Node, Not, Pattern, Word
from watcher.query.python_regex import DialectError, can_be_written, to_pattern

_SECTIONS = ("GLOBAL_FILTER", "WORD_GROUPS")
_REGEX = re.compile(r"/(.+)/[a-z]*")
_MOST_IN_NAME = 3
"""Words that name a group which has no name; TrendRadar strings all of them together."""


@dataclass(frozen=True, slots=True)
class ImportedRule:
    """A rule as the watchlist has it."""

    name: str
    line: int
    """Where its group begins in the file it comes from."""
    keywords: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    query: str | None = None
    max_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not quite what it was, or cannot be had at all."""

    lines: tuple[int, ...]
    """Empty for what concerns the whole file."""
    text: str
    is_error: bool = False
    """Whether the rule would be another one: then nothing is to be written."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The rules of a file, and what is different about them."""

    rules: tuple[ImportedRule, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """One line: the words it stands for, or an expression."""

    line: int
    words: tuple[str, ...]
    pattern: Pattern | None = None
    shown_as: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two lines ask for the same."""
        return (f"/{self.pattern.source}/",) if self.pattern else tuple(map(_same, self.words))


@dataclass(slots=True)
class _Group:
    line: int
    alias: str | None = None
    wanted: list[_Term] = field(default_factory=list)
    required: list[_Term] = field(default_factory=list)
    excluded: list[_Term] = field(default_factory=list)
    most: int | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two groups ask for the same."""
        return tuple(frozenset(term.key for term in terms) for terms in (self.wanted, self.required, self.excluded))


def read_frequency_words(text: str, *, title_only: bool = False) -> Imported:
    """The rules that a ``frequency_words.txt`` stands for; with `title_only` they look where TrendRadar looks."""
    reader = _Reader()
    reader.read(text)
    groups = reader.finished_groups()
    namer = _Namer(reader)
    rules = tuple(_rule(group, reader.filters, namer.name(group), title_only=title_only) for group in groups)
    if rules and not title_only:
        reader.tell(
            None,
            "TrendRadar looks into titles only, these rules into summary and body as well, with what they exclude too: "
            "--title-only keeps to titles",
        )
    if len(rules) > 1:
        reader.tell(None, "an article counted for the first group that fits; here each rule that holds alerts")
    return Imported(rules, tuple(sorted(reader.differences(), key=lambda one: (not one.is_error, one.lines))))


class _Reader:
    """Takes the file apart, and gathers by their text the lines of which the same is to be told."""

    def __init__(self) -> None:
        self.filters: list[_Term] = []
        self._groups: list[_Group] = []
        self._told: dict[tuple[str, bool], list[int]] = defaultdict(list)

    def tell(self, line: int | None, text: str, *, is_error: bool = False) -> None:
        lines = self._told[text, is_error]
        if line is not None and line not in lines:
            lines.append(line)

    def differences(self) -> Iterator[Difference]:
        for (text, is_error), lines in self._told.items():
            yield Difference(tuple(sorted(lines)), text, is_error)

    def read(self, text: str) -> None:
        section = "WORD_GROUPS"
        for block in self._blocks(text.removeprefix("\ufeff")):
            name = _bracketed(block[0][1])
            if name and name.upper() in _SECTIONS:
                section = name.upper()
                block = block[1:]
            if section == "GLOBAL_FILTER":
                self._read_filters(block)
            elif block:
                self._read_group(block)

    def _blocks(self, text: str) -> Iterator[list[tuple[int, str]]]:
        """The lines that count, with their numbers, as empty lines part them; a section begins a block of its own."""
        block: list[tuple[int, str]] = []
        for number, written in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
            line = written.strip()
            inside = bool(block)
            if _is_section(line) and inside:
                self.tell(
                    number,
                    f"{line} stands within a group, where TrendRadar takes it for a word; here it begins a section",
                )
            if (not written or _is_section(line)) and inside:
                yield block
                block = []
            if written and not line and inside:
                self.tell(
                    number, "this line of spaces does not part groups in TrendRadar, nor here: empty it to part them"
                )
            if line and not line.startswith("#"):
                block.append((number, line))
        if block:
            yield block

    def _read_filters(self, block: Iterable[tuple[int, str]]) -> None:
        for number, line in block:
            if line.startswith(("!", "+", "@")):
                self.tell(
                    number,
                    f"TrendRadar skips {line} in [GLOBAL_FILTER], and so does this: write the word without {line[0]}",
                )
            elif term := self._term(number, line):
                self.filters.append(term)

    def _read_group(self, block: list[tuple[int, str]]) -> None:
        group = _Group(block[0][0])
        if alias := _bracketed(block[0][1]):
            group.alias = alias
            block = block[1:]
        for number, line in block:
            self._read_line(group, number, line)
        self._groups.append(group)

    def _read_line(self, group: _Group, number: int, line: str) -> None:
        if line.startswith("@"):
            self._read_cap(group, number, line)
            return
        if _bracketed(line):
            self.tell(number, f"{line} is a name only as the first line of a group: it is looked for as a word")
        terms = {"!": group.excluded, "+": group.required}.get(line[0])
        term = self._term(number, line if terms is None else line[1:])
        if term is None:
            return
        known = group.wanted if terms is None else terms
        if term.key in [one.key for one in known]:
            self.tell(number, "it is in its group already")
            return
        known.append(term)

    def _read_cap(self, group: _Group, number: int, line: str) -> None:
        written = narrow(line[1:]).strip()
        if not re.fullmatch(r"\d{1,6}", written) or not int(written):
            self.tell(number, f"{line} is no whole number above 0: there is no cap, as in TrendRadar")
            return
        group.most = int(written)
        self.tell(number, "TrendRadar shows so many in each message; max_per_day is so many alerts a day")

    def _term(self, number: int, written: str) -> _Term | None:
        text, _, name = (part.strip() for part in written.partition("=>"))
        if not text:
            self.tell(number, "there is no word in this line: it is left out (TrendRadar finds it in every title)")
            return None
        regex = _REGEX.fullmatch(text)
        if regex is None:
            if any(edge.isascii() and edge.isalnum() for edge in (narrow(text)[0], narrow(text)[-1])):
                self.tell(number, "Latin letters and digits count as whole words here: mac is not found in machine")
            return _Term(number, (text,), shown_as=name or None)
        if words := plain_words(narrow(regex[1])):
            return _Term(number, words, shown_as=name or None)
        try:
            pattern, notes = to_pattern(regex[1])
        except DialectError as problem:
            self.tell(number, f"{text}: {problem}", is_error=True)
            return None
        for note in notes:
            self.tell(number, note)
        return _Term(number, (), pattern, name or None)

    def finished_groups(self) -> list[_Group]:
        """The groups that become rules: each once, and none that only excludes."""
        asking = [group for group in self._groups if group.wanted or group.required]
        for group in self._groups:
            for term in group.excluded if group not in asking else ():
                self.tell(
                    term.line, "a group that only excludes, which TrendRadar does everywhere: so does every rule here"
                )
                self.filters.append(term)
        seen: dict[tuple[object, ...], int] = {}
        kept = []
        for group in asking:
            if group.key in seen:
                self.tell(group.line, f"the same group as in line {seen[group.key]}: it is left out")
                continue
            seen[group.key] = group.line
            if self._drop_excluded(group):
                kept.append(group)
        for term in (term for group in kept if len(kept) > 1 for term in group.excluded):
            self.tell(term.line, "TrendRadar excludes it from all groups, this from its own only")
        if not kept:
            self.tell(None, "no group asks for anything, so there is no rule (TrendRadar then shows all news)")
        return kept

    def _drop_excluded(self, group: _Group) -> bool:
        """Whether the group can hold without the words that itself or a global filter excludes."""
        excluded = {key for term in (*self.filters, *group.excluded) for key in term.key}
        asks_any = bool(group.wanted)
        group.wanted, group.required = (
            [self._without(term, excluded) for term in terms] for terms in (group.wanted, group.required)
        )
        lost = any(_is_empty(term) for term in group.required)
        group.wanted = [term for term in group.wanted if not _is_empty(term)]
        if lost or (asks_any and not group.wanted):
            self.tell(group.line, "nothing is left of this group that its exclusions let through: no rule")
            return False
        return True

    def _without(self, term: _Term, excluded: set[str]) -> _Term:
        """The line without what is excluded anyway."""
        if not excluded & set(term.key):
            return term
        self.tell(term.line, "it is excluded as well and so never counts: it is left out")
        return replace(term, words=tuple(word for word in term.words if _same(word) not in excluded), pattern=None)


class _Namer:
    """Gives each group the name it is shown under, and no two the same."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self._taken = {"watcher"}

    def name(self, group: _Group) -> str:
        terms = group.wanted or group.required
        called = [term.shown_as or " | ".join(term.words) for term in terms]
        parts = list(dict.fromkeys(filter(None, called))) or [term.pattern.source for term in terms if term.pattern]
        joined = " / ".join(parts[:_MOST_IN_NAME]) + (" …" if len(parts) > _MOST_IN_NAME else "")
        name = chosen = group.alias or joined
        number = 1
        while chosen.casefold() in self._taken:
            number += 1
            chosen = f"{name} {number}"
        if chosen != name:
            self._reader.tell(group.line, f'"{name}" is taken: the rule is named "{chosen}"')
        self._taken.add(chosen.casefold())
        return chosen


def _rule(group: _Group, filters: Sequence[_Term], name: str, *, title_only: bool) -> ImportedRule:
    excluded = _distinct([*group.excluded, *filters])
    if title_only:
        query = _in_titles(group, excluded)
        return ImportedRule(name, group.line, query=query, max_per_day=group.most)
    asked: list[Node] = []
    keywords = _distinct_words(group.wanted)
    if any(term.pattern for term in group.wanted):
        asked.append(_any_of(node for term in group.wanted for node in _nodes(term)))
        keywords = ()
    simple = [term for term in group.required if len(term.words) == 1]
    asked += [_any_of(_nodes(term)) for term in group.required if term not in simple]
    asked += [Not(term.pattern) for term in excluded if term.pattern]
    return ImportedRule(
        name,
        group.line,
        keywords,
        _distinct_words(simple),
        _distinct_words(excluded),
        str(_all_of(asked)) if asked else None,
        group.most,
    )


def _in_titles(group: _Group, excluded: Sequence[_Term]) -> str:
    asked: list[Node] = []
    if group.wanted:
        asked.append(_any_of(node for term in group.wanted for node in _nodes(term)))
    asked += [_any_of(_nodes(term)) for term in group.required]
    asked += [Not(node) for term in excluded for node in _nodes(term)]
    query = _all_of(asked)
    return f"title:({query})" if isinstance(query, AllOf | AnyOf) else f"title:{query}"


def _nodes(term: _Term) -> Iterator[Node]:
    if term.pattern:
        yield term.pattern
    for word in term.words:
        node = Word(narrow(word))
        # A query takes “ for its own quote; an expression can say which character it is.
        yield node if can_be_written(node) else to_pattern(re.escape(word))[0]


def _any_of(nodes: Iterable[Node]) -> Node:
    parts = tuple(dict.fromkeys(nodes))
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _all_of(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))


def _distinct(terms: Iterable[_Term]) -> list[_Term]:
    first: dict[tuple[str, ...], _Term] = {}
    for term in terms:
        first.setdefault(term.key, term)
    return list(first.values())


def _distinct_words(terms: Iterable[_Term]) -> tuple[str, ...]:
    """The words of these lines, each once however it is written."""
    words: dict[str, str] = {}
    for term in terms:
        for word in term.words:
            words.setdefault(_same(word), word)
    return tuple(words.values())


def _same(word: str) -> str:
    return fold(word).casefold()


def _is_empty(term: _Term) -> bool:
    return not term.words and term.pattern is None


def _bracketed(line: str) -> str | None:
    return line[1:-1].strip() or None if len(line) > 1 and line[0] == "[" and line[-1] == "]" else None


def _is_section(line: str) -> bool:
    name = _bracketed(line)
    return name is not None and name.upper() in _SECTIONS

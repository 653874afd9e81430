"""Whether a query holds for an article, part by part, with the words that decided."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from watcher.folding import fold, narrow, stands_alone
from watcher.match.figures import Figure, figures_in
from watcher.model import Article, Evidence, Mention
from watcher.model import Field as TextPart
from watcher.query import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Field,
    Macro,
    Near,
    Node,
    Not,
    Pattern,
    SalienceAtLeast,
    Stock,
    Within,
    Word,
)
from watcher.query.amounts import read_amount
from watcher.query.regex import places_of

MOST_EVIDENCE = 20
"""Places kept for one term: enough to show, and a page of repetitions cannot fill the database."""

_RANKS = ("passing", "listed", "peer", "subject")
_SUMMED_UP: Mapping[str | None, tuple[TextPart, ...]] = {
    None: ("title", "summary", "body"),
    "title": ("title",),
    "body": ("summary", "body"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one part of a query."""

    node: Node
    holds: bool
    evidence: tuple[Evidence, ...] = ()
    """The words because of which it holds; for a `Not` that fails, those that it must not meet."""
    parts: tuple[Verdict, ...] = ()
    note: str = ""
    """What was found instead, where that is worth a word: the article's own source, its age."""


@dataclass(slots=True)
class Subject:
    """An article as queries ask about it: what is looked up twice is looked up once."""

    article: Article
    mentions: Mapping[str, Mention]
    seen_at: datetime | None = None
    """When the article was seen: what ``published:P1D`` counts from."""
    timezone: str = "Asia/Shanghai"
    searched: frozenset[str] = frozenset()
    """Folded words that were looked for already: one that is not in `found` is not there."""
    found: dict[str, list[Evidence]] = field(default_factory=dict)
    texts: dict[TextPart, str] = field(default_factory=dict)
    folded: dict[TextPart, str] = field(default_factory=dict)
    figures: dict[str, list[tuple[Figure, TextPart]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.texts = dict(self.article.texts())
        self.folded = {part: fold(text) for part, text in self.texts.items()}

    def places_of(self, word: str) -> list[Evidence]:
        """Where a folded word stands."""
        if word not in self.found:
            self.found[word] = [] if word in self.searched else list(self._search(word))
        return self.found[word]

    def figures_of(self, label: str) -> list[tuple[Figure, TextPart]]:
        """The figures that the texts give for a label."""
        if label not in self.figures:
            self.figures[label] = [
                (figure, part) for part, text in self.texts.items() for figure in figures_in(label, narrow(text))
            ]
        return self.figures[label]

    def _search(self, word: str) -> Iterator[Evidence]:
        for part, text in self.folded.items():
            start = text.find(word)
            while start >= 0:
                if stands_alone(text, start, start + len(word)):
                    yield Evidence(self.texts[part][start : start + len(word)], part, start, start + len(word))
                start = text.find(word, start + 1)


def judge(node: Node, subject: Subject, asked: Sequence[str] = (), *, is_explained: bool = True) -> Verdict:
    """The verdict on a query. `asked` are the symbols that its salience clauses are about.

    Where it is not to be explained, nothing is looked at that cannot change it, and what is quick to tell goes first.
    """
    if isinstance(node, Word):
        places = _places(node, subject)
        return Verdict(node, bool(places), tuple(places[:MOST_EVIDENCE]))
    if isinstance(node, AllOf):
        if not is_explained:
            return _hurried(node, subject, asked)
        parts = tuple(judge(part, subject, asked) for part in node.parts)
        holds = all(part.holds for part in parts)
        return Verdict(node, holds, _joined(parts) if holds else (), parts)
    if isinstance(node, AnyOf):
        parts = tuple(judge(part, subject, asked, is_explained=is_explained) for part in node.parts)
        return Verdict(node, any(part.holds for part in parts), _joined(parts), parts)
    if isinstance(node, Not):
        part = judge(node.part, subject, asked, is_explained=is_explained)
        return Verdict(node, not part.holds, part.evidence if part.holds else (), (part,))
    return _leaf(node, subject, asked)


def _hurried(node: AllOf, subject: Subject, asked: Sequence[str]) -> Verdict:
    verdicts: dict[int, Verdict] = {}
    for index in _order(tuple(map(_cost, node.parts))):
        verdicts[index] = judge(node.parts[index], subject, asked, is_explained=False)
        if not verdicts[index].holds:
            return Verdict(node, holds=False)
    return Verdict(node, True, _joined(verdicts[index] for index in sorted(verdicts)))


@lru_cache(maxsize=10_000)
def _order(costs: tuple[int, ...]) -> list[int]:
    return sorted(range(len(costs)), key=costs.__getitem__)


def _cost(node: Node) -> int:
    """How long a part takes to judge, in steps: a look into what was found, a few comparisons, a search of the text."""
    if isinstance(node, Word):
        return 2 if node.is_pattern else 0
    if isinstance(node, Not):
        return _cost(node.part)
    if isinstance(node, AllOf | AnyOf):
        return max(map(_cost, node.parts))
    return 1 if isinstance(node, Near) else 2 if isinstance(node, Pattern | Compare) else 0


def _joined(parts: Iterable[Verdict]) -> tuple[Evidence, ...]:
    """The evidence of the parts that hold; that something is absent has none."""
    return tuple(one for part in parts if part.holds and not isinstance(part.node, Not) for one in part.evidence)


def _leaf(node: Node, subject: Subject, asked: Sequence[str]) -> Verdict:
    if isinstance(node, Pattern):
        places = _places(node, subject)
        return Verdict(node, bool(places), tuple(places[:MOST_EVIDENCE]))
    if isinstance(node, Near):
        pair = _near(node, subject)
        return Verdict(node, bool(pair), pair)
    if isinstance(node, Stock):
        named = [subject.mentions[symbol] for symbol in node.symbols if symbol in subject.mentions]
        counted = [one for one in named if node.rank is None or _RANKS.index(one.salience) >= _RANKS.index(node.rank)]
        evidence = [one for mention in counted for one in mention.evidence]
        note = f"only {named[0].salience}, not {node.rank}" if named and not counted else ""
        return Verdict(node, bool(evidence), tuple(evidence[:MOST_EVIDENCE]), note=note)
    if isinstance(node, SalienceAtLeast):
        return _salience(node, subject, asked)
    if isinstance(node, Field):
        own = _fact(subject.article, node.name)
        return Verdict(node, fold(node.text) in fold(own or ""), note=f"it is {own}" if own else "it has none")
    if isinstance(node, Compare):
        return _compare(node, subject)
    if isinstance(node, Within | Between):
        return _published(node, subject)
    assert isinstance(node, Macro)
    raise ValueError(f"the macro {node.name} was not put in")


def _places(node: Word | Pattern, subject: Subject) -> list[Evidence]:
    parts = _SUMMED_UP[node.field]
    if isinstance(node, Word) and not node.is_pattern:
        places = subject.places_of(_folded(node.text))
        return places if node.field is None else [one for one in places if one.field in parts]
    found = []
    for part in parts:
        text = subject.texts.get(part, "")
        spans = (
            places_of(node.source, narrow(text))
            if isinstance(node, Pattern)
            else _wild(node, subject.folded.get(part, ""))
        )
        found += [Evidence(text[start:end], part, start, end) for start, end in spans]
    return found


def _wild(node: Word, folded: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _wildcard(fold(node.text)).finditer(folded))


_folded = lru_cache(maxsize=100_000)(fold)
"""For the words of rules, which are the same for every article."""


@lru_cache(maxsize=10_000)
def _wildcard(pattern: str) -> re.Pattern[str]:
    middle = "".join("[a-z0-9]*" if one == "*" else "[a-z0-9]" if one == "?" else re.escape(one) for one in pattern)
    return re.compile(rf"(?<![a-z0-9]){middle}(?![a-z0-9])")


def _near(node: Near, subject: Subject) -> tuple[Evidence, ...]:
    """The first pair that is close enough; their distance is what stands between them."""
    left, right = (_text_places(side, subject) for side in (node.left, node.right))
    for one in left:
        for other in right:
            gap = max(other.start - one.end, one.start - other.end)
            if one.field == other.field and 0 <= gap <= node.distance:
                return (one, other)
    return ()


def _text_places(node: Node, subject: Subject) -> list[Evidence]:
    if isinstance(node, AnyOf):
        return [one for part in node.parts for one in _text_places(part, subject)]
    assert isinstance(node, Word | Pattern)
    return _places(node, subject)


def _salience(node: SalienceAtLeast, subject: Subject, asked: Sequence[str]) -> Verdict:
    about = [subject.mentions[symbol] for symbol in asked or subject.mentions if symbol in subject.mentions]
    best = max((_RANKS.index(mention.salience) for mention in about), default=-1)
    note = f"the most central is {_RANKS[best]}" if about else "no such stock is named"
    return Verdict(node, best >= _RANKS.index(node.rank), note=note)


def _fact(article: Article, name: str) -> str | None:
    value = article.format if name == "kind" else getattr(article, name)
    return str(value) if value else None


_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}


def _compare(node: Compare, subject: Subject) -> Verdict:
    wanted = read_amount(node.number)
    assert wanted is not None
    holds = _HOLDS[node.operator]
    figures = [one for one in subject.figures_of(node.label) if one[0].is_percent == wanted.is_percent]
    evidence = [
        Evidence(subject.texts[part][figure.start : figure.end], part, figure.start, figure.end)
        for figure, part in figures
        if holds(figure.value, wanted.value)
    ]
    note = "" if evidence or not figures else f"nearest: {figures[0][0].written}"
    return Verdict(node, bool(evidence), tuple(evidence[:MOST_EVIDENCE]), note=note)


def _published(node: Within | Between, subject: Subject) -> Verdict:
    published = subject.article.published_at
    if published is None:
        return Verdict(node, isinstance(node, Within), note="its date is unknown")
    if isinstance(node, Between):
        day = published.astimezone(ZoneInfo(subject.timezone)).date() if isinstance(published, datetime) else published
        return Verdict(node, node.first <= day <= node.last, note=f"published {day}")
    if subject.seen_at is None:
        return Verdict(node, holds=True)
    age = subject.seen_at - _latest(published)
    return Verdict(node, age <= node.age, note=f"published {_in_words(age)} before it was seen")


def _latest(published: datetime | date) -> datetime:
    """A bare day counts with its last minute."""
    return published if isinstance(published, datetime) else datetime.combine(published, time.max, UTC)


def _in_words(age: timedelta) -> str:
    return f"{age.days} days" if age.days else f"{age.seconds // 3600} hours"

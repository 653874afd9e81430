"""Which securities an article names, where, how surely and how centrally: by markup, by code, and by every name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from watcher.folding import fold
from watcher.link.codes import symbol_of
from watcher.link.lexicon import Doubt, Lexicon
from watcher.link.lines import traded
from watcher.link.lists import listed
from watcher.link.occurrences import Occurrence, occurrences_in
from watcher.link.resolve import SURE, Place, Resolution
from watcher.link.salience import judge
from watcher.link.securities import Securities
from watcher.link.stems import with_stems
from watcher.link.text import Text
from watcher.model import Article, Evidence, How, Knowledge, Mention, Salience
from watcher.query import symbols_in

__all__ = ["Securities", "is_ordinary", "link_article"]

_STRENGTH: tuple[How, ...] = ("markup", "code", "name")

_CONFIDENCE = (0.75, 0.75, 0.85, 0.9)
"""By the points of a name; 3 is a name that is nothing else, or one with the best of neighbours."""
_MARKED_UP = 0.05
_CONFIDENCE_OF_SURE = 0.98
_MOST_SUBJECTS = 3
"""An announcement is filed under its company; a longer list is whom it may concern."""


def link_article(article: Article, knowledge: Knowledge) -> tuple[Mention, ...]:
    """The securities the article names, each once with all its evidence, in the order of their first mention."""
    text = Text(article)
    resolution = Resolution(text, article.marks, _lexicon(knowledge), knowledge, article.published_at)
    places = resolution.places()
    if article.part_of is not None:
        # 三星, 软银 in a line of world news: of use to those who watch them, noise to all others.
        watched = _watched(knowledge)
        places = [one for one in places if one.symbol in watched or not _is_abroad(one.symbol, knowledge)]
    mentions = _mentions(text, places)
    if not article.codes_beside:
        return mentions
    return (*mentions, *_beside(article.codes_beside, knowledge, {mention.symbol for mention in mentions}))


def _beside(codes: Sequence[str], knowledge: Knowledge, named: Collection[str]) -> Iterator[Mention]:
    """The securities that the article's producer gives beside its text and that the text does not name."""
    symbols = {symbol: code for code in reversed(codes) if (symbol := symbol_of(code, knowledge))}
    for symbol, code in reversed(symbols.items()):
        if symbol not in named:
            salience: Salience = "subject" if len(symbols) <= _MOST_SUBJECTS else "listed"
            evidence = Evidence(code, "title", 0, 0, "markup", symbol)
            yield Mention(symbol, code, "markup", _CONFIDENCE_OF_SURE, 1, False, None, (evidence,), salience)


def is_ordinary(name: str) -> bool:
    """Whether a name is an ordinary word or phrase as well, by the dictionary."""
    return Lexicon.doubt_of(fold(name)) > Doubt.LITTLE


_HOME_EXCHANGES = frozenset({"SH", "SZ", "BJ", "HK", "US"})
"""Where what Chinese finance news is about is traded."""

_last_lexicon: tuple[object, Lexicon] | None = None
_last_watched: tuple[Knowledge, frozenset[str]] | None = None


def _lexicon(knowledge: Knowledge) -> Lexicon:
    """The names ready to be searched for, kept for as long as they stay the same; rules come and go more often."""
    global _last_lexicon
    if _last_lexicon is None or _last_lexicon[0] is not knowledge.names:
        _last_lexicon = knowledge.names, Lexicon(with_stems(knowledge))
    return _last_lexicon[1]


def _watched(knowledge: Knowledge) -> frozenset[str]:
    """The securities that the rules name."""
    global _last_watched
    if _last_watched is None or _last_watched[0] is not knowledge:
        symbols = (symbol for rule in knowledge.rules for symbol in (*rule.stocks, *symbols_in(rule.query)))
        _last_watched = knowledge, frozenset(symbols)
    return _last_watched[1]


def _is_abroad(symbol: str, knowledge: Knowledge) -> bool:
    """Whether a company is listed only where Chinese investors do not trade; 本田 is in Tokyo and in New York."""
    family = knowledge.families.get(knowledge.issuers.get(symbol, symbol), (symbol,))
    return not any(line.rpartition(".")[2] in _HOME_EXCHANGES for line in traded(family))


def _mentions(text: Text, places: Sequence[Place]) -> tuple[Mention, ...]:
    by_symbol: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        by_symbol[place.symbol].append(place)
    occurrences: dict[str, list[Occurrence]] = defaultdict(list)
    all_occurrences = occurrences_in(places, text)
    for one in all_occurrences:
        if one.field != "summary":  # It repeats what the body says.
            occurrences[one.symbol].append(one)
    in_list = listed(all_occurrences, text.folded)
    titled = {one.symbol for one in all_occurrences if one.field == "title"}
    mentions = []
    for rank, (symbol, own) in enumerate(by_symbol.items()):
        evidence = tuple(_evidence(place, text) for place in own)
        strongest = min(evidence, key=_strength)
        mentions.append(
            Mention(
                symbol=symbol,
                written_as=strongest.term,
                how=strongest.how or "name",
                confidence=max(_confidence(place) for place in own),
                count=len(occurrences[symbol]) or 1,
                in_title=symbol in titled,
                first_at=next((one.start for one in evidence if one.field == "body"), None),
                evidence=evidence,
                salience=judge(
                    occurrences[symbol],
                    in_list,
                    text,
                    rank=rank,
                    company_count=len(by_symbol),
                    title_count=len(titled),
                ),
            )
        )
    return tuple(mentions)


def _evidence(place: Place, text: Text) -> Evidence:
    field, begin = text.field_at(place.start)
    written_as = text.written[place.start : place.end]
    return Evidence(written_as, field, place.start - begin, place.end - begin, place.how, place.symbol)


def _strength(one: Evidence) -> int:
    return _STRENGTH.index(one.how or "name")


def _confidence(place: Place) -> float:
    if place.points >= SURE:
        return _CONFIDENCE_OF_SURE
    return _CONFIDENCE[min(place.points, len(_CONFIDENCE) - 1)] + (_MARKED_UP if place.how == "markup" else 0)

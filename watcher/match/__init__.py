"""Which rules of the watchlist hold for an article, and the words that made them hold.

A rule holds if the article names any of its stocks or contains any of its keywords, contains all of `require` and none
of `exclude`, in its title, summary or body.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from watcher.folding import fold, stands_alone
from watcher.model import Article, Evidence, Knowledge, Match, Mention, Rule

_MOST_EVIDENCE = 20
"""Places kept for one term: enough to show, and a page of repetitions cannot fill the database."""

_Found = dict[str, list[Evidence]]


def match_rules(article: Article, mentions: Sequence[Mention], knowledge: Knowledge) -> tuple[Match, ...]:
    """The rules that hold, in the order of the watchlist, each with its evidence."""
    found = _find_terms(article, knowledge)
    named = {mention.symbol: mention for mention in mentions}
    matches = (_match(rule, found, named) for rule in knowledge.rules)
    return tuple(match for match in matches if match)


def _match(rule: Rule, found: _Found, named: dict[str, Mention]) -> Match | None:
    if any(fold(term) in found for term in rule.exclude):
        return None
    if not all(fold(term) in found for term in rule.require):
        return None
    evidence = [one for symbol in rule.stocks if symbol in named for one in named[symbol].evidence[:_MOST_EVIDENCE]]
    evidence += [one for term in rule.keywords for one in found.get(fold(term), ())]
    if not evidence and (rule.stocks or rule.keywords):
        return None
    evidence += [one for term in rule.require for one in found[fold(term)]]
    return Match(rule.name, tuple(evidence))


def _find_terms(article: Article, knowledge: Knowledge) -> _Found:
    terms, automaton = _automaton(knowledge)
    found: _Found = defaultdict(list)
    if not terms:
        return found
    for field, text in article.texts():
        folded = fold(text)
        for index, start, end in automaton.find_matches_as_indexes(folded, overlapping=True):
            places = found[terms[index]] if stands_alone(folded, start, end) else None
            if places is not None and len(places) < _MOST_EVIDENCE:
                places.append(Evidence(text[start:end], field, start, end))
    return found


@lru_cache(maxsize=2)
def _automaton(knowledge: Knowledge) -> tuple[list[str], AhoCorasick]:
    """Every term of every rule, folded, in one automaton: a page is read once however long the watchlist."""
    terms = {fold(term) for rule in knowledge.rules for term in (*rule.keywords, *rule.require, *rule.exclude)}
    ordered = sorted(terms)
    return ordered, AhoCorasick(ordered)

"""What stands beside a name and speaks for a company, or for the ordinary word: counted, and kept as reasons."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from watcher.link import words

VETO = -9
"""Fewer points than any other evidence makes up for: the words beside it make another's name of it."""
_FEWEST_BUSINESS_WORDS = 2


class Finding(NamedTuple):
    """What speaks for a name: points, and the words that earned them."""

    points: int
    reason: str


def weigh(before: str, after: str) -> Finding:
    """The points that its neighbourhood gives a name; below zero where it speaks for the ordinary word."""
    if found := words.OTHER_NAME_AFTER.match(after) or words.OTHER_NAME_BEFORE.search(before):
        return Finding(VETO, found[0])
    if before.endswith("“") and (found := words.QUOTED_ON_AFTER.match(after)):
        return Finding(VETO, found[0])
    if (source := words.SOURCE_AFTER.match(after)) and words.SOURCE_BEFORE.search(before):
        return Finding(VETO, source[0])
    if words.DATA_OF_ALL_BEFORE.search(before) and (source := words.DATA_OF_ALL_AFTER.match(after)):
        return Finding(VETO, source[0])
    if (place := words.PLACE_AFTER.match(after)) and words.PLACE_BEFORE.search(before):
        return Finding(VETO, place[0])
    if found := _first_found(before, words.COUNTED_BEFORE, words.IN_TITLE_OF_WORK, words.PERSON_BEFORE):
        return Finding(VETO, found[0])
    if found := words.COMPANY_AFTER.match(after):
        return Finding(3, found[0].strip())
    if found := words.ORDINARY_AFTER.match(after):
        return Finding(-2, found[0])
    evidence = [
        (2, words.COMPANY_BEFORE.search(before)),
        (1, words.COMPANY_PERHAPS_BEFORE.search(before)),
        (1, words.MAY_AFTER.match(after) or words.FIGURE_AFTER.match(after)),
        (1, words.MOVE_NEAR.search(after) or words.MOVE_NEAR.search(before)),
    ]
    reasons = [found[0] for _, found in evidence if found]
    points = sum(weight for weight, found in evidence if found)
    if evidence[-1][1] is None and (business := _business_words(before + "\n" + after)):
        reasons.append(min(business))
        points += 1
    return Finding(min(points, 3), " … ".join(reasons))


def _first_found(text: str, *patterns: re.Pattern[str]) -> re.Match[str] | None:
    return next(filter(None, (pattern.search(text) for pattern in patterns)), None)


def is_among_goods(before: str, after: str) -> bool:
    """Whether what stands around an ordinary word trades or grows such things."""
    return bool(words.GOODS_NEAR.search(after) or words.GOODS_NEAR.search(before))


def is_other_house(text: str, end: int, *, is_marked: bool) -> bool:
    """Whether a name that ends there begins another's: a joint venture's or, unless marked up, a fund house's."""
    if text[end : end + 1] not in words.OTHER_HOUSE_BEGINS:  # Asked of every name: most are not.
        return False
    return bool(words.PARTNER_AFTER.match(text, end) or (not is_marked and words.FUND_AFTER.match(text, end)))


def is_modified(before: str) -> bool:
    """Whether an ordinary word is told more closely by the one before it: 人形机器人, 优质农产品."""
    if not before or not "一" <= before[-1] <= "鿿":
        return False
    telling = (words.COMPANY_BEFORE, words.COMPANY_PERHAPS_BEFORE, words.TOLD_WHEN_BEFORE)
    return not any(pattern.search(before) for pattern in telling)


def speaks_of_business(text: str) -> bool:
    """Whether a whole text is about companies at all: several different words of theirs are in it."""
    return len(_business_words(text)) >= _FEWEST_BUSINESS_WORDS


def are_listed_together(text: str, end_of_one: int, start_of_next: int) -> bool:
    """Whether two names stand in one enumeration: nothing but separators, brackets and prices between them."""
    if not 0 < start_of_next - end_of_one <= words.FARTHEST_LISTED:
        return False
    if text.startswith("、", end_of_one) and start_of_next - end_of_one == 1:
        return True
    return bool(words.BETWEEN_LISTED.fullmatch(text, end_of_one, start_of_next))


def _business_words(text: str) -> set[str]:
    return set(_business_automaton().find_matches_as_strings(text))


@cache
def _business_automaton() -> AhoCorasick:
    return AhoCorasick(words.BUSINESS_WORDS)

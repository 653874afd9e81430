from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.folding import HIDDEN, fold, narrow, stands_alone


@pytest.mark.parametrize(
    ("text", "narrowed"),
    [
        ("（３００５４６．ＳＺ）", "(300546.SZ)"),
        ("ＳＺ：３００５４６", "SZ:300546"),
        ("ＮＩＯ、ｎｉｏ", "NIO、nio"),
        ("！～｟", "!~｟"),
        ("万\u3000科\xa0Ａ", "万 科 A"),
        ("雄帝科技。《》“”", "雄帝科技。《》“”"),
        ("Nio 300546", "Nio 300546"),
        ("ﬁ①㈱", "ﬁ①㈱"),
    ],
)
def test_full_width_becomes_ascii_and_nothing_else_changes(text: str, narrowed: str) -> None:
    assert narrow(text) == narrowed


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("NIO Nio ＮＩＯ ｎｉｏ", "nio nio nio nio"),
        ("ＳＺ：３００５４６", "sz:300546"),
        ("万科Ａ", "万科a"),
        ("ÀÉ Σ @[", "ÀÉ Σ @["),
    ],
)
def test_latin_letters_fold_to_lower_case_in_either_width(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_moves_no_offset_and_folds_once(text: str) -> None:
    """Python's own lower() makes two characters of İ: every place behind it would be wrong."""
    assert (len(narrow(text)), len(fold(text))) == (len(text), len(text))
    assert (narrow(narrow(text)), fold(fold(text))) == (narrow(text), fold(text))
    assert fold(narrow(text)) == fold(text)


def place(text: str, word: str) -> tuple[str, int, int]:
    start = text.index(word)
    return text, start, start + len(word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("mac", "mac"),
        ("苹果mac电脑", "mac"),
        ("a mac, two", "mac"),
        ("(mac)", "mac"),
        ("mac's", "mac"),
        ("the big-mac index", "mac"),
        ("数字政通5g", "数字政通"),
        ("x数字政通x", "数字政通"),
        ("用c++写", "c++"),
        ("c++11", "c++"),
        ("x*st信威", "*st信威"),
    ],
)
def test_word_stands_alone_beside_what_is_no_latin_letter_or_digit(text: str, word: str) -> None:
    assert stands_alone(*place(text, word))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("machine", "mac"),
        ("imac", "mac"),
        ("mac2", "mac"),
        ("5mac", "mac"),
        ("union", "nio"),
        ("tcl科技", "cl科技"),
        ("万科ab", "万科a"),
        ("3005461", "300546"),
    ],
)
def test_part_of_a_word_does_not_stand_alone(text: str, word: str) -> None:
    assert not stands_alone(*place(text, word))


def test_what_is_never_seen_is_of_a_hidden_category() -> None:
    hidden = "\x00\x1b\x85\u200b\u202e\u2028\u2029\ufeff\ud800"

    assert [character for character in hidden if unicodedata.category(character) not in HIDDEN] == []
    assert [character for character in "a 雄，\u3000€" if unicodedata.category(character) in HIDDEN] == []

"""Where Chinese words begin and end: a name that begins or ends inside a longer word is no name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rjieba

_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛阎余潘杜戴夏钟汪姜范姚廖邹熊陆郝崔邱侯邵孟尹"
)
"""The commonest, without those that are everyday words as well (高, 马, 于, 任, 方, 石, 金); not every name "
"needs to be known."""
_GOES_ON = re.compile(r"[涨跌升挫](?=\s?[\d.超逾近约停幅])|盘(?=[前中后])|[有在称被与和也已还将从对向]")
"""步步高涨逾7% is no 高涨, 耐世特有两款 nothing 特有: what often follows a company's name."""
_CLAUSE = 8
"""Characters before and after a name that are cut into words: further ones do not move the cuts beside it."""


@cache
def dictionary() -> rjieba.Jieba:
    """The words that jieba knows; loaded when first needed, which takes a third of a second."""
    import rjieba

    return rjieba.Jieba()


def is_part_of_word(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` begins or ends inside a word of the dictionary: 国新能源 in 中国新能源."""
    if not (_may_lie_in_word(text, start) or _may_lie_in_word(text, end)):
        return False
    position = first = max(0, start - _CLAUSE)
    for word in dictionary().cut(text[first : end + _CLAUSE]):
        after = position + len(word)
        if after > start:
            if position < start < after and dictionary().has_word(word):
                return True
            if position < end < after and dictionary().has_word(word) and not _GOES_ON.match(text, end):
                return True
            if after >= end:
                return False
        position = after
    return False


def _may_lie_in_word(text: str, at: int) -> bool:
    """Whether a word of two to four characters lies across a place, which costs less to ask than to cut into words."""
    if not (0 < at < len(text) and "一" <= text[at - 1] <= "鿿" and "一" <= text[at] <= "鿿"):
        return False
    has_word = dictionary().has_word
    last, one_before, two_before = at - 1, max(0, at - 2), max(0, at - 3)
    return (
        has_word(text[last : at + 1])
        or has_word(text[last : at + 2])
        or has_word(text[one_before : at + 1])
        or has_word(text[last : at + 3])
        or has_word(text[one_before : at + 2])
        or has_word(text[two_before : at + 1])
    )


def follows_surname(text: str, start: int, end: int) -> bool:
    """Whether a surname stands before a given name of two characters: 迅雷 in 李迅雷."""
    before = text[max(0, start - 1) : start]
    if before not in _SURNAMES or dictionary().has_word(text[max(0, start - 2) : start]):
        return False
    return start < 2 or text[start - 2] < "一" or dictionary().has_word(text[max(0, start - 3) : start - 1])

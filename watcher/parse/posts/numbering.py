"""The numbers that items of a list begin with, as newsrooms write them: ``1、`` ``1.`` ``（1）`` ``①`` ``一、``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watcher.parse.lines import Line

_CIRCLES = {chr(first + i): i + 1 for first, count in ((0x2460, 20), (0x2776, 10), (0x2474, 20)) for i in range(count)}
_HAN = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}

_NUMBER = re.compile(
    r"""(?P<arabic>\d{1,3}) (?:
            \s?、\s* | \s?[.．]\s*(?=\D|$|(?:19|20)\d\d年|\d{1,2}月\d) | \s?[)）]\s* | \s?[丨｜|]\s*(?=\D) )
    |  [（(\[【] \s?(?P<enclosed>\d{1,3})\s? [）)\]】] [、.．]?\s*
    |  (?P<padded>0[1-9]|[1-9]\d) (?:\s+(?=[^\d\s.:：%年月日，,、家只个亿万])|$)
    |  (?:No|NO|no)\.?\s?(?P<named>\d{1,3}) [、.．:：\s]\s*
    |  (?P<keycap>\d) \ufe0f?\u20e3 \s*
    |  (?P<circle>[①-⑳❶-❿⑴-⒇]) [、.．]?\s*
    |  (?P<han>[一二三四五六七八九十]{1,3}) [、.．]\s*
    |  [（(] (?P<han_enclosed>[一二三四五六七八九十]{1,3}) [）)] [、.．]?\s*
    |  第(?P<ordinal>[一二三四五六七八九十]{1,3}) [、，：:]\s*
    """,
    re.VERBOSE,
)
_FAMILIES = {
    "arabic": "1",
    "padded": "1",
    "named": "1",
    "keycap": "1",
    "enclosed": "(1)",
    "circle": "①",
    "han": "一",
    "han_enclosed": "(一)",
    "ordinal": "第一",
}
_MOST_IN_A_LINE = 200
_LARGEST_GAP = 3
"""So far may a number be from the one before it where somebody miscounted."""


@dataclass(frozen=True, slots=True)
class Number:
    """The number a line begins with."""

    written: str
    value: int
    family: str
    """``1``, ``(1)``, ``①``, ``一``, ``(一)`` or ``第一``: numbers of one list are of one family."""
    mark: str
    """What stands behind it: two lists, one in the other, often differ in it."""
    end: int
    """Where the text behind it begins."""


def number_of(text: str) -> Number | None:
    """The number a line begins with; an amount, a date and a time are none."""
    found = _NUMBER.match(text)
    if not found:
        return None
    name = found.lastgroup or ""
    written = found[name]
    if written in _CIRCLES:
        value = _CIRCLES[written]
    elif written.isdecimal():
        value = int(written)
    else:
        value = _han_value(written)
    return Number(written, value, _FAMILIES[name], text[found.end(name) : found.end()].strip(), found.end())


def _han_value(written: str) -> int:
    tens, ten, units = written.rpartition("十")
    return (_HAN.get(tens, 1) * 10 if ten else 0) + _HAN.get(units, 0)


def starts_of_items(lines: Sequence[Line], last: Number | None) -> dict[int, Number]:
    """Which of the lines under a heading begin an item, with their numbers.

    The list is of the family that counts first: from one, or on from the `last` number before. Numbers of other
    families, of lists in the list, and those that do not follow are part of an item.
    """
    numbers = [(index, number) for index, line in enumerate(lines) if (number := number_of(line.text))]
    first = next((place for place, (_, number) in enumerate(numbers) if _opens(number, last)), None)
    if first is None:
        return {}
    opening = numbers[first][1]
    depth = max(lines[numbers[first][0]].depth, 1)  # `3. ` may be a list of its own below `2、`, which is none.
    same = [
        (index, number)
        for index, number in numbers[first:]
        if number.family == opening.family and lines[index].depth <= depth
    ]
    starts: dict[int, Number] = {}
    previous = 0
    place = 0
    while place < len(same):
        index, number = same[place]
        if starts and number.value == 1 and (resumed := _resumes_at(same, place, previous)):
            place = resumed  # A list in the item: its numbers start over, and then the item's own go on.
            continue
        if not starts or number.value == 1 or 0 <= number.value - previous <= _LARGEST_GAP:
            starts[index] = number
            previous = number.value
        place += 1
    return starts


def _opens(number: Number, last: Number | None) -> bool:
    if number.value == 1:
        return True
    return last is not None and number.family == last.family and 0 < number.value - last.value <= _LARGEST_GAP


def _resumes_at(numbers: Sequence[tuple[int, Number]], start: int, previous: int) -> int | None:
    """Where the numbers go on after `previous` behind a run that starts over at `start`, if they do."""
    value = 0
    for place in range(start, len(numbers)):
        here = numbers[place][1].value
        if here == previous + 1 and (value != previous or numbers[place][1].mark != numbers[start][1].mark):
            return place
        if here != value + 1:
            return None
        value = here
    return None


def lines_of_items(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, but where a single one holds a whole list (``1、…。2、…。3、…。``) it is cut into its items."""
    numbered = [line for line in lines if number_of(line.text)]
    for line in lines:
        if len(numbered) == 1 and line is numbered[0]:
            start = 0
            for end in (*_ends_of_items(line.text), len(line.text)):
                yield line.cut(end).without_beginning(start)
                start = end
        else:
            yield line


def _ends_of_items(text: str) -> list[int]:
    """Where items end in a line that begins with number one and counts on, at least to three, behind full stops."""
    number = number_of(text)
    if number is None or number.value != 1 or number.family != "1":
        return []
    ends: list[int] = []
    place = number.end
    while len(ends) < _MOST_IN_A_LINE:
        following = re.compile(rf"(?<=[。！？；”）]){number.value + 1 + len(ends)}[、.．](?=\D)")
        found = following.search(text, place)
        if not found:
            break
        ends.append(found.start())
        place = found.end()
    return ends if len(ends) >= 2 else []

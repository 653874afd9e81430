"""Which names stand in an enumeration, a row of price moves or a table: one of many, not what the sentence is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from watcher.link.occurrences import Occurrence

_FEWEST_ITEMS = 3
_CIRCLED = re.compile(r"[①-⑳]")
_LONGEST_GAP = 40
"""Between two names of one list stand separators and what is in brackets behind the first."""
_JOINED = re.compile(
    r"(?:\([^()\n]*\))?[”\"》]?\s*(?:[-+]?\d[\d.]*\s?(?:[亿万]?(?:港|美)?元|%|股|家|次)?)?"
    r"(?P<by>[、和及/]|以及|and|, )(?:\s|以及|还有)*[“\"《]?",
    re.IGNORECASE,
)
_JOINTLY = re.compile(r"[^,;。\n]{0,14}(?:合并|合作|酝酿|签署|签订|签约|达成|联手|重组|两只证券|两家|双方|成立合资)")
"""甲和乙合并: two of them are no list."""
_WHEN = (
    "今日|今天|昨日|盘中|午后|尾盘|盘后|盘前|早盘|早段|早市|午前|开盘|收盘|全日|全天|竞价|股价|均|再|逆势|一度|双双|分别|则|亦|也|遭|"
    "获|收|齐|等多股|五大行|连续[\\d一二三四五六七八九十两]+[天日]|\\d+%|小幅|大幅|跟随|报|续|现|仍|还|曾|更|率先|快速|直线|继续|集体|"
    "[ah]股|\\s"
)
_MOVED = re.compile(
    rf"(?:-[a-z]{{1,2}})?(?:\([^()\n]*\))?[”\"》]?(?:{_WHEN})*"
    r"(?:涨停|\d+[天日](?:斩获|收获)?\d+板|\d+连板|跌停|收平|平盘|封板|封住?涨停|封住?跌停|触及[涨跌]停|持平|炸板|走强|走弱|走高|走低|跟涨|跟跌|"
    r"领涨|领跌|微[涨跌升]|[大暴]涨|[大暴]跌|飘红|飘绿|翻红|翻绿|冲高回落|直线拉升|跳水|插水|低收|高收|收红|收绿|收高|收低|"
    r"创[^,;。\n]{0,6}新[高低]|净(?:买入|卖出|流入|流出)|"
    r"[-+]\s?\d[\d.]*%?|[\d.]+(?:港元|美元|元|点)|"
    r"(?:[大上下暴收急高低劲再]?[涨跌升挫降开]|飙升|重挫|上涨|下跌|反弹|回落|跌幅|涨幅|rose|fell|gained|dropped|lost|"
    r"climbed|slipped|added|up|down)"
    r"(?:幅|了|超|逾|近|约|为|至多|about|more than|over|\s)*[\d.]+)[^,;。、\n]{0,12}(?=[,;。、\n\s]|\Z)",
    re.IGNORECASE,
)
_NEXT_FIGURE = re.compile(r"[^\n,;。]{0,12}\d[^\n,;。]{0,12}[,;。:|/][^,;。:|/\n\d]{0,5}")
"""Behind one company a figure, then the next company: 甲解禁170亿元，乙解禁120亿元."""
_FEWEST_ROWS = 3
_LONGEST_ROW = 60
_LONGEST_LEAD = 14
"""In each of a row of lines the company stands at most so far from the beginning: 【电子：金宏气体(688106.SH)】."""


def listed(places: Sequence[Occurrence], text: str) -> set[Occurrence]:
    """Those that are one of several: joined by 、, told only by their price, or in a table."""
    return {places[index] for index in _listed(places, text)}


def _listed(places: Sequence[Occurrence], text: str) -> set[int]:
    found: set[int] = set()
    rows = _Rows()
    for inside, line in _by_line(places, text):
        if "\t" in line or len(_CIRCLED.findall(line)) >= _FEWEST_ITEMS:
            found.update(inside)
            continue
        for run in _joined_runs(places, inside, text):
            found.update(run)
        if len(inside) == 1:
            found.update(rows.add(inside[0], places, line, text))
            continue
        found.update(_clauses(places, inside, text))
        moved = [index for index in inside if _MOVED.match(text, places[index].end)]
        if len(moved) > 1 or (moved and len({places[index].symbol for index in inside}) >= _FEWEST_ITEMS):
            found.update(moved)
        found.update(index for index in inside if places[index].is_collective)
    return found


class _Rows:
    """Short lines, one below the other, that each begin with a company and tell something of it in a few words."""

    def __init__(self) -> None:
        self._run: list[int] = []
        self._symbols: set[str] = set()
        self._end = -1

    def add(self, index: int, places: Sequence[Occurrence], line: str, text: str) -> Sequence[int]:
        """Take a line with its only company; those of the run of rows that have become enough for a list by it."""
        one = places[index]
        begin = text.rfind("\n", 0, one.start) + 1
        if begin != self._end + 1:
            self._run, self._symbols = [], set()
        if one.field != "body" or one.start - begin > _LONGEST_LEAD or len(line) > _LONGEST_ROW or "。" in line:
            return ()
        self._run.append(index)
        self._symbols.add(one.symbol)
        self._end = begin + len(line)
        if len(self._symbols) < _FEWEST_ROWS:
            return ()
        told, self._run = self._run, []
        return told


def _clauses(places: Sequence[Occurrence], inside: range, text: str) -> Iterator[int]:
    """Places in a row of clauses that each tell one figure of another company."""
    run: list[int] = []
    for index in inside:
        if run and not _is_next_clause(places[run[-1]], places[index], text):
            yield from _long_enough(run, places)
            run = []
        run.append(index)
    yield from _long_enough(run, places)


def _long_enough(run: list[int], places: Sequence[Occurrence]) -> Iterator[int]:
    if len({places[index].symbol for index in run}) >= _FEWEST_ITEMS:
        yield from run


def _is_next_clause(one: Occurrence, other: Occurrence, text: str) -> bool:
    if one.symbol == other.symbol:
        return False
    return _NEXT_FIGURE.fullmatch(text, one.end, other.start) is not None or _are_joined(one, other, text)


def _by_line(places: Sequence[Occurrence], text: str) -> Iterator[tuple[range, str]]:
    """The indices of the places of each line that has any, and the line."""
    first = 0
    while first < len(places):
        end = text.find("\n", places[first].end)
        end = end if end >= 0 else len(text)
        last = first + 1
        while last < len(places) and places[last].start < end:
            last += 1
        yield range(first, last), text[text.rfind("\n", 0, places[first].start) + 1 : end]
        first = last


def _joined_runs(places: Sequence[Occurrence], inside: range, text: str) -> Iterator[list[int]]:
    """Places that are joined by 、 to each other or, before 等, to names that the table does not know."""
    run: list[int] = []
    symbols: set[str] = set()
    for index in inside:
        if run and not _are_joined(places[run[-1]], places[index], text):
            if _is_list(places, run, symbols, text):
                yield run
            run, symbols = [], set()
        run.append(index)
        symbols.add(places[index].symbol)
    if run and _is_list(places, run, symbols, text):
        yield run


def _is_list(places: Sequence[Occurrence], run: Sequence[int], symbols: set[str], text: str) -> bool:
    first, last = places[run[0]], places[run[-1]]
    if len(symbols) == 2 and _JOINTLY.match(text, last.end):
        return False
    return len(symbols) > 1 or _is_joined_to_unknown(first, last, text)


def _are_joined(one: Occurrence, other: Occurrence, text: str) -> bool:
    """Whether hardly anything but a comma of enumeration stands between two places; a code belongs to its name."""
    if one.symbol == other.symbol and other.start - one.end <= 2:
        return True
    if not 0 <= other.start - one.end <= _LONGEST_GAP:
        return False
    between = text[one.end : other.start].lstrip(")")
    found = _JOINED.match(between)
    return found is not None and found.end() == len(between)


def _is_joined_to_unknown(first: Occurrence, last: Occurrence, text: str) -> bool:
    """Whether it is an item of a list though its neighbours are not known: 、甲、乙等."""
    before, after = text[max(0, first.start - 1) : first.start], text[last.end : last.end + 1]
    return before == "、" and (after == "、" or text.startswith("等", last.end))

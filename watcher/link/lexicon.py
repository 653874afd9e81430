"""All names of all securities at once, and how much each of them proves by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import IntEnum
from operator import attrgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from watcher.folding import fold, stands_alone
from watcher.link.boundaries import dictionary
from watcher.link.cuts import Cuts
from watcher.model import Name


class Doubt(IntEnum):
    """The points of `context` that a name needs before it counts."""

    NONE = -1
    """雄帝科技 is nothing else, whatever stands beside it."""
    LITTLE = 0
    """比亚迪, 太平鸟: counts unless something beside it speaks for something else, in texts that are about "
    "companies."""
    SOME = 1
    """苹果, 平安, 东方财富: a company wherever anything speaks of companies."""
    MUCH = 2
    """农产品, 新城市: ordinary words, or a phrase of ordinary words."""
    CODE = 9
    """XD中国 may be several: only its code beside it tells."""


_ENTITY_WORDS = frozenset("股份 集团 控股 证券 银行 药业 制药 实业 公司 保险 信托 啤酒 钢铁".split())
"""Words that end the names of companies and hardly anything else."""
_INDUSTRY_WORDS = frozenset(
    "科技 通讯 国际 汽车 航空 电器 机床 电子 电力 能源 电气 光电 通信 软件 化工 医药 医疗 生物 材料 精密 智能 传媒 "
    "环保 重工 装备 机械 食品 地产 新材 "
    "半导体 信息 网络 文化 旅游 物流 港口 水泥 纸业 铝业 铜业 锂业 稀土 矿业 煤业 煤电 农业 种业 牧业 渔业 纺织 "
    "服饰 家居 "
    "照明 动力 电源 电缆 电机 数码 视讯 数据 环境 水务 燃气 热电 水电 核电 风电 建设 建筑 建工 路桥 交通 高速 "
    "商业 百货 "
    "商城 股".split()
)
"""What companies deal in: with a name before it (长江电力) a company, with a place before it perhaps a phrase."""
_USUAL_FREQUENCY = 20
"""A word that jieba's dictionary counted so often in its texts is no coinage."""
_RARE_FREQUENCY = 12
"""Up to here a whole name in the dictionary is hardly ever met as anything else (比亚迪 5, 孩子王 9; 步步高 35)."""
_COMMON_FREQUENCY = 300
"""From here on a word is part of everybody's vocabulary (浪潮 462, 理想 3,989; 快手 11, 绿地 175)."""
_PHRASE_FREQUENCY = 2
"""From this expected frequency on, by those of its words, a phrase is met by chance (新城市 27, 新产业 10)."""
_COMPANY_TAGS = frozenset({"nt", "j"})
_PLACE_TAGS = frozenset({"ns"})
_PROPER_TAGS = frozenset({"nr", "nrt", "nz", "nrfg", "ns"})
_SHORT_LATIN_NAME = 4


class Entry(NamedTuple):
    """A name as it is searched for."""

    symbols: tuple[str, ...]
    doubt: Doubt
    written: frozenset[str] | None = None
    """A Latin name, as its owners write it: ``apple`` is a fruit, ``it`` no ticker."""
    is_collective: bool = False
    """三桶油: all of them are meant; as is just the line that its user gave an alias to."""
    is_usual: bool = False
    """People call the company so, though it is a word as well: 小米, 理想; not that it is called 机器人."""
    since: Mapping[str, date] | None = None
    """Symbols that bear it only from a day on."""
    is_latin_at_edge: bool = False
    """It begins or ends in a letter or digit, which may be one of a longer word."""


class Hit(NamedTuple):
    """A name where it stands in a folded text."""

    start: int
    end: int
    entry: Entry


_start = attrgetter("start")


class Lexicon:
    """Finds names. Made once for each state of the table."""

    def __init__(self, names: Mapping[str, Iterable[Name]]) -> None:
        symbols: dict[str, list[str]] = defaultdict(list)
        written: dict[str, set[str]] = defaultdict(set)
        kinds: dict[str, set[str]] = defaultdict(set)
        loose: dict[str, list[bool | None]] = defaultdict(list)
        aliases: dict[str, list[str]] = defaultdict(list)
        since: dict[str, dict[str, date]] = {}
        for symbol, own in names.items():
            for name in own:
                text = fold(" ".join(name.text.split()))
                if text and symbol not in symbols[text]:
                    symbols[text].append(symbol)
                if name.kind == "alias":
                    aliases[text].append(symbol)
                if name.since:
                    since.setdefault(text, {})[symbol] = name.since
                kinds[text].add(name.kind)
                written[text].add(name.text)
                loose[text].append(name.loose)
        self._entries = [
            Entry(
                tuple(aliases.get(text, own)),  # What its user says wins.
                _doubt(text, loose[text], kinds[text]),
                frozenset(written[text]) if text.isascii() else None,
                "collective" in kinds[text] or text in aliases,
                any(loose[text]),
                since.get(text),
                not (text[0] > "\x7f" and text[-1] > "\x7f"),
            )
            for text, own in symbols.items()
            if text
        ]
        self._automaton = AhoCorasick([text for text in symbols if text])
        self._cuts = Cuts(names)

    def find(self, folded: str, narrowed: str) -> list[Hit]:
        """The names in a text; of those that overlap the longest, the first of equally long ones."""
        found = []
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            entry = self._entries[index]
            if entry.is_latin_at_edge and not (
                stands_alone(folded, start, end) and _is_written_so(entry.written, narrowed[start:end])
            ):
                continue
            found.append(Hit(start, end, entry))
        for start, end, symbols in self._cuts.find(folded):
            found.append(Hit(start, end, Entry(symbols, Doubt.NONE if len(symbols) == 1 else Doubt.CODE)))
        found.sort(key=_start)
        reach = 0
        for hit in found:
            if hit.start < reach:
                return _longest(found)
            reach = hit.end
        return found

    @staticmethod
    def doubt_of(text: str) -> Doubt:
        """How much must stand beside a name that the table does not have."""
        return _doubt(text, (), ())


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Of hits that overlap the longest, the first of equally long ones."""
    taken = bytearray(max(hit.end for hit in hits))
    kept = []
    for hit in sorted(hits, key=lambda hit: hit.start - hit.end):
        if not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
            kept.append(hit)
    kept.sort(key=_start)
    return kept


def _is_written_so(written: frozenset[str] | None, found: str) -> bool:
    """Whether a Latin name stands there as names do: short ones letter for letter, others with a capital."""
    if written is None:
        return True
    if len(found) <= _SHORT_LATIN_NAME:
        return found in written or any(found == one.capitalize() for one in written if len(one) == _SHORT_LATIN_NAME)
    return not found[0].islower() or any(one[0].islower() for one in written)


def _doubt(text: str, loose: Sequence[bool | None], kinds: Iterable[str]) -> Doubt:
    """How ordinary a name is: as people have judged it, else by the dictionary; nobody keeps a list of traps."""
    if "alias" in kinds:
        return Doubt.NONE  # Its user says what it means.
    if any(loose):
        return Doubt.MUCH if text.isdigit() or _is_ordinary_word(text) else Doubt.SOME
    if loose and None not in loose:
        return Doubt.NONE
    if text.isascii():
        return Doubt.SOME if len(text) < _SHORT_LATIN_NAME else Doubt.NONE
    jieba = dictionary()
    words = list(jieba.cut(text))
    if words[-1] in _ENTITY_WORDS and len(words) > 1:
        return Doubt.NONE
    if _reads_as_phrase(text):
        return Doubt.MUCH
    if len(words) == 1 and jieba.has_word(text):
        return _doubt_of_word(text)
    tags = [jieba.tag(word)[0][1] for word in words]
    frequency = jieba.suggest_freq(text)
    if any(jieba.suggest_freq(word) < _USUAL_FREQUENCY for word in words):
        return Doubt.NONE
    if tags[0] in _PLACE_TAGS and words[-1] in _INDUSTRY_WORDS:
        return Doubt.SOME
    if tags[0] in _PLACE_TAGS or max(map(len, words)) == 1:
        return Doubt.SOME if frequency >= _PHRASE_FREQUENCY else Doubt.LITTLE if len(text) < _FOUR else Doubt.NONE
    if frequency >= _PHRASE_FREQUENCY:
        return Doubt.MUCH
    if len(text) < _FOUR:
        return Doubt.LITTLE
    is_coined = min(map(len, words)) == 1 or any(tag in _PROPER_TAGS - _PLACE_TAGS | _COMPANY_TAGS for tag in tags)
    return Doubt.NONE if is_coined else Doubt.SOME


def _is_ordinary_word(text: str) -> bool:
    """Whether the dictionary has it as a common word of the language (理想, 大众), not as somebody's name (高通)."""
    jieba = dictionary()
    if not jieba.has_word(text):
        return False
    return jieba.suggest_freq(text) >= _COMMON_FREQUENCY and jieba.tag(text)[0][1] not in _PROPER_TAGS | _COMPANY_TAGS


def _doubt_of_word(text: str) -> Doubt:
    """Of a name that the dictionary has as one word: by what kind of word it is, and how often it was counted."""
    jieba = dictionary()
    tag = jieba.tag(text)[0][1]
    frequency = jieba.suggest_freq(text)
    if tag in _COMPANY_TAGS or (text[-2:] in _ENTITY_WORDS | _INDUSTRY_WORDS and len(text) >= _FOUR):
        return Doubt.NONE
    if tag in _PROPER_TAGS:
        return Doubt.LITTLE if frequency <= _RARE_FREQUENCY else Doubt.SOME
    return Doubt.SOME if frequency <= _RARE_FREQUENCY else Doubt.MUCH


def _reads_as_phrase(text: str) -> bool:
    """Whether it has the shape of 线上线下 and 一心一意, which jieba cuts oddly; 中国中铁 has it by chance."""
    if len(text) != _FOUR or text[0] != text[2] or text[2:] in _ENTITY_WORDS | _INDUSTRY_WORDS:
        return False
    return dictionary().tag(text[:2])[0][1] not in _PLACE_TAGS


_FOUR = 4

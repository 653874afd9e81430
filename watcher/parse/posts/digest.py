"""Digests: one post that holds many news items, each of which becomes an article of its own.

A digest is told by two things together: its title promises one (财经早餐, 公告汇总, 要闻速递), and its lines are built
like one (numbered items, mostly under headings that restart the numbers). A single story that happens to be numbered,
an interview, a law, five reasons or a list of companies, has at most one of them and is never split. Only sections
under the very names that digests use, many of them, need no title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from watcher.parse.clean import is_boilerplate
from watcher.parse.lines import Line
from watcher.parse.posts.digest_words import is_section_name, promise_of
from watcher.parse.posts.numbering import Number, lines_of_items, number_of, starts_of_items

_SENTENCE_END = tuple("。！？；!?;…")
_SECTION_CHARACTERS = 15
"""A heading that is not marked up as one is no longer."""
_TITLE_CHARACTERS = 40
_LABEL_CHARACTERS = 7
"""What stands in 【…】 and is no longer is a label (债市综述), not a headline."""
_WORD_CHARACTERS = 4
"""What is set off and no longer than this heads a section, whatever follows."""
_FURNITURE_CHARACTERS = 30
"""What stands above the first item, is shorter and no sentence belongs to the page (收藏, a video's note)."""
_NUMBERED_WITHOUT_A_TITLE = 12
"""So many numbered items at least has a digest that only its sections tell."""
_SHORTEST_ITEMS = 10
"""Half of the items are longer; a list of companies has shorter ones."""

_NOTHING = re.compile(r"[（(]?(?:暂?无|没有|略)[）)]?[。.]?")
_LEAD = re.compile(r"【(?P<lead>[^】]{1,80})】")
_COMPANY_LEAD = re.compile(r"[\u4e00-\u9fffA-Za-z*]{2,10}(?:[（(][\w.、，,]{4,20}[)）])?[：:]\s?\S")
_DECORATION = re.compile(r"^[^\w（(《*]+|[^\w）)》%]+$")
_QUESTION = re.compile(r"(?:问|答|[QqAa]\d{0,2}|记者|主持人)\s*[:：]")
_PARAGRAPH_OF_A_LAW = re.compile(r"第[一二三四五六七八九十百\d]{1,4}[条章款]")
_TEXT_BULLET = re.compile(r"[•·●◆■▪▶►★☆※◎○□◇]\s*(?=\S)|[-—*]\s+(?=\S)")
_TIME_LINE = re.compile(r"(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s|$)")
_TIME = re.compile(r"\d{1,2}[:：]\d{2}")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a digest."""

    lines: tuple[Line, ...]
    """Its text, without its number."""
    section: str | None = None
    """The heading it stands under."""
    number: str | None = None
    """As it is written, without what stands around it."""
    title: str | None = None
    """Its own headline, where it has one; it is part of the lines too."""


@dataclass(slots=True)
class _Section:
    """A heading and the lines below it."""

    name: str | None
    lines: list[Line] = field(default_factory=list)
    heads_items: bool = False
    """Its headings are the titles of items."""


def split_digest(title: str | None, lines: Sequence[Line]) -> list[Item] | None:
    """The items of a digest in their order, or `None` where the lines are a single story.

    `lines` are those of the body, cleaned, without the title.
    """
    promise = promise_of(title)
    if promise == 0 and sum(1 for line in lines if number_of(line.text)) < _NUMBERED_WITHOUT_A_TITLE:
        return None
    if _is_of_one_piece(lines):
        return None
    sections = _sections(lines)
    shape = _Shape()
    last: Number | None = None
    for section in sections:
        section.lines = list(lines_of_items(section.lines))
        starts = starts_of_items(section.lines, last)
        if starts:
            *_, last = starts.values()
            shape.numbered += len(starts)
            shape.numbered_sections += 1
            shape.known_sections += section.name is not None and is_section_name(section.name)
        found = _numbered_items(section, starts) if starts else _other_items(section)
        shape.items += [item for item in found if item.lines]
    return shape.items if shape.is_a_digest(promise, sections) else None


@dataclass(slots=True)
class _Shape:
    """The items that lines fall into, and how they are told apart."""

    items: list[Item] = field(default_factory=list)
    numbered: int = 0
    numbered_sections: int = 0
    known_sections: int = 0
    """Of the sections with numbered items, those that digests call so."""

    def is_a_digest(self, promise: int, sections: Sequence[_Section]) -> bool:
        """Whether items like these are a digest, under a title that promises so much of one."""
        count = len(self.items)
        if count < 3 or median(sum(len(line.text) for line in item.lines) for item in self.items) < _SHORTEST_ITEMS:
            return False
        if promise == 0:
            return (
                self.known_sections >= 4
                and self.numbered >= _NUMBERED_WITHOUT_A_TITLE
                and self.numbered * 10 >= count * 8
            )
        if self.numbered * 2 < count:
            return count >= 4 and self._is_told_without_numbers(promise, sections)
        if promise == 2:
            return self.numbered >= 3
        clauses = sum(item.lines[-1].text.endswith(("；", ";", "，")) for item in self.items)
        return clauses * 2 < count and self.numbered >= (5 if self.numbered_sections >= 2 else 6)

    def _is_told_without_numbers(self, promise: int, sections: Sequence[_Section]) -> bool:
        """Items without numbers are told by leads of their own, by bullets, or by headings."""
        leads = sum(_has_lead(item) for item in self.items)
        bullets = sum(_is_bullet(line) for section in sections for line in section.lines)
        if max(leads, bullets) * 10 >= len(self.items) * 7:
            return True
        names = [section.name for section in sections if section.name is not None]
        return len(names) >= 2 and (promise == 2 or sum(map(is_section_name, names)) >= 2)


def _has_lead(item: Item) -> bool:
    first = item.lines[0].text
    return item.title is not None or bool(_LEAD.match(first) or _COMPANY_LEAD.match(first))


def _is_of_one_piece(lines: Sequence[Line]) -> bool:
    """An interview or a law."""
    questions = sum(1 for line in lines if _QUESTION.match(line.text))
    paragraphs = sum(1 for line in lines if _PARAGRAPH_OF_A_LAW.match(line.text))
    return questions >= 4 or paragraphs >= 4


def _sections(lines: Sequence[Line]) -> list[_Section]:
    """The lines under their headings; those above the first one under none."""
    sections = [_Section(None)]
    titled_level = _level_of_titles(lines)
    for index, line in enumerate(lines):
        if line.kind == "heading" and line.level == titled_level:
            sections[-1].heads_items = True
            sections[-1].lines.append(line)
            continue
        if line.kind == "heading" and _is_name_of_the_page(line.text):
            sections.append(_Section(None))
            continue
        name = _section_name(line, lines[index - 1] if index else None, lines[index + 1 : index + 2])
        if name is None:
            sections[-1].lines.append(line)
        else:
            sections.append(_Section(name))
    return sections


def _is_name_of_the_page(heading: str) -> bool:
    """Whether a heading says what the whole post is, or when it came out, and so opens no section."""
    return bool(_TIME_LINE.match(heading)) or (promise_of(heading) == 2 and not is_section_name(heading))


def _level_of_titles(lines: Sequence[Line]) -> int:
    """The level of headings that are the titles of single items: long ones, at the lowest level, and no numbers."""
    headings = [line for line in lines if line.kind == "heading"]
    lowest = max((line.level for line in headings), default=0)
    lengths = [len(line.text) for line in headings if line.level == lowest]
    is_numbered = any(line.kind != "heading" and number_of(line.text) for line in lines)
    return lowest if len(lengths) >= 3 and median(lengths) > 10 and not is_numbered else 0


def _section_name(line: Line, before: Line | None, after: Sequence[Line]) -> str | None:
    """The name of the section that a line opens, if it opens one."""
    text = line.text
    number = number_of(text)
    name = _DECORATION.sub("", text[number.end :] if number else text)
    if line.kind == "heading":
        is_item = number is not None and number.family == "1" and len(name) > _SECTION_CHARACTERS
        return None if is_item or not name else name
    if line.kind != "text" or not name or len(name) > _SECTION_CHARACTERS or name.endswith(_SENTENCE_END):
        return None
    if line.bullet and number is None and not is_section_name(name):
        return None
    if number is not None and number.family == "1":
        return None
    if is_section_name(name):
        return name
    if "，" in name or "：" in name or _NOTHING.fullmatch(name) or _TIME.match(name):
        return None
    if number is not None:
        return name if number.family == "一" and after and not after[0].text.endswith("：") else None
    is_set_off = _is_set_off(line)
    opens = _counts_from_one(after) or (is_set_off and len(name) <= _WORD_CHARACTERS)
    if is_set_off and after and len(name) <= _LABEL_CHARACTERS:
        opens = opens or _is_set_off(after[0]) or _is_bullet(after[0])
    if not opens:
        return None
    # A sentence that goes on from the line above, and happens to stand before a number, opens nothing.
    return name if is_set_off or before is None or before.text.endswith((*_SENTENCE_END, "）", ")", "”")) else None


def _is_set_off(line: Line) -> bool:
    return line.bold >= len(line.text) or (line.text.startswith("【") and line.text.endswith("】"))


def _counts_from_one(lines: Sequence[Line]) -> bool:
    number = number_of(lines[0].text) if lines else None
    return number is not None and number.value == 1


def _numbered_items(section: _Section, starts: dict[int, Number]) -> Iterator[Item]:
    indices = sorted(starts)
    above = [line for line in section.lines[: indices[0]] if not _is_furniture(line)]
    yield from _unnumbered_items(_Section(section.name, above))
    for start, end in zip(indices, [*indices[1:], len(section.lines)], strict=True):
        number = starts[start]
        first = section.lines[start].without_beginning(number.end)
        lines = [first] if first.text else []
        lines += _below(section.lines[start + 1 : end])
        yield _item(section, lines, number.written)


def _other_items(section: _Section) -> Iterator[Item]:
    if section.heads_items:
        starts = [index for index, line in enumerate(section.lines) if line.kind == "heading"]
        yield from _unnumbered_items(_Section(section.name, section.lines[: starts[0]]))
        for start, end in zip(starts, [*starts[1:], len(section.lines)], strict=True):
            heading = section.lines[start]
            number = number_of(heading.text)
            if number:
                heading = heading.without_beginning(number.end)
            item = _item(
                section, [heading, *_below(section.lines[start + 1 : end])], number.written if number else None
            )
            yield replace(item, title=heading.text)
    else:
        yield from _unnumbered_items(section)


def _below(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if not is_boilerplate(line)]


def _unnumbered_items(section: _Section) -> Iterator[Item]:
    """The items of lines without numbers: a bullet, a lead or a paragraph each; a calendar or a table is one."""
    lines = [
        line
        for line in _below(section.lines)
        if not _NOTHING.fullmatch(line.text) and (section.name is not None or not _is_furniture(line))
    ]
    if not lines:
        return
    if all(line.kind == "row" or _TIME.match(line.text) for line in lines):
        yield _item(section, lines)
        return
    has_bullets = sum(_is_bullet(line) for line in lines) >= 2
    has_leads = _begins_with_lead(lines[0]) and sum(map(_begins_with_lead, lines)) * 4 >= len(lines)
    item: list[Line] = []
    for line in lines:
        if has_bullets:
            begins = _is_bullet(line) or (bool(item) and line.begins and item[-1].depth > 0 and line.depth == 0)
        elif has_leads:
            begins = _begins_with_lead(line)
        else:
            begins = line.begins or (bool(item) and item[-1].text.endswith(_SENTENCE_END))
            begins = begins and not (line.kind == "row" and item and item[-1].kind == "row")
        if begins and item:
            yield _item(section, item)
            item = []
        found = _TEXT_BULLET.match(line.text) if has_bullets else None
        item.append(line.without_beginning(found.end()) if found else line)
    yield _item(section, item)


def _is_bullet(line: Line) -> bool:
    return (line.bullet and line.depth == 1) or (line.depth == 0 and bool(_TEXT_BULLET.match(line.text)))


def _begins_with_lead(line: Line) -> bool:
    if found := _LEAD.match(line.text):
        return len(found["lead"]) > _LABEL_CHARACTERS or len(line.text) > found.end()
    return line.bold >= len(line.text) and not line.text.endswith(_SENTENCE_END)


def _is_furniture(line: Line) -> bool:
    return len(line.text) < _FURNITURE_CHARACTERS and not line.text.endswith(_SENTENCE_END) and not line.bullet


def _item(section: _Section, lines: Sequence[Line], number: str | None = None) -> Item:
    """An item, and the headline it has: what stands in 【…】, or a line of its own that is no sentence."""
    kept = tuple(line for line in lines if not _NOTHING.fullmatch(line.text))
    if not kept:
        return Item((), section.name, number)
    first = kept[0].text
    title = None
    if found := _LEAD.match(first):
        title = found["lead"] if len(found["lead"]) > _LABEL_CHARACTERS else None
    elif (
        len(kept) > 1
        and len(first) <= _TITLE_CHARACTERS
        and "，" not in first
        and not first.endswith((*_SENTENCE_END, "：", ":"))
        and kept[0].kind != "row"
    ):
        title = first
    return Item(kept, section.name, number, title)

"""The header of a post (Jekyll, Hexo, Hugo): YAML as it should be, and the ladder of repairs for YAML as it is.

TOML between ``+++`` and a JSON object above the text are read as well.

Exporters paste titles between quotes without escaping them, so real headers break YAML every day. Every value stays
text: YAML's own reading would make 1 of ``000001`` and ``True`` of ``ON``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

from watcher.parse.posts.header_values import NoHeaderError, Value, as_values, json_header, read_toml

_MAX_CHARACTERS = 65_536
_MAX_DEPTH = 20
"""Limits of a header (reliability rows P6 and P7): beyond them YAML costs seconds or the whole process."""

_OPENING = re.compile(r"\ufeff?\s*?(?:---|(?P<toml>\+\+\+))[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_TOML_CLOSING = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)
_LOOSE_KEY_LINE = re.compile(
    r"^\t*(?P<key>title|date|authors?|link|url|permalink|source|tags?|categor(?:y|ies)|layout|description|summary|keywords"
    r"|published|pubdate|updated|标题|题目|作者|来源|时间|日期|发布时间|发布日期|链接|原文链接|栏目|分类|标签|摘要|关键词)"
    r"[ \t]*[:：][ \t]*(?P<value>.*)$",
    re.IGNORECASE,
)
"""As people type it: a full-width colon, no space behind it, a tab before it. Only keys that are known as such."""
_TOML_LINE = re.compile(r"^[ \t]*(?P<key>[\w-]{1,60})[ \t]*=[ \t]*(?P<value>.*)$")
_KEY_LINE = re.compile(r"^(?P<key>[^\s:#'\"\[\]{}-][^:\n]{0,60}?)[ \t]*:(?:[ \t]+(?P<value>.*))?$")
_ITEM_LINE = re.compile(r"^[ \t]*-[ \t]+(?P<value>\S.*)$")
_PLAIN_VALUE = r"""(?:"[^"\\]*"|'[^']*'|[^\W_](?:[^:#]|:(?=\S)|(?<!\s)\#)*(?<!:))?"""
_PLAIN_LINE = re.compile(rf"(?:[A-Za-z]\w*:(?:[ ]+{_PLAIN_VALUE})?|[ ]*-[ ]+{_PLAIN_VALUE})?")
"""A line that means to YAML what it says. Most headers have no others, and YAML takes a quarter of all parsing."""

_NOTHING = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a post says of itself. Keys are lower case; values are text or lists of text."""

    values: dict[str, Value] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()

    def text(self, *keys: str) -> str | None:
        """The first of these keys that holds a text with something in it."""
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, list):
                value = value[0] if value else None
            if value and value.strip():
                return " ".join(value.split())
        return None

    def items(self, *keys: str) -> list[str]:
        """The values of the first of these keys that has any, as a list."""
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, str) and value.strip():
                return [value.strip()]
            if isinstance(value, list) and value:
                return [item.strip() for item in value if item.strip()]
        return []


def split_front_matter(text: str) -> tuple[FrontMatter | None, str]:
    """The header and the text below it; `None` and the whole text where a file has no header."""
    opening = _OPENING.match(text)
    if not opening:
        found = json_header(text)
        return (FrontMatter(found[0]), text[found[1] :]) if found else (None, text)
    window = text[opening.end() : opening.end() + _MAX_CHARACTERS]
    closing = (_TOML_CLOSING if opening["toml"] else _CLOSING).search(window)
    is_key = _TOML_LINE.match if opening["toml"] else _match_key
    header = window[: closing.start()] if closing else "".join(_leading_key_lines(window, is_key))
    loaded = _load_toml(header) if opening["toml"] else _load(header)
    if not loaded.values:  # A rule (`---`) between paragraphs, not a header.
        return None, text
    if closing:
        return loaded, text[opening.end() + closing.end() :]
    unclosed = FrontMatter(loaded.values, (*loaded.repairs, "front matter was never closed"))
    return unclosed, text[opening.end() + len(header) :]


def _leading_key_lines(window: str, is_key: Callable[[str], object]) -> Iterator[str]:
    for line in window.splitlines(keepends=True):
        if not (is_key(line.rstrip()) or _ITEM_LINE.match(line.rstrip())):
            return
        yield line


def _match_key(line: str) -> re.Match[str] | None:
    return _KEY_LINE.match(line) or _LOOSE_KEY_LINE.match(line)


def _load_toml(header: str) -> FrontMatter:
    try:
        return FrontMatter(read_toml(header))
    except NoHeaderError as error:
        values: dict[str, Value] = {}
        for line in header.splitlines():
            if found := _TOML_LINE.match(line.rstrip()):
                value = found["value"].strip()
                is_list = value.startswith("[") and value.endswith("]")
                parts = [_unquote(part.strip()) for part in value[1:-1].split(",")] if is_list else []
                values[found["key"].lower()] = [part for part in parts if part] if is_list else _unquote(value)
        return FrontMatter(values, (f"front matter read line by line, it is not TOML: {error}",))


def _load(header: str) -> FrontMatter:
    by_line, doubles = _load_line_by_line(header)
    if not doubles and all(_PLAIN_LINE.fullmatch(line.rstrip()) for line in header.splitlines()):
        return FrontMatter(by_line)
    repairs = [f'"{key}" stands twice in the front matter; the last one counts' for key in doubles]
    try:
        values = _load_yaml(header)
    except (yaml.YAMLError, _BeyondLimitsError, ValueError) as error:
        problem = getattr(error, "problem", None) or str(error)
        return FrontMatter(by_line, (f"front matter read line by line, it is not YAML: {problem}", *repairs))
    for key in ("title", "author"):
        raw = by_line.get(key)
        if key == "author" and isinstance(values.get(key), list):
            continue  # `[张三, 李四]` are two authors.
        if isinstance(raw, str) and raw != values.get(key) and _yaml_lost_text(values.get(key), raw):
            # `title: 重磅 #A股# 大涨` is a comment to YAML, `title: [快讯]` a list: to its reader both are titles.
            values[key] = raw
            repairs.append(f"{key} taken as it is written, YAML would have cut it")
    return FrontMatter(values, tuple(repairs))


def _yaml_lost_text(value: Value | None, raw: str) -> bool:
    return isinstance(value, list) or ((" #" in raw or raw.startswith("#")) and raw.startswith(value or ""))


class _BeyondLimitsError(Exception):
    """The header uses YAML that no post needs: anchors, aliases, tags or deep nesting."""


def _load_yaml(header: str) -> dict[str, Value]:
    """The values, built from the parser's events: no recursion, no aliases, all scalars text."""
    root: dict[str, object] = {}
    open_ones: list[tuple[dict[str, object] | list[object], list[str]]] = []
    for event in yaml.parse(header, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _BeyondLimitsError("anchors, aliases and tags are not read")
        if isinstance(event, yaml.CollectionEndEvent):
            open_ones.pop()
        elif isinstance(event, yaml.ScalarEvent):
            _add(open_ones, "" if event.style is None and event.value in _NOTHING else event.value)
        elif isinstance(event, yaml.CollectionStartEvent):
            new: dict[str, object] | list[object] = {} if isinstance(event, yaml.MappingStartEvent) else []
            if open_ones:
                _add(open_ones, new)
            elif isinstance(new, dict):
                root = new
            else:
                raise _BeyondLimitsError("not a mapping")
            open_ones.append((new, []))
            if len(open_ones) > _MAX_DEPTH:
                raise _BeyondLimitsError(f"nested deeper than {_MAX_DEPTH} levels")
    return as_values(root)


def _add(open_ones: list[tuple[dict[str, object] | list[object], list[str]]], value: object) -> None:
    """Put a value into the innermost collection; in a mapping every other one is a key."""
    if not open_ones:
        raise _BeyondLimitsError("not a mapping")
    collection, key = open_ones[-1]
    if isinstance(collection, list):
        collection.append(value)
    elif key:
        collection[key.pop()] = value
    elif isinstance(value, str):
        key.append(value)
    else:
        raise _BeyondLimitsError("keys are text")


def _load_line_by_line(header: str) -> tuple[dict[str, Value], list[str]]:
    """``key: value`` lines and ``- item`` lines below them, and the keys that stand twice."""
    values: dict[str, Value] = {}
    doubles: list[str] = []
    key = None
    for line in map(str.rstrip, header.splitlines()):
        if found := _match_key(line):
            key = found["key"].strip().lower()
            if key in values:
                doubles.append(key)
            value = found["value"] or ""
            values[key] = "" if value in _NOTHING else _unquote(value)
        elif key is not None and (found := _ITEM_LINE.match(line)):
            held = values[key]
            item = _unquote(found["value"])
            values[key] = [*held, item] if isinstance(held, list) else [item]
    return values, doubles


def _unquote(value: str) -> str:
    """The value inside its quotes, however many an exporter put around it.

    One pair comes off, three and more of the same come off together; two come off only if no quote is left inside,
    for ``""A"和"B""`` is one pair around a text that begins and ends with quoted words.
    """
    for quote in ('"', "'"):
        run = min(len(value) - len(value.lstrip(quote)), len(value) - len(value.rstrip(quote)))
        if run == 0 or len(value) <= 2 * run:
            if value and not value.strip(quote):
                return ""
            continue
        inner = value[run:-run]
        if run == 2 and quote in inner:
            run, inner = 1, value[1:-1]
        value = inner.replace('\\"', '"') if quote == '"' else inner.replace("''", "'")
        if run < 3:  # Quotes as YAML means them: further ones inside belong to the text.
            break
    return value.strip()

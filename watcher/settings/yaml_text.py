"""YAML as people mean it: every scalar stays the text it is, and remembers where it stands.

The usual loader makes 1 of ``000001``, True of ``ON`` and 1350 of ``22:30``; this one makes text of them.
What a config file has no use for (anchors, aliases, tags, a key written twice) is a complaint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from yaml.composer import ComposerError
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from watcher.settings.complaints import Complaint, Loc, Place, dotted
from watcher.settings.paths import shown
from watcher.settings.yaml_errors import syntax_complaint

Value = str | list["Value"] | dict[str, "Value"] | None

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no path, name or term holds; escapes in quotes can smuggle it in."""


class Document:
    """A YAML file as plain values, with the place of each and with whatever is wrong so far."""

    def __init__(self, path: Path) -> None:
        self.source = shown(path)
        self.value: Value = None
        self.places: dict[Loc, Place] = {}
        """Where each value begins."""
        self.keys: dict[Loc, Place] = {}
        self.texts: dict[Loc, str] = {}
        """Every scalar that is not empty."""
        self.plain: set[Loc] = set()
        """Those of them that stand without quotes."""
        self.first: dict[Loc, Place] = {}
        """Where the first character stands of those that stand in one line."""
        self.complaints: list[Complaint] = []

        text = self._text_of(path)
        if text is not None:
            self._compose(text)

    @property
    def is_read(self) -> bool:
        """Whether there is a document at all, be it an empty one."""
        return bool(self.places)

    def complain(self, loc: Loc, text: str) -> None:
        """Note what is wrong with the value at `loc`, or with the nearest around it that was written."""
        while loc not in self.places:
            loc = loc[:-1]
        self._note(self.places[loc], loc, text)

    def complain_within(self, loc: Loc, column: int, text: str) -> None:
        """Note what is wrong at a character of a text, counted from 1; at its beginning, if it stands in many lines."""
        place = self.first.get(loc)
        if place is None:
            self.complain(loc, text)
        else:
            self._note(Place(place.source, place.line, place.column + column - 1), loc, text)

    def complain_of_key(self, loc: Loc, text: str) -> None:
        """Note what is wrong with the key itself."""
        self._note(self.keys[loc], loc, text)

    def texts_at(self, *names: str) -> Iterator[tuple[Loc, str]]:
        """The texts below `names`, whatever their numbers in lists: ``texts_at("rules", "stocks")``."""
        for loc, text in self.texts.items():
            if tuple(part for part in loc if isinstance(part, str)) == names:
                yield loc, text

    def override(self, key: str, text: str, place: Place) -> None:
        """Let `text`, written elsewhere, stand for the value of a top-level key."""
        if isinstance(self.value, dict):
            self.value[key] = text
            self.texts[(key,)] = text
            self.places[(key,)] = place

    def _note(self, place: Place, loc: Loc, text: str) -> None:
        self.complaints.append(Complaint(place, f"{dotted(loc)}: {text}" if loc else text))

    def _text_of(self, path: Path) -> str | None:
        content = b""
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
            if len(content) <= MAX_BYTES:
                return content.decode("utf-8-sig")
            self._note(Place(self.source), (), "is larger than 1 MiB")
        except FileNotFoundError:
            self._note(Place(self.source), (), "there is no such file")
        except OSError as error:
            self._note(Place(self.source), (), f"cannot be read: {error.strerror}")
        except UnicodeDecodeError as error:
            place = Place(self.source, content.count(b"\n", 0, error.start) + 1, 1)
            self._note(place, (), "is no UTF-8 text: save the file as UTF-8")
        return None

    def _compose(self, text: str) -> None:
        try:
            root = yaml.compose(text, Loader=_TextLoader)
        except yaml.YAMLError as error:
            self.complaints.append(syntax_complaint(error, self.source, text))
            return
        self.places[()] = Place(self.source, 1, 1)
        self.value = self._value_of(root, ()) if root else {}

    def _value_of(self, node: Node, loc: Loc) -> Value:
        self.places[loc] = self._place_of(node)
        if isinstance(node, SequenceNode):
            return [self._value_of(child, (*loc, index)) for index, child in enumerate(node.value)]
        if isinstance(node, MappingNode):
            return self._entries_of(node, loc)
        assert isinstance(node, ScalarNode)
        text, controls = _CONTROLS.subn("\N{REPLACEMENT CHARACTER}", node.value.strip())
        if controls:
            self._note(self.places[loc], loc, "must be one line of text without control characters")
        if text:
            self.texts[loc] = text
            if node.style is None:
                self.plain.add(loc)
            if node.start_mark.line == node.end_mark.line:
                place = self.places[loc]
                self.first[loc] = Place(place.source, place.line, place.column + (node.style is not None))
        return text if text or node.style else None

    def _entries_of(self, node: MappingNode, loc: Loc) -> dict[str, Value]:
        entries: dict[str, Value] = {}
        for key, value in node.value:
            name = (*loc, str(key.value))
            if not isinstance(key, ScalarNode):
                self._note(self._place_of(key), loc, "a key must be text")
            elif name in self.keys:
                twice = f'"{key.value}" is written twice, first in line {self.keys[name].line}'
                self._note(self._place_of(key), name, twice)
            else:
                self.keys[name] = self._place_of(key)
                entries[key.value] = self._value_of(value, name)
        return entries

    def _place_of(self, node: Node) -> Place:
        return Place(self.source, node.start_mark.line + 1, node.start_mark.column + 1)


class _TextLoader(yaml.BaseLoader):
    """Composes nodes, but no aliases and nothing deep, so that a small file cannot become a big one."""

    _depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """The next node; `ComposerError` at what has no place here."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # types-PyYAML leaves it bare
        if isinstance(event, AliasEvent) or event.anchor or event.tag:
            raise ComposerError(None, None, "anchors, aliases and tags are not read here", event.start_mark)
        if self._depth == MAX_DEPTH:
            raise ComposerError(None, None, f"nested more than {MAX_DEPTH} deep", event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

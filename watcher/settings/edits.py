"""Changes to the text of a watchlist that leave everything else in it as it is, to the last blank.

Places come from the parser, and only what is added or removed is written: a file that is read and dumped again loses
its owner's line breaks, indentation and some comments. Whoever edits proves the result against what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from watcher.errors import WatcherError
from watcher.settings.complaints import did_you_mean
from watcher.settings.written import Entry, Values, Written, comment_line, comment_of, in_braces, render_rules, scalar

_ORDER = ("name", "stocks", "stocks_file", "keywords", "require", "exclude", "query")
"""Which keys a new one goes after."""


def rule_values(text: str, rule: str, key: str) -> list[str]:
    """The values that a rule has below a key. Raises `WatcherError` where there is no such rule."""
    value = _value_at(_rule(text, rule), key)
    if value is None or _is_unwritten(value):
        return []
    return [str(node.value) for node in value.value] if isinstance(value, SequenceNode) else [str(value.value)]


def rule_names(text: str) -> dict[str, int]:
    """The names of the rules, and the line of each."""
    names = {}
    for rule in _rules(text):
        if name := _value_at(rule, "name"):
            names[str(name.value)] = name.start_mark.line + 1
    return names


def add_value(text: str, rule: str, key: str, value: Written) -> str:
    """The text with one more value below a key of a rule."""
    expected = _plain(_root(text))
    _plain_list(_plain_rule(expected, rule), key).append(value.text)
    return _proved(_add(text, _rule(text, rule), key, value), expected)


def remove_value(text: str, rule: str, key: str, index: int, note: str = "") -> str:
    """The text without one of the values below a key of a rule; `note` is what a comment says of it."""
    expected = _plain(_root(text))
    plain = _plain_rule(expected, rule)
    values = _plain_list(plain, key)
    del values[index]
    if not values:
        del plain[key]
    return _proved(_remove(text, _rule(text, rule), key, index, note), expected)


def add_rules(text: str, entries: Sequence[Entry], comment: str = "") -> str:
    """The text with further rules at the end of its list, under a comment if one is given."""
    expected = _plain(_root(text)) or {}
    if not expected.get("rules"):
        expected["rules"] = []
    expected["rules"] += [{key: _plain_entry(value) for key, value in entry.items()} for entry in entries]
    return _proved(_append(text, entries, comment), expected)


def _proved(text: str, expected: object) -> str:
    """The text, if it says what was meant; an odd way of writing must not become a wrong watchlist."""
    try:
        said = _plain(_root(text))
    except yaml.YAMLError:
        said = None
    if said != expected:
        raise WatcherError(
            "this command cannot change the file the way it is written: nothing was changed, edit it by hand"
        )
    return text


def _root(text: str) -> Node | None:
    root: Node | None = yaml.compose(text, Loader=yaml.BaseLoader)
    return root


def _rules(text: str) -> list[MappingNode]:
    rules = _value_at(_root(text), "rules")
    return [rule for rule in rules.value if isinstance(rule, MappingNode)] if isinstance(rules, SequenceNode) else []


def _rule(text: str, name: str) -> MappingNode:
    rules = {str(value.value): rule for rule in _rules(text) if (value := _value_at(rule, "name"))}
    if name not in rules:
        known = did_you_mean(name, rules) or (f"; there are {', '.join(rules)}" if rules else "; there are none yet")
        raise WatcherError(f'there is no rule "{name}"{known} (--new makes one)')
    return rules[name]


def _value_at(node: Node | None, key: str) -> Node | None:
    pairs = node.value if isinstance(node, MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _add(text: str, rule: MappingNode, key: str, value: Written) -> str:
    node = _value_at(rule, key)
    if node is None:
        return _add_key(text, rule, key, value)
    if isinstance(node, SequenceNode) and not node.flow_style:
        line = f"{' ' * node.start_mark.column}- {scalar(value.text)}{comment_of(value.note)}"
        return _with_line_after(text, _end_of(node), line)
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, SequenceNode):
        if node.value and _is_last_on_its_line(text, node.value[-1]):
            return _add_line_in_brackets(text, node.value[-1], value)
        start = _end_of(node.value[-1]) if node.value else start + 1
        end = start if node.value else end - 1
        added = f", {scalar(value.text)}" if node.value else scalar(value.text)
    elif _is_unwritten(node):
        added = f" [{scalar(value.text)}]"
    else:
        end = _end_of(node)
        added = f"[{scalar(str(node.value), like=text[start:end])}, {scalar(value.text)}]"
    closed = node.end_mark.index if isinstance(node, SequenceNode) else end
    changed = _spliced(text, start, end, added)
    return changed if rule.flow_style else _noted(changed, closed + len(added) - (end - start), value.note)


def _is_last_on_its_line(text: str, item: Node) -> bool:
    """Whether the entry has its line for itself, so that a further one wants one too."""
    end = _end_of(item)
    return _begins_line(text, item) and bool(re.fullmatch(r"[\s,]*(?:#.*)?", text[end : _line_end(text, end)]))


def _add_line_in_brackets(text: str, last: Node, value: Written) -> str:
    end = _end_of(last)
    comma = "" if text[end : _line_end(text, end)].lstrip().startswith(",") else ","
    line = f"{' ' * last.start_mark.column}{scalar(value.text)}{comment_of(value.note)}"
    return _with_line_after(_spliced(text, end, end, comma), end, line)


def _add_key(text: str, rule: MappingNode, key: str, value: Written) -> str:
    written = f"{key}: [{scalar(value.text)}]"
    if rule.flow_style:
        end = _end_of(rule.value[-1][1])
        return _spliced(text, end, end, f", {written}")
    before = _ORDER[: _ORDER.index(key)]
    place = max(_end_of(node) for name, node in rule.value if name.value in before)
    return _with_line_after(text, place, f"{' ' * rule.start_mark.column}{written}{comment_of(value.note)}")


def _noted(text: str, index: int, note: str) -> str:
    """The text with a note at the end of the line, behind the comment that may stand there."""
    end = _line_end(text, index)
    comment = text[index:end].rstrip()
    place = index + len(comment)
    return (
        _spliced(text, place, place, f", {note}" if comment.lstrip()[1:].strip() else comment_of(note))
        if note
        else text
    )


def _remove(text: str, rule: MappingNode, key: str, index: int, note: str) -> str:
    node = _value_at(rule, key)
    assert node is not None
    if isinstance(node, ScalarNode) or len(node.value) == 1:
        return _remove_key(text, rule, key)
    assert isinstance(node, SequenceNode)
    item = node.value[index]
    if not node.flow_style:
        return _spliced(text, _line_start(text, item.start_mark.index), _next_line(text, _end_of(item)), "")
    return _remove_from_brackets(_unnoted(text, node, note), node, index)


def _remove_from_brackets(text: str, node: SequenceNode, index: int) -> str:
    item, items = node.value[index], node.value
    start, end = item.start_mark.index, item.end_mark.index
    line_end = _line_end(text, end)
    rest = text[end:line_end]
    is_alone = _begins_line(text, item) or index == 0 or items[index - 1].end_mark.line < item.start_mark.line
    if is_alone and re.fullmatch(r"\s*,?\s*(?:#.*)?", rest):
        if _begins_line(text, item):
            return _spliced(text, _line_start(text, start), _next_line(text, end), "")
        return _spliced(text, start, line_end, "")
    if index + 1 < len(items):
        following = items[index + 1].start_mark.index
        if following < line_end:
            return _spliced(text, start, following, "")
        comma = end + rest.index(",") + 1
        return _spliced(text, len(text[:start].rstrip(" ")), comma, "")
    if is_alone:
        return _spliced(text, start, end, "")
    return _spliced(text, items[index - 1].end_mark.index, end, "")


def _unnoted(text: str, node: Node, note: str) -> str:
    """The text without the note that says what the removed value is."""
    start = node.end_mark.index
    end = _line_end(text, start)
    comment = text[start:end]
    parts = comment.partition("#")[2].split(", ")
    said = {note, note.partition(" ")[2]} - {""}
    kept = [part for part in parts if part.strip() not in said]
    if len(kept) == len(parts):
        return text
    shown = comment.partition("#")[0] + "#" + ", ".join(kept) if kept else comment.partition("#")[0].rstrip()
    if kept and not kept[0].startswith(" "):
        shown = shown.replace("#", "# ", 1)
    return _spliced(text, start, end, shown)


def _remove_key(text: str, rule: MappingNode, key: str) -> str:
    position = next(number for number, (name, _) in enumerate(rule.value) if name.value == key)
    name, value = rule.value[position]
    following = rule.value[position + 1][0].start_mark.index if position + 1 < len(rule.value) else None
    if rule.flow_style:
        if following is not None:
            return _spliced(text, name.start_mark.index, following, "")
        return _spliced(text, _end_of(rule.value[position - 1][1]), _end_of(value), "")
    if _begins_line(text, name):
        return _spliced(text, _line_start(text, name.start_mark.index), _next_line(text, _end_of(value)), "")
    # It stands behind the dash: what follows takes its place.
    return _spliced(text, name.start_mark.index, _end_of(value) if following is None else following, "")


def _append(text: str, entries: Sequence[Entry], comment: str) -> str:
    root = _root(text)
    rules = _value_at(root, "rules")
    if rules is None:
        return _ended(text) + "rules:\n" + comment_line(comment, 2) + render_rules(entries)
    if isinstance(rules, SequenceNode) and rules.value and not rules.flow_style:
        return _append_to_block(text, rules, entries, comment)
    if isinstance(rules, SequenceNode) and rules.value:
        written = ", ".join(in_braces(entry) for entry in entries)
        end = _end_of(rules.value[-1])
        return _spliced(text, end, end, f", {written}")
    start, end = rules.start_mark.index, rules.end_mark.index
    emptied = _spliced(text, len(text[:start].rstrip(" ")), end, "")
    place = _next_line(emptied, len(text[:start].rstrip(" ")))
    return _ended(emptied[:place]) + comment_line(comment, 2) + render_rules(entries) + emptied[place:]


def _append_to_block(text: str, rules: SequenceNode, entries: Sequence[Entry], comment: str) -> str:
    dash = rules.start_mark.column
    last = rules.value[-1]
    offset = max(last.start_mark.column - dash, 2)
    place = _next_line(text, _end_of(last))
    # A comment below the last rule that is indented as its keys are belongs to it.
    while belongs := re.compile(rf" {{{dash + 1},}}#[^\n]*(?:\n|\Z)").match(text, place):
        place = belongs.end()
    apart = len(rules.value) == 1 or any(
        re.search(r"\n[ \t\r]*\n", text[_end_of(one) : other.start_mark.index])
        for one, other in zip(rules.value, rules.value[1:], strict=False)
    )
    added = comment_line(comment, dash) + render_rules(entries, dash=dash, offset=offset, apart=apart)
    return _ended(text[:place]) + ("\n" if apart else "") + added + text[place:]


def _is_unwritten(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style is None and not node.value


def _end_of(node: Node) -> int:
    """Where the last thing in it ends: the parser lets a block reach to the next one, over comments."""
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return node.end_mark.index - 1
    if isinstance(node, MappingNode | SequenceNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end_of(last[1] if isinstance(node, MappingNode) else last)
    return int(node.end_mark.index)


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _with_line_after(text: str, index: int, line: str) -> str:
    place = _next_line(text, index)
    return _ended(text[:place]) + line + "\n" + text[place:]


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found


def _next_line(text: str, index: int) -> int:
    return min(_line_end(text, index) + 1, len(text))


def _begins_line(text: str, node: Node) -> bool:
    index = node.start_mark.index
    return not text[_line_start(text, index) : index].strip()


def _plain(node: Node | None) -> Any:
    """What a node says, as plain values."""
    if isinstance(node, MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(entry) for entry in node.value]
    return None if node is None or _is_unwritten(node) else str(node.value)


def _plain_rule(plain: Any, name: str) -> dict[str, Any]:
    rules: list[dict[str, Any]] = plain["rules"] if plain and plain.get("rules") else []
    return next((rule for rule in rules if rule.get("name") == name), {})


def _plain_list(rule: dict[str, Any], key: str) -> list[Any]:
    """The values below a key, as the list that they are then written as."""
    value = rule.get(key)
    rule[key] = value if isinstance(value, list) else [] if value is None else [value]
    listed: list[Any] = rule[key]
    return listed


def _plain_entry(value: str | int | Values) -> Any:
    return str(value) if isinstance(value, str | int) else [one.text for one in value]

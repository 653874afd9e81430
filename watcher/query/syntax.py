"""From the text of a query to its parts, or to a complaint that says where it went wrong and what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, cast, get_args

from watcher.folding import narrow
from watcher.query.amounts import read_amount
from watcher.query.nodes import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    FactName,
    Field,
    Macro,
    Near,
    Node,
    Not,
    Operator,
    Pattern,
    Rank,
    SalienceAtLeast,
    Stock,
    TextField,
    Within,
    Word,
)

if TYPE_CHECKING:
    from lark import Lark, Token

_GRAMMAR = r"""
    start: either
    either: both (OR both)*
    both: part (AND? part)*
    part: NOT part -> negated
        | near
    near: atom (NEAR atom)?
    atom: "(" either ")" -> group
        | FIELD atom -> in_field
        | COMPARE -> compare
        | MACRO -> macro
        | PHRASE -> phrase
        | REGEX -> regex
        | WORD -> word

    OR.3: /(?:OR|\|\|)(?=[\s()"]|$)/
    AND.3: /(?:AND|&&)(?=[\s()"]|$)/
    NOT.3: /NOT(?=[\s()"]|$)|[-!](?=[^\s])/
    NEAR.3: /NEAR\/\d{1,3}(?=[\s()"]|$)/
    COMPARE.2: /[^\s()":<>=@!\/\-][^\s()":<>=@]*\s*(?:>=|<=|>|<|=)\s*[^\s()"]+/
    FIELD.2: /[A-Za-z_\u4e00-\u9fff]{2,20}:/
    MACRO: /@[^\s()":]+/
    PHRASE: /"(?:[^"\\]|\\.)*"/
    REGEX: /\/(?:[^\/\\\n]|\\.)+\//
    WORD: /[^\s()":<>=@!\/\-][^\s()":<>=]*/
    %ignore /\s+/
"""

_LONGEST_QUERY = 10_000
_DEEPEST_NESTING = 50
_FARTHEST_NEAR = 500
_QUOTES = str.maketrans("“”„«»", '"""""')
_TEXT_FIELDS = get_args(TextField)
_FACTS = get_args(FactName)
_RANKS = get_args(Rank)
_FIELDS = (*_TEXT_FIELDS, *_FACTS, "stock", "issuer", "published")
_IN_CHINESE = {
    "标题": "title",
    "正文": "body",
    "来源": "source",
    "媒体": "publisher",
    "栏目": "section",
    "作者": "author",
    "股票": "stock",
    "公司": "issuer",
    "语言": "language",
    "时间": "published",
    "日期": "published",
}
"""What people write who know other tools; the names of fields are English."""
_WILDCARD = re.compile(r"[A-Za-z0-9*?&.'-]*")
_COMPARED = re.compile(r"(?P<label>.+?)\s*(?P<operator>>=|<=|>|<|=)\s*(?P<number>.+)")
_DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?"
)


class QueryError(ValueError):
    """A query that cannot be right. `column` counts its characters from 1."""

    def __init__(self, problem: str, column: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.column = column


def parse_query(text: str) -> Node:
    """The query in this text. Raises `QueryError`.

    Full-width brackets, colons and quotes are taken for what they look like.
    """
    from lark import UnexpectedInput

    plain = narrow(text).translate(_QUOTES)
    if len(plain) > _LONGEST_QUERY:
        raise QueryError(f"longer than {_LONGEST_QUERY:,} characters: make it several rules, or macros", 1)
    _check_brackets(plain)
    try:
        tree = _parser().parse(plain)
    except UnexpectedInput as error:
        raise _complaint(plain, error) from None
    return _Builder().either(tree.children[0], None)


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", propagate_positions=True)


def _check_brackets(text: str) -> None:
    """Say of brackets and quotes that do not match which one it is, before the parser says something else."""
    blanked = re.sub(r'"(?:[^"\\]|\\.)*"|(?<![^\s(:])/(?:[^/\\\n]|\\.)+/', lambda found: " " * len(found[0]), text)
    if '"' in blanked:
        raise QueryError('this quote has no second one: "…"', blanked.index('"') + 1)
    open_at: list[int] = []
    for column, character in enumerate(blanked, start=1):
        if character == "(":
            open_at.append(column)
            if len(open_at) > _DEEPEST_NESTING:
                raise QueryError(f"nested deeper than {_DEEPEST_NESTING} brackets", column)
        elif character == ")":
            if not open_at:
                raise QueryError("this ) closes nothing", column)
            open_at.pop()
    if open_at:
        raise QueryError("this ( is never closed", open_at[-1])


def _complaint(text: str, error: Any) -> QueryError:
    """What the parser stumbled over, in words."""
    from lark import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        before = text.rstrip().rpartition(" ")[2]
        problem = f"ends where something to look for is expected, after {before}" if before else "is empty"
        return QueryError(problem, len(text.rstrip()) + 1)
    column = error.pos_in_stream + 1
    if isinstance(error, UnexpectedToken):
        written = str(error.token)
        if error.token.type in ("OR", "AND", "NEAR"):
            return QueryError(f"{written} needs something to look for on both sides", column)
        if error.token.type == "RPAR":
            return QueryError("these brackets hold nothing, or end with AND, OR or NOT", column)
        return QueryError(f"{written} is not expected here", column)
    assert isinstance(error, UnexpectedCharacters)
    return QueryError(f"{text[column - 1 : column]} is not expected here: put it in quotes if it is looked for", column)


class _Builder:
    """Turns the parser's tree into nodes; `field` is what an enclosing ``title:(…)`` says."""

    def either(self, tree: Any, field: TextField | None) -> Node:
        parts = [self._both(child, field) for child in tree.children if _is_tree(child)]
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self, tree: Any, field: TextField | None) -> Node:
        parts = [self._part(child, field) for child in tree.children if _is_tree(child)]
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _part(self, tree: Any, field: TextField | None) -> Node:
        if tree.data == "negated":
            return Not(self._part(tree.children[1], field))
        return self._near(tree.children[0] if tree.data == "part" else tree, field)

    def _near(self, tree: Any, field: TextField | None) -> Node:
        left = self._atom(tree.children[0], field)
        if len(tree.children) == 1:
            return left
        token, right = tree.children[1], self._atom(tree.children[2], field)
        distance = int(token[5:])
        if distance > _FARTHEST_NEAR:
            raise _error(token, f"NEAR reaches at most {_FARTHEST_NEAR} characters")
        for side in (left, right):
            if not _is_text(side):
                raise _error(token, f"NEAR stands between words, phrases and groups of them, not beside {side}")
        return Near(left, right, distance)

    def _atom(self, tree: Any, field: TextField | None) -> Node:
        if tree.data == "group":
            return self.either(tree.children[0], field)
        if tree.data == "in_field":
            return self._in_field(tree.children[0], tree.children[1], field)
        token: Token = tree.children[0]
        make: Callable[[Token, TextField | None], Node] = getattr(self, f"_{tree.data}")
        return make(token, field)

    def _in_field(self, token: Token, inner: Any, outer: TextField | None) -> Node:
        name = str(token)[:-1].lower()
        if name not in _FIELDS:
            near = difflib.get_close_matches(_IN_CHINESE.get(name, name), _FIELDS, n=1)
            hint = f"did you mean {near[0]}:" if near else f'put it in quotes if you look for it: "{token}…"'
            raise _error(token, f"there is no field {token} {hint}")
        if outer is not None:
            raise _error(token, f"{token} stands within {outer}:(…): one field at a time")
        if name in _TEXT_FIELDS:
            return self._atom(inner, cast("TextField", name))
        return self._of_facts(token, name, inner)

    def _of_facts(self, token: Token, name: str, inner: Any) -> Node:
        if inner.data == "group":
            words = self.either(inner.children[0], None)
            return _each_word(words, lambda word: self._fact(token, name, word))
        if inner.data not in ("word", "phrase"):
            raise _error(token, f"{token} takes a word, a phrase in quotes, or a group of them")
        word = self._atom(inner, None)
        return self._fact(token, name, word)

    def _fact(self, token: Token, name: str, word: Node) -> Node:
        if not isinstance(word, Word) or (word.is_pattern and name != "published"):
            raise _error(token, f"{token} takes words and phrases, not {word}")
        if name in ("stock", "issuer"):
            return Stock(word.text, is_issuer=name == "issuer")
        if name == "published":
            return _period(token, word.text)
        return Field(cast("FactName", name), word.text)

    def _word(self, token: Token, field: TextField | None) -> Node:
        text = str(token)
        if text.lower() in ("and", "or", "not") or text.lower().startswith("near/"):
            if text.isupper():
                raise _error(token, f"{text} needs something to look for on both sides")
            raise _error(token, f'write {text.upper()} in capitals, or "{text}" in quotes if you look for the word')
        if text == "NEAR":
            raise _error(token, "write how many characters may stand between, such as NEAR/20")
        if text.startswith("~"):
            raise _error(token, f"{text} says nothing here: words near each other are written 回购 NEAR/20 注销")
        if any(mark in text for mark in ",、;"):
            raise _error(token, f"{text} holds a comma: write OR or AND between words, or put it in quotes")
        is_pattern = "*" in text or "?" in text
        if is_pattern and not text.startswith("*ST"):
            if not _WILDCARD.fullmatch(text):
                raise _error(token, "* and ? work within Latin words; Chinese words are found anywhere without them")
            if len(re.sub(r"[*?]", "", text)) < 2:
                raise _error(token, "a pattern needs two letters or digits besides * and ?")
            return Word(text, field, is_pattern=True)
        return Word(text, field)

    def _phrase(self, token: Token, field: TextField | None) -> Node:
        text = re.sub(r"\\(.)", r"\1", str(token)[1:-1])
        if not text.strip():
            raise _error(token, "there is nothing between these quotes")
        return Word(text, field)

    def _regex(self, token: Token, field: TextField | None) -> Node:
        from watcher.query.regex import problem_of

        source = str(token)[1:-1].replace(r"\/", "/")
        if problem := problem_of(source):
            raise _error(token, f"this regular expression cannot be read: {problem}")
        return Pattern(source, field)

    def _macro(self, token: Token, field: TextField | None) -> Node:
        if field:
            raise _error(token, f"{token} cannot stand within {field}:")
        return Macro(str(token)[1:])

    def _compare(self, token: Token, field: TextField | None) -> Node:
        if field:
            raise _error(token, f"a comparison cannot stand within {field}:")
        found = _COMPARED.fullmatch(str(token))
        assert found is not None
        label, operator, number = found["label"], found["operator"], found["number"]
        if label == "salience":
            if operator != ">=" or number not in _RANKS:
                raise _error(token, f"write salience>= and one of {', '.join(_RANKS)}")
            return SalienceAtLeast(cast("Rank", number))
        if label in ("sources", "publishers"):
            raise _error(token, f"{label} cannot be counted yet: a story is one article with its copies")
        if read_amount(number) is None:
            raise _error(token, f"{number} is no number: write it as 9%, 10亿, 3.5万 or 1200")
        return Compare(label, cast("Operator", operator), number)


def _is_tree(child: object) -> bool:
    return hasattr(child, "data")


def _error(token: Token, problem: str) -> QueryError:
    return QueryError(problem, token.start_pos + 1 if token.start_pos is not None else 1)


def _is_text(node: Node) -> bool:
    if isinstance(node, AnyOf):
        return all(map(_is_text, node.parts))
    return isinstance(node, Word | Pattern)


def _each_word(node: Node, make: Callable[[Node], Node]) -> Node:
    """The same combination with each of its words replaced."""
    if isinstance(node, AnyOf | AllOf):
        return type(node)(tuple(_each_word(part, make) for part in node.parts))
    return Not(_each_word(node.part, make)) if isinstance(node, Not) else make(node)


def _period(token: Token, text: str) -> Node:
    if (found := _DURATION.fullmatch(text)) and any(found.groups()):
        age = timedelta(**{unit: int(value) for unit, value in found.groupdict().items() if value})
        return Within(age, text)
    first, _, last = text.partition("/")
    try:
        days = [date.fromisoformat(day) for day in (first, last or first)]
    except ValueError:
        hint = "write P1D, PT12H, 2026-11-01 or 2026-11-01/2026-11-30"
        raise _error(token, f"{text} is no time to be published in: {hint}") from None
    if days[0] > days[1]:
        raise _error(token, f"{text} ends before it begins")
    return Between(days[0], days[1])


def macros_in(nodes: Sequence[Node]) -> set[str]:
    """The names of the macros that stand in these queries."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, Macro):
            names.add(node.name)
        elif isinstance(node, AllOf | AnyOf):
            names |= macros_in(node.parts)
        elif isinstance(node, Not):
            names |= macros_in((node.part,))
    return names

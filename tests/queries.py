"""Queries and articles made by Hypothesis, and a plain evaluator that the real one must agree with."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.build import article
from watcher.folding import fold, stands_alone
from watcher.model import Article
from watcher.query import AllOf, AnyOf, Compare, Field, Near, Node, Not, Pattern, Stock, Word

VOCABULARY = "减持 回购 逆回购 质押 中标 合同 股份 注销 mac machine buyback 预测 公告 ST 一".split()
_FIELDS = st.sampled_from([None, None, "title", "body"])


def words() -> st.SearchStrategy[Word]:
    return st.builds(
        Word, st.sampled_from([*VOCABULARY, "share buyback", "and", "NEAR/5", '他说"好"', "-x", "a:b", "NOT"]), _FIELDS
    )


def leaves() -> st.SearchStrategy[Node]:
    return st.one_of(
        words(),
        st.builds(Pattern, st.sampled_from(["回购.{0,5}股份", "m[ae]c", "减持|质押"]), _FIELDS),
        st.builds(Near, words(), words(), st.integers(0, 30)),
        st.builds(Field, st.sampled_from(["source", "publisher"]), st.sampled_from(["雪球", "证券时报", "x y"])),
        st.builds(Compare, st.just("涨跌幅"), st.sampled_from([">=", "<"]), st.sampled_from(["9%", "-3%"])),
    )


def nodes() -> st.SearchStrategy[Node]:
    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(lambda parts: AllOf(tuple(parts)), st.lists(inner, min_size=2, max_size=4)),
            st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, min_size=2, max_size=4)),
        ),
        max_leaves=12,
    )


def articles() -> st.SearchStrategy[Article]:
    text = st.lists(
        st.sampled_from([*VOCABULARY, " ", "。", "，", "涨9.5%", "跌4%", "share buyback", "的", "\n"]), max_size=14
    )
    joined = text.map("".join)
    return st.builds(
        lambda title, body, summary, source: (
            article(title or None, body, summary or None)
            if source is None
            else Article(title or None, body, "post", summary or None, source=source)
        ),
        joined,
        joined,
        joined,
        st.sampled_from([None, "雪球", "证券时报网"]),
    )


def holds(node: Node, told: Article) -> bool:
    """The same by plain search, one clause after the other, as slowly as it is surely right."""
    if isinstance(node, AllOf):
        return all(holds(part, told) for part in node.parts)
    if isinstance(node, AnyOf):
        return any(holds(part, told) for part in node.parts)
    if isinstance(node, Not):
        return not holds(node.part, told)
    if isinstance(node, Word):
        return bool(_spans(node, told))
    if isinstance(node, Pattern):
        return any(_describes(node.source, text) for _, text in _texts(node.field, told))
    if isinstance(node, Near):
        return any(
            one[0] == other[0] and 0 <= max(other[1] - one[2], one[1] - other[2]) <= node.distance
            for one in _spans(node.left, told)
            for other in _spans(node.right, told)
        )
    if isinstance(node, Field):
        return fold(node.text) in fold(getattr(told, node.name) or "")
    assert isinstance(node, Compare)
    moves = [9.5] * sum("涨9.5%" in text for _, text in _texts(None, told)) + [-4.0] * sum(
        "跌4%" in text for _, text in _texts(None, told)
    )
    limit = 9.0 if node.number == "9%" else -3.0
    return any(move >= limit if node.operator == ">=" else move < limit for move in moves)


def _texts(field: str | None, told: Article) -> list[tuple[str, str]]:
    named = {"title": told.title or "", "summary": told.summary or "", "body": told.body}
    wanted = {None: ("title", "summary", "body"), "title": ("title",), "body": ("summary", "body")}[field]
    return [(name, fold(named[name])) for name in wanted]


def _spans(node: Node, told: Article) -> list[tuple[str, int, int]]:
    assert isinstance(node, Word)
    word = fold(node.text)
    return [
        (name, start, start + len(word))
        for name, text in _texts(node.field, told)
        for start in range(len(text))
        if text.startswith(word, start) and stands_alone(text, start, start + len(word))
    ]


def _describes(source: str, text: str) -> bool:
    import re

    return bool(re.search(source, text))


__all__ = ["Stock", "articles", "holds", "leaves", "nodes"]

"""The query language of rules: what may be written, as values. `match` judges them, `settings` complains of them."""

from watcher.query.nodes import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Field,
    Macro,
    Near,
    Node,
    Not,
    Pattern,
    SalienceAtLeast,
    Stock,
    Within,
    Word,
    symbols_in,
)
from watcher.query.syntax import QueryError, parse_query

__all__ = [
    "AllOf",
    "AnyOf",
    "Between",
    "Compare",
    "Field",
    "Macro",
    "Near",
    "Node",
    "Not",
    "Pattern",
    "QueryError",
    "SalienceAtLeast",
    "Stock",
    "Within",
    "Word",
    "parse_query",
    "symbols_in",
]

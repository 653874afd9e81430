"""What is known of a site, as data: how it marks up securities, what of a page is not news, how it numbers articles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_INDICES = {"SH": ("000",), "SZ": ("399", "980"), "BJ": ("899",)}


def is_index(code: str, exchange: str) -> bool:
    """Whether this is the number of an index and no security (000001 上证指数, 399006 创业板指, 899050 北证50)."""
    return code.startswith(_INDICES.get(exchange, ("-",)))


@dataclass(frozen=True, slots=True)
class Marking:
    """How a site marks up a security: an attribute of an element, and the symbol it stands for."""

    attribute: str
    pattern: re.Pattern[str]
    symbol: Callable[[re.Match[str]], str | None]
    """`None` for what is marked up but is not a security (a board, an index)."""


@dataclass(frozen=True, slots=True)
class Site:
    """One site or exporter. A field left out means the generic reading is right for it."""

    name: str
    domains: tuple[str, ...] = ()
    marking: Marking | None = None
    furniture: tuple[str, ...] = ()
    """Class names of elements that are not part of the article (categories, tags, share bars)."""
    boilerplate: tuple[str, ...] = ()
    """Regular expressions; a closing line that one of them matches whole is not part of the article."""
    foot_links: tuple[str, ...] = ()
    """The same for closing lines that are links."""
    native_id: str | None = None
    """A regular expression for the site's article number, tried on the URL and then on the file name."""
    aggregates: bool = False
    """It lists what others publish: never the publisher itself."""

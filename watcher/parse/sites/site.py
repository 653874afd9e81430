"""What is known of a site, as data: how it marks up securities, what of a page is not news, how it numbers articles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

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
class Layout:
    """How a site's pages were made for a time: archives hold old ones."""

    content: str
    """A CSS selector of the elements that hold the article's text, and little else."""
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day on which pages were made so; left out where nobody knows."""

    def holds_at(self, day: date) -> bool:
        """Whether pages of this day can have been made so."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


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
    layouts: tuple[Layout, ...] = ()
    """How its pages hold their text, the newest first."""
    aggregates: bool = False
    """It lists what others publish: never the publisher itself."""

    def content_at(self, day: date | None) -> tuple[str, ...]:
        """Selectors of the text on a page of this day: those of its time first, for a page may state a wrong date."""
        by_time = sorted(self.layouts, key=lambda layout: day is not None and not layout.holds_at(day))
        return tuple(layout.content for layout in by_time)

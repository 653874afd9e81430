"""An article in the making: for each field the first source that says something counts, and is remembered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from watcher.model import Article, Mark, Page, PublishedFrom
from watcher.parse.dates import Moment
from watcher.parse.language import language_of
from watcher.parse.mojibake import mojibake_in

DraftField = Literal[
    "title",
    "summary",
    "url",
    "native_id",
    "source",
    "publisher",
    "author",
    "section",
    "language",
    "part_of",
    "item_number",
    "version",
    "status",
]


class Draft:
    """Gathers the fields of one article. Offer the strongest source first."""

    def __init__(self, page: Page, format: str) -> None:
        self._page = page
        self._format = format
        self._values: dict[str, Any] = {}
        self._found_in: dict[str, str] = {}
        self._repairs: list[str] = list(page.repairs)

    def offer(self, field: DraftField, value: str | None, origin: str) -> None:
        """Take this value for a field unless it is empty, or the field has one from a stronger source."""
        if value and field not in self._values:
            self._values[field] = value
            self._found_in[field] = origin

    def offer_moment(self, moment: Moment | None, published_from: PublishedFrom, origin: str) -> None:
        """The same for the moment of publication."""
        if moment and "published_at" not in self._values:
            self._values |= {"published_at": moment, "published_from": published_from}
            self._found_in["published_at"] = origin

    def offer_date(self, text: str, moment: Moment | None, origin: str) -> None:
        """The moment that a field names in writing. A text that names none which can be believed is noted."""
        self.offer_moment(moment, "field", origin)
        if text and moment is None:
            self.repaired([f'date left out, it names no believable moment: "{text[:60]}"'])

    def repaired(self, repairs: Iterable[str]) -> None:
        """Note what had to be put right."""
        self._repairs += [repair for repair in repairs if repair not in self._repairs]

    def get(self, field: DraftField) -> str | None:
        """What a field holds so far."""
        return self._values.get(field)

    @property
    def is_dated(self) -> bool:
        """Whether the moment of publication is known."""
        return "published_at" in self._values

    def finish(self, body: str, marks: tuple[Mark, ...] = (), **more: Any) -> Article:
        """The article with this body. Its language, where nothing states one, is told by its script."""
        title = self._values.get("title")
        if broken := mojibake_in(f"{title or ''}\n{body}"):
            self.repaired([broken])
        self.offer("source", self._page.source, "the folder's settings")
        self.offer("language", language_of(title, body), "its script")
        return Article(
            **{"title": None, **self._values, **more},
            body=body,
            format=self._format,
            marks=marks,
            repairs=tuple(self._repairs),
            found_in=tuple(self._found_in.items()),
        )

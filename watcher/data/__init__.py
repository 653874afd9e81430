"""Shipped facts: the table of securities. `SOURCES.md` beside this file says where they come from and of what date."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from importlib.resources import files

from watcher.model import Security

TABLE_DATE = "2023-10-19"
"""The newest listing in the table of A shares. Later listings are found by code and by publishers' markup."""


def shipped_securities() -> Iterator[Security]:
    """The A and B shares of Shanghai, Shenzhen and Beijing, then well-known Hong Kong and US listings."""
    for row in _rows("a_shares.csv"):
        written = row["short_name"].strip()
        name = "".join(unicodedata.normalize("NFKC", written).split())
        # 一 心 堂 is printed with its spaces too.
        names = (written,) if written != name else ()
        kind = "B share" if row["code"].startswith(("200", "900")) else "A share"
        yield Security(f"{row['code']}.{row['exchange']}", name, kind, names)
    for row in _rows("overseas.csv"):
        yield Security(row["symbol"], row["name"], "stock", tuple(filter(None, row["names"].split("|"))))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files(__name__).joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)

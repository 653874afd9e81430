"""Shipped facts: the table of securities. `SOURCES.md` beside this file says where they come from and of what date."""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import cast

from watcher.model import Name, NameKind, Security

TABLE_DATE = "2026-09-30"
"""The newest listing in the table of A shares. Later listings are found by code and by publishers' markup."""
_SPACED = 3
OVERSEAS_DATE = "2026-11-21"
"""When the tables of overseas listings and of further names were compiled."""


def shipped_securities() -> Iterator[Security]:
    """The A and B shares of Shanghai, Shenzhen and Beijing, then well-known Hong Kong and US listings."""
    nicknames: dict[str, list[Name]] = defaultdict(list)
    for row in _rows("nicknames.csv"):
        nickname = _name(row["name"], row["kind"])
        nicknames[row["symbol"]].append(nickname._replace(since=_day((row["valid_from"] + "-01-01")[:10])))
    overseas = list(_rows("overseas.csv"))
    issuers = {row["symbol"]: row["issuer"] for row in (*_rows("issuers.csv"), *overseas) if row["issuer"]}
    renumbered = {row["table_symbol"]: row["symbol"] for row in _rows("renumbered.csv")}
    issuers |= {issuer: issuer for issuer in issuers.values() if issuer[:6].isdigit()}
    for row in _rows("a_shares.csv"):
        written = row["short_name"].strip()
        name = "".join(unicodedata.normalize("NFKC", written).split())
        symbol = f"{row['code']}.{row['exchange']}"
        # 一 心 堂 and 万  科Ａ are printed with spaces too: three characters as wide as four.
        spaced = {written, " ".join(name) if len(name) == _SPACED else name} - {name}
        names = (*(Name(text, loose=False) for text in sorted(spaced)), *nicknames.get(symbol, ()))
        kind = "B share" if row["code"].startswith(("200", "900")) else "A share"
        listed_on, number = _day(row["listed_on"]), renumbered.get(symbol)
        yield Security(symbol, name, kind, names, issuers.get(symbol), listed_on, renumbered=number)
    for row in overseas:
        symbol, short = row["symbol"], _name(row["name"], "short")
        names = (*(_name(text, "written") for text in row["names"].split("|") if text), *nicknames.get(symbol, ()))
        yield Security(symbol, short.text, "stock", names, issuers.get(symbol), _day(row["listed_on"]), short.loose)


def _name(text: str, kind: str) -> Name:
    """A name as the tables write it: a question mark behind those that are ordinary words too."""
    return Name(text.removesuffix("?"), cast("NameKind", kind), text.endswith("?"))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text[:1].isdigit() else None


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files(__name__).joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)

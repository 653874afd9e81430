"""The table of securities: who is who, looked up by any usual writing of a code or by name."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from watcher.folding import fold, narrow
from watcher.link.codes import find_codes
from watcher.link.lines import is_index, line_meant
from watcher.model import Knowledge, Security

_SUFFIXED = re.compile(r"(?P<code>[0-9A-Z]{1,6}(?:\.[A-Z])?)\.(?P<exchange>[A-Z]{1,4})")
_PREFIXED = re.compile(r"(?P<exchange>SH|SS|SZ|BJ|HK)[.:]?(?P<code>[0-9]{4,6})")
_EXCHANGES = {
    "SH": "SH",
    "SS": "SH",
    "XSHG": "SH",
    "SZ": "SZ",
    "XSHE": "SZ",
    "BJ": "BJ",
    "HK": "HK",
    "US": "US",
    "O": "US",
    "N": "US",
    "OQ": "US",
} | {place: place for place in ("T", "KS", "TW", "L", "PA", "DE", "AS", "SW", "MC", "AX", "SR")}
_DIGITS = {"SH": 6, "SZ": 6, "BJ": 6, "HK": 5}


class Securities:
    """All known securities. Immutable once built."""

    def __init__(self, securities: Iterable[Security]) -> None:
        self._by_symbol = {security.symbol: security for security in securities}
        codes: dict[str, list[str]] = defaultdict(list)
        names: dict[str, list[str]] = defaultdict(list)
        for security in self._by_symbol.values():
            for symbol in filter(None, (security.symbol, security.renumbered)):
                codes[symbol.rpartition(".")[0]].append(security.symbol)
            for name in security.all_names():
                names[_plain(name.text)].append(security.symbol)
        self._aliases = {
            _plain(name.text): one.symbol for one in self for name in one.all_names() if name.kind == "alias"
        }
        """What their user calls securities: it wins, and means just the line that it was given to."""
        self._by_name: Mapping[str, tuple[str, ...]] = {name: tuple(dict.fromkeys(own)) for name, own in names.items()}
        self.codes: Mapping[str, tuple[str, ...]] = {code: tuple(own) for code, own in codes.items()}
        """Bare code → the symbols that carry it."""
        issuers = {one.symbol: one.issuer for one in self if one.issuer}
        families: dict[str, list[str]] = defaultdict(list)
        for symbol, issuer in issuers.items():
            families[issuer].append(symbol)
        self.knowledge = Knowledge(
            codes=self.codes,
            names={one.symbol: one.all_names() for one in self},
            issuers=issuers,
            families={issuer: tuple(own) for issuer, own in families.items()},
            listed={one.symbol: one.listed_on for one in self if one.listed_on},
            renumbered={one.renumbered: one.symbol for one in self if one.renumbered},
        )
        """All of it, as the stages need it."""

    def __iter__(self) -> Iterator[Security]:
        return iter(self._by_symbol.values())

    def __len__(self) -> int:
        return len(self._by_symbol)

    def name(self, symbol: str) -> str | None:
        """What a security is called, or `None` if the table does not know it."""
        security = self._by_symbol.get(symbol)
        return security.name if security else None

    def resolve(self, text: str) -> str | None:
        """The symbol for a code in any usual writing, or for a name that only one company has.

        Of a company with several lines it is the one that Chinese news means by the bare name: 中国平安 is the A
        share. A code with its exchange is taken even if the table does not know it (it may be listed since); bare
        digits and names must be in the table. `None` where neither is so, and for an index.
        """
        written = narrow(text).strip().strip("$").upper()
        found = _SUFFIXED.fullmatch(written) or _PREFIXED.fullmatch(written)
        if found and (symbol := _symbol(found["code"], found["exchange"])):
            return self.knowledge.renumbered.get(symbol, symbol)
        if symbol := self._aliases.get(_plain(text)):
            return symbol
        for symbols in (self.codes.get(written), self._by_name.get(_plain(text))):
            if symbols and len({self._issuer(symbol) for symbol in symbols}) == 1:
                return line_meant(symbols, (), "", "", None, ())
        return self._pasted(narrow(text).strip())

    def _pasted(self, text: str) -> str | None:
        """The one security whose code stands in what was copied from somewhere: $贵州茅台(SH600519)$, HK:700, 0700."""
        if text.isdigit() and len(text) in (3, 4) and (symbol := f"{text.zfill(5)}.HK") in self._by_symbol:
            return symbol
        symbols = {code.symbol for code in find_codes(text, self.knowledge)}
        return symbols.pop() if len(symbols) == 1 else None

    def _issuer(self, symbol: str) -> str:
        return self.knowledge.issuers.get(symbol, symbol)

    def all_called(self, text: str) -> list[Security]:
        """Every security that goes by a name or a code, in any usual writing."""
        written = narrow(text).strip().strip("$").upper()
        found = [self.resolve(text), *self.codes.get(written, ()), *self._by_name.get(_plain(text), ())]
        symbols = dict.fromkeys(symbol for symbol in found if symbol in self._by_symbol)
        return [self._by_symbol[symbol] for symbol in symbols if symbol]

    def lines_of(self, symbol: str) -> tuple[str, ...]:
        """All lines of the company that a security is of, itself among them."""
        return self.knowledge.families.get(self.knowledge.issuers.get(symbol, symbol), (symbol,))

    def near(self, text: str) -> list[str]:
        """Securities that may have been meant, best first, as ``辰安科技 300523.SZ``."""
        plain = _plain(text)
        if plain.isdigit():  # Codes that look alike have nothing to do with each other.
            return []
        exact = self._by_name.get(plain, ()) or self.codes.get(plain, ())
        keys = difflib.get_close_matches(plain, [*self._by_name, *self.codes], n=3, cutoff=0.6)
        symbols = [*exact, *(symbol for key in keys for symbol in self._by_name.get(key) or self.codes[key])]
        return [f"{self._by_symbol[symbol].name} {symbol}" for symbol in dict.fromkeys(symbols)][:3]


def _symbol(code: str, exchange: str) -> str | None:
    place = _EXCHANGES.get(exchange)
    if place is None or is_index(code, place):
        return None
    digits = _DIGITS.get(place)
    if digits is not None:
        if not code.isdigit() or len(code) > digits or (place != "HK" and len(code) != digits):
            return None
        code = code.zfill(digits)
    elif place == "US" and not code[0].isalpha():
        return None
    return f"{code}.{place}"


def _plain(name: str) -> str:
    """A name without the spaces some tables put into it (万  科Ａ), folded."""
    return "".join(fold(name).split())

"""The table of securities: who is who, looked up by any usual writing of a code or by name."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from watcher.folding import fold, narrow
from watcher.model import Security

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
    "T": "T",
    "KS": "KS",
    "TW": "TW",
    "L": "L",
}
_DIGITS = {"SH": 6, "SZ": 6, "BJ": 6, "HK": 5}


class Securities:
    """All known securities. Immutable once built."""

    def __init__(self, securities: Iterable[Security]) -> None:
        self._by_symbol = {security.symbol: security for security in securities}
        codes: dict[str, list[str]] = defaultdict(list)
        names: dict[str, list[str]] = defaultdict(list)
        for security in self._by_symbol.values():
            codes[security.symbol.rpartition(".")[0]].append(security.symbol)
            for name in (security.name, *security.names):
                names[_plain(name)].append(security.symbol)
        self._by_name: Mapping[str, tuple[str, ...]] = {name: tuple(dict.fromkeys(own)) for name, own in names.items()}
        self.codes: Mapping[str, tuple[str, ...]] = {code: tuple(own) for code, own in codes.items()}
        """Bare code → the symbols that carry it."""
        self.names: Mapping[str, tuple[str, ...]] = {
            security.symbol: (security.name, *security.names) for security in self._by_symbol.values()
        }
        """Symbol → the names it goes by."""

    def __iter__(self) -> Iterator[Security]:
        return iter(self._by_symbol.values())

    def __len__(self) -> int:
        return len(self._by_symbol)

    def name(self, symbol: str) -> str | None:
        """What a security is called, or `None` if the table does not know it."""
        security = self._by_symbol.get(symbol)
        return security.name if security else None

    def resolve(self, text: str) -> str | None:
        """The symbol for a code in any usual writing, or for a name that only one security has.

        A code with its exchange is taken even if the table does not know it (it may be listed since); bare digits
        and names must be in the table. `None` where neither is so, and for an index.
        """
        written = narrow(text).strip().strip("$").upper()
        found = _SUFFIXED.fullmatch(written) or _PREFIXED.fullmatch(written)
        if found and (symbol := _symbol(found["code"], found["exchange"])):
            return symbol
        for symbols in (self.codes.get(written), self._by_name.get(_plain(text))):
            if symbols and len(symbols) == 1:
                return symbols[0]
        return None

    def near(self, text: str) -> list[str]:
        """Securities that may have been meant, best first, as ``辰安科技 300523.SZ``."""
        plain = _plain(text)
        if plain.isdigit():  # Codes that look alike have nothing to do with each other.
            return []
        exact = self._by_name.get(plain, ()) or self.codes.get(plain, ())
        keys = difflib.get_close_matches(plain, [*self._by_name, *self.codes], n=3, cutoff=0.6)
        symbols = [*exact, *(symbol for key in keys for symbol in self._by_name.get(key) or self.codes[key])]
        return [f"{self._by_symbol[symbol].name} {symbol}" for symbol in dict.fromkeys(symbols)][:3]


def is_index(code: str, exchange: str) -> bool:
    """Whether this is the number of an index (000001 上证指数, 399006 创业板指), which is no security."""
    return (exchange == "SH" and code.startswith("000")) or (exchange == "SZ" and code.startswith("399"))


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

"""Short names behind the exchange's signs, which leave room for only part of the name: XD中国神, C华是, *ST景峰."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from watcher.folding import fold
from watcher.model import Name

_SIGNED = re.compile(r"[*cdnpsx][*drst]{0,3}(?=[^\x00-\x7f])")
_OF_TROUBLE = frozenset("st *st s*st sst pt".split())
_OF_THE_DAY = frozenset("xd xr dr n c".split())
_SIGNS_IN_NAME = re.compile(r"^(?:s?\*st|sst|st|pt|退市)|退$|[ab]$")
_LONGEST = 4
"""A quote screen has room for four Chinese characters, the sign takes one of them or two."""
_SHORTEST = 2


class Cuts:
    """Finds names of mainland shares behind the exchange's signs, whole or cut."""

    def __init__(self, names: Mapping[str, Iterable[Name]]) -> None:
        beginnings: dict[str, list[str]] = defaultdict(list)
        self._wholes: set[str] = set()
        for symbol, own in names.items():
            if not symbol.endswith((".SH", ".SZ", ".BJ")):
                continue
            for name in own:
                if name.kind in ("short", "former"):
                    plain = _SIGNS_IN_NAME.sub("", "".join(fold(name.text).split()))
                    for length in range(_SHORTEST, min(len(plain), _LONGEST) + 1):
                        if symbol not in beginnings[plain[:length]]:
                            beginnings[plain[:length]].append(symbol)
                    self._wholes.add(plain)
        self._beginnings: Mapping[str, Sequence[str]] = beginnings

    def find(self, folded: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Start, end and possible bearers of each signed name, the longest that any company's name begins with."""
        for sign in _SIGNED.finditer(folded):
            before = folded[sign.start() - 1 : sign.start()]
            if sign[0] not in _OF_TROUBLE | _OF_THE_DAY or (before.isascii() and before.isalnum()) or before == "*":
                continue
            for length in range(_LONGEST, _SHORTEST - 1, -1):
                name = folded[sign.end() : sign.end() + length]
                symbols = self._beginnings.get(name)
                # A trouble is followed by two characters of the name or by all of it: ST罗顿 of 罗顿发展.
                if symbols and (sign[0] in _OF_THE_DAY or length == _SHORTEST or name in self._wholes):
                    yield sign.start(), sign.end() + length, tuple(symbols)
                    break

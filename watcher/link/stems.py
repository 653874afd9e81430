"""Short forms that nobody writes into a table: 瑞声 of 瑞声科技, 欢聚 of 欢聚集团."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from watcher.link.boundaries import dictionary
from watcher.model import Name, Security

_SUFFIX = re.compile(
    r"(?:集团|控股|国际|科技|证券|药业|医药|生物|汽车|航空|地产|物流|能源|服务|教育|娱乐|体育|网络|金融|股份)+$"
)
_SHORTEST, _LONGEST = 2, 3
_LATIN = re.compile(r"[\x00-\x7f]")


def stems_of(securities: Iterable[Security]) -> Mapping[str, Name]:
    """Symbol → what remains of its short name without 集团, 科技 and the like, where it is one company's alone.

    Only of Hong Kong listings, which news calls so: American names are often those of persons too (西蒙, 杜克), and the
    usual short forms of A shares are in the table. It counts where something beside it speaks of a company.
    """
    stems: dict[str, set[str]] = defaultdict(set)
    symbols: dict[str, list[str]] = defaultdict(list)
    beginnings: dict[str, set[str]] = defaultdict(set)
    for one in securities:
        issuer = one.issuer or one.symbol
        for name in one.all_names():
            for length in (_SHORTEST, _LONGEST):
                if len(name.text) > length:
                    beginnings[name.text[:length]].add(issuer)
        stem = _SUFFIX.sub("", one.name.partition("-")[0])
        if stem != one.name and _SHORTEST <= len(stem) <= _LONGEST and not _LATIN.search(stem):
            stems[stem].add(issuer)
            symbols[stem].append(one.symbol)
    taken = {name.text for one in securities for name in one.all_names()}
    return {
        symbol: Name(stem, "written", True)
        for stem, issuers in stems.items()
        if len(issuers | beginnings[stem]) == 1 and stem not in taken and not dictionary().has_word(stem)
        for symbol in symbols[stem]
        if symbol.endswith(".HK")
    }

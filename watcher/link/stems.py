"""Short forms that nobody writes into a table: 瑞声 of 瑞声科技, 欢聚 of 欢聚集团."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from watcher.link.boundaries import dictionary
from watcher.model import Knowledge, Name

_SUFFIX = re.compile(
    r"(?:集团|控股|国际|科技|证券|药业|医药|生物|汽车|航空|地产|物流|能源|服务|教育|娱乐|体育|网络|金融|股份)+$"
)
_SHORTEST, _LONGEST = 2, 3
_LATIN = re.compile(r"[\x00-\x7f]")


def with_stems(knowledge: Knowledge) -> Mapping[str, tuple[Name, ...]]:
    """The names of all securities, and what remains of a short name without 集团, 科技 and the like.

    Only where that is one company's alone and no word, and of Hong Kong listings, which news calls so: American names
    are often those of persons too (西蒙, 杜克), and the usual short forms of A shares are in the table. A stem counts
    where something beside it speaks of a company.
    """
    bearers: dict[str, set[str]] = defaultdict(set)
    stems: dict[str, str] = {}
    for symbol, names in knowledge.names.items():
        issuer = knowledge.issuers.get(symbol, symbol)
        for name in names:
            for length in (_SHORTEST, _LONGEST):
                bearers[name.text[:length]].add(issuer)
        if symbol.endswith(".HK"):
            short = names[0].text.partition("-")[0]
            stem = _SUFFIX.sub("", short)
            if stem != short and _SHORTEST <= len(stem) <= _LONGEST and not _LATIN.search(stem):
                stems[symbol] = stem
    taken = {name.text for names in knowledge.names.values() for name in names}
    own = {
        symbol: (*knowledge.names[symbol], Name(stem, "written", True))
        for symbol, stem in stems.items()
        if len(bearers[stem]) == 1 and stem not in taken and not dictionary().has_word(stem)
    }
    return {**knowledge.names, **own}

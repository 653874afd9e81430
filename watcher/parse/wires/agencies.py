"""News agencies by what they call themselves in datelines and at the foot of a story."""

from __future__ import annotations

import re
from collections.abc import Sequence

_AGENCIES = frozenset(
    "aa aap adnkronos afp agi anadolu ani anp ansa antara ap apa ats belga bernama bloomberg bta cna ctk čtk dj dpa "
    "dpa-afx dts efe epa epd europapress hina ians interfax itar-tass jiji keystone keystone-sda kna kyodo lusa mti "
    "nan ntb pa pap pti reuters ria ritzau rtr sapa sda sid stt tanjug tass tt upi wam xinhua yonhap".split()
)
"""In lower case, as they stand in brackets: (AFP), (dpa), /ritzau/."""

_DATELINE = re.compile(
    r"[^()\n]{0,60}[(/](?P<name>[^()\n]{2,30})[)/][\s.]{0,3}[-\u2013\u2014:]"
    r"|\w[^()\n]{2,60}?\s(?P<bare>[\w-]{2,12})\s[-\u2013\u2014]\s"
)
"""``Berlin (dpa) -``, ``(ANSA) - Rome``, ``SEOUL, Nov 26 AFP -``."""

_INITIALS = re.compile(r"(?=[^/]*/)\(?[^\W\d_]{1,5}(?:[/+-][^\W\d_]{1,5}){1,8}/?\)?")
"""``hh/ph/ts/hd``, ``burs-ab/cd``."""
_END_MARKS = re.compile(
    r"-\s?(?:30|0)\s?-|\W{0,3}(?:NNNN|Enditem|ends?|eom)\W{0,3}|AP-[A-Z]{2}-\d\d-\d\d-\d\d\s+\d{4}[A-Z]{0,4}",
    re.IGNORECASE,
)
"""``-30-`` and NNNN end a message in teleprinter times, Enditem one of Xinhua's, AP-NY-11-13-26 1137EST one of AP's."""
_LONGEST_SIGN_OFF = 40
_LONGEST_INITIALS = 5


def agency_in_dateline(text: str) -> str | None:
    """The agency that the first words of a story name, as they write it."""
    found = _DATELINE.match(text)
    name = (found["name"] or found["bare"]) if found else None
    return name if name and any(part.lower() in _AGENCIES for part in re.split(r"[/,]\s?|\s", name)) else None


def is_sign_off(text: str, names: Sequence[str] = ()) -> bool:
    """Whether a closing line is nothing but initials, an agency and initials, or an end mark.

    ``hh/ph/ts/hd``, ``AFP sn``, ``/ritzau/``, ``-30-``. `names` are what its agency is called besides.
    """
    if len(text) > _LONGEST_SIGN_OFF:
        return False
    if _INITIALS.fullmatch(text) or _END_MARKS.fullmatch(text):
        return True
    words = [word.lower() for word in re.split(r"[\s/+]+", text.strip("()[]/ ")) if word]
    agencies = _AGENCIES.union(name.lower().strip("/ ") for name in names)
    return any(word in agencies for word in words) and all(
        word in agencies or (word.isalpha() and len(word) <= _LONGEST_INITIALS) for word in words
    )

"""Numbers as news writes them: ``9%``, ``10亿元``, ``1.2万亿``, ``3,500万``, ``-12.5%``."""

from __future__ import annotations

import re
from typing import NamedTuple

_SCALES = {
    "": 1.0,
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "万亿": 1e12,
    "m": 1e6,
    "mln": 1e6,
    "bn": 1e9,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "bln": 1e9,
}
NUMBER = r"[-+−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+−]?\d+(?:\.\d+)?"
_MONEY = r"(?:人民币|美|港|欧|日|英)?元|美金|yuan|dollars?"
_THINGS = "股|吨|辆|台|份|人|家"
UNIT = (
    r"(?P<unit>%|个?百分点|(?:万亿|千万|百万|亿|万|千|million|billion|trillion|mln|bln|bn|m)?"
    rf"\s?(?P<money>(?:{_MONEY}|{_THINGS})?))"
)
AMOUNT = re.compile(rf"(?P<currency>(?:US|HK)?[$¥€£])?(?P<number>{NUMBER})\s?{UNIT}", re.IGNORECASE)
_SCALE = re.compile(r"万亿|千万|百万|亿|万|千|million|billion|trillion|mln|bln|bn|m(?![a-z])", re.IGNORECASE)


class Amount(NamedTuple):
    """A number in its plain unit: percent as 9.0, 10亿 as 1,000,000,000.0."""

    value: float
    is_percent: bool
    is_money: bool = False


def read_amount(text: str) -> Amount | None:
    """The number that the whole text is, or `None`."""
    found = AMOUNT.fullmatch(text.strip())
    return amount_of(found) if found else None


def amount_of(found: re.Match[str]) -> Amount:
    """The number in a match of `AMOUNT`."""
    value = float(found["number"].replace(",", "").replace("−", "-"))
    unit = found["unit"] or ""
    if unit.endswith(("%", "百分点")):
        return Amount(value, is_percent=True)
    scale = _SCALE.match(unit)
    money = found["money"] or ""
    is_money = bool(found["currency"]) or money.endswith(("元", "美金", "yuan", "dollar", "dollars"))
    return Amount(value * _SCALES[scale[0].lower() if scale else ""], is_percent=False, is_money=is_money)

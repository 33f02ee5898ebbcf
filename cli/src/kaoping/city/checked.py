"""Re-checks and spot checks of a year: who may be sent, and what is found, drawn for each entry
that may be checked (复检、抽查).

Whom and what the seed draws, who is sent to whom and what comes of it nothing here knows.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from kaoping.city.particulars import QUALITY, SUPERVISED
from kaoping.plan import Document

RECHECK, SPOT_CHECK = "RECHECK", "SPOT"
RECHECKED = ("COUNTY", "PARK")
SPOT_CHECKED: Mapping[str, int] = {
    "GOV_COMP": 6,
    "GOV_DEPT": 11,
    "INST": 4,
    "VERTICAL": 7,
    "PARTY": 8,
    "LEGAL": 4,
}
"""How many units of each category are drawn: 40 of 105."""

SEED_FORM = "99 99 99 99 99 + 99 99"
SEED, SOURCE = "03 11 18 22 27 + 04 09", "中国体育彩票超级大乐透第26007期开奖号码"
FIXED_ON, NAMED_ON, SEED_ON, FOUND_ON, ANSWERED_ON, DECIDED_ON, LATE_ON = (
    dt.date(2026, 1, day) for day in (14, 15, 16, 19, 22, 23, 27)
)
"""The days of a check; the last one comes after the days that a unit has to answer."""

MEMBERS = 2


def with_checks(scheme: Document, entries: int) -> Document:
    """Return a scheme by which all counties and parks are re-checked, and of 40 others so many
    entries each."""
    spot = [{"category": code, "number": number} for code, number in SPOT_CHECKED.items()]
    return {
        **scheme,
        "checks": [
            {
                "code": RECHECK,
                "name": "年终复检",
                "kind": "recheck",
                "of": [{"category": code} for code in RECHECKED],
                "readers": "units",
            },
            {
                "code": SPOT_CHECK,
                "name": "年终抽查",
                "kind": "spot_check",
                "of": spot,
                "entries": entries,
            },
        ],
    }


def reviewers_of(scheme: Mapping[str, Any], check: str) -> list[Document]:
    """Return who may be sent, by the units that they are of: people of the counties, and for the
    re-check of these some of other bodies; a few have declared an interest."""
    units = {each["code"]: each["units"] for each in scheme["categories"]}
    random = Random(f"reviewers {check}")  # noqa: S311 - nothing here is a secret
    sent = [*units["COUNTY"], *units["PARK"]]
    if check == RECHECK:
        sent += units["VERTICAL"]
    listed = [u for each in scheme["checks"] if each["code"] == check for u in _listed(each, units)]
    return [
        {"unit": unit, "conflicts": random.sample(listed, 3) if n % 4 == 0 else []}
        for n, unit in enumerate(sent)
    ]


def _listed(check: Mapping[str, Any], units: Mapping[str, list[str]]) -> list[str]:
    return [unit for each in check["of"] for unit in units[each["category"]]]


class Found(NamedTuple):
    """What is found about an entry, how the unit answers, and what is decided; no answer comes in
    time where there is none. `value` is what was found, where it differs."""

    verdict: str
    value: str | None
    answer: str | None
    decision: str


def found_about(entry: Mapping[str, Any], share: Decimal) -> Found | None:
    """Return what is found about an entry, of so large a share of them; None of the others."""
    names = ("unit", "indicator", "key", "item", "period", "value", "word")
    told = [entry.get(name) for name in names]
    told[5] = None if told[5] is None else Decimal(told[5]).normalize()
    random = Random(f"finding {told}")  # noqa: S311 - nothing here is a secret
    if Decimal(random.randint(1, 1000)) / 1000 > share:
        return None
    value = _otherwise(entry, random)
    answer = random.choice(["signed", "signed", "objected", None])
    decision = "dismissed" if answer == "objected" and random.random() < 0.6 else "upheld"
    return Found("right" if value is None else "differs", value, answer, decision)


def _otherwise(entry: Mapping[str, Any], random: Random) -> str | None:
    """Return another value, of what was measured, or one event more; None where it is right, as is
    whatever may be counted by the system itself."""
    if entry["kind"] not in ("measured_value", "event") or entry["key"] == "zero_report":
        return None
    if entry["indicator"] in (SUPERVISED, QUALITY):
        return None
    value = Decimal(str(entry["value"]))
    if entry["kind"] == "event":
        return f"{value + 1:f}" if random.random() < 0.5 else None
    lower = (value * Decimal("0.9")).quantize(Decimal(1).scaleb(min(0, _exponent(value))))
    return None if lower == value or random.random() < 0.3 else f"{lower:f}"


def _exponent(value: Decimal) -> int:
    return int(value.as_tuple().exponent)

"""How units of a year evaluate themselves, by half-year and year (自评): in time, late, in part, or
not at all.

What the record says of the same nothing here knows.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from kaoping.city.generated import leaves
from kaoping.city.particulars import QUALITY, SELF_EVENTS
from kaoping.plan import Document, Move, Plan

SELF_EVALUATIONS = "self_evaluations"
TOLERANCE = Decimal("0.15")
ROUNDS: Mapping[str, dt.date] = {"HALF": dt.date(2025, 7, 15), "YEAR": dt.date(2026, 1, 10)}
"""The rounds, each with its last day."""

NAMES = {"HALF": "上半年自评", "YEAR": "年度自评"}


def with_rounds(scheme: Document) -> Document:
    """Return a scheme that has units evaluate themselves twice; what is late, left out or far from
    the record costs points of the quality of their reports."""
    for category in scheme["categories"]:
        for leaf in leaves(category):
            if leaf["code"] == QUALITY:
                leaf["params"] = {"per_event": {**leaf["params"]["per_event"], **SELF_EVENTS}}
    rounds = [
        {"code": code, "name": NAMES[code], "until": until.isoformat()}
        for code, until in ROUNDS.items()
    ]
    costs = {name.removeprefix("self_"): name for name in SELF_EVENTS}
    told = {"rounds": rounds, "indicator": QUALITY, "tolerance": TOLERANCE, **costs}
    return {**scheme, "self_evaluations": told}


def with_self_evaluations(plan: Plan, each_nth: int, seed: int) -> Plan:
    """Return a year in which each nth unit of each category evaluates itself; the others do not."""
    moves = [*plan.moves]
    for category in plan.scheme["categories"]:
        points = {
            one["code"]: Decimal(one["points"])
            for block in category["blocks"]
            for one in block["indicators"]
        }
        for n, unit in enumerate(category["units"]):
            for code, until in ROUNDS.items() if n % each_nth == 0 else ():
                random = Random(f"self-evaluation {seed} {unit} {code}")  # noqa: S311
                moves += _evaluated((unit, code), until, points, random)
    return replace(plan, moves=moves)


def _evaluated(
    about: tuple[str, str], until: dt.date, points: Mapping[str, Decimal], random: Random
) -> Iterator[Move]:
    """Yield what a unit does in a round."""
    day = until - dt.timedelta(days=random.randint(1, 8))
    way = random.choice(["once", "once", "twice", "late", "in part", "never", "anew", "empty"])
    asked = random.sample(list(points), random.randint(1, len(points)))
    if way not in ("in part", "anew"):
        asked = list(points)
    if way != "empty":
        yield _move(about, "marks", day, marks=_marks(asked, points, random))
    if way == "anew":
        yield _move(about, "marks", day, marks=_marks(list(points)[:5], points, random))
    if way != "never":
        day = until + dt.timedelta(days=random.choice([1, 3]) if way == "late" else 0)
        yield _move(about, "hand-in", day)
    if way == "twice":
        yield _move(about, "marks", day, marks=_marks(asked[:2], points, random))
        yield _move(about, "hand-in", day)


def _marks(codes: Collection[str], points: Mapping[str, Decimal], random: Random) -> list[Document]:
    """Return self marks: as much as there is to have, or rather less."""
    return [
        {
            "indicator": code,
            "mark": f"{(points[code] * random.choice(SHARES)).quantize(Decimal('0.01')):f}",
            "text": "对照目标自评",
        }
        for code in codes
    ]


SHARES = tuple(map(Decimal, ("1", "1", "0.95", "0.9", "0.8", "0.6", "0")))


def _move(about: tuple[str, str], does: str, day: dt.date, **told: Any) -> Move:  # noqa: ANN401
    return Move(SELF_EVALUATIONS, does, about[0], "assessed_unit", about, told, day=day)

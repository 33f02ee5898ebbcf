"""Supervised items of a year, drawn for the units of its categories (督办事项).

They are handled in every way that there is, in time or not; who may do what on which day, and what
an item earns, nothing here knows.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from random import Random
from typing import Any, NamedTuple

from kaoping.people import COMMITTEE
from kaoping.plan import COLLEAGUE, OFFICE, Document, Move, Plan

ITEMS = "items"
FIRST, LAST = dt.date(2025, 3, 3), dt.date(2025, 11, 10)
"""Between which days items are registered."""

LEAD, SUPPORT, OTHER = "lead", "support", "other"
"""Who answers: the lead, the first support, or whom it was given to later."""

WAYS: Sequence[str] = (
    "lead sign; lead report; lead reply; office close",
    "office urge; lead sign; office urge; lead reply; office close",
    "lead sign; lead reply; office redo; lead reply; office close",
    "lead sign; lead reply; office redo; lead reply; office redo; lead reply; office close",
    "lead return; office insist; lead sign; lead reply; office close",
    "lead sign; support return; office insist; support report; lead sign; lead reply; office close",
    "lead return; office insist; lead dispute; leader insist; lead sign; lead reply; office close",
    "lead return; office insist; lead dispute; leader reassign; other sign; other reply;"
    " office close",
    "lead return; office reassign; other sign; other reply; office close",
    "lead return; office insist; lead return; lead sign; lead dispute; lead reply; office close",
    "lead sign; lead ask_extension; office grant_extension; lead reply; office close",
    "lead sign; lead ask_extension; office refuse_extension; lead reply; office close",
    "lead sign; lead ask_extension; lead reply; office close",
    "lead sign; office suspend; lead reply; office resume; lead reply; office close",
    "lead sign; lead reply part; office close; office accept_part; lead reply; office close",
    "lead sign; lead reply; office close; office reopen; colleague reopen; lead reply;"
    " office close",
    "lead sign",
    "lead return; office insist",
    "support sign; lead sign; support report; support reply; lead reply; colleague close;"
    " office close",
    "call_off",
)
"""How items are handled, step by step: who does what."""

WHO = {"office": COLLEAGUE, "colleague": OFFICE, "leader": COMMITTEE}
SPEECHLESS = ("sign", "urge", "resume", "close", "grant_extension")
TERMS = ("redo", "reopen", "reassign")
KINDS = ("instruction", "supervised", "plan", "summary", "self_report")


class _Item(NamedTuple):
    """An item, when it is registered, and how it is handled."""

    new: Document
    day: dt.date
    way: str
    others: list[Document]

    @property
    def about(self) -> tuple[str, ...]:
        """The lead unit, and what the item goes by."""
        return self.new["units"][0]["unit"], self.new["source_ref"]


def with_items(plan: Plan, number: int, seed: int) -> Plan:
    """Return a year with so many supervised items besides, spread over its categories."""
    random = Random(f"items {seed}")  # noqa: S311 - nothing here is a secret
    moves = [*plan.moves]
    categories = [each for each in plan.scheme["categories"] if each["code"] in plan.categories]
    items = [_drawn(n, categories, random) for n in range(number)]
    for _, group in groupby(sorted(items, key=_meeting), key=_meeting):
        moves += _handled(list(group), random)
    return replace(plan, moves=moves)


def _drawn(n: int, categories: Sequence[Mapping[str, Any]], random: Random) -> _Item:
    """Return the item of a number, given to units of one category."""
    category = categories[n % len(categories)]
    way = WAYS[(n + n // len(WAYS) * len(categories)) % len(WAYS)]
    least = 1 if SUPPORT in way else 0
    units = random.sample(category["units"], random.randint(1 + least, 4))
    third = n // len(categories) // 3
    day = FIRST + (LAST - FIRST) * (third * 29 % 31) / 31
    new = {
        "source_ref": f"督办〔2025〕{n + 1}号",
        "kind": KINDS[n % len(KINDS)],
        "title": f"督办事项{n + 1}",
        "text": "请按要求抓紧办理，按期报告结果。",
        "meeting": f"{category['code']}第{third + 1}次调度会",
        "confidential": n % 11 == 0,
        "units": _shares(units, random),
        "within": random.randint(5, 20),
    }
    rest = [unit for unit in category["units"] if unit not in units]
    others = _shares(random.sample(rest, min(2, len(rest))), random)
    return _Item(new, day, way, others)


def _meeting(item: _Item) -> str:
    return str(item.new["meeting"])


def _shares(units: Sequence[str], random: Random) -> list[Document]:
    """Return units with shares in percent that come to the whole; the first one leads."""
    cuts = sorted(random.sample(range(1, 100), len(units) - 1))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    roles = [LEAD, *[SUPPORT] * (len(units) - 1)]
    return [
        {"unit": unit, "role": role, "share": part}
        for unit, role, part in zip(units, roles, parts, strict=True)
    ]


def _handled(items: list[_Item], random: Random) -> Iterator[Move]:
    """Yield what is done about the items of one meeting: they are registered and dispatched at
    once, and each goes its way."""
    day, about = items[0].day, items[0].about
    yield Move(
        ITEMS, "register", COLLEAGUE, "", about, {"items": [each.new for each in items]}, day=day
    )
    day += dt.timedelta(days=random.choice([0, 1, 2]))
    given = []
    for each in items:
        if each.way == "call_off":
            yield Move(ITEMS, "call_off", OFFICE, "", each.about, {"text": "已并入他项"}, day=day)
        else:
            given.append(each.new["source_ref"])
    if given:
        yield Move(ITEMS, "dispatch", OFFICE, "", about, {"refs": given}, day=day)
    for each in items:
        if each.way != "call_off":
            yield from _moves(each, day, random)


def _moves(item: _Item, day: dt.date, random: Random) -> Iterator[Move]:
    """Yield the steps of an item from its dispatch on, each some days after the one before."""
    for step in item.way.split("; "):
        who, move, *part = step.split()
        day += dt.timedelta(days=random.choice(LONG if move == "reply" else SHORT))
        told: Document = {} if move in SPEECHLESS else {"text": f"{move}：说明"}
        if move in TERMS:
            told["within"] = random.randint(3, 12)
        if move == "reassign":
            told["units"] = item.others
        if move == "ask_extension":
            told["within"] = random.randint(25, 40)
        if part:
            told["completion"] = 60
        role = "" if who in WHO else "assessed_unit"
        yield Move(ITEMS, move, _who(item, who), role, item.about, told, day=day)


SHORT, LONG = (0, 1, 1, 2, 3, 4, 6, 12), (1, 3, 6, 10, 20, 35)


def _who(item: _Item, who: str) -> str:
    """Return who takes a step: a person of an office, or a unit of the item."""
    if who in WHO:
        return WHO[who]
    units = item.others if who == OTHER else item.new["units"]
    return str(units[1 if who == SUPPORT else 0]["unit"])

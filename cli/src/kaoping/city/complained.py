"""Complaints of a year: of citizens without an account, of the hotline, and of offices, handled in
every way that there is (投诉).

Who may do what, by when, and what was late nothing here knows.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from kaoping.plan import COLLEAGUE, OFFICE, Document, Move, Plan

COMPLAINTS, CITIZEN = "complaints", "citizen"
FIRST, LAST = dt.date(2025, 2, 10), dt.date(2025, 12, 29)
KINDS = ("efficiency_complaint", "petition", "online_message", "hotline")

BODY = "B008"

WAYS: tuple[str, ...] = (
    "office accept; office assign; lead answer; office revisit satisfied; colleague close",
    "office accept; office assign; lead answer; colleague revisit dissatisfied; office close;"
    " office redo; lead answer; colleague revisit satisfied; colleague close; office close",
    "office accept; office assign; lead answer; colleague revisit dissatisfied; office redo;"
    " lead answer; colleague revisit dissatisfied; office close said",
    "office accept; office assign; lead return; office give; other answer;"
    " colleague revisit not_reached; office close",
    "office accept; office assign; support return; office assign; support return; support answer;"
    " lead answer; colleague revisit satisfied; office close",
    "office accept; office assign; lead ask_extension; office grant_extension; lead ask_extension;"
    " lead answer; colleague revisit satisfied; office close",
    "office accept; office assign; office urge; lead ask_extension; office refuse_extension;"
    " lead answer; colleague revisit satisfied; office close",
    "office accept; office assign; lead ask_extension; lead answer; office revisit satisfied;"
    " office close; colleague close",
    "colleague refuse; office refuse",
    "colleague call_malicious; colleague confirm_malice; office confirm_malice",
    "colleague call_malicious; colleague clear; office clear; office accept; office assign;"
    " lead answer; colleague revisit satisfied; office close",
    "office accept; office assign",
    "",
    "office accept about; office own; office assign; lead answer; colleague revisit satisfied;"
    " office close",
)
CITIZENS_WAYS: tuple[str, ...] = (
    "citizen rate satisfied; office accept; office assign; lead answer; citizen rate dissatisfied;"
    " office close; office redo; lead answer; citizen rate satisfied; colleague close",
    "office accept; office assign; lead answer; colleague revisit satisfied;"
    " citizen rate dissatisfied; office close; office redo; lead answer; citizen rate dissatisfied;"
    " citizen rate satisfied; office close",
    "office accept; office assign; lead answer; citizen rate satisfied; office close;"
    " citizen rate dissatisfied",
)
WHO = {"office": COLLEAGUE, "colleague": OFFICE}
NAMED = {"assign": "units", "give": "others", "own": "own"}
"""How a complaint is given to units: to those it is meant for, to others, or to one that competes
with the unit of which it complains, and to that unit itself."""

SPEECHLESS = ("accept", "assign", "give", "own", "urge", "grant_extension", "revisit", "close")


def with_complaint_rules(scheme: Document) -> Document:
    """Return a scheme by which complaints are handled, within the usual limits but for one."""
    limits = {"accept": 3, "finish": 20, "extension": 10, "days": "calendar"}
    return {**scheme, "complaints": {"body": BODY, "hotline": limits}}


def with_complaints(plan: Plan, number: int, seed: int) -> Plan:
    """Return a year with so many complaints besides, a third of them of citizens."""
    random = Random(f"complaints {seed}")  # noqa: S311 - nothing here is a secret
    moves = [*plan.moves]
    every = plan.scheme["categories"]
    categories = [each for each in every if each["code"] in plan.categories]
    for n in range(number):
        own = categories[n % len(categories)]
        other = every[(every.index(own) + 1) % len(every)]
        moves += _complaint(n, number, (own["units"], other["units"]), random)
    return replace(plan, moves=moves)


def _complaint(
    n: int, number: int, of: tuple[Sequence[str], Sequence[str]], random: Random
) -> Iterator[Move]:
    """Yield what is done about a complaint, in which units of one category have a part; where it
    complains of a unit, that is of another category."""
    units = [*random.sample(of[0], 4), *random.sample(of[1], 2)]
    about, kind = (units[0], f"投诉{n + 1}"), KINDS[(n // 3) % len(KINDS)]
    day = FIRST + (LAST - FIRST) * n / number
    own = n % 3 == 2
    said = {"kind": kind, "text": f"第{n + 1}件：办事等候过久，望予改进。"}
    who = CITIZEN if own else OFFICE
    told = said if own else {**said, "source_ref": about[1]}
    yield Move(COMPLAINTS, "raise", who, "", about, told, day=day)
    ways = CITIZENS_WAYS + WAYS if own else WAYS
    for step in filter(None, ways[(n // 3) % len(ways)].split("; ")):
        yield _move(about, step, units, kind, day := _later(day, step, random))


def _later(day: dt.date, step: str, random: Random) -> dt.date:
    if step.endswith("answer"):
        return day + dt.timedelta(days=random.choice([1, 4, 8, 14, 25, 50]))
    return day + dt.timedelta(days=random.choice([0, 1, 1, 2, 3, 5, 9]))


def _move(about: tuple[str, str], step: str, units: Sequence[str], kind: str, day: dt.date) -> Move:
    """Return a step of a complaint: who does what, and with which word."""
    who, does, *word = step.split()
    told: Document = {} if does in (*SPEECHLESS, "rate") else {"text": f"{does}：说明"}
    if does == "accept":
        told["kind"] = "efficiency_complaint" if word else kind
        told["about"] = [units[4]] if word else []
    elif does in NAMED:
        names = {"units": units[:2], "others": units[2:4], "own": [units[5], units[4]]}[NAMED[does]]
        told["units"] = [
            {"unit": unit, "role": role}
            for unit, role in zip(names, ("lead", "support"), strict=False)
        ]
    elif does in ("revisit", "rate"):
        told["word"] = word[0]
    elif word == ["said"]:
        told["text"] = "已充分解释，依法办结。"
    by_unit = {"lead": units[0], "support": units[1], "other": units[2]}
    person = (by_unit | WHO).get(who, CITIZEN)
    return Move(COMPLAINTS, *_done(does, person, who in by_unit), about, told, day=day)


def _done(does: str, person: str, is_unit: bool) -> tuple[str, str, str]:
    """Return a move as the API names it, who makes it, and as what."""
    return "assign" if does in NAMED else does, person, "assessed_unit" if is_unit else ""

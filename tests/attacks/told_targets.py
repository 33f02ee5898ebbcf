"""A model of targets and of letters about them, written from docs/targets.md."""

import json
from copy import deepcopy
from dataclasses import dataclass, field

from tests.contracts.publish import ROOT

SMALL = json.loads(
    (ROOT / "services/indicators/tests/small-scheme.json").read_text("utf-8"), parse_float=str
)
MOVES = ("set", "revise", "withdraw", "confirm", "refuse", "propose", "approve", "return")
REQUESTS = ("request", "take back", "support", "accept", "decline")
"""What a unit asks itself, and what is said to it."""


AIMED = ("target", "baseline", "pledge")


def all_read():
    """The categories of the small scheme, with a formula that reads every value of a target."""
    categories = deepcopy(SMALL["categories"])
    reads = [("C01", None), ("C03A", None), *(("C06", i) for i in "123")]
    reads += [("C02", item) for item in ("level", "growth")]
    inputs = {
        f"{value}_{code}_{item or 'whole'}": {"from": value, "indicator": code, "key": item}
        for code, item in reads
        for value in AIMED
    }
    formula = {"inputs": inputs, "formula": " + ".join(inputs), "result": "points"}
    indicators = categories[0]["blocks"][0]["indicators"]
    own = next(each for each in indicators if each["code"] == "C04")
    own |= {"method": "expression", "params": formula}
    return {"categories": categories}


def with_deadline(day, zone=None):
    steps = [s for s in SMALL["calendar"] if s["step"] != "target_revision_deadline"]
    if day is not None:
        steps.append({"step": "target_revision_deadline", "name": "截止", "date": str(day)})
    return SMALL | {"calendar": steps} | ({"time_zone": zone} if zone else {})


@dataclass
class Told:
    """What the model knows of one target, and nothing of how the system keeps it."""

    less_is_better: bool
    now: dict | None = None
    lowered: bool = False
    former: list = field(default_factory=list)
    proposal: str | None = None  # proposed, returned or approved
    proposer: str | None = None
    wanted: tuple | None = None  # what was asked for, by whom, which value
    asked: tuple | None = None  # how far a unit's own request is, who took it there, which value
    past: bool = False

    def may(self, move, person, value, organiser=False):  # noqa: C901 - one rule book, read from top to bottom
        """Say whether the documents allow a person a move, and make it if so."""
        settled = bool(self.former) and self.past
        if move in REQUESTS:
            return self.may_ask(move, person, value, organiser)
        if move in {"confirm", "refuse"}:
            if self.wanted is None or person in {self.wanted[1], self.proposer}:
                return False
            if move == "confirm":
                if settled:
                    return False
                kind, _, new = self.wanted
                self.take(None if kind == "withdraw" else new)
            self.wanted = None
            return True
        if self.wanted is not None or self.asked is not None:
            return False
        if move == "propose":
            if self.now is not None or settled or self.proposal == "approved":
                return False
            self.proposal, self.proposer = "proposed", person
            return True
        if move in {"approve", "return"}:
            if self.proposal != "proposed" or person == self.proposer:
                return False
            if move == "approve" and settled:
                return False
            self.proposal = "approved" if move == "approve" else "returned"
            return True
        if move in {"revise", "withdraw"} or self.now is not None:
            own = move == "set" and person == self.proposer
            if self.now is None or self.past or own:
                return False
            self.wanted = (move, person, value)
            return True
        if self.proposal == "proposed" or person == self.proposer or settled:
            return False
        if self.former or self.past:
            self.wanted = ("set", person, value)
        else:
            self.take(value)
        return True

    def may_ask(self, move, person, value, organiser):
        """Say the same of a unit's own request: the organiser, then the office, then another."""
        if move == "request":
            if self.now in (None, value) or self.wanted or self.asked or self.past:
                return False
            self.asked, self.proposer = ("requested", person, value), person
            return True
        if self.asked is None:
            return False
        stage, before, asked_for = self.asked
        turn = {
            "take back": True,
            "support": organiser and stage == "requested" and not self.past,
            "accept": not organiser and stage == "supported" and not self.past,
            "decline": not organiser or stage == "requested",
        }
        if not turn[move] or (move != "take back" and person in {before, self.proposer}):
            return False
        self.asked = ("supported", person, asked_for) if move == "support" else None
        if move == "accept":
            self.wanted = ("revise", person, asked_for)
        return True

    def take(self, value):
        if value is not None:
            self.lowered = any(self.less(before, value) for before in self.former)
            self.former.append(value)
        self.now, self.proposal = value, None

    def less(self, before, value):
        for name, old in before.items():
            new = value.get(name)
            if new is None or (new > old if self.less_is_better else new < old):
                return True
        return False


@dataclass
class Letter:
    """One version of a unit's letter: what it says, and which person signed for which side."""

    says: tuple
    signed: dict = field(default_factory=dict)
    digest: str | None = None
    content: dict | None = None

    def may_be_signed(self, side, person, of_unit, says_now, is_latest):
        """Say whether somebody may sign for a side; `of_unit` is whether they are of the unit."""
        fits = of_unit == (side == "unit")
        holds = is_latest and self.says == says_now
        return fits and holds and side not in self.signed and person not in self.signed.values()

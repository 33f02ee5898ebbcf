"""The approval chain as data: its steps in order, and how far an edition has come by its rows.

A chain is what the scheme says; where it says nothing, the office merges, the committee reviews and
the standing committee decides. Publication follows every chain and is no step of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["ranked", "merged", "reviewed", "in_approval", "approved", "embargoed", "published"]
Word = Literal["approved", "sent_back", "entered"]
"""What a row of a chain says: the step is taken, it goes back, or minutes were typed once."""

Share = Literal["over_half", "two_thirds", "all"]
"""Which share: more than half, two thirds or more, every one."""

Role = Literal["performance_office", "committee", "standing_committee", "vice_mayor"]
"""Whose a step may be."""

Instead = Literal["committee", "standing_committee", "second_body"]
"""Who may decide where too few members of a meeting may vote."""

StepKind = Literal["single", "meeting"]
Needs = Literal["none", "document", "minutes", "hand_in"]

PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class Member:
    """A seat of a meeting, by its code, and the unit that who sits there belongs to, if any."""

    code: str
    name: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A step of a chain: whose it is, and what it takes.

    A `meeting` is decided by its `members`: a `quorum` of those who may vote is present, and
    `at_least` as many as that says, and a `majority` of those present votes for it. Where too few
    may vote, `instead` is the role that decides. `needs` is what has to be named with it, or that
    the organiser has handed the category in.
    """

    code: str
    role: Role
    name: str | None = None
    kind: StepKind = "single"
    members: tuple[Member, ...] = ()
    quorum: Share = "over_half"
    at_least: int | None = None
    majority: Share = "over_half"
    send_back_to: tuple[str, ...] = ()
    needs: Needs = "none"
    delegates: bool = False
    instead: Instead | None = None


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """The steps that a ranking takes before it is published, in their order."""

    steps: tuple[ChainStep, ...]


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A row of a chain: who said what in which step, in whose place, and where it went back to."""

    step: str
    person: str
    word: Word = "approved"
    to: str | None = None
    behind: str | None = None


USUAL = (
    ChainStep("merge", "performance_office"),
    ChainStep("review", "committee"),
    ChainStep("decision", "standing_committee"),
)
"""The chain of a scheme that has none of its own."""

_AFTER: dict[str, State] = {"merge": "merged", "review": "reviewed"}

TRANSITIONS: dict[tuple[State, State], str] = {
    ("ranked", "in_approval"): "first of several steps of the scheme's own chain",
    ("in_approval", "in_approval"): "a step between, or sent back to one",
    ("in_approval", "ranked"): "sent back to the first step",
    ("in_approval", "approved"): "last step of the scheme's own chain",
    ("ranked", "approved"): "only step of the scheme's own chain",
}
"""What moves an edition through a chain of the scheme's own."""


def holding(chain: Sequence[ChainStep], rows: Sequence[TakenStep]) -> list[int]:
    """Return which rows hold: what was sent back, and all that came after it, no longer does."""
    place = {each.code: n for n, each in enumerate(chain)}
    held: list[int] = []
    for n, row in enumerate(rows):
        if row.word == "approved":
            held.append(n)
        elif row.word == "sent_back" and row.to is not None:
            del held[place[row.to] :]
    return held


def effective(chain: Sequence[ChainStep], rows: Sequence[TakenStep]) -> list[TakenStep]:
    """Return the rows that hold."""
    return [rows[n] for n in holding(chain, rows)]


def next_step(chain: Sequence[ChainStep], rows: Sequence[TakenStep]) -> str | None:
    """Return the code of the step that is next; None once an edition is published."""
    held = len(effective(chain, rows))
    if held < len(chain):
        return chain[held].code
    return PUBLICATION if held == len(chain) else None


def rounds(rows: Sequence[TakenStep]) -> int:
    """Return the number of the round that a chain is in, from 1: each return begins another."""
    return 1 + sum(row.word == "sent_back" for row in rows)


def typed_before(rows: Sequence[TakenStep]) -> int | None:
    """Return which row is the newest entry of minutes that no second person has confirmed."""
    last = len(rows) - 1
    return last if rows and rows[last].word == "entered" else None


def state_after(rows: Sequence[TakenStep], chain: Sequence[ChainStep] = USUAL) -> State:
    """Return the state that an edition is in after these rows of its chain."""
    held = len(effective(chain, rows))
    if held == 0:
        return "ranked"
    if held >= len(chain):
        return "approved" if held == len(chain) else "published"
    return _AFTER[chain[held - 1].code] if tuple(chain) == USUAL else "in_approval"

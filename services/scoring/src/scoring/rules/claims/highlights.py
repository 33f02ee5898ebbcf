"""Highlights (亮点): what a unit is proud of, who examines it, and how many there may be.

They are told, and never scored.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chassis import persons
from chassis.refusals import Conflict, Fault, pointer
from scoring.rules.claims.states import ClaimActor

FEWEST, MOST = 2, 4
"""How many highlights a unit reports in a year, at least and at most."""

REPORTED, ACCEPTED = "reported", "accepted"
NOT_ACCEPTED, TAKEN_BACK = "not_accepted", "taken_back"
HIGHLIGHT_STATES = (REPORTED, ACCEPTED, NOT_ACCEPTED, TAKEN_BACK)

STANDING = (REPORTED, ACCEPTED)
"""The states in which a highlight is one of those that a unit may have."""

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (
        REPORTED,
        ACCEPTED,
    ): "another person of the office accepts it, and says whether it is published",
    (REPORTED, NOT_ACCEPTED): "another person of the office does not accept it, with a reason",
    (REPORTED, TAKEN_BACK): "the unit takes it back with a reason",
    (ACCEPTED, ACCEPTED): "it is examined anew with a reason",
    (ACCEPTED, NOT_ACCEPTED): "it is examined anew with a reason",
    (NOT_ACCEPTED, ACCEPTED): "it is examined anew with a reason",
}
"""Every transition while the ledger is open, and what makes it. No other can happen."""

STATES_ZH = {REPORTED: "待审核", ACCEPTED: "已采纳", NOT_ACCEPTED: "未采纳", TAKEN_BACK: "已撤回"}


class TooManyHighlights(Conflict):
    """The unit has as many highlights as a year may have."""

    zh = "该单位本年度的亮点已达上限。"
    remedy = (
        "Take one back that has not been examined, or leave this one out.",
        "请先撤回一条尚未审核的亮点，或不再申报本条。",
    )


class HighlightRefused(Conflict):
    """The highlight cannot make this move; nothing was changed."""

    zh = "该亮点不能这样变更，未作任何变更。"
    remedy = (
        "Read the highlight again, and mend what `errors` says.",
        "请重新查看该亮点，按 `errors` 所指改正。",
    )


@dataclass(frozen=True, slots=True)
class HighlightParties:
    """Whom a highlight concerns, and its state: they decide who may change it."""

    unit: str
    author_person: str
    state: str


@dataclass(frozen=True, slots=True)
class Examination:
    """What somebody says of a highlight: the state that it enters, whether it is to be published
    with the ranking of its category, and why."""

    to: str
    publish: bool
    reason: str | None


def check_number(unit: str, standing: int) -> None:
    """Refuse one more highlight of a unit that has as many as it may."""
    if standing >= MOST:
        raise TooManyHighlights(
            f"{unit} has {standing} highlights that stand; {MOST} are the most.",
            f"{unit} 现有{standing}条亮点，至多{MOST}条。",
        )


def examination_faults(
    found: HighlightParties, said: Examination, actor: ClaimActor, body: str | None
) -> Iterator[Fault]:
    """Yield what keeps somebody from examining a highlight; `body` decides about its unit in the
    office's place."""
    yield from _move(found.state, said.to)
    if persons.is_same(actor.person, found.author_person):
        yield Fault(
            "",
            "own-highlight",
            "The caller reported it; another person examines it.",
            "由调用者本人申报，须由他人审核。",
        )
    if actor.unit is not None and actor.unit == found.unit:
        yield Fault(
            "",
            "own-unit",
            "It is of the caller's own unit; somebody else examines it.",
            "涉及调用者所在单位，应当回避。",
        )
    if not actor.decides(body):
        yield Fault(
            "",
            "recused",
            "Another body decides about its unit.",
            "所涉单位由方案指定的其他机构办理。",
        )
    yield from _said(found, said)


def _said(found: HighlightParties, said: Examination) -> Iterator[Fault]:
    if said.reason is None and (said.to == NOT_ACCEPTED or found.state != REPORTED):
        yield Fault(
            pointer("reason"), "missing", "This decision needs a reason.", "该决定须写明理由。"
        )
    if said.publish and said.to == NOT_ACCEPTED:
        yield Fault(
            pointer("publish"),
            "not-accepted",
            "What is not accepted is not published.",
            "未采纳的亮点不予公布。",
        )


def taking_back_faults(found: HighlightParties) -> Iterator[Fault]:
    """Yield what keeps a unit from taking a highlight of its own back."""
    yield from _move(found.state, TAKEN_BACK)


def _move(state: str, to: str) -> Iterator[Fault]:
    if (state, to) not in TRANSITIONS:
        yield Fault(
            "",
            "wrong-state",
            f"The highlight is {state}.",
            f"该亮点处于“{STATES_ZH[state]}”状态。",
        )


def refuse_if(faults: Sequence[Fault]) -> None:
    """Refuse the move when there is any fault."""
    if faults:
        raise HighlightRefused(
            f"{len(faults)} fault(s).", f"共{len(faults)}处不符。", faults=faults
        )


def lacking(units: Collection[str], accepted_or_waiting: Mapping[str, int]) -> dict[str, int]:
    """Return how many highlights each unit is short of the fewest, of those that are."""
    short = {unit: FEWEST - accepted_or_waiting.get(unit, 0) for unit in units}
    return {unit: number for unit, number in short.items() if number > 0}

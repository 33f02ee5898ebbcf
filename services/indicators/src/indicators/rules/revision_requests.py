"""A unit's own request to revise its target (单位申请调整目标), and the chain that decides on it.

The organiser of the unit's category agrees first, where there is one that is not assessed in it;
then the office takes it up, or the body in its place, and another person of theirs confirms, as of
every revision.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chassis import persons
from chassis.refusals import Fault, pointer
from indicators.rules.deciders import is_office_of
from indicators.rules.scheme import Scheme
from indicators.rules.target_moves import (
    REQUESTED,
    UNKNOWN,
    Standing,
    Standings,
    State,
    TargetsRefused,
    check_moves,
)
from indicators.rules.targets import Key, Target

Word = Literal["support", "accept", "refuse"]

BECOMES: dict[Word, State] = {
    "support": "revision_supported",
    "accept": "revision_pending",
    "refuse": "refused",
}
"""What a request becomes by each word on it."""


@dataclass(frozen=True, slots=True)
class RequestDecision:
    """A word on the request that is the `version` of a target."""

    key: Key
    version: int
    word: Word
    reason: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides: the human being, the unit that it belongs to, and its roles."""

    person: str
    unit: str | None
    roles: Collection[str]


def organiser_of(unit: str, scheme: Scheme) -> str | None:
    """Return the organiser that agrees first to what a unit asks; None where the one of its
    category is assessed there itself, or decides in the place of the office."""
    category = next((each for each in scheme.categories if unit in each.units), None)
    if category is None or category.organiser in category.units:
        return None
    return None if category.organiser == scheme.second_body_of(unit) else category.organiser


def check_asked(targets: Sequence[Target], standings: Standings) -> None:
    """Refuse to ask for what is in force: it would go through three hands and change nothing."""
    en, zh = "This is what is in force; nothing would change.", "与现行目标相同，不会有任何变动。"
    faults = [
        Fault(pointer("targets", i), "as-in-force", en, zh)
        for i, target in enumerate(targets)
        if (at := standings.get(target.key, UNKNOWN).at) is not None and at.target == target
    ]
    _refuse(faults)


def check_request_decisions(
    decisions: Sequence[RequestDecision], standings: Standings, scheme: Scheme, decider: Decider
) -> None:
    """Refuse words on anything but the latest request, out of turn, by its author or by whoever
    gave the word before."""
    moves = [(each.key, BECOMES[each.word]) for each in decisions]
    check_moves(moves, standings, "decisions", answers=True)
    faults: list[Fault] = []
    for i, each in enumerate(decisions):
        at, standing = pointer("decisions", i), standings[each.key]
        faults += _said(each, standing, at)
        faults += _turn(each.word, each.key[0], standing, scheme, decider, at)
    _refuse(faults)


def check_taken_back(named: Sequence[tuple[Key, int]], standings: Standings) -> None:
    """Refuse to take back what is not the latest request of the unit."""
    moves: list[tuple[Key, State]] = [(key, "request_withdrawn") for key, _ in named]
    check_moves(moves, standings, "targets", answers=True)
    faults: list[Fault] = []
    for i, (key, version) in enumerate(named):
        faults += _other_version(version, standings[key], pointer("targets", i))
    _refuse(faults)


def may_answer(unit: str, standing: Standing, scheme: Scheme, decider: Decider) -> bool:
    """Say whether somebody may take a request a step further, by the rules of
    `check_request_decisions`."""
    if standing.state not in REQUESTED:
        return False
    words: Sequence[Word] = ("accept",) if standing.state != "revision_requested" else _EITHER
    return any(not [*_turn(each, unit, standing, scheme, decider, "")] for each in words)


_EITHER: Sequence[Word] = ("support", "accept")


def _said(decision: RequestDecision, standing: Standing, at: str) -> Iterator[Fault]:
    yield from _other_version(decision.version, standing, at)
    if decision.word == "refuse" and decision.reason is None:
        yield Fault(f"{at}/reason", "reason-missing", "Say why.", "须说明理由。")
    if (decision.word == "accept") != (decision.approved_by is not None):
        yield Fault(
            f"{at}/approved_by",
            "approver-missing" if decision.word == "accept" else "approver-unused",
            "Who approved it is said when the office takes it up, and only then.",
            "绩效办采纳时须填写批准人，其他情形不填。",
        )


def _turn(
    word: Word, unit: str, standing: Standing, scheme: Scheme, decider: Decider, at: str
) -> Iterator[Fault]:
    """Yield why it is not somebody's turn, or never is."""
    yield from _concerned(standing, decider, at)
    waited_for = organiser_of(unit, scheme) if standing.state == "revision_requested" else None
    # The office's own people who are of the organiser need not agree with themselves first.
    agrees = waited_for is not None and waited_for == decider.unit
    decides = is_office_of(unit, scheme, decider.unit, decider.roles)
    supports = agrees and "organiser" in decider.roles
    if word == "accept" and decides and waited_for is not None and not agrees:
        en, zh = f"{waited_for} agrees first.", f"须先由组织单位 {waited_for} 同意。"
        yield Fault(at, "organiser-first", en, zh)
    elif not {"support": supports, "accept": decides, "refuse": supports or decides}[word]:
        en = "This is for somebody else to say: the organiser agrees, the office takes up."
        yield Fault(at, "not-the-turn", en, "此项不由调用者办理：由组织单位同意，由绩效办采纳。")


def _concerned(standing: Standing, decider: Decider, at: str) -> Iterator[Fault]:
    before = None if standing.at is None else standing.at.person
    if persons.is_among(decider.person, (standing.proposer, before)):
        en = "The same person asked for it, or agreed to it; somebody else decides now."
        yield Fault(at, "own-request", en, "该事项由同一人提出或同意，须由他人办理。")


def _other_version(version: int, standing: Standing, at: str) -> Iterator[Fault]:
    if version != standing.number:
        en, zh = (
            f"What is open is version {standing.number}.",
            f"当前待办为第 {standing.number} 版。",
        )
        yield Fault(f"{at}/version", "other-version", en, zh)


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        n = len(faults)
        raise TargetsRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)

"""How a target goes through its states, and who may move it.

Every move adds a version; none is ever changed. The latest version tells the state.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chassis.refusals import Conflict, Fault, pointer
from indicators.rules.scheme import Scheme
from indicators.rules.targets import Key, Target

State = Literal["proposed", "returned", "approved", "issued", "revised", "withdrawn"]

NEW = "new"
"""Where a target stands of which there is no version yet."""

MOVES: Mapping[tuple[str, State], str] = {
    (NEW, "proposed"): "the unit proposes it",
    (NEW, "issued"): "the performance office sets it itself",
    ("proposed", "proposed"): "the unit proposes another value instead",
    ("proposed", "returned"): "the performance office sends it back with a reason",
    ("returned", "proposed"): "the unit proposes again",
    ("returned", "issued"): "the performance office sets it itself, with a reason",
    ("proposed", "approved"): "the performance office agrees; never the author",
    ("approved", "issued"): "the performance office issues it",
    ("issued", "revised"): "the performance office changes it, with reason, before the deadline",
    ("revised", "revised"): "the performance office changes it again",
    ("issued", "withdrawn"): "the performance office takes it back, with reason and document",
    ("revised", "withdrawn"): "the performance office takes it back, with reason and document",
    ("withdrawn", "proposed"): "the unit proposes another",
    ("withdrawn", "issued"): "the performance office sets another, with a reason",
}
"""Every move a target can make, and what makes it. What is not here cannot happen."""

IN_FORCE: Collection[str] = ("issued", "revised")
"""The states in which a target counts."""

DEADLINE = "target_revision_deadline"
"""The step of a scheme's calendar after which no target in force is changed (目标调整截止)."""


class TargetsRefused(Conflict):
    """Some of the targets cannot make this move; none was made."""

    zh = "部分目标不能这样变更，全部未变更。"


class RevisionTooLate(Conflict):
    """The deadline of the scheme for revising targets has passed."""

    zh = "已过方案规定的目标调整截止日期。"


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest version of a target: its state, its values, and the subject who moved it."""

    version: int
    state: State
    target: Target
    set_by: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on the proposal that is the `version` of a target."""

    key: Key
    version: int
    to: State
    reason: str | None


Standings = Mapping[Key, Standing]


def on_issue(key: Key, standings: Standings) -> State:
    """Return what a target becomes that is issued: a revised one where one is in force."""
    return "revised" if _state(standings.get(key)) in IN_FORCE else "issued"


def needing_reason(targets: Sequence[Target], standings: Standings) -> frozenset[int]:
    """Return the places of targets that are neither new nor issued just as they were approved."""
    return frozenset(
        i
        for i, target in enumerate(targets)
        if (standing := standings.get(target.key)) is not None
        and not (standing.state == "approved" and standing.target == target)
    )


def check_moves(moves: Iterable[tuple[Key, State]], standings: Standings, family: str) -> None:
    """Refuse moves unless every target can make its own; `family` is where they stand in what
    was sent."""
    faults: list[Fault] = []
    seen: set[Key] = set()
    for i, (key, to) in enumerate(moves):
        at = pointer(family, i)
        faults += _obstacle(standings.get(key), to, at)
        if key in seen:
            faults.append(
                Fault(at, "named-twice", "This target stands here twice.", "同一目标重复。")
            )
        seen.add(key)
    _refuse(faults)


def check_decisions(decisions: Sequence[Decision], standings: Standings, actor: str) -> None:
    """Refuse decisions on anything but the latest proposal of somebody else."""
    check_moves([(each.key, each.to) for each in decisions], standings, "decisions")
    faults: list[Fault] = []
    for i, decision in enumerate(decisions):
        faults += _undecidable(decision, standings[decision.key], actor, pointer("decisions", i))
    _refuse(faults)


def check_deadline(scheme: Scheme, today: dt.date) -> None:
    """Refuse to change targets in force after the day that the scheme's calendar sets, if any."""
    for step in scheme.calendar:
        deadline = step.due or step.closes or step.date
        if step.step == DEADLINE and deadline is not None and today > deadline:
            raise RevisionTooLate(
                f"It was {deadline}; today is {today}.",
                f"截止日期为 {deadline}，今天是 {today}。",
                deadline=deadline.isoformat(),
            )


def _state(standing: Standing | None) -> str:
    return NEW if standing is None else standing.state


def _obstacle(standing: Standing | None, to: State, at: str) -> Iterator[Fault]:
    state = _state(standing)
    if (state, to) not in MOVES:
        yield Fault(
            at,
            "wrong-state",
            f"The target is {state}; it cannot become {to}.",
            f"该目标处于“{state}”状态，不能变为“{to}”。",
        )


def _undecidable(decision: Decision, standing: Standing, actor: str, at: str) -> Iterator[Fault]:
    if decision.version != standing.version:
        yield Fault(
            f"{at}/version",
            "other-version",
            f"The proposal is version {standing.version}.",
            f"当前申报为第 {standing.version} 版。",
        )
    if standing.set_by == actor:
        yield Fault(
            at,
            "own-proposal",
            "The caller proposed it; its author cannot decide on it.",
            "该目标由调用者本人申报，申报人不能审核。",
        )
    if decision.to == "returned" and decision.reason is None:
        yield Fault(f"{at}/reason", "reason-missing", "Say why it is returned.", "退回须说明理由。")


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        n = len(faults)
        raise TargetsRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)

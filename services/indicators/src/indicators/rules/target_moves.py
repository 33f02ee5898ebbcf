"""How a target goes through its states, and who may move it.

Every move adds a version; none is ever changed. The latest version tells the state, but for a
request that was refused or taken back, which leaves everything as it was.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chassis import persons
from chassis.refusals import Conflict, Fault, pointer
from indicators.rules.scheme import Scheme
from indicators.rules.targets import Key, Target, overridden, unmeasured

State = Literal[
    "proposed",
    "returned",
    "approved",
    "issue_pending",
    "issued",
    "revision_requested",
    "revision_supported",
    "revision_pending",
    "revised",
    "withdrawal_pending",
    "withdrawn",
    "refused",
    "request_withdrawn",
]

NEW = "new"
"""Where a target stands of which there is no version yet."""

MOVES: Mapping[tuple[str, State], str] = {
    (NEW, "proposed"): "the unit proposes it",
    (NEW, "issued"): "the performance office sets it itself, before the deadline",
    (NEW, "issue_pending"): "the same, after the deadline or where it changes what is in force",
    ("proposed", "proposed"): "the unit proposes another value instead",
    ("proposed", "returned"): "the performance office sends it back with a reason",
    ("returned", "proposed"): "the unit proposes again",
    ("returned", "issued"): "the performance office sets it itself, with a reason",
    ("returned", "issue_pending"): "the same, after the deadline or where one was in force before",
    ("proposed", "approved"): "the performance office agrees; never the author",
    ("approved", "issued"): "the performance office issues it",
    ("approved", "issue_pending"): "the same, after the deadline or where one was in force before",
    ("issued", "revision_pending"): "the performance office asks for a change, with a document",
    ("revised", "revision_pending"): "the performance office asks for another change",
    ("issued", "revision_requested"): "the unit itself asks for a change, with a document",
    ("revised", "revision_requested"): "the unit itself asks for another change",
    ("revision_requested", "revision_supported"): "the organiser agrees",
    ("revision_requested", "revision_pending"): "the performance office takes it up",
    ("revision_requested", "refused"): "the organiser or the office refuses; it stays as it was",
    ("revision_requested", "request_withdrawn"): "the unit takes it back; it stays as it was",
    ("revision_supported", "revision_pending"): "the performance office takes it up",
    ("revision_supported", "refused"): "the performance office refuses; it stays as it was",
    ("revision_supported", "request_withdrawn"): "the unit takes it back; it stays as it was",
    ("issued", "withdrawal_pending"): "the performance office asks to take it back",
    ("revised", "withdrawal_pending"): "the performance office asks to take it back",
    ("withdrawn", "proposed"): "the unit proposes another, before the deadline",
    ("withdrawn", "issue_pending"): "the performance office sets another, before the deadline",
    ("issue_pending", "issued"): "another person confirms",
    ("revision_pending", "revised"): "another person confirms, before the deadline",
    ("withdrawal_pending", "withdrawn"): "another person confirms, before the deadline",
    ("issue_pending", "refused"): "another person refuses; it stays as it was",
    ("revision_pending", "refused"): "another person refuses; it stays as it was",
    ("withdrawal_pending", "refused"): "another person refuses; it stays as it was",
}
"""Every move a target can make, and what makes it. What is not here cannot happen."""

IN_FORCE: Collection[State] = ("issued", "revised")
"""The states in which a target counts."""

SETTLING: Collection[State] = ("issued", "revised", "withdrawn")
"""The states that decide whether a target counts: the latest version in one of them does."""

CONFIRMED: Mapping[State, State] = {
    "issue_pending": "issued",
    "revision_pending": "revised",
    "withdrawal_pending": "withdrawn",
}
"""What a request becomes that another person confirms."""

REQUESTED: Collection[State] = ("revision_requested", "revision_supported")
"""The states in which a unit's own request to revise waits for a word."""

DROPPED: Collection[State] = ("refused", "request_withdrawn")
"""The states that leave a target as it was before what was asked for."""

PENDING: Collection[State] = ("proposed", "returned", "approved", *REQUESTED, *CONFIRMED)
"""The states in which somebody has to do something about a target."""

STATE_ZH: Mapping[str, str] = {
    NEW: "未设定",
    "proposed": "已申报",
    "returned": "已退回",
    "approved": "已审核",
    "issue_pending": "待复核下达",
    "issued": "已下达",
    "revision_requested": "单位申请调整",
    "revision_supported": "组织单位同意调整",
    "revision_pending": "待复核调整",
    "revised": "已调整",
    "withdrawal_pending": "待复核撤回",
    "withdrawn": "已撤回",
    "refused": "未同意",
    "request_withdrawn": "单位撤回申请",
}


class TargetsRefused(Conflict):
    """Some of the targets cannot make this move; none was made."""

    zh = "部分目标不能这样变更，全部未变更。"
    remedy = (
        "Read the targets again, leave out those that `errors` names, and have what is your own "
        "decided by another person.",
        "请重新查看目标，去掉 `errors` 所指各项；本人提出的须由另一人办理。",
    )


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a target: the state it came into, who moved it there, and what was said.

    `person` is the human being behind the account `set_by`.
    """

    number: int
    state: State
    target: Target
    set_by: str
    person: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a target stands: its state, and the version that brought it there.

    `number` is that of its latest version, `former` are the values that ever were in force, and
    `proposer` is the person who proposed it, or asked to revise it for the unit, last;
    `supporter` is who agreed for the organiser to what is still open.
    """

    number: int
    at: Version | None
    former: tuple[Target, ...] = ()
    proposer: str | None = None
    supporter: str | None = None

    @property
    def state(self) -> str:
        """The state, that of an open request included; a refused one has left none."""
        return NEW if self.at is None else self.at.state


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on the proposal or the request that is the `version` of a target."""

    key: Key
    version: int
    to: State
    reason: str | None


_BY_THE_UNIT: Collection[State] = ("proposed", "revision_requested")

Standings = Mapping[Key, Standing]

UNKNOWN = Standing(0, None)
"""How a target stands that has no version."""


def standings_of(versions: Iterable[Version]) -> dict[Key, Standing]:
    """Return where targets stand after all their versions, given first to last."""
    found: dict[Key, Standing] = {}
    settled: dict[Key, Version] = {}
    for version in versions:
        key = version.target.key
        before = found.get(key, UNKNOWN)
        at = settled.get(key) if version.state in DROPPED else version
        if version.state not in (*REQUESTED, *CONFIRMED) and at is not None:
            settled[key] = at
        found[key] = Standing(
            version.number,
            at,
            (*before.former, version.target) if version.state in IN_FORCE else before.former,
            version.person if version.state in _BY_THE_UNIT else before.proposer,
            _supporter(version, before),
        )
    return found


def _supporter(version: Version, before: Standing) -> str | None:
    if version.state == "revision_supported":
        return version.person
    return before.supporter if version.state == "revision_pending" else None


def former_of(standings: Standings) -> frozenset[Key]:
    """Return the targets that are or ever were in force."""
    return frozenset(key for key, standing in standings.items() if standing.former)


def on_issue(key: Key, standings: Standings, scheme: Scheme, passed: dt.date | None) -> State:
    """Return what a target becomes that the office sets.

    Where one is in force it is a revision. Where one ever was, or it would count in the place of
    one, or once the deadline has `passed`, somebody knows the results that it would be fitted to:
    another person has to confirm.
    """
    if standings.get(key, UNKNOWN).state in IN_FORCE:
        return "revision_pending"
    former = former_of(standings)
    settled = key in former or overridden(key, former, scheme)
    return "issue_pending" if settled or passed is not None else "issued"


def needing_reason(
    targets: Sequence[Target], standings: Standings, passed: dt.date | None
) -> frozenset[int]:
    """Return the places of targets that are neither new nor issued just as they were approved;
    once the deadline has `passed`, of all."""
    return frozenset(
        i
        for i, target in enumerate(targets)
        if passed is not None or not _expected(target, standings.get(target.key, UNKNOWN).at)
    )


def _expected(target: Target, at: Version | None) -> bool:
    return at is None or (at.state == "approved" and at.target == target)


def check_moves(
    moves: Iterable[tuple[Key, State]], standings: Standings, family: str, *, answers: bool = False
) -> None:
    """Refuse moves unless every target can make its own; `family` is where they stand in what
    was sent.

    A target of which a unit's own request waits moves only by what `answers` that, or takes it
    back.
    """
    faults: list[Fault] = []
    seen: set[Key] = set()
    for i, (key, to) in enumerate(moves):
        at, standing = pointer(family, i), standings.get(key, UNKNOWN)
        if (standing.state, to) not in MOVES or (standing.state in REQUESTED) != answers:
            faults.append(_wrong_state(standing.state, to, at))
        if key in seen:
            faults.append(
                Fault(
                    at,
                    "named-twice",
                    "This target stands here twice.",
                    "同一目标重复。",
                    beside=True,
                )
            )
        seen.add(key)
    _refuse(faults)


def check_decisions(decisions: Sequence[Decision], standings: Standings, person: str) -> None:
    """Refuse decisions on anything but the latest proposal or request of another person."""
    check_moves([(each.key, each.to) for each in decisions], standings, "decisions")
    faults: list[Fault] = []
    for i, decision in enumerate(decisions):
        faults += _undecidable(decision, standings[decision.key], person, pointer("decisions", i))
    _refuse(faults)


AWAITED: Mapping[State, State] = {"proposed": "approved", **CONFIRMED}
"""What targets become that await another person, by their state."""


def may_be_decided(key: Key, standing: Standing, person: str) -> bool:
    """Say whether a person may decide on what awaits another one, by the rules of
    `check_decisions`."""
    to = None if standing.at is None else AWAITED.get(standing.at.state)
    if to is None:
        return False
    decision = Decision(key, standing.number, to, None)
    return next(_undecidable(decision, standing, person, ""), None) is None


def may_be_issued(standing: Standing, person: str) -> bool:
    """Say whether a person may issue what has been approved, by the rules of `check_issuers`."""
    return standing.state == "approved" and not persons.is_same(standing.proposer, person)


def check_measured(decisions: Iterable[Decision], standings: Standings, scheme: Scheme) -> None:
    """Refuse to put in force what a later version of the scheme does not measure any more."""
    faults: list[Fault] = []
    for i, decision in enumerate(decisions):
        at = standings.get(decision.key, UNKNOWN).at
        if at is not None and decision.to in IN_FORCE:
            faults += unmeasured(at.target, scheme, pointer("decisions", i))
    _refuse(faults)


def check_issuers(targets: Sequence[Target], standings: Standings, person: str) -> None:
    """Refuse that a person issues what the same person proposed, under whichever account."""
    _refuse(
        [
            Fault(
                pointer("targets", i),
                "own-proposal",
                "The same person proposed it and cannot issue it.",
                "该目标由同一人申报，申报人不能下达。",
            )
            for i, target in enumerate(targets)
            if persons.is_same(standings.get(target.key, UNKNOWN).proposer, person)
        ]
    )


def _wrong_state(state: str, to: State, at: str) -> Fault:
    return Fault(
        at,
        "wrong-state",
        f"The target is {state}; it cannot become {to}.",
        f"该目标处于“{STATE_ZH[state]}”状态，不能变为“{STATE_ZH[to]}”。",
    )


def _undecidable(decision: Decision, standing: Standing, person: str, at: str) -> Iterator[Fault]:
    if decision.version != standing.number:
        yield Fault(
            f"{at}/version",
            "other-version",
            f"What is open is version {standing.number}.",
            f"当前待办为第 {standing.number} 版。",
        )
    own = standing.at is not None and persons.is_same(standing.at.person, person)
    proposed = persons.is_same(standing.proposer, person)
    if own or proposed:
        yield Fault(
            at,
            "own-proposal" if proposed else "own-request",
            "The same person asked for it; somebody else decides on it.",
            "该事项由同一人提出，须由他人审核。",
        )
    elif persons.is_same(standing.supporter, person):
        yield Fault(
            at,
            "own-support",
            "The same person agreed to it for the organiser; somebody else decides on it.",
            "该事项由同一人代表组织单位同意，须由他人审核。",
        )
    if decision.to in ("returned", "refused") and decision.reason is None:
        yield Fault(f"{at}/reason", "reason-missing", "Say why.", "须说明理由。")


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        n = len(faults)
        raise TargetsRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)

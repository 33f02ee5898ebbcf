"""Two organisers, one target (同一事项): what several indicators measure has one target a unit.

Indicators of a category that name the same `matter` measure the same thing, each in its organiser's
name. Where their targets for a unit differ, that is settled before another one counts: the targets
are made equal, or two people of the office say on record why both stand.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from chassis import persons
from chassis.refusals import Conflict, Fault, Invalid, pointer
from indicators.rules.numbers import plain
from indicators.rules.scheme import Indicator, Place, Scheme, places_by_category
from indicators.rules.target_moves import IN_FORCE, REQUESTED, Standing, Standings, State
from indicators.rules.targets import Target

SettlementState = Literal["settlement_pending", "settled", "refused"]

Matter = tuple[str, str, str | None]
"""A unit, what is measured of it, and the item or none."""

Values = tuple[Decimal | None, Decimal | None, Decimal | None]
"""Target, baseline and pledge."""

AIMED = ("target", "baseline", "pledge")

_ASKED: Collection[State] = ("issue_pending", "issued", "revision_pending", "revised")
_STANDS: Collection[State] = (
    "proposed",
    "approved",
    *REQUESTED,
    *_ASKED,
    "withdrawal_pending",
)


class TargetsInConflict(Conflict):
    """Targets of one unit for the same matter differ, and nobody has settled that."""

    zh = "同一单位同一事项的目标不一致，尚未协调。"
    remedy = (
        "Revise the targets that `errors` names until they agree, or have the difference settled "
        "by two people.",
        "请调整 `errors` 所指的目标使其一致，或由两人办理协调。",
    )


class SettlementsFaulty(Invalid):
    """Some settlements are of what does not differ, or is not in the scheme."""

    zh = "部分协调结果所涉事项不存在或并无不一致。"
    remedy = (
        "Read the list of targets in conflict, and settle only what stands there.",
        "请查看目标冲突清单，只协调其中所列事项。",
    )


class SettlementsRefused(Conflict):
    """Some of the settlements cannot make this move; none was made."""

    zh = "部分协调结果不能这样变更，全部未变更。"
    remedy = (
        "Read the list of targets in conflict again and leave out what `errors` names; another "
        "person confirms a settlement.",
        "请重新查看目标冲突清单，去掉 `errors` 所指各项；协调结果须由另一人确认。",
    )


# In the scheme.


@dataclass(frozen=True, slots=True)
class Matters:
    """What several indicators of a category measure, for the units of each category.

    `of` are by category the matters of its indicators, `members` the indicators of each matter,
    in the scheme's order.
    """

    category_of: Mapping[str, str]
    of: Mapping[str, Mapping[str, str]]
    members: Mapping[tuple[str, str], Sequence[Indicator]]

    def matter_of(self, unit: str, indicator: str) -> str | None:
        """Return what an indicator and others measure of a unit; None where no other does."""
        return self.of.get(self.category_of.get(unit, ""), {}).get(indicator)

    def members_of(self, unit: str, matter: str) -> Sequence[Indicator]:
        """Return the indicators that measure a matter of a unit; none where there are not two."""
        return self.members.get((self.category_of.get(unit, ""), matter), ())


def matters_of(scheme: Scheme) -> Matters:
    """Return what is measured by several indicators of a category."""
    members: dict[tuple[str, str], list[Indicator]] = {}
    of: dict[str, dict[str, str]] = {}
    for category, inside in places_by_category(scheme):
        for place in inside:
            if place.indicator.matter is not None:
                at = category.code, place.indicator.matter
                members.setdefault(at, []).append(place.indicator)
    members = {at: found for at, found in members.items() if len(found) > 1}
    for (category_code, matter), found in members.items():
        of.setdefault(category_code, {}).update((each.code, matter) for each in found)
    units = {unit: category.code for category in scheme.categories for unit in category.units}
    return Matters(units, of, members)


def matter_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield matters of indicators that have no targets, and those measured in different units."""
    for _, inside in places_by_category(scheme):
        first: dict[str, Place] = {}
        for place in inside:
            indicator, matter = place.indicator, place.indicator.matter
            if matter is None:
                continue
            if indicator.children:
                yield Fault(
                    f"{place.at}/matter",
                    "matter-of-a-parent",
                    f"Targets are of what lies below {indicator.code}; name the matter there.",
                    f"{indicator.code} 的目标在下级指标，事项应在下级指标填写。",
                )
                continue
            other = first.setdefault(matter, place).indicator
            if other.measure != indicator.measure:
                yield Fault(
                    f"{place.at}/matter",
                    "matter-measured-otherwise",
                    f"{other.code} and {indicator.code} measure {matter}, in different measures.",
                    f"{other.code} 与 {indicator.code} 同属事项 {matter}，计量单位不同。",
                )


# Conflicts.


@dataclass(frozen=True, slots=True)
class TargetConflict:
    """Targets of one unit for the same matter that differ, in the scheme's order."""

    unit: str
    matter: str
    item: str | None
    targets: tuple[Target, ...]

    @property
    def key(self) -> Matter:
        """What the targets are of."""
        return self.unit, self.matter, self.item


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was said about targets that differ: which of them stand beside each other, and why."""

    key: Matter
    version: int
    state: SettlementState
    values: Mapping[str, Values]
    person: str


Settlements = Mapping[Matter, Sequence[Settlement]]
"""The settlements of each matter, first to last."""


def conflicts(targets: Iterable[Target], matters: Matters) -> Iterator[TargetConflict]:
    """Yield the targets that differ although they are of the same matter."""
    found: dict[Matter, dict[str, Target]] = {}
    for target in targets:
        matter = matters.matter_of(target.unit, target.indicator)
        if matter is not None:
            at = target.unit, matter, target.item
            found.setdefault(at, {})[target.indicator] = target
    for (unit, matter, item), by_code in found.items():
        members = [m.code for m in matters.members_of(unit, matter) if m.code in by_code]
        together = tuple(by_code[code] for code in members)
        if any(len(_given(together, name)) > 1 for name in AIMED):
            yield TargetConflict(unit, matter, item, together)


def _given(targets: Iterable[Target], name: str) -> set[Decimal]:
    return {value for each in targets if (value := getattr(each, name)) is not None}


def values_of(target: Target) -> Values:
    """Return what a target says."""
    return target.target, target.baseline, target.pledge


def settled_by(found: TargetConflict, settlements: Settlements) -> Settlement | None:
    """Return the settlement by which these very targets stand beside each other, if there is one.

    Only the latest one that was confirmed holds, and only for the values that it names.
    """
    confirmed = [each for each in settlements.get(found.key, ()) if each.state == "settled"]
    if not confirmed:
        return None
    last = confirmed[-1]
    holds = all(last.values.get(each.indicator) == values_of(each) for each in found.targets)
    return last if holds else None


def check_conflicts(
    moves: Sequence[tuple[Target, State]],
    standings: Standings,
    scheme: Scheme,
    settlements: Settlements,
    family: str = "targets",
) -> None:
    """Refuse moves after which targets of the same matter would differ, unless that is settled.

    What is asked for is held against what is in force and what else the batch asks for.
    """
    matters = matters_of(scheme)
    if not matters.members:
        return
    moved = {target.key: i for i, (target, to) in enumerate(moves) if to in _ASKED}
    faults = []
    for found in _unsettled(_after(moves, standings), matters, settlements):
        places = sorted(moved[each.key] for each in found.targets if each.key in moved)
        faults += [_fault(found, pointer(family, i)) for i in places]
    _refuse(faults)


def _after(moves: Sequence[tuple[Target, State]], standings: Standings) -> Collection[Target]:
    """Return the targets that are in force, with what these moves make or ask of them."""
    after = {key: now for key, each in standings.items() if (now := in_force(each)) is not None}
    for target, to in moves:
        if to in _ASKED:
            after[target.key] = target
        elif to == "withdrawn":
            after.pop(target.key, None)
    return after.values()


def _unsettled(
    targets: Iterable[Target], matters: Matters, settlements: Settlements
) -> Iterator[TargetConflict]:
    for found in conflicts(targets, matters):
        if settled_by(found, settlements) is None:
            yield found


def check_publication(scheme: Scheme, targets: Iterable[Target], settlements: Settlements) -> None:
    """Refuse a scheme by which targets in force would be of one matter and differ."""
    matters = matters_of(scheme)
    if not matters.members:
        return
    at = {
        (category.code, place.indicator.code): place.at
        for category, inside in places_by_category(scheme)
        for place in inside
    }
    faults = []
    for found in _unsettled(targets, matters, settlements):
        place = at[matters.category_of[found.unit], found.targets[-1].indicator]
        faults.append(_fault(found, f"{place}/matter"))
    _refuse(faults)


def standing_targets(standings: Standings) -> Iterator[tuple[Target, Standing]]:
    """Yield the latest values of targets that are in force, or were proposed or asked for."""
    for each in standings.values():
        if each.at is not None and each.at.state in _STANDS:
            yield each.at.target, each


def in_force(standing: Standing) -> Target | None:
    """Return the values of a target that count, whatever has been asked for since."""
    if standing.state in IN_FORCE and standing.at is not None:
        return standing.at.target
    asked = standing.state in (*REQUESTED, "revision_pending", "withdrawal_pending")
    return standing.former[-1] if asked and standing.former else None


def _fault(found: TargetConflict, at: str) -> Fault:
    told = [f"{each.indicator}: {_told(each)}" for each in found.targets]
    return Fault(
        at,
        "target-conflict",
        f"Of {found.unit} these measure {found.matter}, and differ: {'; '.join(told)}.",
        f"{found.unit} 的下列指标同属事项 {found.matter}，目标不一致：{'；'.join(told)}。",
    )


def _told(target: Target) -> str:
    return "/".join("-" if value is None else plain(value) for value in values_of(target))


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        n = len(faults)
        raise TargetsInConflict(f"{n} conflict(s).", f"共 {n} 处不一致。", faults=faults)


# Settling.


def check_settlements(wanted: Sequence[tuple[Matter, Sequence[Target]]], scheme: Scheme) -> None:
    """Refuse settlements of what is no matter of the scheme, or of targets that do not differ."""
    matters = matters_of(scheme)
    faults: list[Fault] = []
    for i, ((unit, matter, _), targets) in enumerate(wanted):
        at = pointer("settlements", i)
        members = {each.code for each in matters.members_of(unit, matter)}
        if not members:
            faults.append(
                Fault(
                    f"{at}/matter",
                    "unknown-matter",
                    f"No two indicators measure {matter} of {unit}.",
                    f"没有两项指标同测 {unit} 的事项 {matter}。",
                )
            )
            continue
        faults += _named(targets, members, matter, at)
        if not any(len(_given(targets, name)) > 1 for name in AIMED):
            faults.append(
                Fault(
                    f"{at}/targets",
                    "nothing-to-settle",
                    "These targets do not differ.",
                    "所列目标并无不一致。",
                )
            )
    if faults:
        n = len(faults)
        raise SettlementsFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def _named(
    targets: Sequence[Target], members: Collection[str], matter: str, at: str
) -> Iterator[Fault]:
    seen = set[str]()
    for t, target in enumerate(targets):
        here, code = f"{at}/targets/{t}/indicator", target.indicator
        if code not in members:
            yield Fault(
                here,
                "other-matter",
                f"{code} does not measure {matter}.",
                f"{code} 不属于事项 {matter}。",
            )
        if code in seen:
            yield Fault(here, "named-twice", f"{code} stands here twice.", f"{code} 重复。")
        seen.add(code)


@dataclass(frozen=True, slots=True)
class SettlementDecision:
    """A second person's word on the settlement of a matter that is its `version`."""

    key: Matter
    version: int
    confirmed: bool
    reason: str | None


def check_open(keys: Sequence[Matter], settlements: Settlements) -> None:
    """Refuse to settle what another settlement waits for, or the same matter twice."""
    faults: list[Fault] = []
    seen = set[Matter]()
    for i, key in enumerate(keys):
        at = pointer("settlements", i)
        if _latest_state(key, settlements) == "settlement_pending":
            faults.append(
                Fault(at, "wrong-state", "Another one awaits its word.", "已有协调结果待复核。")
            )
        if key in seen:
            faults.append(_twice(at))
        seen.add(key)
    _refuse_settlements(faults)


def _twice(at: str) -> Fault:
    return Fault(at, "named-twice", "It stands here twice.", "同一事项重复。", beside=True)


def check_settlement_decisions(
    decisions: Sequence[SettlementDecision], settlements: Settlements, person: str
) -> None:
    """Refuse words on anything but the open settlement of another person."""
    faults: list[Fault] = []
    seen = set[Matter]()
    for i, each in enumerate(decisions):
        at = pointer("decisions", i)
        faults += _undecidable(each, settlements, person, at)
        if each.key in seen:
            faults.append(_twice(at))
        seen.add(each.key)
    _refuse_settlements(faults)


def may_be_settled(matter: Matter, settlements: Settlements, person: str) -> bool:
    """Say whether a person may confirm the open settlement of a matter, by the same rules."""
    version = settlements[matter][-1].version if settlements.get(matter) else 0
    decision = SettlementDecision(matter, version, True, None)
    return next(_undecidable(decision, settlements, person, ""), None) is None


def _undecidable(
    decision: SettlementDecision, settlements: Settlements, person: str, at: str
) -> Iterator[Fault]:
    if _latest_state(decision.key, settlements) != "settlement_pending":
        yield Fault(at, "wrong-state", "Nothing awaits a word.", "没有待复核的协调结果。")
        return
    last = settlements[decision.key][-1]
    if decision.version != last.version:
        yield Fault(
            f"{at}/version",
            "other-version",
            f"What is open is version {last.version}.",
            f"当前待办为第 {last.version} 版。",
        )
    if persons.is_same(last.person, person):
        yield Fault(
            at,
            "own-request",
            "The same person asked for it; somebody else decides on it.",
            "该事项由同一人提出，须由他人审核。",
        )
    if not decision.confirmed and decision.reason is None:
        yield Fault(f"{at}/reason", "reason-missing", "Say why.", "须说明理由。")


def _latest_state(key: Matter, settlements: Settlements) -> str | None:
    found = settlements.get(key, ())
    return found[-1].state if found else None


def _refuse_settlements(faults: Sequence[Fault]) -> None:
    if faults:
        n = len(faults)
        raise SettlementsRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)

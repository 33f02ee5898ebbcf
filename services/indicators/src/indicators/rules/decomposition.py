"""The superior's scheme, decomposed (责任分解): who answers for how many points of each indicator.

It scores nobody: it says whom a loss in the superior's evaluation is charged to.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Literal

from chassis.refusals import Conflict, Fault, Invalid, pointer
from indicators.rules.draft import ENOUGH
from indicators.rules.numbers import plain, tidy, total

Role = Literal["lead", "support"]
"""Whether a unit leads an indicator of the superior's, or supports."""

LEAD: Role = "lead"
SUPPORT: Role = "support"


class DecompositionFaulty(Invalid):
    """The shares do not sum to the superior's points, or nobody answers for something."""

    zh = "责任分解与上级分值不符，或有事项无人负责。"
    remedy = (
        "Mend the places that `errors` names, and send the whole decomposition again.",
        "请改正 `errors` 所指各处，然后重新提交整份责任分解。",
    )


class DecompositionStands(Conflict):
    """The latest version of the decomposition says just this."""

    zh = "现行责任分解与所提交的内容相同。"
    remedy = (
        "Nothing needs to be sent; read the latest version.",
        "无须提交，请查阅现行版本。",
    )


@dataclass(frozen=True, slots=True)
class SuperiorIndicator:
    """An indicator by which the superior assesses us; `unowned` says why nobody answers for it."""

    code: str
    name: str
    block: str
    points: Decimal
    unowned: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """The points of an indicator that a unit answers for."""

    indicator: str
    unit: str
    role: Role
    points: Decimal


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The superior's indicators, whose they are, and whom to speak to in each unit."""

    superior: str
    document_no: str
    points: Decimal
    indicators: Sequence[SuperiorIndicator]
    shares: Sequence[Part]
    contacts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a unit answers for: the sum of its shares, and how many it leads and supports."""

    unit: str
    points: Decimal
    leads: int
    supports: int


@dataclass(frozen=True, slots=True)
class BlockSum:
    """A block of the superior's: its points, and how many units have a share in it."""

    block: str
    points: Decimal
    units: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that is another than in the version before; null is what was or is not there."""

    indicator: str | None
    unit: str | None
    field: str
    before: str | None
    after: str | None


def check_decomposition(
    given: Decomposition, kinds: Mapping[str, str], more: Iterable[Fault] = ()
) -> None:
    """Refuse shares that do not sum, and whatever nobody answers for, with all faults at once and
    those that were found besides; `kinds` are those of the registered units by their codes."""
    own = (_indicators(given), _shares(given, kinds), _sums(given), _contacts(given))
    found = chain(*own, _whole(given), more)
    faults = tuple(islice(found, ENOUGH))
    if faults:
        n = len(faults)
        raise DecompositionFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def exposures(given: Decomposition) -> list[Exposure]:
    """Return what each unit answers for, the most exposed first."""
    units = {each.unit for each in given.shares}
    found = (_exposure(unit, given.shares) for unit in units)
    return sorted(found, key=lambda each: (-each.points, each.unit))


def block_sums(given: Decomposition) -> list[BlockSum]:
    """Return the blocks of the superior's scheme in its order."""
    block_of = {each.code: each.block for each in given.indicators}
    return [
        BlockSum(
            block,
            tidy(total(each.points for each in given.indicators if each.block == block)),
            len({each.unit for each in given.shares if block_of[each.indicator] == block}),
        )
        for block in dict.fromkeys(block_of.values())
    ]


def moved(before: Decomposition, after: Decomposition) -> list[Moved]:
    """Return what is another than it was: of indicators, of shares, of contacts."""
    was, now = _flat(before), _flat(after)
    return [
        Moved(*place, was.get(place), now.get(place))
        for place in {**was, **now}
        if was.get(place) != now.get(place)
    ]


def _exposure(unit: str, shares: Iterable[Part]) -> Exposure:
    own = [each for each in shares if each.unit == unit]
    roles = Counter(each.role for each in own)
    points = tidy(total(each.points for each in own))
    return Exposure(unit, points, roles[LEAD], roles[SUPPORT])


def _flat(given: Decomposition) -> dict[tuple[str | None, str | None, str], str]:
    found: dict[tuple[str | None, str | None, str], str] = {}
    found[None, None, "superior"] = given.superior
    found[None, None, "points"] = plain(given.points)
    for each in given.indicators:
        found[each.code, None, "name"] = each.name
        found[each.code, None, "block"] = each.block
        found[each.code, None, "points"] = plain(each.points)
        if each.unowned is not None:
            found[each.code, None, "unowned"] = each.unowned
    for share in given.shares:
        found[share.indicator, share.unit, "role"] = share.role
        found[share.indicator, share.unit, "points"] = plain(share.points)
    return found | {(None, unit, "contact"): contact for unit, contact in given.contacts}


def _indicators(given: Decomposition) -> Iterator[Fault]:
    shared = {each.indicator for each in given.shares}
    yield from _twice("indicators", "code", [each.code for each in given.indicators])
    for n, each in enumerate(given.indicators):
        at = pointer("indicators", n)
        if each.points <= 0:
            en, zh = "An indicator has more than 0 points.", "指标分值须大于 0。"
            yield Fault(f"{at}/points", "no-points", en, zh)
        if each.code not in shared and each.unowned is None:
            en = "Nobody answers for it: give shares, or say in `unowned` why there are none."
            zh = "该指标无责任单位：请分解到单位，或在 `unowned` 中说明原因。"
            yield Fault(at, "without-owner", en, zh)
        if each.code in shared and each.unowned is not None:
            en, zh = "It has shares, and so is owned.", "该指标已分解到单位，不得注明无责任单位。"
            yield Fault(f"{at}/unowned", "owned-and-not", en, zh)


def _shares(given: Decomposition, kinds: Mapping[str, str]) -> Iterator[Fault]:
    known = {each.code for each in given.indicators}
    seen: set[tuple[str, str]] = set()
    for n, each in enumerate(given.shares):
        at = pointer("shares", n)
        if each.indicator not in known:
            en = f"The superior's scheme has no {each.indicator} here."
            zh = f"所列上级指标中没有 {each.indicator}。"
            yield Fault(f"{at}/indicator", "unknown-indicator", en, zh)
        if each.unit not in kinds:
            en, zh = f"No unit {each.unit} is registered.", f"单位 {each.unit} 未登记。"
            yield Fault(f"{at}/unit", "unknown-unit", en, zh)
        if each.points <= 0:
            en, zh = "A share is more than 0 points.", "分担的分值须大于 0。"
            yield Fault(f"{at}/points", "no-points", en, zh)
        if (each.indicator, each.unit) in seen:
            en, zh = "This unit has its share already.", "该单位在该指标中重复。"
            yield Fault(at, "named-twice", en, zh)
        seen.add((each.indicator, each.unit))


def _sums(given: Decomposition) -> Iterator[Fault]:
    """Yield owned indicators whose shares come to something else, or that not one unit leads."""
    shares: dict[str, list[Part]] = {}
    for share in given.shares:
        shares.setdefault(share.indicator, []).append(share)
    for n, each in enumerate(given.indicators):
        own = shares.get(each.code, [])
        at, come_to = pointer("indicators", n), total(share.points for share in own)
        if own and come_to != each.points:
            en = f"The shares come to {plain(come_to)}; it has {plain(each.points)} points."
            zh = f"各单位分担合计 {plain(come_to)} 分，该指标为 {plain(each.points)} 分。"
            yield Fault(f"{at}/points", "not-the-points", en, zh)
        leads = sum(share.role == LEAD for share in own)
        if own and leads != 1:
            en, zh = f"{leads} units lead it; one does.", f"牵头单位有 {leads} 个，应为 1 个。"
            yield Fault(at, "not-one-lead", en, zh)


def _contacts(given: Decomposition) -> Iterator[Fault]:
    responsible = dict.fromkeys(each.unit for each in given.shares)
    named = [unit for unit, _ in given.contacts]
    yield from _twice("contacts", "unit", named)
    for n, unit in enumerate(named):
        if unit not in responsible:
            en, zh = f"{unit} answers for nothing.", f"{unit} 没有分担任何指标。"
            yield Fault(pointer("contacts", n, "unit"), "without-share", en, zh)
    for unit in [unit for unit in responsible if unit not in set(named)]:
        en, zh = f"{unit} has no contact.", f"责任单位 {unit} 没有联系人。"
        yield Fault("/contacts", "no-contact", en, zh)


def _whole(given: Decomposition) -> Iterator[Fault]:
    come_to = total(each.points for each in given.indicators)
    if come_to != given.points:
        en = f"The indicators come to {plain(come_to)}, the superior's to {plain(given.points)}."
        zh = f"各指标合计 {plain(come_to)} 分，上级总分为 {plain(given.points)} 分。"
        yield Fault("/points", "not-the-total", en, zh)


def _twice(where: str, name: str, codes: Sequence[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for n, code in enumerate(codes):
        if code in seen:
            en, zh = f"{code} stands here twice.", f"{code} 重复。"
            yield Fault(pointer(where, n, name), "named-twice", en, zh)
        seen.add(code)

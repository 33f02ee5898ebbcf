"""The part of a scheme about claims (加减分): what they are worth, must show, and add up to."""

import datetime as dt
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Final, Literal

from chassis.refusals import Fault, pointer
from indicators.rules.policies import Part
from indicators.rules.values import (
    Code,
    CodeOrNull,
    Codes,
    Number,
    Points,
    PointsOrNull,
    Table,
    Whole,
    YesNo,
)

SameEvent = Literal["highest", "sum"]
"""Claims that share one event count once, by the highest of them, or all together."""

Order = Literal["highest_then_caps", "caps_then_highest"]
"""Whether a cap cuts what is left of each event, or the highest is taken of what caps left."""

AcrossYears = Literal["each_year", "once", "excess"]
"""What counts of an event that counted in an earlier year: all of it again, nothing, or what it is
worth beyond that."""

BonusCondition = Literal["holder_match", "indicator_link", "document", "evidence", "not_scored"]
"""What a claim for bonus has to show; `not_scored`: that no indicator counts an entry which names
its document or matter."""

Places = Annotated[Mapping[str, Decimal], Table(Number(above=0), empty=True)]
"""What places are worth by their names, such as 1, 2, 3 or 一等奖, 二等奖."""

HOLDERS: Final = ("subordinate", "person")
"""Who else than the unit may hold an award that counts for it: a body below it, or a person."""


@dataclass(frozen=True, slots=True)
class Window(Part):
    """The documents that count bear a date from `opens` to `closes`, both included."""

    opens: dt.date
    closes: dt.date


@dataclass(frozen=True, slots=True)
class Family(Part):
    """Rules that have a cap together (同类封顶)."""

    code: Code
    name: str
    cap: Points


@dataclass(frozen=True, slots=True)
class Special(Part):
    """What a bonus hangs on beside its own claim (专项目标), among the units of a category.

    It counts where more than the share `hit_above` of the units lost points by one of the
    `deductions`, for at most the share `units_to` of them, those with most; where it is `matching`
    for no more than was lost by these, each claim cut in the same part.
    """

    deductions: Codes = ()
    hit_above: Annotated[Decimal | None, Number(low=0, to=1, null=True)] = None
    units_to: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    matching: YesNo = False


@dataclass(frozen=True, slots=True)
class BonusRule(Part):
    """An award of this level by one of these authorities is worth `points`.

    With `by_place` it is worth what its place or tier in the document is, at most `points`. Of a
    unit's claims by this rule the weightiest `limit` count, for `cap` points at most; `family` has
    a cap with other rules; `special` says what it hangs on beside.
    """

    code: Code
    level: str
    points: Points
    authorities: tuple[str, ...]
    by_place: Places = field(default_factory=dict)
    cap: PointsOrNull = None
    family: CodeOrNull = None
    limit: Annotated[int | None, Whole(1, 1000, null=True)] = None
    special: Special | None = None
    WHERE_GIVEN = frozenset({"by_place", "cap", "family", "limit", "special"})


@dataclass(frozen=True, slots=True)
class BonusPolicy(Part):
    """The bonus rules (加分), what a claim must show, and the most points a unit may gain.

    `holders` are others than the unit whose awards count for it, `subordinate` bodies and a
    `person`, with the share of the points that they bring. `joint` says what an award of several
    units brings: each its share (split), each the whole (full), or the whole to the one that leads
    (lead_only).
    """

    rules: tuple[BonusRule, ...]
    same_event: SameEvent
    cap_total: PointsOrNull = None
    requires: tuple[BonusCondition, ...] = ()
    families: tuple[Family, ...] = ()
    order: Order = "highest_then_caps"
    holders: Annotated[Mapping[str, Decimal], Table(Number(above=0, to=1), empty=True)] = field(
        default_factory=dict
    )
    joint: Literal["split", "full", "lead_only"] = "split"
    across_years: AcrossYears = "each_year"
    WHERE_GIVEN = frozenset({"families", "order", "holders", "joint", "across_years"})


@dataclass(frozen=True, slots=True)
class DeductionRule(Part):
    """A criticism of this kind costs `points`, or with `by_place` what its place is worth there, at
    most `points`. Those of a unit by this rule cost `cap` at most; `family` has a cap with others.
    """

    code: Code
    name: str
    points: Points
    by_place: Places = field(default_factory=dict)
    cap: PointsOrNull = None
    family: CodeOrNull = None
    limit: Annotated[int | None, Whole(1, 1000, null=True)] = None
    WHERE_GIVEN = frozenset({"by_place", "cap", "family", "limit"})


@dataclass(frozen=True, slots=True)
class DeductionPolicy(Part):
    """The deduction rules (减分) and the most points a unit may lose."""

    rules: tuple[DeductionRule, ...]
    same_event: SameEvent
    cap_total: PointsOrNull = None
    families: tuple[Family, ...] = ()
    order: Order = "highest_then_caps"
    across_years: AcrossYears = "each_year"
    WHERE_GIVEN = frozenset({"families", "order", "across_years"})


@dataclass(frozen=True, slots=True)
class Adjustments(Part):
    """Bonus and deductions outside the 100 points; a late document carries over once or never."""

    window: Window
    carry_over: Literal["once", "none"]
    bonus: BonusPolicy
    deductions: DeductionPolicy


def rule_faults(rules: Adjustments, at: str) -> Iterator[Fault]:
    """Yield what is wrong within rules for claims: places worth more than their rule or written
    twice, families that there are not or whose cap caps nothing, and holders of no kind."""
    bonus, deductions = rules.bonus, rules.deductions
    yield from _policy(bonus, f"{at}/bonus")
    yield from _policy(deductions, f"{at}/deductions")
    yield from _special(rules, at)
    for kind in bonus.holders:
        if kind not in HOLDERS:
            yield Fault(
                f"{at}/bonus{pointer('holders', kind)}",
                "unknown-holder",
                f"{kind} is none of the kinds of holders: {', '.join(HOLDERS)}.",
                f"“{kind}”不是获奖者的种类：`{'`、`'.join(HOLDERS)}`。",
            )


def _special(rules: Adjustments, at: str) -> Iterator[Fault]:
    """Yield what is wrong with the conditions that rules for bonus have."""
    known = {rule.code for rule in rules.deductions.rules}
    for i, rule in enumerate(rules.bonus.rules):
        if rule.special is not None:
            yield from _conditions(rule.special, known, f"{at}/bonus/rules/{i}/special")


def _conditions(special: Special, known: Collection[str], at: str) -> Iterator[Fault]:
    """Yield conditions that ask for deductions and name none, name some unasked, or are none."""
    for n, code in enumerate(special.deductions):
        if code not in known:
            en, zh = f"There is no deduction rule {code}.", f"没有减分规则 {code}。"
            yield Fault(f"{at}/deductions/{n}", "unknown-rule", en, zh)
    asks = special.hit_above is not None or special.matching
    if asks != bool(special.deductions):
        yield Fault(
            f"{at}/deductions",
            "deductions-unasked" if special.deductions else "missing",
            "Name deductions where `hit_above` or `matching` looks at them, and only there.",
            "须在且仅在 `hit_above` 或 `matching` 涉及时填写减分规则。",
        )
    elif not asks and special.units_to is None:
        en, zh = "It says nothing; leave it out.", "没有任何条件，不应填写。"
        yield Fault(at, "special-of-nothing", en, zh)


def _policy(policy: BonusPolicy | DeductionPolicy, at: str) -> Iterator[Fault]:
    rules: Sequence[BonusRule | DeductionRule] = policy.rules
    for i, rule in enumerate(rules):
        yield from _places(rule, f"{at}/rules/{i}/by_place")
    yield from _families(policy, at)
    if policy.across_years != "each_year" and policy.same_event != "highest":
        yield Fault(
            f"{at}/across_years",
            "years-of-a-sum",
            "Where claims of one event add up, they do so over years too.",
            "同一事件合并计算的，各年度分别计算，不得另作规定。",
        )


def _places(rule: BonusRule | DeductionRule, at: str) -> Iterator[Fault]:
    seen = dict[str, str]()
    for place, points in rule.by_place.items():
        plain = unicodedata.normalize("NFKC", place).strip()
        if (before := seen.setdefault(plain, place)) != place:
            en, zh = f"{place} is written as {before} too.", f"“{place}”与“{before}”相同。"
            yield Fault(at, "place-twice", en, zh)
        if points > rule.points:
            yield Fault(
                at,
                "place-over-rule",
                f"{place} is worth {points}, more than the {rule.points} of its rule.",
                f"“{place}”为{points}分，高于该规则的{rule.points}分。",
            )


def _families(policy: BonusPolicy | DeductionPolicy, at: str) -> Iterator[Fault]:
    known = {family.code for family in policy.families}
    named: Sequence[str | None] = [rule.family for rule in policy.rules]
    for i, code in enumerate(named):
        if code is not None and code not in known:
            yield Fault(
                f"{at}/rules/{i}/family",
                "unknown-family",
                f"There is no family {code} of rules.",
                f"没有规则类别 {code}。",
            )
    for i, family in enumerate(policy.families):
        if family.code not in named:
            yield Fault(
                f"{at}/families/{i}",
                "family-of-no-rule",
                f"No rule is of the family {family.code}.",
                f"没有规则属于类别 {family.code}。",
            )

"""What a superior or another system found: stored with its document, converted to points."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, ClassVar

from chassis.refusals import Fault, pointer
from indicators.rules.forms import (
    ANY_PERIOD,
    ENDINGS,
    PUBLISHED,
    RECEIVED,
    YEAR,
    EntryForm,
    Late,
)
from indicators.rules.methods.against_target import Tier, tier_faults
from indicators.rules.methods.blending import By, Each, alike
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.parameters import Group, Params, Rows, unless
from indicators.rules.values import Day, Number, Positive, Share, Table, Word, YesNo

GRADE, RANK = "grade", "rank_pct"
CONVERSIONS = {"score": "scale", GRADE: "grades", RANK: "tiers"}
"""What converts each kind of result."""

WORTHS = ("step_ratio", "table", "tiers")
"""What says how many points a place is worth; a scheme gives one of them."""

LOSS = "superior_loss"
"""The key of what a superior has taken off."""


LATE: Sequence[Late] = ("missing", "last_year", "carry_over")

_WANTED_DAYS: Mapping[Late, Mapping[str, bool]] = {
    "missing": {"opens": False, "closes": False},
    "last_year": {"opens": False, "closes": True},
    "carry_over": {"opens": True, "closes": True},
}
"""By what becomes of a late result which days are named."""


@dataclass(frozen=True, slots=True)
class OtherSystem(Params):
    """对方系统: a system that evaluates the unit by its own rules and in its own time, so that each
    result comes with its document and with the days that it is about.

    A result that is `late` is missing; or last year's may stand in for it after the day on which
    it `closes`; or it counts in the next cycle: of all that come, each cycle takes those that come
    from the day on which it `opens` until that on which it `closes`.
    """

    late: Annotated[Late, Word(tuple(LATE))] = "missing"
    opens: Annotated[dt.date | None, Day(null=True)] = None
    closes: Annotated[dt.date | None, Day(null=True)] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a day that is wanted or means nothing, and one on which nothing is open yet."""
        for name, wanted in _WANTED_DAYS[self.late].items():
            yield from unless(
                wanted == (getattr(self, name) is not None),
                f"{at}/{name}",
                "late-day",
                f"With late: {self.late} {name} {'is wanted' if wanted else 'means nothing'}.",
                f"`late` 为 `{self.late}` 时，`{name}` {'必须填写' if wanted else '没有意义'}。",
            )
        if self.opens is not None and self.closes is not None:
            yield from unless(
                self.opens <= self.closes,
                f"{at}/closes",
                "closes-before-it-opens",
                "It closes before it opens.",
                "截止日早于起始日。",
            )


@dataclass(frozen=True, slots=True)
class ExternalResult(ScoringMethod):
    """系统考评结果: a score out of `scale`, a grade's share of the points, or the points of the
    tier that the rank lies in, in percent from the best (the 5th of 100 is 5).

    Where its `system` is named each result is entered with its document and its own calendar.
    """

    WHERE_GIVEN: ClassVar[frozenset[str]] = frozenset({"system"})

    kind: Annotated[str, Word(tuple(CONVERSIONS))]
    scale: Annotated[Decimal | None, Number(above=0, null=True)] = None
    grades: Annotated[Mapping[str, Decimal] | None, Table(Number(low=0, to=1), null=True)] = None
    tiers: Annotated[tuple[Tier, ...] | None, Rows(Tier, null=True)] = None
    system: Annotated[OtherSystem | None, Group(OtherSystem, null=True)] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a conversion that is missing or of another kind, and tiers that overlap."""
        for kind, name in CONVERSIONS.items():
            yield from unless(
                (kind == self.kind) == (getattr(self, name) is not None),
                f"{at}/{name}",
                "conversion",
                f"A result of kind {self.kind} is converted by {CONVERSIONS[self.kind]} alone.",
                f"结果类型 `{self.kind}` 只能由 `{CONVERSIONS[self.kind]}` 折算。",
            )
        yield from tier_faults(self.tiers or (), f"{at}/tiers")

    def fixed(self) -> object:
        """Return what is entered."""
        return self.kind, frozenset(self.grades or ()), self.system is None

    def takes(self) -> EntryForm:
        """Return the form of the result, which its document explains."""
        if self.kind == GRADE:
            form = EntryForm("grade", words=tuple(sorted(self.grades or ())), noted=True)
        else:
            high, keys = Decimal(100) if self.kind == RANK else self.scale, (self.kind,)
            form = EntryForm("measured_value", keys=keys, low=Decimal(0), high=high, noted=True)
        return form if self.system is None else self._documented(form, self.system)

    def _documented(self, form: EntryForm, system: OtherSystem) -> EntryForm:
        """Return the form of what comes with its document in the place of a note."""
        return replace(
            form,
            kind="external_result",
            noted=False,
            dated=RECEIVED,
            late=system.late,
            opens=system.opens,
            closes=system.closes,
            ranked=self.kind == RANK,
        )

    def compares(self) -> bool:
        """Say that a score looks at one unit alone: whoever compared them is elsewhere."""
        return False

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return the number that was found, for the year."""
        lends = self.kind != GRADE and self.system is None
        return {self.kind: YEAR} if lends else {}


@dataclass(frozen=True, slots=True)
class SuperiorRank(ScoringMethod):
    """上级排名计分: points by the place that the superior's own list gives the unit, of as many as
    it lists.

    The first has all points and each place lower costs `step_ratio` of them; or a place has the
    points that a `table` sets for it, counted from the last one where it is negative ("-1"), and
    none that it does not name; or those of the tier that the place lies in, in percent from the
    best (the 5th of 100 is 5). Nobody falls under `floor_ratio` of the points, nor under zero
    unless that is allowed. With a `period` there is a list for each, and the year is the mean of
    all of them or, as `period_combine` says, what the `last` one is worth.
    """

    step_ratio: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    table: Annotated[Mapping[str, Decimal] | None, Table(Number(), null=True)] = None
    tiers: Annotated[tuple[Tier, ...] | None, Rows(Tier, null=True)] = None
    floor_ratio: Share = Decimal(0)
    allow_below_zero: YesNo = False
    period: Annotated[str | None, Word(("month", "quarter", "half_year"), null=True)] = None
    period_combine: Annotated[str, Word(("mean", "last"))] = "mean"

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield several ways to convert a place or none, and places that are none."""
        given = [name for name in WORTHS if getattr(self, name) is not None]
        yield from unless(
            len(given) == 1,
            f"{at}/{[*given[1:], WORTHS[0]][0]}",
            "one-conversion",
            "Give one of step_ratio, table and tiers.",
            "`step_ratio`、`table`、`tiers` 须且只能填一项。",
        )
        for place, points in (self.table or {}).items():
            yield from self._row(place, points, f"{at}/table{pointer(place)}")
        yield from tier_faults(self.tiers or (), f"{at}/tiers")

    def _row(self, place: str, points: Decimal, at: str) -> Iterator[Fault]:
        digits = place.removeprefix("-")
        yield from unless(
            digits.isascii() and digits.isdecimal() and digits[0] != "0",
            at,
            "not-a-place",
            "A place is a whole number from 1, or from -1 where it is counted from the last.",
            "名次应为从 1 起的整数；从末位数起的写作 -1、-2 等。",
        )
        yield from unless(
            points >= 0 or self.allow_below_zero,
            at,
            "below-zero",
            "Points below zero need allow_below_zero.",
            "负分须设置 `allow_below_zero`。",
        )

    def fixed(self) -> object:
        """Return for which periods there are lists, and which of them count."""
        return self.period, self.period_combine

    def takes(self) -> EntryForm:
        """Return the form of a unit's place in a list of the superior."""
        return EntryForm(
            "superior_rank",
            endings=ENDINGS[self.period] or YEAR,
            dated=PUBLISHED,
            low=Decimal(1),
            whole=True,
        )

    def compares(self) -> bool:
        """Say that a score looks at one unit alone: the superior has compared them."""
        return False

    def periods(self) -> tuple[str, ...]:
        """Return the periods whose lists are scored."""
        return ENDINGS[self.period][-1:] if self.period_combine == "last" else ENDINGS[self.period]

    def carries_over(self) -> bool:
        """Say whether there are lists for periods one after another."""
        return self.period is not None

    def idle(self) -> Iterator[str]:
        """Yield what stops nothing, because no tier is worth less, and what is said of one period
        as though there were several."""
        if self.tiers is not None and self.floor_ratio:
            yield "floor_ratio"
        if self.tiers is not None and self.allow_below_zero:
            yield "allow_below_zero"
        if self.period is None and self.period_combine != "mean":
            yield "period_combine"


@dataclass(frozen=True, slots=True)
class InheritSuperior(ScoringMethod):
    """省考核结果挂钩: the superior's loss, on our scale, costs `multiplier` times as much; of a
    loss that several units answer for each is charged its `share`. What exceeds the points
    becomes a deduction or is dropped.

    Where the superior has taken nothing off, the indicator is scored `otherwise`; never both.
    """

    scale: Positive
    multiplier: Positive
    excess_to: Annotated[str, Word(("deductions", "dropped"))]
    share: Annotated[Decimal, Number(above=0, to=1)] = Decimal(1)
    otherwise: Annotated[Each | None, By()] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield an ordinary method that would score the superior's loss."""
        yield from unless(
            self.otherwise is None or self.otherwise.scored().key() != LOSS,
            f"{at}/otherwise/params/input",
            "input-taken",
            "Where the superior has taken nothing off there is no superior_loss to score.",
            "上级未扣分时没有 `superior_loss`，不能据此计分。",
        )

    def fixed(self) -> object:
        """Return by what the indicator is scored where the superior has not judged, and how it is
        compared there."""
        each = self.otherwise
        return each and (each.method, alike(each.scored()))

    def takes(self) -> EntryForm:
        """Return the form of the superior's loss, and of what is scored where there is none."""
        return EntryForm("measured_value", keys=(LOSS, *self._otherwise()))

    def compares(self) -> bool:
        """Say whether the method does by which it is scored otherwise."""
        return self.otherwise is not None and self.otherwise.scored().compares()

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return what is entered, which may be so for any period that others compute."""
        return dict.fromkeys((LOSS, *self._otherwise()), ANY_PERIOD)

    def _otherwise(self) -> tuple[str, ...]:
        return () if self.otherwise is None else (self.otherwise.scored().key(),)


METHODS: Mapping[str, type[ScoringMethod]] = {
    "inherit_superior": InheritSuperior,
    "external_result": ExternalResult,
    "superior_rank": SuperiorRank,
}
"""The methods of this file by their names in a scheme."""

"""What scoring reads of a scheme, in the document's own words, and of targets and names.

A rule that is not known here (another rounding, another way to count an event) makes the
document unusable: it is refused where it is read, rather than misread.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from scoring.rules.scheme.compiled import CompiledIndicator, CompiledScheme
from scoring.rules.scheme.params import Params

SameEvent = Literal["highest", "sum"]
"""Claims on one event count once, by the highest of them, or all together."""

AcrossYears = Literal["each_year", "once", "excess"]
"""What counts of an event that counted in an earlier year: all of it again, nothing, or what it is
worth beyond that."""

Missing = Literal["refuse", "zero", "skip", "category_mean", "subcategory_mean", "carry_over"]
"""What is done about an indicator that has no score for want of data; never silently.

Without a score (`refuse`), none of the points (`zero`), the points to the scored siblings
(`skip`), the mean of the category's others (`category_mean`) or of those of the sub-category
(`subcategory_mean`), the latest earlier period's value
(`carry_over`).
"""

Within = Literal["category", "subcategory"]
"""With whom a unit is compared: all of its category, or those of its sub-category."""

OWN_UNIT = "own_unit"
"""The data source of an indicator that every unit reports itself."""


@dataclass(frozen=True, slots=True)
class PlacesByPoints:
    """Indicators of `from_points` points and more are scored to `places` decimal places."""

    from_points: Decimal
    places: int


@dataclass(frozen=True, slots=True)
class Rounding:
    """Every leaf, component and period is rounded half up to `places` decimal places.

    Of `by_points`, which go from many points to few, the first that a leaf's points reach counts
    instead.
    """

    places: int
    mode: Literal["half_up"]
    by_points: tuple[PlacesByPoints, ...] = ()

    def of_leaf(self, points: Decimal) -> int:
        """Return the decimal places of an indicator without children that is worth these points."""
        reached = (row.places for row in self.by_points if points >= row.from_points)
        return next(reached, self.places)


@dataclass(frozen=True, slots=True)
class LedgerPolicy:
    """With a compulsory zero report (零报告) silence is missing data, never full marks."""

    zero_report_required: bool


@dataclass(frozen=True, slots=True)
class CardPolicy:
    """A card of a duty is an event of the `indicator` that scores whoever enters (数据采集质量):
    `yellow` or `red`."""

    indicator: str
    yellow: str
    red: str


@dataclass(frozen=True, slots=True)
class ItemPolicy:
    """What a supervised item was `overdue`, `redone` or wrongly `returned` is an event of the
    `indicator`, counted by the percents of the unit's share; what has no event costs nothing."""

    indicator: str
    overdue: str | None = None
    redone: str | None = None
    returned: str | None = None


@dataclass(frozen=True, slots=True)
class ComplaintEvents(ItemPolicy):
    """What complaints cost the units that handle them; one that was `upheld`, those that it
    complains of."""

    upheld: str | None = None


@dataclass(frozen=True, slots=True)
class ComplaintLimits:
    """How many days there are to `accept` a complaint and to `finish` it, and how many more where
    an `extension` is granted; `days` says which are counted."""

    accept: int
    finish: int
    extension: int
    days: Literal["working", "calendar"]


@dataclass(frozen=True, slots=True)
class ComplaintRates:
    """Of which indicator each rate of a unit is the value, in percent, for each period by which it
    is scored; what names none is shown alone."""

    satisfaction: str | None = None
    timely: str | None = None
    returned: str | None = None
    redone: str | None = None

    def named(self) -> dict[str, str]:
        """Return the indicators that are named, by the rate."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: code for name, code in found.items() if code is not None}


@dataclass(frozen=True, slots=True)
class ComplaintPolicy:
    """How complaints are handled: the limits by kind, and the `body` that handles those about the
    office itself; with `events` what the units that handle them miss costs points.
    A rate is one of so many as `least` says, or none; with `rates` it is a value of an
    indicator."""

    body: str
    efficiency_complaint: ComplaintLimits
    petition: ComplaintLimits
    online_message: ComplaintLimits
    hotline: ComplaintLimits
    events: ComplaintEvents | None = None
    least: int = 5
    rates: ComplaintRates | None = None


@dataclass(frozen=True, slots=True)
class RemarkPolicy:
    """Units remark on what the record says of them while it is open; each of the `levels` answers
    `answer_within` so many working days, and within as many it is taken to the next."""

    answer_within: int = 5
    levels: tuple[str, ...] = ("data_source_unit", "performance_office", "committee")


@dataclass(frozen=True, slots=True)
class ObjectionPolicy:
    """Units object (异议) `file_within` so many working days of what was told them, and have it
    decided within `decide_within` more by each of the `levels`, which are roles. While the ledger
    is open they remark, where there are `remarks`."""

    file_within: int = 5
    decide_within: int = 10
    levels: tuple[str, ...] = ("performance_office", "committee", "standing_committee")
    remarks: RemarkPolicy | None = None

    def for_form(self, *, is_remark: bool) -> "ObjectionPolicy":
        """Return who decides and within which days: about remarks, or about objections."""
        told = self.remarks
        if not is_remark or told is None:
            return self
        return ObjectionPolicy(told.answer_within, told.answer_within, told.levels)


@dataclass(frozen=True, slots=True)
class Overturned:
    """What it costs a unit that an entry of it about another was overturned: an `event` of the
    `indicator`."""

    indicator: str
    event: str


@dataclass(frozen=True, slots=True)
class CorrectionPolicy:
    """What a correction may do that rests on an upheld objection: whether the score of the unit
    that objected `may_fall`, and what it costs the unit whose entry was `overturned`."""

    may_fall: bool = False
    overturned: Overturned | None = None


@dataclass(frozen=True, slots=True)
class DutyPolicy:
    """When what is owed for a period is due, and from when on it is warned of.

    A month is due on the `monthly_within`th working day after it, a quarter on the
    `quarterly_within`th, a half-year on the `half_yearly_by`th day of the month after it, a year on
    the day `yearly_by`, or on 31 January; where that is no working day, on the next one. It is
    warned of `warned_before` working days before, and gravely missed after `red_after` more. What
    was returned is due again after `returned_within`. What would be due before `first_due` is due
    on it. Indicators that are `exempt` have no deadline. With `signed_off`, or for the indicators
    in `signed_off_for`, a second person of a unit signs off what it hands in.
    """

    monthly_within: int = 5
    quarterly_within: int = 10
    half_yearly_by: int = 15
    yearly_by: date | None = None
    warned_before: int = 5
    red_after: int = 2
    returned_within: int = 2
    first_due: date | None = None
    exempt: tuple[str, ...] = ()
    cards: CardPolicy | None = None
    signed_off: bool = False
    signed_off_for: tuple[str, ...] = ()


USUAL_DUTIES = DutyPolicy()
"""What holds where a scheme says nothing else: monthly data within five working days, quarterly
ones within ten, half-yearly ones by the 15th, yearly ones by the end of January."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark of indicators (标签), such as 核心指标."""

    code: str
    name: str
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class Predecessor:
    """An indicator of an earlier year that another goes on from; `share` of it is this one's."""

    code: str
    assessment_year: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class FactWindow:
    """From which day to which what happened counts, both included; with `carry_over` also what
    happened before, and was not counted then."""

    opens: date
    closes: date
    carry_over: bool = False

    def has(self, day: date) -> bool:
        """Say whether what happened on a day counts."""
        return day <= self.closes and (self.carry_over or day >= self.opens)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured thing worth `points`; with children it is worth what they make together.

    `clause` is the sentence of the rule book that it carries out. `precision` are the decimal
    places of its score where they differ from the scheme's. `per_unit_params` replace parameters
    for one unit, `period_params` for one period. Where a unit declares it not applicable, its
    points go to the indicator `redistribute_to`, or in proportion to its siblings. With
    `must_differentiate` two units of a category may not have an equal score. `compare_within` says
    with whom it compares. Its `tags` hold for everything below it. Entries for it are reviewed
    first (初审) by the unit `reviewed_by`, if any; those of a kind or key in `evidence_for` want
    evidence. It goes on from what it `succeeds`, where null from the one with its code;
    earlier values of several come to what `aggregate` says. By `progress_plan` so much of the
    target is to be reached by the end of a period. Values of the periods of the `frequency` make
    that of a longer one as `combine` says: the latest there is, their sum or their mean; with
    `combine_requires` only where none is missing. The bodies in `findings_by` enter what
    inspections found of other units, which counts as the events of its method. What happened
    counts by its days in the `window`, in the place of those of the assessment year.
    """

    code: str
    name: str
    points: Decimal
    method: str
    params: Mapping[str, Any]
    data_source_unit: str
    allow_exceed: bool
    children: "tuple[Indicator, ...]"
    clause: str | None = None
    missing: Missing = "refuse"
    may_be_not_applicable: bool = False
    redistribute_to: str | None = None
    precision: int | None = None
    per_unit_params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    period_params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    must_differentiate: bool = False
    frequency: str = "yearly"
    tags: tuple[str, ...] = ()
    measure: str | None = None
    succeeds: tuple[Predecessor, ...] | None = None
    aggregate: Literal["none", "sum", "mean"] = "none"
    compare_within: Within = "category"
    reviewed_by: str | None = None
    evidence_for: tuple[str, ...] = ()
    progress_plan: Mapping[str, Decimal] = field(default_factory=dict)
    combine: Literal["last", "sum", "mean"] | None = None
    combine_requires: Literal["all"] | None = None
    findings_by: tuple[str, ...] = ()
    window: FactWindow | None = None

    @property
    def parameters(self) -> Params:
        """The method's parameters, to be read with their types."""
        return Params(self.params)

    def parameters_of(self, unit: str) -> Params:
        """Return the parameters for one unit: its own (分单位参数) over those of all."""
        own = self.per_unit_params.get(unit)
        return self.parameters.with_(own) if own else self.parameters

    def places(self, rounding: Rounding) -> int:
        """Return the decimal places of the indicator's score."""
        if self.precision is not None:
            return self.precision
        return rounding.places if self.children else rounding.of_leaf(self.points)

    def walk(self) -> "Iterator[Indicator]":
        """Yield the indicator and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a category's total, such as the function part, in points."""

    code: str
    name: str
    points: Decimal
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class PartOfTotal:
    """How a block comes to the total: its points out of `scale` are converted to `points`, no more
    than `cap` of these count, and they count by `weight`."""

    block: str
    scale: Decimal | None = None
    points: Decimal | None = None
    weight: Decimal | None = None
    cap: Decimal | None = None

    @property
    def ratio(self) -> Fraction:
        """What one point of the block is converted to."""
        whole = self.scale is None or self.points is None
        return Fraction(1) if whole else Fraction(self.points or 0) / Fraction(self.scale or 1)


@dataclass(frozen=True, slots=True)
class AdjustmentPlace:
    """The part that bonus and deductions belong inside of, within its cap."""

    into: str


@dataclass(frozen=True, slots=True)
class Composition:
    """Which blocks make the base total, and what is added to it; `max_total` in points.

    Other blocks are scored and shown, and count for nothing in the total. `by_part` says how a
    block comes to it, `adjustment` where bonus and deductions do not stand beside the parts but
    inside one, `lacking` what becomes of the weights where a category lacks a part.
    """

    parts: tuple[str, ...]
    bonus: bool
    deductions: bool
    max_total: Decimal | None
    by_part: tuple[PartOfTotal, ...] = ()
    adjustment: AdjustmentPlace | None = None
    rounding: Literal["at_end", "each_part"] = "at_end"
    lacking: Literal["refused", "nothing", "scaled_up"] = "refused"

    @property
    def is_plain(self) -> bool:
        """Whether the total is a plain sum of blocks and adjustment, with a cap or without."""
        return not self.by_part and self.adjustment is None

    def settings_of(self, block: str) -> PartOfTotal:
        """Return how a block comes to the total."""
        return next((each for each in self.by_part if each.block == block), PartOfTotal(block))

    def counts(self, kind: str) -> bool:
        """Say whether claims of a kind, bonus or deduction, have a part in the total."""
        return self.bonus if kind == "bonus" else self.deductions


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How the marks of several scorers, of these indicators, are put on one scale.

    They are those of categories with several organisers, or of several panels and units that mark.
    A coefficient is kept within `clamp`; a group with fewer marks than `smallest_group` stays.
    """

    method: Literal["none", "second_mean", "grand_mean_ratio", "z_score", "rank_percentile"]
    by: Literal["organiser", "scorer"]
    of: tuple[str, ...]
    clamp: tuple[Decimal, ...] = ()
    smallest_group: int = 5
    mean: Decimal | None = None
    deviation: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The documents that count bear a date from `opens` to `closes`, both included."""

    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Family:
    """Rules that have a cap together (同类封顶)."""

    code: str
    cap: Decimal


@dataclass(frozen=True, slots=True)
class Special:
    """What a bonus hangs on beside its own claim (专项目标): how many units of the category lost
    points by the `deductions`, how many gain, and how much was lost."""

    deductions: tuple[str, ...] = ()
    hit_above: Decimal | None = None
    units_to: Decimal | None = None
    matching: bool = False


@dataclass(frozen=True, slots=True)
class BonusRule:
    """An award of this level by these authorities is worth `points`, or what its place is.

    Of a unit's claims the weightiest `limit` count, for `cap` points at most.
    """

    code: str
    level: str
    points: Decimal
    authorities: tuple[str, ...]
    by_place: Mapping[str, Decimal] = field(default_factory=dict)
    cap: Decimal | None = None
    family: str | None = None
    limit: int | None = None
    special: Special | None = None


BonusCondition = Literal["holder_match", "indicator_link", "document", "evidence", "not_scored"]
"""What a bonus has to show; `not_scored`: that no indicator scores what it is about."""


@dataclass(frozen=True, slots=True)
class BonusPolicy:
    """The bonus rules (加分), what a claim must show, and the most points a unit may gain."""

    rules: tuple[BonusRule, ...]
    same_event: SameEvent
    cap_total: Decimal | None
    requires: frozenset[BonusCondition]
    families: tuple[Family, ...] = ()
    order: Literal["highest_then_caps", "caps_then_highest"] = "highest_then_caps"
    holders: Mapping[str, Decimal] = field(default_factory=dict)
    joint: Literal["split", "full", "lead_only"] = "split"
    across_years: AcrossYears = "each_year"


@dataclass(frozen=True, slots=True)
class DeductionRule:
    """A criticism of this kind costs `points`, or what its place is worth."""

    code: str
    points: Decimal
    by_place: Mapping[str, Decimal] = field(default_factory=dict)
    cap: Decimal | None = None
    family: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class DeductionPolicy:
    """The deduction rules (减分) and the most points a unit may lose."""

    rules: tuple[DeductionRule, ...]
    same_event: SameEvent
    cap_total: Decimal | None
    families: tuple[Family, ...] = ()
    order: Literal["highest_then_caps", "caps_then_highest"] = "highest_then_caps"
    across_years: AcrossYears = "each_year"


@dataclass(frozen=True, slots=True)
class Adjustments:
    """Bonus and deductions outside the 100 points; a late document carries over once or never."""

    window: Window
    carry_over: Literal["once", "none"]
    bonus: BonusPolicy
    deductions: DeductionPolicy


@dataclass(frozen=True, slots=True)
class Subcategory:
    """Units of a category that are of one class (子类别), such as the counties of the plain."""

    code: str
    name: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    """Units that are compared with one another, by the same indicators.

    Where it has sub-categories each unit is in one of them. A policy of its own stands in the place
    of the scheme's. The unit `organiser` leads it; of schemes kept before that was read here it is
    not known.
    """

    code: str
    name: str
    units: tuple[str, ...]
    blocks: tuple[Block, ...]
    organiser: str | None = None
    composition: Composition | None = None
    adjustments: Adjustments | None = None
    subcategories: tuple[Subcategory, ...] = ()

    def indicators(self) -> Mapping[str, Indicator]:
        """Return every indicator of the category by its code, parents and children."""
        return self._indicators

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        tops = (indicator for block in self.blocks for indicator in block.indicators)
        return {each.code: each for top in tops for each in top.walk()}


@dataclass(frozen=True, slots=True)
class CalendarStep:
    """A step of the year's calendar: on a date, from `opens` to `closes`, or by `due`."""

    step: str
    name: str
    date: dt.date | None
    opens: dt.date | None
    closes: dt.date | None
    due: dt.date | None


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey of the scheme, and the unit that collects its answers."""

    code: str
    collector: str


@dataclass(frozen=True, slots=True)
class SpecialPriority:
    """A special priority (专项重点工作), by which alone an award is given beside the evaluation."""

    code: str


@dataclass(frozen=True, slots=True)
class InspectionPolicy:
    """The special priorities that a scheme names beside its limits of inspections."""

    priorities: tuple[SpecialPriority, ...] = ()


@dataclass(frozen=True, slots=True)
class Recusal:
    """A unit that the performance office may not decide about, and the unit that does instead."""

    unit: str
    body: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a panel: the account that alone gives its marks, and that account's unit."""

    seat: str
    account: str
    unit: str


@dataclass(frozen=True, slots=True)
class Panel:
    """People who mark units from seats of their own (评委组), in the scheme's order."""

    code: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class CheckedUnits:
    """How many units of a category are checked: a `number`, or a `share`, or every one."""

    category: str
    share: Decimal | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Overstatement:
    """What an overstatement costs: an `event` of the `indicator`, above the `tolerance`, a share of
    what was found; in `lower_is_better` less is more."""

    indicator: str
    event: str
    tolerance: Decimal = Decimal(0)
    lower_is_better: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FraudRule:
    """What fraud (弄虚作假) costs: no grade above `grade_cap`, and where the `indicator` is void no
    points of it; the unit is heard within `hearing_days` working days."""

    grade_cap: str
    indicator: Literal["void", "kept"] = "void"
    hearing_days: int = 5


@dataclass(frozen=True, slots=True)
class SecondMarking:
    """Which `share` of the entries of a check is marked twice, and which gap between both marks is
    tolerated."""

    share: Decimal
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Check:
    """A re-check or a spot check (复检, 抽查): of which units how many, of each how many `entries`,
    null for all; and whether assessed units read what is drawn."""

    code: str
    name: str
    kind: Literal["recheck", "spot_check"]
    of: tuple[CheckedUnits, ...]
    entries: int | None = None
    readers: Literal["office", "units"] = "office"
    overstatement: Overstatement | None = None
    fraud: FraudRule | None = None
    second_marking: SecondMarking | None = None


@dataclass(frozen=True, slots=True)
class SelfEvaluationRound:
    """A round of self-evaluation (自我评估): until which day, and of which indicators, of all where
    none is named."""

    code: str
    name: str
    until: dt.date
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SelfEvaluationPolicy:
    """The rounds of self-evaluation. Being `late`, what is `unanswered` and a `gap` above the
    `tolerance`, a share of an indicator's points, are events of the `indicator`."""

    rounds: tuple[SelfEvaluationRound, ...]
    indicator: str | None = None
    late: str | None = None
    unanswered: str | None = None
    gap: str | None = None
    tolerance: Decimal = Decimal(0)


MOST_VETOABLE = 8
"""Of how many blocks of a category totals without them are told, though the scheme names none."""


@dataclass(frozen=True, slots=True)
class VetoItem:
    """A veto (一票否决); one of a `block` has that count for nothing in a unit's total."""

    block: str | None = None


@dataclass(frozen=True, slots=True)
class VetoPolicy:
    """The vetoes of a scheme, and the year before, of which some may count this year too."""

    items: tuple[VetoItem, ...] = ()
    previous_cycle: UUID | None = None


@dataclass(frozen=True)
class Scheme:
    """The published scheme, as far as scoring needs it: the words are the document's own.

    `compiled` is what follows from it, as its owner has compiled it.

    Days are those of the IANA `time_zone`.
    """

    assessment_year: int
    rounding: Rounding
    ledger: LedgerPolicy
    categories: tuple[Category, ...]
    composition: Composition
    adjustments: Adjustments
    calendar: tuple[CalendarStep, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    time_zone: str = "Asia/Shanghai"
    tags: tuple[Tag, ...] = ()
    panels: tuple[Panel, ...] = ()
    compiled: CompiledScheme = field(default_factory=CompiledScheme)
    duties: DutyPolicy = USUAL_DUTIES
    items: ItemPolicy | None = None
    checks: tuple[Check, ...] = ()
    complaints: ComplaintPolicy | None = None
    self_evaluations: SelfEvaluationPolicy | None = None
    objections: ObjectionPolicy | None = None
    corrections: CorrectionPolicy = CorrectionPolicy()
    normalisation: Normalisation | None = None
    inspections: InspectionPolicy | None = None
    surveys: tuple[Survey, ...] = ()
    vetoes: VetoPolicy = VetoPolicy()

    def second_body_of(self, unit: str) -> str | None:
        """Return the unit that decides about `unit` in the office's place, None for the office."""
        return next((each.body for each in self.recusals if each.unit == unit), None)

    def composition_of(self, category: Category) -> Composition:
        """Return what makes the totals of a category."""
        return category.composition or self.composition

    def adjustments_of(self, category: Category) -> Adjustments:
        """Return the rules for bonus and deductions of a category's units."""
        return category.adjustments or self.adjustments

    def vetoable(self, category: Category) -> tuple[str, ...]:
        """Return the blocks of a category that a veto may take out of a total, in their order.

        Those that items name; where vetoes of last year may count, all, unless these are many:
        which blocks those are of stands in last year's scheme.
        """
        parts, named = self.composition_of(category).parts, {e.block for e in self.vetoes.items}
        there = [each.code for each in category.blocks if each.code in parts]
        every = self.vetoes.previous_cycle is not None and len(there) <= MOST_VETOABLE
        return tuple(code for code in there if every or code in named)

    @property
    def places(self) -> int:
        """The decimal places of every score."""
        return self.rounding.places

    def units_of(self, categories: Collection[str]) -> list[str]:
        """Return the units of the categories, whose codes are given, in the scheme's order."""
        return [u for each in self.categories if each.code in categories for u in each.units]

    def category_of(self) -> Mapping[str, Category]:
        """Return the category of every assessed unit."""
        return self._category_of

    # A scheme is kept and asked for every entry that comes; what is looked up in it is put in order
    # once, and not for each of them.
    @cached_property
    def _category_of(self) -> Mapping[str, Category]:
        return {unit: category for category in self.categories for unit in category.units}

    @cached_property
    def compiled_of(self) -> Mapping[str, Mapping[str, CompiledIndicator]]:
        """The compiled form of every indicator by category and code."""
        return {
            each.category: {one.indicator: one for one in each.indicators}
            for each in self.compiled.categories
        }

    @cached_property
    def lines(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """By category and indicator the path from the indicator up to its topmost parent."""
        return {
            category: {code: each.line for code, each in indicators.items()}
            for category, indicators in self.compiled_of.items()
        }

    @cached_property
    def seat_of(self) -> Mapping[tuple[str, str], Seat]:
        """The seats by panel and seat."""
        return {(panel.code, seat.seat): seat for panel in self.panels for seat in panel.seats}


@dataclass(frozen=True, slots=True)
class Target:
    """What a unit is to reach in an indicator, or in one `item` of it, and where it starts from.

    `pledge` (自报数) is what the unit itself promised. `lowered` says that a revision moved the
    target the easy way; `set_by` who issued or revised it, as its version `version`.
    """

    unit: str
    indicator: str
    item: str | None
    target: Decimal | None
    baseline: Decimal | None
    pledge: Decimal | None = None
    version: int = 1
    state: str = "issued"
    set_by: str | None = None
    lowered: bool = False


@dataclass(frozen=True, slots=True)
class UnitName:
    """A name of a unit, legal or alias, valid from a day until just before another."""

    unit: str
    name: str
    valid_from: date
    valid_to: date | None

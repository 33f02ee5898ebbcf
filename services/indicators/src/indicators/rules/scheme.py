"""A scheme (实施方案) as one frozen document: who is measured, by what, for how many points."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from chassis.refusals import pointer
from indicators.rules import defaults
from indicators.rules.adjustments import Adjustments
from indicators.rules.methods.catalogue import METHODS
from indicators.rules.policies import (
    ApprovalPolicy,
    Check,
    ComplaintPolicy,
    Composition,
    ConsequencePolicy,
    CorrectionPolicy,
    CrossCategoryList,
    Demotion,
    DutyPolicy,
    GradePolicy,
    InspectionPolicy,
    ItemPolicy,
    LedgerPolicy,
    LinkedPolicy,
    Normalisation,
    NoticePolicy,
    ObjectionPolicy,
    Panel,
    Part,
    PublicationPolicy,
    RankingPolicy,
    Recusal,
    Rounding,
    SelfEvaluationPolicy,
    Step,
    Survey,
    Tag,
    VetoPolicy,
    Within,
)
from indicators.rules.values import (
    Code,
    CodeOrNull,
    Codes,
    Number,
    Points,
    Table,
    Whole,
    YesNo,
    Zone,
)

Year = Annotated[int, Whole(1949, 2199)]

if TYPE_CHECKING:
    Method = str
else:
    # The names are those of the classes; a type checker cannot read them from there.
    Method = Literal[tuple(METHODS)]

Frequency = Literal["monthly", "quarterly", "half_yearly", "twice_a_year", "yearly", "per_event"]

Missing = Literal["refuse", "zero", "skip", "category_mean", "subcategory_mean", "carry_over"]
"""What a missing input does (缺项处理): the score stays open and is named; it is zero; its points
go to its scored siblings in proportion; the mean of the category, or of the unit's sub-category,
stands in; the latest earlier period stands in, of a method that scores periods, else the score
stays open. Of a parent it says what is done where children have no score, after what these say
themselves: they are zero; they count for nothing; the mean stands in for the parent."""

Aggregate = Literal["none", "sum", "mean"]
"""What earlier values of several units or indicators come to: nothing by themselves, their sum, or
their mean."""

Combine = Literal["last", "sum", "mean"]
"""How values of shorter periods make that of a longer one that is scored: the latest there is,
their sum, or their mean."""

TIME_ZONE = "Asia/Shanghai"
"""The time zone of a scheme that names none."""

OWN_UNIT = "own_unit"
"""The data source of an indicator that every unit reports itself, for somebody else to review."""


@dataclass(frozen=True, slots=True)
class Predecessor(Part):
    """An indicator of an earlier year that another goes on from; `share` of it is this one's."""

    code: Code
    assessment_year: Annotated[int, Whole(1949, 2199)]
    share: Annotated[Decimal, Number(above=0, to=1)] = Decimal(1)


@dataclass(frozen=True, slots=True)
class FactWindow(Part):
    """From which day to which what happened counts, both included; with `carry_over` also what
    happened before, and was not counted then."""

    opens: dt.date
    closes: dt.date
    carry_over: YesNo = False


@dataclass(frozen=True, slots=True)
class Indicator(Part):
    """Something measured (指标), worth `points`; with children its score is made of theirs.

    `data_source_unit` (数据采集责任单位) alone may enter its values; `own_unit` stands for each
    assessed unit itself. Entries are reviewed first (初审) by `reviewed_by`, unless they are about
    that unit or by it; those of a kind or key in `evidence_for` count with evidence alone.
    Where it may be not applicable, its points go to `redistribute_to`, or to its siblings in
    proportion when that is null. `measure` is the unit of the values.
    `clause` is the rule book's own sentence. The score is rounded to `precision` decimals, or as
    the scheme's rounding says when null.

    The parameters may be overridden for one unit (`per_unit_params`: difficulty coefficients)
    and for one period of a method that scores periods (`period_params`: decision tables). An
    override is stored with each parameter it touches complete. Where it `must_differentiate`,
    units of a category with equal scores are told apart by people before they have any. What it
    takes of other units it takes of those of the category, or as `compare_within` says of those of
    the unit's sub-category alone. Its `tags` hold for everything below it. Indicators with the same
    `matter` measure the same thing, and a unit has one target for it. It goes on from what it
    `succeeds`, where null from the one with its code; values of several, or of units that were
    merged, are put together as `aggregate` says. `progress_plan` says which share of the target is
    to be reached by the end of a month (`-03`), a quarter (`Q1`) or a half-year (`H1`): all of it
    by the end of the year. With `combine` values are entered for the periods of the `frequency`,
    and those of a longer period that is scored are put together to its value; with
    `combine_requires` only where none of them is missing. What is scored by events counts the
    findings of inspections as well that the bodies in `findings_by` enter about other units. The
    days of what happened lie in the `window`, if any, in the place of the assessment year.
    """

    WHERE_GIVEN = frozenset({"combine", "combine_requires", "findings_by", "window"})

    code: Code
    name: str
    points: Points
    method: Method
    params: Mapping[str, Any]
    data_source_unit: Code
    frequency: Frequency
    name_en: str | None = None
    reviewed_by: CodeOrNull = None
    measure: str | None = None
    allow_exceed: bool = False
    may_be_not_applicable: bool = False
    redistribute_to: CodeOrNull = None
    external_result: bool = False
    veto_link: CodeOrNull = None
    children: tuple["Indicator", ...] = ()
    clause: str | None = None
    missing: Missing = "refuse"
    precision: Annotated[int | None, Whole(0, 12, null=True)] = None
    per_unit_params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    period_params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    must_differentiate: bool = False
    tags: Codes = ()
    compare_within: Within = "category"
    matter: CodeOrNull = None
    succeeds: tuple[Predecessor, ...] | None = None
    aggregate: Aggregate = "none"
    evidence_for: tuple[str, ...] = ()
    progress_plan: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=1), empty=True)] = field(
        default_factory=dict
    )
    combine: Combine | None = None
    combine_requires: Literal["all"] | None = None
    findings_by: Codes = ()
    window: FactWindow | None = None

    def places(self, rounding: Rounding) -> int:
        """Return to how many decimals the score is rounded."""
        if self.precision is not None:
            return self.precision
        row = None if self.children else rounding.row_of(self.points)
        return rounding.places if row is None else rounding.by_points[row].places

    def walk(self) -> "Iterator[Indicator]":
        """Yield the indicator and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Block(Part):
    """A part of a category's total (绩效部分, 公众评议, 市设综合项目), in points."""

    code: Code
    name: str
    points: Points
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Subcategory(Part):
    """Units of a category that are of one class or series (子类别), such as towns of over 60,000
    people."""

    code: Code
    name: str
    units: Codes
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class Category(Part):
    """Units that are compared with one another, by the same indicators, led by one `organiser`.

    The organiser's people read what is entered and scored in it. Where there are `subcategories`,
    each unit is in one of them. A policy of its own stands in the place of the scheme's, as a
    whole.
    """

    code: Code
    name: str
    organiser: Code
    total: Annotated[Decimal, Number(above=0)]
    units: Codes
    blocks: tuple[Block, ...]
    name_en: str | None = None
    composition: Composition | None = None
    adjustments: Adjustments | None = None
    grades: GradePolicy | None = None
    ranking: RankingPolicy | None = None
    subcategories: tuple[Subcategory, ...] = ()

    def walk(self) -> Iterator[Indicator]:
        """Yield every indicator of the category, parents before their children."""
        for block in self.blocks:
            for indicator in block.indicators:
                yield from indicator.walk()


OWN_POLICIES = {
    "composition": "结果构成",
    "adjustments": "加减分规则",
    "grades": "等次规则",
    "ranking": "排名规则",
}
"""The policies of a scheme that a category may have of its own, and what people call them."""


@dataclass(frozen=True, slots=True)
class Scheme(Part):
    """The whole scheme of one assessment year, as it is posted, published and read by others.

    Days of the calendar are those of the IANA `time_zone`. What is left out has no part in the
    year: no claims, no vetoes, no grades; without a composition all blocks make the total. Without
    `duties` the usual deadlines hold, without `items` no supervised item costs points, without
    `checks` nobody is drawn to be checked, without `complaints` none is handled,
    without `self_evaluations` nobody evaluates itself, without `objections` nobody objects to what
    was told, without `corrections` an upheld objection lowers no score of its unit, and costs
    nobody else; without `normalisation` marks count as they were given. Without `inspections` units
    may be inspected as often as anybody likes, but only for an indicator. Without `approval` the
    office merges a ranking, the committee reviews and the standing committee decides it. Without
    a `notice` nothing is shown before it is published, and without `publication` whoever is signed
    in is shown all of a release; without `consequences` grades lead to nothing, without
    `cross_category_lists` no list reaches over categories, and without `linked` no result of a team
    or a person is taken.
    """

    WHERE_GIVEN = frozenset(
        {
            "duties",
            "items",
            "checks",
            "complaints",
            "self_evaluations",
            "objections",
            "corrections",
            "inspections",
            "approval",
            "notice",
            "publication",
            "consequences",
            "normalisation",
            "cross_category_lists",
            "linked",
        }
    )

    title: str
    code: Code
    assessment_year: Year
    rounding: Rounding
    categories: tuple[Category, ...]
    ledger: LedgerPolicy = field(default_factory=defaults.no_zero_reports)
    calendar: tuple[Step, ...] = ()
    surveys: tuple[Survey, ...] = ()
    composition: Composition = field(default_factory=defaults.every_block)
    adjustments: Adjustments = field(default_factory=defaults.no_adjustments)
    vetoes: VetoPolicy = field(default_factory=defaults.no_vetoes)
    demotions: tuple[Demotion, ...] = ()
    grades: GradePolicy = field(default_factory=defaults.no_grades)
    ranking: RankingPolicy = field(default_factory=defaults.by_total)
    recusals: tuple[Recusal, ...] = ()
    time_zone: Annotated[str, Zone()] = TIME_ZONE
    tags: tuple[Tag, ...] = ()
    panels: tuple[Panel, ...] = ()
    duties: DutyPolicy | None = None
    items: ItemPolicy | None = None
    checks: tuple[Check, ...] = ()
    complaints: ComplaintPolicy | None = None
    objections: ObjectionPolicy | None = None
    corrections: CorrectionPolicy | None = None
    inspections: InspectionPolicy | None = None
    approval: ApprovalPolicy | None = None
    self_evaluations: SelfEvaluationPolicy | None = None
    notice: NoticePolicy | None = None
    publication: PublicationPolicy | None = None
    consequences: ConsequencePolicy | None = None
    normalisation: Normalisation | None = None
    cross_category_lists: tuple[CrossCategoryList, ...] = ()
    linked: LinkedPolicy | None = None

    def led_by(self, unit: str | None) -> frozenset[str]:
        """Return the units of the categories that a unit leads and is not assessed in itself."""
        led = (each.units for each in self.categories if each.organiser == unit)
        return frozenset[str]().union(*(units for units in led if unit not in units))

    def without(self, unit: str | None) -> frozenset[str]:
        """Return the units of the categories in which a unit is not assessed itself."""
        others = (each.units for each in self.categories if unit not in each.units)
        return frozenset[str]().union(*others)

    def second_body_of(self, unit: str) -> str | None:
        """Return the unit that decides about `unit` in the office's place, None for the office."""
        return next((each.body for each in self.recusals if each.unit == unit), None)

    def composition_of(self, category: Category) -> Composition:
        """Return what makes the totals of a category."""
        return category.composition or self.composition

    def adjustments_of(self, category: Category) -> Adjustments:
        """Return the rules for bonus and deductions of a category's units."""
        return category.adjustments or self.adjustments

    def grades_of(self, category: Category) -> GradePolicy:
        """Return the grades of a category's units."""
        return category.grades or self.grades

    def ranking_of(self, category: Category) -> RankingPolicy:
        """Return how the units of a category are ordered."""
        return category.ranking or self.ranking


@dataclass(frozen=True, slots=True)
class Place:
    """An indicator where it stands in its scheme.

    `at` is the JSON pointer to it, `path` the codes above it ("COUNTY/function", or
    "COUNTY/function/C10" for a child).
    """

    at: str
    path: str
    category: Category
    block: Block
    indicator: Indicator


def adjustments_in(scheme: Scheme) -> Iterator[tuple[str, Adjustments]]:
    """Yield all rules for bonus and deductions, with the JSON pointer to each."""
    yield pointer("adjustments"), scheme.adjustments
    for c, category in enumerate(scheme.categories):
        if category.adjustments is not None:
            yield pointer("categories", c, "adjustments"), category.adjustments


def graded_by(scheme: Scheme) -> Iterator[tuple[str, GradePolicy, list[Category]]]:
    """Yield all policies of grades, with the JSON pointer to each and the categories it is of."""
    usual = [category for category in scheme.categories if category.grades is None]
    yield pointer("grades"), scheme.grades, usual
    for c, category in enumerate(scheme.categories):
        if category.grades is not None:
            yield pointer("categories", c, "grades"), category.grades, [category]


def ranked_by(scheme: Scheme) -> Iterator[tuple[str, RankingPolicy, list[Category]]]:
    """Yield all rules of order, with the JSON pointer to each and the categories it is of."""
    usual = [category for category in scheme.categories if category.ranking is None]
    yield pointer("ranking"), scheme.ranking, usual
    for c, category in enumerate(scheme.categories):
        if category.ranking is not None:
            yield pointer("categories", c, "ranking"), category.ranking, [category]


def shown_blocks(scheme: Scheme) -> Iterator[tuple[Category, frozenset[str]]]:
    """Yield every category with the codes of the blocks that count for nothing in its total."""
    usual = frozenset(scheme.composition.shown)
    for category in scheme.categories:
        own = category.composition
        yield category, usual if own is None else frozenset(own.shown)


def places(scheme: Scheme) -> Iterator[Place]:
    """Yield every indicator of the scheme, parents before their children."""
    for _, inside in places_by_category(scheme):
        yield from inside


def places_by_category(scheme: Scheme) -> Iterator[tuple[Category, Iterator[Place]]]:
    """Yield every category with its indicators, parents before their children.

    Whoever asks for each category's own by going through all of them takes as many steps as
    there are categories times indicators, and a scheme may have ten thousand of each.
    """
    for c, category in enumerate(scheme.categories):
        yield category, _inside(c, category)


def _inside(c: int, category: Category) -> Iterator[Place]:
    for b, block in enumerate(category.blocks):
        at = pointer("categories", c, "blocks", b, "indicators")
        path = f"{category.code}/{block.code}"
        yield from _below(block.indicators, at, path, category, block)


def _below(
    indicators: tuple[Indicator, ...], at: str, path: str, category: Category, block: Block
) -> Iterator[Place]:
    for i, indicator in enumerate(indicators):
        here = f"{at}/{i}"
        yield Place(here, path, category, block, indicator)
        deeper = f"{path}/{indicator.code}"
        yield from _below(indicator.children, f"{here}/children", deeper, category, block)

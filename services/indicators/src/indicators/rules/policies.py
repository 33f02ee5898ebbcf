"""The parts of a scheme beside its indicators: surveys, claims, vetoes, grades, ranking."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from functools import partial
from operator import eq
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal
from uuid import UUID

from chassis.refusals import Fault
from indicators.rules.values import (
    Code,
    Coded,
    CodeOrNull,
    Codes,
    Each,
    Number,
    Points,
    PointsOrNull,
    Share,
    Table,
    Whole,
    Word,
    YesNo,
)

Ties = Literal["same_rank_skip", "dense", "ordinal"]
"""The ranks after two equal first places: 1, 1, 3 (1224 order), 1, 1, 2, or each its own: 1, 2, 3
by the codes of the units, which decides about no grade."""

SurveyMode = Literal[
    "phone_survey",
    "questionnaire",
    "online_form",
    "meeting_count",
    "leader_evaluation",
    "peer_review",
]
"""How people are asked: by phone, on paper, on a page, by forms that are counted at a meeting, or
by ballots of leaders or of other units."""

Preset = Literal["five_steps", "one_to_ten", "yes_no", "zero_to_hundred", "zero_to_hundred_by_half"]
"""Options that many questions have, with their scores."""

BelowMinimum = Literal["decision", "other_waves", "pooled", "category_mean", "not_rated"]
"""What counts where too few answered in a wave: nothing before the committee has decided, the
waves that reach the minimum, the answers of all waves together, the mean of the other units of the
category, or the survey does not rate the unit and its points go to the sibling indicators."""


if TYPE_CHECKING:
    Weight = Decimal
else:
    # As it may be written; read, it is the number.
    Weight = Decimal | Literal["rest"]

Within = Literal["category", "subcategory"]
"""Among whom a unit is compared, ranked or graded: all of its category, or those of its
sub-category."""

SUBCATEGORY: Within = "subcategory"
"""Among the units of a sub-category alone."""


class Part:
    """A part of the scheme document, exactly as it is written: unknown fields are refused.

    The two settings are read by whoever turns JSON into these values, so that what goes
    out says of every field that it is there.
    """

    __slots__ = ()
    __pydantic_config__: ClassVar[Mapping[str, object]] = {
        "extra": "forbid",
        "str_min_length": 1,
        "str_max_length": 500,
        "json_schema_serialization_defaults_required": True,
    }
    WHERE_GIVEN: ClassVar[frozenset[str]] = frozenset()
    """Fields that came later: where one says what it says by itself the part is written as it was
    before there was such a field, so that it has the digest under which it was published."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls,
        source: object,
        build: Any,  # noqa: ANN401 - of whoever writes the document
    ) -> Any:  # noqa: ANN401
        """Leave out what nobody gave of `WHERE_GIVEN`; asked by whoever writes the document."""
        schema = build(source)
        written = build.resolve_ref_schema(schema) if cls.WHERE_GIVEN else None
        while written and written["type"] != "dataclass-args":
            written = written["schema"]
        for each in written["fields"] if written else ():
            if each["name"] in cls.WHERE_GIVEN:
                each["serialization_exclude_if"] = partial(eq, _by_itself(cls, each["name"]))
        return schema


def _by_itself(part: Any, name: str) -> object:  # noqa: ANN401 - a dataclass
    """Return what a field of a part is where nobody gives it."""
    (found,) = (each for each in fields(part) if each.name == name)
    return found.default if found.default_factory is MISSING else found.default_factory()


@dataclass(frozen=True, slots=True)
class PlacesByPoints(Part):
    """Indicators of `from_points` points and more are scored to `places` decimals."""

    from_points: Points
    places: Annotated[int, Whole(0, 12)]


@dataclass(frozen=True, slots=True)
class Rounding(Part):
    """Every leaf, period and wave is rounded half up to `places` decimals.

    A leaf without a precision of its own has the places of the first row of `by_points`, from many
    points to few, that its points reach.
    """

    places: Annotated[int, Whole(0, 8)]
    mode: Literal["half_up"] = "half_up"
    by_points: tuple[PlacesByPoints, ...] = ()

    def row_of(self, points: Decimal) -> int | None:
        """Return which row of `by_points` says how many places a leaf of these points has."""
        reached = (i for i, row in enumerate(self.by_points) if points >= row.from_points)
        return next(reached, None)


@dataclass(frozen=True, slots=True)
class Tag(Part):
    """A mark of indicators (标签), such as core ones: they are listed and added up by it."""

    code: Code
    name: str
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerPolicy(Part):
    """With a required zero report (零报告) silence is missing data, never full marks."""

    zero_report_required: bool


@dataclass(frozen=True, slots=True)
class CardPolicy(Part):
    """Cards that count: each is an event of the `indicator` (数据采集质量) that scores whoever
    enters, and is entered as `yellow` or `red`."""

    indicator: Code
    yellow: Annotated[str, Word()]
    red: Annotated[str, Word()]


@dataclass(frozen=True, slots=True)
class ItemPolicy(Part):
    """Supervised items that count (督办事项计分): what one was `overdue`, `redone` or wrongly
    `returned` is an event of the `indicator`, counted by the percents of the unit's share; of a
    complaint a unit has all of it.

    What has no event costs nothing.
    """

    indicator: Code
    overdue: Annotated[str | None, Word(null=True)] = None
    redone: Annotated[str | None, Word(null=True)] = None
    returned: Annotated[str | None, Word(null=True)] = None


@dataclass(frozen=True, slots=True)
class ComplaintEvents(ItemPolicy):
    """Complaints that count (投诉计分): as of supervised items, of the units that handle them; and
    one that was `upheld`, of each unit that it complains of."""

    WHERE_GIVEN = frozenset({"upheld"})

    upheld: Annotated[str | None, Word(null=True)] = None


@dataclass(frozen=True, slots=True)
class ComplaintLimits(Part):
    """How many days there are to `accept` a complaint and to `finish` it from then on, and how many
    more where an `extension` is granted: `working` days or `calendar` days."""

    accept: Annotated[int, Whole(0, 60)]
    finish: Annotated[int, Whole(1, 180)]
    extension: Annotated[int, Whole(0, 90)]
    days: Literal["working", "calendar"] = "working"


RATES = ("satisfaction", "timely", "returned", "redone")
"""The rates of how a unit handles complaints."""


@dataclass(frozen=True, slots=True)
class ComplaintRates(Part):
    """Of which indicator each rate of a unit is the value (投诉办理评价计分), in percent, for each
    period by which it is scored; what names none is shown alone."""

    satisfaction: Code | None = None
    timely: Code | None = None
    returned: Code | None = None
    redone: Code | None = None

    def named(self) -> dict[str, str]:
        """Return the indicators that are named, by the rate."""
        found = {name: getattr(self, name) for name in RATES}
        return {name: code for name, code in found.items() if code is not None}


@dataclass(frozen=True, slots=True)
class ComplaintPolicy(Part):
    """How complaints are handled: within which limits by kind, and by which `body` those about the
    performance office itself.

    What is left out is usual: of complaints about efficiency 5 working days to accept and 30 to
    finish, of petitions 15 and 60 calendar days, of messages of citizens 2 and 10 working days, of
    calls to the hotline 1 and 13. With `events` what was overdue, had to be done again, was
    returned without ground or upheld costs points. A rate of fewer than `least` is none; with
    `rates` those of a unit are values of indicators.
    """

    WHERE_GIVEN = frozenset({"events", "least", "rates"})

    body: Code
    efficiency_complaint: ComplaintLimits = ComplaintLimits(5, 30, 30)
    petition: ComplaintLimits = ComplaintLimits(15, 60, 30, "calendar")
    online_message: ComplaintLimits = ComplaintLimits(2, 10, 10)
    hotline: ComplaintLimits = ComplaintLimits(1, 13, 5)
    events: ComplaintEvents | None = None
    least: Annotated[int, Whole(1, 1_000)] = 5
    rates: ComplaintRates | None = None


DECIDERS = ("performance_office", "committee", "standing_committee")
"""Who may decide about objections, the lowest first."""


ANSWERERS = ("data_source_unit", "performance_office", "committee")
"""Who may answer remarks, the lowest first."""


@dataclass(frozen=True, slots=True)
class RemarkPolicy(Part):
    """How units remark on what the record says of them while it is open (意见).

    Each of the `levels` answers within `answer_within` working days; within as many the unit takes
    it to the next one.
    """

    answer_within: Annotated[int, Whole(1, 40)] = 5
    levels: Annotated[tuple[str, ...], Each(Word(ANSWERERS))] = ANSWERERS


@dataclass(frozen=True, slots=True)
class ObjectionPolicy(Part):
    """How units object to what was fed back to them (异议、申诉).

    They have `file_within` working days since it was told, or since it was decided at a level, to
    file an objection or to take it to the next one. Each of the `levels` decides within
    `decide_within` working days. Without `remarks` nobody remarks on anything before.
    """

    WHERE_GIVEN = frozenset({"remarks"})

    file_within: Annotated[int, Whole(1, 40)] = 5
    decide_within: Annotated[int, Whole(1, 60)] = 10
    levels: Annotated[tuple[str, ...], Each(Word(DECIDERS))] = DECIDERS
    remarks: RemarkPolicy | None = None


@dataclass(frozen=True, slots=True)
class Overturned(Part):
    """What it costs a unit that what it entered about another was overturned (评分被纠正): an
    `event` of the `indicator` for each entry that an upheld objection replaces or removes."""

    indicator: Code
    event: Annotated[str, Word()]


@dataclass(frozen=True, slots=True)
class CorrectionPolicy(Part):
    """What a correction of the sealed record may do, and cost, that rests on an upheld objection.

    Unless it `may_fall`, the score of the unit that objected falls by none. Where nothing says what
    is `overturned`, that costs nobody anything.
    """

    WHERE_GIVEN = frozenset({"overturned"})

    may_fall: bool = False
    overturned: Overturned | None = None


@dataclass(frozen=True, slots=True)
class NoticePolicy(Part):
    """How a proposed result is shown to everybody before it is decided (公示): from the step
    `after` of the approval chain on, for so many `working_days`, in which anybody may object.

    It `shows` which units have which grade, or their ranks besides, or their totals too.
    """

    after: Code = "review"
    working_days: Annotated[int, Whole(1, 40)] = 5
    shows: Literal["grades", "grades_and_ranks", "grades_ranks_and_totals"] = "grades"


Consequences = Literal[
    "commendation",
    "fault_notice",
    "public_criticism",
    "admonition_talk",
    "rectification_report",
    "award_ban",
    "title",
    "bonus_coefficient",
    "headcount_quota",
]
"""What a grade may lead to."""


@dataclass(frozen=True, slots=True)
class GradeConsequence(Part):
    """What a grade leads to (结果运用), once people have decided so: for so many `months` where it
    has an end; a title has a `name`, a coefficient and a quota an `amount`."""

    grade: Code
    kind: Consequences
    name: str | None = None
    months: Annotated[int | None, Whole(1, 24, null=True)] = None
    amount: Annotated[Decimal | None, Number(low=0, to=1000, null=True)] = None


@dataclass(frozen=True, slots=True)
class ConsequencePolicy(Part):
    """What grades lead to; a distribution whose coefficients differ by a smaller share than
    `flat_below` is said to be flat."""

    by_grade: tuple[GradeConsequence, ...] = ()
    flat_below: Annotated[Decimal, Number(low=0, to=1)] = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class LinkedAssessment(Part):
    """An assessment (干部考核、党风廉政考核) whose results are linked to that of the unit.

    The first of the `bodies` that is not assessed in the unit's category enters them; a team's
    score has a part in its mean by the `weight`.
    """

    kind: Literal["cadre", "clean_government"]
    bodies: Codes
    weight: Share = Decimal(0)


@dataclass(frozen=True, slots=True)
class TeamLevel(Part):
    """A grade of leadership teams, and the mean from which a team has it."""

    grade: Code
    from_score: Annotated[Decimal, Number(low=0, to=100)]


@dataclass(frozen=True, slots=True)
class LinkedUnitGrade(Part):
    """What a unit's grade means for its team and its people: the `points` that it is in the team's
    mean, the best grade that the team may have, and what share of the people may have the first of
    the grades of persons."""

    grade: Code
    points: Annotated[Decimal, Number(low=0, to=100)]
    best_team: Code
    first_share: Share


@dataclass(frozen=True, slots=True)
class LinkedVeto(Part):
    """What a veto of the unit means for its team and its people, whatever the unit's grade."""

    veto: Code
    best_team: Code
    first_share: Share = Decimal(0)


@dataclass(frozen=True, slots=True)
class LinkedPolicy(Part):
    """How the results of a unit, its leadership team and its people are linked (三位一体).

    A team's mean is of its `assessments` and, with `unit_weight`, of its unit's grade; it has the
    first of the `team_levels` that the mean reaches, and none better than its unit's grade and
    vetoes allow. `person_grades` are those of people, best first. What is entered about people is
    kept for so many months.
    """

    unit_weight: Share
    assessments: tuple[LinkedAssessment, ...]
    team_levels: tuple[TeamLevel, ...]
    person_grades: Codes
    by_unit_grade: tuple[LinkedUnitGrade, ...]
    vetoes: tuple[LinkedVeto, ...] = ()
    kept_months: Annotated[int, Whole(1, 120)] = 36


MOST_PRIORITIES = 10
"""How many special priorities a year may have beside its indicators."""


@dataclass(frozen=True, slots=True)
class SpecialPriority(Part):
    """A special priority (专项重点工作) that may be inspected though no indicator is about it."""

    code: Code
    name: str


@dataclass(frozen=True, slots=True)
class InspectionPolicy(Part):
    """How much units may be inspected (督查检查考核): so many in a month and in a year, counted by
    the day on which they begin, and only for an indicator or for one of the `priorities`, of which
    there are at most ten. A null is no limit."""

    most_in_month: Annotated[int | None, Whole(1, 31, null=True)] = None
    most_in_year: Annotated[int | None, Whole(1, 366, null=True)] = None
    priorities: tuple[SpecialPriority, ...] = ()


MOST_DAYS = 40
"""How many working days a deadline of a duty may be moved by."""


@dataclass(frozen=True, slots=True)
class DutyPolicy(Part):
    """When what is owed for a period is due (报送期限), and what follows where it is not in.

    A month is due on the `monthly_within`th working day after it, a quarter on the
    `quarterly_within`th, a half-year on the `half_yearly_by`th day of the month after it, the year
    on the day `yearly_by`, or where that is null on 31 January. It is warned of `warned_before`
    working days before; `red_after` working days after it a red card follows the yellow one. What
    was returned is due again `returned_within` working days later. Nothing is due before the day
    `first_due`: by then is due what would have been earlier, as where a scheme is published in
    spring.

    Indicators that are `exempt` have no deadline. With `cards` a card costs points. With
    `signed_off`, or for the indicators in `signed_off_for`, what a unit hands in is signed off by a
    second person of it (单位内二人签发).
    """

    WHERE_GIVEN = frozenset({"first_due"})

    monthly_within: Annotated[int, Whole(1, MOST_DAYS)] = 5
    quarterly_within: Annotated[int, Whole(1, MOST_DAYS)] = 10
    half_yearly_by: Annotated[int, Whole(1, 31)] = 15
    yearly_by: dt.date | None = None
    warned_before: Annotated[int, Whole(0, MOST_DAYS)] = 5
    red_after: Annotated[int, Whole(1, MOST_DAYS)] = 2
    returned_within: Annotated[int, Whole(1, MOST_DAYS)] = 2
    first_due: dt.date | None = None
    exempt: Codes = ()
    cards: CardPolicy | None = None
    signed_off: YesNo = False
    signed_off_for: Codes = ()


@dataclass(frozen=True, slots=True)
class Step(Part):
    """A step of the year's calendar: on a date, from `opens` to `closes`, or by `due`.

    `working_days` is the length of a step that begins when another ends.
    """

    step: Code
    name: str
    date: dt.date | None = None
    opens: dt.date | None = None
    closes: dt.date | None = None
    due: dt.date | None = None
    working_days: Annotated[int | None, Whole(1, 366, null=True)] = None


@dataclass(frozen=True, slots=True)
class AskedIf(Part):
    """The answers to an earlier question after which a question is asked (跳答)."""

    question: Code
    options: Annotated[tuple[str, ...], Each(Word())]


@dataclass(frozen=True, slots=True)
class Question(Part):
    """A question of a survey and its `weight` in the score; one of weight 0 is only reported.

    `options`, `unscored` and `satisfied` are as those of a survey; a `preset` stands for options.
    It is asked of everybody, or only after some answers to an earlier one (`asked_if`). Whoever
    answers one of `screens` (甄别) is not eligible, and is asked no more.
    """

    code: Code
    name: str
    weight: Annotated[Weight, Number(low=0, to=1)]
    preset: Preset | None = None
    options: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=100), empty=True)] = field(
        default_factory=dict
    )
    option_names: Mapping[str, str] = field(default_factory=dict)
    unscored: Annotated[tuple[str, ...], Each(Word())] = ()
    satisfied: Annotated[tuple[str, ...], Each(Word())] = ()
    asked_if: AskedIf | None = None
    screens: Annotated[tuple[str, ...], Each(Word())] = ()


@dataclass(frozen=True, slots=True)
class Survey(Part):
    """A survey (电话调查, 问卷调查): its collector, its waves, and what is asked.

    It has `questions`, whose weights sum to 1, or is one question with `options` of its own. They
    score 0 to 100; `unscored` words (不了解) are valid answers that leave the denominator. Its
    score is their mean, or the share of `satisfied` ones (满意率), as `measure` says. Waves count
    alike, by `wave_weights`, or all their answers together, as `combine` says.

    `groups` are respondent groups with their weights, which sum to 1, and may be others for units
    of a category (`group_weights_by_category`); `empty_group` is what a group without answers
    does. `min_valid` are the valid answers that a unit needs in a wave, and `below_min` what
    counts where it has fewer. Each body of `attested_by` attests a wave before it closes. At a
    meeting more than a `quorum` of those entitled must vote, and `abstain` is what a blank is.
    """

    code: Code
    name: str
    mode: SurveyMode
    collector: Code
    waves: Annotated[int, Whole(1, 100)]
    options: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=100), empty=True)] = field(
        default_factory=dict
    )
    combine: Literal["mean", "weighted", "pooled"] = "mean"
    option_names: Mapping[str, str] = field(default_factory=dict)
    unscored: Annotated[tuple[str, ...], Each(Word())] = ()
    min_valid: Annotated[int | None, Whole(1, 10_000_000, null=True)] = None
    groups: Annotated[
        Mapping[str, Weight], Table(Number(low=0, to=1), empty=True, weights=True)
    ] = field(default_factory=dict)
    empty_group: Literal["rescale", "zero", "void"] = "rescale"
    below_min: BelowMinimum = "decision"
    questions: tuple[Question, ...] = ()
    measure: Literal["mean", "satisfaction_rate"] = "mean"
    satisfied: Annotated[tuple[str, ...], Each(Word())] = ()
    wave_weights: Annotated[tuple[Weight, ...], Each(Number(above=0, to=1), weights=True)] = ()
    group_weights_by_category: Annotated[
        Mapping[str, Mapping[str, Weight]],
        Table(Table(Number(low=0, to=1), weights=True), empty=True),
    ] = field(default_factory=dict)
    attested_by: Codes = ()
    quorum: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    abstain: Literal["unscored", "void"] = "unscored"


@dataclass(frozen=True, slots=True)
class PartOfTotal(Part):
    """How a block comes to the total: its points out of `scale` are converted to `points` (折算),
    no more than `cap` of these count, and they count by `weight` (加权)."""

    block: Code
    scale: Annotated[Decimal | None, Number(above=0, null=True)] = None
    points: Annotated[Decimal | None, Number(above=0, null=True)] = None
    weight: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    cap: Annotated[Decimal | None, Number(above=0, null=True)] = None


@dataclass(frozen=True, slots=True)
class AdjustmentPlace(Part):
    """The block inside whose cap bonus and deductions count, rather than beside all blocks."""

    into: Code


@dataclass(frozen=True, slots=True)
class Composition(Part):
    """The total is the sum of the blocks in `parts`, plus bonus, minus deductions, at most
    `max_total` points. The blocks in `shown` are scored and shown, and count for nothing in it.

    `by_part` says how single blocks come to it, `adjustment` inside which of them bonus and
    deductions count, `rounding` whether each part is rounded before the sum or only the sum, and
    `lacking` what becomes of a category that lacks a part: it is refused, the part brings nothing,
    or the weights of the others are scaled up.
    """

    WHERE_GIVEN = frozenset({"by_part", "adjustment", "rounding", "lacking"})

    parts: Codes
    bonus: bool
    deductions: bool
    max_total: PointsOrNull = None
    shown: Codes = ()
    by_part: tuple[PartOfTotal, ...] = ()
    adjustment: AdjustmentPlace | None = None
    rounding: Literal["at_end", "each_part"] = "at_end"
    lacking: Literal["refused", "nothing", "scaled_up"] = "refused"

    def settings_of(self, block: str) -> PartOfTotal:
        """Return how a block comes to the total."""
        return next((each for each in self.by_part if each.block == block), PartOfTotal(block))


@dataclass(frozen=True, slots=True)
class Normalisation(Part):
    """How marks that several scorers gave for the indicators `of` are put on one scale (修正系数):
    those of the categories' organisers, or of their panels and units that mark.

    A coefficient is kept within `clamp`; marks of a group that has fewer than `smallest_group` stay
    as they are. `z_score` gives every group this `mean` and `deviation`, in points, or where they
    are left out those of all marks.
    """

    method: Literal["none", "second_mean", "grand_mean_ratio", "z_score", "rank_percentile"]
    by: Literal["organiser", "scorer"]
    of: Codes
    clamp: Annotated[tuple[Decimal, ...], Each(Number(above=0, to=10))] = ()
    smallest_group: Annotated[int, Whole(2, 1000)] = 5
    mean: PointsOrNull = None
    deviation: Annotated[Decimal | None, Number(above=0, null=True)] = None


@dataclass(frozen=True, slots=True)
class Veto(Part):
    """A veto item (一票否决); with no responsible units the performance office reports it.

    `basis` is the law or document that it rests on. By its `scope` it caps the grade (`all`), has
    the `block` that it names count for nothing in the unit's total, or bars the unit from the
    `title` that it names. It is reported until `report_by`, later with a reason only. It counts in
    its own year, with two `years` in the next one too. A `hidden` one acts as a veto and goes by
    another name; it is counted like any.
    """

    WHERE_GIVEN = frozenset({"basis", "scope", "block", "title", "report_by", "years", "hidden"})

    code: Code
    name: str
    responsible_units: Codes = ()
    basis: str | None = None
    scope: Literal["all", "block", "title"] = "all"
    block: CodeOrNull = None
    title: str | None = None
    report_by: dt.date | None = None
    years: Annotated[int, Whole(1, 2)] = 1
    hidden: YesNo = False


@dataclass(frozen=True, slots=True)
class VetoTerm(Part):
    """A term of office: so many vetoes of a unit since the year in which it `began` are told as a
    proposal for removal (免职建议)."""

    began: Annotated[int, Whole(1, 9999)]
    removal_at: Annotated[int, Whole(2, 100)] = 2


@dataclass(frozen=True, slots=True)
class VetoPolicy(Part):
    """A vetoed unit gets at best `grade_cap`; there may be at most `limit` items.

    `previous_cycle` is the year whose releases say which of its vetoes count this year too, and
    how many there were before in the `term`.
    """

    WHERE_GIVEN = frozenset({"previous_cycle", "term"})

    grade_cap: Code
    items: tuple[Veto, ...]
    limit: Annotated[int | None, Whole(0, 1000, null=True)] = None
    previous_cycle: UUID | None = None
    term: VetoTerm | None = None

    @property
    def may_cap(self) -> bool:
        """Whether a unit's grade may be capped: by an item of this year, or a veto of last year."""
        return self.previous_cycle is not None or any(one.scope == "all" for one in self.items)


@dataclass(frozen=True, slots=True)
class Recusal(Part):
    """A unit that the performance office may not decide about, and who decides instead (回避).

    The office's own unit is assessed too, and everybody in the office belongs to it. Whatever is
    decided about `unit` (verification, claims, targets, reports) is decided by accounts with the
    role `second_body` that belong to the unit `body`.
    """

    unit: Code
    body: Code


ApprovalRole = Literal["performance_office", "committee", "standing_committee", "vice_mayor"]
"""Whose a step of an approval chain may be."""

HigherRole = Literal["committee", "standing_committee", "second_body"]
"""Who may decide where too few members of a meeting may vote."""

VoterShare = Literal["over_half", "two_thirds", "all"]
"""Which share of the voters: more than half, two thirds or more, every one."""

MOST_STEPS, MOST_MEMBERS = 20, 100
"""The most steps of an approval chain, and the most members of a meeting."""


@dataclass(frozen=True, slots=True)
class ApprovalMember(Part):
    """A seat of a meeting, and the unit that whoever sits there belongs to, if to any."""

    code: Code
    name: str | None = None
    unit: CodeOrNull = None


@dataclass(frozen=True, slots=True)
class ApprovalStep(Part):
    """A step that a ranking takes before it is published.

    One person of the `role` takes a `single` step. A `meeting` decides by its `members`: a `quorum`
    of those who may vote is there, `at_least` as many, and a `majority` of those votes for it;
    `instead` is who decides where too few may vote. A step goes back to those of `send_back_to`
    that are earlier, `needs` a document or minutes that are named, or that the organiser has
    handed the category in, and is signed for somebody else where it `delegates`.
    """

    code: Code
    role: ApprovalRole
    name: str | None = None
    kind: Literal["single", "meeting"] = "single"
    members: tuple[ApprovalMember, ...] = ()
    quorum: VoterShare = "over_half"
    at_least: Annotated[int | None, Whole(1, MOST_MEMBERS, null=True)] = None
    majority: VoterShare = "over_half"
    send_back_to: Codes = ()
    needs: Literal["none", "document", "minutes", "hand_in"] = "none"
    delegates: YesNo = False
    instead: HigherRole | None = None


@dataclass(frozen=True, slots=True)
class ApprovalPolicy(Part):
    """The chain (审批链) by which rankings are approved, in the order of its `steps`; publication
    follows, and is the office's."""

    steps: tuple[ApprovalStep, ...]


@dataclass(frozen=True, slots=True)
class SuperiorRank(Part):
    """A low place in a superior's list (上级排名靠后): after `worse_than`, or among the `last`.

    `list` is what people call it. The `indicator` that it is about is named in the ranking.
    """

    list: str
    worse_than: Annotated[int | None, Whole(1, 1_000_000, null=True)] = None
    last: Annotated[int | None, Whole(1, 1_000_000, null=True)] = None
    indicator: CodeOrNull = None


@dataclass(frozen=True, slots=True)
class Seat(Part):
    """A seat of a panel (评委席位): the account that alone gives its marks, by the `subject` under
    which it signs in, and the unit that this account belongs to.

    `name` says what the seat is for, such as experts; who sits there is known to the accounts
    alone.
    """

    seat: Code
    account: Annotated[str, Word()]
    unit: Code
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Panel(Part):
    """People who mark units from seats of their own (评委组), for the indicators that name it."""

    code: Code
    name: str
    seats: tuple[Seat, ...]
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class Demotion(Part):
    """A demotion (降等): by a low share of an indicator's points, or by an event or a place in a
    superior's list that is reported `at_least` so many times, each with a document.

    `name` is what people call it in Chinese; it stands in the reasons of a ranking. It is of the
    categories named, of all where none is.
    """

    code: Code
    effect: Literal["not_excellent", "down_one_grade"]
    indicators: Codes = ()
    score_ratio_below: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    event: Annotated[str | None, Word(null=True)] = None
    responsible_units: Codes = ()
    name: str | None = None
    categories: Codes = ()
    superior_rank: SuperiorRank | None = None
    at_least: Annotated[int, Whole(1, 1000)] = 1

    @property
    def is_reported(self) -> bool:
        """Whether somebody has to report it; else it follows from scores."""
        return self.event is not None or self.superior_rank is not None


@dataclass(frozen=True, slots=True)
class GradeLevel(Part):
    """A grade for at most `rate` of a category's units, at least `min_count` of them, or for at
    most `count` units; none of them under `min_score` points."""

    grade: Code
    min_score: Points
    rate: Annotated[Decimal | None, Number(low=0, to=1, null=True)] = None
    rounding: Literal["floor", "half_up", "ceiling"] | None = None
    min_count: Annotated[int, Whole(0, 1000)] = 0
    count: Annotated[int | None, Whole(1, 1_000_000, null=True)] = None

    @property
    def is_limited(self) -> bool:
        """Whether it has a quota; a level for all units is a threshold alone."""
        return self.rate is None or self.rate < 1


@dataclass(frozen=True, slots=True)
class GradeRaise(Part):
    """A grade above another (A+): for `count` of those who have the grade `of`, or for a `rate` of
    them, of the whole category or `within` each sub-category."""

    grade: Code
    of: Code
    count: Annotated[int | None, Whole(1, 1_000_000, null=True)] = None
    rate: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    rounding: Literal["floor", "half_up", "ceiling"] | None = None
    within: Within = "category"


@dataclass(frozen=True, slots=True)
class LastPlace(Part):
    """What is proposed for the last `count` units of those who share quotas, unless all of them
    have `unless_all_at_least` points: a scheme that says nothing proposes nothing."""

    count: Annotated[int, Whole(1, 1000)]
    measure: str
    unless_all_at_least: PointsOrNull = None


@dataclass(frozen=True, slots=True)
class GradePolicy(Part):
    """The grades from best to worst, their quotas and thresholds, and who fills a vacancy.

    `tie_at_line`: of units that share a rank for which the places do not suffice, `none` gets one,
    `all` get one, or `tie_break` says who, and the keys of the ranking order nothing else. A rate
    is a share of `all` ranked units, or of the `eligible`: not vetoed, nor outside the quota.
    Both are of the units of the `scope`: of a category, or of each of its sub-categories. The
    grades of `raised` are given to some who have another, and `last_place` proposes a measure.
    """

    WHERE_GIVEN = frozenset({"raised", "last_place"})

    order: Codes
    levels: tuple[GradeLevel, ...]
    unqualified_below: Points
    vacancy: Literal["backfill", "leave"]
    names: Mapping[str, str] = field(default_factory=dict)
    outside_quota: Codes = ()
    scope: Within = "category"
    tie_at_line: Literal["none", "all", "tie_break"] = "none"
    quota_base: Literal["all", "eligible"] = "all"
    raised: tuple[GradeRaise, ...] = ()
    last_place: LastPlace | None = None


@dataclass(frozen=True, slots=True)
class TieBreakKey(Part):
    """What tells equal totals apart: more points in the block or the indicator of that `code`,
    fewer points deducted, or a better rank in last year's release."""

    key: Literal["block", "indicator", "fewer_deductions", "last_year_rank"]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class TieBreak:
    """A key, or a text that is the code of a block: the same key in short."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> object:
        """Return the key, that of a block always in short: equal schemes are equal documents."""
        if not isinstance(raw, TieBreakKey):
            return Coded().read(raw, at, faults)
        if raw.key in {"block", "indicator"}:
            code = Coded().read(raw.code, f"{at}/code", faults)
            return code if raw.key == "block" else raw
        if raw.code is not None:
            faults.append(
                Fault(
                    f"{at}/code",
                    "code-unused",
                    f"{raw.key} is of the whole unit and has no code.",
                    f"{raw.key} 针对单位整体，不填写代码。",
                )
            )
        return raw


@dataclass(frozen=True, slots=True)
class RankingPolicy(Part):
    """Equal totals are ordered by these keys in turn, then share a rank.

    A unit without a total stops the ranking (`refuse`), or comes last without rank and grade
    (`leave_out`). `previous_cycle` is the year whose release gives last year's ranks. Ranks are
    those `within` the category, or within each of its sub-categories.
    """

    tie_break: Annotated[tuple[str | TieBreakKey, ...], Each(TieBreak())]
    ties: Ties
    incomplete: Literal["refuse", "leave_out"] = "refuse"
    within: Within = "category"
    previous_cycle: UUID | None = None

    def asks_for(self, key: str) -> bool:
        """Say whether one of the keys is of that kind."""
        return any(isinstance(each, TieBreakKey) and each.key == key for each in self.tie_break)


@dataclass(frozen=True, slots=True)
class CrossCategoryList(Part):
    """A list of the units of several categories in one order by their totals (跨类别名单), and for
    what it may be used.

    Equal totals are told apart by points in blocks that all of these categories have, in turn. It
    is no ranking of record, and gives no grade.
    """

    code: Code
    name: str
    use: str
    categories: Codes
    ties: Ties
    tie_break: Codes = ()


@dataclass(frozen=True, slots=True)
class ShownParts(Part):
    """What readers are shown of each unit of a release: its grade, its rank or that alone of the
    `first_places`, totals (`scores`), `blocks`, `reasons`, and the highlights and negative cases
    that are published; by which `coefficients` marks were put on one scale, and between which ranks
    it could stand (`uncertainty`).
    """

    WHERE_GIVEN = frozenset({"negative_cases", "coefficients", "uncertainty"})

    grades: bool = False
    first_places: Annotated[int | None, Whole(1, 1000, null=True)] = None
    ranks: bool = False
    scores: bool = False
    blocks: bool = False
    reasons: bool = False
    highlights: bool = False
    negative_cases: bool = False
    coefficients: bool = False
    uncertainty: bool = False


@dataclass(frozen=True, slots=True)
class PublicationPolicy(Part):
    """Who is shown what of a release: the `public`, without signing in, nothing where it is not
    named; `units`, and `organisers`, everything where they are not named.

    A unit reads its own line whole. Whoever ranks, decides, checks or acts on results does so with
    all of them.
    """

    public: ShownParts | None = None
    units: ShownParts | None = None
    organisers: ShownParts | None = None


CHECK_MOST = 1000
"""Of how many entries of a unit a check may draw."""


@dataclass(frozen=True, slots=True)
class CheckedUnits(Part):
    """How many units of a category are checked: a `number` of them, or a `share`, rounded up; with
    neither every one."""

    category: Code
    share: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    number: Annotated[int | None, Whole(1, 10_000, null=True)] = None


@dataclass(frozen=True, slots=True)
class Overstatement(Part):
    """What it costs that the record says more than a check found (虚报): one `event` of the
    `indicator` for each value that is better for the unit by more than the `tolerance`, a share of
    what was found.

    More is better but where the method of an indicator says otherwise (`direction`), and for the
    indicators that are listed as `lower_is_better`.
    """

    indicator: Code
    event: Annotated[str, Word()]
    tolerance: Annotated[Decimal, Number(low=0, to=10)] = Decimal(0)
    lower_is_better: Codes = ()


@dataclass(frozen=True, slots=True)
class FraudRule(Part):
    """What fraud (弄虚作假) costs a unit, once the committee has found it: no grade above
    `grade_cap`, and where `indicator` is void no points of the indicator.

    The unit has `hearing_days` working days to make its statement.
    """

    grade_cap: Code
    indicator: Literal["void", "kept"] = "void"
    hearing_days: Annotated[int, Whole(1, 60)] = 5


@dataclass(frozen=True, slots=True)
class SecondMarking(Part):
    """Which share of the entries of a check is marked a second time, by somebody who does not know
    the first mark, and which gap is tolerated, a share of the greater of both values."""

    share: Annotated[Decimal, Number(above=0, to=1)]
    tolerance: Annotated[Decimal, Number(low=0, to=1)] = Decimal(0)


@dataclass(frozen=True, slots=True)
class Check(Part):
    """A re-check or a spot check (复检, 抽查) of a share of the units, drawn by a public seed.

    Of each drawn unit it looks at as many verified `entries`, drawn by the same seed; where that is
    null at all of them. Assessed units read the list and what was drawn where `readers` says so.
    Where it names no `overstatement`, that the record says more than was found costs nothing; where
    it names no `fraud`, nothing of it is put forward as fraud; without `second_marking` nothing is
    marked twice.
    """

    WHERE_GIVEN = frozenset({"overstatement", "fraud", "second_marking"})

    code: Code
    name: str
    kind: Literal["recheck", "spot_check"]
    of: tuple[CheckedUnits, ...]
    entries: Annotated[int | None, Whole(1, CHECK_MOST, null=True)] = None
    readers: Literal["office", "units"] = "office"
    overstatement: Overstatement | None = None
    fraud: FraudRule | None = None
    second_marking: SecondMarking | None = None


@dataclass(frozen=True, slots=True)
class SelfEvaluationRound(Part):
    """A round of self-evaluation (自我评估), such as a half-year's: `until` which day units say
    what they hold to have earned, of the `indicators` named, of all where none is."""

    code: Code
    name: str
    until: dt.date
    indicators: Codes = ()


@dataclass(frozen=True, slots=True)
class SelfEvaluationPolicy(Part):
    """The rounds of self-evaluation, and what they cost: a self mark itself never counts.

    What is `late`, each indicator that is `unanswered`, and each `gap` of more than `tolerance` of
    the indicator's points is an event of the `indicator`; what has no event costs nothing.
    """

    rounds: tuple[SelfEvaluationRound, ...]
    indicator: Annotated[str | None, Word(null=True)] = None
    late: Annotated[str | None, Word(null=True)] = None
    unanswered: Annotated[str | None, Word(null=True)] = None
    gap: Annotated[str | None, Word(null=True)] = None
    tolerance: Annotated[Decimal, Number(low=0, to=1)] = Decimal(0)

"""Methods of what people judge: marks of a panel, grades, what a survey found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from chassis.refusals import Fault, pointer
from indicators.rules.forms import DONT_KNOW, EntryForm, FormStep, numbered
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.parameters import Group, Params, Rows, unless
from indicators.rules.numbers import plain, total
from indicators.rules.values import (
    AnyNumber,
    CodeOrNull,
    InputName,
    NotNegative,
    Number,
    NumberOrNull,
    Positive,
    Sentence,
    Table,
    Whole,
    Word,
    YesNo,
)


@dataclass(frozen=True, slots=True)
class Extremes(Params):
    """Marks up to `low` or from `high` on need a comment."""

    low: AnyNumber
    high: AnyNumber

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield extremes that meet."""
        yield from unless(
            self.low < self.high,
            f"{at}/high",
            "bounds-reversed",
            "The bound high must be above low.",
            "上限须大于下限。",
        )


@dataclass(frozen=True, slots=True)
class RubricStep(Params):
    """A step of a rubric (评分标准): what marks from `low` to `high` mean, or `low` alone."""

    low: NotNegative
    text: Annotated[str, Sentence()]
    high: NumberOrNull = None

    @property
    def top(self) -> Decimal:
        """The highest mark of the step."""
        return self.low if self.high is None else self.high

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a step that ends before it begins."""
        yield from unless(
            self.low <= self.top,
            f"{at}/high",
            "bounds-reversed",
            "A step ends no lower than it begins.",
            "档次的上限不得小于下限。",
        )


@dataclass(frozen=True, slots=True)
class QualitativePanel(ScoringMethod):
    """定性评分: points times the mean mark over `scale`, without the `trim` highest and the
    `trim` lowest of `panel_size` marks, or of those of the seats of a `panel` of the scheme.

    The mark of a member whose own unit is assessed is left out, so that one mark less will do.
    With `min_marks` a member may say not to know (不了解) instead, and so many marks will do.
    The `rubric` says what marks mean; with `only_steps` only its marks are taken. With
    `distinct_marks` nobody gives two units of a category the same mark.
    """

    panel_size: Annotated[int | None, Whole(1, 1000, null=True)] = None
    scale: Positive = Decimal(100)
    trim: Annotated[int, Whole(0, 1000)] = 0
    exclude_own_unit: YesNo = True
    comment_at_extremes: Annotated[Extremes | None, Group(Extremes, null=True)] = None
    min_marks: Annotated[int | None, Whole(1, 1000, null=True)] = None
    panel: CodeOrNull = None
    rubric: Annotated[tuple[RubricStep, ...] | None, Rows(RubricStep, null=True)] = None
    only_steps: YesNo = False
    distinct_marks: YesNo = False

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a size beside a panel or neither, too few marks, and a rubric out of order."""
        yield from unless(
            (self.panel_size is None) != (self.panel is None),
            f"{at}/panel_size",
            "panel-or-size",
            "Give either panel_size or panel.",
            "`panel_size` 与 `panel` 须且只能填一项。",
        )
        if self.panel_size is not None:
            yield from self.too_few(self.panel_size, at)
        yield from self._rubric_faults(at)

    def too_few(self, seats: int, at: str) -> Iterator[Fault]:
        """Yield trimming that leaves no mark of so many seats, and more marks than seats."""
        least = seats if self.min_marks is None else self.min_marks
        yield from unless(
            2 * self.trim < least <= seats or 2 * self.trim >= seats,
            f"{at}/min_marks",
            "marks-out-of-reach",
            f"At least {least} marks are more than the {seats} seats, or too few to "
            f"drop {self.trim} at either end.",
            f"最少评分数 {least} 多于席位数 {seats}，或两端各去 {self.trim} 个后无剩余。",
        )
        if 2 * self.trim >= seats:
            yield Fault(
                f"{at}/trim",
                "too-much-trimmed",
                f"Dropping {self.trim} at either end of {seats} marks leaves none.",
                f"{seats} 个评分两端各去 {self.trim} 个后无剩余。",
            )

    def _rubric_faults(self, at: str) -> Iterator[Fault]:
        steps = self.rubric or ()
        yield from unless(
            bool(steps) or not self.only_steps,
            f"{at}/only_steps",
            "steps-of-nothing",
            "Only the steps of a rubric can be wanted where there is one.",
            "`only_steps` 限定为评分标准的档次，须同时给出 `rubric`。",
        )
        for i, (step, following) in enumerate(pairwise(steps), 1):
            yield from unless(
                step.top < following.low,
                f"{at}/rubric/{i}/low",
                "steps-out-of-order",
                f"The step begins at {plain(following.low)}, and the one before ends at "
                f"{plain(step.top)}: steps go up, and no mark is in two of them.",
                f"该档从 {plain(following.low)} 起，上一档到 {plain(step.top)} 止：各档应由低到高，"
                "互不重叠。",
            )
        for i, step in enumerate(steps):
            yield from unless(
                step.top <= self.scale,
                f"{at}/rubric/{i}/{'low' if step.high is None else 'high'}",
                "beyond-scale",
                f"{plain(step.top)} is more than the scale, which ends at {plain(self.scale)}.",
                f"{plain(step.top)} 超出满分 {plain(self.scale)}。",
            )

    def criteria(self) -> object:
        """Return by what marks are given: they stand before the first mark, and stay."""
        return self.scale, self.rubric, self.only_steps

    def marks(self) -> int | None:
        """Return how many different marks can be given; None where they are not counted."""
        single = self.only_steps and all(step.low == step.top for step in self.rubric or ())
        return len(self.rubric or ()) if single else None

    def fixed(self) -> object:
        """Return what marks are entered, by whom and by what."""
        entered = self.panel_size, self.panel, self.comment_at_extremes, self.distinct_marks
        return entered, self.criteria(), self.exclude_own_unit, self.min_marks is None

    def takes(self) -> EntryForm:
        """Return the form of the marks: one of each seat, of which the extremes are explained.

        The seats of a panel stand in the scheme, and are added when it is compiled.
        """
        extremes = self.comment_at_extremes
        return EntryForm(
            "panel_mark",
            items=numbered(self.panel_size or 0),
            low=Decimal(0),
            high=self.scale,
            comment_low=None if extremes is None else extremes.low,
            comment_high=None if extremes is None else extremes.high,
            instead=None if self.min_marks is None else DONT_KNOW,
            panel=self.panel,
            excludes_own_unit=self.panel is not None and self.exclude_own_unit,
            rubric=tuple(FormStep(each.low, each.top, each.text) for each in self.rubric or ()),
            only_steps=self.only_steps,
            distinct=self.distinct_marks,
        )

    def compares(self) -> bool:
        """Say that a score looks at one unit alone."""
        return False


@dataclass(frozen=True, slots=True)
class GradeMap(ScoringMethod):
    """等级折算: points times the ratio of the grade.

    A grade named in `at_most` may be given to no more than that share of the category's graded
    units, rounded to a number of units by `rounding` (强制分布).
    """

    grades: Annotated[Mapping[str, Decimal], Table(Number(low=0, to=1))]
    at_most: Annotated[Mapping[str, Decimal] | None, Table(Number(above=0, to=1), null=True)] = None
    rounding: Annotated[str, Word(("floor", "half_up", "ceiling"))] = "floor"

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield shares of grades that are none, shares too small for all, and idle rounding."""
        shares = self.at_most or {}
        for grade in shares:
            yield from unless(
                grade in self.grades,
                f"{at}/at_most{pointer(grade)}",
                "unknown-grade",
                f"{grade} is none of the grades.",
                f"`grades` 中没有等级 {grade}。",
            )
        room = total(shares.values())
        yield from unless(
            not shares.keys() >= self.grades.keys() or room >= 1,
            f"{at}/at_most",
            "shares-too-small",
            f"The shares of all grades sum to {plain(room)}: some units could have no grade.",
            f"各等级比例合计为 {plain(room)}，不足 1：必有单位无等级可评。",
        )
        yield from unless(
            self.at_most is not None or self.rounding == "floor",
            f"{at}/rounding",
            "rounding-of-nothing",
            "The rounding is that of the shares in at_most.",
            "`rounding` 用于 `at_most` 的比例，须同时给出 `at_most`。",
        )

    def fixed(self) -> object:
        """Return which grades are entered, and how many units may have them."""
        return frozenset(self.grades), frozenset((self.at_most or {}).items()), self.rounding

    def takes(self) -> EntryForm:
        """Return the form of the grade."""
        return EntryForm("grade", words=tuple(sorted(self.grades)))

    def compares(self) -> bool:
        """Say whether what grades others have decides if this one may stand."""
        return self.at_most is not None


@dataclass(frozen=True, slots=True)
class SurveyScore(ScoringMethod):
    """Points times the satisfaction found by the survey, over `scale`."""

    asks_elsewhere = True

    survey: InputName
    scale: Positive = Decimal(100)

    def fixed(self) -> object:
        """Return which survey is asked."""
        return self.survey

    def takes(self) -> None:
        """Return that nothing is entered: the survey is asked."""

    def compares(self) -> bool:
        """Say that a score looks at one unit alone."""
        return False

    def surveys(self) -> tuple[str, ...]:
        """Return the survey whose satisfaction is scored."""
        return (self.survey,)


METHODS: Mapping[str, type[ScoringMethod]] = {
    "qualitative_panel": QualitativePanel,
    "grade_map": GradeMap,
    "survey_score": SurveyScore,
}
"""The methods of this file by their names in a scheme."""

"""What ranking reads of a scheme: everything that decides what follows from the marks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from chassis.refusals import Fault, Invalid
from ranking.rules.chain import ApprovalPolicy
from ranking.rules.consequences import ConsequencePolicy
from ranking.rules.cross_lists import CrossCategoryList
from ranking.rules.demotions import DemotionRule
from ranking.rules.grades import GradePolicy
from ranking.rules.linked import LinkedPolicy
from ranking.rules.marks import Composition, Rounding
from ranking.rules.notices import NoticePolicy
from ranking.rules.order import RankPolicy
from ranking.rules.publication import Publication


class UnknownCategory(Invalid):
    """The scheme has no such category."""

    zh = "方案中没有该类别。"
    remedy = (
        "Look the category's code up in the scheme in force.",
        "请在现行方案中查对类别编码。",
    )


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of the scheme, what it is worth in points, and those below it."""

    code: str
    method: str | None = None
    params: Mapping[str, Any] | None = None
    children: "tuple[Indicator, ...]" = ()
    points: Decimal | None = None

    def codes(self) -> Iterator[str]:
        """Yield its code and those of all below it."""
        yield self.code
        for child in self.children:
            yield from child.codes()

    def surveys(self) -> Iterator[tuple[str, str, Decimal]]:
        """Yield each indicator that a survey gives its score, the survey, and what of it is full
        marks."""
        if self.method == "survey_score" and self.params:
            yield self.code, str(self.params["survey"]), Decimal(self.params.get("scale") or 100)
        for child in self.children:
            yield from child.surveys()


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a category's total, by its code, what people call it, its indicators, and what it
    is worth in points."""

    code: str
    name: str | None = None
    indicators: tuple[Indicator, ...] = ()
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Subcategory:
    """Units of a category that are of one class (子类别), by its code, and what people call it."""

    code: str
    units: tuple[str, ...]
    name: str | None = None
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """Units that are ranked against one another, and the blocks they are measured by.

    Where it has sub-categories each unit is in one of them.
    A policy of its own stands in the place of the scheme's.
    """

    code: str
    units: tuple[str, ...]
    blocks: tuple[Block, ...]
    composition: Composition | None = None
    grades: GradePolicy | None = None
    ranking: RankPolicy | None = None
    subcategories: tuple[Subcategory, ...] = ()
    name: str | None = None
    name_en: str | None = None

    def class_of(self) -> dict[str, str]:
        """Return the sub-category of each unit that is in one, in their order."""
        return {unit: each.code for each in self.subcategories for unit in each.units}

    def surveys(self) -> set[str]:
        """Return the surveys from which indicators of the category take their score."""
        every = (each for block in self.blocks for each in block.indicators)
        return {survey for indicator in every for _, survey, _ in indicator.surveys()}

    @property
    def block_names(self) -> dict[str, str]:
        """What people call the blocks, by their codes."""
        return {block.code: block.name for block in self.blocks if block.name}


@dataclass(frozen=True, slots=True)
class VetoItem:
    """A veto (一票否决) and the units that may report it; none means the performance office.

    `basis` is what it rests on. It caps the grade, has the `block` that it names count for nothing
    in the total, or bars from the `title` that it names; it is reported until `report_by`, counts
    in so many `years`, and is `hidden` where it goes by another name.
    """

    code: str
    responsible_units: tuple[str, ...]
    basis: str | None = None
    scope: Literal["all", "block", "title"] = "all"
    title: str | None = None
    report_by: date | None = None
    years: int = 1
    hidden: bool = False
    block: str | None = None


@dataclass(frozen=True, slots=True)
class VetoTerm:
    """The year in which a term began, and how many vetoes since then propose a removal."""

    began: int
    removal_at: int


@dataclass(frozen=True, slots=True)
class VetoPolicy:
    """The best grade that a vetoed unit may have, the vetoes, and how many there may be at most.

    `previous_cycle` is the year whose releases tell of vetoes that count this year too.
    """

    grade_cap: str
    limit: int | None
    items: tuple[VetoItem, ...]
    previous_cycle: UUID | None = None
    term: VetoTerm | None = None

    def item(self, code: str) -> VetoItem | None:
        """Return the veto of that code; None where an earlier version of the scheme had it."""
        return next((each for each in self.items if each.code == code), None)

    def adds_to_last_year(self, code: str) -> bool:
        """Whether a veto is of a block, and last year's may have more blocks count for nothing."""
        item = self.item(code)
        return self.previous_cycle is not None and item is not None and item.block is not None


@dataclass(frozen=True, slots=True)
class Recusal:
    """A unit that the performance office may not decide about, and the unit that does instead."""

    unit: str
    body: str


@dataclass(frozen=True, slots=True)
class Objections:
    """Whether units may object to their scores; by which rules is no matter of a ranking."""


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How judged marks were put on one scale, as a list across categories tells it."""

    method: str
    by: str
    of: tuple[str, ...]
    clamp: tuple[Decimal, ...] = ()
    smallest_group: int = 5
    mean: Decimal | None = None
    deviation: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """The published scheme, as far as ranking needs it."""

    rounding: Rounding
    categories: tuple[Category, ...]
    composition: Composition
    vetoes: VetoPolicy
    demotions: tuple[DemotionRule, ...]
    grades: GradePolicy
    ranking: RankPolicy
    recusals: tuple[Recusal, ...] = ()
    objections: Objections | None = None
    approval: ApprovalPolicy | None = None
    notice: NoticePolicy | None = None
    consequences: ConsequencePolicy | None = None
    assessment_year: int = 0
    time_zone: str = "Asia/Shanghai"
    publication: Publication | None = None
    normalisation: Normalisation | None = None
    cross_category_lists: tuple[CrossCategoryList, ...] = ()
    linked: LinkedPolicy | None = None

    @property
    def units(self) -> frozenset[str]:
        """The units that are assessed."""
        return frozenset(unit for each in self.categories for unit in each.units)

    def second_body_of(self, unit: str) -> str | None:
        """Return the unit that decides about `unit` in the office's place, None for the office."""
        return next((each.body for each in self.recusals if each.unit == unit), None)

    def composition_of(self, category: Category) -> Composition:
        """Return what makes the totals of a category."""
        return category.composition or self.composition

    def parts_of(self, category: Category) -> tuple[str, ...]:
        """Return the blocks of a category that are parts of its totals, in their order."""
        parts = self.composition_of(category).parts
        return tuple(each.code for each in category.blocks if each.code in parts)

    def grades_of(self, category: Category) -> GradePolicy:
        """Return the grades of a category's units."""
        return category.grades or self.grades

    def ranking_of(self, category: Category) -> RankPolicy:
        """Return how the units of a category are ordered."""
        return category.ranking or self.ranking

    def grade_cap_of(self, category: Category) -> str:
        """Return the best grade that a vetoed unit of a category may have.

        Only in a scheme that has no vetoes any more may it be none of the category's grades; what
        was reported by an earlier version then leaves the lowest of them.
        """
        order, cap = self.grades_of(category).order, self.vetoes.grade_cap
        return cap if cap in order else order[-1]

    def leaves_out(self, category: Category) -> bool:
        """Say whether units that lack marks are left out, rather than the ranking refused."""
        return self.ranking_of(category).incomplete == "leave_out"

    def earlier_of(self, code: str) -> UUID | None:
        """Return the year whose ranks order the category of that code, None where none do."""
        found = next((each for each in self.categories if each.code == code), None)
        return None if found is None else self.ranking_of(found).earlier

    def demotions_of(self, category: Category) -> list[DemotionRule]:
        """Return the demotions that may befall the units of a category."""
        return [each for each in self.demotions if each.concerns(category.code)]

    def category(self, code: str) -> Category:
        """Return the category of that code, or refuse."""
        found = next((each for each in self.categories if each.code == code), None)
        if found is None:
            known = ", ".join(each.code for each in self.categories)
            en, zh = f"The categories are: {known}.", f"类别有：{known}。"
            raise UnknownCategory(en, zh, faults=[Fault("/category", "unknown-category", en, zh)])
        return found

    def category_of(self, unit: str) -> Category | None:
        """Return the category that a unit is assessed in, if there is one."""
        return next((each for each in self.categories if unit in each.units), None)

    def indicators_of(self, unit: str) -> frozenset[str]:
        """Return the codes of the indicators by which a unit is assessed."""
        found = self.category_of(unit)
        blocks = found.blocks if found else ()
        return frozenset(c for b in blocks for each in b.indicators for c in each.codes())

    def units_of(self, code: str) -> tuple[str, ...]:
        """Return the units of the category of that code; none where there is no such category."""
        return next((each.units for each in self.categories if each.code == code), ())

"""Many variations of one category over the same sources: what did not change is scored once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.rules.ledger.sources import Sources
from scoring.rules.scheme.compiled import Reads
from scoring.rules.scheme.document import Category, Indicator, Rounding
from scoring.rules.scheme.plan import Plan
from scoring.rules.sheet.category import CategoryScores, score_category
from scoring.rules.sheet.outcomes import ColumnOutcome


@dataclass(frozen=True, slots=True)
class _Terms:
    """All that a leaf's column follows from besides the sources and the rounding."""

    indicator: Indicator
    reads: Reads
    missing: str
    line: tuple[str, ...]
    units: tuple[str, ...]
    subcategories: object


@dataclass(frozen=True, slots=True)
class Variations:
    """A category over one table of sources, to be scored as one scheme after another would have it.

    Each is scored as `score_category` does it. A leaf that a former variation scored on the same
    terms, and in which every unit has a score, is taken from there: nothing above it changes such a
    column. The schemes may differ in what the sources do not know of: methods, parameters, points,
    precision and how indicators stand below one another.
    """

    rounding: Rounding
    sources: Sources
    _kept: dict[str, list[tuple[_Terms, ColumnOutcome, CategoryScores]]] = field(
        default_factory=dict
    )

    def score(self, plan: Plan) -> CategoryScores:
        """Score the category by this plan."""
        known = self._known(plan)
        found = score_category(plan, self.rounding, self.sources, known=known)
        for code, column in found.outcomes.items():
            if code not in known and _may_be_kept(plan, column):
                # With its category, without which the column could not be told any more.
                kept = (_terms(plan, column.indicator), column, found)
                self._kept.setdefault(code, []).append(kept)
        return found

    def _known(self, plan: Plan) -> Mapping[str, ColumnOutcome]:
        return {
            code: column
            for code, kept in self._kept.items()
            if (indicator := plan.indicators.get(code)) is not None
            for terms, column, _ in kept
            if terms.indicator == indicator and terms == _terms(plan, indicator)
        }


def _terms(plan: Plan, indicator: Indicator) -> _Terms:
    category: Category = plan.category
    code = indicator.code
    return _Terms(
        indicator,
        plan.reads[code],
        plan.missing[code],
        plan.lines.get(code, ()),
        category.units,
        category.subcategories,
    )


def _may_be_kept(plan: Plan, column: ColumnOutcome) -> bool:
    reads = plan.reads[column.indicator.code]
    rests = reads.entries or reads.scores or reads.ranks
    return not (column.indicator.children or rests) and bool(column.has_score.all())

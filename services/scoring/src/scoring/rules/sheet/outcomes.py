"""What indicators come to: one indicator for all units of a category, and one cell of that."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from scoring.rules.columns.column import Note, Reasons
from scoring.rules.columns.gaps import Reason
from scoring.rules.columns.whole import Mask
from scoring.rules.ledger.entries import Entry
from scoring.rules.methods.cells import GROUP, Log, UsedInput
from scoring.rules.methods.group_facts import NO_CLASSES, Classes, Fellows
from scoring.rules.methods.narration import Narration
from scoring.rules.methods.scores import Part, PartsOf, Rounded
from scoring.rules.scheme.document import Indicator

ZERO, SKIPPED, MEAN = "zero", "skipped", "category_mean"
SUBCATEGORY_MEAN = "subcategory_mean"
CARRIED_OVER, NOT_APPLICABLE = "carried_over", "not_applicable"
SHORT_SAMPLE = "short_sample"
VOIDED = "voided"

POLICY_DECISIONS = (
    ZERO,
    SKIPPED,
    MEAN,
    SUBCATEGORY_MEAN,
    CARRIED_OVER,
    NOT_APPLICABLE,
    SHORT_SAMPLE,
    VOIDED,
)
"""Everything that can be done about an indicator without data; the last two: too few answered in a
wave, and it was said what counts; and it scores nothing, because there was fraud in it."""

OUT = frozenset({SKIPPED, NOT_APPLICABLE})
"""The decisions after which an indicator counts for nothing, and its points go elsewhere."""


@dataclass(frozen=True, slots=True)
class Allotment:
    """Where an indicator ends up among its siblings: what it counts for, and its score then.

    `moved` tells how its score came about anew where points came to it or left it.
    """

    points: Fraction
    score: Decimal | None
    moved: Narration | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Siblings after points were moved; `stranded` are the points that nobody is left to take.

    It is `empty` where all of them are out, also where their points had gone before.
    """

    allotments: tuple[Allotment, ...]
    stranded: Fraction
    empty: bool


@dataclass(frozen=True, slots=True)
class Moves:
    """The points of one unit's indicators that go to a named one, by who gets them and who not."""

    incoming: Mapping[str, Fraction] = field(default_factory=dict)
    away: frozenset[str] = frozenset()

    def left(self, indicator: str, points: Fraction) -> Fraction:
        """Return what an indicator of so many points counts for after them."""
        if indicator in self.away:
            return Fraction(0)
        return points + self.incoming.get(indicator, 0)


@dataclass(frozen=True, slots=True)
class PolicyDecision:
    """What was done about an indicator without data, one that does not apply to the unit, or one
    in which there was fraud.

    `what` is one of `POLICY_DECISIONS`. `effect` are the points that the unit gains by it, or loses
    if below 0, compared with sharing the indicator's points among its scored siblings; null where
    there are none.
    """

    indicator: str
    what: str
    effect: Decimal | None
    en: str
    zh: str


@dataclass(slots=True)
class ColumnOutcome:
    """What an indicator comes to for all units, row by row, before any points are moved.

    Without a score (`has_score`) either something is `missing` here or below, or a decision put
    the indicator out. `because` says what a decision stands in for, `worth` the points that the
    score is out of where they are not the indicator's, `groups` how a parent's children ended up
    where points were moved among them. In `declared` rows an entry declares this indicator, or one
    above it, not applicable; a parent can be out because all below it is. `classes` are the
    sub-categories within which units are compared, none where all of the category are. In the rows
    `by_parent` it was the parent that decided about a child that has no score of its own. `parts`
    are those of the method, whatever was decided.
    """

    indicator: Indicator
    scores: Rounded
    has_score: Mask
    log: Log = field(default_factory=Log)
    policy_log: Log = field(default_factory=Log)
    silent: Set[int] = frozenset()
    missing: dict[int, Reasons] = field(default_factory=dict)
    decisions: dict[int, str] = field(default_factory=dict)
    because: dict[int, Reasons] = field(default_factory=dict)
    worth: dict[int, Fraction] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    declared: Set[int] = frozenset()
    compares: bool = False
    category_size: int = 0
    classes: Classes = NO_CLASSES
    by_parent: set[int] = field(default_factory=set)
    parts: PartsOf | None = None
    points_text: str = field(init=False)
    _texts: list[tuple[str | None, str]] | None = None

    def __post_init__(self) -> None:
        self.points_text = f"{self.indicator.points:f}"

    @property
    def out(self) -> set[int]:
        """The rows for which the indicator counts for nothing because of a decision."""
        return {row for row, word in self.decisions.items() if word in OUT}

    def fellows_of(self, row: int) -> Fellows | None:
        """Return the sub-category with whose units the unit of a row is compared, if with one."""
        return self.classes.of[row] if self.classes.all else None

    def texts(self, row: int) -> tuple[str | None, str]:
        """Return the score of a row, and what it lost beyond the points, as texts of their digits.

        Without a score both say so: null, and 0.
        """
        if self._texts is None:
            found = zip(self.scores.texts(), self.scores.excess_texts(), strict=True)
            self._texts = [
                texts if there else (None, "0")
                for texts, there in zip(found, self.has_score.tolist(), strict=True)
            ]
        return self._texts[row]

    def at(self, row: int) -> "Outcome":
        """Return what the indicator comes to for the unit of one row."""
        return Outcome(self, row)


@dataclass(frozen=True)
class Outcome:
    """What one indicator comes to for one unit: one cell of a `ColumnOutcome`."""

    column: ColumnOutcome
    row: int

    @property
    def score(self) -> Decimal | None:
        """The rounded score, None where there is none."""
        return self.column.scores.score(self.row) if self.column.has_score[self.row] else None

    @property
    def value(self) -> Fraction:
        """The score before its rounding."""
        return self.column.scores.of.values.at(self.row)

    @property
    def excess(self) -> Decimal:
        """The points lost beyond the indicator's own."""
        return self.column.scores.excess(self.row) if self.score is not None else Decimal(0)

    @cached_property
    def narration(self) -> Narration | None:
        """How the score came about."""
        return None if self.score is None else self.column.scores.narrated(self.row)

    @property
    def missing(self) -> tuple[Reason, ...]:
        """What is missing here."""
        return self.column.missing.get(self.row, ())

    @property
    def decision(self) -> str | None:
        """What was decided, if anything was."""
        return self.column.decisions.get(self.row)

    @property
    def because(self) -> tuple[Reason, ...]:
        """What the decision stands in for."""
        return self.column.because.get(self.row, ())

    @property
    def group(self) -> Group | None:
        """How the children ended up, where points were moved among them."""
        return self.column.groups.get(self.row)

    @property
    def declared(self) -> bool:
        """Whether an entry declares this indicator, or one above it, not applicable."""
        return self.row in self.column.declared

    @property
    def out(self) -> bool:
        """Whether the indicator counts for nothing because of a decision."""
        return self.decision in OUT

    @property
    def worth(self) -> Fraction | None:
        """The points that the score is out of, where they are not the indicator's."""
        return self.column.worth.get(self.row)

    def points(self) -> Fraction:
        """Return the points that the score is out of."""
        worth = self.worth
        return Fraction(self.column.indicator.points) if worth is None else worth

    @cached_property
    def parts(self) -> Sequence[Part]:
        """The parts that are decided by themselves, none of what is scored in one piece."""
        return () if self.column.parts is None else self.column.parts(self.row)

    def used(self) -> tuple[UsedInput, ...]:
        """Return the inputs that were taken, in order.

        Where the unit's own values are wanting nobody else has a part in it, whoever was looked
        at. What rests on other units says so, even if the method does not.
        """
        column, row = self.column, self.row
        taken, fellows = list(column.log.used(row)), column.fellows_of(row)
        if row in column.silent:
            taken = [each for each in taken if each.source != GROUP]
        elif column.compares and not self.declared and not _name_others(taken):
            whole, size = "category", column.category_size
            if fellows is not None:
                whole, size = "sub-category", fellows.size
            taken.append(UsedInput(f"units of the {whole}", str(size), GROUP))
        if fellows is not None and not self.declared:
            # The scheme says who is of which class, and everybody may read it.
            taken.append(UsedInput("compared within", f"{fellows.code} {fellows.name}", "scheme"))
        return (*taken, *column.policy_log.used(row))


def _name_others(taken: Iterable[UsedInput]) -> bool:
    return any(each.source == GROUP for each in taken)


def column_of(indicator: Indicator, scores: Rounded, log: Log) -> ColumnOutcome:
    """Return the outcome of scores, with what was decided to get them."""
    of, size = scores.of, len(scores)
    column = ColumnOutcome(indicator, scores, ~nowhere(size), log, parts=of.parts)
    column.missing = dict(of.gaps)
    column.silent = frozenset(r for r, why in of.gaps.items() if all(each.absent for each in why))
    for row, notes in of.notes.items():
        if row not in of.gaps:
            _note(column, row, notes)
    for row, reasons in of.not_rated.items():
        column.decisions[row], column.because[row] = SKIPPED, reasons
    column.has_score[[*of.gaps, *of.not_rated]] = False
    return column


def _note(column: ColumnOutcome, row: int, notes: tuple[Note, ...]) -> None:
    """Put on record what was done to get a score: a carried value comes before a short sample."""
    carried = tuple(note.reason for note in notes if note.carried)
    column.decisions[row] = CARRIED_OVER if carried else SHORT_SAMPLE
    column.because[row] = carried or tuple(note.reason for note in notes)


def declare(column: ColumnOutcome, out: Mapping[int, Entry]) -> None:
    """Put rows out that an entry declares not applicable (不适用)."""
    column.declared = frozenset(out)
    for row in out:
        column.missing.pop(row, None)
        column.decisions[row] = NOT_APPLICABLE
    if out:
        rows = np.array(sorted(out))
        column.has_score[rows] = False
        column.log.add(rows, lambda at: (_declaration(out[int(rows[at])]),))


def _declaration(entry: Entry) -> UsedInput:
    return UsedInput("declared not applicable", entry.period, "ledger", (entry.entry_id,))


def nowhere(size: int) -> Mask:
    """Return the mask of no row."""
    return np.zeros(size, dtype=np.bool_)

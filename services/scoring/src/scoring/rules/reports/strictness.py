"""How strict scorers are (尺度): the mean and the spread of what each gives, beside the others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from scoring.rules.columns.exact import half_up, root
from scoring.rules.explanation.steps import Step, StepInput
from scoring.rules.ledger.entries import natural
from scoring.rules.methods.by_record import OWN_LEFT_OUT
from scoring.rules.methods.scores import NOTHING

PLACES = 6
"""The decimal places of shares, means and spreads."""

SELF = "own_unit"
"""The name under which what units report of themselves is counted as one scorer."""

UNIT, PANEL_SEAT, SURVEY = "data_source_unit", "panel_seat", "survey"
SCORERS = (UNIT, SURVEY, PANEL_SEAT)
"""Who gives marks."""

_MARK = "mark "

BySteps = Mapping[str, Mapping[str, Step]]
"""The scored steps of a category, by indicator and unit."""


@dataclass(frozen=True, slots=True)
class ScorerDiagnosis:
    """How strict a scorer is: a data source unit, a survey, or a seat of an indicator's panel.

    For units and surveys marks are shares of the points, `leniency` is their mean less that of all
    marks of the category. For a seat marks are those it gave to others than its own unit,
    `leniency` is the mean distance from the mean of the panel. `spread` is the standard deviation
    over the units, from the mean of the indicators' variances.
    """

    kind: str
    scorer: str
    indicators: tuple[str, ...]
    marks: int
    mean: Decimal
    leniency: Decimal
    spread: Decimal


def scorers(steps: BySteps, authors: Mapping[UUID, str]) -> tuple[ScorerDiagnosis, ...]:
    """Diagnose the scorers of a category, and then the seats of its panels.

    `authors` are the units that made the ledger entries.
    """
    return (*_scorers(steps, authors), *_seats(steps))


def _scorers(steps: BySteps, authors: Mapping[UUID, str]) -> Iterator[ScorerDiagnosis]:
    """Yield how strict the data source units and surveys are, by the shares of points they gave."""
    given = _given(steps, authors)
    everything = [mark for marks in given.values() for each in marks.values() for mark in each]
    for (kind, who), by_indicator in sorted(given.items()):
        middle = mean([mark for each in by_indicator.values() for mark in each])
        yield _diagnosis(kind, who, by_indicator, middle, middle - mean(everything))


def _given(
    steps: BySteps, authors: Mapping[UUID, str]
) -> Mapping[tuple[str, str], Mapping[str, list[Fraction]]]:
    """Return the shares of points that were given, by scorer and indicator."""
    given: defaultdict[tuple[str, str], defaultdict[str, list[Fraction]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for by_unit in steps.values():
        for unit, parent in by_unit.items():
            for step in _leaves(parent):
                if step.score is None or not step.points:
                    continue
                for scorer in _scorers_of(step, unit, authors):
                    given[scorer][step.code].append(_ratio(step))
    return given


def _scorers_of(step: Step, unit: str, authors: Mapping[UUID, str]) -> set[tuple[str, str]]:
    """Return who gave a score: the units that made its entries, and the survey it rests on."""
    read = _read(step)
    units = {authors[entry] for one in read for entry in one.entries if entry in authors}
    found = {(UNIT, SELF if each == unit else each) for each in units}
    surveys = (one.name for one in read if one.source == SURVEY)
    return found | {(SURVEY, name.rpartition(", ")[2]) for name in surveys}


def _seats(steps: BySteps) -> Iterator[ScorerDiagnosis]:
    """Yield how strict the members of each panel are, by the marks they gave."""
    for by_unit in steps.values():
        for code, panels in _panels(by_unit.values()).items():
            for seat in sorted({seat for marks in panels for seat in marks}, key=natural):
                yield _seat(code, seat, [marks for marks in panels if seat in marks])


def _panels(parents: Iterable[Step]) -> Mapping[str, list[dict[str, Fraction]]]:
    """Return the marks of the panels below these steps by indicator, those of each unit by seat."""
    panels: defaultdict[str, list[dict[str, Fraction]]] = defaultdict(list)
    for parent in parents:
        for step in _leaves(parent):
            if marks := _marks(step):
                panels[step.code].append(marks)
    return panels


def _seat(code: str, seat: str, panels: Sequence[Mapping[str, Fraction]]) -> ScorerDiagnosis:
    """Diagnose a member of panels by how far their marks lie from the means of the panels."""
    given = [marks[seat] for marks in panels]
    away = [marks[seat] - mean(list(marks.values())) for marks in panels]
    return _diagnosis(PANEL_SEAT, seat, {code: given}, mean(given), mean(away))


def _marks(step: Step) -> dict[str, Fraction]:
    """Return a panel's marks by seat, as the explanation names them."""
    return {
        one.name.removeprefix(_MARK): Fraction(one.value)
        for one in step.inputs
        if one.name.startswith(_MARK) and one.entries and not _is_left_out(one)
    }


def _read(step: Step) -> list[StepInput]:
    """Return what a score rests on."""
    return [one for each in step.walk() for one in each.inputs if not _is_left_out(one)]


def _is_left_out(one: StepInput) -> bool:
    """Say whether it is a mark that the assessed unit has written itself: nothing rests on it, and
    it tells nothing of how strict its seat is with others."""
    return one.name.endswith(OWN_LEFT_OUT)


def _diagnosis(
    kind: str,
    scorer: str,
    marks: Mapping[str, list[Fraction]],
    middle: Fraction,
    leniency: Fraction,
) -> ScorerDiagnosis:
    return ScorerDiagnosis(
        kind=kind,
        scorer=scorer,
        indicators=tuple(marks),
        marks=sum(map(len, marks.values())),
        mean=half_up(middle, PLACES),
        leniency=half_up(leniency, PLACES),
        spread=half_up(root(mean([variance(each) for each in marks.values()])), PLACES),
    )


def _leaves(step: Step) -> Iterator[Step]:
    below = step.indicators
    if not below:
        yield step
    for child in below:
        yield from _leaves(child)


def _ratio(step: Step) -> Fraction:
    return fraction(step.score) / fraction(step.points)


def fraction(value: Decimal | None) -> Fraction:
    """Return a score as a fraction; one that is missing adds nothing."""
    return NOTHING if value is None else Fraction(value)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Return the arithmetic mean; that of nothing is 0."""
    return sum(values, NOTHING) / len(values) if values else NOTHING


def variance(values: Sequence[Fraction]) -> Fraction:
    """Return the variance of a whole population, not of a sample."""
    middle = mean(values)
    return mean([(value - middle) ** 2 for value in values])

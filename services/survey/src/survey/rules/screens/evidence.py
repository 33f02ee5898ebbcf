"""What the screens look at: the interviews of a wave, counted by unit and interviewer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import fsum
from typing import Final

from survey.rules.wordings import wording

LEAST_ANSWERS: Final = 3
"""Two answers that are alike make no line and no pattern."""
Pattern = tuple[str | None, ...]
"""The options that one respondent chose, in the order of the questions; None was not asked."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A question as the screens see it: what its options are worth, and its share of the score."""

    question: str
    scores: Mapping[str, Decimal | None]
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Interview:
    """A completed interview about one unit, with its length in seconds and a free text."""

    unit: str
    respondent_token: str
    answers: Pattern
    interviewer: str | None = None
    seconds: int | None = None
    opinion: str | None = None


@dataclass(slots=True)
class Cell:
    """The interviews of one interviewer about one unit: how many had which pattern and so on."""

    patterns: Counter[Pattern] = field(default_factory=Counter)
    seconds: Counter[int] = field(default_factory=Counter)
    wordings: Counter[str] = field(default_factory=Counter)


Cells = Mapping[tuple[str, str | None], Cell]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A wave: its cells by unit and interviewer, and how often tokens come again, by unit."""

    cells: Cells
    repeated: Mapping[str, int]


def gathered(interviews: Iterable[Interview]) -> Evidence:
    """Count interviews; their order has no influence."""
    cells = dict[tuple[str, str | None], Cell]()
    tokens = Counter[tuple[str, str]]()
    for each in interviews:
        cell = cells.setdefault((each.unit, each.interviewer), Cell())
        cell.patterns[each.answers] += 1
        tokens[each.unit, each.respondent_token] += 1
        if each.seconds is not None:
            cell.seconds[each.seconds] += 1
        if each.opinion and (words := wording(each.opinion)):
            cell.wordings[words] += 1
    repeated = Counter[str]()
    for (unit, _), times in tokens.items():
        repeated[unit] += times - 1
    return Evidence(cells, {unit: times for unit, times in sorted(repeated.items()) if times})


class Reading:
    """What a pattern of answers says, by the scales of the questions."""

    def __init__(self, scales: Sequence[Scale]) -> None:
        self.scales = scales
        self._below = [_steps_below(scale.scores) for scale in scales]

    @property
    def of_several(self) -> bool:
        """Say whether there are enough questions for their answers to make a pattern."""
        return len(self.scales) >= LEAST_ANSWERS

    def below(self, pattern: Pattern) -> list[int] | None:
        """Return how many steps each answer is below full marks; None where one has no score."""
        found = []
        for steps, option in zip(self._below, pattern, strict=True):
            if option is not None:
                if option not in steps:
                    return None
                found.append(steps[option])
        return found or None

    def is_full(self, pattern: Pattern) -> bool:
        """Say whether every answer is full marks."""
        below = self.below(pattern)
        return below is not None and not any(below)

    def is_nearly_full(self, pattern: Pattern) -> bool:
        """Say whether one of several answers is one step lower, and the rest full marks."""
        below = self.below(pattern)
        return below is not None and len(below) >= LEAST_ANSWERS and sum(below) == 1

    def tops(self, pattern: Pattern) -> tuple[int, int]:
        """Return how many answers are full marks, and how many have a score at all."""
        scored = [
            steps[option]
            for steps, option in zip(self._below, pattern, strict=True)
            if option in steps
        ]
        return scored.count(0), len(scored)

    def index(self, pattern: Pattern) -> float | None:
        """Return the weighted mean of the answers' scores; None where none has weight."""
        total = share = Decimal(0)
        for scale, option in zip(self.scales, pattern, strict=True):
            score = None if option is None else scale.scores.get(option)
            if score is not None:
                total += scale.weight * score
                share += scale.weight
        return (
            fsum((total / share,)) if share else None
        )  # it only describes: no score is made of it


def is_straight(pattern: Pattern) -> bool:
    """Say whether several questions were answered, and all by the same option."""
    chosen = [option for option in pattern if option is not None]
    return len(chosen) >= LEAST_ANSWERS and len(set(chosen)) == 1


def _steps_below(scores: Mapping[str, Decimal | None]) -> dict[str | None, int]:
    steps = sorted({each for each in scores.values() if each is not None}, reverse=True)
    return {option: steps.index(s) for option, s in scores.items() if s is not None}

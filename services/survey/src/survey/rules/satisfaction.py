"""From counted answers to the satisfaction of a unit, in points of 100.

Every step is rounded half up to the places of the scheme before the next one uses it: the score of
a question within a group, of the group, of the wave, the mean of the waves. Waves are averaged as
scores and never pooled as answers, so that a larger sample in one half of the year has no more
say, unless the scheme says so (`combine`), or a decision because too few answered
(`rules.minimum`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from survey.rules.definition import ANSWER, Question, SurveyDefinition

Counts = Mapping[str | None, Mapping[str, int]]
"""Answers to a question by respondent group (None where there are no groups) and option."""

Answers = Mapping[str, Counts]
"""Answers by question."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many contacts about one unit ended alike; only completed ones have an answer.

    Of a survey with several questions each is tallied by itself, and all contacts once more
    without a question.
    """

    outcome: str
    group: str | None
    answer: str | None
    contacts: int
    question: str | None = ANSWER


@dataclass(frozen=True, slots=True)
class WaveResult:
    """What one wave says about one unit.

    `valid_sample` is the number of answers that carry a score, to that scored question which has
    fewest; `score` (of 100) is None when there is none. Where the sample is `insufficient`, below
    the scheme's minimum, that score is only what its answers come to: what counts is for
    `rules.minimum` to say.
    """

    valid_sample: int
    score: Decimal | None
    insufficient: bool


def answers_of(tallies: Iterable[Tally]) -> Answers:
    """Count the answers that were given, whatever the outcome of the other contacts."""
    counts: dict[str, dict[str | None, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for tally in tallies:
        if tally.answer is not None and tally.question is not None:
            counts[tally.question][tally.group][tally.answer] = tally.contacts
    return counts


def joined(waves: Iterable[Answers]) -> Answers:
    """Return the answers of several waves together."""
    whole: dict[str, dict[str | None, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for wave in waves:
        for question, counts in wave.items():
            for group, answers in counts.items():
                whole[question][group].update(answers)
    return whole


def wave_result(definition: SurveyDefinition, unit: str, answers: Answers) -> WaveResult:
    """Score one unit's answers of one wave, group by group where the survey has groups."""
    shares = definition.shares_of(unit)
    valid = {
        question.code: _valid(definition, question, answers.get(question.code, {}), shares)
        for question in definition.scored
    }
    sample = min(sum(map(sum_of, of_groups.values())) for of_groups in valid.values())
    score = _score(definition, shares, valid)
    insufficient = sample < definition.required or score is None
    return WaveResult(valid_sample=sample, score=score, insufficient=insufficient)


def satisfaction(
    waves: Sequence[Decimal | None], places: int, weights: Sequence[Decimal] | None = None
) -> Decimal | None:
    """Return the mean of the wave scores, or None when a wave has none.

    A wave without a score never silently leaves the mean to the other waves.
    """
    scores = [score for score in waves if score is not None]
    weights = [Decimal(1)] * len(waves) if weights is None else weights
    if not scores or len(scores) < len(waves) or not sum(weights):
        return None
    weighed = sum((w * score for w, score in zip(weights, scores, strict=True)), Decimal())
    return rounded(weighed / sum(weights), places)


def sum_of(answers: Mapping[str, int]) -> int:
    """Return how many answers there are."""
    return sum(answers.values())


def rounded(value: Decimal, places: int) -> Decimal:
    """Return a number rounded half up to so many places."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _valid(
    definition: SurveyDefinition,
    question: Question,
    counts: Counts,
    shares: Mapping[str | None, Decimal],
) -> dict[str | None, dict[str, int]]:
    """Return the answers of each group that carry a score; those of no group are none."""
    values = definition.values[question.code]
    return {
        group: {option: n for option, n in counts.get(group, {}).items() if option in values and n}
        for group in shares
    }


def _score(
    definition: SurveyDefinition,
    shares: Mapping[str | None, Decimal],
    valid: Mapping[str, Mapping[str | None, Mapping[str, int]]],
) -> Decimal | None:
    """Weigh the scores of the groups; for one that nobody answered in, the scheme says whether its
    share goes to the others, counts nothing, or leaves the wave without a score."""
    of_groups = [(share, _of_group(definition, group, valid)) for group, share in shares.items()]
    weighed = [(share, score) for share, score in of_groups if share]
    known = _known(weighed)
    match definition.empty_group:
        case "void" if len(known) < len(weighed):
            return None
        case "zero" if known:
            known = [(share, score or Decimal(0)) for share, score in weighed]
    return _weighed(definition, known) if known else None


def _known(
    scores: Iterable[tuple[Decimal, Decimal | None]],
) -> list[tuple[Decimal, Decimal]]:
    return [(share, score) for share, score in scores if score is not None]


def _of_group(
    definition: SurveyDefinition,
    group: str | None,
    valid: Mapping[str, Mapping[str | None, Mapping[str, int]]],
) -> Decimal | None:
    """Weigh the scores of the questions; one that nobody of the group answered leaves its weight
    to the others."""
    scores = [
        (each.weight, _mean(definition, each.code, answers))
        for each in definition.scored
        if (answers := valid[each.code][group])
    ]
    return _weighed(definition, scores) if scores else None


def _weighed(definition: SurveyDefinition, scores: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    weighed = sum((weight * score for weight, score in scores), Decimal())
    return rounded(weighed / sum(weight for weight, _ in scores), definition.places)


def _mean(definition: SurveyDefinition, question: str, answers: Mapping[str, int]) -> Decimal:
    values = definition.values[question]
    total = sum((values[option] * count for option, count in answers.items()), Decimal())
    return rounded(total / sum_of(answers), definition.places)

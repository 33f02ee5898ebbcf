"""From counted answers to the satisfaction of a unit, in points of 100.

Every step is rounded half up to the places of the scheme before the next one uses it: the score
of a group, the score of a wave, the mean of the waves. Waves are averaged as scores and never
pooled as answers, so that a larger sample in one half of the year has no more say, unless the
scheme or a decision says so because too few answered (`rules.minimum`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from survey.rules.definition import SurveyDefinition

Counts = Mapping[str | None, Mapping[str, int]]
"""Answers by respondent group (None where there are no groups) and option."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many contacts about one unit ended alike; only completed ones have an answer."""

    outcome: str
    group: str | None
    answer: str | None
    contacts: int


@dataclass(frozen=True, slots=True)
class WaveResult:
    """What one wave says about one unit.

    `valid_sample` is the number of answers that carry a score; `score` (of 100) is None when
    there is none. Where the sample is `insufficient`, below the scheme's minimum, that score is
    only what its answers come to: what counts is for `rules.minimum` to say.
    """

    valid_sample: int
    score: Decimal | None
    insufficient: bool


def counts_of(tallies: Iterable[Tally]) -> Counts:
    """Count the answers that were given, whatever the outcome of the other contacts."""
    counts: dict[str | None, dict[str, int]] = defaultdict(dict)
    for tally in tallies:
        if tally.answer is not None:
            counts[tally.group][tally.answer] = tally.contacts
    return counts


def wave_result(definition: SurveyDefinition, counts: Counts) -> WaveResult:
    """Score one unit's answers of one wave, group by group where the survey has groups."""
    scores = definition.scores
    valid = {
        group: {option: n for option, n in counts.get(group, {}).items() if option in scores and n}
        for group in definition.shares
    }
    sample = sum(sum(answers.values()) for answers in valid.values())
    score = _score(definition, valid)
    insufficient = sample < definition.required or score is None
    return WaveResult(valid_sample=sample, score=score, insufficient=insufficient)


def satisfaction(waves: Sequence[Decimal | None], places: int) -> Decimal | None:
    """Return the mean of the wave scores, or None when a wave has none.

    A wave without a score never silently leaves the mean to the other waves.
    """
    scores = [score for score in waves if score is not None]
    if not scores or len(scores) < len(waves):
        return None
    return _rounded(sum(scores, Decimal()) / len(scores), places)


def _score(definition: SurveyDefinition, valid: Counts) -> Decimal | None:
    """Weigh the group scores; a group that nobody answered in leaves its share to the others."""
    shares = {group: share for group, share in definition.shares.items() if share and valid[group]}
    if not shares:
        return None
    scores = {group: _mean(definition, valid[group]) for group in shares}
    weighted = sum((share * scores[group] for group, share in shares.items()), Decimal())
    return _rounded(weighted / sum(shares.values()), definition.places)


def _mean(definition: SurveyDefinition, answers: Mapping[str, int]) -> Decimal:
    scores = definition.scores
    total = sum((scores[option] * count for option, count in answers.items()), Decimal())
    return _rounded(total / sum(answers.values()), definition.places)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

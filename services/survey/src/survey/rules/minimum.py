"""What follows when too few answered (样本不足): nothing by itself.

A wave in which a unit has fewer valid answers than the scheme wants says nothing about it, and its
satisfaction is undefined until the scheme's rule or a confirmed decision says what counts instead.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from survey.rules.definition import DECISION, SurveyDefinition
from survey.rules.satisfaction import Counts, satisfaction, wave_result


class Treatment(StrEnum):
    """What counts in place of a wave in which too few answered."""

    COUNTED = "counted"
    OTHER_WAVES = "other_waves"
    POOLED = "pooled"
    NOT_RATED = "not_rated"

    @property
    def zh(self) -> str:
        """The treatment in Chinese."""
        return _TREATMENTS_ZH[self]


_TREATMENTS_ZH = {
    Treatment.COUNTED: "仍按实际样本计分",
    Treatment.OTHER_WAVES: "以其他轮次为准",
    Treatment.POOLED: "各轮样本合并计分",
    Treatment.NOT_RATED: "不作评议",
}


class Standing(StrEnum):
    """How far the satisfaction with a unit is known."""

    UNFINISHED = "unfinished"
    SETTLED = "settled"
    BELOW_MINIMUM = "below_minimum"
    NOT_RATED = "not_rated"


@dataclass(frozen=True, slots=True)
class WaveSample:
    """What a closed wave has of one unit: its valid answers, and the score that they come to."""

    wave: int
    valid_sample: int
    score: Decimal | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class ConfirmedDecision:
    """A confirmed decision about a unit in a wave, by its number in the wave."""

    number: int
    treatment: Treatment
    document_no: str


@dataclass(frozen=True, slots=True)
class ShortSample:
    """A wave below the minimum: how many answers it has and needs, and what is done about it.

    Without a `treatment` nobody has said; without a `decision` the scheme says it.
    """

    wave: int
    valid_sample: int
    required: int
    treatment: Treatment | None
    decision: ConfirmedDecision | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The satisfaction with one unit (of 100), and what it would be if every answer counted.

    `satisfaction` is None unless the standing is settled.
    """

    standing: Standing
    satisfaction: Decimal | None
    all_counted: Decimal | None
    short: tuple[ShortSample, ...]


def is_short(definition: SurveyDefinition, sample: WaveSample) -> bool:
    """Say whether too few answered; answers that carry no weight are none."""
    return sample.valid_sample < definition.required or sample.score is None


def finding(
    definition: SurveyDefinition,
    samples: Sequence[WaveSample],
    decided: Mapping[int, ConfirmedDecision],
) -> Finding:
    """Return the satisfaction with a unit by its closed waves and the decisions about them."""
    named = tuple(filter(None, (_short(definition, each, decided) for each in samples)))
    if len(samples) < definition.waves:
        return Finding(Standing.UNFINISHED, None, None, named)
    whole = satisfaction([each.score for each in samples], definition.places)
    treatments = {each.treatment for each in named}
    if Treatment.NOT_RATED in treatments and None not in treatments:
        return Finding(Standing.NOT_RATED, None, whole, named)
    found = None if None in treatments else _treated(definition, samples, named)
    standing = Standing.BELOW_MINIMUM if found is None else Standing.SETTLED
    return Finding(standing, found, whole, named)


def _treated(
    definition: SurveyDefinition, samples: Sequence[WaveSample], short: Sequence[ShortSample]
) -> Decimal | None:
    """Return the satisfaction where every short sample has a treatment; None is still too few."""
    if any(each.treatment is Treatment.POOLED for each in short):
        return _pooled(definition, samples, short)
    out = {each.wave for each in short if each.treatment is Treatment.OTHER_WAVES}
    return satisfaction([s.score for s in samples if s.wave not in out], definition.places)


def _short(
    definition: SurveyDefinition, sample: WaveSample, decided: Mapping[int, ConfirmedDecision]
) -> ShortSample | None:
    if not is_short(definition, sample):
        return None
    decision = decided.get(sample.wave)
    treatment = decision.treatment if decision else _rule(definition)
    return ShortSample(sample.wave, sample.valid_sample, definition.required, treatment, decision)


def _rule(definition: SurveyDefinition) -> Treatment | None:
    return None if definition.below_min == DECISION else Treatment(definition.below_min)


def _pooled(
    definition: SurveyDefinition, samples: Sequence[WaveSample], short: Sequence[ShortSample]
) -> Decimal | None:
    """Return the score of all waves' answers together.

    By the scheme's rule they are as many as one wave needs; a decision may count fewer.
    """
    whole: dict[str | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sample in samples:
        for group, answers in sample.counts.items():
            for option, contacts in answers.items():
                whole[group][option] += contacts
    result = wave_result(definition, whole)
    if result.valid_sample < definition.required and not all(each.decision for each in short):
        return None
    return result.score

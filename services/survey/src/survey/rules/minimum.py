"""What follows when too few answered (样本不足): nothing by itself.

A wave in which a unit has fewer valid answers than the scheme wants says nothing about it, and its
satisfaction is undefined until the scheme's rule or a confirmed decision says what counts instead.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from survey.rules.definition import DECISION, SurveyDefinition
from survey.rules.satisfaction import Answers, joined, rounded, satisfaction, wave_result


class Treatment(StrEnum):
    """What counts in place of a wave in which too few answered."""

    COUNTED = "counted"
    OTHER_WAVES = "other_waves"
    POOLED = "pooled"
    CATEGORY_MEAN = "category_mean"
    NOT_RATED = "not_rated"

    @property
    def zh(self) -> str:
        """The treatment in Chinese."""
        return _TREATMENTS_ZH[self]


_TREATMENTS_ZH = {
    Treatment.COUNTED: "仍按实际样本计分",
    Treatment.OTHER_WAVES: "以其他轮次为准",
    Treatment.POOLED: "各轮样本合并计分",
    Treatment.CATEGORY_MEAN: "以同类别单位平均值计分",
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
    """What a closed wave has of one unit: its valid answers, and the score that they come to; they
    were given to a version of the questionnaire."""

    wave: int
    valid_sample: int
    score: Decimal | None
    answers: Answers
    questionnaire: int | None = None


@dataclass(frozen=True, slots=True)
class ConfirmedDecision:
    """A confirmed decision about a unit in a wave, by its number in the wave."""

    number: int
    treatment: Treatment
    document_no: str


@dataclass(frozen=True, slots=True)
class ShortSample:
    """A wave below the minimum: how many answers it has and needs, and what is done about it.

    Without a `treatment` nobody has said; without a `decision` the scheme says it. One that was
    voided has no answers, and only a decision says what counts instead.
    """

    wave: int
    valid_sample: int
    required: int
    treatment: Treatment | None
    decision: ConfirmedDecision | None = None
    was_voided: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """The satisfaction with one unit (of 100), and what it would be if every answer counted.

    `satisfaction` is None unless the standing is settled. Answers to different questionnaires are
    `unpooled`: where those of all waves together should count, nothing does.
    """

    standing: Standing
    satisfaction: Decimal | None
    all_counted: Decimal | None
    short: tuple[ShortSample, ...]
    unpooled: bool = False


def are_alike(samples: Iterable[WaveSample]) -> bool:
    """Say whether all answers were given to one questionnaire."""
    return len({each.questionnaire for each in samples}) <= 1


def is_short(definition: SurveyDefinition, sample: WaveSample) -> bool:
    """Say whether too few answered; answers that carry no weight are none."""
    return sample.valid_sample < definition.required or sample.score is None


def findings(
    definition: SurveyDefinition,
    samples: Mapping[str, Sequence[WaveSample]],
    decided: Mapping[str, Mapping[int, ConfirmedDecision]],
    voided: Collection[int] = (),
) -> Mapping[str, Finding]:
    """Return the satisfaction with each unit that has samples, by its closed waves and what was
    decided, also about `voided` ones.

    The mean of a category is that of its units whose own answers count.
    """
    found = {
        unit: finding(definition, unit, of_unit, decided.get(unit, {}), voided)
        for unit, of_unit in samples.items()
    }
    own = defaultdict[str, list[Decimal]](list)
    for unit, each in found.items():
        if each.satisfaction is not None:
            own[definition.categories.get(unit, "")].append(each.satisfaction)
    return {
        unit: _by_category(definition, each, own.get(definition.categories.get(unit, ""), ()))
        for unit, each in found.items()
    }


def _by_category(
    definition: SurveyDefinition, found: Finding, others: Sequence[Decimal]
) -> Finding:
    treatments = {short.treatment for short in found.short}
    if Treatment.CATEGORY_MEAN not in treatments or None in treatments or not others:
        return found
    if found.standing is not Standing.BELOW_MINIMUM:
        return found
    mean = rounded(sum(others, Decimal()) / len(others), definition.places)
    return replace(found, standing=Standing.SETTLED, satisfaction=mean)


def finding(
    definition: SurveyDefinition,
    unit: str,
    samples: Sequence[WaveSample],
    decided: Mapping[int, ConfirmedDecision],
    voided: Collection[int] = (),
) -> Finding:
    """Return the satisfaction with a unit by its closed waves and the decisions about them.

    A wave of the scheme that was `voided` is away until one that repeats it has closed: it is to
    come, unless it was decided to go without it. Where the mean of its category is to count, that
    is not known yet (`findings`).
    """
    whole = _combined(definition, unit, samples)
    short = _short_ones(definition, unit, samples, decided)
    away = _voided(definition, samples, decided, voided)
    named = tuple(sorted((*short, *away), key=lambda each: each.wave))
    if len(samples) + len(list(filter(_is_decided, away))) < definition.waves:
        return Finding(Standing.UNFINISHED, None, None, named)
    treatments = {each.treatment for each in named}
    if Treatment.NOT_RATED in treatments and None not in treatments:
        return Finding(Standing.NOT_RATED, None, whole, named)
    found = None
    if treatments.isdisjoint({None, Treatment.CATEGORY_MEAN}):
        found = _treated(definition, unit, samples, named)
    standing = Standing.BELOW_MINIMUM if found is None else Standing.SETTLED
    unpooled = Treatment.POOLED in treatments and not are_alike(samples)
    return Finding(standing, found, whole, named, unpooled)


def _short_ones(
    definition: SurveyDefinition,
    unit: str,
    samples: Sequence[WaveSample],
    decided: Mapping[int, ConfirmedDecision],
) -> list[ShortSample]:
    """Return the closed waves in which too few answered, as far as that matters."""
    if definition.combine == "pooled" and _are_enough(definition, unit, samples):
        return []  # what counts are the answers of all waves together, and these are enough
    return [short for each in samples if (short := _short(definition, each, decided))]


def _is_decided(short: ShortSample) -> bool:
    return short.decision is not None


def _voided(
    definition: SurveyDefinition,
    samples: Sequence[WaveSample],
    decided: Mapping[int, ConfirmedDecision],
    voided: Collection[int],
) -> list[ShortSample]:
    """Return the voided waves that no closed one repeats; no rule of the scheme is for them."""
    return [
        ShortSample(
            wave,
            0,
            definition.required,
            decided[wave].treatment if wave in decided else None,
            decided.get(wave),
            was_voided=True,
        )
        for wave in {*voided} - {each.wave for each in samples}
    ]


def _combined(
    definition: SurveyDefinition, unit: str, samples: Sequence[WaveSample]
) -> Decimal | None:
    """Return what these waves come to as the scheme combines them."""
    if definition.combine == "pooled":
        return wave_result(definition, unit, joined(each.answers for each in samples)).score
    weights = [definition.weight_of(each.wave) for each in samples]
    return satisfaction([each.score for each in samples], definition.places, weights)


def _are_enough(definition: SurveyDefinition, unit: str, samples: Sequence[WaveSample]) -> bool:
    """Say whether the answers of all waves together are as many as one wave needs."""
    return not wave_result(definition, unit, joined(each.answers for each in samples)).insufficient


def _treated(
    definition: SurveyDefinition,
    unit: str,
    samples: Sequence[WaveSample],
    short: Sequence[ShortSample],
) -> Decimal | None:
    """Return the satisfaction where every short sample has a treatment; None is still too few."""
    if Treatment.POOLED in {each.treatment for each in short}:
        if not are_alike(samples):
            return None
        # By the scheme's rule they are as many as one wave needs; a decision may count fewer.
        together = wave_result(definition, unit, joined(each.answers for each in samples))
        by_decision = all(each.decision for each in short)
        return together.score if by_decision or not together.insufficient else None
    out = {each.wave for each in short if each.treatment is Treatment.OTHER_WAVES}
    return _combined(definition, unit, _without(samples, out))


def _without(samples: Sequence[WaveSample], waves: set[int]) -> list[WaveSample]:
    return [each for each in samples if each.wave not in waves]


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

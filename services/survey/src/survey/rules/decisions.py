"""Who decides on a wave in which too few answered, and what can be decided about it."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from chassis import persons
from chassis.refusals import Conflict, Fault, Forbidden, Invalid, pointer
from survey.rules.definition import SurveyDefinition
from survey.rules.minimum import Treatment, WaveSample, is_short
from survey.rules.satisfaction import WaveResult
from survey.rules.states import WaveState

_MOST_NAMED = 200


class BelowMinimum(Conflict):
    """Units have fewer valid answers than the minimum: say why the wave closes all the same."""

    zh = "有单位的有效样本低于最低要求；如仍须关闭本轮，请说明理由。"
    remedy = (
        "Collect more answers, or send a `reason` to close the wave as it is.",
        "请继续采集样本；如仍须关闭本轮，请填写 `reason`。",
    )


class DecisionRejected(Invalid):
    """The decision does not fit the samples of this wave."""

    zh = "该决定与本轮样本情况不符。"
    remedy = (
        "Name only units with too few valid answers, and a treatment that their other answers "
        "allow.",
        "请只列有效样本不足的单位，并选择其样本情况允许的处理方式。",
    )


class WaveStillOpen(Conflict):
    """What a wave says is decided on after it has closed."""

    zh = "本轮调查关闭后方可作出决定。"
    remedy = (
        "Close the wave first.",
        "请先关闭本轮调查。",
    )


class DeciderBarred(Forbidden):
    """The caller may not decide about some of these units, or about their category."""

    zh = "调用者须回避，不能对其中部分单位或该类别作出决定。"
    remedy = (
        "Have it decided by somebody of another unit, or by the body that the scheme names for "
        "recusals.",
        "请由其他单位的人员，或方案规定的回避事项办理机构办理。",
    )


class SamePersonConfirms(Conflict):
    """A second person confirms the decision."""

    zh = "决定须由另一人确认。"
    remedy = (
        "Have it confirmed by another person.",
        "请由另一人确认。",
    )


class DecisionConfirmed(Conflict):
    """The decision has been confirmed before."""

    zh = "该决定已经确认。"
    remedy = (
        "Nothing needs to be done.",
        "无需再作处理。",
    )


def refuse_short(
    definition: SurveyDefinition, results: Mapping[str, WaveResult], because: str | None
) -> None:
    """Refuse to close a wave while units are below the minimum, unless it is said why."""
    short = {unit: each for unit, each in results.items() if each.insufficient}
    if not short or because is not None:
        return
    least = definition.required
    first = ", ".join(f"{unit} {each.valid_sample}" for unit, each in list(short.items())[:10])
    raise BelowMinimum(
        f"{len(short)} units have fewer than {least} valid answers: {first}. Collect more, or "
        "close it with a reason.",
        f"{len(short)}个单位的有效样本不足{least}份：{first}。请继续调查，或说明理由后关闭。",
        required=least,
        units=[
            {"unit": unit, "valid_sample": each.valid_sample}
            for unit, each in list(short.items())[:_MOST_NAMED]
        ],
        count=len(short),
    )


def check_decision(
    definition: SurveyDefinition,
    state: WaveState,
    samples: Mapping[str, WaveSample],
    units: Sequence[str],
    treatment: Treatment,
    *,
    alike: bool = True,
) -> None:
    """Refuse a decision about units that are not below the minimum, or one that decides nothing.

    Waves are not pooled unless they are `alike`: asked with the same questionnaire.
    """
    if state is not WaveState.CLOSED:
        raise WaveStillOpen("The wave has not closed.", "本轮调查尚未关闭。", state=state)
    faults = list(_not_below(definition, samples, units))
    if not faults and treatment is Treatment.COUNTED:
        faults = list(_without_answers(samples, units))
    if treatment in {Treatment.OTHER_WAVES, Treatment.POOLED} and definition.waves == 1:
        faults.append(
            Fault(
                "/treatment",
                "only-one-wave",
                "The survey has no other wave.",
                "该调查没有其他轮次。",
            )
        )
    if treatment is Treatment.POOLED and not alike:
        faults.append(
            Fault(
                "/treatment",
                "questionnaires-differ",
                "The waves were asked with different questionnaires.",
                "各轮次所用的问卷版本不同。",
            )
        )
    if faults:
        raise DecisionRejected("See the faults.", "见各项错误。", faults=faults)


def check_without(
    definition: SurveyDefinition, known: Collection[str], units: Sequence[str], treatment: Treatment
) -> None:
    """Refuse a decision to go without a voided wave that does not say so, or about units that are
    not asked about."""
    faults = [
        Fault(
            pointer("units", row),
            "unknown-unit",
            "The survey does not ask about this unit.",
            "该单位不在本次调查范围内。",
        )
        for row, unit in enumerate(units)
        if unit not in known
    ]
    if treatment not in _WITHOUT or (treatment is Treatment.OTHER_WAVES and definition.waves == 1):
        faults.append(
            Fault(
                "/treatment",
                "voided-wave",
                "Without a voided wave the other waves count, where there are any, or the unit is "
                "not rated.",
                "轮次作废的，只能以其他轮次为准（须有其他轮次），或不作评议。",
            )
        )
    if faults:
        raise DecisionRejected("See the faults.", "见各项错误。", faults=faults)


_WITHOUT = frozenset({Treatment.OTHER_WAVES, Treatment.NOT_RATED})


def _not_below(
    definition: SurveyDefinition, samples: Mapping[str, WaveSample], units: Sequence[str]
) -> Iterator[Fault]:
    for row, unit in enumerate(units):
        if unit not in samples or not is_short(definition, samples[unit]):
            yield Fault(
                pointer("units", row),
                "not-below-minimum",
                "This unit is not below the minimum in this wave.",
                "该单位本轮样本未低于最低要求。",
            )


def _without_answers(samples: Mapping[str, WaveSample], units: Sequence[str]) -> Iterator[Fault]:
    for row, unit in enumerate(units):
        if samples[unit].score is None:
            yield Fault(
                pointer("units", row),
                "no-answers",
                "There is no answer that could count.",
                "没有可以计分的有效答案。",
            )


def check_interest(unit: str | None, competing: Collection[str]) -> None:
    """Refuse somebody whose unit is one of those decided about, or is assessed with them."""
    if unit in competing:
        raise DeciderBarred(
            f"The caller's unit {unit} is assessed in the same category.",
            f"调用者所在单位{unit}参评同一类别。",
            cause="own-category",
        )


def check_office(bodies: Collection[str], *, acts_for: bool) -> None:
    """Refuse the office where a second body decides in its place, and the caller does not act for
    it."""
    if bodies and not acts_for:
        named = sorted(bodies)
        raise DeciderBarred(
            f"In this category {', '.join(named)} decides in the office's place.",
            f"该类别的事项由{'、'.join(named)}办理。",
            cause="recused",
        )


def refuse_same(before: Collection[str], person: str) -> None:
    """Refuse a confirmation by whoever proposed the decision, or took another step before it."""
    if persons.is_among(person, before):
        raise SamePersonConfirms(
            "You took a step of this yourself: somebody else takes this one.",
            "此事的前一步由您办理，本步应由他人办理。",
        )

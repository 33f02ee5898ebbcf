"""Corrections of what a survey found after a ledger was sealed (调查结果的封存后更正).

What was answered, and what the survey service makes of it, stays as it was and keeps its digest. A
result that a court, an auditor or the superior found to be wrong is laid over where scores are
computed, and says which correction it is and what it was before.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from chassis.refusals import Fault
from scoring.rules.corrections.correcting import REPLACES, Correction
from scoring.rules.ledger.samples import CorrectedResult, Satisfaction, number
from scoring.rules.scheme.document import Scheme

SATISFACTION = "satisfaction"
"""The kind of what is corrected, where that is what a survey found for a unit."""

_MOST = Decimal(100)

Found = Mapping[tuple[str, str], Satisfaction]
"""What surveys found, by survey and unit."""


def is_of_survey(correction: Correction) -> bool:
    """Say whether a correction is about what a survey found."""
    return correction.kind == SATISFACTION


def result_of(correction: Correction) -> tuple[str, str]:
    """Return which result a correction is about, as a survey and a unit."""
    return correction.key or "", correction.unit


def collectors_of(correction: Correction, scheme: Scheme) -> set[str]:
    """Return the unit that collects the survey of which a result is corrected."""
    if not is_of_survey(correction):
        return set()
    return {each.collector for each in scheme.surveys if each.code == correction.key}


def last_results(corrections: Iterable[Correction]) -> dict[tuple[str, str], Correction]:
    """Return what corrections say of results: of each what was approved last."""
    about = [each for each in corrections if is_of_survey(each)]
    replaced = {each.corrects for each in about}
    return {result_of(each): each for each in about if each.correction_id not in replaced}


def with_results(found: Found, corrections: Sequence[Correction]) -> Found:
    """Return what surveys found with what corrections say of it laid over."""
    last = last_results(corrections)
    if not last:
        return found
    return {about: _laid_over(was, last.get(about)) for about, was in found.items()}


def _laid_over(was: Satisfaction, correction: Correction | None) -> Satisfaction:
    if correction is None or correction.value is None:
        return was
    return CorrectedResult(correction.value, number(was), str(correction.correction_id))


def result_before(correction: Correction, approved: Iterable[Correction]) -> UUID | None:
    """Return the correction whose place another takes, of the same result; None for a first."""
    found = last_results(approved).get(result_of(correction))
    return found.correction_id if found else None


def result_faults(
    correction: Correction,
    found: Found,
    scheme: Scheme,
    approved: Sequence[Correction],
    waiting: Collection[tuple[str, str]],
) -> Iterator[Fault]:
    """Yield why what a survey found cannot be corrected so."""
    survey, unit = result_of(correction)
    category = scheme.category_of().get(unit)
    forms = scheme.compiled_of.get(category.code, {}) if category else {}
    form = forms.get(correction.indicator or "")
    if category is None:
        yield Fault("/unit", "unknown-unit", "It is assessed in none.", "该单位不在方案之内。")
    elif form is None:
        en, zh = f"{unit} has no such indicator.", f"{unit} 没有该指标。"
        yield Fault("/indicator", "unknown-indicator", en, zh)
    elif survey not in form.reads.surveys:
        en, zh = f"It does not score by survey {survey}.", f"该指标不按调查 {survey} 计分。"
        yield Fault("/key", "not-counted", en, zh)
    elif correction.what != REPLACES:
        en = "What a survey found is replaced; it is neither added nor taken out."
        yield Fault("/what", "not-correctable", en, "调查结果只能替换，不能补录或取消。")
    elif result_of(correction) in waiting:
        yield Fault("/key", "being-corrected", "Another correction waits.", "另有更正待决定。")
    else:
        yield from _value_faults(correction, with_results(found, approved).get((survey, unit)))


def _value_faults(correction: Correction, before: Satisfaction) -> Iterator[Fault]:
    at, value = "/value", correction.value
    if before is None:
        en = "The survey has found nothing yet: what is not finished is mended there."
        yield Fault("/key", "not-counted", en, "该调查尚无结果，未完成的在调查中办理。")
    elif value is None:
        yield Fault(at, "missing", "It is wanted.", "不能为空。")
    elif not 0 <= value <= _MOST:
        yield Fault(at, "out-of-range", f"From 0 to {_MOST}.", f"应在0至{_MOST}之间。")
    elif value == number(before):
        yield Fault(at, "nothing-changes", "It says so already.", "与原结果相同。")

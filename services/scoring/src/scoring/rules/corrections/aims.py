"""Corrections of targets, baselines and pledges after a seal (目标、基数和自报数的封存后更正).

No target moves after its deadline. One that was found to be wrong is laid over by a correction, of
its value, of its baseline or of what the unit pledged, wherever scores are computed; what was
issued stays as it was.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.refusals import Fault
from scoring.rules.corrections.correcting import REPLACES, Correction
from scoring.rules.scheme.document import Scheme, Target

AIMS = TARGET, BASELINE, PLEDGE = "target", "baseline", "pledge"
"""What of a target is corrected: its own value, where it starts from, or what its unit pledged."""

CORRECTED = "corrected"
"""The state in which a target counts of which a correction says something."""

Slot = tuple[str, str | None, str | None, str]
"""A unit, an indicator, an item of it, and what of its target is corrected."""


def is_of_target(correction: Correction) -> bool:
    """Say whether a correction is about a target or its baseline."""
    return correction.kind in AIMS


def slot_of(correction: Correction) -> Slot:
    """Return what of which target a correction is about."""
    return correction.unit, correction.indicator, correction.item, correction.kind


def last_of(corrections: Iterable[Correction]) -> dict[Slot, Correction]:
    """Return what corrections say of targets: of each what was approved last."""
    about = [each for each in corrections if is_of_target(each)]
    replaced = {each.corrects for each in about}
    return {slot_of(each): each for each in about if each.correction_id not in replaced}


def with_aims(targets: Sequence[Target], corrections: Sequence[Correction]) -> Sequence[Target]:
    """Return targets with what corrections say of them laid over: they say so, and by which."""
    last = last_of(corrections)
    if not last:
        return targets
    return [_laid_over(each, last) for each in targets]


def _laid_over(target: Target, last: dict[Slot, Correction]) -> Target:
    about = (target.unit, target.indicator, target.item)
    own, start, pledged = (last.get((*about, each)) for each in AIMS)
    told = own or start or pledged
    if told is None:
        return target
    return replace(
        target,
        target=own.value if own else target.target,
        baseline=start.value if start else target.baseline,
        pledge=pledged.value if pledged else target.pledge,
        state=CORRECTED,
        set_by=str(told.correction_id),
    )


def aim_faults(
    correction: Correction,
    targets: Sequence[Target],
    scheme: Scheme,
    approved: Sequence[Correction],
    waiting: Collection[Slot],
) -> Iterator[Fault]:
    """Yield why a target, its baseline or its pledge cannot be corrected so."""
    category = scheme.category_of().get(correction.unit)
    if category is None:
        yield Fault("/unit", "unknown-unit", "It is assessed in none.", "该单位不在方案之内。")
    elif correction.indicator not in category.indicators():
        en, zh = f"{correction.unit} has no such indicator.", f"{correction.unit} 没有该指标。"
        yield Fault("/indicator", "unknown-indicator", en, zh)
    elif correction.what != REPLACES:
        en = "A target is replaced; a first one is set as any, also late, and none is taken out."
        zh = "目标只能替换；首次下达照常办理，不能取消。"
        yield Fault("/what", "not-correctable", en, zh)
    elif slot_of(correction) in waiting:
        yield Fault("/item", "being-corrected", "Another correction waits.", "另有更正待决定。")
    else:
        yield from _value_faults(correction, with_aims(targets, approved))


def _value_faults(correction: Correction, targets: Sequence[Target]) -> Iterator[Fault]:
    about = slot_of(correction)[:3]
    found = next((e for e in targets if (e.unit, e.indicator, e.item) == about), None)
    before = getattr(found, correction.kind) if found else None
    at, value = "/value", correction.value
    if before is None:
        en, zh = "There is no such target in force.", "没有正在执行的这项目标。"
        yield Fault("/item", "not-counted", en, zh)
    elif value is None:
        yield Fault(at, "missing", "It is wanted.", "不能为空。")
    elif value == before:
        yield Fault(at, "nothing-changes", "It says so already.", "与现行目标相同。")
    elif before > 0 >= value:
        en, zh = "Above 0, as it was.", "须大于0，与原目标一致。"
        yield Fault(at, "too-small", en, zh)


def before_of(correction: Correction, approved: Iterable[Correction]) -> UUID | None:
    """Return the correction whose place another takes, of the same target; None for a first."""
    found = last_of(approved).get(slot_of(correction))
    return found.correction_id if found else None

"""When a scheme may be published: its points sum, and all it names exists and agrees."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import chain, islice
from uuid import UUID

from chassis.refusals import Conflict, Fault, Invalid
from indicators.rules import (
    approvals,
    checks,
    composing,
    consistency,
    cross_lists,
    duties,
    inspections,
    lineage,
    linked,
    matters,
    normalising,
    notices,
    objections,
    panels,
    references,
    results_used,
    shared_losses,
    shown,
    surveys,
    tags,
    windows,
)
from indicators.rules.draft import ENOUGH
from indicators.rules.scheme import Scheme
from indicators.rules.sums import sum_faults


class CyclePhase(StrEnum):
    """A cycle is in draft until its first scheme is published; then it is open."""

    DRAFT = "draft"
    OPEN = "open"


class SchemeUnsound(Invalid):
    """The scheme does not add up, or names what does not exist."""

    zh = "方案分值不符，或引用了不存在的对象。"
    remedy = (
        "Mend the places that `errors` names, save a new version and publish that.",
        "请改正 `errors` 所指各处，保存新版本后再公布。",
    )


class VersionOvertaken(Conflict):
    """A version that is not newer than the published one cannot be published."""

    zh = "该版本不晚于已公布版本，不能再公布。"
    remedy = (
        "Save the scheme as a new version and publish that.",
        "请将方案保存为新版本后再公布。",
    )


class ReasonMissing(Invalid):
    """What was asked for needs a reason."""

    zh = "须说明理由。"
    remedy = (
        "Say why in `reason`, and send it again.",
        "请在 `reason` 中说明理由后重新提交。",
    )


def check_sound(
    scheme: Scheme, units: Mapping[str, str], earlier: Collection[UUID] | None = None
) -> None:
    """Refuse a scheme that cannot be published, with all its faults at once.

    `units` maps the codes of the registered units to their kinds, `earlier` are the cycles of the
    same jurisdiction in earlier years; with None it is not asked whether there is one.
    """
    _refuse_any(chain(sum_faults(scheme), _incoherences(scheme, units, earlier)))


def check_coherent(
    scheme: Scheme, units: Mapping[str, str], at: str = "", earlier: Collection[UUID] | None = None
) -> None:
    """Refuse a scheme that could not be published even if its points summed, with all its faults.

    `at` is the JSON pointer to the scheme in what was sent.
    """
    found = _incoherences(scheme, units, earlier)
    _refuse_any(replace(fault, pointer=at + fault.pointer) for fault in found)


def _incoherences(
    scheme: Scheme, units: Mapping[str, str], earlier: Collection[UUID] | None
) -> Iterable[Fault]:
    return chain(
        references.code_faults(scheme),
        references.category_faults(scheme),
        references.subcategory_faults(scheme),
        references.unit_faults(scheme, units),
        references.link_faults(scheme),
        references.recusal_faults(scheme),
        references.finder_faults(scheme),
        composing.composition_faults(scheme),
        normalising.normalisation_faults(scheme),
        cross_lists.list_faults(scheme),
        tags.scale_faults(scheme),
        matters.matter_faults(scheme),
        references.earlier_faults(scheme, earlier),
        lineage.lineage_faults(scheme),
        panels.marking_faults(scheme),
        consistency.redistribution_faults(scheme),
        consistency.precision_faults(scheme),
        consistency.excess_faults(scheme),
        shared_losses.share_faults(scheme),
        consistency.plan_faults(scheme),
        consistency.node_faults(scheme),
        surveys.survey_faults(scheme),
        consistency.demotion_faults(scheme),
        consistency.veto_faults(scheme),
        consistency.grade_faults(scheme),
        consistency.date_faults(scheme),
        duties.duty_faults(scheme),
        duties.item_faults(scheme),
        duties.rate_faults(scheme),
        duties.self_evaluation_faults(scheme),
        checks.check_faults(scheme),
        checks.overstatement_faults(scheme),
        checks.fraud_faults(scheme),
        objections.objection_faults(scheme),
        objections.overturned_faults(scheme),
        notices.notice_faults(scheme),
        shown.publication_faults(scheme),
        results_used.consequence_faults(scheme),
        linked.linked_faults(scheme),
        inspections.priority_faults(scheme),
        approvals.approval_faults(scheme),
        consistency.claim_faults(scheme),
    )


def _refuse_any(found: Iterable[Fault]) -> None:
    faults = tuple(islice(found, ENOUGH))
    if faults:
        stopped = len(faults) == ENOUGH
        en, zh = f"Nobody looked beyond {ENOUGH:,} faults.", f"发现 {ENOUGH:,} 处错误后停止检查。"
        raise SchemeUnsound(
            " ".join([*(fault.en for fault in faults[:5]), *[en] * stopped]),
            "".join([*(fault.zh for fault in faults[:5]), *[zh] * stopped]),
            faults=faults,
        )


def check_turn(version: int, in_force: int | None) -> None:
    """Refuse a version that is not newer than the one in force."""
    if in_force is not None and version <= in_force:
        raise VersionOvertaken(
            f"Version {in_force} is in force; {version} is not newer.",
            f"第 {in_force} 版已生效，第 {version} 版并非更新版本。",
            in_force=in_force,
        )


def check_predecessors(scheme: Scheme, known: Mapping[int, Collection[str]]) -> None:
    """Refuse to go on from what a scheme of an earlier year does not have; `known` are the
    indicators of the years whose schemes are here."""
    _refuse_any(lineage.unknown_predecessors(scheme, known))


def check_recusals(scheme: Scheme, before: Scheme | None) -> None:
    """Refuse to take back a recusal that is in force, or to give it to another body.

    The office publishes the scheme, and it is whom a recusal bars: it must not choose, once there
    is something to decide, that it is not barred, or who decides in its place.
    """
    lost = [
        each
        for each in (before.recusals if before else ())
        if scheme.second_body_of(each.unit) != each.body
    ]
    _refuse_any(
        Fault(
            "/recusals",
            "recusal-taken-back",
            f"{each.body} decides about {each.unit} in this cycle; that stays.",
            f"本年度{each.unit}的回避事项由{each.body}办理，不得撤销或变更。",
        )
        for each in lost
    )


def check_windows(scheme: Scheme, before: Scheme | None) -> None:
    """Refuse windows of late results that do not follow those of the year before."""
    _refuse_any(windows.window_faults(scheme, before))


def check_criteria(scheme: Scheme, published: Iterable[Scheme]) -> None:
    """Refuse other criteria for marks than were published in the cycle before."""
    before = list(published)
    changed = (panels.criteria_faults, normalising.changed_faults, cross_lists.changed_faults)
    _refuse_any(chain.from_iterable(each(scheme, before) for each in changed))


def check_reason(reason: str | None, in_force: int | None) -> None:
    """Refuse to change a published scheme without a reason."""
    if in_force is not None and reason is None:
        raise ReasonMissing(
            f"Version {in_force} is published; say why it is to change.",
            f"第 {in_force} 版已公布，请说明修改理由。",
            faults=[Fault("/reason", "reason-missing", "A reason is needed.", "请填写理由。")],
        )

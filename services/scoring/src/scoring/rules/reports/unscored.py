"""What is in the record and counts nowhere (未计分清单), each with its reason of a closed set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args
from uuid import UUID

from chassis.refusals import Conflict
from scoring.rules.claims.checks import COUNTING, ClaimDecision
from scoring.rules.claims.states import CONFIRMED, HANDED_IN, REJECTED, WITHDRAWN
from scoring.rules.ledger.entries import (
    HAPPENED,
    INSPECTION_FINDING,
    NOT_APPLICABLE,
    PROGRESS_REPORT,
    ZERO_REPORT,
    Entry,
    stands_in,
)
from scoring.rules.ledger.parked import PARKED
from scoring.rules.ledger.shapes import EntryForms, findings_of
from scoring.rules.ledger.states import (
    CHECKED,
    COUNTED,
    DRAFT,
    REPLACED,
    RETURNED,
    STATES,
    SUBMITTED,
    VOIDED,
)
from scoring.rules.scheme.compiled import EntryForm
from scoring.rules.scheme.document import Scheme
from scoring.rules.sheet.year import Computation

UNCOUNTED: Final = tuple(state for state in STATES if state not in COUNTED)
"""The states in which an entry counts for nothing."""

WAITING_REASON: Final = "awaits_verification"

OF_STATE: Mapping[str, str] = {
    state: WAITING_REASON if state in (SUBMITTED, CHECKED) else state for state in UNCOUNTED
}
"""Why an entry in a state counts for nothing."""

OWN_WORDS: Final = "own_words"

UNIT_NOT_ASSESSED: Final = "unit_not_assessed"
INDICATOR_NOT_OF_UNIT: Final = "indicator_not_of_unit"
KIND_NOT_TAKEN: Final = "kind_not_taken"
KEY_NOT_TAKEN: Final = "key_not_taken"
ITEM_NOT_PLANNED: Final = "item_not_planned"
PERIOD_NOT_SCORED: Final = "period_not_scored"
SEVERAL_VALUES: Final = "several_values"
LEFT_OUT: Final = "occurred_in_another_year"
STOOD_IN: Final = "stood_in"
NOT_READ: Final = "not_read"

OF_RECORD: Mapping[str, tuple[str, str]] = {
    DRAFT: ("It has not been handed in.", "尚未提交。"),
    WAITING_REASON: ("Nobody has verified it yet.", "尚未审核。"),
    OWN_WORDS: (
        "It is the unit's own words, which are never scored.",
        "单位自述的进展情况，不计分。",
    ),
    RETURNED: ("It was returned.", "已被退回。"),
    WITHDRAWN: ("It was taken back.", "已经撤回。"),
    REPLACED: ("Another was entered in its place.", "已由新记录替换。"),
    VOIDED: ("It was reversed or restated.", "已被冲销或修订。"),
    UNIT_NOT_ASSESSED: ("The scheme does not assess the unit.", "方案不评估该单位。"),
    INDICATOR_NOT_OF_UNIT: (
        "The unit is not assessed by the indicator.",
        "该单位不以该指标评估。",
    ),
    NOT_APPLICABLE: (
        "The indicator, or one above it, is declared not applicable.",
        "该指标或其上级指标已认定为不适用。",
    ),
    KIND_NOT_TAKEN: (
        "The indicator takes no entries of this kind.",
        "该指标不采用此类记录。",
    ),
    KEY_NOT_TAKEN: ("The method takes nothing by this key.", "计分方法不采用该数据项。"),
    ITEM_NOT_PLANNED: ("No target plans the item.", "该项目没有目标。"),
    PERIOD_NOT_SCORED: ("No score reads the period.", "该期间不计分。"),
    SEVERAL_VALUES: (
        "There are several where one is wanted; reverse all but one.",
        "应有一条而有多条，请冲销多余的记录。",
    ),
    LEFT_OUT: (
        "It occurred in another year than the scheme counts.",
        "发生日期不在方案计分的年度之内。",
    ),
    STOOD_IN: (
        "It is last year's result, and this year's has come.",
        "系沿用的上年结果，本年结果已到。",
    ),
    NOT_READ: (
        "No score rests on it: the indicator has none while it lacks something else, or its "
        "method passes it over.",
        "没有得分采用该记录：该指标尚缺其他数据而没有得分，或计分方法未采用。",
    ),
    PARKED: ("Its codes mean nothing yet.", "其代码尚无对照。"),
}
"""Why an entry or a row counts nowhere, in English and in Chinese."""

_CLAIMED = tuple(word for word in get_args(ClaimDecision) if word not in COUNTING)

REASONS: Final = tuple(dict.fromkeys((*OF_RECORD, *_CLAIMED)))
"""Every reason for which something in the record counts nowhere; of a claim it is the decision."""

UNCONFIRMED: Final = "unconfirmed"


def why_idle(kind: str, state: str) -> str:
    """Return why an entry of a kind that stands so counts for nothing."""
    return OWN_WORDS if (kind, state) == (PROGRESS_REPORT, SUBMITTED) else OF_STATE[state]


OF_VERIFIED: Final = (
    UNIT_NOT_ASSESSED,
    INDICATOR_NOT_OF_UNIT,
    NOT_APPLICABLE,
    KIND_NOT_TAKEN,
    KEY_NOT_TAKEN,
    ITEM_NOT_PLANNED,
    PERIOD_NOT_SCORED,
    SEVERAL_VALUES,
    LEFT_OUT,
    STOOD_IN,
    NOT_READ,
)
"""The reasons for which an entry that was verified counts nowhere."""

TO_DECIDE: Final = (*OF_VERIFIED, UNCONFIRMED)
"""The reasons that a seal asks a decision about, besides what it leaves behind by its state."""

OF_STANDING: Mapping[str, str] = {
    HANDED_IN: UNCONFIRMED,
    REJECTED: "rejected_by_confirmer",
    WITHDRAWN: "withdrawn",
}
"""Why a claim that stands so counts for nothing, whatever a score sheet says."""

assert CONFIRMED not in OF_STANDING  # noqa: S101 - a score sheet says what becomes of it


class UnscoredUndecided(Conflict):
    """Something in the record counts nowhere, and the seal does not say that it is to stay so."""

    zh = "仍有在案而未计分的记录或申报，封存时须予以处理。"
    remedy = (
        "Read `GET …/unscored`; then seal with `unscored` (how many by reason, and why), or with "
        "`accept_unscored` (why) and the preview's `seen`.",
        "请查阅未计分清单（`GET …/unscored`），在封存时以 `unscored` 逐项写明数量与理由，"
        "或以 `accept_unscored` 写明理由并附预览的 `seen`。",
    )


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a seal says of what counts nowhere: how many by reason, or `whole` all of it as seen."""

    counts: Mapping[str, int]
    whole: bool = False


def check_unscored(found: Mapping[str, int], accepted: Acceptance) -> None:
    """Refuse to seal while something counts nowhere and nobody has said that it is to stay so."""
    if accepted.whole or dict(accepted.counts) == dict(found):
        return
    en = ", ".join(f"{number} {reason}" for reason, number in found.items()) or "nothing"
    zh = "、".join(f"{_zh(reason)}{number}项" for reason, number in found.items()) or "无"
    raise UnscoredUndecided(
        f"What counts nowhere is: {en}.", f"目前未计分的为：{zh}。", unscored=dict(found)
    )


def _zh(reason: str) -> str:
    return "申报尚未认定" if reason == UNCONFIRMED else OF_RECORD[reason][1].removesuffix("。")


def uncounted(
    scheme: Scheme, entries: Sequence[Entry], found: Computation
) -> Iterator[tuple[Entry, str]]:
    """Yield the verified entries that no score takes, each with its reason.

    Which these are is what the score sheet itself took; here is only told why.
    """
    read, left_out = found.entries_read(), found.entries_left_out()
    idle = [each for each in entries if each.entry_id not in read or each.entry_id in left_out]
    if not idle:
        return
    known = _Known(scheme, EntryForms(scheme), _several(entries), _declared(found))
    for entry in idle:
        was_left_out = entry.entry_id in left_out and not stands_in(entry)
        yield entry, LEFT_OUT if was_left_out else known.why(entry)


@dataclass(frozen=True, slots=True)
class _Known:
    """By what is told why nothing takes an entry."""

    scheme: Scheme
    forms: EntryForms
    several: set[tuple[str | None, ...]]
    declared: set[tuple[str, str]]

    def why(self, entry: Entry) -> str:
        """Return the reason why no score takes an entry."""
        category = self.scheme.category_of().get(entry.unit)
        if category is None:
            return UNIT_NOT_ASSESSED
        if entry.indicator not in category.indicators():
            return INDICATOR_NOT_OF_UNIT
        if (entry.unit, entry.indicator) in self.declared:
            return NOT_APPLICABLE
        form = self.forms.form_for(entry.unit, entry.indicator)
        if entry.kind == INSPECTION_FINDING:
            form = findings_of(category.indicators()[entry.indicator], form)
        unfit = _unfit(entry, form)
        if unfit is not None:
            return unfit
        if _about(entry) in self.several:
            return SEVERAL_VALUES
        return STOOD_IN if stands_in(entry) else _unplanned(entry)


def _declared(found: Computation) -> set[tuple[str, str]]:
    """Return the units and indicators that are declared not applicable, there or above."""
    return {
        (category.plan.category.units[row], code)
        for category in found.categories
        if category.declared
        for code in category.plan.indicators
        for row in category.out(code)
    }


def _unfit(entry: Entry, form: EntryForm | None) -> str | None:
    """Return what of an entry is not as its indicator takes it."""
    if form is None or form.kind != entry.kind:
        return KIND_NOT_TAKEN
    if entry.key != ZERO_REPORT and form.keys and entry.key not in form.keys:
        return KEY_NOT_TAKEN
    return None if entry.period[4:] in form.endings_for(entry.key) else PERIOD_NOT_SCORED


def _unplanned(entry: Entry) -> str:
    return NOT_READ if entry.item is None else ITEM_NOT_PLANNED


def _about(entry: Entry) -> tuple[str | None, ...]:
    return entry.unit, entry.indicator, entry.kind, entry.key, entry.item, entry.period


def _several(entries: Iterable[Entry]) -> set[tuple[str | None, ...]]:
    """Return what there are several entries about; events add up, and are never too many."""
    once, more = set[tuple[str | None, ...]](), set[tuple[str | None, ...]]()
    for about in (_about(each) for each in entries if each.kind not in HAPPENED):
        (more if about in once else once).add(about)
    return more


def ids_by_reason(found: Iterable[tuple[Entry, str]]) -> dict[UUID, str]:
    """Return the reason of each entry by its id."""
    return {entry.entry_id: reason for entry, reason in found}

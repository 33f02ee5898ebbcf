"""What a category still lacks, and that its organiser declares it complete (汇总上报)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chassis.refusals import Conflict, Fault, Missing
from scoring.rules.ledger.states import STATES_ZH
from scoring.rules.scheme.document import Category, Scheme

HANDED_IN, WITHDRAWN = "handed_in", "withdrawn"

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (HANDED_IN, WITHDRAWN): "an entry about a unit of the category is made or moves",
    (WITHDRAWN, HANDED_IN): "the organiser hands it in again",
}
"""What becomes of a hand-in; a seal moves nothing."""

_NAMED = 100
"""How much of what is missing a refusal names; it counts the rest."""


class NoSuchCategory(Missing):
    """The scheme has no such category."""

    zh = "方案中没有这个类别。"
    remedy = (
        "Look the category's code up in the scheme in force.",
        "请在现行方案中查对类别编码。",
    )


class CategoryNotComplete(Conflict):
    """Something of the category is missing or waits; give a reason to hand it in nevertheless."""

    zh = "该类别仍有缺项或未办结的记录；如仍要汇总上报，请说明理由。"
    remedy = (
        "Enter or decide what `detail` names, or send a `reason` to hand the category in as it is.",
        "请补录或办结 `detail` 所指内容；如仍要汇总上报，请填写 `reason`。",
    )


class AlreadyHandedIn(Conflict):
    """The category was handed in, and nothing has moved since."""

    zh = "该类别已经汇总上报，此后没有变动。"
    remedy = (
        "Nothing needs to be done until an entry of the category moves.",
        "该类别的记录有变动之前，无需再作处理。",
    )


class MovedMeanwhile(Conflict):
    """Entries of the category moved while it was looked at; nothing was handed in."""

    zh = "核对期间该类别的记录有变动，未汇总上报，请重试。"
    remedy = (
        "Read what the category lacks, and hand it in again.",
        "请查看类别完整情况后重新汇总上报。",
    )


@dataclass(frozen=True, slots=True)
class Lacking:
    """A score that a unit lacks in an indicator, and why in two languages."""

    unit: str
    indicator: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An entry that can still come to count, and has not: a draft, returned, or undecided."""

    entry_id: str
    unit: str
    indicator: str
    state: str


def category_of(scheme: Scheme, code: str) -> Category:
    """Return the category of a code; refuse one that the scheme does not have."""
    for category in scheme.categories:
        if category.code == code:
            return category
    raise NoSuchCategory(f"There is no category {code}.", f"没有类别 {code}。")


def check_complete(
    missing: Sequence[Lacking], waiting: Sequence[WaitingEntry], reason: str | None
) -> None:
    """Refuse to hand in what is not complete, unless the organiser says why it does so."""
    if reason is not None or not (missing or waiting):
        return
    faults = [*_faults(missing, waiting)]
    raise CategoryNotComplete(
        f"{len(missing)} scores lack something and {len(waiting)} entries are not verified.",
        f"缺项{len(missing)}个，未审核的记录{len(waiting)}条。",
        faults=faults[:_NAMED],
        more=max(0, len(faults) - _NAMED),
        missing=len(missing),
        waiting=len(waiting),
    )


def _faults(missing: Sequence[Lacking], waiting: Sequence[WaitingEntry]) -> Iterator[Fault]:
    for each in missing:
        what = f"{each.unit} {each.indicator}"
        yield Fault("/reason", "missing", f"{what}: {each.en}", f"{what}：{each.zh}")
    for entry in waiting:
        what = f"{entry.unit} {entry.indicator}"
        yield Fault(
            "/reason",
            "waiting",
            f"{what}: entry {entry.entry_id} is {entry.state}.",
            f"{what}：记录 {entry.entry_id} 处于“{STATES_ZH[entry.state]}”状态。",
        )

"""Sealing a ledger: the conditions, and that whoever seals names what will never count."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.refusals import Conflict
from scoring.rules.ledger.parked import PARKED
from scoring.rules.ledger.states import DRAFT, RETURNED, STATES_ZH, WAITING


class NotSealable(Conflict):
    """The ledger cannot be sealed while entries that were handed in await verification."""

    zh = "仍有已提交而未审核的记录，台账不能封存。"
    remedy = (
        "Have the entries that wait verified or returned first.",
        "请先对待审核的记录予以审核或退回。",
    )


class NotAsSeen(Conflict):
    """The ledger does not hold what the seal says that it leaves behind."""

    zh = "台账中不再计分的记录与封存时所写明的不符。"
    remedy = (
        "Read the preview (`mode=check`) again, and send what it says now as `leaves`.",
        "请重新预览（`mode=check`），并将其结果作为 `leaves` 提交。",
    )


class YearNotOver(Conflict):
    """The assessment year is not over, and the seal does not say that this was seen."""

    zh = "评估年度尚未结束。"
    remedy = (
        "Seal it once the year is over; or read the preview (`mode=check`), which names the day, "
        "and send its `seen`.",
        "请在年度结束后封存；确须提前封存的，请预览（`mode=check`）并附其 `seen`。",
    )


class OutdatedUndecided(Conflict):
    """Entries count that were taken over from ones that stand no longer, and the seal does not say
    that they are to count."""

    zh = "有沿用的记录，其原记录已不再有效，封存时须予以处理。"
    remedy = (
        "Have them reversed, or say in `outdated` how many count nevertheless, and why.",
        "请冲销这些记录，或在 `outdated` 中写明仍予计入的条数与理由。",
    )


@dataclass(frozen=True, slots=True)
class LedgerContents:
    """How many entries a ledger has in each state, a digest of the state of each entry, which rows
    are parked beside it, and how many of the submitted ones are progress `reports`.

    `outdated` are the verified entries whose source stands no longer; `not_over` is the last day of
    the assessment year, while that is not over.
    """

    counts: Mapping[str, int]
    digest: str
    parked: Sequence[str] = ()
    reports: int = 0
    outdated: Sequence[str] = ()
    not_over: dt.date | None = None

    @property
    def leaves(self) -> dict[str, int]:
        """How many entries and parked rows a seal leaves behind, that would never count."""
        there = {**self.counts, PARKED: len(self.parked)}
        return {state: there[state] for state in (DRAFT, RETURNED, PARKED) if there.get(state)}


def check_year_over(contents: LedgerContents, seen: str | None) -> None:
    """Refuse to seal a year that is not over, but to who names a preview: each one tells of it."""
    if contents.not_over is not None and seen is None:
        raise YearNotOver(
            f"The year ends on {contents.not_over}.",
            f"评估年度于 {contents.not_over} 结束。",
            ends_on=contents.not_over.isoformat(),
        )


def check_outdated(contents: LedgerContents, accepted: int) -> None:
    """Refuse to seal unless the caller says how many entries count whose source stands no
    longer."""
    number = len(contents.outdated)
    if number != accepted:
        raise OutdatedUndecided(
            f"{number} entries count whose source stands no longer.",
            f"目前有 {number} 条已审核的沿用记录，其原记录已不再有效。",
            outdated=number,
        )


def check_seal(contents: LedgerContents, leaves: Mapping[str, int], digest: str | None) -> None:
    """Refuse to seal while entries wait, or what it leaves is not what the caller says.

    A seal cannot be taken back: whoever seals names what will never count.
    """
    if waiting := sum(contents.counts.get(state, 0) for state in WAITING) - contents.reports:
        raise NotSealable(
            f"{waiting} entries await verification.", f"{waiting}条记录尚未审核。", waiting=waiting
        )
    named = {state: number for state, number in leaves.items() if number}
    left = contents.leaves
    if named != left or digest not in (None, contents.digest):
        raise NotAsSeen(
            "Look at it with mode=check, and name what is left behind: it is "
            f"{_counts(left, 'en')}.",
            f"请先以 `mode=check` 预览，并写明不再计分的记录；目前为：{_counts(left, 'zh')}。",
            leaves=left,
        )


def _counts(leaves: Mapping[str, int], language: str) -> str:
    if language == "en":
        return ", ".join(f"{number} {state}" for state, number in leaves.items()) or "nothing"
    names = {**STATES_ZH, PARKED: "待对照"}
    return "、".join(f"{names[state]}{number}条" for state, number in leaves.items()) or "无"

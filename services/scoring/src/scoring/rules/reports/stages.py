"""Stages (阶段评估): results so far frozen at a cut-off, and the release of their ranks."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from chassis import persons
from chassis.deadlines import local_day
from chassis.refusals import Conflict, Fault, Forbidden, Invalid

FROZEN, PROPOSED, RELEASED = "frozen", "release_proposed", "released"
STATES = (FROZEN, PROPOSED, RELEASED)

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (FROZEN, PROPOSED): "the performance office proposes who reads its ranks",
    (PROPOSED, RELEASED): "another person confirms",
    (PROPOSED, FROZEN): "another person refuses, with a reason",
}
"""Every step of a stage, and what makes it. What was released stays so."""

STATES_ZH = {FROZEN: "已定格", PROPOSED: "待确认公布", RELEASED: "已公布"}


class StageReaders(StrEnum):
    """Who reads which ranks of a stage once they are released: a unit its own rank, or those of its
    category, or everybody those of all."""

    OWN_UNIT = "own_unit"
    CATEGORY = "category"
    EVERYBODY = "everybody"


class ReleaseDecision(StrEnum):
    """What a second person says to a proposed release."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


class CutOffRefused(Invalid):
    """Results are frozen as they stood at a moment of the year that has passed."""

    zh = "只能按评估年度内或其后已经过去的时刻定格。"
    remedy = (
        "Give a `cut_off` that has passed, in the assessment year or after it.",
        "请给出评估年度开始之后且已经过去的 `cut_off`。",
    )


class StageNotThere(Conflict):
    """The stage is not in the state that this step starts from."""

    zh = "该阶段结果不处于该步骤的起始状态。"
    remedy = (
        "Read the stage: its release has been proposed or decided meanwhile, or has not been "
        "proposed.",
        "请查看该阶段的状态：其公布可能已经提出、已经决定，或尚未提出。",
    )


class SamePersonReleases(Conflict):
    """Another person than the one who proposed a release confirms it."""

    zh = "阶段结果的公布须由提出人以外的另一人确认。"
    remedy = ("Have it confirmed by another person.", "请由另一人确认。")


class ReleaseBarred(Forbidden):
    """Whoever releases ranks belongs to none of the units that are ranked."""

    zh = "参评单位的人员不能办理阶段名次的公布。"
    remedy = (
        "Have it done by somebody of the performance office who is of no assessed unit.",
        "请由绩效办中不属于参评单位的人员办理。",
    )


class RefusalUnexplained(Invalid):
    """A release is refused for a reason."""

    zh = "不予公布须说明理由。"
    remedy = ("Say why in `reason`, and send it again.", "请在 `reason` 中说明理由后重新提交。")


def check_cut_off(cut_off: datetime, now: datetime, year: int, time_zone: str) -> None:
    """Refuse a moment that is to come, or of a day before the assessment year began."""
    at = "/cut_off"
    if cut_off > now:
        en, zh = f"It is {now.isoformat()} now.", f"现在是 {now.isoformat()}。"
        raise CutOffRefused(en, zh, faults=[Fault(at, "moment-ahead", en, zh)])
    # The first years have no day in every time zone.
    if cut_off.year < year - 1 or local_day(cut_off, time_zone).year < year:
        en, zh = f"That is before {year}.", f"该时刻早于 {year} 年。"
        raise CutOffRefused(en, zh, faults=[Fault(at, "before-the-year", en, zh)])


def check_step(before: str, after: str) -> None:
    """Refuse a step that does not start from the state of the stage."""
    if (before, after) not in TRANSITIONS:
        raise StageNotThere(f"It is {before}.", f"当前状态为“{STATES_ZH[before]}”。", state=before)


def check_interest(unit: str | None, ranked: Collection[str]) -> None:
    """Refuse somebody whose own unit is ranked."""
    if unit in ranked:
        raise ReleaseBarred(f"{unit} is ranked in this stage.", f"{unit} 在该阶段参评。")


def check_deciding(
    decision: ReleaseDecision, reason: str | None, proposer: str, person: str
) -> None:
    """Refuse a word of whoever proposed the release, and a refusal without a reason."""
    if persons.is_same(proposer, person):
        raise SamePersonReleases(
            "You proposed this release: somebody else confirms it.",
            "该公布由您提出，应由他人确认。",
        )
    if decision is ReleaseDecision.REFUSE and reason is None:
        raise RefusalUnexplained("There is no reason.", "没有说明理由。")


def ranked_for(
    readers: str | None, own: str | None, categories: Mapping[str, str]
) -> Collection[str]:
    """Return the units whose ranks somebody of a unit reads, by what was released.

    `categories` are those of the units of the stage, by their codes; of no release nothing is read.
    """
    if readers == StageReaders.EVERYBODY:
        return categories.keys()
    if own is None or own not in categories or readers is None:
        return ()
    if readers == StageReaders.OWN_UNIT:
        return (own,)
    return [unit for unit, each in categories.items() if each == categories[own]]

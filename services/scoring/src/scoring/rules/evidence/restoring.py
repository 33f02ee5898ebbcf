"""Who restores an archive (归档恢复): one person of the office proposes it by its digest, and
another one, who sends it, has it become the record. A digest that one person tells can be that of
an archive that he has altered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis import persons
from chassis.refusals import Conflict, Forbidden
from scoring.rules.evidence.archives import ArchiveNotRestorable


class RestorationNotProposed(Conflict):
    """An archive is restored once somebody has proposed it by the digest of its manifest."""

    zh = "恢复归档文件须先按其清单摘要提请。"
    remedy = (
        "Have somebody else of the office propose it with `POST …/archive/restoration-proposals`.",
        "请由绩效办另一人先行提请（`POST …/archive/restoration-proposals`）。",
    )


class RestorationProposedAlready(Conflict):
    """The archive has been proposed for this cycle."""

    zh = "该归档文件已经提请恢复。"
    remedy = (
        "Have it restored by another person than who proposed it.",
        "请由提请人以外的另一人恢复。",
    )


class SamePersonRestores(Conflict):
    """Another person than the one who proposed it restores an archive."""

    zh = "归档文件须由提请人以外的另一人恢复。"
    remedy = (
        "Have it restored by another person, who compares the digest with what was told when the "
        "archive was made.",
        "请由另一人恢复；恢复前请与归档时告知的摘要核对。",
    )


class RestorationBarred(Forbidden):
    """Whoever restores the record of a year belongs to none of the units that it assesses."""

    zh = "参评单位的人员不能办理年度记录的恢复。"
    remedy = (
        "Have it done by somebody of the performance office who is of no assessed unit.",
        "请由绩效办中不属于参评单位的人员办理。",
    )


def check_interest(unit: str | None, assessed: Collection[str]) -> None:
    """Refuse somebody whose own unit the year assesses."""
    if unit in assessed:
        raise RestorationBarred(f"{unit} is assessed in this cycle.", f"{unit} 在该年度参评。")


def check_second(proposer: str | None, person: str) -> None:
    """Refuse to restore what nobody has proposed, and by whoever did; None is nobody."""
    if proposer is None:
        raise RestorationNotProposed(
            "Nobody has proposed an archive with this digest.", "没有人按这一摘要提请恢复。"
        )
    if persons.is_same(proposer, person):
        raise SamePersonRestores(
            "You proposed this archive: somebody else restores it.",
            "该归档文件由您提请，应由他人恢复。",
        )


@dataclass(frozen=True, slots=True)
class StandsElsewhere:
    """A claim of an archive whose award counts in another cycle, or that has arrived in one, and
    the claim there."""

    claim_no: str
    unit: str
    document_no: str | None
    cycle_id: UUID
    there_no: str
    there_unit: str


class AwardsStandElsewhere(Exception):
    """Rows of an archive are not taken because their awards stand in other cycles."""

    def __init__(self, found: Sequence[StandsElsewhere]) -> None:
        super().__init__(found)
        self.found = found


MOST_NAMED = 5
"""How many awards that stand elsewhere are named."""


def awards_stand_elsewhere(
    found: Sequence[StandsElsewhere], years: Mapping[UUID, int]
) -> ArchiveNotRestorable:
    """Return the refusal of an archive whose awards stand in other cycles here: an award counts
    once, and a claim arrives once. `years` are those of the cycles that may be named."""
    en, zh = list[str](), list[str]()
    for each in found[:MOST_NAMED]:
        where, year = str(each.cycle_id), years.get(each.cycle_id)
        which = "" if each.document_no is None else f" ({each.document_no})"
        mine = f"{each.claim_no} of {each.unit}{which}"
        mine_zh = f"{each.unit} 的申报 {each.claim_no}{which}"
        if year is None:
            en.append(f"{mine} in another cycle")
            zh.append(f"{mine_zh}已计入其他年度")
        else:
            no, unit = each.there_no, each.there_unit
            en.append(f"{mine} in that of {year} ({where}), by {no} of {unit}")
            zh.append(f"{mine_zh}已由 {unit} 的申报 {no} 计入{year}年度（`{where}`）")
    more = (", and more", "等") if len(found) > MOST_NAMED else ("", "")
    return ArchiveNotRestorable(
        f"An award counts in one cycle, and of its claims these count elsewhere: {'; '.join(en)}"
        f"{more[0]}. A year whose awards count here is not restored beside itself.",
        f"一个奖项只在一个年度计分：{'；'.join(zh)}{more[1]}。其奖项已在本系统计分的年度，不能在本系统另行恢复。",
    )

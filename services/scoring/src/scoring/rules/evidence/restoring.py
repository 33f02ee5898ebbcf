"""Who restores an archive (归档恢复): one person of the office proposes it by its digest, and
another one, who sends it, has it become the record. A digest that one person tells can be that of
an archive that he has altered."""

from collections.abc import Collection

from chassis import persons
from chassis.refusals import Conflict, Forbidden


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

"""What is refused about complaints (投诉)."""

from collections.abc import Sequence

from chassis.refusals import Conflict, Fault, Invalid, Missing


class ComplaintsRejected(Invalid):
    """The complaints cannot be registered so; none was."""

    zh = "投诉不能这样登记，全部未登记。"
    remedy = (
        "Mend what `errors` names, and send all of it again.",
        "请改正 `errors` 所指之处，然后全部重新提交。",
    )


class ComplaintRefused(Conflict):
    """The complaint cannot make this move; nothing was changed."""

    zh = "该投诉不能这样办理，未作任何变更。"
    remedy = (
        "Read the complaint again, and mend what `errors` says.",
        "请重新查看该投诉，按 `errors` 所指改正。",
    )


class ComplaintMoved(Conflict):
    """The complaint has moved since it was read; nothing was changed."""

    zh = "该投诉在读取之后已有变动，未作任何变更。"
    remedy = (
        "Read the complaint again, and send its present `step`.",
        "请重新查看该投诉，以其现在的 `step` 重新提交。",
    )


class NoSuchComplaint(Missing):
    """The caller may not know of such a complaint in this cycle."""

    zh = "本年度没有调用者可以查阅的这件投诉。"
    remedy = "Look the id up in the list of complaints.", "请在投诉清单中查对标识。"


class NoComplaintsHere(Conflict):
    """The scheme says nothing of complaints, so that none is handled in this cycle."""

    zh = "方案没有投诉办理的规定，本年度不办理投诉。"
    remedy = (
        "Publish a scheme version that has `complaints`.",
        "请公布写有 `complaints` 的方案版本。",
    )


def refuse_move_if(faults: Sequence[Fault]) -> None:
    """Refuse the move when there is any fault."""
    if faults:
        raise ComplaintRefused(
            f"{len(faults)} fault(s).", f"共{len(faults)}处不符。", faults=faults
        )


def reject_complaints_if(faults: Sequence[Fault]) -> None:
    """Refuse to register the complaints when there is any fault."""
    if faults:
        raise ComplaintsRejected(
            f"{len(faults)} fault(s).", f"共{len(faults)}处不符。", faults=faults
        )

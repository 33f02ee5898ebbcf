"""What is refused about objections (异议)."""

from collections.abc import Sequence

from chassis.refusals import Conflict, Fault, Missing


class ObjectionsNotForeseen(Conflict):
    """The scheme has no objections."""

    zh = "方案没有规定异议。"
    remedy = (
        "Write `objections` into the next version of the scheme: windows, levels, who decides.",
        "请在下一版方案中写明 `objections`：期限、层级和复核机关。",
    )


class ObjectionRefused(Conflict):
    """The objection cannot be filed or moved so; nothing was changed."""

    zh = "异议不能这样提出或办理，未作任何变更。"
    remedy = (
        "Mend what `errors` says, or leave it to whom it names.",
        "请按 `errors` 所指改正，或由其所指人员办理。",
    )


class ObjectionMoved(Conflict):
    """The objection has moved since it was read; nothing was changed."""

    zh = "该异议在读取之后已有变动，未作任何变更。"
    remedy = (
        "Read the objection again, and send its present `step`.",
        "请重新查看该异议，以其现在的 `step` 重新提交。",
    )


class NoSuchObjection(Missing):
    """The caller may not know of such an objection in this cycle."""

    zh = "本年度没有调用者可以查阅的这项异议。"
    remedy = "Look the id up in the list of objections.", "请在异议清单中查对标识。"


def refuse_if(faults: Sequence[Fault]) -> None:
    """Refuse to file or to move the objection when there is any fault."""
    if faults:
        number = len(faults)
        raise ObjectionRefused(f"{number} fault(s).", f"共{number}处不符。", faults=faults)

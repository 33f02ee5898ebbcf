"""What is refused about supervised items (督办事项)."""

from collections.abc import Sequence

from chassis.refusals import Conflict, Fault, Invalid, Missing


class SupervisedItemsRejected(Invalid):
    """The items cannot be registered so; none was."""

    zh = "督办事项不能这样登记，全部未登记。"
    remedy = (
        "Mend what `errors` names, and send all of it again.",
        "请改正 `errors` 所指之处，然后全部重新提交。",
    )


class ItemRefused(Conflict):
    """The item cannot make this move; nothing was changed."""

    zh = "该督办事项不能这样办理，未作任何变更。"
    remedy = (
        "Read the item again, and mend what `errors` says.",
        "请重新查看该事项，按 `errors` 所指改正。",
    )


class ItemMoved(Conflict):
    """The item has moved since it was read; nothing was changed."""

    zh = "该督办事项在读取之后已有变动，未作任何变更。"
    remedy = (
        "Read the item again, and send its present `step`.",
        "请重新查看该事项，以其现在的 `step` 重新提交。",
    )


class NoSuchSupervisedItem(Missing):
    """The caller may not know of such an item in this cycle."""

    zh = "本年度没有调用者可以查阅的这项督办事项。"
    remedy = "Look the id up in the list of items.", "请在督办事项清单中查对标识。"


def refuse_if(faults: Sequence[Fault]) -> None:
    """Refuse the move when there is any fault."""
    if faults:
        raise ItemRefused(f"{len(faults)} fault(s).", f"共{len(faults)}处不符。", faults=faults)


def reject_if(faults: Sequence[Fault]) -> None:
    """Refuse to register the items when there is any fault."""
    if faults:
        raise SupervisedItemsRejected(
            f"{len(faults)} fault(s).", f"共{len(faults)}处不符。", faults=faults
        )

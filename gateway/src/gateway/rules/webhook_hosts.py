"""Hosts that webhooks may be sent to (推送主机): two people approve one, one takes it back."""

from collections.abc import Sequence

from chassis.persons import is_among
from chassis.refusals import Conflict, Fault, Forbidden, Invalid, Missing
from gateway.rules.approvals import PENDING, WITHDRAWN, ApprovalState


class HostRejected(Invalid):
    """Nothing can be sent to such a host."""

    zh = "不能向这样的主机推送。"
    remedy = (
        "Mend what `errors` names; numbers of private networks need a setting of the installation.",
        "请按 `errors` 改正；内网地址须先由系统部署方列入允许的网段。",
    )


class HostKnown(Conflict):
    """The host is approved already, or waits to be confirmed."""

    zh = "该主机已经批准，或正在等待确认。"
    remedy = (
        "Look it up in the list of hosts; withdraw it first to approve it anew.",
        "请在推送主机清单中查对；需重新批准的，请先撤销。",
    )


class NoSuchHost(Missing):
    """There is no such webhook host."""

    zh = "没有这个推送主机。"
    remedy = (
        "Look its id up in the list of hosts.",
        "请在推送主机清单中查对其标识。",
    )


class HostNotPending(Conflict):
    """The host does not wait to be confirmed."""

    zh = "该主机无须确认。"
    remedy = (
        "Read the list of hosts: it is in effect, or was withdrawn.",
        "请查看推送主机清单：该主机已经生效，或已被撤销。",
    )


class HostConfirmedByAnother(Forbidden):
    """A host is confirmed by somebody else than who approved it."""

    zh = "推送主机须由批准人以外的另一人确认。"
    remedy = (
        "Ask another administrator to confirm it.",
        "请由另一名系统管理员确认。",
    )


class HostWithdrawn(Conflict):
    """The host was withdrawn before."""

    zh = "该主机此前已经撤销。"
    remedy = (
        "Nothing needs to be done.",
        "无需再作处理。",
    )


def reject(faults: Sequence[Fault]) -> None:
    """Raise `HostRejected` naming all `faults`, if there are any."""
    if faults:
        n = len(faults)
        raise HostRejected(f"{n} fault(s).", f"共 {n} 处问题。", faults=faults)


def confirm(state: ApprovalState, approver: str, confirmer: str) -> None:
    """Refuse a confirmation that is not needed, or by the one that it is to watch."""
    if state != PENDING:
        raise HostNotPending("It was not changed.", "未作改动。")
    if is_among(confirmer, (approver,)):
        raise HostConfirmedByAnother("Ask another administrator.", "请由另一名系统管理员确认。")


def withdraw(state: ApprovalState) -> None:
    """Refuse to withdraw what was withdrawn."""
    if state == WITHDRAWN:
        raise HostWithdrawn("It was not changed.", "未作改动。")

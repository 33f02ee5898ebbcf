"""Webhooks (事件推送): who may have one, how it is stopped, and how a delivery is tried again."""

from collections.abc import Collection
from typing import Literal

from chassis.refusals import Conflict, Fault, Forbidden, Invalid, Missing, pointer

WebhookState = Literal["active", "paused", "disabled", "ended"]
ACTIVE: WebhookState = "active"
PAUSED: WebhookState = "paused"
DISABLED: WebhookState = "disabled"
ENDED: WebhookState = "ended"

DeliveryState = Literal["pending", "delivered", "dead"]

MOST_SECRETS = 2
MOST_REDELIVERED = 1000
"""How many deliveries one request may have sent again."""
MOST_WAITING = 10
"""How many such requests may wait."""

_LONGEST_PAUSE = 43_200.0
_JITTER = 0.2


class WebhookRejected(Invalid):
    """There can be no such webhook."""

    zh = "不能建立这样的推送订阅。"
    remedy = (
        "Mend what `errors` names; a host is approved by administrators at /api/v1/webhook-hosts.",
        "请按 `errors` 改正；推送主机由系统管理员在 `/api/v1/webhook-hosts` 批准。",
    )


class ClientsOnly(Forbidden):
    """Webhooks are for accounts of systems, not of people."""

    zh = "只有系统客户端账户可以建立推送订阅。"
    remedy = (
        "Have an administrator make an account of kind `client`, and sign in with it.",
        "请由系统管理员创建 `client` 类账户，并以该账户登录。",
    )


class NoSuchWebhook(Missing):
    """There is no such webhook of this account."""

    zh = "本账户没有这个推送订阅。"
    remedy = (
        "Look its id up in the list of webhooks.",
        "请在推送订阅清单中查对其标识。",
    )


class TooManyWebhooks(Conflict):
    """The account has as many webhooks as it may."""

    zh = "该账户的推送订阅已达上限。"
    remedy = (
        "End one that is not needed any more.",
        "请先终止不再需要的订阅。",
    )


class WebhookStateDiffers(Conflict):
    """This cannot be done in the webhook's present state."""

    zh = "推送订阅当前状态下不能这样做。"
    remedy = (
        "Read the webhook: an ended one stays so, a paused or disabled one can be resumed.",
        "请查看该订阅：已终止的不能恢复，已暂停或停用的可以恢复。",
    )


class TwoSecretsSign(Conflict):
    """Two secrets sign already, and a third one may not."""

    zh = "已有两个签名密钥同时有效，不能再有第三个。"
    remedy = (
        "Wait until the earlier one has ended, or send `overlap_hours` 0, which ends both at once.",
        "请等较早的密钥失效，或以 `overlap_hours` 为 0 提交，使现有密钥立即失效。",
    )


class RedeliveryRejected(Invalid):
    """These deliveries cannot be sent again."""

    zh = "这些推送不能重新发送。"
    remedy = (
        "Name deliveries of the list that were sent or given up, and whose payload is still kept.",
        "请指定清单中已经发送或已放弃、且内容仍在保存期内的推送。",
    )


class NoSuchDelivery(Missing):
    """The webhook has no such delivery."""

    zh = "该订阅没有这条推送。"
    remedy = (
        "Look its position up in the list of deliveries.",
        "请在推送清单中查对序号。",
    )


class TestedJustNow(Conflict):
    """The webhook was tested a moment ago."""

    zh = "刚刚试推送过。"
    remedy = (
        "Test it again after some seconds.",
        "请数秒后再试。",
    )


class TooManyRedeliveries(Conflict):
    """As many requests to send again wait as may."""

    zh = "等待重新发送的请求已达上限。"
    remedy = (
        "Wait until the earlier ones are done.",
        "请等待此前的请求办理完毕。",
    )


_FROM: dict[WebhookState, Collection[WebhookState]] = {
    PAUSED: (ACTIVE,),
    ACTIVE: (PAUSED, DISABLED),
    ENDED: (ACTIVE, PAUSED, DISABLED),
}
_ZH: dict[WebhookState, str] = {
    ACTIVE: "推送中",
    PAUSED: "已暂停",
    DISABLED: "已停用",
    ENDED: "已终止",
}


def step(before: WebhookState, after: WebhookState) -> None:
    """Refuse a step that does not lead from one state to another."""
    if before not in _FROM[after]:
        raise _differs(before)


def check_alive(state: WebhookState) -> None:
    """Refuse what has no use for a webhook that has ended."""
    if state == ENDED:
        raise _differs(state)


def _differs(state: WebhookState) -> WebhookStateDiffers:
    return WebhookStateDiffers(f"It is {state}.", f"该订阅{_ZH[state]}。")


def type_faults(
    types: Collection[str], known: Collection[str], heard: Collection[str]
) -> list[Fault]:
    """Return a fault for each type that is none, or of which the account hears nothing."""
    return [
        Fault(pointer("types", n), "unknown-type", "There is no such type.", "没有这种事件类型。")
        if each not in known
        else Fault(
            pointer("types", n),
            "not-heard",
            "The account's roles hear of no such event.",
            "本账户的角色收不到这种事件。",
        )
        for n, each in enumerate(types)
        if each not in heard
    ]


def host_fault() -> Fault:
    """Return that nothing may be sent to the host of an address."""
    return Fault(
        "/url",
        "host-not-approved",
        "This host and port are not approved for webhooks.",
        "该主机和端口尚未获准接收推送。",
    )


def check_secrets(alive: int, overlap_hours: int) -> None:
    """Refuse a secret that would be the third to sign at one time."""
    if alive >= MOST_SECRETS and overlap_hours:
        raise TwoSecretsSign("Two are alive.", "现有两个密钥。")


def pause_after(
    failures: int, draw: float, *, first: float, most: int, wait: int = 0
) -> float | None:
    """Return the seconds until the next try after so many failures; None where it is given up.

    Each pause is three times the one before, up to twelve hours; with five seconds at first and 15
    tries this comes to three days. `draw`, from 0 to 1, moves it by a fifth at most, so that what
    failed together does not come back together. A receiver may ask for more, by the seconds of its
    `wait`, up to twelve hours too.
    """
    if failures >= most:
        return None
    pause = min(first * 3.0 ** (failures - 1), _LONGEST_PAUSE)
    pause *= 1 - _JITTER + 2 * _JITTER * draw
    return max(pause, min(wait, _LONGEST_PAUSE))


def check_range(first: int, last: int, settled: int) -> None:
    """Refuse a range of deliveries that is none, too long, or not all sent or given up yet."""
    faults = [
        Fault(f"/{name}", code, en, zh)
        for holds, name, code, en, zh in (
            (first <= last, "last", "ends-before-it-begins", "It ends before.", "终点在起点之前。"),
            (last <= settled, "last", "not-sent-yet", "Not all were sent.", "其中有尚未发送的。"),
            (
                last - first < MOST_REDELIVERED,
                "last",
                "too-many",
                f"At most {MOST_REDELIVERED} at once.",
                f"一次至多 {MOST_REDELIVERED} 条。",
            ),
        )
        if not holds
    ]
    if faults:
        raise RedeliveryRejected("Nothing is sent again.", "未重新发送。", faults=faults)

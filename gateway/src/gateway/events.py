"""The gateway's own events: what becomes of accounts."""

from chassis.feed import EventType

_CHANGE = ("subject", "version")

_GRANT = ("grant_id", "subject", "right")

_SECRET = ("subject", "number")

_HOST = ("host_id", "host", "port")
_WEBHOOK = ("webhook_id", "subject", "host")

_KEY = ("subject", "key_id")

EVENTS = (
    EventType(
        "gateway.jurisdiction-closing-proposed",
        "提议停用一个辖区。",
        "It was proposed to close a jurisdiction.",
        told=("jurisdiction",),
    ),
    EventType(
        "gateway.jurisdiction-closing-closed",
        "停用一个辖区。",
        "A jurisdiction was closed.",
        told=("jurisdiction",),
    ),
    EventType(
        "gateway.webhook-host-approved",
        "提出批准一个推送主机。",
        "A host was approved for webhooks.",
        told=_HOST,
    ),
    EventType(
        "gateway.webhook-host-confirmed",
        "推送主机经第二人确认。",
        "A host for webhooks was confirmed.",
        told=_HOST,
    ),
    EventType(
        "gateway.webhook-host-withdrawn",
        "撤销推送主机。",
        "A host for webhooks was withdrawn.",
        told=_HOST,
    ),
    EventType("gateway.webhook-created", "新建推送订阅。", "A webhook was made.", told=_WEBHOOK),
    EventType("gateway.webhook-paused", "暂停推送订阅。", "A webhook was paused.", told=_WEBHOOK),
    EventType("gateway.webhook-resumed", "恢复推送订阅。", "A webhook was resumed.", told=_WEBHOOK),
    EventType("gateway.webhook-ended", "终止推送订阅。", "A webhook was ended.", told=_WEBHOOK),
    EventType(
        "gateway.webhook-disabled",
        "推送订阅因长期失败而停用。",
        "A webhook failed for too long.",
        told=_WEBHOOK,
    ),
    EventType(
        "gateway.webhook-secret-rotated",
        "更换推送订阅的签名密钥。",
        "A webhook has another secret.",
        told=_WEBHOOK,
    ),
    EventType("gateway.webhook-tested", "试推送。", "A webhook was tested.", told=_WEBHOOK),
    EventType(
        "gateway.webhook-redelivery-asked",
        "申请重新发送推送。",
        "Deliveries are to be sent again.",
        told=_WEBHOOK,
    ),
    EventType("gateway.accounts-created", "新建账户。", "Accounts were made.", whole=("subjects",)),
    EventType(
        "gateway.account-confirmed",
        "账户的重要角色经第二人确认。",
        "The powerful roles of an account were confirmed.",
        told=("subject",),
    ),
    EventType(
        "gateway.emergency-begun",
        "应急取得权限。",
        "Somebody took a right in an emergency.",
        told=_GRANT,
    ),
    EventType(
        "gateway.emergency-token",
        "领取应急授权的令牌。",
        "A token was given for an emergency grant.",
        told=_GRANT,
    ),
    EventType(
        "gateway.emergency-request",
        "凭应急授权提出请求。",
        "Something was asked for by a right taken in an emergency.",
        told=("grant_id",),
    ),
    EventType(
        "gateway.emergency-ended",
        "应急授权提前结束。",
        "An emergency grant was ended before its time.",
        told=_GRANT,
    ),
    EventType(
        "gateway.emergency-reviewed",
        "应急授权经复核。",
        "An emergency grant was reviewed.",
        told=_GRANT,
    ),
    EventType(
        "gateway.proposal-ended",
        "有关账户的提议未予确认或撤回。",
        "What was proposed of an account was declined or withdrawn.",
        told=_CHANGE,
    ),
    EventType("gateway.account-changed", "账户变更。", "An account was changed.", told=_CHANGE),
    EventType(
        "gateway.account-change-confirmed",
        "账户变更经第二人确认。",
        "A change of an account was confirmed.",
        told=_CHANGE,
    ),
    EventType("gateway.secret-made", "生成密钥。", "A client got a secret.", told=_SECRET),
    EventType(
        "gateway.secret-confirmed",
        "密钥经第二人确认。",
        "A secret was confirmed.",
        told=_SECRET,
    ),
    EventType("gateway.secret-revoked", "吊销密钥。", "A secret was revoked.", told=_SECRET),
    EventType(
        "gateway.password-changed",
        "更换本人密码。",
        "A person chose another password.",
        told=("subject",),
    ),
    EventType(
        "gateway.reset-proposed",
        "提出重置密码或动态口令。",
        "It was proposed to reset a password or a second factor.",
        told=_SECRET,
    ),
    EventType(
        "gateway.reset-confirmed",
        "重置经第二人确认。",
        "A reset was confirmed.",
        told=_SECRET,
    ),
    EventType(
        "gateway.account-unlocked",
        "解除登录放慢。",
        "Signing in to an account is not slowed down any more.",
        told=("subject",),
    ),
    EventType(
        "gateway.second-factor-given",
        "取得动态口令密钥。",
        "A person was given a second factor.",
        told=_SECRET,
    ),
    EventType(
        "gateway.second-factor-enrolled",
        "启用动态口令。",
        "A person began to sign in with a second factor.",
        told=_SECRET,
    ),
    EventType(
        "gateway.recovery-code-used",
        "使用了备用码登录。",
        "Somebody signed in with a recovery code.",
        told=_SECRET,
    ),
    EventType(
        "gateway.message-key-added",
        "添加报文密钥。",
        "A key for signing messages was added.",
        told=_KEY,
    ),
    EventType(
        "gateway.message-key-confirmed",
        "报文密钥经第二人确认。",
        "A key for signing messages was confirmed.",
        told=_KEY,
    ),
    EventType(
        "gateway.message-key-withdrawn",
        "撤销报文密钥。",
        "A key for signing messages was withdrawn.",
        told=_KEY,
    ),
    EventType(
        "gateway.message-archived",
        "签名报文及其应答已存档。",
        "A signed message was archived with its answer.",
        told=("message_id", "key_id", "status", "receipt"),
    ),
    EventType(
        "gateway.session-opened",
        "登录。",
        "Somebody signed in.",
        told=("subject", "session_id", "kind"),
    ),
    EventType(
        "gateway.sessions-ended",
        "登录会话结束。",
        "Sessions were ended.",
        told=("subject", "session_ids", "reason"),
    ),
    EventType(
        "gateway.sign-ins-slowed",
        "多次登录失败，登录已放慢。",
        "Sign-in was slowed down after many failures.",
    ),
)

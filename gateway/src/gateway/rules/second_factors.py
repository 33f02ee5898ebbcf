"""Second factors (动态口令): what is said of codes, and of who has to send one."""

from collections.abc import Collection

from chassis.refusals import Conflict, Fault, Invalid
from gateway.rules.headers import NO_STORE

RECOVERY_CODES = 10
"""How many codes there are for when the device is lost; each is used once."""


class SecondFactorNeeded(Invalid):
    """The password is right, and a code of the account's second factor is needed besides."""

    zh = "密码正确，还须提供动态口令。"
    remedy = (
        "Send the code that the device shows as `otp`, or one of the recovery codes.",
        "请以 `otp` 提交设备显示的动态口令，或一个备用码。",
    )
    status = 400
    headers = NO_STORE


class NoSecondFactor(Invalid):
    """A code was sent for an account that has no second factor."""

    zh = "该账户没有启用动态口令，却提交了口令。"
    remedy = (
        "Leave `otp` out, and enrol a second factor at `POST /api/v1/me/second-factor`.",
        "请去掉 `otp`；启用动态口令请用 `POST /api/v1/me/second-factor`。",
    )
    status = 400
    headers = NO_STORE


class SecondFactorRejected(Invalid):
    """No second factor was enrolled."""

    zh = "未能启用动态口令。"
    remedy = (
        "Mend what `errors` names, and send it again.",
        "请按 `errors` 改正后重新提交。",
    )


class ForPersons(Conflict):
    """This is for people; systems sign in with secrets."""

    zh = "仅适用于个人账户；系统客户端使用密钥登录。"
    remedy = (
        "Make a secret for a client at `POST /api/v1/accounts/{subject}/secrets`.",
        "系统客户端请用 `POST /api/v1/accounts/{subject}/secrets` 生成密钥。",
    )


class NothingToConfirm(Conflict):
    """No second factor waits to be confirmed."""

    zh = "没有待确认的动态口令。"
    remedy = (
        "Ask for one at `POST /api/v1/me/second-factor`, and confirm it within a quarter of an "
        "hour.",
        "请先通过 `POST /api/v1/me/second-factor` 申请，并在一刻钟内确认。",
    )


def is_needed(roles: Collection[str], needing: Collection[str]) -> bool:
    """Say whether somebody with these roles has to have a second factor."""
    return not set(roles).isdisjoint(needing)


def require_person(kind: str) -> None:
    """Refuse what is for people for a client."""
    if kind != "person":
        raise ForPersons("This account is a client's.", "该账户属于系统客户端。")


def wrong_password() -> SecondFactorRejected:
    """Return the refusal of a password, or a code sent with it, that is not right."""
    en, zh = "The present password or the code is wrong.", "现用密码或动态口令不符。"
    return _rejected(Fault("/current", "wrong-password", en, zh))


def wrong_code() -> SecondFactorRejected:
    """Return the refusal of a first code that is not right."""
    en, zh = "It is not a code of this moment, or was used.", "动态口令不符，或已经用过。"
    return _rejected(Fault("/code", "wrong-code", en, zh))


def _rejected(fault: Fault) -> SecondFactorRejected:
    return SecondFactorRejected("It was not enrolled.", "未启用。", faults=[fault])


def plain(code: str) -> str:
    """Return a code as it is compared: as it was given, without the spaces of whoever typed it."""
    return "".join(code.replace("-", "").split()).upper()


def is_one_time(code: str) -> bool:
    """Say whether a plain code has the form of one that a device shows."""
    return len(code) == 6 and code.isascii() and code.isdecimal()

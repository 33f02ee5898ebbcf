"""The secrets of clients: how many there may be, until when they open, and which do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from chassis.refusals import Conflict, Fault, Invalid, Missing
from gateway.rules.accounts import Kind

SecretState = Literal["effective", "one-time", "pending", "expired", "revoked", "replaced"]

MOST_ALIVE = 2
"""So many secrets a client has at one time: the one it uses, and the one it changes over to."""


class TwoSecretsAlive(Conflict):
    """The client has two secrets that have neither ended nor been revoked; there is no third."""

    zh = "该系统客户端已有两个未到期且未吊销的密钥，不能再有第三个。"
    remedy = (
        "Have the client use one of them, revoke the other, and make a new one then.",
        "请让客户端改用其中一个，吊销另一个，然后再生成新的密钥。",
    )


class SecretsOfClients(Conflict):
    """Secrets are made and revoked for clients; a person has a password instead."""

    zh = "密钥的生成和吊销只适用于系统客户端；个人使用密码。"
    remedy = (
        "A person changes the own password at `POST /api/v1/me/password`.",
        "个人请用 `POST /api/v1/me/password` 修改密码。",
    )


class NoSuchSecret(Missing):
    """The account has no secret of this number."""

    zh = "该账户没有这个编号的密钥。"
    remedy = (
        "Look the number up in the list of the account's secrets.",
        "请在该账户的密钥清单中查对编号。",
    )


class SecretOver(Conflict):
    """The secret does not wait to be confirmed, or is revoked already."""

    zh = "该密钥并非待确认，或已被吊销。"
    remedy = (
        "Read the list of the account's secrets again.",
        "请重新查看该账户的密钥清单。",
    )


class SecretRejected(Invalid):
    """No secret is made as it was asked for."""

    zh = "不能按所提交的内容生成密钥。"
    remedy = (
        "Mend what `errors` names, and ask again.",
        "请按 `errors` 改正后重新提交。",
    )


@dataclass(frozen=True, slots=True)
class KnownSecret:
    """A secret of an account as it is at this moment; `made_by_person` is null where not kept."""

    number: int
    secret_hash: str
    made_by: str | None
    made_by_person: str | None
    made_at: datetime
    expires_on: date | None
    is_pending: bool
    is_expired: bool
    confirmed_by: str | None
    confirmed_at: datetime | None
    revoked_by: str | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    one_time_until: datetime | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it has neither ended nor been revoked, so that it opens or may open one day."""
        return self.revoked_at is None and not self.is_expired


def state_of(secret: KnownSecret, kind: Kind, latest: int) -> SecretState:
    """Return the state that a secret is in; of a person's the `latest` takes the place of all."""
    if secret.revoked_at is not None:
        return "revoked"
    if secret.is_expired:
        return "expired"
    if kind == "person" and secret.number != latest:
        return "replaced"
    if secret.one_time_until is not None:
        return "one-time"
    return "pending" if secret.is_pending else "effective"


def opening(kind: Kind, secrets: Sequence[KnownSecret]) -> list[KnownSecret]:
    """Return the secrets that open the account: a person's latest, if only for another one to be
    chosen, and each of a client's that is alive and confirmed where it had to be."""
    latest = max((secret.number for secret in secrets), default=0)
    opens = {"effective", "one-time"}
    return [each for each in secrets if state_of(each, kind, latest) in opens]


def check_new(kind: Kind, secrets: Sequence[KnownSecret]) -> int:
    """Return the number of a new secret; refuse it for a person, and a third that is alive."""
    require_client(kind)
    alive = sorted(secret.number for secret in secrets if secret.is_alive)
    if len(alive) >= MOST_ALIVE:
        told = " and ".join(map(str, alive)), "、".join(map(str, alive))
        raise TwoSecretsAlive(f"Alive: {told[0]}.", f"有效或待确认的密钥：{told[1]}。")
    return max(secret.number for secret in secrets) + 1


def require_client(kind: Kind) -> None:
    """Refuse what is about the secrets of clients for anybody else."""
    if kind != "client":
        raise SecretsOfClients("This account is a person's.", "该账户属于个人。")


def end_of(asked: date | None, today: date, days: int) -> date:
    """Return the day from which a secret opens nothing: as asked, after `days` at the latest."""
    latest = today + timedelta(days=days)
    if asked is None:
        return latest
    if today < asked <= latest:
        return asked
    en = f"A day from {today + timedelta(days=1)} to {latest}."
    zh = f"须在 {today + timedelta(days=1)} 至 {latest} 之间。"
    raise SecretRejected(en, zh, faults=[Fault("/expires_on", "outside-range", en, zh)])


def found(secrets: Sequence[KnownSecret], number: int) -> KnownSecret:
    """Return the secret of a number."""
    for secret in secrets:
        if secret.number == number:
            return secret
    raise NoSuchSecret(f"There is no number {number}.", f"没有第 {number} 号密钥。")


def check_confirmable(secret: KnownSecret) -> None:
    """Refuse to confirm a secret that waits for nobody, or never will open."""
    if not secret.is_pending or not secret.is_alive:
        raise SecretOver("It does not wait.", "该密钥并非待确认。")


def check_revocable(secret: KnownSecret) -> None:
    """Refuse to revoke a secret a second time."""
    if secret.revoked_at is not None:
        raise SecretOver("It is revoked.", "该密钥已被吊销。")

"""Second factors (动态口令): one-time codes of a device (RFC 6238), and recovery codes instead.

The key that a device and the gateway share is sealed with a key file, so that the database alone
makes no code. Each code works once: its half minute is a row with a key, of which there is one.
Recovery codes are drawn at random and not to be guessed; the database holds digests alone.
"""

import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

import pyotp
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    LargeBinary,
    Text,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, logs
from gateway.queries import PresentAccount
from gateway.rules.second_factors import RECOVERY_CODES, is_needed, is_one_time, plain
from gateway.sealed import Sealer, SealingKey
from gateway.sessions import CHAIN, digest_of, holder
from gateway.tables import (
    CodeUseRow,
    FactorConfirmationRow,
    RecoveryCodeRow,
    RecoveryUseRow,
    ResetEffectRow,
    ResetRow,
    SecondFactorRow,
)

ISSUER = "Kaoping"
WAITS = timedelta(minutes=15)
"""For how long a new second factor can be confirmed."""
_SECONDS = 30
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"  # 32 that are not taken for one another
_RECOVERY_LENGTH = 16


class Factor(NamedTuple):
    """A second factor of an account: its key, sealed, and since when it counts."""

    subject: str
    number: int
    sealed_key: str
    confirmed_at: datetime | None


class Enrolled(NamedTuple):
    """A new second factor: the key, and what a device reads it from."""

    number: int
    key: str
    uri: str
    qr_code: str


class SecondFactors:
    """The second factors of accounts, with what opens their keys."""

    def __init__(self, sealing_key: SealingKey) -> None:
        self._sealer = Sealer(sealing_key, "second factor")

    async def make(self, db: AsyncSession, subject: str) -> Enrolled:
        """Give an account another second factor, which counts once it is confirmed."""
        import segno  # here: a start does without it

        made = select(func.count()).where(SecondFactorRow.subject == subject)
        number = (await db.execute(made)).scalar_one() + 1
        key = pyotp.random_base32()
        sealed = self._sealer.seal(key.encode(), _about(subject, number))
        values = {"subject": subject, "number": number, "sealed_key": sealed}
        await db.execute(insert(SecondFactorRow).values(values))
        uri = pyotp.TOTP(key).provisioning_uri(name=subject, issuer_name=ISSUER)
        drawn = segno.make(uri, micro=False).svg_inline(scale=4)
        return Enrolled(number, key, uri, drawn)

    async def confirm(
        self, db: AsyncSession, factor: Factor, code: str, now: float
    ) -> list[str] | None:
        """Have a second factor count by a first code, and return the recovery codes; None where the
        code is wrong."""
        if not is_one_time(plain(code)) or not await self.use(db, factor, code, now):
            return None
        of = {"subject": factor.subject, "number": factor.number}
        await db.execute(insert(FactorConfirmationRow).values(of))
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        rows = [{**of, "digest": digest_of(plain(code))} for code in codes]
        await db.execute(insert(RecoveryCodeRow).values(rows))
        return codes

    async def use(self, db: AsyncSession, factor: Factor, code: str, now: float) -> bool:
        """Use a code up at the moment `now`; False where it is wrong, or was used before.

        Of two at one time the database lets one use it. Codes of the half minute before and after
        are taken, because clocks differ, and none that is older than one that was used.
        """
        told = plain(code)
        if not is_one_time(told):
            return await _use_recovery_code(db, factor, told)
        counter = self._counter(factor, told, now)
        if counter is None:
            return False
        here = (CodeUseRow.subject == factor.subject, CodeUseRow.number == factor.number)
        fresh = select(
            literal(factor.subject, Text),
            literal(factor.number, Integer),
            literal(counter, BigInteger),
        ).where(~exists().where(*here, CodeUseRow.counter >= counter))
        use = insert_once(CodeUseRow).from_select(["subject", "number", "counter"], fresh)
        used = use.on_conflict_do_nothing().returning(CodeUseRow.counter)
        return await db.scalar(used) is not None

    def _counter(self, factor: Factor, code: str, now: float) -> int | None:
        """Return the half minute that a code is of, around `now`; None for no such one."""
        about = _about(factor.subject, factor.number)
        key = self._sealer.open(factor.sealed_key, about)
        if key is None:
            logs.say("second-factor-unreadable", subject=factor.subject)
            return None  # sealed with another key file: recovery codes still sign in
        device, present = pyotp.TOTP(key.decode()), int(now // _SECONDS)
        for counter in (present, present - 1, present + 1):
            if hmac.compare_digest(device.generate_otp(counter), code):
                return counter
        return None


async def present(db: AsyncSession, subject: str) -> Factor | None:
    """Return the second factor that an account signs in with, None where it has none."""
    found = await db.execute(
        select(
            SecondFactorRow.subject,
            SecondFactorRow.number,
            SecondFactorRow.sealed_key,
            FactorConfirmationRow.confirmed_at,
        )
        .join(
            FactorConfirmationRow,
            (FactorConfirmationRow.subject == SecondFactorRow.subject)
            & (FactorConfirmationRow.number == SecondFactorRow.number),
        )
        .where(SecondFactorRow.subject == subject, ~_was_reset())
        .order_by(SecondFactorRow.number.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return None if row is None else Factor(*row)


async def are_lacking(db: AsyncSession, account: PresentAccount, roles: Collection[str]) -> bool:
    """Say whether an account has to have a second factor, as one of `roles` has, and has none."""
    if account.kind != "person" or not is_needed(account.roles, roles):
        return False
    return await present(db, account.subject) is None


def _was_reset() -> ColumnElement[bool]:
    """Say of a second factor whether a reset has taken it back; also one not confirmed before."""
    same = (ResetEffectRow.subject == ResetRow.subject, ResetEffectRow.number == ResetRow.number)
    return exists().where(
        *same,
        ResetRow.subject == SecondFactorRow.subject,
        ResetRow.second_factor,
        ResetEffectRow.effected_at > SecondFactorRow.made_at,
    )


async def waiting(db: AsyncSession, subject: str) -> Factor | None:
    """Return the second factor of an account that waits to be confirmed: the latest it was given,
    unless that was long ago."""
    confirmed = exists().where(
        FactorConfirmationRow.subject == SecondFactorRow.subject,
        FactorConfirmationRow.number == SecondFactorRow.number,
    )
    found = await db.execute(
        select(
            SecondFactorRow.number,
            SecondFactorRow.sealed_key,
            ~confirmed & ~_was_reset() & (SecondFactorRow.made_at > func.clock_timestamp() - WAITS),
        )
        .where(SecondFactorRow.subject == subject)
        .order_by(SecondFactorRow.number.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return Factor(subject, row[0], row[1], None) if row is not None and row[2] else None


async def recovery_codes_left(db: AsyncSession, factor: Factor) -> int:
    """Return how many recovery codes of a second factor were not used yet."""
    counts = [
        select(func.count()).where(row.subject == factor.subject, row.number == factor.number)
        for row in (RecoveryCodeRow, RecoveryUseRow)
    ]
    there, used = [(await db.execute(count)).scalar_one() for count in counts]
    return there - used


async def _use_recovery_code(db: AsyncSession, factor: Factor, code: str) -> bool:
    digest = digest_of(code)
    known = select(
        RecoveryCodeRow.subject, RecoveryCodeRow.number, literal(digest, LargeBinary)
    ).where(
        RecoveryCodeRow.subject == factor.subject,
        RecoveryCodeRow.number == factor.number,
        RecoveryCodeRow.digest == digest,
    )
    use = insert_once(RecoveryUseRow).from_select(["subject", "number", "digest"], known)
    used = use.on_conflict_do_nothing().returning(RecoveryUseRow.number)
    if await db.scalar(used) is None:
        return False
    body = {"subject": factor.subject, "number": factor.number}
    who, event = holder(factor.subject), "gateway.recovery-code-used"
    await journal.record(db, chain=CHAIN, caller=who, event=event, body=body, last=False)
    return True


def _recovery_code() -> str:
    """Return a new recovery code of 80 random bits, in groups of four."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LENGTH))
    return "-".join(drawn[i : i + 4] for i in range(0, _RECOVERY_LENGTH, 4))


def _about(subject: str, number: int) -> bytes:
    return f"{subject} {number}".encode()

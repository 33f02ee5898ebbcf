"""One's own second factor (本人动态口令): a device that shows codes, and spares for its loss."""

import time
from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, commit, once
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.problems import documents
from chassis.refusals import TooManyRequests
from chassis.routes import Router
from chassis.wire import Incoming, Outgoing
from gateway import queries, second_factors, sessions
from gateway.api.accounts import created_for_once, key_without_secrets, present_account
from gateway.api.signing_in import LONGEST_SECRET, attempting, prove
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.attempts import Attempts
from gateway.rules import second_factors as rules
from gateway.rules.persons import NoSuchAccount
from gateway.rules.second_factors import (
    ForPersons,
    NoSecondFactor,
    NothingToConfirm,
    SecondFactorNeeded,
    SecondFactorRejected,
)
from gateway.second_factors import SecondFactors
from gateway.waiting import SignInBusy

router = Router("/me/second-factor", tags=["accounts"])

_Secret = Annotated[str, Field(max_length=LONGEST_SECRET)]


class NewSecondFactor(Incoming):
    """The present password, and where there is a second factor already a code of that: whoever got
    hold of a token alone puts none in its place."""

    current: _Secret
    otp: _Secret | None = None


class FirstCode(Incoming):
    """The first code that the device shows."""

    code: _Secret


class OwnSecondFactor(Outgoing):
    """Whether the caller's roles need a second factor, since when there is one, and how many
    recovery codes are left; null and zero where there is none."""

    is_needed: bool
    confirmed_at: datetime | None
    recovery_codes_left: int


class GivenSecondFactor(Outgoing):
    """A second factor that counts once it is confirmed, within a quarter of an hour.

    A device reads `uri` (otpauth), or its picture `qr_code` (SVG); `key` is for typing. They are
    shown this once: a repeated request is answered with null.
    """

    number: int
    key: str | None
    uri: str | None
    qr_code: str | None
    receipt: Receipt | None


class EnrolledSecondFactor(Outgoing):
    """The caller signs in with a code from now on. Each of the recovery codes does once in place of
    one; they are shown this once: a repeated request is answered with null."""

    number: int
    recovery_codes: Annotated[list[_Secret], Field(max_length=rules.RECOVERY_CODES)] | None
    receipt: Receipt | None


@router.get("", responses=documents(NoSuchAccount, SignInElsewhere))
async def read_own_second_factor(request: Request, db: Snapshot, permit: Permit) -> OwnSecondFactor:
    """Tell whether the caller signs in with a second factor, and has to."""
    require_embedded(request)
    account = await present_account(db, permit.caller.subject, permit.caller)
    factor = await second_factors.present(db, account.subject)
    needing = request.app.state.settings.second_factor_roles
    return OwnSecondFactor(
        is_needed=account.kind == "person" and rules.is_needed(account.roles, needing),
        confirmed_at=factor and factor.confirmed_at,
        recovery_codes_left=await second_factors.recovery_codes_left(db, factor) if factor else 0,
    )


@router.post(
    "",
    status_code=201,
    response_model=GivenSecondFactor,
    responses=documents(
        NoSuchAccount, ForPersons, SecondFactorRejected, SecondFactorNeeded, NoSecondFactor,
        SignInElsewhere, TooManyRequests, SignInBusy,
    ),
)  # fmt: skip
async def ask_for_second_factor(
    new: NewSecondFactor,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Give the caller a second factor to put into a device; the present one counts until it is
    confirmed.

    Who tries out passwords or codes is slowed down as at signing in. A code is used up by it.
    """
    require_embedded(request)
    caller = permit.caller
    key = None if mode == CHECK else await key_without_secrets(request, caller, {"factor": None})
    async with request.app.state.sessions() as db:
        rules.require_person((await present_account(db, caller.subject, caller)).kind)
    if await prove(request, caller.subject, new.current, "person", new.otp or "") is None:
        raise rules.wrong_password()
    factors: SecondFactors = request.app.state.second_factors
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        made = await factors.make(db, caller.subject)
        event = "gateway.second-factor-given"
        receipt = await _record(db, caller, event, made.number)
        nothing = GivenSecondFactor(
            number=made.number, key=None, uri=None, qr_code=None, receipt=receipt
        )
        answer = created_for_once(nothing)
        await commit(db, key, answer)
    shown = {"key": made.key, "uri": made.uri, "qr_code": made.qr_code}
    return created_for_once(nothing.model_copy(update=shown)) if key else answer


@router.post(
    "/confirmation",
    status_code=201,
    response_model=EnrolledSecondFactor,
    responses=documents(NothingToConfirm, SecondFactorRejected, SignInElsewhere, TooManyRequests),
)
async def confirm_own_second_factor(
    new: FirstCode,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Have the second factor count by a first code; all other sessions of the caller end.

    Who tries out codes is slowed down as at signing in. The code is used up by it.
    """
    require_embedded(request)
    caller = permit.caller
    key = None if mode == CHECK else await key_without_secrets(request, caller, {"code": None})
    attempts: Attempts = request.app.state.attempts
    async with attempting(request, caller.subject) as trying:
        attempts.begin_code(trying.attempt, time.monotonic())
        answer = await _confirmed(request, caller, new.code, key)
        trying.is_account, trying.succeeded = True, answer is not None
        if trying.succeeded:
            attempts.code_held(trying.attempt, time.monotonic())
    if answer is None:
        raise rules.wrong_code()
    return answer


async def _confirmed(
    request: Request, caller: Caller, code: str, key: idempotency.Key | None
) -> Response | None:
    """Confirm the second factor that waits; return the answer with the recovery codes, which is
    kept without them; None where the code is wrong."""
    factors: SecondFactors = request.app.state.second_factors
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        factor = await second_factors.waiting(db, caller.subject)
        if factor is None:
            raise NothingToConfirm("Nothing waits.", "没有待确认的动态口令。")
        codes = await factors.confirm(db, factor, code, request.app.state.clock())
        if codes is None:
            return None
        await sessions.end_all(db, caller.subject, "second-factor", caller, but=caller.session)
        receipt = await _record(db, caller, "gateway.second-factor-enrolled", factor.number)
        told = EnrolledSecondFactor(number=factor.number, recovery_codes=None, receipt=receipt)
        answer = created_for_once(told)
        await commit(db, key, answer)
    return created_for_once(told.model_copy(update={"recovery_codes": codes})) if key else answer


async def _record(db: AsyncSession, caller: Caller, event: str, number: int) -> Receipt | None:
    body = {"subject": caller.subject, "person": caller.person, "number": number}
    return await journal.record(db, chain="accounts", caller=caller, event=event, body=body)

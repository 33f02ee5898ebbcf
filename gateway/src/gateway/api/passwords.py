"""One's own password (本人密码): who knows the present one chooses another."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import func, insert, select

from chassis import idempotency, journal
from chassis.authorisation import Permit
from chassis.db import commit, once
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.problems import documents
from chassis.refusals import Fault, Invalid, TooManyRequests
from chassis.routes import Router
from chassis.wire import Incoming, Outgoing
from gateway import queries, sessions
from gateway.api.accounts import created_for_once, key_without_secrets
from gateway.api.signing_in import LONGEST_SECRET, opens_still, prove
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.hashing import Hasher
from gateway.rules.accounts import is_weak, weak_secret
from gateway.tables import SecretRow
from gateway.waiting import SignInBusy

router = Router("/me/password", tags=["accounts"])

_Secret = Annotated[str, Field(max_length=LONGEST_SECRET)]


class PasswordRejected(Invalid):
    """The password was not changed."""

    zh = "密码未修改。"
    remedy = (
        "Mend what `errors` names: send the present password, and another one that is long enough.",
        "请按 `errors` 改正：填写现用密码，以及足够长的另一密码。",
    )


class NewPassword(Incoming):
    """The present password and the one that is to take its place: at least twelve characters, and
    not the subject."""

    current: _Secret
    new: _Secret


class ChangedPassword(Outgoing):
    """The password was changed: the new one signs in from now on, and no other does."""

    subject: str
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    response_model=ChangedPassword,
    responses=documents(PasswordRejected, SignInElsewhere, TooManyRequests, SignInBusy),
)
async def change_own_password(
    new: NewPassword,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Choose another password, by the present one; a client's secret is not its own to change.

    All other sessions of the caller end.

    Who tries out present passwords is slowed down as at signing in.
    """
    require_embedded(request)
    caller = permit.caller
    key = None if mode == CHECK else await key_without_secrets(request, caller, {"password": None})
    faults = [*_faults(new, caller)]
    if faults:
        raise PasswordRejected("It was not changed.", "未作修改。", faults=faults)
    proved = await prove(request, caller.subject, new.current, "person", once=True)
    if proved is None:
        raise _wrong()
    hasher: Hasher = request.app.state.hasher
    hashed = await hasher.hash(new.new, is_generated=False)
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        if not await opens_still(db, proved):  # another one was chosen meanwhile, or it was reset
            raise _wrong()
        own = select(func.count()).where(SecretRow.subject == caller.subject)
        number = (await db.execute(own)).scalar_one() + 2
        added = {"subject": caller.subject, "number": number, "secret_hash": hashed}
        await db.execute(insert(SecretRow).values(added))
        # Whoever knew the former one is signed in nowhere any more.
        await sessions.end_all(db, caller.subject, "password-changed", caller, but=caller.session)
        body = {"subject": caller.subject, "person": caller.person, "number": number}
        receipt = await journal.record(
            db, chain="accounts", caller=caller, event="gateway.password-changed", body=body
        )
        answer = created_for_once(ChangedPassword(subject=caller.subject, receipt=receipt))
        await commit(db, key, answer)
    return answer


def _wrong() -> PasswordRejected:
    en, zh = "It is not the present password.", "现用密码不符。"
    fault = Fault("/current", "wrong-password", en, zh)
    return PasswordRejected("It was not changed.", "未作修改。", faults=[fault])


def _faults(new: NewPassword, caller: Caller) -> list[Fault]:
    if new.new == new.current:
        en, zh = "It is the present one.", "与现用密码相同。"
        return [Fault("/new", "same-password", en, zh)]
    if is_weak(new.new, caller.subject):
        return [weak_secret("/new")]
    return []

"""Confirming an account with a powerful role: the second of the two who grant it."""

from fastapi import Request, Response
from sqlalchemy.dialects.postgresql import insert

from chassis import idempotency, journal
from chassis.authorisation import Permit
from chassis.db import commit, once
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Outgoing
from gateway import queries
from gateway.api.accounts import Account, created_for_once, kept_account, shown
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.fresh_secrets import drawn, take_the_place_of_all
from gateway.rules import persons, proposals
from gateway.rules.persons import AlreadyInEffect, ConfirmedByAnother, NoSuchAccount
from gateway.rules.proposals import NothingProposed
from gateway.separation import confirming
from gateway.tables import ConfirmationRow

router = Router(tags=["accounts"])


class Confirmed(Outgoing):
    """An account that is now in effect, and its first `secret`, for its person or system alone.

    A person's signs in for 24 hours, once, and only for another password to be chosen. It is shown
    this once: a repeated request is answered with null.
    """

    account: Account
    secret: str | None
    receipt: Receipt | None


@router.post(
    "/accounts/{subject}/confirmation",
    status_code=201,
    response_model=Confirmed,
    responses=documents(
        NoSuchAccount, AlreadyInEffect, NothingProposed, ConfirmedByAnother, SignInElsewhere
    ),
)
async def confirm_account(
    subject: Code,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Put a pending account into effect; not as the person who created it or is to use it.

    Its first secret is drawn now and is in the answer: whoever created it knows none.
    """
    require_embedded(request)
    caller = permit.caller
    key = None if mode == CHECK else await idempotency.key_of(request, caller)
    fresh = await drawn(request.app.state.hasher)
    async with once(request.app.state.sessions, key) as db:
        await queries.lock_accounts(db)
        permit.require(phase=(await confirming(db, permit.caller.realm)).phase)
        account, confirmation, present = await kept_account(db, subject, caller, first=True)
        persons.confirm(
            person=account.person,
            creator=account.created_by_person,
            confirmer=caller.person,
            is_pending=account.awaits_confirmation and confirmation is None,
        )
        proposals.check_waiting(waits=present.is_pending)
        added = insert(ConfirmationRow).values(
            subject=subject, confirmed_by=caller.subject, confirmed_by_person=caller.person
        )
        await db.execute(added)
        days: int = request.app.state.settings.client_secret_days
        number = await take_the_place_of_all(db, present, fresh, caller, days)
        body = {
            "subject": subject,
            "person": account.person,
            "roles": account.roles,
            "confirmed_by_person": caller.person,
            "secret_number": number,
        }
        receipt = await journal.record(
            db, chain="accounts", caller=caller, event="gateway.account-confirmed", body=body
        )
        told = Confirmed(
            account=shown(await kept_account(db, subject, caller, first=True)),
            secret=None,
            receipt=receipt,
        )
        answer = created_for_once(told)
        await commit(db, key, answer)
    if key is None:
        return answer
    return created_for_once(told.model_copy(update={"secret": fresh.secret}))

"""Confirming an account with a powerful role: the second of the two who grant it."""

from fastapi import Request
from sqlalchemy.dialects.postgresql import insert

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Outgoing
from gateway import queries
from gateway.api.accounts import Account, kept_account, shown
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.rules import persons
from gateway.rules.persons import AlreadyInEffect, ConfirmedByAnother, NoSuchAccount
from gateway.tables import ConfirmationRow

router = Router(tags=["accounts"])


class Confirmed(Outgoing):
    """An account that is now in effect."""

    account: Account
    receipt: Receipt | None


@router.post(
    "/accounts/{subject}/confirmation",
    status_code=201,
    responses=documents(NoSuchAccount, AlreadyInEffect, ConfirmedByAnother, SignInElsewhere),
)
async def confirm_account(
    subject: Code, request: Request, db: Transaction, permit: Permit
) -> Confirmed:
    """Put a pending account into effect; not as the person who created it or is to use it."""
    require_embedded(request)
    caller = permit.caller
    await queries.lock_accounts(db)
    account, confirmation, _ = await kept_account(db, subject)
    persons.confirm(
        person=account.person,
        creator=account.created_by_person,
        confirmer=caller.person,
        is_pending=account.awaits_confirmation and confirmation is None,
    )
    added = insert(ConfirmationRow).values(
        subject=subject, confirmed_by=caller.subject, confirmed_by_person=caller.person
    )
    await db.execute(added)
    body = {
        "subject": subject,
        "person": account.person,
        "roles": account.roles,
        "confirmed_by_person": caller.person,
    }
    receipt = await journal.record(
        db, chain="accounts", caller=caller, event="gateway.account-confirmed", body=body
    )
    return Confirmed(account=shown(await kept_account(db, subject)), receipt=receipt)

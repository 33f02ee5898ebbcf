"""Sessions of others (他人登录会话): an administrator signs an account out wherever it is open."""

from fastapi import Request
from pydantic import Field

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway import sessions
from gateway.api.accounts import present_account
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.rules.persons import NoSuchAccount
from gateway.sessions import MOST_OPEN

router = Router("/accounts/{subject}/sessions", tags=["accounts"])


class NewSigningOut(Incoming):
    """Why an account is to be signed out wherever it is open."""

    reason: Text


class SignedOutAccount(Outgoing):
    """An account whose open sessions were ended, and how many there were: their tokens are refused
    within seconds. Its password and its rights are what they were."""

    subject: str
    ended: int = Field(ge=0, le=MOST_OPEN)
    receipt: Receipt | None


@router.post("/end", status_code=201, responses=documents(NoSuchAccount, SignInElsewhere))
async def end_account_sessions(
    subject: Code, new: NewSigningOut, request: Request, db: Transaction, permit: Permit
) -> SignedOutAccount:
    """End all open sessions of an account, such as after a device was lost.

    It takes one administrator: nothing is given by it. Whoever knows the password signs in again;
    where somebody else may know it, have it reset, or the account disabled.
    """
    require_embedded(request)
    caller = permit.caller
    account = await present_account(db, subject, caller)
    open_ones = await sessions.open_sessions(db, account.subject)
    found = [each.session_id for each in open_ones]
    ended = await sessions.mark_ended(db, found, "administrator", caller)
    about = {"person": caller.person, "because": new.reason}
    receipt = await journal.record(
        db,
        chain=sessions.CHAIN,
        caller=caller,
        event=sessions.ENDED,
        body=sessions.told(account.subject, ended, "administrator") | about,
    )
    return SignedOutAccount(subject=account.subject, ended=len(ended), receipt=receipt)

"""Whom an account is of (账户姓名): for whoever names another person's account in a command."""

from typing import Annotated

from fastapi import Query, Request

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Outgoing, Text
from gateway.api.accounts import present_account, unknown_account
from gateway.rules.persons import EFFECTIVE, NoSuchAccount
from gateway.settings import Settings

router = Router("/account-names", tags=["accounts"])


class AccountName(Outgoing):
    """A person's account that is in effect, and what the person is called; without a name where an
    outside provider keeps the accounts, of whom nothing is known here."""

    subject: str
    name: str | None


@router.get("", responses=documents(NoSuchAccount))
async def read_account_name(
    subject: Annotated[Text, Query(description="The account, in its exact spelling.")],
    request: Request,
    db: Snapshot,
    permit: Permit,
) -> AccountName:
    """Give the name of the person whose account it is.

    Whoever lets another person act in the own place looks up whom it would be. An account that is
    another system's, waits, is disabled or over, or is of another jurisdiction, is not there.
    """
    settings: Settings = request.app.state.settings
    if settings.identity != "embedded":
        return AccountName(subject=subject, name=None)
    account = await present_account(db, subject, permit.caller)
    if account.kind != "person" or account.state != EFFECTIVE:
        raise unknown_account(subject)
    return AccountName(subject=account.subject, name=account.name)

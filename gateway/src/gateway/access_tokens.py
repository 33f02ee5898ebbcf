"""What an access token says of the account that it is for."""

import time
import uuid
from typing import Any

from starlette.datastructures import State

from chassis import identity, realms
from gateway.queries import PresentAccount
from gateway.settings import Settings

_OWN_SECONDS = 60


def own_claims(settings: Settings, role: str) -> dict[str, Any]:
    """Return the claims of a token by which the gateway itself reads for a minute, in a role, of
    every jurisdiction; its name is of no account, and nobody else sees it."""
    now = int(time.time())
    return {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": "gateway",
        "iat": now,
        "exp": now + _OWN_SECONDS,
        "jti": uuid.uuid4().hex,
        settings.roles_claim: [role],
        settings.person_claim: "gateway",
        settings.realm_claim: realms.EVERY,
    }


def own_token(state: State) -> str:
    """Return a token by which the gateway reads the heads of all journals."""
    return str(state.keys.sign(own_claims(state.settings, "auditor")))


def emergency_claims(
    settings: Settings, account: PresentAccount, right: str, role: str, grant: str, seconds: int
) -> dict[str, Any]:
    """Return the claims of a token for a right that was taken in an emergency: it has its role in
    the place of the account's own, belongs to no unit, and opens nothing else."""
    told = claims(settings, account, seconds)
    told |= {settings.roles_claim: [role], settings.organisation_claim: None}
    return told | {identity.PURPOSE: right, "sid": grant}


def claims(settings: Settings, account: PresentAccount, seconds: int) -> dict[str, Any]:
    """Return the claims of a token that holds for so many seconds from now on."""
    now = int(time.time())
    scope = {} if account.scope is None else {settings.scope_claim: account.scope}
    return {
        **scope,
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": account.subject,
        "iat": now,
        "exp": now + seconds,
        "jti": uuid.uuid4().hex,
        settings.roles_claim: account.roles,
        settings.organisation_claim: account.unit,
        settings.person_claim: account.person,
        settings.realm_claim: account.jurisdiction,
    }

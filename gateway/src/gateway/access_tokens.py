"""What an access token says of the account that it is for."""

import time
import uuid
from typing import Any

from gateway.queries import PresentAccount
from gateway.settings import Settings

_OWN_SECONDS = 60


def own_claims(settings: Settings, role: str) -> dict[str, Any]:
    """Return the claims of a token by which the gateway itself reads for a minute, in a role; its
    name is of no account, and nobody else sees it."""
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
    }


def claims(settings: Settings, account: PresentAccount, seconds: int) -> dict[str, Any]:
    """Return the claims of a token that holds for so many seconds from now on."""
    now = int(time.time())
    return {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": account.subject,
        "iat": now,
        "exp": now + seconds,
        "jti": uuid.uuid4().hex,
        settings.roles_claim: account.roles,
        settings.organisation_claim: account.unit,
        settings.person_claim: account.person,
    }

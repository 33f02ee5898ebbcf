"""Whom a token speaks for, and every way in which it does not."""

import base64
import json
import time

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from chassis.identity import Claims, KeysUnavailable, NotSignedIn, Verifier, bearer_of
from chassis.testing import Signer


def verifier_for(signer: Signer, *, up: bool = True) -> Verifier:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=signer.jwks) if up else httpx.Response(503)

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://gateway")
    return Verifier(Claims("kaoping", "kaoping"), http, "/.well-known/jwks.json")


@pytest.fixture(scope="module")
def signer():
    return Signer.new()


async def test_a_good_token_names_subject_roles_and_unit(signer):
    token = signer.token("auditor", "committee", unit="ZH01", subject="li")
    caller = await verifier_for(signer).caller(token)
    assert (caller.subject, caller.roles, caller.unit) == ("li", {"auditor", "committee"}, "ZH01")


def unsigned(signer):
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return f"{header}.{signer.token('auditor').split('.')[1]}."


def signed_with_the_public_key(signer):
    """The classic confusion: the published key used as the secret of an HMAC."""
    secret = OctKey.import_key(json.dumps(signer.jwks["keys"][0]))
    claims = {"sub": "x", "roles": ["auditor"], "iss": "kaoping", "aud": "kaoping", "exp": 2**40}
    return jwt.encode({"alg": "HS256", "kid": "test"}, claims, secret)


def with_header(**changed):
    """A token whose header says what no header should."""

    def forged(signer):
        head, payload, signature = signer.token("auditor").split(".")
        header = {**json.loads(base64.urlsafe_b64decode(head + "==")), **changed}
        told = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
        return f"{told}.{payload}.{signature}"

    return forged


def with_a_changed_payload(signer):
    head, payload, signature = signer.token("assessed_unit").split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    claims["roles"] = ["performance_office"]
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


FORGERIES = {
    "unsigned": unsigned,
    "HMAC with the public key": signed_with_the_public_key,
    "changed payload": with_a_changed_payload,
    "another key": lambda signer: Signer.new().token("auditor"),
    "expired": lambda signer: signer.token("auditor", exp=int(time.time()) - 1),
    "no expiry": lambda signer: signer.token("auditor", exp=None),
    "another audience": lambda signer: signer.token("auditor", aud="payroll"),
    "another issuer": lambda signer: signer.token("auditor", iss="elsewhere"),
    "not yet valid": lambda signer: signer.token("auditor", nbf=int(time.time()) + 600),
    "roles as text": lambda signer: signer.token(roles="auditor"),
    "no subject": lambda signer: signer.token("auditor", sub=None),
    "not a token": lambda signer: "a.b.c",
    "empty": lambda signer: "..",
    "not even ASCII": lambda signer: "令牌",
    "a number for the critical headers": with_header(crit=5),
    "lists for algorithm and key": with_header(alg=["Ed25519"], kid=[1]),
    "tables for algorithm and key": with_header(alg={}, kid={}),
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_token_that_does_not_hold_names_nobody(signer, name):
    """Planted bug: add "none" or "HS256" to `identity.ALGORITHMS`, or drop a check of `_read`."""
    with pytest.raises(NotSignedIn):
        await verifier_for(signer).caller(FORGERIES[name](signer))


async def test_a_remembered_token_still_expires(signer):
    verifier = verifier_for(signer)
    token = signer.token("auditor")
    await verifier.caller(token)
    with pytest.raises(NotSignedIn):
        await verifier.caller(token, now=time.time() + 901)


async def test_without_keys_the_answer_is_unavailable_and_not_yes(signer):
    with pytest.raises(KeysUnavailable):
        await verifier_for(signer, up=False).caller(signer.token("auditor"))


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("Basic abc", None),
        ("Bearer ", None),
        (None, None),
    ],
)
def test_a_bearer_header_is_read(header, token):
    assert bearer_of(header) == token

"""Whom a token speaks for, and every way in which it does not."""

import base64
import json
import math
import time
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from chassis.identity import Claims, Freshness, KeysUnavailable, NotSignedIn, Verifier, bearer_of
from chassis.settings import Settings
from service_testing import Signer

CLAIMS = Claims("kaoping", "kaoping", "roles", "unit", "person")


class Publisher:
    """Publishes keys, or does not; counts how often it was asked. Its clock goes when told to."""

    def __init__(self, *signers: Signer, up: bool = True) -> None:
        self.signers = list(signers)
        self.up = up
        self.asked = 0
        self.seconds = 0.0

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        keys = [key for signer in self.signers for key in signer.jwks["keys"]]
        return httpx.Response(200, json={"keys": keys}) if self.up else httpx.Response(503)

    def verifier(self, **freshness: float) -> Verifier:
        http = httpx.AsyncClient(
            transport=httpx.MockTransport(self.answer), base_url="http://gateway"
        )
        return Verifier(
            CLAIMS,
            http,
            "/.well-known/jwks.json",
            Freshness(**freshness),
            lambda: self.seconds,
        )


def verifier_for(signer: Signer, *, up: bool = True) -> Verifier:
    return Publisher(signer, up=up).verifier()


@pytest.fixture(scope="module")
def signer():
    return Signer.new()


async def test_a_good_token_names_subject_roles_and_unit(signer):
    token = signer.token("auditor", "committee", unit="ZH01", subject="li")
    caller = await verifier_for(signer).caller(token)
    assert (caller.subject, caller.roles, caller.organisation) == (
        "li",
        {"auditor", "committee"},
        "ZH01",
    )


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
    "expiry that is no number": lambda signer: signer.token("auditor", exp=math.nan),
    "expiry that never comes": lambda signer: signer.token("auditor", exp=math.inf),
    "expiry as a truth": lambda signer: signer.token("auditor", exp=True),
    "issued for years": lambda signer: signer.token("auditor", exp=4070908800),
    "no moment of issue": lambda signer: signer.token("auditor", iat=None),
    "moment of issue as text": lambda signer: signer.token("auditor", iat="now"),
    "issued in the future": lambda signer: signer.token("auditor", iat=int(time.time()) + 600),
    "unit as a list": lambda signer: signer.token("auditor", unit=["A", "B"]),
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


async def test_a_deleted_key_lets_nobody_in_after_the_keys_were_read_again(signer):
    """Planted bug: read the keys again only when a token fails."""
    publisher, token = Publisher(signer, Signer.new()), signer.token("auditor")
    verifier = publisher.verifier(refresh=60, remember=3600)
    await verifier.caller(token)
    del publisher.signers[0]
    publisher.seconds = 59
    await verifier.caller(token)
    publisher.seconds = 60
    with pytest.raises(NotSignedIn):
        await verifier.caller(token)


async def test_a_changed_key_set_forgets_every_token_it_had_verified(signer):
    """Planted bug: keep the remembered tokens when the keys change."""
    publisher, other = Publisher(signer), Signer(OKPKey.generate_key("Ed25519", {"kid": "new"}))
    verifier = publisher.verifier(refresh=3600, remember=3600, retry=0)
    old = signer.token("auditor")
    await verifier.caller(old)
    publisher.signers = [other]
    with pytest.raises(NotSignedIn):  # has the keys read again, and they are others now
        await verifier.caller(Signer.new().token("auditor"))
    with pytest.raises(NotSignedIn):
        await verifier.caller(old)


async def test_a_verified_token_is_remembered_for_some_seconds_only(signer):
    """Planted bug: remember it until it expires.

    Whether it is verified anew shows when the time of day is one before the token was issued.
    """
    publisher, token, long_ago = Publisher(signer), signer.token("auditor"), time.time() - 600
    verifier = publisher.verifier(remember=10)
    await verifier.caller(token)
    publisher.seconds = 9.9
    await verifier.caller(token, now=long_ago)
    publisher.seconds = 10
    with pytest.raises(NotSignedIn):
        await verifier.caller(token, now=long_ago)


async def test_while_keys_cannot_be_read_the_last_ones_serve_for_a_while(signer):
    """Planted bug: refuse at the first failure, or trust the last keys for ever."""
    publisher, token = Publisher(signer), signer.token("auditor")
    verifier = publisher.verifier(refresh=60, stale=300)
    await verifier.caller(token)
    publisher.up = False
    for publisher.seconds in (60, 120, 299):
        await verifier.caller(token)
    publisher.seconds = 300
    with pytest.raises(KeysUnavailable):
        await verifier.caller(token)
    publisher.up, publisher.seconds = True, 302
    await verifier.caller(token)


async def test_keys_that_cannot_be_read_are_asked_for_at_a_bounded_pace(signer):
    """Planted bug: ask with each request while there is no answer."""
    publisher, token = Publisher(signer), signer.token("auditor")
    verifier = publisher.verifier(refresh=60, stale=300, retry=10)
    await verifier.caller(token)
    publisher.up = False
    for tenth in range(600, 900):
        publisher.seconds = tenth / 10
        await verifier.caller(token)
    assert publisher.asked == 1 + 3
    for tenth in range(3000, 3050):
        publisher.seconds = tenth / 10
        with pytest.raises(KeysUnavailable):
            await verifier.caller(token)
    assert publisher.asked <= 4 + 5


async def test_tokens_that_do_not_hold_cannot_have_the_keys_read_at_every_request(signer):
    publisher = Publisher(signer)
    verifier = publisher.verifier(retry=10)
    for _ in range(20):
        with pytest.raises(NotSignedIn):
            await verifier.caller(Signer.new().token("auditor"))
    assert publisher.asked == 1


@pytest.mark.parametrize(
    "published", [[], {}, {"keys": []}, {"keys": 5}, {"keys": [5]}, {"keys": [{}]}, "keys"]
)
async def test_what_is_published_and_is_no_key_set_is_unavailable_and_no_crash(signer, published):
    http = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json=published)),
        base_url="http://gateway",
    )
    verifier = Verifier(CLAIMS, http, "/.well-known/jwks.json")
    with pytest.raises(KeysUnavailable):
        await verifier.caller(signer.token("auditor"))


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


def test_the_claim_of_the_organisation_is_set_by_the_name_that_installations_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Planted bug: leave the alias out, and a provider's own claim is no longer read."""
    monkeypatch.setenv("UNIT_CLAIM", "department")
    settings = Settings(database_url="postgresql://", authorisation_file=Path("matrix"))
    assert settings.organisation_claim == "department"
    monkeypatch.delenv("UNIT_CLAIM")
    assert Settings.model_fields["organisation_claim"].default == "unit"

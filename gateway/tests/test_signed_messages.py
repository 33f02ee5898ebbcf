"""Messages between agencies: signed by the one, archived, and answered with our signature."""

import asyncio
import base64
import json
import time
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from joserfc.jwk import ECKey, JWKRegistry, OKPKey

from chassis.sm2 import SM2Key
from gateway.messages.desk import Signing
from gateway.messages.keys import MOST
from gateway.messages.signatures import Message, NotVerified, Sm2, read_key, verified

from .conftest import ADMIN, answer_with

ENTRIES = "/api/v1/cycles/7/ledger-entries"
OTHER_CYCLE = ENTRIES.replace("7", "8")
COVERED = ("@method", "@path", "idempotency-key", "content-digest", "content-type")
BODY = b'{"units":[]}'


class Upstream:
    """A service that answers as it is told."""

    def __init__(self):
        self.asked, self.says = [], {"receipt": {"hash": "ab" * 32}}

    async def __call__(self, scope, receive, send):
        body = b""
        while (message := await receive())["type"] != "http.disconnect":
            body += message["body"]
            if not message["more_body"]:
                break
        self.asked.append(body)
        await answer_with(httpx.Response(201, json=self.says), send)


@pytest.fixture(scope="module")
def upstream():
    return Upstream()


@pytest.fixture(scope="module")
async def door(run_gateway, upstream):
    transports = {"scoring": httpx.ASGITransport(upstream)}
    return await run_gateway(transports, signed_messages=True, account_seconds=0.05)


class Keys(HTTPSignatureKeyResolver):
    def __init__(self, key, public=None):
        self.key, self.public = key, public

    def resolve_private_key(self, key_id):
        return self.key.get_op_key("sign")

    def resolve_public_key(self, key_id):
        return self.public


def algorithm_of(key):
    if isinstance(key, SM2Key):
        return Sm2
    return algorithms.ED25519 if isinstance(key, OKPKey) else algorithms.ECDSA_P256_SHA256


def signed(key, body=BODY, url=f"http://gateway{ENTRIES}", more=None, **told):
    """Return a request with its signature; `told` are arguments of the library's signer."""
    method, headers = "POST", {"Host": "gateway", "Idempotency-Key": uuid.uuid4().hex}
    headers |= more or {}
    headers["Content-Type"] = "application/json"
    request = httpx.Request(method, url, headers=headers, content=body)
    message = Message(method, str(request.url), dict(headers))
    usual = {"key_id": read_key(key.as_dict(private=False))[0], "covered_component_ids": COVERED}
    signer = HTTPMessageSigner(signature_algorithm=algorithm_of(key), key_resolver=Keys(key))
    signer.sign(message, body=body, **{**usual, **told})
    for name in ("Content-Digest", "Signature-Input", "Signature"):
        request.headers[name] = message.headers[name]
    return request


async def send(door, token, request):
    request.headers["Authorization"] = f"Bearer {token}"
    async with httpx.AsyncClient(transport=door.transport) as client:
        return await client.send(request)


def administrator(door, subject=ADMIN):
    return door.client(door.token("system_administrator", subject=subject))


class Agency:
    """A client with a key, and a token of its own."""

    def __init__(self, door, subject, key):
        self.door, self.subject, self.key = door, subject, key
        self.key_id, self.jwk = read_key(key.as_dict(private=False))
        self.at = f"/api/v1/accounts/{subject}/message-keys"
        self.token = door.token("data_source_unit", subject=subject, unit="ZH02")

    async def send(self, request=None):
        return await send(self.door, self.token, request or signed(self.key))


async def agency(door, key=None):
    made = await door.create("data_source_unit", kind="client", unit="ZH02")
    found = Agency(door, made["subject"], key or OKPKey.generate_key("Ed25519"))
    async with administrator(door) as client:
        added = await client.post(found.at, json={"jwk": found.jwk, "reason": "省平台"})
        assert added.status_code == 201, added.text
        assert added.json()["key"]["state"] == "effective"  # there is one administrator
    await asyncio.sleep(0.1)
    return found


async def archived(door, subject):
    async with door.client(door.token("auditor")) as client:
        listed = await client.get("/api/v1/messages", params={"subject": subject})
        found = [
            (await client.get(f"/api/v1/messages/{each['message_id']}")).json()
            for each in listed.json()["items"]
        ]
    return sorted(found, key=lambda each: each["received_at"])


@pytest.mark.parametrize("kind", ["Ed25519", "P-256", "SM2"])
async def test_a_signed_message_is_done_archived_and_answered_with_a_signature(
    door, upstream, kind
):
    """Planted bugs: the answer is signed before it is compressed; it does not name the question."""
    key = {"Ed25519": OKPKey, "P-256": ECKey, "SM2": SM2Key}[kind].generate_key(kind)
    sender = await agency(door, key)
    request = signed(key)
    answer = await sender.send(request)
    assert (answer.status_code, upstream.asked[-1]) == (201, BODY)
    headers = {name.lower(): value for name, value in request.headers.items()}
    asked = Message("POST", str(request.url), headers)
    async with door.client() as client:
        keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
    ours = JWKRegistry.import_key(keys[-1])
    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithm_of(ours), key_resolver=Keys(None, ours.get_op_key("verify"))
    )
    answer.request = request
    wanted = ("@status", "content-digest", '"idempotency-key";req', '"signature";req')
    [found] = verifier.verify(answer, require_components=wanted, body=answer.content)
    assert found.body == answer.content
    [kept] = await archived(door, sender.subject)
    assert (kept["key_id"], kept["status"], kept["receipt"]) == (sender.key_id, 201, "ab" * 32)
    assert kept["message_id"] == answer.headers["kaoping-message"]
    assert base64.b64decode(kept["body"]) == BODY
    assert base64.b64decode(kept["answer_body"]) == answer.content
    # What is in the archive can be verified again by anybody who has the key.
    again = Message(kept["method"], kept["target"], kept["headers"])
    moment = datetime.now(UTC)
    assert verified(again, BODY, {sender.key_id: sender.jwk}, moment).key_id == sender.key_id
    assert again.headers["signature"] == asked.headers["signature"]


def altered(request, name, value):
    request.headers[name] = value
    return request


def without(request, name):
    del request.headers[name]
    return request


def uncovered(key):
    """Return a request with a digest of its body that its signature says nothing of."""
    request = signed(key)
    headers = {n: request.headers[n] for n in ("Host", "Idempotency-Key", "Content-Type")}
    message = Message("POST", str(request.url), headers)
    signer = HTTPMessageSigner(signature_algorithm=algorithm_of(key), key_resolver=Keys(key))
    key_id = read_key(key.as_dict(private=False))[0]
    signer.sign(message, key_id=key_id, covered_component_ids=(*COVERED[:3], "content-type"))
    for name in ("Signature-Input", "Signature"):
        request.headers[name] = message.headers[name]
    return request


def ago(**parts):
    return datetime.now(UTC) - timedelta(**parts)


OTHER = OKPKey.generate_key("Ed25519")
REFUSED = {
    "no signature": lambda key: without(without(signed(key), "Signature"), "Signature-Input"),
    "no input": lambda key: without(signed(key), "Signature-Input"),
    "another key": lambda key: signed(OTHER),
    "another key under the name": lambda key: signed(
        OTHER, key_id=read_key(key.as_dict(private=False))[0]
    ),
    "another idempotency key": lambda key: altered(signed(key), "Idempotency-Key", "x" * 32),
    "another digest": lambda key: altered(
        signed(key), "Content-Digest", signed(key, b"{}").headers["Content-Digest"]
    ),
    "another body": lambda key: httpx.Request(
        "POST", f"http://gateway{ENTRIES}", headers=signed(key, b'{"units":[1]}').headers,
        content=b'{"units":[2]}',
    ),
    "another path": lambda key: httpx.Request(
        "POST", f"http://gateway{OTHER_CYCLE}", headers=signed(key).headers, content=BODY
    ),
    "another query": lambda key: httpx.Request(
        "POST", f"http://gateway{ENTRIES}?mode=partial", headers=signed(key).headers, content=BODY
    ),
    "the query not covered": lambda key: signed(key, url=f"http://gateway{ENTRIES}?mode=check"),
    "the method not covered": lambda key: signed(key, covered_component_ids=COVERED[1:]),
    "the digest not covered": lambda key: uncovered(key),
    "the key not covered": lambda key: signed(
        key, covered_component_ids=("@method", "@path", "content-digest", "content-type")
    ),
    "too old": lambda key: signed(key, created=ago(seconds=400)),
    "of the future": lambda key: signed(key, created=ago(seconds=-60)),
    "expired": lambda key: signed(key, created=ago(seconds=60), expires=ago(seconds=30)),
    "the type not covered": lambda key: signed(key, covered_component_ids=COVERED[:4]),
    "another type": lambda key: altered(signed(key), "Content-Type", "text/csv"),
    "another condition": lambda key: altered(signed(key), "If-Match", '"x"'),
    "the token covered": lambda key: signed(
        key, covered_component_ids=(*COVERED, "authorization"), more={"Authorization": "Bearer x"}
    ),
    "of another alone": lambda key: altered(
        altered(signed(key), "Signature", "b=:AAAA:"), "Signature-Input",
        'b=("@method");created=1;keyid="x"',
    ),
    "nonsense": lambda key: altered(signed(key), "Signature-Input", "(((((" * 1000),
    "no base64": lambda key: altered(signed(key), "Signature", "pyhms=:\xe9:"),
}  # fmt: skip


@pytest.mark.parametrize("how", REFUSED)
async def test_what_is_not_signed_as_it_must_does_nothing(door, upstream, how):
    """Planted bugs: components are not required; the digest is not held against the body."""
    sender = await shared(door)
    before, kept = len(upstream.asked), len(await archived(door, sender.subject))
    answer = await sender.send(REFUSED[how](sender.key))
    assert (answer.status_code, answer.json().get("type")) == (403, "message-not-signed")
    assert "signature" not in answer.headers
    assert len(upstream.asked) == before
    assert len(await archived(door, sender.subject)) == kept


_SHARED = {}


async def shared(door):
    if door not in _SHARED.values():
        _SHARED["agency"], _SHARED["door"] = await agency(door), door
    return _SHARED["agency"]


async def test_with_a_query_that_is_covered_and_a_large_body(door, upstream):
    sender = await shared(door)
    body = b'{"units":[' + b" " * 300_000 + b"]}"
    covered = (*COVERED, "@query")
    url = f"http://gateway{ENTRIES}?mode=check"
    answer = await sender.send(signed(sender.key, body, url, covered_component_ids=covered))
    assert (answer.status_code, upstream.asked[-1]) == (201, body)
    upstream.says = {"rows": ["x" * 100] * 3_000}
    answer = await sender.send()
    upstream.says = {"receipt": {"hash": "ab" * 32}}
    assert (answer.status_code, len(answer.json()["rows"])) == (201, 3_000)
    assert "signature" in answer.headers
    assert "content-encoding" not in answer.headers


async def test_a_signed_message_has_so_many_bytes(door, upstream, monkeypatch):
    """Planted bug: one is held whole however large its route lets it be."""
    sender = await shared(door)
    for most, status in ((len(BODY), 201), (len(BODY) - 1, 413)):
        monkeypatch.setattr("gateway.front.LARGEST", most)
        answer = await sender.send(signed(sender.key))
        assert answer.status_code == status, answer.text


async def test_others_may_have_signed_on_the_way_and_more_may_be_covered(door):
    """Planted bugs: every signature has to hold; what was covered besides is not kept."""
    sender = await shared(door)
    covered = (*COVERED, "x-agency")
    request = signed(sender.key, more={"X-Agency": "province"}, covered_component_ids=covered)
    for name, more in (("Signature", "proxy=:AAAA:"), ("Signature-Input", 'proxy=("@path")')):
        altered(request, name, f"{more}, {request.headers[name]}")
    assert (await sender.send(request)).status_code == 201
    kept = (await archived(door, sender.subject))[-1]
    assert kept["headers"]["x-agency"] == "province"
    again = Message(kept["method"], kept["target"], kept["headers"])
    body, now = base64.b64decode(kept["body"]), datetime.now(UTC)
    assert verified(again, body, {sender.key_id: sender.jwk}, now).key_id == sender.key_id


async def test_what_is_not_signed_is_refused_before_its_body_is_read(door):
    """Planted bug: a body of ten million bytes is held for whoever may not send it."""
    sender = await shared(door)
    read = []

    async def body():
        for _ in range(3):
            read.append(1)
            yield b" " * 1000

    request = httpx.Request("POST", f"http://gateway{ENTRIES}", content=body())
    request.headers["Idempotency-Key"] = uuid.uuid4().hex
    answer = await sender.send(request)
    assert (answer.status_code, answer.json()["type"]) == (403, "message-not-signed")
    assert len(read) <= 1


async def test_an_answer_that_breaks_off_is_not_mixed_with_the_refusal():
    """Planted bug: the pieces of the one stay, and are signed with the other."""
    sent = []

    class Desk:
        async def answer(self, taken, status, headers, body):
            return {"signature": f"{status} {body.decode()}"}

    async def send(part):
        sent.append(part)

    signing = Signing(Desk(), None, send)
    start = {"type": "http.response.start", "headers": []}
    await signing({**start, "status": 201})
    await signing({"type": "http.response.body", "body": b"half", "more_body": True})
    await signing({**start, "status": 503})
    await signing({"type": "http.response.body", "body": b"down", "more_body": False})
    assert dict(sent[0]["headers"])[b"signature"] == b"503 down"
    assert sent[1]["body"] == b"down"


async def test_reads_and_accounts_without_a_key_are_as_before(door):
    sender = await shared(door)
    async with door.client(sender.token) as client:
        assert (await client.get("/api/v1/me")).status_code == 200
    async with door.client(door.token("data_source_unit", unit="ZH02")) as client:
        answer = await client.post(ENTRIES, content=BODY)
        assert answer.status_code == 201
        assert "signature" not in answer.headers


async def test_of_what_the_gateway_is_told_itself_only_digests_are_kept(door):
    """Planted bug: the body of an answer with a new secret stands in the archive."""
    sender = await agency(door)
    request = signed(sender.key, b"{}", "http://gateway/api/v1/me/secrets")
    answer = await sender.send(request)
    assert "signature" in answer.headers
    [kept] = await archived(door, sender.subject)
    assert (kept["body"], kept["answer_body"]) == (None, None)
    assert kept["headers"]["content-digest"]
    assert kept["answer_headers"]["content-digest"] == answer.headers["content-digest"]


async def test_an_answer_that_cannot_be_archived_is_not_given(door, upstream, monkeypatch):
    """Planted bug: it is sent all the same, and nobody can show what was said."""
    sender = await agency(door)

    async def fails(*_, **__):
        raise ConnectionRefusedError

    monkeypatch.setattr("gateway.messages.desk.journal.record", fails)
    before, request = len(upstream.asked), signed(sender.key)
    answer = await sender.send(request)
    assert (answer.status_code, len(upstream.asked)) == (503, before + 1)
    assert "signature" not in answer.headers
    monkeypatch.undo()
    [kept] = await archived(door, sender.subject)
    assert (kept["status"], kept["answer_headers"]) == (None, None)


async def test_a_key_is_confirmed_by_another_and_withdrawn_by_one(door, run_gateway, sql):
    """Planted bugs: it is in effect at once, although there are two administrators; it waits for
    ever, in the place of another."""
    second = await run_gateway(signed_messages=True, account_seconds=0.05)
    made = await second.create("system_administrator", subject="second", person="zhang")
    assert made["subject"] == "second"
    account = await second.create("data_source_unit", kind="client", unit="ZH02")
    sender = Agency(second, account["subject"], OKPKey.generate_key("Ed25519"))
    async with administrator(second) as one, administrator(second, "second") as two:
        added = (await one.post(sender.at, json={"jwk": sender.jwk, "reason": "省平台"})).json()
        assert added["key"]["state"] == "pending"
        own = await one.post(f"{sender.at}/{sender.key_id}/confirmation")
        assert (own.status_code, own.json()["type"]) == (403, "confirmed-by-another")
        again = await one.post(sender.at, json={"jwk": sender.jwk, "reason": "省平台"})
        assert (again.status_code, again.json()["type"]) == (409, "message-key-known")
        others = [OKPKey.generate_key("Ed25519") for _ in range(MOST)]
        for n, key in enumerate(others):
            told = {"jwk": Agency(second, account["subject"], key).jwk, "reason": "省平台"}
            answer = await one.post(sender.at, json=told)
            assert answer.status_code == (201 if n < MOST - 1 else 409), answer.text
        plain = httpx.Request("POST", f"http://gateway{ENTRIES}", content=BODY)
        plain.headers["Idempotency-Key"] = uuid.uuid4().hex
        assert (await sender.send(plain)).status_code == 200  # a key that waits asks for nothing
        confirmed = await two.post(f"{sender.at}/{sender.key_id}/confirmation")
        assert confirmed.json()["key"]["state"] == "effective"
        await asyncio.sleep(0.1)
        assert (await sender.send(plain)).status_code == 403
        gone = await one.post(f"{sender.at}/{sender.key_id}/withdrawal", json={"reason": "更换"})
        assert gone.json()["key"]["state"] == "withdrawn"
        twice = await two.post(f"{sender.at}/{sender.key_id}/withdrawal", json={"reason": "更换"})
        assert (twice.status_code, twice.json()["type"]) == (409, "message-key-withdrawn")
        await asyncio.sleep(0.1)
        assert (await sender.send(plain)).status_code == 200
        listed = (await two.get(sender.at)).json()["keys"]
        states = [each["state"] for each in listed]
        assert states == ["withdrawn", *["pending"] * (MOST - 1)]
        await sql(
            second,
            "DO $$ BEGIN SET LOCAL session_replication_role = replica;"
            " UPDATE message_key SET added_at = added_at - interval '7 days'; END $$",
        )
        listed = (await two.get(sender.at)).json()["keys"]
        assert [each["state"] for each in listed] == ["withdrawn"] * MOST
        late = await two.post(f"{sender.at}/{listed[-1]['key_id']}/confirmation")
        assert (late.status_code, late.json()["type"]) == (409, "message-key-withdrawn")
        told = {"jwk": Agency(second, account["subject"], others[-1]).jwk, "reason": "省平台"}
        assert (await one.post(sender.at, json=told)).status_code == 201


async def test_while_there_is_one_administrator_a_key_is_in_effect_at_once_and_on_record(door, sql):
    """Planted bug: the journal does not say that one was enough."""
    await shared(door)
    query = "SELECT body FROM journal_entry WHERE event LIKE '%message-key-added'"
    told = [json.loads(row["body"]) for row in await sql(door, query)]
    assert {each["grant"] for each in told} == {"granted-by-one"}


async def test_what_is_no_public_key_of_a_client_is_refused(door):
    """Planted bug: the private half is taken, and kept."""
    sender = await shared(door)
    person = await door.create("organiser")
    good = read_key(OTHER.as_dict(private=False))[1]
    async with administrator(door) as client:
        for jwk in (
            {**good, "x": "AAAA"},
            {**good, "crv": "P-256"},
            {**good, "kty": "EC"},
            {**good, "x": ""},
            {"kty": "EC", "crv": "P-256", "x": good["x"], "y": good["x"]},
        ):
            answer = await client.post(sender.at, json={"jwk": jwk, "reason": "省平台"})
            assert (answer.status_code, answer.json()["type"]) == (422, "message-key-refused"), jwk
        private = OTHER.as_dict(private=True)
        answer = await client.post(sender.at, json={"jwk": private, "reason": "省平台"})
        assert answer.status_code == 422
        path = f"/api/v1/accounts/{person['subject']}/message-keys"
        answer = await client.post(path, json={"jwk": good, "reason": "省平台"})
        assert answer.json()["errors"][0]["code"] == "not-a-client"
        missing = await client.post(f"{sender.at}/nothing/confirmation")
        assert (missing.status_code, missing.json()["type"]) == (404, "no-such-message-key")


async def test_where_nobody_signs_no_key_is_taken(run_gateway):
    door = await run_gateway()
    made = await door.create("data_source_unit", kind="client", unit="ZH02")
    jwk = read_key(OTHER.as_dict(private=False))[1]
    async with administrator(door) as client:
        path = f"/api/v1/accounts/{made['subject']}/message-keys"
        answer = await client.post(path, json={"jwk": jwk, "reason": "省平台"})
    assert (answer.status_code, answer.json()["type"]) == (409, "signed-messages-off")


def test_the_moment_is_an_argument():
    key = OKPKey.generate_key("Ed25519")
    key_id, jwk = read_key(key.as_dict(private=False))
    request = signed(key)
    message = Message("POST", str(request.url), dict(request.headers.items()))
    at = datetime.fromtimestamp(time.time(), UTC)
    assert verified(message, BODY, {key_id: jwk}, at + timedelta(seconds=300)).key_id == key_id
    for wrong in (at + timedelta(seconds=320), at - timedelta(seconds=20)):
        with pytest.raises(NotVerified):
            verified(message, BODY, {key_id: jwk}, wrong)

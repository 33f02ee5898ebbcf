"""Thousands of messages that are not what a survey centre signed, or not what it announces in them:
nothing of any of them is stored."""

import hashlib
import json
import random
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms
from joserfc.jwk import OKPKey
from tests.system.harness import in_one_process
from tests.system.phone_survey import city

from gateway.messages.signatures import Message, read_key
from service_testing import trials

NUMBER = trials(usual=160, thorough=5_000)
LIBRARY = ("@method", "@authority", "@target-uri")
"""What the library covers by itself."""
COVERED = ("@method", "@path", "idempotency-key", "content-digest", "content-type")
ROWS = [
    {"unit": f"U{n:02}", "respondent_token": f"respondent-number-{n}x", "outcome": "completed"}
    | {"answers": dict.fromkeys(["q1", "q2", "q3", "q4", "q5"], word)}
    for n, word in enumerate(["good", "fair", "bad"], 1)
]
FILE = "unit,respondent_token,outcome," + ",".join(f"answers.q{n}" for n in range(1, 6))
for _row in ROWS:
    FILE += "\n" + ",".join([*map(str, [*_row.values()][:3]), *_row["answers"].values()])
TOTALS = {"count": 3, "sums": {f"q{n}": "170" for n in range(1, 6)}}


def digest(rows):
    told = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


class Keys(HTTPSignatureKeyResolver):
    def __init__(self, key):
        self.key = key

    def resolve_private_key(self, key_id):
        return self.key.get_op_key("sign")

    def resolve_public_key(self, key_id):
        raise NotImplementedError


class Centre:
    """A survey centre with a key, and what it signs."""

    def __init__(self, city, key):
        self.city, self.key, self.bearer = city, key, city.doors["centre"].headers["Authorization"]
        self.key_id, self.jwk = read_key(key.as_dict(private=False))

    def signed(self, path, content, form="application/json", covered=COVERED, key=None, **told):
        """Return a request with its signature; `told` are arguments of the library's signer."""
        url = f"{self.city.running.url}/api/v1{path}"
        headers = {"Idempotency-Key": uuid.uuid4().hex, "Content-Type": form}
        request = httpx.Request("POST", url, headers=headers, content=content)
        by_itself = covered == LIBRARY
        if by_itself:  # as a signature of the whole target sees it
            url = url.replace("http:", "https:")
        message = Message("POST", url, dict(request.headers))
        if "?" in path and not by_itself:
            covered = (*covered, "@query")
        signer = HTTPMessageSigner(
            signature_algorithm=algorithms.ED25519, key_resolver=Keys(key or self.key)
        )
        usual = {"key_id": self.key_id, "covered_component_ids": covered, "body": content}
        signer.sign(message, **{**usual, **told})
        for name in ("Content-Digest", "Signature-Input", "Signature"):
            if name in message.headers:
                request.headers[name] = message.headers[name]
        return request

    def batch(self, totals=TOTALS, rows=ROWS, **told):
        body = {"batch_no": "B-1", "control_totals": totals, "rows": rows}
        return self.signed(self.city.at(1, "batches"), json.dumps(body).encode(), **told)

    def file(self, totals=TOTALS, **told):
        query = "".join(
            f"&control_totals.{name}={each}"
            for name, value in totals.items()
            for each in (_sums(value) if name == "sums" else [value])
        )
        path = f"{self.city.at(1, 'files')}?batch_no=B-1{query}"
        return self.signed(path, FILE.encode(), form="text/csv", **told)

    def send(self, request):
        request.headers["Authorization"] = self.bearer
        return self.city.doors["centre"].send(request)


def _sums(told):
    return [f"{question}:{number}" for question, number in told.items()]


@pytest.fixture(scope="module")
def centre(postgres, databases, tmp_path_factory):
    settings = {"signed_messages": True, "signed_scopes": ("surveys.collect",)}
    settings["account_seconds"] = 0.05
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, databases, keys, **settings) as running, city(running) as found:
        found.post(found.at(1, "opening"))
        made = Centre(found, OKPKey.generate_key("Ed25519"))
        with running.client(running.administrator) as administrator:
            about = {"jwk": made.jwk, "reason": "民调中心"}
            administrator.post("/accounts/centre/message-keys", about)
        time.sleep(0.1)  # for as long the door remembers an account
        yield made


def changed(drawn, request):
    """Return a request of which one byte is another: of the body, the path, or a header that is
    covered."""
    what = drawn.choice(["body", "path", *COVERED[2:], "signature", "signature-input"])
    headers, body, url = dict(request.headers), bytearray(request.content), str(request.url)
    if what == "body":
        at = drawn.randrange(len(body))
        body[at] ^= 1 << drawn.randrange(7)
    elif what == "path":
        url = url.replace("/waves/1/", f"/waves/{drawn.randrange(2, 99)}/")
    else:
        value = headers[what]
        at = drawn.randrange(len(value) - 5)  # the last sign of base64 says less than it holds
        letter = drawn.choice([each for each in "abcXYZ019" if each != value[at]])
        headers[what] = f"{value[:at]}{letter}{value[at + 1 :]}"
    return httpx.Request("POST", url, headers=headers, content=bytes(body))


def replayed(request):
    request.headers["Idempotency-Key"] = uuid.uuid4().hex
    return request


def unsigned(request):
    for name in ("Signature", "Signature-Input"):
        del request.headers[name]
    return request


def exchanged(centre):
    """Return a batch signed as the library does by itself, of which the rows were exchanged."""
    usual, other = centre.batch(covered=LIBRARY, body=None), centre.batch(rows=ROWS[::-1])
    usual.headers["Content-Length"] = str(len(other.content))
    return httpx.Request("POST", str(usual.url), headers=usual.headers, content=other.content)


def mistotalled(drawn, of):
    """Return control totals of which one is wrong, which a centre signs in good faith."""
    what = drawn.choice(["count", "sums", "digest"])
    wrong = {"digest": of}
    if what == "count":
        wrong = {"count": drawn.choice([0, 1, 2, 4, 3_000])}
    elif what == "sums":
        question, by = f"q{drawn.randrange(1, 6)}", drawn.choice([-30, 1, 100])
        wrong = {"sums": TOTALS["sums"] | {question: str(170 + by)}}
    else:
        at = drawn.randrange(64)
        wrong = {"digest": f"{of[:at]}{'1' if of[at] == '0' else '0'}{of[at + 1 :]}"}
    return TOTALS | {"digest": of} | wrong


def expired(make):
    at = datetime.now(UTC) - timedelta(seconds=400)
    return make(created=at, expires=at + timedelta(seconds=60))


def miscounted(centre, drawn, make):
    of = hashlib.sha256(FILE.encode()).hexdigest() if make == centre.file else digest(ROWS)
    return make(mistotalled(drawn, of))


def wrongs(centre, drawn):
    """Yield requests none of which is to be taken: most are not what was signed just now."""
    stranger = OKPKey.generate_key("Ed25519")
    kinds = {
        "changed": lambda make: changed(drawn, make()),
        "replayed under another key": lambda make: replayed(make()),
        "signed by a stranger": lambda make: make(key=stranger),
        "expired": expired,
        "not signed": lambda make: unsigned(make()),
        "the body exchanged": lambda _: exchanged(centre),
        "replayed where the key is not covered": lambda make: replayed(make(covered=LIBRARY)),
        "mis-totalled": lambda make: miscounted(centre, drawn, make),
    }
    for n in range(NUMBER):
        how = [*kinds][n % len(kinds)]
        yield how, kinds[how](drawn.choice([centre.batch, centre.file]))


@pytest.mark.prove
def test_of_thousands_of_wrong_messages_none_is_taken(centre):
    """Planted bugs: require the components that the library covers by default, with and without
    the digest of the body; leave a control total out."""
    drawn, seen = random.Random(7), Counter()  # noqa: S311 - a sample
    for how, request in wrongs(centre, drawn):
        answer = centre.send(request)
        assert 400 <= answer.status_code < 500, (how, answer.text)
        if how == "mis-totalled":
            assert answer.json()["type"] == "batch-rejected", answer.text
            assert len(answer.json()["errors"]) == 1, answer.text
        seen[how] += 1
    assert seen.total() == NUMBER
    told = centre.city.get(centre.city.at(1, "reconciliation"), "centre")
    assert (told["sent"], told["batches"]) == (0, [])
    answer = centre.send(centre.batch(TOTALS | {"digest": digest(ROWS)}))
    assert answer.status_code == 201, answer.text  # and what is right is taken

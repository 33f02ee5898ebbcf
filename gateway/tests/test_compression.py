"""Compressed answers: right for HTTP, and for nobody who may not read them."""

import gzip
import json

import httpx
import pytest

from gateway.compression import CompressedForms

SCHEME = "/api/v1/cycles/7/scheme"
DOCUMENT = json.dumps([{"code": f"C{i}", "name": "单位", "points": "5.0000"} for i in range(500)])
PLAIN = DOCUMENT.encode()
TAG, PACKED_TAG = '"abc"', '"abc-gzip"'


class Keeper:
    """A service with one document, which only those may read who are not in `barred`."""

    def __init__(self):
        self.asked = []
        self.barred = set()
        self.body, self.headers = PLAIN, {"ETag": TAG, "Content-Type": "application/json"}

    def __call__(self, request):
        self.asked.append(request.headers)
        if request.headers["authorization"] in self.barred:
            return httpx.Response(403, json={"type": "not-allowed"})
        if request.headers.get("if-none-match") == TAG:
            return httpx.Response(304, headers={"ETag": TAG})
        return httpx.Response(200, content=self.body, headers=self.headers)


@pytest.fixture(scope="module")
async def kept(run_gateway):
    keeper = Keeper()
    door = await run_gateway({"indicators": httpx.MockTransport(lambda r: keeper(r))})
    door.keeper = keeper
    return door


@pytest.fixture
def door(kept):
    kept.keeper.__init__()
    return kept


async def read(door, token=None, path=SCHEME, **headers):
    """Return an answer and its bytes as they came."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        door.client(token or door.token("organiser"), **names) as client,
        client.stream("GET", path) as answer,
    ):
        return answer, b"".join([piece async for piece in answer.aiter_raw()])


async def test_who_takes_gzip_gets_it_and_the_others_do_not(door):
    """Planted bugs: leave out Vary; send the length of the plain form; keep its tag."""
    packed, raw = await read(door, Accept_Encoding="gzip")
    assert gzip.decompress(raw) == PLAIN
    assert len(raw) * 10 < len(PLAIN)
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-length"] == str(len(raw))
    assert packed.headers["etag"] == PACKED_TAG
    plain, same = await read(door, Accept_Encoding="identity")
    assert same == PLAIN
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] == TAG
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("given", "accepts", "heard", "status", "back"),
    [
        (PACKED_TAG, "gzip", TAG, 304, PACKED_TAG),
        (TAG, "gzip", TAG, 304, TAG),
        (TAG, "identity", TAG, 304, TAG),
        (PACKED_TAG, "identity", PACKED_TAG, 200, TAG),
        ('"old-gzip"', "gzip", '"old"', 200, PACKED_TAG),
    ],
)
async def test_a_tag_that_was_given_leads_to_304(door, given, accepts, heard, status, back):
    """Planted bugs: pass the tag of the compressed form on; answer a 304 with the other tag."""
    answer, _ = await read(door, Accept_Encoding=accepts, If_None_Match=given)
    assert door.keeper.asked[0]["if-none-match"] == heard
    assert (answer.status_code, answer.headers["etag"]) == (status, back)
    assert answer.headers["vary"] == "Accept-Encoding"


async def test_what_is_kept_compressed_is_for_those_only_who_may_read_it(door):
    """Planted bug: give what is kept under the tag before the service has been asked."""
    token = door.token("organiser")
    for _ in range(2):
        answer, raw = await read(door, Accept_Encoding="gzip")
        assert gzip.decompress(raw) == PLAIN
    door.keeper.barred = {f"Bearer {token}"}
    refused, raw = await read(door, token, Accept_Encoding="gzip", If_None_Match=PACKED_TAG)
    assert refused.status_code == 403
    assert b"C499" not in raw
    assert len(door.keeper.asked) == 3
    async with door.client() as client:
        assert (await client.get(SCHEME)).status_code == 401
    assert answer.status_code == 200


async def test_documents_with_one_tag_at_two_places_are_not_confused(door):
    """Planted bug: keep compressed forms by the tag alone."""
    _, first = await read(door, Accept_Encoding="gzip")
    door.keeper.body = PLAIN[::-1]
    _, other = await read(door, path="/api/v1/units", Accept_Encoding="gzip")
    assert gzip.decompress(first) == PLAIN
    assert gzip.decompress(other) == PLAIN[::-1]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Cache-Control": "no-store"}, PLAIN),
        ({"Content-Encoding": "br"}, PLAIN),
        ({"Content-Range": "bytes 0-9/10"}, PLAIN),
        ({"Content-Type": "application/pdf"}, PLAIN),
        ({}, PLAIN[:1000]),
    ],
)
async def test_what_must_or_need_not_be_compressed_comes_as_it_is(door, headers, body):
    door.keeper.headers |= headers
    door.keeper.body = body
    answer, raw = await read(door, Accept_Encoding="gzip")
    assert raw == body
    assert answer.headers.get("content-encoding") == headers.get("Content-Encoding")
    assert answer.headers["etag"] == TAG


async def test_who_refuses_the_plain_form_gets_the_other_or_learns_that_there_is_none(door):
    door.keeper.body = b"{}"
    answer, raw = await read(door, Accept_Encoding="gzip, identity;q=0")
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == b"{}"
    refused, _ = await read(door, Accept_Encoding="br, identity;q=0")
    assert refused.status_code == 406
    assert len(door.keeper.asked) == 1


async def test_a_very_long_answer_is_compressed_as_it_comes(door):
    """Fails when the pieces are not parts of one gzip stream, or a length is told that is wrong."""
    door.keeper.body = PLAIN * 200
    answer, raw = await read(door, Accept_Encoding="gzip")
    assert gzip.decompress(raw) == door.keeper.body
    assert "content-length" not in answer.headers
    assert answer.headers["etag"] == PACKED_TAG


async def test_our_own_long_answers_are_compressed_too(door):
    answer, raw = await read(door, path="/docs/assets/swagger-ui.css", Accept_Encoding="gzip")
    plain, body = await read(door, path="/docs/assets/swagger-ui.css", Accept_Encoding="identity")
    assert gzip.decompress(raw) == body
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-ranges" not in answer.headers
    assert plain.headers["content-length"] == str(len(body))


async def test_compressed_forms_take_no_more_than_they_may():
    """Planted bug: count the forms and not their bytes."""
    forms = CompressedForms(100)
    keys = [(b"/", b'"%d"' % i, 1) for i in range(9)]
    for key in keys:
        await forms.of(b"x", key)
    kept = forms._kept._kept
    assert sum(len(form) for form, _ in kept.values()) <= 100
    assert keys[-1] in kept
    assert keys[0] not in kept

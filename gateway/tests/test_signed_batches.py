"""Where batches have to be signed, none is taken that is not just what its sender signed."""

import httpx
import pytest
from joserfc.jwk import OKPKey

from gateway.settings import Settings

from .test_signed_messages import (
    COVERED,
    Agency,
    Upstream,
    administrator,
    signed,
)

BATCH = b'{"batch_no":"B-1","control_totals":{"count":1},"rows":[{"unit":"XQ01"}]}'
AT = "http://gateway/api/v1/surveys/7/waves/1/batches"
SAFE = AT.replace("http:", "https:")  # as a signature of the whole target sees it
LIBRARY = ("@method", "@authority", "@target-uri")


@pytest.fixture(scope="module")
def upstream():
    return Upstream()


@pytest.fixture(scope="module")
async def door(run_gateway, upstream):
    transports = {part: httpx.ASGITransport(upstream) for part in ("survey", "scoring")}
    return await run_gateway(
        transports,
        signed_messages=True,
        signed_scopes=("surveys.collect",),
        account_seconds=0.05,
        burst=100_000,
    )


@pytest.fixture(scope="module")
async def centre(door):
    made = await door.create("survey_centre", kind="client", unit="SC")
    found = Agency(door, made["subject"], OKPKey.generate_key("Ed25519"))
    found.token = door.token("survey_centre", subject=made["subject"], unit="SC")
    async with administrator(door) as client:
        added = await client.post(found.at, json={"jwk": found.jwk, "reason": "民调中心"})
        assert added.status_code == 201, added.text
    return found


async def test_a_batch_that_is_signed_is_taken_and_one_of_nobody_with_a_key_is_not(
    door, upstream, centre
):
    """Planted bug: who has no key need not sign."""
    assert (await centre.send(signed(centre.key, BATCH, AT))).status_code == 201
    before = len(upstream.asked)
    async with door.client(door.token("survey_centre", unit="SB")) as client:
        answer = await client.post(AT.removeprefix("http://gateway"), content=BATCH)
        assert (answer.status_code, answer.json()["type"]) == (403, "message-not-signed")
        read = await client.get("/api/v1/surveys/7/mappings")
        assert read.status_code == 201  # what is only read is not signed
    assert len(upstream.asked) == before + 1
    async with door.client(door.token("data_source_unit", unit="ZH02")) as client:
        answer = await client.post("/api/v1/cycles/7/ledger-entries", content=b"{}")
        assert answer.status_code == 201  # another group of routes


@pytest.mark.parametrize(
    "what",
    [
        "waves/1/files?batch_no=F1",
        "waves/1/opinions",
        "waves/1/batches/W1-1/withdrawal",
        "waves/1/meeting-counts",
        "waves/1/meeting-counts/M-1/confirmation",
        "waves/1/meeting-counts/M-1/withdrawal",
        "mappings/cati",
    ],
)
async def test_whatever_a_centre_hands_in_has_to_be_signed(door, upstream, what):
    """Planted bug: files belong to another group of routes than batches."""
    before = len(upstream.asked)
    async with door.client(door.token("survey_centre", unit="SB")) as client:
        answer = await client.post(f"/api/v1/surveys/7/{what}", content=b"{}")
    assert (answer.status_code, answer.json()["type"]) == (403, "message-not-signed")
    assert len(upstream.asked) == before


async def test_what_the_library_covers_by_itself_is_not_enough(upstream, centre):
    """Its default is method, authority and target: body, type and key could be exchanged."""
    before = len(upstream.asked)
    for covered in (LIBRARY, COVERED[:3]):
        answer = await centre.send(signed(centre.key, BATCH, SAFE, covered_component_ids=covered))
        assert (answer.status_code, answer.json()["type"]) == (403, "message-not-signed")
    assert len(upstream.asked) == before


def test_groups_that_are_to_be_signed_are_known_and_need_signatures():
    told = {"database_url": "postgresql+asyncpg://x", "authorisation_file": "x"}
    with pytest.raises(ValueError, match="SIGNED_SCOPES"):
        Settings(**told, signed_scopes="surveys.collect")
    assert Settings(**told, signed_messages=True, signed_scopes="a, b").signed_scopes == ("a", "b")

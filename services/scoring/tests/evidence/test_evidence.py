"""Evidence over HTTP: added, named, read by whom it concerns, and kept once."""

import hashlib
import io
from pathlib import Path
from uuid import uuid4

import pytest
from evidence_files import HOSTILE, RIGHT, with_place
from leading import VALUE
from PIL import Image


async def add(cycle, client, content: bytes, name: str = "a.pdf", **headers):
    headers = {"Content-Type": "application/octet-stream", **headers}
    return await client.post(
        f"{cycle.path}/evidence", params={"name": name}, content=content, headers=headers
    )


async def added(cycle, client, content: bytes, name: str = "a.pdf") -> str:
    answer = await add(cycle, client, content, name)
    assert answer.status_code == 201, answer.text
    return answer.json()["evidence_id"]


def kept(service) -> set[str]:
    store = Path(service.app.state.evidence._settings.evidence_store)
    return {each.name for each in store.glob("*/*/*")}


def stored_at(service, digest: str) -> Path:
    store = Path(service.app.state.evidence._settings.evidence_store)
    return store / digest[:2] / digest[2:4] / digest


def content_of(cycle, evidence_id: str) -> str:
    return f"{cycle.path}/evidence/{evidence_id}/content"


async def test_the_same_bytes_are_kept_once_and_given_as_an_attachment(cycle, service):
    source, content = cycle.source(), RIGHT["pdf"] + b"\n" * 7
    before = kept(service)
    first, second = [await added(cycle, source, content, "通报 1.exe") for _ in range(2)]
    assert first != second
    assert kept(service) - before == {hashlib.sha256(content).hexdigest()}
    answer = await source.get(content_of(cycle, first))
    assert answer.status_code == 200, answer.text
    assert answer.content == content
    told = answer.headers
    assert told["content-type"] == "application/pdf"
    assert told["x-content-type-options"] == "nosniff"
    assert told["content-security-policy"].startswith("sandbox")
    assert told["content-disposition"].startswith("attachment;")
    assert told["content-disposition"].endswith("%E9%80%9A%E6%8A%A5%201.exe.pdf")
    facts = (await source.get(f"{cycle.path}/evidence/{first}")).json()
    assert facts["kind"] == "pdf"
    assert facts["size"] == len(content)
    assert facts["served"] == "original"


async def test_what_is_refused_leaves_nothing_behind(cycle, service):
    """Planted bug: keep the file before it is judged."""
    before, rows = kept(service), await cycle.rows()
    for problem, name, content in HOSTILE[::9]:
        answer = await add(cycle, cycle.source(), content, name)
        assert answer.status_code == 422, answer.text
        assert answer.json()["type"].endswith(problem)
        assert answer.json()["remedy"]
    for name in ("../a.pdf", "a\u202efdp.exe", "13812345678.pdf", "."):
        answer = await add(cycle, cycle.source(), RIGHT["pdf"], name)
        assert answer.json()["type"].endswith("evidence-name-unusable"), name
    damaged = await add(cycle, cycle.source(), RIGHT["pdf"], **{"Content-Digest": "sha-256=:AAAA:"})
    assert damaged.json()["type"].endswith("file-damaged")
    assert kept(service) == before
    assert await cycle.rows() == rows


async def test_a_file_that_is_sent_twice_under_one_key_is_added_once(cycle):
    key = {"Idempotency-Key": str(uuid4())}
    first = await add(cycle, cycle.source(), RIGHT["docx"], "a.docx", **key)
    again = await add(cycle, cycle.source(), RIGHT["docx"], "a.docx", **key)
    assert first.json() == again.json()
    other = await add(cycle, cycle.source(), RIGHT["xlsx"], "a.docx", **key)
    assert other.json()["type"].endswith("idempotency-key-reused")
    assert (await cycle.rows())["evidence"] == 1


async def test_who_may_read_the_entry_may_read_its_evidence(cycle):
    """Planted bugs: let any signed-in caller read; let an entry name what its author may not."""
    source, about = cycle.source(), cycle.caller("assessed_unit", unit=VALUE["unit"])
    stranger = cycle.caller("assessed_unit", unit="XQ11")
    [entry_id] = await cycle.enter(VALUE)
    evidence_id = await added(cycle, source, RIGHT["pdf"])
    for client in (about, stranger):
        assert (await client.get(content_of(cycle, evidence_id))).status_code == 404
    for client, unit in ((cycle.source("ZH77"), "ZH77"), (stranger, "XQ11")):
        own = {"evidence_ids": [evidence_id]}
        answer = await cycle.post(client, f"ledger-entries/{entry_id}/evidence", own)
        assert answer.status_code in (403, 404), unit
    path = f"ledger-entries/{entry_id}/evidence"
    answer = await cycle.post(source, path, {"evidence_ids": [evidence_id]})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["added"], answer.json()["total"]) == (1, 1)
    again = await cycle.post(source, path, {"evidence_ids": [evidence_id]})
    assert (again.json()["added"], again.json()["total"]) == (0, 1)
    for client in (about, cycle.office, cycle.caller("auditor")):
        assert (await client.get(content_of(cycle, evidence_id))).status_code == 200
    assert (await stranger.get(content_of(cycle, evidence_id))).status_code == 404
    shown = (await about.get(f"{cycle.path}/ledger-entries/{entry_id}")).json()
    assert [each["evidence_id"] for each in shown["evidence"]] == [evidence_id]
    foreign = await added(cycle, stranger, RIGHT["txt"], "a.txt")
    answer = await cycle.post(source, path, {"evidence_ids": [foreign, str(uuid4())]})
    assert answer.status_code == 409
    assert [each["pointer"] for each in answer.json()["errors"]] == [
        "/evidence_ids/0",
        "/evidence_ids/1",
    ]


async def test_others_get_a_photo_without_its_place_and_device(cycle):
    """Planted bug: give everybody the original."""
    source, about = cycle.source(), cycle.caller("assessed_unit", unit=VALUE["unit"])
    [entry_id] = await cycle.enter(VALUE)
    photo = with_place()
    assert b"Secret-Maker" in photo
    evidence_id = await added(cycle, source, photo, "a.jpg")
    named = {"evidence_ids": [evidence_id]}
    await cycle.post(source, f"ledger-entries/{entry_id}/evidence", named)
    for examiner in (source, cycle.office, cycle.caller("auditor")):
        assert (await examiner.get(content_of(cycle, evidence_id))).content == photo
    copy = (await about.get(content_of(cycle, evidence_id))).content
    assert b"Secret" not in copy
    assert dict(Image.open(io.BytesIO(copy)).getexif()) == {}
    facts = (await about.get(f"{cycle.path}/evidence/{evidence_id}")).json()
    assert facts["served"] == "copy"
    assert facts["taken_at"] == "2025-03-04T10:11:12"
    assert "113" not in str({**facts, "digest": "", "evidence_id": "", "added_at": ""})


async def test_a_photo_of_a_phone_is_copied_without_its_place_too(cycle):
    """Planted bug: give the copy the tags of the original."""
    photo = RIGHT["heic"]
    assert b"Secret-Maker" in photo
    [entry_id] = await cycle.enter(VALUE)
    evidence_id = await added(cycle, cycle.source(), photo, "IMG_0001.HEIC")
    named = {"evidence_ids": [evidence_id]}
    await cycle.post(cycle.source(), f"ledger-entries/{entry_id}/evidence", named)
    about = cycle.caller("assessed_unit", unit=VALUE["unit"])
    copy = await about.get(content_of(cycle, evidence_id))
    assert copy.headers["content-type"] == "image/jpeg"
    assert b"Secret" not in copy.content
    shown = Image.open(io.BytesIO(copy.content))
    assert (shown.size, dict(shown.getexif())) == ((64, 64), {})
    facts = (await about.get(f"{cycle.path}/evidence/{evidence_id}")).json()
    assert (facts["kind"], facts["taken_at"]) == ("heic", "2025-03-04T10:11:12")
    assert (await cycle.office.get(content_of(cycle, evidence_id))).content == photo


@pytest.mark.parametrize("kind", ["png", "gif", "webp", "tiff"])
async def test_of_every_picture_there_is_a_copy(cycle, kind):
    evidence_id = await added(cycle, cycle.source(), RIGHT[kind], f"a.{kind}")
    facts = (await cycle.source().get(f"{cycle.path}/evidence/{evidence_id}")).json()
    assert (facts["width"], facts["height"]) == (48, 32)


async def test_a_claim_names_evidence_and_its_unit_reads_it(cycle):
    unit = cycle.caller("assessed_unit", unit="XQ01")
    claim = {
        "claim_no": "E-1",
        "unit": "XQ01",
        "kind": "deduction",
        "rule": "DED01",
        "event_key": "x",
    }
    [claim_id] = await cycle.claim(
        claim | {"document_no": f"E{uuid4()}", "document_date": "2025-03-01"}
    )
    evidence_id = await added(cycle, cycle.office, RIGHT["ofd"], "a.ofd")
    assert (await unit.get(content_of(cycle, evidence_id))).status_code == 404
    path, named = f"claims/{claim_id}/evidence", {"evidence_ids": [evidence_id]}
    stranger = cycle.caller("assessed_unit", unit="XQ02")
    assert (await cycle.post(stranger, path, named)).status_code == 404
    answer = await cycle.post(cycle.office, path, named)
    assert answer.status_code == 200, answer.text
    assert (await unit.get(content_of(cycle, evidence_id))).content == RIGHT["ofd"]
    assert (await stranger.get(content_of(cycle, evidence_id))).status_code == 404
    [shown] = (await unit.get(f"{cycle.path}/claims")).json()["items"]
    assert [each["evidence_id"] for each in shown["evidence"]] == [evidence_id]


async def test_after_the_seal_nothing_is_added(cycle, service):
    await cycle.enter(VALUE)
    await cycle.verify(all_submitted=True)
    evidence_id = await added(cycle, cycle.source(), RIGHT["csv"], "a.csv")
    answer = await cycle.post(cycle.office, "ledger/seal", {})
    assert answer.status_code in (200, 201), answer.text
    before = kept(service)
    answer = await add(cycle, cycle.source(), RIGHT["pdf"] + b" " * 9)
    assert answer.status_code in (403, 409), answer.text
    assert kept(service) == before
    assert (await cycle.source().get(content_of(cycle, evidence_id))).status_code == 200


async def test_content_that_was_altered_or_removed_is_not_given_as_if_it_were(cycle, service):
    """Planted bug: leave the digest out of reading."""
    content = RIGHT["txt"] * 3
    evidence_id = await added(cycle, cycle.source(), content, "a.txt")
    digest = hashlib.sha256(content).hexdigest()
    path = stored_at(service, digest)
    path.chmod(0o600)
    path.write_bytes(content[:-1])
    answer = await cycle.source().get(content_of(cycle, evidence_id))
    assert answer.json()["type"].endswith("evidence-store-down")
    path.write_bytes(content[:-1] + b"?")
    answer = await cycle.source().get(content_of(cycle, evidence_id))
    assert answer.json()["type"].endswith("evidence-store-down")
    path.write_bytes(content)
    assert (await cycle.source().get(content_of(cycle, evidence_id))).content == content

"""The archive of a cycle: all of its record, and every content by its digest."""

import hashlib
import io
import json
import tarfile
from decimal import Decimal
from pathlib import Path

from evidence_files import RIGHT, video
from leading import OTHER, VALUE

SENT = {"Content-Type": "application/octet-stream"}


async def added(cycle, content: bytes, name: str) -> str:
    path = f"{cycle.path}/evidence?name={name}"
    answer = await cycle.source().post(path, content=content, headers=SENT)
    assert answer.status_code == 201, answer.text
    return answer.json()["evidence_id"]


async def archived(cycle, client) -> dict[str, bytes]:
    answer = await client.get(f"{cycle.path}/archive")
    assert answer.status_code == 200, answer.text
    assert len(answer.content) == int(answer.headers["content-length"])
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        return {each.name: tar.extractfile(each).read() for each in tar}


def rows(files: dict[str, bytes], table: str) -> list[dict]:
    lines = files[f"{table}.ndjson"].decode().splitlines()
    return [json.loads(line, parse_float=Decimal) for line in lines]


async def test_an_archive_has_the_whole_record_and_each_content_once(cycle):
    """Planted bugs: leave the states out; give a content twice; round the numbers."""
    large = video() + (9_000_000).to_bytes(4, "big") + b"free" + b"\0" * (9_000_000 - 8)
    pdf, again = [await added(cycle, RIGHT["pdf"], f"{n}.pdf") for n in range(2)]
    film = await added(cycle, large, "a.mp4")
    entry = VALUE | {"value": "104.123456", "evidence_ids": [pdf, film]}
    first, second = await cycle.enter(entry, OTHER | {"evidence_ids": [again]})
    await cycle.verify(all_submitted=True)
    files = await archived(cycle, cycle.caller("auditor"))
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["cycle_id"] == str(cycle.cycle_id)
    assert [each["name"] for each in manifest["files"]] == [*files]
    for each in manifest["files"]:
        content = files[each["name"]]
        told = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        assert each == {"name": each["name"], **told}
    contents = {name: each for name, each in files.items() if name.startswith("evidence/")}
    expected = {
        f"evidence/{hashlib.sha256(each).hexdigest()}": each for each in (RIGHT["pdf"], large)
    }
    assert contents == expected
    entries = {row["entry_id"]: row for row in rows(files, "ledger_entry")}
    assert entries.keys() == {first, second}
    assert entries[first]["value"] == Decimal("104.123456")
    states = [row["state"] for row in rows(files, "ledger_entry_state") if row["entry_id"] == first]
    assert states == ["submitted", "verified"]
    named = {(row["entry_id"], row["evidence_id"]) for row in rows(files, "entry_evidence")}
    assert named == {(first, pdf), (first, film), (second, again)}
    assert b"person" not in b"".join(each for name, each in files.items() if "ndjson" in name)
    assert await archived(cycle, cycle.office) == {
        "manifest.json": (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode(),
        **files,
    }


async def test_only_the_office_and_an_auditor_have_it(cycle, new_cycle):
    await cycle.enter(VALUE)
    for caller in (
        cycle.source(),
        cycle.caller("assessed_unit", unit="XQ01"),
        cycle.caller("organiser", unit="ZH40"),
        cycle.caller("panel_member", unit="ZF01"),
        cycle.caller("committee"),
    ):
        assert (await caller.get(f"{cycle.path}/archive")).status_code == 403


async def test_what_is_gone_or_altered_is_in_no_archive(cycle, service):
    """Planted bugs: begin before every content is known to be there; archive altered rows."""
    await added(cycle, RIGHT["csv"] + b"archived,1\n", "a.csv")
    digest = hashlib.sha256(RIGHT["csv"] + b"archived,1\n").hexdigest()
    folder = Path(service.app.state.evidence._settings.evidence_store)
    path = folder / digest[:2] / digest[2:4] / digest
    content = path.read_bytes()
    path.unlink()
    answer = await cycle.office.get(f"{cycle.path}/archive")
    assert answer.json()["type"] == "evidence-store-down"
    path.write_bytes(content[:-1] + b"2")
    broken = await cycle.office.get(f"{cycle.path}/archive")
    assert len(broken.content) < int(broken.headers["content-length"])
    path.write_bytes(content)
    assert (await cycle.office.get(f"{cycle.path}/archive")).status_code == 200
    await cycle.enter(VALUE)
    changed = "UPDATE ledger_entry SET note = 'x' WHERE cycle_id = $1"
    await service.sql("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
    try:
        await service.sql(changed, cycle.cycle_id)
    finally:
        await service.sql("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
    answer = await cycle.office.get(f"{cycle.path}/archive")
    assert answer.json()["type"] == "stored-data-altered"

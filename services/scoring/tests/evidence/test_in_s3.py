"""Evidence in a real S3-compatible store: SeaweedFS, which asks for the right secret."""

import asyncio
import hashlib
import json
import shutil
import socket
import subprocess
from pathlib import Path

import httpx
import pytest
from evidence_files import RIGHT, video

from scoring.settings import Settings

ROOT = Path(__file__).parents[4]
WEED = ROOT / "clients" / "tooling" / ".venv" / "bin" / "weed"
pytestmark = pytest.mark.skipif(not WEED.exists(), reason="`make tools` installs the store")

SENT = {"Content-Type": "application/octet-stream"}
KEYS = {
    "identities": [
        {
            "name": "kaoping",
            "credentials": [{"accessKey": "key", "secretKey": "right"}],
            "actions": ["Read", "Write", "List"],
        }
    ]
}


def free(number: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


@pytest.fixture(scope="module")
async def bucket(tmp_path_factory):
    """Start the store with a bucket; give its settings."""
    folder = tmp_path_factory.mktemp("seaweed")
    (folder / "keys.json").write_text(json.dumps(KEYS))
    names = ("master", "volume", "filer", "s3")
    ports = dict(zip([*names, *(f"{name}.grpc" for name in names)], free(8), strict=True))
    told = [f"-{name}.port={ports[name]}" for name in names]
    told += [f"-{name}.port.grpc={ports[f'{name}.grpc']}" for name in names]
    told += ["-s3", f"-s3.config={folder / 'keys.json'}", "-s3.iam=false", f"-dir={folder}"]
    told += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-volume.max=8"]
    told += ["-master.volumeSizeLimitMB=64"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([WEED, "server", *told], stdout=log, stderr=log)  # noqa: ASYNC220
    try:
        async with httpx.AsyncClient() as http:
            await made(http, f"http://127.0.0.1:{ports['filer']}/buckets/evidence/")
            await answers(http, f"http://127.0.0.1:{ports['s3']}/")
        yield {
            "evidence_store": "s3://evidence/kaoping",
            "evidence_s3_endpoint": f"http://127.0.0.1:{ports['s3']}",
            "evidence_s3_access_key_id": "key",
            "evidence_s3_secret_access_key": "right",
        }
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def made(http: httpx.AsyncClient, url: str) -> None:
    for _ in range(300):
        try:
            if (await http.post(url)).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError(url)


async def answers(http: httpx.AsyncClient, url: str) -> None:
    for _ in range(300):
        try:
            await http.get(url)
            return
        except httpx.TransportError:
            await asyncio.sleep(0.1)
    raise AssertionError(url)


async def started(run_service, others, **given):
    from scoring.app import create_app

    return await run_service("scoring", create_app, peers=others, settings=Settings, **given)


async def add(service, cycle, content: bytes, name: str):
    source = service.caller("data_source_unit", unit="ZH02")
    return await source.post(
        f"{cycle.path}/evidence", params={"name": name}, content=content, headers=SENT
    )


async def test_files_are_kept_once_read_again_and_missed(run_service, others, bucket, cycle):
    """Planted bugs: write a large file under another name; give what has another digest."""
    service = await started(run_service, others, **bucket)
    source, objects = service.caller("data_source_unit", unit="ZH02"), None
    large = video() + (20_000_000).to_bytes(4, "big") + b"free" + b"\0" * (20_000_000 - 8)
    for content, name in ((RIGHT["pdf"], "a.pdf"), (large, "a.mp4")):
        first = await add(service, cycle, content, name)
        again = await add(service, cycle, content, name)
        assert (first.status_code, again.status_code) == (201, 201), first.text + again.text
        path = f"{cycle.path}/evidence/{first.json()['evidence_id']}/content"
        assert (await source.get(path)).content == content
    objects = service.app.state.evidence.objects
    lie = [each async for some in objects.listed() for each in some]
    digests = {hashlib.sha256(each).hexdigest() for each in (RIGHT["pdf"], large)}
    assert {each.place.rpartition("/")[2] for each in lie} == digests
    small = min(lie, key=lambda each: each.size)
    await objects.remove([small.place, "00/00/none"])
    path = path.replace(first.json()["evidence_id"], await pdf_of(service, cycle))
    answer = await source.get(path)
    assert answer.json()["type"] == "evidence-store-down"


async def pdf_of(service, cycle) -> str:
    rows = await service.sql(
        "SELECT evidence_id FROM evidence WHERE cycle_id = $1 AND kind = 'pdf'", cycle.cycle_id
    )
    return str(rows[0]["evidence_id"])


async def test_what_will_never_be_answered_is_refused_at_the_start(run_service, others, bucket):
    """Planted bug: find it out with the first file."""
    from scoring.api.evidence.objects import Misconfigured

    for wrong, told in (
        ({"evidence_s3_secret_access_key": "wrong"}, "EVIDENCE_S3_ACCESS_KEY_ID"),
        ({"evidence_s3_access_key_id": "nobody"}, "EVIDENCE_S3_ACCESS_KEY_ID"),
        ({"evidence_store": "s3://elsewhere"}, "s3://elsewhere: there is no such bucket"),
    ):
        with pytest.raises(Misconfigured, match=told):
            await started(run_service, others, **bucket | wrong)


async def test_a_store_that_does_not_answer_lets_the_service_start_and_keeps_nothing(
    run_service, others, bucket, cycle
):
    """Planted bug: add the row before the content is kept."""
    [port] = free(1)
    away = bucket | {"evidence_s3_endpoint": f"http://127.0.0.1:{port}"}
    service = await started(run_service, others, **away)
    answer = await add(service, cycle, RIGHT["pdf"], "a.pdf")
    assert answer.json()["type"] == "evidence-store-down"
    assert await service.sql("SELECT * FROM evidence") == []

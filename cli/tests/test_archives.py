"""Archives: what is not as it was archived is named, and the first of it."""

import hashlib
import io
import json
import tarfile
import tracemalloc

import httpx
import pytest
from typer.testing import CliRunner

from kaoping.app import app
from kaoping.archives import (
    ArchiveFault,
    compared,
    digest_of,
    fetch,
    propose,
    restore,
    told_in_chinese,
    unpack,
)
from kaoping.card import Credentials
from kaoping.client import Client

EVIDENCE = {
    f"evidence/{hashlib.sha256(each).hexdigest()}": each for each in (b"a photo", b"a film" * 9)
}
ROWS = [
    {"digest": hashlib.sha256(b"a photo").hexdigest(), "number": 1, "name": "照片.jpg"},
    {"digest": hashlib.sha256(b"a photo").hexdigest(), "number": 2, "name": "../../x"},
    {"digest": hashlib.sha256(b"a film" * 9).hexdigest(), "number": 3, "name": "片" * 200},
]
FILES = {
    "ledger_entry.ndjson": b'{"value": 1.50}\n',
    "evidence.ndjson": "".join(f"{json.dumps(each)}\n" for each in ROWS).encode(),
    **EVIDENCE,
}


def manifest(files: dict[str, bytes]) -> bytes:
    told = [
        {"name": name, "size": len(each), "sha256": hashlib.sha256(each).hexdigest()}
        for name, each in files.items()
    ]
    return json.dumps({"format": "kaoping-archive/1", "files": told}).encode()


def tar(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as opened:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            opened.addfile(info, io.BytesIO(content))
    return made.getvalue()


WHOLE = {"manifest.json": manifest(FILES), **FILES}
PHOTO, FILM = EVIDENCE


def without(name: str) -> dict[str, bytes]:
    return {each: content for each, content in WHOLE.items() if each != name}


WRONG = [
    (WHOLE | {PHOTO: b"a phot0", FILM: b"another"}, PHOTO),
    (WHOLE | {"ledger_entry.ndjson": b'{"value": 1.5}\n'}, "ledger_entry.ndjson"),
    (without(FILM), FILM),
    (without(PHOTO), PHOTO),
    (WHOLE | {"more": b""}, "more"),
    (without("manifest.json"), "manifest.json"),
    ({**WHOLE, "manifest.json": b"[1]"}, "manifest.json"),
    ({**WHOLE, "manifest.json": b'{"format": "kaoping-archive/9", "files": []}'}, "manifest.json"),
    ({**WHOLE, "manifest.json": manifest(FILES)[:-1]}, "manifest.json"),
    ({**WHOLE, "manifest.json": manifest(FILES) + b"}"}, "manifest.json"),
    ({**WHOLE, "manifest.json": manifest(FILES).replace(b'"size"', b'"bytes"')}, "manifest.json"),
]


def test_an_archive_is_compared_and_read_again(tmp_path):
    """Planted bugs: write names as they are; write a content once for two names."""
    (tmp_path / "a.tar").write_bytes(tar(WHOLE))
    assert compared(tmp_path / "a.tar") == len(FILES)
    into = tmp_path / "read"
    assert unpack(tmp_path / "a.tar", into) == 4
    assert (into / "evidence" / "000001 照片.jpg").read_bytes() == b"a photo"
    assert (into / "ledger_entry.ndjson").read_bytes() == FILES["ledger_entry.ndjson"]
    written = sorted(each.name for each in (into / "evidence").iterdir())
    assert len(written) == 3
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.tar", "read"]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_the_first_file_that_differs_is_named(tmp_path, number):
    """Planted bugs: compare sizes alone; stop at the manifest's end."""
    files, named = WRONG[number]
    (tmp_path / "a.tar").write_bytes(tar(files))
    with pytest.raises(ArchiveFault, match=f"^{named}"):
        compared(tmp_path / "a.tar")


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_differs_is_told_in_chinese(tmp_path, number):
    """Planted bug: one of the faults has no Chinese."""
    files, named = WRONG[number]
    (tmp_path / "a.tar").write_bytes(tar(files))
    with pytest.raises(ArchiveFault, match=f"^{named}") as told, told_in_chinese():
        compared(tmp_path / "a.tar")
    assert any("\u4e00" <= each <= "\u9fff" for each in str(told.value))
    done = CliRunner().invoke(
        app, ["archive", "check", str(tmp_path / "a.tar"), "--language", "zh"]
    )
    assert str(done.exception) == str(told.value)


def test_an_archive_of_many_files_takes_no_memory_for_their_number(tmp_path):
    """Planted bugs: the manifest as a whole; the heads of all files, as tarfile keeps them."""
    peaks = []
    for number in (2_000, 20_000):
        files = {f"evidence/{n:064x}": b"" for n in range(number)}
        with (tmp_path / "a.tar").open("wb") as file:
            file.write(tar({"manifest.json": manifest(files), **files}))
        del files
        tracemalloc.start()
        assert compared(tmp_path / "a.tar") == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + (200 << 10), peaks


@pytest.mark.parametrize(
    "content", [b"", b"no tar at all" * 99, tar(WHOLE)[:3000], tar(WHOLE)[:1030]]
)
def test_what_is_no_whole_tar_is_no_archive(tmp_path, content):
    (tmp_path / "a.tar").write_bytes(content)
    with pytest.raises(ArchiveFault):
        compared(tmp_path / "a.tar")


def client(content: bytes, status: int = 200) -> Client:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "x", "expires_in": 900})
        if request.url.path.endswith("/archive"):
            return httpx.Response(status, content=content)
        return httpx.Response(200, json={})

    return Client("http://x", Credentials("a", "b"), httpx.MockTransport(answer))


def test_an_archive_is_fetched_whole_or_not_at_all(tmp_path):
    """Planted bug: leave what came of a file that is not as it says."""
    file = tmp_path / "a.tar"
    assert fetch(client(tar(WHOLE)), "1", file) == 4
    with pytest.raises(ArchiveFault, match="is there already"):
        fetch(client(tar(WHOLE)), "1", file)
    assert file.read_bytes() == tar(WHOLE)
    with pytest.raises(ArchiveFault, match=PHOTO):
        fetch(client(tar(WRONG[0][0])), "1", tmp_path / "b.tar")
    assert [each.name for each in tmp_path.iterdir()] == ["a.tar"]


def test_an_archive_is_compared_before_it_is_sent_and_sent_again_from_its_beginning(tmp_path):
    """Planted bugs: send without comparing; send what is left of the file the second time."""
    (tmp_path / "a.tar").write_bytes(tar(WHOLE))
    digest, sent = digest_of(tmp_path / "a.tar"), list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 600})
        request.read()
        sent.append(request)
        if len(sent) == 1:
            return httpx.Response(503, headers={"Retry-After": "0"}, json={})
        if request.url.path.endswith("/restoration-proposals"):
            return httpx.Response(201, json={"proposal_no": 1, "proposed_by": "z"})
        return httpx.Response(201, json={"rows": {"ledger": 1}, "contents": 2})

    with Client("http://x", Credentials("a", "b"), transport=httpx.MockTransport(answer)) as api:
        told = restore(api, "c", tmp_path / "a.tar", digest)
        assert told["contents"] == 2
        with pytest.raises(ArchiveFault, match="digest"):
            restore(api, "c", tmp_path / "a.tar", "0" * 64)
        (tmp_path / "b.tar").write_bytes(tar(WHOLE | {PHOTO: b"a phot0"}))
        with pytest.raises(ArchiveFault):
            restore(api, "c", tmp_path / "b.tar", digest)
        with pytest.raises(ArchiveFault):
            propose(api, "c", tmp_path / "b.tar", digest, "why")
        assert propose(api, "c", tmp_path / "a.tar", digest, "why")["proposal_no"] == 1
    assert json.loads(sent.pop().content) == {"digest": digest, "reason": "why"}
    assert [each.content for each in sent] == [tar(WHOLE)] * 2
    assert len({each.headers["idempotency-key"] for each in sent}) == 1
    assert sent[0].url.params["digest"] == digest == hashlib.sha256(manifest(FILES)).hexdigest()

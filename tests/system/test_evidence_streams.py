"""A large video goes through gateway and service into the store and back, and is never whole in
memory of either."""

import hashlib
import struct
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.system.harness import in_five_processes
from tests.system.two_worlds import KINDS, SCHEME

from service_testing import trials

SECRET = "a-secret-that-is-long-enough"
SIZE = trials(usual=60_000_000, thorough=2_000_000_000)
MOST_MORE = 40_000_000
"""How many bytes of memory more a process may take while it passes: far fewer than it has."""


def video() -> Iterator[bytes]:
    yield struct.pack(">I4s8s", 16, b"ftyp", b"isom\0\0\0\0") + struct.pack(">I4s", 8, b"moov")
    yield struct.pack(">I4sQ", 1, b"mdat", SIZE - 24)
    left, piece = SIZE - 40, bytes(range(256)) * 4096
    while left:
        yield piece[:left]
        left -= min(left, len(piece))


class Watched:
    """The most memory of its own that each of some processes takes while something goes on."""

    def __init__(self, pids: list[int]) -> None:
        self.most = {pid: self._of(pid) for pid in pids}
        self.before = dict(self.most)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            for pid in self.most:
                self.most[pid] = max(self.most[pid], self._of(pid))

    @staticmethod
    def _of(pid: int) -> int:
        told = Path(f"/proc/{pid}/status").read_text()
        return 1024 * int(told.partition("RssAnon:")[2].split()[0])

    def __enter__(self) -> "Watched":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()


@pytest.mark.prove
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_a_large_video_streams_in_flat_memory():
    """Planted bugs: read the body at once; put what is stored in one piece; give it in one."""
    with (
        in_five_processes(body_limit=str(SIZE), time_limit="900") as running,
        _office(running) as office,
    ):
        cycle = _cycle(office)
        path, given = f"/api/v1/cycles/{cycle}/evidence", hashlib.sha256()
        for piece in video():
            given.update(piece)
        pids = [running.system.pids[name] for name in ("gateway", "scoring")]
        headers = {"Idempotency-Key": uuid.uuid4().hex, "Content-Type": "video/mp4"}
        with Watched(pids) as watched:
            answer = office.post(
                path, params={"name": "a.mp4"}, content=video(), headers=headers, timeout=900
            )
            assert answer.status_code == 201, answer.text
            told = answer.json()
            assert (told["kind"], told["size"]) == ("mp4", SIZE)
            assert told["digest"] == given.hexdigest()
            back, size = hashlib.sha256(), 0
            with office.stream("GET", f"{path}/{told['evidence_id']}/content") as content:
                assert content.headers["x-content-type-options"] == "nosniff"
                for piece in content.iter_bytes():
                    back.update(piece)
                    size += len(piece)
            assert (size, back.hexdigest()) == (SIZE, given.hexdigest())
        more = [watched.most[pid] - watched.before[pid] for pid in pids]
        assert max(more) < MOST_MORE, more


def _office(running):
    made = {"subject": "office", "kind": "person", "name": "某", "secret": SECRET}
    made |= {"unit": None, "roles": ["performance_office"]}
    with running.client(running.administrator) as administrator:
        administrator.post("/accounts", {"accounts": [made]})
    form = {"grant_type": "password", "username": "office", "password": SECRET}
    with running.raw() as nobody:
        told = nobody.post("/oauth/token", data=form).json()
    return running.raw(Authorization=f"Bearer {told['access_token']}")


def _cycle(office) -> str:
    told = [
        {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
        for code, kind in KINDS.items()
    ]
    post(office, "/units", {"units": told})
    about = {"name": "2025", "jurisdiction": "439900", "assessment_year": 2025}
    cycle = post(office, "/cycles", about)["cycle_id"]
    version = post(office, f"/cycles/{cycle}/scheme-versions", {"scheme": SCHEME})["version"]
    post(office, f"/cycles/{cycle}/scheme-versions/{version}/publication")
    return cycle


def post(client, path, body=None):
    answer = client.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert answer.is_success, (path, answer.text)
    return answer.json()

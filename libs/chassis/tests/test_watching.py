"""What a process tells of itself: counted as it should be, at a door of its own, and of nobody."""

import asyncio
import os
import re
import socket
import threading
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import lending
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from chassis import looks, metrics, watching
from chassis.declared import all_made
from chassis.watching import Watch

LOANS = "/api/v1/loans"
HOSTILE = ("13812345678", "zhangsan", "WHATNOBODYKNOWS", "%E5%BC%A0%E4%B8%89", "张三")


@pytest.fixture(scope="module")
async def service(run_service, tmp_path_factory):
    return await run_service(
        "lending",
        lending.create_app,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
    )


listeners = list[socket.socket]()


@asynccontextmanager
async def door(watch: Watch = watching.WATCH):
    """Give what asks at the door of metrics for a path."""
    server = watching.serve(listener := watching.door("127.0.0.1", 0), watch)
    at = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listeners[:] = [listener]

    def asked(path: str) -> str:
        return httpx.get(at + path, timeout=20, trust_env=False).raise_for_status().text

    try:
        yield lambda path="/metrics": asyncio.to_thread(asked, path)
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()


def values(text: str) -> dict[str, float]:
    """Return each figure by its name and labels."""
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_answers_and_commands_are_counted_by_what_came_of_them(service):
    """Planted bugs: count by the path as asked; take a repeated command for one that was done."""
    async with door() as asked, service.caller("librarian", subject="li") as client:
        before = values(await asked())
        for _ in range(2):
            key = {"Idempotency-Key": "watched-1"}
            await client.post(LOANS, json={"book": "W1", "days": 14}, headers=key)
        await client.post(f"{LOANS}?mode=check", json={"book": "W2", "days": 14})
        await client.post(LOANS, json={})
        await client.get("/nothing/here")
        after = values(await asked())
    assert increased(before, after) == {
        "kaoping_requests_total[('route', 'POST /api/v1/loans'), ('status', '2xx')]": 3,
        "kaoping_requests_total[('route', 'POST /api/v1/loans'), ('status', '4xx')]": 1,
        "kaoping_requests_total[('route', '-'), ('status', '4xx')]": 1,
        "kaoping_commands_total[('outcome', 'done')]": 1,
        "kaoping_commands_total[('outcome', 'repeated')]": 1,
        "kaoping_commands_total[('outcome', 'checked')]": 1,
        "kaoping_commands_total[('outcome', 'refused')]": 1,
        "kaoping_refusals_total[('type', 'malformed-request')]": 1,
    }


def increased(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """Return the counters that count things, as far as they have gone on."""
    more = {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name, 0)}
    return {name: n for name, n in more.items() if "_total" in name and "seconds" not in name}


async def test_nothing_that_a_caller_sends_becomes_a_label(service):
    """Planted bugs: the method as it was called, also where there is the path; the path where there
    is no route."""
    async with door() as asked, service.caller("librarian", subject="li") as client:
        before = routes_in(await asked())  # of whatever else this process served
        for method in ("TRACE", "PROPFIND", "DELETE"):
            await client.request(method, LOANS)
        for text in HOSTILE:
            await client.request(text if text.isascii() else "GET", f"/{text}", params={text: text})
            await client.get(
                f"{LOANS}/{text}?{text}={text}", headers={"X-Request-ID": "WHATNOBODYKNOWS"}
            )
            await client.post(LOANS, json={text: text})
        told = await asked()
    assert [text for text in HOSTILE if text.lower() in told.lower()] == []
    known = {f"{m} {r.path}" for r in lending_routes(service) for m in r.methods}
    assert routes_in(told) - before - known - {"-"} == set()


def routes_in(told: str) -> set[str]:
    return set(re.findall(r'route="([^"]*)"', told))


def lending_routes(service):
    with all_made(service.app):
        return [route for route in service.app.routes if hasattr(route, "methods")]


async def test_the_door_tells_metrics_and_nothing_else(service):
    """Planted bug: the door answers any path."""
    async with door() as asked:
        for path in ("/", "/metrics/", "/health/ready", "/docs"):
            with pytest.raises(httpx.HTTPStatusError, match="404"):
                await asked(path)
    async with service.client({}) as client:  # where everybody asks there are none
        assert (await client.get("/metrics")).status_code == 404


async def test_a_look_is_taken_when_somebody_asks_and_kept_for_a_moment():
    """Planted bugs: look with each question; a look that fails keeps the others from being told."""
    taken, now = list[str](), [100.0]
    watch = Watch(lambda: now[0])

    async def broken():
        raise ConnectionError("host=10.0.0.7 user=nobody")

    async def endless():
        await asyncio.Event().wait()

    async def well():
        taken.append("well")

    watching._LOOK_SECONDS, kept = 0.2, watching._LOOK_SECONDS
    try:
        watch.begin({"broken": broken, "well": well})
        watch.add("endless", endless)
        async with door(watch) as asked:
            found = values(await asked())
            await asked()
            assert taken == ["well"]
            now[0] += 6
            await asked()
        assert taken == ["well", "well"]
    finally:
        watching._LOOK_SECONDS = kept
        watch.end()
    ok = {what: found[f"kaoping_look_ok[('what', '{what}')]"] for what in ("broken", "endless")}
    assert ok == {"broken": 0, "endless": 0}
    assert found["kaoping_look_ok[('what', 'well')]"] == 1


async def test_a_process_whose_event_loop_hangs_is_still_heard():
    """Planted bug: wait for the looks for as long as they take."""
    watch, patience = Watch(), watching._PATIENCE
    watching._PATIENCE = 0.3
    heard: list[str] = []
    try:
        watch.begin({})
        server = watching.serve(listener := watching.door("127.0.0.1", 0), watch)
        at = f"http://127.0.0.1:{listener.getsockname()[1]}/metrics"

        def ask():
            heard.append(httpx.get(at, timeout=10, trust_env=False).text)

        asking = threading.Thread(target=ask)
        asking.start()
        asking.join(5)  # in the event loop, which does nothing meanwhile
        assert not asking.is_alive()
        assert values(heard[0])["kaoping_loop_wait_seconds[]"] >= 0.3
        await asyncio.to_thread(server.shutdown)
        server.server_close()
    finally:
        watching._PATIENCE = patience
        watch.end()


async def test_who_asks_and_says_nothing_keeps_nobody_else_from_being_told():
    """Planted bug: a server of one thread."""
    async with door(Watch()) as asked:
        [port] = {s.getsockname()[1] for s in listeners}
        with socket.create_connection(("127.0.0.1", port)):
            assert "python_info" in await asyncio.wait_for(asked(), 3)


async def test_disks_and_marks_are_told_as_they_are(tmp_path):
    """Planted bug: the time of a mark's last change of its name."""
    (tmp_path / "backup").touch()
    os.utime(tmp_path / "backup", (5, 1000))
    (tmp_path / "no mark.txt").touch()
    await looks.marks(tmp_path)()
    await watching.disks({"here": tmp_path})()
    found = values(generate_latest(metrics.REGISTRY).decode())
    assert found["kaoping_last_success_timestamp_seconds[('what', 'backup')]"] == 1000
    assert found["kaoping_disk_free_bytes[('place', 'here')]"] > 0
    assert (
        found["kaoping_disk_free_bytes[('place', 'here')]"]
        <= found["kaoping_disk_size_bytes[('place', 'here')]"]
    )

"""Spans: none unless they are wanted, one tree for one request, and nothing of what was sent."""

import asyncio
import time
from pathlib import Path

import httpx
import lending
import pytest
from collecting import collector, told_by
from pydantic import ValidationError

from chassis import traces
from chassis.settings import Settings


async def test_a_request_is_one_span_below_the_one_that_asked(run_service, tmp_path):
    """What is asked of others carries it on. Planted bugs: begin a trace of its own; tell the path
    as it was asked for; carry on what was given and not the own span."""
    carried = []

    def shelf(request):
        carried.append(request.headers.get("traceparent"))
        return httpx.Response(200, json={"label": "A-3"})

    with collector() as (endpoint, spans):
        service = await run_service(
            "lending",
            lending.create_app,
            peers=shelf,
            home=Path(lending.__file__).parent,
            authorisation_file=lending.matrix_in(tmp_path),
            traces_endpoint=endpoint,
        )
        above = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        async with service.caller("librarian", subject="li") as client:
            await client.get("/api/v1/shelf", headers={"traceparent": above})
            await client.get("/api/v1/13812345678?who=13812345678", headers={"traceparent": "x"})
            for tracer in traces._tracers:
                await asyncio.to_thread(tracer.span_processor.force_flush)
    (_, first), (name, second) = spans
    assert name == "lending"
    assert first.trace_id.hex() == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert first.parent_span_id.hex() == "00f067aa0ba902b7"
    assert carried == [f"00-{first.trace_id.hex()}-{first.span_id.hex()}-01"]
    assert first.name == "GET /api/v1/shelf"
    assert told_by(first) == {
        "http.request.method": "GET",
        "http.route": "/api/v1/shelf",
        "http.response.status_code": 200,
    }
    assert second.parent_span_id == b""
    assert told_by(second) == told_by(first) | {"http.route": "-", "http.response.status_code": 404}
    assert "13812345678" not in f"{first}{second}"


async def test_without_a_collector_nothing_is_made_nor_carried_on(run_service, tmp_path):
    """Planted bug: pass on what was given."""
    carried = []

    def shelf(request):
        carried.append(request.headers.get("traceparent"))
        return httpx.Response(200, json={"label": "A-3"})

    traces._tracers.clear()
    service = await run_service(
        "lending",
        lending.create_app,
        peers=shelf,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path),
    )
    async with service.caller("librarian", subject="li") as client:
        above = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        answer = await client.get("/api/v1/shelf", headers={"traceparent": above})
    assert (answer.status_code, carried) == (200, [None])


def test_what_cannot_be_sent_is_refused_by_name_before_anything_starts(monkeypatch, tmp_path):
    """Planted bug: go on without spans."""
    monkeypatch.setattr(traces, "is_installed", lambda: False)
    given = {"database_url": "postgresql+asyncpg://x/x", "authorisation_file": tmp_path}
    Settings(**given)
    with pytest.raises(ValidationError, match="TRACES_ENDPOINT needs the extra `traces`"):
        Settings(**given, traces_endpoint="http://127.0.0.1:1")


async def test_a_collector_that_is_gone_keeps_no_service_from_ending():
    """Planted bug: send what is left for as long as it takes."""
    spans = traces.Collector("lending", "http://127.0.0.1:9", 1.0)
    spans.begin()
    served = traces.served()
    served.end("GET", "/api/v1/shelf", 200)
    began = time.monotonic()
    await spans.end()
    assert time.monotonic() - began < 8
    assert type(traces.served()) is traces.Unserved

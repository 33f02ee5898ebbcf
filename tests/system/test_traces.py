"""One request, and all that was asked of other parts because of it, in one tree."""

import json
import time
import uuid

import httpx
from collecting import TOLD, collector, told_by
from tests.system.harness import CHEAP, Prepared


def test_a_request_through_three_parts_is_one_tree_and_names_nobody():
    """What an outsider says of his trace is not believed, and not passed on. Planted bugs: believe
    anybody's; pass nothing on to a service; the pass of the door is not looked at."""
    outside = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"
    with collector() as (endpoint, spans):
        settings = {name.upper(): value for name, value in CHEAP.items()}
        with Prepared.temporary(environment={**settings, "TRACES_ENDPOINT": endpoint}) as system:
            with system.card.client() as administrator:
                account = {"subject": "zhang", "kind": "person", "name": "张"}
                wish = {"accounts": [{**account, "roles": ["performance_office"]}]}
                [made] = administrator.post("/accounts", wish)["accounts"]
            form = {"grant_type": "password", "username": "zhang", "password": made["secret"]}
            with httpx.Client(base_url=system.gateway_url, timeout=60, trust_env=False) as http:
                token = http.post("/oauth/token", data=form).json()["access_token"]
                told = {"Authorization": f"Bearer {token}", "traceparent": outside}
                cycle = uuid.uuid4()
                answer = http.get(f"/api/v1/cycles/{cycle}/progress?unit=XQ10", headers=told)
            assert answer.json()["type"] == "peer-missing"
            wanted = "GET /api/v1/cycles/{cycle_id}/progress"
            deadline = time.monotonic() + 30
            while len(tree := tree_of(spans, wanted)) < 4:
                assert time.monotonic() < deadline, spans
                time.sleep(0.1)
            log = system.log.read_text()
    assert [(part, name) for part, name in tree] == [
        ("gateway", wanted),
        ("scoring", wanted),
        ("gateway", "GET /api/v1/cycles/{cycle_id}/scheme"),
        ("indicators", "GET /api/v1/cycles/{cycle_id}/scheme"),
    ]
    traces = {span.trace_id.hex() for _, span in spans if span.name == wanted}
    assert len(traces) == 1
    assert "ab" * 16 not in str(spans) + str(traces)
    assert {name for _, span in spans for name in told_by(span)} == TOLD
    everything = "".join(str(span) for _, span in spans)
    assert [text for text in ("zhang", str(cycle), "XQ10", "127.0.0.1") if text in everything] == []
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {line["service"] for line in lines if line.get("trace_id") in traces} >= {
        "gateway", "scoring", "indicators",
    }  # fmt: skip


_KEYS = "GET /.well-known/jwks.json"
"""Asked by each part now and then, whatever it is at."""


def tree_of(spans, name):
    """Return part and name of each span of the request of that name, from its root downwards."""
    found = [(part, span) for part, span in spans if span.name == name and not span.parent_span_id]
    below = {s.parent_span_id: (part, s) for part, s in spans if s.name != _KEYS}
    while found and found[-1][1].span_id in below:
        found.append(below[found[-1][1].span_id])
    return [(part, span.name) for part, span in found]

"""What is wrong gets its own clear problem, and nothing is stored of it."""

import base64
import json
from dataclasses import replace

import pytest

from kaoping.plan import OFFICE


@pytest.fixture
def as_(installation, people):
    """Give a plain HTTP client that carries the token of one of the people."""

    def client(who):
        people[who].get("/me")
        return installation.raw(
            Authorization=f"Bearer {people[who]._token}", **{"Idempotency-Key": "k-" + "0" * 20}
        )

    return client


@pytest.fixture(scope="session")
def open_year(people, year):
    """A second cycle of the same city, with its scheme published and its ledger open."""
    second = replace(year, cycle_id="", entry_ids=[], steps=year.steps)
    second.publish_scheme(lambda _: None)
    second.agree_targets(lambda _: None)
    office = people[OFFICE]
    survey = office.post(f"{second.path}/surveys", {"code": "phone"})
    office.post(f"/surveys/{survey['survey_id']}/waves/1/opening")
    second.survey_id = survey["survey_id"]
    second.collector = survey["collector"]
    return second


def refused(answer, status, kind):
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, kind), problem
    assert problem["title"]
    return problem


def some_entries(year, poster):
    return [dict(entry) for entry in year.plan.entries[poster][:3]]


@pytest.fixture
def unchanged(installation, open_year):
    before = installation.stored()
    yield
    assert installation.stored() == before


def jsonable(value):
    return json.loads(json.dumps(value, default=str))


def test_a_scheme_whose_points_sum_to_99_9(installation, year, people, as_):
    """It may be kept as a draft; publishing it is refused, naming the node and what is missing."""
    office = people[OFFICE]
    cycle = office.post(
        "/cycles", {"name": "短缺", "assessment_year": 2025, "jurisdiction": "431000"}
    )
    scheme = jsonable(year.plan.scheme)
    leaf = scheme["categories"][0]["blocks"][0]["indicators"][0]
    leaf["points"] = str(float(leaf["points"]) - 0.1)
    path = f"/cycles/{cycle['cycle_id']}/scheme-versions"
    version = office.post(path, {"scheme": scheme})["version"]
    before = installation.stored()
    with as_(OFFICE) as client:
        problem = refused(
            client.post(f"/api/v1{path}/{version}/publication"), 422, "scheme-unsound"
        )
    assert any("0.1" in error["detail"] for error in problem["errors"])
    assert installation.stored() == before


def test_a_value_for_a_unit_outside_the_cycle(unchanged, open_year, as_):
    poster = next(iter(open_year.plan.entries))
    batch = jsonable(some_entries(open_year, poster))
    batch[1]["unit"] = "XQ99"
    with as_(poster) as client:
        answer = client.post(
            f"/api/v1{open_year.path}/ledger-entries", json={"entries": batch, "state": "submitted"}
        )
    problem = refused(answer, 422, "batch-rejected")
    assert [e["pointer"] for e in problem["errors"]] == ["/entries/1/unit"]


def test_a_value_posted_by_the_wrong_unit(unchanged, open_year, as_):
    posters = list(open_year.plan.entries)
    batch = jsonable(some_entries(open_year, posters[0]))
    with as_(posters[1]) as client:
        answer = client.post(
            f"/api/v1{open_year.path}/ledger-entries", json={"entries": batch, "state": "submitted"}
        )
    refused(answer, 403, "not-the-data-source")


def calls(n):
    asked = ("OVERALL", "SAFETY", "SERVICES", "SURROUNDINGS", "CONDUCT")
    return [
        {
            "unit": "XQ01",
            "respondent_token": f"respondent-{i:06}",
            "outcome": "completed",
            "answers": dict.fromkeys(asked, "satisfied"),
        }
        for i in range(n)
    ]


def post_calls(client, year, rows, number, **headers):
    body = {"batch_no": number, "control_totals": {"count": len(rows)}, "rows": rows}
    path = f"/api/v1/surveys/{year.survey_id}/waves/1/batches"
    return client.post(path, json=body, headers=headers)


def test_a_batch_with_one_bad_row(unchanged, open_year, as_):
    rows = calls(50)
    rows[17]["answers"]["SAFETY"] = "rather_pleased"
    with as_(open_year.collector) as client:
        problem = refused(post_calls(client, open_year, rows, "B1"), 422, "batch-rejected")
    assert [e["pointer"] for e in problem["errors"]] == ["/rows/17/answers/SAFETY"]


def test_an_unsigned_token(unchanged, installation, open_year, people):
    people[OFFICE].get("/me")
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    payload = people[OFFICE]._token.split(".")[1]
    with installation.raw(Authorization=f"Bearer {head}.{payload}.") as client:
        refused(client.get(f"/api/v1{open_year.path}/targets"), 401, "not-signed-in")


def test_a_body_of_fifty_megabytes(unchanged, open_year, as_):
    with as_(open_year.collector) as client:
        answer = client.post(
            f"/api/v1/surveys/{open_year.survey_id}/waves/1/batches",
            content=b'{"x": "' + b"x" * 50_000_000 + b'"}',
            headers={"Content-Type": "application/json"},
        )
    refused(answer, 413, "body-too-large")


def test_a_nan(unchanged, open_year, as_):
    poster = next(iter(open_year.plan.entries))
    batch = json.dumps({"entries": jsonable(some_entries(open_year, poster)), "state": "submitted"})
    body = batch.replace('"value": "', '"value": NaN, "note": "', 1)
    with as_(poster) as client:
        answer = client.post(
            f"/api/v1{open_year.path}/ledger-entries",
            content=body.encode(),
            headers={"Content-Type": "application/json"},
        )
    refused(answer, 400, "not-json")


def test_the_same_batch_twice_under_one_key_is_stored_once(installation, open_year, as_):
    with as_(open_year.collector) as client:
        first = post_calls(client, open_year, calls(200), "B2", **{"Idempotency-Key": "twice-000"})
        assert first.status_code == 201, first.text
        stored = installation.stored()
        again = post_calls(client, open_year, calls(200), "B2", **{"Idempotency-Key": "twice-000"})
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert installation.stored() == stored
        refused(
            post_calls(client, open_year, calls(201), "B2", **{"Idempotency-Key": "twice-000"}),
            422,
            "idempotency-key-reused",
        )


def test_nobody_outside_the_office_reads_a_rank_before_its_release(open_year, year, people, as_):
    """Planted bug: give `any` a row at GET rankings in the authorisation matrix."""
    unit = next(iter(people._clients.keys() & {"XQ05", "XQ01", "XQ03"}))
    with as_(unit) as client:
        for path in (f"{year.path}/rankings/{year.rankings['COUNTY']}", f"{year.path}/rankings"):
            refused(client.get(f"/api/v1{path}"), 403, "not-allowed")
        assert client.get(f"/api/v1{open_year.path}/releases").json()["items"] == []
        assert client.get(f"/api/v1{year.path}/releases").json()["items"]

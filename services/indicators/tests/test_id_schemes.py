"""Codes of other systems: what they mean, on which day, and by whose word."""

import asyncio
from datetime import date

import asyncpg
import pytest
from sqlalchemy import text

from indicators.rules.id_schemes import MOVES, CodeMapping
from service_testing.elsewhere import with_codes

SCHEMES = "/api/v1/id-schemes"
HR = {"name_zh": "人事系统", "name_en": "Personnel", "system": "hr.example", "indicators": True}


@pytest.fixture(scope="module")
async def hr(office):
    """Give the path of the codes of the personnel system."""
    answer = await office.post(SCHEMES, json=HR | {"id_scheme": "hr"})
    assert answer.status_code == 201, answer.text
    return f"{SCHEMES}/hr"


def mapped(code, unit, start="2025-01-01", **more):
    return {"code": code, "unit": unit, "valid_from": start} | more


async def proposed(office, path, *mappings):
    answer = await office.post(path, json={"mappings": mappings})
    assert answer.status_code == 201, answer.text
    return [row["mapping_id"] for row in answer.json()["rows"]]


async def agreed(office, colleague, path, *mappings):
    ids = await proposed(office, path, *mappings)
    answer = await colleague.post(
        f"{path}/confirmation", json={"mapping_ids": ids, "decision": "confirm"}
    )
    assert answer.status_code == 201, answer.text
    return ids


async def codes(client, cycle, scheme="hr"):
    answer = await client.get(f"{cycle}/id-schemes/{scheme}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def meant(client, cycle):
    """Return what is meant by which code from when until when."""
    found = await codes(client, cycle)
    return [
        (each["code"], each[name], each["valid_from"], each["valid_to"])
        for name in ("unit", "indicator")
        for each in found[f"{name}_codes"]
    ]


async def test_id_schemes_and_mappings_can_be_checked_before(service, office, colleague, hr):
    """Planted bug: a receipt that an answer must have."""
    ids = await proposed(office, f"{hr}/unit-mappings", mapped("CHECKED", "X1"))
    asked = {
        SCHEMES: HR | {"id_scheme": "another"},
        f"{hr}/unit-mappings": {"mappings": [mapped("CHECKED-2", "X1")]},
        f"{hr}/unit-mappings/confirmation": {"mapping_ids": ids, "decision": "confirm"},
    }
    before = await service.sql("SELECT * FROM unit_mapping, id_scheme ORDER BY 1")
    for path, body in asked.items():
        checked = await colleague.post(f"{path}?mode=check", json=body)
        assert (checked.status_code, checked.json()["receipt"]) == (200, None), checked.text
    assert await service.sql("SELECT * FROM unit_mapping, id_scheme ORDER BY 1") == before


async def test_a_mapping_counts_by_the_word_of_two_people(
    service, office, colleague, opened, hr, problem
):
    """Planted bugs: list what is proposed; let the proposer confirm; keep the document by its cycle
    alone."""
    path = f"{hr}/unit-mappings"
    before = await office.get(f"{opened}/id-schemes/hr")
    assert "A1" not in {each["code"] for each in before.json()["unit_codes"]}
    ids = await proposed(office, path, mapped("A1", "X1"))
    assert (await codes(office, opened))["unit_codes"] == before.json()["unit_codes"]
    word = {"mapping_ids": ids, "decision": "confirm"}
    own = await office.post(f"{path}/confirmation", json=word)
    assert problem(own) == (409, "mappings-not-moved", [("/mapping_ids/0", "own-proposal")])
    async with service.caller(
        "performance_office", subject="other", person="Performance_Office@B01"
    ) as same:
        again = await same.post(f"{path}/confirmation", json=word)
        assert again.status_code == 409, again.text
        assert problem(again)[2] == [("/mapping_ids/0", "own-proposal")]
    assert (await colleague.post(f"{path}/confirmation", json=word)).status_code == 201
    assert ("A1", "X1", "2025-01-01", None) in await meant(office, opened)
    etag = {"If-None-Match": before.headers["etag"]}
    assert (await office.get(f"{opened}/id-schemes/hr", headers=etag)).status_code == 200
    twice = await colleague.post(f"{path}/confirmation", json=word)
    assert problem(twice)[2] == [("/mapping_ids/0", "wrong-state")]


async def test_who_proposed_a_mapping_may_refuse_it_and_then_the_code_is_free(
    office, colleague, opened, hr, problem
):
    path = f"{hr}/unit-mappings"
    ids = await proposed(office, path, mapped("A2", "X1"))
    word = {"mapping_ids": ids, "decision": "refuse"}
    silent = await office.post(f"{path}/confirmation", json=word)
    assert problem(silent)[2] == [("/reason", "reason-missing")]
    assert (
        await office.post(f"{path}/confirmation", json=word | {"reason": "笔误"})
    ).status_code == 201
    await agreed(office, colleague, path, mapped("A2", "X2"))
    assert [each for each in await meant(office, opened) if each[0] == "A2"] == [
        ("A2", "X2", "2025-01-01", None)
    ]
    listed = (await office.get(path, params={"code": "A2"})).json()["items"]
    assert sorted((each["state"], each["unit_name"]) for each in listed) == [
        ("confirmed", "单位X2"),
        ("refused", "单位X1"),
    ]


async def test_a_batch_of_mappings_is_refused_with_each_fault_in_its_row(
    office, hr, problem, untouched_after
):
    """Planted bugs: compare with what stands and not within the batch; forget what is proposed."""
    path = f"{hr}/unit-mappings"
    await proposed(office, path, mapped("A3", "X1", valid_to="2025-07-01"))
    async with untouched_after():
        answer = await office.post(
            path,
            json={
                "mappings": [
                    mapped("A3", "X2", "2025-06-30"),
                    mapped("A3", "X2", "2025-07-01"),
                    mapped("A4", "nobody"),
                    mapped("A4", "X1", "2024-01-01", valid_to="2025-01-02"),
                    mapped("A5", "X1", valid_to="2025-01-01"),
                ]
            },
        )
    assert problem(answer) == (
        422,
        "mappings-refused",
        [
            ("/mappings/0/code", "means-something-already"),
            ("/mappings/1/code", "means-something-already"),
            ("/mappings/2/unit", "unknown-unit"),
            ("/mappings/3/code", "means-something-already"),
            ("/mappings/4/valid_to", "ends-before-it-begins"),
        ],
    )
    assert answer.json()["errors"][0]["detail"].count("X1") == 1


async def test_a_mapping_is_ended_by_one_and_the_code_can_mean_another_from_then_on(
    office, colleague, opened, hr, problem
):
    """Planted bugs: let an end come later than the one there is; end what nobody confirmed."""
    path = f"{hr}/unit-mappings"
    [one] = await agreed(office, colleague, path, mapped("A6", "X1"))

    async def ended(day, *ids):
        body = {"mapping_ids": ids, "valid_to": day, "reason": "并入"}
        return await office.post(f"{path}/ending", json=body)

    assert problem(await ended("2024-12-31", one))[2] == [
        ("/mapping_ids/0", "ends-before-it-begins")
    ]
    assert (await ended("2025-07-01", one)).status_code == 201
    assert problem(await ended("2025-07-01", one))[2] == [("/mapping_ids/0", "ends-already")]
    await agreed(office, colleague, path, mapped("A6", "X2", "2025-07-01"))
    # It never held: whatever comes for any day before July is kept aside.
    assert (await ended("2025-01-01", one)).status_code == 201
    assert [each for each in await meant(office, opened) if each[0] == "A6"] == [
        ("A6", "X1", "2025-01-01", "2025-01-01"),
        ("A6", "X2", "2025-07-01", None),
    ]
    [waiting] = await proposed(office, path, mapped("A7", "X1"))
    assert problem(await ended("2025-07-01", waiting))[2] == [("/mapping_ids/0", "wrong-state")]
    lost = "00000000-0000-0000-0000-000000000000"
    assert problem(await ended("2025-07-01", lost))[2] == [("/mapping_ids/0", "no-such-mapping")]


async def test_indicators_are_mapped_for_a_cycle_and_not_for_another(
    office, colleague, opened, hr, problem
):
    """Planted bug: look mappings up by their scheme alone."""
    path = f"{opened}/id-schemes/hr/indicator-mappings"
    new = {"name": "2026年度", "jurisdiction": "431000", "assessment_year": 2026}
    begun = (await office.post("/api/v1/cycles", json=new)).json()["cycle_id"]
    cycle = f"/api/v1/cycles/{begun}"
    one = {"code": "7001", "indicator": "C01", "valid_from": "2025-01-01"}
    wrong = await office.post(path, json={"mappings": [one | {"indicator": "C99"}]})
    assert problem(wrong)[2] == [("/mappings/0/indicator", "unknown-indicator")]
    ids = await agreed(office, colleague, path, one)
    assert ("7001", "C01", "2025-01-01", None) in await meant(office, opened)
    assert "7001" not in {each[0] for each in await meant(office, cycle)}
    [listed] = (await office.get(path)).json()["items"]
    assert (listed["indicator"], bool(listed["indicator_name"])) == ("C01", True)
    assert (listed["proposed_by"], listed["decided"]["by"]) == (
        "performance_office@B01",
        "colleague",
    )
    elsewhere = await office.post(
        f"{cycle}/id-schemes/hr/indicator-mappings/ending",
        json={"mapping_ids": ids, "valid_to": "2025-02-01", "reason": "x"},
    )
    assert problem(elsewhere)[2] == [("/mapping_ids/0", "no-such-mapping")]


async def test_what_a_scheme_has_no_codes_of_goes_by_ours(office, opened, problem):
    answer = await office.post(SCHEMES, json=HR | {"id_scheme": "fin", "indicators": False})
    assert answer.status_code == 201
    one = {"code": "1", "indicator": "C01", "valid_from": "2025-01-01"}
    path = f"{opened}/id-schemes/fin/indicator-mappings"
    refused = await office.post(path, json={"mappings": [one]})
    assert problem(refused)[:2] == (409, "no-codes-of-these")
    assert (await codes(office, opened, "fin"))["indicators"] is False


async def test_our_own_codes_and_social_credit_codes_are_built_in(office, opened, problem):
    """Planted bugs: let a scheme of that name be registered; keep the document while units come."""
    before = await codes(office, opened, "uscc")
    new = {"code": "US1", "name": "一", "kind": "assessed", "valid_from": "2020-01-01"}
    new["uscc"] = "91110000802100433B"
    answer = await office.post("/api/v1/units", json={"units": [new]})
    assert answer.status_code == 201, answer.text
    after = await codes(office, opened, "uscc")
    assert [each for each in after["unit_codes"] if each not in before["unit_codes"]] == [
        {"code": new["uscc"], "unit": "US1", "valid_from": None, "valid_to": None}
    ]
    own = await codes(office, opened, "code")
    assert (own["units"], own["indicators"], own["unit_codes"]) == (False, False, [])
    for taken in ("code", "uscc", "hr"):
        refused = await office.post(SCHEMES, json=HR | {"id_scheme": taken})
        assert problem(refused) == (409, "id-scheme-taken", [("/id_scheme", "registered-already")])
    empty = HR | {"id_scheme": "none", "units": False, "indicators": False}
    assert problem(await office.post(SCHEMES, json=empty))[:2] == (422, "id-scheme-empty")
    for unknown in ("uscc", "nowhere"):
        missing = await office.get(f"{SCHEMES}/{unknown}/unit-mappings")
        assert problem(missing)[:2] == (404, "no-such-id-scheme")
    listed = [each["id_scheme"] for each in (await office.get(SCHEMES)).json()["items"]]
    assert listed == sorted(listed)
    assert {"code", "uscc", "hr"} <= {*listed}


async def test_two_at_once_do_not_make_a_code_mean_two_things(service, office, colleague, hr):
    """Planted bug: propose without holding the scheme: nobody waits for another."""
    path, waiting = f"{hr}/unit-mappings", "SELECT 1 FROM pg_locks WHERE NOT granted"
    lock = "(hashtext('id-scheme'), hashtext('hr'))"
    async with service.superuser.acquire() as other:
        await other.execute(f"SELECT pg_advisory_lock{lock}")
        at_once = asyncio.gather(
            *(
                client.post(path, json={"mappings": [mapped("R1", unit)]})
                for client, unit in ((office, "X1"), (colleague, "X2"))
            )
        )
        for _ in range(2000):
            if at_once.done() or len(await service.sql(waiting)) == 2:
                break
        both_wait = not at_once.done()
        await other.execute(f"SELECT pg_advisory_unlock{lock}")
    assert sorted(each.status_code for each in await at_once) == [201, 422]
    assert both_wait


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (
            "INSERT INTO unit_mapping (mapping_id, id_scheme, code, unit, valid_from, state,"
            " proposed_by, proposed_person) SELECT gen_random_uuid(), id_scheme, code, 'X3',"
            " '2030-01-01', 'proposed', 'x', 'x' FROM unit_mapping WHERE code = 'D1'",
            asyncpg.ExclusionViolationError,
        ),
        ("UPDATE unit_mapping SET unit = 'X3'", asyncpg.InsufficientPrivilegeError),
        ("UPDATE unit_mapping SET state = 'proposed'", asyncpg.InsufficientPrivilegeError),
        (
            "UPDATE unit_mapping SET state = 'ended', valid_to = '2031-01-01'"
            " WHERE code = 'D2' AND state = 'ended'",
            asyncpg.InsufficientPrivilegeError,
        ),
        (
            "UPDATE unit_mapping SET state = 'confirmed', decided_person = proposed_person"
            " WHERE code = 'D3'",
            asyncpg.CheckViolationError,
        ),
        ("DELETE FROM unit_mapping", asyncpg.InsufficientPrivilegeError),
    ],
)
async def test_the_database_refuses_what_no_mapping_may_become(
    service, office, colleague, hr, statement, error
):
    """Planted bugs: leave out the constraint, the trigger, or the check for two people."""
    path = f"{hr}/unit-mappings"
    if not (await office.get(path, params={"code": "D1"})).json()["items"]:
        await agreed(office, colleague, path, mapped("D1", "X1"))
        ids = await agreed(office, colleague, path, mapped("D2", "X1"))
        end = {"mapping_ids": ids, "valid_to": "2026-01-01", "reason": "x"}
        assert (await office.post(f"{path}/ending", json=end)).status_code == 201
        await proposed(office, path, mapped("D3", "X1"))
    connection = await asyncpg.connect(service.urls.app.replace("+asyncpg", ""), ssl=False)
    try:
        with pytest.raises(error):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_document_costs_one_statement_while_nothing_changes(service, office, opened, hr):
    """Planted bug: leave the scheme out of the key under which it is kept."""
    first = await office.get(f"{opened}/id-schemes/hr")
    other = await office.get(f"{opened}/id-schemes/uscc")
    with service.statements() as asked:
        again = await office.get(f"{opened}/id-schemes/hr")
        known = await office.get(
            f"{opened}/id-schemes/uscc", headers={"If-None-Match": other.headers["etag"]}
        )
    assert again.content == first.content
    assert known.status_code == 304
    assert len(asked) == 1, asked  # a tag that is still the one is told by what is remembered


@pytest.mark.parametrize("role", ["assessed_unit", "data_source_unit", "auditor", "committee"])
async def test_only_the_office_says_what_codes_mean_and_everybody_may_read_it(
    service, opened, hr, role, problem
):
    async with service.caller(role, unit="X1") as caller:
        paths = (SCHEMES, f"{hr}/unit-mappings", f"{opened}/id-schemes/hr/indicator-mappings")
        for path in (*paths, *(f"{one}/{step}" for one in paths[1:] for step in _STEPS)):
            assert problem(await caller.post(path, json={}))[:2] == (403, "not-allowed")
        assert (await caller.get(f"{opened}/id-schemes/hr")).status_code == 200
        assert (await caller.get(SCHEMES)).status_code == 200
        listed = await caller.get(f"{hr}/unit-mappings")
        assert listed.status_code == (200 if role == "auditor" else 403)


_STEPS = ("confirmation", "ending")


async def test_pages_of_mappings_join_without_gap_or_overlap(office, hr, every_page):
    path = f"{hr}/unit-mappings"
    await proposed(office, path, *(mapped(f"P{n}", "X1") for n in range(7)))
    whole = [each["mapping_id"] for each in await every_page(office, path, limit=200)]
    assert [each["mapping_id"] for each in await every_page(office, path, limit=3)] == whole


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (("2025-01-01", None), ("2025-06-01", None), True),
        (("2025-01-01", "2025-06-01"), ("2025-06-01", None), False),
        (("2025-01-01", "2025-01-01"), ("2024-01-01", None), False),
        (("2025-01-01", "2025-01-02"), ("2024-01-01", "2025-01-02"), True),
    ],
)
async def test_the_rule_and_the_database_agree_on_which_days_meet(service, one, other, meet):
    """Planted bug: compare with <=."""
    days = [[None if d is None else date.fromisoformat(d) for d in pair] for pair in (one, other)]
    first, second = (CodeMapping("c", "m", *pair) for pair in days)
    assert (first.meets(second), second.meets(first)) == (meet, meet)
    ranges = [f"daterange('{a}', {'NULL' if b is None else repr(b)})" for a, b in (one, other)]
    async with service.app.state.readings() as db:
        assert await db.scalar(text(f"SELECT {ranges[0]} && {ranges[1]}")) is meet


async def test_targets_may_be_named_by_codes_that_mean_something_today(
    office, colleague, opened, hr, problem, untouched_after, document
):
    """Planted bugs: take what is proposed or ended, or what holds in another cycle; keep the
    targets that could be read."""
    path = f"{hr}/unit-mappings"
    ids = await agreed(office, colleague, path, mapped("T1", "X1"), mapped("T2", "X2"))
    await proposed(office, path, mapped("T3", "X3"))
    end = {"mapping_ids": ids[1:], "valid_to": "2025-02-01", "reason": "x"}
    assert (await office.post(f"{path}/ending", json=end)).status_code == 201
    new = {"name": "2025年度", "jurisdiction": "431000", "assessment_year": 2025}
    begun = (await office.post("/api/v1/cycles", json=new)).json()["cycle_id"]
    other = f"/api/v1/cycles/{begun}"
    for path, body in (("", {"scheme": document()}), ("/1/publication", None)):
        answer = await office.post(f"{other}/scheme-versions{path}", json=body)
        assert answer.status_code == 201, answer.text
    for where, code in ((opened, "7006"), (other, "7008")):
        one = {"code": code, "indicator": "C01", "valid_from": "2025-01-01"}
        await agreed(office, colleague, f"{where}/id-schemes/hr/indicator-mappings", one)

    async def issued(*named, scheme="hr"):
        targets = [{"unit": u, "indicator": i, "target": "80"} for u, i in named]
        where = f"{opened}/targets?id_scheme={scheme}"
        return await office.post(where, json={"targets": targets})

    async with untouched_after():
        refused = await issued(("T1", "7006"), ("T2", "7006"), ("T3", "7008"))
        assert problem(refused) == (
            422,
            "codes-unknown",
            [
                ("/targets/1/unit", "unknown-unit-code"),
                ("/targets/2/unit", "unknown-unit-code"),
                ("/targets/2/indicator", "unknown-indicator-code"),
            ],
        )
        assert problem(await issued(("X1", "C01"), scheme="no"))[:2] == (404, "no-such-id-scheme")
    assert (await issued(("T1", "7006"))).status_code == 201
    assert (await issued(("X2", "C01"), scheme="code")).status_code == 201
    found = (await office.get(f"{opened}/targets")).json()["targets"]
    assert [(each["unit"], each["indicator"]) for each in found] == [("X1", "C01"), ("X2", "C01")]


def test_every_move_of_a_mapping_has_its_words():
    assert {("proposed", "confirmed"), ("confirmed", "ended")} <= {*MOVES}


async def test_targets_are_told_with_the_codes_of_the_years_last_day_beside_ours(
    office, colleague, opened, hr
):
    """Planted bugs: keep the document without the codes; codes that ended before the day."""
    targets = [{"unit": unit, "indicator": "C01", "target": "80"} for unit in ("X1", "X2", "X3")]
    assert (await office.post(f"{opened}/targets", json={"targets": targets})).status_code == 201
    new = HR | {"id_scheme": "reads"}
    assert (await office.post(SCHEMES, json=new)).status_code == 201
    path = f"{SCHEMES}/reads/unit-mappings"
    [first] = await agreed(office, colleague, path, mapped("R1", "X1"))
    await agreed(office, colleague, path, mapped("R2", "X2", valid_to="2025-12-31"))
    of_cycle = f"{opened}/id-schemes/reads/indicator-mappings"
    one = {"code": "7001", "indicator": "C01", "valid_from": "2025-01-01"}
    ids = await proposed(office, of_cycle, one)
    word = {"mapping_ids": ids, "decision": "confirm"}
    assert (await colleague.post(f"{of_cycle}/confirmation", json=word)).status_code == 201
    codes = {"unit": {"X1": "R1"}, "indicator": {"C01": "7001"}}

    async def both(path):
        plain = await office.get(f"{opened}/{path}")
        told = await office.get(f"{opened}/{path}", params={"id_scheme": "reads"})
        assert told.status_code == 200, told.text
        assert told.json() == with_codes(plain.json(), codes)
        return plain, told

    plain, told = await both("targets")
    assert plain.headers["etag"] != told.headers["etag"]
    await both("targets/history")
    ending = {"mapping_ids": [first], "valid_to": "2025-06-01", "reason": "停用"}
    assert (await office.post(f"{path}/ending", json=ending)).status_code == 201
    codes["unit"] = {}
    _, after = await both("targets")
    assert after.headers["etag"] != told.headers["etag"]
    uscc = await office.get(f"{opened}/targets", params={"id_scheme": "uscc"})
    assert {each["indicator_in_scheme"] for each in uscc.json()["targets"]} == {"C01"}
    missing = await office.get(f"{opened}/targets", params={"id_scheme": "none"})
    assert (missing.status_code, missing.json()["type"]) == (404, "no-such-id-scheme")

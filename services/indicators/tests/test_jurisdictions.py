"""Many jurisdictions in one installation: each has its own units, codes and years, and knows of no
other."""

from contextlib import AsyncExitStack
from itertools import permutations

import asyncpg
import pytest

from chassis.realms import new_part, realm_of
from postgres_supervisor import provision
from service_testing import home_of, migrate

JURISDICTIONS, UNITS, CYCLES = "/api/v1/jurisdictions", "/api/v1/units", "/api/v1/cycles"
CITY, COUNTY = "530100", "530102"
USCC = "12530000015138250U"


@pytest.fixture(scope="module")
async def offices(service):
    """Give a client of the performance office of each jurisdiction, and of none."""
    async with AsyncExitStack() as stack:
        yield {
            whose: await stack.enter_async_context(
                service.caller("performance_office", subject=f"{whose}.lv", jurisdiction=whose)
            )
            for whose in (CITY, COUNTY, None)
        }


@pytest.fixture(scope="module")
async def administrators(service):
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                service.caller("system_administrator", subject=each, person=each)
            )
            for each in ("admin", "deputy")
        ]


async def every_page(client, path, limit=200, **asked):
    """Return all rows of a list, page by page."""
    items, after = [], {}
    while after is not None:
        answer = await client.get(path, params={"limit": limit, **asked, **after})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        after = None if page["next"] is None else {"after": page["next"]}
    return items


def new(code, **more):
    usual = {"name_zh": f"辖区{code}", "name_en": code, "founded_on": "1949-10-01"}
    return {"code": code, **usual, **more}


async def register(administrators, code, **more):
    first, second = administrators
    answer = await first.post(JURISDICTIONS, json=new(code, **more))
    assert answer.status_code == 201, answer.text
    answer = await second.post(f"{JURISDICTIONS}/{code}/confirmation")
    assert answer.status_code == 201, answer.text


async def test_a_jurisdiction_takes_two_and_is_told_to_its_own_and_those_below(
    service, administrators, problem
):
    """Planted bugs: whoever registered it confirms it; an account of one is told of all."""
    first, second = administrators
    assert (await first.post(JURISDICTIONS, json=new("430000"))).json()["state"] == "proposed"
    early = await first.post(JURISDICTIONS, json=new("430100", superior="430000"))
    assert problem(early)[2] == [("/superior", "superior-unknown")]
    own = await first.post(f"{JURISDICTIONS}/430000/confirmation")
    assert problem(own)[:2] == (409, "jurisdiction-not-confirmed")
    done = await second.post(f"{JURISDICTIONS}/430000/confirmation")
    assert (done.json()["state"], done.json()["receipt"]["chain"]) == ("confirmed", "jurisdictions")
    again = await second.post(f"{JURISDICTIONS}/430000/confirmation")
    assert problem(again)[:2] == (409, "jurisdiction-not-confirmed")
    assert problem(await first.post(JURISDICTIONS, json=new("430000")))[0] == 409
    for code, above in (("430100", "430000"), ("430102", "430100"), ("430200", "430000")):
        await register(administrators, code, superior=above)
    everybody = {each["code"] for each in await every_page(first, JURISDICTIONS)}
    assert everybody >= {"430000", "430100", "430102", "430200"}
    async with service.caller("assessed_unit", jurisdiction="430102") as county:
        listed = [each["code"] for each in await every_page(county, JURISDICTIONS, limit=1)]
        assert listed == ["430000", "430100", "430102"]
        other, unknown = [
            problem(await county.get(f"{JURISDICTIONS}/{each}")) for each in ("430200", "999999")
        ]
        assert other == unknown == (404, "jurisdiction-not-registered", [])
        assert (await county.get(f"{JURISDICTIONS}/430100")).json()["registered_by"] is None
        refused = await county.post(JURISDICTIONS, json=new("430300"))
        assert problem(refused)[:2] == (403, "not-allowed")
    async with service.caller("system_administrator", jurisdiction="430102") as inside:
        refused = await inside.post(JURISDICTIONS, json=new("430300"))
        assert problem(refused)[:2] == (403, "not-allowed")
    assert (await service.verification("jurisdictions"))["holds"]


@pytest.mark.parametrize(
    ("code", "more", "faults"),
    [
        ("43010", {}, [("/code", "not-a-division")]),
        ("990000", {}, [("/code", "not-a-division")]),
        ("430100000", {}, [("/code", "not-a-division")]),
        ("4301020010", {}, [("/code", "not-a-division")]),
        ("430103", {"founded_on": "2999-01-01"}, [("/founded_on", "in-the-future")]),
        ("430103", {"superior": "430103"}, [("/superior", "superior-unknown")]),
        ("430103", {"superior": "520000"}, [("/superior", "superior-not-above")]),
    ],
)
async def test_a_jurisdiction_that_cannot_be_is_refused(
    service, administrators, problem, code, more, faults
):
    if more.get("superior") == "520000":
        await register(administrators, "520000")
    before = await service.sql("SELECT count(*) FROM jurisdiction")
    answer = await administrators[0].post(JURISDICTIONS, json=new(code, **more))
    assert problem(answer) == (422, "jurisdiction-refused", faults)
    assert await service.sql("SELECT count(*) FROM jurisdiction") == before


def unit(code, name, **more):
    return {"code": code, "name": name, "kind": "assessed", "valid_from": "2020-01-01"} | more


async def test_two_jurisdictions_have_units_of_one_code_and_know_of_their_own(service, offices):
    """Planted bugs: a code, or a social credit code, that another has is taken; a name is given to
    both; a search finds both."""
    for whose, office in offices.items():
        units = [unit("SAME", f"同码{whose}", uscc=USCC), unit("OLD", "旧局"), unit("NEW", "新局")]
        answer = await office.post(UNITS, json={"units": units})
        assert answer.status_code == 201, answer.text
    city = offices[CITY]
    named = {"name": "改名", "kind": "legal", "valid_from": "2024-01-01"}
    assert (await city.post(f"{UNITS}/SAME/names", json=named)).status_code == 201
    goes_on = {"predecessors": ["OLD"], "effective_on": "2024-01-01", "document_no": "1"}
    assert (await city.post(f"{UNITS}/NEW/predecessors", json=goes_on)).status_code == 201
    kind = {"kind": "body", "reason": "登记有误"}
    assert (await city.post(f"{UNITS}/OLD/kind", json=kind)).status_code == 201
    for whose, office in offices.items():
        is_city = whose == CITY
        told = (await office.get(f"{UNITS}/SAME")).json()
        assert told["name"] == ("改名" if is_city else f"同码{whose}")
        assert len(told["names"]) == (2 if is_city else 1)
        assert len((await office.get(f"{UNITS}/NEW")).json()["succeeds"]) == is_city
        old = (await office.get(f"{UNITS}/OLD")).json()["kind"]
        assert old == ("body" if is_city else "assessed")
        found = [each["code"] for each in await every_page(office, UNITS, q="同码")]
        assert found == ["SAME"]
        changed = await every_page(office, UNITS, changed_since="2020-01-01T00:00:00Z", limit=1)
        assert len(changed) == len(await every_page(office, UNITS))
    for whose, (own, others) in {CITY: (3, 1), COUNTY: (3, 1)}.items():
        listed = [each["code"] for each in await every_page(offices[whose], UNITS)]
        assert (len(listed), listed.count("SAME")) == (own, others)
    for chain in ("units", f"units:{CITY}", f"units:{COUNTY}"):
        async with auditor_of(service, chain) as auditor:
            found = await auditor.get(verification(chain))
        assert (found.json()["holds"], found.json()["length"] > 0) == (True, True)


def auditor_of(service, chain):
    return service.caller("auditor", jurisdiction=chain.partition(":")[2] or None)


def verification(chain):
    return f"/api/v1/journals/indicators/chains/{chain}/verification"


async def test_a_row_that_is_given_to_another_jurisdiction_contradicts_both(service, offices):
    """Planted bug: a row's own digest is all that is looked at, and whose it is is not in it."""
    office = offices[COUNTY]
    answer = await office.post(UNITS, json={"units": [unit("MOVED", "移走")]})
    assert answer.status_code == 201
    where = f"jurisdiction = '{COUNTY}' AND code = 'MOVED'"
    names = f"jurisdiction = '{COUNTY}' AND unit = 'MOVED'"
    async with (
        service.altered("unit_name", f"jurisdiction = '{CITY}'", names),
        service.altered("unit", f"jurisdiction = '{CITY}'", where),
    ):
        for whose in (CITY, COUNTY):
            assert (await offices[whose].get(UNITS)).status_code == 500
    assert (await office.get(UNITS)).status_code == 200


async def begin(office, jurisdiction, year=2025):
    body = {"name": "年度", "jurisdiction": jurisdiction, "assessment_year": year}
    return await office.post(CYCLES, json=body)


async def test_a_cycle_is_of_whoever_began_it_and_of_nobody_else(offices, problem):
    """Planted bugs: the id is drawn as for everybody; the list is not limited; a page begins behind
    another's cycle."""
    made = {}
    for whose, office in offices.items():
        answer = await begin(office, whose or CITY)
        assert answer.status_code == 201, answer.text
        made[whose] = answer.json()["cycle_id"]
        assert realm_of(made[whose]) == whose
    for whose, other in permutations(offices, 2):
        office, nobody = offices[whose], new_part(whose)
        path, missing = f"{CYCLES}/{made[other]}", f"{CYCLES}/{nobody}"
        for end in ("", "/names", "/scheme", "/scheme-versions", "/targets", "/entry-forms"):
            answer, unknown = await office.get(path + end), await office.get(missing + end)
            assert answer.status_code == unknown.status_code == 404
            assert told(answer, made[other]) == told(unknown, nobody)
        listed = {each["cycle_id"] for each in await every_page(office, CYCLES)}
        assert (made[whose] in listed, made[other] in listed) == (True, False)
        place = await office.get(CYCLES, params={"after": made[other]})
        assert problem(place) == problem(await office.get(CYCLES, params={"after": str(nobody)}))
        saved = await office.post(f"{path}/scheme-versions", json={"scheme": {}})
        lost = await office.post(f"{missing}/scheme-versions", json={"scheme": {}})
        assert told(saved, made[other]) == told(lost, nobody)
    elsewhere = await begin(offices[CITY], COUNTY)
    assert problem(elsewhere) == (
        422, "of-another-jurisdiction", [("/jurisdiction", "of-another")]
    )  # fmt: skip


def told(answer, asked):
    body = answer.json()
    text = answer.text.replace(str(asked), "ID").replace(body["request_id"], "")
    return answer.status_code, text


async def test_codes_of_other_systems_are_each_jurisdictions_own(offices, problem):
    """Planted bugs: an id scheme that another has is taken; a code means what it means there."""
    for office in offices.values():
        scheme = {"id_scheme": "staff", "name_zh": "人事", "name_en": "hr", "system": "人事"}
        answer = await office.post("/api/v1/id-schemes", json=scheme)
        assert answer.status_code == 201, answer.text
        await office.post(UNITS, json={"units": [unit("HR", "人事局"), unit("HR2", "人事二局")]})
    path = "/api/v1/id-schemes/staff/unit-mappings"
    for whose, meaning in ((CITY, "HR"), (COUNTY, "HR2")):
        body = {"mappings": [{"code": "0001", "unit": meaning, "valid_from": "2020-01-01"}]}
        answer = await offices[whose].post(path, json=body)
        assert answer.status_code == 201, answer.text
    for whose, meaning in ((CITY, ["HR"]), (COUNTY, ["HR2"]), (None, [])):
        listed = await every_page(offices[whose], path)
        assert [each["unit"] for each in listed] == meaning
    ids = [each["mapping_id"] for each in await every_page(offices[CITY], path)]
    body = {"mapping_ids": ids, "decision": "confirm"}
    answer = await offices[COUNTY].post(f"{path}/confirmation", json=body)
    assert problem(answer)[:2] == (409, "mappings-not-moved")


async def test_heads_chains_receipts_and_events_are_of_ones_own(service, offices):
    """Planted bugs: heads are not limited; a receipt of another's is known; the feed of a caller
    looks at every chain."""
    for office in offices.values():
        await office.post(UNITS, json={"units": [unit("J1", "日志")]})
    cycles = {whose: (await begin(offices[whose], whose or CITY)).json() for whose in offices}
    for whose in offices:
        async with service.caller("auditor", jurisdiction=whose) as auditor:
            heads = await every_page(auditor, "/api/v1/journals/indicators/heads", limit=2)
            chains = {each["chain"] for each in heads}
            for other in offices:
                chain = f"units:{other}" if other else "units"
                receipt = cycles[other]["receipt"]["hash"]
                found = await auditor.get(f"/api/v1/journals/indicators/receipts/{receipt}")
                cycle, own = cycles[other]["cycle_id"], whose == other
                assert (chain in chains, cycle in chains) == (own, own)
                assert found.status_code == (200 if own else 404)
                read = await auditor.get(f"/api/v1/journals/indicators/chains/{chain}")
                checked = (await auditor.get(verification(chain))).json()
                assert bool(read.json()["items"]) is own
                assert (checked["chain"], checked["length"] > 0) == (chain, own)
        async with service.caller("performance_office", jurisdiction=whose) as office:
            told = (await office.get("/internal/events?limit=200")).json()["events"]
            heard = {each["chain"] for each in told}
            assert {realm_of(each) for each in heard if len(each) == 36} <= {whose}
            assert (f"units:{whose}" if whose else "units") in heard
            assert len([each for each in heard if each.startswith("units")]) == 1


async def test_days_off_are_for_everybody_and_kept_by_the_installation(service, problem):
    """Planted bug: whoever is of a jurisdiction records holidays for all."""
    async with service.caller("performance_office", jurisdiction=CITY) as office:
        assert (await office.get("/api/v1/calendars/2025")).status_code == 200
        day = {"day": "2025-03-03", "kind": "resting", "name_zh": "节", "name_en": "Day"}
        for end in ("announcement", "corrections"):
            body = {"document_no": "1", "days": [day], "reason": "x"}
            answer = await office.post(f"/api/v1/calendars/2025/{end}", json=body)
            assert problem(answer)[:2] == (403, "not-allowed")


BEFORE = (
    """
    INSERT INTO unit (code, kind, uscc) VALUES ('U1', 'assessed', 'A'), ('U2', 'body', NULL);
    INSERT INTO unit_name (unit, name, valid_from, kind)
      VALUES ('U1', '甲', '2020-01-01', 'legal'), ('U2', '乙', '2020-01-01', 'legal');
    INSERT INTO unit_succession VALUES ('U1', 'U2', '2024-01-01', '1');
    SELECT journal_append('units', 'x', '', 'units.registered', '{}')
    """,
    """
    INSERT INTO id_scheme (id_scheme, name_zh, name_en, system, units, indicators, registered_by)
      VALUES ('hr', 'x', 'x', 'x', true, false, 'x');
    INSERT INTO unit_mapping (mapping_id, id_scheme, code, valid_from, state, proposed_by,
        proposed_person, unit)
      VALUES (gen_random_uuid(), 'hr', '1', '2020-01-01', 'proposed', 'x', 'x', 'U1');
    SELECT journal_append('id-schemes', 'x', '', 'id-scheme.registered', '{}')
    """,
)
CHANGED = """
    UPDATE unit_name SET valid_to = '2024-01-01' WHERE unit = 'U1';
    SELECT journal_append('units', 'x', '', 'unit.named', '{}')
    """
ALTERED = """
    SELECT journal_altered('units', '{unit,unit_name,unit_succession,unit_kind_correction}', NULL)
      OR journal_altered('id-schemes', '{id_scheme,unit_mapping}', NULL)
    """


async def test_what_was_there_before_is_nobodys_and_still_vouched_for(postgres):
    """Planted bugs: names are known to the journal by another key than they were recorded by;
    whose a row is counts in its digest."""
    name = "indicators_of_before"
    urls = provision(postgres, [name], connections=-1)[name]
    migrate(home_of("indicators"), urls.owner, "0020")
    connection = await asyncpg.connect(postgres.url(name), ssl=False)
    try:
        for statements in BEFORE:
            async with connection.transaction():
                await connection.execute(statements)
        assert await connection.fetchval(ALTERED) is False
        migrate(home_of("indicators"), urls.owner)
        assert await connection.fetchval(ALTERED) is False
        async with connection.transaction():
            await connection.execute(CHANGED)
        assert await connection.fetchval(ALTERED) is False
        with_name = await connection.fetch("SELECT jurisdiction, chain, key FROM unit_name")
        assert {tuple(each) for each in with_name} == {("", "units", "U1"), ("", "units", "U2")}
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("UPDATE unit SET jurisdiction = '530100' WHERE code = 'U2'")
        assert await connection.fetchval(ALTERED) is True
    finally:
        await connection.close()


AT = f"{JURISDICTIONS}/410182/succession"


async def test_another_code_takes_the_place_of_a_jurisdictions_from_a_day_on(
    service, administrators, problem, untouched_after
):
    """Planted bugs: whoever proposed it confirms it; what was proposed first counts; years are
    begun under the old code; the old cycles are gone; a proposal is told to everybody."""
    first, second = administrators
    await register(administrators, "410000")
    for code in ("410182", "410113", "410114"):
        await register(administrators, code, superior="410000")
    old = service.caller("performance_office", subject="410182.lv", jurisdiction="410182")
    new = service.caller("performance_office", subject="410113.lv", jurisdiction="410113")
    async with old as before, new as after:
        cycle = (await begin(before, "410182")).json()["cycle_id"]
        await change(first, "410114", "2024-01-01")
        assert (await change(first, "410113", "2025-07-01")).json()["state"] == "proposed"
        assert (await before.get(f"{JURISDICTIONS}/410182")).json()["changed_code"] is None
        for caller, told in ((first, "succession-not-confirmed"), (before, "not-allowed")):
            async with untouched_after():
                assert problem(await caller.post(f"{AT}/confirmation"))[1] == told
        assert (await begin(before, "410182")).status_code == 201
        done = (await second.post(f"{AT}/confirmation")).json()
        assert (done["succeeded_by"], done["state"]) == ("410113", "confirmed")
        assert problem(await second.post(f"{AT}/confirmation"))[:2] == (
            409, "succession-not-confirmed",
        )  # fmt: skip
        refused = await begin(before, "410182")
        assert problem(refused)[:2] == (409, "jurisdiction-succeeded")
        assert refused.json()["succeeded_by"] == "410113"
        assert (await begin(after, "410113")).status_code == 201
        assert (await before.get(f"{CYCLES}/{cycle}")).status_code == 200
        assert (await after.get(f"{CYCLES}/{cycle}")).status_code == 404
        told = (await before.get(f"{JURISDICTIONS}/410182")).json()["changed_code"]
        assert told["effective_on"] == "2025-07-01"
        assert (await before.get(f"{JURISDICTIONS}/410000")).json()["changed_code"] is None


async def test_what_was_proposed_meanwhile_is_not_confirmed_by_who_read_another(
    administrators, problem, untouched_after
):
    """Planted bug: what was proposed last is confirmed, whatever was read."""
    first, second = administrators
    for code in ("450181", "450113", "450114"):
        await register(administrators, code)
    at = f"{JURISDICTIONS}/450181"
    assert (await change(first, "450113", "2025-07-01", "450181")).status_code == 201
    read = {"If-Match": (await second.get(at)).headers["etag"]}
    assert (await change(first, "450114", "2025-07-01", "450181")).status_code == 201
    async with untouched_after():
        stale = await second.post(f"{at}/succession/confirmation", headers=read)
    assert problem(stale)[:2] == (412, "precondition-failed")
    read = {"If-Match": (await second.get(at)).headers["etag"]}
    done = await second.post(f"{at}/succession/confirmation", headers=read)
    assert (done.status_code, done.json()["succeeded_by"]) == (201, "450114")


async def change(caller, by, on, code="410182"):
    body = {"succeeded_by": by, "effective_on": on, "document_no": "国函〔2025〕9号"}
    return await caller.post(f"{JURISDICTIONS}/{code}/succession", json=body)


async def test_a_code_that_will_change_is_used_until_its_day(service, administrators):
    """Planted bug: the day is not asked for."""
    first, second = administrators
    for code in ("420181", "420117"):
        await register(administrators, code)
    assert (await change(first, "420117", "2999-01-01", "420181")).status_code == 201
    assert (await second.post(f"{JURISDICTIONS}/420181/succession/confirmation")).is_success
    async with service.caller(
        "performance_office", subject="420181.lv", jurisdiction="420181"
    ) as office:
        assert (await begin(office, "420181")).status_code == 201


async def test_a_successor_that_cannot_be_is_refused_by_name(
    administrators, problem, untouched_after
):
    """Planted bug of each row: leave the check that it is about out."""
    first, second = administrators
    for code in ("440181", "440113", "440114"):
        await register(administrators, code, founded_on="2000-01-01")
    await register(administrators, "440116", founded_on="2025-01-01")
    assert (await change(first, "440114", "2025-01-01", "440113")).status_code == 201
    assert (await second.post(f"{JURISDICTIONS}/440113/succession/confirmation")).is_success
    await first.post(JURISDICTIONS, json=new("440115"))
    for code, by, on, faults in (
        ("440181", "440181", "2025-01-01", [("/succeeded_by", "itself")]),
        ("440181", "440199", "2025-01-01", [("/succeeded_by", "successor-unknown")]),
        ("440181", "440115", "2025-01-01", [("/succeeded_by", "successor-unknown")]),
        ("440181", "440113", "2025-01-01", [("/succeeded_by", "successor-unknown")]),
        ("440181", "440114", "1999-01-01", [("/effective_on", "before-its-founding")] * 2),
        ("440116", "440114", "2024-12-31", [("/effective_on", "before-its-founding")]),
        ("440113", "440181", "2025-01-01", [("", "not-in-effect")]),
        ("440114", "440113", "2025-01-01", [("/succeeded_by", "successor-unknown")]),
    ):
        async with untouched_after():
            refused = problem(await change(first, by, on, code))
        assert refused == (422, "changed-code-refused", faults)
    missing = await change(first, "440114", "2025-01-01", "440188")
    assert problem(missing)[:2] == (404, "jurisdiction-not-registered")

from uuid import UUID, uuid4

import pytest

CYCLES = "/api/v1/cycles"
NEW = {"name": "2025年度", "jurisdiction": "431000", "assessment_year": 2025}


async def test_a_cycle_begins_in_draft_without_a_scheme(office):
    answer = await office.post(CYCLES, json=NEW)
    assert answer.status_code == 201
    begun = answer.json()
    assert begun.pop("receipt")["chain"] == begun["cycle_id"]
    assert begun == (await office.get(f"{CYCLES}/{begun['cycle_id']}")).json()
    del begun["cycle_id"], begun["created_at"]
    assert begun == NEW | {"phase": "draft", "scheme_version": None}


async def test_a_cycle_is_open_once_a_scheme_is_published(office, opened):
    cycle = (await office.get(opened)).json()
    assert (cycle["phase"], cycle["scheme_version"]) == ("open", 1)


async def test_cycles_are_listed_page_by_page(office, cycle, opened, every_page):
    """Fails when a page begins at, not after, the last key of the page before."""
    ids = [UUID(item["cycle_id"]) for item in await every_page(office, CYCLES, limit=1)]
    assert len(ids) == len(set(ids))
    assert {UUID(path.rsplit("/", 1)[1]) for path in (cycle, opened)} <= set(ids)


@pytest.mark.parametrize("jurisdiction", ["430001", "999999", "4310", "郴州市"])
@pytest.mark.usefixtures("untouched")
async def test_a_cycle_needs_a_division_code(office, problem, jurisdiction):
    answer = await office.post(CYCLES, json=NEW | {"jurisdiction": jurisdiction})
    assert problem(answer) == (
        422,
        "no-such-jurisdiction",
        [("/jurisdiction", "not-a-division")],
    )


@pytest.mark.usefixtures("untouched")
async def test_a_command_without_an_idempotency_key_is_refused(service, problem):
    token = service.signer.token("performance_office")
    async with service.client(
        {"Authorization": f"Bearer {token}", "Idempotency-Key": ""}
    ) as client:
        answer = await client.post(CYCLES, json=NEW)
    assert problem(answer)[:2] == (400, "idempotency-key-missing")


async def test_a_cycle_begun_twice_under_one_key_is_begun_once(office, service):
    """Fails when the key is kept in another transaction than the cycle."""
    key = {"Idempotency-Key": uuid4().hex}
    first = await office.post(CYCLES, json=NEW, headers=key)
    again = await office.post(CYCLES, json=NEW, headers=key)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    ids = await service.sql(
        "SELECT 1 FROM cycle WHERE cycle_id = $1", UUID(first.json()["cycle_id"])
    )
    assert len(ids) == 1


@pytest.mark.usefixtures("untouched")
async def test_an_unknown_cycle_is_not_found(office, problem):
    path = f"{CYCLES}/{uuid4()}"
    assert problem(await office.get(path))[:2] == (404, "no-such-cycle")
    assert problem(await office.get(f"{path}/scheme"))[:2] == (404, "no-such-cycle")
    assert problem(await office.get(f"{path}/targets"))[:2] == (404, "no-such-cycle")
    assert problem(await office.get(f"{path}/scheme-versions"))[:2] == (404, "no-such-cycle")


async def test_the_latest_year_comes_first_on_every_page(office):
    """Planted bug: cycles come in the order of their ids, which is that of no year."""
    for year in (2031, 2033, 2032, 2033):
        await office.post(CYCLES, json=NEW | {"assessment_year": year})
    found, after = [], {}
    while True:
        page = (await office.get(CYCLES, params={"limit": 2, **after})).json()
        found += page["items"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    told = [(cycle["assessment_year"], cycle["created_at"]) for cycle in found]
    assert told == sorted(told, reverse=True)
    assert [year for year, _ in told][:4] == [2033, 2033, 2032, 2031]
    assert len({cycle["cycle_id"] for cycle in found}) == len(found)

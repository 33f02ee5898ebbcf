"""What an organiser (组织单位) reads of its categories, and what is reviewed first (初审)."""

import pytest
from leading import OF_PARK, OTHER, VALUE, organiser, source_of, with_leaders


@pytest.fixture
def led(cycle, others, document):
    """A cycle whose scheme names organisers; ZH42 reviews first what is entered for C01."""
    others.schemes[cycle.cycle_id] = with_leaders(document, C01="ZH42")
    return cycle


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A cycle with an entry in each of two categories, both scored and fed back."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = with_leaders(document)
    cycle.of_park = source_of(document, "P01")
    await cycle.enter(VALUE)
    await cycle.enter(OF_PARK, unit=cycle.of_park)
    await cycle.verify(all_submitted=True)
    await cycle.score("COUNTY", "PARK")
    await cycle.score("COUNTY", "PARK")
    await cycle.post(cycle.office, "score-sheets/1/feedback")
    return cycle


def codes(answer):
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def test_an_organiser_reads_its_category_and_no_other(year):
    """Planted bugs: hide nothing; count all; tell a digest in which others have a part."""
    async with organiser(year) as client:
        entries = (await client.get(f"{year.path}/ledger-entries")).json()["items"]
        counts = (await client.get(f"{year.path}/ledger")).json()["entries"]
        sheet = (await client.get(f"{year.path}/score-sheets/latest")).json()
        listed = (await client.get(f"{year.path}/score-sheets")).json()["items"]
        told = (await client.get(f"{year.path}/score-sheets/latest/diagnostics")).json()
    assert [(one["unit"], one["state_by"]) for one in entries] == [("XQ01", entries[0]["state_by"])]
    assert entries[0]["state_by"] is not None
    assert (counts["verified"], sum(counts.values())) == (1, 1)
    assert {unit["category"] for unit in sheet["units"]} == {"COUNTY"}
    assert [each["category"] for each in told["categories"]] == ["COUNTY"]
    for inputs in (sheet["inputs"], *(each["inputs"] for each in listed)):
        assert {name for name, digest in inputs.items() if digest} == {
            "scheme_digest",
            "names_digest",
        }
    assert {(each["digest"], each["missing"]) for each in listed} == {(None, None)}


@pytest.mark.parametrize("edition", [1, 2])
async def test_an_organiser_gets_whole_explanations_of_its_category_alone(year, edition):
    at = f"{year.path}/score-sheets/{edition}/units"
    async with organiser(year) as client:
        own = await client.get(f"{at}/XQ02/explanation")
        other = await client.get(f"{at}/YQ01/explanation")
    office = await year.office.get(f"{at}/XQ02/explanation")
    assert own.status_code == 200
    assert own.json() == office.json()
    assert (other.status_code, other.json()["type"]) == (403, "read-after-release")


READ = ["ledger-entries", "score-sheets", "score-sheets/latest", "score-sheets/latest/diagnostics"]


@pytest.mark.parametrize("unit", ["ZH42", "XQ01", None])
@pytest.mark.parametrize("path", READ)
async def test_who_leads_nothing_or_is_assessed_there_reads_nothing(year, path, unit):
    """XQ01 leads a category that nobody has scored; of its own it reads what its competitors may.

    Planted bug: the role alone lets them read."""
    async with organiser(year, unit) as client:
        answer = await client.get(f"{year.path}/{path}")
        ledger = (await client.get(f"{year.path}/ledger")).json()
    if unit == "XQ01":
        assert answer.status_code == 200
        assert not any(code in answer.text for code in ("XQ02", "YQ01", '"C01"'))
        assert sum(ledger["entries"].values()) == 0
    else:
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
        assert ledger["entries"] is None


async def test_where_the_own_unit_is_assessed_its_organiser_is_a_competitor(
    new_cycle, others, document
):
    """Planted bug: leading a category is enough."""
    cycle = new_cycle()
    scheme = with_leaders(document)
    scheme["categories"][0]["organiser"] = "XQ02"
    others.schemes[cycle.cycle_id] = scheme
    await cycle.enter(VALUE)
    await cycle.verify(all_submitted=True)
    await cycle.score()
    async with organiser(cycle, "XQ02") as client:
        for path in READ:
            answer = await client.get(f"{cycle.path}/{path}")
            assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed"), path
    both = cycle.caller("organiser", "assessed_unit", unit="XQ02")
    own = await both.get(f"{cycle.path}/ledger-entries")
    assert own.json()["items"] == []
    at = f"{cycle.path}/score-sheets/latest/units"
    assert (await both.get(f"{at}/XQ02/explanation")).status_code == 404
    assert (await both.get(f"{at}/XQ01/explanation")).status_code == 403


async def test_what_happens_in_another_category_an_organiser_does_not_notice(year):
    """Planted bugs: a digest or a count of the whole; the number of entries of another category."""

    async def read():
        async with organiser(year) as client:
            paths = [*READ[2:], "score-sheets/latest/units/XQ01/explanation", "ledger-entries"]
            answers = [(await client.get(f"{year.path}/{path}")).json() for path in paths]
            ledger = (await client.get(f"{year.path}/ledger")).content
        return [{**each, "edition": None} for each in answers], ledger

    before = await read()
    await year.enter(OF_PARK | {"unit": "YQ02"}, unit=year.of_park)
    await year.verify(all_submitted=True)
    await year.score("COUNTY", "PARK")
    assert await read() == before


async def test_an_organiser_writes_nothing_into_the_ledger(led):
    ids = {"entry_ids": await led.enter(VALUE)}
    before = await led.rows()
    for path, body in [
        ("ledger-entries", {"entries": [VALUE]}),
        ("ledger-entries/verification", ids),
        ("ledger-entries/checking", ids),
        ("ledger-entries/return", ids | {"reason": "x"}),
        ("ledger/seal", {}),
        ("score-sheets", {"categories": None}),
    ]:
        answer = await led.post(organiser(led), path, body)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed"), path
    assert await led.rows() == before


def reviewer(cycle, **who):
    return cycle.caller("data_source_unit", unit="ZH42", **({"subject": "shen"} | who))


async def test_what_is_reviewed_first_goes_to_the_office_after_that(led):
    """Planted bugs: the office verifies at once; what waits is left out in silence."""
    ids = await led.enter(VALUE, OTHER)
    [free] = await led.enter(
        {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}, unit="ZH01"
    )
    before = await led.rows()
    refused = await led.post(led.office, "ledger-entries/verification", {"entry_ids": ids})
    assert (refused.status_code, codes(refused)) == (
        409,
        [("/entry_ids/0", "not-checked"), ("/entry_ids/1", "not-checked")],
    )
    assert "ZH42" in refused.json()["errors"][0]["detail"]
    assert await led.rows() == before

    told = await led.verify(all_submitted=True)
    assert (told["count"], told["left"], told["unchecked"]) == (1, {}, {"ZH42": 2})
    first = await reviewer(led).get(f"{led.path}/ledger-entries")
    assert [each["entry_id"] for each in first.json()["items"]] == ids
    checked = await led.post(reviewer(led), "ledger-entries/checking", {"all_submitted": True})
    assert (checked.status_code, checked.json()["count"]) == (200, 2), checked.text
    assert (await led.ledger())["entries"]["checked"] == 2
    seal = await led.post(led.office, "ledger/seal", {})
    assert (seal.status_code, seal.json()["type"]) == (409, "not-sealable")

    same = led.caller("performance_office", subject="shen-office", person="shen")
    refused = await led.post(same, "ledger-entries/verification", {"entry_ids": ids})
    assert [code for _, code in codes(refused)] == ["own-check"] * 2
    told = await led.verify(all_submitted=True)
    assert (told["count"], told["unchecked"]) == (2, {})
    events = await led.service.sql(
        "SELECT event FROM journal_entry WHERE chain = $1 ORDER BY seq", str(led.cycle_id)
    )
    assert "scoring.entries-checked" in [row["event"] for row in events]
    assert free


async def test_what_was_sent_back_is_reviewed_again(led):
    """Planted bug: a check of before its return still counts."""
    ids = {"entry_ids": await led.enter(VALUE)}
    sent_back = ids | {"reason": "缺少依据"}
    for by in (reviewer(led), led.office):
        if by is led.office:
            await led.post(reviewer(led), "ledger-entries/checking", ids)
        answer = await led.post(by, "ledger-entries/return", sent_back)
        assert answer.status_code == 200, answer.text
        assert (await led.post(led.source(), "ledger-entries/submission", ids)).status_code == 200
    refused = await led.post(led.office, "ledger-entries/verification", ids)
    assert codes(refused) == [("/entry_ids/0", "not-checked")]


async def test_nobody_else_reviews_first_and_drafts_are_not_shown(led):
    ids = {"entry_ids": await led.enter(VALUE)}
    await led.enter(OTHER, state="draft")
    for stranger in (led.source("ZH43"), led.office, led.caller("assessed_unit", unit="ZH42")):
        answer = await led.post(stranger, "ledger-entries/checking", ids)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
    listed = (await reviewer(led).get(f"{led.path}/ledger-entries")).json()["items"]
    assert [each["unit"] for each in listed] == ["XQ01"]
    both = await led.at_once(
        led.post(reviewer(led), "ledger-entries/checking", ids),
        led.post(reviewer(led), "ledger-entries/return", ids | {"reason": "x"}),
    )
    assert sorted(answer.status_code for answer in both) == [200, 409]

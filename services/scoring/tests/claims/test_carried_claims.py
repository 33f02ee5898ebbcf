"""Claims that are carried over (顺延): they arrive in the next cycle by themselves, and once."""

import asyncio
import itertools

import httpx
import pytest

from chassis.peers import Client, PeerConnection
from scoring.peers import give_daily_commands

from .test_confirming_claims import award, decided, listed, next_year, own, refused

__all__ = ["award"]

LATE = {"document_date": "2026-01-15", "work_year": 2025}
SEALS = {"unscored": {"unconfirmed": {"count": 1, "reason": "逾期未认定"}}}
_divisions = (f"4301{n:02}" for n in itertools.count())


@pytest.fixture
def two_years(new_cycle, others, document):
    """A cycle, and that of the year after, of one division that no other test has."""
    cycle, later = new_cycle(), new_cycle()
    others.schemes[later.cycle_id] = next_year(document)
    division = {"jurisdiction": next(_divisions), "scheme_version": 1}
    years = ((cycle, 2025), (later, 2026))
    others.cycles = [
        {"cycle_id": str(c.cycle_id), "assessment_year": y} | division for c, y in years
    ]
    yield cycle, later
    others.cycles = []


async def arrive(cycle, by=None):
    return await cycle.post(by or cycle.office, "claims/arrivals", None)


async def sealed(cycle, body=None):
    body = body or await as_seen(cycle)
    answer = await cycle.post(cycle.office, "ledger/seal", body)
    assert answer.status_code == 200, answer.text


async def as_seen(cycle, by=None):
    """What a seal names that has seen the year: it may not be over."""
    answer = await cycle.post(by or cycle.office, "ledger/seal?mode=check", None)
    return {"seen": answer.json()["seen"]}


async def test_a_carried_claim_arrives_once_and_is_examined_there_by_another_person(
    two_years, award
):
    """Planted bugs: let whoever gives the command be its author; leave its work in the year of its
    document; let it arrive before the year is sealed, or what nobody confirmed."""
    cycle, later = two_years
    zhang = own(cycle, subject="zhang", person="P1")
    numbered = (award(document_no=f"{n}〔2026〕{cycle.number}号", **LATE) for n in "甲乙丙")
    late, undecided, gone = await cycle.claim(*numbered, by=zhang)
    [plain] = await cycle.claim(award())
    for claim in (late, plain):
        assert (await cycle.confirm(claim)).status_code == 200
    assert (await cycle.confirm(gone, decision="rejected", reason="x")).status_code == 200
    assert (await arrive(later)).json()["arrived"] == []
    await sealed(cycle, SEALS)
    [kept] = await later.claim(award("XQ01", claim_no="2025-B1"))

    answer = await arrive(later)
    assert answer.status_code == 201, answer.text
    [came] = answer.json()["arrived"]
    assert came.pop("claim_id") not in {late, kept}
    origin = {"cycle_id": str(cycle.cycle_id), "claim_id": late}
    assert came == {
        "claim_no": "2025-B1-2",
        "unit": "XQ01",
        **{f"from_{name}": told for name, told in origin.items()},
    }
    assert answer.json()["receipt"]["chain"] == str(later.cycle_id)
    before = await later.rows()
    again = (await arrive(later)).json()
    assert again == {"arrived": [], "waiting": [], "receipt": None}
    assert await later.rows() == before

    told = (await listed(later))["2025-B1-2"]
    assert (told["carried_from"], told["state"], told["author"]) == (origin, "handed_in", "zhang")
    assert (told["work_year"], told["proposal"]["decision"]) == (2025, "accepted_carried_over")
    here = told["claim_id"]
    office_too = later.caller("performance_office", subject="zhang-2", person="P1")
    await refused(later, await later.confirm(here, by=office_too), before, "own-claim")
    assert (await later.confirm(here)).status_code == 200
    assert (await decided(later))["2025-B1-2"] == ("accepted_carried_over", 1)
    assert (await decided(cycle))["B1"] == ("carried_to_next_year", 0)
    assert (await listed(cycle))["B1"]["claim_id"] == late != undecided


async def test_of_sixteen_commands_at_once_one_lets_the_claim_arrive(two_years, award):
    """Planted bugs: look whether it is there, and let it in without a key; seal the later year
    without it."""
    cycle, later = two_years
    [late] = await cycle.claim(award(**LATE))
    assert (await cycle.confirm(late)).status_code == 200
    await sealed(cycle)
    before = await later.rows()
    early = await later.post(later.office, "ledger/seal", {})
    assert (early.status_code, early.json()["type"]) == (409, "carried-claims-to-come")
    assert await later.rows() == before
    answers = await asyncio.gather(*(arrive(later) for _ in range(16)))
    assert {a.status_code for a in answers} <= {201, 503}
    assert sum(len(a.json()["arrived"]) for a in answers if a.status_code == 201) == 1
    assert (await later.rows())["claim"] == 1


async def test_no_year_is_sealed_while_the_open_year_before_may_carry_something_over(
    two_years, award
):
    """It would arrive nowhere. Planted bugs: ask sealed years alone; only for what is confirmed."""
    cycle, later = two_years
    [late] = await cycle.claim(award(**LATE))
    for _ in range(2):
        before = await later.rows()
        answer = await later.post(later.office, "ledger/seal", {})
        assert (answer.status_code, answer.json()["type"]) == (409, "carried-claims-to-come")
        assert await later.rows() == before
        await cycle.confirm(late)
    assert (await cycle.confirm(late, decision="rejected", reason="x")).status_code == 200
    await sealed(cycle)
    await sealed(later)


def narrow_to(later, *years) -> httpx.AsyncClient:
    scope = " ".join(f"cycle:{each.cycle_id}" for each in years)
    token = later.service.signer.token("performance_office", subject="narrow", scopes=scope)
    return later.service.client({"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("of", ["scheme", "category"])
async def test_no_year_is_sealed_before_the_year_before_that_may_carry_over_what_nobody_claimed_yet(
    two_years, award, others, document, of
):
    """Else what is claimed and confirmed there afterwards would arrive nowhere. Planted bugs: look
    for claims alone; let the preview name a cycle that the token does not reach; look at the
    scheme's own rules alone."""
    cycle, later = two_years
    rules = document["adjustments"] | {"carry_over": "none" if of == "category" else "once"}
    own = {"adjustments": rules | {"carry_over": "once"}}
    categories = [each | own for each in document["categories"]]
    of_category = {"categories": categories} if of == "category" else {}
    others.schemes[cycle.cycle_id] = document | {"adjustments": rules} | of_category
    before = await later.rows()
    for by, told, elsewhere in (
        (later.office, [str(cycle.cycle_id)], False),
        (narrow_to(later, later, cycle), [str(cycle.cycle_id)], False),
        (narrow_to(later, later), [], True),
    ):
        seen = (await later.post(by, "ledger/seal?mode=check", None)).json()
        assert (seen["open_before"], seen["to_arrive_out_of_scope"]) == (told, elsewhere)
        answer = await later.post(by, "ledger/seal", {})
        assert (answer.status_code, answer.json()["type"]) == (409, "carried-claims-to-come")
        assert (str(cycle.cycle_id) in answer.json()["detail"]) is not elsewhere
        assert await later.rows() == before
    [late] = await cycle.claim(award(**LATE))
    assert (await cycle.confirm(late)).status_code == 200
    await sealed(cycle)
    seen = (await later.post(later.office, "ledger/seal?mode=check", None)).json()
    assert (seen["open_before"], len(seen["to_arrive"])) == ([], 1)
    [here] = (await arrive(later)).json()["arrived"]
    assert (await later.confirm(here["claim_id"])).status_code == 200
    await sealed(later)
    assert (await decided(later))["2025-B1"] == ("accepted_carried_over", 1)


async def test_a_year_that_follows_one_which_carries_nothing_over_is_sealed_before_it(
    two_years, others, document
):
    """Planted bug: wait for any open year."""
    cycle, later = two_years
    rules = document["adjustments"] | {"carry_over": "none"}
    others.schemes[cycle.cycle_id] = document | {"adjustments": rules}
    seen = (await later.post(later.office, "ledger/seal?mode=check", None)).json()
    assert seen["open_before"] == []
    await sealed(later)


async def test_a_narrow_token_seals_past_no_carried_claim_and_the_preview_names_it(
    two_years, award
):
    """Planted bugs: look only at the years that the token reaches; preview without looking; let
    nothing arrive in silence where the year before is out of reach."""
    cycle, later = two_years
    [late] = await cycle.claim(award(**LATE))
    assert (await cycle.confirm(late)).status_code == 200
    await sealed(cycle)

    def narrow(*years) -> httpx.AsyncClient:
        return narrow_to(later, *years)

    waits = {"claim_no": "B1", "unit": "XQ01"}
    waits |= {"from_cycle_id": str(cycle.cycle_id), "from_claim_id": late}
    before = await later.rows()
    for by, told, is_elsewhere in (
        (later.office, [waits], False),
        (narrow(cycle, later), [waits], False),
        (narrow(later), [], True),
    ):
        seen = (await later.post(by, "ledger/seal?mode=check", None)).json()
        assert (seen["to_arrive"], seen["to_arrive_more"]) == (told, 0)
        assert seen["to_arrive_out_of_scope"] is is_elsewhere
        answer = await later.post(by, "ledger/seal", {})
        assert (answer.status_code, answer.json()["type"]) == (409, "carried-claims-to-come")
        assert ("scope" in answer.json()["detail"]) is is_elsewhere
    answer = await arrive(later, narrow(later))
    assert (answer.status_code, answer.json()["type"]) == (403, "outside-scope")
    assert await later.rows() == before
    [here] = (await arrive(later, narrow(cycle, later))).json()["arrived"]
    seen = (await later.post(narrow(later), "ledger/seal?mode=check", None)).json()
    assert (seen["to_arrive"], seen["to_arrive_out_of_scope"]) == ([], False)
    assert (await later.confirm(here["claim_id"])).status_code == 200
    by = narrow(later)
    assert (await later.post(by, "ledger/seal", await as_seen(later, by))).status_code == 200


async def test_what_is_carried_is_not_carried_again(two_years, award, others, document):
    """Planted bug: count the year of the cycle as that of the work."""
    cycle, later = two_years
    [late] = await cycle.claim(award(**LATE))
    assert (await cycle.confirm(late)).status_code == 200
    await sealed(cycle)
    window = {"opens": "2026-02-01", "closes": "2026-12-31"}
    rules = document["adjustments"] | {"window": window}
    others.schemes[later.cycle_id] |= {"adjustments": rules}
    [here] = (await arrive(later)).json()["arrived"]
    told = (await listed(later))["2025-B1"]
    assert told["proposal"]["decision"] == "rejected_out_of_window"
    assert (await later.confirm(here["claim_id"])).status_code == 200
    assert await decided(later) == {"2025-B1": ("rejected_out_of_window", 0)}


async def test_a_claim_of_a_unit_that_is_not_assessed_any_more_waits_and_is_named(
    two_years, award, others, document
):
    cycle, later = two_years
    [late] = await cycle.claim(award("XQ01", **LATE))
    assert (await cycle.confirm(late)).status_code == 200
    await sealed(cycle)
    whole = others.schemes[later.cycle_id]
    categories = [
        each | {"units": [unit for unit in each["units"] if unit != "XQ01"]}
        for each in document["categories"]
    ]
    others.schemes[later.cycle_id] = whole | {"categories": categories}
    told = (await arrive(later)).json()
    assert (told["arrived"], [each["claim_no"] for each in told["waiting"]]) == ([], ["B1"])
    others.schemes[later.cycle_id] = whole
    assert len((await arrive(later)).json()["arrived"]) == 1


async def test_its_evidence_lies_where_it_was_handed_in(two_years, award, others, document):
    """Planted bug: look for evidence in the later cycle alone."""
    cycle, later = two_years
    bonus = document["adjustments"]["bonus"]
    wants = {"bonus": bonus | {"requires": [*bonus["requires"], "evidence"]}}
    for each in two_years:
        scheme = others.schemes.get(each.cycle_id, document)
        rules = scheme["adjustments"] | wants
        others.schemes[each.cycle_id] = scheme | {"adjustments": rules}
    headers = {"Content-Type": "text/plain"}
    path = f"{cycle.path}/evidence?name=a.txt"
    added = await cycle.office.post(path, content="文件\n".encode(), headers=headers)
    [late] = await cycle.claim(award(evidence_ids=[added.json()["evidence_id"]], **LATE))
    [bare] = await later.claim(award(document_no=f"丁〔2026〕{cycle.number}号", **LATE))
    assert (await cycle.confirm(late)).status_code == 200
    await sealed(cycle)
    [here] = (await arrive(later)).json()["arrived"]
    assert (await later.confirm(here["claim_id"])).status_code == 200
    before = await later.rows()
    await refused(later, await later.confirm(bare), before, "evidence-missing")


async def test_nobody_but_the_office_lets_claims_arrive_and_none_after_the_seal(two_years):
    cycle, later = two_years
    for role in ("assessed_unit", "auditor", "second_body", "committee", "data_source_unit"):
        answer = await arrive(later, later.caller(role, unit="XQ01"))
        assert answer.status_code == 403
    assert (await arrive(later)).status_code == 201
    await sealed(cycle)
    await sealed(later)
    answer = await arrive(later)
    assert (answer.status_code, answer.json()["type"]) == (409, "ledger-sealed")


async def test_the_service_gives_the_command_itself_in_every_cycle_that_follows_another():
    """Planted bug: give it in the first year, or of another division."""
    cycles = [
        {"cycle_id": f"00000000-0000-4000-8000-00000000000{n}", "jurisdiction": where,
         "assessment_year": year, "scheme_version": 1, "code": "c"}
        for n, (where, year) in enumerate([("A", 2025), ("A", 2026), ("B", 2026)])
    ]  # fmt: skip
    seen = []

    def answer(request):
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t"})
        if request.method == "GET":
            return httpx.Response(200, json={"items": cycles, "next": None})
        seen.append(request.url.path.removeprefix("/api/v1/cycles/"))
        return httpx.Response(201, json={})

    async with Client("http://gateway", httpx.MockTransport(answer)) as client:
        await give_daily_commands(PeerConnection(client), "daily", "s3cret")
    arrivals = [path for path in seen if path.endswith("/claims/arrivals")]
    assert arrivals == [f"{cycles[1]['cycle_id']}/claims/arrivals"]
    everywhere = (
        *("duty-cards", "supervised-items/reports", "consequences/reports"),
        *("supervised-item-events", "complaint-events", "complaint-erasures"),
    )
    given = [f"{each['cycle_id']}/{what}" for each in cycles for what in everywhere]
    assert sorted(seen) == sorted(arrivals + given)

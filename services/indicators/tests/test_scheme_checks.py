"""A scheme that is only tried out is held to what is held against one that is saved."""

import json

import pytest

from chassis import journal

FUNCTION = "/categories/0/blocks/0/indicators"
OTHERS = [
    "assessed_unit",
    "data_source_unit",
    "organiser",
    "responsible_body",
    "survey_centre",
    "committee",
    "standing_committee",
    "auditor",
    "system_administrator",
]


async def check(client, cycle, scheme):
    return await client.post(f"{cycle}/scheme-checks", json={"scheme": scheme})


PARTLY = {
    f"{FUNCTION}/0/method": "expression",
    f"{FUNCTION}/0/params": {
        "inputs": {"k": {"from": "constant", "value": "2"}, "a": {"from": "measured"}},
        "formula": "k * a",
        "result": "points",
    },
    f"{FUNCTION}/0/per_unit_params": {"X1": {"inputs": {"k": {"value": "3.0"}}}},
}


@pytest.mark.parametrize("changes", [{}, {"/title": "修订方案"}, PARTLY])
async def test_what_comes_back_is_what_is_stored_and_published(
    office, cycle, document, changes, untouched_after
):
    """Fails when the check leaves to the reader what saving completes, or has a digest of its
    own."""
    async with untouched_after():
        checked = await check(office, cycle, document(changes))
    assert checked.status_code == 200, checked.text
    body = {"scheme": document(changes)}
    saved = (await office.post(f"{cycle}/scheme-versions", json=body)).json()
    stored = (await office.get(f"{cycle}/scheme-versions/{saved['version']}")).json()
    told = checked.json()
    effects = {name: told.pop(name) for name in ("without_effect", "without_effect_count")}
    assert effects == {name: saved[name] for name in effects}
    assert told.pop("compiled_digest") == journal.sha256(told.pop("compiled"))
    assert told == {
        "cycle_id": cycle.rsplit("/", 1)[1],
        "digest": stored["digest"],
        "scheme": stored["scheme"],
    }
    again = await check(office, cycle, checked.json()["scheme"])
    assert again.json() == checked.json()


async def test_an_override_is_completed_from_what_it_overrides(office, cycle, document):
    answer = await check(office, cycle, document(PARTLY))
    first = answer.json()["scheme"]["categories"][0]["blocks"][0]["indicators"][0]
    inputs = first["params"]["inputs"]
    k = inputs["k"] | {"value": "3"}
    assert first["per_unit_params"]["X1"] == {"inputs": inputs | {"k": k}}


CIRCLE = {
    f"{FUNCTION}/{place}/{name}": value
    for place, other in ((0, "C02"), (1, "C01"))
    for name, value in {
        "method": "expression",
        "params": {
            "inputs": {"x": {"from": "rank", "indicator": other}},
            "formula": "10 - x",
            "result": "points",
        },
    }.items()
}


@pytest.mark.parametrize(
    "changes",
    [
        {f"{FUNCTION}/0/params/cap": 1, f"{FUNCTION}/6/params/step_ratio": "1.5"},
        {f"{FUNCTION}/0/points": "-1", f"{FUNCTION}/1/precision": 99},
        {"/extra": 1, f"{FUNCTION}/0/method": "guess", "/vetoes": ...},
        {f"{FUNCTION}/0/per_unit_params": {"X9": {"cap_ratio": "1"}}},
        {"/assessment_year": 2024},
        {"/title": 1},
        CIRCLE,
    ],
)
async def test_what_cannot_be_saved_is_refused_in_the_same_words(
    office, cycle, document, changes, problem, untouched
):
    """Fails when the two look at a scheme differently."""
    checked = await check(office, cycle, document(changes))
    saved = await office.post(f"{cycle}/scheme-versions", json={"scheme": document(changes)})
    assert checked.status_code == 422
    assert problem(checked) == problem(saved)
    assert checked.json()["errors"] == saved.json()["errors"]
    assert all(error["pointer"].startswith("/scheme/") for error in checked.json()["errors"])


async def test_what_contradicts_itself_is_refused_as_when_it_is_published(
    office, cycle, document, problem, untouched
):
    """Fails when a code that stands for two things is tried out, or a fault points elsewhere."""
    changes = {
        f"{FUNCTION}/1/code": "C01",
        f"{FUNCTION}/0/data_source_unit": "B99",
        "/categories/0/units/0": "X2",
    }
    assert problem(await check(office, cycle, document(changes))) == (
        422,
        "scheme-unsound",
        [
            (f"/scheme{FUNCTION}/1/code", "named-twice"),
            ("/scheme/categories/0/units/1", "named-twice"),
            (f"/scheme{FUNCTION}/0/data_source_unit", "unknown-unit"),
        ],
    )


async def test_points_need_not_sum_while_they_are_tried_out(office, cycle, document, untouched):
    answer = await check(office, cycle, document({f"{FUNCTION}/0/points": "9.90"}))
    assert answer.status_code == 200
    first = answer.json()["scheme"]["categories"][0]["blocks"][0]["indicators"][0]
    assert first["points"] == "9.9"


async def test_a_scheme_of_a_cycle_that_has_one_needs_no_reason(office, opened, document):
    """A reason is for what is kept."""
    assert (await check(office, opened, document({"/title": "修订方案"}))).status_code == 200


async def test_an_unknown_cycle_has_no_year_to_check_for(office, document, problem):
    nowhere = "/api/v1/cycles/00000000-0000-0000-0000-000000000007"
    assert problem(await check(office, nowhere, document()))[:2] == (404, "no-such-cycle")


@pytest.mark.parametrize("role", OTHERS)
async def test_only_who_may_simulate_may_check(service, cycle, document, role, problem):
    async with service.caller(role, unit="X1") as caller:
        answer = await check(caller, cycle, document())
    assert problem(answer)[:2] == (403, "not-allowed")


async def test_no_key_is_needed_because_nothing_is_kept(service, cycle, document):
    token = service.signer.token("performance_office")
    client = service.client({"Authorization": f"Bearer {token}"})
    client.event_hooks = {"request": []}
    async with client:
        body = json.dumps({"scheme": document()}, default=str)
        headers = {"Content-Type": "application/json"}
        answer = await client.post(f"{cycle}/scheme-checks", content=body, headers=headers)
    assert answer.status_code == 200


async def test_a_key_of_another_shape_is_refused_where_it_stands(office, cycle, document):
    """Planted bug: name in the pointer what the key might have been instead."""
    keys = [3, {"key": "weather"}, {"key": "indicator", "codes": 1}, {}]
    body = {"scheme": document({"/ranking/tie_break": keys})}
    answer = await office.post(f"{cycle}/scheme-checks", json=body)
    at = "/scheme/ranking/tie_break"
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        *(f"{at}/{n}" for n in range(4)),
        f"{at}/1/key",
        f"{at}/2/codes",
        f"{at}/3/key",
    }


async def test_last_years_ranks_are_those_of_an_earlier_cycle_of_the_place(office, cycle, document):
    """Planted bugs: take any cycle; take one of the same year."""
    last = {"/ranking/tie_break/1": {"key": "last_year_rank"}}
    place = {"name": "2024年度", "jurisdiction": "431000", "assessment_year": 2024}
    made = [place, place | {"assessment_year": 2025}, place | {"jurisdiction": "431100"}]
    for new, status in zip(made, (200, 422, 422), strict=True):
        earlier = (await office.post("/api/v1/cycles", json=new)).json()["cycle_id"]
        answer = await check(office, cycle, document(last | {"/ranking/previous_cycle": earlier}))
        assert answer.status_code == status, answer.text
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (
        "/scheme/ranking/previous_cycle",
        "not-an-earlier-cycle",
    )

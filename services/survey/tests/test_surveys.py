"""Surveys are copied from the published scheme, once."""

from uuid import UUID, uuid4

import asyncpg
import pytest

NO_SCHEME, INDICATORS_DOWN, ANOTHER_ROUNDING = UUID(int=404), UUID(int=503), UUID(int=1)


async def create(client, code="phone", cycle_id=None):
    return await client.post(f"/api/v1/cycles/{cycle_id or uuid4()}/surveys", json={"code": code})


async def test_a_survey_is_copied_from_the_published_scheme(office):
    cycle_id = uuid4()
    answer = await create(office, cycle_id=cycle_id)
    assert answer.status_code == 201
    created = answer.json()
    receipt = created.pop("receipt")
    assert (receipt["journal"], receipt["chain"], receipt["seq"]) == ("survey", str(cycle_id), 1)
    assert created == {
        "survey_id": created["survey_id"],
        "cycle_id": str(cycle_id),
        "code": "phone",
        "name": "电话调查",
        "mode": "phone_survey",
        "collector": "SC",
        "scheme_version": 3,
        "scheme_digest": "d" * 64,
        "questions": [
            {
                "code": "answer",
                "name": "电话调查",
                "weight": "1",
                "options": [
                    {"code": "very_satisfied", "name": "非常满意", "score": "100"},
                    {"code": "satisfied", "name": "satisfied", "score": "80"},
                    {"code": "fair", "name": "fair", "score": "60"},
                    {"code": "dissatisfied", "name": "dissatisfied", "score": "30"},
                    {"code": "very_dissatisfied", "name": "very_dissatisfied", "score": "0"},
                    {"code": "dont_know", "name": "不了解", "score": None},
                ],
                "satisfied": [],
                "asked_if": None,
                "screens": [],
            }
        ],
        "measure": "mean",
        "groups": [],
        "group_weights": [],
        "empty_group": "rescale",
        "combine": "mean",
        "wave_weights": [],
        "min_valid": 400,
        "below_min": "decision",
        "attested_by": [],
        "quorum": None,
        "abstain": "unscored",
        "units": ["XQ01", "XQ02"],
        "waves": [
            {"wave": 1, "state": "planned", "stands_for": None},
            {"wave": 2, "state": "planned", "stands_for": None},
        ],
    }
    listed = await office.get(f"/api/v1/cycles/{cycle_id}/surveys")
    assert listed.json() == {"cycle_id": str(cycle_id), "surveys": [created]}


async def test_the_units_are_those_of_every_category_that_rests_on_the_survey(office):
    created = (await create(office, "forms")).json()
    assert created["units"] == ["DQ01", "YQ01"]
    assert created["groups"] == [
        {"code": "recipients", "weight": "0.6"},
        {"code": "deputies", "weight": "0.4"},
    ]


async def test_questions_and_weights_of_a_category_are_copied_as_the_scheme_has_them(office):
    """Planted bug: leave one of them out of the copy."""
    created = (await create(office, "asked")).json()
    questions = {each["code"]: each for each in created["questions"]}
    assert {code: each["weight"] for code, each in questions.items()} == {
        "met": "0",
        "attitude": "0.6",
        "effect": "0.4",
        "advice": "0",
    }
    assert questions["met"]["screens"] == ["no"]
    assert questions["attitude"]["satisfied"] == ["good"]
    assert questions["advice"]["asked_if"] == {"question": "effect", "options": ["poor"]}
    assert created["group_weights"] == [
        {
            "category": "PARTY",
            "groups": [
                {"code": "recipients", "weight": "0.5"},
                {"code": "deputies", "weight": "0.5"},
            ],
        }
    ]
    assert (created["combine"], created["wave_weights"]) == ("weighted", ["0.4", "0.6"])


async def test_the_surveys_of_a_cycle_are_a_document_with_an_etag(office):
    cycle_id = uuid4()
    for code in ("phone", "forms"):
        await create(office, code, cycle_id)
    first = await office.get(f"/api/v1/cycles/{cycle_id}/surveys")
    assert [survey["code"] for survey in first.json()["surveys"]] == ["forms", "phone"]
    again = await office.get(
        f"/api/v1/cycles/{cycle_id}/surveys", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("code", ["mail", "idle"])
async def test_a_survey_that_no_indicator_rests_on_is_refused(office, problem, code):
    answer = await create(office, code)
    assert problem(answer) == (422, "survey-not-in-scheme", [("/code", "not-in-scheme")])


async def test_a_cycle_has_a_survey_once(office, problem):
    cycle_id = uuid4()
    await create(office, cycle_id=cycle_id)
    assert problem(await create(office, cycle_id=cycle_id)) == (409, "survey-exists", [])


@pytest.mark.parametrize(
    ("cycle_id", "expected"),
    [
        (NO_SCHEME, (404, "peer-missing", [])),
        (INDICATORS_DOWN, (503, "peer-down", [])),
        (ANOTHER_ROUNDING, (503, "peer-down", [])),
    ],
    ids=["no published scheme", "indicators down", "a rounding we do not know"],
)
async def test_without_a_usable_scheme_nothing_is_created(
    service, office, problem, cycle_id, expected
):
    assert problem(await create(office, cycle_id=cycle_id)) == expected
    assert await service.sql("SELECT 1 FROM survey WHERE cycle_id = $1", cycle_id) == []


@pytest.mark.parametrize("role", ["survey_centre", "assessed_unit", "committee", "auditor"])
async def test_only_the_performance_office_creates_surveys(service, problem, role):
    async with service.caller(role, unit="SC") as client:
        assert problem(await create(client)) == (403, "not-allowed", [])


async def test_no_column_could_hold_a_phone_number(service):
    columns = await service.sql(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name NOT IN ('journal_table', 'journal_head')"
        " AND column_name ~ '(phone|mobile|tel|number|contact|name)'"
        " AND (table_name, column_name) <> ('export_mapping', 'name')"
    )
    assert columns == []


@pytest.mark.parametrize("table", ["survey", "survey_unit", "batch", "response", "wave_result"])
async def test_what_was_stored_cannot_be_removed(service, table):
    """Planted bug: leave TRUNCATE with the owner in `migrations.by_rights`."""
    for statement in (f"TRUNCATE {table} CASCADE", f"DELETE FROM {table}"):  # noqa: S608 - of the test
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.as_owner(statement)

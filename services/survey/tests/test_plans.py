"""Sample plans: entered before a wave opens, checked, versioned, and told with their errors."""

import pytest

ROWS = [
    {"unit": "XQ01", "stratum": "urban", "quota": 300, "population": 90_000, "attempts": 3},
    {"unit": "XQ01", "stratum": "rural", "quota": 100, "population": 30_000, "attempts": 3},
    {"unit": "XQ02", "quota": 200},
]


async def plan(survey, rows, wave=1, client=None, **more):
    body = {"rows": rows} | more
    return await (client or survey.office).post(survey.path(wave, "plans"), json=body)


async def test_a_plan_tells_how_sure_it_makes_an_estimate(planned):
    """A margin of ±4.9 points from 400, ±6.9 from 200; ±5 points need 384 of 120,000, else 385."""
    entered = await plan(planned, ROWS, aim="0.05")
    assert entered.status_code == 201, entered.text
    told = (await planned.office.get(planned.path(1, "plan"))).json()
    assert told == {key: value for key, value in entered.json().items() if key != "receipt"}
    assert (told["version"], told["aim"], told["confidence"]) == (1, "0.05", "0.95")
    assert told["units"] == [
        {
            "unit": "XQ01",
            "quota": 400,
            "population": 120_000,
            "margin_of_error": "0.048918",
            "needed": 383,
        },
        {
            "unit": "XQ02",
            "quota": 200,
            "population": None,
            "margin_of_error": "0.069295",
            "needed": 385,
        },
    ]
    assert [row["attempts"] for row in told["rows"]] == [3, 3, None]


async def test_a_plan_is_replaced_until_the_wave_opens(planned, problem):
    """Planted bug: a plan taken of a wave that is open."""
    assert (await plan(planned, ROWS)).json()["version"] == 1
    assert (await plan(planned, ROWS[:1])).json()["version"] == 2
    assert len((await planned.office.get(planned.path(1, "plan"))).json()["rows"]) == 1
    first = await planned.office.get(planned.path(1, "plan"), params={"version": 1})
    assert len(first.json()["rows"]) == 3
    await planned.open()
    late = await plan(planned, ROWS)
    assert problem(late)[:2] == (409, "wave-has-begun")
    unknown = await planned.office.get(planned.path(1, "plan"), params={"version": 3})
    assert unknown.status_code == 404
    assert (await planned.office.get(planned.path(2, "plan"))).status_code == 404


FAULTY = [
    ([{"unit": "ZZ01", "quota": 1}], ("/rows/0/unit", "unknown-unit")),
    (
        [{"unit": "XQ01", "quota": 1, "population": 5, "clusters": 6}],
        ("/rows/0/clusters", "clusters-above-population"),
    ),
    (
        [
            {"unit": "XQ01", "stratum": "urban", "quota": 1, "clusters": 6},
            {"unit": "XQ01", "stratum": "rural", "quota": 1},
        ],
        ("/rows/1/clusters", "clusters-missing"),
    ),
    (
        [
            {"unit": "XQ01", "stratum": "urban", "quota": 1, "clusters": 6},
            {"unit": "XQ01", "quota": 1, "clusters": 7},
        ],
        ("/rows/1/clusters", "clusters-disagree"),
    ),
    ([{"unit": "XQ01", "quota": 1, "group": "deputies"}], ("/rows/0/group", "unknown-group")),
    ([ROWS[2], ROWS[2]], ("/rows/0/unit", "planned-twice")),
    (
        [{"unit": "XQ01", "quota": 11, "population": 10}],
        ("/rows/0/quota", "quota-above-population"),
    ),
    ([*ROWS[:2], {"unit": "XQ01", "quota": 401}], ("/rows/2/quota", "quotas-disagree")),
    (
        [*ROWS[:2], {"unit": "XQ01", "quota": 400, "population": 120_001}],
        ("/rows/2/population", "populations-disagree"),
    ),
    (
        [ROWS[0], {"unit": "XQ01", "stratum": "rural", "quota": 1}],
        ("/rows/1/population", "population-missing"),
    ),
]


@pytest.mark.parametrize(("rows", "fault"), FAULTY)
async def test_a_plan_that_does_not_fit_is_refused_by_name(planned, problem, rows, fault):
    refused = await plan(planned, rows)
    assert problem(refused)[:2] == (422, "plan-rejected")
    assert fault in problem(refused)[2]
    assert (await planned.office.get(planned.path(1, "plan"))).status_code == 404


@pytest.mark.parametrize("field", [{"quota": -1}, {"quota": "1"}, {"attempts": 0}, {"phone": "1"}])
async def test_a_row_of_another_shape_is_refused(planned, field):
    assert (await plan(planned, [{"unit": "XQ01", "quota": 1} | field])).status_code == 422


async def test_the_office_plans_and_those_who_see_counts_read(planned, service):
    assert (await plan(planned, ROWS, client=planned.collector)).status_code == 403
    await plan(planned, ROWS)
    assert (await planned.collector.get(planned.path(1, "plan"))).status_code == 200
    async with service.caller("survey_centre", unit="SB") as other:
        assert (await other.get(planned.path(1, "plan"))).status_code == 403
    async with service.caller("auditor") as auditor:
        assert (await auditor.get(planned.path(1, "plan"))).status_code == 200
    async with service.caller("committee", unit="XQ02") as own:
        told = (await own.get(planned.path(1, "plan"))).json()
    assert told["rows"] == told["units"] == []


async def test_progress_is_told_against_the_plan(planned, row):
    """Planted bug: calls that nobody answered counted as interviews."""
    await plan(planned, ROWS)
    await planned.open()
    rows = [row(stratum="urban"), row(stratum="urban"), row(answer=None, outcome="no_contact")]
    assert (await planned.post(rows)).status_code == 201
    told = (await planned.office.get(planned.path(1))).json()["units"]
    assert [(each["unit"], each["completed"], each["quota"]) for each in told] == [
        ("XQ01", 2, 400),
        ("XQ02", 0, 200),
    ]


async def test_a_stratum_that_the_plan_does_not_have_is_refused_by_name(planned, row, problem):
    """In rows and in files; a contact that was no interview may have none. Planted bugs: strata of
    all units taken together; a row without one taken."""
    assert (await plan(planned, ROWS)).status_code == 201
    await planned.open()
    rows = [
        row(stratum="urban"),
        row(stratum="islands"),
        row(),
        row(None, outcome="no_contact"),
        row(unit="XQ02", stratum="urban"),
        row(unit="XQ02"),
    ]
    refused = problem(await planned.post(rows))
    assert refused[0] == 422
    assert refused[2] == [
        ("/rows/1/stratum", "unknown-stratum"),
        ("/rows/2/stratum", "stratum-missing"),
        ("/rows/4/stratum", "unknown-stratum"),
    ]
    names = ["unit", "respondent_token", "outcome", "answer", "stratum"]
    lines = [",".join(names), *(",".join(each.get(n) or "" for n in names) for each in rows)]
    answer = await planned.collector.post(
        planned.path(1, "files") + "?batch_no=F1&mode=partial",
        content="\n".join(lines),
        headers={"content-type": "text/csv"},
    )
    told = answer.json()
    assert (answer.status_code, told["stored"], told["refused"]) == (201, 3, 3), told
    faults = [(e["position"], [f["code"] for f in e["errors"]]) for e in told["refused_rows"]]
    assert faults == [(1, ["unknown-stratum"]), (2, ["stratum-missing"]), (4, ["unknown-stratum"])]

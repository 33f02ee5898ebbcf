"""A wrong batch is withdrawn by who sent it, stays, counts nowhere, and is corrected by another."""

import pytest

WRONG = {"reason": "乡镇编码错位，整批重报。"}


async def withdraw(survey, number, client=None, wave=1):
    path = survey.path(wave, "batches", number, "withdrawal")
    return await (client or survey.collector).post(path, json=WRONG)


async def listed(survey, client=None, query=""):
    answer = await (client or survey.collector).get(survey.path(1, "batches") + query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def completed(survey):
    told = (await survey.office.get(survey.path(1))).json()
    return {each["unit"]: each["completed"] for each in told["units"]}


@pytest.fixture
async def sent(opened, row):
    """Give a survey with two batches, and the respondents of the second one."""
    rows = [row("very_satisfied"), row("fair"), row(None, outcome="refused")]
    assert (await opened.post([row("satisfied")], batch_no="A")).status_code == 201
    assert (await opened.post(rows, batch_no="B")).status_code == 201
    return opened, rows


async def test_a_withdrawn_batch_stays_and_counts_nowhere_and_another_corrects_it(
    service, sent, row, problem
):
    """Planted bugs: count it all the same; refuse its respondents; take its rows for known."""
    survey, rows = sent
    assert await completed(survey) == {"XQ01": 3, "XQ02": 0}
    answer = await withdraw(survey, "B")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["batch_no"], told["accepted"]) == ("B", 3)
    assert told["withdrawal"]["reason"] == WRONG["reason"]
    assert await completed(survey) == {"XQ01": 1, "XQ02": 0}
    assert problem(await withdraw(survey, "B")) == (409, "batch-withdrawn", [])
    assert problem(await survey.post(rows, batch_no="B"))[1] == "batch-exists"
    # The same respondents, about whom they were really asked; one of them said just the same.
    right = [{**rows[0], "unit": "XQ02"}, {**rows[1], "answer": "dissatisfied"}, rows[2]]
    assert (await survey.post(right, batch_no="C")).status_code == 201
    assert await completed(survey) == {"XQ01": 2, "XQ02": 1}
    # What stands is still known: of another batch, and of the one that corrects.
    repeated = problem(await survey.post([right[1]]))
    assert repeated == (
        422,
        "batch-rejected",
        [("/rows/0/respondent_token", "duplicate-respondent")],
    )
    again = await survey.post(right, batch_no="D", query="?mode=partial")
    assert [each["outcome"] for each in again.json()["rows"]] == ["unchanged"] * 3
    page = await listed(survey)
    assert [(each["batch_no"], each["withdrawal"] is None) for each in page["items"]] == [
        ("A", True),
        ("B", False),
        ("C", True),
    ]
    await survey.close()
    found = await service.sql(
        "SELECT score FROM wave_result WHERE cycle_id = $1 ORDER BY unit", survey.cycle_id
    )
    assert [str(each["score"]) for each in found] == ["55.0000", "100.0000"]


async def test_a_withdrawal_while_it_is_stopped_undoes_what_was_attested(
    supervised, bodies, row, problem
):
    """Planted bug: leave what the bodies said of what they examined standing for something else."""
    await supervised.post([row(), row()], batch_no="A")
    await supervised.post([row("very_dissatisfied")], batch_no="B")
    await supervised.stop()
    for body in bodies.values():
        assert (await supervised.attest(body)).status_code == 201
    assert (await withdraw(supervised, "B")).status_code == 201
    refused = await supervised.office.post(supervised.path(1, "closing"))
    assert problem(refused) == (409, "not-attested", [])
    assert refused.json()["missing"] == ["JW01", "ZX01"]
    for body in bodies.values():
        assert (await supervised.attest(body)).status_code == 201
    assert (await supervised.close()).status_code == 201


async def test_nothing_is_withdrawn_from_a_closed_or_voided_wave(sent, problem):
    survey, _ = sent
    await survey.close()
    assert problem(await withdraw(survey, "B")) == (409, "wave-not-running", [])
    assert problem(await withdraw(survey, "Z", wave=2)) == (409, "wave-not-running", [])


async def test_an_unknown_batch_is_not_withdrawn(sent, problem):
    survey, _ = sent
    assert problem(await withdraw(survey, "Z")) == (404, "no-such-batch", [])


@pytest.mark.parametrize(
    ("role", "unit", "reads"),
    [
        ("performance_office", "ZH01", 200),
        ("auditor", None, 200),
        ("survey_centre", "SB", 403),
        ("committee", None, 403),
        ("supervision", "JW01", 403),
        ("assessed_unit", "XQ01", 403),
    ],
)
async def test_only_who_collects_withdraws_and_few_read_the_list(service, sent, role, unit, reads):
    """Planted bug: ask for the role alone."""
    survey, _ = sent
    async with service.caller(role, unit=unit, subject="x", person="x") as client:
        assert (await withdraw(survey, "B", client)).status_code == 403
        assert (await client.get(survey.path(1, "batches"))).status_code == reads


async def test_the_list_comes_in_pages(sent):
    survey, _ = sent
    first = await listed(survey, query="?limit=1")
    assert ([each["batch_no"] for each in first["items"]], first["next"]) == (["A"], "A")
    rest = await listed(survey, query="?limit=1&after=A")
    assert ([each["batch_no"] for each in rest["items"]], rest["next"]) == (["B"], None)


async def test_what_corrects_a_batch_waits_for_its_withdrawal(held, sent):
    """Planted bug: withdraw without holding the wave alone, and what corrects it is refused."""
    survey, rows = sent
    async with held("batch_withdrawal") as start:
        withdrawal = await start(withdraw(survey, "B"))
        correction = await start(survey.post(rows, batch_no="C"))
        assert not correction.done()
    assert [(await task).status_code for task in (withdrawal, correction)] == [201, 201]
    assert await completed(survey) == {"XQ01": 3, "XQ02": 0}

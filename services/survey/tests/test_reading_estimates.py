"""Estimates of a closed wave over HTTP, against sums that are made here by hand."""

from fractions import Fraction
from math import sqrt

import pytest

SCORES = {"very_satisfied": 100, "satisfied": 80, "fair": 60, "dissatisfied": 30}
SAID = {
    ("XQ01", "urban"): ["very_satisfied"] * 120 + ["satisfied"] * 60 + ["fair"] * 20,
    ("XQ01", "rural"): ["satisfied"] * 50 + ["dissatisfied"] * 50,
    ("XQ02", "urban"): ["satisfied"] * 120 + ["fair"] * 80,
    ("XQ02", "rural"): ["very_satisfied"] * 40 + ["satisfied"] * 60,
}
PEOPLE = {
    ("XQ01", "urban"): 4000,
    ("XQ01", "rural"): 6000,
    ("XQ02", "urban"): 500,
    ("XQ02", "rural"): 100,
}
PLAN = [
    {"unit": unit, "stratum": stratum, "quota": 10, "population": people}
    for (unit, stratum), people in PEOPLE.items()
]


def answers(row):
    """Give all rows of a wave; the n-th respondent of a stratum rates both units."""
    return [
        row(answer, unit=unit, stratum=stratum, token=f"{stratum}-respondent-{n:04d}")
        for (unit, stratum), said in SAID.items()
        for n, answer in enumerate(said)
    ]


async def closed(planned, rows, plan=PLAN):
    if plan:
        entered = await planned.office.post(planned.path(1, "plans"), json={"rows": plan})
        assert entered.status_code == 201, entered.text
    assert (await planned.open()).status_code == 201
    posted = await planned.post(rows)
    assert posted.status_code == 201, posted.text
    done = await planned.close()
    assert done.status_code == 201, done.text
    return planned


@pytest.fixture(scope="module")
async def rated(prepare, row):
    """Give a survey whose first wave of 600 answers in strata of known size is closed."""
    return await closed(await prepare("phone"), answers(row))


async def read(survey, what="estimates", client=None, **query):
    answer = await (client or survey.office).get(survey.path(1, what), params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def by_hand(unit):
    """Return the weighted mean of a unit and its variance."""
    strata = [key for key in SAID if key[0] == unit]
    whole = sum(PEOPLE[key] for key in strata)
    mean, variance = Fraction(), Fraction()
    for key in strata:
        n, people = len(SAID[key]), PEOPLE[key]
        values = [Fraction(SCORES[answer]) for answer in SAID[key]]
        middle = sum(values) / n
        spread = sum((value - middle) ** 2 for value in values) / (n - 1)
        mean += people * middle / whole
        variance += Fraction(people, whole) ** 2 * (1 - Fraction(n, people)) * spread / n
    return float(mean), float(variance)


async def test_means_and_errors_are_those_of_strata_of_known_size(rated):
    """Planted bugs: the weights not used; the size of the strata not used."""
    told = await read(rated)
    assert told["confidence"] == "0.95"
    assert told["methods"]["errors"] == "taylor_linearisation"
    for unit, each in zip(("XQ01", "XQ02"), told["units"], strict=True):
        mean, variance = by_hand(unit)
        index, [question] = each["index"], each["questions"]
        assert (each["unit"], each["completed"], each["weighting"]) == (
            unit,
            300,
            "post_stratified",
        )
        assert abs(float(index["value"]) - mean) < 1e-6
        assert abs(float(index["se"]) - sqrt(variance)) < 1e-6
        assert question["mean"]["value"] == index["value"]
        assert question["mean"]["se"] == index["se"]
        assert float(index["low"]) < mean < float(index["high"])
        assert [part["code"] for part in each["strata"]] == ["rural", "urban"]
        assert (index["withheld"], index["error"]) == (None, "estimated")
        assert question["rate"] is None  # the scheme names no satisfied options


def rated_twice(row, otherwise):
    """Give the rows of 80 respondents who say the same of both units, but for some."""
    said = ["very_satisfied", "satisfied", "fair", "dissatisfied"] * 20
    once = [row(each, token=f"respondent-number-{n}") for n, each in enumerate(said)]
    for n in range(0, 4 * otherwise, 4):
        said[n] = "satisfied"
    twice = [row(each, unit="XQ02", token=f"respondent-number-{n}") for n, each in enumerate(said)]
    return [*once, *twice]


@pytest.mark.parametrize("otherwise", [2, 5])
async def test_units_that_the_same_respondents_rated_are_compared_by_how_these_differ(
    planned, row, otherwise
):
    """As a paired t-test has it. 1.25 points are told apart where 5 of 80 say otherwise, and would
    not be between any others (the error would be 4.1 and not 0.54).

    Planted bug: what common respondents have in common left out.
    """
    survey = await closed(planned, rated_twice(row, otherwise), plan=None)
    [comparison] = (await read(survey))["comparisons"]
    assert (comparison["category"], comparison["pairs"]) == ("COUNTY", 1)
    if otherwise == 5:
        assert comparison["not_distinguishable"] == []
        return
    [close] = comparison["not_distinguishable"]
    variance = (otherwise * 400 - 80 * (otherwise / 4) ** 2) / 79
    assert (close["difference"], close["error"]) == ("0.500000", "estimated")
    assert float(close["se"]) == pytest.approx(sqrt(variance / 80), abs=1e-6)
    assert float(close["adjusted_p"]) == pytest.approx(0.1586, abs=1e-4)


async def test_units_within_their_errors_are_named(planned, row):
    rows = [
        row("satisfied" if n % 3 else "fair", unit=unit)
        for unit in ("XQ01", "XQ02")
        for n in range(90 if unit == "XQ01" else 100)
    ]
    survey = await closed(planned, rows, plan=None)
    told = await read(survey)
    [[close]] = [each["not_distinguishable"] for each in told["comparisons"]]
    assert (close["first"], close["second"]) == ("XQ01", "XQ02")
    assert float(close["difference"]) == pytest.approx(73.333333 - 73.2, abs=1e-6)
    assert float(close["adjusted_p"]) > 0.5
    assert {each["weighting"] for each in told["units"]} == {"equal"}


async def test_weights_are_kept_as_they_are_used(rated):
    told = await read(rated, "weighting")
    assert told["plan_version"] == 1
    first = told["units"][0]
    assert (first["method"], first["population"], first["margins"]) == (
        "post_stratified",
        10000,
        ["stratum"],
    )
    assert [(c["stratum"], c["completed"], c["weight"]) for c in first["cells"]] == [
        ("rural", 100, "60.000000000000"),
        ("urban", 200, "20.000000000000"),
    ]


async def test_what_a_plan_tells_and_nobody_answered_leaves_weights_equal_and_says_so(planned, row):
    more = [*PLAN, {"unit": "XQ01", "stratum": "islands", "quota": 5, "population": 50}]
    survey = await closed(planned, answers(row), more)
    first = (await read(survey, "weighting"))["units"][0]
    assert (first["method"], first["refused"]) == ("equal", "margins-disagree")
    assert {cell["weight"] for cell in first["cells"]} == {"1.000000000000"}
    assert (await read(survey))["units"][0]["weighting"] == "equal"


async def test_contacts_are_told_by_their_final_disposition(planned, row):
    """A refusal stands although nobody answered later; a call-back that succeeds is an interview.

    Planted bug: each attempt counted as a respondent.
    """
    first, second = "a-respondent-who-refused", "a-respondent-called-back"
    rows = [
        row(None, outcome="refused", token=first, attempt=1),
        row(None, outcome="no_contact", token=first, attempt=2),
        row(None, outcome="no_contact", token=second, attempt=1),
        row("satisfied", token=second, attempt=2),
        row(None, outcome="ineligible"),
        row(None, outcome="unknown_household"),
    ]
    survey = await closed(planned, rows, [{"unit": "XQ01", "quota": 4, "attempts": 2}])
    told = (await read(survey))["units"][0]["response"]
    assert told["given_up"] == 1  # the household that was called once
    ended = {code: number for code, number in told["dispositions"].items() if number}
    assert ended == {"I": 1, "R": 1, "NE": 1, "UH": 1}
    assert told["eligible_share"] == "0.666667"
    assert (told["rates"]["RR1"], told["rates"]["RR3"]) == ("0.333333", "0.375000")
    assert told["rates"]["COOP1"] == "0.500000"
    empty = (await read(survey))["units"][1]
    assert empty["response"]["given_up"] is None  # no plan
    assert empty["index"] is empty["questions"][0]["mean"] is None
    assert set(empty["response"]["rates"].values()) == {None}


async def over_both_waves(survey, told):
    """Check what is told of two waves in which the same was said: weighed by 0.4 and 0.6."""
    answer = await survey.office.get(f"/api/v1/cycles/{survey.cycle_id}/estimates")
    [found] = answer.json()["surveys"]
    assert (found["code"], found["combine"], found["waves"]) == ("asked", "weighted", [1, 2])
    unit = next(each for each in found["units"] if each["unit"] == "ZF01")
    assert [each["index"] for each in unit["waves"]] == [told["index"]] * 2
    assert (unit["index"]["value"], unit["index"]["sample"]) == ("75.600000", 600)
    expected = float(told["index"]["se"]) * sqrt(0.4**2 + 0.6**2)
    assert float(unit["index"]["se"]) == pytest.approx(expected, abs=1e-6)
    assert unit["response"]["dispositions"]["R"] == 2
    assert [each["response"]["dispositions"]["R"] for each in unit["groups"]] == [0, 2]
    empty = next(each for each in found["units"] if each["unit"] == "DQ01")
    assert (empty["index"], empty["waves"][0]["counted"]) == (None, False)


async def test_over_waves_nothing_is_told_before_all_are_closed(rated, service):
    """Nor to whoever is assessed. Planted bug: tell of those that are closed."""
    path = f"/api/v1/cycles/{rated.cycle_id}/estimates"
    [survey] = (await rated.office.get(path)).json()["surveys"]
    assert (survey["waves"], survey["units"]) == ([1], [])
    for role, unit in ("survey_centre", "SC"), ("second_body", "JW01"), ("assessed_unit", "XQ01"):
        async with service.caller(role, unit=unit) as client:
            assert (await client.get(path)).status_code == 403


async def test_questions_groups_and_rates_stand_beside_each_other(service, asked, row):
    """Wilson's interval around the rate; the index weighs questions and groups as the score."""

    def said(attitude, effect, group, **more):
        given = {"met": "yes", "attitude": attitude, "effect": effect} | more
        return row(None, unit="ZF01", group=group) | {"answers": given}

    rows = [said("good", "good", "recipients") for _ in range(110)]
    rows += [said("good", "poor", "recipients", advice="fair") for _ in range(40)]
    rows += [said("fair", "good", "recipients") for _ in range(50)]
    rows += [said("fair", "poor", "deputies", advice="fair") for _ in range(40)]
    rows += [said("dont_know", "good", "deputies") for _ in range(60)]
    rows += [row(None, unit="ZF01", group="deputies", outcome="refused")]
    for wave in (1, 2):
        if wave == 2:
            # The other wave may be of three, and the mean of both told.
            assert (await read(asked))["units"][1]["index"]["withheld"] == "leads_to_few"
            await asked.open(2)
        assert (await asked.post(rows, wave=wave)).status_code == 201
        assert (await asked.close(wave)).status_code == 201
    told = next(e for e in (await read(asked))["units"] if e["unit"] == "ZF01")
    attitude = told["questions"][1]
    assert attitude["question"] == "attitude"
    assert attitude["rate"]["value"] == "0.625000"
    assert attitude["rate"]["sample"] == 240
    assert attitude["rate"]["effective"] == "240.200837"  # 240 × 240 × 299 / (300 × 239): a domain
    groups = {each["code"]: each["questions"][1] for each in told["groups"]}
    refused = [each["response"]["dispositions"]["R"] for each in told["groups"]]
    assert (refused, told["response"]["dispositions"]["R"]) == ([0, 1], 1)
    assert [each["completed"] for each in told["groups"]] == [200, 100]
    assert told["groups"][1]["response"]["rates"]["RR1"] == "0.990099"
    assert groups["recipients"]["mean"]["value"] == "90.000000"
    assert groups["deputies"]["rate"]["value"] == "0.000000"
    assert groups["deputies"]["rate"]["low"] == "0.000000"
    assert float(groups["deputies"]["rate"]["high"]) == pytest.approx(0.0876216, abs=1e-6)
    # 0.6 × (0.6 × 90 + 0.4 × 80) + 0.4 × (0.6 × 60 + 0.4 × 60)
    assert told["index"]["value"] == "75.600000"
    await over_both_waves(asked, told)
    met = told["questions"][0]["mean"]  # all said yes
    assert (met["value"], met["sample"], met["withheld"]) == (None, None, "leads_to_few")
    [scored] = await service.sql(
        "SELECT score FROM wave_result WHERE cycle_id = $1 AND unit = 'ZF01' AND wave = 1",
        asked.cycle_id,
    )
    assert float(scored["score"]) == 75.6


async def test_clusters_widen_the_error(planned, row):
    """Planted bug: clusters ignored. Respondents of a village answer alike."""
    rows = [
        row(answer, cluster=f"village-{place}")
        for place, answer in enumerate(["very_satisfied", "fair", "satisfied", "dissatisfied"])
        for _ in range(10)
    ]
    survey = await closed(planned, rows, plan=None)
    told = (await read(survey))["units"][0]
    assert told["clustered"] is True
    assert float(told["questions"][0]["mean"]["deff"]) == pytest.approx(13, abs=1e-6)
    assert float(told["index"]["se"]) == pytest.approx(sqrt(2675 / 3) / 2, abs=1e-6)


async def test_what_would_lead_to_the_answers_of_few_is_withheld_by_name(planned, row):
    """Of 29 answers nothing; where five were worth nothing the error would lead to them, and
    what it could be at most is told. Planted bug: leave the gate out."""
    rows = [row("fair" if n % 2 else "satisfied", unit="XQ02") for n in range(29)]
    given = {"very_satisfied": 300, "satisfied": 80, "fair": 10, "dissatisfied": 5}
    said = [option for option, count in given.items() for _ in range(count)]
    rows += [row(option) for option in [*said, *["very_dissatisfied"] * 5]]
    told = await read(await closed(planned, rows, plan=None))
    large, few = told["units"]
    for part in few["index"], few["questions"][0]["mean"]:
        assert (part["withheld"], part["sample"]) == ("fewer_than_30", 29)
        assert {each for key, each in part.items() if key not in ("withheld", "sample")} == {None}
    index = large["index"]
    assert (index["value"], index["error"], index["withheld"]) == ("92.875000", "at_most", None)
    # As if all had been worth 100 or nothing: the least and the greatest score.
    assert float(index["se"]) == pytest.approx(sqrt(92.875 * 7.125 / 399), abs=1e-6)
    assert index["deff"] is None
    assert told["comparisons"][0]["pairs"] == 0
    await planned.open(2)
    twice = ["satisfied"] * 200 + ["fair"] * 200
    await planned.post([row(each, unit=unit) for unit in ("XQ01", "XQ02") for each in twice], 2)
    await planned.close(2)
    told = (await planned.office.get(f"/api/v1/cycles/{planned.cycle_id}/estimates")).json()
    one, other = told["surveys"][0]["units"]
    assert (one["index"]["value"], one["index"]["error"]) == ("81.437500", "at_most")
    # The first wave of the other has too few: it is told as the second alone.
    assert [each["counted"] for each in other["waves"]] == [False, True]
    assert other["waves"][1]["index"]["withheld"] == other["index"]["withheld"] == "leads_to_few"


async def test_where_a_stratum_is_of_few_neither_is_told_nor_the_weighted_mean(planned, row):
    """With the mean of all it would be the rest. Planted bug: judge each stratum by itself."""
    rows = [row(each, stratum="urban") for each in ["satisfied", "fair"] * 40]
    rows += [row(each, stratum="rural") for each in ["satisfied", "fair"] * 10]
    told = (await read(await closed(planned, rows, PLAN[:2])))["units"][0]
    assert told["weighting"] == "post_stratified"
    parts = [(each["completed"], each["questions"][0]["mean"]) for each in told["strata"]]
    assert [(number, mean["withheld"], mean["value"]) for number, mean in parts] == [
        (20, "leads_to_few", None),
        (80, "leads_to_few", None),
    ]
    assert (told["index"]["withheld"], told["index"]["value"]) == ("leads_to_few", None)


async def test_a_wave_is_estimated_in_a_bounded_number_of_statements(rated, service):
    """Whatever the number of answers and units; three of them put it on record that somebody read.

    Planted bug: a statement for each unit.
    """
    await read(rated)
    with service.statements() as all_units:
        await read(rated)
    with service.statements() as one_unit:
        await read(rated, unit="XQ01")
    assert len(all_units) <= 16, all_units
    assert len(one_unit) <= 15, one_unit


async def test_one_unit_is_read_alone_and_compared_with_nobody(rated):
    told = await read(rated, unit="XQ02")
    assert [each["unit"] for each in told["units"]] == ["XQ02"]
    assert told["comparisons"] == []
    assert told["units"][0] == (await read(rated))["units"][1]


async def test_of_a_wave_that_is_not_closed_nothing_is_estimated(planned, row, problem):
    await planned.open()
    await planned.post(answers(row))
    for what in "estimates", "weighting":
        answer = await planned.office.get(planned.path(1, what))
        assert problem(answer)[:2] == (409, "wave-not-closed")


async def test_whoever_is_assessed_with_them_reads_of_none_of_them(rated, service):
    """Planted bug: the comparison of the own category told to a member of the committee."""
    survey = rated
    async with service.caller("committee", unit="XQ01") as own:
        told = await read(survey, client=own)
        weighting = await read(survey, "weighting", client=own)
    assert told["units"] == told["comparisons"] == weighting["units"] == []
    async with service.caller("committee", unit="YQ01") as other:
        assert len((await read(survey, client=other))["comparisons"]) == 1
    for role, unit in ("survey_centre", "SC"), ("second_body", "JW01"), ("assessed_unit", "XQ01"):
        async with service.caller(role, unit=unit) as client:
            for what in "estimates", "weighting":
                assert (await client.get(survey.path(1, what))).status_code == 403


async def test_a_wave_closes_and_is_read_in_as_many_statements_however_many_answered(
    prepare, row, service
):
    """Planted bug: the units of a wave are counted one by one, or its answers read row by row."""
    asked = []
    for number in (40, 640):
        planned = await prepare("phone")
        assert (await planned.open()).status_code == 201
        said = [row("satisfied", token=f"respondent-number-{n}") for n in range(number)]
        assert (await planned.post(said)).status_code == 201
        with service.statements() as closing:
            assert (await planned.close()).status_code == 201
        with service.statements() as reading:
            await read(planned, unit="XQ01")
        asked.append((len(closing), len(reading)))
    assert asked[0] == asked[1]

"""What closed waves say, read as one document."""

import hashlib
import json
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from chassis import journal
from service_testing.elsewhere import count_codes, with_codes

EXAMPLE = Path(__file__).parents[3] / "examples" / "yunchuan-2025"
COUNTY = yaml.load((EXAMPLE / "county-year.yaml").read_text("utf-8"), yaml.CBaseLoader)  # noqa: S506


def rows_of(row, counts, unit="XQ01"):
    """Return one row per contact, for the counts of the reference city's year."""
    words = COUNTY["inputs"]["survey_option_order"]
    for word, count in zip(words, map(int, counts), strict=True):
        refused = word == "refused"
        for _ in range(count):
            outcome, answer = ("refused", None) if refused else ("completed", word)
            yield row(answer, unit=unit, outcome=outcome)


def wave_score(wave, sample, score):
    return {
        "wave": wave,
        "valid_sample": sample,
        "required": 400,
        "score": score,
        "insufficient": sample < 400,
    }


def undecided(wave, sample, required=400):
    return {
        "wave": wave,
        "valid_sample": sample,
        "required": required,
        "was_voided": False,
        "treatment": None,
        "decision": None,
        "document_no": None,
    }


async def test_a_year_of_the_reference_city_comes_out_digit_for_digit(planned, row):
    expected = COUNTY["expected"][0]
    for wave, counts in enumerate(COUNTY["inputs"]["survey_waves"][0], start=1):
        await planned.open(wave)
        rows = list(rows_of(row, counts))
        for start in range(0, len(rows), 500):
            assert (await planned.post(rows[start : start + 500], wave)).status_code == 201
        await planned.close(wave)
    told = (await planned.satisfaction()).json()
    first, second = expected["wave_scores"]
    assert told["surveys"] == [
        {
            "code": "phone",
            "voided": 0,
            "units": [
                {
                    "unit": "XQ01",
                    "waves": [
                        wave_score(1, 428, first),
                        wave_score(2, 428, second),
                    ],
                    "standing": "settled",
                    "below_minimum": [],
                    "questionnaires_differ": False,
                    "satisfaction": expected["satisfaction"],
                    "all_counted": expected["satisfaction"],
                },
                {
                    "unit": "XQ02",
                    "waves": [
                        wave_score(1, 0, None),
                        wave_score(2, 0, None),
                    ],
                    "standing": "below_minimum",
                    "below_minimum": [undecided(1, 0), undecided(2, 0)],
                    "questionnaires_differ": False,
                    "satisfaction": None,
                    "all_counted": None,
                },
            ],
        }
    ]
    told_again = json.dumps(told["surveys"], sort_keys=True, separators=(",", ":"))
    assert told["digest"] == hashlib.sha256(told_again.encode()).hexdigest()


async def test_only_closed_waves_are_told_and_the_mean_waits_for_all(opened, row):
    async def of_first_unit():
        (survey,) = (await opened.satisfaction()).json()["surveys"]
        unit = survey["units"][0]
        return [wave["score"] for wave in unit["waves"]], unit["all_counted"]

    await opened.post([row("satisfied") for _ in range(30)])
    assert await of_first_unit() == ([], None)
    await opened.close()
    assert await of_first_unit() == (["80.0000"], None)
    await opened.open(2)
    await opened.post([row(each) for each in ["fair", "dissatisfied"] * 15], wave=2)
    assert await of_first_unit() == (["80.0000"], None)
    await opened.close(2)
    assert await of_first_unit() == (["80.0000", "45.0000"], "62.5000")


async def test_groups_are_weighted_and_a_silent_group_leaves_its_weight(forms, row):
    await forms.post(
        [
            row("very_satisfied", unit="YQ01", group="recipients"),
            row("fair", unit="YQ01", group="deputies"),
            row("fair", unit="DQ01", group="deputies"),
            row("dont_know", unit="DQ01", group="recipients"),
        ]
    )
    await forms.close()
    (survey,) = (await forms.satisfaction()).json()["surveys"]
    assert [
        (u["unit"], u["satisfaction"], u["all_counted"], u["standing"]) for u in survey["units"]
    ] == [
        ("DQ01", None, None, "below_minimum"),
        ("YQ01", "84.0000", "84.0000", "settled"),
    ]


async def test_the_document_is_not_sent_again_to_who_has_it(opened, row):
    first = await opened.satisfaction()
    etag = {"If-None-Match": first.headers["etag"]}
    assert (await opened.satisfaction(headers=etag)).status_code == 304
    await opened.post([row()])
    assert (await opened.satisfaction(headers=etag)).status_code == 304
    await opened.close()
    assert (await opened.satisfaction(headers=etag)).status_code == 200


async def test_a_cycle_without_surveys_has_an_empty_document(office):
    answer = await office.get(f"/api/v1/cycles/{uuid4()}/satisfaction")
    assert answer.json()["surveys"] == []


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("performance_office", 200),
        ("committee", 200),
        ("standing_committee", 200),
        ("auditor", 200),
        ("survey_centre", 403),
        ("assessed_unit", 403),
    ],
)
async def test_satisfaction_is_shown_to_those_of_the_matrix(service, opened, role, status):
    async with service.caller(role, unit="SC") as client:
        answer = await client.get(f"/api/v1/cycles/{opened.cycle_id}/satisfaction")
    assert answer.status_code == status


@pytest.mark.parametrize("role", ["committee", "standing_committee"])
async def test_who_decides_reads_nothing_of_the_own_category(service, planned, role):
    """Planted bugs: leave out the own unit alone; give the digest of all, by which what was left
    out can be guessed."""
    whole = (await planned.satisfaction()).json()
    path = f"/api/v1/cycles/{planned.cycle_id}/satisfaction"
    for unit, seen in (("XQ01", []), ("YQ01", ["XQ01", "XQ02"]), (None, ["XQ01", "XQ02"])):
        async with service.caller(role, unit=unit) as caller:
            told = (await caller.get(path)).json()
        assert [each["unit"] for each in told["surveys"][0]["units"]] == seen
        assert told["digest"] == journal.sha256(told["surveys"])
        assert (told["digest"] == whole["digest"]) == (unit != "XQ01")


@pytest.mark.parametrize(
    ("unit", "seen"),
    [("B-COUNTY", ["XQ01", "XQ02"]), ("B-PARK", []), ("XQ01", None), (None, None)],
)
async def test_an_organiser_reads_the_units_of_its_category(service, planned, unit, seen):
    """Planted bugs: the role alone lets them read; the digest is of all units."""
    path = f"/api/v1/cycles/{planned.cycle_id}/satisfaction"
    async with service.caller("organiser", unit=unit) as caller:
        answer = await caller.get(path)
    if seen is None:
        assert answer.status_code == 403
        return
    told = answer.json()
    assert [each["unit"] for each in told["surveys"][0]["units"]] == seen
    assert told["digest"] == journal.sha256(told["surveys"])


async def test_a_second_body_that_the_scheme_does_not_name_learns_nothing(service, planned):
    """Planted bug: the digest of all units, by which what is left out can be guessed."""
    whole = (await planned.satisfaction()).json()
    async with service.caller("second_body", unit="YQ01") as caller:
        path = f"/api/v1/cycles/{planned.cycle_id}/satisfaction"
        told = (await caller.get(path)).json()
    assert told["surveys"][0]["units"] == []
    assert told["digest"] != whole["digest"]


async def test_satisfaction_is_told_with_the_codes_of_another_system_beside_ours(opened, office):
    """Planted bugs: today's codes instead of those of the year's last day; a document that was kept
    without codes."""
    path = f"/api/v1/cycles/{opened.cycle_id}/satisfaction"
    plain = await office.get(path)
    told = await office.get(path, params={"id_scheme": "hr"})
    assert told.json() == with_codes(plain.json(), {"unit": {"XQ01": "9001"}})
    assert count_codes(told.json()) == 1
    ours = await office.get(path, params={"id_scheme": "other"})
    assert {each["unit"] == each["unit_in_scheme"] for each in ours.json()["surveys"][0]["units"]}
    assert len({each.headers["etag"] for each in (plain, told, ours)}) == 3
    again = await office.get(
        path, params={"id_scheme": "hr"}, headers={"If-None-Match": told.headers["etag"]}
    )
    assert again.status_code == 304
    strange = await office.get(path, params={"id_scheme": "none"})
    assert (strange.status_code, strange.json()["type"]) == (422, "id-scheme-unknown")

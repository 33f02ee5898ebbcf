"""Self-evaluations: handed in by the unit, compared with the record once, never counted."""

import datetime as dt
from decimal import Decimal

import pytest

from scoring.rules.self_evaluations.rounds import (
    Earned,
    SelfMark,
    check_hand_in,
    compared,
    mark_faults,
    shortcomings,
)

HERE = "self-evaluations"


def in_days(days: int) -> str:
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)).isoformat()


def test_a_gap_counts_to_either_side_above_the_tolerance_and_not_where_others_have_a_part():
    """Planted bugs: only what is marked too high; the tolerance itself taken for too much; an event
    for what the unit may not know."""
    earned = [
        Earned(code, Decimal(10), Decimal(7), code == "S")
        for code in ("HIGH", "LOW", "JUST", "NONE", "S")
    ]
    marks = {"HIGH": "8.1", "LOW": "5.9", "JUST": "8", "S": "10"}
    found = compared(earned, {c: Decimal(m) for c, m in marks.items()}, Decimal("0.1"))
    assert [(each.indicator, each.over) for each in found] == [
        ("HIGH", True), ("LOW", True), ("JUST", False), ("NONE", False), ("S", False),
    ]  # fmt: skip
    assert [each.gap for each in found] == [Decimal(n) for n in ("1.1", "-1.1", "1")] + [
        None,
        Decimal(3),
    ]
    short = shortcomings("H", "U", found, late=True)
    assert {each.what: each.number for each in short} == {"late": 1, "unanswered": 1, "gap": 2}
    assert len({each.key for each in short}) == 3
    assert shortcomings("H", "U", found[2:3], late=False) == []


@pytest.mark.parametrize(
    ("marks", "codes"),
    [
        ([("A", "5"), ("B", "0")], []),
        ([("A", "5.0001")], ["above-the-points"]),
        ([("C", "1")], ["not-asked"]),
        ([("A", "1"), ("A", "2")], ["named-twice"]),
    ],
)
def test_self_marks_are_of_what_is_asked_and_no_more_than_its_points(marks, codes):
    """Planted bugs: more than there is to have; one indicator twice."""
    points = {"A": Decimal(5), "B": Decimal(5)}
    given = [SelfMark(code, Decimal(mark), "") for code, mark in marks]
    assert [each.code for each in mark_faults(given, points)] == codes


@pytest.mark.parametrize(
    ("writers", "handed_in", "signed", "code"),
    [
        ({"b"}, False, True, None),
        ({"a"}, False, False, None),
        ({"A"}, False, True, "OwnSelfMarks"),
        ({"b", "a"}, False, True, "OwnSelfMarks"),
        ({"b"}, True, True, "HandedInBefore"),
        (set(), False, False, "NothingToHandIn"),
    ],
)
def test_it_is_handed_in_once_and_by_a_second_person_where_that_is_signed(
    writers, handed_in, signed, code
):
    """Planted bugs: accounts compared; of several writers the last one alone."""
    found = None
    try:
        check_hand_in(writers, "a", handed_in=handed_in, signed=signed)
    except Exception as refused:
        found = type(refused).__name__
    assert found == code


# Over HTTP

EVENTS = {"late": "self_late", "unanswered": "self_unanswered", "gap": "self_gap"}


def with_rounds(document, until, **policy):
    """The scheme of the example with a round, whose costs are events of C15."""

    def indicator(each):
        if each["code"] != "C15":
            return each
        costs = dict.fromkeys(EVENTS.values(), "0.01")
        return each | {"params": {"per_event": costs}, "frequency": "per_event"}

    county, *rest = document["categories"]
    blocks = [
        each | {"indicators": [indicator(one) for one in each["indicators"]]}
        for each in county["blocks"]
    ]
    rounds = [{"code": "HALF", "name": "上半年自评", "until": until}]
    told = {"rounds": rounds, "indicator": "C15", "tolerance": "0.1"} | EVENTS | policy
    categories = [county | {"blocks": blocks}, *rest]
    return document | {"categories": categories, "self_evaluations": told}


@pytest.fixture
def year(new_cycle, others, document):
    """A cycle with a round that is still on, and what one unit has in C01."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = with_rounds(document, in_days(3))
    return cycle


def end(year, others, document, **policy):
    others.schemes[year.cycle_id] = with_rounds(document, in_days(-3), **policy)


def unit(year, code="XQ01", **who):
    return year.caller("assessed_unit", unit=code, **who)


def marks(*given):
    named = [dict(zip(("indicator", "mark"), each, strict=True)) for each in given]
    return {"marks": [each | {"text": "对照目标自评"} for each in named]}


async def give(year, *given, by=None, status=201):
    answer = await year.post(by or unit(year), f"{HERE}/HALF/marks", marks(*given))
    assert answer.status_code == status, answer.text
    return answer.json()


async def hand_in(year, by=None, status=201):
    answer = await year.post(by or unit(year), f"{HERE}/HALF/hand-in", None)
    assert answer.status_code == status, answer.text
    return answer.json()


async def read(year, code="XQ01", by=None):
    answer = await (by or year.office).get(f"{year.path}/{HERE}/HALF/units/{code}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def compare(year, status=201):
    answer = await year.post(year.office, f"{HERE}/HALF/comparison", None)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_the_last_self_mark_stands_until_it_is_handed_in(year):
    """Planted bugs: the first one kept; marks taken after the hand-in."""
    told = await give(year, ("C01", "3"), ("C02", "1"))
    assert told["count"] == 2
    assert {"C01", "C02"}.isdisjoint(told["unanswered"])
    await give(year, ("C01", "2.5"))
    found = {each["indicator"]: each for each in (await read(year))["marks"]}
    assert (found["C01"]["mark"], found["C01"]["earned"]) == ("2.5", None)
    done = await hand_in(year)
    assert (done["late"], "C02" in done["unanswered"]) == (False, False)
    assert (await give(year, ("C01", "1"), status=409))["type"] == "handed-in-before"
    assert (await hand_in(year, status=409))["type"] == "handed-in-before"
    assert (await compare(year, status=409))["type"] == "round-not-over"


async def test_it_is_compared_once_with_results_so_far_and_costs_what_the_scheme_says(
    year, others, document
):
    """Planted bugs: compare with points; let marks that were not handed in count as given, in what
    it costs or in the list; enter the events again; leave out who handed in nothing."""
    await give(year, ("C01", "0"), ("C03", "4"))
    await hand_in(year)
    await give(year, ("C01", "0"), by=unit(year, "XQ02"))
    end(year, others, document)
    late = unit(year, "XQ03")
    await give(year, ("C01", "0"), by=late)
    assert (await hand_in(year, by=late))["late"] is True
    so_far = await year.office.get(f"{year.path}/stage-results/current?category=COUNTY")
    told = await compare(year)
    assert (await compare(year, status=409))["type"] == "round-compared"
    assert (await give(year, ("C01", "1"), by=unit(year, "XQ04"), status=409))["type"] == (
        "round-compared"
    )
    results = {each["unit"]: each["indicators"] for each in so_far.json()["units"]}
    shown = {each["indicator"]: each for each in (await read(year))["marks"]}
    earned = {each["indicator"]: Decimal(each["earned"]) for each in results["XQ01"]}
    assert {code: Decimal(each["earned"]) for code, each in shown.items()} == earned
    assert Decimal(shown["C03"]["gap"]) == 4 - earned["C03"]
    assert (told["handed_in"], told["units"]) == (2, told["short"]["late"] + 1)
    rounds = (await year.office.get(f"{year.path}/{HERE}")).json()["rounds"]
    [half] = [each["units"] for each in rounds if each["round_code"] == "HALF"]
    answered = {each["unit"]: each["answered"] for each in half}
    assert [answered[each] for each in ("XQ01", "XQ02", "XQ03")] == [2, 0, 1]
    entries = (await year.office.get(f"{year.path}/ledger-entries?limit=200")).json()["items"]
    found = {(each["unit"], each["key"]): each["value"] for each in entries}
    asked = len(results["XQ01"])
    assert ("XQ01", "self_late") not in found
    assert found["XQ01", "self_unanswered"] == str(asked - 2)
    assert found["XQ02", "self_late"] == found["XQ03", "self_late"] == "1"
    assert found["XQ02", "self_unanswered"] == str(len(results["XQ02"]))
    assert told["entered"] == len(entries)
    answer = await year.post(year.office, "ledger-entries/verification", {"all_submitted": True})
    assert answer.json()["count"] == 0  # whoever compared verifies none of it
    answer = await year.post(year.colleague, "ledger-entries/verification", {"all_submitted": True})
    assert answer.json()["count"] == len(entries)


async def test_a_self_mark_never_enters_a_score(year, others, document):
    """Planted bug: take the self mark where nothing was entered."""

    async def so_far():
        answer = await year.office.get(f"{year.path}/stage-results/current?unit=XQ01")
        return answer.json()["units"]

    before = await so_far()
    await give(year, *((each["indicator"], "1") for each in before[0]["indicators"]))
    await hand_in(year)
    assert await so_far() == before
    end(year, others, document, indicator=None, tolerance="0", **dict.fromkeys(EVENTS))
    assert (await compare(year))["entered"] == 0
    assert await so_far() == before


async def test_a_unit_reads_its_own_and_nothing_in_which_others_have_a_part(year, others, document):
    """Planted bugs: another's read by its code; a gap of a survey told to the unit."""
    await give(year, ("C01", "0"))
    await hand_in(year)
    own, other = unit(year), unit(year, "XQ02")
    assert (await other.get(f"{year.path}/{HERE}/HALF/units/XQ01")).status_code == 404
    for each in (year.source("ZH02"), year.caller("survey_centre")):
        assert (await each.get(f"{year.path}/{HERE}")).status_code == 403
    end(year, others, document)
    await compare(year)
    listed = (await other.get(f"{year.path}/{HERE}")).json()["rounds"][0]["units"]
    assert [each["unit"] for each in listed] == ["XQ02"]
    whole, mine = await read(year), await read(year, by=own)
    hidden = [each for each in mine["marks"] if each["withheld"]]
    assert hidden
    assert all(each["earned"] is each["gap"] is each["over"] is None for each in hidden)
    assert all(each["earned"] is not None for each in whole["marks"])
    everyone = (await year.office.get(f"{year.path}/{HERE}")).json()["rounds"][0]["units"]
    assert len(everyone) > 100
    assert next(each for each in everyone if each["unit"] == "XQ02") == listed[0]


async def test_what_became_of_a_withheld_indicator_moves_nothing_that_its_unit_is_told(
    year, others, document
):
    """Points of a panel that has not marked go to its siblings: to the office alone.

    Planted bug: tell the unit what is earned where points have moved.
    """
    county, *rest = document["categories"]
    blocks = [
        block
        | {
            "indicators": [
                each | ({"missing": "skip"} if each["code"] == "C12" else {})
                for each in block["indicators"]
            ]
        }
        for block in county["blocks"]
    ]
    moving = document | {"categories": [county | {"blocks": blocks}, *rest]}
    value = {"unit": "XQ01", "indicator": "C01", "kind": "measured_value", "key": "actual"}
    await year.enter(value | {"value": "104"})
    await year.verify(all_submitted=True)
    end(year, others, moving)
    answer = await unit(year).get(f"{year.path}/stage-results/current")
    own = {each["indicator"]: each for each in answer.json()["units"][0]["indicators"]}
    answer = await year.office.get(f"{year.path}/stage-results/current?unit=XQ01")
    [whole] = answer.json()["units"]
    moved = {each["indicator"]: each["points"] for each in whole["indicators"]}
    assert moved["C01"] != own["C01"]["points"]
    await compare(year)
    told = {each["indicator"]: each for each in (await read(year, by=unit(year)))["marks"]}
    assert own["C12"]["withheld"] is told["C12"]["withheld"] is True
    for code, each in own.items():
        if not each["withheld"]:
            shown = told[code]
            assert (shown["points"], shown["earned"]) == (each["points"], each["earned"]), code


async def test_what_cannot_be_taken_is_named(year, others, document):
    told = await give(year, ("C01", "900"), ("NONE", "1"), status=422)
    assert {(each["pointer"], each["code"]) for each in told["errors"]} == {
        ("/marks/0/mark", "above-the-points"),
        ("/marks/1/indicator", "not-asked"),
    }
    assert (await hand_in(year, status=409))["type"] == "nothing-to-hand-in"
    answer = await year.post(unit(year), f"{HERE}/NONE/hand-in", None)
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-round")
    # Where the scheme signs, a second person hands in.
    scheme = with_rounds(document, in_days(3)) | {"duties": {"signed_off": True}}
    others.schemes[year.cycle_id] = scheme
    await give(year, ("C01", "1"))
    assert (await hand_in(year, status=403))["type"] == "own-self-marks"
    await hand_in(year, by=unit(year, subject="second"))


async def test_files_are_named_that_the_unit_may_read(year):
    """Planted bug: name a file of another unit."""
    asking = {
        "content": b"a report\n",
        "headers": {"Content-Type": "text/plain", "Idempotency-Key": "one-file-of-a-report"},
        "params": {"name": "总结.txt"},
    }
    answer = await unit(year, "XQ02").post(f"{year.path}/evidence", **asking)
    assert answer.status_code == 201, answer.text
    body = marks(("C01", "1"))
    body["marks"][0]["evidence_ids"] = [answer.json()["evidence_id"]]
    refused = await year.post(unit(year), f"{HERE}/HALF/marks", body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/marks/0/evidence_ids/0"
    own = await year.post(unit(year, "XQ02"), f"{HERE}/HALF/marks", body)
    assert own.status_code == 201, own.text


async def test_rounds_that_nobody_compared_are_named_before_the_seal(year, others, document):
    """Planted bug: name a round that was compared."""

    async def left():
        answer = await year.post(year.office, "ledger/seal?mode=check", {})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        return told["uncompared_rounds"], told["left_open"].get("uncompared_rounds")

    assert await left() == (["HALF"], 1)
    refused = await year.post(year.office, "ledger/seal", {})
    assert [refused.status_code, refused.json()["type"]] == [409, "seal-unseen"]
    end(year, others, document, indicator=None)
    await compare(year)
    assert await left() == ([], None)


async def test_tasks_name_what_is_to_be_done_of_a_round(year, others, document):
    """Planted bug: a round without the day until which its marks are given."""

    async def kinds(client):
        answer = await client.get(f"{year.path}/tasks/scoring")
        told = [each for each in answer.json()["tasks"] if "self" in each["kind"]]
        for each in told:
            wanted = None if each["kind"].startswith("compare") else each["about"]["until"]
            assert each["deadline"] == wanted, each
        return {each["kind"] for each in told}

    assert await kinds(unit(year)) == {"give-self-marks"}
    assert await kinds(year.office) == set()
    await give(year, ("C01", "1"))
    assert await kinds(unit(year)) == {"give-self-marks", "hand-in-self-evaluation"}
    await hand_in(year)
    assert await kinds(unit(year)) == set()
    end(year, others, document)
    assert await kinds(year.office) == {"compare-self-evaluations"}
    await compare(year)
    assert await kinds(year.office) == set()

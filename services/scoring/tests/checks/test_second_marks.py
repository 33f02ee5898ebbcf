"""A share is marked twice, by somebody who does not know the first mark until both are in."""

import hashlib
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest

from scoring.rules.checks.second import Agreement, Mark, agreement_of, gap_of, is_marked_twice
from scoring.rules.scheme.document import SecondMarking

from .test_draws import AHEAD, draw, fix, listed
from .test_findings import found, own, say, verifier
from .test_overstatements import costing, value
from .test_teams import name, reviewer


def mark(value=None, word=None, verdict="differs"):
    return Mark(verdict, None if value is None else Decimal(value), word)


RIGHT, WAS = mark(verdict="right"), mark("100")


@pytest.mark.parametrize(
    ("one", "other", "recorded", "gap"),
    [
        (mark("80"), mark("100"), WAS, Fraction(1, 5)),
        (mark("100"), mark("80"), WAS, Fraction(1, 5)),
        (RIGHT, mark("95"), WAS, Fraction(1, 20)),
        (RIGHT, RIGHT, WAS, Fraction(0)),
        (mark("0"), mark("0"), WAS, Fraction(0)),
        (mark("-5"), mark("5"), WAS, Fraction(2)),
        (mark(word="A"), RIGHT, mark(word="A"), Fraction(0)),
        (mark(word="B"), RIGHT, mark(word="A"), Fraction(1)),
    ],
)
def test_a_gap_is_a_share_of_the_greater_and_a_word_differs_wholly(one, other, recorded, gap):
    """Planted bugs: a share of the first; `right` taken as no value; division by zero."""
    assert gap_of(one, other, recorded) == gap


def test_agreement_is_the_mean_gap_and_the_share_within_the_tolerance():
    """Planted bugs: a mean over those beyond the tolerance; zero where there are no pairs."""
    assert agreement_of([]) == Agreement(0, None, None)
    pairs = [(Decimal("0.1"), True), (Decimal("0.3"), False), (Decimal(0), True)]
    assert agreement_of(pairs) == Agreement(3, Decimal("0.1333"), Decimal("0.6667"))


def test_whoever_has_the_seed_knows_what_is_marked_twice():
    """Planted bugs: another order of seed and word; the share not looked at."""
    ids = [UUID(int=n) for n in range(400)]
    seed, policy = "03 07 12", SecondMarking(Decimal("0.25"))
    chosen = [each for each in ids if is_marked_twice(policy, seed, each)]
    for each in ids:
        told = hashlib.sha256(f"{seed}|second|{each}".encode()).hexdigest()[:8]
        assert (each in chosen) == (told < "40000000")
    assert 60 < len(chosen) < 140
    assert all(is_marked_twice(SecondMarking(Decimal(1)), seed, each) for each in ids)
    assert not is_marked_twice(None, seed, ids[0])


# Over HTTP


@pytest.fixture
async def checked(new_cycle, others, document):
    """A cycle whose spot check is marked twice wholly; 甲 and 乙 check a drawn unit."""
    cycle = new_cycle()
    costing(others, cycle, document, zone="Etc/GMT+12")
    units = document["categories"][0]["units"]
    await cycle.enter(*(value(unit, "100") for unit in units))
    await cycle.verify(verifier(cycle), all_submitted=True)
    assert (await fix(cycle)).status_code == 201
    costing(others, cycle, document, zone=AHEAD)
    twice = {"second_marking": {"share": "1", "tolerance": "0.05"}}
    others.schemes[cycle.cycle_id]["checks"][1] |= twice
    assert (await draw(cycle)).status_code == 201
    unit = (await listed(cycle))["SPOT"]["drawn_units"][0]
    team = [{"person": each} for each in ("甲", "乙", "丙")]
    assert (await name(cycle, unit, *team)).status_code == 201
    sheet = await reviewer(cycle, "甲").get(f"{cycle.path}/checks/SPOT/sheets/{unit}")
    return cycle, unit, [each["entry_id"] for each in sheet.json()["items"]]


async def again(checked, who, number, client=None):
    cycle, unit, (entry,) = checked
    told = {"unit": unit, "entry_id": entry, "verdict": "differs", "value": number, "text": "复核"}
    return await cycle.post(client or reviewer(cycle, who), "checks/SPOT/second-marks", told)


async def kinds(client, cycle):
    answer = await client.get(f"{cycle.path}/tasks/scoring")
    return {each["kind"] for each in answer.json()["tasks"]}


async def test_nobody_who_marks_again_knows_the_first_mark_until_his_own_is_in(checked):
    """Planted bugs: the list tells a team what waits; the task names the finding; decided before;
    a second mark by the first person; a third mark."""
    cycle, unit, (entry,) = checked
    finding = await found(checked, entry, verdict="differs", value="80", text="密")
    path = f"{cycle.path}/checks/SPOT/findings"
    for who in ("乙", "丙"):
        mate = reviewer(cycle, who)
        assert (await mate.get(path)).json()["items"] == []
        assert "mark-entries-again" in await kinds(mate, cycle)
        for where in ("tasks/scoring", f"checks/SPOT/sheets/{unit}"):
            told = (await mate.get(f"{cycle.path}/{where}")).text
            assert finding not in told
            assert "密" not in told
            assert '"80"' not in told
    first = reviewer(cycle, "甲")
    assert [each["finding_id"] for each in (await first.get(path)).json()["items"]] == [finding]
    assert "mark-entries-again" not in await kinds(first, cycle)
    himself = await again(checked, "甲", "80")
    assert [himself.status_code, himself.json()["cause"]] == [403, "own-finding"]
    both = cycle.caller("panel_member", "performance_office", subject="both", person="乙")
    assert (await again(checked, "乙", "81", both)).json()["cause"] == "not-blind"
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    assert "decide-check-finding" not in await kinds(cycle.office, cycle)
    early = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert [early.status_code, early.json()["type"]] == [409, "not-yet-marked-twice"]
    given = await again(checked, "乙", "82")
    assert given.status_code == 201, given.text
    told = given.json()["finding"]
    assert [told["value"], told["second"]["value"], told["second"]["within"]] == ["80", "82", True]
    assert told["second"]["gap"] == "0.024390243902"
    assert (await again(checked, "丙", "80")).json()["errors"][0]["code"] == "not-to-mark-again"
    assert [
        each["second"]["value"] for each in (await reviewer(cycle, "丙").get(path)).json()["items"]
    ] == ["82"]
    done = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert done.status_code == 201, done.text
    report = (await cycle.office.get(f"{cycle.path}/checks/SPOT/second-marks")).json()
    assert [report["pairs"], report["waiting"], report["mean_gap"], report["within"]] == [
        1, 0, "0.0244", "1.0000"
    ]  # fmt: skip
    assert [each["pairs"] for each in report["markers"]] == [1, 1]
    assert (await first.get(f"{cycle.path}/checks/SPOT/second-marks")).status_code == 403


async def test_what_two_persons_say_too_differently_a_third_finds_anew(checked):
    """Planted bugs: upheld all the same; found anew by one of the two; the third's waits again."""
    cycle, unit, (entry,) = checked
    finding = await found(checked, entry, verdict="differs", value="80")
    report = (await cycle.office.get(f"{cycle.path}/checks/SPOT/second-marks")).json()
    assert [report["waiting"], report["pairs"], report["mean_gap"]] == [1, 0, None]
    assert (await again(checked, "乙", "90")).status_code == 201
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    refused = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert [refused.status_code, refused.json()["type"]] == [409, "marks-differ"]
    kept = (await cycle.office.get(f"{cycle.path}/ledger-entries/{entry}")).json()
    assert [kept["value"], kept["state"]] == ["100", "verified"]
    done = await say(
        checked, finding, "decision", cycle.office, decision="dismissed", text="差距过大"
    )
    assert done.status_code == 201, done.text
    for who in ("甲", "乙"):
        told = {"unit": unit, "entry_id": entry, "verdict": "right", "text": "x"}
        barred = await cycle.post(reviewer(cycle, who), "checks/SPOT/findings", told)
        assert [each["code"] for each in barred.json()["errors"]] == ["own-part"]
    third = await found(checked, entry, reviewer(cycle, "丙"), verdict="differs", value="85")
    assert (await say(checked, third, "answer", own(checked), answer="signed")).status_code == 201
    done = await say(checked, third, "decision", cycle.office, decision="upheld")
    assert done.status_code == 201, done.text
    report = (await cycle.office.get(f"{cycle.path}/checks/SPOT/second-marks")).json()
    assert [report["pairs"], report["within"], report["mean_gap"]] == [1, "0.0000", "0.1111"]

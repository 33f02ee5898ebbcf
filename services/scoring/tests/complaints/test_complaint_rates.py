"""Rates of how units handle complaints as values of indicators: by the rules, and over HTTP."""

import asyncio
import datetime as dt
from collections import Counter

import pytest
from pydantic import TypeAdapter
from services.scoring.tests.compiling import compiled
from services.scoring.tests.complaints.handling import LEAD, SUPPORT
from services.scoring.tests.conftest import COMPLAINTS
from services.scoring.tests.items.test_earned import verify
from services.scoring.tests.items.test_moves import seal

from scoring.rules.complaints.rates import rate_values
from scoring.rules.complaints.ratings import Whole
from scoring.rules.complaints.standing import Done, Part
from scoring.rules.ledger.progress import cells_of
from scoring.rules.scheme.document import Scheme

DAY = dt.date
DUE = DAY(2025, 3, 20)
QUARTERLY, YEARLY = "C08", "C05"
BEGUN = [
    ("raise", "raised", DAY(2025, 3, 3), None),
    ("accept", "accepted", DAY(2025, 3, 3), None),
    ("assign", "assigned", DAY(2025, 3, 4), None),
    ("answer", "answered", DAY(2025, 3, 10), None),
]


def whole(unit, *moves):
    """A complaint that a unit answered in time, with moves: move, state, day, word."""
    done = [
        Done(n, move, state, "hotline", DUE, word, "x", unit, day)
        for n, (move, state, day, word) in enumerate([*BEGUN, *moves], 1)
    ]
    return Whole(None, done, {3: [Part(unit, "lead")]})


def heard(word, day):
    return ("revisit", "revisited", day, word)


@pytest.fixture
def rated(document):
    def make(**policy):
        complaints = COMPLAINTS | policy
        return compiled(TypeAdapter(Scheme).validate_python(document | {"complaints": complaints}))

    return make


def values(scheme, complaints, today):
    found = rate_values(complaints, scheme, today)
    return {
        (each.card.rate, each.card.period, each.card.unit): each.draft and str(each.draft.value)
        for each in found
    }


def test_a_rate_is_what_was_known_when_its_period_was_over(rated):
    """Planted bugs: what is said afterwards moves it (`by_then`); it is entered before its period
    is over; periods that the indicator is not scored by."""
    scheme = rated(least=2, rates={"satisfaction": QUARTERLY, "timely": YEARLY})
    said = [
        whole("XQ01", heard("satisfied", DAY(2025, 3, 11))),
        whole(
            "XQ01",
            heard("satisfied", DAY(2025, 3, 12)),
            ("rate", "revisited", DAY(2025, 4, 2), "dissatisfied"),
        ),
        whole("XQ01", heard("dissatisfied", DAY(2025, 3, 13))),
    ]
    of_march = {("satisfaction", "2025Q1", "XQ01"): "66.67"}
    assert values(scheme, said, DAY(2025, 3, 31)) == {}
    for day in (DAY(2025, 4, 1), DAY(2025, 12, 31)):
        assert values(scheme, said, day) == of_march
    of_year = {("timely", "2025", "XQ01"): "100.00"}
    assert values(scheme, said, DAY(2026, 1, 1)) == of_march | of_year


def test_a_unit_of_too_few_and_one_that_is_not_assessed_have_no_value(rated):
    """Planted bug: a rate of fewer than `least`; volume is worth something."""
    scheme = rated(least=2, rates={"satisfaction": QUARTERLY})
    few = [whole(unit, heard("satisfied", DAY(2025, 3, 11))) for unit in ("XQ01", "ZH99")]
    assert values(scheme, few, DAY(2025, 4, 1)) == {}
    for many in (2, 40):
        found = values(scheme, few[:1] * many, DAY(2025, 4, 1))
        assert found == {("satisfaction", "2025Q1", "XQ01"): "100.00"}
    assert values(rated(least=2), few[:1] * 2, DAY(2025, 4, 1)) == {}


def test_nobody_owes_what_is_entered_by_itself(rated):
    """Planted bug: the data source has cards for rates that nobody can enter."""
    named = rated(rates={"satisfaction": QUARTERLY})
    owed = {each.indicator for each in cells_of(named) if not each.is_marked}
    assert {each.indicator for each in cells_of(rated()) if not each.is_marked} - owed == {
        QUARTERLY
    }


# Over HTTP


@pytest.fixture
async def counted(complaints, others, clock):
    """Of two units one satisfied, and the quarter in which it did is over."""
    scheme, today = (
        others.schemes[complaints.cycle.cycle_id],
        DAY.fromisoformat(await clock.today()),
    )
    rates = {"rates": {"satisfaction": QUARTERLY}, "least": 1}
    more = {"complaints": COMPLAINTS | rates, "assessment_year": today.year}
    others.schemes[complaints.cycle.cycle_id] = scheme | more
    for lead, word in ((LEAD, "satisfied"), (SUPPORT | {"role": "lead"}, "dissatisfied")):
        complaint_id = await complaints.assigned(lead)
        client = complaints.of(lead["unit"])
        await complaints.must(await complaints.answer(complaint_id, by=client))
        await complaints.must(await complaints.direct(complaint_id, "revisit", word=word))
    return complaints


async def write(complaints) -> dict:
    answer = await complaints.cycle.post(complaints.cycle.office, "complaint-events", None)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def entries(complaints) -> list[dict]:
    found = await complaints.cycle.office.get(f"{complaints.cycle.path}/ledger-entries")
    return found.json()["items"]


async def test_rates_are_entered_once_and_count_when_another_has_verified_them(counted, clock):
    """Planted bugs: without the name each command enters them anew; the seal passes over what
    nobody has written."""
    assert (await write(counted))["written"]["satisfaction_rate"] == 0
    await clock.pass_days(95)
    preview = await counted.cycle.post(counted.cycle.office, "ledger/seal?mode=check", {})
    assert preview.json()["left_open"]["unwritten_complaint_events"] == 2
    told = await asyncio.gather(*[write(counted) for _ in range(4)])
    assert Counter(each["written"]["satisfaction_rate"] for each in told) == {2: 1, 0: 3}
    assert Counter(each["entered"] for each in told) == {2: 1, 0: 3}
    found = await entries(counted)
    assert {(e["unit"], e["indicator"], e["value"], e["state"]) for e in found} == {
        ("XQ01", QUARTERLY, "100.00", "submitted"),
        ("XQ02", QUARTERLY, "0.00", "submitted"),
    }
    ids = [each["entry_id"] for each in found]
    assert isinstance(await verify(counted, counted.cycle.office, ids), set)
    assert (await verify(counted, counted.cycle.colleague, ids))[0] == 2
    again = await write(counted)
    assert (again["entered"], again["kept_alone"]) == (0, {})
    assert len(await entries(counted)) == 2


async def test_after_the_seal_rates_count_nowhere_and_say_so(counted, clock):
    """Planted bug: they are entered in a sealed ledger."""
    await clock.pass_days(95)
    await seal(counted)
    told = await write(counted)
    assert (told["entered"], told["kept_alone"]) == (0, {"ledger-sealed": 2})
    assert await entries(counted) == []

"""A generated year of eight categories and 126 units, told to the API by the people involved: day
by day as far as days matter."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import asyncpg
import pytest
from tests.system.conftest import EXAMPLE
from tests.system.generated_year import FOUND, generate
from tests.system.harness import Installation, in_one_process
from tests.system.passing_days import clock_of, whose_days_pass
from tests.system.recomputing import Cell, cells_of
from tests.system.two_worlds import seal_as_seen

from kaoping.city import cycle, read_city, units
from kaoping.city.checked import RECHECK, SPOT_CHECK
from kaoping.city.objected import FED_BACK_ON, OBJECTIONS, REMARKED_ON, REVIEWER
from kaoping.objecting import Objecting
from kaoping.people import COMMITTEE, OFFICES, STANDING_COMMITTEE, People, Person
from kaoping.plan import COLLEAGUE, OFFICE
from kaoping.rechecking import Rechecking
from kaoping.supervising import Supervising
from kaoping.year import confirm_targets

SEED = 20251231


@pytest.fixture(scope="package")
def installation(postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    passing = whose_days_pass(postgres, databases)
    with in_one_process(postgres, passing, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="package")
def city():
    return read_city(EXAMPLE)


@pytest.fixture(scope="package")
def told(city):
    return generate(city, SEED)


def reviewers(scheme):
    """Return the units that review first (初审) what is entered for some indicator."""

    def named(indicators):
        for each in indicators:
            yield each["reviewed_by"]
            yield from named(each["children"])

    blocks = (block for category in scheme["categories"] for block in category["blocks"])
    return {unit for block in blocks for unit in named(block["indicators"]) if unit}


@pytest.fixture(scope="package")
def people(installation, city, told):
    """Those of the office and of the committees, and everybody who posts."""
    names = {unit["code"]: unit["name"] for unit in units(city)}
    seats = [each for panel in told.scheme["panels"] for each in panel["seats"]]
    posters = {*told.plan.entries, *(survey["collector"] for survey in told.scheme["surveys"])}
    posters |= reviewers(told.scheme) | {each["organiser"] for each in told.scheme["categories"]}
    posters |= {unit for each in told.scheme["categories"] for unit in each["units"]}
    posters -= {seat["account"] for seat in seats}
    roles = ("assessed_unit", "data_source_unit", "organiser", "survey_centre")
    office = [
        Person(who, zh, (role,), None)
        for who, (zh, role) in OFFICES.items()
        if who in (OFFICE, COLLEAGUE, COMMITTEE, STANDING_COMMITTEE)
    ]
    office.append(Person(REVIEWER, "绩效办复核人", ("performance_office",), None))
    with (
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
    ):
        named = [Person(p.lower(), names[p], roles, p) for p in sorted(posters)]
        judges = [
            Person(s["account"], s["account"], ("panel_member",), s["unit"], seated=True)
            for s in seats
        ]
        others = {
            move.who: move.about[0]
            for move in told.plan.moves
            if move.part == OBJECTIONS and move.role and move.who != move.about[0]
        }
        own = [
            Person(who, names[unit], ("assessed_unit",), unit, seated=True)
            for who, unit in others.items()
        ]
        people.invite([*office, *named, *judges, *own])
        yield people


@pytest.fixture(scope="package")
def analyse(installation):
    """Give what has the scoring service's database count its rows, so that it plans for them."""

    async def analyse() -> None:
        connection = await asyncpg.connect(installation.databases["scoring"], ssl=False)
        await connection.execute("ANALYZE")
        await connection.close()

    return lambda: asyncio.run(analyse())


@pytest.fixture(scope="package")
def clock(installation):
    with clock_of(installation.databases["scoring"]) as clock:
        yield clock


@pytest.fixture(scope="package")
def begun(city, told, people):
    """Where the cycle is: its scheme is published."""
    office = people[OFFICE]
    office.post("/units", {"units": units(city)})
    path = f"/cycles/{office.post('/cycles', cycle(city))['cycle_id']}"
    version = office.post(f"{path}/scheme-versions", {"scheme": told.scheme})["version"]
    office.post(f"{path}/scheme-versions/{version}/publication")
    return path


@pytest.fixture(scope="package")
def supervising(begun, told, people, clock):
    """What is supervised, day by day, until the year is over."""
    supervising = Supervising(begun, told.plan, people, lambda move: clock.begin(move.day))
    supervising.play(lambda _: None)
    clock.begin(COUNTED_ON)
    supervising.complaints = list(people[OFFICE].pages(f"{begun}/complaints"))
    return supervising


COUNTED_ON = dt.date(2026, 1, 12)
"""When what items have earned is written."""


@pytest.fixture(scope="package")
def rechecking(begun, told, people, clock):
    """The re-checks and the spot check, once they are played."""
    shares = {RECHECK: FOUND, SPOT_CHECK: Decimal("0.8")}
    return Rechecking(begun, told.plan, people, shares, clock.begin)


@pytest.fixture(scope="package")
def objecting(begun, told, people, clock):
    """What units remark on and object to, once it is played."""
    return Objecting(begun, told.plan, people, clock.begin)


@pytest.fixture(scope="package")
def path(supervising, rechecking, objecting, told, people, clock, analyse):
    """Where the cycle is: everything told and verified."""
    office, path = people[OFFICE], supervising.path
    office.post(f"{path}/targets", {"targets": told.plan.targets, "reason": "补录"})
    confirm_targets(people[COLLEAGUE], path)
    for unit, wishes in told.proposals.items():
        people[unit].post(f"{path}/target-proposals", {"targets": wishes})
    _keep_ledger(path, told, people, analyse)
    supervising.counted = supervising.count()
    rechecking.play()
    objecting.play(REMARKED_ON, FED_BACK_ON)
    clock.back()
    _ask(path, told, people)
    office.post(f"{path}/claims", {"claims": told.plan.claims})
    analyse()
    _confirm(path, told, people[COLLEAGUE])
    return path


@pytest.fixture(scope="package")
def compared(path, supervising):
    """Self-evaluations, compared with the record of a moment, and what each round came to."""
    at = dt.datetime.now(dt.UTC)
    return at, supervising.compare()


@pytest.fixture(scope="package")
def stage(path, compared, people):
    """How far everybody is while the ledger is open, as the office reads it."""
    return people[OFFICE].get(f"{path}/stage-results/current")


@pytest.fixture(scope="package")
def is_sealed(path, stage, people):
    assert stage["units"]
    seal_as_seen(people[OFFICE], path)
    return True


def _confirm(path, told, colleague):
    """Confirm every claim, with what its award counted for in the year before."""
    free, held = [], []
    for claim in colleague.pages(f"{path}/claims"):
        earlier = {"counted": told.plan.counted_before[claim["claim_no"]], "reason": "上年结果"}
        decision = {"claim_id": claim["claim_id"], "decision": "confirmed"}
        decision["counted_earlier"] = earlier
        if claim["held"]:
            decision["award"] = {"kind": "another_award", "item": claim["claim_no"]}
            held.append([decision])
        else:
            free.append(decision)
    parts = [free[at : at + 100] for at in range(0, len(free), 100)]
    for decisions in [*parts, *held]:
        colleague.post(f"{path}/claims/confirmation", {"decisions": decisions})


def _keep_ledger(path, told, people, analyse):
    mistakes = _post(path, told.mistakes, people)
    returned = _post(path, told.returned, people)
    ids = [entry for _, entry in returned]
    people[COLLEAGUE].post(f"{path}/ledger-entries/return", {"entry_ids": ids, "reason": "有误"})
    _verify(path, told, people)
    for poster, entry in mistakes:
        people[poster].post(f"{path}/ledger-entries/{entry}/reversal", {"reason": "录入错误"})
    _post(path, told.drafts, people, state="draft")
    posted = _post(path, told.plan.entries, people)
    entries = (each for of in told.plan.entries.values() for each in of)
    told.ids |= {entry: each for (_, entry), each in zip(posted, entries, strict=True)}
    analyse()  # thousands of rows at once: PostgreSQL would notice within a minute by itself
    _verify(path, told, people)


def _verify(path, told, people):
    """Have everything that was handed in reviewed first where the scheme says so, and verified."""
    everything = {"all_submitted": True}
    for reviewer in sorted(reviewers(told.scheme)):
        people[reviewer].post(f"{path}/ledger-entries/checking", everything)
    answer = people[COLLEAGUE].post(f"{path}/ledger-entries/verification", everything)
    assert answer["unchecked"] == {}


def _post(path, by_poster, people, state="submitted"):
    """Post a batch per poster; return who posted which entry."""
    posted = []
    for poster, entries in by_poster.items():
        body = {"entries": entries, "state": state}
        answer = people[poster].post(f"{path}/ledger-entries", body)
        posted += [(poster, entry["entry_id"]) for entry in answer["rows"]]
    return posted


def _ask(path, told, people):
    surveys = {}
    for wave in told.plan.waves:
        if wave.survey not in surveys:
            surveys[wave.survey] = people[OFFICE].post(f"{path}/surveys", {"code": wave.survey})
        survey = surveys[wave.survey]
        at = f"/surveys/{survey['survey_id']}/waves/{wave.number}"
        people[OFFICE].post(f"{at}/opening")
        body = {"batch_no": "1", "control_totals": {"count": len(wave.rows)}, "rows": wave.rows}
        people[survey["collector"]].post(f"{at}/batches", body)
        why = {"below_minimum_because": "One unit has no answer with a score."}
        people[OFFICE].post(f"{at}/stopping")
        people[OFFICE].post(f"{at}/closing", why)


@pytest.fixture(scope="package")
def sheet(path, is_sealed, people):
    """The score sheet of all categories, as the API gives it."""
    assert is_sealed
    edition = people[OFFICE].post(f"{path}/score-sheets", {"categories": None})["edition"]
    return people[OFFICE].get(f"{path}/score-sheets/{edition}")


@pytest.fixture(scope="package")
def published(sheet) -> dict[Cell, Decimal | None]:
    return cells_of(sheet)

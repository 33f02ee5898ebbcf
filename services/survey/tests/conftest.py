"""A survey service at work on a real database; a transport plays the indicators service."""

import asyncio
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from survey.app import create_app

INDICATORS_DOWN = UUID(int=503)
NO_SCHEME = UUID(int=404)
ANOTHER_ROUNDING = UUID(int=1)
RECUSED = set()
"""Cycles in whose scheme the office is barred from XQ01, and JW01 stands in."""

SUPERVISED = set()
"""Cycles in whose scheme JW01 and ZX01 attest the waves of each survey."""

WIDE = set()
"""Cycles in whose scheme the phone survey asks about ten units more, W0 to W9."""

OPTIONS = {
    "very_satisfied": "100",
    "satisfied": "80",
    "fair": "60",
    "dissatisfied": "30",
    "very_dissatisfied": "0",
}
PHONE = {
    "code": "phone",
    "name": "电话调查",
    "mode": "phone_survey",
    "collector": "SC",
    "waves": 2,
    "combine": "mean",
    "options": OPTIONS,
    "option_names": {"very_satisfied": "非常满意", "dont_know": "不了解"},
    "unscored": ["dont_know"],
    "min_valid": 400,
    "groups": {},
    "empty_group": "rescale",
    "below_min": "decision",
}
FORMS = PHONE | {
    "code": "forms",
    "name": "问卷调查",
    "mode": "questionnaire",
    "collector": "SB",
    "waves": 1,
    "min_valid": 2,
    "groups": {"recipients": "0.6", "deputies": "0.4"},
}


GRADES = {"good": "100", "fair": "60", "poor": "0"}


def question(code, weight, options=GRADES, **more):
    """Give a question as the scheme has it."""
    given = {"code": code, "name": f"问题{code}", "weight": weight, "options": options}
    beside = {"option_names": {}, "unscored": [], "satisfied": [], "asked_if": None, "screens": []}
    return given | beside | more


ASKED = FORMS | {
    "code": "asked",
    "name": "多题问卷",
    "waves": 2,
    "combine": "weighted",
    "wave_weights": ["0.4", "0.6"],
    "options": {},
    "option_names": {},
    "unscored": [],
    "min_valid": None,
    "group_weights_by_category": {"PARTY": {"recipients": "0.5", "deputies": "0.5"}},
    "questions": [
        question("met", "0", {"yes": "100", "no": "0"}, screens=["no"]),
        question("attitude", "0.6", satisfied=["good"], unscored=["dont_know"]),
        question("effect", "0.4", satisfied=["good"]),
        question("advice", "0", asked_if={"question": "effect", "options": ["poor"]}),
    ],
}


MEETING = FORMS | {
    "code": "meeting",
    "name": "会议测评",
    "mode": "meeting_count",
    "groups": {},
    "quorum": "0.5",
    "options": {"good": "100", "poor": "0"},
    "option_names": {},
}
PEERS = FORMS | {
    "code": "peers",
    "name": "互评",
    "mode": "peer_review",
    "groups": {},
    "min_valid": 1,
    "options": {"good": "100", "poor": "0"},
    "option_names": {},
}


ONLINE = PEERS | {"code": "online", "name": "在线问卷", "mode": "online_form"}


def indicator(survey=None, children=()):
    method, params = ("survey_score", {"survey": survey, "scale": 100}) if survey else ("tiers", {})
    return {"code": "I", "method": method, "params": params, "children": list(children)}


def category(code, units, *indicators):
    blocks = [{"code": "public_review", "indicators": list(indicators)}]
    return {"code": code, "organiser": f"B-{code}", "units": units, "blocks": blocks}


PUBLISHED = {
    "cycle_id": "ignored",
    "version": 3,
    "digest": "d" * 64,
    "scheme": {
        "time_zone": "Asia/Shanghai",
        "rounding": {"places": 4, "mode": "half_up"},
        "recusals": [],
        "surveys": [PHONE, FORMS, ASKED, MEETING, PEERS, ONLINE, PHONE | {"code": "idle"}],
        "categories": [
            category("COUNTY", ["XQ02", "XQ01"], indicator(), indicator("phone")),
            category("PARK", ["YQ01"], indicator(children=[indicator("forms")])),
            category("PARTY", ["DQ01"], indicator("forms"), indicator("asked")),
            category("GOV", ["ZF01"], indicator("asked")),
            category("TOWN", ["XZ01", "XZ02", "XZ03"], indicator("meeting"), indicator("peers")),
            category("STREET", ["HZ01", "HZ02"], indicator("online")),
            category("OTHER", ["ZZ01"], indicator()),
        ],
    },
}


CODES = {
    "hr": {
        "as_of": "2025-12-31",
        "units": True,
        "unit_codes": [
            {"code": "9001", "unit": "XQ02", "valid_from": "2020-01-01", "valid_to": "2021-01-01"},
            {"code": "9001", "unit": "XQ01", "valid_from": "2021-01-01", "valid_to": None},
            {"code": "9002", "unit": "XQ02", "valid_from": "2020-01-01", "valid_to": "2021-01-01"},
            {"code": "9003", "unit": "XQ02", "valid_from": "9000-01-01", "valid_to": None},
        ],
    },
    "other": {"as_of": "2025-12-31", "units": False, "unit_codes": []},
}


def published_scheme(request: httpx.Request) -> httpx.Response:
    """Play the indicators service: every cycle has the scheme above, but for three."""
    assert request.headers["authorization"].startswith("Bearer ")
    cycle = UUID(request.url.path.split("/")[4])
    if "/id-schemes/" in request.url.path:
        known = CODES.get(request.url.path.rpartition("/")[2])
        return httpx.Response(404) if known is None else httpx.Response(200, json=known)
    assert request.url.path == f"/api/v1/cycles/{cycle}/scheme"
    if cycle in (INDICATORS_DOWN, NO_SCHEME):
        return httpx.Response(cycle.int)
    document = deepcopy(PUBLISHED)
    if cycle in RECUSED:
        document["scheme"]["recusals"] = [{"unit": "XQ01", "body": "JW01"}]
    if cycle in WIDE:
        units = [f"W{n}" for n in range(10)]
        document["scheme"]["categories"].append(category("WIDE", units, indicator("phone")))
    if cycle in SUPERVISED:
        for each in document["scheme"]["surveys"]:
            each["attested_by"] = ["JW01", "ZX01"]
    if cycle == ANOTHER_ROUNDING:
        document["scheme"]["rounding"]["mode"] = "half_even"
    return httpx.Response(200, json=document)


@pytest.fixture(scope="session")
async def service(run_service):
    return await run_service("survey", create_app, peers=published_scheme)


@pytest.fixture(scope="session")
async def office(service):
    async with service.caller("performance_office", unit="ZH01") as client:
        yield client


@pytest.fixture(scope="session")
async def centre(service):
    async with service.caller("survey_centre", unit="SC") as client:
        yield client


@pytest.fixture(scope="session")
async def statistics(service):
    async with service.caller("survey_centre", unit="SB") as client:
        yield client


@dataclass
class SurveyAtWork:
    """A survey of a cycle of its own, and what is done to it in most tests."""

    office: httpx.AsyncClient
    collector: httpx.AsyncClient
    cycle_id: UUID
    survey_id: str
    numbers: count
    bodies: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def path(self, wave, *rest):
        return "/".join([f"/api/v1/surveys/{self.survey_id}/waves/{wave}", *rest])

    async def open(self, wave=1):
        return await self.office.post(self.path(wave, "opening"))

    async def stop(self, wave=1):
        return await self.office.post(self.path(wave, "stopping"))

    async def close(self, wave=1, because="A test needs no sample."):
        """Close a wave, which is stopped first where it is open, and attested by `bodies`."""
        await self.stop(wave)
        for body in self.bodies.values():
            await self.attest(body, wave)
        body = {"below_minimum_because": because} if because else {}
        return await self.office.post(self.path(wave, "closing"), json=body)

    async def attest(self, body, wave=1, verdict="attested", **replaced):
        path = self.path(wave, "attestations")
        seen = (await self.office.get(path)).json()
        said = {"verdict": verdict, "content_digest": seen["content_digest"]}
        said["reason"] = "抽查录音三十份，与答案一致。"
        return await body.post(path, json=said | replaced)

    async def post(self, rows, /, wave=1, headers=None, query="", **replaced):
        body = {
            "batch_no": f"B-{next(self.numbers)}",
            "control_totals": {"count": len(rows)},
            "rows": rows,
        }
        return await self.collector.post(
            self.path(wave, "batches") + query, json=body | replaced, headers=headers
        )

    async def satisfaction(self, **headers):
        return await self.office.get(f"/api/v1/cycles/{self.cycle_id}/satisfaction", **headers)


async def prepared(office, collector, code, cycle_id=None):
    cycle_id = cycle_id or uuid4()
    created = await office.post(f"/api/v1/cycles/{cycle_id}/surveys", json={"code": code})
    assert created.status_code == 201, created.text
    return SurveyAtWork(office, collector, cycle_id, created.json()["survey_id"], count(1))


@pytest.fixture(scope="session")
def prepare(office, centre):
    """Give what prepares a survey of a cycle of its own, for tests that share one."""
    return partial(prepared, office, centre)


@pytest.fixture
def held(service):
    """Give what holds a table against writers, and meanwhile starts requests one after the other,
    each once the one before waits."""

    @asynccontextmanager
    async def hold(table):
        connection = await asyncpg.connect(service.superuser_url, ssl=False)
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = ("
        waiting += "SELECT oid FROM pg_database WHERE datname = current_database())"
        tasks = []

        async def start(request):
            tasks.append(asyncio.ensure_future(request))
            for _ in range(100):
                if await connection.fetchval(waiting) >= len(tasks):
                    break
                await asyncio.sleep(0.01)
            return tasks[-1]

        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield start
        await connection.close()

    return hold


@pytest.fixture
async def planned(office, centre):
    """Give a phone survey whose two waves are planned."""
    return await prepared(office, centre, "phone")


@pytest.fixture
async def opened(planned):
    """Give a phone survey whose first wave is open."""
    assert (await planned.open()).status_code == 201
    return planned


@pytest.fixture
async def wide(office, centre):
    """Give a phone survey about a dozen units, its first wave open."""
    cycle_id = uuid4()
    WIDE.add(cycle_id)
    survey = await prepared(office, centre, "phone", cycle_id)
    assert (await survey.open()).status_code == 201
    return survey


@pytest.fixture
async def to_attest(office, centre):
    """Give a phone survey, planned, whose waves are attested by JW01 and ZX01."""
    cycle_id = uuid4()
    SUPERVISED.add(cycle_id)
    return await prepared(office, centre, "phone", cycle_id)


@pytest.fixture
async def supervised(to_attest):
    """Give the same with its first wave open."""
    assert (await to_attest.open()).status_code == 201
    return to_attest


@pytest.fixture(scope="session")
async def bodies(service):
    """Give the callers of both supervising bodies, by unit."""
    jw01 = service.caller("supervision", unit="JW01", subject="jw", person="jw")
    zx01 = service.caller("supervision", unit="ZX01", subject="zx", person="zx")
    async with jw01 as one, zx01 as other:
        yield {"JW01": one, "ZX01": other}


@pytest.fixture
async def forms(office, statistics):
    """Give a survey with respondent groups, open."""
    survey = await prepared(office, statistics, "forms")
    assert (await survey.open()).status_code == 201
    return survey


@pytest.fixture(scope="session")
def bar_the_office():
    """Give what has the scheme of a cycle name JW01 as second body of XQ01."""
    return RECUSED.add


@pytest.fixture
async def asked(office, statistics):
    """Give a survey with several questions and two groups, its first wave open."""
    survey = await prepared(office, statistics, "asked")
    assert (await survey.open()).status_code == 201
    return survey


@pytest.fixture
async def meeting(office, statistics):
    """Give a survey whose forms are counted at meetings, open."""
    survey = await prepared(office, statistics, "meeting")
    assert (await survey.open()).status_code == 201
    return survey


@pytest.fixture
async def peers(office, statistics):
    """Give a peer review whose wave is planned."""
    return await prepared(office, statistics, "peers")


@pytest.fixture
async def online(office, statistics):
    """Give a survey that is answered online, planned."""
    return await prepared(office, statistics, "online")


TOKENS = count(1)


@pytest.fixture(scope="session")
def row():
    """Give a maker of rows, each of a respondent of its own."""

    def make(answer="satisfied", unit="XQ01", outcome="completed", token=None, **more):
        token = token or f"respondent-{next(TOKENS):08d}-x"
        given = {"unit": unit, "respondent_token": token, "outcome": outcome, "answer": answer}
        return given | more

    return make


@pytest.fixture(scope="session")
def problem():
    """Give a reader of refusals: status, type, and the (pointer, code) pairs of the faults."""

    def read(answer):
        body = answer.json()
        faults = [(error["pointer"], error["code"]) for error in body.get("errors", ())]
        return answer.status_code, body["type"], faults

    return read


@pytest.fixture(scope="session")
def call(row):
    """Give a maker of rows of interviews that took so many seconds."""

    def make(seconds, unit="XQ01", answer="satisfied", interviewer="I2", **more):
        at = f"2025-06-01T09:{seconds // 60:02}:{seconds % 60:02}+08:00"
        times = {"started_at": "2025-06-01T09:00:00+08:00", "ended_at": at}
        return row(answer, unit, interviewer=interviewer, **times, **more)

    return make


@pytest.fixture(scope="session")
def suspect(call):
    """Give rows of two units, and dissatisfied ones of XQ01 of one length that I1 brought in."""

    def make(honest=40, equal=14):
        rows = [call(100 + 7 * n, unit) for n in range(honest) for unit in ("XQ01", "XQ02")]
        return rows + [call(180, "XQ01", "very_dissatisfied", "I1") for _ in range(equal)]

    return make

"""The reference city as the other services would publish it: scheme, units and score sheet."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import chain, combinations
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import yaml
from joserfc import jws
from joserfc.jwk import OKPKey
from pydantic import TypeAdapter

from chassis.journal import sha256
from ranking.app import create_app
from ranking.rules.scheme import Scheme
from ranking.settings import Settings
from service_testing import Running, RunService
from service_testing.clocks import Clock, shift

REFERENCE = Path(__file__).parents[3] / "examples" / "yunchuan-2025"
BLOCKS = ("function", "public_review", "comprehensive")


@cache
def _load(name: str) -> dict[str, Any]:
    """Read a YAML document; what YAML calls a float becomes the string that stands there."""
    read = yaml.load((REFERENCE / name).read_text(encoding="utf-8"), yaml.CSafeLoader)
    loaded: dict[str, Any] = json.loads(json.dumps(read), parse_float=str)
    return loaded


@pytest.fixture(scope="session")
def county_year() -> dict[str, Any]:
    """Give the counties' year: inputs, claims, vetoes and the expected results."""
    return _load("county-year.yaml")


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """Give the small cases with exact answers."""
    return _load("vectors.yaml")


@pytest.fixture(scope="session")
def scheme_document(county_year: dict[str, Any]) -> dict[str, Any]:
    """Give the reference scheme as the indicators service publishes it, as far as it is read."""
    city = _load("scheme.yaml")
    grades = city["grades"]
    return {
        "assessment_year": city["meta"]["assessment_year"],
        "rounding": {"places": city["rounding"]["leaf_score_places"], "mode": "half_up"},
        "categories": [
            {
                "code": county_year["category"],
                "units": [line["unit"] for line in county_year["expected"]],
                "blocks": [{"code": block} for block in BLOCKS],
            },
            {
                "code": "PAIR",
                "units": ["XQ01", "XQ02"],
                "subcategories": [
                    {"code": "HILLS", "units": ["XQ02"]},
                    {"code": "PLAIN", "units": ["XQ01"]},
                ],
                "blocks": [{"code": block} for block in BLOCKS],
            },
        ],
        "composition": {"parts": BLOCKS, "bonus": True, "deductions": True, "max_total": None},
        "vetoes": {
            "grade_cap": city["veto_effect"]["grade_cap"],
            "limit": 2,
            "items": [
                {"code": veto["code"], "responsible_units": {"V02": ["ZH11"]}.get(veto["code"], [])}
                for veto in city["vetoes"]
            ],
        },
        "demotions": [
            {
                "code": rule["code"],
                "indicators": rule["when"].get("indicator_in", []),
                "score_ratio_below": rule["when"].get("score_ratio_below"),
                "event": rule["when"].get("event"),
                "effect": rule["effect"],
                "responsible_units": ["ZF04"] if "event" in rule["when"] else [],
            }
            for rule in city["demotions"]
        ],
        "grades": {
            "order": grades["order"],
            "levels": [
                {"grade": grade, "min_count": 0, **grades[grade]} for grade in ("excellent", "good")
            ],
            "unqualified_below": grades["unqualified_below"],
            "vacancy": "backfill",
            "outside_quota": grades["outside_quota"],
        },
        "ranking": {"tie_break": city["ranking"]["tie_break"], "ties": city["ranking"]["then"]},
    }


@pytest.fixture(scope="session")
def scheme(scheme_document: dict[str, Any]) -> Scheme:
    """Give the reference scheme as the rules see it."""
    return TypeAdapter(Scheme).validate_json(json.dumps(scheme_document))


@pytest.fixture(scope="session")
def sheet_units(county_year: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the units of the counties' score sheet: the expected scores, and nothing of ranks."""
    tree = _load("scheme.yaml")["indicators"][county_year["category"]]
    composition = {"parts": BLOCKS, "max_total": None}
    scheme = {"composition": composition, "categories": []}
    return [with_totals(_sheet_of(line, tree), scheme) for line in county_year["expected"]]


def with_totals(unit: dict[str, Any], scheme: dict[str, Any]) -> dict[str, Any]:
    """Give a unit's part of a sheet with the totals that scoring would find in it."""
    parts, most = set(scheme["composition"]["parts"]), scheme["composition"]["max_total"]
    policy = scheme.get("vetoes", {})
    may_be = {each.get("block") for each in policy.get("items", ())}
    may_be = parts if policy.get("previous_cycle") else may_be & parts
    for category in scheme["categories"]:
        if unit["unit"] in category["units"] and "composition" in category:
            own = category["composition"]
            parts, most = set(own["parts"]), own["max_total"]
    points = {code: each for code, each in unit["blocks"].items() if code in parts}
    if None in points.values():
        return unit | {"base_total": None, "total": None}

    def totals(*out: str) -> dict[str, str]:
        base = sum((Decimal(each) for code, each in points.items() if code not in out), Decimal(0))
        total = base + Decimal(unit["adjustment"])
        total = total if most is None else min(total, Decimal(most))
        return {"base_total": str(base), "total": str(total)}

    choices = (combinations([c for c in points if c in may_be], size) for size in (1, 2, 3))
    without = [{"blocks": [*some]} | totals(*some) for some in chain.from_iterable(choices)]
    return unit | totals() | ({"vetoed_totals": without} if without else {})


def _sheet_of(line: dict[str, Any], tree: dict[str, Any]) -> dict[str, Any]:
    scores = [
        {
            "indicator": indicator["code"],
            "block": block,
            "points": str(indicator["points"]),
            "score": str(line["indicator_scores"][indicator["code"]]),
            "excess": "0",
            "children": [],
        }
        for block in BLOCKS
        for indicator in tree[block]
    ]
    blocks = {
        block: str(sum(Decimal(one["score"]) for one in scores if one["block"] == block))
        for block in BLOCKS
    }
    adjustment = str(line["adjustment"])
    return {
        "unit": line["unit"],
        "category": "COUNTY",
        "blocks": blocks,
        "adjustment": adjustment,
        "indicator_scores": scores,
        "missing": [],
    }


@dataclass
class Peers:
    """The services that ranking asks: the scheme, the units in two pages, the score sheets.

    Edition 1 lacks marks, edition 2 rests on another scheme, edition 3 (the latest) is the
    counties' year, and so is edition 7; asked for edition 5, scoring is out of order. Others do
    not exist. A simulated value is the unit's points of the function block as they would be; null
    leaves a gap. A changed scheme is given back as it came, laid over the one in force; or
    refused, when `faults` has any.
    """

    scheme: dict[str, Any]
    sheet_units: list[dict[str, Any]]
    names: dict[str, str]
    asked: list[str] = field(default_factory=list)
    simulated: list[dict[str, Any]] = field(default_factory=list)
    faults: list[dict[str, str]] = field(default_factory=list)
    watch: Callable[[], None] = lambda: None
    phases: dict[int, str] = field(default_factory=dict)
    untold: set[int] = field(default_factory=set)
    claims: list[dict[str, str]] = field(default_factory=list)
    normalised: list[dict[str, Any]] | None = None
    used: str | None = None
    """The digest of the corrections that all sheets rest on."""
    satisfied: str | None = "of-satisfaction"
    """That of satisfaction; null to who may not compare it."""

    present: dict[str, str | None] = field(
        default_factory=lambda: {
            "corrections": None,
            **{each: f"of-{each}" for each in ("targets", "satisfaction", "estimates")},
        }
    )
    sheets: dict[int, list[str]] = field(
        default_factory=lambda: {3: ["COUNTY", "PAIR"], 4: ["OTHER"]}
    )

    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    surveys: list[dict[str, Any]] = field(default_factory=list)
    highlights: list[dict[str, Any]] = field(default_factory=list)
    voided: list[dict[str, Any]] = field(default_factory=list)
    objections: list[dict[str, Any]] = field(default_factory=list)
    explained: dict[str, Any] | None = None
    vetoed: list[str] = field(default_factory=list)
    """Of which blocks it was asked what becomes of a total without them."""
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    report_items: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    without_account: tuple[str, ...] = ("nobody",)
    """Names that no account has."""
    unread: bool = False
    """Whether the caller may read no scores, and not what was handed in."""
    sound: bool = False
    """Whether scheme and sheets tell the digests of what they are."""
    known: list[dict[str, Any]] = field(default_factory=list)
    """The corrections of the sealed record."""

    versions: list[dict[str, Any]] = field(default_factory=list)
    """The versions of the scheme, the first one first."""
    scored_by: str | None = None
    """The digest of the scheme that sheets were computed by, if not of the one in force."""
    handed_in: dict[str, Any] = field(
        default_factory=lambda: {"organiser": "ZH01", "hand_in": None}
    )
    """What is told of how complete a category is."""

    by_cycle: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the scheme of a cycle says besides."""
    years: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What else is to be said of cycles than that they assess 2025, by their ids."""
    succeeds: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer as the service behind the path would."""
        path = request.url.path
        self.asked.append(path)
        self.watch()
        last = path.rsplit("/", 1)[1]
        if last == "score-simulations":
            return self._simulate(json.loads(request.content))
        if last == "scheme-checks":
            return self._check(json.loads(request.content, parse_float=str))
        if last == "scheme":
            scheme = self.scheme | self.by_cycle.get(path.split("/")[-2], {})
            return httpx.Response(200, json={"digest": self._of_scheme, "scheme": scheme})
        early = self._unforeseen(last) or self._for_notices(request) or self._account(request)
        if early is not None:
            return early
        if last == "units":
            return httpx.Response(200, json=self._page(request.url.params.get("after")))
        if last in ("score-sheets", "highlights", "objections"):
            items = (
                getattr(self, last)
                if last != "score-sheets"
                else [
                    {
                        "edition": n,
                        "categories": codes,
                        "ledger_phase": self.phases.get(n, "sealed"),
                        "phase": "computed" if n in self.untold else "fed_back",
                    }
                    for n, codes in self.sheets.items()
                ]
            )
            return httpx.Response(200, json={"items": items, "next": None})
        if last in self.present:
            surveys = self.surveys if last == "estimates" else self.voided
            told = {"digest": self.present[last], "surveys": surveys}
            return httpx.Response(200, json=told)
        return self._of_cycle(request, last)

    @property
    def _of_scheme(self) -> str:
        return sha256(json.loads(json.dumps(self.scheme))) if self.sound else "of-the-scheme"

    def _versions(self, last: str) -> httpx.Response:
        """Give one version, or list them all."""
        told = [json.loads(json.dumps(each)) for each in self.versions]
        if last != "scheme-versions":
            return httpx.Response(200, json={"scheme": told[int(last) - 1]})
        items = [{"version": n, "digest": sha256(each)} for n, each in enumerate(told, 1)]
        return httpx.Response(200, json={"items": items, "next": None})

    def _of_cycle(self, request: httpx.Request, last: str) -> httpx.Response:
        path, asked = request.url.path, request.url.params
        self.vetoed += asked.get_list("vetoed")
        if last in ("explanation", "completeness"):
            told = httpx.Response(200, json=self.handed_in)
            return self._explain(path) if last == "explanation" else told
        if last == "cycles":
            known = [self._cycle(each) for each in self.years]
            items = [each for each in known if each["jurisdiction"] == asked["jurisdiction"]]
            return httpx.Response(200, json={"items": items, "next": None})
        if path.count("/") == 4:
            return httpx.Response(200, json=self._cycle(last))
        if last == "5":
            return httpx.Response(500)
        return self._sheet({"latest": "3"}.get(last, last))

    def _cycle(self, cycle: str) -> dict[str, Any]:
        told = {"cycle_id": cycle, "assessment_year": 2025, "jurisdiction": "431000"}
        return told | self.years.get(cycle, {})

    def _explain(self, path: str) -> httpx.Response:
        """Explain the one unit that is told; refuse every other."""
        if self.explained is None or f"/units/{self.explained['unit']}/" not in path:
            return httpx.Response(403, json={"title": "Refused."})
        return httpx.Response(200, json=self.explained)

    def _account(self, request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/account-names"):
            return None
        there = request.url.params["subject"] not in self.without_account
        return httpx.Response(200 if there else 404, json=dict(request.url.params))

    def _unforeseen(self, last: str) -> httpx.Response | None:
        """Refuse to list objections where the scheme has none, as scoring does."""
        has_none = last == "objections" and self.scheme.get("objections") is None
        return httpx.Response(409, json={"type": "not-foreseen"}) if has_none else None

    def _for_notices(self, request: httpx.Request) -> httpx.Response | None:
        *_, before, last = request.url.path.split("/")
        if self.unread and ("score-sheets" in (before, last) or last == "completeness"):
            return httpx.Response(403, json={"title": "Refused.", "type": "not-allowed"})
        if "scheme-versions" in (before, last):
            return self._versions(last)
        if before == "calendars":
            year = {"year": int(last), "announced": False, "recorded_at": None, "days": []}
            return httpx.Response(200, json=year)
        if last == "report-items":
            told = self.report_items.get(request.url.path.split("/")[-2], [])
            return httpx.Response(200, json={"items": told})
        if before == "supervised-items":
            return httpx.Response(200, json=self.items[last])
        if last == "corrections" and "limit" in request.url.params:
            return httpx.Response(200, json={"items": self.known, "next": None})
        return None

    def _check(self, body: dict[str, Any]) -> httpx.Response:
        if self.faults:
            problem = {"title": "Refused.", "detail": "See the faults.", "errors": self.faults}
            return httpx.Response(422, json=problem)
        return httpx.Response(200, json={"digest": "x", "scheme": self.scheme | body["scheme"]})

    def _simulate(self, body: dict[str, Any]) -> httpx.Response:
        self.simulated.append(body)
        sheets = {sheet["unit"]: sheet for sheet in self.sheet_units}
        unknown = [n for n, value in enumerate(body["values"]) if value["unit"] not in sheets]
        if unknown:
            errors = [
                {"pointer": f"/values/{n}/unit", "code": "unknown-unit", "detail": "Unknown."}
                for n in unknown
            ]
            problem = {"type": "x", "title": "Refused.", "detail": "", "errors": errors}
            return httpx.Response(422, json=problem)
        changed = dict(sheets)
        for value in body["values"]:
            sheet = changed[value["unit"]]
            missing = [] if value["value"] else [{"indicator": value["indicator"], "reason": "x"}]
            blocks = sheet["blocks"] | {"function": value["value"]}
            changed[value["unit"]] = sheet | {"blocks": blocks, "missing": missing}
        units = [
            {
                "before": with_totals(sheets[u], self.scheme),
                "after": with_totals(changed[u], self.scheme | (body["scheme"] or {})),
                "claims_before": [],
                "claims_after": [],
            }
            for u in sheets
        ]
        return httpx.Response(200, json={"units": units})

    def _page(self, after: str | None) -> dict[str, Any]:
        items = [
            {"code": unit, "name": name, "succeeds": self.succeeds.get(unit, [])}
            for unit, name in sorted(self.names.items())
        ]
        first, rest = items[:6], items[6:]
        return {"items": rest, "next": None} if after else {"items": first, "next": "XQ06"}

    def _sheet(self, edition: str) -> httpx.Response:
        if edition in self.codes:
            return httpx.Response(200, json=self.codes[edition])
        units = self.sheet_units
        if edition == "1":
            gaps = [{"indicator": "C13", "reason": "no closed wave"}]
            blocks = units[0]["blocks"] | {"public_review": None}
            units = [{**units[0], "missing": gaps, "blocks": blocks}, *units[2:]]
        elif edition not in {"2", "3", "7"}:
            return httpx.Response(404)
        now = self.scored_by or self._of_scheme
        digest = "of-another-scheme" if edition == "2" else now
        sheet = {
            "edition": int(edition),
            "digest": f"of-sheet-{edition}",
            "ledger_phase": self.phases.get(int(edition), "sealed"),
            "inputs": {
                "scheme_digest": digest,
                "targets_digest": "of-targets",
                "satisfaction_digest": self.satisfied,
                "corrections_digest": self.used,
            },
            "units": [with_totals(each, self.scheme) for each in units],
            "claims": self.claims,
            "normalised": self.normalised,
        }
        if self.sound:
            told = {name: sheet[name] for name in ("inputs", "units", "claims")}
            told |= {"cycle_id": "a-cycle", "categories": ["COUNTY"]}
            told |= {"normalised": self.normalised} if self.normalised else {}
            sheet |= told | {"digest": sha256(told)}
        return httpx.Response(200, json=sheet)


@pytest.fixture(scope="session")
def peers(
    scheme_document: dict[str, Any],
    sheet_units: list[dict[str, Any]],
    county_year: dict[str, Any],
) -> Peers:
    """Give the services that ranking reads."""
    names = {line["unit"]: line["name_zh"] for line in county_year["expected"]}
    return Peers(scheme_document, sheet_units, names)


@pytest.fixture(scope="session")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> type[Settings]:
    """Give the settings of the service, but for how long before its instant an embargo holds fast,
    and where keys lie."""

    class Hasty(Settings):
        embargo_lead_seconds: float = 1
        linked_keys: str = str(tmp_path_factory.mktemp("linked-keys"))

    return Hasty


@pytest.fixture(scope="session")
async def service(run_service: RunService, peers: Peers, hasty: type[Settings]) -> Running:
    """Give the ranking service at work on a database of its own."""
    return await run_service("ranking", create_app, peers=peers, settings=hasty)


@pytest.fixture(scope="session")
async def shifting(
    run_service: RunService, databases: Any, postgres: Any, peers: Peers, hasty: type[Settings]
) -> Running:
    """Give the ranking service on a database whose clock days can pass on."""
    urls = databases("ranking")
    name = urls.app.rsplit("/", 1)[1].partition("?")[0]
    await shift(postgres.url(name), name)
    running = await run_service("ranking", create_app, peers=peers, urls=urls, settings=hasty)
    told = "ALTER TABLE linked_result ALTER entered_at SET DEFAULT shifted.clock_timestamp()"
    await running.sql(told)  # a default was bound to the catalogue's own clock before
    return running


@pytest.fixture(scope="session")
def clock(shifting: Running) -> Clock:
    """Give the clock of that database."""
    return Clock(shifting)


@dataclass(eq=False)
class Cycle:
    """A cycle of its own for each test, and the people who work on it."""

    service: Running
    cycle_id: UUID = field(default_factory=uuid4)
    reported: list[int] = field(default_factory=list)
    """The numbers of the reports, in the order in which they were made."""

    @property
    def first(self) -> int:
        """The number of the first report."""
        return self.reported[0]

    async def post(
        self, path: str, body: dict[str, Any] | None = None, /, *, role: str, **who: str
    ) -> httpx.Response:
        """Post as a caller with one role."""
        async with self.service.caller(role, **who) as client:
            at = f"/api/v1/cycles/{self.cycle_id}{path}"
            answer = await client.post(at, json=body or {})
        if path in {"/vetoes", "/demotions"} and answer.status_code == 201:
            [told] = (answer.json()[kind] for kind in ("veto", "demotion") if kind in answer.json())
            self.reported.append(told["number"])
        return answer

    async def confirm(
        self, path: str, number: int, decision: str = "confirm", of: str = "report", **who: str
    ) -> httpx.Response:
        """Confirm or refuse a report or its lifting, as another person of the office."""
        who = {"role": "performance_office", "subject": "confirmer", **who}
        reason = None if decision == "confirm" else "依据不足"
        body = {"of": of, "decision": decision, "reason": reason}
        return await self.post(f"{path}/{number}/confirmation", body, **who)

    async def report(self, path: str, body: dict[str, Any], **who: str) -> int:
        """Report a veto or demotion that another person confirms; return its number."""
        answer = await self.post(path, body, **{"role": "performance_office", **who})
        assert answer.status_code == 201, answer.text
        number: int = answer.json()["veto" if path == "/vetoes" else "demotion"]["number"]
        confirmed = await self.confirm(path, number)
        assert confirmed.status_code == 201, confirmed.text
        return number

    async def openly(
        self, path: str, body: dict[str, Any] | None = None, **headers: str
    ) -> httpx.Response:
        """Ask without an account: post a body, or read where there is none."""
        at = f"/api/v1/public/cycles/{self.cycle_id}{path}"
        async with self.service.client(headers) as client:
            return await (client.get(at) if body is None else client.post(at, json=body))

    async def get(self, path: str, role: str, **headers: str) -> httpx.Response:
        """Read as a caller with one role."""
        async with self.service.caller(role) as client:
            return await client.get(f"/api/v1/cycles/{self.cycle_id}{path}", headers=headers)

    async def rank(self, category: str = "COUNTY") -> int:
        """Compute an edition and return its number."""
        answer = await self.post("/rankings", {"category": category}, role="performance_office")
        assert answer.status_code == 201, answer.text
        edition: int = answer.json()["ranking"]["edition"]
        return edition

    async def take(self, edition: int, *steps: str) -> httpx.Response:
        """Take steps of the chain, each by the role and the person whose it is."""
        answer = httpx.Response(500)
        for step in steps:
            body = await self.corrects(edition) if step == "publication" else {}
            path = f"/rankings/{edition}/{step}"
            answer = await self.post(path, body, role=ROLES[step], subject=step)
            assert answer.status_code == 201, answer.text
        return answer

    async def corrects(self, edition: int) -> dict[str, Any]:
        """Give what a publication says besides where the category was released before."""
        before = await self.service.sql(
            "SELECT FROM release JOIN ranking USING (cycle_id, category)"
            " WHERE cycle_id = $1 AND ranking.edition = $2",
            self.cycle_id,
            edition,
        )
        return {"correction": {"zh": "更正"}} if before else {}

    async def kept(self) -> dict[str, int]:
        """Count what the database keeps of this cycle."""
        tables = [
            *("veto", "demotion", "report_step", "ranking", "approval", "release"),
            *("release_instant", "notice", "notice_objection", "notice_answer", "delegation"),
            *("notice_withdrawal", "notice_contact"),
            *("notice_contact_reading", "notice_contact_erasure"),
            *("consequence", "consequence_step"),
            *("linked_result", "linked_step", "linked_reading", "linked_erasure"),
        ]
        counts = [f"(SELECT count(*) FROM {t} WHERE cycle_id = $1) AS {t}" for t in tables]  # noqa: S608 - names of our own
        journal = "(SELECT count(*) FROM journal_entry WHERE chain = $1::text) AS journal"
        [row] = await self.service.sql(f"SELECT {', '.join([*counts, journal])}", self.cycle_id)
        return row

    @asynccontextmanager
    async def unchanged(self) -> AsyncIterator[None]:
        """Hold that nothing of this cycle is added or lost meanwhile."""
        before = await self.kept()
        yield
        assert await self.kept() == before


ROLES = {
    "merge": "performance_office",
    "review": "committee",
    "decision": "standing_committee",
    "publication": "performance_office",
}


@pytest.fixture
def cycle(service: Running) -> Cycle:
    """Give a fresh cycle."""
    return Cycle(service)


@pytest.fixture
def another_cycle(service: Running) -> Callable[[], Cycle]:
    """Give a factory of further cycles."""
    return lambda: Cycle(service)


@pytest.fixture
def checkpointed(service, tmp_path):
    """Give a way to sign checkpoints where the service reads them."""
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    published = {"keys": [key.as_dict(private=False)]}
    (tmp_path / "keys.json").write_text(json.dumps(published))
    signed = []

    def sign(made_at):
        previous = hashlib.sha256(signed[-1].encode()).hexdigest() if signed else None
        said = {"number": len(signed) + 1, "kind": "checkpoint", "made_at": made_at.isoformat()}
        said |= {"previous": previous, "heads": {}, "missing": [], "of": [], "by": []}
        said |= {"back_to": None, "reason": None}
        header = {"alg": "Ed25519", "kid": key.kid}
        signed.append(jws.serialize_compact(header, json.dumps(said), key, ["Ed25519"]))
        (tmp_path / f"{len(signed):08d}.jws").write_text(signed[-1])
        return hashlib.sha256(signed[-1].encode()).hexdigest()

    service.app.state.checkpoints = tmp_path
    yield sign
    service.app.state.checkpoints = None

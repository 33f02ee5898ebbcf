"""The reference city as values: its scheme, and what happened in its county category's year."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import yaml
from compiling import compiled, published
from leading import SEATS
from pydantic import TypeAdapter

from scoring.rules.claims.checks import Claim
from scoring.rules.claims.states import WHOLE
from scoring.rules.ledger.entries import Entry
from scoring.rules.scheme.document import Indicator, Scheme, Target, UnitName

EXAMPLE = Path(__file__).parents[3] / "examples" / "yunchuan-2025"


def number(value: object) -> Decimal:
    return Decimal(str(value))


@pytest.fixture(scope="session")
def raw():
    """The three files as they are written."""
    loaded = {
        path.stem: yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        for path in EXAMPLE.glob("*.yaml")
    }
    return SimpleNamespace(
        scheme=loaded["scheme"], year=loaded["county-year"], vectors=loaded["vectors"]
    )


@pytest.fixture(scope="session")
def document(raw) -> dict:
    """The scheme as it is published; a data source that is no assessed unit stands by its name."""
    units: dict[str, list[str]] = {}
    for unit in raw.scheme["units"]:
        units.setdefault(unit["category"], []).append(unit["code"])
    codes = {unit["name_zh"]: unit["code"] for unit in raw.scheme["units"]}
    return {
        "assessment_year": 2025,
        "rounding": {"places": 4, "mode": "half_up"},
        "ledger": {"zero_report_required": True},
        "categories": [
            {"code": code, "name": code, "units": units[code], "blocks": _blocks(blocks, codes)}
            for code, blocks in raw.scheme["indicators"].items()
        ],
        "composition": {
            "parts": ["function", "public_review", "comprehensive"],
            "bonus": True,
            "deductions": True,
            "max_total": None,
        },
        "adjustments": _adjustments(raw.scheme["adjustments"]),
        "calendar": [_step(step) for step in raw.scheme["calendar"]],
        "panels": [_panel(panel, codes) for panel in raw.scheme["panels"]],
    }


def _panel(raw: dict, codes: dict) -> dict:
    seats = [
        {
            "seat": each["seat"],
            "account": each["account"],
            "unit": codes.get(each["unit"]) or _body(each["unit"]),
        }
        for each in raw["seats"]
    ]
    return {"code": raw["code"], "seats": seats}


def _step(raw: dict) -> dict:
    days = {"date": "date", "from": "opens", "to": "closes", "due": "due"}
    dates = {name: raw.get(word) for word, name in days.items()}
    return {"step": raw["step"], "name": raw["zh"], **dates}


def _blocks(blocks: dict, codes: dict) -> list[dict]:
    return [
        {
            "code": code,
            "name": code,
            "points": str(sum(i["points"] for i in indicators)),
            "indicators": [_indicator(each, codes) for each in indicators],
        }
        for code, indicators in blocks.items()
    ]


def _body(name: str) -> str:
    """Return the code of a body that is not assessed: codes are letters and digits."""
    return f"B-{name.encode('utf-8').hex()}"[:64]


def _indicator(raw: dict, codes: dict) -> dict:
    params = dict(raw["params"])
    if raw["method"] == "survey_score":
        params = {"survey": "phone", "scale": "100"}
    source = raw["data_source_unit"]
    return {
        "code": raw["code"],
        "name": raw["name_zh"],
        "points": str(raw["points"]),
        "method": raw["method"],
        "params": params,
        "data_source_unit": "own_unit" if "/" in source else codes.get(source) or _body(source),
        "allow_exceed": raw.get("allow_exceed", False),
        "frequency": raw.get("frequency", "yearly"),
        "children": [_indicator(child, codes) for child in raw.get("children", ())],
    }


def _adjustments(raw: dict) -> dict:
    window, bonus, deductions = raw["window"], raw["bonus"], raw["deductions"]
    return {
        "window": {"opens": window["from"], "closes": window["to"]},
        "carry_over": "once",
        "bonus": {
            "rules": [rule | {"points": str(rule["points"])} for rule in bonus["rules"]],
            "same_event": "highest",
            "cap_total": str(bonus["cap_total"]),
            "requires": ["holder_match", "indicator_link", "document"],
        },
        "deductions": {
            "rules": [
                {"code": rule["code"], "points": str(rule["points"])}
                for rule in deductions["rules"]
                if "points" in rule
            ],
            "same_event": "highest",
            "cap_total": None,
        },
    }


@pytest.fixture(scope="session")
def scheme(document) -> Scheme:
    """The scheme of all eight categories, read as the service reads it."""
    return compiled(TypeAdapter(Scheme).validate_python(document))


@pytest.fixture(scope="session")
def with_a_panel(document):
    """The reference scheme, whose C12 is marked from seats, and no two units alike."""
    county, *rest = document["categories"]
    params = {"panel": "P1", "scale": "100", "distinct_marks": True, "exclude_own_unit": True}
    blocks = [
        block
        | {
            "indicators": [
                each | ({"params": params} if each["code"] == "C12" else {})
                for each in block["indicators"]
            ]
        }
        for block in county["blocks"]
    ]
    panels = [*document["panels"], {"code": "P1", "seats": SEATS}]
    county = county | {"blocks": blocks, "organiser": "ZH40"}
    return document | {"categories": [county, *rest], "panels": panels}


@pytest.fixture(scope="session")
def names(raw) -> list[UnitName]:
    return [
        UnitName(unit["code"], unit["name_zh"], date(2000, 1, 1), None)
        for unit in raw.scheme["units"]
    ]


@pytest.fixture(scope="session")
def satisfaction(raw) -> dict[tuple[str, str], Decimal]:
    return {("phone", u["unit"]): number(u["satisfaction"]) for u in raw.year["expected"]}


@pytest.fixture(scope="session")
def claims(raw) -> list[Claim]:
    return [claim_of(n, c) for n, c in enumerate(raw.year["claims"])]


def claim_of(n: int, raw: dict) -> Claim:
    return Claim(
        claim_id=UUID(int=n),
        claim_no=raw["id"],
        unit=raw["unit"],
        kind=raw["kind"],
        level=raw["level"],
        authority=raw.get("authority"),
        holder_name=raw.get("holder_name"),
        document_no=raw["document_no"],
        document_date=date.fromisoformat(raw["document_date"]),
        work_year=raw.get("work_year"),
        event_key=raw["event_key"],
        linked_indicator=raw.get("linked_indicator"),
        rule=raw.get("rule"),
        standing=WHOLE,  # the award that was carried over did not count before
    )


@pytest.fixture(scope="session")
def county(raw, scheme) -> SimpleNamespace:
    """The entries and targets of the county category's year."""
    order, values = raw.year["inputs"]["order"], raw.year["inputs"]["values"]
    category = next(c for c in scheme.categories if c.code == "COUNTY")
    ids, entries, targets = count(1), [], []
    for code, indicator in category.indicators().items():
        if indicator.children or indicator.method == "survey_score":
            continue
        for n, unit in enumerate(order):
            for kind, key, item, period, value, word in _facts(code, indicator, values, n):
                entry_id = UUID(int=next(ids))
                entries.append(Entry(entry_id, unit, code, kind, key, item, period, value, word))
            targets += _targets(code, unit, values, n)
    return SimpleNamespace(category=category, entries=entries, targets=targets)


def _facts(code: str, indicator: Indicator, values: dict, n: int) -> Iterator[tuple]:
    """What the ledger holds for unit `n`: kind, key, item, period, value, word."""
    make = _FACTS.get(indicator.method, _actual)
    return make(code, indicator, values, n)


def _actual(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    yield _measured("actual", values[code]["actual"][n])


def _named(code: str, indicator: Indicator, values: dict, n: int) -> Iterator[tuple]:
    yield _measured(indicator.params["input"], values[code][n])


def _blended(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    for key in ("level", "growth"):
        yield _measured(key, values[f"{code}_{key}"][n])


def _ranked(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    if isinstance(values[code], list):
        yield _measured("value", values[code][n])
        return
    for quarter, row in values[code].items():
        yield _measured("value", row[n], period=f"2025{quarter.upper()}")


def _itemised(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    for item, actual in enumerate(values[code]["actual"][n], 1):
        yield _measured("actual", actual, item=str(item))


def _nodes(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    for node, word in enumerate(values[code][n], 1):
        yield ("milestone", None, str(node), "2025", None, word)


def _marks(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    for seat, mark in enumerate(values[code][n], 1):
        yield ("panel_mark", None, str(seat), "2025", number(mark), None)


def _grades(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    # C18A, C18B, C18C stand as a row of three under C18.
    grade = values[code][n] if code in values else values[code[:-1]][n]["ABC".index(code[-1])]
    yield ("grade", None, None, "2025", None, grade)


def _events(code: str, _: Indicator, values: dict, n: int) -> Iterator[tuple]:
    happened = [(key, times) for key, times in values[code][n].items() if times]
    for key, times in happened:
        for _time in range(times):
            yield ("event", key, None, "2025", Decimal(1), None)
    if not happened:
        yield ("event", "zero_report", None, "2025", Decimal(0), None)


_FACTS = {
    "blend": _blended,
    "rank_points": _ranked,
    "deduct_events": _events,
    "milestone": _nodes,
    "grade_map": _grades,
    "qualitative_panel": _marks,
    "items_weighted": _itemised,
    "tiers": _named,
    "all_or_nothing": _named,
}


def _measured(key: str, value: object, item: str | None = None, period: str = "2025") -> tuple:
    return ("measured_value", key, item, period, number(value), None)


def _targets(code: str, unit: str, values: dict, n: int) -> list[Target]:
    given = values.get(code)
    if not isinstance(given, dict):
        return []
    if "targets" in given:
        return [
            Target(unit, code, str(item), number(aim), None)
            for item, aim in enumerate(given["targets"], 1)
        ]
    aim, base = given.get("target"), given.get("baseline")
    if aim is None and base is None:
        return []
    return [
        Target(unit, code, None, number(aim[n]) if aim else None, number(base[n]) if base else None)
    ]


@dataclass
class Cycle:
    """A cycle of its own, with the people who work on it."""

    service: Any
    cycle_id: UUID
    path: str
    number: int

    def caller(self, *roles: str, unit: str | None = None, **who: str | None):
        """Somebody with these roles; `who` may name the `subject` and the `person` behind it."""
        return self.service.caller(*roles, unit=unit, **who)

    def source(self, unit: str = "ZH02", **who: str | None):
        """Somebody of a data source unit; ZH02 is that of indicator C01."""
        return self.caller("data_source_unit", unit=unit, **who)

    @property
    def office(self):
        return self.caller("performance_office")

    @property
    def colleague(self):
        """Somebody else of the office."""
        return self.caller("performance_office", subject="colleague")

    async def claim(self, *claims: dict, by=None) -> list[str]:
        """Hand in claims that are right; return the ids."""
        answer = await self.post(by or self.office, "claims", {"claims": list(claims)})
        assert answer.status_code == 201, answer.text
        return [claim["claim_id"] for claim in answer.json()["rows"]]

    async def confirm(self, claim_id: str, *, by=None, **more):
        """Confirm a claim as a colleague does, or decide otherwise; return the answer."""
        decision = {"claim_id": claim_id, "decision": "confirmed"} | more
        body = {"decisions": [decision]}
        return await self.post(by or self.colleague, "claims/confirmation", body)

    async def post(self, client, path: str, body: dict | None = None, **more):
        return await client.post(f"{self.path}/{path}", json=body, **more)

    async def enter(self, *entries: dict, unit: str = "ZH02", state: str = "submitted"):
        """Enter a batch that is right; return the ids."""
        body = {"entries": list(entries), "state": state}
        answer = await self.post(self.source(unit), "ledger-entries", body)
        assert answer.status_code == 201, answer.text
        return [entry["entry_id"] for entry in answer.json()["rows"]]

    async def enter_late(self) -> None:
        """Close a month, and have something entered about it by leave, and taken back."""
        answer = await self.post(self.office, "periods/2025-01/closing", None)
        assert answer.status_code == 201, answer.text
        about = {"period": "2025-01", "unit": "ZH01", "until": "2099-12-31"}
        leave = about | {"reason": "晚到", "document_no": "云考办〔2025〕5号"}
        answer = await self.post(self.office, "period-permissions", leave)
        assert answer.status_code == 201, answer.text
        event = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
        late = event | {"occurred_on": "2025-01-09"}
        [entry] = await self.enter(late, unit="ZH01", state="draft")
        path = f"ledger-entries/{entry}/withdrawal"
        assert (await self.post(self.source("ZH01"), path, {})).status_code == 200

    async def park(self, others: "OtherServices", reason: str) -> None:
        """Send two rows with a code that means nothing, and discard one of them."""
        none = {
            "as_of": "2025-12-31",
            "units": True,
            "indicators": False,
            "unit_codes": [],
            "indicator_codes": [],
        }
        others.id_schemes["empty"] = none
        about = {"unit": "7001", "indicator": "C01", "kind": "measured_value", "key": "actual"}
        rows = [about | {"value": "1", "source_ref": f"R-{n}"} for n in range(2)]
        path = "ledger-entries?mode=partial&id_scheme=empty"
        answer = await self.post(self.source(), path, {"entries": rows})
        assert answer.status_code == 201, answer.text
        body = {"parked_row_ids": [answer.json()["rows"][0]["parked_row_id"]], "reason": reason}
        answer = await self.post(self.source(), "parked-rows/discard", body)
        assert answer.status_code == 200, answer.text

    async def support(self) -> None:
        """Add a file, and have an entry of ZH02 and a claim of the year name it."""
        source, headers = self.source(), {"Content-Type": "text/plain"}
        path = f"{self.path}/evidence?name=a.txt"
        answer = await source.post(path, content="说明\n".encode(), headers=headers)
        assert answer.status_code == 201, answer.text
        named = {"evidence_ids": [answer.json()["evidence_id"]]}
        entries = (await source.get(f"{self.path}/ledger-entries?author_unit=ZH02")).json()
        claims = (await self.office.get(f"{self.path}/claims")).json()
        of_entry = f"ledger-entries/{entries['items'][0]['entry_id']}/evidence"
        of_claim = f"claims/{claims['items'][0]['claim_id']}/evidence"
        for client, path in ((source, of_entry), (self.office, of_claim)):
            answer = await self.post(client, path, named)
            assert answer.status_code == 200, answer.text

    async def shine(self, unit: str = "XQ01", **more: Any) -> dict:
        """Have a unit report a highlight with a file; return the answer."""
        client = self.caller("assessed_unit", unit=unit, subject=f"of-{unit}")
        path, headers = f"{self.path}/evidence?name=a.txt", {"Content-Type": "text/plain"}
        answer = await client.post(path, content="亮点\n".encode(), headers=headers)
        assert answer.status_code == 201, answer.text
        body = {"title": "一窗通办", "text": "事项由一个窗口受理。"} | more
        body = {"evidence_ids": [answer.json()["evidence_id"]]} | body
        answer = await self.post(client, "highlights", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def award(self, unit: str = "XQ01", **more: Any) -> dict:
        """Have a unit register an award of its own; return the answer."""
        client = self.caller("assessed_unit", unit=unit, subject=f"of-{unit}")
        body = {"name": "先进集体", "level": "provincial", "authority": "省政府"}
        body |= {"document_no": f"省政发〔2025〕7-{self.number}号", "document_date": "2025-05-06"}
        body |= {"awarded_on": "2025-05-06", "holders": [{"unit": unit, "holder_name": unit}]}
        answer = await self.post(client, "awards", body | more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def supervise(self, unit: str = "XQ01") -> str:
        """Register an item, dispatch it, and have its unit sign and report with a file."""
        client = self.caller("assessed_unit", unit=unit, subject=f"of-{unit}")
        path, headers = f"{self.path}/evidence?name=b.txt", {"Content-Type": "text/plain"}
        added = await client.post(path, content="进展\n".encode(), headers=headers)
        assert added.status_code == 201, added.text
        told, share = {"title": "内涝治理", "text": "抓紧整治。"}, {"role": "lead", "share": 100}
        new = told | {"kind": "instruction", "units": [{"unit": unit} | share], "within": 10}
        answer = await self.post(self.office, "supervised-items", {"items": [new]})
        assert answer.status_code == 201, answer.text
        item_id = answer.json()["rows"][0]["item_id"]
        body = {"item_ids": [item_id]}
        answer = await self.post(self.colleague, "supervised-items/dispatch", body)
        assert answer.status_code == 200, answer.text
        report = {"move": "report", "text": "过半。", "evidence_ids": [added.json()["evidence_id"]]}
        for step, move in enumerate(({"move": "sign"}, report), 2):
            path = f"supervised-items/{item_id}/answers"
            answer = await self.post(client, path, {"step": step} | move)
            assert answer.status_code == 201, answer.text
        due = {"move": "redo", "text": "x", "within": 2}
        reply = {"move": "reply", "text": "办结。"}
        path = f"supervised-items/{item_id}"
        answer = await self.post(client, f"{path}/answers", {"step": 4} | reply)
        assert answer.status_code == 201, answer.text
        answer = await self.post(self.office, f"{path}/directions", {"step": 5} | due)
        assert answer.status_code == 201, answer.text
        answer = await self.post(self.office, "supervised-item-events", None)
        assert answer.status_code == 201, answer.text
        return item_id

    async def complain(self, others: "OtherServices", unit: str = "XQ01") -> str:
        """Have a citizen raise a complaint and be reached, and another one whose contact is erased;
        one is registered, accepted, given to a unit, answered, and to be done again."""
        others.schemes[self.cycle_id] = others.schemes[self.cycle_id] | {"complaints": COMPLAINTS}
        body = {"complaints": [{"kind": "hotline", "text": "积水多日。"}]}
        answer = await self.post(self.office, "complaints", body)
        assert answer.status_code == 201, answer.text
        answer = await self.post(self.office, "complaint-desk", {"is_open": True})
        assert answer.status_code == 201, answer.text
        raised = {"kind": "hotline", "text": "积水多日。", "contact": "社区服务站转"}
        async with self.service.client({}) as citizen:
            path = f"/api/v1/public/cycles/{self.cycle_id}/complaints"
            for _ in range(2):
                answer = await citizen.post(path, json=raised)
                assert answer.status_code == 201, answer.text
        found = (await self.office.get(f"{self.path}/complaints")).json()["items"]
        complaint_id, other = found[1]["complaint_id"], found[2]["complaint_id"]
        refused = {"step": 1, "move": "refuse", "text": "不属受理范围。"}
        answer = await self.post(self.office, f"complaints/{other}/directions", refused)
        assert answer.status_code == 201, answer.text
        path = f"complaints/{complaint_id}"
        to = [{"unit": unit, "role": "lead"}]
        for step, move in enumerate(
            (
                {"move": "accept", "kind": "hotline", "about": [unit]},
                {"move": "assign", "units": to},
            ),
            1,
        ):
            answer = await self.post(self.office, f"{path}/directions", {"step": step} | move)
            assert answer.status_code == 201, answer.text
        client = self.caller("assessed_unit", unit=unit, subject=f"of-{unit}")
        answered = {"step": 3, "move": "answer", "text": "已排除。"}
        answer = await self.post(client, f"{path}/answers", answered)
        assert answer.status_code == 201, answer.text
        answer = await self.post(self.office, f"{path}/contact-readings", {"reason": "回访"})
        assert answer.status_code == 201, answer.text
        answer = await self.post(self.office, "complaint-erasures", None)
        assert (answer.status_code, answer.json()["erased"]) == (201, 1), answer.text
        for step, move in enumerate(
            ({"move": "revisit", "word": "dissatisfied"}, {"move": "redo", "text": "未排净。"}), 4
        ):
            answer = await self.post(self.office, f"{path}/directions", {"step": step} | move)
            assert answer.status_code == 201, answer.text
        answer = await self.post(self.office, "complaint-events", None)
        assert (answer.status_code, answer.json()["written"]["redone"]) == (201, 1), answer.text
        return complaint_id

    async def adopt(self, there: "Cycle") -> None:
        """Take an entry of another cycle over, and take it back."""
        about = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
        [entry] = await there.enter(about, unit="ZH01")
        new = {"from_cycle_id": str(there.cycle_id), "entry_id": entry, "state": "draft"}
        answer = await self.post(self.source("ZH01"), "ledger-entries/adoptions", new)
        assert answer.status_code == 201, answer.text
        path = f"ledger-entries/{answer.json()['entry_id']}/withdrawal"
        assert (await self.post(self.source("ZH01"), path, {})).status_code == 200

    async def draw_cards(self) -> dict:
        """Have the cards written that duties have earned by now, and somebody be in charge."""
        today = (await self.office.get(f"{self.path}/duties?limit=1")).json()["as_of"]
        new = {"unit": "ZH02", "lead": "张三", "deputy": "李四", "from_day": today}
        answer = await self.post(self.office, "duty-persons", new)
        assert answer.status_code == 201, answer.text
        return await self.write_cards()

    async def sign(self, others: "OtherServices") -> None:
        """Enter something that has to be signed off, and have it signed off, and taken back."""
        usual = others.schemes[self.cycle_id]
        others.schemes[self.cycle_id] = usual | {"duties": {"signed_off_for": ["C03"]}}
        event = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
        [entry] = await self.enter(event, unit="ZH01", state="draft")
        second = self.source("ZH01", subject="second")
        path = "ledger-entries/signatures"
        answer = await self.post(second, path, {"entry_ids": [entry]})
        assert answer.status_code == 201, answer.text
        path = f"ledger-entries/{entry}/withdrawal"
        assert (await self.post(self.source("ZH01"), path, {})).status_code == 200
        others.schemes[self.cycle_id] = usual

    async def object(self, others: "OtherServices", unit: str = "XQ01") -> str:
        """Have a unit object, with a file, to a mark that was fed back, and the office decide."""
        usual = others.schemes[self.cycle_id]
        others.schemes[self.cycle_id] = usual | {"objections": {}}
        client = self.caller("assessed_unit", unit=unit, subject=f"of-{unit}")
        path, headers = f"{self.path}/evidence?name=c.txt", {"Content-Type": "text/plain"}
        added = await client.post(path, content="异议\n".encode(), headers=headers)
        file = {"evidence_id": added.json()["evidence_id"], "existed_on": "2025-06-30"}
        new = {"about": "mark", "indicator": "C01", "asks": "105", "text": "x", "evidence": [file]}
        answer = await self.post(client, "objections", new)
        assert answer.status_code == 201, answer.text
        objection_id: str = answer.json()["objection_id"]
        body = {"step": 1, "move": "uphold", "text": "属实。", "stands": "105"}
        decider = self.caller("performance_office", subject="decider")
        answer = await self.post(decider, f"objections/{objection_id}/decisions", body)
        assert answer.status_code == 201, answer.text
        return objection_id

    async def check_units(self, others: "OtherServices") -> None:
        """Have two units and an entry of each drawn to be checked: fixed where it is a day earlier
        than where it is drawn."""
        usual, zones = others.schemes[self.cycle_id], ("Etc/GMT+12", "Pacific/Kiritimati")
        of = [{"category": "COUNTY", "number": 2}]
        check = {"code": "SPOT", "name": "抽查", "kind": "spot_check", "of": of, "entries": 1}
        seed_on = datetime.now(timezone(timedelta(hours=-12))).date() + timedelta(days=1)
        fixed = {"seed_source": "彩票", "seed_form": "99 99 99", "seed_on": seed_on.isoformat()}
        drawn = {"seed": "05 12 31", "found_in": "公报"}
        reviewers = {"members": 1, "reviewers": [{"person": "甲", "conflicts": ["XQ01"]}]}
        reviewers["reviewers"] += [{"person": "乙"}]
        first = (self.office, "commitment", fixed), (self.office, "reviewers", reviewers)
        steps = *((zones[0], *each) for each in first), (zones[1], self.colleague, "draw", drawn)
        for zone, who, step, body in steps:
            others.schemes[self.cycle_id] = usual | {"checks": [check], "time_zone": zone}
            answer = await self.post(who, f"checks/SPOT/{step}", body)
            assert answer.status_code == 201, answer.text
        body = {"members": [{"person": "丙"}], "reason": "生病"}
        team = f"checks/SPOT/teams/{answer.json()['drawn_units'][0]}"
        assert (await self.post(self.office, team, body)).status_code == 201
        first, second = answer.json()["drawn_units"]
        await self.find(first)
        check |= {"second_marking": {"share": "1", "tolerance": "1"}}
        check |= {"fraud": {"grade_cap": "good", "indicator": "kept", "hearing_days": 3}}
        others.schemes[self.cycle_id] = usual | {"checks": [check], "time_zone": zones[1]}
        await self.find_fraud(second)
        others.schemes[self.cycle_id] = usual

    async def find(self, unit: str) -> None:
        """Have a member of the team record something about the unit, with a file, and the unit
        sign it."""
        member = self.caller("performance_office", subject="member", person="丙")
        sheet = await member.get(f"{self.path}/checks/SPOT/sheets/{unit}")
        files = (await member.get(f"{self.path}/evidence?limit=1")).json()["items"]
        told = {"unit": unit, "verdict": "right", "text": "现场核对"}
        told |= {"entry_id": sheet.json()["items"][0]["entry_id"]}
        told |= {"evidence_ids": [each["evidence_id"] for each in files]}
        answer = await self.post(member, "checks/SPOT/findings", told)
        assert answer.status_code == 201, answer.text
        signed = f"checks/SPOT/findings/{answer.json()['finding']['finding_id']}/answer"
        own = self.caller("assessed_unit", unit=unit)
        assert (await self.post(own, signed, {"answer": "signed"})).status_code == 201

    async def find_fraud(self, unit: str) -> None:
        """Have two members of a team mark an entry of the unit, what they find upheld, and put
        forward as fraud."""
        team = {"members": [{"person": "丁"}, {"person": "戊"}], "reason": "复核"}
        assert (await self.post(self.office, f"checks/SPOT/teams/{unit}", team)).status_code == 201
        one, two = (
            self.caller("panel_member", subject=person, person=person) for person in ("丁", "戊")
        )
        decider = self.caller("performance_office", subject="decider", person="庚")
        sheet = await one.get(f"{self.path}/checks/SPOT/sheets/{unit}")
        entry = sheet.json()["items"][0]
        told = {"unit": unit, "entry_id": entry["entry_id"], "verdict": "differs", "text": "核"}
        if entry["word"] is None:
            told |= {"value": "2" if entry["value"] == "1" else "1"}
        else:  # a state or a grade, as the drawn ids will have it
            states, grades = ("on_time", "not_done"), ("A", "B")
            words = grades if entry["word"] in {"A", "B", "C", "D"} else states
            told |= {"word": words[entry["word"] == words[0]]}
        answer = await self.post(one, "checks/SPOT/findings", told)
        assert answer.status_code == 201, answer.text
        at = f"checks/SPOT/findings/{answer.json()['finding']['finding_id']}"
        own = self.caller("assessed_unit", unit=unit)
        for who, path, body in (
            (own, f"{at}/answer", {"answer": "signed"}),
            (two, "checks/SPOT/second-marks", told),
            (decider, f"{at}/decision", {"decision": "upheld"}),
            (one, f"{at}/fraud", {"text": "系编造"}),
        ):
            answer = await self.post(who, path, body)
            assert answer.status_code == 201, (path, answer.text)

    async def evaluate_itself(self, others: "OtherServices") -> None:
        """Have a unit give a self mark and hand it in, in a round that is over by then, and the
        round compared."""
        usual = others.schemes[self.cycle_id]
        rounds = [{"code": "HALF", "name": "自评", "until": "2025-07-15", "indicators": ["C01"]}]
        others.schemes[self.cycle_id] = usual | {"self_evaluations": {"rounds": rounds}}
        own = self.caller("assessed_unit", unit="XQ01")
        marks = {"marks": [{"indicator": "C01", "mark": "1", "text": "自评"}]}
        steps = (own, "marks", marks), (own, "hand-in", None), (self.office, "comparison", None)
        for who, step, body in steps:
            answer = await self.post(who, f"self-evaluations/HALF/{step}", body)
            assert answer.status_code == 201, answer.text
        others.schemes[self.cycle_id] = usual

    async def correct_the_record(self, unit: str = "XQ01") -> str:
        """Have an entry of a sealed ledger corrected with a document; return the id."""
        listed = await self.office.get(f"{self.path}/ledger-entries?unit={unit}&state=locked")
        of_value = [each for each in listed.json()["items"] if each["value"] is not None]
        value = str(Decimal(of_value[0]["value"]) + 1)
        document = {"issuer": "云川市审计局", "document_no": "云审报〔2026〕7号"}
        document |= {"document_date": "2026-01-10", "reason": "重复计算", "origin": "audit"}
        new = document | {"what": "replaces", "corrects": of_value[0]["entry_id"], "value": value}
        answer = await self.post(self.colleague, "corrections", new)
        assert answer.status_code == 201, answer.text
        correction = answer.json()["correction"]["correction_id"]
        member = self.caller("committee", subject="member")
        path = f"corrections/{correction}/decision"
        answer = await self.post(member, path, {"decision": "approved"})
        assert answer.status_code == 201, answer.text
        return correction

    async def correct_as_though_sealed(self) -> None:
        """Have something added to a ledger that is sealed for as long as that takes."""
        added = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
        added |= {"period": "2025-03", "value": "1", "what": "adds", "origin": "superior"}
        added |= {"issuer": "省考核办", "document_no": "湘考办〔2026〕3号", "reason": "迟到的扣分"}
        added |= {"document_date": "2026-01-10"}
        await self._phase("sealed")
        answer = await self.post(self.colleague, "corrections", added)
        assert answer.status_code == 201, answer.text
        path = f"corrections/{answer.json()['correction']['correction_id']}/decision"
        body = {"decision": "refused", "text": "证据不足"}
        answer = await self.post(self.caller("committee", subject="member"), path, body)
        assert answer.status_code == 201, answer.text
        await self._phase("open")

    async def _phase(self, phase: str) -> None:
        holder = await asyncpg.connect(self.service.superuser_url, ssl=False)
        try:
            await holder.execute("SET session_replication_role = replica")
            told = "UPDATE ledger SET phase = $2 WHERE cycle_id = $1"
            await holder.execute(told, self.cycle_id, phase)
        finally:
            await holder.close()

    async def write_cards(self) -> dict:
        """Have the cards written that duties have earned by now."""
        answer = await self.post(self.office, "duty-cards", None)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def freeze(self, cut_off: str | None = None, label: str = "上半年") -> dict:
        """Freeze the results so far at a moment, or of now."""
        now = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', $1) AS at"
        form = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
        cut_off = cut_off or (await self.service.sql(now, form))[0]["at"]
        answer = await self.post(self.office, "stage-results", {"label": label, "cut_off": cut_off})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def release(self, stage_no: int, readers: str) -> None:
        """Propose the release of a stage's ranks, and confirm it as another person."""
        at = f"stage-results/{stage_no}/release"
        told = {"readers": readers, "document_no": "云考办〔2025〕9号"}
        assert (await self.post(self.office, at, told)).status_code == 201
        word = {"decision": "confirm"}
        answer = await self.post(self.colleague, f"{at}/confirmation", word)
        assert answer.status_code == 201, answer.text

    async def correct(self, entry_id: str, right: dict, unit: str):
        """Reverse an entry and enter another in its place; verify both."""
        path = f"ledger-entries/{entry_id}/reversal"
        answer = await self.post(self.source(unit), path, {"reason": "x"})
        assert answer.status_code == 201, answer.text
        [entered] = await self.enter(right, unit=unit)
        await self.verify(all_submitted=True)
        return entered

    async def propose_restoration(self, digest: str = "0" * 64, *, by=None):
        """Propose to restore an archive as a colleague does; return the answer."""
        body = {"digest": digest, "reason": "系统迁移"}
        return await self.post(by or self.colleague, "archive/restoration-proposals", body)

    async def score(self, *categories: str) -> int:
        """Compute an edition and return its number."""
        body = {"categories": list(categories) or ["COUNTY"]}
        answer = await self.post(self.office, "score-sheets", body)
        assert answer.status_code == 201, answer.text
        return answer.json()["edition"]

    async def verify(self, by=None, **body):
        answer = await self.post(by or self.office, "ledger-entries/verification", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def at_once(self, *requests: Coroutine) -> list:
        """Send requests that all wait for the ledger, and let them go at the same moment."""
        holder = await asyncpg.connect(self.service.superuser_url, ssl=False)
        try:
            async with holder.transaction():
                await holder.execute(
                    "SELECT 1 FROM ledger WHERE cycle_id = $1 FOR UPDATE", self.cycle_id
                )
                tasks = [asyncio.ensure_future(request) for request in requests]
                await self.wait(len(tasks))
            return await asyncio.gather(*tasks)
        finally:
            await holder.close()

    async def wait(self, number: int) -> None:
        """Look on until so many commands wait for a lock."""
        waiting = (
            "SELECT count(*) AS n FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        for _ in range(500):
            if (await self.service.sql(waiting))[0]["n"] == number:
                break
            await asyncio.sleep(0.01)

    async def ledger(self) -> dict:
        return (await self.office.get(f"{self.path}/ledger")).json()

    async def rows(self) -> dict[str, int]:
        """How many rows of this cycle every table holds, and its journal."""
        counts = [
            f"SELECT '{table}' AS name, count(*) FROM {table} WHERE cycle_id = $1"  # noqa: S608 - the names below
            for table in TABLES
        ]
        counts.append("SELECT 'journal', count(*) FROM journal_entry WHERE chain = $2")
        found = await self.service.sql(
            " UNION ALL ".join(counts), self.cycle_id, str(self.cycle_id)
        )
        return {row["name"]: row["count"] for row in found}


_WORKING = {"accept": 5, "finish": 30, "extension": 30, "days": "working"}
COMPLAINTS = {
    "body": "ZH31",
    "efficiency_complaint": _WORKING,
    "petition": {"accept": 15, "finish": 60, "extension": 30, "days": "calendar"},
    "online_message": {"accept": 2, "finish": 10, "extension": 10, "days": "working"},
    "hotline": {"accept": 1, "finish": 13, "extension": 5, "days": "working"},
}
TABLES = (
    "ledger_entry",
    "ledger_entry_state",
    "entry_likeness",
    "claim",
    "claim_state",
    "counted_award",
    "score_sheet",
    "unit_score",
    "input_document",
    "explanation",
    "explanation_tree",
    "feedback",
    "hand_in",
    "parked_row",
    "parked_row_outcome",
    "evidence",
    "entry_evidence",
    "claim_evidence",
    "highlight",
    "highlight_state",
    "highlight_evidence",
    "registered_award",
    "registered_award_holder",
    "registered_award_state",
    "supervised_item",
    "supervised_item_move",
    "supervised_item_unit",
    "supervised_item_evidence",
    "supervised_item_event",
    "complaint",
    "complaint_move",
    "complaint_unit",
    "complaint_event",
    "complaint_desk",
    "complaint_contact",
    "complaint_contact_reading",
    "complaint_erasure",
    "objection",
    "objection_move",
    "objection_evidence",
    "adopted_entry",
    "duty_card",
    "duty_card_event",
    "duty_person",
    "stage",
    "unit_stage",
    "stage_state",
    "entry_signature",
    "restoration_proposal",
    "check_commitment",
    "check_list",
    "check_draw",
    "check_pool",
    "check_reviewer",
    "check_team_member",
    "check_finding",
    "check_finding_step",
    "check_finding_evidence",
    "check_fraud_step",
    "check_second_mark",
    "self_mark",
    "self_evaluation",
    "self_evaluation_comparison",
    "self_evaluation_gap",
    "correction",
    "correction_decision",
)
INDICATORS_DOWN = UUID(int=503)
NO_SCHEME = UUID(int=404)


def satisfied(unit: str, satisfaction: Decimal | None) -> dict:
    """Return what the survey service says of a unit with samples of all waves."""
    told = None if satisfaction is None else str(satisfaction)
    standing = "unfinished" if told is None else "settled"
    return {
        "unit": unit,
        "standing": standing,
        "below_minimum": [],
        "questionnaires_differ": False,
        "satisfaction": told,
        "all_counted": told,
    }


class OtherServices:
    """Plays indicators and survey; remembers what it was asked.

    A cycle in `schemes` has a scheme of its own; `cycles` are those that there are. A changed
    scheme is given back as it came, laid over with what stands in `completed`; or refused, when
    `faults` has any.
    """

    def __init__(self, document: dict, raw: Any, targets: list, satisfaction: dict) -> None:
        self.asked: list[str] = []
        self.schemes: dict[UUID, dict] = {}
        self.cycles: list[dict] = []
        self.id_schemes: dict[str, dict] = {}
        self.calendars: dict[str, dict] = {}
        self.completed: dict = {}
        self.items: dict[UUID, list[dict]] = {}
        self.reports: dict[UUID, list[dict]] = {}
        self.projects: dict[UUID, list[dict]] = {}
        self.faults: list[dict] = []
        self._scheme = document
        self.units = [
            {"code": unit["code"], "names": [_name(unit["name_zh"])], "succeeds": []}
            for unit in raw.scheme["units"]
        ]
        self._targets = [
            {
                "unit": t.unit,
                "indicator": t.indicator,
                "item": t.item,
                "target": t.target and str(t.target),
                "baseline": t.baseline and str(t.baseline),
            }
            for t in targets
        ]
        found = [satisfied(u, s) for (_, u), s in satisfaction.items()]
        self.surveys = [{"code": "phone", "units": found}]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"].startswith("Bearer ")
        path = request.url.path
        self.asked.append(path)
        if path == "/api/v1/units":
            half = len(self.units) // 2
            first = "after" not in request.url.params
            page = self.units[:half] if first else self.units[half:]
            return httpx.Response(200, json={"items": page, "next": "x" if first else None})
        if path == "/api/v1/cycles":
            return httpx.Response(200, json={"items": self.cycles, "next": None})
        if path.startswith("/api/v1/calendars/"):
            year = path.split("/")[4]
            none = {"year": int(year), "announced": False, "recorded_at": None, "days": []}
            return httpx.Response(200, json=none | self.calendars.get(year, {}))
        cycle, resource = UUID(path.split("/")[4]), path.split("/")[5]
        if cycle in (INDICATORS_DOWN, NO_SCHEME):
            return httpx.Response(cycle.int)
        computed = {"scheme-checks": self._check, "next-scheme": self._begun}
        if resource in computed:
            return computed[resource](request)
        if resource == "scheme":
            own = self.schemes.get(cycle)
            return httpx.Response(200, content=self._usual if own is None else _written(own))
        if resource == "id-schemes":
            known = self.id_schemes.get(path.split("/")[6])
            return httpx.Response(404) if known is None else httpx.Response(200, json=known)
        documents = {
            "targets": {"digest": "2" * 64, "targets": self._targets},
            "satisfaction": {"digest": "3" * 64, "surveys": self.surveys},
            "projects": {"cycle_id": str(cycle), "projects": self.projects.get(cycle, [])},
            "names": {
                "units": [
                    {"code": u["code"], "name": u["names"][0]["name"]}
                    for u in self.units
                    if u["names"]
                ]
            },
            "consequences": {"items": self.reports.get(cycle, []), "next": None},
            "rectification-items": {"items": self.items.get(cycle, []), "next": None},
        }
        return httpx.Response(200, json=documents[resource])

    @cached_property
    def _usual(self) -> bytes:
        """The answer with the scheme of nearly all cycles: every request to scoring asks for it."""
        return _written(self._scheme)

    def _begun(self, _: httpx.Request) -> httpx.Response:
        """Return the usual scheme a year on, and one thing to decide about it."""
        scheme = json.loads(self._usual)["scheme"]
        matter = {"pointer": "/duties", "code": "lapses", "en": "It lapses.", "zh": "失效。"}
        begun = scheme | {"assessment_year": scheme["assessment_year"] + 1}
        told = {"digest": "1" * 64, "to_decide": [matter], "to_decide_count": 1}
        return httpx.Response(200, json=told | {"scheme": begun})

    def _check(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content, parse_float=str)
        if self.faults:
            problem = {"title": "Refused.", "detail": "See the faults.", "errors": self.faults}
            return httpx.Response(422, json=problem)
        return httpx.Response(200, json=published((body | self.completed)["scheme"]))


def _written(scheme: dict) -> bytes:
    return _kept(json.dumps(scheme))


@lru_cache(maxsize=32)
def _kept(scheme: str) -> bytes:
    """The answer with a scheme, written once: every request to scoring asks for it."""
    return json.dumps(published(json.loads(scheme))).encode()


def _name(name: str) -> dict:
    return {"name": name, "kind": "legal", "valid_from": "2000-01-01", "valid_to": None}


@pytest.fixture(scope="session")
def others(document, raw, county, satisfaction) -> OtherServices:
    return OtherServices(document, raw, county.targets, satisfaction)


@pytest.fixture(scope="session")
async def service(run_service, others, tmp_path_factory):
    # Imported here, so that the tests of the rules do not wait for a web framework.
    from scoring.app import create_app
    from scoring.settings import Settings

    kept = tmp_path_factory.mktemp("evidence")
    stores = {"evidence_store": str(kept), "complaint_keys": str(kept / "complaint-keys")}
    return await run_service("scoring", create_app, peers=others, settings=Settings, **stores)


@pytest.fixture(scope="session")
def new_cycle(service) -> Callable[[], Cycle]:
    """A factory of cycles that nothing has happened in."""

    numbers = count(1)

    def make() -> Cycle:
        cycle_id = uuid4()
        return Cycle(service, cycle_id, f"/api/v1/cycles/{cycle_id}", next(numbers))

    return make


@pytest.fixture(scope="session")
def new_year(new_cycle, county, raw) -> Callable[..., Coroutine[Any, Any, Cycle]]:
    """A factory of cycles in which the reference year has happened and been verified, `after` that
    was done which has to come first."""

    async def play(after: Callable[[Cycle], Coroutine[Any, Any, Any]] | None = None) -> Cycle:
        cycle, posted = new_cycle(), dict[str, list[dict]]()
        if after is not None:
            await after(cycle)
        for entry in county.entries:
            source = county.category.indicators()[entry.indicator].data_source_unit
            posted.setdefault(source, []).append(told(entry))
        for source, entries in posted.items():
            await cycle.enter(*entries, unit=source)
        await cycle.verify(all_submitted=True)
        # Every cycle has documents of its own: over cycles too, an award counts once.
        fields = ("unit", "kind", "level", "authority", "holder_name", "document_date", "work_year")
        fields += ("event_key", "linked_indicator", "rule")
        claims = [
            {k: c[k] for k in fields if k in c}
            | {"claim_no": c["id"], "document_no": f"{c['document_no']}-{cycle.number}"}
            for c in raw.year["claims"]
        ]
        ids = await cycle.claim(*claims)
        decisions = [{"claim_id": claim_id, "decision": "confirmed"} for claim_id in ids]
        carried = {"counted": False, "reason": "2024 年度未计算"}
        for decision, claim in zip(decisions, claims, strict=True):
            if claim.get("work_year") == 2024:
                decision["counted_earlier"] = carried
        body = {"decisions": decisions}
        answer = await cycle.post(cycle.colleague, "claims/confirmation", body)
        assert answer.status_code == 200, answer.text
        return cycle

    return play


def told(entry: Entry) -> dict:
    """An entry as its data source hands it in."""
    value = None if entry.value is None else str(entry.value)
    fields = {n: getattr(entry, n) for n in ("unit", "indicator", "kind", "key", "item", "word")}
    return fields | {"period": entry.period, "value": value}


@pytest.fixture
def cycle(new_cycle) -> Cycle:
    return new_cycle()

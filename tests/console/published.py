"""Years of three small units, played as far as somebody without an account finds something of them:
two released, the later one corrected by another release, and a third whose notice runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.system.harness import Installation
from tests.system.two_worlds import indicator, seal_as_seen

from kaoping.card import Credentials
from kaoping.client import Client

UNITS = {"TOWN1": "东乡", "TOWN2": "西乡", "TOWN3": "南乡"}
SOURCE, BODY = "TOWNDATA", "TOWNBODY"
SECRET = "a-secret-that-is-long-enough"
PEOPLE = {
    "town-office": (None, "performance_office"),
    "town-colleague": (None, "performance_office"),
    "town-member": (None, "committee"),
    "town-standing": (None, "standing_committee"),
    "town-source": (SOURCE, "data_source_unit"),
}
TIERS = [{"min": 90, "points": 100}, {"min": 80, "points": 85}, {"min": 0, "points": 70}]
SHOWN = {"grades": True, "ranks": True, "scores": True, "blocks": True, "reasons": True}


def scheme(year: int, **more: Any) -> dict[str, Any]:
    done = indicator("DONE", 100, "tiers", {"input": "v", "tiers": TIERS}, data_source_unit=SOURCE)
    block = {"code": "work", "name": "重点工作", "points": 100, "indicators": [done]}
    category = {"code": "TOWN", "name": "乡镇街道", "name_en": "towns", "organiser": SOURCE}
    return {
        "title": "乡镇考评",
        "code": f"TOWN-{year}",
        "assessment_year": year,
        "rounding": {"places": 2},
        "ledger": {"zero_report_required": True},
        "calendar": [],
        "surveys": [],
        "tags": [],
        "categories": [category | {"total": 100, "units": [*UNITS], "blocks": [block]}],
        "composition": {"parts": ["work"], "bonus": False, "deductions": False},
        "vetoes": {"grade_cap": "fair", "limit": 2, "items": [{"code": "V1", "name": "安全事故"}]},
        "demotions": [],
        "grades": {
            "order": ["good", "fair"],
            "names": {"good": "优秀", "fair": "合格"},
            "levels": [{"grade": "good", "rate": "0.5", "rounding": "ceiling", "min_score": 10}],
            "unqualified_below": 10,
            "vacancy": "leave",
        },
        "ranking": {"tie_break": [], "ties": "same_rank_skip"},
        "publication": {"public": SHOWN},
        **more,
    }


@dataclass
class Towns:
    """The years of the towns, each by its id, and the people who work on them."""

    people: Mapping[str, Client]
    years: dict[int, str]

    def play(self, year: int, values: Mapping[str, str], **more: Any) -> str:
        """Play a year until its ranking was reviewed; return where it is."""
        office = self.people["town-office"]
        cycle = {"name": f"{year}年乡镇考评", "jurisdiction": "439901", "assessment_year": year}
        self.years[year] = office.post("/cycles", cycle)["cycle_id"]
        path = f"/cycles/{self.years[year]}"
        draft = office.post(f"{path}/scheme-versions", {"scheme": scheme(year, **more)})
        office.post(f"{path}/scheme-versions/{draft['version']}/publication")
        told = {"indicator": "DONE", "kind": "measured_value", "key": "v"}
        entries = [{"unit": unit, "value": value, **told} for unit, value in values.items()]
        posted = {"entries": entries, "state": "submitted"}
        self.people["town-source"].post(f"{path}/ledger-entries", posted)
        verified = {"all_submitted": True}
        self.people["town-colleague"].post(f"{path}/ledger-entries/verification", verified)
        seal_as_seen(office, path)
        office.post(f"{path}/score-sheets", {"categories": ["TOWN"]})
        office.post(f"{path}/score-sheets/1/feedback")
        self.rank(path)
        return path

    def rank(self, path: str) -> int:
        """Have an edition computed, merged and reviewed; return its number."""
        office = self.people["town-office"]
        ranked = {"category": "TOWN", "score_sheet_edition": 1}
        edition: int = office.post(f"{path}/rankings", ranked)["ranking"]["edition"]
        office.post(f"{path}/rankings/{edition}/merge", {})
        self.people["town-member"].post(f"{path}/rankings/{edition}/review", {})
        return edition

    def publish(self, path: str, edition: int, **more: Any) -> None:
        """Decide on an edition and publish it."""
        self.people["town-standing"].post(f"{path}/rankings/{edition}/decision", {})
        self.people["town-colleague"].post(f"{path}/rankings/{edition}/publication", more)

    def veto(self, path: str, unit: str) -> None:
        """Report a veto of a unit, and confirm it."""
        said = {"unit": unit, "code": "V1", "document_no": "文〔2025〕9号", "note": None}
        reported = self.people["town-office"].post(
            f"{path}/vetoes", {**said, "decided_on": "2024-12-31"}
        )["veto"]
        confirmed = {"of": "report", "decision": "confirm", "reason": None}
        at = f"{path}/vetoes/{reported['number']}/confirmation"
        self.people["town-colleague"].post(at, confirmed)


def begin(installation: Installation, people: Mapping[str, Client]) -> Towns:
    """Register the towns, and play their years."""
    kinds = dict.fromkeys(UNITS, "assessed") | {SOURCE: "body", BODY: "body"}
    units = [
        {"code": code, "name": UNITS.get(code, code), "kind": kind, "uscc": None}
        | {"valid_from": "2000-01-01"}
        for code, kind in kinds.items()
    ]
    people["town-office"].post("/units", {"units": units})
    towns = Towns(people, {})
    first = towns.play(2023, {"TOWN1": "85", "TOWN2": "95", "TOWN3": "40"})
    towns.publish(first, 1)
    second = towns.play(2024, {"TOWN1": "95", "TOWN2": "85", "TOWN3": "40"})
    towns.publish(second, 1)
    towns.veto(second, "TOWN1")
    said = {"zh": "东乡发生安全事故，等次受限。", "en": "A veto was found."}
    towns.publish(second, towns.rank(second), correction=said)
    notice = {"after": "review", "working_days": 5, "shows": "grades_and_ranks"}
    values = {"TOWN1": "95", "TOWN2": "85", "TOWN3": "40"}
    third = towns.play(2025, values, notice=notice, complaints={"body": BODY})
    people["town-office"].post(f"{third}/rankings/1/notice", {"text": "异议可在公示期内提出。"})
    people["town-office"].post(f"{third}/complaint-desk", {"is_open": True})
    return towns


def invite(installation: Installation) -> list[str]:
    """Make the accounts of the people of the towns; return their names."""
    with installation.client(installation.administrator) as administrator:
        accounts = [
            {"subject": who, "kind": "person", "name": who, "unit": unit, "roles": [role]}
            | {"secret": SECRET}
            for who, (unit, role) in PEOPLE.items()
        ]
        administrator.post("/accounts", {"accounts": accounts})
    return [*PEOPLE]


def credentials(who: str) -> Credentials:
    return Credentials(who, SECRET)

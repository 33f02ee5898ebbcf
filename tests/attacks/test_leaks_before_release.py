"""Nobody learns before the release what is another unit's, by whatever he asks, sends or guesses.

Two worlds that differ only in what units of one category did are asked and sent the same by every
kind of account that has to do with that category and is not of the office. All answers must be
equal: status, headers, bytes, order. Ids that exist in one world only are guessed in the other.

Planted bugs, seen to fail: claim numbers that are unique in the cycle, numbers of reports that
count, the digest of what all people said for a member of a committee, 403 for a report that is
somebody else's, decisions and answers of the own category for a member of the committee.
"""

import datetime as dt
import json
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product

import pytest
from tests.contracts.publish import ROOT
from tests.system.harness import in_one_process
from tests.system.two_worlds import (
    MOMENT,
    SCHEME,
    UUID,
    VARYING,
    fix_list,
    fix_lists,
    freeze,
    indicator,
    opaque,
    seal_as_seen,
    settled,
    tag_of,
    unpacked,
)

from chassis.authorisation import load
from kaoping.card import Credentials

SECRET = "a-secret-that-is-long-enough"
MATRIX = load(ROOT / "gateway" / "authorisation.yaml")
NOT_HERE = {"system_administrator", "performance_office", "auditor"}
NOT_HERE |= {"security_administrator", "audit_administrator", "daily_round"}
APART = {"committee", "standing_committee", "organiser", "statistics", "supervision"}
APART |= {"personnel_system"}
OUTSIDE = sorted({*MATRIX.roles} - NOT_HERE - APART)
OF_SYSTEMS = {role for role, told in MATRIX.roles.items() if told.get("held_by") == "client"}

ACCOUNTS = {
    "office": (None, ["performance_office"]),
    "colleague": (None, ["performance_office"]),
    "committee": (None, ["committee"]),
    "S2": ("S2", ["data_source_unit"]),
    **{unit: (unit, ["assessed_unit"]) for unit in ("A1", "A2", "A3", "A4", "B1", "B2")},
    "checker": ("O3", ["data_source_unit"]),
    "S1": ("S1", ["data_source_unit"]),
    "R1": ("R1", ["responsible_body"]),
    "C1": ("C1", ["survey_centre"]),
    "D1": ("D1", ["second_body"]),
    "O2": ("O2", ["organiser"]),
    "A1-source": ("A1", ["data_source_unit"]),
    "A1-body": ("A1", ["responsible_body"]),
    "A1-committee": ("A1", ["committee"]),
    "A1-standing": ("A1", ["standing_committee"]),
    "A1-organiser": ("A1", ["organiser"]),
    "A1-everything": ("A1", OUTSIDE),
    "A1-statistics": ("A1", ["statistics", "budget", "personnel_system"]),
    "A1-supervision": ("A1", ["supervision", "personnel"]),
    "inspector": (None, ["panel_member"]),
}
BEHIND, AHEAD = "Etc/GMT+12", "Pacific/Kiritimati"
"""What is tomorrow by the one zone is not to come any more by the other."""


def kind_of(roles):
    """Return whether a person holds such roles, or another system."""
    return "client" if OF_SYSTEMS & {*roles} else "person"


DAYS = ("2025-03-01", "2025-03-02")
"""Those of the documents in either world: a unit reads which of its own in others are like them."""

ATTACKERS = ["A1", *list(ACCOUNTS)[list(ACCOUNTS).index("S1") :]]


def scheme():
    """The scheme of the two worlds, with a second category, a survey, and others who decide."""
    told = deepcopy(SCHEME)
    block = told["categories"][0]["blocks"][0]
    block["indicators"] = deepcopy(block["indicators"])
    for each in block["indicators"]:
        sources = {"OWN": "own_unit", "PIECE": "S1", "FOUND": "S1"}
        each["data_source_unit"] = sources.get(each["code"], "S2")
        if each["code"] == "FOUND":
            each["findings_by"] = ["S2"]
    block["indicators"][0]["points"] = 5
    asked = indicator("SAID", 10, "survey_score", {"survey": "phone", "scale": 100})
    block["indicators"].append(asked | {"data_source_unit": "C1"})
    near = indicator("NEAR", 90, "tiers", {"input": "v", "tiers": [{"min": 90, "points": 90}]})
    also = asked | {"code": "TOLD", "data_source_unit": "C1"}
    told["categories"].append(
        {
            "code": "BOTH",
            "name": "两单位",
            "organiser": "O2",
            "total": 100,
            "units": ["B1", "B2"],
            "blocks": [{"code": "b", "name": "b", "points": 100, "indicators": [near, also]}],
        }
    )
    phone = {"code": "phone", "name": "电话调查", "mode": "phone_survey", "collector": "C1"}
    options = {"options": {"good": 100, "bad": 0}, "unscored": ["dont_know"]}
    told["surveys"] = [phone | {"waves": 1, "min_valid": 3} | options]
    told["calendar"] = [
        {"step": "target_revision_deadline", "name": "目标调整截止", "date": "2199-12-31"}
    ]
    fraud = {"grade_cap": "poor", "indicator": "void", "hearing_days": 5}
    told["checks"] = [told["checks"][0] | {"fraud": fraud}, *told["checks"][1:]]
    told["recusals"] = [{"unit": "B1", "body": "D1"}]
    rounds = [{"code": code, "name": "自评", "until": "2025-06-30"} for code in ("HALF", "YEAR")]
    told["self_evaluations"] = {"rounds": rounds}
    told["complaints"] = {"body": "S2", "least": 1}
    bodies = {"responsible_units": ["R1", "A1"]}
    told["vetoes"]["items"] = [
        {"code": "V1", "name": "数据造假", **bodies},
        {"code": "V2", "name": "重大事故"},
    ]
    happening = {"name": "处置不当", "effect": "down_one_grade"}
    told["demotions"] = [
        happening | {"code": "M1", "event": "mishandled", **bodies},
        happening | {"code": "M2", "event": "late"},
    ]
    return told


@dataclass
class World:
    """A cycle that has been played, what is known of it, and its ids by a name for them."""

    cycle: str
    survey: str
    day: str
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def at(self):
        return f"/cycles/{self.cycle}"

    def plain(self, text, *, digests=True):
        """Take out what is drawn or measured anew each time, and nothing else."""
        for name, each in self.ids.items():
            text = text.replace(each, name)
        text = text.replace(tag_of(self.cycle), "TAG").replace(self.day, "DAY")
        if digests:  # of bodies with ids that are drawn
            text = re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", text)
        text = re.sub(r'"(seq|number)":"?\d+"?|"next":"\d+"', "N", text)
        text = re.sub(r"/(vetoes|demotions)/\d+/", r"/\1/N/", text)
        known = {self.cycle: "CYCLE", self.survey: "SURVEY"}
        text = UUID.sub(lambda m: known.setdefault(m[0], f"id{len(known)}"), text)
        return MOMENT.sub("MOMENT", opaque(text))


def claim(world, unit, number, tail, **more):
    told = {"claim_no": number, "unit": unit, "kind": "bonus", "level": "national"}
    told |= {"authority": "国务院", "holder_name": unit, "document_date": world.day}
    told |= {
        "document_no": f"国发〔2025〕{tag_of(world.cycle)}{tail}号",
        "event_key": f"{unit}{tail}",
    }
    return told | more


def report(unit, code, document, **more):
    return {"unit": unit, "code": code, "document_no": document, "decided_on": "2025-12-31", **more}


MONTH = dt.timedelta(days=30)


def begin(people, day, jurisdiction="439900"):
    """Make a cycle with its scheme, its targets and its survey."""
    office = people["office"]
    cycle = {"name": "泄露", "jurisdiction": jurisdiction, "assessment_year": 2025}
    world = World(office.post("/cycles", cycle)["cycle_id"], "", day)
    publish(office, world, BEHIND)
    fix_list(office, world.at, "RECHECK", 1)
    publish(office, world, AHEAD)
    office.post(f"{world.at}/scheme-versions", {"scheme": scheme(), "reason": "征求意见"})
    asked = {"about": "请提意见", "closes_on": str(dt.datetime.now(dt.UTC).date() + MONTH)}
    office.post(f"{world.at}/scheme-versions/3/consultation", asked)
    values = {"item": None, "target": "10", "baseline": None, "pledge": None}
    targets = [{"unit": f"A{n}", "indicator": "OWN", **values} for n in (1, 2, 3, 4)]
    office.post(f"{world.at}/targets", {"targets": targets, "reason": None})
    world.survey = office.post(f"{world.at}/surveys", {"code": "phone"})["survey_id"]
    return world


def publish(office, world, zone):
    told = {"scheme": scheme() | {"time_zone": zone}, "reason": "x"}
    version = office.post(f"{world.at}/scheme-versions", told)["version"]
    office.post(f"{world.at}/scheme-versions/{version}/publication")


VALUES = {
    "SOLO": {"A1": "95", "A2": "80", "A3": "70", "A4": "91"},
    "RANK": {"A1": "9", "A2": "5", "A3": "4", "A4": "3"},
    "BEST": {"A1": "6", "A2": "7", "A3": "9", "A4": "3"},
    "BAND": {"A1": "20", "A2": "40", "A3": "10", "A4": "60"},
    "MEAN": {"A2": "60", "A3": "40", "A4": "80"},
    "AWAY": {"A1": "11", "A2": "17", "A3": "23", "A4": "19"},
    "SHARE": {"A1": "11", "A2": "17", "A3": "23", "A4": "19"},
    "NEAR": {"B1": "95", "B2": "80"},
}
OTHERWISE = {"SOLO": "95", "RANK": "8", "BEST": "5", "BAND": "11"}
"""What A2 has in the other world; no score of A1 rests on it."""


def measured(unit, code, value, **more):
    keys = {"OWN": "actual", "SOLO": "v", "NEAR": "v"}
    told = {"unit": unit, "indicator": code, "kind": "measured_value"}
    return told | {"key": keys.get(code, "value"), "value": value, **more}


PARKING = "ledger-entries?mode=partial&id_scheme=uscc"


def enter(world, people, *, otherwise):
    """Let the data sources and the units enter everything, and people be asked."""
    said = {"category": "ALL", "indicator": "BEST", "text": "不妥" if otherwise else "同意"}
    told = {"comments": [said, {"text": "再议"}] if otherwise else [said]}
    people["A2"].post(f"{world.at}/scheme-versions/3/comments", told)
    year = world.day[:4]
    visit = {"inspection": "V1", "name": "暗访", "kind": "unannounced_visit", "body": "S2"}
    visit |= {"starts_on": f"{year}-06-0{1 + otherwise}", "ends_on": f"{int(year) + 1}-06-30"}
    visit |= {"units": ["A2", "A3"] if otherwise else ["A2"], "indicators": ["BEST"]}
    people["office"].post(f"{world.at}/inspections", {"inspections": [visit]})
    by = {"S1": [], "S2": []}
    for code, units in VALUES.items():
        for unit, value in units.items():
            changed = OTHERWISE.get(code, value) if otherwise and unit == "A2" else value
            by["S1" if code == "NEAR" else "S2"].append(measured(unit, code, changed))
    by["S1"] += [measured(f"A{n}", "PIECE", "1", key="count", item=f"P-{n}") for n in (1, 2, 3, 4)]
    by["S2"] += [
        {"unit": unit, "indicator": "GRADE", "kind": "grade", "word": word}
        for unit, word in {"A1": "B", "A2": "AB"[not otherwise], "A3": "B", "A4": "B"}.items()
    ]
    by["S1"] += [
        {"unit": unit, "indicator": "FOUND", "kind": "event", "key": "zero_report"}
        for unit in ("A1", "A2", "A3", "A4")
    ]
    found = {"indicator": "FOUND", "kind": "inspection_finding", "key": "late"}
    by["S2"] += [
        found | {"unit": unit, "occurred_on": "2025-05-06"}
        for unit in ("A1", *["A2"] * 2 * otherwise, *["A3"] * (not otherwise))
    ]
    own = {"A1": "2", "A2": "8", "A3": "3" if otherwise else "7", "A4": "8"}
    by |= {u: [measured(u, "OWN", value) | {"source_ref": "R-1"}] for u, value in own.items()}
    for who, entries in by.items():
        body = {"entries": entries, "state": "submitted"}
        told = people[who].post(f"{world.at}/ledger-entries", body)["rows"]
        world.ids[f"ENTRY-{who}"] = told[0]["entry_id"]
        if who == "S2":  # about another unit in either world
            world.ids["FINDING"] = told[-1]["entry_id"]
    for who in ("A1", "A2"):
        add_evidence(people[who], world, who, otherwise=otherwise)
    waiting = measured("91110000802100433B", "OWN", "3" if otherwise else "7", source_ref="R-9")
    told = people["A2"].post(f"{world.at}/{PARKING}", {"entries": [waiting]})["rows"]
    world.ids["PARKED-A2"] = told[0]["parked_row_id"]
    at = f"/surveys/{world.survey}/waves/1"
    people["office"].post(f"{at}/opening")
    rows = [
        {"unit": unit, "respondent_token": f"respondent-{unit}-{n:04}", "group": None}
        | {"outcome": "completed", "answer": "good"}
        for unit in ("A1", "A2", "A3", "A4", "B1", "B2")
        for n in range(3)
    ]
    if otherwise:
        rows[4] |= {"answer": "bad"}
        # How many were interviewed the collector may know, and what they answered nobody.
        rows[8] |= {"answer": "dont_know"}
    people["C1"].post(
        f"{at}/batches", {"batch_no": "1", "control_totals": {"count": len(rows)}, "rows": rows}
    )


def happen(world, people, *, otherwise):
    """Let the other units claim and be reported; more so in the other world."""
    handed = [("A1", "N-0", "1"), ("A2", "M-0", "2"), ("B1", "N-0", "3")]
    handed += [("A2", f"N-{n}", f"1{n}") for n in range(1, 7)] * otherwise
    for unit, number, tail in handed:
        # Not like any other document: who decides is shown what is.
        more = {} if number.endswith("-0") else {"document_date": "2025-09-09", "authority": "密"}
        body = {"claims": [claim(world, unit, number, tail, **more)]}
        told = people[unit].post(f"{world.at}/claims", body)["rows"]
        name = f"CLAIM-{unit}" if number.endswith("-0") else f"MORE-{number}"
        world.ids[name] = told[0]["claim_id"]
    for who in ("A1", "A2"):
        shine(people[who], world, who, otherwise=otherwise)
        honour(people[who], world, who, otherwise=otherwise)
    supervise(people, world, otherwise=otherwise)
    evaluate(people, world, otherwise=otherwise)
    complain(people, world, otherwise=otherwise)
    recheck(people, world, otherwise=otherwise)
    for kind, code, count in (("vetoes", "V2", 4), ("demotions", "M2", 2)):
        name = {"vetoes": "veto", "demotions": "demotion"}[kind]
        for n in range(count * otherwise):
            body = report("A2" if kind == "vetoes" else "A3", code, f"密{n}")
            told = people["office"].post(f"{world.at}/{kind}", body)[name]
            world.ids[f"{name.upper()}-{n}"] = str(told["number"])
    # What one world has and the other has not is guessed there.
    for n in range(1, 7):
        world.ids.setdefault(f"MORE-N-{n}", str(uuid.uuid5(uuid.NAMESPACE_OID, f"{n}")))
    for n in range(4):
        world.ids.setdefault(f"VETO-{n}", str(1_900_000_001 + n))
    for n in range(2):
        world.ids.setdefault(f"DEMOTION-{n}", str(1_900_000_011 + n))


def finish(world, people, *, otherwise):
    """Confirm, seal, score, feed back and rank, and release nothing."""
    office, colleague, second = people["office"], people["colleague"], people["D1"]
    items = second.get(f"{world.at}/ledger-entries?unit=B1&state=submitted")["items"]
    second.post(f"{world.at}/ledger-entries/verification", {
        "entry_ids": [each["entry_id"] for each in items],
    })  # fmt: skip
    colleague.post(f"{world.at}/ledger-entries/verification", {"all_submitted": True})
    reports = [("vetoes", f"VETO-{n}") for n in range(4)]
    reports += [("demotions", f"DEMOTION-{n}") for n in range(2)]
    for kind, name in reports * otherwise:
        colleague.post(f"{world.at}/{kind}/{world.ids[name]}/confirmation", OF)
    at = f"/surveys/{world.survey}/waves/1"
    # The second body has tried what it may: it proposed to void the wave.
    refuse = {"decision": "refuse", "reason": "x"}
    people["committee"].post(f"{at}/voidings/1/confirmation", refuse)
    office.post(f"{at}/stopping")
    office.post(f"{at}/closing", {"below_minimum_because": "x"})
    if otherwise:
        told = {"treatment": "counted", "reason": "x", "document_no": "密"}
        office.post(f"{at}/sample-decisions", {"units": ["A3"], **told})
        people["committee"].post(f"{at}/sample-decisions/1/confirmation")
    fix_lists(office, world.at, ["SPOT"])
    freeze(office, world.at)
    if otherwise:
        office.post(f"{world.at}/stage-results/1/release", RELEASE)
    seal_as_seen(office, world.at)
    office.post(f"{world.at}/score-sheets", {"categories": None})
    office.post(f"{world.at}/score-sheets/1/feedback")


SENT = {
    "ledger-entries": [
        *(
            lambda w, u=unit, c=code: {"entries": [measured(u, c, "1")], "state": "submitted"}
            for unit, code in product(("A1", "A2", "A3", "B2", "Z9"), ("OWN", "SOLO", "MEAN"))
        ),
        *(
            lambda w, u=unit, r=ref: {"entries": [measured(u, "OWN", "8") | {"source_ref": r}]}
            for unit, ref in product(("A1", "A2"), ("R-1", "R-2"))
        ),
        lambda w: {"entries": [measured("A2", "PIECE", "1", key="count", item="P-9")]},
        lambda w: {"entries": [measured("A2", "PIECE", "1", key="count", item="P-2")]},
        lambda w: {
            "entries": [{"unit": "A2", "indicator": "SOLO", "kind": "not_applicable", "note": "x"}]
        },
    ],
    "parked-rows/replay": [
        lambda w: {"all_known": True},
        lambda w: {"parked_row_ids": [w.ids["PARKED-A2"]]},
    ],
    "parked-rows/discard": [
        lambda w: {"parked_row_ids": [w.ids["PARKED-A2"]], "reason": "x"},
    ],
    "ledger-entries/submission": [
        lambda w, n=name: {"entry_ids": [w.ids[n]]}
        for name in ("ENTRY-S2", "ENTRY-A2", "ENTRY-A3", "CLAIM-A2")
    ],
    "ledger-entries/adoptions": [
        lambda w, n=name: {"from_cycle_id": w.at.rpartition("/")[2], "entry_id": w.ids[n]}
        for name in ("ENTRY-S2", "ENTRY-A2")
    ],
    "ledger-entries/checking": [
        lambda w, n=name: {"entry_ids": [w.ids[n]]} for name in ("ENTRY-S2", "ENTRY-A2")
    ],
    "ledger-entries/verification": [
        lambda w, n=name: {"entry_ids": [w.ids[n]]} for name in ("ENTRY-S2", "ENTRY-A2")
    ],
    "ledger-entries/return": [
        lambda w, n=name: {"entry_ids": [w.ids[n]], "reason": "x"}
        for name in ("ENTRY-A3", "MORE-N-1")
    ],
    "claims": [
        *(
            lambda w, n=n: {"claims": [claim(w, "A1", f"N-{n}", f"7{n}")]}
            for n in ("1", "2", "M", "4")
        ),
        lambda w: {"claims": [claim(w, "A1", f"N-{n}", f"8{n}") for n in (5, 6)]},
        lambda w: {"claims": [claim(w, "A2", "N-1", "91")]},
        lambda w: {"claims": [claim(w, "A1", "N-3", "92"), claim(w, "A2", "N-3", "93")]},
        lambda w: {"claims": [claim(w, "A1", "N-0", "94")]},
    ],
    "claims/withdrawal": [
        lambda w, n=name: {"claim_ids": [w.ids[n]], "reason": "x", "document_no": "1"}
        for name in ("CLAIM-A2", "CLAIM-B1", "MORE-N-1", "MORE-N-2", "ENTRY-A2")
    ],
    "claims/confirmation": [
        *(
            lambda w, n=name, d=decision: {
                "decisions": [{"claim_id": w.ids[n], "decision": d, "reason": "x"}]
            }
            for name, decision in product(
                ("CLAIM-A2", "MORE-N-1", "MORE-N-3"), ("confirmed", "rejected")
            )
        ),
        lambda w: {
            "decisions": [
                {
                    "claim_id": w.ids["CLAIM-B1"],
                    "decision": "confirmed",
                    "award": {"kind": "same", "counts": w.ids["MORE-N-1"]},
                }
            ]
        },
        lambda w: {
            "decisions": [
                {
                    "claim_id": w.ids["CLAIM-B1"],
                    "decision": "confirmed",
                    "award": {
                        "kind": "joint",
                        "shares": [
                            {"claim_id": w.ids["CLAIM-B1"], "share": "0.5"},
                            {"claim_id": w.ids["MORE-N-2"], "share": "0.5"},
                        ],
                    },
                }
            ]
        },
    ],
    **{
        kind: [
            lambda w, u=unit, c=code: report(u, c, "文1", note="x")
            for unit, code in product(("A1", "A2", "A3", "B1", "Z9"), codes)
        ]
        for kind, codes in {"vetoes": ("V1", "V2"), "demotions": ("M1", "V1")}.items()
    },
    "targets": [
        lambda w, u=unit: {"targets": [target(u, "20")], "reason": "x"} for unit in ("A2", "B1")
    ],
    "target-proposals": [
        lambda w, u=unit: {"targets": [target(u, "9")]} for unit in ("A1", "A2", "A3")
    ],
    "target-decisions": [
        lambda w, u=unit, v=v: {
            "decisions": [
                {
                    "unit": u,
                    "indicator": "OWN",
                    "item": None,
                    "version": v,
                    "decision": "approved",
                    "reason": "x",
                }
            ]
        }
        for unit, v in product(("A1", "A2"), (1, 2))
    ],
    "rankings": [lambda w, c=c: {"category": c} for c in ("ALL", "BOTH")],
    "score-sheets": [lambda w: {"categories": ["ALL"]}],
    "score-simulations": [lambda w: {"categories": None, "scheme": None, "values": []}],
    "own-simulations": [
        *(
            lambda w, c=code: {"values": [tried(c, "7", "actual" if c == "OWN" else "v")]}
            for code in ("OWN", "SOLO", "RANK", "MEAN", "Z9")
        ),
        lambda w: {"values": [tried("OWN", None, "actual"), tried("SOLO", "99", "v")]},
    ],
    "simulations": [lambda w: {"category": "ALL"}],
    "stage-results": [lambda w: {"label": "x", "cut_off": "2025-12-31T00:00:00Z"}],
    "ledger/seal": [lambda w: {"leaves": {"draft": 0}}],
}
"""What is sent, by the end of a path below the cycle."""

OF = {"of": "report", "decision": "confirm"}
RELEASE = {"readers": "everybody", "document_no": "密", "reason": None}


def target(unit, value):
    told = {"unit": unit, "indicator": "OWN", "item": None, "target": value}
    return told | {"baseline": None, "pledge": None}


def tried(code, value, key):
    return {"indicator": code, "kind": "measured_value", "key": key, "value": value}


def commands(world) -> Iterator[tuple[str, str, object]]:
    """Yield the route's end, the path and the body of everything that is sent."""
    for end, bodies in SENT.items():
        yield from ((f"{{cycle_id}}/{end}", f"{world.at}/{end}", body(world)) for body in bodies)
    parked = {"entries": [measured("91110000802100433B", "OWN", "7", source_ref="R-9")]}
    yield "{cycle_id}/ledger-entries", f"{world.at}/{PARKING}", parked
    yield from to_entries(world)
    yield from to_evidence(world)
    yield from to_highlights(world)
    yield from to_awards(world)
    yield from to_items(world)
    yield from to_self_evaluations(world)
    yield from to_corrections(world)
    yield from to_checks(world)
    yield from to_complaints(world)
    yield from to_objections(world)
    yield from to_reports(world)
    for edition, step in product("1234", ("merge", "review", "decision", "publication")):
        end = f"rankings/{{edition}}/{step}"
        yield f"{{cycle_id}}/{end}", f"{world.at}/rankings/{edition}/{step}", {"note": "x"}
    end = "{cycle_id}/score-sheets/{edition}/feedback"
    yield end, f"{world.at}/score-sheets/1/feedback", None
    stage = "stage-results/{stage_no}/release"
    for end, body in ((stage, RELEASE), (f"{stage}/confirmation", {"decision": "confirm"})):
        yield f"{{cycle_id}}/{end}", f"{world.at}/{end.format(stage_no=1)}", body
    yield from to_waves(world)


def to_entries(world):
    moves = {"reversal": {"reason": "x"}, "withdrawal": {"reason": None}}
    moves["correction"] = {"entry": measured("A2", "SOLO", "1"), "state": "submitted"}
    moves["restatement"] = {"reason": "x", "value": "1"}
    for what, name in product(moves, ("ENTRY-S2", "ENTRY-A2", "MORE-N-1")):
        path = f"{world.at}/ledger-entries/{world.ids[name]}/{what}"
        yield f"{{cycle_id}}/ledger-entries/{{entry_id}}/{what}", path, moves[what]


def add_evidence(client, world, who, *, otherwise):
    """A file of one's own, another one in the other world, that an entry of one's own names."""
    content = b"words\n" * (9 if otherwise and who == "A2" else 2)
    headers = {"Content-Type": "text/plain", "Idempotency-Key": uuid.uuid4().hex}
    told = client.send_file(f"{world.at}/evidence", [content], {"name": "a.txt"}, headers)
    world.ids[f"EVIDENCE-{who}"] = told["evidence_id"]
    path = f"{world.at}/ledger-entries/{world.ids[f'ENTRY-{who}']}/evidence"
    client.post(path, {"evidence_ids": [told["evidence_id"]]})


def shine(client, world, who, *, otherwise):
    """A highlight of one's own; in the other world A2 has another one, and one more."""
    for n in range(2 if otherwise and who == "A2" else 1):
        title = f"密{n}" if otherwise and who == "A2" else "一窗通办"
        body = {"title": title, "text": title, "evidence_ids": [world.ids[f"EVIDENCE-{who}"]]}
        told = client.post(f"{world.at}/highlights", body)
        world.ids[f"HIGHLIGHT-{who}-{n}"] = told["highlight_id"]


def honour(client, world, who, *, otherwise):
    """An award of one's own; in the other world A2 has another one, and one more."""
    for n in range(2 if otherwise and who == "A2" else 1):
        told = AWARD | {"holders": [{"unit": who, "holder_name": who}]}
        told |= {"document_date": world.day, "awarded_on": "2025-05-06"}
        tail = f"{who[1]}{n or ''}{'密' if otherwise and who == 'A2' else ''}"
        told["document_no"] = f"国发〔2025〕{tag_of(world.cycle)}{tail}号"
        found = client.post(f"{world.at}/awards", told)
        world.ids[f"AWARD-{who}-{n}"] = found["award_id"]


AWARD = {"name": "先进集体", "level": "national", "authority": "国务院"}
AWARD |= {"document_date": "2025-05-06", "awarded_on": "2025-05-06"}
"""What everybody registers in the two worlds, with another number in each."""


def item_of(unit, words, **more):
    told = {"title": words, "text": words, "kind": "instruction", "within": 10}
    return told | {"units": [{"unit": unit, "role": "lead", "share": 100}]} | more


def supervise(people, world, *, otherwise):
    """An item of A1 and one of A2, which is another one in the other world, where it has one more
    that is confidential and has come further."""
    of = {"ITEM-A1": item_of("A1", "内涝治理")}
    of["ITEM-A2"] = item_of("A2", "密" if otherwise else "内涝治理", confidential=bool(otherwise))
    of |= {"ITEM-MORE": item_of("A2", "密密", confidential=True)} if otherwise else {}
    at = f"{world.at}/supervised-items"
    rows = people["office"].post(at, {"items": list(of.values())})["rows"]
    ids = [each["item_id"] for each in rows]
    world.ids |= dict(zip(of, ids, strict=True))
    people["colleague"].post(f"{at}/dispatch", {"item_ids": ids})
    people["A1"].post(f"{at}/{ids[0]}/answers", {"step": 2, "move": "sign"})
    for each in ids[1:] if otherwise else ():
        people["A2"].post(f"{at}/{each}/answers", {"step": 2, "move": "sign"})
    world.ids.setdefault("ITEM-MORE", str(uuid.uuid5(uuid.NAMESPACE_OID, "item")))


def to_items(world):
    yield "{cycle_id}/supervised-item-events", f"{world.at}/supervised-item-events", None
    at, end = f"{world.at}/supervised-items", "{cycle_id}/supervised-items"
    yield end, at, {"items": [item_of("A2", "x"), item_of("Z9", "x")]}
    moves = {
        "answers": {"step": 2, "move": "return", "text": "x"},
        "directions": {"step": 2, "move": "urge"},
        "ruling": {"step": 2, "move": "insist", "text": "x"},
    }
    for name in ("ITEM-A2", "ITEM-MORE"):
        yield f"{end}/dispatch", f"{at}/dispatch", {"item_ids": [world.ids[name]]}
        for what, body in moves.items():
            yield f"{end}/{{item_id}}/{what}", f"{at}/{world.ids[name]}/{what}", body


def evaluate(people, world, *, otherwise):
    """A1 marks itself in both rounds, one of which is compared; A2 does so too in the other world,
    where it has handed in one of them."""
    at = f"{world.at}/self-evaluations"

    def given(unit, mark, text):
        marks = [{"indicator": code, "mark": mark, "text": text} for code in ("OWN", "SOLO")]
        for code in ("HALF", "YEAR"):
            people[unit].post(f"{at}/{code}/marks", {"marks": marks})
        people[unit].post(f"{at}/HALF/hand-in", None)

    given("A1", "1", "完成")
    if otherwise:
        given("A2", "2", "密密")
    people["office"].post(f"{at}/HALF/comparison", None)


def to_corrections(world):
    at, end = f"{world.at}/corrections", "{cycle_id}/corrections"
    document = {"issuer": "x", "document_no": "x", "document_date": "2025-01-01", "reason": "x"}
    new = document | {"origin": "audit", "what": "removes", "corrects": world.cycle}
    yield end, at, new
    yield (
        f"{end}/{{correction_id}}/decision",
        f"{at}/{world.cycle}/decision",
        {"decision": "approved"},
    )
    taken_back = f"{end}/{{correction_id}}/withdrawal", f"{at}/{world.cycle}/withdrawal"
    yield (*taken_back, {"text": "x"})


def to_self_evaluations(world):
    at, end = f"{world.at}/self-evaluations", "{cycle_id}/self-evaluations/{round_code}"
    marks = {"marks": [{"indicator": "NONE", "mark": "1", "text": "x"}]}
    for code in ("HALF", "YEAR"):
        yield f"{end}/marks", f"{at}/{code}/marks", marks
    yield f"{end}/hand-in", f"{at}/HALF/hand-in", None
    yield f"{end}/comparison", f"{at}/HALF/comparison", None


def complain(people, world, *, otherwise):
    """A complaint that A1 has answered and one of A2, which is another one in the other world,
    where A2 returned it without ground and has one more, and one is about the office; and one that
    A1 has returned, which in the other world A2 answers."""
    at, words = f"{world.at}/complaints", "密" if otherwise else "路灯不亮"
    of = {"COMPLAINT-A1": ("A1", "路灯不亮"), "COMPLAINT-A2": ("A2", words)}
    of["COMPLAINT-PAST"] = ("A1", "井盖缺失")
    of |= {"COMPLAINT-MORE": ("A2", "密密")} if otherwise else {}
    rows = [{"kind": "hotline", "text": text} for _, text in of.values()]
    rows += [{"kind": "hotline", "text": "密", "about_office": True}] if otherwise else []
    told = people["office"].post(at, {"complaints": rows})["rows"]
    for (name, (unit, _)), each in zip(of.items(), told, strict=False):
        world.ids[name] = each["complaint_id"]
        path = f"{at}/{each['complaint_id']}"
        units = {"units": [{"unit": unit, "role": "lead"}]}
        moves = {"accept": {"kind": "hotline"}, "assign": units}
        for step, (move, more) in enumerate(moves.items(), 1):
            people["colleague"].post(f"{path}/directions", {"step": step, "move": move} | more)
        if name == "COMPLAINT-PAST":
            world.ids["REFERENCE-PAST"] = people["A1"].get(path)["reference"]
            pass_on(people, path, otherwise=otherwise)
        elif unit == "A1":
            world.ids["REFERENCE-A1"] = people["A1"].get(path)["reference"]
            answered = {"step": 3, "move": "answer", "text": "x"}
            people["A1"].post(f"{path}/answers", answered)
            said = {"step": 4, "move": "revisit", "word": "satisfied"}
            people["colleague"].post(f"{path}/directions", said)
        elif otherwise:
            people["A2"].post(f"{path}/answers", {"step": 3, "move": "return", "text": "密"})
            again = {"step": 4, "move": "assign"} | units
            people["colleague"].post(f"{path}/directions", again)
    people["office"].post(f"{world.at}/complaint-events", None)
    world.ids.setdefault("COMPLAINT-MORE", str(uuid.uuid5(uuid.NAMESPACE_OID, "complaint")))


def pass_on(people, path, *, otherwise):
    people["A1"].post(f"{path}/answers", {"step": 3, "move": "return", "text": "非本单位职责"})
    if otherwise:
        given = {"units": [{"unit": "A2", "role": "lead"}], "text": "密"}
        people["colleague"].post(f"{path}/directions", {"step": 4, "move": "assign"} | given)
        people["A2"].post(f"{path}/answers", {"step": 5, "move": "answer", "text": "密"})
        said = {"step": 6, "move": "revisit", "word": "dissatisfied", "text": "密"}
        people["colleague"].post(f"{path}/directions", said)


def recheck(people, world, *, otherwise):
    """All units of a category are drawn, and something is found about A1, by who checks no other;
    in the other world about A2 and A3 as well, by others, a value of A2 is replaced, and that is
    found to be fraud."""
    office, colleague = people["office"], people["colleague"]
    of = {"A1": "BAND", "A2": "SOLO", "A3": "BAND"}
    entries = {
        unit: office.get(f"{world.at}/ledger-entries", unit=unit, indicator=code)["items"][0]
        for unit, code in of.items()
    }
    ids = {unit: each["entry_id"] for unit, each in entries.items()}
    verified = {"entry_ids": [*ids.values()]}
    colleague.post(f"{world.at}/ledger-entries/verification", verified)
    at = f"{world.at}/checks/RECHECK"
    colleague.post(f"{at}/draw", {"seed": "03 07 12", "found_in": "https://lottery.example/5"})
    found = {"A1": ("inspector", {"verdict": "right", "text": "现场核对"})}
    if otherwise:
        found["A2"] = "checker", {"verdict": "differs", "value": "96", "text": "密"}
        found["A3"] = "checker", {"verdict": "right", "text": "密"}
    for unit, (who, told) in found.items():
        member = {"person": who, "unit": ACCOUNTS[who][0]}
        office.post(f"{at}/teams/{unit}", {"members": [member], "reason": "x"})
        files = {"evidence_ids": [add_photo(people[who], world)]} if unit == "A2" else {}
        body = {"unit": unit, "entry_id": ids[unit]} | told | files
        told = people[who].post(f"{at}/findings", body)["finding"]
        world.ids[f"CHECKED-{unit}"] = told["finding_id"]
    if otherwise:
        mine = f"{at}/findings/{world.ids['CHECKED-A2']}"
        people["A2"].post(f"{mine}/answer", {"answer": "objected", "text": "密"})
        office.post(f"{mine}/decision", {"decision": "upheld", "text": "密"})
        people["checker"].post(f"{mine}/fraud", {"text": "密"})
        people["A2"].post(f"{mine}/fraud/statement", {"text": "密"})
        people["committee"].post(f"{mine}/fraud/decision", DECIDED | {"text": "密"})
    for unit, name in (("A2", "checked-a2"), ("A3", "checked-a3")):
        world.ids.setdefault(f"CHECKED-{unit}", str(uuid.uuid5(uuid.NAMESPACE_OID, name)))
    world.ids.setdefault("PHOTO-A2", str(uuid.uuid5(uuid.NAMESPACE_OID, "photo")))
    world.ids |= {f"SHEET-{unit}": entry_id for unit, entry_id in ids.items()}


DECIDED = {"decision": "fraud", "document_no": "x", "text": "x"}


def add_photo(client, world):
    headers = {"Content-Type": "text/plain", "Idempotency-Key": uuid.uuid4().hex}
    told = client.send_file(f"{world.at}/evidence", [b"seen"], {"name": "b.txt"}, headers)
    world.ids["PHOTO-A2"] = told["evidence_id"]
    return told["evidence_id"]


def to_checks(world):
    at, end = f"{world.at}/checks/RECHECK", "{cycle_id}/checks/{check}"
    for unit in ("A1", "A2", "A3"):
        body = {"unit": unit, "entry_id": world.ids[f"SHEET-{unit}"], "text": "x"}
        yield f"{end}/findings", f"{at}/findings", body | {"verdict": "right"}
        yield f"{end}/second-marks", f"{at}/second-marks", body | {"verdict": "right"}
        mine = f"{at}/findings/{world.ids[f'CHECKED-{unit}']}"
        for what, body in (
            ("answer", {"answer": "objected"}),  # refused: its reason is missing
            ("decision", {"decision": "upheld"}),
            ("fraud", {"text": "x"}),
            ("fraud/statement", {"text": "x"}),
            ("fraud/decision", DECIDED),
        ):
            yield f"{end}/findings/{{finding_id}}/{what}", f"{mine}/{what}", body
    member = {"members": [{"person": "x"}], "reason": "x"}
    yield f"{end}/teams/{{unit}}", f"{at}/teams/A2", member


def to_complaints(world):
    at, end = f"{world.at}/complaints", "{cycle_id}/complaints"
    yield end, at, {"complaints": [{"kind": "hotline", "text": "x"}]}
    moves = {
        "answers": {"step": 1, "move": "answer", "text": "x"},
        "directions": {"step": 1, "move": "urge"},
        "contact-readings": {"reason": "x"},
    }
    for name, what in product(("COMPLAINT-A2", "COMPLAINT-MORE", "COMPLAINT-PAST"), moves):
        yield f"{end}/{{complaint_id}}/{what}", f"{at}/{world.ids[name]}/{what}", moves[what]
    yield "{cycle_id}/complaint-desk", f"{world.at}/complaint-desk", {"is_open": True}
    yield "{cycle_id}/complaint-erasures", f"{world.at}/complaint-erasures", None
    yield "{cycle_id}/complaint-events", f"{world.at}/complaint-events", None


def to_objections(world):
    at, end = f"{world.at}/objections", "{cycle_id}/objections"
    told = {"asks": "x", "text": "x"}
    yield end, at, told | {"about": "mark", "indicator": "SOLO"}
    yield end, at, told | {"about": "mark", "indicator": "RANK", "form": "remark"}
    yield end, at, told | {"about": "entry", "entry_id": world.ids["ENTRY-S2"], "form": "remark"}
    yield end, at, told | {"about": "entry", "entry_id": world.ids["ENTRY-S2"]}
    yield end, at, told | {"about": "claim", "claim_id": world.ids["CLAIM-A2"]}
    for what, move in (("answers", "withdraw"), ("decisions", "reject")):
        body = {"step": 1, "move": move, "text": "x"}
        yield f"{end}/{{objection_id}}/{what}", f"{at}/{world.ids['ITEM-MORE']}/{what}", body


def to_highlights(world):
    for who, what in product(("A1", "A2"), ("examination", "withdrawal")):
        found = {"highlight_id": world.ids[f"HIGHLIGHT-{who}-0"], "reason": "x"}
        body = found | ({"decision": "not_accepted"} if what == "examination" else {})
        yield f"{{cycle_id}}/highlights/{what}", f"{world.at}/highlights/{what}", body
    body = {"title": "x", "text": "x", "evidence_ids": [world.ids["EVIDENCE-A2"]]}
    yield "{cycle_id}/highlights", f"{world.at}/highlights", body


def to_awards(world):
    for who, what in product(("A1", "A2"), ("confirmation", "withdrawal")):
        found = {"award_id": world.ids[f"AWARD-{who}-0"], "reason": "x"}
        body = found | ({"decision": "rejected"} if what == "confirmation" else {})
        yield f"{{cycle_id}}/awards/{what}", f"{world.at}/awards/{what}", body
    told = AWARD | {"document_no": "密0", "holders": [{"unit": "A2", "holder_name": "A2"}]}
    yield "{cycle_id}/awards", f"{world.at}/awards", told


def to_evidence(world):
    body = {"evidence_ids": [world.ids["EVIDENCE-A2"]]}
    for kind, names in (("ledger-entries", ("ENTRY-S2", "ENTRY-A2")), ("claims", ("CLAIM-A2",))):
        of = "{entry_id}" if kind == "ledger-entries" else "{claim_id}"
        for name in names:
            path = f"{world.at}/{kind}/{world.ids[name]}/evidence"
            yield f"{{cycle_id}}/{kind}/{of}/evidence", path, body


def to_reports(world):
    moves = {"confirmation": OF, "lifting": {"reason": "x", "document_no": "1"}}
    for kind, what in product(("vetoes", "demotions"), moves):
        drawn = [each for name, each in world.ids.items() if name.startswith(kind[:4].upper())]
        for number in ["1", "2", "3", "4", *drawn]:
            path = f"{world.at}/{kind}/{number}/{what}"
            yield f"{{cycle_id}}/{kind}/{{number}}/{what}", path, moves[what]


def to_waves(world):
    at, route = f"/surveys/{world.survey}/waves/1", "{survey_id}/waves/{wave}"
    about = {"treatment": "counted", "reason": "x", "document_no": "1"}
    for unit in ("A1", "A2", "A3", "B1"):
        body = {"units": [unit], **about}
        yield f"{route}/sample-decisions", f"{at}/sample-decisions", body
    for number in (1, 2, 3):
        path = f"{at}/sample-decisions/{number}/confirmation"
        yield f"{route}/sample-decisions/{{decision_no}}/confirmation", path, None
    row = {"unit": "A2", "respondent_token": "respondent-A3-0000", "outcome": "completed"}
    row |= {"answer": "good", "group": None}
    for n in ("1", "2"):
        body = {"batch_no": n, "control_totals": {"count": 2}, "rows": [row, row]}
        yield f"{route}/batches", f"{at}/batches", body
    body = {"batch_no": "3", "rows": [{"unit": "A2", "text": "x"}]}
    yield f"{route}/opinions", f"{at}/opinions", body
    review = {"opinion_id": "00000000-0000-4000-8000-000000000005"}
    for step, more in (("reviews", {"verdict": "accept"}), ("confirmations", {"review_no": 1})):
        yield f"{route}/opinions/{step}", f"{at}/opinions/{step}", {"rows": [review | more]}
    yield f"{route}/opinions/publication", f"{at}/opinions/publication", None
    items, known = f"{world.at}/rectification-items", "{cycle_id}/rectification-items"
    asked = {"origin": {"kind": "opinion", "id": review["opinion_id"]}, "units": ["A2"]}
    asked |= {"deadline": "2199-12-31", "request": "x"}
    yield known, items, asked
    for step, body in (("replies", {"text": "x"}), ("decisions", {"decision": "accept"})):
        path = f"{items}/{review['opinion_id']}/{step}"
        yield f"{known}/{{item_id}}/{step}", path, body
    path = f"{at}/batches/2/withdrawal"
    yield f"{route}/batches/{{batch_no}}/withdrawal", path, {"reason": "x"}
    for step in ("stopping", "closing", "repetition"):
        yield f"{route}/{step}", f"{at}/{step}", None
    yield f"{route}/reopening", f"{at}/reopening", {"reason": "x"}
    said = {"verdict": "attested", "content_digest": "0" * 64, "reason": "x"}
    yield f"{route}/attestations", f"{at}/attestations", said
    named = [{"screen": "full_marks", "about": "unit", "subject": "A1"}]
    kept = {"verdict": "keep", "findings": named, "reason": "x", "document_no": "1"}
    yield f"{route}/screen-decisions", f"{at}/screen-decisions", kept
    path = f"{at}/screen-decisions/1/confirmation"
    yield f"{route}/screen-decisions/{{decision_no}}/confirmation", path, None
    yield f"{route}/voidings", f"{at}/voidings", {"reason": "x", "document_no": "1"}
    path = f"{at}/voidings/1/confirmation"
    yield f"{route}/voidings/{{voiding_no}}/confirmation", path, {"decision": "confirm"}


def names_in(route):
    return {*re.findall(r"\{(\w+)\}", route)}


def places(world):
    """What stands in each place of a path."""
    return {
        "cycle_id": [world.cycle],
        "survey_id": [world.survey],
        "message_id": ["00000000-0000-4000-8000-000000000000"],
        "key_id": ["k"],
        "session_id": ["00000000-0000-4000-8000-000000000000"],
        "wave": ["1"],
        "category": ["ALL", "BOTH"],
        "edition": ["1", "2", "latest"],
        "unit": ["A1", "A2", "B2"],
        "version": ["1", "2", "3"],
        "release": ["1", "2"],
        "list_code": ["BOTH"],
        "stage_no": ["1", "2"],
        "chain": [world.cycle],
        "hash": ["0" * 64],
        "subject": ["A2"],
        "host_id": [world.cycle],
        "webhook_id": [world.cycle],
        "grant_id": [world.cycle],
        "position": ["1"],
        "indicator": ["SOLO"],
        "entry_id": [world.ids[n] for n in ("MORE-N-1", "ENTRY-S2", "FINDING")],
        "evidence_id": [world.ids[n] for n in ("EVIDENCE-A1", "EVIDENCE-A2", "PHOTO-A2")],
        "id_scheme": ["hr"],
        "name": ["cati"],
        "batch_no": ["1"],
        "complaint_id": [world.ids[f"COMPLAINT-{n}"] for n in ("A1", "A2", "MORE", "PAST")],
        "item_id": [world.ids[n] for n in ("ITEM-A1", "ITEM-A2", "ITEM-MORE")],
        "reference": ["AAAA-AAAA-AAAA"],
        "objection_id": [world.ids["ITEM-MORE"]],
        "check": ["RECHECK", "SPOT"],
        "finding_id": [world.ids[n] for n in ("CHECKED-A1", "CHECKED-A2")],
        "list_name": ["units-ALL", "entries-A2"],
        "round_code": ["HALF", "YEAR"],
        "correction_id": [world.cycle],
        "notice": ["1"],
    }


def questions(world, published) -> Iterator[tuple[str, str]]:
    """Yield the route and the path, with its query, of everything that is asked."""
    paths = places(world)
    wanted = {
        "unit": ["A1", "A2"],
        "indicator": ["SOLO"],
        "author_unit": ["S1"],
        "source_ref": ["R-1"],
        "reason": ["unconfirmed"],
        "tag": ["t"],
        "format": ["ndjson", "xlsx"],
        "issued_by": ["绩效办"],
        "seed": ["7"],
        "replications": ["100"],
        "weights_by": ["0"],
        "vetoed": ["b"],
        "earlier_cycle": ["00000000-0000-4000-8000-000000000001"],
        "addressed_to": ["各单位"],
        "data_source_unit": ["S1"],
        "by": ["unit", "indicator"],
        "previous": ["00000000-0000-4000-8000-000000000001"],
        "years": ["2"],
        "apart": ["6"],
        "category": ["ALL"],
        "level": ["national"],
        "year": ["2025"],
        "state": ["registered", "submitted", "locked", "reported", "handling"],
        "limit": ["1"],
        "after": [
            world.ids[n] for n in ("MORE-N-1", "CLAIM-A2", "ENTRY-S2", "HIGHLIGHT-A2-0", "ITEM-A2")
        ]
        + [world.ids["CHECKED-A2"]],
        "against": ["1", "2"],
        "code": ["S1"],
        "kind": ["event", "measured_value", "last_digits", "instruction", "award"],
        "scorer": ["S1"],
        "period": ["2025"],
        "q": ["a&unit=A2", "a&indicator=SOLO"],
        "changed_since": ["2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z&unit=A2"],
        "sort": ["-entered_at"],
        "phase": ["computed", "fed_back"],
        "day": ["2025-06-30"],
        "month": [f"{dt.datetime.now(dt.UTC):%Y-%m}", "2025-03"],
        "about": ["A1"],
        "light": ["red_card", "none"],
        "item_id": [world.ids["ITEM-A2"]],
        "objection_id": [world.ids["ITEM-A2"]],
        "without_lead": ["true"],
        "signed": ["true"],
        "late": ["true&unit=A2", "false&period=2025"],
        "lacks_evidence": ["true&indicator=SOLO", "false&period=2025"],
        "lateness": ["true"],
        "former": ["true"],
        "rule": ["BON01", "BON02&unit=A2"],
        "what": ["input", "verification", "overdue"],
        "name": ["a"],
        "digest": ["0" * 64],
        "is_used": ["true", "false&unit=A2"],
        "unit_registered": ["false"],
        "document_no": ["7号"],
        "outdated": ["true"],
        "answered": ["false"],
        "at": ["2025-06-30T00:00:00Z"],
        "id_scheme": ["uscc", "hr"],
        "batch_no": ["1"],
        "version": ["1"],
        "language": ["en"],
        "vary": ["indicators"],
    }
    for route in MATRIX.routes:
        if not route.startswith("GET ") or not {"cycle_id", "survey_id", "hash"} & names_in(route):
            continue
        template = route.removeprefix("GET ")
        names = re.findall(r"\{(\w+)\}", template)
        for values in product(*(paths[name] for name in names)):
            url = template.format(**dict(zip(names, values, strict=True)))
            yield route, url
            for name in published.get(template, ()):
                if name == "after" and ("/surveys/" in template or template.endswith("/opinions")):
                    continue  # an id of something else falls anywhere among their codes and ids
                if name in {"after", "limit"} and "/sheets/" in template:
                    continue  # its order is that of drawn ids
                yield from ((route, f"{url}?{name}={value}") for value in wanted[name])
    yield "GET /api/v1/me/tasks", f"/api/v1/me/tasks?cycle_id={world.cycle}"
    yield "GET /api/v1/events", f"/api/v1/events?cycle_id={world.cycle}&limit=200"


@pytest.fixture(scope="module")
def installation(postgres, databases, tmp_path_factory):
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="module")
def people(installation):
    with installation.client(installation.administrator) as administrator:
        accounts = [
            {"subject": who, "kind": kind_of(roles), "name": who, "unit": unit, "roles": roles}
            | {"secret": SECRET}
            for who, (unit, roles) in ACCOUNTS.items()
        ]
        administrator.post("/accounts", {"accounts": accounts})
    with ExitStack() as doors:
        people = {
            who: doors.enter_context(
                installation.client(Credentials(who, SECRET, kind_of(ACCOUNTS[who][1])))
            )
            for who in ACCOUNTS
        }
        units = [(each, "assessed") for each in ("A1", "A2", "A3", "A4", "B1", "B2")]
        units += [(each, "body") for each in ("S1", "S2", "R1", "C1", "D1", "O2", "O3")]
        told = [
            {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
            for code, kind in units
        ]
        people["office"].post("/units", {"units": told})
        yield people


@pytest.fixture(scope="module")
def doors(installation, people):
    with ExitStack() as stack:
        found = {}
        for who in [*ATTACKERS, "office"]:
            form = Credentials(who, SECRET, kind_of(ACCOUNTS[who][1])).form
            token = installation.raw().post("/oauth/token", data=form).json()["access_token"]
            headers = {"Authorization": f"Bearer {token}", "X-Request-ID": "a-leak"}
            found[who] = stack.enter_context(installation.raw(**headers))
        yield found


LONG = bool(os.environ.get("PROVE"))
NEAR = {"A1": 6, "D1": 8, "O2": 4, "A1-committee": 8, "S1": 12, "R1": 16, "C1": 12, "inspector": 8}
OTHERS = 24
"""Of what is asked, every so many by that account; in the long form everything by all of them."""


def is_asked(who: str, n: int) -> bool:
    """Say whether an account asks this question: each begins at another one, so that what one
    leaves out another asks."""
    return LONG or (n + ATTACKERS.index(who)) % NEAR.get(who, OTHERS) == 0


def may_ask(route, who):
    """Say whether any role of the account is in the row; the rest is refused alike."""
    return bool(MATRIX.rows_for(route, frozenset(ACCOUNTS[who][1])))


def told_by(world, answer, who):
    """Return an answer as it is compared, after what holds for all of them."""
    assert answer.status_code < 500, f"{answer.url}: {answer.text}"
    assert len(answer.content) < 200_000, answer.url
    if answer.status_code >= 400:
        assert {"type", "title", "status"} <= answer.json().keys(), answer.url
    digests = "/satisfaction" not in answer.url.path or who == "D1"  # it compares digests of all
    kept = sorted(
        (k, world.plain(v, digests=digests)) for k, v in answer.headers.items() if k not in VARYING
    )
    body = settled(str(answer.url), unpacked(answer)).decode(errors="surrogateescape")
    return answer.status_code, kept, world.plain(body, digests=digests)


def routes_of(end):
    """Return the route of the matrix that a command belongs to."""
    inner = (each for each in MATRIX.routes if each.startswith("POST ") and "/public/" not in each)
    found = [each for each in inner if each.endswith(f"/{end}")]
    assert len(found) == 1, (end, found)
    return found[0]


def send_all(world, doors, answers, stage):
    """Send everything as everybody, refused alike or not."""
    for who in ATTACKERS:
        for n, (end, path, body) in enumerate(commands(world)):
            # Once the ledger is sealed most are refused for that; a part of them will do.
            every = 1 if who in NEAR else 3
            every *= 1 if stage == "open" else 8
            if n % every == 0 and may_ask(routes_of(end), who):
                language = "zh-CN" if len(answers) % 2 else "en"
                headers = {
                    "Accept-Language": language,
                    "Idempotency-Key": f"{who}-{stage}-{n}-{world.day}",
                }
                answer = doors[who].post(f"/api/v1{path}", json=body, headers=headers)
                key = (stage, who, "POST", world.plain(path), n)
                answers[key] = told_by(world, answer, who)


def ask_all(world, doors, answers, published):
    """Ask everything as everybody, also with the ETag of what the office reads there."""
    whole: dict[str, str | None] = {}
    for who in ATTACKERS:
        for n, (route, url) in enumerate(questions(world, published)):
            if not is_asked(who, n) or not may_ask(route, who):
                continue
            language = {"Accept-Language": "zh-CN" if len(answers) % 2 else "en"}
            answer = doors[who].get(url, headers=language)
            answers["asked", who, "GET", world.plain(url), n] = told_by(world, answer, who)
            if "?" in url or answer.status_code not in {200, 403, 404}:
                continue
            if url not in whole:
                whole[url] = doors["office"].get(url).headers.get("etag")
            if whole[url]:
                language["If-None-Match"] = whole[url]
                guessed = doors[who].get(url, headers=language)
                answers["guessed", who, "GET", world.plain(url), n] = told_by(world, guessed, who)


@pytest.fixture(scope="module")
def answers(installation, people, doors):
    """All answers in both worlds, by stage, account and request."""
    published = installation.queries()
    worlds, found = [begin(people, day) for day in DAYS], ({}, {})
    for otherwise, world in enumerate(worlds):
        enter(world, people, otherwise=otherwise)
        happen(world, people, otherwise=otherwise)
    for world, answers in zip(worlds, found, strict=True):
        send_all(world, doors, answers, "open")
    for otherwise, world in enumerate(worlds):
        finish(world, people, otherwise=otherwise)
        for category in ("BOTH", "ALL"):
            people["office"].post(f"{world.at}/rankings", {"category": category})
    for world, answers in zip(worlds, found, strict=True):
        ask_all(world, doors, answers, published)
        send_all(world, doors, answers, "sealed")
    return found


@pytest.mark.parametrize("stage", ["open", "sealed", "asked", "guessed"])
@pytest.mark.parametrize("who", ATTACKERS)
def test_what_other_units_did_changes_nothing_that_anybody_is_answered(answers, who, stage):
    one, two = ({k: v for k, v in each.items() if k[:2] == (stage, who)} for each in answers)
    assert [*one] == [*two]
    differing = {key: (one[key], two[key]) for key in one if one[key] != two[key]}
    assert differing == {}


def test_enough_was_tried(answers):
    assert len(answers[0]) > 300
    assert {answer[0] for answer in answers[0].values()} >= {200, 201, 403, 404, 409, 422}


def test_no_answer_names_what_is_another_units(answers):
    """In the other world the documents of reports and a decision have numbers with a word."""
    told = {key: json.dumps(answer, ensure_ascii=False) for key, answer in answers[1].items()}
    assert [key for key, text in told.items() if "密" in text] == []

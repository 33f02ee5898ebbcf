"""Two cycles that differ in what other units did, and everything that one unit can ask of either.

The cycles live in one system, so that a number that counts rows of all cycles differs too.
"""

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import httpx

from kaoping.client import Client

OWN, OTHER, FAR, SOURCE, BODY = "A1", "A2", "A3", "S1", "S3"
UNITS = (OWN, OTHER, FAR, "A4")
KINDS = {**dict.fromkeys(UNITS, "assessed"), SOURCE: "body", BODY: "body"}
"""The units that the scheme names, each with the kind that it is registered as."""
NOBODY = "00000000-0000-4000-8000-000000000000"

Document = dict[str, Any]


def indicator(code: str, points: int, method: str, params: Document, **more: Any) -> Document:
    told = {"code": code, "name": code, "points": points, "method": method, "params": params}
    return {**told, "data_source_unit": SOURCE, "frequency": "yearly", **more}


def seal_as_seen(office: Client, path: str) -> None:
    """Seal a ledger, leaving behind what its preview shows."""
    seen = office.post(f"{path}/ledger/seal?mode=check")
    accepted = {"accept_unscored": {"reason": "x"}} if seen["unscored"] else {}
    named = {"leaves": seen["leaves"], "seen": seen["seen"]}
    office.post(f"{path}/ledger/seal", named | accepted)


def fix_list(office: Client, path: str, check: str, days: int) -> None:
    """Fix the lists of a check, for a seed of so many days from now."""
    day = office.get(f"{path}/duties", limit=1)["as_of"]
    seed_on = (dt.date.fromisoformat(str(day)) + dt.timedelta(days=days)).isoformat()
    fixed = {"seed_source": "国家彩票开奖号码", "seed_form": "99 99 99", "seed_on": seed_on}
    office.post(f"{path}/checks/{check}/commitment", fixed)


def fix_lists(office: Client, path: str, checks: Sequence[str] = ("RECHECK", "SPOT")) -> None:
    """Fix the lists of checks, for a seed that nobody knows, and who may be assigned to one."""
    for check in checks:
        fix_list(office, path, check, 9)
    reviewers = [{"person": "检查员甲"}, {"person": "检查员乙"}]
    office.post(f"{path}/checks/SPOT/reviewers", {"members": 1, "reviewers": reviewers})


def freeze(office: Client, path: str) -> str:
    """Freeze the results so far as of now; return the moment."""
    now = str(office.get(f"{path}/duties", limit=1)["at"])
    office.post(f"{path}/stage-results", {"label": "上半年", "cut_off": now})
    return now


INDICATORS = [
    indicator("OWN", 15, "ratio_to_target", {"direction": "higher"}, data_source_unit="own_unit"),
    indicator(
        "SOLO", 20, "tiers", {"input": "v", "tiers": [{"min": 90, "points": 20}]}, tags=["CORE"]
    ),
    indicator("RANK", 10, "rank_points", {"step_ratio": "0.1"}, tags=["CORE"]),
    indicator("BEST", 10, "relative_to_best", {}, compare_within="subcategory"),
    indicator("BAND", 5, "efficacy_linear", {"base_ratio": "0.6"}),
    indicator("MEAN", 5, "all_or_nothing", {"threshold": 50}, missing="category_mean"),
    indicator(
        "AWAY",
        5,
        "steps_from",
        {"reference": "mean", "direction": "higher", "step": 7, "points_per_step": 1}
        | {"step_mode": "proportional"},
    ),
    indicator("SHARE", 5, "share_of_sum", {}),
    indicator(
        "PIECE",
        10,
        "count_points",
        {"full_at": 2, "per_item": 5, "distinct": True, "when_shared": "each"},
        compare_within="subcategory",
    ),
    indicator(
        "FOUND",
        5,
        "deduct_events",
        {"per_event": {"late": 1}},
        frequency="per_event",
        findings_by=[BODY],
    ),
    indicator("GRADE", 10, "grade_map", {"grades": {"A": 1, "B": "0.9"}, "at_most": {"A": "0.5"}}),
]

SCHEME: Document = {
    "title": "两个世界",
    "code": "TW-2025",
    "assessment_year": 2025,
    "rounding": {"places": 4},
    "ledger": {"zero_report_required": True},
    # A deadline that no test will see pass: until then one person sets a first target.
    "calendar": [
        {"step": "target_revision_deadline", "name": "目标调整截止", "date": "2199-12-31"}
    ],
    "surveys": [],
    "tags": [{"code": "CORE", "name": "核心指标"}],
    "categories": [
        {
            "code": "ALL",
            "name": "各单位",
            "organiser": SOURCE,
            "total": 100,
            "units": list(UNITS),
            "subcategories": [
                {"code": "K1", "name": "甲类", "units": [OWN, OTHER, FAR]},
                {"code": "K2", "name": "乙类", "units": ["A4"]},
            ],
            "blocks": [{"code": "b", "name": "b", "points": 100, "indicators": INDICATORS}],
        }
    ],
    "composition": {"parts": ["b"], "bonus": True, "deductions": True},
    "adjustments": {
        "window": {"opens": "2025-01-01", "closes": "2025-12-31"},
        "carry_over": "once",
        "bonus": {
            "rules": [{"code": "B1", "level": "national", "points": 2, "authorities": ["国务院"]}],
            "same_event": "highest",
            "requires": ["document"],
        },
        "deductions": {"rules": [], "same_event": "highest"},
    },
    "vetoes": {"grade_cap": "good", "limit": 2, "items": [{"code": "V1", "name": "数据造假"}]},
    "demotions": [],
    "grades": {
        "order": ["good", "poor"],
        "names": {},
        "levels": [{"grade": "good", "rate": "0.5", "rounding": "floor", "min_score": 10}],
        "unqualified_below": 10,
        "vacancy": "backfill",
    },
    "ranking": {"tie_break": [], "ties": "same_rank_skip"},
    "objections": {"remarks": {}},
    # Units read of the one check, and nothing of the other, which lists entries.
    "checks": [
        {"code": "RECHECK", "name": "复检", "kind": "recheck", "of": [{"category": "ALL"}]}
        | {"readers": "units"},
        {"code": "SPOT", "name": "抽查", "kind": "spot_check", "entries": 1}
        | {"of": [{"category": "ALL", "number": 2}]},
    ],
}


DAYS = (f"2025-06-{day:02}" for day in range(1, 31))


@dataclass
class Told:
    """What happens in a cycle: values by indicator and unit, and what the units claim.

    The unit itself is below A4, and has the best RANK, neither end of BAND, no value for MEAN,
    the piece P-1, and a grade of which any number may be given.
    """

    values: dict[str, dict[str, str]] = field(
        default_factory=lambda: {
            "SOLO": {OWN: "95", OTHER: "80", FAR: "70", "A4": "91"},
            "RANK": {OWN: "9", OTHER: "5", FAR: "4", "A4": "3"},
            "BEST": {OWN: "6", OTHER: "7", FAR: "9", "A4": "3"},
            "BAND": {OWN: "20", OTHER: "40", FAR: "10", "A4": "60"},
            "MEAN": {OTHER: "60", FAR: "40", "A4": "80"},
            "AWAY": {OWN: "11", OTHER: "17", FAR: "23", "A4": "19"},
            "SHARE": {OWN: "11", OTHER: "17", FAR: "23", "A4": "19"},
        }
    )
    targets: dict[str, str] = field(default_factory=lambda: dict.fromkeys(UNITS, "10"))
    pieces: list[tuple[str, str]] = field(
        default_factory=lambda: [(unit, f"P-{n}") for n, unit in enumerate(UNITS, 1)]
    )
    grades: dict[str, str] = field(
        default_factory=lambda: {OWN: "B", OTHER: "B", FAR: "A", "A4": "B"}
    )
    findings: list[str] = field(default_factory=lambda: [OWN, FAR])
    """About whom an inspection has found something."""
    authority: str = "国务院"
    day: str = field(default_factory=lambda: next(DAYS))
    """That of the documents: a unit reads which of its own in other cycles are like them."""
    restated: str | None = None
    """What SOLO of another unit says instead, after it was verified."""
    vetoed: bool = False
    computed_again: bool = False
    ranked: bool = False


@dataclass(frozen=True)
class World:
    """A cycle that has been played until just before its release, and what is known of it."""

    cycle_id: str
    own_entry: str
    others_entry: str
    receipt: str
    day: str
    frozen: str
    """The moment as of which the stage was frozen."""


def tag_of(cycle_id: str) -> str:
    """Letters that a cycle's documents have in their numbers, so that no other claims the same."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in cycle_id[:8])


def play(told: Told, people: Mapping[str, Client], more: Mapping[str, Any] | None = None) -> World:
    """Play a cycle in which the first edition has been fed back and nothing is released; its scheme
    may say `more`."""
    office = people["office"]
    cycle = {"name": "两个世界", "jurisdiction": "439900", "assessment_year": 2025}
    cycle_id = office.post("/cycles", cycle)["cycle_id"]
    path = f"/cycles/{cycle_id}"
    scheme = {"scheme": deepcopy(SCHEME) | dict(more or {})}
    version = office.post(f"{path}/scheme-versions", scheme)["version"]
    office.post(f"{path}/scheme-versions/{version}/publication")
    targets = [
        {"unit": u, "indicator": "OWN", "item": None, "target": t, "baseline": None, "pledge": None}
        for u, t in told.targets.items()
    ]
    office.post(f"{path}/targets", {"targets": targets, "reason": None})
    ids = _entries(path, told, people)
    people["colleague"].post(f"{path}/ledger-entries/verification", {"all_submitted": True})
    receipt = _claims(path, told, people)
    if told.restated is not None:
        _restate(path, told.restated, people)
    if told.vetoed:
        veto = {"unit": OTHER, "code": "V1", "document_no": "文〔2025〕1号", "note": None}
        reported = office.post(f"{path}/vetoes", {**veto, "decided_on": "2025-12-31"})["veto"]
        confirmed = {"of": "report", "decision": "confirm", "reason": None}
        people["colleague"].post(f"{path}/vetoes/{reported['number']}/confirmation", confirmed)
    fix_lists(office, path)
    frozen = freeze(office, path)
    if told.ranked:
        proposed = {"readers": "everybody", "document_no": "文〔2025〕2号"}
        office.post(f"{path}/stage-results/1/release", proposed)
    seal_as_seen(office, path)
    office.post(f"{path}/score-sheets", {"categories": ["ALL"]})
    office.post(f"{path}/score-sheets/1/feedback")
    if told.computed_again:
        office.post(f"{path}/score-sheets", {"categories": ["ALL"]})
    if told.ranked:
        ranked = {"category": "ALL", "score_sheet_edition": 1}
        edition = office.post(f"{path}/rankings", ranked)["ranking"]["edition"]
        office.post(f"{path}/rankings/{edition}/merge", {})
    return World(cycle_id, *ids, receipt, told.day, frozen)


def _entries(path: str, told: Told, people: Mapping[str, Client]) -> tuple[str, str]:
    measured = {"kind": "measured_value"}
    known = {"indicator": "OWN", "key": "actual", "source_ref": "R-1", **measured}
    own = {u: {"unit": u, "value": "2" if u == OWN else "8", **known} for u in UNITS}
    keys = {"SOLO": "v"}
    posted = [
        {"unit": u, "indicator": code, "key": keys.get(code, "value"), "value": v, **measured}
        for code, values in told.values.items()
        for u, v in values.items()
    ]
    posted += [
        {"unit": u, "indicator": "PIECE", "key": "count", "item": i, "value": "1", **measured}
        for u, i in told.pieces
    ]
    posted += [
        {"unit": u, "indicator": "GRADE", "kind": "grade", "word": w}
        for u, w in told.grades.items()
    ]
    posted += [
        {"unit": u, "indicator": "FOUND", "kind": "event", "key": "zero_report"} for u in UNITS
    ]
    found = {"indicator": "FOUND", "kind": "inspection_finding", "key": "late"}
    posted_by_body = [{"unit": u, "occurred_on": "2025-05-06", **found} for u in told.findings]
    posted.sort(key=lambda entry: entry["unit"], reverse=True)  # the unit's own come last
    ids = [
        people[who].post(f"{path}/ledger-entries", {"entries": entries, "state": "submitted"})
        for who, entries in [(u, [own[u]]) for u in UNITS]
        + [(SOURCE, posted), (BODY, posted_by_body)]
    ]
    return ids[0]["rows"][0]["entry_id"], ids[1]["rows"][0]["entry_id"]


def _restate(path: str, value: str, people: Mapping[str, Client]) -> None:
    asked = {"unit": OTHER, "indicator": "SOLO"}
    [entry] = people["office"].get(f"{path}/ledger-entries", **asked)["items"]
    new = {"value": value, "reason": "统计局修订"}
    people[SOURCE].post(f"{path}/ledger-entries/{entry['entry_id']}/restatement", new)
    people["colleague"].post(f"{path}/ledger-entries/verification", {"all_submitted": True})


def _claims(path: str, told: Told, people: Mapping[str, Client]) -> str:
    """Hand in two claims of each unit, one after the other; return the receipt of the unit's."""
    receipts = {}
    for number, unit in product((1, 2), reversed(UNITS)):
        claim = {
            "claim_no": f"{unit}-{number}",
            "unit": unit,
            "kind": "bonus",
            "level": "national",
            "authority": told.authority if unit == OTHER else "国务院",
            "holder_name": unit,
            "document_no": f"国发〔2025〕{tag_of(path[-36:])}{unit[1]}{number}号",
            "document_date": told.day,
            "event_key": f"{unit}-{number}",
        }
        answer = people[unit].post(f"{path}/claims", {"claims": [claim]})
        receipts[unit] = answer["receipt"]["hash"]
    return receipts[OWN]


UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
VARYING = {"date", "etag", "content-length", "ratelimit"}
"""Headers that follow from the body, from the clock, or from how much was asked before. A body's
own digest is checked instead."""


def unpacked(answer: httpx.Response) -> bytes:
    """Return what an answer says: of a workbook, which is an archive, all that is in it; of a PDF,
    in whose glyphs no id is found again, that it is one: what it says its workbook says too."""
    if answer.content.startswith(b"%PDF"):
        return b"%PDF"
    if not answer.content.startswith(b"PK"):
        return answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return b"\n".join(
            each.filename.encode() + archive.read(each) for each in archive.infolist()
        )


def settled(asked: str, body: bytes) -> bytes:
    """Return an answer with what one command changed, or one unit is checked for, in an order that
    is not that of drawn ids."""
    if b'"items"' not in body or not ("changed_since=" in asked or "/sheets/" in asked):
        return body
    page = json.loads(body)
    if "/sheets/" in asked:
        page["items"].sort(key=lambda each: MOMENT.sub("", UUID.sub("", json.dumps(each))))
        return json.dumps(page).encode()
    changes = {each["changed_at"]: n for n, each in enumerate(page["items"])}
    page["items"].sort(key=lambda each: (changes[each["changed_at"]], UUID.sub("", str(each))))
    return json.dumps(page).encode()


@dataclass
class Names:
    """Takes out of a text what is drawn or measured anew each time, and nothing else.

    Ids become their number in the order of appearance, so that which of them are equal and in
    which order they come still shows. Digests stay as they are.
    """

    world: World
    known: dict[str, str] = field(default_factory=dict)

    def plain(self, text: str) -> str:
        """Return the text with ids and moments named."""
        text = text.replace(self.world.receipt, "RECEIPT")
        text = text.replace(tag_of(self.world.cycle_id), "TAG")
        text = text.replace(self.world.day, "DAY")
        named = UUID.sub(lambda m: self.known.setdefault(m[0], f"id{len(self.known)}"), text)
        return MOMENT.sub("MOMENT", opaque(named))


EVENTS = "/api/v1/events"
_EVENT_ID, _CURSOR = re.compile(r'"id":"[0-9a-f]{32}"'), re.compile(r'"cursor":"([\w-]+)"')


def opaque(text: str) -> str:
    """Return an answer of the feed without what nobody can read: of a cursor its length is left,
    and of an event's id that it has one."""
    of_length = _CURSOR.sub(lambda m: f'"cursor":{len(m[1])}', text)
    return _EVENT_ID.sub('"id":"EVENT"', of_length)


Answers = dict[str, tuple[int, tuple[tuple[str, str], ...], str]]
"""By request: status, headers, body; all of them plain."""


@dataclass
class Walk:
    """One caller's walk over all GET routes of the matrix in one world."""

    http: httpx.Client
    world: World
    queries: Mapping[str, list[str]]
    """The query parameters of every route, as they are published."""
    tagged: Collection[str]
    """The routes whose documents have an ETag, as it is published."""

    def answers(self, routes: list[str], change: Callable[[str, bytes], bytes]) -> Answers:
        """Ask everything; `change` may put something into the body of an answer."""
        names, found = Names(self.world), Answers()
        for route in routes:
            for url in self._urls(route):
                # What names no cycle is the same document for both, with the same ids.
                plain = names.plain if "{" in route or "cycle_id=" in url else str
                for asked, answer in self._pages(url):
                    assert answer.status_code < 500, f"{asked}: {answer.text}"
                    if answer.status_code == 200:
                        says = route in self.tagged
                        assert ("etag" in answer.headers) == says, f"{asked}: as it is published"
                    body = settled(asked, change(asked, unpacked(answer)))
                    if etag := answer.headers.get("etag"):
                        own = hashlib.sha256(answer.content).hexdigest()
                        # The tag of a compressed form says so, and nothing else.
                        plain_tag = etag.replace('-gzip"', '"')
                        assert plain_tag == f'"{own}"', f"{asked}: an ETag of something else"
                    kept = sorted(
                        (name, plain(value))
                        for name, value in answer.headers.items()
                        if name not in VARYING
                    )
                    found[plain(asked)] = (
                        answer.status_code,
                        tuple(kept),
                        plain(body.decode(errors="backslashreplace")),
                    )
        return found

    def _urls(self, route: str) -> Iterator[str]:
        world = self.world
        paths = {
            "cycle_id": [world.cycle_id if "{" in route else NOBODY],
            "edition": ["latest", "1", "2"],
            "unit": [OWN, OTHER],
            "version": ["1", "2"],
            "release": ["1"],
            "list_code": ["BOTH"],
            "stage_no": ["1", "2"],
            "chain": [world.cycle_id, "units"],
            "hash": [world.receipt, "0" * 64],
            "survey_id": [NOBODY],
            "session_id": [NOBODY],
            "message_id": [NOBODY],
            "key_id": ["k"],
            "wave": ["1"],
            "category": ["ALL"],
            "indicator": ["SOLO", "RANK"],
            "entry_id": [world.own_entry, world.others_entry],
            "item_id": [NOBODY],
            "complaint_id": [NOBODY],
            "reference": ["AAAA-AAAA-AAAA"],
            "objection_id": [NOBODY],
            "check": ["RECHECK", "SPOT"],
            "finding_id": [NOBODY],
            "list_name": ["units-ALL", f"entries-{OTHER}"],
            "round_code": ["HALF"],
            "correction_id": [NOBODY],
            "notice": ["1"],
            "evidence_id": [NOBODY],
            "subject": ["nobody"],
            "host_id": [NOBODY],
            "webhook_id": [NOBODY],
            "grant_id": [NOBODY],
            "position": ["1"],
            "id_scheme": ["hr"],
            "year": ["2024", "2027"],
            "jurisdiction": ["530100"],
            "name": ["cati"],
            "batch_no": ["1"],
            "number": ["1"],
        }
        asked = {
            "item_id": [NOBODY],
            "objection_id": [NOBODY],
            "unit": [OWN, OTHER],
            "indicator": ["SOLO", "RANK"],
            "category": ["ALL"],
            "state": ["locked", "verified", "draft"],
            "level": ["national"],
            "author_unit": [OWN, SOURCE, OTHER],
            "source_ref": ["R-1"],
            "reason": ["item_not_planned", "unconfirmed"],
            "limit": ["1"],
            "after_seq": ["0", "1"],
            "after": ["1", "A1"] + [world.own_entry, world.others_entry] * ("{" in route),
            "against": ["1"],
            "tag": ["CORE"],
            "format": ["ndjson", "xlsx"],
            "issued_by": ["绩效办", "绩效办&format=docx"],
            "seed": ["7"],
            "replications": ["100"],
            "weights_by": ["0"],
            "vary": ["indicators"],
            "vetoed": ["b"],
            "earlier_cycle": [NOBODY],
            "addressed_to": ["各单位"],
            "data_source_unit": ["S1"],
            "by": ["unit", "indicator"],
            "previous": [NOBODY],
            "years": ["2"],
            "apart": ["6"],
            "types": ["units.registered"],
            "wait": ["0"],
            "code": ["S1"],
            "role": ["assessed_unit"],
            "subject": ["nobody"],
            "kind": ["assessed", "event", "last_digits", "title"],
            "scorer": ["S1"],
            "q": ["A1", OTHER, f"1&unit={OTHER}"],
            "period": ["2025"],
            "changed_since": ["2025-01-01T00:00:00Z"],
            "sort": ["-entered_at"],
            "cycle_id": [world.cycle_id if "{" in route else NOBODY],
            "year": ["2025"],
            "jurisdiction": ["431000"],
            "phase": ["open", "fed_back"],
            "day": ["2025-06-30"],
            "month": ["2025-03"],
            "about": ["A1"],
            "light": ["red_card"],
            "without_lead": ["true"],
            "signed": ["true", "false"],
            "late": ["true", f"true&unit={OTHER}", "false&period=2025"],
            "lacks_evidence": ["true", f"true&unit={OTHER}", "false&period=2025"],
            "lateness": ["true"],
            "rule": ["BON01", f"BON02&unit={OTHER}"],
            "what": ["input", "verification"],
            "name": ["a"],
            "digest": ["0" * 64],
            "is_used": ["true", f"false&unit={OTHER}"],
            "unit_registered": ["false"],
            "at": [world.frozen],
            "former": ["true"],
            "document_no": ["7号"],
            "outdated": ["true"],
            "answered": ["true"],
            "reviewed": ["true"],
            "as_of": ["2025-06-30T00:00:00Z"],
            "language": ["zh"],
            "id_scheme": ["uscc", "hr"],
            "batch_no": ["1"],
            "version": ["1"],
        }
        if route == EVENTS:  # the feed of all cycles is one for both worlds
            types = "types=scoring.entries-posted&types=scoring.claims-confirmed"
            for more in ("limit=200", "limit=1", types, "wait=0"):
                yield f"{route}?cycle_id={world.cycle_id}&{more}"
            return
        names = re.findall(r"\{(\w+)\}", route)
        for values in product(*(paths[name] for name in names)):
            url = route.format(**dict(zip(names, values, strict=True)))
            yield url
            for name in self.queries.get(route, ()):
                yield from (f"{url}?{name}={value}" for value in asked[name])

    def _pages(self, url: str) -> Iterator[tuple[str, httpx.Response]]:
        """Yield the answer, and if it is a page by one, those of all that follow."""
        while True:
            answer = self.http.get(url)
            yield url, answer
            page = answer.json() if answer.status_code == 200 and "limit=1" in url else {}
            if page.get("next") is None:
                return
            assert page["next"] in map(str, page["items"][-1].values()), f"{url}: a cursor of more"
            url = f"{url.partition('&')[0]}&after={page['next']}"

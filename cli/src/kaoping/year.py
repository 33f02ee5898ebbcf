"""An evaluation year, played as the people involved would: each step by whoever does it in life."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from kaoping.city import (
    City,
    CityFault,
    Wave,
    claims,
    counted_before,
    cycle,
    entries,
    scheme_document,
    surveyed,
    targets,
    units,
    vetoes,
    waves,
)
from kaoping.client import Client
from kaoping.people import COLLEAGUE, COMMITTEE, OFFICE, STANDING_COMMITTEE, People, cast
from kaoping.steps import Advance, Steps

T = TypeVar("T")
Document = dict[str, Any]

ENTRIES_AT_ONCE = 200
CALLS_AT_ONCE = 1000
UNITS_AT_ONCE = 100


@dataclass
class Year:
    """One cycle from the registration of its units to the published ranking."""

    city: City
    people: People
    steps: Steps
    seed: str = "kaoping"
    cycle_id: str = ""
    entry_ids: list[str] = field(default_factory=list)
    sheet: int = 0
    ranking: int = 0
    release: int = 0

    def play(self) -> None:
        """Do everything, in the order in which a year goes."""
        told = waves(self.city, self.seed)
        count = sum(map(len, entries(self.city).values()))
        plan: list[tuple[str, int, Callable[[Advance], None]]] = [
            ("accounts", 1, self.invite),
            ("units", len(units(self.city)), self.register_units),
            ("scheme", 1, self.publish_scheme),
            ("targets", 1, self.agree_targets),
            ("ledger", count, self.post_entries),
            ("verification", count, self.verify_entries),
            ("survey", sum(len(wave.rows) for wave in told), lambda done: self.ask(told, done)),
            ("claims", len(claims(self.city)), self.hand_in_claims),
            ("confirmation", len(claims(self.city)), self.confirm_claims),
            ("vetoes", len(vetoes(self.city)), self.report_vetoes),
            ("score sheet", 1, self.score),
            ("ranking", 1, self.rank),
            ("approval", 4, self.approve),
        ]
        for name, total, do in plan:
            with self.steps.step(name, total) as done:
                do(done)

    @property
    def path(self) -> str:
        """Where everything of the cycle is."""
        return f"/cycles/{self.cycle_id}"

    def invite(self, _: Advance) -> None:
        """The administrator makes an account for everybody who takes part."""
        self.people.invite(cast(self.city))

    def register_units(self, done: Advance) -> None:
        """The performance office registers the units that are not registered yet."""
        office = self.people[OFFICE]
        known = {unit["code"]: unit["name"] for unit in office.pages("/units")}
        wanted = units(self.city)
        for unit in wanted:
            if unit["name"] != (name := known.get(unit["code"], unit["name"])):
                raise CityFault(f"{unit['code']} is registered as {name}, not as {unit['name']}")
        missing = [unit for unit in wanted if unit["code"] not in known]
        for some in _in_parts(missing, UNITS_AT_ONCE):
            office.post("/units", {"units": some})
            done(len(some))

    def publish_scheme(self, _: Advance) -> None:
        """The performance office opens the cycle and publishes its scheme."""
        office, scheme = self.people[OFFICE], scheme_document(self.city)
        self.cycle_id = office.post("/cycles", cycle(self.city))["cycle_id"]
        version = office.post(f"{self.path}/scheme-versions", {"scheme": scheme})["version"]
        office.post(f"{self.path}/scheme-versions/{version}/publication")

    def agree_targets(self, _: Advance) -> None:
        """The performance office issues the targets that were approved; where the deadline has
        passed, because the year is played afterwards, another person of it confirms."""
        body = {"targets": targets(self.city), "reason": "年度目标补录"}
        if self.people[OFFICE].post(f"{self.path}/targets", body)["pending"]:
            confirm_targets(self.people[COLLEAGUE], self.path)

    def post_entries(self, done: Advance) -> None:
        """Every data source unit submits what it measured, counted, graded or marked."""
        for poster, posted in entries(self.city).items():
            for some in _in_parts(posted, ENTRIES_AT_ONCE):
                body = {"entries": some, "state": "submitted"}
                answer = self.people[poster].post(f"{self.path}/ledger-entries", body)
                self.entry_ids += [entry["entry_id"] for entry in answer["entries"]]
                done(len(some))

    def verify_entries(self, done: Advance) -> None:
        """Somebody of the performance office, and not an author, verifies every entry."""
        for some in _in_parts(self.entry_ids, ENTRIES_AT_ONCE):
            path = f"{self.path}/ledger-entries/verification"
            self.people[COLLEAGUE].post(path, {"entry_ids": some})
            done(len(some))

    def ask(self, told: list[Wave], done: Advance) -> None:
        """The survey centre hands in every wave, between its opening and its closing."""
        if not told:
            return
        office = self.people[OFFICE]
        survey = office.post(f"{self.path}/surveys", {"code": surveyed(self.city)})
        for wave in told:
            path = f"/surveys/{survey['survey_id']}/waves/{wave.number}"
            office.post(f"{path}/opening")
            for n, rows in enumerate(_in_parts(wave.rows, CALLS_AT_ONCE), 1):
                body = {
                    "batch_no": f"W{wave.number}-{n:03}",
                    "control_totals": {"count": len(rows)},
                    "rows": rows,
                }
                self.people[survey["collector"]].post(f"{path}/batches", body)
                done(len(rows))
            office.post(f"{path}/closing")

    def hand_in_claims(self, done: Advance) -> None:
        """Units claim their bonus, the performance office the deductions."""
        for claim in claims(self.city):
            claimant = claim["unit"] if claim["kind"] == "bonus" else OFFICE
            self.people[claimant].post(f"{self.path}/claims", {"claims": [claim]})
            done(1)

    def confirm_claims(self, done: Advance) -> None:
        """Somebody of the performance office, and not who handed them in, confirms the claims.

        A claim is held where its document has been claimed elsewhere. Within a city's year nobody
        can tell for it which award that is; in a year that is played again it is the other one.
        """
        colleague, path = self.people[COLLEAGUE], f"{self.path}/claims"
        earlier = {} if self._year_before_is_here() else counted_before(self.city)
        for claim in list(colleague.pages(path)):
            decision: Document = {"claim_id": claim["claim_id"], "decision": "confirmed"}
            if claim["claim_no"] in earlier:
                counted = earlier[claim["claim_no"]]
                decision["counted_earlier"] = {"counted": counted, "reason": "本市年度资料载明"}
            if claim["held"]:
                if any(one["cycle_id"] == self.cycle_id for one in claim["same_document"]):
                    number = claim["claim_no"]
                    raise CityFault(f"claims: the document of {number} stands in another claim too")
                again = f"再次载入的年度 {self.cycle_id}"
                decision["award"] = {"kind": "another_award", "item": again}
            colleague.post(f"{path}/confirmation", {"decisions": [decision]})
            done(1)

    def _year_before_is_here(self) -> bool:
        cycles = list(self.people[COLLEAGUE].pages("/cycles"))
        own = next(one for one in cycles if one["cycle_id"] == self.cycle_id)
        return any(
            one["assessment_year"] == own["assessment_year"] - 1
            and one["jurisdiction"] == own["jurisdiction"]
            and one["scheme_version"] is not None
            for one in cycles
        )

    def report_vetoes(self, done: Advance) -> None:
        """The bodies that the scheme names report vetoes, the office does where it names none;
        another person of the office confirms each."""
        for unit, veto, responsible in vetoes(self.city):
            report = {
                "unit": unit,
                "code": veto,
                "document_no": f"{veto}/{unit}/{self.city.assessment_year}",
                "decided_on": f"{self.city.assessment_year}-12-31",
                "note": None,
            }
            told = self.people[[*responsible, OFFICE][0]].post(f"{self.path}/vetoes", report)
            path = f"{self.path}/vetoes/{told['veto']['number']}/confirmation"
            word = {"of": "report", "decision": "confirm", "reason": None}
            self.people[COLLEAGUE].post(path, word)
            done(1)

    def score(self, _: Advance) -> None:
        """The performance office seals the ledger, has the score sheet computed, and feeds it back
        to the units."""
        office = self.people[OFFICE]
        seen = office.post(f"{self.path}/ledger/seal?mode=check")["seen"]
        office.post(f"{self.path}/ledger/seal", {"leaves": {}, "seen": seen})
        body = {"categories": [self.city.category]}
        self.sheet = office.post(f"{self.path}/score-sheets", body)["edition"]
        office.post(f"{self.path}/score-sheets/{self.sheet}/feedback", None)

    def rank(self, _: Advance) -> None:
        """The performance office has the category ranked."""
        body = {"category": self.city.category, "score_sheet_edition": self.sheet}
        answer = self.people[OFFICE].post(f"{self.path}/rankings", body)
        self.ranking = answer["ranking"]["edition"]

    def approve(self, done: Advance) -> None:
        """Office, committee and standing committee pass it on; nobody takes two of the steps."""
        chain = [
            (OFFICE, "merge"),
            (COMMITTEE, "review"),
            (STANDING_COMMITTEE, "decision"),
            (COLLEAGUE, "publication"),
        ]
        for who, step in chain:
            answer = self.people[who].post(f"{self.path}/rankings/{self.ranking}/{step}", {})
            done(1)
        self.release = answer["manifest"]["release"]


def loaded_before(client: Client, city: City) -> Document | None:
    """Return the cycle of this city's year that the system holds already, if there is one."""
    wanted = cycle(city)
    for known in client.pages("/cycles"):
        if all(known[name] == value for name, value in wanted.items()):
            found: Document = known
            return found
    return None


def confirm_targets(confirmer: Client, path: str) -> None:
    """Confirm every target of a cycle that awaits another person."""
    versions = confirmer.get(f"{path}/targets/history")["versions"]
    latest = {(each["unit"], each["indicator"], each["item"]): each for each in versions}
    word = {"decision": "confirm", "reason": None}
    pending = [
        {name: each[name] for name in ("unit", "indicator", "item", "version")} | word
        for each in latest.values()
        if each["state"].endswith("_pending")
    ]
    for some in _in_parts(pending, ENTRIES_AT_ONCE):
        confirmer.post(f"{path}/target-confirmations", {"decisions": some})


def _in_parts(items: list[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while part := list(islice(source, size)):
        yield part

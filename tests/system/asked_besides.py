"""What is asked of the API besides the reference city's year, so that there is an example of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kaoping.card import Credentials
from kaoping.client import Client
from kaoping.plan import COLLEAGUE, OFFICE
from kaoping.steps import Advance
from kaoping.year import Year

Json = dict[str, Any]
Sent = Mapping[str, Json]
"""What is sent, by operation: the bodies that the API document shows."""


@dataclass
class WiderYear(Year):
    """A year in which everything is asked for once before the ledger is sealed, and taken back."""

    sent: Sent = field(kw_only=True)
    administrator: Client = field(kw_only=True)
    open_client: Callable[[Credentials], Client] = field(kw_only=True)

    def score(self, done: Advance) -> None:
        """Ask for what only an open ledger has, then go on as a year does."""
        self._move_entries()
        self._take_back_a_claim()
        self._lift("demotions", {"unit": "XQ10", "code": "DM02"})
        self._lift("vetoes", {"unit": "XQ10", "code": "V04"})
        self._use_other_codes()
        self._name_units()
        self._park_rows()
        organiser = account(self.administrator, "organiser", "市政府办公室组织组", "ZH01")
        with self.open_client(organiser) as client:
            client.post(f"{self.path}/categories/COUNTY/hand-in", self.sent["hand_in_category"])
        super().score(done)

    def _move_entries(self) -> None:
        poster = next(iter(self.plan.entries))
        source, colleague = self.people[poster], self.people[COLLEAGUE]
        ledger, verified = f"{self.path}/ledger-entries", self.entry_ids[0]
        entry = source.get(f"{ledger}/{verified}")
        made = source.post(f"{ledger}/{verified}/restatement", self.sent["restate_entry"])
        waiting = {"entry_ids": [made["entry_id"]]}
        back = {**self.sent["return_entries"], **waiting}
        colleague.post(f"{ledger}/return", back)
        source.post(f"{ledger}/submission", waiting)
        colleague.post(f"{ledger}/return", back)
        told = {name: entry[name] for name in ("unit", "indicator", "period", "kind", "key")}
        new = {"entry": {**told, "value": "98.6"}, "state": "draft"}
        made = source.post(f"{ledger}/{made['entry_id']}/correction", new)
        source.post(f"{ledger}/{made['entry_id']}/withdrawal", self.sent["withdraw_entry"])

        # A reversal that has been asked for is verified, and what it took out entered anew.
        made = source.post(f"{ledger}/{verified}/reversal", self.sent["reverse_entry"])
        colleague.post(f"{ledger}/verification", {"entry_ids": [made["entry_id"]]})
        again = {"entries": [{**told, "value": entry["value"]}], "state": "submitted"}
        source.post(f"{ledger}?mode=check", again)
        (row,) = source.post(ledger, again)["rows"]
        colleague.post(f"{ledger}/verification", {"entry_ids": [row["entry_id"]]})

    def _take_back_a_claim(self) -> None:
        office = self.people[OFFICE]
        known = next(one for one in self.plan.claims if one["kind"] == "deduction")
        new = {
            **known,
            "claim_no": "K-999",
            "event_key": "K-999",
            "document_no": "云办发〔2025〕99号",
        }
        (made,) = office.post(f"{self.path}/claims", {"claims": [new]})["rows"]
        told = {**self.sent["withdraw_claims"], "claim_ids": [made["claim_id"]]}
        office.post(f"{self.path}/claims/withdrawal", told)

    def _lift(self, what: str, report: Json) -> None:
        office, colleague = self.people[OFFICE], self.people[COLLEAGUE]
        one = {"demotions": "demotion", "vetoes": "veto"}[what]
        told = {**self.sent["report_demotion"], **report}
        number = office.post(f"{self.path}/{what}", told)[one]["number"]
        path = f"{self.path}/{what}/{number}"
        colleague.post(f"{path}/confirmation", self.sent["confirm_demotion"])
        office.post(f"{path}/lifting", self.sent["lift_demotion"])
        colleague.post(f"{path}/confirmation", {"of": "lifting", "decision": "confirm"})

    def _use_other_codes(self) -> None:
        office, colleague = self.people[OFFICE], self.people[COLLEAGUE]
        scheme = {**self.sent["register_id_scheme"], "indicators": True}
        office.post("/id-schemes", scheme)
        units = f"/id-schemes/{scheme['id_scheme']}/unit-mappings"
        for path, kind in (
            (units, "unit"),
            (f"{self.path}/id-schemes/hr/indicator-mappings", "indicator"),
        ):
            told = office.post(path, self.sent[f"propose_{kind}_mappings"])
            proposed = [each["mapping_id"] for each in told["rows"]]
            named = {"mapping_ids": proposed}
            colleague.post(
                f"{path}/confirmation", {**self.sent[f"confirm_{kind}_mappings"], **named}
            )
            ended = {**self.sent[f"end_{kind}_mappings"], "mapping_ids": proposed[-1:]}
            office.post(f"{path}/ending", ended)
            office.get(path)
        office.get(f"{self.path}/id-schemes/hr")

    def _park_rows(self) -> None:
        """Send two rows by codes that mean nothing yet; enter one of them later."""
        office, colleague, source = (self.people[who] for who in (OFFICE, COLLEAGUE, "ZH07"))
        scheme = {**self.sent["register_id_scheme"], "id_scheme": "tax"}
        office.post("/id-schemes", scheme)
        row = {"indicator": "P01", "kind": "measured_value", "key": "value", "value": "512.3"}
        rows = [{**row, "unit": code, "source_ref": f"2025-{code}"} for code in ("0301", "0302")]
        ledger = f"{self.path}/ledger-entries"
        source.post(f"{ledger}?id_scheme=tax&mode=partial", {"entries": rows})
        office.get(f"{self.path}/parked-rows")
        new = {"code": "0301", "unit": "YQ01", "valid_from": "2025-01-01"}
        mappings = "/id-schemes/tax/unit-mappings"
        told = {"mappings": [new], "reason": "税务系统单位编码"}
        known = {"mapping_ids": [e["mapping_id"] for e in office.post(mappings, told)["rows"]]}
        colleague.post(f"{mappings}/confirmation", {**known, "decision": "confirm"})
        parked = f"{self.path}/parked-rows"
        replayed = source.post(f"{parked}/replay", self.sent["replay_parked_rows"])["rows"]
        entered = {"entry_ids": [one["entry_id"] for one in replayed]}
        colleague.post(f"{ledger}/verification", entered)
        (left,) = (one for one in office.pages(parked) if one["state"] == "parked")
        gone = {**self.sent["discard_parked_rows"], "parked_row_ids": [left["parked_row_id"]]}
        source.post(f"{parked}/discard", gone)

    def _name_units(self) -> None:
        office = self.people[OFFICE]
        office.post("/units/XQ05/names", self.sent["name_unit"])
        office.post("/units/XQ06/predecessors", self.sent["succeed_units"])


def ask_afterwards(year: WiderYear) -> Client:
    """Ask for what a year that is over has; return the client of an auditor."""
    office, path = year.people[OFFICE], year.path
    office.post(f"{path}/score-sheets", {"categories": year.plan.categories})
    office.get(f"{path}/score-sheets/2/differences", against=1)
    office.post(f"{path}/score-simulations", year.sent["simulate_scores"])
    office.post(f"{path}/simulations", year.sent["simulate_ranking"])
    office.post(f"{path}/scheme-checks", {"scheme": year.plan.scheme})
    office.get(f"{path}/indicators/C01/lineage", unit="XQ01")
    auditor = account(year.administrator, "auditor", "审计员")
    second = account(year.administrator, "system_administrator", "系统管理员第二人")
    account(year.administrator, "committee", "综合绩效评估委员会第二人")
    with year.open_client(second) as other:
        other.post("/accounts/committee-2/confirmation")
    return year.open_client(auditor)


def account(administrator: Client, role: str, name: str, unit: str | None = None) -> Credentials:
    """Have an account made, and return how it signs in."""
    told = {"subject": f"{role.replace('_', '-')}-2", "kind": "person", "name": name}
    new = {**told, "roles": [role], "unit": unit}
    (made,) = administrator.post("/accounts", {"accounts": [new]})["accounts"]
    return Credentials(made["subject"], made["secret"])

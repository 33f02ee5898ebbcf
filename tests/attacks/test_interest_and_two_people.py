"""At every decision of a year, everybody tries who must not, and then somebody who may.

Two accounts of one person, the own unit, competitors, the office where it is barred, a second
body that is not named, accounts of many roles: who is not in the short list of a step is refused,
nothing is stored, and the very same request of one who is in the list is carried out, after a check
of it (`mode=check`) that stores nothing either.
"""

import datetime as dt
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, replace

import pytest
from tests.system.harness import in_one_process
from tests.system.two_worlds import KINDS, SCHEME, SOURCE, UNITS, tag_of

from kaoping.card import Credentials

SECRET = "a-secret-that-is-long-enough"
OFFICE, UNIT, DATA = "performance_office", "assessed_unit", "data_source_unit"

PEOPLE = {
    "office": (None, [OFFICE], "E1"),
    "office-too": (None, [OFFICE], "E1"),
    "colleague": (None, [OFFICE], "E2"),
    "clerk-a2": ("A2", [UNIT], "E3"),
    "office-a2": ("A2", [OFFICE, UNIT, DATA, "responsible_body"], "E4"),
    "office-a2-too": ("A2", [OFFICE], "E3"),
    "office-s1": (SOURCE, [OFFICE, DATA], "E5"),
    "source": (SOURCE, [DATA], "E6"),
    "clerk-a1": ("A1", [UNIT], "E7"),
    "office-a1": ("A1", [OFFICE, UNIT], "E8"),
    "body": ("B1", ["second_body"], "E9"),
    "body-too": ("B1", ["second_body", UNIT], "E9"),
    "body-two": ("B1", ["second_body"], "E10"),
    "office-b1": ("B1", [OFFICE], "E11"),
    "other-body": ("B2", ["second_body", UNIT, DATA], "E12"),
    "board": (None, ["committee"], "E13"),
    "board-a2": ("A2", ["committee", UNIT], "E14"),
    "council": (None, ["standing_committee"], "E15"),
    "council-a3": ("A3", ["standing_committee"], "E16"),
    "reporter": ("R1", ["responsible_body"], "E17"),
    "auditor": (None, ["auditor"], "E18"),
    "organiser": (SOURCE, ["organiser"], "E19"),
    "centre": ("S2", ["survey_centre"], "E20"),
}
FREE = {"office", "office-too", "colleague", "office-s1", "office-b1"}
"""Who is of the office and of no unit of the category."""
OF_E1 = {"office", "office-too"}
BODIES = {"body", "body-too", "body-two"}
NOT_A2 = FREE | {"office-a1"}
"""Who is of the office and not of A2."""


@pytest.fixture(scope="module")
def system(postgres, databases, tmp_path_factory):
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="module")
def people(system):
    """Give a client of everybody; while there is one administrator all are in effect at once."""
    with system.client(system.administrator) as administrator, ExitStack() as doors:
        told = [
            {"subject": who, "kind": "person", "name": who, "unit": unit, "roles": roles}
            | {"person": person, "secret": SECRET}
            for who, (unit, roles, person) in PEOPLE.items()
        ]
        administrator.post("/accounts", {"accounts": told})
        clients = {}
        for who in PEOPLE:
            client = doors.enter_context(system.client(Credentials(who, SECRET)))
            clients[who] = client
        kinds = KINDS | dict.fromkeys(("S2", "B1", "B2", "R1"), "body")
        registered = [
            {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
            for code, kind in kinds.items()
        ]
        clients["office"].post("/units", {"units": registered})
        yield clients


@pytest.fixture(scope="module")
def tokens(system):
    """Give plain HTTP clients, which raise nothing, for everybody."""
    with ExitStack() as doors:
        clients = {}
        for who in PEOPLE:
            form = {"grant_type": "password", "username": who, "password": SECRET}
            with system.raw() as door:
                token = door.post("/oauth/token", data=form).json()["access_token"]
            client = system.raw(Authorization=f"Bearer {token}")
            clients[who] = doors.enter_context(client)
        yield clients


@dataclass
class Attacked:
    """A cycle in which everybody tries everything."""

    system: object
    people: dict
    tokens: dict
    path: str
    tried: int = 0

    def step(self, path, body, allowed, by):
        """Have everybody try who is not `allowed`, and then one who is; return the answer.

        Who tries does so in every mode, in turn: where rows are taken one by one, each of them is
        refused. Who is allowed checks first.
        """
        assert by in allowed
        before = self._stored()
        url = f"/api/v1{self.path}/{path}"
        for number, (who, client) in enumerate(self.tokens.items()):
            if who in allowed:
                continue
            key = {"Idempotency-Key": f"attack-{self.tried}-{number}"}
            mode = ("check", "all", "partial")[number % 3]
            answer = client.post(f"{url}?mode={mode}", json=body, headers=key)
            asked = f"{who}: {path}: {answer.status_code} {answer.text[:400]}"
            assert len(answer.content) < 20_000, asked
            self.tried += 1
            if answer.status_code == 200 and mode != "all":
                outcomes = {row["outcome"] for row in answer.json()["rows"]}
                assert outcomes == {"refused"}, asked
                assert answer.json()["receipt"] is None, asked
                continue
            assert answer.status_code in (403, 404, 409, 422), asked
            assert answer.headers["content-type"].startswith("application/problem+json"), asked
        checked = self.tokens[by].post(f"{url}?mode=check", json=body)
        assert checked.status_code == 200, f"{by}: {path}: {checked.text}"
        assert self._stored() == before, path
        done = self.people[by].post(f"{self.path}/{path}", body)
        if path != "ledger/seal":  # whose preview says more
            assert checked.json().keys() == done.keys(), path
            assert checked.json()["receipt"] is None, path
            assert done["receipt"] is not None, path
        return done

    def _stored(self):
        """Everything but the answers that are kept for their keys: `partial` has one too."""
        parts = ("indicators", "scoring", "ranking")
        kept = replace(self.system, databases={p: self.system.databases[p] for p in parts}).stored()
        return {name: each for name, each in kept.items() if not name.endswith(".idempotency_key")}


@pytest.fixture(scope="module")
def cycle(system, people, tokens):
    """Give a maker of cycles with a published scheme; `recused` names B1 for A1."""

    def make(year=2025, *, recused=False, small=False):
        told = {"name": "年", "jurisdiction": "439900", "assessment_year": year}
        cycle_id = people["office"].post("/cycles", told)["cycle_id"]
        attacked = Attacked(system, people, tokens, f"/cycles/{cycle_id}")
        publish(attacked, scheme_of(year, recused=recused, small=small))
        return attacked

    return make


SOLO = {"input": "v", "tiers": [{"min": 90, "points": 100}]}


def scheme_of(year, *, recused, small=False):
    scheme = deepcopy(SCHEME) | {"assessment_year": year}
    scheme["adjustments"]["window"] = {"opens": f"{year}-01-01", "closes": f"{year}-12-31"}
    scheme["vetoes"]["items"][0]["responsible_units"] = ["R1"]
    if small:
        [block] = scheme["categories"][0]["blocks"]
        [solo] = [each for each in block["indicators"] if each["code"] == "SOLO"]
        block["indicators"] = [solo | {"points": 100, "params": SOLO}]
    if recused:
        scheme["recusals"] = [{"unit": "A1", "body": "B1"}]
    return scheme


def publish(attacked, scheme):
    office, path = attacked.people["office"], attacked.path
    new = {"scheme": scheme, "reason": "理由"}
    version = office.post(f"{path}/scheme-versions", new)["version"]
    office.post(f"{path}/scheme-versions/{version}/publication")


def target(unit, value="10"):
    named = {"unit": unit, "indicator": "OWN", "item": None}
    return named | {"target": value, "baseline": None, "pledge": None}


def word(unit, version, decision):
    named = {"unit": unit, "indicator": "OWN", "item": None}
    return {"decisions": [named | {"version": version, "decision": decision, "reason": "理由"}]}


def test_a_target_takes_two_persons_of_whom_none_is_of_the_unit(cycle):
    year = cycle(dt.datetime.now(dt.UTC).year + 1)
    offered = {"targets": [target("A2")]}
    year.step("target-proposals", offered, {"clerk-a2", "office-a2", "board-a2"}, "clerk-a2")
    year.step("target-decisions", word("A2", 1, "approve"), NOT_A2, "office")
    year.step("targets", {"targets": [target("A2")], "reason": None}, NOT_A2, "colleague")
    ground = {"reason": "理由", "document_no": "文〔2025〕1号", "approved_by": "市政府"}
    year.step("target-revisions", {"targets": [target("A2", "8")]} | ground, NOT_A2, "office")
    year.step("target-confirmations", word("A2", 4, "confirm"), NOT_A2 - OF_E1, "colleague")
    gone = {"targets": [{"unit": "A2", "indicator": "OWN"}], "reason": "理由", "document_no": "1号"}
    year.step("target-withdrawals", gone, NOT_A2, "colleague")
    year.step("target-confirmations", word("A2", 6, "refuse"), NOT_A2 - {"colleague"}, "office-too")


def test_the_office_moves_no_target_of_a_unit_from_which_it_is_barred(cycle):
    year = cycle(dt.datetime.now(dt.UTC).year + 1, recused=True)
    year.step("targets", {"targets": [target("A1")], "reason": None}, BODIES, "body")
    ground = {"reason": "理由", "document_no": "文〔2025〕1号", "approved_by": "市政府"}
    year.step("target-revisions", {"targets": [target("A1", "8")]} | ground, BODIES, "body")
    year.step("target-confirmations", word("A1", 2, "confirm"), {"body-two"}, "body-two")
    mixed = {"targets": [target("A1"), target("A2")], "reason": "理由"}
    year.step("targets", {"targets": [target("A2")], "reason": None}, NOT_A2, "office-s1")
    for who in PEOPLE:
        answer = year.tokens[who].post(
            f"/api/v1{year.path}/targets", json=mixed, headers={"Idempotency-Key": f"mixed-{who}"}
        )
        assert answer.status_code in (403, 409, 422), f"{who}: {answer.text}"


def entered(year, unit, value="91", indicator="SOLO", key="v", by="source"):
    entry = {"unit": unit, "indicator": indicator, "kind": "measured_value", "key": key}
    body = {"entries": [entry | {"value": value}], "state": "submitted"}
    answer = year.people[by].post(f"{year.path}/ledger-entries", body)
    return [each["entry_id"] for each in answer["rows"]]


def test_an_entry_counts_by_the_word_of_another_person_without_an_interest(cycle):
    year = cycle()
    verifying = NOT_A2 - {"office-s1"}
    ids = entered(year, "A2")
    year.step("ledger-entries/return", {"entry_ids": ids, "reason": "理由"}, verifying, "office")
    year.people["source"].post(f"{year.path}/ledger-entries/submission", {"entry_ids": ids})
    year.step("ledger-entries/verification", {"entry_ids": ids}, verifying, "colleague")
    sources = {"source", "office-s1"}
    away = year.step(f"ledger-entries/{ids[0]}/reversal", {"reason": "理由"}, sources, "source")
    reversal = {"entry_ids": [away["entry_id"]]}
    year.step("ledger-entries/verification", reversal, verifying, "office")
    own = entered(year, "A2", "8", "OWN", "actual", by="clerk-a2")
    year.step("ledger-entries/verification", {"entry_ids": own}, NOT_A2, "office")


def test_where_the_office_is_barred_it_verifies_nothing(cycle):
    year = cycle(recused=True)
    ids = entered(year, "A1")
    year.step("ledger-entries/return", {"entry_ids": ids, "reason": "理由"}, BODIES, "body")
    year.people["source"].post(f"{year.path}/ledger-entries/submission", {"entry_ids": ids})
    year.step("ledger-entries/verification", {"entry_ids": ids}, BODIES, "body-two")
    both = {"entry_ids": entered(year, "A1", "3", "RANK", "value")}
    both["entry_ids"] += entered(year, "A2", "4", "RANK", "value")
    for who in PEOPLE:
        answer = year.tokens[who].post(
            f"/api/v1{year.path}/ledger-entries/verification",
            json=both,
            headers={"Idempotency-Key": f"both-{who}"},
        )
        assert answer.status_code in (403, 409), f"{who}: {answer.text}"


def claim(year, unit, number, by):
    told = {
        "claim_no": f"{unit}-{number}", "unit": unit, "kind": "bonus", "level": "national",
        "authority": "国务院", "holder_name": unit, "event_key": f"{unit}-{number}",
        "document_no": f"国发〔2025〕{tag_of(year.path[-36:])}{unit[1]}{number}号",
        "document_date": "2025-06-01",
    }  # fmt: skip
    answer = year.people[by].post(f"{year.path}/claims", {"claims": [told]})
    return answer["rows"][0]["claim_id"]


def test_a_claim_counts_and_ends_by_the_word_of_different_persons(cycle):
    year = cycle()
    one = claim(year, "A2", 1, "clerk-a2")
    confirming = {"decisions": [{"claim_id": one, "decision": "confirmed"}]}
    year.step("claims/confirmation", confirming, NOT_A2, "office")
    again = {"decisions": [{"claim_id": one, "decision": "rejected", "reason": "理由"}]}
    year.step("claims/confirmation", again, NOT_A2, "colleague")
    confirming["decisions"][0]["reason"] = "理由"
    year.step("claims/confirmation", confirming, NOT_A2, "office")
    gone = {"claim_ids": [one], "reason": "理由", "document_no": "文〔2025〕2号"}
    year.step("claims/withdrawal", gone, NOT_A2 - OF_E1, "colleague")
    two = claim(year, "A2", 2, "office")
    mine = {"decisions": [{"claim_id": two, "decision": "confirmed"}]}
    year.step("claims/confirmation", mine, NOT_A2 - OF_E1, "office-s1")


def test_where_the_office_is_barred_it_decides_on_no_claim(cycle):
    year = cycle(recused=True)
    one = claim(year, "A1", 1, "clerk-a1")
    confirming = {"decisions": [{"claim_id": one, "decision": "confirmed"}]}
    year.step("claims/confirmation", confirming, BODIES, "body")
    gone = {"claim_ids": [one], "reason": "理由", "document_no": "文〔2025〕2号"}
    year.step("claims/withdrawal", gone, {"body-two"}, "body-two")


VETO = {"unit": "A2", "code": "V1", "document_no": "文〔2025〕1号", "decided_on": "2025-12-31"}
LIFTING = {"reason": "理由", "document_no": "文〔2026〕1号"}


def said(of, decision="confirm"):
    return {"of": of, "decision": decision, "reason": "理由"}


@pytest.mark.parametrize("recused", [False, True])
def test_a_year_is_passed_on_by_persons_without_an_interest_each_once(cycle, recused):
    year = cycle(recused=recused, small=True)
    for unit in UNITS:
        ids = {"entry_ids": entered(year, unit)}
        verifier = "body" if recused and unit == "A1" else "office"
        year.people[verifier].post(f"{year.path}/ledger-entries/verification", ids)
    deciders, first, second = (FREE, "office", "colleague")
    if recused:
        deciders, first, second = (BODIES, "body", "body-two")
    of_first = {"body", "body-too"} if recused else OF_E1
    reporters = deciders | {"reporter"}
    number = year.step("vetoes", VETO, reporters, first)["veto"]["number"]
    year.step(f"vetoes/{number}/confirmation", said("report"), deciders - of_first, second)
    year.step(f"vetoes/{number}/lifting", LIFTING, reporters, first)
    year.step(f"vetoes/{number}/confirmation", said("lifting"), deciders - of_first, second)

    all_of_office = {who for who, (_, roles, _) in PEOPLE.items() if OFFICE in roles}
    year.step("ledger/seal", {}, all_of_office, "office")
    year.step("score-sheets", {"categories": ["ALL"]}, all_of_office, "office")
    year.step("score-sheets/1/feedback", None, all_of_office, "office")
    ranked = {"category": "ALL", "score_sheet_edition": 1}
    edition = year.step("rankings", ranked, all_of_office, "office")["ranking"]["edition"]
    year.step(f"rankings/{edition}/merge", {}, deciders, first)
    year.step(f"rankings/{edition}/review", {}, {"board"}, "board")
    year.step(f"rankings/{edition}/decision", {}, {"council"}, "council")
    year.step(f"rankings/{edition}/publication", {}, deciders - of_first, second)


def test_the_office_does_not_take_back_what_bars_it(cycle):
    """A recusal in force stays for the cycle: whoever is barred publishes the scheme.

    Planted bug: let a later version of the scheme leave the recusal out, or name another body.
    """
    year = cycle(recused=True)
    office, path = year.people["office"], f"/api/v1{year.path}/scheme-versions"
    later = {
        "left out": [],
        "another body": [{"unit": "A1", "body": "B2"}],
        "another unit": [{"unit": "A2", "body": "B1"}],
    }
    for number, (how, recusals) in enumerate(later.items()):
        scheme = scheme_of(2025, recused=True) | {"recusals": recusals}
        new = {"scheme": scheme, "reason": "理由"}
        version = office.post(f"{year.path}/scheme-versions", new)["version"]
        for who in ("office", "office-a1", "office-b1"):
            key = {"Idempotency-Key": f"take-back-{number}-{who}"}
            answer = year.tokens[who].post(f"{path}/{version}/publication", headers=key)
            assert answer.status_code in (409, 422), f"{how}: {answer.text}"
    more = [{"unit": "A1", "body": "B1"}, {"unit": "A2", "body": "B2"}]
    publish(year, scheme_of(2025, recused=True) | {"recusals": more})

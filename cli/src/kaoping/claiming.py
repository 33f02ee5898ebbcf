"""Claims of a year: handed in with what backs them, taken back, and examined by somebody else."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from kaoping.evidence import Evidence
from kaoping.faults import KaopingFault
from kaoping.people import People
from kaoping.plan import COLLEAGUE, OFFICE, Document, Plan, in_parts
from kaoping.steps import Advance

CLAIMS_AT_ONCE = 100
WITHDRAWN = "withdrawn"


@dataclass
class Claiming:
    """The claims of a cycle; `ids` are by their numbers, which are unique in a year, `earlier` are
    those of an earlier one."""

    path: str
    cycle_id: str
    plan: Plan
    people: People
    evidence: Evidence
    ids: dict[str, str] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)

    def hand_in(self, done: Advance) -> None:
        """Units claim their bonus, the performance office the deductions; some units take a claim
        back."""
        by_claimant = defaultdict[str, list[Document]](list)
        for claim in self.plan.claims:
            by_claimant[claim["unit"] if claim["kind"] == "bonus" else OFFICE].append(claim)
        for claimant, claims in by_claimant.items():
            for some in in_parts(claims, CLAIMS_AT_ONCE):
                body = {"claims": [self._with_what_it_revokes(each) for each in some]}
                answer = self.people[claimant].post(f"{self.path}/claims", body)
                self.ids |= {row["claim_no"]: row["claim_id"] for row in answer["rows"]}
                done(len(some))
            self._take_back(claimant, claims)

    def _with_what_it_revokes(self, claim: Document) -> Document:
        told = self.evidence.named_in(claim)
        if "revokes" in told:
            return {**told, "revokes": self.earlier[told["revokes"]]}
        return told

    def _take_back(self, claimant: str, claims: list[Document]) -> None:
        for claim in claims:
            ruling = self.plan.rulings.get(claim["claim_no"])
            if ruling is not None and ruling.said["decision"] == WITHDRAWN:
                body = {
                    "claim_ids": [self.ids[claim["claim_no"]]],
                    "reason": ruling.said["reason"],
                }
                self.people[claimant].post(f"{self.path}/claims/withdrawal", body)

    def examine(self, done: Advance) -> None:
        """Somebody of the performance office, and not who handed them in, decides about the claims:
        of those on one document about one after the other.

        Of a document that has been claimed elsewhere nobody can tell for a city's year which award
        that is; in a year that is played again it is the other one.
        """
        colleague, path = self.people[COLLEAGUE], f"{self.path}/claims"
        earlier = {} if self._year_before_is_here() else self.plan.counted_before
        turns = defaultdict[int, list[Document]](list)
        for claim in colleague.pages(path):
            if claim["state"] != WITHDRAWN:
                ruling = self.plan.rulings.get(claim["claim_no"])
                decision = self._decision(claim, earlier)
                turns[ruling.turn if ruling else 0].append(decision)
        for _, decisions in sorted(turns.items()):
            for some in in_parts(decisions, CLAIMS_AT_ONCE):
                colleague.post(f"{path}/confirmation", {"decisions": some})
                done(len(some))

    def _decision(self, claim: Document, earlier: Mapping[str, bool]) -> Document:
        """Return what is decided about a claim, with what its examiner has to know besides."""
        number = claim["claim_no"]
        decision: Document = {"claim_id": claim["claim_id"], "decision": "confirmed"}
        ruling = self.plan.rulings.get(number)
        if ruling is not None:
            decision |= self._with_ids(ruling.said)
        if decision["decision"] != "confirmed":
            return decision
        if number in earlier:
            counted = earlier[number]
            decision["counted_earlier"] = {"counted": counted, "reason": "本市年度资料载明"}
        if ruling is None and any(self._is_here(one) for one in claim["same_document"]):
            told = f"claims: the document of {number} stands in another claim too"
            raise KaopingFault(told)
        if any(not self._is_here(one) for one in claim["same_document"]):
            decision["award"] = self._played_again(claim, decision.get("award") or {})
        return decision

    def _is_here(self, other: Document) -> bool:
        return bool(other["cycle_id"] == self.cycle_id)

    def _with_ids(self, said: Document) -> Document:
        """Return a decision with the claims that it names by their ids."""
        award = said.get("award")
        if award is None:
            return said
        told = dict(award)
        if "shares" in award:
            told["shares"] = [
                {"claim_id": self.ids[number], "share": share}
                for number, share in award["shares"].items()
            ]
        if "counts" in award:
            told["counts"] = self.ids[award["counts"]]
        return {**said, "award": told}

    def _played_again(self, claim: Document, award: Document) -> Document:
        """Return which award it is where the document was claimed in a cycle before: another."""
        item = f"{award.get('item', '')} 再次载入的年度 {self.cycle_id}".strip()
        if award.get("kind", "same") == "same" and award.get("counts") in (None, claim["claim_id"]):
            return {"kind": "another_award", "item": item}
        return {**award, "item": item}

    def _year_before_is_here(self) -> bool:
        cycles = list(self.people[COLLEAGUE].pages("/cycles"))
        own = next(one for one in cycles if one["cycle_id"] == self.cycle_id)
        return any(
            one["assessment_year"] == own["assessment_year"] - 1
            and one["jurisdiction"] == own["jurisdiction"]
            and one["scheme_version"] is not None
            for one in cycles
        )

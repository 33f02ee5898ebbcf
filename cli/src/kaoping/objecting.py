"""Remarks and objections of a year, filed by units, decided level by level, and carried out by
corrections of the sealed record (意见、异议、更正)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from kaoping.city.objected import OBJECTIONS
from kaoping.client import Refused
from kaoping.people import People
from kaoping.plan import OFFICE, Document, Move, Plan
from kaoping.supervising import in_order

ISSUER, REASON, NOT_SO = "综合绩效评估委员会", "异议成立", "文件未附齐"


def _unheeded(_: dt.date) -> None:
    """Nothing is done on a day before its moves."""


@dataclass
class Objecting:
    """The remarks and objections of a cycle, which is at `path`, by what the year calls them.

    `begin` is told of each day. `outcomes` say of every move by which faults it was refused, if it
    was; `ids` and `steps` are those of objections, `corrections` what was proposed for each.
    """

    path: str
    plan: Plan
    people: People
    begin: Callable[[dt.date], None] = _unheeded
    outcomes: dict[int, frozenset[str]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    corrections: dict[str, list[str]] = field(default_factory=dict)

    def play(self, since: dt.date, before: dt.date) -> None:
        """Do all that is done since a day and before another, in the order of the days."""
        for number, move in in_order(self.plan, OBJECTIONS):
            if move.day is None or not since <= move.day < before:
                continue
            self.begin(move.day)
            try:
                self._do(move)
                self.outcomes[number] = frozenset()
            except Refused as refusal:
                self.outcomes[number] = refusal.codes

    def _do(self, move: Move) -> None:
        path, ref, who = f"{self.path}/objections", move.about[1], self.people[move.who]
        if move.does == "file":
            answer = who.post(path, self._with_ids(move.told))
            self.ids[ref] = answer["objection_id"]
        elif move.does == "propose":
            answer = who.post(f"{self.path}/corrections", self._proposed(move))
            self.corrections.setdefault(ref, []).append(answer["correction"]["correction_id"])
            return
        elif move.does in ("approve", "refuse"):
            at = f"{self.path}/corrections/{self.corrections[ref][-1]}/decision"
            said: Document = {"decision": "approved"}
            if move.does == "refuse":
                said = {"decision": "refused", "text": NOT_SO}
            who.post(at, said)
            return
        else:
            where = "answers" if move.role else "decisions"
            body: Document = {"step": self.steps[ref], "move": move.does, **move.told}
            if "carried_out_by" in move.told:  # where nothing was corrected, by nothing
                body["carried_out_by"] = self.corrections.get(ref, [self.ids[ref]])[-1]
            answer = who.post(f"{path}/{self.ids[ref]}/{where}", body)
        self.steps[ref] = answer["step"]

    def _with_ids(self, told: Document) -> Document:
        """Return what is filed, with the id of the claim that it is about."""
        if "claim_no" not in told:
            return told
        claims = self.people[OFFICE].pages(f"{self.path}/claims")
        [found] = [each["claim_id"] for each in claims if each["claim_no"] == told["claim_no"]]
        rest = {name: each for name, each in told.items() if name != "claim_no"}
        return {**rest, "claim_id": found}

    def _proposed(self, move: Move) -> Document:
        """Return a correction as it is proposed, which names the entry that is to say otherwise."""
        assert move.day is not None  # noqa: S101 - an objection is played day by day
        unit, ref = move.about
        told = dict(move.told)
        if "corrects" in told:
            told["corrects"] = self._entry(unit, told["corrects"])
        return {
            "origin": "objection",
            "objection_id": self.ids[ref],
            "issuer": ISSUER,
            "document_no": f"{ref}〔2026〕",
            "document_date": move.day.isoformat(),
            "reason": REASON,
            **told,
        }

    def _entry(self, unit: str, named: Document) -> str:
        """Return the id of the sealed entry of a unit that has these names."""
        asked = {"unit": unit, "indicator": named["indicator"], "state": "locked"}
        page = self.people[OFFICE].get(f"{self.path}/ledger-entries", **asked)
        [found] = [each for each in page["items"] if {**each, **named} == each]
        return str(found["entry_id"])

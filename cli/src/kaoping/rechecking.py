"""Re-checks and spot checks of a year, played as the people involved would (复检、抽查)."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kaoping.city import checked
from kaoping.city.checked import Found, found_about, reviewers_of
from kaoping.city.objected import REVIEWER
from kaoping.city.particulars import QUALITY, SUPERVISED
from kaoping.people import People
from kaoping.plan import COLLEAGUE, OFFICE, Document, Plan

WORDS = "现场核对原始凭证"


def _unheeded(_: dt.date) -> None:
    """Nothing is done on a day before its steps."""


@dataclass
class Rechecking:
    """The checks of a cycle, which is at `path`: about so large a share of what a team has before
    it something is found, by the check.

    `begin` is told of each day. `pools` are the digests of who may be sent, `draws` the draws, and
    `teams` those of each drawn unit, by the check; `sheets` the entries that a team had before it,
    by check and unit; `found` is what was found about which entry.
    """

    path: str
    plan: Plan
    people: People
    shares: Mapping[str, Decimal]
    begin: Callable[[dt.date], None] = _unheeded
    pools: dict[str, str] = field(default_factory=dict)
    draws: dict[str, Document] = field(default_factory=dict)
    teams: dict[str, list[Document]] = field(default_factory=dict)
    sheets: dict[tuple[str, str], list[Document]] = field(default_factory=dict)
    found: dict[str, tuple[str, str, str, Found]] = field(default_factory=dict)

    def play(self) -> None:
        """Fix the lists and who may be sent, draw, find, hear the units, and decide."""
        codes = [each["code"] for each in self.plan.scheme["checks"]]
        self.begin(checked.FIXED_ON)
        told = {"seed_source": checked.SOURCE, "seed_form": checked.SEED_FORM}
        told["seed_on"] = checked.SEED_ON.isoformat()
        for code in codes:
            self.people[COLLEAGUE].post(f"{self._at(code)}/commitment", told)
        self.begin(checked.NAMED_ON)
        for code in codes:
            self._name(code)
        self.begin(checked.SEED_ON)
        seed = {"seed": checked.SEED, "found_in": "开奖公告"}
        for code in codes:
            self.draws[code] = self.people[OFFICE].post(f"{self._at(code)}/draw", seed)
            self.teams[code] = self.people[OFFICE].get(f"{self._at(code)}/teams")["teams"]
        self.begin(checked.FOUND_ON)
        for code in codes:
            for team in self.teams[code]:
                self._find(code, team)
        self.begin(checked.ANSWERED_ON)
        self._hear()
        self.begin(checked.DECIDED_ON)
        self._decide(answered=True)
        self.begin(checked.LATE_ON)
        self._decide(answered=False)

    def _at(self, code: str) -> str:
        return f"{self.path}/checks/{code}"

    def _name(self, code: str) -> None:
        reviewers = [
            {**each, "person": self.person_of(each["unit"])}
            for each in reviewers_of(self.plan.scheme, code)
        ]
        told = {"members": checked.MEMBERS, "reviewers": reviewers}
        answer = self.people[COLLEAGUE].post(f"{self._at(code)}/reviewers", told)
        self.pools[code] = answer["pool"]

    def person_of(self, unit: str) -> str:
        """Return the person who acts for a unit, as its account has it."""
        return self.people.subjects[unit]

    def _find(self, code: str, team: Mapping[str, Any]) -> None:
        """The first of a team says what was found about some of the entries before it."""
        unit, first = team["unit"], team["members"][0]["unit"]
        finder = self.people[first]
        sheet = list(finder.pages(f"{self._at(code)}/sheets/{unit}"))
        self.sheets[code, unit] = sheet
        for entry in sheet:
            about = found_about({**entry, "unit": unit}, self.shares[code])
            if about is None:
                continue
            said = {"verdict": about.verdict, "value": about.value, "text": WORDS}
            told = {"unit": unit, "entry_id": entry["entry_id"], **said}
            answer = finder.post(f"{self._at(code)}/findings", told)
            finding = answer["finding"]
            self.found[finding["finding_id"]] = code, unit, entry["entry_id"], about

    def _hear(self) -> None:
        for finding, (code, unit, _, about) in self.found.items():
            if about.answer is not None:
                told = {"answer": about.answer}
                if about.answer == "objected":
                    told["text"] = "与原始凭证一致"
                self.people[unit].post(f"{self._at(code)}/findings/{finding}/answer", told)

    def _decide(self, *, answered: bool) -> None:
        for finding, (code, unit, entry, about) in self.found.items():
            if (about.answer is not None) == answered:
                told = {"decision": about.decision}
                if about.decision == "dismissed":
                    told["text"] = "经复核，异议成立"
                sheet = {each["entry_id"]: each for each in self.sheets[code, unit]}
                # The office itself has verified what items, complaints and self-evaluations cost.
                own = sheet[entry]["indicator"] in (SUPERVISED, QUALITY)
                decider = self.people[REVIEWER if own else OFFICE]
                decider.post(f"{self._at(code)}/findings/{finding}/decision", told)

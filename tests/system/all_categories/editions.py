"""What is computed and published of a generated year before objections are heard, and after."""

from dataclasses import dataclass, field
from typing import Any

from kaoping.city.objected import PUBLISHED
from kaoping.client import Refused
from kaoping.people import COMMITTEE, STANDING_COMMITTEE
from kaoping.plan import COLLEAGUE, OFFICE

CHAIN = [
    (OFFICE, "merge"),
    (COMMITTEE, "review"),
    (STANDING_COMMITTEE, "decision"),
    (COLLEAGUE, "publication"),
]


@dataclass
class Editions:
    """What was computed and published before objections were heard and afterwards; `kept` is what
    could be read of it before, by its path; `again` by which faults it was refused to object to the
    same once more."""

    path: str
    people: Any
    sheets: list[int] = field(default_factory=list)
    rankings: list[dict[str, int]] = field(default_factory=list)
    releases: list[int] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    again: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def compute(self, sheet, categories) -> None:
        """Feed a sheet back and rank from it."""
        office = self.people[OFFICE]
        office.post(f"{self.path}/score-sheets/{sheet}/feedback")
        self.sheets.append(sheet)
        self.rankings.append({})
        for category in categories:
            body = {"category": category, "score_sheet_edition": sheet}
            answer = office.post(f"{self.path}/rankings", body)
            self.rankings[-1][category] = answer["ranking"]["edition"]

    def publish(self) -> None:
        """Have the ranking of a category approved and published."""
        at = f"{self.path}/rankings/{self.rankings[-1][PUBLISHED]}"
        for who, step in CHAIN:
            # Some objections are left undecided on purpose.
            said: dict[str, Any] = {"despite_objections": True} if step == "publication" else {}
            if step == "publication" and self.releases:
                said["correction"] = {"zh": "异议成立，得分更正。"}
            answer = self.people[who].post(f"{at}/{step}", said)
        self.releases.append(answer["manifest"]["release"])

    def object_again(self, unit, said) -> None:
        """Have a unit object to the same mark once more."""
        self.again[unit, said["indicator"]] = frozenset()
        try:
            self.people[unit].post(f"{self.path}/objections", said)
        except Refused as refusal:
            self.again[unit, said["indicator"]] = refusal.codes

    def read(self) -> dict[str, Any]:
        """Return what can be read of the first editions."""
        places = [f"score-sheets/{self.sheets[0]}", f"releases/{self.releases[0]}"]
        places += [f"rankings/{each}" for each in self.rankings[0].values()]
        return {place: self.people[OFFICE].get(f"{self.path}/{place}") for place in places}

    def moved(self, place, editions) -> dict[str, Any]:
        """Return what the API says moved from the first to the second, and how many did not."""
        first, second = editions
        told = self.people[OFFICE].get(f"{self.path}/{place}/{second}/differences", against=first)
        return {"": told["same"]} | {each["unit"]: each for each in told["units"]}

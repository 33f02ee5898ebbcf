"""What the released results of a year lead to (结果运用): proposed from the grades, decided by
another person, refused where a ban stands against it, shared out, and revoked with the grade."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kaoping.city.approved import TITLE
from kaoping.client import Refused
from kaoping.people import COMMITTEE, People
from kaoping.plan import OFFICE, Document

FROM_ON = "2026-04-01"
HEAD = 1200
"""What one person would get of a bonus in a year at coefficient 1, in the currency."""
SCALED = 100
"""How much of a head the budget has: less than what is wanted wherever a coefficient is above 1."""


@dataclass
class Following:
    """What follows from the releases of a cycle that is at `path`, and what came of it.

    `proposed` are the answers by release, `banned` the unit that gets no award, `revoked` the
    numbers of what went with a grade, `distributions` what was asked and told, one after the other.
    """

    path: str
    people: People
    banned: str = ""
    refused: list[frozenset[str]] = field(default_factory=list)
    proposed: dict[int, Document] = field(default_factory=dict)
    titled: Document = field(default_factory=dict)
    revoked: list[int] = field(default_factory=list)
    distributions: list[tuple[Document, Document]] = field(default_factory=list)

    def play(self, releases: Mapping[str, int], category: str, done: Callable[[int], None]) -> None:
        """Propose what every release leads to, and decide on what one category's does."""
        units = self._units(releases[category])
        first, second = units[0]["unit"], units[1]["unit"]
        self._ban(first)
        self._award(first, second)
        for release in releases.values():
            self.propose(release)
            done(1)
        self._decide(self.proposed[releases[category]]["proposed"])
        self.share_out(units)

    def follow(self, release: int) -> None:
        """Propose what a correcting release leads to, and have what it no longer does revoked."""
        self.propose(release)
        told = self.proposed[release]
        for number in told["revoking"]:
            self._confirm(number)
            self.revoked.append(number)
        self._decide(told["proposed"])
        self.share_out(self._units(release))

    def propose(self, release: int) -> None:
        """Propose what the grades of a release lead to."""
        path = f"{self.path}/releases/{release}/consequences"
        self.proposed[release] = self.people[OFFICE].post(path, {"from_on": FROM_ON})

    def _units(self, release: int) -> list[Document]:
        found = self.people[OFFICE].get(f"{self.path}/releases/{release}")["document"]["units"]
        units: list[Document] = found
        return units

    def _ban(self, unit: str) -> None:
        """Have a unit get no award for a year."""
        body = {
            "unit": unit,
            "kind": "award_ban",
            "cause": "other",
            "document_no": "云纪〔2026〕5号",
            "reason": "统计数据把关不严",
            "from_on": "2026-01-01",
            "until_on": "2026-12-31",
        }
        self._confirm(self._propose_one(body)["number"])
        self.banned = unit

    def _award(self, banned: str, other: str) -> None:
        """Try to give a title to who is banned, and give it to another."""
        body = {
            "kind": "title",
            "name": TITLE,
            "cause": "other",
            "from_on": FROM_ON,
            "document_no": "云绩〔2026〕20号",
            "reason": "年度考核结果",
        }
        try:
            self._propose_one({**body, "unit": banned})
        except Refused as refusal:
            self.refused.append(refusal.codes)
        number = self._propose_one({**body, "unit": other})["number"]
        self._confirm(number)
        at = f"{self.path}/consequences/{number}/completion"
        answer = self.people[OFFICE].post(at, {"document_no": "云发〔2026〕8号"})
        self.titled = answer["consequence"]

    def _propose_one(self, body: Document) -> Document:
        answer = self.people[OFFICE].post(f"{self.path}/consequences", body)
        found: Document = answer["consequence"]
        return found

    def _decide(self, proposed: Sequence[Document]) -> None:
        for each in proposed:
            self._confirm(each["number"])

    def _confirm(self, number: int) -> None:
        path = f"{self.path}/consequences/{number}/decision"
        self.people[COMMITTEE].post(path, {"decision": "confirm"})

    def share_out(self, units: Sequence[Document]) -> None:
        """Have a bonus shared out over a budget, and places for excellent people."""
        graded = [each["unit"] for each in units if each["grade"] not in (None, "unqualified")]
        body = distribution_of(graded)
        told = self.people[OFFICE].post(f"{self.path}/distributions", body)
        self.distributions.append((body, told))


def distribution_of(units: Sequence[str]) -> Document:
    """Return what is to be shared out among units: money by their people, of whom somebody went
    from the first to the second in May, and places among the parts of the first two."""
    heads = {unit: 37 + 11 * n for n, unit in enumerate(units)}
    claimants: list[Document] = [
        {"unit": unit, "base": str(number * HEAD)} for unit, number in heads.items()
    ]
    claimants += [
        {"unit": unit, "base": str(HEAD), "months": months}
        for unit, months in zip(units[:2], (5, 7), strict=True)
    ]
    places = [
        {
            "unit": unit,
            "parts": [
                {"name": name, "heads": heads[unit] // 3, "won": won, "lost": lost}
                for name, won, lost in (
                    ("一科", "12", "1.5"),
                    ("二科", "9", "2"),
                    ("三科", "7", "0"),
                )
            ],
        }
        for unit in units[:2]
    ]
    budget = (sum(heads.values()) + 1) * HEAD * SCALED // 100
    return {
        "on": FROM_ON,
        "bonus": {"budget": str(budget), "claimants": claimants},
        "places": places,
    }

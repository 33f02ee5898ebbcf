"""Complaints of a year, raised by citizens without an account or registered, and handled (投诉)."""

from dataclasses import dataclass, field

from kaoping.city.complained import CITIZEN
from kaoping.people import People
from kaoping.plan import COLLEAGUE, OFFICE, Document, Move


@dataclass
class Complaining:
    """The complaints of a cycle, which is at `path`, by what the year calls them.

    `ids` and `steps` are those of complaints; `tokens` are the number and the token that a citizen
    was given.
    """

    path: str
    people: People
    ids: dict[str, str] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)

    def do(self, move: Move) -> None:
        """Do what is done about a complaint."""
        ref = move.about[1]
        if move.does == "raise":
            self._raise(ref, move)
        elif move.who == CITIZEN:
            number, token = self.tokens[ref]
            place, sent = f"{self._openly}/{number}/verdict", {"Complaint-Token": token}
            answer = self.people[OFFICE].post_openly(place, move.told, **sent)
            self.steps[ref] = len(answer["moves"])
        else:
            where = "answers" if move.role else "directions"
            body = {"step": self.steps[ref], "move": move.does, **move.told}
            place = f"{self.path}/complaints/{self._id(ref)}/{where}"
            self.steps[ref] = self.people[move.who].post(place, body)["step"]

    @property
    def _openly(self) -> str:
        """Where anybody raises a complaint."""
        return f"/public{self.path}/complaints"

    def _raise(self, ref: str, move: Move) -> None:
        if move.who == CITIZEN:
            if not self.tokens:
                desk = f"{self.path}/complaint-desk"
                self.people[OFFICE].post(desk, {"is_open": True})
            answer: Document = self.people[OFFICE].post_openly(self._openly, move.told)
            self.tokens[ref] = answer["reference"], answer["token"]
        else:
            body = {"complaints": [move.told]}
            answer = self.people[move.who].post(f"{self.path}/complaints", body)
            self.ids[ref] = answer["rows"][0]["complaint_id"]
        self.steps[ref] = 1

    def look_up(self) -> None:
        """Look up by their numbers the ids of the complaints that citizens raised."""
        if not self.tokens.keys() <= self.ids.keys():
            listed = self.people[COLLEAGUE].pages(f"{self.path}/complaints")
            by_number = {each["reference"]: each["complaint_id"] for each in listed}
            self.ids |= {of: by_number[number] for of, (number, _) in self.tokens.items()}

    def _id(self, ref: str) -> str:
        if ref not in self.ids:
            self.look_up()
        return self.ids[ref]

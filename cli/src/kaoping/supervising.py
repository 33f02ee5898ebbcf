"""What is supervised and complained of in a year, and how units evaluate themselves, day by day
(督办、投诉、自评)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from kaoping.city.complained import COMPLAINTS
from kaoping.city.self_evaluated import ROUNDS, SELF_EVALUATIONS
from kaoping.city.supervised import ITEMS
from kaoping.client import Refused
from kaoping.complaining import Complaining
from kaoping.people import COMMITTEE, People
from kaoping.plan import COLLEAGUE, OFFICE, Document, Move, Plan
from kaoping.steps import Advance

PLACE = "supervised-items"


def _unheeded(_: Move) -> None:
    """Nothing is done before a move."""


@dataclass
class Supervising:
    """The supervised items, complaints and self-evaluations of a cycle, which is at `path`.

    `before` is told of each move. `outcomes` say of every move by which faults it was refused, if
    it was; `ids` and `steps` are those of items, by what they go by.
    """

    path: str
    plan: Plan
    people: People
    before: Callable[[Move], None] = _unheeded
    outcomes: dict[int, frozenset[str]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)

    @cached_property
    def complaining(self) -> Complaining:
        """The complaints of the cycle."""
        return Complaining(self.path, self.people)

    def play(self, done: Advance) -> None:
        """Do all that is done about items, complaints and in self-evaluations, in the order of the
        days."""
        for number, move in in_order(self.plan, ITEMS, COMPLAINTS, SELF_EVALUATIONS):
            self.before(move)
            try:
                self._do(move)
                self.outcomes[number] = frozenset()
            except Refused as refusal:
                self.outcomes[number] = refusal.codes
            done(1)
        self.complaining.look_up()  # what a citizen raised last, and nobody handled yet

    def _do(self, move: Move) -> None:
        if move.part == COMPLAINTS:
            self.complaining.do(move)
        elif move.part == SELF_EVALUATIONS:
            place = f"{self.path}/self-evaluations/{move.about[1]}/{move.does}"
            self.people[move.who].post(place, move.told or None)
        else:
            self._do_about_items(move)

    def _do_about_items(self, move: Move) -> None:
        who, path = self.people[move.who], f"{self.path}/{PLACE}"
        if move.does == "register":
            answer = who.post(path, move.told)
            self._note({each["source_ref"]: 1 for each in move.told["items"]})
            self.ids |= {row["source_ref"]: row["item_id"] for row in answer["rows"]}
        elif move.does == "dispatch":
            refs = move.told["refs"]
            answer = who.post(f"{path}/dispatch", {"item_ids": [self.ids[ref] for ref in refs]})
            found = {each["item_id"]: each["step"] for each in answer["items"]}
            self._note({ref: found[self.ids[ref]] for ref in refs})
        else:
            ref = move.about[1]
            body = {"step": self.steps[ref], "move": move.does, **move.told}
            answer = who.post(f"{path}/{self.ids[ref]}/{_route(move)}", body)
            self._note({ref: answer["step"]})

    def _note(self, steps: dict[str, int]) -> None:
        self.steps |= steps

    def count(self) -> Document:
        """Have what items have earned entered by one person of the office, and verified by another
        who sent none of them back; return what was entered."""
        path = f"{self.path}/supervised-item-events"
        answer: Document = self.people[COLLEAGUE].post(path)
        if answer["entered"]:
            self._verify()
        return answer

    def compare(self) -> dict[str, Document]:
        """Have self-evaluations compared with the record by one person of the office, and what they
        cost verified by another; return what each round came to."""
        path, answers = f"{self.path}/self-evaluations", dict[str, Document]()
        for code in ROUNDS:
            answers[code] = self.people[COLLEAGUE].post(f"{path}/{code}/comparison")
        self._verify()
        return answers

    def _verify(self) -> None:
        path = f"{self.path}/ledger-entries/verification"
        self.people[OFFICE].post(path, {"all_submitted": True})


def in_order(plan: Plan, *parts: str) -> list[tuple[int, Move]]:
    """Return what is done about some parts of a year with its number in the plan, in the order of
    the days."""
    moves = [(n, move) for n, move in enumerate(plan.moves) if move.part in parts]
    return sorted(moves, key=lambda each: (each[1].day, each[0]))


def _route(move: Move) -> str:
    if move.role:
        return "answers"
    return "ruling" if move.who == COMMITTEE else "directions"

"""What is supervised in a year, day by day, by whoever does it in life (督办)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kaoping.city.supervised import ITEMS
from kaoping.client import Refused
from kaoping.people import COMMITTEE, People
from kaoping.plan import COLLEAGUE, OFFICE, Document, Move, Plan
from kaoping.steps import Advance

PLACE = "supervised-items"


def _unheeded(_: Move) -> None:
    """Nothing is done before a move."""


@dataclass
class Supervising:
    """The supervised items of a cycle, which is at `path`.

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

    def play(self, done: Advance) -> None:
        """Do all that is done about items, in the order of the days."""
        for number, move in in_order(self.plan):
            self.before(move)
            try:
                self._do(move)
                self.outcomes[number] = frozenset()
            except Refused as refusal:
                faults = refusal.problem.get("errors") or [{"code": refusal.problem["type"]}]
                self.outcomes[number] = frozenset(each["code"] for each in faults)
            done(1)

    def _do(self, move: Move) -> None:
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
            verified = f"{self.path}/ledger-entries/verification"
            self.people[OFFICE].post(verified, {"all_submitted": True})
        return answer


def in_order(plan: Plan) -> list[tuple[int, Move]]:
    """Return what is done about items with its number in the plan, in the order of the days."""
    moves = [(n, move) for n, move in enumerate(plan.moves) if move.part == ITEMS]
    return sorted(moves, key=lambda each: (each[1].day, each[0]))


def _route(move: Move) -> str:
    if move.role:
        return "answers"
    return "ruling" if move.who == COMMITTEE else "directions"

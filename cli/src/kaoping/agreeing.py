"""What is done about targets, projects and highlights of a year, by whoever does it in life."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from kaoping.client import Refused
from kaoping.evidence import Evidence
from kaoping.faults import KaopingFault
from kaoping.people import People
from kaoping.plan import Document, Move, Plan
from kaoping.steps import Advance

Key = tuple[str, ...]


@dataclass
class Agreeing:
    """Targets, projects and highlights of a cycle, which is at `path`.

    `close` has the deadline for moving targets come. `outcomes` says of every move how it was
    refused, if it was; `versions` are those of targets, `ids` those of highlights.
    """

    path: str
    plan: Plan
    people: People
    evidence: Evidence
    close: Callable[[], None]
    outcomes: dict[int, str] = field(default_factory=dict)
    versions: Counter[Key] = field(default_factory=Counter)
    ids: dict[Key, str] = field(default_factory=dict)

    def play(self, part: str, done: Advance) -> None:
        """Do all that is done about one of the parts; what is refused otherwise than it is to be
        ends the year."""
        for number, move in enumerate(self.plan.moves):
            if move.part != part:
                continue
            self.outcomes[number] = said = self._do(move)
            if said != move.refused:
                told = f"{move.does} {' '.join(move.about)}"
                raise KaopingFault(f"{told}: {said or 'not refused'}, not {move.refused or 'done'}")
            done(1)

    def _do(self, move: Move) -> str:
        """Do what is done; return how it was refused, if it was."""
        if move.does == "close":
            self.close()
            return ""
        place, body = DOING[move.does](self, move)
        try:
            answer = self.people[move.who].post(f"{self.path}/{place}", body)
        except Refused as refusal:
            kind: str = refusal.problem["type"].rpartition("/")[2].rpartition("#")[2]
            return kind
        if move.part == "revisions":
            self.versions[move.about] = answer["rows"][0]["version"]
        elif move.does == "report":
            self.ids[move.about] = answer["highlight_id"]
        return ""

    def request(self, move: Move) -> tuple[str, Document]:
        """A unit asks for another target."""
        return "target-revision-requests", _about_target(move)

    def revise(self, move: Move) -> tuple[str, Document]:
        """The office asks that a target is revised."""
        return "target-revisions", _about_target(move)

    def take_back(self, move: Move) -> tuple[str, Document]:
        """A unit takes back what it asked for."""
        named = {**_named(move), "version": self._open(move)}
        return "target-revision-request-withdrawals", {"targets": [named], **move.told}

    def decide(self, move: Move) -> tuple[str, Document]:
        """The organiser or the office decides about what a unit asks for."""
        return "target-revision-request-decisions", self._decision(move)

    def confirm(self, move: Move) -> tuple[str, Document]:
        """Another person of the office confirms, or does not."""
        return "target-confirmations", self._decision(move)

    def _decision(self, move: Move) -> Document:
        named = {**_named(move), "version": self._open(move)}
        return {"decisions": [{**named, **move.told}]}

    def _open(self, move: Move) -> int:
        """Return the version that is open: the first was issued."""
        return self.versions[move.about]

    def project(self, move: Move) -> tuple[str, Document]:
        """A project is set, or changed."""
        return "projects", {"projects": [move.told]}

    def report(self, move: Move) -> tuple[str, Document]:
        """A unit reports a highlight."""
        return "highlights", self.evidence.named_in(move.told)

    def examine(self, move: Move) -> tuple[str, Document]:
        """Somebody of the office says what becomes of a highlight."""
        told = {"highlight_id": self.ids[move.about], **move.told}
        return "highlights/examination", told

    def withdraw(self, move: Move) -> tuple[str, Document]:
        """A unit takes a highlight back."""
        told = {"highlight_id": self.ids[move.about], **move.told}
        return "highlights/withdrawal", told


DOING: dict[str, Callable[[Agreeing, Move], tuple[str, Document]]] = {
    "request": Agreeing.request,
    "revise": Agreeing.revise,
    "take_back": Agreeing.take_back,
    "decide": Agreeing.decide,
    "confirm": Agreeing.confirm,
    "set": Agreeing.project,
    "report": Agreeing.report,
    "examine": Agreeing.examine,
    "withdraw": Agreeing.withdraw,
}


def _named(move: Move) -> Document:
    unit, indicator, item = move.about
    return {"unit": unit, "indicator": indicator, "item": item or None}


def _about_target(move: Move) -> Document:
    """Return a request about one target: its values, and why."""
    values = {name: move.told[name] for name in ("target", "baseline")}
    told = {name: said for name, said in move.told.items() if name not in values}
    return {"targets": [{**_named(move), **values}], **told}

"""The ledger of a year that is kept day by day, by the people who owe what is in it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from kaoping.city.daily import restated
from kaoping.evidence import Evidence
from kaoping.people import People
from kaoping.plan import COLLEAGUE, OFFICE, Act, Document, Does, Plan
from kaoping.steps import Advance

ENTRIES_AT_ONCE = 1000


@dataclass
class Record:
    """Keeps the ledger of a cycle day by day.

    `path` is where the cycle is. `entry_ids` are those of all entries, by their numbers; `before`
    is told of each act before it is done.
    """

    path: str
    plan: Plan
    people: People
    evidence: Evidence
    before: Callable[[Act], None] = lambda _: None
    entry_ids: list[str] = field(default_factory=list)
    entries: list[Document] = field(default_factory=list)
    cards: Counter[str] = field(default_factory=Counter)

    @property
    def ledger(self) -> str:
        """Where the entries of the cycle are."""
        return f"{self.path}/ledger-entries"

    def play(self, done: Advance) -> None:
        """Do everything, in the order of the days."""
        doing = {
            Does.POST: self._post,
            Does.DRAFT: self._post,
            Does.SUBMIT: self._submit,
            Does.RETURN: self._return,
            Does.RESTATE: self._restate,
            Does.REVERSE: self._reverse,
            Does.VERIFY: self._verify,
        }
        for act in self.plan.acts:
            self.before(act)
            doing[act.does](act)
            done(1)

    def _post(self, act: Act) -> None:
        state = "draft" if act.does is Does.DRAFT else "submitted"
        for at in range(0, len(act.entries), ENTRIES_AT_ONCE):
            some = act.entries[at : at + ENTRIES_AT_ONCE]
            body = {"entries": [self.evidence.named_in(each) for each in some], "state": state}
            answer = self.people[act.who].post(self.ledger, body)
            self.entry_ids += [each["entry_id"] for each in answer["rows"]]
            self.entries += some

    def _submit(self, act: Act) -> None:
        self.people[act.who].post(f"{self.ledger}/submission", {"entry_ids": self._ids(act)})

    def _return(self, act: Act) -> None:
        body = {"entry_ids": self._ids(act), "reason": "数据来源不明，请核实后重报"}
        self.people[OFFICE].post(f"{self.ledger}/return", body)

    def _restate(self, act: Act) -> None:
        for number in act.about:
            entry = self.entries[number]
            body = {"value": restated(entry, self.plan.grown), "reason": "统计口径修订"}
            path = f"{self.ledger}/{self.entry_ids[number]}/restatement"
            self._add_to(entry, self.people[act.who].post(path, body))

    def _reverse(self, act: Act) -> None:
        for number in act.about:
            path = f"{self.ledger}/{self.entry_ids[number]}/reversal"
            answer = self.people[act.who].post(path, {"reason": "重复录入"})
            self._add_to(self.entries[number], answer)

    def _add_to(self, entry: Document, answer: Document) -> None:
        self.entry_ids.append(answer["entry_id"])
        self.entries.append(entry)

    def _ids(self, act: Act) -> list[str]:
        return [self.entry_ids[number] for number in act.about]

    def _verify(self, _: Act) -> None:
        """Whom the scheme names reviews what was handed in, and somebody of the office who is not
        its author verifies it."""
        everything = {"all_submitted": True}
        for reviewer in self.plan.reviewers:
            self.people[reviewer].post(f"{self.ledger}/checking", everything)
        self.people[COLLEAGUE].post(f"{self.ledger}/verification", everything)

    def write_cards(self, _: Advance) -> None:
        """The office writes the warnings and cards that duties have earned by now."""
        self.cards.update(self.people[OFFICE].post(f"{self.path}/duty-cards")["written"])

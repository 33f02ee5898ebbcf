"""The ledger of a year that is kept day by day, by the people who owe what is in it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kaoping.city.daily import restated
from kaoping.city.drawn_files import MEDIA_TYPES, content_of
from kaoping.client import Client
from kaoping.people import COLLEAGUE, OFFICE, People
from kaoping.plan import Act, Document, Does, Plan
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
    before: Callable[[Act], None] = lambda _: None
    entry_ids: list[str] = field(default_factory=list)
    evidence_ids: dict[str, str] = field(default_factory=dict)
    entries: list[Document] = field(default_factory=list)
    cards: Counter[str] = field(default_factory=Counter)

    @property
    def ledger(self) -> str:
        """Where the entries of the cycle are."""
        return f"{self.path}/ledger-entries"

    def add_evidence(self, done: Advance) -> None:
        """Whoever posts entries adds the files that support them."""
        for act in self.plan.acts:
            for name in _named_by(act):
                if name not in self.evidence_ids:
                    self._add(self.people[act.who], name)
                    done(1)

    def _add(self, client: Client, name: str) -> None:
        file = self.plan.evidence[name]
        kind, path = MEDIA_TYPES[file.kind], f"{self.path}/evidence"
        answer = client.put_up(path, content_of(file), {"name": name}, kind)
        self.evidence_ids[name] = answer["evidence_id"]

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
            body = {"entries": [self._as_sent(each) for each in some], "state": state}
            answer = self.people[act.who].post(self.ledger, body)
            self.entry_ids += [each["entry_id"] for each in answer["rows"]]
            self.entries += some

    def _as_sent(self, entry: Document) -> Document:
        """Return an entry with the files that it names by the ids that they got."""
        if "evidence_ids" not in entry:
            return entry
        return {**entry, "evidence_ids": [self.evidence_ids[n] for n in entry["evidence_ids"]]}

    def _submit(self, act: Act) -> None:
        self.people[act.who].post(f"{self.ledger}/submission", {"entry_ids": self._ids(act)})

    def _return(self, act: Act) -> None:
        body = {"entry_ids": self._ids(act), "reason": "数据来源不明，请核实后重报"}
        self.people[OFFICE].post(f"{self.ledger}/return", body)

    def _restate(self, act: Act) -> None:
        for number in act.about:
            entry = self.entries[number]
            body = {"value": restated(entry), "reason": "统计口径修订"}
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


def _named_by(act: Act) -> Iterator[str]:
    for entry in act.entries:
        yield from entry.get("evidence_ids", ())

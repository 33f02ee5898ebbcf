"""The files of a year: added by whoever backs something with them, named by the ids they got."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kaoping.city.drawn_files import MEDIA_TYPES, content_of
from kaoping.client import Client
from kaoping.people import People
from kaoping.plan import Document, Plan
from kaoping.steps import Advance


@dataclass
class Evidence:
    """The files of a cycle, which is at `path`; `ids` are by their names."""

    path: str
    plan: Plan
    people: People
    ids: dict[str, str] = field(default_factory=dict)

    def add(self, done: Advance) -> None:
        """Whoever posts entries or claims adds the files that back them."""
        for who, name in self._named():
            if name not in self.ids:
                self._add(self.people[who], name)
                done(1)

    def _named(self) -> Iterator[tuple[str, str]]:
        for act in self.plan.acts:
            for entry in act.entries:
                yield from ((act.who, name) for name in entry.get("evidence_ids", ()))
        yield from ((who, name) for name, who in self.plan.added_by.items())

    def _add(self, client: Client, name: str) -> None:
        file = self.plan.evidence[name]
        kind, path = MEDIA_TYPES[file.kind], f"{self.path}/evidence"
        answer = client.put_up(path, content_of(file), {"name": name}, kind)
        self.ids[name] = answer["evidence_id"]

    def named_in(self, document: Document) -> Document:
        """Return a document with the files that it names by their ids."""
        if "evidence_ids" not in document:
            return document
        return {**document, "evidence_ids": [self.ids[n] for n in document["evidence_ids"]]}

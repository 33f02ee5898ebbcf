"""What a service expects of a caller now: tasks, each with the command by which it is done."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from chassis.authorisation import Permission
from chassis.wire import OneOf, Outgoing


class Task(Outgoing):
    """Something that the caller can do now and is expected to do, in Chinese and English.

    `count` says how many things wait, `about` which, by codes and names. It is done by `method` and
    `path`, which is the `route` of the API document; `listed_at` lists what it is about.
    """

    kind: str
    zh: str
    en: str
    count: int
    deadline: dt.date | None
    about: dict[str, str]
    method: Annotated[str, OneOf("GET", "POST", "PUT", "PATCH", "DELETE")]
    path: str
    route: str
    listed_at: str | None


class Tasks(Outgoing):
    """What is expected of the caller now by one service, nothing of what only others can do."""

    tasks: list[Task]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of task: its code, the route of its command, what it says, and where it is listed.

    Texts and paths have in braces the names of what a task is about.
    """

    code: str
    route: str
    zh: str
    en: str
    listed_at: str | None = None

    def allowed(
        self, permit: Permission, relations: Collection[str] = (), phase: str | None = None
    ) -> bool:
        """Say whether the caller may give the command, by the rows of its route."""
        return permit.of(self.route).allows(relations, phase)

    def task(
        self,
        place: Mapping[str, str],
        about: Mapping[str, str] | None = None,
        count: int = 1,
        deadline: dt.date | None = None,
    ) -> Task:
        """Return the task about something in a `place`, which its paths name besides."""
        told = dict(about or {})
        known = {**place, **told}
        quoted = {name: quote(value, safe="") for name, value in known.items()}
        method, _, template = self.route.partition(" ")
        return Task(
            kind=self.code,
            zh=self.zh.format_map(known),
            en=self.en.format_map(known),
            count=count,
            deadline=deadline,
            about=told,
            method=method,
            path=template.format_map(quoted),
            route=template,
            listed_at=None if self.listed_at is None else self.listed_at.format_map(quoted),
        )

"""What a caller may ask for, computed from the authorisation matrix."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Row(Protocol):
    """A row of the matrix: a role, and what must hold besides."""

    @property
    def role(self) -> str:
        """Return the role that it lets through."""
        ...

    @property
    def relation(self) -> str | None:
        """Return what must hold between the caller and the thing, if anything."""
        ...

    @property
    def phases(self) -> Collection[str]:
        """Return the states of the thing in which it lets through; empty for any."""
        ...


@dataclass(frozen=True, slots=True)
class Named:
    """A code of the matrix with its words in Chinese and English."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold for one of the caller's roles: the relation, and one of the phases.

    A null `relation` holds always, and so do no `phases`.
    """

    role: str
    relation: Named | None
    phases: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Reachable:
    """A route that a caller may ask for: always without `conditions`, else where one holds."""

    method: str
    path: str
    conditions: tuple[Condition, ...]


Words = Mapping[str, Mapping[str, str]]


def named(code: str, words: Words) -> Named:
    """Return a code with its words; where there are none the code says it."""
    plain = code.replace("_", " ")
    told = words.get(code, {})
    return Named(code, told.get("zh", plain), told.get("en", plain))


def reachable(
    routes: Mapping[str, Sequence[Row]],
    roles: Collection[str],
    everybody: Collection[str],
    relations: Words,
    phases: Words,
) -> Iterator[Reachable]:
    """Yield what somebody with these roles may ask for, in the order of the matrix.

    `everybody` are the words that stand for every caller in the place of a role.
    """
    for route, rows in routes.items():
        own = [row for row in rows if row.role in roles or row.role in everybody]
        if not own:
            continue
        method, _, path = route.partition(" ")
        always = any(row.relation is None and not row.phases for row in own)
        conditions = () if always else tuple(_condition(row, relations, phases) for row in own)
        yield Reachable(method, path, conditions)


def _condition(row: Row, relations: Words, phases: Words) -> Condition:
    relation = None if row.relation is None else named(row.relation, relations)
    return Condition(row.role, relation, tuple(named(one, phases) for one in sorted(row.phases)))

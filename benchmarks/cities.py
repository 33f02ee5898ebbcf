"""Cities in one installation: jurisdictions that are established as in life, each with the units,
the people and the published scheme of the reference city."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from benchmarks.open_loop import Person

from kaoping.card import Credentials
from kaoping.client import Client
from kaoping.jurisdictions import establishing
from kaoping.people import People, cast
from kaoping.plan import Plan
from kaoping.steps import Steps
from kaoping.system import System
from kaoping.year import Year

SECRET = "a-secret-that-is-long-enough"  # noqa: S105 - of accounts that live for minutes
AT_ONCE = 2
"""So many are established at one time: the machine has as many cores."""


@dataclass
class City:
    """A jurisdiction with an open ledger; `people` are those who are signed in, and `cursor` is how
    far its office has read events."""

    code: str
    path: str
    credentials: dict[str, Credentials]
    people: dict[str, Person] = field(default_factory=dict)
    cursor: str = ""


class Founders:
    """The two administrators of an installation without whom no jurisdiction is established."""

    def __init__(self, system: System, first: Client, second: Client) -> None:
        self._system, self._first, self._second = system, first, second

    def establish(self, plan: Plan, wanted: Collection[str], code: str) -> City:
        """Establish a city with those of a year's people who are wanted, and publish its scheme."""
        told = {"code": code, "name_zh": f"辖区{code}", "name_en": code, "superior": None}
        establishing.register(self._first, told | {"founded_on": "1949-10-01"})
        establishing.confirm(self._second, code)
        subject = establishing.make_administrator(self._first, code, "", code)
        once = establishing.confirm(self._second, code) or ""
        with self._client(subject, once) as begun:
            begun.post("/me/password", {"current": once, "new": SECRET})
        own = replace(plan, cycle={**plan.cycle, "jurisdiction": code}, moves=[], renamed={})
        with (
            self._client(subject, SECRET) as administrator,
            People(administrator, self._system.card.client) as people,
        ):
            people.invite([each for each in cast(plan) if each.known_as in wanted])
            year = Year(own, people, Steps())
            for step in (year.register_units, year.publish_scheme):
                step(lambda _: None)
            signs = {person.known_as: credentials for person, credentials in people.invited}
            return City(code, year.path, signs)

    def _client(self, name: str, secret: str) -> Client:
        return self._system.card.client(Credentials(name, secret))


@contextmanager
def founding(system: System) -> Iterator[Founders]:
    """Give those who establish jurisdictions in a system."""
    with system.card.client() as first:
        deputy = {"subject": "deputy", "kind": "person", "name": "x"}
        deputy |= {"roles": ["system_administrator"], "secret": SECRET}
        first.post("/accounts", {"accounts": [deputy]})
        with system.card.client(Credentials("deputy", SECRET)) as second:
            first.get("/me")
            second.get("/me")  # both are signed in before several ask by them
            yield Founders(system, first, second)


def established(
    founders: Founders, plan: Plan, wanted: Collection[str], number: int
) -> Sequence[City]:
    """Establish so many cities."""
    codes = [f"53{n // 90 + 1:02}{n % 90 + 1:02}" for n in range(number)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda code: founders.establish(plan, wanted, code), codes))

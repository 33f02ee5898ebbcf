"""A year of the city in which citizens may raise complaints, for tests of what they may do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from tests.contracts.publish import ROOT
from tests.system.harness import Installation

from kaoping.city import plan_of, read_city
from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.steps import Steps
from kaoping.year import Year

COMPLAINT = {"kind": "petition", "text": "门前道路积水多日，无人处理。"}


@contextmanager
def complaining_city(running: Installation, **policy: Any) -> Iterator[Year]:
    """Play a year until its scheme, which has complaints, is published."""
    plan = plan_of(read_city(ROOT / "examples" / "yunchuan-2025"))
    policy = {"body": plan.units[-1]["code"]} | policy
    plan = replace(plan, scheme={**plan.scheme, "complaints": policy})
    administrator = running.client(running.administrator)
    with administrator, People(administrator, running.client) as people:
        year = Year(plan, people, Steps())
        for step in (year.invite, year.register_units, year.publish_scheme):
            step(lambda *_: None)
        yield year


def public(city: Year) -> str:
    """Return where citizens raise complaints in it."""
    return f"/api/v1/public/cycles/{city.cycle_id}/complaints"


def open_desk(city: Year) -> None:
    """Have the office open the way for citizens."""
    city.people[OFFICE].post(f"{city.path}/complaint-desk", {"is_open": True})

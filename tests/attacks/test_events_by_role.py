"""Who hears of what: every kind of event × every role × every relation, held against the table.

One entry of each kind is recorded as its part would, and read as everybody. What is expected is
worked out here from the rows, and not by the code that reads.
"""

from dataclasses import dataclass

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker
from tests.contracts.events import declared

from chassis import journal
from chassis.authorisation import load
from chassis.feed import Asked, Feed, parties_of
from chassis.identity import Caller
from chassis.service import engine_for
from chassis.settings import Settings
from service_testing import AUTHORISATION

MATRIX = load(AUTHORISATION)
KINDS = {each.name: each for _, each in declared()}
UNITS, SOURCE, ACTING = {"CC01": 1, "DD02": 2}, "EE03", "AA04"
ACTOR = Caller("the-actor", frozenset(), ACTING, "the-actor")


@dataclass(frozen=True)
class Situation:
    """How a caller stands to what happened."""

    subject: str
    unit: str | None


SITUATIONS = {
    "nobody's": Situation("somebody", None),
    "another unit": Situation("somebody", "ZZ09"),
    "a unit it is about": Situation("somebody", "DD02"),
    "the unit that entered it": Situation("somebody", SOURCE),
    "of the unit that did it": Situation("somebody", ACTING),
    "who did it": Situation("the-actor", "ZZ09"),
}


NAMED_IN = {
    "letters.drawn-up": "letters",
    "letters.signed": "signatures",
    "work-plans.set": "plans",
    "projects.set": "projects",
    "ranking.consequences-proposed": "consequences",
    "ranking.consequence-moved": "consequences",
    "ranking.notice-objections-answered": "answers",
}
"""Where the bodies of some kinds have those that they are about."""


def body_of(kind):
    """Return a body with everything that may be told, and more that may not."""
    body = {"secret": "SECRET", "sources": {SOURCE: 3}}
    body |= dict.fromkeys(kind.told, "TOLD") | dict.fromkeys(kind.whole, "WHOLE")
    things = [{"unit": unit} for unit, number in UNITS.items() for _ in range(number)]
    if kind.parties is parties_of:
        return {**body, "units": UNITS}
    if kind.name == "units.registered":
        return {**body, "units": [{"code": each["unit"]} for each in things]}
    if kind.name in NAMED_IN:
        return {**body, NAMED_IN[kind.name]: things}
    return {**body, "targets": things[:1], "decisions": things[1:2], "settlements": things[2:]}


def expected(name, role, situation):
    """Return what is told, by the rows alone: all of it, a part by what, or nothing."""
    rows = [row for row in MATRIX.events[name] if row.role in {role, "any"}]
    relations = {row.relation for row in rows}
    did_it = situation.subject == ACTOR.subject or situation.unit == ACTING
    if None in relations:
        named = any(row.role != "any" for row in rows)
        return "whole" if did_it or named else "plain"
    if "own_account" in relations and situation.subject == ACTOR.subject:
        return "whole"
    if "own_act" in relations and did_it:
        return "whole"
    if "unaffiliated" in relations and situation.unit is None:
        return "whole"
    if "own_unit" in relations and situation.unit in UNITS:
        return "units"
    if "named_source" in relations and situation.unit == SOURCE:
        return "sources"
    return None


def found(data, situation, kind):
    """Return which of these it is that was told; nothing may be in it that belongs to another."""
    assert "SECRET" not in str(data)
    if data is None:
        return None
    assert all(data[name] == "TOLD" for name in kind.told)
    if "by" in data:
        assert all(data[name] == "WHOLE" for name in kind.whole)
        assert (data["by"], data["by_unit"]) == (ACTOR.subject, ACTING)
        assert (data["units"], data["sources"]) == (UNITS, {SOURCE: 3})
        return "whole"
    assert "WHOLE" not in str(data)
    assert not {"by", "by_unit"} & data.keys()
    if data.get("units") == UNITS:
        return "plain"
    [part] = {"units", "sources"} & data.keys()
    assert set(data[part]) == {situation.unit}
    return part


@pytest.fixture(scope="module")
async def sessions(databases):
    urls = databases("gateway")
    about = {"database_url": urls.app, "authorisation_file": AUTHORISATION, "pool_size": 2}
    engine = engine_for(Settings.model_validate(about))
    made = async_sessionmaker(engine, info={"service": "gateway"})
    async with made.begin() as session:
        for name, kind in KINDS.items():
            told = {"chain": "all", "caller": ACTOR, "event": name, "body": body_of(kind)}
            await journal.record(session, **told)
    yield made
    await engine.dispose()


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("role", [*MATRIX.roles, "no role"])
async def test_each_hears_of_what_his_rows_say(sessions, role, situation):
    """Planted bugs: own acts are told to whoever has the role; a part is told whole."""
    at = SITUATIONS[situation]
    caller = Caller(at.subject, frozenset({role}), at.unit, at.subject)
    async with sessions() as db:
        heard = await Feed(KINDS.values(), MATRIX).read(db, caller, Asked({}, 1000))
    assert not heard.more
    told = {each.type: each.data for each in heard.events}
    assert len(told) == len(heard.events)
    for name, kind in KINDS.items():
        said = found(told.get(name), at, kind)
        assert said == expected(name, role, at), f"{name} to {role}, {situation}"

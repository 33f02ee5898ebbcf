"""The feed: who follows each chain by its numbers misses nothing, and hears of his own part."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import lending
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import async_sessionmaker

from chassis import authorisation, journal
from chassis.authorisation import Matrix
from chassis.feed import (
    MOST_NAMED,
    Asked,
    EventType,
    Feed,
    PositionsNotUnderstood,
    parties_in,
    read_positions,
    written_positions,
)
from chassis.identity import Caller
from chassis.realms import named_in, new_part, realm_of
from chassis.service import engine_for
from chassis.settings import Settings
from service_testing import trials

MATRIX = """
roles:
  librarian: {zh: 馆员, en: lends}
  reader: {zh: 读者, en: reads}
  branch: {zh: 分馆, en: lends too}
  auditor: {zh: 审计, en: audits}
exclusive: []
routes: {}
events:
  lent: [{role: librarian}, {role: reader, relation: own_unit}, {role: branch, relation: own_act}]
  opened: [{role: any}]
  counted: [{role: auditor, relation: unaffiliated}, {role: branch, relation: named_source}]
  hidden: [{role: auditor}]
"""
EVENTS = (
    EventType("lent", "借出", "lent", told=("desk",), whole=("books", "days")),
    EventType("opened", "开馆", "opened", told=("day",), whole=("secret",)),
    EventType("counted", "盘点", "counted", told=("shelf",), parties=parties_in("books")),
    EventType("hidden", "内部", "hidden", told=("shelf",)),
    EventType("rowless", "无", "without a row"),
)
LIBRARIAN = Caller("li", frozenset({"librarian"}), None, "li")


@pytest.fixture(scope="module")
async def sessions(databases):
    urls = databases("lending", Path(lending.__file__).parent)
    about = {"database_url": urls.app, "authorisation_file": Path(), "pool_size": 20}
    settings = Settings.model_validate(about)
    engine = engine_for(settings)
    yield async_sessionmaker(engine, info={"service": "lending"})
    await engine.dispose()


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    path = tmp_path_factory.mktemp("matrix") / "matrix.yaml"
    path.write_text(MATRIX, "utf-8")
    return Feed(EVENTS, authorisation.load(path))


async def record(session, chain, what, body, who=LIBRARIAN):
    await journal.record(session, chain=chain, caller=who, event=what, body=body)


async def heard(sessions, feed, caller, positions=None, **asked):
    """Return all that a caller hears from these positions on, and where that leads."""
    at, events, more = dict(positions or {}), [], True
    while more:
        async with sessions() as db:
            told = await feed.read(db, caller, Asked(at, **{"limit": 100, **asked}))
        events += told.events
        at |= told.positions
        more = told.more or bool(told.events)
    return events, at


class Race:
    """Sixteen writers of six chains hold their changes open for a while; some take them back."""

    def __init__(self, sessions):
        self.sessions, self.chance = sessions, random.Random(7)  # noqa: S311 - a seed of ours
        self.wrote, self.by_clock, self.done = [], set(), asyncio.Event()

    async def write(self, writer, commits):
        for n in range(commits):
            async with self.sessions() as session:
                body = {"desk": f"{writer}-{n}", "units": ["A"]}
                await record(session, f"race-{self.chance.randrange(6)}", "lent", body)
                await asyncio.sleep(self.chance.random() / 100)
                if self.chance.random() < 0.2:
                    await session.rollback()
                    continue
                await session.commit()
                self.wrote.append(body["desk"])

    async def follow(self, feed):
        events, at = [], {}
        while True:
            last = self.done.is_set()
            further, at = await heard(self.sessions, feed, LIBRARIAN, at)
            events += further
            if last:
                return [each for each in events if each.chain.startswith("race-")]

    async def follow_the_clock(self):
        """Read what was recorded later than what was read: the obvious way, which loses some."""
        moment, body, chain = (journal.entries.c[name] for name in ("recorded_at", "body", "chain"))
        last = datetime(2025, 1, 1, tzinfo=UTC)
        while not self.done.is_set():
            wanted = sa.select(moment, body).where(chain.like("race-%"), moment > last)
            async with self.sessions() as db:
                rows = (await db.execute(wanted.order_by(moment))).all()
            self.by_clock.update(row.body for row in rows)
            last = rows[-1].recorded_at if rows else last
            await asyncio.sleep(0.001)


@pytest.mark.prove
async def test_whatever_is_committed_when_each_event_is_heard_once_and_in_order(
    sessions, feed, figure
):
    """Planted bug: go on by the clock. That is done beside, and has to lose some."""
    race = Race(sessions)
    reading = [asyncio.create_task(each) for each in (race.follow(feed), race.follow_the_clock())]
    await asyncio.gather(*(race.write(writer, trials(12, 800)) for writer in range(16)))
    race.done.set()
    events, _ = await asyncio.gather(*reading)
    assert sorted(each.data["desk"] for each in events) == sorted(race.wrote)
    for chain in {each.chain for each in events}:
        own = [each.seq for each in events if each.chain == chain]
        assert own == list(range(1, len(own) + 1))
    assert len(race.by_clock) < len(race.wrote)
    figure("concurrent commits", len(race.wrote))


@pytest.fixture(scope="module")
async def happened(sessions, feed):
    """Return the positions before one event of each kind was recorded."""
    _, before = await heard(sessions, feed, LIBRARIAN)
    async with sessions.begin() as session:
        both = {"A": 2, "B": 1}
        books = [{"unit": "A"}, {"unit": "B"}, {"unit": "A"}]
        lent = {"desk": 1, "books": ["x", "y", "z"], "days": "14", "units": both}
        branch = Caller("wang", frozenset({"branch"}), "A", "wang")
        await record(session, "one", "opened", {"day": "Monday", "secret": 3})
        await record(session, "one", "lent", lent, branch)
        await record(session, "one", "lent", {**lent, "by_seat": True}, branch)
        counted = {"shelf": 9, "books": books, "sources": {"A": 3}}
        await record(session, "one", "counted", counted)
        await record(session, "one", "hidden", {"shelf": 8})
        await record(session, "one", "rowless", {"shelf": 7})
    return before


BY_WANG = {"by": "wang", "by_unit": "A"}
LENT = {"desk": 1, "books": ["x", "y", "z"], "days": "14", "units": {"A": 2, "B": 1}, **BY_WANG}


@pytest.mark.parametrize(
    ("roles", "unit", "subject", "expected"),
    [
        ("librarian", None, "li", [{"day": "Monday", "by": "li", "secret": 3}, LENT, LENT]),
        ("reader", "A", "a", [{"day": "Monday"}, {"desk": 1, "units": {"A": 2}}]),
        ("reader", "B", "b", [{"day": "Monday"}, {"desk": 1, "units": {"B": 1}}]),
        ("reader", "C", "c", [{"day": "Monday"}]),
        ("reader", None, "d", [{"day": "Monday"}]),
        ("branch", "A", "other", [{"day": "Monday"}, LENT, {"shelf": 9, "sources": {"A": 3}}]),
        ("branch", "A", "wang", [{"day": "Monday"}, LENT, LENT, {"shelf": 9, "sources": {"A": 3}}]),
        ("branch", "B", "e", [{"day": "Monday"}]),
        ("auditor", "A", "f", [{"day": "Monday"}, {"shelf": 8, "by": "li"}]),
        (
            "auditor",
            None,
            "g",
            [
                {"day": "Monday"},
                {"shelf": 9, "units": {"A": 2, "B": 1}, "sources": {"A": 3}, "by": "li"},
                {"shelf": 8, "by": "li"},
            ],
        ),
        ("nobody", "A", "h", [{"day": "Monday"}]),
    ],
)
async def test_each_hears_of_his_own_part(sessions, feed, happened, roles, unit, subject, expected):
    """Planted bugs: the whole body is told; a part is told with what counts the whole."""
    caller = Caller(subject, frozenset({roles}), unit, subject)
    events, _ = await heard(sessions, feed, caller, happened)
    if roles == "reader" and unit in {"A", "B"}:  # of a mark from a seat, too
        expected = [*expected, expected[-1]]
    assert [each.data for each in events if each.chain == "one"] == expected


async def test_one_of_another_organisation_whose_code_stands_in_a_body_hears_nothing(
    sessions, feed, happened
):
    """What the statement lets through is looked at: a code may stand anywhere in a body."""
    caller = Caller("x", frozenset({"reader"}), "desk", "x")
    events, _ = await heard(sessions, feed, caller, happened)
    assert [each.type for each in events if each.chain == "one"] == ["opened"]


async def test_a_reader_gets_on_however_much_is_hidden_from_him(sessions, feed, monkeypatch):
    """Planted bug: what was looked at in vain is looked at again."""
    monkeypatch.setattr("chassis.feed._WINDOW", 10)
    _, before = await heard(sessions, feed, LIBRARIAN)
    async with sessions.begin() as session:
        for n in range(25):
            body = {"units": {"B": 1}, "desk": n}
            await record(session, f"much-{n % 2}", "lent", body)
        await record(session, "much-0", "lent", {"units": {"A": 1}, "desk": "seen"})
    caller = Caller("a", frozenset({"reader"}), "A", "a")
    at, seen, rounds = before, [], 0
    while rounds < 10:
        async with sessions() as db:
            told = await feed.read(db, caller, Asked(at, 1))
        rounds, seen, at = rounds + 1, [*seen, *told.events], at | told.positions
        if not told.more:
            break
    assert ([each.data["desk"] for each in seen], rounds) == (["seen"], 3)
    # And in whatever parts they come, somebody who may know of all hears of all.
    for limit in (1, 2, 7, 200):
        events, _ = await heard(sessions, feed, LIBRARIAN, before, limit=limit)
        assert len(events) == 26


async def test_what_is_large_is_cut_and_says_so(sessions, feed):
    _, before = await heard(sessions, feed, LIBRARIAN)
    async with sessions.begin() as session:
        many = {f"U{n:03}": 1 for n in range(MOST_NAMED + 5)}
        books = [str(n) for n in range(MOST_NAMED + 7)]
        await record(session, "large", "lent", {"units": many, "books": books})
    [event_], _ = await heard(sessions, feed, LIBRARIAN, before)
    assert (len(event_.data["units"]), event_.data["units_left"]) == (MOST_NAMED, 5)
    assert (len(event_.data["books"]), event_.data["books_left"]) == (MOST_NAMED, 7)
    caller = Caller("a", frozenset({"reader"}), "U104", "a")  # cut off above, and not lost
    [own], _ = await heard(sessions, feed, caller, before)
    assert own.data == {"units": {"U104": 1}}


async def test_bodies_are_read_in_parts_that_fit(sessions, feed, monkeypatch):
    monkeypatch.setattr("chassis.feed._BYTES", 1_000)
    _, before = await heard(sessions, feed, LIBRARIAN)
    async with sessions.begin() as session:
        for n in range(5):
            await record(session, "long", "lent", {"desk": n, "note": "字" * 700})
    events, _ = await heard(sessions, feed, LIBRARIAN, before)
    assert [each.data["desk"] for each in events] == list(range(5))


async def test_positions_behind_the_end_are_noticed(sessions, feed):
    """As after a restore from an older backup. Planted bug: wait until they are reached."""
    _, at = await heard(sessions, feed, LIBRARIAN)
    number = max(at)
    async with sessions() as db:
        told = await feed.read(db, LIBRARIAN, Asked(at | {number: at[number] + 1}, 10))
    assert (told.behind, list(told.events)) == (True, [])


async def test_by_types_by_chain_and_from_the_end(sessions, feed, happened):
    events, _ = await heard(
        sessions, feed, LIBRARIAN, happened, types=frozenset({"opened", "hidden"})
    )
    assert {each.type for each in events} == {"opened"}
    events, at = await heard(sessions, feed, LIBRARIAN, {}, chain="one")
    assert ({each.chain for each in events}, len(at)) == ({"one"}, 1)
    async with sessions() as db:
        end = await feed.read(db, LIBRARIAN, Asked({}, 10, end_only=True))
    events, _ = await heard(sessions, feed, LIBRARIAN, end.positions)
    assert events == []


async def test_who_asks_in_vain_costs_one_statement(sessions, feed):
    _, at = await heard(sessions, feed, LIBRARIAN)
    asked = []
    async with sessions() as db:
        engine = db.bind.sync_engine
        raw = await (await db.connection()).get_raw_connection()
        raw.driver_connection.add_query_logger(lambda record: asked.append(record.query))
        event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        await feed.read(db, LIBRARIAN, Asked(at, 100))
    assert len([each for each in asked if "SELECT" in each]) == 1


def test_positions_are_written_and_read():
    assert read_positions(written_positions({3: 1, 1: 2_000_000_000})) == {1: 2_000_000_000, 3: 1}
    assert read_positions("") == {}
    for wrong in ("1", "1.x", "x.1", "1.1.1", "1-1"):
        with pytest.raises(PositionsNotUnderstood):
            read_positions(wrong)


async def test_what_a_service_does_not_declare_is_not_recorded(sessions):
    """Planted bug: it is recorded, and nobody ever hears of it."""
    async with sessions(info={"service": "lending", "events": frozenset({"lent"})}) as session:
        with pytest.raises(RuntimeError, match="not among the events"):
            await record(session, "one", "lost", {})


@pytest.mark.parametrize("realm", [None, "430100", "430200"])
async def test_chains_of_other_realms_are_left_in_the_database(sessions, feed, monkeypatch, realm):
    """Whoever has a realm is asked about its chains alone, however many others there are. Planted
    bugs: chains of every realm are fetched; ids of a realm, or names, are not."""
    for whose in (None, "430100", "430200"):
        who = replace(LIBRARIAN, realm=whose)
        async with sessions() as session:
            await record(session, str(new_part(whose)), "opened", {"day": whose or "none"}, who)
            await record(session, "desks", "opened", {"day": whose or "none"}, who)
            await session.commit()
    asked, reaches = [], Matrix.reaches_chain

    def seen(self, chain, caller):
        asked.append(chain)
        return reaches(self, chain, caller)

    monkeypatch.setattr(Matrix, "reaches_chain", seen)
    told, _ = await heard(sessions, feed, replace(LIBRARIAN, realm=realm))
    days = [each.data["day"] for each in told if each.chain in asked and each.type == "opened"]
    assert days.count(realm or "none") >= 2
    assert {realm_of(each) or named_in(each)[1] for each in asked} == {realm}

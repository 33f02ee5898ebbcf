"""What waits for whom in the ledger, counted by what decides about it; one statement each."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from scoring.queries.ledger import DECIDED
from scoring.queries.signatures import SIGNED
from scoring.rules.ledger.entries import EXTERNAL_RESULT, LAST_YEAR
from scoring.rules.ledger.progress import Arrived
from scoring.rules.ledger.states import CHECKED, COUNTED, DRAFT, RETURNED, SUBMITTED, EntryStanding
from scoring.rules.reports.matters import WaitingEntry

ENTRY, REVERSED, RESTATED = "entry", "reversal", "restatement"
"""What an entry is that waits for a decision."""

# By the expressions of the indexes of `ledger_entry_standing`, so that no other ones serve; and
# state by state, whatever is guessed of how much of a year has come.
_STANDING = """
    unnest($2::text[]) each CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry_standing l
      WHERE l.cycle_id = $1 AND {} = each OFFSET 0) s
    """
_OF_STATE, _OF_UNIT, _OF_INDICATOR, _OF_SOURCE = (
    "l.state",
    "l.unit || ' ' || l.state",
    "l.indicator || ' ' || l.state",
    "l.author_unit || ' ' || l.state",
)


class Waiting(NamedTuple):
    """How many entries wait that stand alike: what they are, and what decides about them; whether
    they name evidence (`backed`), and are signed off within their unit."""

    what: str
    standing: EntryStanding
    number: int
    key: str | None
    panel: str | None
    backed: bool
    signed: bool

    @property
    def unit(self) -> str:
        """The unit that they are about."""
        return self.standing.unit

    @property
    def indicator(self) -> str:
        """The indicator that they are for."""
        return self.standing.indicator

    @property
    def kind(self) -> str:
        """Their kind."""
        return self.standing.kind

    @property
    def author_unit(self) -> str:
        """The unit that made them."""
        return self.standing.author_unit


class OwnEntries(NamedTuple):
    """How many entries of a source are drafts or were sent back; marks are those from a seat."""

    state: str
    is_mark: bool
    number: int


async def arrived_for(
    db: AsyncSession, cycle_id: UUID, indicators: Collection[str], states: Collection[str]
) -> list[Arrived]:
    """Return for which cells of some indicators there are entries in these states."""
    keys = [f"{code} {state}" for code in sorted(indicators) for state in states]
    rows = await (await driver_of(db)).fetch(_ARRIVED.format(_OF_INDICATOR), cycle_id, keys)
    return [Arrived(*row) for row in rows]


async def results_of_source(
    db: AsyncSession, cycle_id: UUID, indicators: Collection[str], source: str
) -> set[tuple[str, str]]:
    """Return about which units, for which of some indicators, results of other systems count that a
    source has entered; none that stand in for others themselves."""
    keys = [f"{code} {state}" for code in sorted(indicators) for state in COUNTED]
    driver = await driver_of(db)
    rows = await driver.fetch(_RESULTS, cycle_id, keys, source, EXTERNAL_RESULT, LAST_YEAR)
    return {(unit, indicator) for unit, indicator in rows}


_RESULTS = f"""
    SELECT DISTINCT s.unit, s.indicator FROM {_STANDING.format(_OF_INDICATOR)}
    CROSS JOIN LATERAL (SELECT e.item FROM ledger_entry e
      WHERE e.cycle_id = $1 AND e.entry_id = s.entry_id OFFSET 0) e
    WHERE s.author_unit = $3 AND s.kind = $4 AND e.item IS DISTINCT FROM $5
    """  # noqa: S608 - names of our own


async def drafted_by(db: AsyncSession, cycle_id: UUID, unit: str, account: str) -> list[Arrived]:
    """Return for which cells a source has drafts; of marks from seats those of one account."""
    statement = _ARRIVED.format(_OF_SOURCE) + _OWN_MARKS
    rows = await (await driver_of(db)).fetch(statement, cycle_id, [f"{unit} {DRAFT}"], account)
    return [Arrived(*row) for row in rows]


_OWN_MARKS = " WHERE s.panel IS NULL OR s.author = $3"

_ARRIVED = f"SELECT DISTINCT s.unit, s.indicator, s.period, s.kind, s.state FROM {_STANDING}"  # noqa: S608 - names of our own


async def own_entries(
    db: AsyncSession, cycle_id: UUID, unit: str, account: str
) -> list[OwnEntries]:
    """Count the drafts and the returned entries of a source; of marks those of one account."""
    keys = [f"{unit} {state}" for state in (DRAFT, RETURNED)]
    rows = await (await driver_of(db)).fetch(_OWN, cycle_id, keys, account)
    return [OwnEntries(*row) for row in rows]


_OWN = f"""
    SELECT s.state, s.panel IS NOT NULL, count(*) FROM {_STANDING.format(_OF_SOURCE)} {_OWN_MARKS}
    GROUP BY 1, 2 ORDER BY 1, 2
    """  # noqa: S608 - names of our own


async def waiting_in(db: AsyncSession, cycle_id: UUID, states: Collection[str]) -> list[Waiting]:
    """Count all entries in some states by what decides about them."""
    return await _waiting(db, cycle_id, _OF_STATE, list(states))


async def waiting_about(
    db: AsyncSession, cycle_id: UUID, units: Collection[str], states: Collection[str]
) -> list[Waiting]:
    """Count the entries about some units that are in some states by what decides about them."""
    keys = [f"{unit} {state}" for unit in sorted(units) for state in states]
    return await _waiting(db, cycle_id, _OF_UNIT, keys)


async def waiting_of(
    db: AsyncSession, cycle_id: UUID, author_unit: str, states: Collection[str]
) -> list[Waiting]:
    """Count the entries that a unit has made and that are in some states."""
    return await _waiting(db, cycle_id, _OF_SOURCE, [f"{author_unit} {each}" for each in states])


async def waiting_for(
    db: AsyncSession, cycle_id: UUID, indicators: Collection[str], states: Collection[str]
) -> list[Waiting]:
    """Count the entries for some indicators that are in some states by what decides about them."""
    keys = [f"{code} {state}" for code in sorted(indicators) for state in states]
    return await _waiting(db, cycle_id, _OF_INDICATOR, keys)


async def _waiting(
    db: AsyncSession, cycle_id: UUID, expression: str, keys: Collection[str]
) -> list[Waiting]:
    statement = _WAITING.format(_STANDING.format(expression))
    rows = await (await driver_of(db)).fetch(statement, cycle_id, keys)
    return [_counted(row) for row in rows]


def _counted(row: Any) -> Waiting:  # noqa: ANN401 - a row of the statement below
    standing = EntryStanding(
        _NOBODYS,
        row["kind"],
        row["state"],
        row["unit"],
        row["author_unit"],
        frozenset(filter(None, (row["author_person"], row["taken_person"]))),
        row["indicator"],
        frozenset(row["checkers"] or ()),
        frozenset(row["signers"] or ()),
        frozenset(row["deciders"] or ()),
    )
    named = (row[name] for name in ("what", "number", "key", "panel", "backed", "signed"))
    what, number, key, panel, backed, is_signed = named
    return Waiting(what, standing, number, key, panel, backed=backed, signed=is_signed)


_NOBODYS = UUID(int=0)

_WAITING = f"""
    SELECT e.kind, e.unit, e.indicator, e.author_unit, e.author_person, e.state,
      taken.author_person AS taken_person, checked.checkers, signed.signers, count(*) AS number,
      CASE WHEN e.restates IS NOT NULL THEN '{RESTATED}'
        WHEN e.reverses IS NOT NULL THEN '{REVERSED}' ELSE '{ENTRY}' END AS what,
      e.key, e.panel,
      EXISTS (SELECT FROM entry_evidence n
        WHERE n.cycle_id = $1 AND n.entry_id = e.entry_id) AS backed,
      {SIGNED.format("e", "")} AS signed, decided.deciders
    FROM {{}}
    JOIN LATERAL (SELECT * FROM ledger_entry o
      WHERE o.cycle_id::text = $1::uuid::text AND o.entry_id = s.entry_id OFFSET 0) e ON true
    LEFT JOIN LATERAL ((SELECT o.author_person FROM ledger_entry o
      WHERE o.cycle_id::text = $1::uuid::text AND o.entry_id = coalesce(e.reverses, e.restates)
      OFFSET 0) UNION ALL
      SELECT o.author_person FROM (SELECT * FROM adopted_entry o
        WHERE o.cycle_id = $1 AND o.entry_id = e.entry_id OFFSET 0) a
      CROSS JOIN LATERAL ledger_entry_elsewhere(a.from_cycle_id, a.from_entry_id) o)
      taken ON true
    LEFT JOIN LATERAL (SELECT array_agg(DISTINCT o.person) AS checkers FROM ledger_entry_state o
      WHERE e.state = '{CHECKED}' AND o.cycle_id = $1 AND o.entry_id = e.entry_id
        AND o.state = '{CHECKED}' AND o.person IS NOT NULL OFFSET 0) checked ON true
    LEFT JOIN LATERAL (SELECT array_agg(o.signer_person) AS signers FROM entry_signature o
      WHERE o.cycle_id = $1 AND o.entry_id IN (e.entry_id, e.reverses, e.restates)
      OFFSET 0) signed ON true
    LEFT JOIN LATERAL (SELECT array_agg(DISTINCT o.person) AS deciders
      FROM {DECIDED.format("IN (e.entry_id, e.reverses, e.restates)")} o
      OFFSET 0) decided ON true
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16
    """  # noqa: S608 - names of our own


async def entries_waiting_about(
    db: AsyncSession, cycle_id: UUID, unit: str, time_zone: str
) -> list[WaitingEntry]:
    """Return the entries about a unit that were handed in or sent back and do not count yet, by the
    days of a time zone; but marks from seats."""
    keys = [f"{unit} {state}" for state in (SUBMITTED, CHECKED, RETURNED)]
    rows = await (await driver_of(db)).fetch(_WAITING_ABOUT, cycle_id, keys, time_zone)
    return [WaitingEntry(*row) for row in rows]


_WAITING_ABOUT = f"""
    SELECT e.unit, e.indicator, e.period, e.kind, e.key, e.item, e.state, e.author_unit,
      EXISTS (SELECT FROM entry_evidence n WHERE n.cycle_id = $1 AND n.entry_id = e.entry_id),
      {SIGNED.format("e", "")},
      (SELECT timezone($3, max(l.entered_at))::date FROM ledger_entry_state l
       WHERE l.cycle_id = $1 AND l.entry_id = e.entry_id AND l.state = '{RETURNED}'
         AND e.state = '{RETURNED}')
    FROM {_STANDING.format(_OF_UNIT)}
    JOIN LATERAL (SELECT * FROM ledger_entry o
      WHERE o.cycle_id::text = $1::uuid::text AND o.entry_id = s.entry_id OFFSET 0) e ON true
    WHERE e.panel IS NULL AND e.reverses IS NULL
    """  # noqa: S608 - names of our own

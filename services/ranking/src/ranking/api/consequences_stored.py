"""Consequences as they are stored: read with their steps, numbered by lot, and checked for bans."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission
from chassis.journal import Receipt
from chassis.realm_rows import is_of
from chassis.realms import realm_of
from chassis.stored import require_intact
from ranking.peers import Peers
from ranking.queries import earlier_vetoes, reports_of
from ranking.rules.consequences import (
    AWARDS,
    HEARD_FIRST,
    IN_FORCE,
    TOLD,
    Ban,
    ConsequenceState,
    NoSuchConsequence,
    Proposed,
    Recovery,
    SeenItem,
    carried_bans,
    recovery_of,
)
from ranking.rules.lineage import Succession, forebears
from ranking.rules.scheme import Scheme
from ranking.rules.vetoes import NO_VETOES, title_bans, vetoes_of
from ranking.tables import ConsequenceRow, ConsequenceStepRow, ReleaseRow, VetoRow

TABLES = ("consequence", "consequence_step")


@dataclass(frozen=True, slots=True)
class StoredConsequence:
    """A consequence with its steps, the first to the last."""

    row: ConsequenceRow
    steps: Sequence[ConsequenceStepRow]

    @property
    def state(self) -> ConsequenceState:
        """The state that it is in."""
        return self.steps[-1].state if self.steps else "proposed"

    @property
    def before(self) -> ConsequenceState:
        """The state that it was in before its last step."""
        return self.steps[-2].state if len(self.steps) > 1 else "proposed"

    @property
    def asked_by(self) -> str:
        """The person who asked for what is to be decided."""
        return self.steps[-1].person if self.state == "revoking" else self.row.person

    @property
    def recovery(self) -> Recovery | None:
        """What of a bonus that was paid has to come back."""
        return recovery_of((each.state, each.money) for each in self.steps)

    @property
    def item(self) -> SeenItem | None:
        """The supervised item that was opened for it, as it stood when that was looked at last."""
        seen = [each for each in self.steps if each.item_state is not None]
        return SeenItem(seen[-1].item_id, seen[-1].item_state, seen[-1].state) if seen else None

    @property
    def said(self) -> Proposed:
        """What it is, as the rules see it."""
        row = self.row
        return Proposed(row.unit, row.kind, row.from_on, row.until_on, row.name, row.amount)


@dataclass(frozen=True, slots=True)
class SchemeAndLineage:
    """The scheme in force, and who goes on from whom: by both it is said what bars an award."""

    scheme: Scheme
    successions: Sequence[Succession]


async def scheme_and_lineage(ask: Peers, cycle_id: UUID) -> SchemeAndLineage:
    """Read what is to be known of others before anything is said of awards."""
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    return SchemeAndLineage(published.scheme, await ask.successions())


def is_told() -> ColumnElement[bool]:
    """Return the condition that the unit of a consequence knows of it; of what it is heard about
    it does from the beginning."""
    of, step = ConsequenceRow, ConsequenceStepRow
    latest = (
        select(step.state)
        .where(step.cycle_id == of.cycle_id, step.number == of.number)
        .order_by(step.step.desc())
        .limit(1)
        .scalar_subquery()
    )
    return or_(latest.in_(TOLD), of.kind.in_(HEARD_FIRST))


async def hold_awards(db: AsyncSession) -> None:
    """Let no other award or ban be decided meanwhile: a ban of one cycle holds in the next."""
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtext("awards"))))


async def stored(
    db: AsyncSession, *wanted: ColumnElement[bool], limit: int | None = None
) -> list[StoredConsequence]:
    """Return consequences by number, and refuse those that were altered."""
    of, step = ConsequenceRow, ConsequenceStepRow
    rows = (await db.scalars(select(of).where(*wanted).order_by(of.number).limit(limit))).all()
    for cycle_id in {row.cycle_id for row in rows}:
        await require_intact(db, str(cycle_id), *TABLES)
    taken: dict[tuple[UUID, int], list[ConsequenceStepRow]] = {
        (row.cycle_id, row.number): [] for row in rows
    }
    found = await db.scalars(
        select(step)
        .where(
            step.cycle_id.in_({row.cycle_id for row in rows}),
            step.number.in_([row.number for row in rows]),
        )
        .order_by(step.step)
    )
    for each in found:
        taken.get((each.cycle_id, each.number), []).append(each)
    return [StoredConsequence(row, taken[row.cycle_id, row.number]) for row in rows]


def no_such(number: int) -> NoSuchConsequence:
    """Return the refusal of a number that there is not, or that its reader may not know of: in the
    same words, so that nobody can tell which."""
    return NoSuchConsequence(f"There is no consequence {number}.", f"没有第{number}号事项。")


async def find(db: AsyncSession, cycle_id: UUID, number: int) -> StoredConsequence:
    """Return a consequence, or refuse."""
    of = ConsequenceRow
    found = await stored(db, of.cycle_id == cycle_id, of.number == number)
    if not found:
        raise no_such(number)
    return found[0]


async def bans_of(
    db: AsyncSession, by: SchemeAndLineage, cycle_id: UUID, said: Iterable[Proposed], today: date
) -> list[Ban]:
    """Return what may stand against awards: bans of their units, and of those that they go on from,
    that are in force, of whichever cycle, and for titles the vetoes that count in this one."""
    awards = [each for each in said if each.kind in AWARDS]
    units = {each.unit for each in awards}
    bans = await _carried(db, by, cycle_id, units, today)
    named = {each.unit for each in awards if each.name is not None}
    return bans + (await _title_bans(db, by, cycle_id, named) if named else [])


async def _carried(
    db: AsyncSession, by: SchemeAndLineage, cycle_id: UUID, units: Collection[str], today: date
) -> list[Ban]:
    """Return the bans of units, and those that they carry on."""
    before = {unit: [*forebears(unit, by.successions, today)] for unit in units}
    asked = {each.unit for some in before.values() for each in some}
    decided = await _decided(db, cycle_id, asked | {*units})
    there = by.scheme.units
    return [ban for unit in units for ban in carried_bans(unit, decided, before[unit], there)]


async def _decided(db: AsyncSession, cycle_id: UUID, units: Collection[str]) -> list[Ban]:
    of = ConsequenceRow
    # A unit of another jurisdiction may have the same code.
    own = is_of(of.cycle_id, realm_of(cycle_id))
    return [
        Ban(each.row.unit, each.row.from_on, each.row.until_on)
        for each in await stored(db, own, of.kind == "award_ban", of.unit.in_(units))
        if each.state in IN_FORCE and each.row.until_on is not None
    ]


async def _title_bans(
    db: AsyncSession, by: SchemeAndLineage, cycle_id: UUID, units: Collection[str]
) -> list[Ban]:
    reports, scheme = await reports_of(db, VetoRow, cycle_id, units), by.scheme
    before = await earlier_vetoes(db, scheme, by.successions)
    found = list[Ban]()
    for unit in units:
        own = [each for each in reports if each.unit == unit]
        found += title_bans(unit, vetoes_of(scheme, own, before.of.get(unit, NO_VETOES)))
    return found


def lacks_item(report: StoredConsequence) -> bool:
    """Say whether a report was decided, and nothing is known of an item of it."""
    return report.state == "decided" and report.item is None


async def cases_of(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> list[StoredConsequence]:
    """Return the negative cases of units that were decided and hold."""
    of = ConsequenceRow
    found = await stored(
        db, of.cycle_id == cycle_id, of.kind == "negative_case", of.unit.in_(units)
    )
    return [each for each in found if each.state in IN_FORCE]


def grades_in(release: ReleaseRow) -> dict[str, str | None]:
    """Return the grades of the units of a release."""
    return {one["unit"]: one["grade"] for one in release.document["units"]}


_UNSAID = dict.fromkeys(
    ("reason", "document_no", "item_id", "item_cycle_id", "item_state", "money")
)


async def add_step(
    db: AsyncSession,
    found: StoredConsequence,
    state: ConsequenceState,
    permit: Permission,
    **said: Any,  # noqa: ANN401 - columns
) -> StoredConsequence:
    """Add a step to a consequence."""
    step = ConsequenceStepRow(
        cycle_id=found.row.cycle_id,
        number=found.row.number,
        step=1 + len(found.steps),
        state=state,
        subject=permit.caller.subject,
        person=permit.caller.person,
        **{**_UNSAID, **said},
    )
    db.add(step)
    await db.flush()
    return StoredConsequence(found.row, [*found.steps, step])


async def record(
    db: AsyncSession,
    cycle_id: UUID,
    event: str,
    permit: Permission,
    changed: Sequence[StoredConsequence],
) -> Receipt | None:
    """Put what became of consequences on record in the journal; only units that know of one are
    named as its parties."""
    return await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event=f"ranking.{event}",
        body={"consequences": [_told(each) for each in changed]},
    )


def _told(each: StoredConsequence) -> dict[str, object]:
    knows = each.state in TOLD or each.row.kind in HEARD_FIRST
    said = {"number": each.row.number, "kind": each.row.kind, "state": each.state}
    return said | ({"unit": each.row.unit} if knows else {"of": each.row.unit})

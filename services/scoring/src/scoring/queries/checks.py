"""Questions about checks (复检, 抽查): what may be drawn, what was fixed, and by which seed."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.identity import Caller
from chassis.stored import require_intact
from scoring.queries.ledger import one_of
from scoring.rules.checks.draw import drawn_of
from scoring.rules.checks.teams import Reviewer, teams_by_seed
from scoring.rules.ledger.entries import PROGRESS_REPORT, REVERSAL
from scoring.rules.ledger.states import LOCKED, VERIFIED
from scoring.tables.checks import (
    CheckCommitmentRow,
    CheckDrawRow,
    CheckListRow,
    CheckPoolRow,
    CheckReviewerRow,
    CheckTeamMemberRow,
)
from scoring.tables.ledger import LedgerEntryRow
from scoring.tables.periods import LateEntryRow

_TABLES = (
    "check_commitment",
    "check_list",
    "check_draw",
    "check_pool",
    "check_reviewer",
    "check_team_member",
)


class Team(NamedTuple):
    """Who checks a unit, and where the seed did not say so the row of one who was named."""

    members: list[Reviewer]
    naming: CheckTeamMemberRow | None

    def has(self, caller: Caller) -> bool:
        """Say whether a caller is one of the team."""
        return any(each.is_caller(caller.person, caller.organisation) for each in self.members)


class HeldCheck(NamedTuple):
    """A check whose lists were fixed, and what has been added since: its seed, who may check whom,
    the reviewers as they were named, and the members of teams that were named."""

    row: CheckCommitmentRow
    draw: CheckDrawRow | None
    lists: list[CheckListRow]
    pool: CheckPoolRow | None
    reviewers: list[CheckReviewerRow]
    named: list[CheckTeamMemberRow]

    @property
    def listed_units(self) -> list[str]:
        """All units of which some may be drawn, category by category."""
        units = (each.content.split() for each in self.lists if each.unit is None)
        return [unit for each in units for unit in each]

    @property
    def drawn_units(self) -> list[str]:
        """The units that were drawn, in their order, category by category."""
        if self.draw is None:
            return []
        listed = (each for each in self.lists if each.unit is None)
        drawn = (drawn_of(self.draw.seed, each.content, each.draws) for each in listed)
        return [unit for each in drawn for _, unit in each]

    def drawn_entries(self, unit: str) -> list[UUID] | None:
        """The entries that were drawn of a unit, in their order; None where all are looked at."""
        found = next((each for each in self.lists if each.unit == unit), None)
        if found is None or self.draw is None:
            return None
        drawn = drawn_of(self.draw.seed, found.content, found.draws)
        return [UUID(entry_id) for _, entry_id in drawn]

    @property
    def all_drawn(self) -> list[UUID]:
        """The entries that were drawn of all drawn units; none where units alone were drawn."""
        return [each for unit in self.drawn_units for each in self.drawn_entries(unit) or ()]

    @property
    def listed_entries(self) -> frozenset[UUID]:
        """All entries of which some were drawn: what counted when the lists were fixed."""
        fixed = (each.content.split() for each in self.lists if each.unit is not None)
        return frozenset(UUID(entry_id) for ids in fixed for entry_id in ids)

    @property
    def declared(self) -> list[Reviewer]:
        """The reviewers that were fixed, with the interests that they declared."""
        return [
            Reviewer(each.reviewer, each.unit, tuple(filter(None, each.conflicts.split(","))))
            for each in self.reviewers
        ]

    def teams(self) -> dict[str, Team]:
        """The team of each drawn unit: the last one that was named, else that of the seed."""
        by_seed, known = dict[str, list[str]](), {each.person: each for each in self.declared}
        if self.pool is not None and self.draw is not None:
            about = self.draw.seed, self.drawn_units, self.pool.content, self.pool.members
            by_seed = teams_by_seed(*about)
        found = {
            unit: Team([known[each] for each in by_seed.get(unit, ())], None)
            for unit in self.drawn_units
        }
        for row in sorted(self.named, key=lambda each: each.number):
            before = found[row.unit].naming
            if before is None or before.number != row.number:
                found[row.unit] = Team([], row)
            found[row.unit].members.append(Reviewer(row.reviewer, row.reviewer_unit))
        return found


async def held_checks(db: AsyncSession, cycle_id: UUID) -> Mapping[str, HeldCheck]:
    """Return the checks of a cycle whose lists were fixed, by their codes; refuse altered ones."""
    await require_intact(db, str(cycle_id), *_TABLES)
    of, seed, listed = CheckCommitmentRow, CheckDrawRow, CheckListRow
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id))
    drawn = await db.scalars(select(seed).where(seed.cycle_id == cycle_id))
    draws = {each.check_code: each for each in drawn}
    fixed = await db.scalars(select(CheckPoolRow).where(CheckPoolRow.cycle_id == cycle_id))
    pools = {each.check_code: each for each in fixed}
    found = {
        (code := each.check_code): HeldCheck(each, draws.get(code), [], pools.get(code), [], [])
        for each in rows.all()
    }
    lists = await db.scalars(select(listed).where(listed.cycle_id == cycle_id))
    for each in sorted(lists, key=lambda row: (row.unit is not None, row.name)):
        found[each.check_code].lists.append(each)
    one, member = CheckReviewerRow, CheckTeamMemberRow
    reviewers = select(one).where(one.cycle_id == cycle_id).order_by(one.reviewer)
    for named in await db.scalars(reviewers):
        found[named.check_code].reviewers.append(named)
    members = select(member).where(member.cycle_id == cycle_id)
    for row in await db.scalars(members.order_by(member.unit, member.number, member.reviewer)):
        found[row.check_code].named.append(row)
    return found


async def units_checked_by(db: AsyncSession, cycle_id: UUID, caller: Caller) -> frozenset[str]:
    """Return the units that a caller checks as one of their teams, in whichever check."""
    held = (await held_checks(db, cycle_id)).values()
    return frozenset(
        unit for each in held for unit, team in each.teams().items() if team.has(caller)
    )


async def late_among(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Return which of these entries came in after their period was closed."""
    late = LateEntryRow
    query = select(late.entry_id).where(late.cycle_id == cycle_id, late.entry_id.in_(ids))
    return {*await db.scalars(query)}


async def entries_to_check(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> dict[str, list[str]]:
    """Return the ids of the verified entries about units, by unit: all that says something of its
    own, but for marks, which are an opinion."""
    of = LedgerEntryRow
    query = select(of.unit, of.entry_id).where(
        of.cycle_id == cycle_id,
        one_of(of.unit, units),
        of.state.in_((VERIFIED, LOCKED)),
        of.kind.not_in((REVERSAL, PROGRESS_REPORT)),
        of.panel.is_(None),
    )
    found: dict[str, list[str]] = {}
    for unit, entry_id in await db.execute(query):
        found.setdefault(unit, []).append(str(entry_id))
    return found

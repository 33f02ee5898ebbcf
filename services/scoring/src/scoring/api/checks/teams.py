"""Who checks a drawn unit (检查组): reviewers fixed before the seed, and teams that are named."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Response
from pydantic import AfterValidator, Field

from chassis import persons
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from scoring.api.checks.keeping import (
    PEERS,
    TEXT,
    committed,
    hold_checks,
    no_such_check,
    record_check,
    require_drawn,
    text_of,
)
from scoring.peers import AskPeers
from scoring.queries.checks import Team, held_checks
from scoring.queries.ledger import today
from scoring.rules.checks.draw import NoSuchCheck, NotCommitted, sha256
from scoring.rules.checks.teams import (
    NamingBarred,
    NotDrawn,
    Reviewer,
    ReviewersFixed,
    ReviewersTooLate,
    TeamRefused,
    candidates_of,
    check_naming,
    check_pool,
    check_team,
    pool_of,
)
from scoring.rules.ledger.states import LedgerSealed
from scoring.tables.checks import CheckPoolRow, CheckReviewerRow, CheckTeamMemberRow

router = Router("/cycles/{cycle_id}/checks/{check}", tags=["checks"])

MOST_REVIEWERS, MOST_MEMBERS, MOST_CONFLICTS = 500, 20, 200


def _named(name: str) -> str:
    if not persons.is_name(name):
        raise ValueError("the name of a person as tokens have it is wanted")
    return name


PersonName = Annotated[
    Text, Field(max_length=persons.LONGEST, pattern=r"^[^|\n\t]+$"), AfterValidator(_named)
]
"""A person as tokens name him, without `|`."""


class NewMember(Incoming):
    """A person who is to check a unit, and the unit that the person belongs to, if any."""

    person: PersonName
    unit: Code | None = None


class NewReviewer(NewMember):
    """A person who may be assigned, and the units in which the person declared an interest."""

    conflicts: Annotated[list[Code], Field(max_length=MOST_CONFLICTS)] = Field(default_factory=list)


class NewReviewers(Incoming):
    """The reviewers of a check, of whom the seed gives each drawn unit so many `members`."""

    members: Annotated[int, Field(ge=1, le=MOST_MEMBERS)]
    reviewers: Annotated[list[NewReviewer], Field(min_length=1, max_length=MOST_REVIEWERS)]


class NewTeam(Incoming):
    """Who is to check a drawn unit in the place of whoever was to, and why."""

    members: Annotated[list[NewMember], Field(min_length=1, max_length=MOST_MEMBERS)]
    reason: Text


class FixedReviewers(Outgoing):
    """The SHA-256 of who may check whom, and the receipt of the journal."""

    check: str
    pool: str
    receipt: Receipt | None


class TeamMember(Outgoing):
    """A person who checks a unit, and the unit that the person belongs to, if any."""

    person: str
    unit: str | None


class CheckTeam(Outgoing):
    """Who checks a drawn unit: by the seed, or because the office named them, and then why."""

    unit: str
    chosen_by: Literal["seed", "office"]
    members: list[TeamMember]
    reason: str | None
    named_by: str | None
    named_at: dt.datetime | None


class CheckTeams(Outgoing):
    """The teams of the drawn units, in the order of the draw, and what the seed chose them from:
    the SHA-256 of who may check whom, and how many are on a team."""

    check: str
    pool: str | None
    members: int | None
    teams: list[CheckTeam]


class NamedTeam(Outgoing):
    """The team of a unit as it is from now on, and the receipt of the journal."""

    check: str
    team: CheckTeam
    receipt: Receipt | None


_REFUSALS = (NoSuchCheck, NotCommitted, NamingBarred, TeamRefused, LedgerSealed, *PEERS)


@router.post(
    "/reviewers",
    status_code=201,
    responses=documents(ReviewersFixed, ReviewersTooLate, *_REFUSALS),
)
async def fix_check_reviewers(
    cycle_id: UUID, check: Code, new: NewReviewers, db: Transaction, permit: Permit, ask: AskPeers
) -> FixedReviewers:
    """Fix the reviewers of a check before the day of its seed, by which each drawn unit gets a team
    of them.

    Nobody is assigned to a unit of a category in which the own unit is assessed, enters or reviews
    anything, nor where an interest was declared. It is done once.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    held = committed(await hold_checks(db, cycle_id, permit), check, scheme)
    check_naming(held.listed_units, scheme, permit.caller.organisation)
    if held.pool is not None:
        raise ReviewersFixed("They were fixed before.", "检查人员此前已固定。")
    day = await today(db, scheme.time_zone)
    if held.draw is not None or day >= held.row.seed_on:
        on = held.row.seed_on
        raise ReviewersTooLate(f"The seed is of {on}.", f"种子公布日为 {on}。")
    reviewers = [Reviewer(each.person, each.unit, (*each.conflicts,)) for each in new.reviewers]
    check_pool(reviewers, held.listed_units, new.members, scheme)
    content = pool_of(candidates_of(reviewers, held.listed_units, scheme))
    about = {"cycle_id": cycle_id, "check_code": check}
    pool = CheckPoolRow(
        **about,
        members=new.members,
        content=content,
        digest=sha256(content),
        actor=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(pool)
    await db.flush()
    db.add_all(
        CheckReviewerRow(
            **about, reviewer=each.person, unit=each.unit, conflicts=",".join(each.conflicts)
        )
        for each in reviewers
    )
    body: dict[str, object] = {"check": check, "digest": pool.digest, "members": new.members}
    receipt = await record_check(db, permit, cycle_id, "scoring.check-reviewers-fixed", body)
    return FixedReviewers(check=check, pool=pool.digest, receipt=receipt)


@router.get(
    "/reviewers",
    response_class=Response,
    responses={**documents(NoSuchCheck, *PEERS), **TEXT},
)
async def export_check_reviewers(
    cycle_id: UUID, check: Code, db: Snapshot, permit: Permit
) -> Response:
    """Give who may check whom, byte for byte as its SHA-256 is of: unit, `|` and person, a line
    each; nothing where no reviewers were fixed."""
    permit.require()
    held = (await held_checks(db, cycle_id)).get(check)
    if held is None:
        raise no_such_check(check)
    return text_of(held.pool.content if held.pool else "")


@router.get("/teams", responses=documents(NoSuchCheck, *PEERS))
async def list_check_teams(cycle_id: UUID, check: Code, db: Snapshot, permit: Permit) -> CheckTeams:
    """List who checks which drawn unit, in the order of the draw."""
    permit.require()
    held = (await held_checks(db, cycle_id)).get(check)
    if held is None:
        raise no_such_check(check)
    return CheckTeams(
        check=check,
        pool=held.pool and held.pool.digest,
        members=held.pool and held.pool.members,
        teams=[_told(unit, team) for unit, team in held.teams().items()],
    )


@router.post(
    "/teams/{unit}",
    status_code=201,
    responses=documents(NotDrawn, *_REFUSALS),
)
async def name_check_team(
    cycle_id: UUID,
    check: Code,
    unit: Code,
    new: NewTeam,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> NamedTeam:
    """Name who checks a drawn unit, in the place of whoever was to; whom an interest bars is
    refused by name. The former team stays on record."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    held = committed(await hold_checks(db, cycle_id, permit), check, scheme)
    require_drawn(held, unit)
    check_naming([unit], scheme, permit.caller.organisation)
    declared = {persons.folded(each.person): each.conflicts for each in held.declared}
    named = [
        Reviewer(each.person, each.unit, declared.get(persons.folded(each.person), ()))
        for each in new.members
    ]
    check_team(named, unit, scheme, permit.caller.person)
    number = 1 + max((each.number for each in held.named if each.unit == unit), default=0)
    rows = [
        CheckTeamMemberRow(
            cycle_id=cycle_id,
            check_code=check,
            unit=unit,
            number=number,
            reviewer=each.person,
            reviewer_unit=each.unit,
            reason=new.reason,
            actor=permit.caller.subject,
            person=permit.caller.person,
        )
        for each in new.members
    ]
    db.add_all(rows)
    body: dict[str, object] = {"check": check, "team_no": number, "units": {unit: 1}}
    receipt = await record_check(db, permit, cycle_id, "scoring.check-team-named", body)
    team = held._replace(named=[*held.named, *rows]).teams()[unit]
    return NamedTeam(check=check, team=_told(unit, team), receipt=receipt)


def _told(unit: str, team: Team) -> CheckTeam:
    row = team.naming
    return CheckTeam(
        unit=unit,
        chosen_by="office" if row else "seed",
        members=[TeamMember(person=each.person, unit=each.unit) for each in team.members],
        reason=row and row.reason,
        named_by=row and row.actor,
        named_at=row and row.named_at,
    )

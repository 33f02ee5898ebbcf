"""Whose signature an edition waits for: in the own name, or by a delegation in somebody's place."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission
from chassis.refusals import Refusal
from chassis.tasks import Kind
from ranking.peers import PeerMissing, Peers
from ranking.queries import (
    approvals_of,
    chain_of,
    delegations_of,
    state_of,
    steps_of,
    today,
)
from ranking.rules.approval import CHAIN, check_person, step_of
from ranking.rules.chain import PUBLICATION, ChainStep, TakenStep, next_step, typed_before
from ranking.rules.delegations import (
    DELEGATE,
    Delegation,
    DelegationDoesNotHold,
    held,
    require,
    require_own,
)
from ranking.rules.interest import (
    OFFICE,
    SECOND_BODY,
    check_interest,
    relations_of,
    second_bodies,
)
from ranking.rules.scheme import Scheme
from ranking.rules.turns import Turn, check_who, whose
from ranking.tables import ApprovalRow, RankingRow

_CYCLE = "/api/v1/cycles/{cycle_id}"
_EDITION = f"{_CYCLE}/rankings/{{edition}}"


def _step(step: str, code: str, zh: str, en: str) -> Kind:
    zh, en = (
        f"{zh}类别`{{category}}`第{{edition}}版排名",
        f"{en} edition {{edition}} of {{category}}",
    )
    return Kind(code, f"POST {_EDITION}/{step}", zh, en, _EDITION)


STEPS: dict[str, Kind] = {
    "merge": _step("merge", "merge-ranking", "汇总", "Merge"),
    "review": _step("review", "review-ranking", "审核", "Review"),
    "decision": _step("decision", "decide-ranking", "审定", "Decide on"),
    "publication": _step("publication", "publish-ranking", "公布", "Publish"),
}

OWN_STEP = Kind(
    "take-ranking-step",
    f"POST {_EDITION}/steps",
    "办理类别`{category}`第{edition}版排名的审批步骤`{step}`",
    "Take the step {step} of edition {edition} of {category}",
    f"{_EDITION}/steps",
)
"""A step of a scheme's own chain."""


@dataclass(frozen=True, slots=True)
class Delegated:
    """All delegations of a cycle, and the day on which they hold or do not."""

    given: Sequence[Delegation] = ()
    today: dt.date = dt.date.min


async def delegated_to(
    db: AsyncSession,
    cycle_id: UUID,
    scheme: Scheme,
    rows: Sequence[RankingRow],
    permit: Permission,
) -> Delegated:
    """Return the delegations by which the caller may sign; nothing is asked where no step of a
    chain is signed for somebody."""
    if not any(step.delegates for row in rows for step in chain_of(row)):
        return Delegated()
    given = await delegations_of(db, cycle_id)
    if all(each.delegate != permit.caller.subject for each in given):
        return Delegated()
    return Delegated(given, await today(db, scheme.time_zone))


async def newest_editions(
    db: AsyncSession, cycle_id: UUID
) -> tuple[Sequence[RankingRow], dict[int, list[ApprovalRow]]]:
    """Return the newest edition of each category, and the steps that were taken of each."""
    of = RankingRow
    newest = select(of).where(of.cycle_id == cycle_id).ext(distinct_on(of.category))
    rows = (await db.scalars(newest.order_by(of.category, of.edition.desc()))).all()
    return rows, await approvals_of(db, cycle_id, [row.edition for row in rows])


def units_of(row: RankingRow) -> set[str]:
    """Return the units that an edition ranks."""
    return {result.unit for result in row.units}


def kind_of_step(row: RankingRow, step: str) -> Kind:
    """Return the kind of task that a step of an edition is."""
    return STEPS[step] if row.chain is None or step == PUBLICATION else OWN_STEP


def asks_anew(row: RankingRow, step: str) -> bool:
    """Say whether a step asks what the category would be ranked by now."""
    return row.chain is not None or CHAIN[step].role == OFFICE


def next_of(
    row: RankingRow,
    approvals: Sequence[ApprovalRow],
    scheme: Scheme,
    permit: Permission,
    delegated: Delegated,
) -> str | None:
    """Return the step of an edition that is next, where the caller may take it, in the own name or
    in somebody's place."""
    caller, taken = permit.caller, steps_of(approvals)
    chain, code = chain_of(row), next_step(chain_of(row), taken)
    if code is None:
        return None
    typed = typed_before(taken)
    if typed is not None and persons.is_same(taken[typed].person, caller.person):
        return None
    about = _about_step(row, code, scheme, taken)
    bodies = about.bodies
    if about.turn.role == SECOND_BODY and not bodies:
        bodies = second_bodies(scheme)
    own = relations_of(bodies, caller.organisation)
    kind, state = kind_of_step(row, code), state_of(row, approvals)
    for giver in _places(about.step, chain, permit, delegated):
        way = {*own, DELEGATE} if giver else own
        if _may_take(about, permit, giver) and kind.allowed(permit, way, state):
            return code
    return None


def _about_step(row: RankingRow, code: str, scheme: Scheme, taken: Sequence[TakenStep]) -> "_About":
    """Return a step of an edition with whose turn it is."""
    step, competing = step_of(chain_of(row), code), units_of(row)
    bodies = frozenset[str]()
    if asks_anew(row, code):
        competing = competing | _assessed(scheme, row.category)
        bodies = second_bodies(scheme, competing)
    turn = whose(step, competing, recused=bool(bodies))
    return _About(step, turn, competing, bodies, taken)


@dataclass(frozen=True, slots=True)
class _About:
    """A step of an edition, whose turn it is, and about which units."""

    step: ChainStep
    turn: Turn
    competing: Collection[str]
    bodies: frozenset[str]
    taken: Sequence[TakenStep]


def _places(
    step: ChainStep, chain: Sequence[ChainStep], permit: Permission, delegated: Delegated
) -> Iterator[Delegation | None]:
    """Yield in whose place the caller may take a step: in the own first, which is None."""
    yield None
    caller = permit.caller
    for each in held(delegated.given):
        try:
            yield require(
                delegated.given,
                each.number,
                step,
                chain,
                delegate=caller.subject,
                roles=caller.roles,
                today=delegated.today,
            )
        except DelegationDoesNotHold:
            continue


def _may_take(about: _About, permit: Permission, giver: Delegation | None) -> bool:
    """Say whether the caller may take a step, in the giver's place where there is one."""
    caller, turn = permit.caller, about.turn
    roles = caller.roles if giver is None else {turn.role}
    behind = [] if giver is None else [giver.giver]
    who = about.step, turn, about.competing, about.bodies
    try:
        check_who(*who, unit=caller.organisation, roles=roles)
        check_person(about.taken, about.step.code, caller.person, *behind)
        if giver is not None:
            require_own(giver, turn.role)
            check_interest(about.competing, giver.unit)
    except Refusal:
        return False
    return True


def _assessed(scheme: Scheme, category: str) -> set[str]:
    return {unit for each in scheme.categories if each.code == category for unit in each.units}


async def editions_to_sign(
    db: AsyncSession, ask: Peers, permit: Permission, cycle_id: UUID
) -> frozenset[int] | None:
    """Return which editions a caller reads whom no role lets read any: those that wait for the
    caller's signature in somebody's place, or have it; None for whoever reads by a role."""
    if permit.allows():
        return None
    try:
        scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    except PeerMissing:  # and so nothing has been ranked
        return frozenset()
    rows, approvals = await newest_editions(db, cycle_id)
    delegated = await delegated_to(db, cycle_id, scheme, rows, permit)
    return frozenset(
        row.edition
        for row in rows
        if next_of(row, approvals[row.edition], scheme, permit, delegated) is not None
        or _has_signed(row, approvals[row.edition], permit)
    )


async def require_to_sign(
    db: AsyncSession, ask: Peers, permit: Permission, cycle_id: UUID, edition: int
) -> bool:
    """Refuse whoever may not read an edition, by a role or as one who signs it in somebody's place;
    say whether it is read by the latter."""
    to_sign = await editions_to_sign(db, ask, permit, cycle_id)
    if to_sign is None:
        return False
    permit.require({DELEGATE} if edition in to_sign else ())
    return True


def _has_signed(row: RankingRow, approvals: Sequence[ApprovalRow], permit: Permission) -> bool:
    caller = permit.caller
    signed = any(
        each.behind is not None and persons.is_same(each.person, caller.person)
        for each in approvals
    )
    return signed and caller.organisation not in units_of(row)

"""What a check found is marked a second time, blind, and how far both marks are apart."""

from dataclasses import asdict
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from scoring.api.checks.blind import waits
from scoring.api.checks.keeping import PEERS, committed, hold_checks, no_such_check, require_drawn
from scoring.api.checks.replacing import as_found, refused
from scoring.api.checks.told import MovedFinding, recorded
from scoring.api.ledger.entries import Word
from scoring.peers import AskPeers
from scoring.queries.check_findings import StoredFinding, findings_of, part_of
from scoring.queries.checks import HeldCheck, held_checks
from scoring.queries.ledger import entry_rows, require_true_entries, standing_of
from scoring.rules.checks.draw import NoSuchCheck, NotCommitted
from scoring.rules.checks.findings import (
    DIFFERS,
    FindingBarred,
    FindingRefused,
    entry_faults,
)
from scoring.rules.checks.second import Mark, agreement_of, gap_of, policy_of
from scoring.rules.checks.teams import TEAM, NotDrawn
from scoring.rules.columns.exact import half_up
from scoring.rules.ledger.states import OPEN, LedgerSealed
from scoring.rules.scheme.document import Scheme
from scoring.tables.checks import CheckSecondMarkRow
from scoring.tables.ledger import LedgerEntryRow

router = Router("/cycles/{cycle_id}/checks/{check}/second-marks", tags=["checks"])

OFFICE_ROLE = "performance_office"


class NewSecondMark(Incoming):
    """What another of the team found about an entry, without knowing the first mark."""

    unit: Code
    entry_id: UUID
    verdict: Literal["right", "differs"]
    value: Exact | None = None
    word: Word | None = None
    text: Text


class MarkerAgreement(Outgoing):
    """How the marks of one person agree with those of others about the same entries."""

    marker: str
    pairs: int
    mean_gap: Exact | None
    within: Exact | None


class SecondMarks(Outgoing):
    """How the second marks of a check agree with the first.

    `waiting` findings wait for their second mark. `mean_gap` is the mean of the gaps, each a share
    of the greater of both values; `within` is the share of pairs whose gap is tolerated. Both are
    of four places, and null without pairs.
    """

    check: str
    share: Exact | None
    tolerance: Exact | None
    waiting: int
    pairs: int
    mean_gap: Exact | None
    within: Exact | None
    markers: list[MarkerAgreement]


@router.post(
    "",
    status_code=201,
    responses=documents(
        *(NoSuchCheck, NotCommitted, NotDrawn, FindingRefused, FindingBarred, LedgerSealed),
        *PEERS,
    ),
)
async def give_second_mark(
    cycle_id: UUID,
    check: Code,
    new: NewSecondMark,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> MovedFinding:
    """Mark an entry a second time as another of its team; from then on both marks are shown.

    Until then whoever is to mark reads neither what the first found nor who it was. The office,
    which reads everything, gives no second marks.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    seen = (await held_checks(db, cycle_id)).get(check)
    team = seen.teams().get(new.unit) if seen else None
    relations = {TEAM} if team and team.has(permit.caller) else ()
    held = committed(await hold_checks(db, cycle_id, permit, relations), check, scheme)
    require_drawn(held, new.unit)
    if not held.teams()[new.unit].has(permit.caller):  # another team was named meanwhile
        permit.require((), OPEN)
    if OFFICE_ROLE in permit.caller.roles:
        en, zh = "The office reads the first mark.", "绩效办可以查阅首次评分，不作复评。"
        raise FindingBarred(en, zh, cause="not-blind")
    found = await _to_mark(db, cycle_id, held, new, scheme)
    row = (await entry_rows(db, cycle_id, [new.entry_id]))[new.entry_id]
    await _require_apart(db, cycle_id, row, found, permit.caller.person)
    if new.verdict == DIFFERS:
        as_found(row, new.value, new.word, scheme)
    elif (new.value, new.word) != (None, None):
        raise refused(Fault("/value", "nothing-differs", "It is right.", "结论为无误。"))
    first = Mark(found.row.verdict, found.row.value, found.row.word)
    mine, was = Mark(new.verdict, new.value, new.word), Mark("", row.value, row.word)
    gap, policy = gap_of(first, mine, was), policy_of(scheme, check)
    mark = CheckSecondMarkRow(
        **new.model_dump(include={"verdict", "value", "word", "text"}),
        cycle_id=cycle_id,
        finding_id=found.row.finding_id,
        gap=half_up(gap, 12),
        within=policy is not None and gap <= policy.tolerance,
        actor=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(mark)
    moved = found._replace(second=mark)
    return await recorded(db, permit, moved, "scoring.check-finding-moved")


@router.get("", responses=documents(NoSuchCheck, *PEERS))
async def read_second_marks(
    cycle_id: UUID, check: Code, db: Snapshot, permit: Permit, ask: AskPeers
) -> SecondMarks:
    """Tell how far first and second marks of a check are apart, in all and by who gave them."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    held = (await held_checks(db, cycle_id)).get(check)
    if held is None:
        raise no_such_check(check)
    found, policy = await findings_of(db, cycle_id, check, None), policy_of(scheme, check)
    by_marker = dict[str, list[tuple[Decimal, bool]]]()
    pairs = list[tuple[Decimal, bool]]()
    for first, second in ((each.row, each.second) for each in found if each.second):
        pairs.append((second.gap, second.within))
        for marker in (first.actor, second.actor):
            by_marker.setdefault(marker, []).append(pairs[-1])
    whole = agreement_of(pairs)
    markers = [
        MarkerAgreement(marker=marker, **asdict(agreement_of(some)))
        for marker, some in sorted(by_marker.items())
    ]
    return SecondMarks(
        check=check,
        share=policy and policy.share,
        tolerance=policy and policy.tolerance,
        waiting=sum(waits(each, found, held, scheme) for each in found),
        **asdict(whole),
        markers=markers,
    )


async def _to_mark(
    db: AsyncSession, cycle_id: UUID, held: HeldCheck, new: NewSecondMark, scheme: Scheme
) -> StoredFinding:
    """Return the finding that waits for this second mark; refuse where none does."""
    known = await findings_of(db, cycle_id, held.row.check_code, [new.unit])
    for each in known:
        if each.row.entry_id == new.entry_id and waits(each, known, held, scheme):
            return each
    en, zh = "No finding about it waits for a second mark.", "该记录没有待复评的结论。"
    raise refused(Fault("/entry_id", "not-to-mark-again", en, zh))


async def _require_apart(
    db: AsyncSession, cycle_id: UUID, row: LedgerEntryRow, found: StoredFinding, person: str
) -> None:
    """Refuse the second mark of who gave the first one, or had a part in the entry."""
    if persons.is_same(found.row.person, person):
        raise FindingBarred("You found it.", "该条结论由您本人登记。", cause="own-finding")
    await require_true_entries(db, cycle_id, [row])
    standing = (await standing_of(db, cycle_id, [row])).get(row.entry_id)
    parts = await part_of(db, cycle_id, row.entry_id)
    faults = [*entry_faults(standing, [row.entry_id], parts, person, found=False)]
    if faults:
        raise refused(*faults)

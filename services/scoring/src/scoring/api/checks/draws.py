"""Re-checks and spot checks (复检, 抽查): whom they are of is drawn so that anybody can redo it."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, OneOf, Outgoing
from scoring.api.checks.keeping import (
    PEERS,
    TEXT,
    UNITS,
    OneLine,
    committed,
    hold_checks,
    list_of,
    no_such_check,
    of_scheme,
    readable_check,
    reads_all_checks,
    record_check,
    text_of,
)
from scoring.peers import AskPeers
from scoring.queries.checks import HeldCheck, entries_to_check, held_checks
from scoring.queries.ledger import open_ledger, today
from scoring.rules.checks.draw import (
    CHECK_KINDS,
    CHECK_STATES,
    COMMITTED,
    DRAWN,
    TO_COMMIT,
    DrawnAlready,
    ListFixed,
    NoSuchCheck,
    NoSuchList,
    NotCommitted,
    SamePersonDraws,
    SeedDayRefused,
    SeedNotYetOut,
    SeedOfAnotherForm,
    check_drawing,
    check_form,
    check_seed,
    check_seed_day,
    commitment_of,
    draw_digest,
    drawn_of,
    form_of,
    lists_of,
    sha256,
)
from scoring.rules.ledger.states import LedgerSealed
from scoring.rules.scheme.document import Check
from scoring.tables.checks import CheckCommitmentRow, CheckDrawRow, CheckListRow

router = Router("/cycles/{cycle_id}/checks", tags=["checks"])

ListName = Annotated[str, Path(max_length=200)]

LONGEST = dt.timedelta(days=366)
"""How far ahead the day of a seed may be."""


class NewCommitment(Incoming):
    """Where the seed will come from, how it is written, and on which day: nobody may know it yet.

    In `seed_form` each 9 stands for a digit, each # for a whole number without leading zeros, and
    everything else for itself: `99 99 99`, or `#.99`.
    """

    seed_source: OneLine
    seed_form: OneLine
    seed_on: dt.date


class NewSeed(Incoming):
    """The seed, as its source gave it, and where that can be looked up."""

    seed: OneLine
    found_in: OneLine


class CheckList(Outgoing):
    """A fixed list, of the units of a category or of the entries of a `unit`: how many are drawn
    of it, and its SHA-256."""

    name: str
    category: str
    unit: str | None
    draws: int
    digest: str


class ScheduledCheck(Outgoing):
    """A check of the scheme and how far it is.

    `commitment` is the SHA-256 of the text that binds it, `draw` that of this with the seed: where
    lists or seed are others, so are these. `drawn_units` are in the order in which they were drawn,
    category by category. Who fixed the lists and told the seed is told to the office and the
    auditor.
    """

    check: str
    name: str
    kind: Annotated[str, OneOf(*CHECK_KINDS)]
    state: Annotated[str, OneOf(*CHECK_STATES)]
    readers: Annotated[str, OneOf("office", UNITS)]
    seed_source: str | None
    seed_form: str | None
    seed_on: dt.date | None
    commitment: str | None
    committed_by: str | None
    committed_at: dt.datetime | None
    seed: str | None
    found_in: str | None
    draw: str | None
    drawn_by: str | None
    drawn_at: dt.datetime | None
    lists: list[CheckList]
    drawn_units: list[str]


class ScheduledChecks(Outgoing):
    """The checks that the caller may know of, in the scheme's order."""

    checks: list[ScheduledCheck]


class FixedCheck(Outgoing):
    """The digest by which a check is bound, and the receipt of the journal; `empty` are the units
    whose lists of entries have none: nothing of theirs is checked should they be drawn."""

    check: str
    commitment: str
    empty: list[str]
    receipt: Receipt | None


class DrawnCheck(Outgoing):
    """The drawn units in their order, the digest of the draw, and the receipt of the journal."""

    check: str
    draw: str
    drawn_units: list[str]
    receipt: Receipt | None


@router.post(
    "/{check}/commitment",
    status_code=201,
    responses=documents(
        NoSuchCheck, ListFixed, SeedDayRefused, SeedOfAnotherForm, LedgerSealed, *PEERS
    ),
)
async def fix_check_lists(
    cycle_id: UUID,
    check: Code,
    new: NewCommitment,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> FixedCheck:
    """Fix the lists from which a check is drawn, before anybody can know the seed.

    They hold all units of the scheme's categories, and their verified entries where the scheme has
    some drawn; nobody chooses. It is done once for each check of the scheme, and the answer tells
    of which units nothing is verified yet (`empty`).
    """
    known = await ask.indicators.published_scheme(cycle_id=cycle_id)
    scheme = known.scheme
    found = of_scheme(scheme, check)
    if found is None:
        raise no_such_check(check)
    await open_ledger(db, cycle_id)
    held = await hold_checks(db, cycle_id, permit)
    if check in held:
        raise ListFixed(f"{check} was fixed before.", f"{check} 的名单此前已固定。")
    day = await today(db, scheme.time_zone)
    check_seed_day(new.seed_on, day, day + LONGEST)
    check_form(new.seed_form)
    units = scheme.units_of([each.category for each in found.of])
    entries = await entries_to_check(db, cycle_id, units) if found.entries is not None else {}
    lists = list(lists_of(found, scheme, entries))
    text = commitment_of(found, known.digest, (new.seed_source, new.seed_form, new.seed_on), lists)
    row = CheckCommitmentRow(
        cycle_id=cycle_id,
        check_code=check,
        name=found.name,
        kind=found.kind,
        readers=found.readers,
        seed_source=new.seed_source,
        seed_on=new.seed_on,
        content=text,
        digest=sha256(text),
        actor=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(row)
    await db.flush()
    names = ("name", "category", "unit", "draws", "content", "digest")
    about = {"cycle_id": cycle_id, "check_code": check}
    db.add_all(
        CheckListRow(**about, **{name: getattr(each, name) for name in names}) for each in lists
    )
    body = {"check": check, "digest": row.digest, **new.model_dump(mode="json")}
    receipt = await record_check(db, permit, cycle_id, "scoring.check-lists-fixed", body)
    empty = [each.unit for each in lists if each.unit is not None and not each.content]
    return FixedCheck(check=check, commitment=row.digest, empty=empty, receipt=receipt)


@router.post(
    "/{check}/draw",
    status_code=201,
    responses=documents(
        NoSuchCheck,
        NotCommitted,
        DrawnAlready,
        SamePersonDraws,
        SeedNotYetOut,
        SeedOfAnotherForm,
        LedgerSealed,
        *PEERS,
    ),
)
async def draw_check(
    cycle_id: UUID, check: Code, new: NewSeed, db: Transaction, permit: Permit, ask: AskPeers
) -> DrawnCheck:
    """Tell the seed of a check from its day on, as another person than who fixed the lists; with it
    the check is drawn, once and for good."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    held = committed(await hold_checks(db, cycle_id, permit), check, scheme)
    day, row = await today(db, scheme.time_zone), held.row
    drawn = held.draw is not None
    check_drawing(row.person, permit.caller.person, row.seed_on, day, drawn=drawn)
    check_seed(new.seed, form_of(row.content))
    draw = CheckDrawRow(
        cycle_id=cycle_id,
        check_code=check,
        seed=new.seed,
        found_in=new.found_in,
        digest=draw_digest(row.digest, new.seed),
        actor=permit.caller.subject,
        person=permit.caller.person,
    )
    db.add(draw)
    body = {"check": check, "digest": draw.digest, **new.model_dump()}
    receipt = await record_check(db, permit, cycle_id, "scoring.check-drawn", body)
    units = held._replace(draw=draw).drawn_units
    return DrawnCheck(check=check, draw=draw.digest, drawn_units=units, receipt=receipt)


@router.get("", responses=documents(*PEERS))
async def list_checks(
    cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers
) -> ScheduledChecks:
    """List the re-checks and spot checks of the scheme, with the digests of what was fixed, the
    seeds, and the units that were drawn.

    An assessed unit gets those that the scheme lets units read.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reads_all = reads_all_checks(permit, scheme)
    held = await held_checks(db, cycle_id)
    planned = {each.code: each for each in scheme.checks}
    told = [
        _told(held[code], names=reads_all) if code in held else _planned(planned[code])
        for code in [*planned, *(code for code in held if code not in planned)]
    ]
    shown = [each for each in told if reads_all or each.readers == UNITS]
    return ScheduledChecks(checks=shown)


@router.get(
    "/{check}/commitment",
    response_class=Response,
    responses={**documents(NoSuchCheck, *PEERS), **TEXT},
)
async def export_check_commitment(
    cycle_id: UUID, check: Code, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Give the text that binds a check, byte for byte as its SHA-256 is of: how many are drawn of
    each list, the source and day of the seed, and the lists' digests as `sha256sum -c` reads them.
    """
    held = await readable_check(db, cycle_id, check, permit, ask)
    return text_of(held.row.content)


@router.get(
    "/{check}/lists/{list_name}",
    response_class=Response,
    responses={**documents(NoSuchCheck, NoSuchList, *PEERS), **TEXT},
)
async def export_check_list(
    cycle_id: UUID, check: Code, list_name: ListName, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Give a list of a check, an id a line, byte for byte as its SHA-256 is of."""
    held = await readable_check(db, cycle_id, check, permit, ask)
    return text_of(list_of(held, list_name).content)


@router.get(
    "/{check}/lists/{list_name}/drawn",
    response_class=Response,
    responses={**documents(NoSuchCheck, NoSuchList, *PEERS), **TEXT},
)
async def export_drawn(
    cycle_id: UUID, check: Code, list_name: ListName, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Give what was drawn of a list, in its order: the SHA-256 of `seed|id`, two blanks, and the
    id, a line each; nothing before the draw."""
    held = await readable_check(db, cycle_id, check, permit, ask)
    found = list_of(held, list_name)
    lines = drawn_of(held.draw.seed, found.content, found.draws) if held.draw else []
    return text_of("".join(f"{digest}  {each}\n" for digest, each in lines))


def _told(held: HeldCheck, *, names: bool) -> ScheduledCheck:
    row, draw = held.row, held.draw
    alike = ("name", "kind", "readers", "seed_source", "seed_on", "committed_at")
    fixed = {name: getattr(row, name) for name in alike}
    told = ("seed", "found_in", "drawn_at")
    seen = {name: getattr(draw, name) for name in told} if draw else dict.fromkeys(told)
    return ScheduledCheck(
        **fixed,
        **seen,
        check=row.check_code,
        state=DRAWN if draw else COMMITTED,
        seed_form=form_of(row.content),
        commitment=row.digest,
        committed_by=row.actor if names else None,
        draw=draw and draw.digest,
        drawn_by=draw.actor if draw and names else None,
        lists=[_listed(each) for each in held.lists],
        drawn_units=held.drawn_units,
    )


def _listed(row: CheckListRow) -> CheckList:
    return CheckList(**{name: getattr(row, name) for name in CheckList.model_fields})


def _planned(check: Check) -> ScheduledCheck:
    nothing = dict.fromkeys(ScheduledCheck.model_fields)
    told = {"name": check.name, "kind": check.kind, "readers": check.readers}
    known = {"check": check.code, "state": TO_COMMIT, "lists": [], "drawn_units": []}
    return ScheduledCheck.model_validate(nothing | told | known)

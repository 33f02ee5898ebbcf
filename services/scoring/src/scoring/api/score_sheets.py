"""Score sheets (得分表): computed by command from one reading of everything, never overwritten."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Annotated, cast
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction, copy_rows, dumps
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Conflict, Fault, Invalid, pointer
from chassis.routes import Router
from chassis.service import document
from chassis.wire import Code, Incoming, Outgoing, plain
from scoring.api.explanations import tree_of
from scoring.api.sheet_documents import (
    ComputedScoreSheet,
    ScoreSheet,
    ScoreSheetSummary,
    SheetContent,
    SheetInputs,
    content_of,
)
from scoring.peers import (
    AskPeers,
    CycleSatisfaction,
    CycleTargets,
    PeerDown,
    PeerMissing,
    PeerRefused,
    Peers,
    PublishedScheme,
)
from scoring.queries import (
    Edition,
    NoSuchScoreSheet,
    Number,
    after_number,
    claims_of,
    counted_entries,
    find_sheet,
    next_edition,
    phase_of_sheet,
)
from scoring.rules.claim_checks import Claim
from scoring.rules.entries import Entry
from scoring.rules.scheme import Scheme, UnitName
from scoring.rules.score_sheet import ScoreSheet as ComputedSheet
from scoring.rules.score_sheet import score_categories
from scoring.rules.states import COMPUTED, FED_BACK
from scoring.tables import ExplanationRow, FeedbackRow, ScoreSheetRow

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])


class UnknownCategories(Invalid):
    """The scheme has no such categories."""

    zh = "方案中没有这些类别。"


class AlreadyFedBack(Conflict):
    """The edition was fed back before."""

    zh = "该版得分表已经反馈。"


class NewScoreSheet(Incoming):
    """The categories to score; null means all of the scheme."""

    categories: Annotated[list[Code], Field(min_length=1)] | None = None


class FedBackScoreSheet(Outgoing):
    """An edition that the units may now read, each its own part."""

    edition: int
    phase: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Evidence:
    """What other services say that a score sheet rests on, read once."""

    published: PublishedScheme
    targets: CycleTargets
    satisfaction: CycleSatisfaction
    names: list[UnitName]
    categories: list[str]

    @property
    def units(self) -> list[str]:
        """The units of the chosen categories."""
        chosen = [c for c in self.published.scheme.categories if c.code in self.categories]
        return [unit for category in chosen for unit in category.units]

    def inputs(self, entries: Sequence[Entry], claims: Sequence[Claim]) -> SheetInputs:
        """Return the digests of all that the sheet is computed from."""
        return SheetInputs(
            scheme_digest=self.published.digest,
            targets_digest=self.targets.digest,
            satisfaction_digest=self.satisfaction.digest,
            names_digest=journal.sha256(sorted(_texts(name) for name in self.names)),
            ledger_digest=journal.sha256([_texts(entry) for entry in entries]),
            claims_digest=journal.sha256([_texts(claim) for claim in claims]),
        )


@router.post(
    "",
    status_code=201,
    responses=documents(UnknownCategories, PeerDown, PeerMissing, PeerRefused),
)
async def compute_score_sheet(
    cycle_id: UUID, new: NewScoreSheet, db: Transaction, permit: Permit, ask: AskPeers
) -> ComputedScoreSheet:
    """Score the categories anew, from one reading of scheme, ledger and satisfaction."""
    evidence = await _gather(ask, cycle_id, new.categories)

    entries = await counted_entries(db, cycle_id, evidence.units)
    claims = await claims_of(db, cycle_id, evidence.units)
    inputs = evidence.inputs(entries, claims)
    # In a thread: other requests of this process must not wait for the arithmetic.
    sheet = await asyncio.to_thread(
        score_categories,
        evidence.published.scheme,
        evidence.categories,
        entries=entries,
        targets=evidence.targets.targets,
        satisfaction=evidence.satisfaction.by_unit(),
        claims=claims,
        names=evidence.names,
    )

    content = content_of(cycle_id, evidence.categories, inputs, sheet)
    row = await _store(db, content, sheet, permit.caller.subject)
    told = {"edition": row.edition, "digest": row.digest, "inputs": inputs.model_dump()}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.score-sheet-computed",
        body={**told, "categories": evidence.categories},
    )
    return ComputedScoreSheet(
        edition=row.edition,
        categories=evidence.categories,
        inputs=inputs,
        phase=COMPUTED,
        digest=row.digest,
        missing=_missing(content),
        receipt=receipt,
    )


@router.get("")
async def list_score_sheets(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[ScoreSheetSummary]:
    """Give the editions of a cycle in the order in which they were computed."""
    rows = await db.scalars(
        select(ScoreSheetRow)
        .where(ScoreSheetRow.cycle_id == cycle_id, ScoreSheetRow.edition > after_number(page))
        .order_by(ScoreSheetRow.edition)
        .limit(page.limit + 1)
    )
    found = [_summary(row, await phase_of_sheet(db, row)) for row in rows.all()]
    return Page.of(found, page.limit, lambda one: str(one.edition))


@router.get("/{edition}", response_model=ScoreSheet, responses=documents(NoSuchScoreSheet))
async def read_score_sheet(
    cycle_id: UUID, edition: Edition, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give one edition with all its units, or the latest."""
    row = await find_sheet(db, cycle_id, edition)
    phase = await phase_of_sheet(db, row)
    sheet = ScoreSheet(**row.content, edition=row.edition, phase=phase, digest=row.digest)
    return document(sheet, request)


@router.post(
    "/{edition}/feedback", status_code=201, responses=documents(NoSuchScoreSheet, AlreadyFedBack)
)
async def feed_back_score_sheet(
    cycle_id: UUID, edition: Number, db: Transaction, permit: Permit
) -> FedBackScoreSheet:
    """Let every unit read its own explanation of an edition (结果反馈)."""
    row = await find_sheet(db, cycle_id, edition)
    phase = await phase_of_sheet(db, row, alone=True)
    if phase == FED_BACK:
        raise AlreadyFedBack("It can be fed back only once.", "只能反馈一次。", edition=edition)
    permit.require(phase=phase)
    actor = permit.caller.subject
    db.add(FeedbackRow(cycle_id=cycle_id, edition=edition, fed_back_by=actor))
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.score-sheet-fed-back",
        body={"edition": edition, "digest": row.digest},
    )
    return FedBackScoreSheet(edition=edition, phase=FED_BACK, receipt=receipt)


async def _gather(ask: Peers, cycle_id: UUID, wanted: list[str] | None) -> Evidence:
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    categories = _chosen(published.scheme, wanted)
    targets = await ask.indicators.targets(cycle_id=cycle_id)
    satisfaction = await ask.survey.satisfaction(cycle_id=cycle_id)
    units = await ask.indicators.units()
    members = {u for c in published.scheme.categories if c.code in categories for u in c.units}
    names = [name for unit in units if unit.code in members for name in unit.over_time()]
    return Evidence(published, targets, satisfaction, names, categories)


def _chosen(scheme: Scheme, wanted: list[str] | None) -> list[str]:
    """Return the categories that are wanted, in the scheme's order."""
    known = [category.code for category in scheme.categories]
    faults = [
        Fault(
            pointer("categories", row),
            "unknown-category",
            f"{code} is none of: {', '.join(known)}.",
            f"{code} 不在方案的类别之内：{', '.join(known)}。",
        )
        for row, code in enumerate(wanted or ())
        if code not in known
    ]
    if faults:
        raise UnknownCategories("See the faults.", "见各项错误。", faults=faults)
    return [code for code in known if wanted is None or code in wanted]


async def _store(
    db: AsyncSession, content: SheetContent, sheet: ComputedSheet, author: str
) -> ScoreSheetRow:
    plainly = content.model_dump(mode="json")
    row = ScoreSheetRow(
        cycle_id=content.cycle_id,
        edition=await next_edition(db, content.cycle_id),
        digest=journal.sha256(plainly),
        content=plainly,
        computed_by=author,
    )
    db.add(row)
    await db.flush()
    columns = ["cycle_id", "edition", "unit", "tree"]
    trees = (
        (row.cycle_id, row.edition, unit.unit, dumps(tree_of(unit.explanation)))
        for unit in sheet.units
    )
    await copy_rows(db, cast(Table, ExplanationRow.__table__), columns, trees)
    return row


def _summary(row: ScoreSheetRow, phase: str) -> ScoreSheetSummary:
    content = SheetContent.model_validate(row.content)
    return ScoreSheetSummary(
        edition=row.edition,
        categories=content.categories,
        inputs=content.inputs,
        phase=phase,
        digest=row.digest,
        missing=_missing(content),
        computed_by=row.computed_by,
        computed_at=row.computed_at,
    )


def _missing(content: SheetContent) -> int:
    return sum(len(unit.missing) for unit in content.units)


def _texts(fact: Entry | Claim | UnitName) -> list[str | None]:
    """Return the fields of a fact as texts, in their declared order."""
    return [None if value is None else _text(value) for value in asdict(fact).values()]


def _text(value: object) -> str:
    return plain(value.normalize()) if isinstance(value, Decimal) else str(value)

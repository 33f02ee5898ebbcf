"""Whose interests a correction of a sealed record touches: they neither propose nor decide it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scoring.api.corrections.claims import claim_concerns
from scoring.queries.claims import author_units_of
from scoring.queries.ledger import entry_rows
from scoring.rules.corrections.correcting import Correction, CorrectionBarred, competes
from scoring.rules.corrections.overturned import OverturnedEntry, concerned
from scoring.rules.corrections.surveyed import collectors_of
from scoring.rules.duties.card_events import CardEvent
from scoring.rules.scheme.document import Scheme


@dataclass(frozen=True, slots=True)
class Interests:
    """The units whose scores a correction is about, and the `rivals` for the same award."""

    units: Collection[str]
    rivals: Collection[str] = field(default=())

    def bars(self, scheme: Scheme, own: str | None) -> bool:
        """Say whether somebody of a unit has an interest: it is a rival, or competes with one of
        the others."""
        return own in self.rivals or any(competes(unit, scheme, own) for unit in self.units)


async def interests_in(
    db: AsyncSession,
    cycle_id: UUID,
    correction: Correction,
    charged: CardEvent[OverturnedEntry] | None,
) -> Interests:
    """Return whose interests a correction touches."""
    units = concerned(correction, charged)
    if correction.claim_id is None:
        return Interests(units)
    shares, rivals = await claim_concerns(db, cycle_id, correction)
    return Interests({*units, *shares}, rivals)


async def require_no_interest(
    db: AsyncSession,
    cycle_id: UUID,
    correction: Correction,
    charged: CardEvent[OverturnedEntry] | None,
    scheme: Scheme,
    own: str | None,
) -> None:
    """Refuse a caller whose unit competes with one of those whose scores are concerned."""
    if (await interests_in(db, cycle_id, correction, charged)).bars(scheme, own):
        en, zh = f"{own} is assessed there, or has a part in it.", f"{own} 参评该类别或与之相关。"
        raise CorrectionBarred(en, zh, cause="competes")


async def require_no_scorer(
    db: AsyncSession, cycle_id: UUID, correction: Correction, scheme: Scheme, own: str | None
) -> None:
    """Refuse a caller of the unit that entered, reviewed or collects what is corrected."""
    if own is not None and own in await scorers_of(db, cycle_id, correction, scheme):
        en, zh = f"{own} entered it, or scores by it.", f"所涉内容由 {own} 录入、初审或采集。"
        raise CorrectionBarred(en, zh, cause="scorers-unit")


async def scorers_of(
    db: AsyncSession, cycle_id: UUID, correction: Correction, scheme: Scheme
) -> set[str]:
    """Return the units that entered what a correction is about, review it first or collect it, or
    handed in the claim."""
    if correction.claim_id is not None:
        return await author_units_of(db, cycle_id, correction.claim_id)
    category = scheme.category_of().get(correction.unit)
    indicator = category.indicators().get(correction.indicator or "") if category else None
    found = {indicator.data_source_unit, indicator.reviewed_by} if indicator else set()
    found |= collectors_of(correction, scheme)
    if correction.corrects is not None:
        rows = await entry_rows(db, cycle_id, [correction.corrects])
        found |= {each.author_unit for each in rows.values()}
    return {each for each in found if each}

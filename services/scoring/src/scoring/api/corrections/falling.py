"""What a correction would do to the score of its own unit, computed before it is approved."""

import asyncio
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scoring.api.sheet.computing import computed
from scoring.api.sheet.evidence import Evidence
from scoring.queries.counted import counted_entries, ledger_state
from scoring.rules.corrections.claims import with_corrections
from scoring.rules.corrections.correcting import Correction, laid_over, refused
from scoring.rules.reports.falling import fall_faults


async def refuse_a_fall(
    db: AsyncSession, cycle_id: UUID, correction: Correction, evidence: Evidence
) -> None:
    """Refuse a correction that would lower what its unit scores, beside all that counts now.

    What it does to others, whom relative methods hold against the unit, bars nobody.
    """
    scheme, unit = evidence.published.scheme, correction.unit
    category = scheme.category_of().get(unit)
    if category is None:
        return
    entries = await counted_entries(db, cycle_id, category.units)
    state = await ledger_state(db, cycle_id, category.units)
    claims, corrections = state.claims, [*state.corrections, correction]
    corrected = laid_over(entries, [correction], category.units)
    changed = with_corrections(claims, corrections) if correction.claim_id else claims
    of = [category.code]
    was, now = state.corrections, corrections
    before = await asyncio.to_thread(computed, evidence, entries, claims, of, None, was)
    after = await asyncio.to_thread(computed, evidence, corrected, changed, of, None, now)
    faults = [*fall_faults(unit, correction.indicator, before, after)]
    if faults:
        raise refused(faults)

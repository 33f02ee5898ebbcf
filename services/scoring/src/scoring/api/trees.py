"""Explanations read again as they were stored, for what is computed from them."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.rules.steps import Step
from scoring.tables import ExplanationRow

_STEPS = TypeAdapter(dict[str, Step])


async def trees_of(db: AsyncSession, cycle_id: UUID, edition: int) -> dict[str, Any]:
    """Return the stored trees of an edition by unit, not yet read."""
    row = ExplanationRow
    found = await db.execute(
        select(row.unit, row.tree).where(row.cycle_id == cycle_id, row.edition == edition)
    )
    return {unit: tree for unit, tree in found}  # noqa: C416 - dict() takes no typed Row


def read_trees(trees: dict[str, Any]) -> dict[str, Step]:
    """Return stored trees as the rules see them."""
    return _STEPS.validate_python(trees)

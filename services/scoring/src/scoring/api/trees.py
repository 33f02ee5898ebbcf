"""Explanations read again as they were stored, for what is computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from scoring.rules.steps import Step
from scoring.tables import ExplanationRow, ExplanationTreeRow

_STEPS = TypeAdapter(dict[str, Step])


@dataclass(frozen=True, slots=True)
class StoredTree:
    """A tree as it was stored, not yet read, and the digest that it is known by."""

    digest: str
    tree: dict[str, Any]


async def trees_of(
    db: AsyncSession,
    cycle_id: UUID,
    edition: int,
    *,
    unit: str | None = None,
    unlike: int | None = None,
) -> dict[str, StoredTree]:
    """Return the trees of an edition by unit: of one unit only, or only those that another
    edition, `unlike`, does not have as well."""
    row, kept, other = ExplanationRow, ExplanationTreeRow, aliased(ExplanationRow)
    query = (
        select(row.unit, row.digest, kept.tree)
        .join(kept, (kept.cycle_id == row.cycle_id) & (kept.digest == row.digest))
        .where(row.cycle_id == cycle_id, row.edition == edition)
    )
    if unit is not None:
        query = query.where(row.unit == unit)
    if unlike is not None:
        same = (
            (other.cycle_id == row.cycle_id)
            & (other.edition == unlike)
            & (other.unit == row.unit)
            & (other.digest == row.digest)
        )
        query = query.where(~exists().where(same))
    return {name: StoredTree(digest, tree) for name, digest, tree in await db.execute(query)}


def read_trees(trees: Mapping[str, StoredTree]) -> dict[str, Step]:
    """Return stored trees as the rules see them."""
    return _STEPS.validate_python({unit: stored.tree for unit, stored in trees.items()})

"""Explanations read again as they were stored, for what is computed from them."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis import journal
from chassis.stored import StoredDataAltered
from scoring.rules.explanation.steps import Step
from scoring.tables import ExplanationRow, ExplanationTreeRow, ScoreSheetRow

_STEPS = TypeAdapter(dict[str, Step])


@dataclass(frozen=True, slots=True)
class StoredTree:
    """A tree as it was stored, not yet read, and the digest that it is known by."""

    digest: str
    tree: dict[str, Any]


async def trees_of(
    db: AsyncSession,
    sheet: ScoreSheetRow,
    *,
    unit: str | None = None,
    unlike: int | None = None,
) -> dict[str, StoredTree]:
    """Return the trees of an edition by unit: of one unit only, or only those that another
    edition, `unlike`, does not have as well.

    The sheet vouches for each tree by its digest; one that is not what it says is refused.
    """
    cycle_id, edition = sheet.cycle_id, sheet.edition
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
    found = {name: StoredTree(digest, tree) for name, digest, tree in await db.execute(query)}
    listed = sheet.content.get("explanations")  # editions from before list none
    wrong = await asyncio.to_thread(_altered, found, listed)
    if listed is not None and unlike is None:
        # A row that leads to no tree is as if it were not there.
        wrong += [each for each in listed if unit in (None, each) and each not in found]
    if wrong:
        raise StoredDataAltered(
            f"Edition {edition} vouches for another explanation of: {', '.join(wrong)}.",
            f"第{edition}版所记载的得分说明与存储的不一致：{'、'.join(wrong)}。",
            edition=edition,
            units=wrong,
        )
    return found


def _altered(trees: Mapping[str, StoredTree], listed: Mapping[str, str] | None) -> list[str]:
    """Return the units whose tree is not the one that its digest, and the sheet's, stand for."""
    return [
        unit
        for unit, stored in trees.items()
        if hashlib.sha256(journal.encoded(stored.tree)).hexdigest() != stored.digest
        or (listed is not None and listed.get(unit) != stored.digest)
    ]


def read_trees(trees: Mapping[str, StoredTree]) -> dict[str, Step]:
    """Return stored trees as the rules see them."""
    return _STEPS.validate_python({unit: stored.tree for unit, stored in trees.items()})

"""How scores came about: told from what is kept, or as it was told when it was fed back.

An explanation of an edition that was fed back is kept as it was then, and so are those of editions
from before. Any other is grown when it is asked for, from this service's own database; one that
does not give the very scores that were kept is an alarm and no answer.
"""

import asyncio
import hashlib
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.db import numbered
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import adapter_of
from scoring.api.sheet.editions import (
    input_documents,
    read_inputs,
    read_scheme,
    scores_of,
    units_of,
)
from scoring.queries.counted import entries_by_id
from scoring.queries.sheet import phase_of_sheet
from scoring.rules.claims.checks import Claim, Why
from scoring.rules.claims.decisions import Decision
from scoring.rules.explanation.growing import Grown, KeptUnit, grow
from scoring.rules.explanation.nodes import Node
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.steps import Step
from scoring.rules.explanation.vetoed import BlockNotVetoable, explain_vetoed
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.states import FED_BACK
from scoring.rules.scheme.document import Scheme
from scoring.rules.sheet.totals import UnitScores
from scoring.tables.explanation import ExplanationRow, ExplanationTreeRow
from scoring.tables.sheet import ScoreSheetRow


@dataclass(frozen=True, slots=True)
class StoredTree:
    """How one unit's total came about, as plain JSON, and the SHA-256 of its canonical form."""

    digest: str
    tree: dict[str, Any]


async def trees_of(
    db: AsyncSession, sheet: ScoreSheetRow, *, units: Collection[str] | None = None
) -> dict[str, StoredTree]:
    """Return how the totals of an edition came about, by unit: of all, or of some that it has."""
    wanted = [unit for unit in units_of(sheet) if units is None or unit in units]
    if not wanted:
        return {}
    if sheet.basis is None or await phase_of_sheet(db, sheet) == FED_BACK:
        return await _frozen(db, sheet, wanted)
    return await grown(await material_of(db, sheet, wanted))


@dataclass(frozen=True, slots=True)
class Material:
    """What explanations of some units of an edition are grown from, all read from the database."""

    sheet: ScoreSheetRow
    parts: Mapping[str, Mapping[str, Any]]
    documents: Mapping[str, bytes]
    entries: Sequence[Entry]


async def material_of(db: AsyncSession, sheet: ScoreSheetRow, units: Collection[str]) -> Material:
    """Read what is kept of some units of an edition, and the entries that it was computed from."""
    assert sheet.basis is not None  # noqa: S101 - editions from before are never grown
    scores = await scores_of(db, sheet, units)
    parts = {unit: orjson.loads(each) for unit, each in scores.items()}
    digests = {sheet.basis["scheme"], *(part["inputs"] for part in parts.values())}
    ids = [entry for part in parts.values() for entry in _ids(part["entries"])]
    documents = await input_documents(db, sheet.cycle_id, digests)
    entries = await entries_by_id(db, sheet.cycle_id, ids, list(parts))
    return Material(sheet, parts, documents, entries)


async def grown(material: Material) -> dict[str, StoredTree]:
    """Grow explanations from what is kept; refuse to tell any that does not give these scores.

    The event loop stays free. A category takes seconds: no transaction should be open meanwhile.
    """
    return await asyncio.to_thread(_grown, material)


def _ids(written: str) -> Iterator[UUID]:
    """Yield the ids of entries that are written one behind the other."""
    for at in range(0, len(written), 32):
        yield UUID(written[at : at + 32])


async def scores_as_kept(
    db: AsyncSession, sheet: ScoreSheetRow, unit: str
) -> tuple[Scheme, UnitScores] | None:
    """Return a unit's scores in an edition with all that they are made of, and the scheme that they
    were computed by; None of an edition from before, of which that was not kept."""
    if sheet.basis is None:
        return None
    material = await material_of(db, sheet, [unit])
    scheme, found = await asyncio.to_thread(_grow, material)
    return scheme, found[unit].scores


async def vetoed_tree(
    db: AsyncSession, sheet: ScoreSheetRow, unit: str, blocks: frozenset[str]
) -> StoredTree:
    """Return how a unit's total comes about in which vetoes have some blocks count for nothing. It
    is never kept: by what it is grown from, the kept one has to hold."""
    if sheet.basis is None:
        raise BlockNotVetoable(
            f"Edition {sheet.edition} is from before vetoes of blocks.",
            f"第{sheet.edition}版早于板块否决，不能按否决计算。",
            edition=sheet.edition,
        )
    material = await material_of(db, sheet, [unit])
    return await asyncio.to_thread(_grown_vetoed, material, unit, blocks)


def _grown_vetoed(material: Material, unit: str, blocks: frozenset[str]) -> StoredTree:
    _, found = _grow(material)
    _require_true(material.sheet, found)
    return stored(explain_vetoed(found[unit].scores, blocks))


def _grown(material: Material) -> dict[str, StoredTree]:
    _, found = _grow(material)
    _require_true(material.sheet, found)
    return {unit: stored(found[unit].tree) for unit in material.parts}


def _grow(material: Material) -> tuple[Scheme, dict[str, Grown]]:
    sheet, parts, documents = material.sheet, material.parts, material.documents
    basis: Mapping[str, Any] = sheet.basis or {}
    by_unit: dict[str, list[Entry]] = {}
    for entry in material.entries:
        by_unit.setdefault(entry.unit, []).append(entry)
    kept = {}
    for unit, part in parts.items():
        known = read_inputs(documents[part["inputs"]])
        kept[unit] = KeptUnit(
            part["sheet"],
            part["facts"],
            [_claim(each) for each in part["claims"]],
            by_unit.get(unit, []),
            known.targets,
            known.satisfaction,
        )
    scheme = read_scheme(documents[basis["scheme"]])
    return scheme, grow(scheme, basis["facts"], kept)


def _require_true(sheet: ScoreSheetRow, found: Mapping[str, Grown]) -> None:
    """Refuse explanations that do not hold: neither they nor what was kept can be relied on."""
    wrong = [unit for unit, each in found.items() if not each.holds]
    if not wrong:
        return
    raise StoredDataAltered(
        f"Edition {sheet.edition} cannot be explained as it was computed: {', '.join(wrong)}.",
        f"第{sheet.edition}版的得分无法按原计算过程说明：{'、'.join(wrong)}。",
        edition=sheet.edition,
        units=wrong,
        steps=sorted({each.code for unit in wrong for each in found[unit].contradictions})[:20],
    )


def _claim(kept: Mapping[str, Any]) -> Decision:
    reason = kept["reason"]
    claim = Claim(
        UUID(kept["claim_id"]),
        kept["claim_no"],
        kept["unit"],
        kept["kind"],
        level=None,
        authority=None,
        holder_name=None,
        document_no=None,
        document_date=None,
        work_year=None,
        event_key=kept["event_key"],
        linked_indicator=None,
        rule=None,
    )
    why = Why(reason["code"], reason["en"], reason["zh"], reason["params"])
    return Decision(claim, kept["decision"], Decimal(kept["points"]), why)


def stored(node: Node) -> StoredTree:
    """Return an explanation as plain JSON, with its digest."""
    tree = written_tree(node)
    return StoredTree(hashlib.sha256(journal.encoded(tree)).hexdigest(), tree)


def packed(tree: StoredTree) -> bytes:
    """Return an explanation as it is kept: the canonical JSON, compressed."""
    return zlib.compress(journal.encoded(tree.tree))


async def freeze(db: AsyncSession, sheet: ScoreSheetRow, trees: Mapping[str, StoredTree]) -> None:
    """Keep explanations as they are told; one that is the same in several editions is kept once."""
    kept = await asyncio.to_thread(lambda: {t.digest: packed(t) for t in trees.values()})
    await db.execute(
        text(await numbered(db, _FREEZE, "explanation_tree")),
        {
            "cycle_id": sheet.cycle_id,
            "edition": sheet.edition,
            "digests": list(kept),
            "packed": list(kept.values()),
            "units": list(trees),
            "of_units": [each.digest for each in trees.values()],
        },
    )


# One statement, however many units there are.
_FREEZE = (
    "WITH told AS ("
    "  INSERT INTO explanation_tree (cycle_id, digest, packed, record)"
    "  SELECT cast(:cycle_id AS uuid), new.digest, new.packed,"
    "    (SELECT journal_record('explanation_tree'))"
    "  FROM unnest(cast(:digests AS text[]), cast(:packed AS bytea[])) AS new (digest, packed)"
    "  WHERE NOT EXISTS (SELECT 1 FROM explanation_tree k"
    "    WHERE k.cycle_id = cast(:cycle_id AS uuid) AND k.digest = new.digest))"
    " INSERT INTO explanation (cycle_id, edition, unit, digest)"
    " SELECT cast(:cycle_id AS uuid), cast(:edition AS bigint), of.unit, of.digest"
    " FROM unnest(cast(:units AS text[]), cast(:of_units AS text[])) AS of (unit, digest)"
)


async def digests_of(db: AsyncSession, sheet: ScoreSheetRow) -> dict[str, str]:
    """Return the digests of what the units of an edition were told."""
    row = ExplanationRow
    rows = await db.execute(
        select(row.unit, row.digest)
        .where(row.cycle_id == sheet.cycle_id, row.edition == sheet.edition)
        .order_by(row.unit)
    )
    return {unit: digest for unit, digest in rows}  # noqa: C416 - dict() takes no typed Row


async def _frozen(
    db: AsyncSession, sheet: ScoreSheetRow, units: Collection[str]
) -> dict[str, StoredTree]:
    """Return explanations as they were kept; one that is not what was kept is refused.

    Of each the journal vouches for its digest, and that for the explanation.
    """
    cycle_id, edition = sheet.cycle_id, sheet.edition
    row, kept = ExplanationRow, ExplanationTreeRow
    rows = await db.execute(
        select(row.unit, row.digest, row.record, kept.tree, kept.packed)
        .outerjoin(kept, (kept.cycle_id == row.cycle_id) & (kept.digest == row.digest))
        .where(row.cycle_id == cycle_id, row.edition == edition, row.unit.in_(units))
    )
    found = rows.all()
    await require_intact(db, str(cycle_id), "explanation", records={each.record for each in found})
    trees = await asyncio.to_thread(_read_frozen, found)
    listed = None if sheet.content is None else sheet.content.get("explanations")
    wrong = [
        unit
        for unit in units
        if unit not in trees or (listed is not None and listed.get(unit) != trees[unit].digest)
    ]
    if wrong:
        raise StoredDataAltered(
            f"Edition {edition} vouches for another explanation of: {', '.join(wrong)}.",
            f"第{edition}版所记载的得分说明与存储的不一致：{'、'.join(wrong)}。",
            edition=edition,
            units=wrong,
        )
    return trees


def _read_frozen(rows: Iterable[Sequence[Any]]) -> dict[str, StoredTree]:
    """Read kept explanations, but for those that are not what their digest stands for."""
    found: dict[str, StoredTree] = {}
    for unit, digest, _, tree, kept in rows:
        try:
            content = journal.encoded(tree) if kept is None else zlib.decompress(kept)
        except zlib.error:
            continue
        if hashlib.sha256(content).hexdigest() == digest:
            found[unit] = StoredTree(digest, orjson.loads(content))
    return found


def read_trees(trees: Mapping[str, StoredTree]) -> dict[str, Step]:
    """Return explanations as the rules see them."""
    return adapter_of(dict[str, Step]).validate_python(
        {unit: each.tree for unit, each in trees.items()}
    )

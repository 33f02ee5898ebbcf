"""How an edition of the score sheet is kept, and read again: once for all who need it.

An edition keeps each unit's scores with what they were computed from, compressed, and the digests
of these; the documents of other services are kept once, by their digests. Editions from before
keep the whole document.
"""

import asyncio
import hashlib
import zlib
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import starmap
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import (
    BigInteger,
    insert,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.stored import StoredDataAltered
from chassis.wire import adapter_of
from scoring.api.sheet.documents import SheetInputs, reasons_today
from scoring.queries.counted import LedgerState
from scoring.queries.sheet import next_edition, opened, unnested
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.samples import Satisfaction
from scoring.rules.reports.outlook import Timetable
from scoring.rules.scheme.document import Scheme, Tag, Target, UnitName
from scoring.rules.scheme.tags import Tags, tags_of
from scoring.rules.sheet.normalising import NormalisedGroup
from scoring.rules.sheet.record import (
    Plain,
    own_facts,
    shared_facts,
    written,
    written_claim,
    written_group,
)
from scoring.rules.sheet.year import Computation
from scoring.tables.sheet import InputDocumentRow, ScoreSheetRow, UnitScoreRow

ENGINE = 2
"""The version of what computes and explains; 1 scored unit by unit and kept its explanations."""

# Of compression: more of it costs several times the time, and a larger window, which is made anew
# for each unit, more than it gains in a few kilobytes.
_LEVEL, _WINDOW = 1, 13


@dataclass(frozen=True, slots=True)
class UnitInputs:
    """What other services say of one unit: its targets, and by survey what was found."""

    targets: tuple[Target, ...]
    satisfaction: Mapping[str, Satisfaction]


class ScoredUnit(NamedTuple):
    """A unit of an edition: its category, its total as a text, and the digest of what is kept."""

    unit: str
    category: str
    total: str | None
    digest: str


def units_of(row: ScoreSheetRow) -> dict[str, ScoredUnit]:
    """Return the units that an edition scores, in the scheme's order."""
    found = _UNITS.get(row)
    if found is None:
        units = (
            row.units
            if row.units is not None
            else [
                (each["unit"], each["category"], each["total"], "")
                for each in _content(row)["units"]
            ]
        )
        found = _UNITS[row] = {each.unit: each for each in starmap(ScoredUnit, units)}
    return found


# Of each edition that a request has read: it asks several times, and there may be thousands.
_UNITS = WeakKeyDictionary[ScoreSheetRow, dict[str, ScoredUnit]]()


def tags_in(row: ScoreSheetRow) -> Tags:
    """Return the tags of the scheme that an edition was computed by."""
    kept = row.basis or {}
    known = {each["code"]: Tag(**each) for each in kept.get("tags", ())}
    return Tags(known, kept.get("tagged", {}))


def inputs_of(row: ScoreSheetRow) -> dict[str, str]:
    """Return the digests of what an edition was computed from, by their names."""
    found: dict[str, str] = (row.basis or _content(row))["inputs"]
    return found


def _content(row: ScoreSheetRow) -> dict[str, Any]:
    assert row.content is not None  # noqa: S101 - the database keeps either, see tables.py
    return row.content


# Keeping.


@dataclass(frozen=True, slots=True)
class Packed:
    """An edition, ready to be kept: its document's digest, and everything compressed."""

    digest: str
    basis: Plain
    units: list[list[str | None]]
    missing: int
    scores: dict[str, bytes]
    documents: dict[str, bytes]


def packed(
    cycle_id: UUID,
    scheme: Scheme,
    names: Sequence[UnitName],
    inputs: SheetInputs,
    state: LedgerState,
    done: Computation,
    entries: Iterable[Entry],
) -> Packed:
    """Return what is kept of a computation and of what it was computed from."""
    ids: dict[str, list[bytes]] = {}
    for entry in entries:
        ids.setdefault(entry.unit, []).append(entry.entry_id.bytes)
    claims: dict[str, list[Plain]] = {}
    for one in done.sheet.claims:
        claims.setdefault(one.claim.unit, []).append(
            written_claim(one) | {"event_key": one.claim.event_key}
        )
    documents: dict[str, bytes] = {}
    kept_scheme = _kept(adapter_of(Scheme).dump_json(scheme), documents)
    kept_names = _kept(adapter_of(list[UnitName]).dump_json(sorted(names, key=repr)), documents)
    parts, scores, units, missing = list[bytes](), dict[str, bytes](), list[list[str | None]](), 0
    shared: Plain = {}
    told = iter(done.sheet.units)
    for category in done.categories:
        group = category.sources.units
        shared[category.plan.category.code] = shared_facts(category.facts)
        own = own_facts(category.facts, range(len(group)))
        for row, unit in enumerate(group):
            scored = written(next(told))
            part = journal.encoded(scored)
            found = UnitInputs(*category.sources.known_of(row))
            whole = journal.encoded(
                {
                    "claims": claims.get(unit, []),
                    "entries": b"".join(ids.get(unit, ())).hex(),
                    "facts": own[row],
                    "inputs": _kept(adapter_of(UnitInputs).dump_json(found), documents),
                    "sheet": orjson.Fragment(part),
                }
            )
            parts.append(part)
            scores[unit] = zlib.compress(whole, _LEVEL, _WINDOW)
            missing += len(scored["missing"])
            digest = hashlib.sha256(whole).hexdigest()
            units.append([unit, scored["category"], scored["total"], digest])
    head = {
        "categories": [category.plan.category.code for category in done.categories],
        "cycle_id": str(cycle_id),
        "inputs": inputs.model_dump(),
        **_written_groups(done.normalised),
    }
    document = _document(head, [written_claim(one) for one in done.sheet.claims], parts)
    basis = {
        **head,
        "engine": ENGINE,
        "position": state.position,
        "scheme": kept_scheme,
        "names": kept_names,
        "facts": shared,
        **_kept_tags(tags_of(scheme)),
        **_kept_corrections(state, scores),
    }
    return Packed(hashlib.sha256(document).hexdigest(), basis, units, missing, scores, documents)


def _written_groups(groups: Iterable[NormalisedGroup]) -> Plain:
    found = [written_group(each) for each in groups]
    return {"normalised": found} if found else {}


def _kept_tags(tags: Tags) -> Plain:
    if not tags.known:
        return {}
    # A list: the order of the scheme would not outlive an object of the database.
    return {"tags": [asdict(tag) for tag in tags.known.values()], "tagged": tags.of}


def _kept_corrections(state: LedgerState, units: Collection[str]) -> Plain:
    """Return which corrections about its units an edition rests on, if there are any."""
    found = sorted(str(each.correction_id) for each in state.corrections if each.unit in units)
    return {"corrections": found} if found else {}


def _document(head: Mapping[str, Any], claims: Sequence[Plain], units: Iterable[bytes]) -> bytes:
    """Return the canonical JSON of a score sheet, of which its digest is taken."""
    parts = [orjson.Fragment(part) for part in units]
    return journal.encoded({**head, "claims": claims, "units": parts})


def _kept(content: bytes, documents: dict[str, bytes]) -> str:
    digest = hashlib.sha256(content).hexdigest()
    if digest not in documents:
        documents[digest] = zlib.compress(content, _LEVEL)
    return digest


async def keep(
    db: AsyncSession,
    cycle_id: UUID,
    ready: Packed,
    timetable: Timetable,
    ledger_phase: str,
    author: str,
) -> int:
    """Keep an edition and return its number; documents that are kept already are not kept again."""
    edition, known = await next_edition(db, cycle_id, ready.documents)
    row = {
        "cycle_id": cycle_id,
        "edition": edition,
        "digest": ready.digest,
        "basis": ready.basis,
        "units": ready.units,
        "missing": ready.missing,
        "timetable": timetable,
        "ledger_phase": ledger_phase,
        "computed_by": author,
    }
    new = {digest: each for digest, each in ready.documents.items() if digest not in known}
    # One statement, however many units there are: foreign keys are looked at when it ends.
    digest, document = unnested(new)
    documents = insert(InputDocumentRow).from_select(
        ["cycle_id", "digest", "packed"], select(literal(cycle_id), digest, document)
    )
    unit, scores = unnested(ready.scores)
    await db.execute(
        insert(UnitScoreRow)
        .from_select(
            ["cycle_id", "edition", "unit", "packed"],
            select(literal(cycle_id), literal(edition, BigInteger), unit, scores),
        )
        .add_cte(insert(ScoreSheetRow).values(row).cte("sheet"))
        .add_cte(documents.cte("documents"))
    )
    return edition


# Reading again.


async def scores_of(
    db: AsyncSession, row: ScoreSheetRow, units: Collection[str] | None = None
) -> dict[str, bytes]:
    """Return what is kept of the units of an edition, or of some, as JSON, in the sheet's order.

    The edition vouches for each by its digest; one that is not what it says is refused.
    """
    kept = await _packed_scores(db, row, units)
    return await asyncio.to_thread(lambda: dict(_opened_each(row, kept)))


async def checked_scores_of(
    db: AsyncSession, row: ScoreSheetRow, hidden: Collection[str]
) -> Iterator[bytes]:
    """Return what is kept of the units of an edition that are not hidden, one after the other.

    All of it is looked through before, so that nothing is wrong any more when the first is given;
    whoever goes through them holds but one of them opened.
    """
    shown = [unit for unit in units_of(row) if unit not in hidden]
    kept = await _packed_scores(db, row, shown if hidden else None)
    await asyncio.to_thread(deque, _opened_each(row, kept), 0)
    return map(opened, kept.values())


async def _packed_scores(
    db: AsyncSession, row: ScoreSheetRow, units: Collection[str] | None
) -> dict[str, bytes | None]:
    """Return what is kept of the units of an edition, or of some, as it lies in the database."""
    of = UnitScoreRow
    query = select(of.unit, of.packed).where(of.cycle_id == row.cycle_id, of.edition == row.edition)
    if units is not None:
        query = query.where(of.unit.in_(units))
    found = {unit: kept for unit, kept in await db.execute(query)}  # noqa: C416 - typed rows
    return {unit: found.get(unit) for unit in units_of(row) if units is None or unit in units}


def _opened_each(
    row: ScoreSheetRow, found: Mapping[str, bytes | None]
) -> Iterator[tuple[str, bytes]]:
    """Yield what is kept of each unit; refuse in the end if one is not what it was."""
    scored, wrong = units_of(row), list[str]()
    for unit, kept in found.items():
        content = opened(kept)
        if hashlib.sha256(content).hexdigest() != scored[unit].digest:
            wrong.append(unit)
        yield unit, content
    if wrong:
        raise StoredDataAltered(
            f"Edition {row.edition} vouches for other scores of: {', '.join(wrong)}.",
            f"第{row.edition}版所记载的得分与存储的不一致：{'、'.join(wrong)}。",
            edition=row.edition,
            units=wrong,
        )


async def content_of(
    db: AsyncSession, row: ScoreSheetRow, hidden: Collection[str] = frozenset()
) -> dict[str, Any]:
    """Return the document of an edition, without the units that are hidden from the caller.

    `units` are JSON already, because nobody here reads what is in them.
    """
    if row.basis is None:
        return _from_before(reasons_today(_content(row)), hidden)
    shown = [unit for unit in units_of(row) if unit not in hidden]
    kept = await scores_of(db, row, shown if hidden else None)
    return await asyncio.to_thread(_of_kept, row.basis, kept)


def _of_kept(basis: Mapping[str, Any], kept: Mapping[str, bytes]) -> dict[str, Any]:
    parts = [orjson.loads(each) for each in kept.values()]
    claims = [claim for part in parts for claim in part["claims"]]
    for claim in claims:
        del claim["event_key"]
    return {
        **{n: basis[n] for n in ("categories", "cycle_id", "inputs", "normalised") if n in basis},
        "claims": sorted(claims, key=lambda claim: (claim["unit"], claim["claim_no"])),
        "units": [part["sheet"] for part in parts],
    }


def _from_before(content: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    digests = content.get("explanations", {}).items()
    return {
        **content,
        "units": [each for each in content["units"] if each["unit"] not in hidden],
        "claims": [each for each in content["claims"] if each["unit"] not in hidden],
        "explanations": {unit: digest for unit, digest in digests if unit not in hidden},
    }


async def input_documents(
    db: AsyncSession, cycle_id: UUID, digests: Collection[str]
) -> dict[str, bytes]:
    """Return kept documents by their digests; one that is missing or altered is refused."""
    of = InputDocumentRow
    rows = await db.execute(
        select(of.digest, of.packed).where(of.cycle_id == cycle_id, of.digest.in_(digests))
    )
    found = {digest: opened(kept) for digest, kept in rows}
    wrong = [
        digest for digest in digests if hashlib.sha256(found.get(digest, b"")).hexdigest() != digest
    ]
    if wrong:
        raise StoredDataAltered(
            f"{len(wrong)} input(s) of a score sheet are not what it was computed from.",
            f"得分表的{len(wrong)}份输入与计算时不一致。",
            digests=wrong[:20],
        )
    return found


@lru_cache(maxsize=16)
def read_scheme(content: bytes) -> Scheme:
    """Return a kept scheme; it is known by its content, which never changes."""
    return adapter_of(Scheme).validate_json(content)


def read_inputs(content: bytes) -> UnitInputs:
    """Return what was kept of other services about one unit."""
    return adapter_of(UnitInputs).validate_json(content)

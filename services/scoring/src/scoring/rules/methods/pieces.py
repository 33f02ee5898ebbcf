"""The method that counts pieces (按件计分), or pieces with an identity (去重计件).

Of these each counts once a unit, and whose it is has to be plain.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial

from scoring.rules.columns.column import Column, Gaps, Reasons
from scoring.rules.columns.exact import precise
from scoring.rules.columns.gaps import Reason
from scoring.rules.columns.quotients import Quotients
from scoring.rules.ledger.entries import MEASURED_VALUE, ZERO_REPORT, Entry
from scoring.rules.methods.cells import COUNT, GROUP, Cells, CompleteCells, Method, UsedInput
from scoring.rules.methods.events import silence
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, Unrounded

Pieces = Mapping[str, Sequence[Entry]]
"""The entries of each piece of a unit, by its identity."""


def count_points(cells: Cells) -> Unrounded:
    """Give points per item up to the full number, extra points beyond it up to a cap (按件计分)."""
    params, points = cells.params, cells.points
    distinct = params.flag("distinct", False)
    given = _distinct(cells) if distinct else cells.given(cells.measured(COUNT))
    full_at, each = Fraction(params.number("full_at")), Fraction(params.number("per_item"))
    more = Fraction(params.number("extra_per_item", Decimal(0)))
    most = Fraction(params.number("extra_cap", Decimal(0)))
    items = given.inputs[0].most(NOTHING)
    whole = items.least(full_at) * each
    extra = ((items - full_at).most(NOTHING) * more).least(most)

    def tell(row: int) -> AppliedRule:
        start = precise(points)
        if whole.at(row) <= points:
            start = f"min({precise(items.at(row))}, {precise(full_at)}) × {precise(each)}"
        rule = "min(count, full_at) × per_item + min((count - full_at) × extra_per_item, extra_cap)"
        return AppliedRule(rule, f"{start} + {precise(extra.at(row))}")

    return given.scored(whole.least(points) + extra, tell)


def identity(item: str) -> str:
    """Return what makes two writings of a piece the same: width, case and outer blanks do not.

    Twice to the one form of compatible characters, because folding the case can leave it.
    """
    folded = unicodedata.normalize("NFKC", item).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def _distinct(cells: Cells) -> CompleteCells:
    """Return how many pieces each unit has, each for as much of it as the scheme leaves it.

    Silence is missing; that there is none at all is said by zero reports for the whole year.
    """
    records = cells.records(MEASURED_VALUE)
    own = {row: _by_identity(entered) for row, entered in records.items()}
    given = cells.given(gaps=_silent(cells, records, own))
    rows = given.cells.rows.tolist()
    claims = list(map(_claims(given.cells, own), rows))
    given.cells.log.add(
        given.cells.rows,
        lambda at: _used(records.get(rows[at], ()), own.get(rows[at], {}), claims[at]),
    )
    decision = cells.params.word("when_shared", "refuse")
    counts, disputed = list[Fraction](), dict[int, Reasons]()
    for at, (row, number) in enumerate(zip(rows, claims, strict=True)):
        pieces = own.get(row, {})
        shares = [Fraction(1, number[piece]) for piece in pieces]
        counts.append(sum(shares, NOTHING) if decision == "share" else Fraction(len(pieces)))
        both = [piece for piece in pieces if number[piece] > 1]
        if decision == "refuse" and both:
            disputed[at] = tuple(_disputed(_item(pieces[p]), number[p] - 1) for p in both)
    return given.also(Column(Quotients.of(counts), disputed))


def _silent(
    cells: Cells,
    records: Mapping[int, Sequence[Entry]],
    own: Mapping[int, Mapping[str, object]],
) -> Gaps:
    """Return the rows without a piece that have not said for the whole year that there is none."""
    silent: dict[int, Reasons] = {}
    for at, row in enumerate(cells.rows.tolist()):
        if not own.get(row):
            reported = frozenset(each.period for each in _reports(records.get(row, ())))
            why = tuple(silence(cells, reported, "a piece", "计件记录"))
            silent |= {at: why} if why else {}
    return silent


def _by_identity(records: Sequence[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for record in records:
        if record.key == COUNT and record.item is not None:
            found.setdefault(identity(record.item), []).append(record)
    return found


def _reports(records: Sequence[Entry]) -> list[Entry]:
    return [record for record in records if record.key == ZERO_REPORT]


def _item(records: Sequence[Entry]) -> str:
    """Return a piece as its first entry writes it."""
    return records[0].item or ""


def _claims(cells: Cells, own: Mapping[int, Pieces]) -> Callable[[int], dict[str, int]]:
    """Return what tells how many units of the category claim each piece of a row's unit."""
    claimants: dict[str, list[int]] = {}

    def claiming(piece: str) -> dict[int, int]:
        if not claimants:
            out = cells.results.out(cells.code)
            for row, pieces in own.items():
                for each in () if row in out else pieces:
                    claimants.setdefault(each, []).append(row)
        return dict.fromkeys(claimants[piece], len(claimants[piece]))

    def number(row: int, piece: str) -> int:
        key = (cells.code, f"claims|{piece}")
        return int(cells.facts.each(key, partial(claiming, piece))[row] or 0)

    return lambda row: {piece: number(row, piece) for piece in own.get(row, ())}


def _used(
    records: Sequence[Entry], pieces: Pieces, claims: Mapping[str, int]
) -> Iterator[UsedInput]:
    for report in _reports(records):
        name = f"{ZERO_REPORT}, {report.period}"
        yield UsedInput(name, "0", "ledger", (report.entry_id,))
    for piece, entered in pieces.items():
        periods = sorted({each.period for each in entered})
        name = ", ".join((f"piece {_item(entered)}", *periods))
        yield UsedInput(name, "1", "ledger", tuple(each.entry_id for each in entered))
        if claims[piece] > 1:
            # Beside the entries, so that a claim of another unit is told as what has changed, and
            # is not told to the unit itself, as the share that is left to it would be.
            yield UsedInput(f"units that claim {_item(entered)}", str(claims[piece]), GROUP)


def _disputed(item: str, others: int) -> Reason:
    """Say that others claim a piece too; how many they are, and never who."""
    units = "1 other unit" if others == 1 else f"{others} other units"
    return Reason(
        f"Piece {item} is claimed by {units} too; the scheme lets one have it.",
        f"“{item}”另有{others}个单位申报，按方案只能归一个单位。",
        absent=False,
    )


METHODS: Mapping[str, Method] = {
    "count_points": count_points,
}
"""The methods of this file by their names in a scheme."""

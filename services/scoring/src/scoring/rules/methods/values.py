"""The value that a method scores: one that was measured, or what a formula gives (综合指标)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.column import Column, Reasons, without
from scoring.rules.columns.exact import ended, half_up, show
from scoring.rules.columns.gaps import Gap, Reason, Undefined
from scoring.rules.columns.quotients import Quotients
from scoring.rules.methods.cells import Cells
from scoring.rules.methods.chinese import name_zh
from scoring.rules.methods.comparison import Group, group_of
from scoring.rules.methods.formulas import Formula
from scoring.rules.methods.narration import AppliedRule, Narration, Rounding
from scoring.rules.methods.scores import Unrounded
from scoring.rules.scheme.params import Params

COMPOSITE = "composite"
"""The parameter group under which a method has its value computed, and the name of what is told
of it."""

_SHOWN_PLACES = 12
_TOO_LARGE = 10**18

Inputs = Mapping[str, Column]
"""The columns that formulas take, by the name that each has in them."""


@dataclass(frozen=True, slots=True)
class Valued:
    """The values that a method scores, and how each was computed where it was not measured."""

    column: Column
    narrate: Callable[[int], Narration] | None = None

    def explain(self, scored: Unrounded) -> Unrounded:
        """Return scores that rest on the values, with what is told of a value as a part."""
        narrate, tell = self.narrate, scored.tell
        if narrate is None:
            return scored

        def with_value(row: int) -> AppliedRule:
            line = tell(row)
            return replace(line, parts=(*line.parts, (COMPOSITE, narrate(row))))

        return replace(scored, tell=with_value)


def valued(cells: Cells, name: str = "value") -> Valued:
    """Return the rows' values: the measured ones of that name, or what the composite gives."""
    composite = cells.params.group(COMPOSITE)
    if composite is None:
        return Valued(cells.measured(name))
    if cells.key is not None:
        raise Undefined("A component has no composite.", "分项计分不能设置综合指标。")
    return _computed(cells, composite)


def compared(cells: Cells) -> tuple[Valued, Group]:
    """Return the rows' values, and the units of the category that have one.

    A unit without one is compared with nobody; why it has none is its own gap.
    """
    computed = cells.params.group(COMPOSITE) is not None
    own = valued(cells)
    return own, group_of(cells, lambda some: valued(some).column, own_params=computed)


def given_to(cells: Cells, declared: Mapping[str, Params], *texts: str) -> dict[str, Column]:
    """Return the declared inputs that any of the formulas names, in the scheme's order."""
    wanted = frozenset[str]().union(*(cells.results.formula(text).names for text in texts))
    return {
        name: _named_input(cells, name, each) for name, each in declared.items() if name in wanted
    }


def evaluated(read: Formula, inputs: Mapping[str, Quotients], size: int) -> Column:
    """Return what a formula is worth in each row; where it has no value, why.

    Row by row, in exact numbers: it may take roots, powers, and one branch or the other.
    """
    columns = {name: inputs[name].each() for name in sorted(read.names & inputs.keys())}
    values, gaps = list[Fraction](), dict[int, Reasons]()
    for row in range(size):
        try:
            values.append(read.value({name: column[row] for name, column in columns.items()}))
        except Gap as gap:
            gaps[row] = gap.reasons
            values.append(Fraction(0))
    return Column(Quotients.of(values), gaps)


def filled(read: Formula, inputs: Mapping[str, Quotients], row: int) -> str:
    """Return a formula with the numbers of one row put in."""
    return read.filled({name: inputs[name].at(row) for name in read.names & inputs.keys()})


def _computed(cells: Cells, composite: Params) -> Valued:
    read = cells.results.formula(composite.word("formula"))
    columns = given_to(cells, composite.named("inputs"), read.text)
    given = cells.given(*columns.values())
    found = evaluated(read, dict(zip(columns, given.inputs, strict=True)), len(given))
    beyond = (abs(value) >= _TOO_LARGE for value in found.values.each())
    gaps = {at: _BEYOND for at, huge in enumerate(beyond) if huge} | dict(found.gaps)
    whole, kept = given.without(gaps), found.values
    if gaps:
        kept = kept.take(without(len(given), gaps))
    inputs = dict(zip(columns, whole.inputs, strict=True))
    rule = f"{read.text}; compared before any rounding"
    # By the way of a score, because rows fall out of both alike; it is a value nevertheless.
    scored = whole.scored(kept, lambda at: AppliedRule(rule, filled(read, inputs, at)))

    def narrated(row: int) -> Narration:
        return Narration(scored.tell(row), _shown(scored.values.at(row)))

    return Valued(Column(scored.values, scored.gaps, scored.notes), narrated)


_BEYOND = Undefined("A number grows beyond all use.", "数值过大，无法计算。").reasons


def _shown(value: Fraction) -> Rounding:
    """Return the rounding of what is shown of a value; one that ends is shown whole."""
    number = ended(value)
    shown = number if isinstance(number, Decimal) else half_up(value, _SHOWN_PLACES)
    return Rounding(value, -int(shown.as_tuple().exponent), shown)


def _named_input(cells: Cells, name: str, declared: Params) -> Column:
    source, code = declared.word("from"), declared.word("indicator", "")
    if source == "constant":
        number = declared.number("value")
        cells.note(name, lambda _: show(number), "scheme")
        return Column(Quotients.same(Fraction(number), len(cells)))
    if source == "score":
        return cells.score_of(code)
    if source == "rank":
        return cells.rank_of(code)
    take = _TAKEN.get(source)
    if take is None:
        raise Undefined(f"Nothing comes from {source}.", f"没有“{source}”这种输入来源。")
    return (
        take(cells, name, declared) if not code else _elsewhere(cells, code, name, declared, take)
    )


def _elsewhere(
    cells: Cells,
    code: str,
    name: str,
    declared: Params,
    take: Callable[[Cells, str, Params], Column],
) -> Column:
    """Return an input out of another indicator; what is declared not applicable has no values."""
    out = cells.results.out(code)
    silent = {at: out for at, row in enumerate(cells.rows.tolist()) if row in out}
    if not silent:
        return take(cells.elsewhere(code), name, declared)
    rows, size = without(len(cells), silent), len(cells)
    found = take(cells.elsewhere(code).only(rows), name, declared)
    why = (
        Reason(
            f"{name} is missing: {code} is declared not applicable.",
            f"缺少{name_zh(name)}：{code} 已认定为不适用。",
        ),
    )
    listed = rows.tolist()
    gaps = {listed[at]: reasons for at, reasons in found.gaps.items()}
    notes = {listed[at]: said for at, said in found.notes.items()}
    return Column(found.values.spread(rows, size), gaps | dict.fromkeys(silent, why), notes)


def _item(declared: Params) -> str | None:
    return declared.word("key") if declared.given.get("key") is not None else None


_TAKEN: Mapping[str, Callable[[Cells, str, Params], Column]] = {
    "measured": lambda cells, name, declared: cells.measured(declared.word("key", name)),
    "target": lambda cells, _, declared: cells.target(_item(declared)),
    "baseline": lambda cells, _, declared: cells.baseline(_item(declared)),
    "pledge": lambda cells, _, declared: cells.pledge(_item(declared)),
}

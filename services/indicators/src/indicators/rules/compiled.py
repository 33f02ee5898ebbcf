"""What a scheme says to whoever enters, scores or shows: its compiled form.

A scheme is completed and checked once, and compiled once: what each indicator takes and reads, in
which order scores are computed, and every formula as a tree. Whoever reads it parses no formula and
knows no method's parameters by heart. It follows from the scheme alone, so that it can be computed
again at any time; what was approved is the scheme.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, ClassVar

from chassis.refusals import Fault, Invalid
from indicators.rules.expressions import Tree, tree_of
from indicators.rules.forms import Endings, EntryForm, in_parts, lending
from indicators.rules.lending import Lent
from indicators.rules.methods.catalogue import METHODS, method_of
from indicators.rules.methods.method import Reads, ScoringMethod, union
from indicators.rules.policies import Normalisation
from indicators.rules.scheme import Category, Indicator, Missing, Scheme

FORMAT = 1
"""The version of the compiled form. What reads one knows by it whether it understands."""

MOST_WORDS = 500_000
"""How many keys, items and words all forms may have together; a large scheme has some ten
thousand, and a panel of a thousand seats alone has a thousand."""


class CompiledTooLarge(Invalid):
    """What is entered for the scheme has more keys, items and words than can be listed."""

    zh = "方案的录入项、分项与选项过多，无法列出。"
    remedy = (
        "Have the scheme ask for fewer keys, items and options.",
        "请减少方案中的录入项、分项和选项。",
    )


class Compiled:
    """A part of the compiled form, exactly as it is written."""

    __slots__ = ()
    __pydantic_config__: ClassVar[Mapping[str, object]] = {
        "extra": "forbid",
        "json_schema_serialization_defaults_required": True,
    }


@dataclass(frozen=True, slots=True)
class CompiledIndicator(Compiled):
    """What an indicator takes and reads, and where it stands.

    `line` leads up to the top: itself, its parent, and on. `receiver` is the indicator that gets
    its points where it is declared not applicable; null where its siblings do. `takes` is the form
    of its entries, null where it takes none; `takes_of_unit` that for units whose own parameters
    make it another one. It takes what other indicators' formulas read of it as well. `reads` holds
    for all units and periods together. `missing_below` is what a parent does where its children
    have no score; what was compiled before parents could say so does nothing.
    """

    indicator: str
    line: tuple[str, ...]
    receiver: str | None
    takes: EntryForm | None
    takes_of_unit: Mapping[str, EntryForm | None]
    reads: Reads
    missing_below: Missing = "refuse"


@dataclass(frozen=True, slots=True)
class CompiledCategory(Compiled):
    """A category's indicators in the scheme's order, parents before children, and their `order`
    of computation: each after all it reads, parents after children."""

    category: str
    order: tuple[str, ...]
    indicators: tuple[CompiledIndicator, ...]


@dataclass(frozen=True, slots=True)
class CompiledScheme(Compiled):
    """A scheme as it is executed: every formula as a tree, and every category."""

    format: int
    formulas: Mapping[str, Tree]
    categories: tuple[CompiledCategory, ...]


def compile_scheme(scheme: Scheme, at: str = "") -> CompiledScheme:
    """Return the compiled form of a scheme that is complete.

    Equal schemes have equal forms, whatever the order of their parameters. `at` is the JSON
    pointer to the scheme in what was sent.
    """
    formulas = set[str]()
    seats = {panel.code: tuple(each.seat for each in panel.seats) for panel in scheme.panels}
    words = 0
    categories = []
    for category in scheme.categories:
        inside = _Inside.of(category, seats)
        formulas |= inside.formulas()
        compiled = _compiled(category, inside)
        categories.append(_on_one_scale(compiled, scheme.normalisation))
        words += sum(map(_words, categories[-1].indicators))
        if words > MOST_WORDS:
            en = f"All forms of entries have more than {MOST_WORDS:,} keys, items and words."
            zh = f"录入项、分项与选项合计超过 {MOST_WORDS:,} 个。"
            fault = Fault(f"{at}/categories", "too-much-to-enter", en, zh)
            raise CompiledTooLarge(en, zh, faults=[fault])
    trees = {text: tree_of(text) for text in sorted(formulas)}
    return CompiledScheme(FORMAT, trees, tuple(categories))


def _on_one_scale(category: CompiledCategory, policy: Normalisation | None) -> CompiledCategory:
    """Return a category whose marks rest on those of others where they are put on one scale."""
    if policy is None or policy.method == "none":
        return category
    return replace(
        category,
        indicators=tuple(
            replace(each, reads=replace(each.reads, compares=True))
            if each.indicator in policy.of
            else each
            for each in category.indicators
        ),
    )


def _words(indicator: CompiledIndicator) -> int:
    forms = [form for form in (indicator.takes, *indicator.takes_of_unit.values()) if form]
    return sum(
        len(form.keys) + len(form.items) + len(form.words) + len(form.rubric) for form in forms
    )


@dataclass(frozen=True, slots=True)
class _Inside:
    """A category's indicators by their codes with their methods, and those of single units;
    and the seats of the scheme's panels."""

    indicators: Mapping[str, Indicator]
    methods: Mapping[str, ScoringMethod]
    of_unit: Mapping[str, Mapping[str, ScoringMethod]]
    of_period: Mapping[str, tuple[ScoringMethod, ...]]
    lent: Lent
    seats: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, category: Category, seats: Mapping[str, tuple[str, ...]]) -> "_Inside":
        """Return what a category holds, every method read once."""
        indicators = {each.code: each for each in category.walk()}
        methods = {code: method_of(each) for code, each in indicators.items()}
        return cls(
            indicators,
            methods,
            {code: _read(each, each.per_unit_params) for code, each in indicators.items()},
            {c: tuple(_read(each, each.period_params).values()) for c, each in indicators.items()},
            Lent.by(methods),
            seats,
        )

    def formulas(self) -> set[str]:
        """Return every formula and gate, also those for one unit or period only."""
        methods = chain(
            self.methods.values(),
            *(each.values() for each in self.of_unit.values()),
            *self.of_period.values(),
        )
        return {text for method in methods for each in method.computed() for text in each.texts}


def _read(
    indicator: Indicator, overrides: Mapping[str, Mapping[str, Any]]
) -> dict[str, ScoringMethod]:
    return {of: method_of(indicator, over) for of, over in overrides.items()}


def _compiled(category: Category, inside: _Inside) -> CompiledCategory:
    reads = {code: _reads(code, inside) for code in inside.indicators}
    lines, receivers = _lines(inside.indicators), _receivers(inside.indicators)
    forms = {
        code: _taken(inside, each, inside.methods[code], inside.lent.of(code))
        for code, each in inside.indicators.items()
    }
    own = _forms_of_units(inside, forms)
    return CompiledCategory(
        category.code,
        _order(inside.indicators, reads),
        tuple(
            CompiledIndicator(
                code,
                lines[code],
                receivers.get(code),
                forms[code],
                own.get(code, {}),
                reads[code],
                each.missing if each.children else "refuse",
            )
            for code, each in inside.indicators.items()
        ),
    )


def _reads(code: str, inside: _Inside) -> Reads:
    """Return what an indicator reads for any unit and period; a parent reads its children only."""
    if inside.indicators[code].children:
        return Reads(compares=False)
    own, of_units = inside.methods[code], inside.of_unit[code].values()
    return union(method.reads() for method in (own, *of_units, *inside.of_period[code]))


def _taken(
    inside: _Inside, indicator: Indicator, method: ScoringMethod, lent: Endings
) -> EntryForm | None:
    """Return the form of an indicator's entries; what a survey or children answer takes none."""
    if indicator.children or method.asks_elsewhere:
        return None
    form = lending(method.takes(), lent)
    if form is None or form.panel is None:
        combines = form is not None and indicator.combine is not None
        return in_parts(form, indicator.frequency) if form and combines else form
    return replace(form, items=inside.seats[form.panel])


def _forms_of_units(
    inside: _Inside, forms: Mapping[str, EntryForm | None]
) -> dict[str, dict[str, EntryForm | None]]:
    """Return the forms of single units that differ, by indicator and unit.

    One differs by the unit's own parameters, or by what a formula of its own reads elsewhere.
    """
    found: dict[str, dict[str, EntryForm | None]] = {}
    takes = {code: method.takes() for code, method in inside.methods.items()}
    for unit, own in sorted(_by_unit(inside.of_unit).items()):
        lent = inside.lent.otherwise(own)
        for code in sorted({*own, *lent} & inside.methods.keys()):
            method = own.get(code, inside.methods[code])
            # Most overrides change what a value is worth, and not which values are entered.
            if code not in lent and method.takes() == takes[code]:
                continue
            read = lent[code] if code in lent else inside.lent.of(code)
            form = _taken(inside, inside.indicators[code], method, read)
            if form != forms[code]:
                found.setdefault(code, {})[unit] = form
    return found


def _by_unit(
    of_unit: Mapping[str, Mapping[str, ScoringMethod]],
) -> dict[str, dict[str, ScoringMethod]]:
    found: dict[str, dict[str, ScoringMethod]] = {}
    for code, methods in of_unit.items():
        for unit, method in methods.items():
            found.setdefault(unit, {})[code] = method
    return found


def _order(indicators: Mapping[str, Indicator], reads: Mapping[str, Reads]) -> tuple[str, ...]:
    """Return the indicators each after all that it is computed from.

    Saving refuses a circle of scores; here, where a way closes, an indicator waits no longer.
    """
    order, begun = list[str](), set[str]()
    for start in indicators:
        way = [] if start in begun else [(start, _before(start, indicators, reads))]
        begun.add(start)
        while way:
            code, before = way[-1]
            waiting = (each for each in before if each in indicators and each not in begun)
            if (first := next(waiting, None)) is None:
                order.append(code)
                way.pop()
            else:
                begun.add(first)
                way.append((first, _before(first, indicators, reads)))
    return tuple(order)


def _before(
    code: str, indicators: Mapping[str, Indicator], reads: Mapping[str, Reads]
) -> Iterator[str]:
    below = tuple(child.code for child in indicators[code].children)
    return iter(below or reads[code].results)


def _lines(indicators: Mapping[str, Indicator]) -> dict[str, tuple[str, ...]]:
    lines: dict[str, tuple[str, ...]] = {}
    for code, each in indicators.items():  # parents come before their children
        line = lines.setdefault(code, (code,))
        lines |= {child.code: (child.code, *line) for child in each.children}
    return lines


def _receivers(indicators: Mapping[str, Indicator]) -> dict[str, str]:
    """Return who gets the points of an indicator that does not apply.

    Children of a mean neither give nor get any: their points are only their own scale.
    """
    shares = {
        child.code
        for parent in indicators.values()
        if METHODS[parent.method].points_are_scale
        for child in parent.children
    }
    return {
        code: to
        for code, each in indicators.items()
        if (to := each.redistribute_to) in indicators and to is not None and not {code, to} & shares
    }

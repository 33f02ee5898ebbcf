"""What a scheme asks whom to enter, for people and front ends: forms with the words around them."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from chassis.refusals import Fault, Invalid
from indicators.rules.compiled import CompiledCategory, CompiledIndicator, CompiledScheme
from indicators.rules.forms import KINDS, EntryForm
from indicators.rules.scheme import Category, Combine, FactWindow, Frequency, Indicator, Scheme
from indicators.rules.tags import tags_of


class NotInScheme(Invalid):
    """The scheme has nothing of this name, or does not measure the unit by it."""

    zh = "方案中没有所指的对象，或不以其评估该单位。"
    remedy = (
        "Look the name up in the scheme in force, and use one that stands there.",
        "请在现行方案中查对，使用方案中已有的编码。",
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which category, unit, indicator and tag forms are wanted; None stands for all."""

    category: str | None = None
    unit: str | None = None
    indicator: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class KindNames:
    """What people call a kind of entry."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class IndicatorForm:
    """What is entered for an indicator, and by whom; `reviewed_by` reviews it first (初审). What is
    of a kind or key in `evidence_for` counts with evidence alone. With `combine` values of the
    `frequency` make those of longer periods, with `combine_requires` only where none is missing.
    The bodies in `findings_by` enter findings of inspections, of the form's keys. Days lie in the
    `window` in the place of the assessment year; null where that is it.

    `form` and `kind_names` are null where nothing is: children have it, or a survey is asked.
    `form_of_unit` are the forms of units for which it is another one, and empty where the forms of
    one unit are asked for. `measure` is the unit of the values. `tags` are its own and those of the
    indicators above it.
    """

    indicator: str
    name: str
    name_en: str | None
    measure: str | None
    data_source_unit: str
    reviewed_by: str | None
    evidence_for: tuple[str, ...]
    frequency: Frequency
    combine: Combine | None
    combine_requires: Literal["all"] | None
    findings_by: tuple[str, ...]
    window: FactWindow | None
    may_be_not_applicable: bool
    tags: tuple[str, ...]
    kind_names: KindNames | None
    form: EntryForm | None
    form_of_unit: Mapping[str, EntryForm | None]


@dataclass(frozen=True, slots=True)
class CategoryForms:
    """What is entered for the indicators of a category, in the scheme's order, and who leads it."""

    category: str
    name: str
    name_en: str | None
    organiser: str
    indicators: tuple[IndicatorForm, ...]


def entry_forms(
    scheme: Scheme, compiled: CompiledScheme, asked: Asked
) -> tuple[CategoryForms, ...]:
    """Return the forms of a scheme that are asked for; refuse what the scheme does not have."""
    check_asked(scheme, compiled, asked)
    found = (
        _forms(category, one, asked)
        for category, one in zip(scheme.categories, compiled.categories, strict=True)
        if asked.category in (None, category.code)
        and (asked.unit is None or asked.unit in category.units)
    )
    whole = asked.indicator is None and asked.tag is None
    return tuple(each for each in found if each.indicators or whole)


def check_asked(scheme: Scheme, compiled: CompiledScheme, asked: Asked) -> None:
    """Refuse what is asked for and the scheme does not have."""
    units = {unit for each in scheme.categories for unit in each.units}
    indicators = {each.indicator for one in compiled.categories for each in one.indicators}
    faults = [
        *_unknown("category", "类别", asked.category, {each.code for each in scheme.categories}),
        *_unknown("unit", "被评估单位", asked.unit, units),
        *_unknown("indicator", "指标", asked.indicator, indicators),
        *_unknown_tag(scheme, asked.tag),
    ]
    _refuse(faults)


def check_tag(scheme: Scheme, tag: str) -> None:
    """Refuse a tag that the scheme does not have."""
    _refuse([*_unknown_tag(scheme, tag)])


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        en = " ".join(fault.en for fault in faults)
        raise NotInScheme(en, "".join(fault.zh for fault in faults), faults=faults)


def _unknown_tag(scheme: Scheme, tag: str | None) -> Iterator[Fault]:
    return _unknown("tag", "标签", tag, {each.code for each in scheme.tags})


def _unknown(name: str, zh: str, wanted: str | None, known: Set[str]) -> Iterator[Fault]:
    if wanted is not None and wanted not in known:
        yield Fault(
            f"/{name}",
            f"unknown-{name}",
            f"The scheme has no {name} {wanted}.",
            f"方案中没有{zh} {wanted}。",
        )


def _forms(category: Category, compiled: CompiledCategory, asked: Asked) -> CategoryForms:
    indicators = {each.code: each for top in _tops(category) for each in top.walk()}
    tags = tags_of(_tops(category))
    return CategoryForms(
        category.code,
        category.name,
        category.name_en,
        category.organiser,
        tuple(
            _form(indicators[each.indicator], each, asked.unit, tags[each.indicator])
            for each in compiled.indicators
            if asked.indicator in (None, each.indicator)
            and (asked.tag is None or asked.tag in tags[each.indicator])
        ),
    )


def _tops(category: Category) -> Iterator[Indicator]:
    for block in category.blocks:
        yield from block.indicators


def _form(
    indicator: Indicator, compiled: CompiledIndicator, unit: str | None, tags: tuple[str, ...]
) -> IndicatorForm:
    form, others = compiled.takes, compiled.takes_of_unit
    if unit is not None:
        form, others = others.get(unit, form), {}
    return IndicatorForm(
        indicator.code,
        indicator.name,
        indicator.name_en,
        indicator.measure,
        indicator.data_source_unit,
        indicator.reviewed_by,
        indicator.evidence_for,
        indicator.frequency,
        indicator.combine,
        indicator.combine_requires,
        indicator.findings_by,
        indicator.window,
        indicator.may_be_not_applicable,
        tags,
        None if form is None else KindNames(*KINDS[form.kind]),
        form,
        others,
    )

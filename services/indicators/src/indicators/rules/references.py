"""Whatever a scheme names must exist, once: units, indicators, blocks, vetoes, grades."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Protocol

from chassis.refusals import Fault, pointer
from indicators.rules.scheme import (
    OWN_UNIT,
    Category,
    Indicator,
    Place,
    Scheme,
    places,
    places_by_category,
)

Named = Iterable[tuple[str, str]]
"""Names with the JSON pointer to each place that names them."""

ASSESSED = "assessed"
"""The kind of a unit that is measured; a body only measures others, or is asked."""


def unit_faults(scheme: Scheme, units: Mapping[str, str]) -> Iterator[Fault]:
    """Yield every unit the scheme names that is not registered, and every assessed one that is
    registered as a body; `units` maps registered codes to their kinds."""
    for at, code in chain(_responsible(scheme), _assessed(scheme)):
        if code not in units:
            yield Fault(
                at, "unknown-unit", f"No unit {code} is registered.", f"单位 {code} 未登记。"
            )
    for at, code in _assessed(scheme):
        if units.get(code, ASSESSED) != ASSESSED:
            yield Fault(
                at,
                "not-an-assessed-unit",
                f"{code} is registered as a body, not as an assessed unit.",
                f"{code} 登记为责任机构，不是被评估单位。",
            )


def category_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield categories without units, and units that stand in more than one place."""
    for c, category in enumerate(scheme.categories):
        if not category.units:
            yield Fault(
                pointer("categories", c, "units"),
                "no-units",
                f"{category.code} has no units.",
                f"{category.code} 没有被评估单位。",
            )
    yield from _repeated(_assessed(scheme), "unit")


def code_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield codes that stand for two things of one family."""
    categories = tuple(scheme.categories)
    rules = scheme.adjustments
    yield from _repeated(_codes(categories, "categories"), "category")
    for c, category in enumerate(categories):
        yield from _repeated(_codes(category.blocks, "categories", c, "blocks"), "block")
    yield from _indicators(scheme)
    yield from _repeated(_codes(scheme.surveys, "surveys"), "survey")
    yield from _repeated(_codes(scheme.vetoes.items, "vetoes", "items"), "veto")
    yield from _repeated(_codes(scheme.demotions, "demotions"), "demotion")
    yield from _repeated(_codes(scheme.tags, "tags"), "tag")
    yield from _repeated(
        chain(
            _codes(rules.bonus.rules, "adjustments", "bonus", "rules"),
            _codes(rules.deductions.rules, "adjustments", "deductions", "rules"),
        ),
        "adjustment rule",
    )
    steps = ((pointer("calendar", i, "step"), step.step) for i, step in enumerate(scheme.calendar))
    yield from _repeated(steps, "step")


_SAME_EVERYWHERE = ("name", "name_en", "measure")
"""What an indicator is, in whichever category it stands. What it is worth there, how it is scored,
who enters it and how often are the category's own."""


def _indicators(scheme: Scheme) -> Iterator[Fault]:
    """Yield codes that stand twice in a category, or for another thing in another category."""
    first = dict[str, tuple[Category, Indicator]]()
    for category, inside in places_by_category(scheme):
        standing = list(inside)
        yield from _repeated(((f"{p.at}/code", p.indicator.code) for p in standing), "indicator")
        for place in standing:
            known = first.setdefault(place.indicator.code, (category, place.indicator))
            if known[0] is not category:
                yield from _other_thing(place, *known)


def _other_thing(place: Place, category: Category, known: Indicator) -> Iterator[Fault]:
    """Yield in what an indicator is another thing than the first of its code, in `category`."""
    for field in _SAME_EVERYWHERE:
        there, here = getattr(known, field), getattr(place.indicator, field)
        if here != there:
            yield Fault(
                f"{place.at}/{field}",
                f"other-{field.replace('_', '-')}",
                f"{known.code} has the {field} {there or '-'} in {category.code}; one code stands "
                "for one thing.",
                f"指标 {known.code} 在类别 {category.code} 中的 {field} 为“{there or '-'}”；"
                "同一编码只能表示同一指标。",
            )


def link_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield links from one part of the scheme to another that lead nowhere."""
    indicators = {place.indicator.code for place in places(scheme)}
    vetoes = {veto.code for veto in scheme.vetoes.items}
    for place in places(scheme):
        yield from _absent(_one(f"{place.at}/veto_link", place.indicator.veto_link), vetoes, "veto")
    yield from _tags(scheme)
    for d, demotion in enumerate(scheme.demotions):
        named = _each(demotion.indicators, "demotions", d, "indicators")
        yield from _absent(named, indicators, "indicator")
    composed, tie_break = scheme.composition.parts, scheme.ranking.tie_break
    parts, blocks = frozenset(composed), dict[str, list[str]]()
    for at, code in chain(
        _each(composed, "composition", "parts"), _each(tie_break, "ranking", "tie_break")
    ):
        blocks.setdefault(code, []).append(at)
    for category in scheme.categories:
        yield from _parts(category, parts, blocks)
    yield from _grades(scheme)


def _parts(
    category: Category, parts: frozenset[str], named: Mapping[str, Sequence[str]]
) -> Iterator[Fault]:
    blocks = {block.code for block in category.blocks}
    for code, at in ((each, at) for each in named if each not in blocks for at in named[each]):
        yield Fault(
            at,
            "unknown-block",
            f"{category.code} has no block {code}.",
            f"{category.code} 没有板块 {code}。",
        )
    for code in sorted(blocks - parts):
        yield Fault(
            pointer("composition", "parts"),
            "block-left-out",
            f"The block {code} of {category.code} is no part of the total.",
            f"{category.code} 的板块 {code} 未计入总分。",
        )


def _tags(scheme: Scheme) -> Iterator[Fault]:
    known = {tag.code for tag in scheme.tags}
    for place in places(scheme):
        borne = [(f"{place.at}/tags/{i}", tag) for i, tag in enumerate(place.indicator.tags)]
        yield from _absent(borne, known, "tag")
        yield from _repeated(borne, "tag")


def _grades(scheme: Scheme) -> Iterator[Fault]:
    grades = scheme.grades
    named = chain(
        ((pointer("grades", "levels", i, "grade"), g.grade) for i, g in enumerate(grades.levels)),
        ((pointer("grades", "names", code), code) for code in grades.names),
        _one(pointer("vetoes", "grade_cap"), scheme.vetoes.grade_cap),
    )
    yield from _absent(named, frozenset(grades.order), "grade")
    assessed = {code for _, code in _assessed(scheme)}
    outside = _each(grades.outside_quota, "grades", "outside_quota")
    yield from _absent(outside, assessed, "assessed unit")


def recusal_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield recusals of units that are not assessed or stand there twice, and bodies that would
    decide about themselves or about their competitors."""
    recused = [
        (pointer("recusals", i, "unit"), each.unit) for i, each in enumerate(scheme.recusals)
    ]
    yield from _absent(recused, {code for _, code in _assessed(scheme)}, "assessed unit")
    yield from _repeated(recused, "recused unit")
    categories: dict[str, set[int]] = {}
    for c, category in enumerate(scheme.categories):
        for code in category.units:
            categories.setdefault(code, set()).add(c)
    for i, each in enumerate(scheme.recusals):
        if each.body == each.unit:
            yield Fault(
                pointer("recusals", i, "body"),
                "body-is-the-unit",
                f"{each.unit} cannot decide about itself.",
                f"{each.unit} 不能对本单位作出决定。",
            )
        elif categories.get(each.unit, set()) & categories.get(each.body, set()):
            yield Fault(
                pointer("recusals", i, "body"),
                "body-is-a-competitor",
                f"{each.body} is assessed in the category of {each.unit}.",
                f"{each.body} 与 {each.unit} 同属一个类别，须回避。",
            )


def _responsible(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for c, category in enumerate(scheme.categories):
        yield pointer("categories", c, "organiser"), category.organiser
    for place in places(scheme):
        if place.indicator.data_source_unit != OWN_UNIT:
            yield f"{place.at}/data_source_unit", place.indicator.data_source_unit
        yield from _one(f"{place.at}/reviewed_by", place.indicator.reviewed_by)
    for s, survey in enumerate(scheme.surveys):
        yield pointer("surveys", s, "collector"), survey.collector
    for v, veto in enumerate(scheme.vetoes.items):
        yield from _each(veto.responsible_units, "vetoes", "items", v, "responsible_units")
    for d, demotion in enumerate(scheme.demotions):
        yield from _each(demotion.responsible_units, "demotions", d, "responsible_units")
    for r, recusal in enumerate(scheme.recusals):
        yield pointer("recusals", r, "body"), recusal.body


def _assessed(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for c, category in enumerate(scheme.categories):
        yield from _each(category.units, "categories", c, "units")


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


def _codes(things: Iterable[_Coded], *steps: str | int) -> Iterator[tuple[str, str]]:
    for i, thing in enumerate(things):
        yield pointer(*steps, i, "code"), thing.code


def _each(codes: Iterable[str], *steps: str | int) -> Iterator[tuple[str, str]]:
    for i, code in enumerate(codes):
        yield pointer(*steps, i), code


def _one(at: str, code: str | None) -> Iterator[tuple[str, str]]:
    if code is not None:
        yield at, code


def _repeated(named: Named, family: str) -> Iterator[Fault]:
    seen = set[str]()
    for at, code in named:
        if code in seen:
            yield Fault(
                at,
                "named-twice",
                f"The {family} {code} has been named before.",
                f"{code} 重复出现。",
            )
        seen.add(code)


def _absent(named: Named, known: Collection[str], family: str) -> Iterator[Fault]:
    for at, code in named:
        if code not in known:
            yield Fault(
                at,
                f"unknown-{family.split()[0]}",
                f"{code} is no {family} of this scheme.",
                f"本方案中没有 {code}。",
            )

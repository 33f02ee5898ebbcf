"""Whatever a scheme names must exist, once: units, indicators, blocks, vetoes, grades."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol
from uuid import UUID

from chassis.refusals import Fault, pointer
from indicators.rules.policies import (
    SUBCATEGORY,
    Composition,
    GradePolicy,
    RankingPolicy,
    TieBreakKey,
    Within,
)
from indicators.rules.scheme import (
    OWN_UNIT,
    Category,
    Indicator,
    Place,
    Scheme,
    adjustments_in,
    graded_by,
    places,
    places_by_category,
    ranked_by,
    shown_blocks,
)

Named = Iterable[tuple[str, str]]
"""Names with the JSON pointer to each place that names them."""

ASSESSED, BODY = "assessed", "body"
"""The kinds of units: one is measured; a body only measures others, or is asked."""


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
                f"{code} is registered as a body, not as an assessed unit; correct its kind "
                f"(`POST /units/{code}/kind`), or leave it out.",
                f"{code} 登记为责任机构，不是被评估单位；登记有误的，请更正类型"
                f"（`POST /units/{code}/kind`）。",
            )


def named_units(scheme: Scheme) -> dict[str, str]:
    """Return the code of every unit that a scheme names, with the kind that it has there."""
    responsible = {code: BODY for _, code in _responsible(scheme)}
    return responsible | {code: ASSESSED for _, code in _assessed(scheme)}


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


MOST_SUBCATEGORIES = 100
"""How many sub-categories a category may have; five are many."""


def subcategory_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield sub-categories that do not part the units of their category, each in one of them; and
    whatever is to be found within sub-categories where there are none."""
    named = chain.from_iterable(
        _codes(each.subcategories, "categories", c, "subcategories")
        for c, each in enumerate(scheme.categories)
    )
    yield from _repeated(named, "sub-category")
    for c, category in enumerate(scheme.categories):
        if category.subcategories:
            yield from _parted(category, pointer("categories", c, "subcategories"))
    for category, inside in places_by_category(scheme):
        if not category.subcategories:
            for place in inside:
                within, at = place.indicator.compare_within, f"{place.at}/compare_within"
                yield from _no_subcategories(within, at, category.code)
                if place.indicator.missing == "subcategory_mean":
                    yield from _no_subcategories(SUBCATEGORY, f"{place.at}/missing", category.code)

    yield from _unparted(scheme)


def _unparted(scheme: Scheme) -> Iterator[Fault]:
    """Yield policies that ask for ranks or quotas within sub-categories where nobody has any."""
    for c, category in enumerate(scheme.categories):
        if not category.subcategories:
            at = pointer("categories", c)
            yield from _within(category.ranking, category.grades, at, category.code)
    parted = [each for each in scheme.categories if each.subcategories]
    ranking = all(each.ranking is not None for each in parted)
    grades = all(each.grades is not None for each in parted)
    whose = "No category that goes by it", "适用该规则的类别"
    yield from _within(
        scheme.ranking if ranking else None, scheme.grades if grades else None, "", *whose
    )


def _within(
    ranking: RankingPolicy | None,
    grades: GradePolicy | None,
    at: str,
    en: str,
    zh: str | None = None,
) -> Iterator[Fault]:
    if ranking is not None:
        yield from _no_subcategories(ranking.within, f"{at}/ranking/within", en, zh)
    if grades is not None:
        yield from _no_subcategories(grades.scope, f"{at}/grades/scope", en, zh)


def _parted(category: Category, at: str) -> Iterator[Fault]:
    number = len(category.subcategories)
    if number > MOST_SUBCATEGORIES:
        yield Fault(
            at,
            "too-many-subcategories",
            f"{category.code} has {number} sub-categories; at most {MOST_SUBCATEGORIES} may be.",
            f"{category.code} 有 {number} 个子类别，最多 {MOST_SUBCATEGORIES} 个。",
        )
        return
    units, placed = frozenset(category.units), list[tuple[str, str]]()
    for s, each in enumerate(category.subcategories):
        here = f"{at}/{s}/units"
        placed += ((f"{here}/{i}", code) for i, code in enumerate(each.units))
        if not each.units:
            yield Fault(
                here,
                "no-units",
                f"{each.code} has no units.",
                f"{each.code} 没有被评估单位。",
            )
    yield from _repeated(placed, "unit")
    for where, code in placed:
        if code not in units:
            yield Fault(
                where,
                "other-category",
                f"{code} is no unit of {category.code}.",
                f"{code} 不是类别 {category.code} 的单位。",
            )
    left = units.difference(code for _, code in placed)
    for code in category.units:
        if code in left:
            yield Fault(
                at,
                "in-no-subcategory",
                f"{code} is in no sub-category of {category.code}.",
                f"{code} 未列入 {category.code} 的任何子类别。",
            )


def _no_subcategories(within: Within, at: str, en: str, zh: str | None = None) -> Iterator[Fault]:
    if within == SUBCATEGORY:
        has = "has no" if zh is None else "has"
        yield Fault(
            at, "no-subcategories", f"{en} {has} sub-categories.", f"{zh or en} 没有子类别。"
        )


def code_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield codes that stand for two things of one family."""
    categories = tuple(scheme.categories)
    yield from _repeated(_codes(categories, "categories"), "category")
    for c, category in enumerate(categories):
        yield from _repeated(_codes(category.blocks, "categories", c, "blocks"), "block")
    yield from _indicators(scheme)
    yield from _repeated(_codes(scheme.surveys, "surveys"), "survey")
    yield from _repeated(_codes(scheme.vetoes.items, "vetoes", "items"), "veto")
    yield from _repeated(_codes(scheme.demotions, "demotions"), "demotion")
    yield from _repeated(_codes(scheme.tags, "tags"), "tag")
    for at, rules in adjustments_in(scheme):
        bonus, deductions = rules.bonus.rules, rules.deductions.rules
        named = [(f"{at}/bonus/rules/{i}/code", each.code) for i, each in enumerate(bonus)]
        named += [(f"{at}/deductions/rules/{i}/code", r.code) for i, r in enumerate(deductions)]
        yield from _repeated(named, "adjustment rule")
        for policy, where in ((rules.bonus, "bonus"), (rules.deductions, "deductions")):
            families = (
                (f"{at}/{where}/families/{i}", f.code) for i, f in enumerate(policy.families)
            )
            yield from _repeated(families, "family of rules")
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
    yield from _vetoed_blocks(scheme)
    categories = {category.code for category in scheme.categories}
    for place in places(scheme):
        yield from _absent(_one(f"{place.at}/veto_link", place.indicator.veto_link), vetoes, "veto")
    yield from _tags(scheme)
    for d, demotion in enumerate(scheme.demotions):
        low, at = demotion.superior_rank, pointer("demotions", d, "superior_rank", "indicator")
        named = chain(
            _each(demotion.indicators, "demotions", d, "indicators"),
            _one(at, None if low is None else low.indicator),
        )
        yield from _absent(named, indicators, "indicator")
        of = list(_each(demotion.categories, "demotions", d, "categories"))
        yield from _absent(of, categories, "category")
        yield from _repeated(of, "category")
    yield from _blocks(scheme)
    yield from _keys(scheme)
    yield from _grades(scheme)


@dataclass(frozen=True, slots=True)
class _NamedBlocks:
    """The blocks that a policy names, with the JSON pointers to where it does."""

    at: str
    where: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, at: str, **lists: Iterable[str]) -> "_NamedBlocks":
        """Return the blocks that stand in the lists of a policy."""
        where = dict[str, list[str]]()
        for name, codes in lists.items():
            for i, code in enumerate(codes):
                where.setdefault(code, []).append(f"{at}/{name}/{i}")
        return cls(at, where)

    def twice(self) -> Iterator[Fault]:
        """Yield the blocks that are named more than once."""
        named = ((at, code) for code, all_ in self.where.items() for at in all_)
        yield from _repeated(named, "block")

    def unknown(self, category: Category, blocks: Collection[str]) -> Iterator[Fault]:
        """Yield the blocks that a category does not have."""
        for code, at in ((c, at) for c in self.where if c not in blocks for at in self.where[c]):
            yield Fault(
                at,
                "unknown-block",
                f"{category.code} has no block {code}.",
                f"{category.code} 没有板块 {code}。",
            )


def _composed(composition: Composition, at: str) -> _NamedBlocks:
    return _NamedBlocks.of(at, parts=composition.parts, shown=composition.shown)


def _required(composition: Composition, at: str) -> _NamedBlocks:
    """Return the blocks that every category of a composition has to have."""
    parts = composition.parts if composition.lacking == "refused" else ()
    return _NamedBlocks.of(at, parts=parts, shown=composition.shown)


def _ordering(policy: RankingPolicy, at: str) -> _NamedBlocks:
    where = dict[str, list[str]]()
    for i, key in enumerate(policy.tie_break):
        if isinstance(key, str):
            where.setdefault(key, []).append(f"{at}/tie_break/{i}")
    return _NamedBlocks(at, where)


def _vetoed_blocks(scheme: Scheme) -> Iterator[Fault]:
    """Yield vetoes of blocks that are parts of the total of no category."""
    parts = {
        block.code
        for category in scheme.categories
        for block in category.blocks
        if block.code in scheme.composition_of(category).parts
    }
    for i, item in enumerate(scheme.vetoes.items):
        if item.block is not None and item.block not in parts:
            yield Fault(
                pointer("vetoes", "items", i, "block"),
                "not-a-part",
                f"No category has a block {item.block} in its total.",
                f"没有任何类别的总分包含板块 {item.block}。",
            )


def _blocks(scheme: Scheme) -> Iterator[Fault]:
    """Yield what compositions and ties say of blocks that the categories do not have, and blocks of
    which no composition says whether they count."""
    usual = _composed(scheme.composition, pointer("composition"))
    ties = _ordering(scheme.ranking, pointer("ranking"))
    yield from usual.twice()
    for c, (category, shown) in enumerate(shown_blocks(scheme)):
        blocks = {block.code for block in category.blocks}
        composed, keys = usual, ties
        if category.composition is not None:
            composed = _composed(category.composition, pointer("categories", c, "composition"))
            yield from composed.twice()
        if category.ranking is not None:
            at = pointer("categories", c, "ranking")
            keys = _ordering(category.ranking, at)
        yield from _required(scheme.composition_of(category), composed.at).unknown(category, blocks)
        yield from keys.unknown(category, blocks)
        yield from _left_out(category, blocks - composed.where.keys(), composed.at)
        yield from _deciding(category, keys, shown & blocks)


MOST_KEYS = 20
"""How many keys may tell equal totals apart."""


def _keys(scheme: Scheme) -> Iterator[Fault]:
    """Yield too many keys for equal totals, keys named twice, and indicators that count in none of
    the categories that are ordered by them."""
    counting = _counting(scheme)
    for at, policy, categories in ranked_by(scheme):
        keys = [(f"{at}/tie_break/{i}", key) for i, key in enumerate(policy.tie_break)]
        if len(keys) > MOST_KEYS:
            yield Fault(
                f"{at}/tie_break",
                "too-many-keys",
                f"There are {len(keys)} keys; at most {MOST_KEYS} are allowed.",
                f"并列区分依据有 {len(keys)} 项，最多 {MOST_KEYS} 项。",
            )
            continue
        yield from _repeated(((where, _written(key)) for where, key in keys), "key")
        if categories:  # an order of no category is named elsewhere
            known = frozenset[str]().union(*(counting[each.code] for each in categories))
            yield from _not_counting(keys, known)


def _counting(scheme: Scheme) -> dict[str, set[str]]:
    """Return the indicators that count in the total of each category."""
    inside = zip(places_by_category(scheme), shown_blocks(scheme), strict=True)
    return {
        category.code: {each.indicator.code for each in places if each.block.code not in shown}
        for (category, places), (_, shown) in inside
    }


def _not_counting(
    keys: Iterable[tuple[str, str | TieBreakKey]], known: Collection[str]
) -> Iterator[Fault]:
    for where, key in keys:
        indicator = isinstance(key, TieBreakKey) and key.key == "indicator" and key.code
        if indicator and indicator not in known:
            yield Fault(
                f"{where}/code",
                "unknown-indicator",
                f"No category that is ordered by it has an indicator {indicator} that counts.",
                f"按此排名的类别中没有计入总分的指标 {indicator}。",
            )


def earlier_faults(scheme: Scheme, earlier: Collection[UUID] | None) -> Iterator[Fault]:
    """Yield last year's ranks of a year that is not named, and years whose ranks or vetoes count
    and that are none of the `earlier` cycles of the same jurisdiction, where those are known."""
    of_vetoes = scheme.vetoes.previous_cycle
    if of_vetoes is not None and earlier is not None and of_vetoes not in earlier:
        yield _no_earlier_cycle(pointer("vetoes", "previous_cycle"), of_vetoes)
    for at, policy, _ in ranked_by(scheme):
        last = policy.previous_cycle
        if last is None and policy.asks_for("last_year_rank"):
            yield Fault(
                f"{at}/previous_cycle",
                "previous-cycle-missing",
                "last_year_rank needs the cycle whose release gives last year's ranks.",
                "使用 `last_year_rank` 须填写上年评估年度的编号。",
            )
        if last is not None and earlier is not None and last not in earlier:
            yield _no_earlier_cycle(f"{at}/previous_cycle", last)


def _no_earlier_cycle(at: str, cycle_id: UUID) -> Fault:
    return Fault(
        at,
        "not-an-earlier-cycle",
        f"{cycle_id} is no earlier cycle of this jurisdiction.",
        f"{cycle_id} 不是本行政区划以前年度的评估年度。",
    )


def _written(key: str | TieBreakKey) -> str:
    if isinstance(key, str):
        return key
    return key.key if key.code is None else f"{key.key} {key.code}"


def _left_out(category: Category, blocks: Collection[str], at: str) -> Iterator[Fault]:
    for code in sorted(blocks):
        yield Fault(
            f"{at}/parts",
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


def _deciding(category: Category, keys: _NamedBlocks, shown: Collection[str]) -> Iterator[Fault]:
    for code in sorted(keys.where.keys() & shown):
        yield Fault(
            keys.where[code][0],
            "shown-block-decides",
            f"The block {code} of {category.code} is only shown; it orders no equal totals.",
            f"{category.code} 的板块 {code} 只列示不计分，不能用于区分同分单位。",
        )


def _grades(scheme: Scheme) -> Iterator[Fault]:
    cap = scheme.vetoes.grade_cap
    for at, grades, _ in graded_by(scheme):
        named = chain(
            ((f"{at}/levels/{i}/grade", level.grade) for i, level in enumerate(grades.levels)),
            ((f"{at}/names{pointer(code)}", code) for code in grades.names),
            _raised(grades, at),
        )
        yield from _absent(named, frozenset(grades.order), "grade")
        order = ((f"{at}/order/{i}", code) for i, code in enumerate(grades.order))
        yield from _repeated(order, "grade")
    if not _all_have_own_grades(scheme):
        yield from _absent([(pointer("vetoes", "grade_cap"), cap)], scheme.grades.order, "grade")
    assessed = {code for _, code in _assessed(scheme)}
    outside = _each(scheme.grades.outside_quota, "grades", "outside_quota")
    yield from _absent(outside, assessed, "assessed unit")
    for c, category in enumerate(scheme.categories):
        if category.grades is not None:
            yield from _own_grades(scheme, category, category.grades, pointer("categories", c))


def _raised(grades: GradePolicy, at: str) -> Iterator[tuple[str, str]]:
    for i, each in enumerate(grades.raised):
        yield f"{at}/raised/{i}/grade", each.grade
        yield f"{at}/raised/{i}/of", each.of


def _all_have_own_grades(scheme: Scheme) -> bool:
    return bool(scheme.categories) and all(each.grades is not None for each in scheme.categories)


def _own_grades(
    scheme: Scheme, category: Category, grades: GradePolicy, at: str
) -> Iterator[Fault]:
    cap = scheme.vetoes.grade_cap
    if scheme.vetoes.items and cap not in grades.order:
        yield Fault(
            f"{at}/grades/order",
            "grade-of-veto-missing",
            f"The grades of {category.code} lack {cap}, the best that a vetoed unit may have.",
            f"{category.code} 的等次缺少一票否决后的最高等次 {cap}。",
        )
    units = frozenset(category.units)
    for i, code in enumerate(grades.outside_quota):
        if code not in units:
            yield Fault(
                f"{at}/grades/outside_quota/{i}",
                "unit-of-another-category",
                f"{code} is no unit of {category.code}.",
                f"{category.code} 没有被评估单位 {code}。",
            )


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


def finder_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield bodies that would enter findings of inspections about their own competitors."""
    for place in places(scheme):
        for n, body in enumerate(place.indicator.findings_by):
            if body in place.category.units:
                yield Fault(
                    f"{place.at}/findings_by/{n}",
                    "finder-is-a-competitor",
                    f"{body} is assessed in {place.category.code} itself.",
                    f"{body} 本身在 {place.category.code} 参评，须回避。",
                )


def _responsible(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for c, category in enumerate(scheme.categories):
        yield pointer("categories", c, "organiser"), category.organiser
    for place in places(scheme):
        yield from _of_indicator(place)
    for s, survey in enumerate(scheme.surveys):
        yield pointer("surveys", s, "collector"), survey.collector
        yield from _each(survey.attested_by, "surveys", s, "attested_by")
    for v, veto in enumerate(scheme.vetoes.items):
        yield from _each(veto.responsible_units, "vetoes", "items", v, "responsible_units")
    for d, demotion in enumerate(scheme.demotions):
        yield from _each(demotion.responsible_units, "demotions", d, "responsible_units")
    for r, recusal in enumerate(scheme.recusals):
        yield pointer("recusals", r, "body"), recusal.body
    if scheme.complaints is not None:
        yield pointer("complaints", "body"), scheme.complaints.body
    yield from _seats(scheme)


def _of_indicator(place: Place) -> Iterator[tuple[str, str]]:
    if place.indicator.data_source_unit != OWN_UNIT:
        yield f"{place.at}/data_source_unit", place.indicator.data_source_unit
    yield from _one(f"{place.at}/reviewed_by", place.indicator.reviewed_by)
    for n, body in enumerate(place.indicator.findings_by):
        yield f"{place.at}/findings_by/{n}", body


def _seats(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for p, panel in enumerate(scheme.panels):
        for s, seat in enumerate(panel.seats):
            yield pointer("panels", p, "seats", s, "unit"), seat.unit
    for a, step in enumerate(scheme.approval.steps if scheme.approval else ()):
        for m, member in enumerate(step.members):
            yield from _one(pointer("approval", "steps", a, "members", m, "unit"), member.unit)


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

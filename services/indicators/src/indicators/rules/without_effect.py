"""What a scheme may hold and nobody reads: named in the answer to whoever saves it.

It is refused nowhere, because schemes that are stored have it, and because most of it is meant for
people. But what is accepted counts, or the answer says that it does not.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from chassis.refusals import pointer
from indicators.rules import composing, normalising, surveys
from indicators.rules.adjustments import Adjustments, BonusPolicy, DeductionPolicy
from indicators.rules.defaults import left_out
from indicators.rules.forms import PUBLISHED, RECEIVED, YEAR, in_parts, lending
from indicators.rules.methods.against_target import RatioToTarget, SteppedDeduction
from indicators.rules.methods.catalogue import method_of
from indicators.rules.methods.judged import QualitativePanel
from indicators.rules.methods.method import ScoringMethod, union
from indicators.rules.methods.sources import MEASURED
from indicators.rules.panels import JUDGED
from indicators.rules.policies import (
    SUBCATEGORY,
    Composition,
    Demotion,
    GradeLevel,
    GradePolicy,
    Step,
    TieBreakKey,
)
from indicators.rules.scheme import (
    OWN_POLICIES,
    OWN_UNIT,
    Category,
    Indicator,
    Place,
    Scheme,
    graded_by,
    places_by_category,
    ranked_by,
)


@dataclass(frozen=True, slots=True)
class WithoutEffect:
    """A field of a scheme that changes nothing: where it is, and why in two languages."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = {
        "json_schema_serialization_defaults_required": True
    }

    pointer: str
    code: str
    en: str
    zh: str


def without_effect(scheme: Scheme) -> Iterator[WithoutEffect]:
    """Yield the fields of a complete scheme that nobody reads, in the order of the document."""
    for i, step in enumerate(scheme.calendar):
        yield from _step(step, pointer("calendar", i))
    yield from _places_by_points(scheme)
    yield from _surveys(scheme)
    yield from _panels(scheme)
    for _, inside in places_by_category(scheme):
        yield from _category([(place, _methods(place.indicator)) for place in inside])
    yield from _tags(scheme)
    yield from _organisers(scheme)
    yield from _own_policies(scheme)
    yield from _compositions(scheme)
    yield from _adjustments(scheme)
    yield from _outside_quota(scheme)
    yield from _demotions(scheme)
    yield from _grades(scheme)
    yield from _ranking(scheme)
    yield from _duties(scheme)
    yield from _corrections(scheme)
    yield from _coefficients(scheme)


def _step(step: Step, at: str) -> Iterator[WithoutEffect]:
    if step.working_days is not None:
        yield WithoutEffect(
            f"{at}/working_days",
            "length-unused",
            "A number of working days moves no deadline; give dates.",
            "工作日数不影响任何期限，请填写日期。",
        )
    if step.date is None and step.opens is None and step.closes is None and step.due is None:
        yield WithoutEffect(
            at,
            "step-without-a-day",
            f"{step.step} has no day, and is shown nowhere.",
            f"步骤 {step.step} 没有日期，不会在任何地方提示。",
        )


def _places_by_points(scheme: Scheme) -> Iterator[WithoutEffect]:
    rows = scheme.rounding.by_points
    if not rows:
        return
    leaves = (
        place.indicator
        for _, inside in places_by_category(scheme)
        for place in inside
        if place.indicator.precision is None and not place.indicator.children
    )
    used = {scheme.rounding.row_of(points) for points in {each.points for each in leaves}}
    for i in range(len(rows)):
        if i not in used:
            yield WithoutEffect(
                pointer("rounding", "by_points", i),
                "places-of-no-indicator",
                "No indicator without a precision of its own has so many points.",
                "没有未单独规定小数位数、分值属于本档的指标。",
            )


def _surveys(scheme: Scheme) -> Iterator[WithoutEffect]:
    for each in surveys.idle(scheme):
        yield WithoutEffect(each.pointer, each.code, each.en, each.zh)


def _compositions(scheme: Scheme) -> Iterator[WithoutEffect]:
    for each in (*composing.idle(scheme), *normalising.idle(scheme)):
        yield WithoutEffect(each.pointer, each.code, each.en, each.zh)


def _panels(scheme: Scheme) -> Iterator[WithoutEffect]:
    named = {
        place.indicator.params.get("panel")
        for _, inside in places_by_category(scheme)
        for place in inside
        if place.indicator.method == JUDGED
    }
    for p, panel in enumerate(scheme.panels):
        if panel.code not in named:
            yield WithoutEffect(
                pointer("panels", p),
                "panel-marks-nothing",
                f"No indicator is marked by {panel.code}.",
                f"没有指标由评委组 {panel.code} 评分。",
            )


def _tags(scheme: Scheme) -> Iterator[WithoutEffect]:
    borne = {
        tag
        for _, inside in places_by_category(scheme)
        for place in inside
        for tag in place.indicator.tags
    }
    for i, tag in enumerate(scheme.tags):
        if tag.code not in borne:
            yield WithoutEffect(
                pointer("tags", i),
                "tag-of-no-indicator",
                f"No indicator bears the tag {tag.code}.",
                f"没有指标使用标签 {tag.code}。",
            )


def _repeated_tags(
    indicator: Indicator, above: Mapping[str, str], at: str
) -> Iterator[WithoutEffect]:
    """Yield tags that an indicator has from above already; `above` says from which."""
    for i, tag in enumerate(indicator.tags):
        if tag in above:
            yield WithoutEffect(
                f"{at}/tags/{i}",
                "tag-of-the-parent",
                f"{indicator.code} has the tag {tag} from {above[tag]} already.",
                f"{indicator.code} 已由上级指标 {above[tag]} 带有标签 {tag}。",
            )


def _organisers(scheme: Scheme) -> Iterator[WithoutEffect]:
    for c, category in enumerate(scheme.categories):
        if category.organiser in category.units:
            yield WithoutEffect(
                pointer("categories", c, "organiser"),
                "organiser-assessed",
                f"{category.organiser} is assessed in {category.code}, and leads nobody there.",
                f"{category.organiser} 在 {category.code} 参评，不能组织本类别。",
            )


def _own_policies(scheme: Scheme) -> Iterator[WithoutEffect]:
    """Yield policies of categories that are the scheme's, and those of a scheme that no category
    goes by."""
    for name, zh in OWN_POLICIES.items():
        usual = getattr(scheme, name)
        for c, category in enumerate(scheme.categories):
            if getattr(category, name) == usual:
                yield WithoutEffect(
                    pointer("categories", c, name),
                    "policy-of-the-scheme",
                    f"The {name} of {category.code} is that of the whole scheme.",
                    f"{category.code} 的{zh}与整个方案的相同。",
                )
        own = bool(scheme.categories) and all(getattr(each, name) for each in scheme.categories)
        if own and not left_out(scheme, name):
            yield WithoutEffect(
                pointer(name),
                "policy-of-no-category",
                f"Every category has a {name} of its own.",
                f"各类别均有自己的{zh}。",
            )


def _adjustments(scheme: Scheme) -> Iterator[WithoutEffect]:
    usual = [each for each in scheme.categories if each.adjustments is None]
    compositions = [scheme.composition_of(each) for each in usual] or [scheme.composition]
    yield from _uncounted(scheme.adjustments, compositions, pointer("adjustments"))
    yield from _nobody_gains(scheme.adjustments, usual, pointer("adjustments"))
    for c, category in enumerate(scheme.categories):
        if category.adjustments is not None:
            at = pointer("categories", c, "adjustments")
            yield from _uncounted(category.adjustments, [scheme.composition_of(category)], at)
            yield from _nobody_gains(category.adjustments, [category], at)


def _uncounted(
    adjustments: Adjustments, compositions: Collection[Composition], at: str
) -> Iterator[WithoutEffect]:
    """Yield rules for what none of the compositions of the categories that go by them takes."""
    for name, counted, rules in (
        ("bonus", any(each.bonus for each in compositions), adjustments.bonus.rules),
        ("deductions", any(e.deductions for e in compositions), adjustments.deductions.rules),
    ):
        if rules and not counted:
            yield WithoutEffect(
                f"{at}/{name}/rules",
                "not-in-the-total",
                f"The composition of the total takes no {name}.",
                f"总分构成不含{'加分' if name == 'bonus' else '减分'}。",
            )
    for name, policy in (("bonus", adjustments.bonus), ("deductions", adjustments.deductions)):
        if policy.order != "highest_then_caps" and not _ordered(policy):
            yield WithoutEffect(
                f"{at}/{name}/order",
                "nothing-to-order",
                "Without caps, or where claims of one event add up, no order has an effect.",
                "未设上限，或同一事件合并计算的，先后次序不起作用。",
            )


def _nobody_gains(
    adjustments: Adjustments, categories: Collection[Category], at: str
) -> Iterator[WithoutEffect]:
    """Yield bonuses that so small a share of the units may gain that it is none of them."""
    for i, rule in enumerate(adjustments.bonus.rules):
        share = rule.special.units_to if rule.special else None
        if share is not None and not any(int(share * len(c.units)) for c in categories):
            yield WithoutEffect(
                f"{at}/bonus/rules/{i}/special/units_to",
                "nobody-gains",
                "No category has so many units that this share of them is one.",
                "各类别的单位数均不足以按该比例产生一个加分单位。",
            )


def _ordered(policy: BonusPolicy | DeductionPolicy) -> bool:
    """Say whether claims are both cut by caps and held to the highest of their event."""
    capped = any(rule.cap is not None or rule.limit is not None for rule in policy.rules)
    some = capped or policy.cap_total is not None or policy.families
    return policy.same_event == "highest" and bool(some)


def _outside_quota(scheme: Scheme) -> Iterator[WithoutEffect]:
    own = {
        unit: category.code
        for category in scheme.categories
        if category.grades is not None
        for unit in category.units
    }
    for i, unit in enumerate(scheme.grades.outside_quota):
        if unit in own:
            yield WithoutEffect(
                pointer("grades", "outside_quota", i),
                "grades-of-its-own",
                f"{unit} is graded by the grades of {own[unit]}.",
                f"{unit} 按 {own[unit]} 自己的等次规则评定。",
            )


def _demotions(scheme: Scheme) -> Iterator[WithoutEffect]:
    held = {
        category.code: {each.code for each in category.walk()} for category in scheme.categories
    }
    holders: dict[str, set[str]] = {}
    for category, codes in held.items():
        for code in codes:
            holders.setdefault(code, set()).add(category)
    for d, demotion in enumerate(scheme.demotions):
        at = pointer("demotions", d)
        if not demotion.is_reported:
            yield from _unreported(demotion, at)
        if demotion.categories:
            yield from _of_some(demotion, held, holders, at)


def _unreported(demotion: Demotion, at: str) -> Iterator[WithoutEffect]:
    if demotion.responsible_units:
        yield WithoutEffect(
            f"{at}/responsible_units",
            "nothing-to-report",
            f"{demotion.code} follows from scores, and nobody reports it.",
            f"{demotion.code} 由得分引起，无需任何单位报告。",
        )
    if demotion.at_least > 1:
        yield WithoutEffect(
            f"{at}/at_least",
            "nothing-to-count",
            f"{demotion.code} follows from scores, and no reports of it are counted.",
            f"{demotion.code} 由得分引起，不计报送次数。",
        )


def _grades(scheme: Scheme) -> Iterator[WithoutEffect]:
    for at, grades, _ in graded_by(scheme):
        limited = [level for level in grades.levels if level.is_limited]
        if not limited:
            yield from _without_quota(grades, at)
        left_out = grades.outside_quota or scheme.vetoes.may_cap
        if grades.quota_base == "eligible" and not (left_out and _any_rate(limited)):
            yield WithoutEffect(
                f"{at}/quota_base",
                "all-eligible",
                "No rate is another share of the eligible units than of all.",
                "按全部单位与按符合条件单位计算的名额相同。",
            )


def _without_quota(grades: GradePolicy, at: str) -> Iterator[WithoutEffect]:
    """Yield what a policy says of quotas that none of its levels has."""
    if grades.tie_at_line != "none":
        yield WithoutEffect(
            f"{at}/tie_at_line",
            "no-quota",
            "No level has a quota, so that nobody is tied at its line.",
            "各等次均无名额限制，不会在名额线上并列。",
        )
    if grades.scope == SUBCATEGORY:
        yield WithoutEffect(
            f"{at}/scope",
            "no-quota",
            "No level has a quota that could be one of each sub-category.",
            "各等次均无名额限制，无需按子类别分配。",
        )


def _any_rate(levels: Iterable[GradeLevel]) -> bool:
    return any(level.rate is not None for level in levels)


def _ranking(scheme: Scheme) -> Iterator[WithoutEffect]:
    for at, ranking, categories in ranked_by(scheme):
        deducted = any(scheme.composition_of(category).deductions for category in categories)
        for i, key in enumerate(ranking.tie_break):
            of_deductions = isinstance(key, TieBreakKey) and key.key == "fewer_deductions"
            if of_deductions and not deducted:
                yield WithoutEffect(
                    f"{at}/tie_break/{i}",
                    "nothing-deducted",
                    "The composition of the total takes no deductions, so that all are equal.",
                    "总分构成不含减分，各单位均相同。",
                )
        if ranking.previous_cycle is not None and not ranking.asks_for("last_year_rank"):
            yield WithoutEffect(
                f"{at}/previous_cycle",
                "no-key-of-last-year",
                "No key of tie_break is last_year_rank.",
                "`tie_break` 中没有 `last_year_rank`。",
            )


def _duties(scheme: Scheme) -> Iterator[WithoutEffect]:
    """Yield what is said of indicators for which nothing is handed in, or that holds for all."""
    duties = scheme.duties
    if duties is None:
        return
    owed = _owed(scheme)
    for name in ("exempt", "signed_off_for"):
        for i, code in enumerate(getattr(duties, name)):
            if code not in owed:
                yield WithoutEffect(
                    pointer("duties", name, i),
                    "nothing-owed",
                    f"Nothing is handed in for {code}.",
                    f"{code} 无需报送。",
                )
    if duties.signed_off and duties.signed_off_for:
        yield WithoutEffect(
            pointer("duties", "signed_off_for"),
            "all-signed-off",
            "All that units hand in is signed off.",
            "各项报送均须签发，无需另行列明。",
        )


def _coefficients(scheme: Scheme) -> Iterator[WithoutEffect]:
    """Yield that coefficients are shown where no marks are multiplied by any."""
    policy, scale = scheme.publication, scheme.normalisation
    if policy is None or (scale is not None and scale.method in MULTIPLYING):
        return
    for name in ("public", "units", "organisers"):
        shown = getattr(policy, name)
        if shown is not None and shown.coefficients:
            yield WithoutEffect(
                pointer("publication", name, "coefficients"),
                "no-coefficients",
                "The scheme multiplies no marks by coefficients.",
                "方案没有以系数修正评分。",
            )


MULTIPLYING = ("second_mean", "grand_mean_ratio")
"""The ways to put marks on one scale that multiply them."""


def _corrections(scheme: Scheme) -> Iterator[WithoutEffect]:
    """Yield what is said of upheld objections where there are none, and a cost that falls on
    nobody: no unit that enters anything about others is assessed by the indicator."""
    policy = scheme.corrections
    if policy is None:
        return
    if scheme.objections is None:
        yield WithoutEffect(
            pointer("corrections"),
            "no-objections",
            "The scheme foresees no objections that could be upheld.",
            "方案没有写 `objections`，不会有成立的异议。",
        )
    elif policy.overturned is not None and not _pays(scheme, policy.overturned.indicator):
        code = policy.overturned.indicator
        yield WithoutEffect(
            pointer("corrections", "overturned"),
            "nobody-charged",
            f"No data source unit is assessed by {code}.",
            f"没有数据采集责任单位按 {code} 评估。",
        )


def _pays(scheme: Scheme, code: str) -> bool:
    """Say whether a unit that enters something is assessed by an indicator itself."""
    inside = [place for _, found in places_by_category(scheme) for place in found]
    held = {u for place in inside if place.indicator.code == code for u in place.category.units}
    return not held.isdisjoint(place.indicator.data_source_unit for place in inside)


def _owed(scheme: Scheme) -> set[str]:
    rates = scheme.complaints.rates if scheme.complaints else None
    by_itself = {*rates.named().values()} if rates else set[str]()
    return {
        place.indicator.code
        for _, inside in places_by_category(scheme)
        for place in inside
        if not place.indicator.children
        and place.indicator.code not in by_itself
        and _is_owed(place.indicator)
    }


def _is_owed(indicator: Indicator) -> bool:
    form = method_of(indicator).takes()
    return indicator.may_be_not_applicable or (form is not None and form.panel is None)


def _of_some(
    demotion: Demotion,
    held: Mapping[str, set[str]],
    holders: Mapping[str, set[str]],
    at: str,
) -> Iterator[WithoutEffect]:
    """Yield what a demotion of some categories need not name; `held` are the indicators by
    category, `holders` the reverse."""
    if held.keys() == set(demotion.categories):
        yield WithoutEffect(
            f"{at}/categories",
            "every-category",
            f"{demotion.code} is of every category, as where none is named.",
            f"{demotion.code} 适用于全部类别，与不填写相同。",
        )
    if demotion.indicators:
        yield from _weak_elsewhere(demotion, held, holders, at)


def _weak_elsewhere(
    demotion: Demotion,
    held: Mapping[str, set[str]],
    holders: Mapping[str, set[str]],
    at: str,
) -> Iterator[WithoutEffect]:
    """Yield categories that have none of a demotion's indicators, and indicators that none of its
    categories has."""
    codes, of = set(demotion.indicators), set(demotion.categories)
    for i, category in enumerate(demotion.categories):
        if held.get(category, set()).isdisjoint(codes):
            yield WithoutEffect(
                f"{at}/categories/{i}",
                "indicators-of-other-categories",
                f"{category} has none of the indicators of {demotion.code}.",
                f"{category} 没有 {demotion.code} 所列的指标。",
            )
    for i, code in enumerate(demotion.indicators):
        if holders.get(code, set()).isdisjoint(of):
            yield WithoutEffect(
                f"{at}/indicators/{i}",
                "indicator-of-other-categories",
                f"No category of {demotion.code} has the indicator {code}.",
                f"{demotion.code} 所适用的类别没有指标 {code}。",
            )


@dataclass(frozen=True, slots=True)
class _Methods:
    """An indicator's method, and what its overrides make of it by their JSON pointers."""

    own: ScoringMethod
    over: Mapping[str, ScoringMethod]

    def all(self) -> Iterator[ScoringMethod]:
        yield self.own
        yield from self.over.values()


def _methods(indicator: Indicator) -> _Methods:
    over = {
        pointer(name, of): method_of(indicator, override)
        for name in ("per_unit_params", "period_params")
        for of, override in getattr(indicator, name).items()
    }
    return _Methods(method_of(indicator), over)


def _category(found: list[tuple[Place, _Methods]]) -> Iterator[WithoutEffect]:
    lent = _lent(methods for _, methods in found)
    scales = {
        child.code
        for place, methods in found
        if methods.own.points_are_scale
        for child in place.indicator.children
    }
    matters = Counter(place.indicator.matter for place, _ in found)
    from_above: dict[str, dict[str, str]] = {}
    for place, methods in found:
        indicator = place.indicator
        above = from_above.get(indicator.code, {})
        passed_on = dict.fromkeys(indicator.tags, indicator.code) | above
        from_above |= {child.code: passed_on for child in indicator.children}
        yield from _repeated_tags(indicator, above, place.at)
        if indicator.matter is not None and matters[indicator.matter] == 1:
            yield WithoutEffect(
                f"{place.at}/matter",
                "matter-of-one",
                f"No other indicator of the category measures {indicator.matter}.",
                f"本类别没有其他指标属于事项 {indicator.matter}。",
            )
        yield from _unread(indicator, place.at)
        yield from _reviewer(indicator, methods, place.at)
        yield from _evidence(indicator, methods, lent.get(indicator.code, set()), place.at)
        yield from _plan(indicator, methods.own, place.at)
        yield from _findings(indicator, methods, place.at)
        yield from _window(indicator, methods, place.at)
        yield from _combining(indicator, methods, lent.get(indicator.code, set()), place.at)
        yield from _marks(indicator, methods.own, place.at)
        yield from _policies(indicator, methods, place.at)
        yield from _aggregate(indicator, place.at)
        yield from _redistribution(indicator, scales, place.at)
        yield from _parameters(indicator, methods, place.at)
        yield from _inputs(indicator, methods, lent.get(indicator.code, set()), place.at)


def _lent(found: Iterable[_Methods]) -> dict[str, set[str | None]]:
    """Return the keys of measured values that formulas of other indicators read, by indicator."""
    lent: dict[str, set[str | None]] = {}
    for method in chain.from_iterable(methods.all() for methods in found):
        for source in chain.from_iterable(each.used().values() for each in method.computed()):
            if source.from_ == MEASURED and source.indicator is not None:
                lent.setdefault(source.indicator, set()).add(source.key)
    return lent


def _unread(indicator: Indicator, at: str) -> Iterator[WithoutEffect]:
    code = indicator.code
    if indicator.veto_link is not None:
        yield WithoutEffect(
            f"{at}/veto_link",
            "veto-link-unused",
            f"{indicator.veto_link} takes effect when it is reported, whatever {code} scores.",
            f"{indicator.veto_link} 经报告后生效，与 {code} 的得分无关。",
        )
    if indicator.external_result:
        yield WithoutEffect(
            f"{at}/external_result",
            "flag-unused",
            f"{code} is entered and scored by its method, wherever its result comes from.",
            f"{code} 按其计分办法录入和计分，与结果来源无关。",
        )


def _reviewer(indicator: Indicator, methods: _Methods, at: str) -> Iterator[WithoutEffect]:
    code, named = indicator.code, indicator.reviewed_by
    if named is None:
        return
    if named == indicator.data_source_unit:
        yield WithoutEffect(
            f"{at}/reviewed_by",
            "reviewer-unused",
            f"{named} enters the values of {code}, and reviews nothing that it wrote itself.",
            f"{code} 由 {named} 自行报送，本单位报送的内容不由本单位初审。",
        )
    elif not indicator.may_be_not_applicable and all(
        method.takes() is None for method in methods.all()
    ):
        yield WithoutEffect(
            f"{at}/reviewed_by",
            "reviewer-unused",
            f"Nothing is entered for {code} that {named} could review.",
            f"{code} 不录入任何内容，{named} 没有可以初审的记录。",
        )


def _besides(indicator: Indicator) -> Iterator[str]:
    """Yield the kinds of entries that are entered whatever form those of the method have."""
    if indicator.may_be_not_applicable:
        yield "not_applicable"
    if indicator.findings_by:
        yield "inspection_finding"


def _evidence(
    indicator: Indicator, methods: _Methods, lent: Collection[str | None], at: str
) -> Iterator[WithoutEffect]:
    forms = [form for method in methods.all() if (form := method.takes()) is not None]
    entered = {form.kind for form in forms} | {key for form in forms for key in form.keys} | {*lent}
    if lent:
        entered.add("measured_value")
    entered.update(_besides(indicator))
    for place, word in enumerate(indicator.evidence_for):
        if word not in entered:
            yield WithoutEffect(
                f"{at}/evidence_for/{place}",
                "evidence-unused",
                f"Nothing of the kind or key {word} is entered for {indicator.code}.",
                f"{indicator.code} 不录入种类或录入项为 {word} 的记录。",
            )


def _plan(indicator: Indicator, method: ScoringMethod, at: str) -> Iterator[WithoutEffect]:
    if indicator.progress_plan and not isinstance(method, RatioToTarget | SteppedDeduction):
        yield WithoutEffect(
            f"{at}/progress_plan",
            "plan-unused",
            f"{indicator.code} holds no value against a target, and shows no light.",
            f"{indicator.code} 不以实际值对比目标值，不显示进度灯。",
        )


def _findings(indicator: Indicator, methods: _Methods, at: str) -> Iterator[WithoutEffect]:
    """Yield bodies that enter findings where nothing is scored by events, or that stand there
    twice."""
    code, named = indicator.code, indicator.findings_by
    if named and "event" not in {form and form.kind for form in (m.takes() for m in methods.all())}:
        yield WithoutEffect(
            f"{at}/findings_by",
            "findings-unused",
            f"{code} is not scored by events, and counts no findings of inspections.",
            f"{code} 不按事件计分，不采用检查发现。",
        )
    for n, body in enumerate(named):
        if body in named[:n]:
            yield WithoutEffect(
                f"{at}/findings_by/{n}",
                "findings-unused",
                f"{body} stands there twice.",
                f"{body} 重复列出。",
            )


def _window(indicator: Indicator, methods: _Methods, at: str) -> Iterator[WithoutEffect]:
    """Yield days between which facts count where no entry that counts by its day has one."""
    forms = [form for method in methods.all() if (form := method.takes()) is not None]
    dated = any(form.nodes or form.dated not in (None, PUBLISHED, RECEIVED) for form in forms)
    if indicator.window is not None and not dated:
        yield WithoutEffect(
            f"{at}/window",
            "window-unused",
            f"Nothing that is entered for {indicator.code} has a day on which it happened.",
            f"{indicator.code} 录入的内容没有发生日期。",
        )


def _combining(
    indicator: Indicator, methods: _Methods, lent: Collection[str | None], at: str
) -> Iterator[WithoutEffect]:
    """Yield how values of shorter periods are put together where none is scored by longer ones."""
    code = indicator.code
    if indicator.combine_requires is not None and indicator.combine is None:
        yield WithoutEffect(
            f"{at}/combine_requires",
            "combine-unused",
            f"Nothing says how values of {code} for shorter periods are put together (`combine`).",
            f"{code} 未规定短期间数值如何合并（`combine`）。",
        )
    if indicator.combine is not None and not _has_parts(indicator, methods, lent):
        yield WithoutEffect(
            f"{at}/combine",
            "combine-unused",
            f"No value of {code} is scored for a longer period than its frequency "
            f"({indicator.frequency}) has.",
            f"{code} 没有按比报送频次更长的期间计分的数值。",
        )


def _has_parts(indicator: Indicator, methods: _Methods, lent: Collection[str | None]) -> bool:
    """Say whether any value that is scored, or lent, is longer than the periods of the frequency
    are."""
    keys = {key: YEAR for key in lent if key is not None}
    asked = (each for each in methods.all() if not each.asks_elsewhere)
    forms = filter(None, (lending(each.takes(), keys) for each in asked))
    return not indicator.children and any(in_parts(f, indicator.frequency) != f for f in forms)


def _compares(indicator: Indicator, methods: _Methods) -> bool:
    """Say whether anything about an indicator is found from more than one unit."""
    if indicator.must_differentiate or indicator.missing == "category_mean":
        return True
    if indicator.children:
        return False
    reads = union(method.reads() for method in methods.all())
    return reads.compares or bool(reads.ranks)


def _marks(indicator: Indicator, method: ScoringMethod, at: str) -> Iterator[WithoutEffect]:
    if not isinstance(method, QualitativePanel):
        return
    code, source = indicator.code, indicator.data_source_unit
    if method.panel is not None and not indicator.may_be_not_applicable:
        yield WithoutEffect(
            f"{at}/data_source_unit",
            "source-of-nothing",
            f"The marks of {code} are entered from the seats of {method.panel}, and nothing else.",
            f"{code} 只由评委组 {method.panel} 各席位打分，数据采集责任单位无需录入。",
        )
    if method.panel is None and method.distinct_marks and source == OWN_UNIT:
        yield WithoutEffect(
            f"{at}/params/distinct_marks",
            "marks-of-one-unit",
            f"Each unit enters the marks of {code} for itself, so that nobody marks two.",
            f"{code} 由各单位自行录入，没有人为两个单位打分。",
        )


def _policies(indicator: Indicator, methods: _Methods, at: str) -> Iterator[WithoutEffect]:
    code, missing, method = indicator.code, indicator.missing, methods.own
    compares = _compares(indicator, methods)
    if missing == "carry_over" and not method.carries_over():
        yield WithoutEffect(
            f"{at}/missing",
            "no-earlier-period",
            f"{code} scores no period after another, so that none can be carried over.",
            f"{code} 不分期计分，没有可沿用的前期数据。",
        )
    if indicator.compare_within == SUBCATEGORY and not compares:
        yield WithoutEffect(
            f"{at}/compare_within",
            "nothing-compared",
            f"{code} looks at each unit alone, and compares nobody.",
            f"{code} 只看各单位本身，不与其他单位比较。",
        )
    if indicator.children and indicator.allow_exceed:
        yield WithoutEffect(
            f"{at}/allow_exceed",
            "exceeding-of-a-parent",
            f"The score of {code} is what its children make; each says whether it may exceed.",
            f"{code} 的得分由下级指标合成，能否超分应在下级指标设定。",
        )


def _aggregate(indicator: Indicator, at: str) -> Iterator[WithoutEffect]:
    if indicator.children and indicator.aggregate != "none":
        yield WithoutEffect(
            f"{at}/aggregate",
            "aggregate-of-a-parent",
            f"{indicator.code} has no values of its own; say it of what lies below.",
            f"{indicator.code} 自身没有数值，应在下级指标设定。",
        )


def _redistribution(indicator: Indicator, scales: set[str], at: str) -> Iterator[WithoutEffect]:
    code, to = indicator.code, indicator.redistribute_to
    if to is None:
        return
    if not indicator.may_be_not_applicable:
        yield WithoutEffect(
            f"{at}/redistribute_to",
            "always-applicable",
            f"{code} may not be declared not applicable, so that its points go nowhere.",
            f"{code} 不得认定为不适用，其分值不会转移。",
        )
    elif {code, to} & scales:
        yield WithoutEffect(
            f"{at}/redistribute_to",
            "points-of-a-mean",
            "The points of a mean's children are only their own scale, and go nowhere.",
            "平均合成的下级指标分值仅为自身尺度，不会转移。",
        )


def _parameters(indicator: Indicator, methods: _Methods, at: str) -> Iterator[WithoutEffect]:
    idle = frozenset(methods.own.idle()).intersection(*(each.idle() for each in methods.all()))
    for name in sorted(idle):
        yield WithoutEffect(
            f"{at}/params{pointer(*name.split('/'))}",
            "parameter-unused",
            f"With the other parameters of {indicator.code}, {name} changes no score.",
            f"在 {indicator.code} 的其他参数下，{name} 不影响得分。",
        )
    for of, method in methods.over.items():
        if method == methods.own:
            yield WithoutEffect(
                f"{at}{of}",
                "overrides-nothing",
                "These parameters are those of all.",
                "这些参数与统一参数相同。",
            )


def _inputs(
    indicator: Indicator, methods: _Methods, lends: set[str | None], at: str
) -> Iterator[WithoutEffect]:
    """Yield inputs that no formula names, neither for a unit nor of another indicator."""
    used = {
        (each.at, name)
        for each in chain.from_iterable(method.computed() for method in methods.all())
        for name in each.used()
    }
    for each in methods.own.computed():
        for name, source in each.inputs.items():
            lent = source.from_ == MEASURED and source.indicator is None and source.key in lends
            if (each.at, name) not in used and not lent:
                yield WithoutEffect(
                    f"{at}/params{each.at}{pointer(name)}",
                    "input-not-named",
                    f"No formula of {indicator.code} names {name}.",
                    f"{indicator.code} 的公式中没有 {name}。",
                )

"""What is conspicuous about a weight (权重诊断), told when next year's scheme is begun.

A finding names the figure that it rests on and its value. From how much on something is
conspicuous stands here, once; who decides about weights sees the figure beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.rules.reports.diagnostics import CategoryDiagnosis, IndicatorDiagnosis
from scoring.rules.reports.strictness import PANEL_SEAT, ScorerDiagnosis

FEWEST = 3
"""Of fewer scored units no figure says anything."""

NEARLY_ALL = Decimal("0.9")
"""The share of the scored units that have all points, or none, from which on it is conspicuous."""

MISSING = Decimal("0.1")
"""The share of the units without a score from which on it is conspicuous."""

TIMES = 2
"""So many times its weight, or so many parts of it, an effective weight is conspicuous."""

FURTHER = Decimal("0.1")
"""How far, as a share of the points, a scorer lies from the others to be conspicuous."""

FIGURES = (
    "full_marks_share",
    "no_marks_share",
    "unscored_share",
    "highest",
    "effective_weight",
    "variance_share",
    "leniency",
)
"""The figures that findings rest on."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something conspicuous about an indicator, by which figure, in two languages.

    `scorer` is who gave the marks, where it is about that.
    """

    code: str
    figure: str
    value: Decimal
    scorer: str | None
    en: str
    zh: str


def findings(one: IndicatorDiagnosis, category: CategoryDiagnosis) -> tuple[Finding, ...]:
    """Return what is conspicuous about an indicator among those of its category."""
    if one.scored < FEWEST:
        return tuple(_unscored(one))
    if one.lowest == one.highest and one.highest is not None:
        en = f"All {one.scored} units have {one.highest:f}: it separates nobody."
        zh = f"{one.scored} 个单位得分均为 {one.highest:f}，没有区分度。"
        same = Finding("separates-nobody", "highest", one.highest, None, en, zh)
        return (same, *_unscored(one))
    found = [*_ends(one), *_unscored(one), *_weight(one)]
    return (*found, *_scorers(one.indicator, category.scorers))


def _ends(one: IndicatorDiagnosis) -> Iterator[Finding]:
    if one.full_marks_share is not None and one.full_marks_share >= NEARLY_ALL:
        en = f"{one.full_marks} of {one.scored} units have all its points."
        zh = f"{one.scored} 个单位中有 {one.full_marks} 个得满分。"
        yield Finding("nearly-all-full", "full_marks_share", one.full_marks_share, None, en, zh)
    if one.no_marks_share is not None and one.no_marks_share >= NEARLY_ALL:
        en = f"{one.no_marks} of {one.scored} units have none of its points."
        zh = f"{one.scored} 个单位中有 {one.no_marks} 个得零分。"
        yield Finding("nearly-all-none", "no_marks_share", one.no_marks_share, None, en, zh)


def _unscored(one: IndicatorDiagnosis) -> Iterator[Finding]:
    share = one.unscored_share
    if share is not None and share >= MISSING:
        en = f"{one.unscored} of {one.scored + one.unscored} units have no score for it."
        zh = f"{one.scored + one.unscored} 个单位中有 {one.unscored} 个没有得分。"
        yield Finding("often-missing", "unscored_share", share, None, en, zh)


def _weight(one: IndicatorDiagnosis) -> Iterator[Finding]:
    weight, effective, variance = one.weight, one.effective_weight, one.variance_share
    if weight is not None and effective is not None:
        told = f"{effective:f}", f"{weight:f}"
        if effective * TIMES <= weight:
            en = "It separates by {} of what all separate; its weight is {}.".format(*told)
            zh = "实际区分作用占 {}，不超过权重 {} 的一半。".format(*told)
            yield Finding("counts-for-less", "effective_weight", effective, None, en, zh)
        elif effective >= weight * TIMES:
            en = "It separates by {} of what all separate; its weight is {} only.".format(*told)
            zh = "实际区分作用占 {}，为权重 {} 的两倍以上。".format(*told)
            yield Finding("counts-for-more", "effective_weight", effective, None, en, zh)
    if variance is not None and variance < 0:
        en = "Units that do well by it do badly in total: it evens out what the others separate."
        zh = "该指标得分高的单位总分偏低，抵消了其他指标的区分作用。"
        yield Finding("against-the-total", "variance_share", variance, None, en, zh)


def _scorers(code: str, scorers: Sequence[ScorerDiagnosis]) -> Iterator[Finding]:
    """Yield who marks far from the others; a seat, whose marks are no shares, by more than its own
    marks lie apart."""
    for each in scorers:
        far = each.spread if each.kind == PANEL_SEAT else FURTHER
        if code not in each.indicators or abs(each.leniency) < far or each.marks < FEWEST:
            continue
        if not each.leniency:
            continue
        who, by = each.scorer, f"{abs(each.leniency):f}"
        lenient = each.leniency > 0
        more, zh_more = ("above", "高") if lenient else ("below", "低")
        yield Finding(
            "scorer-lenient" if lenient else "scorer-strict",
            "leniency",
            each.leniency,
            who,
            f"{who} marks {by} {more} the mean of all.",
            f"{who} 评分比平均{zh_more} {by}。",
        )

"""What looks wrong in a year (异常提示): each with what was measured and where the line is.

A warning is a reason to look and never a finding: no score, state or right depends on one. All
lines that are drawn stand below and nowhere else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from scoring.rules.columns.exact import half_up, show
from scoring.rules.reports.lights import YELLOW_FROM, Progressing, ProgressLight
from scoring.rules.reports.outliers import distances, median
from scoring.rules.reports.strictness import PANEL_SEAT, ScorerDiagnosis
from scoring.rules.scheme.document import Scheme

BULK: Final = "bulk_at_year_end"
DIGITS: Final = "last_digits"
FROM_LAST_PERIOD: Final = "jump_from_last_period"
FROM_LAST_YEAR: Final = "jump_from_last_year"
SCORER: Final = "scorer_apart"
EVIDENCE: Final = "evidence_duplicates"
BEHIND: Final = "behind_plan"
REPEATED: Final = "repeated_deductions"
WARNINGS: Final = (
    BULK, DIGITS, FROM_LAST_PERIOD, FROM_LAST_YEAR, SCORER, EVIDENCE, BEHIND, REPEATED
)  # fmt: skip
"""The kinds of warnings, in the order in which they are listed."""

LAST_DAYS = 15
"""How many days the end of a year has; what is entered later came at the end too."""

LEAST_ENTRIES = 20
"""Of how many entries at least a source's share at the end of the year is looked at."""

LEAST_EXCESS = Fraction(1, 4)
"""By how much that share is to be above the one of an even spread."""

LEAST_VALUES = 50
"""Of how many values at least the last digits are looked at: so many that each of the ten is
expected five times, which is what the chi-square distribution needs (Cochran)."""

LEAST_STEPS = 100
"""How many steps of their last digit values are to be apart at least: of fewer the first digits
decide about the last."""

CHI_SQUARE_LINE = Fraction(27877, 1000)
"""What one in a thousand samples of even last digits exceeds: chi-square, 9 degrees of freedom."""

EVEN_CHI_SQUARE = Fraction(9)
"""What the statistic is on average where last digits are even: its degrees of freedom."""

FAR = Fraction(7, 2)
"""From which modified z score on something is far from the others (Iglewicz and Hoaglin, 1993)."""

LEAST_PEERS = 8
"""Among how many units at least a change is looked at."""

LEAST_JUMP = Fraction(1, 5)
"""By how much of the value before a change is to differ from the median of all at least."""

LEAST_SCORERS = 5
"""Among how many scorers at least one's marks are looked at."""

LEAST_DISTANCE = Fraction(1, 20)
"""By how much of the scorers' median mark one is to be apart from their median at least."""

LEAST_REPEATED = 3
"""How many small deductions of one kind are several."""

SMALL_PART = Fraction(1, 4)
"""Up to which part of an indicator's points the cost of one event is small."""

PROVES_NOTHING = "It proves nothing: somebody should look.", "仅供核查，不能据此下结论。"
"""What every warning ends with."""

PLACES = 4
"""The decimal places of what is shown; compared are fractions."""

_DEDUCTING = frozenset({"deduct_events", "base_plus_minus"})


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning: what was `measured`, beyond which `threshold`, of a `sample` of so many.

    `expected` is what it would be where nothing is unusual, if that is known. `key` and `item` say
    of what in an entry it is, `period` of which.
    """

    kind: str
    measured: Fraction
    threshold: Fraction
    sample: int
    en: str
    zh: str
    expected: Fraction | None = None
    unit: str | None = None
    indicator: str | None = None
    scorer: str | None = None
    key: str | None = None
    item: str | None = None
    period: str | None = None

    @property
    def about(self) -> tuple[str, ...]:
        """What the warning is about: no two of a list are about the same."""
        told = self.unit, self.indicator, self.scorer, self.key, self.item, self.period
        return self.kind, *(each or "" for each in told)


def in_order(found: Iterable[Warned]) -> list[Warned]:
    """Return warnings kind by kind, what is farthest beyond its line first."""
    return sorted(
        found, key=lambda w: (WARNINGS.index(w.kind), -abs(w.measured - w.threshold), w.about)
    )


def cut_short(value: Fraction | Decimal) -> str:
    """Return a number as a warning tells it: to four decimal places."""
    return show(half_up(Fraction(value), PLACES))


def in_percent(part: Fraction) -> str:
    """Return a part of a whole as a percentage."""
    return f"{show(half_up(part * 100, 1))}%"


def apart(given: Iterable[ScorerDiagnosis]) -> Iterator[Warned]:
    """Yield the scorers of a category whose marks are far from those of the others: units and
    surveys held against one another, seats against those of the same indicator."""
    groups: dict[str | None, list[ScorerDiagnosis]] = {}
    for each in given:
        indicator = each.indicators[0] if each.kind == PANEL_SEAT else None
        groups.setdefault(indicator, []).append(each)
    for indicator, scorers in groups.items():
        if len(scorers) >= LEAST_SCORERS:
            yield from _apart(indicator, scorers)


def _apart(indicator: str | None, scorers: Sequence[ScorerDiagnosis]) -> Iterator[Warned]:
    leniencies = [Fraction(each.leniency) for each in scorers]
    middle = median(leniencies)
    least = LEAST_DISTANCE * median([Fraction(each.mean) for each in scorers])
    for each, lenient, far in zip(scorers, leniencies, distances(leniencies), strict=True):
        if abs(far) > FAR and abs(lenient - middle) >= least:
            own, usual = cut_short(lenient), cut_short(middle)
            z, line = cut_short(abs(far)), cut_short(FAR)
            yield Warned(
                kind=SCORER,
                scorer=each.scorer,
                indicator=indicator,
                measured=abs(far),
                threshold=FAR,
                sample=len(scorers),
                en=f"{each.marks} marks differ from the mean of all by {own} on average, the "
                f"median of {len(scorers)} scorers is {usual}: a modified z score of {z}, the line "
                f"is {line}.",
                zh=f"所评{each.marks}个分数平均偏离总体均值{own}，{len(scorers)}个评分方的中位数为"
                f"{usual}；修正z值为{z}，界限为{line}。",
            )


def duplicates(files: int, pairs: int) -> Iterator[Warned]:
    """Yield that some files of a cycle were added twice, or look the same."""
    if pairs:
        yield Warned(
            kind=EVIDENCE,
            measured=Fraction(pairs),
            threshold=Fraction(1),
            expected=Fraction(0),
            sample=files,
            en=f"Of {files} files {pairs} pairs are equal or look the same, the line is 1: see "
            "`GET …/evidence-duplicates`.",
            zh=f"{files}份佐证材料中有{pairs}对相同或相似，界限为1对；见"
            "`GET …/evidence-duplicates`。",
        )


def behind(progress: Iterable[Progressing]) -> Iterator[Warned]:
    """Yield the units that are behind the plan of an indicator: those that show a red light."""
    for each in progress:
        if each.light != ProgressLight.RED or each.value is None or each.planned is None:
            continue
        plan, value = Fraction(each.planned), Fraction(each.value)
        # Where less is better the plan is the part of the value, and not the value of the plan.
        line = plan / YELLOW_FROM if value > plan else plan * YELLOW_FROM
        line = plan if each.part is None else line
        had, aim, at = show(each.value), show(each.planned), cut_short(line)
        yield Warned(
            kind=BEHIND,
            unit=each.unit,
            indicator=each.indicator.code,
            period=None if each.milestone is None else each.milestone.period,
            measured=value,
            expected=plan,
            threshold=line,
            sample=1,
            en=f"{had} was reached where {aim} was planned by now; the line is {at}.",
            zh=f"按进度应达到{aim}，现为{had}；界限为{at}。",
        )


class Repeated(NamedTuple):
    """How many entries tell of events of one kind, of how many, and how often the scheme counts
    these: more often where each is counted by percents."""

    entries: int
    times: Decimal
    counted: Decimal


Events = Mapping[tuple[str, str, str], Repeated]
"""By unit, indicator and key what events there are."""


def repeated(scheme: Scheme, events: Events) -> Iterator[Warned]:
    """Yield which small deductions of one kind a unit has several of."""
    for (unit, code, key), (entries, times, counted) in events.items():
        category = scheme.category_of().get(unit)
        indicator = None if category is None else category.indicators().get(code)
        if indicator is None or indicator.method not in _DEDUCTING or times < LEAST_REPEATED:
            continue
        worth = indicator.parameters_of(unit).numbers("per_event").get(key, Decimal(0))
        sign = 1 if indicator.method == "deduct_events" else -1
        cost = sign * Fraction(worth) * Fraction(counted) / Fraction(times)
        if not 0 < cost <= SMALL_PART * Fraction(indicator.points):
            continue
        each, points, often = cut_short(cost), show(indicator.points), show(times)
        yield Warned(
            kind=REPEATED,
            unit=unit,
            indicator=code,
            key=key,
            measured=Fraction(times),
            threshold=Fraction(LEAST_REPEATED),
            sample=entries,
            en=f"{often} events of one kind, {each} points each out of {points}; the line is "
            f"{LEAST_REPEATED}.",
            zh=f"同类扣分事项{often}次，每次扣{each}分（指标分值{points}分）；界限为"
            f"{LEAST_REPEATED}次。",
        )

"""Putting the marks of several scorers on one scale (修正系数), where a scheme asks for it.

Four ways that are in real use. All of them equalise groups of really different quality too, so a
scheme decides before the year, and only for judged marks; in small groups a coefficient is noise:
they stay as they are, and coefficients are kept within bounds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.exact import half_up, precise, root, show
from scoring.rules.columns.quotients import Quotients
from scoring.rules.methods.cells import GROUP, UsedInput
from scoring.rules.methods.group_facts import GroupFacts
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.scheme.document import Category, Indicator, Normalisation, Scheme
from scoring.rules.sheet.outcomes import ColumnOutcome

Groups = Mapping[str, Sequence[Fraction]]
"""The marks of one indicator, by who gave them."""

RANK_PERCENTILE, Z_SCORE = "rank_percentile", "z_score"


@dataclass(frozen=True, slots=True)
class GroupScale:
    """How the marks of one group are put on the common scale.

    They are multiplied by a `coefficient`; or those that are `away` from their `mean` by so many of
    their `deviation`s are placed as far from the common mean (`to_mean`, `to_deviation`); or each
    is given its percentile among them. A group that is too small, or has nobody to be held against,
    is `kept` as it is.
    """

    marks: int
    mean: Fraction
    kept: bool = False
    coefficient: Fraction | None = None
    deviation: Fraction | None = None
    to_mean: Fraction | None = None
    to_deviation: Fraction | None = None


def scales(groups: Groups, policy: Normalisation) -> dict[str, GroupScale]:
    """Return the scale of each group that has marks.

    Groups below the smallest size stay as they are and have no part in what is common; where fewer
    than two are left, all of them stay.
    """
    known = {name: marks for name, marks in groups.items() if marks}
    large = _large(known, policy.smallest_group)
    found = {
        name: GroupScale(len(marks), _mean(marks), kept=True)
        for name, marks in known.items()
        if name not in large
    }
    if large:
        found |= _WAYS[policy.method](large, policy)
    return {name: found[name] for name in known}


def _large(groups: Groups, least: int) -> Groups:
    """Return the groups that can be put on one scale, none where there are fewer than two: one
    whose marks come to nothing, or less, has no mean that a coefficient could raise."""
    found = {n: marks for n, marks in groups.items() if len(marks) >= least and sum(marks) > 0}
    return found if len(found) > 1 else {}


def percentiles(marks: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """Return by row the share, of 100, of the others in its group that a mark is above; equal marks
    count half for each other."""
    listed, others = sorted(marks.values()), len(marks) - 1
    if not others:
        return dict.fromkeys(marks, Fraction(100))
    found = dict[int, Fraction]()
    for row, mark in marks.items():
        below, up_to = bisect_left(listed, mark), bisect_right(listed, mark)
        found[row] = 100 * (below + Fraction(up_to - below - 1, 2)) / others
    return found


def placed(
    mark: Fraction, scale: GroupScale, points: Fraction, percentile: Fraction | None
) -> Fraction:
    """Return a mark on the common scale, not below 0 and not above the indicator's points."""
    found = mark
    if scale.coefficient is not None:
        found = mark * scale.coefficient
    elif scale.to_mean is not None:
        away = (mark - scale.mean) / scale.deviation if scale.deviation else Fraction(0)
        found = scale.to_mean + away * (scale.to_deviation or 0)
    elif percentile is not None:
        found = points * percentile / 100
    return min(max(found, Fraction(0)), points)


def _second_mean(groups: Groups, policy: Normalisation) -> dict[str, GroupScale]:
    """Multiply by the mean of the groups' means over the group's own mean (二次平均法): every group
    weighs the same, however many it has."""
    means = {name: _mean(marks) for name, marks in groups.items()}
    common = _mean(list(means.values()))
    return {
        name: GroupScale(len(marks), means[name], coefficient=_within(common / means[name], policy))
        for name, marks in groups.items()
    }


def _grand_mean_ratio(groups: Groups, policy: Normalisation) -> dict[str, GroupScale]:
    """Multiply by the mean of all marks over the group's mean, as a coefficient of two decimals: a
    large group weighs more."""
    common = _mean([mark for marks in groups.values() for mark in marks])
    found = {}
    for name, marks in groups.items():
        mean = _mean(marks)
        coefficient = Fraction(half_up(common / mean, 2))
        found[name] = GroupScale(len(marks), mean, coefficient=_within(coefficient, policy))
    return found


def _z_score(groups: Groups, policy: Normalisation) -> dict[str, GroupScale]:
    """Give every group the mean and the deviation of the scheme, or else those of all marks."""
    every = [mark for marks in groups.values() for mark in marks]
    to_mean = _mean(every) if policy.mean is None else Fraction(policy.mean)
    to_deviation = _deviation(every) if policy.deviation is None else Fraction(policy.deviation)
    return {
        name: GroupScale(
            len(marks),
            _mean(marks),
            deviation=_deviation(marks),
            to_mean=to_mean,
            to_deviation=to_deviation,
        )
        for name, marks in groups.items()
    }


def _rank_percentile(groups: Groups, _: Normalisation) -> dict[str, GroupScale]:
    return {name: GroupScale(len(marks), _mean(marks)) for name, marks in groups.items()}


_WAYS = {
    "second_mean": _second_mean,
    "grand_mean_ratio": _grand_mean_ratio,
    Z_SCORE: _z_score,
    RANK_PERCENTILE: _rank_percentile,
}


def _within(coefficient: Fraction, policy: Normalisation) -> Fraction:
    if not policy.clamp:
        return coefficient
    low, high = map(Fraction, policy.clamp)
    return min(max(coefficient, low), high)


def _mean(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)


def _deviation(marks: Sequence[Fraction]) -> Fraction:
    """Return the deviation of a whole population; an irrational one to fifty digits."""
    centre = _mean(marks)
    return root(_mean([(mark - centre) ** 2 for mark in marks]))


# Of a category's columns.

_FACT = "normalised: "
_NAMES = ("coefficient", "deviation", "to_mean", "to_deviation")

Marks = Mapping[int, Fraction]


def marks_of(column: ColumnOutcome) -> dict[int, Fraction]:
    """Return by row the marks that were given: scores that nothing stands in for."""
    exact = column.scores.exact()
    rows = np.flatnonzero(column.has_score).tolist()
    return {row: exact.at(row) for row in rows if row not in column.decisions}


def _facts_of(code: str, scale: GroupScale, shares: Mapping[int, Fraction]) -> GroupFacts:
    """Return what the units of a category take from all that were marked for an indicator."""
    found = GroupFacts()
    given = {name: getattr(scale, name) for name in _NAMES}
    given |= {"marks": scale.marks, "mean": scale.mean, "kept": int(scale.kept)}
    for name, value in given.items():
        if value is not None:
            found.shared[code, _FACT + name] = value
    if shares:
        found.own[code, f"{_FACT}percentile"] = dict(shares)
    return found


def scale_of(code: str, facts: GroupFacts) -> GroupScale | None:
    """Return the scale of a category's marks for an indicator, None where it has none."""
    found = {
        name: facts.shared[code, _FACT + name]
        for name in ("marks", "mean", "kept", *_NAMES)
        if (code, _FACT + name) in facts.shared
    }
    if "marks" not in found:
        return None
    numbers = {name: Fraction(found[name] or 0) for name in ("mean", *_NAMES) if name in found}
    return GroupScale(marks=int(found["marks"] or 0), kept=bool(found["kept"]), **numbers)


def normalise(column: ColumnOutcome, facts: GroupFacts) -> None:
    """Put the marks of a column on the common scale, as far as one was found."""
    code = column.indicator.code
    scale = scale_of(code, facts)
    if scale is None:
        return
    raw, marks = column.scores, marks_of(column)
    points, places = Fraction(column.indicator.points), raw.places
    own = facts.own.get((code, f"{_FACT}percentile"), {})
    shares = {row: Fraction(each) for row, each in own.items() if each is not None}
    found = {
        row: mark if scale.kept else placed(mark, scale, points, shares.get(row))
        for row, mark in marks.items()
    }
    exact = raw.of.values
    values = Quotients.of([found.get(row, exact.at(row)) for row in range(len(raw))])

    def tell(row: int) -> AppliedRule:
        if row not in found:
            return raw.of.tell(row)
        narration = raw.narrated(row)
        if scale.kept:
            return AppliedRule(STAYS, show(narration.score), ((BEFORE, narration),))
        rule, formula = _told(narration.score, scale, points, shares.get(row))
        return AppliedRule(rule, formula, ((BEFORE, narration),))

    rows = np.array(sorted(found), dtype=np.int64)
    used = tuple(_used(code, scale))
    column.log.add(rows, lambda _: used)
    column.scores = replace(raw.of, values=values, tell=tell).rounded(places)


STAYS = "too few were marked to put them on one scale: as it is"
BEFORE = "before it was put on one scale"


def _told(
    mark: Decimal, scale: GroupScale, points: Fraction, percentile: Fraction | None
) -> tuple[str, str]:
    """Return how a mark was placed, in words and in numbers."""
    said = show(mark)
    if scale.coefficient is not None:
        return _between("the mark × coefficient", f"{said} × {precise(scale.coefficient)}", points)
    if scale.to_mean is not None:
        rule, formula = "common mean", precise(scale.to_mean)
        if scale.deviation:
            rule += " + (the mark - mean of the group) / its deviation × common deviation"
            formula += f" + ({said} - {precise(scale.mean)}) / {precise(scale.deviation)}"
            formula += f" × {precise(scale.to_deviation or Fraction(0))}"
        return _between(rule, formula, points)
    share = Fraction(0) if percentile is None else percentile
    return "points × percentile / 100", f"{show(points)} × {precise(share)} / 100"


def _between(rule: str, formula: str, points: Fraction) -> tuple[str, str]:
    return f"max(0, min({rule}, points))", f"max(0, min({formula}, {show(points)}))"


def _used(code: str, scale: GroupScale) -> Iterator[UsedInput]:
    yield UsedInput(f"marks on one scale, {code}", str(scale.marks), GROUP)
    if scale.coefficient is not None:
        yield UsedInput(f"coefficient, {code}", show(half_up(scale.coefficient, 4)), GROUP)


@dataclass(frozen=True, slots=True)
class NormalisedGroup:
    """What became of the marks for an indicator in a category; `group` gave them."""

    indicator: str
    category: str
    group: str
    scale: GroupScale


def scorer_of(category: Category, indicator: Indicator, policy: Normalisation) -> str:
    """Return who marks the units of a category: its organiser, or the panel or unit that does."""
    if policy.by == "organiser":
        return category.organiser or category.code
    panel = indicator.params.get("panel")
    return str(panel) if panel else indicator.data_source_unit


def on_one_scale(scheme: Scheme, categories: Collection[str]) -> frozenset[str]:
    """Return the categories whose marks are put on one scale, none where those of these are not."""
    policy = scheme.normalisation
    if policy is None or policy.method == "none":
        return frozenset()
    of = frozenset(policy.of)
    found = frozenset(c.code for c in scheme.categories if of & c.indicators().keys())
    return found if found & set(categories) else frozenset()


def together(scheme: Scheme, categories: Collection[str]) -> list[str]:
    """Return the categories that have to be scored for these: with them those whose marks are put
    on one scale with theirs."""
    needed = {*categories, *on_one_scale(scheme, categories)}
    return [each.code for each in scheme.categories if each.code in needed]


def common_scales(
    scheme: Scheme, scored: Iterable[tuple[Category, Mapping[str, ColumnOutcome]]]
) -> tuple[dict[str, GroupFacts], list[NormalisedGroup]]:
    """Return what the units of each category take from all that were marked, and the groups.

    `scored` are the categories as they are before anything is put on one scale.
    """
    policy, columns = scheme.normalisation, list(scored)
    facts, told = dict[str, GroupFacts](), list[NormalisedGroup]()
    if policy is None or policy.method == "none":
        return facts, told
    for code in policy.of:
        marks = _marked(code, columns, policy)
        every = {group: _all(of) for group, of in marks.items()}
        for group, scale in scales(every, policy).items():
            placing = policy.method == RANK_PERCENTILE and not scale.kept
            shares = _percentiles(marks[group]) if placing else {}
            for category in marks[group]:
                found = facts.setdefault(category, GroupFacts())
                own = _facts_of(code, scale, shares.get(category, {}))
                found.shared |= own.shared
                found.own |= own.own
                told.append(NormalisedGroup(code, category, group, scale))
    return facts, told


def _all(marks: Mapping[str, Marks]) -> list[Fraction]:
    return [mark for of_category in marks.values() for mark in of_category.values()]


def _marked(
    code: str,
    scored: Iterable[tuple[Category, Mapping[str, ColumnOutcome]]],
    policy: Normalisation,
) -> dict[str, dict[str, Marks]]:
    """Return the marks for an indicator by who gave them and by category."""
    found: dict[str, dict[str, Marks]] = {}
    for category, outcomes in scored:
        if code in outcomes:
            group = scorer_of(category, outcomes[code].indicator, policy)
            found.setdefault(group, {})[category.code] = marks_of(outcomes[code])
    return found


def _percentiles(marks: Mapping[str, Marks]) -> dict[str, dict[int, Fraction]]:
    """Return the percentiles in a group of marks that may be of several categories."""
    every = [(category, row) for category, given in marks.items() for row in given]
    placed_at = percentiles({n: marks[c][row] for n, (c, row) in enumerate(every)})
    found: dict[str, dict[int, Fraction]] = {category: {} for category in marks}
    for n, (category, row) in enumerate(every):
        found[category][row] = placed_at[n]
    return found

"""What a closed wave tells, audited by linear programs over everything that is told together."""

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array

from service_testing import trials
from survey.rules.disclosure import (
    LEAST_COUNT,
    LEAST_SAMPLE,
    NOTHING,
    Answered,
    Estimable,
    EstimatesTold,
    Told,
    _bounds,
    _bounds_by_squares,
    _together,
    estimable,
    told_of,
    waves_apart,
)

STEPS = {"a": 100, "b": 80, "c": 60, "d": 30, "e": 0}
MARKS = {f"m{mark}": 10 * mark for mark in range(1, 11)}
YES_NO = {"yes": 100, "no": 0}
PLACES = 4
ROUNDED = 0.51 * 10**-PLACES
SLACK = 1e-5
"""What the solver may be off, in people."""


def answered(counts, values=STEPS, satisfied=("a", "b"), scored=False, **more):
    values = {option: Decimal(value) for option, value in values.items()}
    counts = dict(zip([*values, "none"], counts, strict=False))
    more = {"question": "q", "group": None} | more
    return Answered(counts=counts, values=values, satisfied=satisfied, scored=scored, **more)


def told(*rows, apart=True):
    return told_of(rows, apart=apart)


def counts(counts, **more):
    [found] = told(answered(counts, **more))
    return list(found.counts.values())


# --- one row ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((50, 40, 30, 20, 10, 12), [50, 40, 30, 20, 10, 12]),
        ((50, 40, 30, 20, 0, 12), [50, 40, 30, 20, 0, 12]),
        # One alone would be the total less the others.
        ((50, 40, 30, 20, 9, 12), [50, 40, 30, 20, None, None]),
        # Two that are nine together could not be ten.
        ((50, 40, 30, 5, 4, 12), [50, 40, 30, None, None, None]),
        ((50, 40, 30, 5, 5, 12), [50, 40, 30, None, None, 12]),
        # What nobody gave is left out beside it: that it is nothing would tell what is the rest.
        ((50, 40, 30, 9, 0, 0), [50, 40, None, None, None, None]),
        # Of equal ones the first by its place.
        ((20, 20, 20, 1, 20, 20), [None, 20, 20, None, 20, 20]),
        ((300, 0, 0, 0, 0, 0), [None] * 6),
        ((300, 2, 0, 0, 0, 0), [None] * 6),
        ((2, 1, 0, 0, 0, 0), [None] * 6),
        ((0, 0, 0, 0, 0, 0), [None] * 6),
    ],
)
def test_counts_below_ten_are_left_out_with_as_many_others_as_it_takes(given, expected):
    assert counts(given) == expected


def test_why_a_count_is_left_out_is_not_told():
    """Planted bug: a word beside the count that says primary or complementary."""
    one, other = counts((50, 40, 30, 20, 9, 12)), counts((50, 40, 30, 20, 12, 9))
    assert one == other == [50, 40, 30, 20, None, None]


@pytest.mark.parametrize(("asked", "expected"), [(9, None), (10, 10)])
def test_fewer_answers_than_ten_are_not_told_either(asked, expected):
    [found] = told(answered((asked, 0, 0, 0, 0)))
    assert found.answers == expected


@pytest.mark.parametrize(("more", "expected"), [(9, None), (10, Fraction(80))])
def test_a_mean_needs_thirty_answers(more, expected):
    [found] = told(answered((10, more, 10, 0, 0), values={"a": 100, "b": 80, "c": 60, "d": 0}))
    assert found.mean == expected
    assert (found.rate is None) == (expected is None)


def test_a_mean_is_of_the_answers_that_carry_a_score():
    [found] = told(answered((20, 20, 0, 0, 0, 500)))
    assert (found.mean, found.rate) == (90, 100)


def test_a_row_of_which_nothing_is_satisfied_has_no_rate():
    [found] = told(answered((20, 20, 0, 0, 0), satisfied=()))
    assert (found.mean, found.rate) == (90, None)


# --- what is scored -------------------------------------------------------------------------------


def test_a_scored_row_tells_all_counts_or_none():
    """Its mean is known, and gives away what is left out."""
    [whole] = told(answered((300, 60, 20, 10, 10), scored=True))
    assert whole.is_whole
    [hidden] = told(answered((300, 60, 20, 10, 9), scored=True))
    assert set(hidden.counts.values()) == {None}
    assert hidden.mean == Fraction(36300, 399)


def test_a_mean_is_not_told_where_it_bounds_what_is_left_out():
    """Of 400 answers that come to 99 of 100, four at most were worth nothing."""
    [found] = told(answered((380, 20, 0, 0, 0), scored=True))
    assert (found.is_whole, found.mean, found.rate) == (True, 99, 100)
    [found] = told(answered((385, 10, 5, 0, 0), scored=True))
    assert (found.is_whole, found.mean, found.rate) == (False, None, None)


def test_a_rate_is_not_told_where_with_the_mean_it_bounds_what_is_left_out():
    """Twenty of 400 are not content; by the mean nine of them at most are not at all."""
    [found] = told(answered((380, 5, 5, 5, 5), scored=True))
    assert (found.is_whole, found.mean, found.rate) == (False, Fraction(38850, 400), None)
    [found] = told(answered((300, 60, 20, 15, 5), scored=True))
    assert (found.is_whole, found.mean, found.rate) == (False, Fraction(36450, 400), 90)


def test_two_options_with_a_known_mean_are_told_or_known_all_the_same():
    [found] = told(answered((395, 5), values=YES_NO, satisfied=("yes",), scored=True))
    assert (found.is_whole, found.mean) == (False, None)


def test_what_is_scored_is_told_of_all_groups_or_of_none():
    """The score of the unit less that of one group gives that of the other.

    Planted bug: judge each row by itself.
    """
    large = answered((100, 50, 20, 15, 15), scored=True, group="residents")
    small = answered((10, 5, 3, 1, 1), scored=True, group="firms")
    assert told(large)[0].mean is not None
    assert [each.mean for each in told(large, small)] == [None, None]
    assert not any(each.is_whole for each in told(large, small))
    unanswered = answered((0, 0, 0, 0, 0), scored=True, group="firms")
    assert told(large, unanswered)[0].is_whole


def test_a_question_that_is_only_reported_is_told_by_itself():
    plain = answered((100, 50, 20, 15, 15), question="p")
    small = answered((10, 5, 3, 1, 1), scored=True, group="firms")
    assert told(plain, small)[0].is_whole
    assert told(plain, small, apart=False)[0].is_whole


def test_a_question_put_to_some_is_told_where_it_is_told_how_many_they_are():
    """Planted bug: leave `asked_if` out."""
    later = answered((12, 0, 12, 0, 0), question="why", asked_if="q")
    assert [each.answers for each in told(answered((300, 60, 24, 0, 0)), later)] == [384, 24]
    hidden = told(answered((300, 60, 20, 4, 0)), later)[1]
    assert (hidden.answers, hidden.is_whole, hidden.mean) == (None, False, None)


@pytest.mark.parametrize(
    ("required", "waves", "samples", "expected"),
    [
        (1, 2, [400, 400], True),
        (400, 2, [400], True),
        (1, 2, [400], False),  # the second may have three answers, and the mean tells them
        (1, 2, [400, 29], False),
        (1, 2, [29, 400], False),
        (1, 1, [30], True),
        (1, 1, [29], False),
    ],
)
def test_waves_are_told_all_or_their_mean_alone(required, waves, samples, expected):
    assert waves_apart(required, waves, samples) is expected


def test_where_the_waves_are_not_told_apart_nothing_scored_is():
    [found] = told(answered((300, 60, 20, 10, 10), scored=True), apart=False)
    assert (found.is_whole, found.mean, found.answers) == (False, None, 400)


# --- everything together --------------------------------------------------------------------------


@dataclass(frozen=True)
class Year:
    """One unit's answers in the waves of a year, stratum by stratum; `shares` are those of the
    groups, and `stands_for` says how many people a respondent of a stratum does."""

    strata: list[list[list[Answered]]]
    shares: dict[str | None, Fraction]
    weights: dict[str, Fraction]
    stands_for: tuple[int, ...] = (1, 1)

    @cached_property
    def waves(self):
        return [[_together(rows) for rows in zip(*each, strict=True)] for each in self.strata]

    @property
    def cells(self):
        return [
            (wave, row.question, row.group, option, stratum)
            for wave, strata in enumerate(self.strata)
            for stratum, rows in enumerate(strata)
            for row in rows
            for option in row.counts
        ]

    def parts(self, cell):
        """Give the cells of all strata where none is named."""
        strata = range(len(self.strata[0])) if len(cell) == 4 else cell[4:]
        return [(*cell[:4], stratum) for stratum in strata]

    def sample(self, wave):
        found = defaultdict(int)
        for row in self.waves[wave]:
            if row.scored:
                found[row.question] += row.sample
        return min(found.values())


def seeded(seed):
    return random.Random(seed)  # noqa: S311 - draws examples, no secrets


def drawn(draw):
    """A unit that most, or not so many, are content with; often few were asked."""
    groups = draw.choice([[None], [None], ["residents", "firms"], ["p", "q", "r"]])
    kind = draw.choice([STEPS, STEPS, MARKS])
    part = Fraction(draw.choice([1, 1, 2]), 2)
    weights = {"whole": part, "side": 1 - part, "open": Fraction(0), "why": Fraction(0)}
    shares = dict(zip(groups, [Fraction(1, len(groups))] * len(groups), strict=True))
    number, stands_for = draw.choice([1, 1, 2]), draw.choice([(1, 1), (1, 4)])
    waves = [
        [
            [row for group in groups for row in _interviews(draw, group, kind, weights)]
            for _ in range(number)
        ]
        for _ in range(2)
    ]
    return Year(waves, shares, weights, stands_for)


def _interviews(draw, group, kind, weights):
    asked, bad = draw.choice([12, 35, 60, 150, 400]), draw.choice([0.3, 0.6, 1.2])
    options = [*kind, "none"]
    odds = [draw.random() ** 2 * bad**place + 0.01 for place in range(len(options))]
    told = {
        question: draw.choices(options, odds, k=asked) for question in weights if question != "why"
    }
    told["why"] = draw.choices(["x", "y", "z"], k=sum(each in options[2:] for each in told["open"]))
    for question, answers in told.items():
        values = {"x": 100, "y": 50, "z": 0} if question == "why" else kind
        yield Answered(
            question=question,
            group=group,
            counts={
                o: answers.count(o) for o in values | ({} if question == "why" else {"none": 0})
            },
            values={option: Decimal(value) for option, value in values.items()},
            satisfied=list(values)[:2],
            scored=weights[question] > 0,
            asked_if="open" if question == "why" else None,
        )


def official(year):
    """Yield what is told wherever it is: who was asked, the score, and the mean of the waves.

    How many gave an answer that carries a score is taken for known, of every group.
    """
    parts = {}
    for wave, rows in enumerate(year.waves):
        parts[wave] = defaultdict(float)
        shares = {row.group: year.shares[row.group] for row in rows if row.scored and row.sample}
        for row in rows:
            cells = {option: (wave, row.question, row.group, option) for option in row.counts}
            if row.asked_if is None:
                yield dict.fromkeys(cells.values(), 1.0), row.answers, 0
            else:
                first = next(r for r in rows if (r.question, r.group) == ("open", row.group))
                some = [(wave, "open", row.group, option) for option in list(first.counts)[2:]]
                yield dict.fromkeys(cells.values(), 1.0) | dict.fromkeys(some, -1.0), 0, 0
            if row.scored and row.sample:
                yield {cells[option]: 1.0 for option in row.values}, row.sample, 0
                asked = {r.question for r in rows if r.scored and r.group == row.group and r.sample}
                part = shares[row.group] / sum(shares.values()) * year.weights[row.question]
                part /= sum(year.weights[question] for question in asked)
                for option, value in row.values.items():
                    parts[wave][cells[option]] += float(part * Fraction(value) / row.sample)
    score = {wave: exact(year, part) for wave, part in parts.items()}
    both = {cell: each / 2 for part in parts.values() for cell, each in part.items()}
    yield both, sum(score.values()) / 2, 3 * ROUNDED
    if apart(year):
        for wave, part in parts.items():
            yield part, score[wave], 3 * ROUNDED


def exact(year, part):
    return sum(each * row_of(year, cell).counts[cell[3]] for cell, each in part.items())


def row_of(year, cell):
    wave, *which = cell[:3]
    return next(row for row in year.waves[wave] if [row.question, row.group] == which)


def apart(year):
    return waves_apart(1, 2, [year.sample(wave) for wave in range(2)])


def tables(year, tell):
    """Yield what the tables tell besides, and at last the cells that they leave out."""
    for wave, rows in enumerate(year.waves):
        for row, found in zip(rows, tell(rows, apart=apart(year)), strict=True):
            cells = {option: (wave, row.question, row.group, option) for option in row.counts}
            for option, count in found.counts.items():
                if count is not None:
                    yield {cells[option]: 1.0}, count, 0
            if found.answers is not None:
                yield dict.fromkeys(cells.values(), 1.0), found.answers, 0
            for figure, worth in (
                (found.mean, row.values),
                (found.rate, dict.fromkeys(row.satisfied, 100)),
            ):
                if figure is not None:
                    sums = {
                        cells[option]: float(worth.get(option, 0)) - float(figure)
                        for option in row.values
                    }
                    yield sums, 0, ROUNDED * row.sample


def estimates(year, tell):
    """Yield what estimates tell besides the tables: samples, means and rates, which weights make
    other sums of than the tables do, and the sums of squares that standard errors give away.

    What is told of strata is taken for told of each group in them.
    """
    for wave, strata in enumerate(year.strata):
        by_stratum = len(strata) > 1 and year.stands_for != (1, 1)
        found = tell(strata, apart=apart(year), by_stratum=by_stratum)
        for row in year.waves[wave]:
            may = found.rows[row.question, row.group]
            parts = list(enumerate(rows_like(row, strata)))
            if may.sample:
                yield _sums(wave, row, {stratum: 1.0 for stratum, _ in parts}), row.sample, 0
            weighed = {stratum: year.stands_for[stratum] * by_stratum or 1 for stratum, _ in parts}
            yield from _figures(wave, parts, weighed, may)
            if len(strata) > 1:
                for part in parts:
                    of_stratum = replace(found.strata[row.question], error=may.error)
                    yield from _figures(wave, [part], {part[0]: 1}, of_stratum)


def rows_like(row, strata):
    return [
        r for rows in strata for r in rows if (r.question, r.group) == (row.question, row.group)
    ]


def _figures(wave, parts, weighed, may):
    whole = sum(weighed[stratum] * row.sample for stratum, row in parts)
    if not whole:
        return
    for told, worth in (
        (may.mean, lambda row, option: float(row.values[option])),
        (may.rate, lambda row, option: float(option in row.satisfied)),
        (may.error, lambda row, option: float(row.values[option]) ** 2 / 100),
    ):
        if told:
            sums, value = {}, 0.0
            for stratum, row in parts:
                for option in row.values:
                    each = weighed[stratum] * worth(row, option)
                    sums[wave, row.question, row.group, option, stratum] = each
                    value += each * row.counts[option]
            yield sums, value, 1e-6


def _sums(wave, row, strata):
    return {
        (wave, row.question, row.group, option, stratum): each
        for stratum, each in strata.items()
        for option in row.values
    }


def bounds(year, constraints, wanted):
    """Return the least and the greatest count of each wanted cell, by one program with a copy of
    everything for each of them."""
    if not wanted:
        return {}
    place = {cell: n for n, cell in enumerate(year.cells)}
    rows, most = [], []
    for sums, value, slack in constraints:
        line = np.zeros(len(place))
        for cell, each in sums.items():
            for part in year.parts(cell):
                line[place[part]] += each
        rows += [line, -line]
        most += [float(value) + slack + 1e-9 * (slack > 0)]
        most += [-float(value) + slack + 1e-9 * (slack > 0)]
    matrix = csr_array(np.array(rows))
    copies = block_diag([matrix] * len(wanted), format="csr")
    found = []
    for sign in (1, -1):
        aim = np.zeros(len(place) * len(wanted))
        for n, cell in enumerate(wanted):
            for part in year.parts(cell):
                aim[n * len(place) + place[part]] = sign
        solved = linprog(aim, A_ub=copies, b_ub=np.tile(most, len(wanted)), bounds=(0, None))
        assert solved.status == 0, solved.message
        found.append(
            [
                sum(solved.x[n * len(place) + place[part]] for part in year.parts(cell))
                for n, cell in enumerate(wanted)
            ]
        )
    return {cell: (low, high) for cell, low, high in zip(wanted, *found, strict=True)}


def left_out(year, tell):
    return [
        (wave, found.question, found.group, option)
        for wave, rows in enumerate(year.waves)
        for row, found in zip(rows, tell(rows, apart=apart(year)), strict=True)
        for option, count in found.counts.items()
        if count is None and (row.answers or not row.asked_if)  # that nobody was asked may be told
    ]


def nothing(strata, **_):
    """Tell no estimates."""
    rows = {(row.question, row.group): NOTHING for row in strata[0]}
    return EstimatesTold(rows, {row.question: NOTHING for row in strata[0]})


def few_in_strata(year, estimate):
    """Give the cells of single strata that few are in, unless all counts of them may be told."""
    return [
        (wave, row.question, row.group, option, stratum)
        for wave, strata in enumerate(year.strata)
        for told in [estimate(strata, apart=apart(year), by_stratum=True).strata]
        for stratum, rows in enumerate(strata)
        for row in rows
        for option, count in row.counts.items()
        if len(strata) > 1 and count < LEAST_COUNT and not told[row.question].whole
    ]


def known_too_well(year, tell, estimate=nothing):
    """Return between what the cells that are left out are known to lie, where that is too close:
    less than ten apart, or above nothing; and what is known of them without the tables.

    In a scored row a large count may be known to be large. What few of a single stratum said no
    table tells: of that it is given what is known without the estimates.
    """
    known, hidden = list(official(year)), left_out(year, tell)
    with_tables = [*known, *tables(year, tell)]
    hidden += few_in_strata(year, estimable) if estimate is not nothing else []
    close = {}
    everything = [*with_tables, *estimates(year, estimate)]
    for cell, (low, high) in bounds(year, everything, hidden).items():
        row = row_of(year, cell)
        may_be_large = len(cell) == 4 and row.scored and row.counts[cell[3]] >= LEAST_COUNT
        if high - low < LEAST_COUNT - SLACK or (low > SLACK and not may_be_large):
            close[cell] = low, high
    without = bounds(year, known, [cell for cell in close if len(cell) == 4])
    return close, without | bounds(year, with_tables, [cell for cell in close if len(cell) > 4])


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(trials(6, 300)))
def test_no_count_that_is_left_out_is_known_to_ten_by_everything_that_is_told(seed, figure):
    """Where fewer than ten were asked, where the valid sample says how many had no opinion, or the
    score that hardly anybody was discontent, that is known without the tables: they add nothing.

    Planted bugs: hide until two are hidden, whatever their sum; leave out the counts that are
    nothing; tell the rate always; leave out `together`, or `asked_if`; tell errors where means
    are; tell of each stratum what is told of all; tell weighted means where the others are.
    """
    year = drawn(seeded(seed))
    close, without = known_too_well(year, told_of, estimable)
    for cell, (low, high) in close.items():
        assert low <= without[cell][0] + SLACK, cell
        assert high >= without[cell][1] - SLACK, cell
    figure("drawn surveys", 1)


def test_with_the_small_counts_alone_left_out_they_are_found():
    """A test of the test: each is what is missing to the sum, or to the mean."""

    def primary(rows, apart):
        return [
            Told(
                question=row.question,
                group=row.group,
                answers=row.answers,
                counts={o: None if 0 < n < LEAST_COUNT else n for o, n in row.counts.items()},
                mean=row.mean if row.sample >= LEAST_SAMPLE else None,
                rate=row.rate if row.sample >= LEAST_SAMPLE else None,
            )
            for row in rows
        ]

    found = exactly = 0
    for seed in range(3):
        close, without = known_too_well(drawn(seeded(seed)), primary)
        exactly += sum(high - low < SLACK for low, high in close.values())
        found += sum(close[cell][1] < without[cell][1] - SLACK for cell in close)
    assert found > 10
    assert exactly > 5


def test_with_estimates_of_every_large_sample_small_counts_are_found():
    """A test of the test: without the gate means, rates and errors give away what tables hide."""

    def all_of_thirty(strata, **_):
        whole = [_together(rows) for rows in zip(*strata, strict=True)]
        rows = {
            (row.question, row.group): Estimable() if row.sample >= LEAST_SAMPLE else NOTHING
            for row in whole
        }
        return EstimatesTold(rows, {row.question: Estimable() for row in whole})

    found = exactly = 0
    for seed in range(3):
        close, without = known_too_well(drawn(seeded(seed)), told_of, all_of_thirty)
        exactly += sum(high - low < SLACK for low, high in close.values())
        found += sum(close[cell][1] < without[cell][1] - SLACK for cell in close)
    assert found > 10
    assert exactly > 5


@pytest.mark.parametrize("seed", range(trials(2, 40)))
def test_bounds_without_a_program_are_those_of_the_program(seed):
    """Of one row whose mean is known, and its rate and sum of squares or not."""
    draw = seeded(seed)
    kind = draw.choice([STEPS, MARKS, YES_NO])
    row = answered([draw.choice([0, 3, 8, 40]) for _ in kind], values=kind, scored=True)
    row = replace(row, counts=row.counts | {next(iter(kind)): 30})
    options = list(row.values)
    for with_rate, with_error in product((False, True), repeat=2):
        lines = [dict.fromkeys(options, 1), {o: float(row.values[o]) for o in options}]
        lines += [{o: float(o in row.satisfied) for o in options}] if with_rate else []
        lines += [{o: float(row.values[o]) ** 2 / 100 for o in options}] if with_error else []
        matrix = np.array([[line.get(o, 0) for o in options] for line in lines], dtype=float)
        given = matrix @ [row.counts[o] for o in options]
        find = _bounds_by_squares if with_error else _bounds
        for option, exact in find(row, with_rate=with_rate):
            for sign, bound in zip((1, -1), exact, strict=True):
                aim = np.zeros(len(options))
                aim[options.index(option)] = sign
                solved = linprog(aim, A_eq=matrix, b_eq=given, bounds=(0, None))
                assert abs(sign * solved.fun - float(bound)) < SLACK

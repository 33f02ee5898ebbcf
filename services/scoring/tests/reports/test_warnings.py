"""What looks wrong: statistics a second way, lines that are drawn, and who is told."""

import copy
import datetime as dt
import math
import random
import statistics
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from uuid import UUID

import pytest
from leading import VALUE, source_of

from scoring.rules.reports.entered import Collected, Entered, before, entered_warnings
from scoring.rules.reports.outliers import chi_square, distances, last_digits, median
from scoring.rules.reports.strictness import ScorerDiagnosis
from scoring.rules.reports.warnings import CHI_SQUARE_LINE, apart, duplicates, in_order, repeated
from service_testing import trials

MONTHS = [f"2025-{month:02}" for month in range(1, 13)]


def entered(unit, period, value, on, source="S", indicator="I", kind="measured_value", **more):
    of = {"key": "value", "item": None, "occurred_on": None} | more
    on = dt.date.fromisoformat(on)
    told = None if value is None else Decimal(value)
    return Entered(
        source, unit, indicator, kind, of["key"], of["item"], period, told, of["occurred_on"], on
    )


def found_in(entries, earlier=None, year=2025):
    now = Collected(year)
    now.take(entries)
    past = None
    if earlier is not None:
        past = Collected(year - 1)
        past.take(earlier)
    return in_order(entered_warnings(now, past))


# Statistics


@pytest.mark.parametrize(("line", "chance"), [("16.919", 0.05), ("21.666", 0.01), (None, 0.001)])
def test_the_line_is_that_of_the_published_table(line, chance):
    """The distribution function of 9 degrees of freedom in closed form, against the table of NIST.
    Planted bug: a line of 10 degrees of freedom (29.588)."""
    x = float(CHI_SQUARE_LINE if line is None else Fraction(line))
    rest = math.sqrt(2 * x / math.pi) * (1 + x / 3 + x**2 / 15 + x**3 / 105)
    beyond = math.erfc(math.sqrt(x / 2)) + math.exp(-x / 2) * rest
    assert beyond == pytest.approx(chance, rel=2e-3)


def test_chi_square_is_the_sum_of_squared_distances_by_what_is_expected():
    """Planted bug: the root of a number of counts lost."""
    drawn = random.Random(1)  # noqa: S311 - drawn anew alike
    for _ in range(50):
        counts = [drawn.randrange(40) for _ in range(10)]
        mean = Fraction(sum(counts), 10)
        assert chi_square(counts) == sum((each - mean) ** 2 / mean for each in counts)
    assert chi_square([7] * 10) == 0


def test_distances_are_modified_z_scores():
    """Against the library's medians. Planted bugs: the mean for the median; the plain median of
    the distances without its scale."""
    drawn = random.Random(2)  # noqa: S311 - drawn anew alike
    for number in (8, 9, 30):
        values = [Fraction(drawn.randrange(-9999, 9999), 7) for _ in range(number)]
        middle = statistics.median(values)
        spread = statistics.median([abs(each - middle) for each in values])
        wanted = [Fraction("0.6745") * (each - middle) / spread for each in values]
        assert (median(values), distances(values)) == (middle, wanted)


def test_where_more_than_half_are_equal_the_mean_distance_is_the_measure():
    """Planted bug: a division by nothing, or silence."""
    values = [Fraction(1)] * 9 + [Fraction(11)]
    assert distances(values) == [0] * 9 + [Fraction("0.7979") * 10]
    assert distances([Fraction(3)] * 5) == [0] * 5


@pytest.mark.parametrize(
    ("values", "digits"),
    [
        (["1.5", "2", "10"], [5, 0, 0]),
        (["1.50", "2.00"], [5, 0]),
        (["-17", "23"], [7, 3]),
        (["1.234", "0.1"], [4, 0]),
        (["1E+2", "7"], [0, 7]),
        (["100000000000000000000000000000.1", "3"], [1, 0]),
    ],
)
def test_the_last_digit_is_at_the_finest_place_of_all(values, digits):
    assert last_digits([Decimal(each) for each in values]) == digits


@pytest.mark.parametrize(
    ("period", "wanted"),
    [("2025-01", "2024-12"), ("2025-07", "2025-06"), ("2025Q1", "2024Q4"), ("2025H2", "2025H1"),
     ("2025", None)],
)  # fmt: skip
def test_the_period_before_is_one_of_the_same_length(period, wanted):
    assert before(period) == wanted


# At the end of the year


def even_share(entries, first, last):
    """Day by day: of every day after an entry could be known, is it at the end?"""
    found = []
    for each in entries:
        day, days = dt.date.fromisoformat(each), []
        while day < last:
            day += dt.timedelta(1)
            days.append(day >= first)
        found.append(Fraction(sum(days), len(days)))
    return sum(found) / len(found)


def test_a_source_that_enters_its_year_at_the_end_is_told_with_both_shares():
    """The even share counted day by day. Planted bugs: what could be known at the end alone taken
    along; the first day of the end left out; an even spread over the whole year for all."""
    on_time = [entered(f"U{n}", m, n, f"{m}-28", "GOOD") for m in MONTHS[:11] for n in range(3)]
    late = [entered(f"U{n}", m, n, "2025-12-17", "LATE") for m in MONTHS[:11] for n in range(2)]
    yearly = [entered(f"U{n}", "2025", n, "2025-12-31", "YEAR") for n in range(50)]
    few = [entered(f"U{n}", "2025-01", n, "2025-12-20", "FEW") for n in range(19)]
    [one] = [w for w in found_in([*on_time, *late, *yearly, *few]) if w.kind == "bulk_at_year_end"]
    ends = ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30",
            "2025-07-31", "2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30"]  # fmt: skip
    last, first = dt.date(2025, 12, 31), dt.date(2025, 12, 17)
    even = even_share(ends * 2, first, last)
    assert (one.scorer, one.measured, one.expected, one.sample) == ("LATE", 1, even, 22)
    assert one.threshold == even + Fraction(1, 4)
    assert "22 of 22" in one.en
    assert "22条记录中，22条" in one.zh


@pytest.mark.parametrize(("late", "told"), [(7, False), (8, True)])
def test_the_share_is_held_against_its_line_exactly(late, told):
    """Of the 31 days after 30 November 15 are at the end, so the line of 20 entries is at 14.68.
    Planted bugs: only the excess held against the line; a day more in a spread."""
    known = {"occurred_on": dt.date(2025, 11, 30)}
    rows = [entered("U", "2025", 1, "2025-12-20", **known) for _ in range(late * 2)]
    rows += [entered("U", "2025", 1, "2025-12-10", **known) for _ in range(20 - late * 2)]
    assert [w.kind for w in found_in(rows)] == (["bulk_at_year_end"] if told else [])


def test_who_spreads_entries_evenly_is_not_told_whatever_is_drawn():
    drawn = random.Random(3)  # noqa: S311 - drawn anew alike
    begin = dt.date(2025, 1, 1)
    rows = []
    for source in range(40):
        for _ in range(60):
            known = begin + dt.timedelta(drawn.randrange(300))
            gone = drawn.randrange((dt.date(2025, 12, 31) - known).days) + 1
            on = known + dt.timedelta(gone)
            rows.append(entered("U", "2025", 1, str(on), f"S{source}", occurred_on=known))
    assert found_in(rows) == []


# Last digits


def values_of(source, digits, indicator="I"):
    """300 values between 100.0 and 999.9, whose last digit is drawn from `digits`."""
    drawn = random.Random(f"{source}{indicator}")  # noqa: S311 - drawn anew alike
    for n in range(300):
        value = f"{drawn.randrange(100, 1000)}.{drawn.choice(digits)}"
        yield entered(f"{source}{n}", "2025", value, "2025-06-01", source, indicator)


def test_round_numbers_are_told_with_their_counts_and_even_ones_are_not():
    """Planted bugs: first digits for last ones; a sample below the smallest one."""
    rows = [*values_of("ROUND", "0000055123"), *values_of("EVEN", "0123456789")]
    found = [w for w in found_in(rows) if w.kind == "last_digits"]
    told = [each.value for each in rows[:300]]
    counts = Counter(str(each)[-1] for each in told)
    square = sum((counts[str(n)] - 30) ** 2 / Fraction(30) for n in range(10))
    assert [(w.scorer, w.indicator, w.measured, w.sample) for w in found] == [
        ("ROUND", "I", square, 300)
    ]
    assert f"{counts['0'] + counts['5']} are 0 or 5 where 60 would be even" in found[0].en
    assert found_in(rows[:49]) == []


def test_digits_of_values_that_lie_close_together_say_nothing():
    """Of 1 to 9 of something each number is its own last digit."""
    rows = [entered(f"U{n}", "2025", n % 3, "2025-06-01") for n in range(300)]
    assert found_in(rows) == []


def test_a_sources_indicators_are_looked_at_alone_and_together():
    """Forty values of each of three indicators are too few alone. Planted bug: only one of both."""
    rows = [r for i in "ABC" for r in [*values_of("ROUND", "05", i)][:40]]
    found = [w for w in found_in(rows) if w.kind == "last_digits"]
    assert [(w.indicator, w.sample) for w in found] == [(None, 120)]


def test_of_even_digits_hardly_one_sample_in_a_thousand_is_told():
    drawn = random.Random(4)  # noqa: S311 - drawn anew alike
    beyond = 0
    for _ in range(1_000):
        counts = Counter(drawn.choices(range(10), k=100))
        beyond += chi_square([counts[n] for n in range(10)]) > CHI_SQUARE_LINE
    assert beyond <= 5


# Jumps


def brute_jumps(now, earlier):
    """Which unit, series and period jumped, with floats and the library's medians."""
    found = set()
    for kind, past in (("jump_from_last_period", before), ("jump_from_last_year", None)):
        cells = {}
        for each in [*earlier, *now]:
            cells[each.unit, each.period] = float(each.value)
        for period in {each.period for each in now}:
            then = past(period) if past else f"{int(period[:4]) - 1}{period[4:]}"
            rates = {
                unit: (value - cells[unit, then]) / abs(cells[unit, then])
                for (unit, at), value in cells.items()
                if at == period and cells.get((unit, then))
            }
            if len(rates) < 8:
                continue
            middle = statistics.median(rates.values())
            spread = statistics.median(abs(r - middle) for r in rates.values())
            for unit, rate in rates.items():
                if 0.6745 * abs(rate - middle) / spread > 3.5 and abs(rate - middle) >= 0.2:
                    found.add((kind, unit, period))
    return found


def test_what_jumped_unlike_its_peers_is_told_and_what_all_did_is_not():
    """12 months of 20 units that all double in July, drawn; one unit trebles once. Compared with a
    computation in floats. Planted bugs: change in place of its distance from the median; last
    year's value of another unit; January without the December before."""
    drawn = random.Random(5)  # noqa: S311 - drawn anew alike

    def year(of):
        level = {n: drawn.uniform(50, 500) for n in range(20)}
        for month in range(1, 13):
            for n in range(20):
                level[n] *= (2 if month == 7 else 1) * drawn.uniform(0.95, 1.05)
                yield entered(f"U{n}", f"{of}-{month:02}", f"{level[n]:.2f}", f"{of}-12-01")

    earlier, now = [*year(2024)], [*year(2025)]
    at = next(k for k, each in enumerate(now) if (each.unit, each.period) == ("U7", "2025-04"))
    now[at] = now[at]._replace(value=now[at].value * 3)
    found = [w for w in found_in(now, earlier) if w.kind.startswith("jump")]
    assert {(w.kind, w.unit, w.period) for w in found} == brute_jumps(now, earlier)
    told = {(w.unit, w.period) for w in found if w.kind == "jump_from_last_period"}
    assert ("U7", "2025-04") in told
    assert not any(period == "2025-07" for _, period in told)
    alone = [w for w in found_in(now) if w.kind == "jump_from_last_year"]
    assert alone == []
    assert all(w.sample == 20 and w.threshold == Fraction(7, 2) for w in found)


def test_who_stays_where_all_others_double_is_told_and_who_nearly_does_so_is_not():
    """Planted bugs: the change held against the least jump, and not its distance; none held."""
    after = {0: "100", 1: "215"}
    rows = [entered(f"U{n}", "2025Q1", "100", "2025-04-01") for n in range(12)]
    rows += [entered(f"U{n}", "2025Q2", after.get(n, "200"), "2025-07-01") for n in range(12)]
    [one] = found_in(rows)
    assert (one.unit, one.measured > 3.5) == ("U0", True)


def test_seven_units_are_too_few_to_compare():
    rows = [entered(f"U{n}", f"2025Q{q}", 9 if (n, q) == (0, 2) else 3, "2025-09-01")
            for n in range(7) for q in (1, 2)]  # fmt: skip
    assert found_in(rows) == []
    more = [*rows, *(entered("U7", f"2025Q{q}", 3, "2025-09-01") for q in (1, 2))]
    [one] = found_in(more)
    assert (one.kind, one.unit, one.period) == ("jump_from_last_period", "U0", "2025Q2")


# Scorers, deductions, files


def scorer(name, leniency, kind="data_source_unit", indicators=("A", "B"), mean="0.8"):
    numbers = (Decimal(mean), Decimal(leniency), Decimal("0.1"))
    return ScorerDiagnosis(kind, name, indicators, 12, *numbers)


def test_a_scorer_far_from_the_others_is_told_and_seats_are_compared_within_their_panel():
    """Planted bug: seats and units in one group."""
    units = [scorer(f"S{n}", f"0.0{n}") for n in range(5)] + [scorer("HARSH", "-0.4")]
    seats = [scorer(str(n), n, "panel_seat", ("P",), "80") for n in range(1, 6)]
    seats += [scorer("6", "-30", "panel_seat", ("P",), "80")]
    found = list(apart([*units, *seats]))
    assert [(w.scorer, w.indicator, w.sample) for w in found] == [("HARSH", None, 6), ("6", "P", 6)]
    assert list(apart([*units[:3], units[5]])) == []
    close = [scorer(f"S{n}", "0") for n in range(9)] + [scorer("NEAR", "0.03")]
    assert list(apart(close)) == []


def test_small_deductions_of_one_kind_that_repeat_are_told(scheme):
    """C03 takes 0.2 of 4 points for what is overdue. Planted bugs: entries counted in place of
    events; zero reports counted; another unit's added."""

    def events(*rows):
        found = Collected(2025)
        found.take(entered(u, "2025", n, "2025-06-01", "S", "C03", "event", key=k)
                   for u, k, n in rows)  # fmt: skip
        return [(w.unit, w.key, w.measured, w.sample) for w in repeated(scheme, found.events)]

    one, two = ("XQ01", "overdue", "1"), ("XQ01", "overdue", "2")
    assert events(one, one) == []
    assert events(one, ("XQ02", "overdue", "1"), one) == []
    assert events(one, ("XQ01", "no_feedback", "1"), one) == []
    assert events(one, two) == [("XQ01", "overdue", 3, 2)]
    assert events(*[("XQ01", "zero_report", "0")] * 9) == []
    assert events(*[("XQ01", "unheard_of", "1")] * 9) == []


def test_what_an_item_earned_is_one_event_by_whatever_percent_it_is_counted(scheme):
    """Planted bug: 60 percent of an overdue item told as sixty events."""
    found = Collected(2025)
    row = entered("XQ01", "2025", "4", "2025-06-01", "S", "C03", "event", key="overdue")
    found.take([row._replace(of_item=True)] * 2)
    assert list(repeated(scheme, found.events)) == []
    found.take([row._replace(of_item=True)])
    [one] = repeated(scheme, found.events)
    assert (one.measured, one.sample) == (3, 3)
    assert "3 events of one kind, 0.8 points each" in one.en


def test_files_used_twice_are_told_once_with_their_number():
    [one] = duplicates(10, 3)
    assert (one.measured, one.sample, one.kind) == (3, 10, "evidence_duplicates")
    assert list(duplicates(10, 0)) == []


@pytest.mark.prove
def test_a_large_year_is_looked_through_part_by_part():
    """Entries of a year in parts: what is kept are values and counts, and all of them count."""
    rows, units = trials(6_000, 60_000), 120
    drawn, collected = random.Random(6), Collected(2025)  # noqa: S311 - drawn anew alike
    for start in range(0, rows, 5_000):
        collected.take(
            entered(
                f"U{n % units}", MONTHS[n // units % 12], f"{drawn.gauss(500, 50):.1f}",
                "2025-06-01", "S", f"I{n // units // 12}",
            )
            for n in range(start, min(rows, start + 5_000))
        )  # fmt: skip
    kept = sum(len(p) for of in collected.values.values() for p in of.values())
    assert kept == rows
    assert all(w.kind.startswith("jump") for w in entered_warnings(collected, None))


# Over HTTP


@pytest.fixture(scope="module")
async def looked(new_cycle, others, document):
    """A cycle in which C08 jumped once, C03 has three small deductions, a plan is behind, and
    everything came after the year was over; with the year before it."""
    cycle, earlier = new_cycle(), new_cycle()
    changed = copy.deepcopy(document)
    for category in changed["categories"]:
        for block in category["blocks"]:
            for each in block["indicators"]:
                if each["code"] == "C01":
                    each["progress_plan"] = {"Q1": "0.5"}
    others.schemes[cycle.cycle_id] = changed
    others.schemes[earlier.cycle_id] = document | {"assessment_year": 2024}
    source, about = source_of(document, "C08"), {"indicator": "C08", "kind": "measured_value"}

    def quarter(n, period, value):
        return about | {"unit": f"XQ{n:02}", "key": "value", "period": period, "value": value}

    now = [quarter(n, f"2025Q{q}", "5") for n in range(1, 11) for q in (1, 2, 3)]
    now[1] |= {"value": "50"}  # XQ01 in the second quarter
    await cycle.enter(*now, unit=source)
    past = [quarter(n, "2024Q3", "50" if n == 10 else "5") for n in range(1, 11)]
    await earlier.enter(*past, unit=source)
    event = {"unit": "XQ02", "indicator": "C03", "kind": "event", "key": "overdue"}
    await cycle.enter(*[event] * 3, unit="ZH01")
    await cycle.enter(*[event | {"unit": "XQ03"}] * 3, unit="ZH01", state="draft")
    await cycle.enter(VALUE | {"value": "10"}, VALUE | {"unit": "XQ02", "value": "9999"})
    for _ in range(2):
        file = {"content": b"x", "headers": {"Content-Type": "text/plain"}}
        answer = await cycle.source().post(f"{cycle.path}/evidence?name=a.txt", **file)
        assert answer.status_code == 201, answer.text
    others.cycles = [
        {"cycle_id": str(each.cycle_id), "jurisdiction": "431000", "assessment_year": year,
         "scheme_version": 1}
        for each, year in ((cycle, 2025), (earlier, 2024))
    ]  # fmt: skip
    yield SimpleNamespace(cycle=cycle, path=f"{cycle.path}/warnings", source=source)
    others.cycles = []


async def listed(client, path, **query):
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def kinds(found):
    return {(each["kind"], each["unit"], each["period"]) for each in found}


async def test_the_office_and_auditors_read_what_looks_wrong_with_its_numbers(looked):
    """Planted bugs: drafts counted; the year before not read; a green light told; no words that it
    proves nothing."""
    jumped = {
        ("jump_from_last_period", "XQ01", "2025Q2"),
        ("jump_from_last_period", "XQ01", "2025Q3"),
    }
    wanted = jumped | {
        ("jump_from_last_year", "XQ10", "2025Q3"),
        ("bulk_at_year_end", None, None),
        ("behind_plan", "XQ01", "2025"),
        ("evidence_duplicates", None, None),
        ("repeated_deductions", "XQ02", None),
    }
    for reader in (looked.cycle.office, looked.cycle.caller("auditor")):
        found = await listed(reader, looked.path)
        assert kinds(found) == wanted
        assert all(
            each["en"].endswith("It proves nothing: somebody should look.") for each in found
        )
        assert all(each["zh"].endswith("仅供核查，不能据此下结论。") for each in found)
    told = {each["kind"]: each for each in found}
    assert told["bulk_at_year_end"]["scorer"] == looked.source
    assert (told["repeated_deductions"]["measured"], told["repeated_deductions"]["key"]) == (
        "3.0000", "overdue",
    )  # fmt: skip


async def test_it_is_asked_for_by_kind_unit_indicator_and_scorer_and_comes_in_pages(looked):
    """Planted bug: a page that begins anew."""
    office, whole = looked.cycle.office, await listed(looked.cycle.office, looked.path)
    for query, number in (
        ({"kind": "behind_plan"}, 1),
        ({"unit": "XQ01"}, 3),
        ({"indicator": "C03"}, 1),
        ({"scorer": looked.source}, 1),
        ({"kind": ["jump_from_last_year", "scorer_apart", "evidence_duplicates"]}, 2),
    ):
        assert len(await listed(office, looked.path, **query)) == number, query
    found, after = [], None
    while len(found) <= len(whole):
        query = {"limit": 2} | ({"after": after} if after else {})
        answer = (await office.get(looked.path, params=query)).json()
        found, after = found + answer["items"], answer["next"]
        if after is None:
            break
    assert found == whole
    answer = await office.get(looked.path, params={"after": "0" * 64})
    assert (answer.status_code, answer.json()["type"]) == (422, "no-such-place")


async def test_supervision_reads_of_units_with_which_its_own_does_not_compete(looked):
    """No plan, score or file, and nothing at all of its own category. Planted bug: shares computed
    over entries that it may not read."""
    outside = looked.cycle.caller("supervision", unit="ZH01")
    assert {kind for kind, *_ in kinds(await listed(outside, looked.path))} == {
        "bulk_at_year_end", "jump_from_last_period", "repeated_deductions",
    }  # fmt: skip
    assert await listed(looked.cycle.caller("supervision", unit="XQ05"), looked.path) == []


@pytest.mark.parametrize(
    ("role", "unit"),
    [("assessed_unit", "XQ01"), ("data_source_unit", "ZH02"), ("organiser", "ZH40"),
     ("committee", None), ("panel_member", "ZF01"), ("second_body", "ZH03"), ("statistics", None)],
)  # fmt: skip
async def test_nobody_else_reads_it(looked, role, unit):
    answer = await looked.cycle.caller(role, unit=unit).get(looked.path)
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def test_what_was_altered_is_refused_and_not_warned_about(looked):
    """Planted bug: no comparison with the journal."""
    [value] = await listed(
        looked.cycle.office, f"{looked.cycle.path}/ledger-entries", unit="XQ01", indicator="C01"
    )
    async with looked.cycle.service.superuser.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        change = "UPDATE ledger_entry SET value = value + $2 WHERE entry_id = $1"
        await connection.execute(change, UUID(value["entry_id"]), Decimal(1))
    try:
        answer = await looked.cycle.office.get(looked.path)
        assert answer.json()["type"] == "stored-data-altered"
    finally:
        async with looked.cycle.service.superuser.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.execute(change, UUID(value["entry_id"]), Decimal(-1))

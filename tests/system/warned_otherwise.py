"""What looks wrong in a year, and how far units are, by its plan alone (异常提示、进度灯).

Nothing of the services is used: the lines are those of docs/decisions/0070-warnings.md, written
down here a second time.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain, pairwise
from statistics import median
from typing import NamedTuple

from tests.system.agreed_otherwise import Agreed
from tests.system.computed_otherwise import Line, lines_of, months_of

from kaoping.city.daily import restated
from kaoping.city.generated import leaves
from kaoping.city.particulars import ENDINGS
from kaoping.plan import Document, Does, Plan

FIRST_OF_THE_END = dt.date(2025, 12, 17)
LAST_DAY = dt.date(2025, 12, 31)
FAR = Fraction("3.5")

About = tuple[str | None, ...]
"""Kind, unit, indicator, scorer, key, item and period."""
Told = tuple[Decimal, Decimal, int]
"""What was measured, where the line is, and of how many."""


@dataclass
class Entered:
    """An entry that counts or waits to, with who wrote it."""

    author: str
    line: Line
    number: int
    value: Decimal | None

    @property
    def entry(self) -> Document:
        """The entry as the plan has it."""
        return self.line.entry

    @property
    def period(self) -> str:
        """The period that it is for."""
        return str(self.entry.get("period") or 2025)

    @property
    def known(self) -> dt.date:
        """The last day of its period."""
        month = months_of(self.period)[-1]
        return dt.date(2025 + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)

    @property
    def written(self) -> dt.date:
        """The day on which it was written."""
        return self.line.states[0][0].date()


def everything(plan: Plan) -> list[Entered]:
    """Return all entries of a year in the order of arrival, with who wrote each."""
    authors = list[str]()
    for act in plan.acts:
        if act.does in (Does.POST, Does.DRAFT):
            authors += [act.who] * len(act.entries)
        elif act.does in (Does.RESTATE, Does.REVERSE):
            authors += [act.who] * len(act.about)
    seats = plan.seats
    return [
        Entered(seats.get(author, author), line, number, _value(line, plan))
        for number, (author, line) in enumerate(zip(authors, lines_of(plan), strict=True))
    ]


def _value(line: Line, plan: Plan) -> Decimal | None:
    if "value" not in line.entry:
        return None
    return Decimal(restated(line.entry, plan.grown) if line.former else str(line.entry["value"]))


def rounded(value: Fraction | Decimal) -> Decimal:
    """Return a number to four decimal places, halves away from zero."""
    sign, whole = (-1 if value < 0 else 1), abs(Fraction(value)) * 10_000 + Fraction(1, 2)
    return Decimal(sign * (whole.numerator // whole.denominator)).scaleb(-4)


def told(measured: Fraction, line: Fraction, sample: int) -> Told:
    """Return what is told, as it is rounded."""
    return rounded(measured), rounded(line), sample


CONSECUTIVE = [
    (f"2025{then}", f"2025{now}") for each in ENDINGS.values() for then, now in pairwise(each)
]
"""Periods of one year, each with the one after it."""


@dataclass
class Warned:
    """What looks wrong, by the plan; `sheet` is the score sheet, of which only scores are taken."""

    plan: Plan

    @cached_property
    def entries(self) -> list[Entered]:
        """What counts or waits to at the end, without reversals and marks from seats."""
        return [
            each
            for each in everything(self.plan)
            if each.line.states[-1][1] in ("submitted", "verified")
            and each.line.takes_out is each.line.former
            and each.entry["kind"] != "panel_mark"
        ]

    def bulk(self) -> Iterator[tuple[About, Told]]:
        """Yield the sources whose entries came at the end of the year, who had time before."""
        of_source = defaultdict[str, list[Entered]](list)
        for each in self.entries:
            if each.known < FIRST_OF_THE_END:
                of_source[each.author].append(each)
        for source, came in of_source.items():
            last = max([LAST_DAY, *(each.written for each in came)])
            at_the_end = (last - FIRST_OF_THE_END).days + 1
            even = sum(Fraction(at_the_end, (last - each.known).days) for each in came) / len(came)
            late = sum(each.written >= FIRST_OF_THE_END for each in came)
            share, line = Fraction(late, len(came)), even + Fraction(1, 4)
            if len(came) >= 20 and share >= line:
                about = "bulk_at_year_end", None, None, source, None, None, None
                yield about, told(share, line, len(came))

    @cached_property
    def _values(self) -> dict[tuple[str, str, str | None], dict[tuple[str, str], Entered]]:
        """Return the latest measured values of each series, by unit and period."""
        found = defaultdict[tuple[str, str, str | None], dict[tuple[str, str], Entered]](dict)
        for each in self.entries:
            if each.entry["kind"] == "measured_value":
                series = each.entry["indicator"], each.entry["key"], each.entry.get("item")
                found[series][each.entry["unit"], each.period] = each
        return dict(found)

    def digits(self) -> Iterator[tuple[About, Told]]:
        """Yield the sources whose values end in some digits more often than in others."""
        of_source = defaultdict[str, dict[str, list[int]]](dict)
        for (indicator, _, _), values in self._values.items():
            by_author = defaultdict[str, list[Decimal]](list)
            for each in values.values():
                by_author[each.author].append(each.value or Decimal(0))
            for source, found in by_author.items():
                places = max(-min(0, _exponent(value)) for value in found)
                steps = [int(abs(value).scaleb(places)) for value in found]
                if max(steps) - min(steps) >= 100:
                    lasts = of_source[source].setdefault(indicator, [])
                    lasts += [step % 10 for step in steps]
        for source, by_indicator in of_source.items():
            if len(by_indicator) > 1:
                yield from _uneven(source, None, [*chain.from_iterable(by_indicator.values())])
            for indicator, lasts in by_indicator.items():
                yield from _uneven(source, indicator, lasts)

    def jumps(self) -> Iterator[tuple[About, Told]]:
        """Yield the values of months and quarters that changed unlike those of other units."""
        for (indicator, key, item), values in self._values.items():
            for then, now in CONSECUTIVE:
                changes = dict[str, Fraction]()
                for (unit, period), each in values.items():
                    before = values.get((unit, then))
                    if period == now and before is not None and before.value:
                        was = Fraction(before.value)
                        changes[unit] = (Fraction(each.value or 0) - was) / abs(was)
                if len(changes) < 8:
                    continue
                middle = median(changes.values())
                for unit, z in distances(changes).items():
                    if abs(z) > FAR and abs(changes[unit] - middle) >= Fraction(1, 5):
                        about = "jump_from_last_period", unit, indicator, None, key, item, now
                        yield about, told(abs(z), FAR, len(changes))

    def repeated(self) -> Iterator[tuple[About, Told]]:
        """Yield which small deductions of one kind a unit has three of, or more."""
        times, entries = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
        for each in self.entries:
            if each.entry["kind"] == "event":
                about = each.entry["unit"], each.entry["indicator"], each.entry["key"]
                times[about] += int(each.value or 0)
                entries[about] += 1
        for (unit, code, key), number in times.items():
            leaf = self.leaf_of(unit, code)
            cost = Fraction(str(leaf["params"]["per_event"].get(key, 0)))
            is_small = 0 < cost <= Fraction(str(leaf["points"])) / 4
            if leaf["method"] == "deduct_events" and is_small and number >= 3:
                about_ = "repeated_deductions", unit, code, None, key, None, None
                yield about_, told(Fraction(number), Fraction(3), entries[unit, code, key])

    @cached_property
    def _leaves(self) -> dict[tuple[str, str], Document]:
        return {
            (unit, leaf["code"]): leaf
            for category in self.plan.scheme["categories"]
            for leaf in leaves(category)
            for unit in category["units"]
        }

    def leaf_of(self, unit: str, indicator: str) -> Document:
        """Return an indicator as a unit is assessed by it."""
        return self._leaves[unit, indicator]

    def behind(self, moment: dt.datetime) -> Iterator[tuple[About, Told]]:
        """Yield who shows a red light at a moment."""
        for (unit, code), light in lights(self.plan, moment).items():
            if light.colour != "red" or light.value is None or light.planned is None:
                continue
            plan, value = Fraction(light.planned), Fraction(light.value)
            line = plan / Fraction("0.85") if value > plan else plan * Fraction("0.85")
            about = "behind_plan", unit, code, None, None, None, light.period
            yield about, told(value, line if min(plan, value) > 0 else plan, 1)

    def scorers(self, sheet: Document) -> Iterator[tuple[About, Told]]:
        """Yield whose marks are far from those of the others, by the scores of a sheet."""
        cells = {each["unit"]: [*_cells(each["indicator_scores"])] for each in sheet["units"]}
        for category in self.plan.scheme["categories"]:
            given = defaultdict[str, list[Fraction]](list)
            for unit in category["units"]:
                for cell in cells.get(unit, ()):
                    if cell["score"] is not None and Decimal(cell["points"]):
                        share = Fraction(cell["score"]) / Fraction(cell["points"])
                        for scorer in self._scorers[unit, cell["indicator"]]:
                            given[scorer].append(share)
            yield from _apart(given)
        yield from self._seats()

    @cached_property
    def _scorers(self) -> dict[tuple[str, str], set[str]]:
        """Return who gave each score: who wrote its entries, or the survey it comes from."""
        found = {
            about: {leaf["params"]["survey"]} if "survey" in leaf["params"] else set[str]()
            for about, leaf in self._leaves.items()
        }
        for each in everything(self.plan):
            unit, counts = each.entry["unit"], each.line.states[-1][1] == "verified"
            # A unit's marks for itself do not count.
            is_own_mark = each.author == unit and each.entry["kind"] == "panel_mark"
            if counts and each.line.takes_out is each.line.former and not is_own_mark:
                found[unit, each.entry["indicator"]].add(
                    OWN if each.author == unit else each.author
                )
        return found

    def _seats(self) -> Iterator[tuple[About, Told]]:
        """Yield the seats of panels of five or more whose marks are far from those of others."""
        panels = defaultdict[str, dict[str, dict[str, Fraction]]](lambda: defaultdict(dict))
        for each in everything(self.plan):
            if each.entry["kind"] == "panel_mark" and each.author != each.entry["unit"]:
                marks = panels[each.entry["indicator"]][each.entry["unit"]]
                marks[each.entry["item"]] = Fraction(each.value or 0)
        for indicator, by_unit in panels.items():
            away, marks = defaultdict[str, list[Fraction]](list), list[Fraction]()
            means = defaultdict[str, list[Fraction]](list)
            for of_unit in by_unit.values():
                middle = sum(of_unit.values(), Fraction(0)) / len(of_unit)
                for seat, mark in of_unit.items():
                    away[seat].append(mark - middle)
                    means[seat].append(mark)
                    marks.append(mark)
            lenient = {seat: _six(_mean(each)) for seat, each in away.items()}
            yield from _far(lenient, [_six(_mean(each)) for each in means.values()], indicator)


OWN = "own_unit"


def _cells(scores: Iterable[Document]) -> Iterator[Document]:
    for each in scores:
        if each["children"]:
            yield from _cells(each["children"])
        else:
            yield each


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _six(value: Fraction) -> Fraction:
    """Return a number as diagnostics tell it: to six decimal places."""
    whole = abs(value) * 10**6 + Fraction(1, 2)
    return (-1 if value < 0 else 1) * Fraction(whole.numerator // whole.denominator, 10**6)


def _apart(given: Mapping[str, list[Fraction]]) -> Iterator[tuple[About, Told]]:
    everything_ = [mark for marks in given.values() for mark in marks]
    lenient = {who: _six(_mean(marks) - _mean(everything_)) for who, marks in given.items()}
    yield from _far(lenient, [_six(_mean(marks)) for marks in given.values()], None)


def _far(
    lenient: Mapping[str, Fraction], means: list[Fraction], indicator: str | None
) -> Iterator[tuple[About, Told]]:
    if len(lenient) < 5:
        return
    middle, least = median(lenient.values()), median(means) / 20
    for who, z in distances(lenient).items():
        if abs(z) > FAR and abs(lenient[who] - middle) >= least:
            about = "scorer_apart", None, indicator, who, None, None, None
            yield about, told(abs(z), FAR, len(lenient))


def distances(values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the modified z score of each value (Iglewicz and Hoaglin): by the median distance from
    the median, or by the mean one where more than half are equal."""
    middle = median(values.values())
    away = {name: value - middle for name, value in values.items()}
    spread, scale = median(abs(each) for each in away.values()), Fraction("0.6745")
    if not spread:
        spread = sum((abs(each) for each in away.values()), Fraction(0)) / len(away)
        scale = Fraction("0.7979")
    return {name: scale * each / spread if spread else Fraction(0) for name, each in away.items()}


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _uneven(source: str, indicator: str | None, lasts: list[int]) -> Iterator[tuple[About, Told]]:
    number, counts = len(lasts), Counter(lasts)
    if number < 50:
        return
    even = Fraction(number, 10)
    square = sum(((counts[digit] - even) ** 2 / even for digit in range(10)), Fraction(0))
    if square > Fraction("27.877"):
        about = "last_digits", None, indicator, source, None, None, None
        yield about, told(square, Fraction("27.877"), number)


@dataclass
class Light:
    """How far a unit is by the last step of a plan that is over."""

    period: str | None
    planned: Decimal | None
    value: Decimal | None
    colour: str | None
    unlit: str | None


def lights(plan: Plan, moment: dt.datetime) -> dict[tuple[str, str], Light]:
    """Return the light of each unit and indicator that has a plan of progress."""
    stood = defaultdict[tuple[str, str], list[Stood]](list)
    for each in everything(plan):
        entry, states = each.entry, [state for at, state in each.line.states if at <= moment]
        is_reversal = each.line.takes_out is not each.line.former
        if is_reversal or entry.get("key") not in ("actual", "count"):
            continue
        if entry.get("item") is None and states and states[-1] in ("submitted", "verified"):
            assert each.value is not None
            told_ = Stood(states[-1] == "verified", each.number, each.value, each.period)
            stood[entry["unit"], entry["indicator"]].append(told_)
    targets = Agreed(plan).courses
    return {
        (unit, leaf["code"]): _light(
            leaf,
            moment.date(),
            targets[unit, leaf["code"], ""].in_force
            if (unit, leaf["code"], "") in targets
            else None,
            stood[unit, leaf["code"]],
        )
        for category in plan.scheme["categories"]
        for leaf in leaves(category)
        if leaf.get("progress_plan")
        for unit in category["units"]
    }


class Stood(NamedTuple):
    """A value that stood at a moment, and what it is the value of."""

    is_settled: bool
    number: int
    value: Decimal
    period: str


def _reached(leaf: Document, stood: list[Stood], until: int) -> Decimal | None:
    """Return what was reached: the year's value, or what those of the shorter periods come to that
    were over with a month, an endless one with twelve decimals."""
    how, latest = leaf.get("combine"), dict[str, Stood]()
    for each in sorted(stood):
        latest[each.period] = each
    if how is None:
        return latest["2025"].value if "2025" in latest else None
    over = sorted((months_of(p)[-1], each.value) for p, each in latest.items())
    values = [Fraction(value) for month, value in over if month <= until]
    if not values:
        return None
    whole = sum(values, Fraction(0))
    found = {"last": values[-1], "sum": whole, "mean": whole / len(values)}[how]
    twelve = abs(found) * 10**12 + Fraction(1, 2)
    return Decimal((-1 if found < 0 else 1) * (twelve.numerator // twelve.denominator)).scaleb(-12)


def _light(leaf: Document, day: dt.date, target: str | None, stood: list[Stood]) -> Light:
    steps = {
        months_of(f"2025{end}")[-1]: (end, share) for end, share in leaf["progress_plan"].items()
    }
    steps.setdefault(12, ("", "1"))
    over = [m for m in steps if dt.date(2025 + m // 12, m % 12 + 1, 1) <= day]
    value = _reached(leaf, stood, max(over, default=0))
    if not over:
        return Light(None, None, value, None, "no_period_over")
    ending, share = steps[max(over)]
    if target is None:
        return Light(f"2025{ending}", None, value, None, "no_target")
    planned = Decimal(target) * Decimal(share)
    if value is None:
        return Light(f"2025{ending}", planned, None, None, "no_value")
    up, down = (planned, value) if leaf["params"]["direction"] == "lower" else (value, planned)
    if down <= 0:
        colour = "green" if up >= down else "red"
    else:
        part = Fraction(up) / Fraction(down)
        colour = "green" if part >= Fraction("0.95") else "red"
        colour = "yellow" if Fraction("0.85") <= part < Fraction("0.95") else colour
    return Light(f"2025{ending}", planned, value, colour, None)

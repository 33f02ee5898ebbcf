"""What a year that is kept day by day has to show, computed from its plan alone.

Nothing of the services is used: states are told by going through what is done, days are counted
down the table that was typed from the notices.
"""

import csv
import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kaoping.city.files import OWN_UNIT
from kaoping.city.generated import leaves
from kaoping.city.particulars import ENDINGS, INSPECTED
from kaoping.plan import Act, Document, Does, Plan

TABLE = Path(__file__).parents[1] / "clock" / "days-2024-2026.csv"
CITY = ZoneInfo("Asia/Shanghai")
ONE_DAY = dt.timedelta(days=1)

COUNTED = ("submitted", "verified")
"""The states in which an entry answers what is owed; who reviews it first changes nothing."""


def _worked() -> list[dt.date]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    return [dt.date.fromisoformat(row["day"]) for row in rows if row["worked"] == "yes"]


WORKED = _worked()


def nth(day: dt.date, count: int) -> dt.date:
    """Return the working day so many places down the list of working days, or up."""
    if count == 0:
        return WORKED[bisect_left(WORKED, day)]
    if count > 0:
        return WORKED[bisect_right(WORKED, day) + count - 1]
    return WORKED[bisect_left(WORKED, day) + count]


def worked_after(first: dt.date, last: dt.date) -> int:
    """Return how many working days come after a day, up to another and with it."""
    return max(0, bisect_right(WORKED, last) - bisect_right(WORKED, first))


MONTHS = {
    "": range(1, 13),
    **{f"-{n:02}": range(n, n + 1) for n in range(1, 13)},
    **{f"Q{n}": range(3 * n - 2, 3 * n + 1) for n in range(1, 5)},
    **{f"H{n}": range(6 * n - 5, 6 * n + 1) for n in (1, 2)},
}
"""The months of a period by how it ends."""


def months_of(period: str) -> range:
    """Return the months of a period."""
    return MONTHS[period[4:]]


class Days(NamedTuple):
    """From when on something is warned of, until when it is in time, and after which day it is
    gravely missed."""

    warned: dt.date
    due: dt.date
    red: dt.date

    def again(self, returned: dt.date | None) -> "Days":
        """Return the days of what was returned: due two working days later, or as before."""
        if returned is None:
            return self
        due = max(self.due, nth(returned, 2))
        return Days(max(nth(due, -5), returned), due, nth(due, 2))

    def light(self, day: dt.date, done: dt.date | None) -> str:
        """Return what is shown on a day."""
        done = done if done is not None and done <= day else None
        decisive = day if done is None else done
        if decisive > self.red:
            return "red_card"
        if decisive > self.due:
            return "yellow_card"
        return "warning" if done is None and day >= self.warned else "none"


def days_of(period: str) -> Days:
    """Return the days of what is owed for a period: monthly on the 5th working day after it,
    quarterly on the 10th, half-yearly on the 15th, yearly on 31 January."""
    year, last = int(period[:4]), months_of(period)[-1]
    after = dt.date(year + last // 12, last % 12 + 1, 1)
    if period[4:5] == "-":
        due = nth(after - ONE_DAY, 5)
    elif period[4:5] == "Q":
        due = nth(after - ONE_DAY, 10)
    else:
        due = nth(after.replace(day=15 if period[4:] else 31), 0)
    return Days(nth(due, -5), due, nth(due, 2))


def moments_of(acts: list[Act]) -> list[dt.datetime]:
    """Return when each act is done: from just after midnight to just before it, in their order."""
    of_day, found, done = Counter(act.day for act in acts), list[dt.datetime](), Counter[dt.date]()
    for act in acts:
        minutes = 1 + 1437 * done[act.day] // max(1, of_day[act.day] - 1)
        done[act.day] += 1
        begin = dt.datetime.combine(act.day, dt.time(), CITY)
        found.append(begin + dt.timedelta(minutes=minutes))
    return found


@dataclass
class Line:
    """An entry of the ledger: what it is about, and its states with their moments. It may take
    another out: a restatement goes on from its `former`, a reversal answers nothing."""

    entry: Document
    states: list[tuple[dt.datetime, str]]
    former: "Line | None" = None
    takes_out: "Line | None" = None

    def stands(self, moment: dt.datetime) -> bool:
        """Say whether it had not been taken out by a moment."""
        return ("voided", True) not in {(state, at <= moment) for at, state in self.states}

    @property
    def is_for_all(self) -> bool:
        """Say whether it answers whatever is owed: that the indicator does not apply."""
        return self.entry["kind"] == "not_applicable"

    @property
    def slot(self) -> tuple[str | None, str | None]:
        """Return which of several values it is."""
        return self.entry.get("key"), self.entry.get("item")

    def spans(self, moment: dt.datetime) -> Iterator[tuple[dt.date, dt.date | None]]:
        """Yield from which day on until which one it answered what is owed, by a moment; None is
        still."""
        since: dt.date | None = None
        for at, state in self.states if self.takes_out is self.former else ():
            if at <= moment and (state in COUNTED) != (since is not None):
                if since is not None:
                    yield since, at.date()
                since = None if since else at.date()
        if since is not None:
            yield since, None


def lines_of(plan: Plan) -> list[Line]:
    """Return every entry of the year, by going through what is done."""
    lines = list[Line]()
    for act, at in zip(plan.acts, moments_of(plan.acts), strict=True):
        those = [lines[number] for number in act.about]
        if act.does is Does.VERIFY:
            for each in lines:
                _verify(each, at)
        elif act.does in (Does.SUBMIT, Does.RETURN):
            for each in those:
                each.states.append((at, MOVED[act.does]))
        else:
            lines += [Line(each, [(at, MOVED[act.does])]) for each in act.entries]
            for each in those:
                restates = each if act.does is Does.RESTATE else None
                lines.append(Line(each.entry, [(at, "submitted")], restates, each))
    return lines


MOVED = {Does.POST: "submitted", Does.DRAFT: "draft", Does.SUBMIT: "submitted"} | {
    Does.RETURN: "returned"
}


def _verify(line: Line, at: dt.datetime) -> None:
    if line.states[-1][1] == "submitted":
        line.states.append((at, "verified"))
        if line.takes_out is not None:
            line.takes_out.states.append((at, "voided"))


class Owed(NamedTuple):
    """What a unit owes: the entries for an indicator and a period."""

    unit: str
    indicator: str
    period: str


def owed_of(scheme: Document) -> dict[Owed, list[str]]:
    """Return the units that each duty reports on."""
    found = defaultdict[Owed, list[str]](list)
    for category in scheme["categories"]:
        for unit in category["units"]:
            for leaf in leaves(category):
                source = leaf["data_source_unit"]
                for ending in _endings(leaf):
                    period = f"{scheme['assessment_year']}{ending}"
                    owed = Owed(unit if source == OWN_UNIT else source, leaf["code"], period)
                    found[owed].append(unit)
    return found


def _endings(leaf: Document) -> Iterator[str]:
    method, params = leaf["method"], leaf["params"]
    if method == "survey_score" or (method == "qualitative_panel" and params.get("panel")):
        return
    monthly = method == "deduct_events" and leaf["frequency"] == "monthly"
    if leaf.get("combine"):
        yield from ENDINGS[leaf["frequency"]]
    elif monthly:
        yield from (f"-{n:02}" for n in range(1, 13))
    elif method == "rank_points" and params.get("period") == "quarter":
        yield from ("Q1", "Q2", "Q3", "Q4")
    else:
        yield ""


class Term(NamedTuple):
    """A time in which something was owed about a unit: from the start, or since what was there was
    returned or reversed; until it was done."""

    days: Days
    returned: dt.date | None
    done: dt.date | None

    @property
    def is_in_time(self) -> bool:
        """Say whether it was done by its day."""
        return self.done is not None and self.done <= self.days.due

    def late(self, day: dt.date) -> int:
        """Return how many working days after its day it was done, or is not by now."""
        return worked_after(self.days.due, self.done or day)


SHOWN = ("none", "warning", "yellow_card", "red_card")


def wanted(leaf: Document) -> list[tuple[str | None, str | None]]:
    """Return the keys and items of which all are owed; none where any entry will do."""
    params = leaf["params"]
    if leaf["method"] == "blend":
        return [(each["key"], None) for each in params["components"]]
    if leaf["method"] == "items_weighted" and params["items"] != "unit_defined":
        return [("actual", str(n)) for n in range(1, int(params["items"]) + 1)]
    return []


@dataclass
class Expected:
    """What is shown at moments, by the plan of a year."""

    plan: Plan
    lines: list[Line] = field(init=False)
    owed: dict[Owed, list[str]] = field(init=False)
    _about: dict[tuple[str, str], list[Line]] = field(init=False)
    _wanted: dict[tuple[str, str], list[tuple[str | None, str | None]]] = field(init=False)

    def __post_init__(self) -> None:
        self.lines, self.owed = lines_of(self.plan), owed_of(self.plan.scheme)
        self._about = defaultdict(list)
        self._wanted = {
            (unit, leaf["code"]): wanted(leaf)
            for category in self.plan.scheme["categories"]
            for leaf in leaves(category)
            for unit in category["units"]
        }
        for line in self.lines:
            if line.entry["kind"] == "inspection_finding":
                continue  # it answers nothing that is owed
            self._about[line.entry["unit"], line.entry["indicator"]].append(line)

    def duties(self, moment: dt.datetime, about: str | None = None) -> dict[Owed, Document]:
        """Return how each duty stands at a moment, in the words of the API; or of what is owed the
        part about one unit."""
        found = {
            owed: [unit for unit in units if about in (None, unit)]
            for owed, units in self.owed.items()
        }
        return {owed: self._stands(owed, units, moment) for owed, units in found.items() if units}

    def lines_about(self, owed: Owed, unit: str) -> list[Line]:
        """Return the entries about a unit that may answer a duty."""
        months, year = {*months_of(owed.period)}, str(self.plan.assessment_year)
        return [
            line
            for line in self._about[unit, owed.indicator]
            if not months.isdisjoint(months_of(line.entry.get("period") or year))
        ]

    def terms(self, owed: Owed, unit: str, moment: dt.datetime) -> list[Term]:
        """Return the times in which something was owed about a unit, by going from change to
        change: what is mended on the day of its return was not returned."""
        wants, changes = self._wanted[unit, owed.indicator] or [ANY], list[tuple[object, ...]]()
        for line in self.lines_about(owed, unit):
            slots = wants if wants == [ANY] or line.is_for_all else [line.slot]
            for since, until in line.spans(moment):
                changes += [(since, 0, slots), (until or dt.date.max, 1, slots)]
        there, whole, returned = Counter[tuple[str | None, str | None]](), False, None
        days, found = days_of(owed.period), list[Term]()
        for day, ends, slots in sorted(changes, key=lambda each: each[:2]):
            if day == dt.date.max:
                break
            there.update(dict.fromkeys(slots, -1 if ends else 1))
            is_whole = all(there[each] for each in wants)
            if is_whole and not whole:
                found.append(Term(days.again(returned), returned, day))
            elif whole and not is_whole:
                returned = day
            whole = is_whole
        return found if whole else [*found, Term(days.again(returned), returned, None)]

    def _stands(self, owed: Owed, units: list[str], moment: dt.datetime) -> Document:
        day, days = moment.astimezone(CITY).date(), days_of(owed.period)
        terms = {unit: self.terms(owed, unit, moment) for unit in units}
        last, every = [each[-1] for each in terms.values()], [t for e in terms.values() for t in e]
        missing = sorted(unit for unit, each in terms.items() if each[-1].done is None)
        done = None if missing else max(each.done for each in last if each.done)
        again = _again(last)
        return {
            "due": days.due.isoformat(),
            "warned_from": days.warned.isoformat(),
            "red_after": days.red.isoformat(),
            "light": max((t.days.light(day, t.done) for t in every), key=SHOWN.index),
            "expected": len(units),
            "missing": len(missing),
            "missing_units": missing,
            "handed_in_on": done and done.isoformat(),
            "late_by": max(each.late(day) for each in every),
            "returned_on": again and again.returned and again.returned.isoformat(),
            "due_again": again and again.days.due.isoformat(),
            "on_time": sum(all(t.is_in_time for t in each) for each in terms.values()),
        }

    def cards(self, moment: dt.datetime) -> set[tuple[str, ...]]:
        """Return the warnings and cards that are earned by a moment long after the year: unit,
        indicator, period, light, due, first day."""
        found = set[tuple[str, ...]]()
        for owed, units in self.owed.items():
            every = [t for unit in units for t in self.terms(owed, unit, moment)]
            for light in SHOWN[1:]:
                earned = [
                    (first, days.due)
                    for days, _, done in every
                    if days.light(first := _first(days, light), done) == light
                ]
                if earned:
                    first, due = min(earned)
                    found.add((*owed, light, due.isoformat(), first.isoformat()))
        return found


ANY = (None, None)


def _first(days: Days, light: str) -> dt.date:
    after = {"warning": days.warned - ONE_DAY, "yellow_card": days.due, "red_card": days.red}
    return after[light] + ONE_DAY


def _again(last: list[Term]) -> Term | None:
    """Return of what was returned what is due again first, or else was returned last."""
    returned = [each for each in last if each.returned]
    missing = [each for each in returned if each.done is None]
    if missing:
        return min(missing, key=lambda each: (each.days.due, each.returned))
    return max(returned, key=lambda each: each.returned, default=None)


def completeness(duties: dict[Owed, Document], by: str) -> dict[str, Document]:
    """Return duties counted by what they have in common."""
    found = defaultdict[str, Document](
        lambda: {
            **dict.fromkeys(("duties", "done", "expected", "handed_in", "on_time"), 0),
            "lights": dict.fromkeys(("none", "warning", "yellow_card", "red_card"), 0),
        }
    )
    for owed, stands in duties.items():
        names = {"day": stands["due"], "light": stands["light"], **owed._asdict()}
        part = found[names[by]]
        part["duties"] += 1
        part["done"] += not stands["missing"]
        part["expected"] += stands["expected"]
        part["handed_in"] += stands["expected"] - stands["missing"]
        part["on_time"] += stands["on_time"]
        part["lights"][stands["light"]] += 1
    return dict(found)


class Alike(NamedTuple):
    """Two files that are alike, by their names, the earlier one first."""

    likeness: str
    earlier: str
    later: str
    is_of_two_units: bool


def uses_of(plan: Plan) -> dict[str, tuple[str, list[int]]]:
    """Return who adds each file and the numbers of the entries that name it, in the order in which
    files are added."""
    found, number = dict[str, tuple[str, list[int]]](), 0
    for act in plan.acts:
        for entry in act.entries:
            for name in entry.get("evidence_ids", ()):
                found.setdefault(name, (act.who, []))[1].append(number)
            number += 1
        number += len(act.about) if act.does in (Does.RESTATE, Does.REVERSE) else 0
    return found


def alike(plan: Plan) -> set[Alike]:
    """Return which files are equal, each with the first of them, and which show the same."""
    uses, files = uses_of(plan), plan.evidence
    shown = defaultdict[tuple[str, int], list[str]](list)
    for name in uses:
        shown[files[name][1:3]].append(name)
    found = set[Alike]()
    for names in shown.values():
        for earlier, later in combinations(names, 2):
            is_equal = files[earlier].saving == files[later].saving
            before = names[: names.index(earlier)]
            if is_equal and any(files[n].saving == files[later].saving for n in before):
                continue  # the later one stands beside the first
            likeness = "same_file" if is_equal else "same_picture"
            found.add(Alike(likeness, earlier, later, uses[earlier][0] != uses[later][0]))
    return found


PERIODS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "twice_a_year": 6}
"""How many months a period has, by the frequency; any other has the year."""


def tops_of(scheme: Document) -> dict[tuple[str, str], Document]:
    """Return the indicators of blocks, by the unit that is assessed by them and their code."""
    return {
        (unit, indicator["code"]): indicator
        for category in scheme["categories"]
        for block in category["blocks"]
        for indicator in block["indicators"]
        for unit in category["units"]
    }


Parts = dict[tuple[str, str], list[tuple[str, Decimal, Decimal]]]
"""The parts that are known, by unit and indicator: period, points, what they have come to."""


def earned_and_open(
    indicator: Document,
    told: dict[tuple[str, str, str], Decimal | None],
    parts: Parts,
    unit: str,
    day: dt.date,
) -> tuple[Decimal, Decimal]:
    """Return what is earned on a day of the points of an indicator, and the most that can still be
    won: of what is decided part by part what its parts have come to and the parts that are not over
    or not there; of what only deducts nothing once it has a score, before that what its events have
    left; of anything else all or nothing. Nothing is closed before it is over."""
    code = indicator["code"]
    points, score = (told[unit, what, code] for what in ("points", "indicator"))
    if indicator["children"]:
        below = [earned_and_open(each, told, parts, unit, day) for each in indicator["children"]]
        won, left = (sum(each, Decimal(0)) for each in zip(*below, strict=True))
        return (won if score is None else score), left
    known, months = parts.get((unit, code), []), PERIODS.get(indicator["frequency"], 12)
    is_over = day > _last_day(range(months, 13, months)[-1])
    if indicator["method"] == "deduct_events":
        return (Decimal(0), known[0][2]) if score is None else (score, Decimal(0))
    if indicator["params"].get("period") == "quarter":
        over = {f"2025Q{n}" for n in range(1, 5) if day > _last_day(3 * n)}
        earned = sum((worth for _, _, worth in known), Decimal(0))
        settled = sum((of for period, of, _ in known if period in over), Decimal(0))
        waiting = sum((worth for period, _, worth in known if period not in over), Decimal(0))
        return (earned if score is None else score), points - settled - waiting
    if score is None:
        earned = sum((worth for _, _, worth in known), Decimal(0))
        return earned, points - earned
    if indicator.get("combine"):
        is_over = is_over and len(known) == 12 // months
    return score, Decimal(0) if is_over else max(points - score, Decimal(0))


LAST = Decimal("0.0001")
"""The last decimal that the city shows of points."""

SoFar = tuple[Decimal, ...]
"""Points of an indicator, and of them earned, open, and out of reach."""


def so_far(
    scheme: Document,
    told: dict[tuple[str, str, str], Decimal | None],
    parts: Parts,
    day: dt.date,
) -> dict[tuple[str, str], SoFar]:
    """Return how far each unit is with each indicator of a block that applies to it, by what SQL
    makes of the record, and of the parts that are known by then."""
    found = dict[tuple[str, str], SoFar]()
    for (unit, code), top in tops_of(scheme).items():
        if points := told.get((unit, "points", code)):
            both = earned_and_open(top, told, parts, unit, day)
            earned, left = (each.quantize(LAST, ROUND_HALF_UP) for each in both)
            left = min(left, max(points - earned, Decimal(0)))
            lost = max(points - earned - left, Decimal(0))
            found[unit, code] = points, earned, left, lost
    return found


def so_far_of(units: Iterable[Document]) -> dict[tuple[str, str], SoFar]:
    """Return the same as the API tells it."""
    names = ("points", "earned", "open", "unreachable")
    return {
        (unit["unit"], each["indicator"]): tuple(Decimal(each[name]) for name in names)
        for unit in units
        for each in unit["indicators"]
    }


def _last_day(month: int) -> dt.date:
    return dt.date(2025 + month // 12, month % 12 + 1, 1) - ONE_DAY


def likely(lines: list[Line]) -> set[tuple[str, str | None, int, int]]:
    """Return which entries look like one that came before and stood then, by their numbers: by what
    they are about, or by the document that both name; both stand to this day."""
    latest, found = defaultdict[object, list[int]](list), set[tuple[str, str | None, int, int]]()
    for number, line in enumerate(lines):
        is_reversal = line.takes_out is not line.former
        if is_reversal or line.entry["kind"] == "panel_mark":
            continue
        for by, document, *abouts in _marks(line.entry):
            moment = line.states[0][0]
            before = (reversed(latest[about]) for about in abouts)
            stood = (n for each in before for n in each if lines[n].stands(moment))
            earlier = next(stood, None)
            if earlier is not None and lines[earlier] is not line.former:
                both = lines[earlier], line
                if all(each.states[-1][1] != "voided" for each in both):
                    found.add((by, document, number, earlier))
            latest[abouts[-1]].append(number)
    return found


OTHER = {"event": "inspection_finding", "inspection_finding": "event"}
"""What tells of the same as something of a kind, where bodies inspect."""


def _marks(entry: Document) -> Iterator[tuple[str, str | None, *tuple[object, ...]]]:
    """Yield by what an entry is recognised: of what it is about first what an inspection, or else
    the source, would have told of it."""
    kinds, fields = [entry["kind"]], ("unit", "indicator", "key", "item", "period")
    if entry["indicator"] in INSPECTED and entry["kind"] in OTHER:
        kinds.insert(0, OTHER[entry["kind"]])
    about = tuple(entry.get(name) for name in fields)
    yield "same_subject", None, *((kind, about) for kind in kinds)
    if (note := entry.get("note", "")) and note.startswith("云督"):
        yield "same_document", note, (note, entry["unit"])

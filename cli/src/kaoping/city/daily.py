"""A year day by day, from a seed: who hands in what on which day, in time and late, what is sent
back, restated and reversed, what is verified when, and the files that support it.

Days are drawn around those on which things are due, and nothing here knows which these are: what a
day shows is for the system to say, and for whoever computes it otherwise.
"""

import datetime as dt
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Any

from kaoping.city.generated import MAKERS, Indicator
from kaoping.city.oddities import GROWING, growing_in, hoarder_of, with_odd_values
from kaoping.city.particulars import BY_ITSELF
from kaoping.plan import Act, Document, Does, EvidenceFile, Plan

ENTRIES_PER_FILE = 31
"""There is a file for so many entries: 2,000 in a whole city's year."""

VERIFIED_ON = 25
"""On this day of each month what was handed in is verified."""

QUIET = (0, 0, 0, 0, 1)
BUSY = (0, 1, 2, 5, 12, 30, 45, 62)
"""How many events a month may have, where there are few and where there are many."""

FIRST_DAYS = {"month": range(1, 6), "quarter": range(3, 11), "year": range(5, 29)}
EDGES = {"month": range(5, 14), "quarter": range(9, 21), "year": range(29, 39)}
LATE = {"month": range(14, 41), "quarter": range(21, 50), "year": range(39, 66)}
"""So many days after a period what is owed for it comes: soon, around when it is due, and late."""


def _monthly_events(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    """Yield for each month events, or a zero report; of some units there are very many."""
    usual = random.choice([QUIET, BUSY])
    for month in range(1, 13):
        about = {"kind": "event", "period": f"2025-{month:02}"}
        number = random.choice(usual)
        if not number:
            yield {**about, "key": "zero_report", "value": "0"}
        for _n in range(number):
            key = random.choice([each for each in params["per_event"] if each not in BY_ITSELF])
            yield {**about, "key": key, "value": "1", "note": _matter(random)}


def _matter(random: Random) -> str:
    return f"云督〔2025〕{random.randint(1, 99_999)}号"


DAILY_MAKERS = {**MAKERS, "deduct_events": _monthly_events}
"""How the entries of a leaf are made up where every event of every month is told."""


def day_by_day(plan: Plan, seed: int, per_file: int = ENTRIES_PER_FILE) -> Plan:
    """Return a year with the days on which everything in it is done."""
    random = Random(f"days {seed}")  # noqa: S311 - nothing here is a secret
    plan = with_odd_values(plan)
    days = _Days(plan, random, hoarder_of(plan), growing_in(plan))
    for poster, entries in plan.entries.items():
        days.hand_in(poster, entries)
    days.support(len(days.told) // per_file)
    acts, posted = days.acts(), defaultdict[str, list[Document]](list)
    for act in acts:
        if act.does in (Does.POST, Does.DRAFT):
            posted[act.who] += act.entries
    plan = replace(plan, entries=dict(posted), acts=acts)
    return replace(plan, evidence={**days.evidence, **plan.evidence}, grown=days.grown)


@dataclass
class _Told:
    """One entry on its way: posted on a day, as a draft or not, and what becomes of it."""

    poster: str
    entry: Document
    day: dt.date
    submitted: dt.date | None = None
    returned: tuple[dt.date, dt.date] | None = None
    restated: dt.date | None = None
    reversed: dt.date | None = None
    is_alone: bool = True
    """Whether it is the only one about its unit, indicator and period."""


@dataclass
class _Days:
    plan: Plan
    random: Random
    hoarder: str | None
    growing: Collection[tuple[str, str]]
    grown: dict[tuple[str, str], str] = field(default_factory=dict)
    told: list[_Told] = field(default_factory=list)
    evidence: dict[str, EvidenceFile] = field(default_factory=dict)

    @property
    def verifications(self) -> list[dt.date]:
        """The days on which what was handed in is verified."""
        year = self.plan.assessment_year
        months = [(year + n // 12, n % 12 + 1) for n in range(1, 15)]
        return [dt.date(*each, VERIFIED_ON) for each in months]

    def hand_in(self, poster: str, entries: Sequence[Document]) -> None:
        """Draw when a unit hands in its entries: what it owes for one indicator and period
        together, but for a unit or all of them that come later."""
        year, random = str(self.plan.assessment_year), self.random
        owed = defaultdict[tuple[str, str], list[Document]](list)
        for each in entries:
            owed[each["indicator"], each.get("period") or year].append(each)
        desks = dict[str, Sequence[dt.date]]()
        for (_, period), about in owed.items():
            soon, late = desks.setdefault(period, self._desk(period))
            usual = random.choices([soon, self._day(period, EDGES), late], [7, 2, 1])[0]
            usual = self._hoarded(period, usual) if poster == self.hoarder else usual
            behind = {random.choice(about)["unit"]: late} if random.random() < 0.08 else {}
            of = Counter(entry["unit"] for entry in about)
            for each in about:
                day = behind.get(each["unit"], usual)
                told = _Told(poster, each, day, is_alone=of[each["unit"]] == 1)
                self.told.append(self._so_far(told) if self._grows(each) else told)

    def _hoarded(self, period: str, usual: dt.date) -> dt.date:
        """Return one of the last days of the year for what is owed for an earlier month of it."""
        last, kind = _end_of(period)
        december = dt.date(self.plan.assessment_year, 12, self.random.randint(18, 30))
        return december if kind == "month" and last < december.replace(day=1) else usual

    def _grows(self, entry: Document) -> bool:
        """Say whether a part of a value is entered during the year; of some it never is."""
        about = entry["unit"], entry["indicator"]
        is_one = entry.get("key") == GROWING and not entry.get("period")
        return about in self.growing and is_one and self.random.random() < 0.8

    def _so_far(self, told: _Told) -> _Told:
        """Return that a part of a value is entered in the year, and all of it once that is over."""
        random, year, entry = self.random, self.plan.assessment_year, told.entry
        self.grown[entry["unit"], entry["indicator"]] = str(entry["value"])
        part = Decimal(random.randint(20, 105)) / 100
        final = Decimal(str(entry["value"]))
        value = (final * part).quantize(Decimal("0.01"))
        value += value == final
        day = dt.date(year, random.randint(4, 11), random.randint(1, 28))
        again = dt.date(year + 1, 1, random.randint(3, 29))
        return replace(told, entry={**entry, "value": f"{value:f}"}, day=day, restated=again)

    def _desk(self, period: str) -> Sequence[dt.date]:
        return [self._day(period, days) for days in (FIRST_DAYS, LATE)]

    def _day(self, period: str, days: Mapping[str, range]) -> dt.date:
        last, kind = _end_of(period)
        return last + dt.timedelta(days=self.random.choice(days[kind]))

    def support(self, number: int) -> None:
        """Draw the files and which entries name them; one of five names a file that its poster has
        added already. Some files are another's or the unit's own once more, or such a picture saved
        anew."""
        supported = [each for each in self.told if each.entry["kind"] != "panel_mark"]
        own = defaultdict[str, list[str]](list)
        for told in self.random.sample(supported, len(supported)):
            if len(self.evidence) >= number:
                return
            names = own[told.poster]
            if names and self.random.random() < 0.2:
                name = self.random.choice(names)
            else:
                name = self._drawn_file().name
                names.append(name)
            told.entry["evidence_ids"] = [name]

    def _drawn_file(self) -> EvidenceFile:
        random, n = self.random, len(self.evidence) + 1
        if self.evidence and random.random() < 0.05:
            again = random.choice([*self.evidence.values()])
            anew = again.kind == "jpg" and random.random() < 0.5
            saving = (again.saving + anew) % 3
            file = again._replace(name=f"佐证{n}.{again.kind}", saving=saving)
        else:
            kind = random.choice(["jpg", "jpg", "jpg", "png", "pdf", "xlsx"])
            file = EvidenceFile(f"佐证{n}.{kind}", kind, n)
        return self.evidence.setdefault(file.name, file)

    def acts(self) -> list[Act]:
        """Draw what becomes of entries, and return all that is done, by days."""
        for each in [*self.told]:
            self._happen(each)
        found = defaultdict[tuple[dt.date, Does, str], list[_Told]](list)
        for told in self.told:
            for day, does, who in _done_to(told):
                found[day, does, who].append(told)
        for day in self.verifications:
            found[day, Does.VERIFY, ""] = []
        return [*_numbered(dict(sorted(found.items())))]

    def _happen(self, told: _Told) -> None:
        """Draw what becomes of an entry after it was posted; of most nothing does."""
        random, kind = self.random, told.entry["kind"]
        if kind in ("panel_mark", "not_applicable") or told.restated is not None:
            return
        drawn, following = random.random(), [d for d in self.verifications if d >= told.day]
        if drawn < 0.01:
            told.submitted = told.day + dt.timedelta(days=random.randint(1, 12))
        elif drawn < 0.02:
            back = told.day + dt.timedelta(days=1)
            if back < following[0]:
                told.returned = back, back + dt.timedelta(days=random.randint(1, 12))
        elif len(following) > 2:
            self._change(told, following)

    def _change(self, told: _Told, following: Sequence[dt.date]) -> None:
        """Draw whether a value is restated, or reversed and entered anew, or an event beside
        others reversed, once it was verified."""
        random, is_value = self.random, told.entry["kind"] == "measured_value"
        day = following[1] - dt.timedelta(days=random.randint(1, 20))
        drawn = random.random()
        if is_value and drawn < 0.06:
            told.restated = day
        elif is_value and drawn < 0.1:
            told.reversed = day
            again = following[1] + dt.timedelta(days=random.randint(1, 9))
            self.told.append(_Told(told.poster, dict(told.entry), again))
        elif told.entry.get("note") and not told.is_alone and drawn < 0.004:
            told.reversed = day


def _done_to(told: _Told) -> Iterator[tuple[dt.date, Does, str]]:
    """Yield on which day what is done to an entry by whom; the office has no name here."""
    yield told.day, Does.DRAFT if told.submitted else Does.POST, told.poster
    if told.submitted:
        yield told.submitted, Does.SUBMIT, told.poster
    if told.returned:
        yield told.returned[0], Does.RETURN, ""
        yield told.returned[1], Does.SUBMIT, told.poster
    if told.restated:
        yield told.restated, Does.RESTATE, told.poster
    if told.reversed:
        yield told.reversed, Does.REVERSE, told.poster


def _numbered(found: Mapping[tuple[dt.date, Does, str], list[_Told]]) -> Iterator[Act]:
    """Yield acts, with entries by the numbers that they have once they came to be."""
    numbers, count = dict[int, int](), 0
    for (day, does, who), told in found.items():
        if does in (Does.POST, Does.DRAFT):
            numbers |= {id(each): count + n for n, each in enumerate(told)}
            yield Act(day, does, who, entries=tuple(each.entry for each in told))
        else:
            yield Act(day, does, who, about=tuple(numbers[id(each)] for each in told))
        count += len(told) if does in ADDS else 0


ADDS = (Does.POST, Does.DRAFT, Does.RESTATE, Does.REVERSE)
"""What adds an entry each to the ledger."""


def _end_of(period: str) -> tuple[dt.date, str]:
    """Return the last day of a period, and what it is."""
    year, ending = int(period[:4]), period[4:]
    month = int(ending[1:]) if ending[:1] == "-" else 3 * int(ending[1:]) if ending else 12
    kind = {"-": "month", "Q": "quarter"}.get(ending[:1], "year")
    return dt.date(year, month, monthrange(year, month)[1]), kind


def restated(entry: Mapping[str, Any], grown: Mapping[tuple[str, str], str]) -> str:
    """Return what a measured value is restated as: what it has grown to, or what differs a bit."""
    if entry.get("key") == GROWING and (final := grown.get((entry["unit"], entry["indicator"]))):
        return final
    value = str(entry["value"])
    return value[:-1] + ("1" if value[-1] == "0" else "0")

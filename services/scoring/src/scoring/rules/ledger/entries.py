"""The ledger's entries as the rules see them, and the words they are written in."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from scoring.rules.scheme.document import Indicator

MEASURED_VALUE = "measured_value"
EVENT = "event"
MILESTONE = "milestone"
GRADE = "grade"
PANEL_MARK = "panel_mark"
SUPERIOR_RANK = "superior_rank"
EXTERNAL_RESULT = "external_result"
REVERSAL = "reversal"
NOT_APPLICABLE = "not_applicable"
PROGRESS_REPORT = "progress_report"
INSPECTION_FINDING = "inspection_finding"
SCORED_KINDS = (MEASURED_VALUE, EVENT, MILESTONE, GRADE, SUPERIOR_RANK, INSPECTION_FINDING)
"""What is scored by itself, and is no secret of who gave it."""

KINDS_ZH = {
    MEASURED_VALUE: "实测值",
    EVENT: "事件",
    MILESTONE: "节点状态",
    GRADE: "评定等级",
    PANEL_MARK: "评委打分",
    SUPERIOR_RANK: "上级排名",
    EXTERNAL_RESULT: "外部系统结果",
    REVERSAL: "冲销",
    NOT_APPLICABLE: "不适用申报",
    PROGRESS_REPORT: "进展情况",
    INSPECTION_FINDING: "检查发现",
}
"""The kinds of entries. One that says that a unit has no such business (不适用) says why in its
note; a progress report is the assessed unit's own words, which are never scored. The finding of an
inspection is an event that a supervising body enters about another unit."""

NOT_OWED = (PROGRESS_REPORT, INSPECTION_FINDING)
"""The kinds of entries that nobody owes: they answer nothing that is expected of a data source, and
contradict none of its reports."""

HAPPENED = (EVENT, INSPECTION_FINDING)
"""The kinds of entries that say that something happened; there may be any number of them."""

DONT_KNOW = "dont_know"
"""The word of a panel member who gives no mark (不了解)."""

ZERO_REPORT = "zero_report"
"""The key of an event entry that says: nothing happened in this period (零报告)."""

PERIODS = {
    "month": tuple(f"-{month:02}" for month in range(1, 13)),
    "quarter": ("Q1", "Q2", "Q3", "Q4"),
    "half_year": ("H1", "H2"),
}
"""How the periods of a year end, by the word that a method's `period` uses."""

YEAR = ("",)
"""How the one period ends of what is entered for the whole year."""

ANY_PERIOD = (*YEAR, *(ending for endings in PERIODS.values() for ending in endings))
"""How any period of a year may end."""

FREQUENCIES = {
    "monthly": PERIODS["month"],
    "quarterly": PERIODS["quarter"],
    "half_yearly": PERIODS["half_year"],
    "twice_a_year": PERIODS["half_year"],
}
"""How the periods end for which a scheme wants reports; of any other frequency it is the year."""

PER_EVENT = "per_event"
"""The frequency of what is reported when it happens, and not period by period."""

FULL_YEAR = "FY"
"""The name of the whole year where a scheme lists the periods of one."""


def ending_of(name: str) -> str:
    """Return how a period that a scheme names ends: "Q1" as "Q1", the full year as nothing."""
    return "" if name == FULL_YEAR else name


def natural(name: str) -> tuple[int, str]:
    """Return the key that sorts numbered names as people count: "2" before "10"."""
    return (len(name), name)


# ASCII digits only: \d would also match full-width ones.
_PERIOD = re.compile(r"([0-9]{4})(H[12]|Q[1-4]|-(0[1-9]|1[0-2]))?")


def year_of(period: str) -> int | None:
    """Return the year of "2025", "2025H1", "2025Q3" or "2025-07"; None when it is malformed."""
    match = _PERIOD.fullmatch(period)
    return int(match.group(1)) if match else None


def _months(endings: Collection[str]) -> dict[str, tuple[int, int]]:
    size = 12 // len(endings)
    return {ending: (n * size + 1, (n + 1) * size) for n, ending in enumerate(endings)}


_MONTHS: Mapping[str, tuple[int, int]] = {
    ending: span
    for endings in (YEAR, *PERIODS.values())
    for ending, span in _months(endings).items()
}


@lru_cache(maxsize=1024)  # a year has nineteen periods, and anybody may send others
def months_of(period: str) -> frozenset[int]:
    """Return the months of "2025", "2025H1", "2025Q3" or "2025-07", from 1; none if malformed."""
    first, last = _MONTHS.get(period[4:], (1, 0))
    return frozenset(range(first, last + 1))


@lru_cache(maxsize=1024)
def span_of(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period that is well formed."""
    year, (first, last) = int(period[:4]), _MONTHS[period[4:]]
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def parts_of(period: str, frequency: str) -> tuple[str, ...]:
    """Return the periods of a frequency that lie within a longer one, in order; nothing where that
    is no longer than they are."""
    months, year = months_of(period), period[:4]
    return tuple(
        f"{year}{ending}"
        for ending in FREQUENCIES.get(frequency, ())
        if months_of(f"{year}{ending}") < months
    )


def combined_from(indicator: Indicator, period: str) -> tuple[str, ...]:
    """Return the shorter periods whose values make that of a period; nothing where it has a value
    of its own."""
    return parts_of(period, indicator.frequency) if indicator.combine else ()


def unreported(reported: Iterable[str], frequency: str, year: str) -> list[str]:
    """Return the periods of the year that lack a report: those that the frequency demands.

    A report covers the months of its own period. Of a period that is covered in part its other
    months are named.
    """
    covered = frozenset[int]().union(*map(months_of, reported))
    lacking = list[str]()
    for ending in FREQUENCIES.get(frequency, YEAR):
        wanted = months_of(year + ending)
        if not wanted & covered:
            lacking.append(year + ending)
        else:
            lacking += [f"{year}-{month:02}" for month in sorted(wanted - covered)]
    return lacking


BY_OFFICE = "-"
"""The `author_unit` of what the service enters for the performance office, which is no unit's code:
the events of cards (黄牌、红牌)."""


OF_A_LIST = ("listed", "published_value", "document_no", "document_date")
"""The fields of an entry that tell of the superior's list in which a unit has its place."""

OF_A_RESULT = ("listed", "document_no", "document_date", "authority", "about_from", "about_until")
"""The fields of an entry that tell of the document in which another system's result stands: among
how many, whose document, and the days that the result is about."""

OF_A_DOCUMENT = (*OF_A_LIST, "authority", "about_from", "about_until")
"""The fields of an entry that tell of the document in which it stands."""

LAST_YEAR = "last_year"
"""The item of an entry that stands in for a result that has not come: last year's, taken over from
the cycle before."""


LONGEST_LIST = 100_000
"""The most that a list of the superior ranks."""


class SuperiorList(NamedTuple):
    """A list that the superior published: how many it ranks, by what, in which document of when."""

    listed: int
    published_value: Decimal | None
    document_no: str
    document_date: date


class ResultDocument(NamedTuple):
    """The document of another system's result: among how many, whose, and about which days."""

    listed: int | None
    document_no: str
    document_date: date
    authority: str
    about_from: date
    about_until: date


class FoundFraud(NamedTuple):
    """That the committee found fraud in what an entry says: which check brought it, whether the
    indicator is void for the unit, and the best grade that the unit may have."""

    check: str
    voids: bool
    grade_cap: str


class Entry(NamedTuple):
    """One verified entry of the ledger (台账): who, for what, when, and how much or which word.

    `author_unit` is the unit of the caller who wrote it; `occurred_on` the day of an event, where
    it is known apart from the period in which it was discovered. `former` is what the entry told
    that it restates: a number, a word or a day as a text. `panel` is whose seat gave a mark. `card`
    tells of the card that an event stands for, `superior_list` of the list in which the entry is
    the unit's place, `result_document` of that in which another system's result stands. One that is
    `corrected` was entered after the seal, and has the id of the correction; `corrects` is what
    counted in its place before. `fraud` says that the committee found it to be fraud.
    """

    entry_id: UUID
    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str
    value: Decimal | None
    word: str | None
    author_unit: str | None = None
    occurred_on: date | None = None
    panel: str | None = None
    former: str | None = None
    card: str | None = None
    superior_list: SuperiorList | None = None
    result_document: ResultDocument | None = None
    corrected: bool = False
    corrects: UUID | None = None
    fraud: FoundFraud | None = None


def stands_in(entry: Entry) -> bool:
    """Say whether an entry is last year's result, in the place of one that has not come."""
    return entry.kind == EXTERNAL_RESULT and entry.item == LAST_YEAR


BY_ID = attrgetter("entry_id")
"""The key that sorts entries by their ids: the same order however they arrived."""

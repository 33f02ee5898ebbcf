"""Rectification reports (整改报告) that people have decided on: whose item each opens, and why one
waits."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from chassis.refusals import Fault, pointer
from scoring.rules.items.given import WHOLE, Share, Term, term_faults, undecided_faults
from scoring.rules.items.standing import Around
from scoring.rules.items.states import LEAD
from scoring.rules.scheme.succession import Succession

DECIDED, REVOKED = "decided", "revoked"

WAITS = {
    "not-begun": "the day from which it holds is to come",
    "deadline-passed": "its last day is over, or too far off",
    "ledger-sealed": "the ledger is sealed: the next year's cycle opens its item",
    "no-next-cycle": "the ledger is sealed, and no next year's cycle with a scheme is there yet",
    "not-assessed": "the scheme assesses neither the unit nor one that goes on from it",
    "several-successors": "several units go on from it, and nobody has said whose it is",
    "nobody-decides": "the body that decides in the office's place is the unit itself",
    "opened-by-hand": "an item of the unit was registered by the same document",
}
"""Why a report has no item yet, by what is told of it."""

ReportKey = tuple[UUID, int]
"""The cycle in which a report was decided, and its number there."""


class Report(NamedTuple):
    """A rectification report of a unit: what became of it, from when on, and by when it is due."""

    key: ReportKey
    unit: str
    state: str
    from_on: dt.date
    until_on: dt.date
    document_no: str | None
    text: str

    @property
    def title(self) -> str:
        """How its item is called."""
        return "整改报告" if self.document_no is None else f"整改报告（{self.document_no}）"


class ByHand(NamedTuple):
    """An item that a person registered: its lead, and the document that instructs it."""

    item_id: UUID
    lead: str
    document_no: str


class Waiting(NamedTuple):
    """A report that opens no item, and why; the item that may be its own already."""

    report: Report
    reason: str
    item_id: UUID | None = None


class Opening(NamedTuple):
    """A report that opens an item of a unit: its own, or the one that goes on from it."""

    report: Report
    unit: str

    @property
    def shares(self) -> list[Share]:
        """To whom the item is given: whole to the unit."""
        return [Share(self.unit, LEAD, WHOLE)]


class Beside(NamedTuple):
    """What openings are judged by besides: who goes on from whom, what was registered by hand, and
    the reports of which somebody has said that they are none of that; whether the ledger is
    `sealed`, and the cycle `is_followed` by one of the next year that has a scheme."""

    successions: Sequence[Succession] = ()
    by_hand: Sequence[ByHand] = ()
    anew: Collection[ReportKey] = ()
    sealed: bool = False
    is_followed: bool = False


def opened(
    reports: Iterable[Report], known: Collection[ReportKey], around: Around, beside: Beside
) -> Iterator[Opening | Waiting]:
    """Yield for each decided report that has no item what it opens, or why it waits."""
    for report in reports:
        if report.state == DECIDED and report.key not in known:
            yield _opened(report, around, beside)


def parted(judged: Iterable[Opening | Waiting]) -> tuple[list[Opening], list[Waiting]]:
    """Return what opens an item, and what waits."""
    found = [*judged]
    openings = [each for each in found if isinstance(each, Opening)]
    return openings, [each for each in found if isinstance(each, Waiting)]


def anew_faults(
    reports: Sequence[Report], known: Collection[ReportKey], around: Around, beside: Beside
) -> Iterator[Fault]:
    """Yield reports that are said to be another matter than an item, and do not wait for one."""
    judged = opened(reports, known, around, beside._replace(anew=()))
    _, waits = parted(judged)
    waiting = {each.report.key for each in waits if each.reason == "opened-by-hand"}
    for n, key in enumerate(beside.anew):
        if key not in waiting:
            en = f"Report {key[1]} does not wait as opened by hand."
            zh = f"第{key[1]}号整改报告并非因手工登记而待交办。"
            yield Fault(pointer("anew", n), "not-waiting", en, zh)


def withdrawn(reports: Iterable[Report], items: Mapping[ReportKey, UUID]) -> dict[UUID, Report]:
    """Return the items of reports that were revoked."""
    return {
        items[each.key]: each for each in reports if each.state == REVOKED and each.key in items
    }


def _opened(report: Report, around: Around, beside: Beside) -> Opening | Waiting:
    there = heirs(report.unit, beside.successions, around)
    if reason := _waits(report, there, around, beside):
        return Waiting(report, reason)
    opening = Opening(report, there[0])
    if any(undecided_faults("", opening.shares, around.bodies)):
        return Waiting(report, "nobody-decides")
    if report.key not in beside.anew:
        for each in beside.by_hand:
            if (each.lead, each.document_no) == (opening.unit, report.document_no):
                return Waiting(report, "opened-by-hand", each.item_id)
    return opening


def _waits(report: Report, there: Sequence[str], around: Around, beside: Beside) -> str | None:
    term, day = Term(until=report.until_on), around.day
    if report.from_on > day:
        return "not-begun"
    if any(term_faults("", term, day, around.last, around.calendar, None)):
        return "deadline-passed"
    if beside.sealed:
        return "ledger-sealed" if beside.is_followed else "no-next-cycle"
    if not there:
        return "not-assessed"
    return "several-successors" if len(there) > 1 else None


def heirs(unit: str, successions: Sequence[Succession], around: Around) -> list[str]:
    """Return who is assessed and has to do what a unit was told: itself, or who went on from it by
    a day, over as many steps as it takes."""
    if unit in around.assessed:
        return [unit]
    found, seen, waiting = set[str](), {unit}, [unit]
    while waiting:
        before = waiting.pop()
        for each in successions:
            goes_on = each.predecessor == before and each.effective_on <= around.day
            if goes_on and each.unit not in seen:
                seen.add(each.unit)
                (found.add if each.unit in around.assessed else waiting.append)(each.unit)
    return sorted(found)

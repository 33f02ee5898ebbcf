"""How a supervised item stands after a move that may be made."""

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from scoring.rules.items.clock import Clock, next_report, report_due
from scoring.rules.items.standing import Around, ItemNow, Said
from scoring.rules.items.states import (
    BEGINS,
    DISPATCH,
    EXTENSION_ASKED,
    REPLY,
    REPORT,
    STEPS,
    WITHDRAW,
)


class After(NamedTuple):
    """How an item stands after a move."""

    state: str
    clock: Clock
    completion: int
    report_due: dt.date | None


def after(item: ItemNow, said: Said, around: Around) -> After:
    """Return how an item stands after a move that may be made."""
    state = STEPS[item.state, said.move].to
    if said.move == WITHDRAW:  # nothing is due any more
        return After(state, Clock(), item.completion, None)
    clock, completion = _clock(item, said, around), item.completion
    if said.move == REPLY:
        completion = 100 if said.completion is None else said.completion
    elif said.move == REPORT:
        completion = completion if said.completion is None else said.completion
    return After(state, clock, completion, _reporting(item, said, around))


def _reporting(item: ItemNow, said: Said, around: Around) -> dt.date | None:
    """Return when the next word about how far it is comes due."""
    every, reporting = item.report_every, item.report_due
    if said.move == DISPATCH and every is not None:
        return report_due(every, around.day)
    if said.move == REPORT and every is not None and reporting is not None:
        return next_report(every, reporting, around.day)
    return reporting


def _clock(item: ItemNow, said: Said, around: Around) -> Clock:
    clock, day, calendar = item.clock, around.day, around.calendar
    if said.move in BEGINS:
        term = item.term if said.move == DISPATCH else said.term
        return Clock(term.due(day, calendar), None, item.step + 1, None)
    match said.move:
        case "return" | "suspend" | "ask_extension" | "dispute":
            return clock.paused(day, calendar)
        case "insist" | "resume":
            return clock.resumed(day, calendar)
        case "grant_extension":
            due = said.term.due(day, calendar) if said.term.is_given else item.asked
            return replace(clock, due=due, days_left=None)
        case "refuse_extension":
            # What was asked for in time and refused leaves the day that there was.
            return replace(clock, days_left=None)
        case "reply":
            return _replied(item, clock.resumed(day, calendar), around)
        case "accept_part":
            return replace(clock, done_on=None).resumed(day, calendar)
    return clock


def _replied(item: ItemNow, clock: Clock, around: Around) -> Clock:
    """Return a clock that went on, as a reply stops it: who does not wait for more time to be
    granted has no longer than was asked for."""
    if item.state == EXTENSION_ASKED and clock.due is not None and item.asked is not None:
        clock = replace(clock, due=min(clock.due, item.asked))
    return replace(clock.paused(around.day, around.calendar), done_on=around.day)

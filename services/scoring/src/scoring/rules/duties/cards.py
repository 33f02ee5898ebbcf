"""Which warnings and cards duties have earned by a day (预警、黄牌、红牌)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chassis.deadlines import Deadline, Light
from scoring.rules.duties.owed import Duty, Standing

LIGHTS = (Light.WARNING, Light.YELLOW, Light.RED)
"""What is written of a duty, from the mildest to the gravest."""

ONE_DAY = dt.timedelta(days=1)


class Card(NamedTuple):
    """A light that a duty has shown, from a day on; `handed_in_on` is when it was done, as far as
    that is known."""

    duty: Duty
    light: Light
    due: dt.date
    shown_on: dt.date
    handed_in_on: dt.date | None = None

    @property
    def key(self) -> str:
        """What stands for it where it is named."""
        return ",".join((*self.duty, str(self.light)))


def cards_of(standings: Iterable[Standing], today: dt.date) -> Iterator[Card]:
    """Yield each light that duties have earned by a day, by the record as it is known now: once,
    from the first day of the first term that earned it.

    That nobody looked on the day itself changes nothing.
    """
    for each in standings:
        for light in LIGHTS:
            earned = [
                (day, term.days.due)
                for term in each.terms
                if (day := _first_day(term.days, light)) <= today
                and term.days.light(day, term.done_on) is light
            ]
            if earned:
                day, due = min(earned)
                yield Card(each.duty, light, due, day, each.done_on)


def _first_day(days: Deadline, light: Light) -> dt.date:
    if light is Light.WARNING:
        return days.warned_from
    return (days.due if light is Light.YELLOW else days.red_after) + ONE_DAY

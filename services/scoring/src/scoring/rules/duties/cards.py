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
    """A light that a duty has shown, from a day on."""

    duty: Duty
    light: Light
    due: dt.date
    shown_on: dt.date


def cards_of(standings: Iterable[Standing], today: dt.date) -> Iterator[Card]:
    """Yield each light that duties have earned by a day, by the record as it is known now.

    That nobody looked on the day itself changes nothing. What came in time and was sent back
    afterwards stands as what never came.
    """
    for each in standings:
        for light, day in _first_days(each.deadline):
            if day <= today and each.deadline.light(day, each.done_on) is light:
                yield Card(each.duty, light, each.deadline.due, day)


def _first_days(days: Deadline) -> Iterator[tuple[Light, dt.date]]:
    yield Light.WARNING, days.warned_from
    yield Light.YELLOW, days.due + ONE_DAY
    yield Light.RED, days.red_after + ONE_DAY

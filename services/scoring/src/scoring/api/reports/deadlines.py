"""The days of a scheme's calendar that lie ahead, as they are told."""

import datetime as dt
from typing import Literal

from chassis.wire import Outgoing


class Deadline(Outgoing):
    """A day of the scheme's calendar that lies ahead; `days` from today."""

    step: str
    name: str
    what: Literal["date", "opens", "closes", "due"]
    on: dt.date
    days: int

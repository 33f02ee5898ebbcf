"""The daily look at the duties: gives the command that writes cards, and nothing else.

What is written follows from the record and the moment, whether it is looked once a day or once a
month; so it does not matter which of several processes looks, nor that one has missed a day.
"""

import asyncio
from collections.abc import Awaitable, Callable

from chassis import logs
from chassis.looks import LAST_SUCCESS


async def look_again(look: Callable[[], Awaitable[object]], seconds: float) -> None:
    """Look, and look again after so many seconds, for as long as the service runs.

    What goes wrong is said, and the next time it may go right.
    """
    done = LAST_SUCCESS.labels("duties")
    while True:
        try:
            await look()
            done.set_to_current_time()
        except Exception as error:
            logs.say("duties-not-looked-at", reason=type(error).__name__)
        await asyncio.sleep(seconds)

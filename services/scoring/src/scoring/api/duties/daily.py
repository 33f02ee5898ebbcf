"""The daily look at the duties: gives the command that writes cards, and nothing else.

What is written follows from the record and the moment, whether it is looked once a day or once a
month; so it does not matter which of several processes looks, nor that one has missed a day.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from chassis import logs
from chassis.looks import LAST_SUCCESS

Look = Callable[[], Awaitable[object]]


def accounts(names: str, secrets: str) -> list[tuple[str, str]]:
    """Return the accounts that are named between commas, each with its secret; raise `ValueError`
    where there are not as many secrets."""
    named = [each.strip() for each in names.split(",")]
    known = [each.strip() for each in secrets.split(",")] if len(named) > 1 else [secrets]
    if len(known) != len(named):
        told = f"DUTY_ACCOUNT names {len(named)} accounts, DUTY_SECRET has {len(known)} secrets"
        raise ValueError(told)
    return [*zip(named, known, strict=True)]


async def look_by_each(looks: Iterable[Look]) -> None:
    """Look by each account in turn. What goes wrong with one keeps no other from it, and is raised
    at the end."""
    wrong = list[Exception]()
    for look in looks:
        try:
            await look()
        except Exception as error:
            wrong.append(error)
    if wrong:
        raise wrong[0]


async def look_again(look: Look, seconds: float) -> None:
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

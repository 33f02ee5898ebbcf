"""Turns: how many commands of a process decide about claims at one time.

They wait for one another where claims are on one document, and whoever waits keeps a connection. Of
these a process has few: half of them stay free, so that others are answered meanwhile.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from chassis.db import Work, work_of
from scoring.rules.claims.states import ClaimsBusy

SECONDS = 10
"""How long a command waits for its turn: as long as a statement waits for a lock."""


def turns_of(connections: int) -> asyncio.Semaphore:
    """Return the turns of a process that has so many connections."""
    return asyncio.Semaphore(max(connections // 2, 1))


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of a request, which it has yet to take."""

    free: asyncio.Semaphore
    work: Work

    async def take(self) -> None:
        """Wait for the turn, before anything is asked of the database; it ends with the request.

        Who waits too long for it is refused (`ClaimsBusy`).
        """
        try:
            async with asyncio.timeout(SECONDS):
                await self.free.acquire()
        except TimeoutError:
            raise ClaimsBusy(
                "Others have been deciding about claims all the time.", "其他申报正在办理。"
            ) from None
        self.work.afterwards.append(self.free.release)


async def _turn(request: Request) -> Turn:
    return Turn(request.app.state.claim_turns, work_of(request))


OwnTurn = Annotated[Turn, Depends(_turn)]

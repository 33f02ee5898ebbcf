"""Health: whether the process is up, and whether it can do its work."""

import asyncio
import math
import time
from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis import logs
from chassis.refusals import Unavailable

router = APIRouter(prefix="/health", include_in_schema=False)


class NotReady(Unavailable):
    """The service cannot do its work at the moment."""

    zh = "服务暂不能工作。"
    remedy = (
        "Ask again after the seconds in `Retry-After`.",
        "请在 `Retry-After` 所示秒数后重试。",
    )
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


class Readiness:
    """Whether the database answers and has been migrated, asked twice a second at most.

    Anybody may ask, and no allowance stands before it: a supervisor that was told to wait would
    take the service for dead. So however many ask, they cost the database no connection each.
    """

    _KEPT = 0.5

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._lock = asyncio.Lock()
        self._asked_at = -math.inf
        self._holds = False

    async def holds(self) -> bool:
        """Return whether it did when it was last asked, or ask."""
        async with self._lock:
            if self._clock() - self._asked_at >= self._KEPT:
                self._holds = await self._ask()
                self._asked_at = self._clock()
        return self._holds

    async def _ask(self) -> bool:
        try:
            async with self._sessions() as session:
                await session.execute(text("SELECT version_num FROM alembic_version"))
        except Exception as error:  # whatever it is, the service cannot work
            logs.say("not-ready", reason=type(error).__name__)
            return False
        return True


@router.get("/live")
async def live() -> Response:
    """Say that the process is up."""
    return Response(status_code=204)


@router.get("/ready")
async def ready(request: Request) -> Response:
    """Say that the database answers and has been migrated."""
    readiness: Readiness = request.app.state.readiness
    if not await readiness.holds():
        raise NotReady("The database does not answer.", "数据库没有应答。")
    return Response(status_code=204)

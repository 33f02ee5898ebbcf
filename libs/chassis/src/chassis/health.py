"""Health: whether the process is up, and whether it can do its work.

Whether it is up touches nothing: a supervisor that is told otherwise kills it, and to kill all
processes of a database that pauses helps nobody. Whether it can do its work says so of its own
database alone. Other services are not asked: one that is down would take all down.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis import logs, metrics
from chassis.db import is_of_another
from chassis.leaving import LEAVING
from chassis.refusals import Refusal, Unavailable

router = APIRouter(prefix="/health", include_in_schema=False)

READY = metrics.gauge("ready", "Whether this process can do its work, by what it takes.", "what")

DATABASE, MIGRATIONS, CHECKPOINT = "database", "migrations", "checkpoint"
_WHY = {
    DATABASE: ("The database does not answer.", "数据库没有应答。"),
    MIGRATIONS: (
        "The database has not had every migration of this version.",
        "数据库尚未完成本版本的全部迁移。",
    ),
    CHECKPOINT: (
        "The database is behind the newest checkpoint, or the checkpoints were altered.",
        "数据库早于最近的检查点，或检查点已被改动。",
    ),
}
_ENDS = ("The process is about to end.", "进程即将结束。")


class NotReady(Unavailable):
    """The service cannot do its work at the moment."""

    zh = "服务暂不能工作。"
    remedy = (
        "Ask again after the seconds in `Retry-After`.",
        "请在 `Retry-After` 所示秒数后重试。",
    )
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


class Readiness:
    """Whether the database answers, has had every migration, and is not behind the checkpoints.

    It is asked twice a second at most, and about checkpoints once a minute. Anybody may ask, and no
    allowance stands before it: a supervisor that was told to wait would take the service for dead.
    So however many ask, they cost the database no connection each; and one that does not answer
    keeps nobody waiting for longer than three seconds.
    """

    _KEPT = 0.5
    _PATIENCE = 3.0
    _CHECKPOINT_SECONDS = 60.0

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        clock: Callable[[], float] = time.monotonic,
        *,
        migrations: Path | None = None,
        not_behind: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._newest = newest_of(migrations)
        self._not_behind = not_behind
        self._lock = asyncio.Lock()
        self._asked_at = self._compared_at = -math.inf
        self._asking: asyncio.Task[str] | None = None
        self._why = self._why_behind = ""

    async def holds(self) -> bool:
        """Return whether it did when it was last asked, or ask."""
        return not await self.lacking()

    async def lacking(self) -> str:
        """Return what is lacking, as it was when it was last asked, or ask; nothing if it holds."""
        async with self._lock:
            if self._clock() - self._asked_at >= self._KEPT:
                self._why = await self._asked()
                self._asked_at = self._clock()
                for what in _WHY:
                    READY.labels(what).set(what != self._why)
        return self._why

    async def _asked(self) -> str:
        # One question at a time, however long the database takes: it would otherwise come back to
        # as many as were asked meanwhile.
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        done, _ = await asyncio.wait([self._asking], timeout=self._PATIENCE)
        return self._asking.result() if done else DATABASE

    async def _ask(self) -> str:
        try:
            async with self._sessions() as session:
                applied = await session.scalar(text("SELECT version_num FROM alembic_version"))
            # A newer one may be there before the newer service is.
            return MIGRATIONS if (applied or "") < self._newest else await self._behind()
        except Exception as error:  # whatever it is, the service cannot work
            logs.say("not-ready", reason=type(error).__name__)
            return DATABASE

    async def _behind(self) -> str:
        if self._not_behind and self._clock() - self._compared_at >= self._CHECKPOINT_SECONDS:
            try:
                await self._not_behind()
                self._why_behind = ""
            except Refusal as refusal:
                logs.say("not-ready", reason=type(refusal).__name__)
                self._why_behind = CHECKPOINT
            except Exception as error:
                # What was compared before is served while another machine does not answer: who asks
                # for what lies there is told so.
                if not is_of_another(error) or self._compared_at == -math.inf:
                    raise
                logs.say("not-compared", reason=type(error).__name__)
            self._compared_at = self._clock()
        return self._why_behind


def newest_of(migrations: Path | None) -> str:
    """Return the newest revision in a folder of migrations, whose files are numbered in order."""
    files = sorted((migrations / "versions").glob("*.py")) if migrations else []
    return files[-1].name.partition("_")[0] if files else ""


@router.get("/live")
async def live() -> Response:
    """Say that the process is up."""
    return Response(status_code=204)


@router.get("/ready")
async def ready(request: Request) -> Response:
    """Say that the database answers, has been migrated, and is not behind the checkpoints; and that
    the process is not about to end: whoever leads callers to it leads them elsewhere then."""
    if LEAVING.is_told:
        raise NotReady(*_ENDS, lacking="leaving")
    readiness: Readiness = request.app.state.readiness
    if lacking := await readiness.lacking():
        raise NotReady(*_WHY[lacking], lacking=lacking)
    return Response(status_code=204)

"""The bare stack that whole requests are held against: no rules, no journal, no rights.

`python -m benchmarks.bare WHAT PORT [DATABASE_URL | TARGET]` serves one of

* `insert`: FastAPI, a pydantic body, one row through SQLAlchemy, committed;
* `query`: FastAPI, one query through SQLAlchemy, a response model;
* `proxy`: a raw ASGI app that passes requests on with aiohttp.
"""

import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import aiohttp
import uvicorn
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The tables of the bare apps."""


class Row(Base):
    """A row like one of the ledger."""

    __tablename__ = "bare_entry"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    unit: Mapped[str]
    indicator: Mapped[str]
    kind: Mapped[str]
    note: Mapped[str | None]


class Cycle(Base):
    """A row that is read."""

    __tablename__ = "bare_cycle"

    cycle_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    year: Mapped[int]


class New(BaseModel):
    """What comes in."""

    unit: str
    indicator: str
    kind: str
    note: str | None = None


class Answer(BaseModel):
    """What goes out."""

    entry_id: uuid.UUID


class Told(BaseModel):
    """What is read."""

    cycle_id: uuid.UUID
    name: str
    year: int


CYCLE = uuid.UUID(int=7)


def with_database(url: str) -> FastAPI:
    """Return the app that stores and reads."""
    engine = create_async_engine(url, pool_size=8, max_overflow=0)
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with sessions() as session:
            if await session.get(Cycle, CYCLE) is None:
                session.add(Cycle(cycle_id=CYCLE, name="2025", year=2025))
                await session.commit()
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)

    async def session() -> AsyncIterator[AsyncSession]:
        async with sessions() as opened:
            yield opened

    @app.post("/entries", status_code=201)
    async def post(new: New, db: Annotated[AsyncSession, Depends(session)]) -> Answer:
        row = Row(cycle_id=CYCLE, entry_id=uuid.uuid4(), **new.model_dump())
        db.add(row)
        await db.commit()
        return Answer(entry_id=row.entry_id)

    @app.get("/cycle")
    async def read(db: Annotated[AsyncSession, Depends(session)]) -> Told:
        row = (await db.execute(select(Cycle).where(Cycle.cycle_id == CYCLE))).scalar_one()
        return Told(cycle_id=row.cycle_id, name=row.name, year=row.year)

    return app


class Proxy:
    """Passes every request on to one address."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        """Pass one request on."""
        if scope["type"] == "lifespan":
            await receive()
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), auto_decompress=False
            )
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self._session.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        assert self._session is not None
        body = (await receive()).get("body") or None
        headers = {n.decode(): v.decode() for n, v in scope["headers"] if n != b"host"}
        target = self._target + scope["raw_path"].decode()
        async with self._session.request(
            scope["method"], target, headers=headers, data=body
        ) as answer:
            kept = [(n.lower(), v) for n, v in answer.raw_headers if n.lower() != b"date"]
            await send({"type": "http.response.start", "status": answer.status, "headers": kept})
            await send({"type": "http.response.body", "body": await answer.read()})


def main() -> None:
    """Serve what the command line names."""
    what, port, address = sys.argv[1:]
    app = Proxy(address) if what == "proxy" else with_database(address)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
    )


if __name__ == "__main__":
    main()

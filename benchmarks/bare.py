"""The bare stack that whole requests are held against: no rules, no journal, no rights.

`python -m benchmarks.bare WHAT PORT [DATABASE_URL | TARGET]` serves one of

* `insert`: FastAPI, a pydantic body, one row through SQLAlchemy, committed; at `/promised` the
  same, and besides what every command promises, in one more statement: the key of the request
  claimed and its answer kept, the phase held, and an entry in a chain of hashes that vouches for
  the row;
* `query`: FastAPI, one query through SQLAlchemy, a response model; at `/document` one query, and a
  document that is ready, as long as a scheme, or 304;
* `proxy`: a raw ASGI app that passes requests on with aiohttp.
"""

import hashlib
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import aiohttp
import uvicorn
from fastapi import Depends, FastAPI, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import select, text
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


class Receipted(Answer):
    """What goes out where the entry is on record."""

    seq: int
    hash: str


class Told(BaseModel):
    """What is read."""

    cycle_id: uuid.UUID
    name: str
    year: int


CYCLE = uuid.UUID(int=7)

PROMISES = [
    "CREATE TABLE IF NOT EXISTS bare_ledger (cycle_id uuid PRIMARY KEY, phase text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS bare_key (caller text, key text, fingerprint bytea, answer text,"
    " PRIMARY KEY (caller, key))",
    "CREATE TABLE IF NOT EXISTS bare_head (chain text PRIMARY KEY, seq bigint, hash bytea)",
    "CREATE TABLE IF NOT EXISTS bare_journal (chain text, seq bigint, recorded_at timestamptz,"
    " subject text, event text, body text, previous bytea, hash bytea, PRIMARY KEY (chain, seq))",
    "INSERT INTO bare_ledger VALUES ('00000000-0000-0000-0000-000000000007', 'open')"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO bare_head VALUES ('00000000-0000-0000-0000-000000000007', 0, '')"
    " ON CONFLICT DO NOTHING",
    """
    CREATE OR REPLACE FUNCTION bare_promise(the_key text, told bytea, the_entry uuid,
      OUT seq bigint, OUT hash text) LANGUAGE plpgsql AS $$
    DECLARE
      head bare_head%ROWTYPE;
      entry bare_entry%ROWTYPE;
      moment timestamptz;
      said text;
    BEGIN
      SELECT * INTO entry FROM bare_entry e
      WHERE e.cycle_id = '00000000-0000-0000-0000-000000000007' AND e.entry_id = the_entry;
      PERFORM FROM bare_ledger l WHERE l.cycle_id = entry.cycle_id AND l.phase = 'open' FOR SHARE;
      said := encode(sha256(convert_to(entry::text, 'UTF8')), 'hex');
      SELECT * INTO head FROM bare_head h WHERE h.chain = entry.cycle_id::text FOR UPDATE;
      moment := clock_timestamp();
      seq := head.seq + 1;
      hash := encode(sha256(head.hash || convert_to(concat_ws('|', head.chain, seq,
        extract(epoch FROM moment), 'clerk', 'entered', said), 'UTF8')), 'hex');
      INSERT INTO bare_journal VALUES (head.chain, seq, moment, 'clerk', 'entered', said,
        head.hash, decode(hash, 'hex'));
      UPDATE bare_head h SET seq = bare_promise.seq, hash = decode(bare_promise.hash, 'hex')
      WHERE h.chain = head.chain;
      INSERT INTO bare_key VALUES ('clerk', the_key, told,
        jsonb_build_object('entry_id', the_entry, 'seq', seq, 'hash', hash));
    END $$
    """,
]
"""What vouches for an entry and for its request, as plainly as it can be done."""


DOCUMENT = b'"' + b"x" * 167_000 + b'"'

_PROMISE = text("SELECT seq, hash FROM bare_promise(:key, :told, :entry)")


def with_database(url: str) -> FastAPI:
    """Return the app that stores and reads."""
    engine = create_async_engine(url, pool_size=8, max_overflow=0)
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
            for statement in PROMISES:
                await connection.exec_driver_sql(statement)
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

    _add_promised(app, session)
    _add_document(app, session)
    return app


Opened = Callable[[], AsyncIterator[AsyncSession]]


def _add_promised(app: FastAPI, session: Opened) -> None:
    @app.post("/promised", status_code=201)
    async def promise(
        new: New,
        request: Request,
        key: Annotated[str, Header(alias="Idempotency-Key")],
        db: Annotated[AsyncSession, Depends(session)],
    ) -> Receipted:
        row = Row(cycle_id=CYCLE, entry_id=uuid.uuid4(), **new.model_dump())
        db.add(row)
        await db.flush()
        told = hashlib.sha256(await request.body()).digest()
        asked = {"key": key, "told": told, "entry": row.entry_id}
        seq, hash_ = (await db.execute(_PROMISE, asked)).one()
        await db.commit()
        return Receipted(entry_id=row.entry_id, seq=seq, hash=hash_)


def _add_document(app: FastAPI, session: Opened) -> None:
    @app.get("/document")
    async def give(
        db: Annotated[AsyncSession, Depends(session)],
        known: Annotated[str | None, Header(alias="If-None-Match")] = None,
    ) -> Response:
        tag = f'"{(await db.execute(select(Cycle.year))).scalar_one()}"'
        if known == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(DOCUMENT, media_type="application/json", headers={"ETag": tag})


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

"""Where the connection is cut between a commit and its reply, nothing is lost or done twice."""

import asyncio
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import lending
import pytest

from postgres_supervisor import Urls
from service_testing import trials

LOANS = "/api/v1/loans"
DONE = b"COMMIT\0"
"""How PostgreSQL says that a transaction is committed."""


class Cutting:
    """A way to the database that cuts the connection on which the next commit is told of.

    The database has committed by then, and whoever asked it does not learn of that.
    """

    def __init__(self, port: int) -> None:
        self.port, self.is_armed, self.cut = port, False, 0

    async def serve(self, reader, writer):
        from_database, to_database = await asyncio.open_connection("127.0.0.1", self.port)
        back = asyncio.create_task(self.back(from_database, writer))
        while data := await reader.read(65_536):
            to_database.write(data)
        to_database.close()
        await back

    async def back(self, reader, writer):
        last = b""
        while data := await reader.read(65_536):
            if self.is_armed and DONE in last + data:
                self.is_armed, self.cut = False, self.cut + 1
                writer.transport.abort()
                return
            last = data[-len(DONE) :]
            writer.write(data)
        writer.close()


def through(url: str, port: int) -> str:
    """Return a URL of the database that leads to another port."""
    parts = urlsplit(url)
    who = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}"))


@pytest.fixture
async def cutting(databases):
    urls = databases("lending", Path(lending.__file__).parent)
    way = Cutting(urlsplit(urls.app).port)
    server = await asyncio.start_server(way.serve, "127.0.0.1", 0)
    way.urls = Urls(through(urls.app, server.sockets[0].getsockname()[1]), urls.owner)
    yield way
    server.close()


@pytest.mark.prove
async def test_a_reply_that_was_lost_is_given_to_who_asks_again(
    cutting, run_service, tmp_path_factory, figure
):
    """100 times in the long form. Planted bug: an answer is not kept under its key."""
    service = await run_service(
        "lending",
        lending.create_app,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
        urls=cutting.urls,
    )
    rounds = trials(5, 100)
    async with service.caller("librarian", subject="li") as librarian:
        for n in range(rounds):
            body, headers = {"book": f"L{n}", "days": 3}, {"Idempotency-Key": uuid.uuid4().hex}
            cutting.is_armed = True
            lost = await librarian.post(LOANS, json=body, headers=headers)
            assert lost.status_code == 503, lost.text
            assert lost.headers["retry-after"]
            again = await librarian.post(LOANS, json=body, headers=headers)
            assert again.status_code == 201, again.text
            assert again.headers["idempotent-replay"] == "true"
            assert again.json()["loan"]["book"] == f"L{n}"
    assert cutting.cut == rounds
    assert (await service.sql("SELECT count(*) AS n FROM loan"))[0]["n"] == rounds
    told = await service.sql("SELECT count(*) AS n FROM journal_entry WHERE event = 'lent'")
    assert told[0]["n"] == rounds
    figure("replies lost after the commit", cutting.cut)

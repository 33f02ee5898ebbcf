"""Where a service and its database cannot reach each other, nothing is lost, doubled or held up."""

import asyncio
import random
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import lending
import pytest
from tests.guarantees.test_lost_replies import LOANS, through

from postgres_supervisor import Urls
from service_testing import trials

AT_ONCE = 8


class Way:
    """A way that is open, resets, or loses what is sent: all of it, a part, or what comes back."""

    def __init__(self, port: int) -> None:
        self.port, self.state, self.writers = port, "open", set()
        self.chance = random.Random(32)  # noqa: S311 - repeatable

    async def serve(self, reader, writer):
        if self.state == "reset":
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers |= {writer, back}
        ways = self.pass_on(reader, back, "mute"), self.pass_on(there, writer)
        await asyncio.gather(*ways)

    async def pass_on(self, reader, writer, also=""):
        """Pass on what comes while the way is open, or as is said `also`."""
        try:
            while data := await reader.read(65_536):
                is_lucky = self.state == "lossy" and self.chance.random() > 0.3
                if is_lucky or self.state in ("open", also):
                    writer.write(data)
        except ConnectionError:
            pass
        writer.transport.abort()

    def become(self, state: str) -> None:
        """Change for connections that there are too; what was swallowed never arrives."""
        broken, self.state = self.state != "open", state
        if state == "reset" or (broken and state == "open"):
            for writer in self.writers:
                writer.transport.abort()
            self.writers.clear()


@pytest.fixture
async def way(databases):
    urls = databases("lending", Path(lending.__file__).parent)
    found = Way(urlsplit(urls.app).port)
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.urls = Urls(through(urls.app, server.sockets[0].getsockname()[1]), urls.owner)
    yield found
    found.become("reset")
    server.close()


@pytest.mark.prove
async def test_what_is_sent_again_once_the_way_is_open_is_done_once(
    way, run_service, tmp_path_factory, figure
):
    """60 cuts in the long form. Planted bug: an answer is not kept under its key."""
    service = await run_service(
        "lending",
        lending.create_app,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
        urls=way.urls,
    )
    cuts, done = trials(2, 60), set()
    async with service.caller("librarian", subject="li") as librarian:

        async def lend(book, key):
            headers = {"Idempotency-Key": key}
            async with asyncio.timeout(30):
                return await librarian.post(LOANS, json={"book": book, "days": 3}, headers=headers)

        for n in range(cuts):
            wanted = {f"C{n}-{i}": uuid.uuid4().hex for i in range(AT_ONCE)}
            sent = [asyncio.create_task(lend(*each)) for each in wanted.items()]
            await asyncio.sleep(way.chance.random() / 50)
            way.become(("reset", "lossy", "swallowing")[n % 3])
            answers = await asyncio.gather(*sent)
            assert {a.status_code for a in answers} <= {201, 409, 429, 503}, answers
            way.become("open")
            for book, key in wanted.items():
                while (answer := await lend(book, key)).status_code in (409, 503):
                    assert answer.headers["retry-after"]
                    await asyncio.sleep(0.1)
                assert answer.status_code == 201, answer.text
                done.add(book)
    rows = await service.sql("SELECT book FROM loan")
    assert sorted(row["book"] for row in rows) == sorted(done)
    told = await service.sql("SELECT count(*) AS n FROM journal_entry WHERE event = 'lent'")
    assert told[0]["n"] == len(done)
    figure("cuts", cuts)

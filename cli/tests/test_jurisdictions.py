"""Whose the rows of each table are, where a jurisdiction moves."""

import json
import re
import stat
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import asyncpg
import pytest
from typer.testing import CliRunner

from chassis.realms import chain_of, new_part
from kaoping.app import app
from kaoping.backups.faults import BackupFault
from kaoping.jurisdictions.arriving import bring
from kaoping.jurisdictions.leaving import tables_of
from kaoping.jurisdictions.owning import INSTALLATIONS, LEFT, owned
from kaoping.system import NAMES
from kaoping.verify_journals import is_of


@pytest.mark.parametrize("part", NAMES)
async def test_of_every_table_it_is_known_whose_its_rows_are(databases, part):
    """Planted bug: a table whose rows are nobody's stays behind, and nobody is told."""
    url = databases(part).owner.replace("+asyncpg", "")
    db = await asyncpg.connect(url, ssl=False)
    try:
        tables = await tables_of(db)
        conditions = owned(tables, "530102")
        assert {*conditions} == {table.name for table in tables} - INSTALLATIONS - LEFT
        for name, condition in conditions.items():
            found = await db.fetchval(f'SELECT count(*) FROM "{name}" WHERE {condition}')  # noqa: S608 - our own
            assert found == 0, name
        await db.execute("CREATE TABLE nobodys (name text PRIMARY KEY)")
        with pytest.raises(BackupFault, match="nobodys: nothing says whose its rows are"):
            owned(await tables_of(db), "530102")
    finally:
        await db.execute("DROP TABLE IF EXISTS nobodys")
        await db.close()


@pytest.mark.parametrize("code", ["530102", "530102001", "530102001003"])
def test_the_program_that_verifies_alone_knows_whose_a_chain_is(code):
    """Planted bug: a chain of a township is taken for its county's."""
    for whose in ("530102", "530102001", "530102001003", "530103", None):
        for chain in (chain_of("units", whose), str(new_part(whose))):
            assert is_of(chain, code) is (whose == code)


def test_a_key_that_moves_is_for_its_owner_alone(tmp_path):
    """Planted bug: it is copied as any file that is made."""
    (tmp_path / "out").mkdir()
    key = tmp_path / "out" / "1.key"
    key.touch(mode=0o600)
    assert [bring(tmp_path / "out", tmp_path / "in") for _ in range(2)] == [1, 1]
    assert stat.filemode((tmp_path / "in" / "1.key").stat().st_mode) == "-rw-------"
    assert [*(tmp_path / "in").iterdir()] == [tmp_path / "in" / "1.key"]


TOLD = {
    "/oauth/token": {"access_token": "x", "expires_in": 600},
    "/api/v1/jurisdictions/530102": {"state": "proposed"},
}


@contextmanager
def gateway():
    """Give the address of one that does whatever it is asked, and the languages that it was asked
    in."""
    spoken = set()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            spoken.add(self.headers["Accept-Language"])
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps(TOLD.get(self.path, {})).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - as the server calls it

        def log_message(self, *told):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}", spoken
        server.shutdown()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "asked",
    [
        ["create", "530102", "--name-zh", "x", "--name-en", "x", "--founded-on", "1949-10-01"],
        ["administrator", "530102", "--name", "x"],
        ["confirm", "530102"],
        ["close", "530102", "--reason", "x"],
        ["succeed", "530102", "--by", "530103", "--on", "2025-01-01", "--document-no", "x"],
    ],
)
def test_what_is_done_about_a_jurisdiction_is_told_in_the_language_asked_for(asked, language):
    """Planted bugs: English inside Chinese text; faults of the gateway are told in English."""
    with gateway() as (url, spoken):
        named = ["--gateway", url, "--account", "a", "--secret", "b", "--language", language]
        done = CliRunner().invoke(app, ["jurisdiction", *asked, *named])
    assert done.exit_code == 0, done.output
    line = done.stdout.removeprefix("530102").removeprefix(".admin").strip()
    foreign = {"zh": r"[A-Za-z]", "en": r"[^\x00-\x7f]"}[language]
    assert line
    assert not re.search(foreign, line), line
    assert spoken == {language}

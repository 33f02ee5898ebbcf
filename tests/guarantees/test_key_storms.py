"""A hundred that send one command at the same moment under one key have it done once."""

import asyncio
import uuid
from pathlib import Path

import lending
import pytest

from service_testing import trials

LOANS = "/api/v1/loans"
AT_ONCE = 100


@pytest.mark.prove
async def test_of_a_hundred_at_once_under_one_key_one_is_done(
    run_service, databases, tmp_path_factory, figure
):
    """200 rounds in the long form; every twentieth is asked about again after a restart.

    Planted bug: whoever finds the key at work goes on.
    """
    more = {
        "home": Path(lending.__file__).parent,
        "authorisation_file": lending.matrix_in(tmp_path_factory.mktemp("matrix")),
        "urls": databases("lending", Path(lending.__file__).parent),
    }
    service = await run_service("lending", lending.create_app, **more)
    rounds = trials(2, 200)
    async with (
        service.caller("librarian", subject="li") as li,
        service.caller("librarian", subject="wang") as wang,
    ):
        for n in range(rounds):
            headers = {"Idempotency-Key": uuid.uuid4().hex}
            body = {"book": f"S{n}", "days": 3}
            posts = (li.post(LOANS, json=body, headers=headers) for _ in range(AT_ONCE))
            answers = await asyncio.gather(*posts)
            assert {a.status_code for a in answers} <= {201, 409}
            assert len({a.content for a in answers if a.status_code == 201}) == 1
            for each in answers:
                assert each.status_code == 201 or each.headers["retry-after"]
            changed = await li.post(LOANS, json=body | {"days": 4}, headers=headers)
            assert changed.status_code == 422
            other = await wang.post(LOANS, json={"book": f"W{n}", "days": 3}, headers=headers)
            assert other.status_code == 201, "another caller's equal key is another key"
            if n % 20 == 1:
                restarted = await run_service(
                    "lending", lending.create_app, signer=service.signer, **more
                )
                async with restarted.caller("librarian", subject="li") as later:
                    again = await later.post(LOANS, json=body, headers=headers)
                assert again.content == next(a.content for a in answers if a.status_code == 201)
    for books in ("S%", "W%"):
        found = await service.sql("SELECT count(*) AS n FROM loan WHERE book LIKE $1", books)
        assert found[0]["n"] == rounds
    figure("rounds of 100 at once", rounds)

"""Years move to another machine while they are written."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from uuid import uuid4

import httpx
import pytest
from sqlalchemy.engine import make_url
from tests.system.cluster.asking import (
    COUNTY,
    SPREAD,
    asked,
    changes_refused,
    on_a_cluster,
    place_of,
    require_as_computed_by_hand,
)
from tests.system.harness import Installation

from kaoping.distributing import NotSpreadable, distribute
from kaoping.moving import move
from kaoping.people import People
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year
from postgres_supervisor import Postgres, Urls
from service_testing import UNSAFE, home_of
from service_testing.clusters import SETTINGS, Cluster, done

BEGUN = "SELECT EXISTS (SELECT FROM journal_head WHERE home = $1::text::uuid)"


@dataclass
class Listening(httpx.BaseTransport):
    """Hands everything on, and counts how it was answered."""

    behind: httpx.BaseTransport
    told: Counter[str] = field(default_factory=Counter)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.behind.handle_request(request)
        self.told[f"{answer.status_code} {request.method}"] += 1
        return answer


@pytest.fixture
def listening(installation) -> Iterator[tuple[People, Counter[str]]]:
    """People of the installation, and how all that they ask is answered."""
    transport = Listening(installation.transport)
    heard = replace(installation, transport=transport)
    administrator = heard.client(heard.administrator)
    with administrator, People(administrator, heard.client) as people:
        yield people, transport.told


def _move_about(
    cluster: Cluster,
    urls: dict[str, Urls],
    installation: Installation,
    year: Year,
    played: "Future[None]",
) -> Counter[str]:
    """Move the year of each part to and fro until it was played; return how often it moved."""
    moved = Counter[str]()
    while not played.done():
        for part in SPREAD:
            url = installation.databases[part]
            if not year.cycle_id or not done(asked(url, BEGUN, year.cycle_id))[0][0]:
                time.sleep(0.02)
                continue
            here = place_of(url, year.cycle_id)
            other = next(each.port for each in cluster.others if each.port != here)
            owner, to = urls[part].owner, f"127.0.0.1:{other}"
            [one] = done(move(part, owner, cycle=year.cycle_id, to=to))
            assert (str(one.target), one.years) == (to, 1)
            assert place_of(url, year.cycle_id) == other
            moved[part] += 1
    return moved


@on_a_cluster
def test_a_year_that_moves_about_while_it_is_played_comes_out_as_computed_by_hand(
    cluster, urls, installation, listening, figure
):
    """Nobody is refused for it: who writes waits. Planted bug: rights are not given in what
    arrived; then entries are refused there, and the owner may change the journal."""
    people, told = listening
    with Steps() as steps, ThreadPoolExecutor(1) as pool:
        year = Year(read_tables(COUNTY), people, steps)
        played = pool.submit(year.play)
        moved = _move_about(cluster, urls, installation, year, played)
        played.result()
    assert all(moved[part] for part in SPREAD), moved
    assert not [each for each in told if each.startswith("5")], told
    require_as_computed_by_hand(year, people)
    for part in SPREAD:
        done(changes_refused(cluster, urls[part], part))
        prepared = "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()"
        assert done(asked(installation.databases[part], prepared))[0][0] == 0
    figure("moves of a year while it was played", sum(moved.values()))


@on_a_cluster
async def test_what_cannot_be_moved_is_refused_by_name_and_what_is_uneven_is_evened(
    cluster, databases
):
    """Planted bugs: no machine is looked for; nothing is moved without a cycle."""
    urls = databases("ranking")
    first, other = (f"127.0.0.1:{each.port}" for each in cluster.others)
    cycle = str(uuid4())
    for wanted, said in (
        ({"cycle": cycle, "to": first}, f"it has nothing of a cycle {cycle}"),
        ({"cycle": "2031", "to": first}, "it has nothing of a cycle 2031"),
        ({"cycle": cycle}, "name both"),
        ({"to": first}, "name both"),
        ({"cycle": cycle, "to": "elsewhere"}, "name host:port"),
    ):
        with pytest.raises(NotSpreadable, match=said):
            await move("ranking", urls.owner, **wanted)
    with pytest.raises(NotSpreadable, match="nothing of it is spread"):
        await move("gateway", urls.owner)
    await asked(urls.app, "SELECT journal_append($1, 'x', '', 'x', '{}')", cycle)
    with pytest.raises(NotSpreadable, match=r"and never on 127\.0\.0\.1:1$") as refused:
        await move("ranking", urls.owner, cycle=cycle, to="127.0.0.1:1")
    assert "不在其中" in refused.value.zh
    here = place_of(urls.app, cycle)
    there = other if first.endswith(f":{here}") else first
    assert await move("ranking", urls.owner, cycle=cycle, to=f"127.0.0.1:{here}") == []
    assert await move("ranking", urls.owner) == []  # as many on each
    [planned] = await move("ranking", urls.owner, cycle=cycle, to=there, check=True)
    assert place_of(urls.app, cycle) == here
    assert await move("ranking", urls.owner, cycle=cycle, to=there) == [planned]
    back = await move("ranking", urls.owner)
    assert {(str(each.source), str(each.target)) for each in back} == {(there, f"127.0.0.1:{here}")}
    assert await move("ranking", urls.owner) == []


@on_a_cluster
async def test_a_machine_that_was_added_takes_years_once_it_has_the_rights_of_all(
    cluster, databases, figure
):
    """Planted bug: nobody looks at rights there."""
    urls = databases("ranking")
    name = str(make_url(urls.app).database)
    with Postgres.temporary({**UNSAFE, **SETTINGS}) as added:
        larger = cluster.joined_by(added, "ranking", name)
        with pytest.raises(NotSpreadable, match="rights on") as refused:
            await move("ranking", urls.owner)
        assert str(added.port) in refused.value.zh
        home = home_of("ranking")
        with pytest.raises(NotSpreadable, match="has no reference tables"):
            await distribute("ranking", urls.owner, home)
        await asked(cluster.first.url(name), "SELECT replicate_reference_tables()")
        assert await distribute("ranking", urls.owner, home) == []
        moves = await move("ranking", urls.owner)
        assert {str(each.target) for each in moves} == {f"127.0.0.1:{added.port}"}
        refused_there = await changes_refused(larger, urls, "ranking")
        assert await move("ranking", urls.owner) == []
    figure("changes refused where years arrived", refused_there)

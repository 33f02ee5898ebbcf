"""The whole system in one process, with its databases on the cluster of this run."""

from collections.abc import Iterator

import httpx
import pytest
from tests.contracts.publish import PARTS
from tests.system.cluster.asking import Ask
from tests.system.harness import Installation, in_one_process

from kaoping.people import People, Person
from postgres_supervisor import Urls


@pytest.fixture(scope="module")
def urls(databases) -> dict[str, Urls]:
    return {part: databases(part) for part in PARTS}


@pytest.fixture(scope="module")
def installation(postgres, urls, tmp_path_factory) -> Iterator[Installation]:
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, urls.__getitem__, keys) as running:
        yield running


@pytest.fixture(scope="module")
def people(installation) -> Iterator[People]:
    administrator = installation.client(installation.administrator)
    with administrator, People(administrator, installation.client) as people:
        yield people


@pytest.fixture
def ask(installation, people) -> Iterator[Ask]:
    """Begin a cycle of a year, under a key, as often as it is asked."""
    people.invite([Person("beginner", "发起", ("performance_office",), None)])
    office = people["beginner"]
    office.get("/cycles", limit=1)  # signed in
    begun = {"name": "一次", "jurisdiction": "532500"}
    with installation.raw(Authorization=f"Bearer {office._token}") as client:

        def post(year: int, key: str) -> httpx.Response:
            body = {**begun, "assessment_year": year}
            return client.post("/api/v1/cycles", json=body, headers={"Idempotency-Key": key})

        yield post

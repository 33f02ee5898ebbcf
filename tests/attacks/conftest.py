"""A small city of its own for whoever attacks targets and claims."""

import httpx
import pytest
from tests.attacks.two_years import TwoServices

from indicators.app import create_app
from scoring.app import create_app as scoring_app
from scoring.settings import Settings


@pytest.fixture(scope="session")
async def city(run_service):
    """The indicators service, with the units of the small scheme."""
    service = await run_service("indicators", create_app)
    units = [
        {"code": code, "name": f"单位{code}", "kind": kind, "valid_from": "2010-01-01"}
        for kind, codes in {"body": "B01 B02", "assessed": "X1 X2 X3 X4 D1 D2"}.items()
        for code in codes.split()
    ]
    async with service.caller("performance_office", subject="a") as office:
        answer = await office.post("/api/v1/units", json={"units": units})
        assert answer.status_code == 201, answer.text
    return service


@pytest.fixture(scope="session")
async def two_services(run_service, city, tmp_path_factory):
    """A factory of worlds: scoring asks the indicators themselves, with the caller's token."""
    door = httpx.ASGITransport(city.app, raise_app_exceptions=False)

    async def ask(request):
        if request.url.path.endswith("/satisfaction"):
            return httpx.Response(200, json={"digest": "3" * 64, "surveys": []})
        answer = await door.handle_async_request(request)
        return httpx.Response(
            answer.status_code, headers=answer.headers, content=await answer.aread()
        )

    more = {"signer": city.signer, "evidence_store": str(tmp_path_factory.mktemp("evidence"))}
    scoring = await run_service("scoring", scoring_app, peers=ask, settings=Settings, **more)
    return lambda: TwoServices(city, scoring)

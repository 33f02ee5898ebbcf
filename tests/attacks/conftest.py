"""A small city of its own for whoever attacks targets and claims."""

import pytest

from indicators.app import create_app


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

"""What the gateway must be told before it starts."""

import json

import pytest

from gateway.app import create_app
from gateway.settings import Settings

SERVICES = ["indicators", "ranking", "scoring", "survey"]


@pytest.fixture
def environment(monkeypatch, settings_for):
    settings, urls = settings_for()
    given = {
        "DATABASE_URL": urls.app,
        "AUTHORISATION_FILE": str(settings.authorisation_file),
        "UPSTREAMS": json.dumps({name: f"http://{name}:8000" for name in SERVICES}),
        "TIME_LIMIT": "30",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_environment_is_read_once(environment):
    settings = Settings()
    assert (settings.upstreams["survey"], settings.time_limit) == ("http://survey:8000", 30)
    with pytest.raises(ValueError, match="frozen"):
        settings.time_limit = 1


def test_a_service_whose_address_is_not_given_is_named(environment):
    """Fails when a forgotten service shows only at its first request."""
    environment.setenv("UPSTREAMS", json.dumps({"survey": "http://survey:8000"}))
    with pytest.raises(ValueError, match="indicators, ranking, scoring"):
        create_app()


def test_an_outside_provider_is_not_trusted_without_its_keys(environment):
    environment.setenv("IDENTITY", "openid")
    with pytest.raises(ValueError, match="JWKS_URL"):
        Settings()

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


@pytest.mark.parametrize(
    ("given", "networks"),
    [
        ("", []),
        ("10.0.0.0/8", ["10.0.0.0/8"]),
        ("10.0.0.1, fd00::/8", ["10.0.0.1/32", "fd00::/8"]),
        ('["172.16.0.0/12"]', ["172.16.0.0/12"]),
    ],
)
def test_trusted_proxies_are_written_as_the_server_reads_them(environment, given, networks):
    """Planted bug: want a JSON list, where the server in front wants commas: none starts both."""
    environment.setenv("TRUSTED_PROXIES", given)
    assert [str(network) for network in Settings().trusted_proxies] == networks


@pytest.mark.parametrize("given", ["10.0.0.1/8", "a proxy", "10.0.0.0/8,,x"])
def test_what_is_no_network_is_not_trusted(environment, given):
    environment.setenv("TRUSTED_PROXIES", given)
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings()


def test_a_service_whose_address_is_not_given_is_named(environment):
    """Fails when a forgotten service shows only at its first request."""
    environment.setenv("UPSTREAMS", json.dumps({"survey": "http://survey:8000"}))
    with pytest.raises(ValueError, match="indicators, ranking, scoring"):
        create_app()


def test_an_outside_provider_is_not_trusted_without_its_keys(environment):
    environment.setenv("IDENTITY", "openid")
    with pytest.raises(ValueError, match="JWKS_URL"):
        Settings()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"PUBLIC_ORIGIN": "http://kaoping.example.gov.cn"}, "is not https"),
        ({"PUBLIC_ORIGIN": "https://kaoping.example.gov.cn/"}, "is no origin"),
        ({"ALLOWED_ORIGINS": "*"}, "is no origin"),
        ({"ALLOWED_ORIGINS": "https://a.cn,null"}, "is no origin"),
        ({"OPENID_CLIENT_ID": "kaoping"}, "needs IDENTITY = openid"),
        ({"OPENID_SCOPES": "profile"}, "needs openid"),
    ],
)
def test_what_would_let_other_pages_in_does_not_start(environment, given, said):
    """Planted bug: take what is said of origins as it comes."""
    for name, value in given.items():
        environment.setenv(name, value)
    with pytest.raises(ValueError, match=said):
        Settings()

"""Which part a path belongs to."""

import pytest

from gateway.rules.routing import ROUTES, Templates, is_unpublished, service_for, target


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/oauth/token", "gateway"),
        ("/docs", "gateway"),
        ("/docs/assets/swagger-ui.css", "gateway"),
        ("/api/v1/accounts", "gateway"),
        ("/api/v1/journals/gateway/chains/accounts", "gateway"),
        ("/api/v1/units", "indicators"),
        ("/api/v1/units/ZH01/names", "indicators"),
        ("/api/v1/cycles", "indicators"),
        ("/api/v1/cycles/7", "indicators"),
        ("/api/v1/cycles/7/scheme", "indicators"),
        ("/api/v1/cycles/7/scheme-versions/2/publication", "indicators"),
        ("/api/v1/cycles/7/scheme-checks", "indicators"),
        ("/api/v1/cycles/7/entry-forms", "indicators"),
        ("/api/v1/cycles/7/names", "indicators"),
        ("/api/v1/cycles/7/targets", "indicators"),
        ("/api/v1/cycles/7/ledger", "scoring"),
        ("/api/v1/cycles/7/ledger/seal", "scoring"),
        ("/api/v1/cycles/7/ledger-entries", "scoring"),
        ("/api/v1/cycles/7/ledger-entries/9/reversal", "scoring"),
        ("/api/v1/cycles/7/score-sheets/1/units/ZH01/explanation", "scoring"),
        ("/api/v1/cycles/7/surveys", "survey"),
        ("/api/v1/cycles/7/satisfaction", "survey"),
        ("/api/v1/surveys/9/waves/1/batches", "survey"),
        ("/api/v1/cycles/7/rankings/1/merge", "ranking"),
        ("/api/v1/cycles/7/releases/1", "ranking"),
        ("/api/v1/journals/ranking/receipts/ab", "ranking"),
    ],
)
def test_a_path_belongs_to_one_part(path, service):
    assert service_for(path) == service


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "",
        "/api/v1",
        "/api/v1/nowhere",
        "/api/v2/cycles",
        "/api/v1/cycles/",
        "/api/v1/cycles/7/",
        "/api/v1/cycles/7/nowhere",
        "/api/v1/cyclesx",
        "/api/v1/accountsadmin",
        "/api/v1/journals/nobody/chains/x",
        "/openapi.json",
        "/api/v1/units/..",
        "/api/v1/units/../accounts",
        "/api/v1/units/./x",
        "/api/v1//units",
        "/api/v1/units/a\\b",
        "/api/v1/units/a\nb",
        "//api/v1/units",
    ],
)
def test_a_path_that_nobody_answers_goes_nowhere(path):
    """Fails when `_SEGMENT` lets `..` or an empty segment through."""
    assert service_for(path) is None


@pytest.mark.parametrize(("pattern", "service"), ROUTES)
def test_every_row_can_be_reached(pattern, service):
    """Fails when an earlier row swallows what a later one is for."""
    assert service_for(pattern.replace("/**", "/x").replace("*", "x")) == service


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/docs", True), ("/docs/start.js", True), ("/health/ready", True), ("/docsx", False)],
)
def test_pages_and_probes_stand_outside_the_matrix(path, expected):
    assert is_unpublished(path) is expected


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/api/v1/units/ZH01", "GET /api/v1/units/{unit}"),
        ("GET", "/api/v1/units/current", "GET /api/v1/units/current"),
        ("POST", "/api/v1/units/ZH01", None),
        ("GET", "/api/v1/units/ZH01/names", None),
        ("GET", "/api/v1/units/", None),
        ("GET", "/api/v1/units/..", None),
        ("get", "/api/v1/units/ZH01", None),
    ],
)
def test_a_request_meets_the_most_exact_route(method, path, route):
    templates = Templates(["GET /api/v1/units/{unit}", "GET /api/v1/units/current"])
    assert templates.find(method, path) == route


@pytest.mark.parametrize(
    ("raw_path", "query", "expected"),
    [
        (b"/api/v1/units", b"", "/api/v1/units"),
        (b"/api/v1/units/a%2Fb", b"x=%20y+z&a=1", "/api/v1/units/a%2Fb?x=%20y+z&a=1"),
        ("/api/v1/units/中".encode(), b"", "/api/v1/units/%E4%B8%AD"),
        (b"/api/v1/units/a b#c", b"q=\xff", "/api/v1/units/a%20b%23c?q=%FF"),
    ],
)
def test_what_is_asked_for_goes_on_as_it_came(raw_path, query, expected):
    assert target(raw_path, query) == expected

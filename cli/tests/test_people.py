"""Who takes part in a year, and how they get their accounts."""

import json
from pathlib import Path

import httpx
import pytest

from kaoping.card import Credentials
from kaoping.city import plan_of, read_city
from kaoping.client import ApiFault, Client, Refused
from kaoping.people import People, Person, cast
from kaoping.plan import OFFICE, Plan

EXAMPLE = Path(__file__).parents[2] / "examples/yunchuan-2025"
PERSONS = [
    Person(OFFICE, "绩效办", ("performance_office",), None),
    Person("zh01", "办", ("x",), "ZH01"),
]


@pytest.fixture(scope="module")
def yunchuan() -> Plan:
    return plan_of(read_city(EXAMPLE))


def test_everybody_has_the_roles_they_need_and_no_others(yunchuan: Plan) -> None:
    roles = {person.subject: person.roles for person in cast(yunchuan)}
    assert roles["zh07"] == ("data_source_unit",)
    assert roles["zh11"] == ("data_source_unit", "responsible_body")
    assert roles["xq05"] == ("assessed_unit",)
    assert roles["b001"] == ("survey_centre",)
    assert roles["committee"] == ("committee",)
    assert "xq09" not in roles  # it claims nothing and reports nothing


def test_nobody_is_there_twice(yunchuan: Plan) -> None:
    subjects = [person.subject for person in cast(yunchuan)]
    assert len(set(subjects)) == len(subjects)


class Accounts:
    """An API that knows some subjects already, and may lose an answer on its way."""

    def __init__(
        self,
        taken: set[str],
        lost: int = 0,
        code: str = "subject-taken",
        state: str = "effective",
        jurisdiction: str | None = None,
    ) -> None:
        self.state = state
        self.jurisdiction = jurisdiction
        self.taken = taken
        self.lost = lost
        self.code = code

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 900})
        if request.url.path == "/api/v1/me":
            return httpx.Response(200, json={"jurisdiction": self.jurisdiction})
        subjects = [account["subject"] for account in json.loads(request.content)["accounts"]]
        if self.taken & set(subjects):
            return httpx.Response(422, json={"title": "No.", "errors": [{"code": self.code}]})
        self.taken |= set(subjects)
        self.lost -= 1
        secret = "s" if self.lost < 0 else None
        told = {"secret": secret, "state": self.state}
        made = [{"subject": subject, **told} for subject in subjects]
        return httpx.Response(201, json={"accounts": made})


def invited(api: Accounts) -> dict[str, str]:
    transport = httpx.MockTransport(api)

    def open_client(credentials: Credentials) -> Client:
        return Client("http://api", credentials, transport)

    with open_client(Credentials("admin", "secret")) as admin, People(admin, open_client) as people:
        people.invite(PERSONS)
        return {who: people[who].credentials.name for who in (OFFICE, "ZH01")}


def test_people_are_found_by_office_or_unit() -> None:
    assert invited(Accounts(set())) == {OFFICE: "performance-office", "ZH01": "zh01"}


def test_names_of_accounts_of_a_jurisdiction_begin_with_its_code() -> None:
    """Planted bug: the year of a jurisdiction has accounts that would be of none."""
    named = invited(Accounts({"530100.zh01"}, jurisdiction="530100"))
    assert named == {OFFICE: "530100.performance-office-2", "ZH01": "530100.zh01-2"}


def test_accounts_of_an_earlier_year_do_not_stand_in_the_way() -> None:
    assert invited(Accounts({"zh01", "zh01-2"}))["ZH01"] == "zh01-3"


def test_accounts_whose_secrets_got_lost_are_made_anew() -> None:
    assert invited(Accounts(set(), lost=1))["ZH01"] == "zh01-2"


def test_any_other_refusal_is_told() -> None:
    with pytest.raises(Refused, match="No"):
        invited(Accounts({"zh01"}, code="unknown-role"))


def test_accounts_that_nobody_has_confirmed_are_named() -> None:
    """Fails when the year goes on and breaks at the first sign-in."""
    with pytest.raises(ApiFault, match=r"confirm.*performance-office, zh01"):
        invited(Accounts(set(), state="pending"))


def test_a_hundred_attempts_are_enough() -> None:
    with pytest.raises(ApiFault, match="hundred"):
        invited(Accounts(set(), lost=1000))

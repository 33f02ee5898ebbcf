"""A small year with an open ledger and an open wave, reached over TCP by whoever has a client."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from tests.system.harness import Installation, in_one_process, over_tcp
from tests.system.two_worlds import KINDS, SCHEME, SOURCE, UNITS

from gateway.browser_sessions import BrowserSessions, OwnTokens
from kaoping.card import Credentials

SECRET = "a-secret-that-is-long-enough"
CENTRE = "S2"
ACCOUNTS = {
    "office": (None, "performance_office"),
    "organiser": (SOURCE, "organiser"),
    "source": (SOURCE, "data_source_unit"),
    "unit": (UNITS[0], "assessed_unit"),
    "centre": (CENTRE, "survey_centre"),
    "auditor": (None, "auditor"),
}
PHONE = {
    "code": "phone",
    "name": "电话调查",
    "mode": "phone_survey",
    "collector": CENTRE,
    "waves": 1,
    "options": {"satisfied": 100, "dissatisfied": 0},
    "option_names": {"satisfied": "满意", "dissatisfied": "不满意"},
    "min_valid": 2,
}


@dataclass(frozen=True)
class Place:
    """Where the system is, and the year and survey in it."""

    installation: Installation
    cycle_id: str
    survey_id: str

    @property
    def url(self) -> str:
        return self.installation.url


@pytest.fixture(scope="session")
def place(postgres, databases, tmp_path_factory) -> Iterator[Place]:
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, databases, keys) as inside, over_tcp(inside) as installation:
        let_browsers_sign_in(inside, installation.url)
        with installation.client(installation.administrator) as administrator:
            administrator.post("/accounts", {"accounts": _accounts()})
        with installation.client(Credentials("office", SECRET)) as office:
            yield Place(installation, *_begin(office))


def let_browsers_sign_in(inside, url):
    """Tell the gateway at which address browsers find it, which is known only now."""
    state = inside.transport.door.app.api.state
    settings = state.settings.model_copy(update={"public_origin": url})
    tokens = OwnTokens(state.sessions, state.keys, settings)
    state.browsers = BrowserSessions(state.sessions, tokens, settings)


def _accounts():
    return [
        {"subject": who, "kind": "person", "name": who, "unit": unit, "roles": [role]}
        | {"secret": SECRET}
        for who, (unit, role) in ACCOUNTS.items()
    ]


def _begin(office):
    kinds = KINDS | {CENTRE: "body"}
    units = [
        {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
        for code, kind in kinds.items()
    ]
    office.post("/units", {"units": units})
    cycle = {"name": "二〇二五年考评", "jurisdiction": "439900", "assessment_year": 2025}
    cycle_id = office.post("/cycles", cycle)["cycle_id"]
    version = office.post(f"/cycles/{cycle_id}/scheme-versions", {"scheme": _scheme()})["version"]
    office.post(f"/cycles/{cycle_id}/scheme-versions/{version}/publication")
    survey_id = office.post(f"/cycles/{cycle_id}/surveys", {"code": "phone"})["survey_id"]
    office.post(f"/surveys/{survey_id}/waves/1/opening")
    return cycle_id, survey_id


def _scheme():
    scheme = deepcopy(SCHEME)
    scheme["surveys"] = [PHONE]
    [block] = scheme["categories"][0]["blocks"]
    asked = {"code": "VOICE", "name": "公众满意度", "points": 5, "method": "survey_score"}
    asked |= {"params": {"survey": "phone", "scale": 100}, "data_source_unit": CENTRE}
    kept = [each for each in block["indicators"] if each["code"] != "SHARE"]
    block["indicators"] = [*kept, {**asked, "frequency": "yearly"}]
    return scheme

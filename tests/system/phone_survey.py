"""A city of eleven counties whose phone survey asks five questions, in a system at work."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.system.harness import Installation
from tests.system.two_worlds import SCHEME, indicator

from kaoping.card import Credentials

SECRET = "a-secret-that-is-long-enough"
UNITS = {f"U{n:02}": f"第{n}区" for n in range(1, 12)}
STEPS = {"非常满意": 100, "满意": 80, "一般": 60, "不满意": 30, "非常不满意": 0}
CODES = dict(zip(STEPS, ("very_good", "good", "fair", "bad", "very_bad"), strict=True))


@dataclass
class City:
    """What is known of it: the office's door and those of others by subject, cycle and survey."""

    running: Installation
    office: httpx.Client
    cycle: str = ""
    survey: str = ""
    doors: dict[str, httpx.Client] = field(default_factory=dict)

    def at(self, wave: int, *rest: str) -> str:
        return "/".join([f"/surveys/{self.survey}/waves/{wave}", *rest])

    def post(self, path: str, body: Any = None, who: str = "office") -> Any:
        answer = self.doors[who].post(
            f"/api/v1{path}", json=body, headers={"Idempotency-Key": uuid.uuid4().hex}
        )
        assert answer.is_success, (path, answer.text)
        return answer.json()

    def get(self, path: str, who: str = "office") -> Any:
        answer = self.doors[who].get(f"/api/v1{path}")
        assert answer.is_success, (path, answer.text)
        return answer.json()


ACCOUNTS = {
    "office": ("performance_office", None),
    "centre": ("survey_centre", "S1"),
    "member": ("committee", None),
}


@contextmanager
def city(running: Installation) -> Iterator[City]:
    """Have a city in a system: its units, a published scheme, and a survey of two waves."""
    with ExitStack() as stack:
        administrator = stack.enter_context(running.client(running.administrator))
        doors = {}
        for subject, (role, unit) in ACCOUNTS.items():
            # The centre is another system, which signs its messages.
            known = Credentials(subject, SECRET, "client" if subject == "centre" else "person")
            made = {"subject": subject, "kind": known.kind, "name": "某", "secret": SECRET}
            administrator.post("/accounts", {"accounts": [made | {"unit": unit, "roles": [role]}]})
            with running.raw() as anybody:
                told = anybody.post("/oauth/token", data=known.form)
            bearer = f"Bearer {told.json()['access_token']}"
            doors[subject] = stack.enter_context(running.raw(Authorization=bearer))
        found = City(running, doors["office"], doors=doors)
        _play(found)
        yield found


def _play(city: City) -> None:
    bodies = {"S1": "民调中心", "A1": "某单位"}
    told = [
        {"code": code, "name": name, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
        for kind, units in (("assessed", UNITS), ("body", bodies))
        for code, name in units.items()
    ]
    city.post("/units", {"units": told})
    about = {"name": "2025", "jurisdiction": "439900", "assessment_year": 2025}
    city.cycle = city.post("/cycles", about)["cycle_id"]
    at = f"/cycles/{city.cycle}"
    version = city.post(f"{at}/scheme-versions", {"scheme": _scheme()})["version"]
    city.post(f"{at}/scheme-versions/{version}/publication")
    city.survey = city.post(f"{at}/surveys", {"code": "cati"})["survey_id"]


def _scheme() -> dict[str, Any]:
    told = deepcopy(SCHEME)
    asked = indicator("SAID", 100, "survey_score", {"survey": "cati", "scale": 100})
    [category] = told["categories"]
    category.pop("subcategories")
    category["units"] = [*UNITS]
    category["blocks"] = [{"code": "b", "name": "b", "points": 100, "indicators": [asked]}]
    questions = [
        {
            "code": f"q{n}", "name": f"问题{n}", "weight": "1" if n == 1 else "0",
            "options": {CODES[word]: score for word, score in STEPS.items()},
            "unscored": ["unknown"],
        }
        for n in range(1, 6)
    ]  # fmt: skip
    told["surveys"] = [
        {"code": "cati", "name": "电话调查", "mode": "phone_survey", "collector": "S1", "waves": 2,
         "min_valid": 1, "questions": questions}
    ]  # fmt: skip
    return told

"""The page of screens: every call that it names exists, and the first screens work as it says."""

import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import httpx
import pytest
from tests.contracts.publish import ROOT, committed_document, whole_document

from chassis.tasks import Kind

from .conftest import SECRET

PAGE = (ROOT / "docs/screens.md").read_text("utf-8")
SCREENS = dict(re.findall(r"^## (\d) [^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
CALL = re.compile(r"^\| `(\w+)` \| `(GET|POST) (/[^`]+)` \|", re.MULTILINE)
KINDS = (
    "gateway.api.tasks",
    "indicators.api.tasks",
    "scoring.api.ledger.task_kinds",
    "survey.api.tasks",
    "survey.api.opinion_tasks",
    "survey.api.voting_tasks",
    "ranking.api.tasks",
)


def whole(path: str) -> str:
    return path if path.startswith("/oauth") else f"/api/v1{path}"


def kinds_of(module: ModuleType) -> Iterator[Kind]:
    for each in vars(module).values():
        yield from (one for one in (each.values() if isinstance(each, dict) else [each]))


def known_kinds() -> set[str]:
    """Return the codes of all kinds of tasks that the services tell."""
    found = (each for name in KINDS for each in kinds_of(import_module(name)))
    return {each.code for each in found if isinstance(each, Kind)}


def test_there_are_eight_screens_and_each_call_is_published_under_its_name():
    """Planted bugs: a path with another parameter; the id of another operation."""
    published = {
        (operation["operationId"], method.upper(), path)
        for path, of in whole_document(committed_document)["paths"].items()
        for method, operation in of.items()
        if method in ("get", "post")
    }
    assert list(SCREENS) == [str(n) for n in range(1, 9)]
    for number, screen in SCREENS.items():
        calls = [(name, method, whole(path)) for name, method, path in CALL.findall(screen)]
        assert len(calls) == screen.count("\n| `") >= 4, number
        assert {*calls} <= published, number


def test_each_kind_of_task_leads_to_one_screen():
    """Planted bug: a new kind of task that no screen names."""
    named = [
        kind
        for screen in SCREENS.values()
        for line in re.findall(r"^Tasks 待办: (.*)$", screen, re.MULTILINE)
        for kind in re.findall(r"`([\w-]+)`", line)
    ]
    assert sorted(named) == sorted(known_kinds())
    calls = {name for screen in SCREENS.values() for name, _, _ in CALL.findall(screen)}
    assert len(calls) > 40


class Front:
    """Somebody at a front end: calls what the page of screens names, and nothing else."""

    def __init__(self, place, account):
        self.http, self.cycle_id, self.called = httpx.Client(base_url=place.url), place.cycle_id, 0
        form = {"grant_type": "password", "username": account, "password": SECRET}
        token = self.call("1", "issue_token", data=form)["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def call(self, screen, operation, *, query=None, data=None, body=None, **names):
        """Make a call of a screen, as the page writes it."""
        [(method, path)] = [(m, p) for o, m, p in CALL.findall(SCREENS[screen]) if o == operation]
        url = whole(path).format(cycle_id=getattr(self, "cycle_id", None), **names)
        self.called += 1
        key = {"Idempotency-Key": f"screens-{id(self)}-{self.called}"} if body is not None else {}
        answer = self.http.request(
            method, url, params=query, data=data, json=body, headers=key, timeout=60
        )
        assert answer.is_success, f"{operation}: {answer.text}"
        return answer.json()

    def tasks(self):
        """What is to do, by its kind."""
        own = self.call("1", "list_own_tasks")
        assert all(part["answered"] for part in own["parts"])
        return {each["kind"]: each for each in own["tasks"] if each["cycle_id"] == self.cycle_id}

    def listed(self, task):
        """Read what a task says that lists it."""
        answer = self.http.get(task["listed_at"])
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def front(place):
    fronts = []

    def sign_in(account):
        fronts.append(Front(place, account))
        return fronts[-1]

    yield sign_in
    for each in fronts:
        each.http.close()


def test_from_the_tasks_by_the_form_to_a_verified_entry(front):
    """Planted bugs: a task is told before there is one, or stays when it is done; the form that is
    told is not the one by which an entry is taken."""
    source, office = front("source"), front("office")
    assert source.call("1", "read_me")["unit"] == "S1"
    assert source.cycle_id in [c["cycle_id"] for c in source.call("1", "list_cycles")["items"]]
    waiting = office.tasks().get("verify-entries", {"count": 0})["count"]

    # 2: what is lacking, its form, a try, a draft, handed in
    task = source.tasks()["enter-entries"]
    lacking = source.listed(task)
    # What others have drafted already is asked for elsewhere.
    assert lacking["expected"] - lacking["received"] >= task["count"] > 0
    period = task["about"]["period"]
    query = {"by": ["unit", "indicator"], "period": period, "indicator": "SOLO"}
    parts = source.call("2", "read_progress", query=query)["items"]
    begun = source.call("2", "list_entries", query={"indicator": "SOLO", "limit": 200})["items"]
    known = {each["unit"] for each in begun}
    # The last one: the first ones are those of the other clients' tests.
    unit = [u for part in parts if (u := part["codes"]["unit"]) not in known][-1]
    names = {each["code"] for each in source.call("2", "read_names")["units"]}
    assert unit in names
    form = source.call("2", "read_entry_form", indicator="SOLO")["entry"]
    entry = filled(form, unit, period)
    told = source.call("2", "post_entries", query={"mode": "check"}, body=batch(entry, "ninety"))
    assert (told["refused"], told["rows"][0]["errors"][0]["pointer"]) == (1, "/entries/0/value")
    told = source.call("2", "post_entries", query={"mode": "partial"}, body=batch(entry, "95"))
    [row] = told["rows"]
    assert (row["outcome"], source.tasks()["submit-drafts"]["count"] >= 1) == ("stored", True)
    drafts = [each["entry_id"] for each in source.listed(source.tasks()["submit-drafts"])["items"]]
    assert row["entry_id"] in drafts
    source.call("2", "submit_entries", body={"entry_ids": [row["entry_id"]]})
    assert source.tasks()["enter-entries"]["count"] < task["count"]
    assert row["entry_id"] not in str(source.listed(task))

    # 3: it waits, is sent back, mended, and verified
    now = office.tasks()["verify-entries"]
    assert (now["count"], now["operation_id"]) == (waiting + 1, "verify_entries")
    query = {"state": ["submitted", "checked"], "unit": unit, "indicator": "SOLO"}
    [listed] = office.call("3", "list_entries", query=query)["items"]
    assert listed["entry_id"] == row["entry_id"]
    named = {"entry_ids": [row["entry_id"]]}
    office.call("3", "return_entries", body={**named, "reason": "请核对"})
    assert source.tasks()["mend-returned-entries"]["count"] == 1
    source.call("2", "submit_entries", body=named)
    assert "mend-returned-entries" not in source.tasks()
    told = office.http.post(
        now["path"], json=named, headers={"Idempotency-Key": f"screens-{row['entry_id']}"}
    )
    assert (told.status_code, told.json()["count"]) == (200, 1)
    after = office.tasks().get("verify-entries", {"count": 0})["count"]
    assert after == waiting
    whole_entry = office.call("3", "read_entry", entry_id=row["entry_id"])
    assert whole_entry["state"] == "verified"


def batch(entry, value):
    return {"entries": [{**entry, "value": value}], "state": "draft"}


def filled(form, unit, period):
    """Fill a form in by its schema alone: what can be only one thing is that."""
    fields, entry = form["properties"], {"unit": unit, "period": period}
    for name, field in fields.items():
        choices = [each["const"] for each in field.get("oneOf", [field]) if "const" in each]
        entry |= {name: choices[0]} if len(choices) == 1 else {}
    assert unit in fields["unit"]["enum"]
    assert period in fields["period"]["enum"]
    assert {*form["required"]} - {*entry} == {"value"}
    return entry

"""A citizen without an account raises a complaint, follows it, and has it done again; what he is
reached by is gone after its time."""

from uuid import UUID

import pytest
from tests.system.citizens import COMPLAINT, complaining_city, open_desk, public
from tests.system.harness import in_one_process

from kaoping.plan import COLLEAGUE, OFFICE

CANARY = "13900012345"


@pytest.fixture(scope="module")
def door(postgres, databases, tmp_path_factory):
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(postgres, databases, keys) as running:
        yield running, keys


@pytest.fixture(scope="module")
def city(door):
    """A year of the city whose scheme has complaints."""
    with complaining_city(door[0]) as year:
        yield year


def test_a_citizen_raises_follows_is_dissatisfied_and_has_it_done_again(door, city, capfd):
    """Planted bugs: any token opens any complaint; a verdict of the citizen is not asked; the text
    of an answer is kept back; the contact, or the token, is stored as it came."""
    running, keys = door
    office, colleague = city.people[OFFICE], city.people[COLLEAGUE]
    with running.raw() as citizen:
        shut = citizen.post(public(city), json=COMPLAINT)
        assert (shut.status_code, shut.json()["type"]) == (404, "no-complaint-desk")
        open_desk(city)
        refused = citizen.post(public(city), json={**COMPLAINT, "text": f"请回电{CANARY}"})
        assert refused.status_code == 422
        assert CANARY not in refused.text
        raised = citizen.post(public(city), json={**COMPLAINT, "contact": CANARY})
        assert raised.status_code == 201, raised.text
        mine = f"{public(city)}/{raised.json()['reference']}"
        secret = {"Complaint-Token": raised.json()["token"]}
        for wrong in ({}, {"Complaint-Token": "x" * 43}):
            answer = citizen.get(mine, headers=wrong)
            assert (answer.status_code, answer.json()["type"]) == (404, "not-followed")
        found = citizen.get(mine, headers=secret).json()
        assert (found["state"], found["word"]) == ("raised", None)
        early = citizen.post(f"{mine}/verdict", json={"word": "satisfied"}, headers=secret)
        assert (early.status_code, early.json()["type"]) == (409, "not-to-be-rated")

        [one] = office.get(f"{city.path}/complaints")["items"]
        here = f"{city.path}/complaints/{one['complaint_id']}"
        unit = next(c for c in city.plan.scheme["categories"] if c["code"] == "COUNTY")["units"][0]

        def direct(move, by=office, **more):
            step = office.get(here)["step"]
            return by.post(f"{here}/directions", {"step": step, "move": move, **more})

        def answered(text):
            step = office.get(here)["step"]
            body = {"step": step, "move": "answer", "text": text}
            return city.people[unit].post(f"{here}/answers", body)

        direct("accept", kind="petition")
        direct("assign", units=[{"unit": unit, "role": "lead"}])
        answered("已列入计划。")
        read = office.post(f"{here}/contact-readings", {"reason": "电话回访"})
        assert read["contact"] == CANARY
        found = citizen.get(mine, headers=secret).json()
        assert found["moves"][-1]["text"] == "已列入计划。"
        no = {"word": "dissatisfied", "text": "没有解决。"}
        said = citizen.post(f"{mine}/verdict", json=no, headers=secret)
        assert (said.status_code, said.json()["state"]) == (201, "revisited")
        direct("redo", text="重办。")
        answered("积水已排除。")
        yes = citizen.post(f"{mine}/verdict", json={"word": "satisfied"}, headers=secret)
        assert yes.json()["word"] == "satisfied"
        direct("close", by=colleague)
        assert citizen.get(mine, headers=secret).json()["state"] == "closed"
    kept = [*keys.rglob("*.key")]
    assert any(UUID(one["complaint_id"]).hex in each.name for each in kept)
    said = capfd.readouterr()
    assert CANARY not in said.out + said.err
    assert raised.json()["token"] not in said.out + said.err
    stored = running.rows()
    assert COMPLAINT["text"] in stored
    assert CANARY not in stored
    assert raised.json()["token"] not in stored

"""How units plan to reach their targets; and targets that move because the superior's did."""

import pytest

PLAN = {
    "unit": "X1",
    "indicator": "C01",
    "combine": "sum",
    "months": [{"month": "2025-03", "value": "40"}, {"month": "2025-11", "value": "60.00"}],
    "persons": [{"person": "甲", "value": "70"}, {"person": "乙", "value": "30"}],
    "measures": [{"action": "春季造林", "person": "甲", "due": "2025-04-30"}],
}
AGAINST = [{"month": "2025-03", "value": "-40"}, {"month": "2025-11", "value": "140"}]
TARGETS = [
    {"unit": "X1", "indicator": "C01", "target": "100"},
    {"unit": "X2", "indicator": "C01", "target": "90"},
    {"unit": "X3", "indicator": "C01", "target": "80"},
]
WHY = {"reason": "省定目标调整", "document_no": "省7号", "approved_by": "分管市领导"}


@pytest.fixture(scope="session")
async def unit(service):
    async with service.caller("assessed_unit", unit="X1", subject="u", person="u") as client:
        yield client


@pytest.fixture
async def targeted(office, opened):
    """Give a cycle in which three units have a target for one indicator."""
    answer = await office.post(f"{opened}/targets", json={"targets": TARGETS})
    assert answer.status_code == 201, answer.text
    return opened


async def plan(caller, cycle, **over):
    row = {name: value for name, value in (PLAN | over).items() if value is not None}
    return await caller.post(f"{cycle}/work-plans", json={"plans": [row]})


async def plans(caller, cycle, **query):
    answer = await caller.get(f"{cycle}/work-plans", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["plans"]


async def test_a_plan_is_kept_version_by_version_and_says_when_it_no_longer_comes_to_the_target(
    service, office, colleague, unit, targeted, confirm
):
    """Planted bugs: overwrite the plan; hold it against the target that was in force then."""
    assert (await plan(unit, targeted)).json()["rows"][0]["version"] == 1
    (told,) = await plans(office, targeted)
    assert (told["agrees"], told["target"], told["months"][1]["value"]) == (True, "100", "60")
    again = await unit.post(f"{targeted}/work-plans?mode=partial", json={"plans": [PLAN]})
    assert again.json()["unchanged"] == 1
    lower = [TARGETS[0] | {"target": "80"}]
    await office.post(f"{targeted}/target-revisions", json={"targets": lower, **WHY})
    await confirm(targeted)
    (told,) = await plans(unit, targeted)
    assert (told["agrees"], told["target"], told["version"]) == (False, "80", 1)
    last = [{"month": "2025-06", "value": "50"}, {"month": "2025-12", "value": "80"}]
    answer = await plan(unit, targeted, combine="last", months=last, persons=[])
    assert answer.status_code == 201, answer.text
    assert [(e["version"], e["agrees"]) for e in await plans(unit, targeted, former=True)] == [
        (1, False),
        (2, True),
    ]
    async with service.caller("assessed_unit", unit="X2") as other:
        assert await plans(other, targeted) == []
        assert (await other.get(f"{targeted}/work-plans?unit=X1")).status_code == 403
        assert (await plan(other, targeted)).status_code == 403


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"persons": [{"person": "甲", "value": "99"}]}, [("persons", "not-the-target")]),
        ({"combine": "last"}, [("months", "not-the-target")]),
        ({"months": AGAINST}, [("months/0/value", "against-the-target")]),
        (
            {"persons": [{"person": "甲", "value": "-1"}, {"person": "乙", "value": "101"}]},
            [("persons/0/value", "against-the-target")],
        ),
        ({"months": PLAN["months"][::-1]}, [("months/1/month", "out-of-order")]),
        ({"months": [{"month": "2025-13", "value": "100"}]}, [("months/0/month", "no-month")]),
        ({"months": [{"month": "2026-01", "value": "100"}]}, [("months/0/month", "other-year")]),
        ({"months": [], "combine": "last"}, [("combine", "without-effect")]),
        (
            {"persons": [{"person": "zhang", "value": "50"}, {"person": "Zhang", "value": "50"}]},
            [("persons/1/person", "named-twice")],
        ),
        ({"indicator": "C08"}, [("months", "no-target"), ("persons", "no-target")]),
        ({"indicator": "C03"}, [("indicator", "unknown-indicator")]),
        ({"months": [], "persons": [], "measures": []}, [("", "nothing-planned")]),
        (
            {"measures": [{"action": "a", "person": "b", "due": "2026-01-01"}]},
            [("measures/0/due", "other-year")],
        ),
    ],
)
async def test_a_plan_that_does_not_come_to_its_target_is_refused(
    unit, targeted, problem, untouched_after, over, faults
):
    """Planted bugs: compare the first month; let persons sum to what they like; take any year; look
    at the sum alone."""
    async with untouched_after():
        answer = await plan(unit, targeted, **over)
    status, kind, found = problem(answer)
    assert (status, kind) == (422, "work-plans-faulty")
    wanted = [(f"/plans/0/{where}".rstrip("/"), code) for where, code in faults]
    assert [each for each in found if each[1] != "no-target" or each in wanted] == wanted


async def test_a_target_below_nothing_is_divided_into_such_months(unit, office, opened, problem):
    """What is to fall is planned to fall; and where the last month counts, any may be below nothing
    on the way. Planted bugs: no month may; months of a level are taken for parts."""
    one = {"unit": "X1", "indicator": "C01"}
    answer = await office.post(f"{opened}/targets", json={"targets": [one | {"target": "-100"}]})
    assert answer.status_code == 201, answer.text
    fall = [{"month": "2025-03", "value": "-40"}, {"month": "2025-11", "value": "-60"}]
    assert (await plan(unit, opened, months=fall, persons=None)).status_code == 201
    rise = [{"month": "2025-03", "value": "40"}, {"month": "2025-11", "value": "-140"}]
    answer = await plan(unit, opened, months=rise, persons=None)
    assert problem(answer)[2] == [("/plans/0/months/0/value", "against-the-target")]
    level = [{"month": "2025-03", "value": "5"}, {"month": "2025-11", "value": "-100"}]
    answer = await plan(unit, opened, months=level, persons=None, combine="last")
    assert answer.status_code == 201, answer.text


async def test_what_the_superior_changed_says_who_has_moved_and_who_has_not(
    office, colleague, unit, targeted
):
    """Planted bugs: take a request for a move; forget the units that were never asked."""
    lower = [each | {"target": "70"} for each in TARGETS[:2]]
    body = {"targets": lower, **WHY, "caused_by": "superior"}
    answer = await office.post(f"{targeted}/target-revisions", json=body)
    assert answer.status_code == 201, answer.text
    named = {"unit": "X1", "indicator": "C01", "version": 2}
    words = [
        named | {"decision": "confirm"},
        named | {"unit": "X2", "decision": "refuse", "reason": "不宜"},
    ]
    answer = await colleague.post(f"{targeted}/target-confirmations", json={"decisions": words})
    assert answer.status_code == 201, answer.text
    own = [TARGETS[2] | {"target": "75"}]
    await office.post(f"{targeted}/target-revisions", json={"targets": own, **WHY})
    path = f"{targeted}/target-cascades"
    (told,) = (await office.get(path, params={"document_no": "省7号"})).json()["cascades"]
    assert (told["document_no"], told["matter"], told["indicator"]) == ("省7号", None, "C01")
    assert [(e["unit"], e["target"], e["state"]) for e in told["asked"]] == [
        ("X1", "70", "revised"),
        ("X2", "70", "refused"),
    ]
    assert [(e["unit"], e["target"]) for e in told["unmoved"]] == [("X2", "90"), ("X3", "80")]
    assert (await office.get(path, params={"document_no": "x"})).json()["cascades"] == []
    assert (await unit.get(path)).status_code == 403


async def test_what_is_of_one_matter_moves_together_over_categories(
    office, confirm, cycle, document
):
    """Planted bug: look for the same indicator alone."""
    same = {
        "/categories/0/blocks/0/indicators/0/matter": "pm",
        "/categories/1/blocks/0/indicators/3/matter": "pm",
    }
    targets = [TARGETS[0], {"unit": "D1", "indicator": "D04", "target": "5"}]
    for path, body in (
        ("scheme-versions", {"scheme": document(same)}),
        ("scheme-versions/1/publication", None),
        ("targets", {"targets": targets}),
        ("target-revisions", {"targets": [TARGETS[0] | {"target": "7"}], **WHY}
         | {"caused_by": "superior"}),
    ):  # fmt: skip
        answer = await office.post(f"{cycle}/{path}", json=body)
        assert answer.status_code == 201, answer.text
    assert (await confirm(cycle)).status_code == 201
    (told,) = (await office.get(f"{cycle}/target-cascades")).json()["cascades"]
    assert (told["matter"], told["indicator"]) == ("pm", None)
    assert [(e["unit"], e["indicator"]) for e in told["unmoved"]] == [("D1", "D04")]

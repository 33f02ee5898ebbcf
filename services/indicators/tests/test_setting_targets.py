import asyncio
from uuid import UUID

import pytest

from service_testing.clocks import in_the_city

A_TARGET = {"unit": "X1", "indicator": "C01", "target": "100.50"}
OTHERS = [
    {"unit": "X1", "indicator": "C06", "item": "2", "target": 85},
    {"unit": "X2", "indicator": "C08", "baseline": "72"},
]


async def set_targets(office, cycle, *targets, reason=None):
    return await office.post(f"{cycle}/targets", json={"targets": targets, "reason": reason})


async def read(caller, cycle):
    return (await caller.get(f"{cycle}/targets")).json()["targets"]


async def test_targets_are_read_digit_for_digit(office, opened):
    answer = await set_targets(office, opened, *OTHERS, A_TARGET)
    assert answer.status_code == 201, answer.text
    assert [(row["version"], row["state"]) for row in answer.json()["rows"]] == [(1, "issued")] * 3
    nothing = {"item": None, "target": None, "baseline": None, "pledge": None, "version": 1}
    nothing |= {"state": "issued", "lowered": False, "set_by": "performance_office@B01"}
    nothing |= dict.fromkeys(["reason", "document_no", "approved_by", "baseline_from"])
    for found in (targets := await read(office, opened)):
        assert in_the_city(found.pop("set_at")).startswith(found.pop("effective_from")[:8])
    assert targets == [
        nothing | {"unit": "X1", "indicator": "C01", "target": "100.5"},
        nothing | {"unit": "X1", "indicator": "C06", "item": "2", "target": "85"},
        nothing | {"unit": "X2", "indicator": "C08", "baseline": "72"},
    ]


async def test_a_revised_target_keeps_its_former_version(service, office, opened, confirm):
    """Fails when a revision overwrites, or the first version stays in force."""
    await set_targets(office, opened, A_TARGET)
    answer = await set_targets(office, opened, A_TARGET | {"target": "90"}, reason="不可抗力")
    assert answer.status_code == 201
    assert (await confirm(opened)).status_code == 201
    ((target),) = await read(office, opened)
    assert (target["target"], target["version"]) == ("90", 3)
    kept = await service.sql(
        "SELECT target::text, reason FROM target WHERE cycle_id = $1 ORDER BY version",
        UUID(opened.rsplit("/", 1)[1]),
    )
    told = [("100.5", None), ("90", "不可抗力"), ("90", "不可抗力")]
    assert [tuple(row.values()) for row in kept] == told


async def test_the_digest_changes_with_the_targets_in_force_only(office, opened, confirm):
    """Planted bug: let what nobody has confirmed change what scores are computed from."""
    digests = [(await office.get(f"{opened}/targets")).json()["digest"]]
    for reason in (None, "复核"):
        await set_targets(office, opened, A_TARGET, reason=reason)
        digests.append((await office.get(f"{opened}/targets")).json()["digest"])
    assert digests[1] == digests[2]
    await confirm(opened)
    digests.append((await office.get(f"{opened}/targets")).json()["digest"])
    assert len(set(digests)) == 3  # the version of a target is part of it
    etag = (await office.get(f"{opened}/targets")).headers["etag"]
    again = await office.get(f"{opened}/targets", headers={"If-None-Match": etag})
    assert again.status_code == 304


async def test_faulty_targets_are_refused_all_at_once(office, opened, problem, untouched_after):
    """Fails when the good rows of a bad batch are stored."""
    bad = [{"unit": "X9", "indicator": "C01", "target": 1}, {"unit": "X1", "indicator": "C03"}]
    async with untouched_after():
        answer = await set_targets(office, opened, A_TARGET, *bad)
    assert problem(answer) == (
        422,
        "targets-faulty",
        [
            ("/targets/1/unit", "unknown-unit"),
            ("/targets/2/indicator", "unknown-indicator"),
            ("/targets/2", "no-value"),
        ],
    )


async def test_a_revision_without_a_reason_is_refused(office, opened, problem, untouched_after):
    await set_targets(office, opened, A_TARGET)
    async with untouched_after():
        answer = await set_targets(office, opened, A_TARGET | {"target": "90"})
    assert problem(answer)[2] == [("/targets/0", "reason-missing")]


async def test_before_the_scheme_is_published_no_target_is_set(
    office, cycle, problem, untouched_after
):
    """Fails when the phase of the cycle is not asked."""
    async with untouched_after():
        answer = await set_targets(office, cycle, A_TARGET)
    assert problem(answer)[:2] == (403, "not-allowed")


@pytest.mark.parametrize("role", ["organiser", "assessed_unit", "data_source_unit"])
async def test_only_the_performance_office_sets_targets(
    service, opened, problem, untouched_after, role
):
    async with service.caller(role, unit="X1") as caller, untouched_after():
        answer = await set_targets(caller, opened, A_TARGET)
    assert problem(answer)[:2] == (403, "not-allowed")


async def test_an_assessed_unit_sees_its_own_targets_only(service, office, opened, problem):
    """Fails when the relation `own_unit` does not narrow what is read."""
    await set_targets(office, opened, A_TARGET, *OTHERS)
    async with service.caller("assessed_unit", unit="X2") as caller:
        assert [target["unit"] for target in await read(caller, opened)] == ["X2"]
    async with service.caller("assessed_unit") as nobody:
        assert problem(await nobody.get(f"{opened}/targets"))[:2] == (403, "not-allowed")
    async with service.caller("auditor") as auditor:
        assert len(await read(auditor, opened)) == 3


async def test_an_organiser_sees_the_targets_of_the_categories_that_it_leads(
    service, office, opened, problem
):
    """B01 leads the category of X1 and X2. Planted bug: the role alone lets them read."""
    await set_targets(office, opened, A_TARGET, *OTHERS)
    async with service.caller("organiser", unit="B01") as organiser:
        assert [target["unit"] for target in await read(organiser, opened)] == ["X1", "X1", "X2"]
        history = (await organiser.get(f"{opened}/targets/history?unit=X2")).json()["versions"]
        assert [each["unit"] for each in history] == ["X2"]
    for unit in ("B02", "X1", None):
        async with service.caller("organiser", unit=unit) as stranger:
            for path in ("targets", "targets/history", "targets/history?unit=X2"):
                answer = await stranger.get(f"{opened}/{path}")
                assert problem(answer)[:2] == (403, "not-allowed")


async def test_targets_set_at_once_are_numbered_one_after_the_other(office, opened):
    """Fails when the cycle is not held while the next version is taken."""
    answers = await asyncio.gather(
        *(set_targets(office, opened, A_TARGET, reason=f"第{n}次") for n in range(4))
    )
    # One issues it, one asks for a revision of that, and two find the request open.
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    history = (await office.get(f"{opened}/targets/history")).json()["versions"]
    assert [(one["version"], one["state"]) for one in history] == [
        (1, "issued"),
        (2, "revision_pending"),
    ]


UNUSED = A_TARGET | {"baseline": "90", "pledge": "110"}
NAMED = [("/targets/0/baseline", "value-unused"), ("/targets/0/pledge", "value-unused")]


async def test_values_that_no_score_reads_are_refused_however_they_come(
    service, office, opened, problem, untouched_after
):
    """Planted bug: ask the state of a proposed target, and not its values."""
    why = {"reason": "省定目标调整", "document_no": "7号"}
    assert (await set_targets(office, opened, A_TARGET)).status_code == 201
    async with (
        service.caller("assessed_unit", unit="X1", subject="u", person="u") as unit,
        untouched_after(),
    ):
        for caller, path, more in (
            (office, "targets", why | {"document_no": None}),
            (office, "target-revisions", why | {"approved_by": "分管市领导"}),
            (unit, "target-revision-requests", why),
        ):
            body = {"targets": [UNUSED], **{k: v for k, v in more.items() if v}}
            answer = await caller.post(f"{opened}/{path}", json=body)
            assert problem(answer) == (422, "targets-faulty", NAMED), path
        new = {"targets": [UNUSED | {"unit": "X1", "indicator": "C05"}]}
        answer = await unit.post(f"{opened}/target-proposals", json=new)
        at = [f"/targets/0/{value}" for value in ("target", "baseline", "pledge")]
        assert problem(answer)[2] == [(each, "value-unused") for each in at]
        headers = {"Accept-Language": "zh"}
        told = await office.post(f"{opened}/targets", json={"targets": [UNUSED]}, headers=headers)
        assert "没有任何得分使用 C01 的基数；可设定的有：目标值。" in told.text

"""Targets over HTTP: proposed, decided, issued, revised, withdrawn; every version is kept."""

from uuid import UUID

import pytest

PROPOSAL = {"unit": "X1", "indicator": "C01", "target": "80"}
NAMED = {"unit": "X1", "indicator": "C01"}
WHY = {"reason": "省定目标调整", "document_no": "省绩办〔2025〕7号", "approved_by": "分管市领导"}
LATER = {"step": "target_revision_deadline", "name": "目标调整截止", "date": "2199-12-31"}


async def post(caller, cycle, what, **body):
    return await caller.post(f"{cycle}/target{what}", json=body)


async def revise(office, cycle, value):
    wanted = [PROPOSAL | {"target": value}]
    return await post(office, cycle, "-revisions", targets=wanted, **WHY)


async def decide(office, cycle, version, decision="approve", **more):
    row = NAMED | {"version": version, "decision": decision} | more
    return await post(office, cycle, "-decisions", decisions=[row])


async def in_force(caller, cycle):
    return (await caller.get(f"{cycle}/targets")).json()["targets"]


async def history(caller, cycle, **query):
    return (await caller.get(f"{cycle}/targets/history", params=query)).json()["versions"]


def brief(versions, *names):
    return [tuple(version[name] for name in names) for version in versions]


@pytest.fixture(scope="session")
async def unit(service):
    async with service.caller("assessed_unit", unit="X1") as client:
        yield client


@pytest.fixture
async def proposed(unit, opened):
    """Give a cycle in which X1 has proposed a target."""
    answer = await post(unit, opened, "-proposals", targets=[PROPOSAL])
    assert answer.status_code == 201, answer.text
    return opened


@pytest.fixture
async def issued(office, opened):
    """Give a cycle in which X1 has a target of 100."""
    await post(office, opened, "s", targets=[PROPOSAL | {"target": "100"}])
    return opened


async def test_a_proposal_counts_once_it_is_approved_and_issued(office, unit, proposed):
    """Fails when a proposal or an approval is taken for a target in force."""
    assert await in_force(office, proposed) == []
    assert (await decide(office, proposed, 1)).status_code == 201
    assert await in_force(office, proposed) == []
    answer = await post(office, proposed, "s", targets=[PROPOSAL])  # as approved: no reason
    assert answer.status_code == 201, answer.text
    ((target),) = await in_force(unit, proposed)
    assert (target["target"], target["state"], target["version"]) == ("80", "issued", 3)
    assert brief(await history(unit, proposed), "version", "state", "target", "set_by") == [
        (1, "proposed", "80", "assessed_unit@X1"),
        (2, "approved", "80", "performance_office@B01"),
        (3, "issued", "80", "performance_office@B01"),
    ]


async def test_a_returned_proposal_may_be_made_again(office, unit, proposed):
    assert (await decide(office, proposed, 1, "return", reason="偏低")).status_code == 201
    again = [PROPOSAL | {"target": "95"}]
    assert (await post(unit, proposed, "-proposals", targets=again)).status_code == 201
    assert brief(await history(unit, proposed), "state", "target", "reason") == [
        ("proposed", "80", None),
        ("returned", "80", "偏低"),
        ("proposed", "95", None),
    ]


async def test_issuing_otherwise_than_approved_needs_a_reason(office, proposed, problem):
    await decide(office, proposed, 1)
    answer = await post(office, proposed, "s", targets=[PROPOSAL | {"target": "85"}])
    assert problem(answer) == (422, "targets-faulty", [("/targets/0", "reason-missing")])


async def test_nothing_is_issued_over_an_open_proposal(office, proposed, problem, untouched_after):
    async with untouched_after():
        answer = await post(office, proposed, "s", targets=[PROPOSAL], reason="直接下达")
    assert problem(answer) == (409, "targets-refused", [("/targets/0", "wrong-state")])


async def test_a_revision_is_kept_with_its_reason_document_and_approver(office, issued):
    """Fails when the former version is overwritten, or who moved it is not told."""
    assert (await revise(office, issued, "90")).status_code == 201
    ((target),) = await in_force(office, issued)
    assert {name: target[name] for name in WHY} == WHY
    assert (target["state"], target["set_by"]) == ("revised", "performance_office@B01")
    assert target["set_at"][:10] >= target["effective_from"][:8]
    assert brief(await history(office, issued), "version", "state", "target", "lowered") == [
        (1, "issued", "100", False),
        (2, "revised", "90", True),
    ]


async def test_lowered_means_lower_than_first_issued(office, issued):
    """Fails when a revision is compared with the one before it."""
    for value in ("90", "95", "100", "99", "120"):
        assert (await revise(office, issued, value)).status_code == 201
    assert brief(await history(office, issued), "target", "lowered") == [
        ("100", False),
        ("90", True),
        ("95", True),
        ("100", False),
        ("99", True),
        ("120", False),
    ]


async def test_a_target_issued_again_after_its_withdrawal_begins_anew(office, issued):
    gone = {"targets": [NAMED], "reason": "机构撤并", "document_no": "市绩办〔2025〕3号"}
    assert (await post(office, issued, "-withdrawals", **gone)).status_code == 201
    assert await in_force(office, issued) == []
    again = [PROPOSAL | {"target": "50"}]
    assert (await post(office, issued, "s", targets=again, reason="恢复")).status_code == 201
    assert (await revise(office, issued, "60")).status_code == 201
    versions = await history(office, issued)
    assert brief(versions, "state", "target", "document_no", "lowered") == [
        ("issued", "100", None, False),
        ("withdrawn", "100", "市绩办〔2025〕3号", False),
        ("issued", "50", None, False),
        ("revised", "60", "省绩办〔2025〕7号", False),
    ]


async def with_deadline(office, cycle, document, day):
    """Publish a second version of the scheme, with a deadline for revising targets."""
    scheme = document({"/calendar/3": LATER | {"date": day}})
    body = {"scheme": scheme, "reason": "增设截止日期"}
    assert (await office.post(f"{cycle}/scheme-versions", json=body)).status_code == 201
    answer = await office.post(f"{cycle}/scheme-versions/2/publication")
    assert answer.status_code == 201, answer.text


async def test_after_the_deadline_no_target_in_force_is_changed(
    office, issued, document, problem, untouched_after
):
    """Fails when only one of the two ways to change a target looks at the deadline."""
    await with_deadline(office, issued, document, "2025-10-31")
    changed = [PROPOSAL | {"target": "90"}]
    async with untouched_after():
        answers = [
            await revise(office, issued, "90"),
            await post(office, issued, "s", targets=changed, reason="调整"),
        ]
    assert [problem(answer)[:2] for answer in answers] == [(409, "revision-too-late")] * 2
    assert answers[0].json()["deadline"] == "2025-10-31"
    first = [PROPOSAL | {"unit": "X2"}]
    assert (await post(office, issued, "s", targets=first)).status_code == 201


async def test_until_the_deadline_a_target_is_changed(office, issued, document):
    await with_deadline(office, issued, document, "2199-12-31")
    assert (await revise(office, issued, "90")).status_code == 201


@pytest.mark.parametrize(
    ("what", "body", "expected"),
    [
        (
            "-revisions",
            {"targets": [PROPOSAL], **WHY},
            (409, "targets-refused", [("/targets/0", "wrong-state")]),
        ),
        (
            "-withdrawals",
            {"targets": [NAMED], "reason": "撤销", "document_no": "1号"},
            (409, "targets-refused", [("/targets/0", "wrong-state")]),
        ),
        (
            "-decisions",
            {"decisions": [NAMED | {"version": 1, "decision": "approve"}]},
            (409, "targets-refused", [("/decisions/0", "wrong-state")]),
        ),
        (
            "-revisions",
            {"targets": [PROPOSAL | {"unit": "X9"}], **WHY},
            (422, "targets-faulty", [("/targets/0/unit", "unknown-unit")]),
        ),
    ],
)
async def test_what_is_not_there_cannot_be_moved(
    office, opened, problem, untouched_after, what, body, expected
):
    async with untouched_after():
        answer = await post(office, opened, what, **body)
    assert problem(answer) == expected


@pytest.mark.parametrize("lacking", ["reason", "document_no", "approved_by"])
async def test_a_revision_without_its_ground_is_refused(office, issued, lacking):
    ground = {name: value for name, value in WHY.items() if name != lacking}
    answer = await post(office, issued, "-revisions", targets=[PROPOSAL], **ground)
    assert answer.status_code == 422


async def test_a_decision_on_an_older_proposal_is_refused(office, unit, proposed, problem):
    """Fails when a proposal that was replaced meanwhile is approved unseen."""
    await post(unit, proposed, "-proposals", targets=[PROPOSAL | {"target": "70"}])
    answer = await decide(office, proposed, 1)
    assert problem(answer)[2] == [("/decisions/0/version", "other-version")]


async def test_a_faulty_batch_of_proposals_leaves_nothing(unit, opened, problem, untouched_after):
    bad = PROPOSAL | {"indicator": "C99"}
    async with untouched_after():
        answer = await post(unit, opened, "-proposals", targets=[PROPOSAL, bad])
    assert problem(answer)[2] == [("/targets/1/indicator", "unknown-indicator")]


@pytest.mark.parametrize("other", ["X2", None])
async def test_a_unit_proposes_for_itself_alone(service, opened, problem, untouched_after, other):
    """Fails when one own row lets a batch with another unit's row through."""
    rows = [PROPOSAL | {"unit": "X2"}, PROPOSAL]
    async with service.caller("assessed_unit", unit=other) as caller, untouched_after():
        answer = await post(caller, opened, "-proposals", targets=rows)
    assert problem(answer)[:2] == (403, "not-allowed")


MOVES = {
    "-decisions": {"decisions": [NAMED | {"version": 1, "decision": "approve"}]},
    "-revisions": {"targets": [PROPOSAL], **WHY},
    "-withdrawals": {"targets": [NAMED], "reason": "撤销", "document_no": "1号"},
}


@pytest.mark.parametrize("what", MOVES)
@pytest.mark.parametrize("role", ["assessed_unit", "organiser", "committee", "auditor"])
async def test_only_the_office_moves_targets(service, issued, problem, untouched_after, role, what):
    async with service.caller(role, unit="X1") as caller, untouched_after():
        answer = await post(caller, issued, what, **MOVES[what])
    assert problem(answer)[:2] == (403, "not-allowed")


async def test_the_office_proposes_nothing(office, opened, problem):
    answer = await post(office, opened, "-proposals", targets=[PROPOSAL])
    assert problem(answer)[:2] == (403, "not-allowed")


async def test_before_the_scheme_is_published_nothing_is_proposed(unit, cycle, problem):
    answer = await post(unit, cycle, "-proposals", targets=[PROPOSAL])
    assert problem(answer)[:2] == (403, "not-allowed")


async def test_the_history_is_read_by_unit_and_indicator(office, issued):
    others = [
        {"unit": "X2", "indicator": "C01", "target": 1},
        {"unit": "X1", "indicator": "C06", "item": "2", "target": 2},
    ]
    await post(office, issued, "s", targets=others)
    keys = ("unit", "indicator", "item")
    x1, x1_items = ("X1", "C01", None), ("X1", "C06", "2")
    assert brief(await history(office, issued), *keys) == [x1, x1_items, ("X2", "C01", None)]
    assert brief(await history(office, issued, unit="X1"), *keys) == [x1, x1_items]
    assert brief(await history(office, issued, unit="X1", indicator="C06"), *keys) == [x1_items]


async def test_a_unit_reads_the_history_of_its_own_targets_only(service, issued, problem):
    async with service.caller("assessed_unit", unit="X2") as other:
        assert await history(other, issued) == []
        answer = await other.get(f"{issued}/targets/history", params={"unit": "X1"})
        assert problem(answer)[:2] == (403, "not-allowed")


async def test_every_move_is_in_the_journal(service, office, unit, proposed):
    await decide(office, proposed, 1)
    await post(office, proposed, "s", targets=[PROPOSAL])
    await revise(office, proposed, "70")
    await post(office, proposed, "-withdrawals", **MOVES["-withdrawals"])
    rows = await service.sql(
        "SELECT event, subject FROM journal_entry WHERE chain = $1 AND event LIKE 'targets.%'"
        " ORDER BY seq",
        proposed.rsplit("/", 1)[1],
    )
    assert [tuple(row.values()) for row in rows] == [
        ("targets.proposed", "assessed_unit@X1"),
        ("targets.decided", "performance_office@B01"),
        ("targets.set", "performance_office@B01"),
        ("targets.revised", "performance_office@B01"),
        ("targets.withdrawn", "performance_office@B01"),
    ]


async def test_the_digest_does_not_tell_who_moved_a_target_when(service, office, opened):
    """Fails when two cycles with equal targets have different digests."""
    await post(office, opened, "s", targets=[PROPOSAL])
    new = {"name": "另一年度", "jurisdiction": "431000", "assessment_year": 2025}
    other = (await office.post("/api/v1/cycles", json=new)).json()["cycle_id"]
    await service.on_record(
        other,
        "INSERT INTO target (cycle_id, unit, indicator, item, version, target, state, lowered,"
        " set_by, set_at) VALUES ($1, 'X1', 'C01', '', 1, 80, 'issued', false, 'other',"
        " '2025-03-01T00:00:00Z')",
        UUID(other),
    )
    cycles = [opened, f"/api/v1/cycles/{other}"]
    first, second = [(await office.get(f"{cycle}/targets")).json() for cycle in cycles]
    assert first["digest"] == second["digest"]
    assert first["targets"] != second["targets"]

"""Targets over HTTP: proposed, decided, issued, revised, withdrawn; every version is kept."""

from uuid import UUID

import pytest

from service_testing.clocks import in_the_city

PROPOSAL = {"unit": "X1", "indicator": "C01", "target": "80"}
NAMED = {"unit": "X1", "indicator": "C01"}
WHY = {"reason": "省定目标调整", "document_no": "省绩办〔2025〕7号", "approved_by": "分管市领导"}
LATER = {"step": "target_revision_deadline", "name": "目标调整截止", "date": "2199-12-31"}


async def post(caller, cycle, what, **body):
    return await caller.post(f"{cycle}/target{what}", json=body)


async def ask_to_revise(office, cycle, value):
    wanted = [PROPOSAL | {"target": value}]
    return await post(office, cycle, "-revisions", targets=wanted, **WHY)


@pytest.fixture(scope="session")
def revise(office, confirm):
    """Give what revises a target by two people."""

    async def send(cycle, value):
        answer = await ask_to_revise(office, cycle, value)
        assert (answer.status_code, answer.json().get("pending")) == (201, 1), answer.text
        return await confirm(cycle)

    return send


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


async def test_a_revision_is_kept_with_its_reason_document_and_approver(office, issued, revise):
    """Fails when the former version is overwritten, or who moved it is not told."""
    assert (await revise(issued, "90")).status_code == 201
    ((target),) = await in_force(office, issued)
    assert {name: target[name] for name in WHY} == WHY
    assert (target["state"], target["set_by"]) == ("revised", "colleague")
    assert in_the_city(target["set_at"]) >= target["effective_from"][:8]
    names = ("version", "state", "target", "lowered", "set_by")
    assert brief(await history(office, issued), *names) == [
        (1, "issued", "100", False, "performance_office@B01"),
        (2, "revision_pending", "90", True, "performance_office@B01"),
        (3, "revised", "90", True, "colleague"),
    ]


async def test_a_target_in_force_is_changed_by_two_people(
    service, office, issued, confirm, problem, untouched_after
):
    """Planted bugs: let a request count at once; compare accounts instead of persons."""
    answer = await ask_to_revise(office, issued, "1")
    assert answer.json()["pending"] == 1
    assert brief(await in_force(office, issued), "version", "target") == [(1, "100")]
    same = {"subject": "second-account", "person": "performance_office@B01"}
    async with service.caller("performance_office", **same) as again, untouched_after():
        answers = [await confirm(issued, by=office), await confirm(issued, by=again)]
    assert [problem(each) for each in answers] == [
        (409, "targets-refused", [("/decisions/0", "own-request")])
    ] * 2
    assert (await confirm(issued)).status_code == 201
    assert brief(await in_force(office, issued), "target", "lowered") == [("1", True)]


async def test_a_refused_request_leaves_the_target_in_force(
    office, issued, confirm, revise, problem
):
    await ask_to_revise(office, issued, "1")
    assert problem(await confirm(issued, "refuse"))[2] == [
        ("/decisions/0/reason", "reason-missing")
    ]
    assert (await confirm(issued, "refuse", reason="依据不足")).status_code == 201
    assert brief(await in_force(office, issued), "version", "target") == [(1, "100")]
    assert (await revise(issued, "90")).status_code == 201
    assert brief(await in_force(office, issued), "version", "target") == [(5, "90")]


async def test_while_a_request_is_open_nothing_else_moves(office, issued, problem, untouched_after):
    await ask_to_revise(office, issued, "90")
    async with untouched_after():
        answers = [
            await ask_to_revise(office, issued, "1"),
            await post(office, issued, "-withdrawals", **MOVES["-withdrawals"]),
            await post(office, issued, "s", targets=[PROPOSAL], reason="调整"),
        ]
    refused = (409, "targets-refused", [("/targets/0", "wrong-state")])
    assert [problem(answer) for answer in answers] == [refused] * 3


async def test_lowered_means_lower_than_any_that_was_in_force(office, issued, revise):
    """Fails when a revision is compared with the one before it alone."""
    for value in ("90", "95", "100", "99", "120", "110", "115"):
        assert (await revise(issued, value)).status_code == 201
    versions = [one for one in await history(office, issued) if "pending" not in one["state"]]
    assert brief(versions, "target", "lowered") == [
        ("100", False),
        ("90", True),
        ("95", True),
        ("100", False),
        ("99", True),
        ("120", False),
        ("110", True),
        ("115", True),
    ]


async def withdrawn(office, cycle, confirm, row=NAMED):
    gone = {"targets": [row], "reason": "机构撤并", "document_no": "市绩办〔2025〕3号"}
    assert (await post(office, cycle, "-withdrawals", **gone)).status_code == 201
    assert (await confirm(cycle)).status_code == 201


async def test_a_target_set_anew_after_its_withdrawal_is_held_against_the_former(
    office, issued, confirm, revise
):
    """Planted bug: take what comes after a withdrawal for a first target, by one person and not
    lowered."""
    await withdrawn(office, issued, confirm)
    assert await in_force(office, issued) == []
    again = [PROPOSAL | {"target": "50"}]
    answer = await post(office, issued, "s", targets=again, reason="恢复")
    assert (answer.status_code, answer.json()["pending"]) == (201, 1)
    assert await in_force(office, issued) == []
    assert (await confirm(issued)).status_code == 201
    assert (await revise(issued, "60")).status_code == 201
    versions = [one for one in await history(office, issued) if "pending" not in one["state"]]
    assert brief(versions, "state", "target", "document_no", "lowered") == [
        ("issued", "100", None, False),
        ("withdrawn", "100", "市绩办〔2025〕3号", False),
        ("issued", "50", None, True),
        ("revised", "60", "省绩办〔2025〕7号", True),
    ]


async def test_an_item_that_is_lowered_where_less_is_better_is_found(
    office, opened, document, confirm
):
    """Planted bug: take the direction of the indicator for that of the item, or of a raise."""
    less = document({"/categories/0/blocks/0/indicators/0/params/direction": "lower"})
    body = {"scheme": less, "reason": "方向更正"}
    assert (await office.post(f"{opened}/scheme-versions", json=body)).status_code == 201
    assert (await office.post(f"{opened}/scheme-versions/2/publication")).status_code == 201
    item = {"unit": "X1", "indicator": "C06", "item": "1", "target": "5"}
    await post(office, opened, "s", targets=[PROPOSAL | {"target": "100"}, item])
    for row in (NAMED, {name: item[name] for name in ("unit", "indicator", "item")}):
        await withdrawn(office, opened, confirm, row)
    again = [PROPOSAL | {"target": "101"}, item | {"target": "4"}]
    await post(office, opened, "s", targets=again, reason="恢复")
    await confirm(opened)
    assert brief(await in_force(office, opened), "target", "lowered") == [
        ("101", True),
        ("4", True),
    ]


async def with_deadline(office, cycle, document, day, version=2):
    """Publish a further version of the scheme, with another deadline for moving targets."""
    scheme = document({"/calendar/3": LATER | {"date": day}})
    body = {"scheme": scheme, "reason": "增设截止日期"}
    assert (await office.post(f"{cycle}/scheme-versions", json=body)).status_code == 201
    answer = await office.post(f"{cycle}/scheme-versions/{version}/publication")
    assert answer.status_code == 201, answer.text


TOO_LATE = (409, "revision-too-late")


async def test_after_the_deadline_no_target_in_force_is_moved_in_any_way(
    office, issued, document, problem, untouched_after
):
    """Fails when only one of the ways to move a target looks at the deadline."""
    await with_deadline(office, issued, document, "2025-10-31")
    changed = [PROPOSAL | {"target": "90"}]
    async with untouched_after():
        answers = [
            await ask_to_revise(office, issued, "90"),
            await post(office, issued, "s", targets=changed, reason="调整"),
            await post(office, issued, "-withdrawals", **MOVES["-withdrawals"]),
        ]
    assert [problem(answer)[:2] for answer in answers] == [TOO_LATE] * 3
    assert answers[0].json()["deadline"] == "2025-10-31"


async def test_after_the_deadline_nothing_that_was_withdrawn_comes_back(
    office, unit, issued, document, confirm, problem, untouched_after
):
    """Planted bug: check the deadline on revisions alone: withdrawn in time, set to 1 after it."""
    await withdrawn(office, issued, confirm)
    assert (await post(unit, issued, "-proposals", targets=[PROPOSAL])).status_code == 201
    await with_deadline(office, issued, document, "2025-10-31")
    async with untouched_after():
        answers = [
            await post(unit, issued, "-proposals", targets=[PROPOSAL | {"target": "1"}]),
            await decide(office, issued, 4),
        ]
    assert [problem(answer)[:2] for answer in answers] == [TOO_LATE] * 2
    assert (await decide(office, issued, 4, "return", reason="已截止")).status_code == 201
    async with untouched_after():
        answer = await post(office, issued, "s", targets=[PROPOSAL], reason="恢复")
    assert problem(answer)[:2] == TOO_LATE


@pytest.mark.parametrize("what", ["-revisions", "-withdrawals"])
async def test_what_was_asked_for_in_time_is_not_confirmed_after_the_deadline(
    office, issued, document, confirm, problem, untouched_after, what
):
    assert (await post(office, issued, what, **MOVES[what])).status_code == 201
    await with_deadline(office, issued, document, "2025-10-31")
    async with untouched_after():
        assert problem(await confirm(issued))[:2] == TOO_LATE
    assert (await confirm(issued, "refuse", reason="已截止")).status_code == 201


async def test_a_deadline_that_has_passed_is_not_moved_by_publishing_another(
    office, issued, document, problem
):
    """Planted bug: read the deadline of the scheme in force alone."""
    await with_deadline(office, issued, document, "2025-10-31")
    await with_deadline(office, issued, document, "2199-12-31", version=3)
    assert problem(await ask_to_revise(office, issued, "1"))[:2] == TOO_LATE


async def test_without_a_deadline_targets_move_until_the_end_of_the_year(
    office, issued, document, problem
):
    """Planted bug: let a scheme that sets no deadline have none."""
    body = {"scheme": document({"/calendar/3": ...}), "reason": "取消截止日期"}
    assert (await office.post(f"{issued}/scheme-versions", json=body)).status_code == 201
    assert (await office.post(f"{issued}/scheme-versions/2/publication")).status_code == 201
    assert problem(await ask_to_revise(office, issued, "1"))[:2] == TOO_LATE


async def test_a_first_target_after_the_deadline_has_a_reason_and_two_people(
    office, opened, document, confirm, problem
):
    """Planted bug: let one person set a target to a result that is known."""
    await with_deadline(office, opened, document, "2025-10-31")
    first = [PROPOSAL | {"unit": "X2"}]
    answer = await post(office, opened, "s", targets=first)
    assert problem(answer)[2] == [("/targets/0", "reason-missing")]
    answer = await post(office, opened, "s", targets=first, reason="补充下达")
    assert (answer.status_code, answer.json()["pending"]) == (201, 1)
    assert await in_force(office, opened) == []
    assert (await confirm(opened)).status_code == 201
    assert brief(await in_force(office, opened), "unit", "state") == [("X2", "issued")]


async def test_until_the_deadline_a_target_is_changed(office, issued, document, revise):
    await with_deadline(office, issued, document, "2199-12-30")
    assert (await revise(issued, "90")).status_code == 201


async def test_nobody_decides_about_the_targets_of_the_own_unit(
    service, office, unit, proposed, confirm, problem, untouched_after
):
    """An account that is office and unit approved its clerk's target and issued its own.

    Planted bug: leave `check_callers` out of one of the endpoints.
    """
    asked = [PROPOSAL | {"unit": "X2"}]
    async with service.caller("performance_office", "assessed_unit", unit="X1") as both:
        async with untouched_after():
            answers = [
                await decide(both, proposed, 1),
                await decide(both, proposed, 1, "return", reason="偏低"),
                await post(both, proposed, "s", targets=[*asked, PROPOSAL], reason="下达"),
            ]
        assert (await decide(office, proposed, 1)).status_code == 201
        assert (await post(office, proposed, "s", targets=[PROPOSAL])).status_code == 201
        async with untouched_after():
            answers += [await post(both, proposed, what, **MOVES[what]) for what in ASKING]
        await ask_to_revise(office, proposed, "90")
        async with untouched_after():
            answers.append(await confirm(proposed, by=both))
    assert [problem(answer)[:2] for answer in answers] == [(403, "decider-barred")] * 6
    assert problem(answers[2])[2] == [("/targets/1/unit", "own-unit")]


async def test_nobody_issues_under_another_account_what_they_proposed(
    service, office, opened, problem, untouched_after
):
    """Planted bug: compare accounts; an office account without a unit has no interest to show."""
    clerk = {"subject": "clerk-of-X1", "person": "Li"}
    async with service.caller("assessed_unit", unit="X1", **clerk) as caller:
        await post(caller, opened, "-proposals", targets=[PROPOSAL])
    async with service.caller("performance_office", subject="office-2", person="Li") as same:
        async with untouched_after():
            answer = await decide(same, opened, 1)
        assert problem(answer)[2] == [("/decisions/0", "own-proposal")]
        assert (await decide(office, opened, 1)).status_code == 201
        async with untouched_after():
            answer = await post(same, opened, "s", targets=[PROPOSAL])
        assert problem(answer)[2] == [("/targets/0", "own-proposal")]


async def test_what_the_scheme_gives_to_a_second_body_is_decided_by_it_alone(
    service, office, unit, issued, document, confirm, problem, untouched_after
):
    """Planted bug: give the second body the units of everybody, or leave the office in."""
    scheme = document({"/recusals": [{"unit": "X1", "body": "B02"}]})
    body = {"scheme": scheme, "reason": "绩效办所在单位回避"}
    assert (await office.post(f"{issued}/scheme-versions", json=body)).status_code == 201
    assert (await office.post(f"{issued}/scheme-versions/2/publication")).status_code == 201
    async with untouched_after():
        answer = await ask_to_revise(office, issued, "90")
    assert problem(answer) == (403, "decider-barred", [("/targets/0/unit", "recused")])
    async with (
        service.caller("second_body", unit="B02", subject="first") as one,
        service.caller("second_body", unit="B02", subject="second") as two,
        service.caller("second_body", unit="B01") as other,
    ):
        assert problem(await ask_to_revise(other, issued, "90"))[:2] == (403, "not-allowed")
        mixed = [PROPOSAL, PROPOSAL | {"unit": "X2"}]
        answer = await post(one, issued, "s", targets=mixed, reason="下达")
        assert problem(answer)[:2] == (403, "not-allowed")
        assert (await ask_to_revise(one, issued, "90")).status_code == 201
        assert problem(await confirm(issued))[:2] == (403, "decider-barred")
        assert problem(await confirm(issued, by=one))[:2] == (409, "targets-refused")
        assert (await confirm(issued, by=two)).status_code == 201
        assert brief(await in_force(one, issued), "target") == [("90",)]


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
            "-confirmations",
            {"decisions": [NAMED | {"version": 1, "decision": "confirm"}]},
            (409, "targets-refused", [("/decisions/0", "wrong-state")]),
        ),
        (
            "-confirmations",
            {"decisions": [NAMED | {"version": 1, "decision": "refuse", "reason": "无"}]},
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


ASKING = ("-revisions", "-withdrawals")

MOVES = {
    "-decisions": {"decisions": [NAMED | {"version": 1, "decision": "approve"}]},
    "-revisions": {"targets": [PROPOSAL], **WHY},
    "-withdrawals": {"targets": [NAMED], "reason": "撤销", "document_no": "1号"},
    "-confirmations": {"decisions": [NAMED | {"version": 1, "decision": "confirm"}]},
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


async def test_every_move_is_in_the_journal(service, office, unit, proposed, revise, confirm):
    await decide(office, proposed, 1)
    await post(office, proposed, "s", targets=[PROPOSAL])
    await revise(proposed, "70")
    await withdrawn(office, proposed, confirm)
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
        ("targets.confirmed", "colleague"),
        ("targets.withdrawn", "performance_office@B01"),
        ("targets.confirmed", "colleague"),
    ]


async def test_a_version_from_before_persons_were_kept_stands_for_its_account(
    service, office, opened, problem, untouched_after
):
    await service.on_record(
        opened.rsplit("/", 1)[1],
        "INSERT INTO target (cycle_id, unit, indicator, item, version, target, state, lowered,"
        " set_by) VALUES ($1, 'X1', 'C01', '', 1, 80, 'proposed', false, $2)",
        UUID(opened.rsplit("/", 1)[1]),
        "performance_office@B01",
    )
    async with untouched_after():
        answer = await decide(office, opened, 1)
    assert problem(answer)[2] == [("/decisions/0", "own-proposal")]


async def test_a_target_takes_effect_on_the_day_of_the_city(service, office, opened):
    """Planted bug: take the day in the time zone of the database."""
    await service.on_record(
        opened.rsplit("/", 1)[1],
        "INSERT INTO target (cycle_id, unit, indicator, item, version, target, state, lowered,"
        " set_by, set_at) VALUES ($1, 'X1', 'C01', '', 1, 80, 'issued', false, 'other',"
        " '2025-03-31T16:00:00Z')",
        UUID(opened.rsplit("/", 1)[1]),
    )
    assert brief(await in_force(office, opened), "effective_from") == [("2025-04-01",)]


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

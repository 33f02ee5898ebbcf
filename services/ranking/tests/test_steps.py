"""A chain of the scheme's own over HTTP: steps, returns, a meeting typed twice, signed for another.

The counties' category has twelve units, of which members of the review's meeting belong to some.
"""

import datetime as dt
from itertools import pairwise

import pytest

CHAIN = [
    {"code": "signature", "role": "vice_mayor", "delegates": True},
    {"code": "merge", "role": "performance_office", "needs": "document"},
    {
        "code": "review",
        "role": "committee",
        "kind": "meeting",
        "members": [
            {"code": "A"},
            {"code": "B", "unit": "XQ01"},
            {"code": "C", "unit": "ZF01"},
            {"code": "D"},
            {"code": "E"},
        ],
        "quorum": "two_thirds",
        "at_least": 3,
        "majority": "over_half",
        "send_back_to": ["signature", "merge"],
        "instead": "standing_committee",
    },
    {"code": "decision", "role": "standing_committee", "send_back_to": ["signature", "review"]},
]
OUT = [{"member": "B", "reason": "所在单位参评"}]
MEETING = {
    "held_on": "2026-01-20",
    "present": ["A", "C", "D"],
    "recused": OUT,
    "votes_for": 2,
    "votes_against": 1,
    "votes_abstained": 0,
}
REVIEW = {"step": "review", "minutes_no": "纪要〔2026〕3号", "meeting": MEETING}
SOON = (dt.datetime.now(dt.UTC).date() + dt.timedelta(365)).isoformat()
"""A day to which signatures are delegated."""
BACK = {"word": "sent_back", "sent_back_to": "signature", "reason": "一处数据有误"}


@pytest.fixture
def own(peers):
    """The scheme with a chain of its own, until the test is over."""
    before = peers.scheme
    peers.scheme = before | {"approval": {"steps": CHAIN}}
    yield peers
    peers.scheme, peers.satisfied = before, "of-satisfaction"


@pytest.fixture
async def edition(own, cycle):
    """An edition of the counties, ranked under that chain."""
    return await cycle.rank()


ROLES = {
    "signature": "vice_mayor",
    "merge": "performance_office",
    "review": "committee",
    "decision": "standing_committee",
}


async def say(cycle, edition, step, by=None, status=201, **more):
    """Say something in a step, as somebody of its role; return the answer."""
    who = {"role": ROLES[step], "subject": by or f"{step}-1"} | more.pop("who", {})
    body = {"step": step} | more
    answer = await cycle.post(f"/rankings/{edition}/steps", body, **who)
    assert answer.status_code == status, answer.text
    return answer.json()


async def review(cycle, edition, **more):
    """Have the minutes typed by two persons; return the second answer."""
    first = await say(cycle, edition, **REVIEW | more, by="review-1")
    assert first["approvals"][-1]["word"] == "entered"
    return await say(cycle, edition, **REVIEW | more, by="review-2")


async def before_review(cycle, edition):
    await say(cycle, edition, "signature")
    return await say(cycle, edition, "merge", document_nos=["云绩〔2026〕1号"])


async def read(cycle, edition):
    answer = await cycle.get(f"/rankings/{edition}/steps", "performance_office")
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(answer):
    return [each["code"] for each in answer["errors"]]


async def test_an_edition_goes_through_the_scheme_s_own_chain_and_is_published(cycle, edition):
    """Planted bug: the last of three steps approves."""
    states = [(await say(cycle, edition, "signature"))["state"]]
    states.append((await say(cycle, edition, "merge", document_nos=["云绩〔2026〕1号"]))["state"])
    states.append((await review(cycle, edition))["state"])
    states.append((await say(cycle, edition, "decision"))["state"])
    assert states == ["in_approval", "in_approval", "in_approval", "approved"]
    office = {"role": "performance_office", "subject": "publisher"}
    answer = await cycle.post(f"/rankings/{edition}/publication", {}, **office)
    assert answer.status_code == 201, answer.text
    held = [each["step"] for each in answer.json()["manifest"]["approvals"]]
    assert held == ["signature", "merge", "review", "decision", "publication"]
    told = await read(cycle, edition)
    assert (told["state"], told["position"]["next"]) == ("published", None)
    listed = await cycle.get("/rankings?state=published", "performance_office")
    assert [each["state"] for each in listed.json()["items"]] == ["published"]


async def test_sent_back_an_edition_needs_every_step_again(cycle, edition):
    """Planted bug: a return that takes back only the last step."""
    await before_review(cycle, edition)
    await review(cycle, edition)
    back = await say(cycle, edition, "decision", **BACK)
    assert back["state"] == "ranked"
    for step in ("merge", "review", "decision"):
        more = {"document_nos": ["x"]} if step == "merge" else {}
        answer = await say(cycle, edition, step, by=f"{step}-9", status=409, **more)
        assert answer["type"] == "step-out-of-order"
    await before_review(cycle, edition)
    await review(cycle, edition)
    assert (await say(cycle, edition, "decision"))["state"] == "approved"
    told = await read(cycle, edition)
    assert told["position"] == {
        "round": 2,
        "held": ["signature", "merge", "review", "decision"],
        "next": "publication",
    }
    assert len(told["said"]) == 5 + 5
    assert told["said"][-6]["reason"] == BACK["reason"]


async def test_what_was_sent_back_meanwhile_is_decided_by_nobody(cycle, edition):
    """Planted bug: an ETag of an edition that is the same after it came back as it was before."""
    path = f"/rankings/{edition}"
    first = await cycle.get(path, "performance_office")
    await before_review(cycle, edition)
    await review(cycle, edition, word="sent_back", sent_back_to="signature", reason="x")
    then = await cycle.get(path, "performance_office")
    assert then.json()["state"] == first.json()["state"] == "ranked"
    assert then.headers["etag"] != first.headers["etag"]
    body = {"step": "signature"}
    async with cycle.service.caller("vice_mayor", subject="signature-1") as mayor:
        at = f"/api/v1/cycles/{cycle.cycle_id}{path}/steps"
        stale = await mayor.post(at, json=body, headers={"If-Match": first.headers["etag"]})
        assert stale.status_code == 412
        fresh = await mayor.post(at, json=body, headers={"If-Match": then.headers["etag"]})
        assert fresh.status_code == 201


async def test_nobody_has_a_part_in_two_steps_also_after_a_return(cycle, edition):
    """Planted bugs: only the newest round is looked at; who typed the minutes is not."""
    await before_review(cycle, edition)
    await review(cycle, edition, word="sent_back", sent_back_to="signature", reason="x")
    for person in ("merge-1", "review-1", "review-2"):
        who = {"person": person}
        answer = await say(cycle, edition, "signature", by="x", who=who, status=409)
        assert answer["type"] == "same-person-twice"
    await say(cycle, edition, "signature")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"present": ["A", "C"], "votes_against": 0}, "quorum-not-reached"),
        ({"votes_for": 1, "votes_against": 2}, "majority-not-reached"),
        ({"votes_for": 3}, "votes-do-not-add-up"),
        ({"present": ["A", "B", "D"], "recused": []}, "must-be-recused"),
        ({"present": ["A", "B", "D"]}, "present-though-recused"),
        ({"recused": [*OUT, {"member": "B", "reason": "x"}]}, "member-twice"),
        ({"present": ["A", "Z", "D"]}, "unknown-member"),
    ],
)
async def test_no_list_is_decided_without_its_quorum(cycle, edition, more, fault):
    """Planted bug: who is recused counts for the quorum."""
    await before_review(cycle, edition)
    async with cycle.unchanged():
        answer = await say(cycle, edition, **REVIEW | {"meeting": MEETING | more}, status=422)
    assert codes(answer) == [fault]


async def test_minutes_count_when_a_second_person_typed_the_same(cycle, edition):
    """Planted bugs: one person types twice; a difference that nobody is told of."""
    await before_review(cycle, edition)
    await say(cycle, edition, **REVIEW, by="review-1")
    again = await say(cycle, edition, **REVIEW, by="review-1")
    assert again["approvals"][-1]["word"] == "entered"
    other = REVIEW | {"meeting": MEETING | {"votes_for": 3, "votes_against": 0}}
    async with cycle.unchanged():
        answer = await say(cycle, edition, **other, by="review-2", status=409)
    assert answer["type"] == "entries-differ"
    assert answer["differing"] == ["votes_against", "votes_for"]
    await say(cycle, edition, **other, by="review-2", anew=True)
    done = await say(cycle, edition, **other, by="review-1")
    assert done["approvals"][-1]["basis"]["votes_for"] == 3
    assert (await read(cycle, edition))["position"]["next"] == "decision"


async def test_where_too_few_members_may_vote_the_superior_decides(cycle, edition):
    """Planted deadlock: of five members one is barred by his unit and two more are recused, as two
    people say by the minutes. Planted bug: one of them does."""
    await before_review(cycle, edition)
    out = [{"member": each, "reason": "亲属在参评单位任职"} for each in ("A", "D")]
    standing = {"role": "standing_committee"}
    refused = await say(cycle, edition, "review", by="s1", who=standing, status=403)
    assert refused["type"] == "role-not-of-step"
    await say(cycle, edition, "review", by="s1", who=standing, recused=out, status=422)
    said = {"recused": out, "minutes_no": "纪要〔2026〕4号"}
    for _ in range(2):
        done = await say(cycle, edition, "review", by="s1", who=standing, **said)
        assert done["approvals"][-1]["word"] == "entered"
    done = await say(cycle, edition, "review", by="s2", who=standing, **said)
    assert [each["member"] for each in done["approvals"][-1]["basis"]["recused"]] == ["A", "D"]
    twice = await say(cycle, edition, "decision", by="s1", status=409)
    assert twice["type"] == "same-person-twice"
    assert (await say(cycle, edition, "decision"))["state"] == "approved"


@pytest.mark.parametrize(
    ("step", "more", "fault"),
    [
        ("merge", {}, "document-missing"),
        ("merge", {"document_nos": ["x"], "anew": True}, "not-of-this-step"),
        ("merge", {"document_nos": ["x"], "meeting": MEETING}, "not-of-this-step"),
        ("merge", {"document_nos": ["x"], "recused": OUT}, "not-of-this-step"),
        ("merge", {**BACK}, "not-sent-back-to"),
        ("merge", {"document_nos": ["x"], "sent_back_to": "signature"}, "goes-nowhere"),
        ("review", {"minutes_no": "x"}, "meeting-missing"),
        ("review", {"meeting": MEETING}, "minutes-missing"),
        ("review", {**REVIEW, "word": "sent_back", "sent_back_to": "merge"}, "reason-missing"),
    ],
)
async def test_what_is_not_what_the_step_takes_is_refused_by_name(cycle, own, step, more, fault):
    """Planted bug: what has no meaning in a step is taken in silence."""
    edition = await cycle.rank()
    await say(cycle, edition, "signature")
    if step == "review":
        await say(cycle, edition, "merge", document_nos=["x"])
    async with cycle.unchanged():
        answer = await say(cycle, edition, **{"step": step} | more, status=422)
    assert codes(answer) == [fault]


HANDED_IN = {"state": "handed_in"}


@pytest.mark.parametrize(
    ("told", "more", "refused"),
    [
        ({"organiser": "ZH01", "hand_in": None}, {}, True),
        ({"organiser": "ZH01", "hand_in": {"state": "withdrawn"}}, {}, True),
        ({"organiser": "ZH01", "hand_in": HANDED_IN}, {}, False),
        ({"organiser": "ZH01", "hand_in": None}, {"reason": "封存前未上报"}, False),
        ({"organiser": "XQ01", "hand_in": None}, {}, False),
        ({"organiser": None, "hand_in": None}, {}, False),
    ],
)
async def test_what_was_not_handed_in_is_not_signed_without_a_reason(
    cycle, own, told, more, refused
):
    """Who competes in it hands nothing in, and the signature does not wait. Planted bugs: what was
    withdrawn counts as handed in; an organiser that competes is waited for."""
    needing = [{**CHAIN[0], "needs": "hand_in"}, *CHAIN[1:]]
    own.scheme = own.scheme | {"approval": {"steps": needing}}
    own.handed_in = told
    edition = await cycle.rank()
    if not refused:
        signed = await say(cycle, edition, "signature", **more)
        assert signed["approvals"][-1].get("reason") == more.get("reason")
        return
    async with cycle.unchanged():
        answer = await say(cycle, edition, "signature", status=409)
    assert answer["type"] == "not-handed-in"


async def test_whoever_belongs_to_a_unit_of_the_list_takes_no_step(cycle, edition):
    """Planted bug: interest asked of the giver of a signature only, or of the delegate only."""
    answer = await say(cycle, edition, "signature", who={"unit": "XQ01"}, status=403)
    assert answer["type"] == "decider-barred"


async def test_who_competes_is_told_so_and_not_that_marks_are_missing(
    cycle, edition, own, monkeypatch
):
    """Scoring leaves the units of the own category out of what it shows a decider. Planted bug: the
    score sheet is asked for first."""
    monkeypatch.setattr(own, "sheet_units", [])
    answer = await say(cycle, edition, "signature", who={"unit": "XQ01"}, status=403)
    assert answer["type"] == "decider-barred"
    assert (await say(cycle, edition, "signature", status=409))["type"] == "sheet-incomplete"


GIVEN = {
    "delegate": "deputy",
    "role": "vice_mayor",
    "steps": ["signature"],
    "until": SOON,
    "document_no": "云政办〔2026〕2号",
}


async def give(cycle, status=201, who=None, **more):
    giver = {"role": "vice_mayor", "subject": "mayor"} | (who or {})
    answer = await cycle.post("/delegations", GIVEN | more, **giver)
    assert answer.status_code == status, answer.text
    told = answer.json()
    return told["delegation"]["number"] if status == 201 else told


async def test_a_signature_in_somebody_s_place_names_both_and_bars_both(cycle, edition):
    """Planted bug: only the delegate has had a part in the step."""
    number = await give(cycle)
    signed = await say(cycle, edition, "signature", by="deputy", delegation=number)
    assert signed["approvals"][-1]["behind"] == "mayor"
    for person in ("mayor", "deputy"):
        who = {"person": person}
        answer = await say(cycle, edition, "merge", by="x", who=who, document_nos=["x"], status=409)
        assert answer["type"] == "same-person-twice"


async def test_the_interest_of_the_giver_bars_the_delegate(cycle, edition):
    number = await give(cycle, who={"unit": "XQ01"})
    answer = await say(cycle, edition, "signature", by="deputy", delegation=number, status=403)
    assert answer["type"] == "decider-barred"


async def test_who_gave_a_delegation_ends_it_under_another_account_too(cycle, edition):
    """Planted bug: two spellings of one name are two givers."""
    number = await give(cycle, who={"person": "Zhang"})
    await give(cycle, who={"subject": "mayor-2", "person": "zhang"}, steps=[])
    answer = await say(cycle, edition, "signature", by="deputy", delegation=number, status=403)
    assert answer["type"] == "delegation-does-not-hold"


async def test_a_delegation_that_does_not_hold_is_refused(cycle, edition):
    """Planted bugs: the newest does not replace the former; the role of another step may sign."""
    number = await give(cycle)
    for by, more in [("stranger", {}), ("deputy", {"role": "committee"})]:
        answer = await say(
            cycle, edition, "signature", by=by, who=more, delegation=number, status=403
        )
        assert answer["type"] == "delegation-does-not-hold"
    await give(cycle, steps=[])
    answer = await say(cycle, edition, "signature", by="deputy", delegation=number, status=403)
    assert answer["type"] == "delegation-does-not-hold"
    listed = await cycle.get("/delegations", "auditor")
    assert [each["steps"] for each in listed.json()["items"]] == [["signature"], []]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"delegate": "MAYOR"}, "own-account"),
        ({"role": "committee"}, "not-own-role"),
        ({"until": "2020-01-01"}, "day-is-over"),
        ({"until": "9999-12-31"}, "too-long"),
        ({"steps": ["merge"]}, "not-delegated"),
        ({"steps": []}, "ends-nothing"),
        ({"delegate": "nobody"}, "account-unknown"),
    ],
)
async def test_a_delegation_that_nobody_can_give_is_refused(cycle, own, more, fault):
    """Planted bug: one that another gave, or to another account, is taken for one to end."""
    await give(cycle, who={"subject": "other"})
    await give(cycle, delegate="another")
    async with cycle.unchanged():
        assert fault in codes(await give(cycle, status=422, **more))


async def test_the_usual_steps_have_no_route_where_the_scheme_has_its_own(cycle, edition):
    answer = await cycle.post(f"/rankings/{edition}/merge", role="performance_office", subject="x")
    assert (answer.status_code, answer.json()["type"]) == (409, "taken-at-steps")
    path = f"/rankings/{edition}/steps"
    for step in ("nothing", "publication"):
        answer = await cycle.post(path, {"step": step}, role="performance_office", subject="x")
        assert (answer.status_code, answer.json()["type"]) == (404, "no-such-step")


async def test_an_edition_of_another_chain_than_the_scheme_s_is_ranked_again(cycle, edition, own):
    """Planted bug: an edition keeps the chain of a scheme that is in force no longer."""
    own.scheme = own.scheme | {"approval": {"steps": CHAIN[1:]}}
    answer = await say(cycle, edition, "signature", status=409)
    assert (answer["type"], answer["changed"]) == ("ranking-outdated", ["approval"])


async def test_the_usual_chain_is_also_taken_at_steps(cycle):
    edition = await cycle.rank()
    for step in ("merge", "review"):
        await say(cycle, edition, step)
    done = await say(cycle, edition, "decision")
    assert done["state"] == "approved"


async def test_tasks_say_whose_turn_it_is(cycle, edition, service):
    """Planted bug: who typed the minutes is told to type them again."""

    async def has(role, subject):
        async with service.caller(role, subject=subject, person=subject) as client:
            answer = await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")
        assert answer.status_code == 200, answer.text
        return [each["about"].get("step") for each in answer.json()["tasks"]]

    assert await has("vice_mayor", "signature-1") == ["signature"]
    assert await has("performance_office", "merge-1") == []
    await before_review(cycle, edition)
    await say(cycle, edition, **REVIEW, by="review-1")
    assert await has("committee", "review-1") == []
    assert await has("committee", "review-2") == ["review"]
    await say(cycle, edition, **REVIEW, by="review-2")
    assert await has("standing_committee", "decision-1") == ["decision"]
    await say(cycle, edition, "decision", **BACK)
    assert await has("vice_mayor", "signature-1") == ["signature"]
    assert await has("vice_mayor", "decision-1") == []


async def test_who_may_sign_in_somebodys_place_has_it_among_the_tasks(cycle, own, service):
    """While the delegation holds, and nothing bars either. Planted bugs: the giver's interest is
    not asked; a delegation that was ended is still a task."""
    own.scheme = own.scheme | {"approval": {"steps": CHAIN[:2]}}
    await cycle.rank()

    async def tasks_of(subject, unit=None):
        who = {"subject": subject, "person": subject, "unit": unit}
        async with service.caller("organiser", **who) as client:
            answer = await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")
        assert answer.status_code == 200, answer.text
        return [each["about"].get("step") for each in answer.json()["tasks"]]

    assert await tasks_of("deputy", "ZF01") == []
    await give(cycle)
    assert await tasks_of("deputy", "ZF01") == ["signature"]
    assert await tasks_of("deputy", "XQ02") == []
    assert await tasks_of("stranger", "ZF01") == []
    await give(cycle, steps=[])
    assert await tasks_of("deputy", "ZF01") == []
    barred = {"unit": "XQ01", "subject": "mayor-2"}
    await give(cycle, who=barred)
    assert await tasks_of("deputy", "ZF01") == []


async def test_a_row_of_the_chain_that_was_altered_stops_it(cycle, edition, service):
    await say(cycle, edition, "signature")
    where = f"cycle_id = '{cycle.cycle_id}'"
    async with service.altered("approval", "word = 'sent_back', sent_back_to = 'merge'", where):
        answer = await say(cycle, edition, "merge", document_nos=["x"], status=500)
        assert answer["type"] == "stored-data-altered"


async def test_rounds_count_and_states_follow_one_another(cycle, edition):
    told = [await read(cycle, edition)]
    for step, more in [("signature", {}), ("merge", {"document_nos": ["x"]})]:
        await say(cycle, edition, step, **more)
        told.append(await read(cycle, edition))
    held = [each["position"]["held"] for each in told]
    assert all(later[: len(one)] == one for one, later in pairwise(held))


async def test_a_delegate_needs_no_role_of_the_chain(cycle, edition):
    """Planted bug: a signature is delegated to whom the matrix lets take no step."""
    number = await give(cycle, delegate="secretary")
    at = f"/api/v1/cycles/{cycle.cycle_id}/rankings/{edition}/steps"
    body = {"step": "signature", "delegation": number}
    async with cycle.service.caller("observer", subject="secretary") as client:
        assert (await client.post(at, json=body)).status_code == 201
    for other in ({"step": "merge"}, {"step": "merge", "delegation": number + 1}):
        for place in (at, at.replace(f"/{edition}/", "/99/")):
            async with cycle.service.caller("observer", subject="secretary-2") as client:
                answer = await client.post(place, json=other)
            kind = "delegation-does-not-hold" if "delegation" in other else "not-allowed"
            assert (answer.status_code, answer.json()["type"]) == (403, kind)


async def test_a_delegate_who_may_read_no_scores_signs_and_says_what_it_cannot_see(
    cycle, own, monkeypatch
):
    """Held to the scheme and the reports; whoever has the role itself is held to the sheet too.

    Planted bugs: ask for what the delegate may not read; let everybody off who may not read it;
    take for handed in what nobody could look at; a scheme that is another by now."""
    needs = [CHAIN[0] | {"needs": "hand_in"}, *CHAIN[1:]]
    own.scheme = own.scheme | {"approval": {"steps": needs}}
    edition = await cycle.rank()
    number = await give(cycle, delegate="secretary")
    monkeypatch.setattr(own, "unread", True)
    who = {"role": "panel_member", "subject": "secretary"}
    async with cycle.service.caller("panel_member", subject="secretary") as client:
        told = await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")
    assert [each["about"]["step"] for each in told.json()["tasks"]] == ["signature"]
    own_role = await say(cycle, edition, "signature", status=403)
    assert own_role["type"] == "peer-refused"
    assert "score-sheets" in own_role["detail"]
    unseen = await say(cycle, edition, "signature", who=who, delegation=number, status=409)
    assert unseen["type"] == "not-handed-in"
    said = {"delegation": number, "reason": "汇总上报表已由委托人核对"}
    before = own.scheme
    own.scheme = before | {"time_zone": "Asia/Urumqi"}
    monkeypatch.setattr(own, "sound", True)
    other = await say(cycle, edition, "signature", who=who, **said, status=409)
    assert (other["type"], other["changed"]) == ("ranking-outdated", ["scheme"])
    monkeypatch.setattr(own, "sound", False)
    own.scheme = before
    assert (await say(cycle, edition, "signature", who=who, **said))["state"]


async def test_nobody_signs_in_the_place_of_an_office_that_is_barred(cycle, peers, own):
    """Planted bug: it is asked whether the delegate's unit takes the office's place, and not
    whether the office could."""
    chain = [
        {"code": "merge", "role": "performance_office", "delegates": True},
        {"code": "decision", "role": "standing_committee"},
    ]
    peers.scheme |= {"approval": {"steps": chain}, "recusals": [{"unit": "XQ01", "body": "ZH02"}]}
    edition = await cycle.rank()
    office = {"role": "performance_office", "subject": "o"}
    said = {"role": "performance_office", "steps": ["merge"]}
    number = await give(cycle, who=office, **said)
    answer = await cycle.post(
        f"/rankings/{edition}/steps", {"step": "merge", "delegation": number},
        role="vice_mayor", subject="deputy", unit="ZH02",
    )  # fmt: skip
    assert (answer.status_code, answer.json()["type"]) == (403, "delegation-does-not-hold")


async def test_a_delegation_to_an_account_that_is_gone_is_ended(cycle, own, monkeypatch):
    """Planted bug: its account is looked up to end it."""
    await give(cycle, delegate="leaver")
    monkeypatch.setattr(own, "without_account", ("leaver",))
    await give(cycle, delegate="leaver", steps=[])


async def test_a_delegate_reads_what_waits_for_the_signature_and_nothing_else(cycle, own):
    """By no role: the delegations to the own account, and the newest edition while it waits for
    the signature or once it has it.

    Planted bugs: every delegation is told; an edition of before is read; what bars the signature
    bars no reading; who has signed reads no more of it."""
    own.scheme = own.scheme | {"approval": {"steps": CHAIN}}
    former, edition = await cycle.rank(), await cycle.rank()
    places = [f"/rankings/{edition}", f"/rankings/{edition}/steps"]

    async def read_by(subject, path, unit=None):
        who = {"subject": subject, "person": subject, "unit": unit}
        async with cycle.service.caller("observer", **who) as client:
            return await client.get(f"/api/v1/cycles/{cycle.cycle_id}{path}")

    async def refused(subject, *paths, unit=None):
        answers = [await read_by(subject, path, unit) for path in paths]
        assert [each.status_code for each in answers] == [403] * len(paths)

    await refused("secretary", "/delegations", "/rankings", *places)
    number = await give(cycle, delegate="secretary")
    await give(cycle, delegate="another")
    told = (await read_by("secretary", "/delegations")).json()["items"]
    assert [each["delegate"] for each in told] == ["secretary"]
    listed = (await read_by("secretary", "/rankings")).json()["items"]
    assert [each["edition"] for each in listed] == [edition]
    ranking, steps = [(await read_by("secretary", path)).json() for path in places]
    assert (ranking["edition"], steps["position"]["next"]) == (edition, "signature")
    await refused("secretary", f"/rankings/{former}", f"/rankings/{former}/steps")
    await refused("secretary", "/rankings", *places, unit="XQ02")
    await refused("stranger", "/delegations", "/rankings", *places)
    who = {"role": "observer", "subject": "secretary"}
    await say(cycle, edition, "signature", who=who, delegation=number)
    signed = (await read_by("secretary", places[1])).json()
    assert signed["said"][-1]["behind"] == "mayor"
    await refused("another", "/rankings", *places)
    await give(cycle, delegate="secretary", steps=[])
    assert (await read_by("secretary", places[0])).status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "2024-12-31"])
async def test_a_meeting_was_held_on_a_day_that_can_be(cycle, edition, day):
    """Planted bug: minutes of a day to come are typed."""
    await before_review(cycle, edition)
    more = REVIEW | {"meeting": MEETING | {"held_on": day}}
    answer = await say(cycle, edition, **more, by="review-1", status=422)
    assert [each["code"] for each in answer["errors"]] == ["day-cannot-be"]


async def test_what_a_member_may_not_compare_keeps_nobody_from_the_meeting(cycle, own, edition):
    """Scoring tells no digest of satisfaction to who decides and is of an assessed unit. Planted
    bug: null is taken for another one."""
    await before_review(cycle, edition)
    own.satisfied = None
    assert (await review(cycle, edition))["state"] == "in_approval"

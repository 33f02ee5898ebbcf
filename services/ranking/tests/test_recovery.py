"""A bonus that was paid is asked back when it is revoked; causes that are the unit's own.

Planted bugs: what was paid counted as come back; more taken back than was paid; an
objection of another unit, or one that nobody has decided, for a cause.
"""

from decimal import Decimal
from random import Random
from uuid import uuid4

import pytest

from ranking.rules.consequences import MOVES, recovery_of

BONUS = {
    "unit": "XQ01", "kind": "bonus_coefficient", "cause": "other",
    "document_no": "云绩办〔2026〕3号", "reason": "优秀单位",
    "from_on": "2026-03-02", "amount": "1.2",
}  # fmt: skip
PAID = {"document_no": "云财〔2026〕8号", "paid": "12345.67"}


async def post(cycle, path, body, role="performance_office", subject="proposer"):
    return await cycle.post(f"/consequences{path}", body, role=role, subject=subject)


async def decided(cycle, body=BONUS):
    """Propose a consequence and decide on it; return its number."""
    made = await post(cycle, "", body)
    assert made.status_code == 201, made.text
    number = made.json()["consequence"]["number"]
    assert (await decide(cycle, number)).status_code == 201
    return number


async def decide(cycle, number):
    said = {"decision": "confirm", "reason": None}
    return await post(cycle, f"/{number}/decision", said, "committee", "decider")


async def revoke(cycle, number):
    assert (await post(cycle, f"/{number}/revocation", {"reason": "x"})).status_code == 201
    return await decide(cycle, number)


async def back(cycle, number, amount):
    body = {"amount": amount, "document_no": "收据"}
    return await post(cycle, f"/{number}/recovery", body)


def codes(answer):
    return {each["code"] for each in answer.json().get("errors", ())}


async def test_what_was_paid_comes_back_to_the_cent(cycle):
    """In parts that sum to what was paid, and never above it."""
    number = await decided(cycle)
    paid = await post(cycle, f"/{number}/completion", PAID)
    assert paid.json()["consequence"]["steps"][-1]["money"] == "12345.67"
    assert "recovery" not in paid.json()["consequence"]
    assert (await back(cycle, number, "1")).status_code == 409  # it holds
    asked = (await revoke(cycle, number)).json()["consequence"]
    assert asked["recovery"] == {"paid": "12345.67", "recovered": "0", "open": "12345.67"}
    for amount, code in (("12345.68", "more-than-open"), ("0.001", "no-cents")):
        async with cycle.unchanged():
            assert codes(await back(cycle, number, amount)) == {code}
    assert (await back(cycle, number, "2345.67")).status_code == 201
    assert codes(await back(cycle, number, "10000.01")) == {"more-than-open"}
    told = (await back(cycle, number, "10000")).json()["consequence"]
    assert {k: Decimal(v) for k, v in told["recovery"].items()} == {
        "paid": Decimal("12345.67"), "recovered": Decimal("12345.67"), "open": Decimal(0),
    }  # fmt: skip
    assert told["state"] == "revoked"
    assert codes(await back(cycle, number, "0.01")) == {"more-than-open"}


async def test_what_was_not_paid_is_not_asked_back(cycle):
    """A bonus that nobody paid, and one that was not carried out; only a bonus is paid."""
    for completed in (None, {"document_no": "x"}):
        number = await decided(cycle)
        if completed:
            assert (await post(cycle, f"/{number}/completion", completed)).status_code == 201
        told = (await revoke(cycle, number)).json()["consequence"]
        assert "recovery" not in told
        assert codes(await back(cycle, number, "1")) == {"nothing-to-recover"}
    notice = await decided(cycle, BONUS | {"kind": "fault_notice", "amount": None})
    assert codes(await post(cycle, f"/{notice}/completion", PAID)) == {"not-wanted"}


async def test_only_the_office_records_what_came_back(cycle):
    number = await decided(cycle)
    await post(cycle, f"/{number}/completion", PAID)
    await revoke(cycle, number)
    for role in ("committee", "assessed_unit", "auditor"):
        body = {"amount": "1", "document_no": "x"}
        answer = await post(cycle, f"/{number}/recovery", body, role, "someone")
        assert answer.status_code == 403, role


def test_what_is_open_is_what_was_paid_less_what_came_back():
    """On drawn ways through the states, against a sum kept beside them."""
    for seed in range(300):
        draw = Random(seed)  # noqa: S311 - the same ways each time
        state, steps, paid, came = "proposed", [], None, Decimal(0)
        for _ in range(12):
            moves = sorted(to for (of, to) in MOVES if of == state)
            if not moves:
                break
            to, money = draw.choice(moves), None
            if (state, to) == ("decided", "carried_out") and draw.random() < 0.7:
                money = Decimal(draw.randint(1, 10**6)) / 100
                paid = money if paid is None else paid
            if (state, to) == ("revoked", "revoked"):
                money = Decimal(1) / 100
                came += money
            steps.append((to, money))
            state = to
        found = recovery_of(steps)
        if state != "revoked" or paid is None:
            assert found is None
        else:
            assert found is not None
            assert found.open == paid - came


@pytest.mark.parametrize(
    ("cause", "right", "others"),
    [
        ("objection", {"state": "upheld"}, [{"state": "pending"}, {"unit": "XQ02"}]),
        ("item", {"units": [{"unit": "XQ01"}]}, [{"units": [{"unit": "XQ02"}]}]),
    ],
)
async def test_a_cause_is_the_units_own(cycle, peers, monkeypatch, cause, right, others):
    """Planted bug: ask for objections where the scheme has none, and have nobody answer."""
    ref = str(uuid4())

    def known(said):
        filed = {"objection_id": ref, "unit": "XQ01", "edition": 1, "to_carry_out": False}
        monkeypatch.setattr(peers, "objections", [filed | {"state": "upheld"} | said])
        monkeypatch.setattr(peers, "items", {ref: {"state": "open", "units": []} | said})

    notice = BONUS | {"kind": "fault_notice", "amount": None, "cause": cause, "cause_ref": ref}
    known(right if cause == "objection" else others[0])
    async with cycle.unchanged():
        assert codes(await post(cycle, "", notice)) == {"unknown-cause"}
    monkeypatch.setattr(peers, "scheme", peers.scheme | {"objections": {}})
    for said in others:
        known(said)
        async with cycle.unchanged():
            assert codes(await post(cycle, "", notice)) == {"unknown-cause"}, said
    known(right)
    for wrong in (None, "no-id", str(uuid4())):
        if cause == "objection" or wrong in (None, "no-id"):
            assert codes(await post(cycle, "", notice | {"cause_ref": wrong})) == {"unknown-cause"}
    made = (await post(cycle, "", notice)).json()["consequence"]
    assert made["cause_ref"] == ref
    if cause == "objection":  # the committee may not be told of an item
        for said in others:
            known(said)
            async with cycle.unchanged():
                gone = await decide(cycle, made["number"])
            assert (gone.status_code, gone.json()["type"]) == (409, "consequence-cause-gone")
        known(right)
    assert (await decide(cycle, made["number"])).status_code == 201


async def test_a_veto_is_a_cause_once_it_is_confirmed_and_until_it_is_lifted(cycle):
    """Planted bugs: what nobody has confirmed; what was lifted; another unit's; what was lifted
    after it was proposed is decided on."""
    said = {"unit": "XQ01", "code": "V01", "document_no": "1", "decided_on": "2026-02-10"}
    office = {"role": "performance_office"}
    answer = await cycle.post("/vetoes", said, **office, subject="reporter")
    number = answer.json()["veto"]["number"]
    notice = BONUS | {"kind": "fault_notice", "amount": None, "cause": "veto"}
    notice["cause_ref"] = str(number)

    async def refused(**more):
        async with cycle.unchanged():
            return codes(await post(cycle, "", notice | more)) == {"unknown-cause"}

    assert await refused()
    await cycle.confirm("/vetoes", number)
    assert await refused(unit="XQ02")
    proposed = (await post(cycle, "", notice)).json()["consequence"]["number"]
    lifting = {"reason": "申诉成立", "document_no": "2"}
    await cycle.post(f"/vetoes/{number}/lifting", lifting, **office)
    await cycle.confirm("/vetoes", number, of="lifting")
    assert await refused(document_no="3")
    async with cycle.unchanged():
        late = await decide(cycle, proposed)
    assert (late.status_code, late.json()["type"]) == (409, "consequence-cause-gone")
    said = {"decision": "refuse", "reason": "所依据的一票否决已解除"}
    assert (await post(cycle, f"/{proposed}/decision", said, "committee", "decider")).is_success

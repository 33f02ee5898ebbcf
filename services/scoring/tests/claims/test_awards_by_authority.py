"""Who got how many awards and written instructions (批示) from whom, and which are too many."""

from copy import deepcopy

import pytest
from cutting import cut

from scoring.api.claims import authorities

from .test_confirming_claims import award, decided, own

__all__ = ["award"]

LEADERS = {
    "code": "PISHI",
    "level": "批示",
    "points": "0.1",
    "authorities": ["省长", "副省长"],
    "limit": 2,
}


@pytest.fixture
def instructions(cycle, others, document, award):
    """A scheme by which two written instructions of leaders count for a unit."""
    scheme = deepcopy(document)
    scheme["adjustments"]["bonus"]["rules"].append(LEADERS)
    others.schemes[cycle.cycle_id] = scheme

    def make(n, leader="省长", unit="XQ01", **more):
        number = {"document_no": f"批〔2025〕{cycle.number}{n:02}号", "claim_no": f"P{n}"}
        return award(unit, level="批示", authority=leader, **number, **more)

    return make


async def told(cycle, by=None, **asked):
    answer = await (by or cycle.office).get(f"{cycle.path}/claims/by-authority", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_who_got_how_many_instructions_from_whom(cycle, instructions, award):
    """Neither what was rejected is told, nor what no rule fits. Planted bugs: group by the unit
    alone; count what waits; take the limit for what counts."""
    mine = ["省长", " 省长", "副省长", "省长", "副省长"]
    made = [instructions(n, leader) for n, leader in enumerate(mine, 1)]
    made += [instructions(6, "副省长", "XQ02"), instructions(7, "某处长"), award()]
    first, second, third, _, refused, *_ = await cycle.claim(*made)
    for claim in (first, second, third):
        assert (await cycle.confirm(claim)).status_code == 200
    assert (await cycle.confirm(refused, decision="rejected", reason="查无此件")).status_code == 200
    rows = {(each["unit"], each["rule"]): each for each in await told(cycle)}
    assert [*rows] == [("XQ01", "BON02"), ("XQ01", "PISHI"), ("XQ02", "PISHI")]
    ours = rows["XQ01", "PISHI"]
    given = [(each["authority"], each["waiting"], each["counting"]) for each in ours.pop("given")]
    assert given == [("省长", 1, 2), ("副省长", 0, 1)]
    counts = {"waiting": 1, "counting": 3, "over_limit": 1, "limit": 2, "not_named": 0}
    assert ours == {"unit": "XQ01", "rule": "PISHI"} | counts
    assert rows["XQ02", "PISHI"]["waiting"] == 1
    assert [each["unit"] for each in await told(cycle, rule="PISHI")] == ["XQ01", "XQ02"]
    assert [each["rule"] for each in await told(cycle, unit="XQ02")] == ["PISHI"]
    sheet = await decided(cycle)
    assert sorted(sheet[f"P{n}"][0] for n in (1, 2, 3)) == ["accepted"] * 2 + [
        "rejected_over_limit"
    ]


async def test_a_unit_reads_what_it_got_itself(cycle, instructions):
    """Planted bug: let a unit name another."""
    await cycle.claim(instructions(1), instructions(2, unit="XQ02"))
    by = own(cycle)
    assert [each["unit"] for each in await told(cycle, by)] == ["XQ01"]
    assert await told(cycle, by, unit="XQ02") == []
    for caller in (cycle.caller("data_source_unit", unit="ZH02"), cycle.caller("committee")):
        answer = await caller.get(f"{cycle.path}/claims/by-authority")
        assert answer.status_code == 403


async def test_authorities_are_told_up_to_a_limit_and_counted(cycle, instructions, monkeypatch):
    await cycle.claim(instructions(1), instructions(2, "副省长"))

    async def ours():
        [row] = await told(cycle, rule="PISHI")
        return row

    rest = await cut(monkeypatch, authorities, "MOST_NAMED", ours, lambda row: row["given"])
    assert (rest["not_named"], rest["waiting"]) == (1, 2)

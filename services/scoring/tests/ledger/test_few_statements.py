"""How many statements each command of the ledger costs, BEGIN and COMMIT counted.

Nearly all of a year are small commands, and nearly all of these come in the days before a deadline.
"""

import pytest

EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}
VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
}


@pytest.fixture(scope="module")
async def warm(service, new_cycle):
    """The service once its connections know the types that are asked for."""
    for _ in range(2):
        await costs(new_cycle())
    return service


async def costs(cycle) -> dict[str, list[str]]:
    """Do everything that is done with single entries; return the statements of each command."""
    found = dict[str, list[str]]()

    async def done(name, client, path, body) -> dict:
        with cycle.service.statements() as asked:
            answer = await cycle.post(client, path, body)
        assert answer.status_code in (200, 201), answer.text
        found[name] = asked
        return answer.json()

    counts, measures, office = cycle.source("ZH01"), cycle.source("ZH02"), cycle.office
    await done("the first of a ledger", counts, "ledger-entries", {"entries": [EVENT]})
    await done("an event", counts, "ledger-entries", {"entries": [EVENT]})
    draft = await done(
        "a draft", measures, "ledger-entries", {"entries": [VALUE], "state": "draft"}
    )
    [one] = [entry["entry_id"] for entry in draft["rows"]]
    right = {"entry": VALUE | {"value": "105"}, "state": "draft"}
    one = (await done("correction", measures, f"ledger-entries/{one}/correction", right))[
        "entry_id"
    ]
    ids = {"entry_ids": [one]}
    await done("submission", measures, "ledger-entries/submission", ids)
    await done("return", office, "ledger-entries/return", ids | {"reason": "x"})
    await done("submission again", measures, "ledger-entries/submission", ids)
    await done("verification", office, "ledger-entries/verification", ids)
    await done("reversal", measures, f"ledger-entries/{one}/reversal", {"reason": "x"})
    body = {"entries": [VALUE | {"unit": "XQ02"}]}
    await done("a value", measures, "ledger-entries", body)
    return found


async def test_codes_of_another_system_cost_the_day_and_nothing_else(warm, new_cycle, others):
    """Planted bug: look a code up for each row."""
    others.id_schemes["hr"] = {
        "as_of": "2025-12-31",
        "units": True,
        "indicators": False,
        "unit_codes": [
            {"code": f"9{n}", "unit": f"XQ0{n}", "valid_from": "2025-01-01", "valid_to": None}
            for n in (1, 2)
        ],
        "indicator_codes": [],
    }
    cycle = new_cycle()
    await cycle.post(cycle.source("ZH02"), "ledger-entries", {"entries": [VALUE]})
    body = {"entries": [VALUE | {"unit": "92"}]}
    with cycle.service.statements() as asked:
        answer = await cycle.post(cycle.source("ZH02"), "ledger-entries?id_scheme=hr", body)
    assert answer.status_code == 201, answer.text
    assert len(asked) == 10


async def test_no_command_costs_a_statement_more_unseen(warm, new_cycle):
    """Planted bug: look the scheme's day up once more."""
    found = await costs(new_cycle())
    assert {name: len(said) for name, said in found.items()} == {
        "the first of a ledger": 10,
        "an event": 8,
        "a draft": 8,
        "correction": 17,
        "submission": 15,
        "return": 13,
        "submission again": 15,
        "verification": 16,
        "reversal": 17,
        "a value": 9,
    }

"""A cycle whose entries are in most states, and who reads what of it."""

from types import SimpleNamespace

import pytest
from leading import OF_PARK, OTHER, VALUE, organiser, source_of, with_leaders

EVENT = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue"}


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A cycle with entries in most states, of two sources, in two categories, one reviewed first;
    and how somebody else would ask for the entries of each of its readers."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = with_leaders(document, C01="ZH42")
    park = source_of(document, "P01")
    for _ in range(2):
        await cycle.enter(EVENT, EVENT | {"unit": "XQ02"}, EVENT | {"unit": "XQ03"}, unit="ZH01")
    await cycle.enter(OF_PARK, unit=park)
    await cycle.enter(EVENT, EVENT | {"unit": "XQ02"}, unit="ZH01", state="draft")
    [value, other] = await cycle.enter(VALUE, OTHER)
    verified = (await cycle.office.get(f"{cycle.path}/ledger-entries?state=submitted")).json()
    ids = [each["entry_id"] for each in verified["items"]][:5]
    await cycle.verify(entry_ids=ids)
    reviewer = cycle.source("ZH42")
    for path, body in (
        ("checking", {"entry_ids": [value]}),
        ("return", {"entry_ids": [other], "reason": "x"}),
    ):
        answer = await cycle.post(reviewer, f"ledger-entries/{path}", body)
        assert answer.status_code == 200, answer.text
    gone = f"ledger-entries/{other}/withdrawal"
    assert (await cycle.post(cycle.source(), gone, {})).status_code == 200
    await cycle.enter(OTHER | {"value": "99"})
    late = EVENT | {"period": "2025Q3", "note": "迟报 Late"}
    await cycle.enter(late, late | {"unit": "XQ02", "note": "50% off_line"}, unit="ZH01")
    readers = {
        "office": (cycle.office, "true"),
        "source": (cycle.source("ZH01"), "author_unit = 'ZH01'"),
        "other source": (cycle.source(), "author_unit = 'ZH02'"),
        "organiser": (organiser(cycle), "unit LIKE 'XQ%'"),
        "own unit": (
            cycle.caller("assessed_unit", unit="XQ02"),
            "unit = 'XQ02' AND EXISTS (SELECT FROM ledger_entry_state s"
            " WHERE s.entry_id = ledger_entry.entry_id AND s.state = 'submitted')",
        ),
        "reviewer": (
            reviewer,
            "indicator = 'C01' AND unit LIKE 'XQ%' AND state NOT IN ('draft', 'withdrawn')",
        ),
        "stranger": (cycle.source("ZH77"), "false"),
    }
    return SimpleNamespace(cycle=cycle, readers=readers)

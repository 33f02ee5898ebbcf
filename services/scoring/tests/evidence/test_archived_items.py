"""Supervised items, checks, hand-ins and who is in charge come back out of an archive too."""

import json
from uuid import uuid4

import pytest
from services.scoring.tests.checks.test_draws import AHEAD, draw, fix, value, with_checks
from services.scoring.tests.conftest import Cycle
from services.scoring.tests.evidence.test_restoring import digest_of, fetched, restore, told
from services.scoring.tests.items.test_moves import seal
from services.scoring.tests.items.working import Items, codes
from services.scoring.tests.ledger.test_completeness import hand_in

from scoring.queries.archive import ARCHIVED
from scoring.settings import Settings

HERE = (
    *("hand_in", "duty_person", "supervised_item", "supervised_item_move"),
    *("supervised_item_unit", "supervised_item_evidence", "supervised_item_event"),
    *("check_commitment", "check_list", "check_draw"),
    *("correction", "correction_decision"),
    *("self_mark", "self_evaluation", "self_evaluation_comparison", "self_evaluation_gap"),
)
"""Tables of which the year below has rows; those of `test_restoring.py` have the others."""


SECRET = "涉密佐证"


async def items_of(cycle) -> None:
    """One is closed with a file, one confidential, one returned, one overdue and counted."""
    items = Items(cycle)
    item, client = await items.handled(), items.of()
    path, kind = f"{cycle.path}/evidence?name=a.txt", {"Content-Type": "text/plain"}

    async def file(text):
        answer = await client.post(path, content=f"{text}\n".encode(), headers=kind)
        return answer.json()["evidence_id"]

    files, secret = [await file("完成")], await file(SECRET)
    for made in (
        items.answer(item, "reply", text="办结。", evidence_ids=files),
        items.direct(item, "redo", text="未办实。", within=5),
        items.answer(item, "reply", text="办结。"),
        items.direct(item, "close"),
        items.answer(
            await items.handled(confidential=True),
            "report",
            text="涉密进展",
            evidence_ids=[secret, *files],
        ),
        items.answer(await items.dispatched(title="退回"), "return", text="不属。"),
        cycle.post(cycle.office, "supervised-item-events", None),
    ):
        assert (await made).status_code == 201


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A sealed year with items, two drawn checks, a hand-in, and who is in charge."""
    cycle, led = new_cycle(), [each | {"organiser": "ZH40"} for each in document["categories"]]
    document = document | {"categories": led}
    with_checks(others, cycle, document)
    await cycle.enter(*(value("XQ01", n) for n in range(1, 5)), unit="ZH01")
    await cycle.verify(all_submitted=True)
    for check in ("RECHECK", "SPOT"):
        assert (await fix(cycle, check)).status_code == 201
    with_checks(others, cycle, document, zone=AHEAD)
    for check in ("RECHECK", "SPOT"):
        assert (await draw(cycle, check)).status_code == 201
    await cycle.evaluate_itself(others)
    await items_of(cycle)
    day = (await cycle.office.get(f"{cycle.path}/duties?limit=1")).json()["as_of"]
    named = {"unit": "ZH02", "lead": "张三", "deputy": "李四", "from_day": day}
    assert (await cycle.post(cycle.office, "duty-persons", named)).status_code == 201
    done = await hand_in(cycle, reason="已核实")
    assert done.status_code == 201, done.text
    await seal(Items(cycle))
    await cycle.correct_the_record()
    return cycle


@pytest.fixture(scope="module")
async def there(run_service, others, year, tmp_path_factory):
    """An empty cycle of the same scheme in a fresh installation."""
    from scoring.app import create_app

    kept = str(tmp_path_factory.mktemp("restored"))
    more = {"settings": Settings, "evidence_store": kept}
    service = await run_service("scoring", create_app, peers=others, **more)
    cycle_id = uuid4()
    others.schemes[cycle_id] = others.schemes[year.cycle_id]
    return Cycle(service, cycle_id, f"/api/v1/cycles/{cycle_id}", 1)


async def everything(cycle) -> dict[str, object]:
    """What is read of the year: each answer without when it was asked."""
    paths = ["supervised-item-events?limit=200", "supervised-items?limit=200"]
    listed = (await cycle.office.get(f"{cycle.path}/{paths[1]}")).json()["items"]
    paths += [f"supervised-items/{each['item_id']}" for each in listed]
    paths += ["corrections", "checks", "checks/SPOT/commitment", "checks/SPOT/lists/entries-XQ01"]
    answers = {path: await cycle.office.get(f"{cycle.path}/{path}") for path in paths}
    assert {each.status_code for each in answers.values()} == {200}, answers
    return {path: each.text for path, each in answers.items()}


async def test_what_was_supervised_and_drawn_comes_back_as_it_was(year, there):
    """Planted bugs: a table left out of the archive; moves in another order; a confidential item
    without its moves."""
    archive = await fetched(year)
    before = told(archive)
    rows = {name: before[f"{name}.ndjson"].splitlines() for name in ARCHIVED}
    assert [name for name in HERE if not rows[name]] == []
    assert len(rows["supervised_item"]) == 3
    assert b"person" not in b"".join(each for name, each in before.items() if "ndjson" in name)
    answer = await restore(there, archive)
    assert answer.status_code == 201, answer.text
    again = told(await fetched(there))
    assert {n: c for n, c in again.items() if n != "manifest.json"} == {
        n: c for n, c in before.items() if n != "manifest.json"
    }
    assert await everything(there) == await everything(year)

    # An archive does not tell who moved an item: nobody moves it, and nothing is earned by it.
    items = Items(there)
    [item] = [
        json.loads(each)["item_id"]
        for each in rows["supervised_item"]
        if json.loads(each)["title"] == "退回"
    ]
    kept = await items.direct(item, "insist", by=there.office, text="属。")
    assert (kept.status_code, codes(kept)) == (409, {"restored"})
    tasks = (await there.office.get(f"{there.path}/tasks/scoring")).json()["tasks"]
    assert tasks == []
    written = (await there.post(there.office, "supervised-item-events", None)).json()
    assert sum(written["written"].values()) == 0


async def test_who_may_not_read_confidential_items_has_none_in_an_archive(year, there, others):
    """Nor the evidence that they alone name. Planted bugs: an auditor fetches what no list shows
    him; its evidence; no evidence that a confidential item names too."""
    answer = await year.caller("auditor").get(f"{year.path}/archive")
    assert answer.status_code == 200, answer.text
    files = told(answer.content)
    assert json.loads(files["manifest.json"])["without"] == "confidential_items"
    assert len(files["supervised_item.ndjson"].splitlines()) == 2
    assert "涉密进展".encode() not in files["supervised_item_move.ndjson"]
    ids = {json.loads(each)["item_id"] for each in files["supervised_item.ndjson"].splitlines()}
    for table in ("move", "unit", "evidence", "event"):
        lines = files[f"supervised_item_{table}.ndjson"].splitlines()
        assert lines
        assert {json.loads(each)["item_id"] for each in lines} <= ids, table
    whole, secret = told(await fetched(year)), f"{SECRET}\n".encode()
    assert (secret in whole.values(), secret in files.values()) == (True, False)
    lines = [each["evidence.ndjson"].splitlines() for each in (whole, files)]
    assert len(lines[0]) - len(lines[1]) == 1
    shared = json.loads(files["supervised_item_evidence.ndjson"])["evidence_id"]
    assert shared in {json.loads(each)["evidence_id"] for each in lines[1]}
    cycle_id = uuid4()
    others.schemes[cycle_id] = others.schemes[year.cycle_id]
    empty = Cycle(there.service, cycle_id, f"/api/v1/cycles/{cycle_id}", 2)
    refused = await restore(empty, answer.content, digest_of(answer.content))
    assert (refused.status_code, refused.json()["type"]) == (409, "archive-not-restorable")

"""Evidence inside the entry or the claim that is posted: named in the same transaction."""

import asyncio
import io
from uuid import uuid4

import asyncpg
import openpyxl
import pytest
from evidence_files import RIGHT
from leading import OTHER, VALUE

HOLDS = "SELECT pg_advisory_xact_lock(hashtext('ledger-entries'), hashtext($1))"
SENT = {"Content-Type": "application/octet-stream"}
CLAIM = {
    "unit": "XQ01",
    "kind": "deduction",
    "rule": "DED01",
    "event_key": "x",
    "document_date": "2025-03-01",
}


async def added(cycle, client, content: bytes = RIGHT["txt"]) -> str:
    path = f"{cycle.path}/evidence?name=a.txt"
    answer = await client.post(path, content=content, headers=SENT)
    assert answer.status_code == 201, answer.text
    return answer.json()["evidence_id"]


async def named_by(cycle, entry_id: str) -> list[str]:
    shown = (await cycle.office.get(f"{cycle.path}/ledger-entries/{entry_id}")).json()
    return [each["evidence_id"] for each in shown["evidence"]]


def claim(number: str = "E-1", **more) -> dict:
    return CLAIM | {"claim_no": number, "document_no": f"云〔2025〕{number}号"} | more


async def post(cycle, *entries: dict, by=None, mode: str = "all", more: str = ""):
    path = f"ledger-entries?mode={mode}{more}"
    return await cycle.post(by or cycle.source(), path, {"entries": list(entries)})


@pytest.fixture
async def files(cycle) -> list[str]:
    return [await added(cycle, cycle.source(), RIGHT["txt"] + b"%d" % n) for n in range(3)]


async def test_a_posted_entry_names_its_files_at_once(cycle, files):
    """Planted bugs: drop the files of a batch's second row; name each file by a statement."""
    # The driver learns the types of what is sent with the first rows, and with the first one.
    known = [OTHER | {"unit": f"XQ0{n}", "evidence_ids": files} for n in (6, 7)]
    assert (await post(cycle, *known)).status_code == 201
    assert (await post(cycle, OTHER | {"evidence_ids": files})).status_code == 201
    before, record = await cycle.rows(), VALUE | {"evidence_ids": files[:2]}
    with cycle.service.statements() as of_one:
        answer = await post(cycle, record)
    assert answer.status_code == 201, answer.text
    with cycle.service.statements() as of_three:
        more = [OTHER | {"unit": f"XQ0{n}", "evidence_ids": files} for n in (3, 4, 5)]
        others = await post(cycle, *more)
    assert others.status_code == 201, others.text
    assert len(of_three) == len(of_one) == 12
    [row] = answer.json()["rows"]
    assert await named_by(cycle, row["entry_id"]) == files[:2]
    for each in others.json()["rows"]:
        assert await named_by(cycle, each["entry_id"]) == files
    after = await cycle.rows()
    assert after["journal"] == before["journal"] + 2
    about = cycle.caller("assessed_unit", unit=VALUE["unit"])
    given = await about.get(f"{cycle.path}/evidence/{files[0]}/content")
    assert given.status_code == 200


async def test_what_a_row_may_not_name_refuses_it_whether_there_is_such_a_file_or_not(
    cycle, new_cycle, files
):
    """Planted bug: look the files up without asking whether the caller may read them."""
    foreign = await added(cycle, cycle.caller("assessed_unit", unit="XQ11"))
    elsewhere = new_cycle()
    await elsewhere.enter(VALUE)
    abroad = await added(elsewhere, elsewhere.source())
    before, none = await cycle.rows(), str(uuid4())
    wrong = VALUE | {"evidence_ids": [files[0], foreign, none, abroad]}
    refused = await post(cycle, OTHER | {"evidence_ids": files}, wrong)
    assert refused.status_code == 422
    faults = refused.json()["errors"]
    assert [each["pointer"] for each in faults] == [
        f"/entries/1/evidence_ids/{n}" for n in (1, 2, 3)
    ]
    assert len({each["detail"].rpartition(" ")[0] for each in faults}) == 1
    assert await cycle.rows() == before
    partial = (await post(cycle, OTHER | {"evidence_ids": files}, wrong, mode="partial")).json()
    assert [each["outcome"] for each in partial["rows"]] == ["stored", "refused"]
    assert await named_by(cycle, partial["rows"][0]["entry_id"]) == files
    assert partial["rows"][1]["entry_id"] is None


async def test_a_known_record_names_more_and_no_more_than_fifty(cycle, files):
    """Planted bugs: leave the files of unchanged rows out; count a row's own files alone."""
    record = VALUE | {"source_ref": "R-1"}
    [row] = (await post(cycle, record)).json()["rows"]
    again = await post(cycle, record | {"evidence_ids": files[:1]})
    assert again.status_code == 201
    assert [each["outcome"] for each in again.json()["rows"]] == ["unchanged"]
    assert again.json()["receipt"] is not None
    assert await named_by(cycle, row["entry_id"]) == files[:1]
    nothing = await post(cycle, record | {"evidence_ids": files[:1]})
    assert (nothing.status_code, nothing.json()["receipt"]) == (200, None)
    many = [await added(cycle, cycle.source(), b"n %d" % n) for n in range(49)]
    full = record | {"evidence_ids": [*many, files[0]]}
    before = await cycle.rows()
    assert (await post(cycle, full, mode="check")).json()["unchanged"] == 1
    assert await cycle.rows() == before
    assert (await post(cycle, full)).status_code == 201
    over = record | {"evidence_ids": [files[1]]}
    refused = await post(cycle, over, OTHER)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "too-much-evidence"
    partial = (await post(cycle, over, OTHER, mode="partial")).json()
    assert [each["outcome"] for each in partial["rows"]] == ["refused", "stored"]
    assert len(await named_by(cycle, row["entry_id"])) == 50


async def test_a_record_is_held_while_its_files_are_counted(cycle, files):
    """Planted bug: look at what is named without holding the entries."""
    record = VALUE | {"source_ref": "R-1"}
    await post(cycle, record)
    holder = await asyncpg.connect(cycle.service.superuser_url, ssl=False)
    try:
        async with holder.transaction():
            await holder.execute(HOLDS, str(cycle.cycle_id))
            task = asyncio.ensure_future(post(cycle, record | {"evidence_ids": files}))
            looking = asyncio.ensure_future(cycle.wait(1))
            await asyncio.wait([task, looking], return_when=asyncio.FIRST_COMPLETED)
            await looking
            assert not task.done()
        assert (await task).status_code == 201
    finally:
        await holder.close()


async def test_files_are_named_in_a_table_too(cycle, files):
    text = "unit,indicator,kind,key,value,evidence_ids\n"
    text += f"XQ01,C01,measured_value,actual,104,{files[0]} {files[1]}\n"
    text += "XQ02,C01,measured_value,actual,104,\n"
    path = f"{cycle.path}/ledger-entries"
    headers = {"Content-Type": "text/csv"}
    answer = await cycle.source().post(path, content=text.encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    first, second = answer.json()["rows"]
    assert await named_by(cycle, first["entry_id"]) == files[:2]
    assert await named_by(cycle, second["entry_id"]) == []
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["单位代码", "指标代码", "种类", "录入项", "数值", "佐证材料标识"])
    book.active.append(["XQ03", "C01", "measured_value", "actual", 104, "\n".join(files)])
    book.save(made)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = await cycle.source().post(
        path, content=made.getvalue(), headers={"Content-Type": kind}
    )
    assert answer.status_code == 201, answer.text
    assert await named_by(cycle, answer.json()["rows"][0]["entry_id"]) == files
    wrong = text.replace(files[1], "x")
    answer = await cycle.source().post(path, content=wrong.encode(), headers=headers)
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/entries/0/evidence_ids/1"]


async def test_more_than_a_row_or_a_batch_may_name_is_refused(cycle, files):
    answer = await post(cycle, VALUE | {"evidence_ids": [str(uuid4()) for _ in range(51)]})
    assert answer.status_code == 422
    rows = [OTHER | {"evidence_ids": [str(uuid4()) for _ in range(50)]} for _ in range(41)]
    answer = await post(cycle, *rows)
    assert answer.json()["type"].endswith("evidence-not-named")


async def test_what_takes_the_place_of_an_entry_names_its_own_files(cycle, files):
    [entry_id] = await cycle.enter(VALUE | {"evidence_ids": files[:1]}, state="draft")
    right = {"entry": VALUE | {"value": "105", "evidence_ids": files[1:]}, "state": "draft"}
    answer = await cycle.post(cycle.source(), f"ledger-entries/{entry_id}/correction", right)
    assert answer.status_code == 201, answer.text
    assert await named_by(cycle, entry_id) == files[:1]
    assert await named_by(cycle, answer.json()["entry_id"]) == files[1:]
    right["entry"]["evidence_ids"] = [str(uuid4())]
    path = f"ledger-entries/{answer.json()['entry_id']}/correction"
    answer = await cycle.post(cycle.source(), path, right)
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "/entry/evidence_ids/0"


async def test_a_row_that_would_wait_for_its_codes_names_no_evidence(cycle, others, files):
    """Planted bug: park it without its files."""
    none = {"units": True, "indicators": False, "unit_codes": [], "indicator_codes": []}
    others.id_schemes["empty"] = none | {"as_of": "2025-12-31"}
    rows = VALUE | {"unit": "7001"}, VALUE | {"unit": "7002", "evidence_ids": files}
    answer = (await post(cycle, *rows, mode="partial", more="&id_scheme=empty")).json()
    assert [each["outcome"] for each in answer["rows"]] == ["parked", "refused"]
    assert answer["rows"][1]["errors"][0]["code"] == "evidence-of-parked-row"


async def test_a_posted_claim_names_its_files(cycle, files):
    """Planted bugs: name them before it is known that the number is free; take what this very
    command stored for what others have stored meanwhile."""
    mine = [await added(cycle, cycle.office, b"%d" % n) for n in range(2)]
    sent = claim(evidence_ids=mine[:1])
    await cycle.claim(sent)
    [shown] = (await cycle.office.get(f"{cycle.path}/claims")).json()["items"]
    assert [each["evidence_id"] for each in shown["evidence"]] == mine[:1]
    unit = cycle.caller("assessed_unit", unit="XQ01")
    foreign = {"claims": [claim("E-2", kind="bonus", evidence_ids=files[:1], rule=None)]}
    foreign["claims"][0] |= {"level": "national", "authority": "国务院", "holder_name": "乡"}
    before = await cycle.rows()
    refused = await cycle.post(unit, "claims", foreign)
    assert refused.status_code == 422, refused.text
    pointers = [each["pointer"] for each in refused.json()["errors"]]
    assert "/claims/0/evidence_ids/0" in pointers
    assert await cycle.rows() == before
    again = await cycle.post(cycle.office, "claims?mode=partial", {"claims": [sent]})
    assert again.json()["rows"][0]["outcome"] == "unchanged"
    more = {"claims": [sent | {"evidence_ids": mine}, claim("E-3", evidence_ids=mine)]}
    partial = (await cycle.post(cycle.office, "claims?mode=partial", more)).json()
    assert [each["outcome"] for each in partial["rows"]] == ["refused", "stored"]
    assert partial["rows"][0]["errors"][0]["code"] == "number-taken"
    listed = (await cycle.office.get(f"{cycle.path}/claims")).json()["items"]
    assert [len(each["evidence"]) for each in listed] == [1, 2]

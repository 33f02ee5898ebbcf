"""The one question whether rows were altered misses nothing that comparing them table by table
finds: rows added, removed, moved to another cycle or to another record, fields and entries."""

import pytest
import sqlalchemy as sa
from counted_cards import COUNTED
from leading import organiser, with_leaders
from services.scoring.tests.conftest import Cycle
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.ext.asyncio.session import AsyncSession

from chassis.stored import differences
from scoring.tables import Base
from service_testing import trials

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
    "note": "三月",
}
NEW_KEYS = {
    "ledger_entry": "entry_id",
    "ledger_entry_state": "step",
    "entry_likeness": "entry_id",
    "hand_in": "number",
    "parked_row": "parked_row_id",
    "parked_row_outcome": "parked_row_id",
    "period_closing": "period",
    "period_permission": "permission_no",
    "late_entry": "entry_id",
    "claim": "claim_id",
    "claim_state": "step",
    "evidence": "evidence_id",
    "entry_evidence": "evidence_id",
    "claim_evidence": "evidence_id",
    "highlight": "highlight_id",
    "highlight_state": "step",
    "highlight_evidence": "evidence_id",
    "registered_award": "award_id",
    "registered_award_holder": "holder_no",
    "registered_award_state": "step",
    "supervised_item": "item_id",
    "supervised_item_move": "step",
    "supervised_item_unit": "unit",
    "supervised_item_evidence": "evidence_id",
    "supervised_item_event": "unit",
    "complaint": "complaint_id",
    "complaint_move": "step",
    "complaint_unit": "unit",
    "complaint_event": "unit",
    "complaint_desk": "step",
    "complaint_contact": "complaint_id",
    "complaint_contact_reading": "reading_no",
    "complaint_erasure": "complaint_id",
    "objection": "objection_id",
    "objection_move": "step",
    "objection_evidence": "evidence_id",
    "adopted_entry": "entry_id",
    "counted_award": "step",
    "score_sheet": "edition",
    "unit_score": "unit",
    "input_document": "digest",
    "explanation": "unit",
    "explanation_tree": "digest",
    "feedback": "edition",
    "duty_card": "unit",
    "duty_card_event": "unit",
    "duty_person": "assignment_id",
    "stage": "stage_no",
    "unit_stage": "unit",
    "stage_state": "step",
    "entry_signature": "entry_id",
    "restoration_proposal": "proposal_no",
    "check_commitment": "check_code",
    "check_list": "name",
    "check_draw": "check_code",
    "check_pool": "check_code",
    "check_reviewer": "reviewer",
    "check_team_member": "reviewer",
    "check_finding": "finding_id",
    "check_finding_step": "step",
    "check_finding_evidence": "evidence_id",
    "check_fraud_step": "step",
    "check_second_mark": "finding_id",
    "self_mark": "indicator",
    "self_evaluation": "unit",
    "self_evaluation_comparison": "round_code",
    "self_evaluation_gap": "indicator",
    "correction": "correction_id",
    "correction_decision": "correction_id",
}
"""By table the column of its key that a row copied behind the journal differs in."""

ANOTHER = {
    "uuid": "gen_random_uuid()",
    "bigint": "{} + 77",
    "integer": "{} + 77",
    "text": "'another'",
}
FIELDS = {
    "text": "coalesce({}, '') || 'x'",
    "bigint": "coalesce({}, 0) + 100000",
    "integer": "coalesce({}, 0) + 1",
    "numeric": "coalesce({}, 0) + 0.1",
    "boolean": "NOT coalesce({}, false)",
    "date": "coalesce({}, '2025-01-01') + 1",
    "timestamp with time zone": "coalesce({}, now()) + interval '1 second'",
    "uuid": "gen_random_uuid()",
    "bytea": "coalesce({}, '') || 'x'",
    "jsonb": "'[1]'",
}
IN_THE_JOURNAL = (
    "rows = NULL",
    "tables = '{}'",
    'rows = replace(rows, \'"digest": "\', \'"digest": "0\')',
    "rows = replace(rows, '\"number\": ', '\"number\": 1')",
    "rows = replace(rows, '\"record\": ', '\"record\": -')",
)
VOUCHED_FOR = {each.local_table.name for each in Base.registry.mappers}
"""All tables but those that follow from others."""

ALTERED = sa.text("SELECT journal_altered(:chain, cast(:tables AS text[]), NULL)")


@pytest.fixture(scope="module")
async def cycles(new_year, new_cycle, others, document):
    """A year that was scored and fed back, and another cycle with an entry."""
    year, other = await new_year(after=Cycle.propose_restoration), new_cycle()
    others.schemes[year.cycle_id] = with_leaders(document) | COUNTED
    handed_in = await year.post(organiser(year), "categories/COUNTY/hand-in", {"reason": "齐全"})
    assert handed_in.status_code == 201
    await year.enter_late()
    await year.park(others, "重复")
    await year.support()
    await year.shine()
    await year.award()
    await year.supervise()
    await year.complain(others)
    await year.adopt(other)
    await year.draw_cards()
    await year.release((await year.freeze())["stage_no"], "category")
    await year.sign(others)
    await year.check_units(others)
    await year.evaluate_itself(others)
    await year.correct_as_though_sealed()
    await year.score()
    assert (await year.post(year.office, "score-sheets/1/feedback")).status_code == 201
    await year.object(others)
    await other.enter(VALUE)
    await other.verify(all_submitted=True)
    return year, other


@pytest.mark.prove
async def test_whatever_the_comparison_finds_the_one_question_finds(cycles):
    """In the long form each way in each table. Planted bugs: an inner join, so that rows added or
    removed are not seen; the first word on a row that changed in the place of the last; rows
    counted by the entry's own column `record`."""
    year, other = cycles
    chain, tables = str(year.cycle_id), sorted(VOUCHED_FOR)
    types = await year.service.sql(
        "SELECT attrelid::regclass::text AS name, attname AS field,"
        " format_type(atttypid, NULL) AS type FROM pg_attribute JOIN journal_table"
        " ON attrelid = relation::regclass WHERE attnum > 0 AND NOT attisdropped"
    )
    length = (await year.service.verification(chain))["length"]
    columns = {
        table: {t["field"]: t["type"] for t in types if t["name"] == table} for table in tables
    }
    changes = [
        ([table], change)
        for n, table in enumerate(tables)
        for change in some(n, tamperings(table, columns[table], chain, str(other.cycle_id)))
    ]
    changes += [
        (tables, f"UPDATE journal_entry SET {change} WHERE chain = '{chain}' AND seq = {seq}")  # noqa: S608
        for seq in (1, length - 1, length)
        for change in IN_THE_JOURNAL
    ]
    unnoticed, found = [], 0
    url = year.service.superuser_url.replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url, connect_args={"ssl": False})
    async with engine.connect() as connection:
        for among, change in changes:
            await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            try:
                await connection.execute(sa.text(change.replace(":", r"\:")))
            except sa.exc.IntegrityError:  # the database itself refuses it
                await connection.rollback()
                continue
            db = AsyncSession(connection)
            asked = {"chain": chain, "tables": among}
            compared, _ = await differences(db, chain, among)
            found += bool(compared)
            if compared and not await db.scalar(ALTERED, asked):
                unnoticed.append(change)
            await connection.rollback()
        asked = {"chain": chain, "tables": tables}
        assert (await connection.execute(ALTERED, asked)).scalar_one() is False
    await engine.dispose()
    assert unnoticed == []
    assert found > len(changes) * 0.8


FOLLOWS = {
    "ledger_entry_standing": (
        "number",
        "entry_id",
        "state",
        "unit",
        "indicator",
        "author_unit",
        "kind",
        "period",
    ),
    "ledger_count": ("unit", "state", "number"),
}
"""By table that follows from the entries the fields that say something, without its cycle."""


_ONE_MORE = (
    "INSERT INTO ledger_entry_standing (cycle_id, state, number, entry_id, unit, indicator,"
    " author_unit, kind, period) SELECT cycle_id, state, -1, gen_random_uuid(), unit, indicator,"
    " author_unit, kind, period FROM ledger_entry"
)


@pytest.mark.one_machine("a row never goes to another cycle where it would lie elsewhere")
async def test_what_follows_from_the_entries_is_compared_with_them(cycles):
    """Planted bugs: an inner join alone, so that rows added or removed are not seen; a column that
    is not compared; counts of the cycle that are not compared."""
    year, _ = cycles
    of, unnoticed = f"cycle_id = '{year.cycle_id}'", []
    types = {"number": "bigint", "entry_id": "uuid"}
    changes = []
    for table, names in FOLLOWS.items():
        one = f"ctid = (SELECT min(ctid) FROM {table} WHERE {of} AND number > 0)"  # noqa: S608
        for field in (*names, *(("panel", "author") if "author_unit" in names else ())):
            told = FIELDS[types.get(field, "text")].format(field)
            changes.append(f"UPDATE {table} SET {field} = {told} WHERE {one}")  # noqa: S608
        changes.append(f"UPDATE {table} SET cycle_id = gen_random_uuid() WHERE {one}")  # noqa: S608
        changes += (f"DELETE FROM {table} WHERE {which}" for which in (one, of))  # noqa: S608
    changes += [
        f"UPDATE ledger_count SET number = 0 WHERE {of} AND unit = ''",  # noqa: S608
        f"{_ONE_MORE} WHERE {of} LIMIT 1",
        f"INSERT INTO ledger_count VALUES ('{year.cycle_id}', 'XQ01', 'draft', 9, 1)",  # noqa: S608
    ]
    url = year.service.superuser_url.replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url, connect_args={"ssl": False})
    async with engine.connect() as connection:
        asked = {"chain": str(year.cycle_id), "tables": ["ledger_entry"]}
        for change in changes:
            await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            done = await connection.execute(sa.text(change))
            assert done.rowcount, change
            db = AsyncSession(connection)
            found, _ = await differences(db, str(year.cycle_id), ["ledger_entry"])
            if not await db.scalar(ALTERED, asked) or not found:
                unnoticed.append(change)
            await connection.rollback()
        assert (await connection.execute(ALTERED, asked)).scalar_one() is False
    await engine.dispose()
    assert unnoticed == []


def some(n, ways):
    """Return of the ways for a table those that are tried: one in four, and of the next table those
    that were left out; a table has more fields than there are ways besides."""
    return [*ways][n % trials(4, 1) :: trials(4, 1)]


def tamperings(table, columns, chain, other):
    """Yield what somebody with all rights may do to one row of a table, or to all of a cycle."""
    of = f"cycle_id = '{chain}'"
    first, last = (
        f"ctid = (SELECT {end}(ctid) FROM {table} WHERE {of})"  # noqa: S608
        for end in ("min", "max")
    )
    for field, kind in columns.items():
        yield f"UPDATE {table} SET {field} = {FIELDS[kind].format(field)} WHERE {first}"  # noqa: S608
    yield f"DELETE FROM {table} WHERE {last}"  # noqa: S608
    yield f"DELETE FROM {table} WHERE {of}"  # noqa: S608
    most = f"(SELECT max(record) FROM {table})"  # noqa: S608
    for record in ("0", most, f"{most} - 1"):
        yield f"UPDATE {table} SET record = {record} WHERE {first}"  # noqa: S608
    if table == "ledger":  # one row for a cycle, which is its chain
        return
    yield f"UPDATE {table} SET cycle_id = '{other}' WHERE {last}"  # noqa: S608
    key = NEW_KEYS[table]
    another = ANOTHER[columns[key]].format(key)
    names = ", ".join(columns)
    values = ", ".join(another if name == key else name for name in columns)
    yield (
        f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE"  # noqa: S608
        f" SELECT {values} FROM {table} WHERE {first}"
    )

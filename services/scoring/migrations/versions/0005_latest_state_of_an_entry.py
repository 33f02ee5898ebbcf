"""An entry keeps its latest state beside its history, and the journal vouches for every row."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "ledger_entry", sa.Column("state", sa.Text(), nullable=False, server_default="draft")
    )
    op.add_column(
        "ledger_entry", sa.Column("step", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.execute("ALTER TABLE ledger_entry DISABLE TRIGGER append_only_row")
    op.execute(
        "UPDATE ledger_entry e SET state = s.state, step = s.step FROM ("
        "  SELECT DISTINCT ON (cycle_id, entry_id) cycle_id, entry_id, step, state"
        "  FROM ledger_entry_state ORDER BY cycle_id, entry_id, step DESC) s"
        " WHERE e.cycle_id = s.cycle_id AND e.entry_id = s.entry_id"
    )
    op.execute("DROP TRIGGER append_only_row ON ledger_entry")
    for statement in _LATEST_STATE:
        op.execute(statement)
    migrations.vouch_for_rows()
    op.execute(_CONTRADICTIONS)
    migrations.recorded(*_RECORDED)
    migrations.forward_only(
        "ledger", "OLD.phase = 'open' AND NEW.phase = 'sealed' AND NEW.sealed_at IS NOT NULL"
    )


_LATEST_STATE = [
    # What was entered never changes; its state only as another trigger says it.
    """
    CREATE FUNCTION refuse_all_but_state() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        OLD.state := NEW.state;
        OLD.step := NEW.step;
        IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
      END IF;
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
    END $$
    """,
    "CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON ledger_entry"
    " FOR EACH ROW EXECUTE FUNCTION refuse_all_but_state()",
    "CREATE TRIGGER entered_without_state BEFORE INSERT ON ledger_entry"
    " FOR EACH ROW WHEN (NEW.state <> 'draft' OR NEW.step <> 0)"
    " EXECUTE FUNCTION refuse_change()",
    # Each entry is looked up by its key: any other join reads the ledgers of all earlier cycles.
    # By EXECUTE, so that it is planned for the rows of this statement: a plan that was kept from an
    # empty table could take the square of 5,000 steps.
    """
    CREATE FUNCTION keep_latest_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
    BEGIN
      EXECUTE 'UPDATE ledger_entry e SET state = a.state, step = a.step FROM ('
        '  SELECT DISTINCT ON (cycle_id, entry_id) cycle_id, entry_id, step, state'
        '  FROM added ORDER BY cycle_id, entry_id, step DESC) a'
        ' WHERE e.cycle_id = a.cycle_id AND e.entry_id = a.entry_id AND e.step < a.step';
      RETURN NULL;
    END $$
    """,
    "REVOKE ALL ON FUNCTION keep_latest_state() FROM PUBLIC",
    "CREATE TRIGGER latest_state AFTER INSERT ON ledger_entry_state"
    " REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION keep_latest_state()",
]

# No join: what the planner guesses of two sides of a new cycle can make it the square of both.
_CONTRADICTIONS = """
    CREATE FUNCTION contradicting_entries(the_chain text) RETURNS SETOF text
    LANGUAGE sql STABLE AS $$
      SELECT entry_id::text FROM (
        SELECT entry_id, state, step FROM ledger_entry WHERE cycle_id = the_chain::uuid
        UNION ALL
        SELECT entry_id, (max(ARRAY[lpad(step::text, 20, '0'), state]))[2], max(step)
        FROM ledger_entry_state WHERE cycle_id = the_chain::uuid GROUP BY entry_id
      ) both_sides
      WHERE the_chain ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      GROUP BY entry_id, state, step HAVING count(*) <> 2
    $$
    """

_RECORDED = [
    Recorded("ledger", "Ledger", "台账", by="cycle_id", changing=True),
    Recorded(
        "ledger_entry",
        "Ledger entry",
        "台账记录",
        by="cycle_id",
        without=("state", "step"),
        derived="contradicting_entries",
    ),
    Recorded("ledger_entry_state", "State of a ledger entry", "台账记录状态", by="cycle_id"),
    Recorded("claim", "Claim", "加减分申报", by="cycle_id"),
    Recorded("score_sheet", "Score sheet", "得分表", by="cycle_id"),
    Recorded("explanation_tree", "Explanation", "得分说明", by="cycle_id"),
    Recorded("explanation", "Explanation of an edition", "得分表所附说明", by="cycle_id"),
    Recorded("feedback", "Feedback", "结果反馈", by="cycle_id"),
]

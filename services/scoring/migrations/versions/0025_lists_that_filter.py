"""Entries are listed by kind and period, and in the order in which they changed."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Keep kind and period where entries stand, and find the states of a record in their order."""
    op.execute("ALTER TABLE ledger_entry_standing ADD COLUMN kind text, ADD COLUMN period text")
    op.execute("ALTER TABLE ledger_entry_standing DISABLE TRIGGER USER")
    op.execute(
        "UPDATE ledger_entry_standing s SET kind = e.kind, period = e.period FROM ledger_entry e"
        " WHERE e.cycle_id = s.cycle_id AND e.number = s.number"
    )
    op.execute("ALTER TABLE ledger_entry_standing ENABLE TRIGGER USER")
    op.execute(
        "ALTER TABLE ledger_entry_standing ALTER COLUMN kind SET NOT NULL,"
        " ALTER COLUMN period SET NOT NULL"
    )
    for column in ("kind", "period"):
        op.execute(
            f"CREATE INDEX ix_ledger_entry_standing_{column} ON ledger_entry_standing"
            f" (cycle_id, ({column} || ' ' || state), number)"
        )
    # In the place of the one over the record alone. A seal is one record of all entries of a cycle.
    op.execute("DROP INDEX ix_ledger_entry_state_record")
    op.execute("CREATE INDEX ix_ledger_entry_state_record ON ledger_entry_state (record, entry_id)")
    for name in ("keep_state_of_one", "keep_latest_state", "contradicting_standings"):
        op.execute(_NAMING.format(name))


# The functions name kind and period wherever they name the unit that made an entry: each list of
# columns has it, of one side and of the other.
_NAMING = """
    DO $do$
    DECLARE
      told text := pg_get_functiondef('{0}'::regproc);
    BEGIN
      EXECUTE regexp_replace(told, '(\\m(e\\.|s\\.)?)author_unit\\M',
        '\\1author_unit, \\1kind, \\1period', 'g');
    END $do$
    """

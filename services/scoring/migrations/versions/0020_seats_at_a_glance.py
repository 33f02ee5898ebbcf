"""Who has given marks from which seats is found by an index, and not among all marks of a panel."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Put the index of marks in the order of seats and persons."""
    op.execute("DROP INDEX ix_ledger_entry_cycle_id_panel")
    # One expression, so that no other index serves however few rows are guessed.
    op.execute(
        "CREATE INDEX ix_ledger_entry_seats ON ledger_entry"
        " ((cycle_id::text || ' ' || panel), item, author_person) WHERE panel IS NOT NULL"
    )

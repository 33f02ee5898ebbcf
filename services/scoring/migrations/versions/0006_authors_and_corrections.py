"""An entry names who wrote it and what it replaces; drafts can be withdrawn or replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("ledger_entry", sa.Column("author_person", sa.Text(), nullable=True))
    op.add_column("ledger_entry", sa.Column("replaces", sa.Uuid(), nullable=True))
    # Of entries from before, the account is all that is known of who wrote them.
    op.execute("ALTER TABLE ledger_entry DISABLE TRIGGER append_only_row")
    op.execute("UPDATE ledger_entry SET author_person = author")
    op.execute("ALTER TABLE ledger_entry ENABLE TRIGGER append_only_row")
    op.alter_column("ledger_entry", "author_person", nullable=False)
    op.create_index(
        "ix_ledger_entry_cycle_id_unit_indicator",
        "ledger_entry",
        ["cycle_id", "unit", "indicator"],
    )
    op.drop_constraint("ck_ledger_entry_state_state", "ledger_entry_state", type_="check")
    op.create_check_constraint(
        "ck_ledger_entry_state_state",
        "ledger_entry_state",
        "state IN ('draft', 'submitted', 'returned', 'verified', 'locked', 'voided',"
        " 'withdrawn', 'replaced')",
    )

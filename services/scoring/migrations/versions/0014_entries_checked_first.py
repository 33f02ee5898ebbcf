"""An entry can be checked before it is verified, and a step names the person who decided."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    # Of steps from before, the account is all that is known.
    op.add_column("ledger_entry_state", sa.Column("person", sa.Text(), nullable=True))
    op.drop_constraint("ck_ledger_entry_state_state", "ledger_entry_state", type_="check")
    op.create_check_constraint(
        "ck_ledger_entry_state_state",
        "ledger_entry_state",
        "state IN ('draft', 'submitted', 'checked', 'returned', 'verified', 'locked', 'voided',"
        " 'withdrawn', 'replaced')",
    )

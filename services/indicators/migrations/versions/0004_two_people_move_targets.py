"""Versions of targets that await another person, and the person behind each account."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # Null in what is there: no row of this table may be updated, and of whom an account was is
    # not known. Such an account stands for itself.
    op.add_column("target", sa.Column("set_by_person", sa.Text()))
    op.drop_constraint(op.f("ck_target_state"), "target")
    op.create_check_constraint(
        op.f("ck_target_state"),
        "target",
        "state IN ('proposed', 'returned', 'approved', 'issue_pending', 'issued',"
        " 'revision_pending', 'revised', 'withdrawal_pending', 'withdrawn', 'refused')",
    )

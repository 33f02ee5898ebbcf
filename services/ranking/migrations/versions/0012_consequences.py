"""Consequences of results, and what became of each."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0012"
down_revision = "0011"

_NOW = {"server_default": sa.text("clock_timestamp()"), "nullable": False}


def upgrade() -> None:
    """Add consequences and their steps."""
    op.create_table(
        "consequence",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(each, sa.String(), nullable=False) for each in ("unit", "kind", "cause")),
        *(sa.Column(n, sa.String(), nullable=True) for n in ("cause_ref", "document_no", "reason")),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("amount", sa.Numeric(), nullable=True),
        *(sa.Column(each, sa.String(), nullable=False) for each in ("subject", "person")),
        sa.Column("proposed_at", sa.DateTime(timezone=True), **_NOW),
        sa.PrimaryKeyConstraint("cycle_id", "number", name="pk_consequence"),
    )
    op.create_index("ix_consequence_kind_unit", "consequence", ["kind", "unit"])
    op.create_table(
        "consequence_step",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        *(sa.Column(n, sa.String(), nullable=True) for n in ("reason", "document_no", "item_id")),
        *(sa.Column(each, sa.String(), nullable=False) for each in ("subject", "person")),
        sa.Column("taken_at", sa.DateTime(timezone=True), **_NOW),
        sa.PrimaryKeyConstraint("cycle_id", "number", "step", name="pk_consequence_step"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "number"],
            ["consequence.cycle_id", "consequence.number"],
            name="fk_consequence_step_cycle_id_number",
        ),
    )
    migrations.append_only("consequence", "consequence_step")
    migrations.recorded(
        Recorded("consequence", "Consequence", "结果运用", by="cycle_id"),
        Recorded("consequence_step", "Step of a consequence", "结果运用办理环节", by="cycle_id"),
    )

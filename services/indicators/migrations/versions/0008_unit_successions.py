"""Which units a unit goes on from, and what a target's baseline was taken from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations
from chassis.migrations import Recorded

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "unit_succession",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("predecessor", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.CheckConstraint("unit <> predecessor", name=op.f("ck_unit_succession_another")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_unit_succession_unit"),
        sa.ForeignKeyConstraint(
            ["predecessor"], ["unit.code"], name="fk_unit_succession_predecessor"
        ),
        sa.PrimaryKeyConstraint("unit", "predecessor", name="pk_unit_succession"),
    )
    migrations.append_only("unit_succession")
    migrations.recorded(
        Recorded("unit_succession", "Succession of units", "单位沿革", chain="units")
    )
    op.add_column("target", sa.Column("baseline_from", postgresql.JSONB()))

"""Corrections of the kind of a unit that was registered wrongly."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "unit_kind_correction",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("corrected_person", sa.Text(), nullable=False),
        sa.Column(
            "corrected_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('assessed', 'body')", name=op.f("ck_unit_kind_correction_kind")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_unit_kind_correction_unit"),
        sa.PrimaryKeyConstraint("unit", "number", name="pk_unit_kind_correction"),
    )
    migrations.append_only("unit_kind_correction")
    migrations.recorded(
        Recorded("unit_kind_correction", "Kind of a unit", "单位类型更正", chain="units")
    )

"""That a decomposition was handed up to the superior whose cycle it is of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from chassis import migrations
from chassis.migrations import Recorded

revision = "0025"
down_revision = "0024"

_SAID = ("unit", "document_no", "handed_up_by", "handed_up_person")


def upgrade() -> None:
    op.create_table(
        "handing_up",
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("superior_cycle", UUID(), nullable=False),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _SAID),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column(
            "handed_up_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "version"],
            ["decomposition.cycle_id", "decomposition.version"],
            name="fk_handing_up_cycle_id_version",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "version", name="pk_handing_up"),
    )
    op.create_index(
        op.f("ix_handing_up_superior_cycle_unit"), "handing_up", ["superior_cycle", "unit"]
    )
    migrations.append_only("handing_up")
    migrations.recorded(Recorded("handing_up", "Handing up", "上报", by="cycle_id"))

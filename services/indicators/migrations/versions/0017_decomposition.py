"""Whose the points of the superior's scheme are, and how many of them are won and lost."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from chassis import migrations
from chassis.migrations import Recorded

revision = "0017"
down_revision = "0016"

_SAID = ("basis", "reported_by", "reported_person")


def upgrade() -> None:
    op.create_table(
        "decomposition",
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_by_person", sa.Text(), nullable=False),
        sa.Column(
            "set_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.cycle_id"], name="fk_decomposition_cycle_id"),
        sa.PrimaryKeyConstraint("cycle_id", "version", name="pk_decomposition"),
    )
    op.create_table(
        "superior_standing",
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Numeric(), nullable=False) for name in ("points", "won", "lost")),
        sa.Column("causes", JSONB(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _SAID),
        sa.Column(
            "reported_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "won >= 0 AND lost >= 0 AND won + lost <= points",
            name=op.f("ck_superior_standing_within_points"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "version"],
            ["decomposition.cycle_id", "decomposition.version"],
            name="fk_superior_standing_cycle_id_version",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "indicator", "number", name="pk_superior_standing"),
    )
    migrations.append_only("decomposition", "superior_standing")
    migrations.recorded(
        Recorded("decomposition", "Decomposition", "责任分解", by="cycle_id"),
        Recorded("superior_standing", "Standing", "上级计分情况", by="cycle_id"),
    )

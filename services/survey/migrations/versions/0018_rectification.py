"""What units are asked to mend, and what came of it."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0018"
down_revision = "0017"

_ITEM = ["cycle_id", "item_id"]


def upgrade() -> None:
    op.create_table(
        "rectification_item",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _ITEM),
        sa.Column("origin_kind", sa.Text(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        *_by("assigned"),
        sa.PrimaryKeyConstraint(*_ITEM, name="pk_rectification_item"),
        sa.CheckConstraint(
            "origin_kind IN ('opinion')", name=op.f("ck_rectification_item_origin_kind")
        ),
        sa.UniqueConstraint(
            "cycle_id",
            "origin_kind",
            "origin_id",
            "unit",
            name="uq_rectification_item_cycle_id_origin_kind_origin_id_unit",
        ),
    )
    op.create_table(
        "rectification_step",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _ITEM),
        sa.Column("step_no", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("text", sa.Text()),
        *_by("taken"),
        sa.PrimaryKeyConstraint(*_ITEM, "step_no", name="pk_rectification_step"),
        sa.CheckConstraint(
            "step IN ('replied', 'accepted', 'returned')", name=op.f("ck_rectification_step_step")
        ),
        sa.ForeignKeyConstraint(
            _ITEM,
            [f"rectification_item.{name}" for name in _ITEM],
            name="fk_rectification_step_cycle_id_item_id",
        ),
    )
    migrations.append_only("rectification_item", "rectification_step")
    migrations.recorded(
        Recorded("rectification_item", "Rectification items", "整改事项", by="cycle_id"),
        Recorded("rectification_step", "Their replies", "整改答复", by="cycle_id"),
    )


def _by(step: str) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{step}_by", sa.Text(), nullable=False),
        sa.Column(f"{step}_person", sa.Text(), nullable=False),
        sa.Column(
            f"{step}_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.clock_timestamp(),
        ),
    ]

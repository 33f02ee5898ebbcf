"""Results so far are frozen at a cut-off, and their ranks released by two people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0033"
down_revision = "0032"

_STAGE = ("cycle_id", "stage_no")


def upgrade() -> None:
    """Add stages with the units' parts and the steps to their release: none is changed."""
    op.create_table(
        "stage",
        *_key(),
        *_texts("label", "digest", "frozen_by", "frozen_person"),
        sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, JSONB(), nullable=False) for name in ("head", "units")),
        _moment("frozen_at"),
        sa.PrimaryKeyConstraint(*_STAGE, name="pk_stage"),
    )
    op.create_table(
        "unit_stage",
        *_key(),
        *_texts("unit"),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(*_STAGE, "unit", name="pk_unit_stage"),
        _of_stage("fk_unit_stage_cycle_id_stage_no"),
    )
    op.create_table(
        "stage_state",
        *_key(),
        sa.Column("step", sa.BigInteger(), nullable=False),
        *_texts("state", "readers", "actor", "person"),
        *(sa.Column(name, sa.Text()) for name in ("reason", "document_no")),
        _moment("entered_at"),
        sa.PrimaryKeyConstraint(*_STAGE, "step", name="pk_stage_state"),
        _of_stage("fk_stage_state_cycle_id_stage_no"),
    )
    migrations.append_only("stage", "unit_stage", "stage_state")
    migrations.recorded(
        Recorded("stage", "Stage", "阶段结果", by="cycle_id"),
        Recorded("unit_stage", "Stage of a unit", "单位阶段结果", by="cycle_id"),
        Recorded("stage_state", "State of a stage", "阶段结果状态", by="cycle_id"),
    )


def _key() -> list[sa.Column[object]]:
    return [
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("stage_no", sa.BigInteger(), nullable=False),
    ]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str) -> sa.Column[object]:
    default = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=False)


def _of_stage(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(_STAGE, [f"stage.{each}" for each in _STAGE], name=name)

"""What caused a revision of a target, how units plan to reach theirs, and their projects."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from chassis import migrations
from chassis.migrations import Recorded

revision = "0015"
down_revision = "0014"

_TARGET = ["cycle_id", "unit", "indicator", "item", "version"]


def upgrade() -> None:
    op.create_table(
        "target_cause",
        *_named(),
        sa.Column("caused_by", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.CheckConstraint("caused_by IN ('superior')", name=op.f("ck_target_cause_caused_by")),
        sa.ForeignKeyConstraint(
            _TARGET,
            [f"target.{name}" for name in _TARGET],
            name="fk_target_cause_cycle_id_unit_indicator_item_version",
        ),
        sa.PrimaryKeyConstraint(*_TARGET, name="pk_target_cause"),
    )
    op.create_table(
        "work_plan",
        *_named(),
        sa.Column("plan", JSONB(), nullable=False),
        *_by(),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.cycle_id"], name="fk_work_plan_cycle_id"),
        sa.PrimaryKeyConstraint(*_TARGET, name="pk_work_plan"),
    )
    op.create_table(
        "project",
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        *_by(),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.cycle_id"], name="fk_project_cycle_id"),
        sa.PrimaryKeyConstraint("cycle_id", "project", "version", name="pk_project"),
    )
    migrations.append_only("target_cause", "work_plan", "project")
    migrations.recorded(
        Recorded("target_cause", "Cause of a revision", "目标调整起因", by="cycle_id"),
        Recorded("work_plan", "Work plan", "工作计划", by="cycle_id"),
        Recorded("project", "Project", "重点项目", by="cycle_id"),
    )


def _named() -> list[sa.Column[Any]]:
    texts = [sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "indicator", "item")]
    version = sa.Column("version", sa.Integer(), nullable=False)
    return [sa.Column("cycle_id", UUID(), nullable=False), *texts, version]


def _by() -> list[sa.Column[Any]]:
    moment = sa.text("clock_timestamp()")
    return [
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_by_person", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=moment, nullable=False),
    ]

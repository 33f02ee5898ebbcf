"""Linked results of teams and persons, how they were confirmed, who read them, what was erased."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0018"
down_revision = "0017"

_NOW = {"server_default": sa.text("clock_timestamp()"), "nullable": False}


def _named(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=nullable) for name in names]


def upgrade() -> None:
    """Add the four tables, to which rows are only added."""
    op.create_table(
        "linked_result",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        *_named("unit", "kind"),
        *_named("person_code", nullable=True),
        sa.Column("score", sa.Numeric(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *_named("issuer", "document_no"),
        sa.Column("document_day", sa.Date(), nullable=False),
        *_named("document_digest"),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        *_named("reason", nullable=True),
        *_named("subject", "person"),
        sa.Column("entered_at", sa.DateTime(timezone=True), **_NOW),
        sa.PrimaryKeyConstraint("cycle_id", "result_id", name="pk_linked_result"),
    )
    op.create_index("ix_linked_result_cycle_id_unit", "linked_result", ["cycle_id", "unit"])
    _of_a_result("linked_step", "taken_at", *_named("state"), *_named("reason", nullable=True))
    _of_a_result("linked_erasure", "erased_at")
    op.create_table(
        "linked_reading",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *_named("unit"),
        sa.Column("kinds", JSONB(), nullable=False),
        sa.Column("combined", sa.Boolean(), nullable=False),
        sa.Column("results", JSONB(), nullable=False),
        *_named("reason", "subject", "person"),
        *_named("organisation", nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), **_NOW),
        sa.PrimaryKeyConstraint("cycle_id", "number", name="pk_linked_reading"),
    )
    migrations.append_only("linked_result", "linked_step", "linked_erasure", "linked_reading")
    migrations.recorded(
        Recorded("linked_result", "Linked result", "三位一体结果", by="cycle_id"),
        Recorded("linked_step", "Decision on a linked result", "三位一体结果确认", by="cycle_id"),
        Recorded("linked_erasure", "Erasure of a linked result", "三位一体结果清除", by="cycle_id"),
        Recorded("linked_reading", "Reading of linked results", "三位一体结果查阅", by="cycle_id"),
    )


def _of_a_result(table: str, moment: str, *more: sa.Column[str]) -> None:
    op.create_table(
        table,
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        *more,
        *_named("subject", "person"),
        sa.Column(moment, sa.DateTime(timezone=True), **_NOW),
        sa.PrimaryKeyConstraint("cycle_id", "result_id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "result_id"],
            ["linked_result.cycle_id", "linked_result.result_id"],
            name=f"fk_{table}_cycle_id_result_id",
        ),
    )

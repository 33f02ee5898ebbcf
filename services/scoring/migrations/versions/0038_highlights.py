"""Highlights of units are reported, examined, and never changed."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0038"
down_revision = "0037"

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add highlights, their states and the files that support them."""
    _highlights()
    _states()
    _evidence()
    migrations.append_only("highlight", "highlight_state", "highlight_evidence")
    migrations.recorded(
        Recorded("highlight", "Highlight", "亮点", by="cycle_id"),
        Recorded("highlight_state", "State of a highlight", "亮点状态", by="cycle_id"),
        Recorded("highlight_evidence", "Evidence of a highlight", "亮点的佐证", by="cycle_id"),
    )


def _ids(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in names]


def _texts(*names: str, nullable: bool) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _highlights() -> None:
    op.create_table(
        "highlight",
        *_ids("cycle_id", "highlight_id"),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        *_texts("unit", "title", "text", nullable=False),
        *_texts("adopted_by", "level", "document_no", nullable=True),
        *_texts("author", "author_person", nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "highlight_id", name="pk_highlight"),
        sa.ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"], name="fk_highlight_cycle_id"),
    )
    for column in ("number", "unit"):
        op.create_index(f"ix_highlight_cycle_id_{column}", "highlight", ["cycle_id", column])


def _states() -> None:
    op.create_table(
        "highlight_state",
        *_ids("cycle_id", "highlight_id"),
        sa.Column("step", sa.BigInteger(), nullable=False),
        *_texts("state", nullable=False),
        sa.Column("publish", sa.Boolean(), nullable=False),
        *_texts("reason", nullable=True),
        *_texts("actor", "person", nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "highlight_id", "step", name="pk_highlight_state"),
        _of_highlight("highlight_state"),
    )


def _evidence() -> None:
    op.create_table(
        "highlight_evidence",
        *_ids("cycle_id", "highlight_id", "evidence_id"),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.PrimaryKeyConstraint(
            "cycle_id", "highlight_id", "evidence_id", name="pk_highlight_evidence"
        ),
        _of_highlight("highlight_evidence"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "evidence_id"],
            ["evidence.cycle_id", "evidence.evidence_id"],
            name="fk_highlight_evidence_cycle_id",
        ),
    )
    op.create_index(
        "ix_highlight_evidence_cycle_id_evidence_id",
        "highlight_evidence",
        ["cycle_id", "evidence_id"],
    )


def _of_highlight(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cycle_id", "highlight_id"],
        ["highlight.cycle_id", "highlight.highlight_id"],
        name=f"fk_{table}_highlight",
    )

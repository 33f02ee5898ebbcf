"""Corrections of a sealed ledger are proposed, and decided by another person."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0063"
down_revision = "0062"

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Add corrections, and what was decided about them."""
    op.create_table(
        "correction",
        *_keys(),
        *_texts("origin", "issuer", "document_no"),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=True),
        *_texts("reason", "what"),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        *_texts("unit", "indicator", "kind"),
        *_texts("key", "item", nullable=True),
        *_texts("period"),
        sa.Column("value", sa.Numeric(), nullable=True),
        *_texts("word", nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        *_texts("actor", "person"),
        _moment("proposed_at"),
        sa.PrimaryKeyConstraint("cycle_id", "correction_id", name="pk_correction"),
        sa.ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"], name="fk_correction_cycle_id"),
    )
    op.create_table(
        "correction_decision",
        *_keys(),
        *_texts("decision"),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        *_texts("text", nullable=True),
        *_texts("actor", "person"),
        _moment("decided_at"),
        sa.PrimaryKeyConstraint("cycle_id", "correction_id", name="pk_correction_decision"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "correction_id"],
            ["correction.cycle_id", "correction.correction_id"],
            name="fk_correction_decision_cycle_id_correction_id",
        ),
    )
    op.create_index(
        "uq_correction_decision_corrects",
        "correction_decision",
        ["cycle_id", "corrects"],
        unique=True,
        postgresql_where=sa.text("corrects IS NOT NULL AND decision = 'approved'"),
    )
    migrations.append_only("correction", "correction_decision")
    migrations.recorded(
        Recorded("correction", "Correction of the sealed record", "封存后更正", by="cycle_id"),
        Recorded(
            "correction_decision", "Decision on a correction", "封存后更正的决定", by="cycle_id"
        ),
    )


def _keys() -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in ("cycle_id", "correction_id")]


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=_NOW, nullable=False)

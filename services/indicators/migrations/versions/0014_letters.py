"""Responsibility letters with the signatures of both sides; a unit's own request to revise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from chassis import migrations
from chassis.migrations import Recorded

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "responsibility_letter",
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("drawn_person", sa.Text(), nullable=False),
        _moment("drawn_at"),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.cycle_id"], name="fk_responsibility_letter_cycle_id"
        ),
        sa.PrimaryKeyConstraint("cycle_id", "unit", "version", name="pk_responsibility_letter"),
    )
    op.create_table(
        "letter_signature",
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("signed_person", sa.Text(), nullable=False),
        _moment("signed_at"),
        sa.CheckConstraint("side IN ('office', 'unit')", name=op.f("ck_letter_signature_side")),
        sa.ForeignKeyConstraint(
            ["cycle_id", "unit", "version"],
            [
                "responsibility_letter.cycle_id",
                "responsibility_letter.unit",
                "responsibility_letter.version",
            ],
            name="fk_letter_signature_cycle_id_unit_version",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "unit", "version", "side", name="pk_letter_signature"),
        sa.UniqueConstraint(
            "cycle_id",
            "unit",
            "version",
            "signed_person",
            name="uq_letter_signature_cycle_id_unit_version_signed_person",
        ),
    )
    op.drop_constraint(op.f("ck_target_state"), "target")
    op.create_check_constraint(op.f("ck_target_state"), "target", f"state IN ({_STATES})")
    migrations.append_only("responsibility_letter", "letter_signature")
    migrations.recorded(
        Recorded("responsibility_letter", "Responsibility letter", "目标责任书", by="cycle_id"),
        Recorded("letter_signature", "Signature under a letter", "目标责任书签署", by="cycle_id"),
    )


_STATES = (
    "'proposed', 'returned', 'approved', 'issue_pending', 'issued', 'revision_requested',"
    " 'revision_supported', 'revision_pending', 'revised', 'withdrawal_pending', 'withdrawn',"
    " 'refused', 'request_withdrawn'"
)


def _moment(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(
        name,
        sa.DateTime(timezone=True),
        server_default=sa.text("clock_timestamp()"),
        nullable=False,
    )

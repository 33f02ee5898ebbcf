"""Drafts of a scheme that units are asked about, what they say of them, and what is answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from chassis import migrations
from chassis.migrations import Recorded

revision = "0018"
down_revision = "0017"


def _said(who: str, when: str) -> list["sa.Column[object]"]:
    return [
        *(sa.Column(name, sa.Text(), nullable=False) for name in (f"{who}_by", f"{who}_person")),
        sa.Column(
            when,
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        *_said("opened", "opened_at"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "version"],
            ["scheme_version.cycle_id", "scheme_version.version"],
            name="fk_consultation_cycle_id_version",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "version", name="pk_consultation"),
    )
    op.create_table(
        "scheme_comment",
        sa.Column("comment_id", UUID(), nullable=False),
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        *_said("said", "said_at"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "version"],
            ["consultation.cycle_id", "consultation.version"],
            name="fk_scheme_comment_cycle_id_version",
        ),
        sa.PrimaryKeyConstraint("comment_id", name="pk_scheme_comment"),
    )
    op.create_index(
        op.f("ix_scheme_comment_cycle_id_version"), "scheme_comment", ["cycle_id", "version"]
    )
    op.create_table(
        "comment_answer",
        sa.Column("comment_id", UUID(), nullable=False),
        sa.Column("cycle_id", UUID(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_said("answered", "answered_at"),
        sa.CheckConstraint(
            "outcome IN ('adopted', 'partly_adopted', 'not_adopted')",
            name=op.f("ck_comment_answer_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["scheme_comment.comment_id"], name="fk_comment_answer_comment_id"
        ),
        sa.PrimaryKeyConstraint("comment_id", name="pk_comment_answer"),
    )
    migrations.append_only("consultation", "scheme_comment", "comment_answer")
    migrations.recorded(
        Recorded("consultation", "Consultation", "征求意见", by="cycle_id"),
        Recorded("scheme_comment", "Comment on a draft", "方案意见", by="cycle_id"),
        Recorded("comment_answer", "Answer to a comment", "意见答复", by="cycle_id"),
    )

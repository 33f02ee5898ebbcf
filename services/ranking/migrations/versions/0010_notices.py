"""Notices of proposed results, the objections to them, and the answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0010"
down_revision = "0009"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add notices, their objections and the answers."""
    _notices()
    _objections()
    _answers()
    migrations.append_only("notice", "notice_objection", "notice_answer")
    migrations.recorded(
        Recorded("notice", "Notice", "公示", by="cycle_id"),
        Recorded("notice_objection", "Objection to a notice", "公示异议", by="cycle_id"),
        Recorded("notice_answer", "Answer to an objection", "公示异议答复", by="cycle_id"),
    )


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closes_at", _MOMENT, nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "notice", name="pk_notice"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "edition"],
            ["ranking.cycle_id", "ranking.edition"],
            name="fk_notice_cycle_id_edition",
        ),
    )


def _objections() -> None:
    op.create_table(
        "notice_objection",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("filed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "reference", name="pk_notice_objection"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "notice"],
            ["notice.cycle_id", "notice.notice"],
            name="fk_notice_objection_cycle_id_notice",
        ),
    )


def _answers() -> None:
    op.create_table(
        "notice_answer",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("corrections", JSONB(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "reference", name="pk_notice_answer"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "reference"],
            ["notice_objection.cycle_id", "notice_objection.reference"],
            name="fk_notice_answer_cycle_id_reference",
        ),
    )

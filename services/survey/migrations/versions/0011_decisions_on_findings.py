"""Decisions on the findings of a wave's screens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0011"
down_revision = "0010"

_KEY = ("cycle_id", "survey_id", "wave", "decision_no")


def upgrade() -> None:
    op.create_table(
        "screen_decision",
        *_key(),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("findings", JSONB(), nullable=False),
        sa.Column("interviewer", sa.Text()),
        sa.Column("units", JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        *_by("proposed"),
        sa.PrimaryKeyConstraint(*_KEY, name="pk_screen_decision"),
        sa.CheckConstraint(
            "verdict IN ('keep', 'void_interviewer')", name=op.f("ck_screen_decision_verdict")
        ),
        sa.CheckConstraint(
            "(verdict = 'void_interviewer') = (interviewer IS NOT NULL)",
            name=op.f("ck_screen_decision_interviewer"),
        ),
        sa.ForeignKeyConstraint(
            _KEY[:3],
            [f"wave.{each}" for each in _KEY[:3]],
            name="fk_screen_decision_cycle_id_survey_id_wave",
        ),
    )
    op.create_table(
        "screen_confirmation",
        *_key(),
        *_by("confirmed"),
        sa.PrimaryKeyConstraint(*_KEY, name="pk_screen_confirmation"),
        sa.ForeignKeyConstraint(
            _KEY,
            [f"screen_decision.{each}" for each in _KEY],
            name="fk_screen_confirmation_cycle_id_survey_id_wave_decision_no",
        ),
    )
    migrations.append_only("screen_decision", "screen_confirmation")
    migrations.recorded(
        Recorded("screen_decision", "Decision on findings", "疑点线索处理决定", by="cycle_id"),
        Recorded(
            "screen_confirmation", "Its confirmation", "疑点线索处理决定的确认", by="cycle_id"
        ),
    )


def _key() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("decision_no", sa.Integer(), nullable=False),
    ]


def _by(step: str) -> list[sa.schema.SchemaItem]:
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

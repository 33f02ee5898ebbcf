"""What is decided about waves in which too few answered, and who confirmed it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations
from chassis.migrations import Recorded

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "sample_decision",
        *_key("sample_decision"),
        sa.Column("units", postgresql.JSONB(), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        *_by("proposed"),
        sa.CheckConstraint(
            "treatment IN ('counted', 'other_waves', 'pooled', 'not_rated')",
            name=op.f("ck_sample_decision_treatment"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave"],
            ["wave.cycle_id", "wave.survey_id", "wave.wave"],
            name="fk_sample_decision_cycle_id_survey_id_wave",
        ),
    )
    op.create_table(
        "sample_confirmation",
        *_key("sample_confirmation"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_by("confirmed"),
        sa.UniqueConstraint(
            "cycle_id",
            "survey_id",
            "wave",
            "position",
            name="uq_sample_confirmation_cycle_id_survey_id_wave_position",
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "survey_id", "wave", "decision_no"],
            [f"sample_decision.{c}" for c in ("cycle_id", "survey_id", "wave", "decision_no")],
            name="fk_sample_confirmation_cycle_id_survey_id_wave_decision_no",
        ),
    )
    migrations.append_only("sample_decision", "sample_confirmation")
    migrations.recorded(
        Recorded("sample_decision", "Decision on a wave", "调查轮次的处理意见", by="cycle_id"),
        Recorded("sample_confirmation", "Its confirmation", "处理意见的确认", by="cycle_id"),
    )


def _key(table: str) -> list[sa.schema.SchemaItem]:
    columns = [
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("decision_no", sa.Integer(), nullable=False),
    ]
    key = sa.PrimaryKeyConstraint(
        "cycle_id", "survey_id", "wave", "decision_no", name=f"pk_{table}"
    )
    return [*columns, key]


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

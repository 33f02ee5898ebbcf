"""Sample plans of waves, and the weights of their answers as they closed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations
from chassis.migrations import Recorded

revision = "0009"
down_revision = "0008"

_WAVE = ("cycle_id", "survey_id", "wave")


def upgrade() -> None:
    op.create_table(
        "sample_plan",
        *_of_wave("sample_plan"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("aim", sa.Numeric()),
        sa.Column("cells", postgresql.JSONB(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column(
            "entered_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.clock_timestamp(),
        ),
        sa.PrimaryKeyConstraint(*_WAVE, "version", name="pk_sample_plan"),
    )
    op.create_table(
        "wave_weights",
        *_of_wave("wave_weights"),
        sa.Column("plan_version", sa.Integer()),
        sa.Column("units", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint(*_WAVE, name="pk_wave_weights"),
    )
    migrations.append_only("sample_plan", "wave_weights")
    migrations.recorded(
        Recorded("sample_plan", "Sample plan of a wave", "抽样方案", by="cycle_id"),
        Recorded("wave_weights", "Weights of the answers of a wave", "应答的权重", by="cycle_id"),
    )


def _of_wave(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            _WAVE,
            [f"wave.{name}" for name in _WAVE],
            name=f"fk_{table}_cycle_id_survey_id_wave",
        ),
    ]

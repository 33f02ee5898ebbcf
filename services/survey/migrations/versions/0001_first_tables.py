"""Surveys, their units and waves, batches of responses, and the results of closed waves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrations.foundations()
    op.create_table(
        "survey",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        sa.Column("scheme_digest", sa.Text(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "survey_id", name="pk_survey"),
        sa.UniqueConstraint("cycle_id", "code", name="uq_survey_cycle_id_code"),
    )
    op.create_index("ix_survey_survey_id", "survey", ["survey_id"])
    op.create_table(
        "survey_unit",
        *_key("survey_unit", "unit"),
        *_within("survey_unit", "survey", "cycle_id", "survey_id"),
    )
    op.create_table(
        "wave",
        *_key("wave", "wave"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'open', 'closed')", name=op.f("ck_wave_state")),
        *_within("wave", "survey", "cycle_id", "survey_id"),
    )
    op.create_table(
        "batch",
        *_key("batch", "wave", "batch_no"),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        *_within("batch", "wave", "cycle_id", "survey_id", "wave"),
    )
    op.create_table(
        "response",
        *_key("response", "wave", "unit", "respondent_token"),
        sa.Column("batch_no", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("respondent_group", sa.Text()),
    )
    op.create_table(
        "wave_result",
        *_key("wave_result", "wave", "unit"),
        sa.Column("valid_sample", sa.Integer(), nullable=False),
        sa.Column("score", sa.Numeric()),
        sa.Column("insufficient", sa.Boolean(), nullable=False),
        sa.Column("tallies", postgresql.JSONB(), nullable=False),
        *_within("wave_result", "wave", "cycle_id", "survey_id", "wave"),
    )
    migrations.append_only("survey", "survey_unit", "batch", "response", "wave_result")
    migrations.writable("wave", columns=["state"])


def _key(table: str, *columns: str) -> list[sa.schema.SchemaItem]:
    """The columns of a primary key below a survey, with the distribution key first."""
    kinds: dict[str, sa.types.TypeEngine[int]] = {"wave": sa.Integer()}
    return [
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, kinds.get(name, sa.Text()), nullable=False) for name in columns),
        sa.PrimaryKeyConstraint("cycle_id", "survey_id", *columns, name=f"pk_{table}"),
    ]


def _within(table: str, whole: str, *columns: str) -> list[sa.schema.SchemaItem]:
    """The foreign key of a part to its whole."""
    name = f"fk_{table}_{'_'.join(columns)}"
    return [sa.ForeignKeyConstraint(columns, [f"{whole}.{c}" for c in columns], name=name)]

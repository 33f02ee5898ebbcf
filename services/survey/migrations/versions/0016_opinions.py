"""What people say in their own words, with an interview or alone."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0016"
down_revision = "0015"

_WAVE = ["cycle_id", "survey_id", "wave"]


def upgrade() -> None:
    op.create_table(
        "opinion",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("opinion_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("batch_no", sa.Text(), nullable=False),
        sa.Column("respondent_token", sa.Text()),
        sa.Column("generation", sa.Integer()),
        sa.Column("interviewer", sa.Text()),
        sa.Column("respondent_group", sa.Text()),
        sa.Column("channel", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "opinion_id", name="pk_opinion"),
        sa.ForeignKeyConstraint(
            _WAVE, [f"wave.{name}" for name in _WAVE], name="fk_opinion_cycle_id_survey_id_wave"
        ),
    )
    of_wave = [*_WAVE, "unit", "respondent_token", "generation"]
    op.create_index("ix_opinion_wave", "opinion", of_wave, unique=True)
    migrations.append_only("opinion")
    migrations.recorded(Recorded("opinion", "Opinions", "意见", by="cycle_id"))

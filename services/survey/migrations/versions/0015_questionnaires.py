"""What people are asked, word for word: versions of a questionnaire, and which one a wave has."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations
from chassis.migrations import Recorded

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.JSONB(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column(
            "entered_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.clock_timestamp(),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "survey_id", "version", name="pk_questionnaire"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "survey_id"],
            ["survey.cycle_id", "survey.survey_id"],
            name="fk_questionnaire_cycle_id_survey_id",
        ),
    )
    migrations.append_only("questionnaire")
    migrations.recorded(Recorded("questionnaire", "Questionnaire", "问卷", by="cycle_id"))
    op.add_column("wave", sa.Column("questionnaire_version", sa.Integer()))
    migrations.writable("wave", columns=["state", "questionnaire_version"])

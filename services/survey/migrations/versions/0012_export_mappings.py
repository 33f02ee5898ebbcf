"""What the columns of a collector's own files are; rows of a batch that were not stored."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0012"
down_revision = "0011"

_SURVEY = ["cycle_id", "survey_id"]
_BATCH = [*_SURVEY, "wave", "batch_no"]


def upgrade() -> None:
    op.create_table(
        "export_mapping",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _SURVEY),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column(
            "saved_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.clock_timestamp(),
        ),
        sa.PrimaryKeyConstraint(
            "cycle_id", "survey_id", "name", "version", name="pk_export_mapping"
        ),
        sa.ForeignKeyConstraint(
            _SURVEY,
            [f"survey.{name}" for name in _SURVEY],
            name="fk_export_mapping_cycle_id_survey_id_survey",
        ),
    )
    op.create_table(
        "batch_left_out",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _SURVEY),
        sa.Column("wave", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("batch_no", "unit", "outcome")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("unchanged", "refused")),
        sa.PrimaryKeyConstraint(*_BATCH, "unit", "outcome", name="pk_batch_left_out"),
        sa.ForeignKeyConstraint(
            _BATCH,
            [f"batch.{name}" for name in _BATCH],
            name="fk_batch_left_out_cycle_id_survey_id_wave_batch_no_batch",
        ),
    )
    migrations.append_only("export_mapping", "batch_left_out")
    migrations.recorded(
        Recorded(
            "export_mapping", "Columns of a collector's files", "调查文件的列对照", by="cycle_id"
        ),
        Recorded("batch_left_out", "Rows that were not stored", "未保存的行", by="cycle_id"),
    )

"""Batches that came as files, and what is wrong with rows of theirs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0013"
down_revision = "0012"

_SURVEY = ["cycle_id", "survey_id"]
_BATCH = [*_SURVEY, "wave", "batch_no"]


def upgrade() -> None:
    op.create_table(
        "batch_file",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _SURVEY),
        sa.Column("wave", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("batch_no", "digest")),
        sa.Column("mapping", sa.Text()),
        sa.Column("mapping_version", sa.Integer()),
        sa.PrimaryKeyConstraint(*_BATCH, name="pk_batch_file"),
        sa.ForeignKeyConstraint(
            _BATCH,
            [f"batch.{name}" for name in _BATCH],
            name="fk_batch_file_cycle_id_survey_id_wave_batch_no_batch",
        ),
    )
    op.create_table(
        "refused_row",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _SURVEY),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("batch_no", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("faults", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint(*_BATCH, "position", name="pk_refused_row"),
        # Rows are read before it is known how many there are.
        sa.ForeignKeyConstraint(
            _BATCH,
            [f"batch.{name}" for name in _BATCH],
            name="fk_refused_row_cycle_id_survey_id_wave_batch_no_batch",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    migrations.append_only("batch_file", "refused_row")
    migrations.recorded(
        Recorded("batch_file", "Files that were taken", "已接收的文件", by="cycle_id"),
        Recorded("refused_row", "Rows that were refused", "不收的行", by="cycle_id"),
    )

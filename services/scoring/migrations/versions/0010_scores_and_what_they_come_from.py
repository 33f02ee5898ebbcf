"""A score sheet keeps scores and what they were computed from; explanations are grown from it.

They are kept once they have been fed back, compressed. Editions from before keep theirs.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    migrations.compare_at_once()
    op.drop_constraint("uq_ledger_entry_cycle_id_reverses", "ledger_entry", type_="unique")
    op.create_index(
        "uq_ledger_entry_cycle_id_reverses",
        "ledger_entry",
        ["cycle_id", "reverses"],
        unique=True,
        postgresql_where="reverses IS NOT NULL",
    )
    op.alter_column("score_sheet", "content", nullable=True)
    op.add_column("score_sheet", sa.Column("basis", JSONB()))
    op.add_column("score_sheet", sa.Column("units", JSONB()))
    op.create_check_constraint("kept", "score_sheet", "(content IS NULL) = (basis IS NOT NULL)")
    op.alter_column("explanation_tree", "tree", nullable=True)
    op.add_column("explanation_tree", sa.Column("packed", sa.LargeBinary()))
    op.create_check_constraint("kept", "explanation_tree", "(tree IS NULL) = (packed IS NOT NULL)")
    op.create_table(
        "input_document",
        sa.Column("cycle_id", sa.Uuid(), primary_key=True),
        sa.Column("digest", sa.Text(), primary_key=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "unit_score",
        sa.Column("cycle_id", sa.Uuid(), primary_key=True),
        sa.Column("edition", sa.BigInteger(), primary_key=True),
        sa.Column("unit", sa.Text(), primary_key=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id", "edition"], ["score_sheet.cycle_id", "score_sheet.edition"]
        ),
    )
    # Compressed already: the database would only try in vain.
    for table in ("input_document", "unit_score", "explanation_tree"):
        op.execute(f'ALTER TABLE "{table}" ALTER COLUMN packed SET STORAGE EXTERNAL')
    migrations.append_only("input_document", "unit_score")
    migrations.recorded(
        Recorded("input_document", "Input of a score sheet", "得分表的输入", by="cycle_id"),
        Recorded("unit_score", "Scores of a unit", "单位得分", by="cycle_id"),
    )

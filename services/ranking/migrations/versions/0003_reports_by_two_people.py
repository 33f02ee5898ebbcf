"""Reports are confirmed and lifted by another person; every step keeps the person behind it."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "report_step",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("document_no", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column(
            "taken_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("cycle_id", "kind", "number", "step", name="pk_report_step"),
    )
    for table in ("veto", "demotion"):
        # Null in what is there: no row may be updated. Such an account stands for itself.
        op.add_column(table, sa.Column("reported_by_person", sa.String(), nullable=True))
        # A report that was refused may be made again, by the same document.
        op.drop_constraint(op.f(f"uq_{table}_cycle_id_unit_code_document_no"), table)
        # What was reported before anybody had to confirm has counted since, in rankings too.
        op.execute(
            "INSERT INTO report_step (cycle_id, kind, number, step, state, reason, subject,"  # noqa: S608 - names of our own
            f" person, taken_at) SELECT cycle_id, '{table}', number, 1, 'confirmed',"
            f" '确认制度实行前已登记', reported_by, reported_by, reported_at FROM {table}"
        )
    op.add_column("approval", sa.Column("person", sa.String(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_approval_cycle_id_edition_person"), "approval", ["cycle_id", "edition", "person"]
    )
    migrations.append_only("report_step")
    # Last, so that the steps added above are among the rows found.
    migrations.recorded(Recorded("report_step", "Step of a report", "报送办理环节", by="cycle_id"))

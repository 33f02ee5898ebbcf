"""Months, quarters and half-years close, and what comes in afterwards is marked as late."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add closings, permissions and late entries, and keep the closed periods in the ledger's row,
    which everybody who enters holds."""
    now = {"server_default": sa.text("clock_timestamp()"), "nullable": False}
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "period_closing",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("period", "closed_by", "closed_person")
        ),
        sa.Column("closed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "period", name="pk_period_closing"),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["ledger.cycle_id"], name="fk_period_closing_cycle_id"
        ),
    )
    op.create_table(
        "period_permission",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("permission_no", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("period", "unit")),
        sa.Column("indicator", sa.Text()),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("valid_until", moment, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("reason", "document_no", "granted_by", "granted_person")
        ),
        sa.Column("granted_at", moment, **now),
        sa.PrimaryKeyConstraint("cycle_id", "permission_no", name="pk_period_permission"),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["ledger.cycle_id"], name="fk_period_permission_cycle_id"
        ),
    )
    op.create_table(
        "late_entry",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("permission_no", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "entry_id", name="pk_late_entry"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "entry_id"],
            ["ledger_entry.cycle_id", "ledger_entry.entry_id"],
            name="fk_late_entry_cycle_id_entry_id",
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "permission_no"],
            ["period_permission.cycle_id", "period_permission.permission_no"],
            name="fk_late_entry_cycle_id_permission_no",
        ),
    )
    migrations.append_only("period_closing", "period_permission", "late_entry")
    migrations.recorded(
        Recorded("period_closing", "Closing of a period", "期间关账", by="cycle_id"),
        Recorded("period_permission", "Permission for a period", "补录许可", by="cycle_id"),
        Recorded("late_entry", "Late entry", "补录记录", by="cycle_id"),
    )
    op.add_column("ledger", sa.Column("periods", JSONB(), nullable=True))
    op.execute(f'GRANT UPDATE (periods) ON ledger TO "{migrations.service_role()}"')
    op.execute("DROP TRIGGER forward_only ON ledger")
    op.execute(
        f"CREATE TRIGGER forward_only BEFORE UPDATE ON ledger FOR EACH ROW"
        f" WHEN (({_FORWARD}) IS NOT TRUE) EXECUTE FUNCTION refuse_step()"
    )


# It is sealed once; until then periods are closed and permissions given, and none is taken back.
_FORWARD = """
    OLD.phase = 'open' AND (
      (NEW.phase = 'sealed' AND NEW.sealed_at IS NOT NULL
        AND NEW.periods IS NOT DISTINCT FROM OLD.periods)
      OR (NEW.phase = 'open' AND NEW.sealed_at IS NULL
        AND NEW.periods -> 'closed' @> coalesce(OLD.periods -> 'closed', '[]')
        AND NEW.periods -> 'leaves' @> coalesce(OLD.periods -> 'leaves', '[]')))
    """

"""A chain of approval as the scheme says it: sent back, decided by meetings, signed for another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrations
from chassis.migrations import Recorded

revision = "0014"
down_revision = "0013"

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Let a chain have rows of many kinds, keep the chain of an edition, and add delegations."""
    op.add_column("ranking", sa.Column("chain", JSONB()))
    for name in ("person", "subject"):
        op.drop_constraint(f"uq_approval_cycle_id_edition_{name}", "approval")
    op.drop_constraint("pk_approval", "approval")
    number = sa.Column("number", sa.Integer(), server_default="1", nullable=False)
    word = sa.Column("word", sa.String(), server_default="approved", nullable=False)
    op.add_column("approval", number)
    op.add_column("approval", word)
    for name in ("state", "sent_back_to", "reason", "behind"):
        op.add_column("approval", sa.Column(name, sa.String()))
    op.add_column("approval", sa.Column("delegation", sa.Integer()))
    op.add_column("approval", sa.Column("basis", JSONB()))
    op.create_primary_key("pk_approval", "approval", ["cycle_id", "edition", "step", "number"])
    op.execute(_ONE_STEP)
    op.execute(
        "CREATE TRIGGER one_step BEFORE INSERT ON approval"
        " FOR EACH ROW EXECUTE FUNCTION refuse_second_step()"
    )
    _delegations()


# A step may come again, so no unique key says that nobody has a part in two of them.
_ONE_STEP = """
    CREATE FUNCTION refuse_second_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM public.approval a
        WHERE a.cycle_id = NEW.cycle_id AND a.edition = NEW.edition AND a.step <> NEW.step
          AND (a.subject = NEW.subject OR NEW.person IN (a.person, a.behind)
            OR NEW.behind IN (a.person, a.behind))
      ) THEN
        RAISE EXCEPTION 'nobody has a part in two steps' USING ERRCODE = '23505';
      END IF;
      RETURN NEW;
    END $$
    """


def _delegations() -> None:
    said = [
        sa.Column(name, sa.String(), nullable=False)
        for name in ("giver", "person", "role", "delegate", "document_no")
    ]
    op.create_table(
        "delegation",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *said,
        sa.Column("unit", sa.String()),
        sa.Column("steps", JSONB(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "number", name="pk_delegation"),
    )
    migrations.append_only("delegation")
    migrations.recorded(
        Recorded("delegation", "Delegation of a signature", "签署委托", by="cycle_id")
    )

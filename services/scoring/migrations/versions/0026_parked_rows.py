"""Rows with codes that mean nothing yet are kept beside the ledger until they do."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the rows, and what became of them: both are added to and never changed."""
    now = {"server_default": sa.text("clock_timestamp()"), "nullable": False}
    op.create_table(
        "parked_row",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("parked_row_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id_scheme", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "indicator", "kind")),
        *(sa.Column(name, sa.Text()) for name in ("key", "item")),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric()),
        sa.Column("word", sa.Text()),
        sa.Column("occurred_on", sa.Date()),
        sa.Column("note", sa.Text()),
        sa.Column("source_ref", sa.Text()),
        sa.Column("source_version", sa.Integer()),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("author", "author_unit", "author_person")
        ),
        sa.Column("unknown", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), **now),
        sa.PrimaryKeyConstraint("cycle_id", "parked_row_id", name="pk_parked_row"),
        sa.ForeignKeyConstraint(["cycle_id"], ["ledger.cycle_id"], name="fk_parked_row_cycle_id"),
        sa.CheckConstraint(
            "(source_ref IS NULL) = (source_version IS NULL)",
            name="ck_parked_row_source_ref_counted",
        ),
    )
    op.create_table(
        "parked_row_outcome",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("parked_row_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid()),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("settled_at", sa.DateTime(timezone=True), **now),
        # Once: whoever comes second finds it taken.
        sa.PrimaryKeyConstraint("cycle_id", "parked_row_id", name="pk_parked_row_outcome"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "parked_row_id"],
            ["parked_row.cycle_id", "parked_row.parked_row_id"],
            name="fk_parked_row_outcome_cycle_id_parked_row_id",
        ),
        sa.CheckConstraint(
            "state IN ('entered', 'replaced', 'discarded')", name="ck_parked_row_outcome_state"
        ),
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_parked_row_source_ref ON parked_row"
        " ((cycle_id::text || ' ' || source_ref), author_unit, source_version)"
        " WHERE source_ref IS NOT NULL"
    )
    op.execute("CREATE INDEX ix_parked_row_cycle ON parked_row ((cycle_id::text), number)")
    op.execute(
        "CREATE INDEX ix_parked_row_source ON parked_row"
        " ((cycle_id::text || ' ' || author_unit), number)"
    )
    migrations.append_only("parked_row", "parked_row_outcome")
    migrations.recorded(
        Recorded("parked_row", "Parked row", "待对照行", by="cycle_id"),
        Recorded(
            "parked_row_outcome", "Outcome of a parked row", "待对照行的办理结果", by="cycle_id"
        ),
    )
    op.execute(_PARKED)


# The latest row under each name, whatever was planned while there were few.
_PARKED = """
    CREATE FUNCTION parked_of_source(the_cycle uuid, source text, refs text[])
    RETURNS SETOF parked_row LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    BEGIN
      RETURN QUERY SELECT found.* FROM unnest(refs) ref CROSS JOIN LATERAL (
        SELECT * FROM parked_row p
        WHERE p.cycle_id::text || ' ' || p.source_ref = the_cycle::text || ' ' || ref
          AND p.author_unit = source AND p.source_ref IS NOT NULL
        ORDER BY p.source_version DESC LIMIT 1) found;
    END $$
    """

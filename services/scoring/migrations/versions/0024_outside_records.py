"""An entry says how the system that it comes from names its record, and is found by that."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the name with a number that counts the entries of a unit under it, and what is known by
    some names."""
    op.add_column("ledger_entry", sa.Column("source_ref", sa.Text(), nullable=True))
    op.add_column("ledger_entry", sa.Column("source_version", sa.Integer(), nullable=True))
    op.create_check_constraint(
        "ck_ledger_entry_source_ref_counted",
        "ledger_entry",
        "(source_ref IS NULL) = (source_version IS NULL)",
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_ledger_entry_source_ref ON ledger_entry"
        " ((cycle_id::text || ' ' || source_ref), author_unit, source_version)"
        " WHERE source_ref IS NOT NULL"
    )
    op.execute(_KNOWN)


# The latest entry under each name, and the latest that was not taken out. Each is looked up by its
# key, whatever was planned while there were few.
_KNOWN = """
    CREATE FUNCTION entries_of_source(the_cycle uuid, source text, refs text[], taken_out text[])
    RETURNS SETOF ledger_entry LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    BEGIN
      RETURN QUERY SELECT found.* FROM unnest(refs) ref CROSS JOIN LATERAL (
        (SELECT * FROM ledger_entry e
          WHERE e.cycle_id::text || ' ' || e.source_ref = the_cycle::text || ' ' || ref
            AND e.author_unit = source AND e.source_ref IS NOT NULL
          ORDER BY e.source_version DESC LIMIT 1)
        UNION ALL
        (SELECT * FROM ledger_entry e
          WHERE e.cycle_id::text || ' ' || e.source_ref = the_cycle::text || ' ' || ref
            AND e.author_unit = source AND e.source_ref IS NOT NULL
            AND e.state <> ALL (taken_out)
          ORDER BY e.source_version DESC LIMIT 1)) found;
    END $$
    """

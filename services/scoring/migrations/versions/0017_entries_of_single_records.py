"""The states of a few entries are held against their history without reading the whole ledger."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the comparison of the entries of single records; the chassis writes out its own."""
    op.execute(_CONTRADICTIONS)


# Of each entry its own steps, by their key, however many entries the cycle has.
_CONTRADICTIONS = """
    CREATE FUNCTION contradicting_entries(the_chain text, the_records bigint[])
    RETURNS SETOF text LANGUAGE sql STABLE AS $$
      SELECT e.entry_id::text FROM ledger_entry e
      LEFT JOIN LATERAL (
        SELECT s.step, s.state FROM ledger_entry_state s
        WHERE s.cycle_id = e.cycle_id AND s.entry_id = e.entry_id
        ORDER BY s.step DESC LIMIT 1) latest ON true
      WHERE e.record = ANY (the_records) AND e.cycle_id::text = the_chain
        AND (e.step, e.state) IS DISTINCT FROM (latest.step, latest.state)
    $$
    """

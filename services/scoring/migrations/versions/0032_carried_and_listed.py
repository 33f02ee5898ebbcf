"""Claims that are carried arrive in the next cycle; a document counts for each that it names."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0032"
down_revision = "0031"

_KINDS = ("sole", "joint", "another_award", "same", "listed")


def upgrade() -> None:
    """Add where a claim comes from, what its rules proposed, and the named holder of an award."""
    op.add_column("claim", sa.Column("carried_from_cycle", sa.Uuid()))
    op.add_column("claim", sa.Column("carried_from", sa.Uuid()))
    op.create_foreign_key(
        "fk_claim_carried_from",
        "claim",
        "claim",
        ["carried_from_cycle", "carried_from"],
        ["cycle_id", "claim_id"],
    )
    op.create_index("uq_claim_carried_from", "claim", ["carried_from"], unique=True)
    op.add_column("claim_state", sa.Column("proposed", sa.Text()))
    op.add_column("claim_state", sa.Column("proposed_points", sa.Numeric()))
    op.add_column("claim_state", sa.Column("against", sa.Numeric()))
    op.drop_constraint("ck_claim_state_ck_claim_state_award", "claim_state")
    op.create_check_constraint(
        op.f("ck_claim_state_ck_claim_state_award"),
        "claim_state",
        sa.column("award").in_([sa.literal_column(f"'{kind}'") for kind in _KINDS]),
    )
    op.create_check_constraint(
        op.f("ck_claim_state_against"), "claim_state", "against IS NULL OR against > 0"
    )
    op.add_column(
        "counted_award", sa.Column("holder", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "counted_award",
        sa.Column("listed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.drop_index("uq_counted_award_fingerprint_item", "counted_award")
    op.create_index(
        "uq_counted_award_fingerprint_item",
        "counted_award",
        ["fingerprint", "item"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND share = 1 AND NOT listed"),
    )
    op.execute(_COUNTING_ONCE)
    migrations.writable("counted_award", ["ended_at"])


# Beside the whole of an award, which is never more than one: what one named holder has of it, in
# whichever claims of whichever units.
_COUNTING_ONCE = """
    CREATE OR REPLACE FUNCTION refuse_counting_twice() RETURNS trigger
    LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_advisory_xact_lock(hashtext('award'), hashtext(NEW.fingerprint));
          IF (SELECT greatest(
                sum(share) FILTER (WHERE NOT listed),
                sum(share) FILTER (WHERE holder = NEW.holder AND holder <> ''))
              FROM counted_award WHERE fingerprint = NEW.fingerprint AND item = NEW.item
                AND ended_at IS NULL) > 1 THEN
            RAISE EXCEPTION 'an award counts once' USING ERRCODE = '23505';
          END IF;
          RETURN NULL;
        END $$
    """

"""Another person confirms a claim, and what counts of an award counts once, over all cycles."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded
from scoring.rules.claims.awards import award_of

revision = "0007"
down_revision = "0006"

_CLAIMS = sa.text(
    "SELECT c.*, l.phase, w.word FROM claim c LEFT JOIN ledger l USING (cycle_id)"
    " LEFT JOIN LATERAL ("
    "  SELECT one ->> 'decision' AS word FROM score_sheet s,"
    "   jsonb_array_elements(s.content -> 'claims') one"
    "  WHERE s.cycle_id = c.cycle_id AND one ->> 'claim_id' = c.claim_id::text"
    "  ORDER BY s.edition DESC LIMIT 1) w ON true"
    " ORDER BY c.number"
)
_KEYS = sa.text(
    "UPDATE claim SET fingerprint = :fingerprint, number_key = :number, authority_key = :authority,"
    " author_person = author WHERE cycle_id = :cycle_id AND claim_id = :claim_id"
)
_STATE = sa.text(
    "INSERT INTO claim_state"
    " (cycle_id, claim_id, step, state, award, counted_earlier, actor, person, reason)"
    " VALUES (:cycle_id, :claim_id, :step, :state, :award, :earlier, :actor, :actor, :reason)"
)
_COUNTS = sa.text(
    "INSERT INTO counted_award (cycle_id, claim_id, step, fingerprint, item, unit, share)"
    " VALUES (:cycle_id, :claim_id, 2, :fingerprint, '', :unit, 1)"
)
# Once decided, an award was taken even where another of its event or the cap left it no points.
_TOOK = {"accepted", "accepted_carried_over", "accepted_capped", "superseded_same_event"}


def upgrade() -> None:
    for name in ("fingerprint", "number_key", "authority_key", "author_person", "author_unit"):
        op.add_column("claim", sa.Column(name, sa.Text()))
    _tables()
    _guards()
    op.execute("ALTER TABLE claim DISABLE TRIGGER USER")  # the new columns of the old rows
    _fill()
    op.execute("ALTER TABLE claim ENABLE TRIGGER USER")
    for name in ("fingerprint", "number_key", "authority_key", "author_person"):
        op.alter_column("claim", name, nullable=False)
    # The claimant's own word decides nothing. Of old claims it stays: the journal vouches for it.
    op.alter_column("claim", "counted_before", nullable=True)
    op.create_index("ix_claim_fingerprint", "claim", ["fingerprint"])
    op.create_index("ix_claim_number_key", "claim", ["number_key"])
    op.create_index(
        "ix_claim_authority_key_document_date", "claim", ["authority_key", "document_date"]
    )
    migrations.append_only("claim_state")
    migrations.writable("counted_award", columns=["ended_at"])
    migrations.forward_only("counted_award", "OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL")
    migrations.recorded(
        Recorded("claim_state", "State of a claim", "加减分申报状态", by="cycle_id"),
        Recorded("counted_award", "Counted award", "已计奖项", by="cycle_id", changing=True),
    )


def _tables() -> None:
    clock = sa.text("clock_timestamp()")
    op.create_table(
        "claim_state",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("award", sa.Text()),
        sa.Column("item", sa.Text()),
        sa.Column("counts", sa.Uuid()),
        sa.Column("counted_earlier", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("document_no", sa.Text()),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=clock, nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "claim_id", "step", name="pk_claim_state"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "claim_id"],
            ["claim.cycle_id", "claim.claim_id"],
            name="fk_claim_state_cycle_id_claim_id_claim",
        ),
        sa.CheckConstraint(
            "state IN ('handed_in', 'confirmed', 'rejected', 'withdrawn')",
            name="ck_claim_state_state",
        ),
        sa.CheckConstraint(
            "award IN ('sole', 'joint', 'another_award', 'same')", name="ck_claim_state_award"
        ),
    )
    op.create_table(
        "counted_award",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("share", sa.Numeric(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("cycle_id", "claim_id", "step", name="pk_counted_award"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "claim_id", "step"],
            ["claim_state.cycle_id", "claim_state.claim_id", "claim_state.step"],
            name="fk_counted_award_cycle_id_claim_id_step_claim_state",
        ),
        sa.CheckConstraint("share > 0 AND share <= 1", name="ck_counted_award_share"),
    )
    now, open_ = sa.text("ended_at IS NULL"), sa.text("ended_at IS NULL AND share = 1")
    of_award = ["fingerprint", "item"]
    for name, columns, where in (
        ("fingerprint_item_unit", [*of_award, "unit"], now),
        ("fingerprint_item", of_award, open_),
        ("cycle_id_claim_id", ["cycle_id", "claim_id"], now),
    ):
        op.create_index(
            f"uq_counted_award_{name}",
            "counted_award",
            columns,
            unique=True,
            postgresql_where=where,
        )


def _guards() -> None:
    """Let the shares of an award come to no more than the whole."""
    # Those who count the same award at once queue for it; each then sees what the other did.
    op.execute(
        """
        CREATE FUNCTION refuse_counting_twice() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_advisory_xact_lock(hashtext('award'), hashtext(NEW.fingerprint));
          IF (SELECT sum(share) FROM counted_award
              WHERE fingerprint = NEW.fingerprint AND item = NEW.item AND ended_at IS NULL) > 1 THEN
            RAISE EXCEPTION 'an award counts once' USING ERRCODE = '23505';
          END IF;
          RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER counts_once AFTER INSERT ON counted_award"
        " FOR EACH ROW EXECUTE FUNCTION refuse_counting_twice()"
    )


def _fill() -> None:
    """Take over old claims: those of a sealed ledger as they were decided, the rest unconfirmed.

    Of two that had the same award the first keeps it.
    """
    connection, taken = op.get_bind(), set[str]()
    for row in connection.execute(_CLAIMS).all():
        award, sealed = award_of(row), row.phase == "sealed"
        key = {"cycle_id": row.cycle_id, "claim_id": row.claim_id}
        connection.execute(
            _KEYS,
            {
                **key,
                "fingerprint": award.fingerprint,
                "number": award.number,
                "authority": award.authority,
            },
        )
        state = {**key, "award": None, "earlier": False, "actor": row.author, "reason": None}
        connection.execute(_STATE, {**state, "step": 1, "state": "handed_in"})
        if not sealed:
            continue
        before, takes = row.counted_before, row.word in _TOOK
        again = takes and award.fingerprint in taken
        told = {"award": "same" if again else "sole", "earlier": before}
        told |= {"actor": "migration", "reason": "decided before confirmations were recorded"}
        connection.execute(_STATE, {**state, **told, "step": 2, "state": "confirmed"})
        if takes and not again:
            taken.add(award.fingerprint)
            connection.execute(_COUNTS, {**key, "fingerprint": award.fingerprint, "unit": row.unit})

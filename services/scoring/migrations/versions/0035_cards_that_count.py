"""Cards that count are events of the ledger, and entries are signed off within their unit."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add what has become of each card where the scheme has cards count; and the signatures, one
    for an entry."""
    _events_of_cards()
    _signatures()


def _events_of_cards() -> None:
    key = ("cycle_id", "unit", "indicator", "period", "light")
    op.create_table(
        "duty_card_event",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in key[1:]),
        sa.Column("entry_id", sa.Uuid()),
        sa.Column("kept_alone", sa.Text()),
        sa.Column("handed_in_on", sa.Date()),
        sa.PrimaryKeyConstraint(*key, name="pk_duty_card_event"),
        sa.ForeignKeyConstraint(
            key,
            [f"duty_card.{name}" for name in key],
            name="fk_duty_card_event_cycle_id_unit_indicator_period_light",
        ),
        sa.CheckConstraint(
            "(entry_id IS NULL) <> (kept_alone IS NULL)", name="ck_duty_card_event_entered_or_not"
        ),
    )
    op.create_index("ix_duty_card_event_entry_id", "duty_card_event", ["entry_id"])
    migrations.append_only("duty_card_event")
    migrations.recorded(
        Recorded("duty_card_event", "Event of a card", "黄牌、红牌所计事件", by="cycle_id")
    )


def _signatures() -> None:
    op.create_table(
        "entry_signature",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("cycle_id", "entry_id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("signer", "signer_person")),
        sa.Column(
            "signed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("cycle_id", "entry_id", name="pk_entry_signature"),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["ledger.cycle_id"], name="fk_entry_signature_cycle_id"
        ),
    )
    migrations.append_only("entry_signature")
    migrations.recorded(
        Recorded("entry_signature", "Signature of an entry", "记录签发", by="cycle_id")
    )

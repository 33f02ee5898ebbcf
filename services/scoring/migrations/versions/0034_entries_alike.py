"""Entries are known by the documents that they name, and by what they are about."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0034"
down_revision = "0033"

_OF = "((cycle_id::text || ' '::text) || unit)"
_SUBJECT = (
    "(((((((((((cycle_id::text || ' '::text) || unit) || ' '::text) || indicator) || ' '::text)"
    " || kind) || ' '::text) || period) || ' '::text) || COALESCE(key, ''::text)) || ' '::text)"
    " || COALESCE(item, ''::text)"
)


def upgrade() -> None:
    """Add what is kept of likenesses, and the index by which entries about the same are found."""
    op.create_table(
        "entry_likeness",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("like_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("cycle_id", "entry_id", "document", name="pk_entry_likeness"),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["ledger.cycle_id"], name="fk_entry_likeness_cycle_id"
        ),
    )
    op.create_index(
        "ix_entry_likeness_document",
        "entry_likeness",
        [sa.text(f"(({_OF} || ' '::text) || document)"), "number"],
    )
    some = {"postgresql_where": sa.text("like_id IS NOT NULL")}
    op.create_index("ix_entry_likeness_unit", "entry_likeness", [sa.text(_OF), "number"], **some)
    op.create_index(
        "ix_entry_likeness_cycle", "entry_likeness", [sa.text("(cycle_id::text)"), "number"], **some
    )
    migrations.append_only("entry_likeness")
    migrations.recorded(
        Recorded("entry_likeness", "Likeness of an entry", "台账记录的相似情况", by="cycle_id")
    )
    op.create_index(
        "ix_ledger_entry_subject",
        "ledger_entry",
        [sa.text(f"hashtext({_SUBJECT})"), "number"],
    )
    migrations.create(__file__, "alike")

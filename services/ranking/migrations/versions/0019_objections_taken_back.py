"""Objections to notices that are taken back, and the sealed contacts of who filed some."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0019"
down_revision = "0018"

_NOW = {"server_default": sa.text("clock_timestamp()"), "nullable": False}


def _named(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=nullable) for name in names]


def upgrade() -> None:
    """Add the four tables, to which rows are only added."""
    taken_back = [*_named("subject"), *_named("person", nullable=True)]
    _of_an_objection("notice_withdrawal", "withdrawn_at", "reference", *taken_back)
    sealed = sa.Column("sealed", sa.LargeBinary(), nullable=False)
    key = sa.Column("key_id", sa.Uuid(), nullable=False)
    _of_an_objection("notice_contact", "given_at", "reference", key, sealed)
    who = _named("reason", "subject", "person")
    number = sa.Column("number", sa.Integer(), nullable=False)
    _of_an_objection("notice_contact_reading", "read_at", "number", number, *who)
    erased = _named("subject", "person")
    _of_an_objection("notice_contact_erasure", "erased_at", "reference", *erased)
    migrations.append_only(
        *("notice_withdrawal", "notice_contact"),
        *("notice_contact_reading", "notice_contact_erasure"),
    )
    migrations.recorded(
        Recorded("notice_withdrawal", "Objection taken back", "公示异议撤回", by="cycle_id"),
        Recorded("notice_contact", "Contact of an objection", "公示异议联系方式", by="cycle_id"),
        Recorded("notice_contact_reading", "Reading of a contact", "联系方式查阅", by="cycle_id"),
        Recorded("notice_contact_erasure", "Erasure of a contact", "联系方式销毁", by="cycle_id"),
    )


def _of_an_objection(table: str, moment: str, place: str, *more: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        *_named("reference"),
        *more,
        sa.Column(moment, sa.DateTime(timezone=True), **_NOW),
        sa.PrimaryKeyConstraint("cycle_id", place, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "reference"],
            ["notice_objection.cycle_id", "notice_objection.reference"],
            name=f"fk_{table}_cycle_id_reference",
        ),
    )

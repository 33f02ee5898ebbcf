"""The ledger with its entries and their states, claims, score sheets and their explanations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrations.foundations()
    _ledger()
    _claims()
    _score_sheets()
    migrations.append_only(
        "ledger_entry", "ledger_entry_state", "claim", "score_sheet", "explanation", "feedback"
    )
    migrations.writable("ledger", columns=["phase", "sealed_at"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        *_key("ledger"),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("phase IN ('open', 'sealed')", name="ck_ledger_phase"),
    )
    op.create_table(
        "ledger_entry",
        *_key("ledger_entry", _uuid("entry_id")),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        *_texts("unit", "indicator", "kind"),
        *_texts("key", "item", nullable=True),
        *_texts("period"),
        sa.Column("value", sa.Numeric()),
        *_texts("word", nullable=True),
        sa.Column("occurred_on", sa.Date()),
        *_texts("note", nullable=True),
        *_texts("author", "author_unit"),
        sa.Column("reverses", sa.Uuid()),
        _stamp("entered_at"),
        sa.UniqueConstraint("cycle_id", "reverses", name="uq_ledger_entry_cycle_id_reverses"),
        _within("ledger_entry", "ledger", "cycle_id"),
    )
    op.create_index("ix_ledger_entry_cycle_id_number", "ledger_entry", ["cycle_id", "number"])
    op.create_table(
        "ledger_entry_state",
        *_key("ledger_entry_state", _uuid("entry_id"), _whole("step")),
        *_texts("state", "actor"),
        *_texts("reason", nullable=True),
        _stamp("entered_at"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'verified', 'locked', 'voided')",
            name="ck_ledger_entry_state_state",
        ),
        _within("ledger_entry_state", "ledger_entry", "cycle_id", "entry_id"),
    )


def _claims() -> None:
    op.create_table(
        "claim",
        *_key("claim", _uuid("claim_id")),
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        *_texts("claim_no", "unit", "kind"),
        *_texts("level", "authority", "holder_name", "document_no", nullable=True),
        sa.Column("document_date", sa.Date()),
        sa.Column("work_year", sa.Integer()),
        *_texts("event_key"),
        *_texts("linked_indicator", "rule", nullable=True),
        sa.Column("counted_before", sa.Boolean(), nullable=False),
        *_texts("author"),
        _stamp("handed_in_at"),
        sa.UniqueConstraint("cycle_id", "claim_no", name="uq_claim_cycle_id_claim_no"),
    )
    op.create_index("ix_claim_cycle_id_number", "claim", ["cycle_id", "number"])


def _score_sheets() -> None:
    op.create_table(
        "score_sheet",
        *_key("score_sheet", _whole("edition")),
        *_texts("digest"),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        *_texts("computed_by"),
        _stamp("computed_at"),
    )
    op.create_table(
        "explanation",
        *_key("explanation", _whole("edition"), *_texts("unit")),
        sa.Column("tree", postgresql.JSONB(), nullable=False),
        _within("explanation", "score_sheet", "cycle_id", "edition"),
    )
    op.create_table(
        "feedback",
        *_key("feedback", _whole("edition")),
        *_texts("fed_back_by"),
        _stamp("fed_back_at"),
        _within("feedback", "score_sheet", "cycle_id", "edition"),
    )


def _key(table: str, *columns: sa.Column[object]) -> list[sa.schema.SchemaItem]:
    """The primary key, with the distribution key first."""
    names = ["cycle_id", *(column.name for column in columns)]
    return [_uuid("cycle_id"), *columns, sa.PrimaryKeyConstraint(*names, name=f"pk_{table}")]


def _within(table: str, whole: str, *columns: str) -> sa.ForeignKeyConstraint:
    """The foreign key of a part to its whole."""
    name = f"fk_{table}_{'_'.join(columns)}"
    return sa.ForeignKeyConstraint(columns, [f"{whole}.{c}" for c in columns], name=name)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _whole(name: str) -> sa.Column[object]:
    # Numbered by the service, never by a sequence of the database.
    return sa.Column(name, sa.BigInteger(), nullable=False, autoincrement=False)


def _stamp(name: str) -> sa.Column[object]:
    """A moment by the database's clock."""
    clock = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=clock, nullable=False)

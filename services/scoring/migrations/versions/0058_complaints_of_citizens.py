"""Citizens raise complaints themselves; what they are reached by is sealed, read and erased."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0058"
down_revision = "0057"

_NOW = sa.text("clock_timestamp()")
_DRAWN = sa.text("gen_random_uuid()")
_COMPLAINT = ("cycle_id", "complaint_id")


def upgrade() -> None:
    """Add desks that are opened and closed, and contacts, their readings and their erasures."""
    op.create_table(
        "complaint_desk",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        *_by_whom("entered_at"),
        sa.PrimaryKeyConstraint("cycle_id", "step", name="pk_complaint_desk"),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["ledger.cycle_id"], name="fk_complaint_desk_cycle_id"
        ),
    )
    _of_complaint(
        "complaint_contact",
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _moment("given_at"),
        sa.Column("blinding", sa.Uuid(), server_default=_DRAWN, nullable=False),
    )
    _of_complaint(
        "complaint_contact_reading",
        sa.Column("reading_no", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_by_whom("read_at"),
        key=("reading_no",),
    )
    _of_complaint("complaint_erasure", *_by_whom("erased_at"))
    tables = (
        "complaint_desk",
        "complaint_contact",
        "complaint_contact_reading",
        "complaint_erasure",
    )
    migrations.append_only(*tables)
    migrations.recorded(
        Recorded("complaint_desk", "Desk for complaints", "投诉受理窗口", by="cycle_id"),
        Recorded("complaint_contact", "Sealed contact", "密封的联系方式", by="cycle_id"),
        Recorded(
            "complaint_contact_reading", "Reading of a contact", "联系方式的查阅", by="cycle_id"
        ),
        Recorded("complaint_erasure", "Erasure of a contact", "联系方式的销毁", by="cycle_id"),
    )


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=_NOW, nullable=False)


def _by_whom(at: str) -> list[sa.Column[object]]:
    names = (sa.Column(name, sa.Text(), nullable=False) for name in ("actor", "person"))
    return [*names, _moment(at)]


def _of_complaint(table: str, *columns: sa.Column[object], key: tuple[str, ...] = ()) -> None:
    op.create_table(
        table,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _COMPLAINT),
        *columns,
        sa.PrimaryKeyConstraint(*_COMPLAINT, *key, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            _COMPLAINT, [f"complaint.{name}" for name in _COMPLAINT], name=f"fk_{table}_complaint"
        ),
    )

"""That another code takes the place of a jurisdiction's from a day on."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0026"
down_revision = "0025"

_PROPOSED, _CONFIRMED = "jurisdiction_succession", "jurisdiction_succession_confirmation"
_SAID = ("succeeded_by", "document_no", "proposed_by", "proposed_person")


def upgrade() -> None:
    text, moment = sa.Text(), sa.DateTime(timezone=True)
    now = sa.text("clock_timestamp()")
    op.create_table(
        _PROPOSED,
        sa.Column("code", text, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in _SAID),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", moment, server_default=now, nullable=False),
        *(
            sa.ForeignKeyConstraint([name], ["jurisdiction.code"], name=f"fk_{_PROPOSED}_{name}")
            for name in ("code", "succeeded_by")
        ),
        sa.PrimaryKeyConstraint("code", "number", name=f"pk_{_PROPOSED}"),
    )
    op.create_table(
        _CONFIRMED,
        *(sa.Column(n, text, nullable=False) for n in ("code", "confirmed_by", "confirmed_person")),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", moment, server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["code", "number"],
            [f"{_PROPOSED}.code", f"{_PROPOSED}.number"],
            name=f"fk_{_CONFIRMED}_code_number",
        ),
        sa.PrimaryKeyConstraint("code", name=f"pk_{_CONFIRMED}"),
    )
    migrations.append_only(_PROPOSED, _CONFIRMED)
    migrations.recorded(
        Recorded(
            _PROPOSED, "Changed code of a jurisdiction", "辖区代码变更", chain="jurisdictions"
        ),
        Recorded(
            _CONFIRMED,
            "Confirmation of a changed code",
            "辖区代码变更确认",
            chain="jurisdictions",
        ),
    )

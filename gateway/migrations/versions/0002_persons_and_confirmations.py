"""accounts name the person behind them; powerful ones are confirmed; nobody is locked out"""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # With the columns goes the only right to update that the service had on the table.
    op.drop_column("account", "failures")
    op.drop_column("account", "locked_until")
    op.add_column("account", sa.Column("person", sa.Text(), nullable=True))
    op.execute("UPDATE account SET person = subject")
    op.alter_column("account", "person", nullable=False)
    op.add_column(
        "account",
        sa.Column("awaits_confirmation", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("account", sa.Column("created_by", sa.Text(), nullable=True))
    op.add_column("account", sa.Column("created_by_person", sa.Text(), nullable=True))
    op.create_table(
        "account_confirmation",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by_person", sa.Text(), nullable=False),
        sa.Column(
            "confirmed_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["subject"], ["account.subject"], name=op.f("fk_account_confirmation_subject_account")
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_account_confirmation")),
    )
    migrations.append_only("account_confirmation")

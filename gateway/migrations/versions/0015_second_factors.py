"""Second factors of people: keys for one-time codes, their uses, and recovery codes."""

import sqlalchemy as sa
from alembic import op

from chassis import migrations

revision = "0015"
down_revision = "0014"

_KEY = ("subject", "number")


def upgrade() -> None:
    """Add second factors and the facts about them."""
    _table("second_factor", sa.Column("sealed_key", sa.Text(), nullable=False), at="made_at")
    _table("second_factor_confirmation", at="confirmed_at")
    counter = sa.Column("counter", sa.BigInteger(), nullable=False)
    _table("second_factor_use", counter, at="used_at", key=(*_KEY, "counter"))
    digests = [sa.Column("digest", sa.LargeBinary(), nullable=False) for _ in range(2)]
    _table("recovery_code", digests[0], key=(*_KEY, "digest"))
    _table("recovery_use", digests[1], at="used_at", key=(*_KEY, "digest"))
    migrations.append_only(
        "second_factor",
        "second_factor_confirmation",
        "second_factor_use",
        "recovery_code",
        "recovery_use",
    )


def _table(name: str, *more: sa.Column[sa.Any], at: str = "", key: tuple[str, ...] = _KEY) -> None:
    now = sa.func.clock_timestamp()
    moment = sa.Column(at, sa.DateTime(timezone=True), server_default=now, nullable=False)
    op.create_table(
        name,
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *more,
        *([moment] if at else []),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        *_rules(name, key),
    )


def _rules(name: str, key: tuple[str, ...]) -> list[sa.Constraint]:
    """Return what a table refers to: the account, its factor, or a code of that."""
    if name == "second_factor":
        account = op.f("fk_second_factor_subject_account")
        return [
            sa.CheckConstraint("number > 0", name=op.f("ck_second_factor_number")),
            sa.ForeignKeyConstraint(["subject"], ["account.subject"], name=account),
        ]
    of = "recovery_code" if name == "recovery_use" else "second_factor"
    columns = key if name == "recovery_use" else _KEY
    label = op.f(f"fk_{name}_{'_'.join(columns)}_{of}")
    return [sa.ForeignKeyConstraint(columns, [f"{of}.{each}" for each in columns], name=label)]

"""An explanation that says the same in several editions is kept once, and known by its digest."""

import hashlib

import orjson
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrations

revision = "0004"
down_revision = "0003"

_OLD = sa.text("SELECT cycle_id, edition, unit, tree::text AS tree FROM explanation_of_edition")
_TREE = sa.text(
    "INSERT INTO explanation_tree (cycle_id, digest, tree)"
    " VALUES (:cycle_id, :digest, cast(:tree AS jsonb)) ON CONFLICT DO NOTHING"
)
_NEW = sa.text(
    "INSERT INTO explanation (cycle_id, edition, unit, digest)"
    " VALUES (:cycle_id, :edition, :unit, :digest)"
)


def upgrade() -> None:
    op.rename_table("explanation", "explanation_of_edition")
    op.execute("ALTER INDEX pk_explanation RENAME TO pk_explanation_of_edition")
    op.create_table(
        "explanation_tree",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("tree", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "digest", name="pk_explanation_tree"),
    )
    op.create_table(
        "explanation",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "edition", "unit", name="pk_explanation"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "digest"],
            ["explanation_tree.cycle_id", "explanation_tree.digest"],
            name="fk_explanation_cycle_id_digest_explanation_tree",
        ),
    )
    connection = op.get_bind()
    with connection.execute(_OLD) as rows:
        for row in rows:
            of = row._mapping
            whole = orjson.dumps(orjson.loads(of["tree"]), option=orjson.OPT_SORT_KEYS)
            digest = hashlib.sha256(whole).hexdigest()
            connection.execute(_TREE, {**of, "digest": digest})
            connection.execute(_NEW, {**of, "digest": digest})
    op.drop_table("explanation_of_edition")
    op.create_foreign_key(
        "fk_explanation_cycle_id_edition_score_sheet",
        "explanation",
        "score_sheet",
        ["cycle_id", "edition"],
        ["cycle_id", "edition"],
    )
    migrations.append_only("explanation_tree", "explanation")

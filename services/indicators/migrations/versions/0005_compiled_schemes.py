"""Every version of a scheme has its compiled form beside it."""

import sqlalchemy as sa
from alembic import op
from pydantic import TypeAdapter
from sqlalchemy.dialects import postgresql

from chassis import journal, migrations
from chassis.migrations import Recorded
from indicators.rules.compiled import CompiledScheme, compile_scheme
from indicators.rules.scheme import Scheme

revision = "0005"
down_revision = "0004"

_VERSIONS = sa.table(
    "scheme_version",
    sa.column("cycle_id", sa.Uuid()),
    sa.column("version", sa.Integer()),
    sa.column("scheme", postgresql.JSONB()),
)
_PUBLISHED = sa.table(
    "scheme_publication", sa.column("cycle_id", sa.Uuid()), sa.column("version", sa.Integer())
)


def upgrade() -> None:
    compiled = op.create_table(
        "compiled_scheme",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("compiled", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id", "version"],
            ["scheme_version.cycle_id", "scheme_version.version"],
            name="fk_compiled_scheme_cycle_id_version",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "version", name="pk_compiled_scheme"),
    )
    _compile_versions(compiled)
    migrations.append_only("compiled_scheme")
    # Adopted as they are: each follows from a version that the journal vouches for.
    recorded = Recorded("compiled_scheme", "Compiled scheme", "方案编译结果", by="cycle_id")
    migrations.recorded(recorded)


def _compile_versions(compiled: sa.Table) -> None:
    """Compile what there is, one version at a time.

    A draft that today's rules could not save is left out, and cannot be published: it is to be
    saved anew. A published scheme is always compiled, or nothing is migrated.
    """
    bind, schemes = op.get_bind(), TypeAdapter(Scheme)
    forms = TypeAdapter(CompiledScheme)
    key = [_VERSIONS.c.cycle_id, _VERSIONS.c.version]
    published = {tuple(row) for row in bind.execute(sa.select(_PUBLISHED))}
    for cycle_id, version in bind.execute(sa.select(*key).order_by(*key)).all():
        of_one = [_VERSIONS.c.cycle_id == cycle_id, _VERSIONS.c.version == version]
        stored = bind.scalar(sa.select(_VERSIONS.c.scheme).where(*of_one))
        try:
            form = compile_scheme(schemes.validate_python(stored))
        except Exception:
            if (cycle_id, version) in published:
                raise
            continue
        written = forms.dump_python(form, mode="json")
        row = {"cycle_id": cycle_id, "version": version, "format": form.format}
        row |= {"digest": journal.sha256(written), "compiled": written}
        bind.execute(compiled.insert().values(**row))

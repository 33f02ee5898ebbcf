"""Tables can lie where their cycle lies: rights keep facts as they are, and triggers none."""

from alembic import op

from chassis import migrations

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    migrations.at_home()
    # A link is drawn, and looked up by nothing else; that it is one of a wave its key says.
    op.drop_constraint("uq_form_link_link", "form_link")
    op.create_index(op.f("ix_form_link_link"), "form_link", ["link"])
    migrations.by_rights()
    migrations.numbered_by_statements("wave", "boxed_form")

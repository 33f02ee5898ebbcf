"""Nothing that the journal tells leads to a link, to few answers, or to how many there are."""

from alembic import op

from chassis import migrations
from chassis.migrations import Recorded

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Part the use of a link from what was answered by it; seal and blind what could be tried."""
    migrations.create(__file__, "links", "seats")
    migrations.append_only("form_link_use", "form_link_withdrawal", "seat_replacement")
    migrations.writable("boxed_form", ["form", "blinding"])
    # A form leaves the box once, and nothing comes back in.
    migrations.forward_only(
        "boxed_form", "OLD.form IS NOT NULL AND NEW.form IS NULL AND NEW.blinding <> OLD.blinding"
    )
    migrations.recorded(
        Recorded("form_link_use", "Use of a link", "链接的使用", by="cycle_id"),
        Recorded("form_link_withdrawal", "Withdrawal of links", "链接的撤回", by="cycle_id"),
        Recorded("boxed_form", "Form in the box", "待计的在线问卷", by="cycle_id", changing=True),
        Recorded("seat_replacement", "Another account of a seat", "席位账户的更换", by="cycle_id"),
    )
    op.execute("DELETE FROM journal_table WHERE relation = 'form_link_end'")
    op.execute("DROP TABLE form_link_end")
    migrations.blind("batch", "wave_result", "wave_weights", "urn_opening")
    migrations.seal("response", "opinion", "batch_left_out", "refused_row", "form_link_use")

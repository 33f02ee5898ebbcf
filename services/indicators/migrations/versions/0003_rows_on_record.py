"""The journal vouches for every row, and a cycle's phase only goes forward."""

from chassis import migrations
from chassis.migrations import Recorded

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    migrations.vouch_for_rows()
    migrations.recorded(
        Recorded("unit", "Unit", "单位", chain="units"),
        Recorded("unit_name", "Name of a unit", "单位名称", chain="units", changing=True),
        Recorded("cycle", "Cycle", "评估年度", by="cycle_id", changing=True),
        Recorded("scheme_version", "Version of the scheme", "方案版本", by="cycle_id"),
        Recorded("scheme_publication", "Publication of the scheme", "方案公布", by="cycle_id"),
        Recorded("target", "Target", "目标值", by="cycle_id"),
    )
    migrations.forward_only("cycle", "OLD.phase = 'draft' AND NEW.phase = 'open'")
    migrations.forward_only("unit_name", "OLD.valid_to IS NULL AND NEW.valid_to IS NOT NULL")

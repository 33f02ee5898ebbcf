"""Cycles with their schemes, units and their names, targets, and codes of other systems."""

from chassis import migrations
from chassis.migrations import Recorded

revision = "0012"
down_revision = None


def upgrade() -> None:
    """Make the tables as they are today; a database of an older version is refused."""
    migrations.foundations()
    migrations.create(__file__, "cycles", "units", "targets", "codes")
    migrations.append_only(
        "scheme_version",
        "scheme_publication",
        "compiled_scheme",
        "unit",
        "unit_succession",
        "target",
        "target_settlement",
        "id_scheme",
    )
    migrations.writable("cycle", ["phase"])
    migrations.writable("indicator_mapping", _CHANGING)
    migrations.writable("unit_mapping", _CHANGING)
    migrations.writable("unit_name", ["valid_to"])
    migrations.forward_only("cycle", "OLD.phase = 'draft' AND NEW.phase = 'open'")
    migrations.forward_only("unit_name", "OLD.valid_to IS NULL AND NEW.valid_to IS NOT NULL")
    migrations.forward_only("unit_mapping", _MOVES)
    migrations.forward_only("indicator_mapping", _MOVES)
    migrations.recorded(*_RECORDED)


_CHANGING = [
    "valid_to",
    "state",
    *(
        f"{step}_{what}"
        for step in ("decided", "ended")
        for what in ("by", "person", "reason", "at")
    ),
]

_MOVES = """
    (OLD.state = 'proposed' AND NEW.state IN ('confirmed', 'refused')
      AND NEW.valid_to IS NOT DISTINCT FROM OLD.valid_to)
    OR (OLD.state IN ('confirmed', 'ended') AND NEW.state = 'ended'
      AND NEW.valid_to < coalesce(OLD.valid_to, 'infinity'))
    """

_RECORDED = [
    Recorded("cycle", "Cycle", "评估年度", by="cycle_id", changing=True),
    Recorded("scheme_version", "Version of the scheme", "方案版本", by="cycle_id"),
    Recorded("scheme_publication", "Publication of the scheme", "方案公布", by="cycle_id"),
    Recorded("compiled_scheme", "Compiled scheme", "方案编译结果", by="cycle_id"),
    Recorded("unit", "Unit", "单位", chain="units"),
    Recorded("unit_name", "Name of a unit", "单位名称", chain="units", changing=True),
    Recorded("unit_succession", "Succession of units", "单位沿革", chain="units"),
    Recorded("target", "Target", "目标值", by="cycle_id"),
    Recorded("target_settlement", "Settlement of targets", "目标协调结果", by="cycle_id"),
    Recorded("id_scheme", "Id scheme", "代码体系", chain="id-schemes"),
    Recorded(
        "unit_mapping", "Mapping of unit codes", "单位代码对照", chain="id-schemes", changing=True
    ),
    Recorded(
        "indicator_mapping",
        "Mapping of indicator codes",
        "指标代码对照",
        by="cycle_id",
        changing=True,
    ),
]

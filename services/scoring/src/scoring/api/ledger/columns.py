"""The columns of a table of ledger entries: as it is exported, filled in, and sent back."""

from chassis.row_files import Column

COLUMNS = (
    Column("entry_id", "记录标识", "Entry"),
    Column("state", "状态", "State"),
    Column("unit", "单位代码", "Unit"),
    Column("unit_name", "单位", "Name of the unit"),
    Column("indicator", "指标代码", "Indicator"),
    Column("indicator_name", "指标", "Name of the indicator"),
    Column("kind", "种类", "Kind"),
    Column("key", "录入项", "Key"),
    Column("item", "分项", "Item"),
    Column("period", "期间", "Period"),
    Column("value", "数值", "Value", is_number=True),
    Column("word", "词语", "Word"),
    Column("occurred_on", "发生日期", "Occurred on"),
    Column("listed", "参加排名的数量", "Ranked in all", is_number=True),
    Column("published_value", "公布的数值", "Published value", is_number=True),
    Column("document_no", "文号", "Document"),
    Column("document_date", "发文日期", "Date of the document"),
    Column("authority", "发文机关", "Issued by"),
    Column("about_from", "结果所涉起始日", "About, from"),
    Column("about_until", "结果所涉截止日", "About, until"),
    Column("note", "说明", "Note"),
    Column("source_ref", "来源记录号", "Source reference"),
)
"""Each is a field of an entry that is entered; a workbook may name it by any of its names."""

LATENESS = (
    Column("late", "是否迟报", "Late"),
    Column("late_by_working_days", "迟报工作日数", "Working days late", is_number=True),
)
"""Of a file for reading alone: what the calendar says of an entry, nobody enters."""

EVIDENCE = Column("evidence_ids", "佐证材料标识", "Evidence")
"""Of what is entered alone: a file of entries does not tell what evidence they name."""

"""A scheme with its tables, as newcomers write them: read whole, or every fault named at once."""

import shutil
from pathlib import Path

import pytest

from kaoping.faults import KaopingFault
from kaoping.people import cast
from kaoping.plan import Plan
from kaoping.rows import TableFault
from kaoping.tables import read_tables, unread

PRESETS = Path(__file__).parents[2] / "examples/presets"


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    """A copy of a preset, to spoil."""
    return Path(shutil.copytree(PRESETS / "towns", tmp_path / "towns"))


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A copy of a preset with surveys, to spoil."""
    return Path(shutil.copytree(PRESETS / "county", tmp_path / "county"))


def entered(plan: Plan, unit: str, indicator: str) -> list[tuple[str | None, ...]]:
    names = ("key", "item", "period", "value", "word")
    return [
        tuple(entry.get(name) for name in names)
        for entries in plan.entries.values()
        for entry in entries
        if (entry["unit"], entry["indicator"]) == (unit, indicator)
    ]


@pytest.mark.parametrize("name", sorted(each.name for each in PRESETS.iterdir()))
def test_every_preset_is_whole(name: str) -> None:
    plan = read_tables(PRESETS / name)
    assert plan.categories
    assert sum(map(len, plan.entries.values())) + sum(len(w.rows) for w in plan.waves) > 5


def test_a_cell_becomes_an_entry_by_the_form_of_its_indicator(towns: Path) -> None:
    """Planted bugs: the key of another method, a word as a value, a year for a half of it."""
    plan = read_tables(towns)
    assert entered(plan, "T1", "T01") == [("actual", None, "2025", "12480", None)]
    assert entered(plan, "T1", "T05") == [("general", None, "2025", "1", None)]
    assert entered(plan, "T1", "T07") == [(None, None, "2025", None, "好")]
    assert entered(plan, "T2", "T08") == [
        (None, "1", "2025", None, "按期"),
        (None, "2", "2025", None, "逾期"),
    ]
    assert entered(plan, "T2", "T05") == []  # an empty cell says nothing
    vertical = read_tables(PRESETS / "vertical")
    assert [each[2] for each in entered(vertical, "D1", "R02")] == [
        f"2025Q{quarter}" for quarter in (1, 2, 3, 4)
    ]
    bureaus = read_tables(PRESETS / "bureaus")
    assert entered(bureaus, "S1", "EFF") == [
        ("督办逾期", None, "2025H1", "2", None),
        ("zero_report", None, "2025H2", "0", None),
    ]


def test_each_entry_is_posted_by_its_data_source() -> None:
    plan = read_tables(PRESETS / "vertical")
    posters = {e["indicator"]: who for who, entries in plan.entries.items() for e in entries}
    assert posters["R01"] == "D-REVENUE"
    own = {e["unit"] for e in plan.entries["D3"]}
    assert own == {"D3"}  # what a unit reports of itself
    assert {e["indicator"] for e in plan.entries["D3"]} == {"R03"}


def test_the_marks_of_a_panel_are_posted_from_its_seats() -> None:
    plan = read_tables(PRESETS / "parks")
    marks = {e["item"] for e in plan.entries["firm-judge-2"]}
    assert marks == {"2"}
    judges = [each for each in cast(plan) if each.seated]
    assert [(each.subject, each.roles, each.unit) for each in judges][1:2] == [
        ("firm-judge-2", ("panel_member",), "P-FIRMS")
    ]


def test_tables_that_excel_saves_are_read(towns: Path) -> None:
    """Planted bugs: the mark at the beginning of UTF-8; the encoding of a Chinese Windows."""
    usual = read_tables(towns)
    for encoding in ("utf-8-sig", "gb18030"):
        for name in ("units.csv", "targets.csv", "values.csv"):
            text = (PRESETS / "towns" / name).read_text("utf-8")
            (towns / name).write_bytes(text.replace("\n", "\r\n").encode(encoding))
        assert read_tables(towns) == usual


def test_only_what_the_scheme_uses_is_wanted(towns: Path) -> None:
    for name in ("targets.csv", "values.csv"):
        (towns / name).unlink()
    plan = read_tables(towns)
    assert (plan.targets, plan.entries, plan.claims, plan.waves) == ([], {}, [], [])
    assert len(plan.units) == 13


@pytest.mark.parametrize(
    ("table", "line", "fault"),
    [
        ("values.csv", "T9,1", "values.csv line 8: T9 stands in no category"),
        ("values.csv", "t1,1", "values.csv line 8: t1 stands in no category; is it T1?"),
        ("values.csv", 'T1,"12,480"', "T01: 12,480 is no number; write digits alone"),
        ("values.csv", "T1,98%", "T01: 98% is no number"),
        ("values.csv", "T1,,,,,,,优", "T07: 优 is no word of it; there are: 一般, 好, 差, 较好"),
        ("values.csv", "T1,1", "T01: the same stands in values.csv line 2"),
        ("targets.csv", "T1,T01,1,", "target: the same stands in targets.csv line 2"),
        ("targets.csv", "T1,T03,,5万", "baseline: 5万 is no number"),
        ("values.csv", "T1" + ",1" * 12, "values.csv line 8: there are more cells than headings"),
        ("targets.csv", "T1,T99,1,", "targets.csv line 20: TOWN has no indicator T99"),
        ("units.csv", "T1,又一个,TOWN", "units.csv line 15: T1 stands there twice"),
        ("units.csv", "信访局,信访局,", "units.csv line 15: 信访局 is no code"),
        ("targets.csv", ",T01,1,", "targets.csv line 20: the unit is missing"),
        ("units.csv", "T7,新镇,TWON", "the scheme has no category TWON; is it TOWN?"),
        ("units.csv", ",新镇,TOWN", "units.csv line 15: - is no code"),
    ],
)
def test_a_fault_is_named_with_its_line(towns: Path, table: str, line: str, fault: str) -> None:
    with (towns / table).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(KaopingFault, match=r"(units|targets|values)\.csv") as refusal:
        read_tables(towns)
    assert fault in str(refusal.value)


def test_all_faults_are_named_at_once_and_not_too_many(towns: Path) -> None:
    with (towns / "values.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"X{n},1\n" for n in range(1_000))
    with pytest.raises(TableFault) as refusal:
        read_tables(towns)
    lines = str(refusal.value).splitlines()
    assert len(lines) == 22
    assert lines[-1] == "… and 980 more"


def test_a_column_that_means_nothing_is_named(towns: Path) -> None:
    (towns / "targets.csv").write_text("单位,指标,目标\nT1,T01,5\n", "utf-8")
    with pytest.raises(TableFault, match=r"targets\.csv: there is no column 目标"):
        read_tables(towns)


def test_a_faulty_scheme_is_told_by_the_codes_people_know(towns: Path) -> None:
    text = (towns / "scheme.yaml").read_text("utf-8")
    (towns / "scheme.yaml").write_text(text.replace("floor_ratio: 0.6", "floor_ratio: 6"), "utf-8")
    with pytest.raises(TableFault, match=r"TOWN economy T01 /categories/0/blocks/0/indicators/0"):
        read_tables(towns)


def test_what_no_code_or_encoding_reads_is_refused(towns: Path) -> None:
    (towns / "values.csv").write_bytes(b"\xff\xff\xff")
    with pytest.raises(TableFault, match="no text in UTF-8 or GB 18030"):
        read_tables(towns)


def test_a_body_that_is_not_among_the_units_is_unknown(towns: Path) -> None:
    """Planted bug: whatever the scheme names counts as registered, and a slip is seen a year on."""
    text = (towns / "scheme.yaml").read_text("utf-8")
    slip = text.replace("data_source_unit: T-FINANCE", "data_source_unit: T-FINANCES")
    (towns / "scheme.yaml").write_text(slip, "utf-8")
    with pytest.raises(TableFault, match="No unit T-FINANCES is registered"):
        read_tables(towns)


def test_faults_of_tables_are_told_in_chinese(towns: Path) -> None:
    (towns / "values.csv").write_text("单位,T01,T07\nT1,98%,优\n", "utf-8")
    with pytest.raises(TableFault) as refusal:
        read_tables(towns, chinese=True)
    lines = str(refusal.value).splitlines()[1:]
    assert lines[0].startswith("values.csv 第2行：T01：“98%”不是数字")
    assert lines[1] == "values.csv 第2行：T07：没有选项“优”，可用：一般, 好, 差, 较好"


def test_full_width_signs_and_other_separators_are_read(towns: Path) -> None:
    usual = read_tables(towns)
    text = (towns / "values.csv").read_text("utf-8").replace(",", ";")
    (towns / "values.csv").write_text(text.replace("T05/general", "Ｔ０５／general"), "utf-8")
    assert read_tables(towns) == usual


def test_a_table_that_nothing_is_read_from_is_named(towns: Path) -> None:
    (towns / "claims.csv").write_text("unit\n", "utf-8")
    assert unread(towns) == ["claims.csv", "expected.csv"]


def test_a_monstrous_cell_is_refused(towns: Path) -> None:
    """Planted bug: an error of the reader of tables ends in a traceback."""
    (towns / "values.csv").write_text(f"单位,T01\nT1,{'9' * 200_000}\n", "utf-8")
    with pytest.raises(TableFault, match="field larger than"):
        read_tables(towns)


def test_an_empty_table_is_named(towns: Path) -> None:
    (towns / "values.csv").write_text("", "utf-8")
    with pytest.raises(TableFault, match=r"values\.csv: there are no headings"):
        read_tables(towns)


def test_a_line_of_answers_is_as_many_respondents(county: Path) -> None:
    """Planted bugs: one token for all of a line; a wave of its own for each table."""
    (county / "opinions.csv").unlink()
    head = "调查,轮次,单位,评议主体,结果,份数,答案,ATTITUDE,EFFECT,WISH\n"
    (county / "answers-public.csv").write_text(
        f"{head}PUBLIC,2,M1,served,,2,,satisfied,fair,speed\n"
        "PUBLIC,2,M1,towns,refused,1,,,,\n"
        "PEERS,,M2,,,1,好,,,\n",
        "utf-8",
    )
    waves = {(each.survey, each.number): each.rows for each in read_tables(county).waves}
    assert sorted(waves) == [("LEADERS", 1), ("MEETING", 1), ("PEERS", 1), ("PUBLIC", 2)]
    first, second, refused = waves["PUBLIC", 2]
    assert first["answers"] == {"ATTITUDE": "satisfied", "EFFECT": "fair", "WISH": "speed"}
    assert (first["group"], first["outcome"]) == ("served", "completed")
    assert first["respondent_token"] != second["respondent_token"]
    assert refused["outcome"] == "refused"
    assert not {"answer", "answers"} & refused.keys()
    assert [each["answer"] for each in waves["PEERS", 1] if each["unit"] == "M2"][-1] == "好"
    assert len({each["respondent_token"] for rows in waves.values() for each in rows}) == sum(
        map(len, waves.values())
    )


def test_an_opinion_is_accepted_or_rejected_in_a_wave_that_is_asked(county: Path) -> None:
    """Planted bugs: an opinion that nobody decides about; one of a wave that nobody asks."""
    waves = {(each.survey, each.number): each.opinions for each in read_tables(county).waves}
    assert [each["unit"] for each in waves["PUBLIC", 1]] == ["M1", "M1", "M2"]
    assert [each["wording"] is None for each in waves["PUBLIC", 1]] == [False, True, False]
    head = "调查,轮次,单位,意见,采纳表述,不采纳理由\n"
    for line, fault in {
        "PUBLIC,1,M9,排队久,排队久,": "M9 is no unit of it",
        "PUBLIC,1,M1,排队久,,": "a wording or a reason",
        "PUBLIC,1,M1,排队久,排队久,无": "a wording or a reason",
        "PUBLIC,1,M1,,排队久,": "a wording or a reason",
        "PUBLIC,3,M1,排队久,排队久,": "no whole number from 1 to 2",
    }.items():
        (county / "opinions.csv").write_text(f"{head}{line}\n", "utf-8")
        with pytest.raises(TableFault, match=fault):
            read_tables(county)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("PUBLICS,1,M1,served,,1,fair,fair,speed", "PUBLICS is no survey of it; is it PUBLIC?"),
        ("PUBLIC,3,M1,served,,1,fair,fair,speed", "wave: 3 is no whole number from 1 to 2"),
        ("PUBLIC,1,M9,served,,1,fair,fair,speed", "M9 is no unit of it"),
        ("PUBLIC,1,M1,,,1,fair,fair,speed", "- is no group of it"),
        ("PUBLIC,1,M1,served,,1.5,fair,fair,speed", "count: 1.5 is no whole number from 1"),
        ("PUBLIC,1,M1,served,,,fair,fair,speed", "count: - is no whole number from 1"),
        ("PUBLIC,1,M1,served,,1,so so,fair,speed", "so so is no ATTITUDE of it"),
        ("PUBLIC,1,M1,served,,1,fair,,speed", "- is no EFFECT of it"),
        ("PUBLIC,1,M1,served,refused,1,fair,,", "ATTITUDE is no question of it"),
        ("LEADERS,1,M1,,,1,fair,,", "ATTITUDE is no question of it"),
        ("PEERS,1,M1,served,,1,,,", "served is no group of it"),
    ],
)
def test_answers_that_no_survey_asks_for_are_named(county: Path, line: str, fault: str) -> None:
    with (county / "answers-public.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(TableFault, match=r"answers-public\.csv line 436: ") as refusal:
        read_tables(county)
    assert fault in str(refusal.value)

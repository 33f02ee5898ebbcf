"""Results for people: the table of a release."""

import subprocess
import sys
from io import StringIO

import pytest
from rich.console import Console

from kaoping.faults import KaopingFault
from kaoping.playing import latest_releases
from kaoping.results import Release

SCHEME = {
    "assessment_year": 2031,
    "categories": [
        {
            "code": "TOWN",
            "name": "乡镇",
            "subcategories": [],
            "blocks": [{"code": "work", "name": "工作"}, {"code": "voice", "name": "民意"}],
        }
    ],
    "composition": {"parts": ["work", "voice"], "shown": []},
    "grades": {"names": {"good": "良好"}},
}
RANKING = {
    "category": "TOWN",
    "units": [
        {
            "unit": "U1",
            "name": "甲乡",
            "blocks": {"voice": "9.10", "work": "80.00"},
            "base_total": "89.10",
            "adjustment": "-0.50",
            "final_total": "88.60",
            "rank": 1,
            "grade": "good",
            "grade_name": "良好",
            "reasons": [{"en": "capped by veto V1", "zh": "因一票否决（V1）等次受限"}],
        }
    ],
}


def test_the_table_has_the_schemes_words_in_the_schemes_order() -> None:
    console = Console(file=StringIO(), width=120)
    console.print(Release(SCHEME, RANKING).table())
    told = console.file.getvalue()  # type: ignore[attr-defined]
    header, row = (line for line in told.splitlines() if "单位" in line or "甲乡" in line)
    assert header.index("工作") < header.index("民意")
    cells = [cell.strip() for cell in row.split("│")[1:-1]]
    assert cells == [
        "1", "甲乡", "80.00", "9.10", "89.10", "-0.50", "88.60", "良好",
        "因一票否决（V1）等次受限",
    ]  # fmt: skip
    assert "2031" in told
    assert "乡镇" in told


def test_the_table_names_the_class_of_each_unit_where_there_are_classes() -> None:
    category = {**SCHEME["categories"][0], "subcategories": [{"code": "BIG", "name": "大乡"}]}
    units = [{**RANKING["units"][0], "subcategory": "BIG"}, RANKING["units"][0]]
    console = Console(file=StringIO(), width=120)
    release = Release({**SCHEME, "categories": [category]}, {**RANKING, "units": units})
    console.print(release.table())
    told = console.file.getvalue()  # type: ignore[attr-defined]
    rows = [line.split("│") for line in told.splitlines() if "甲乡" in line]
    assert [row[3].strip() for row in rows] == ["大乡", "-"]


def test_a_block_that_is_only_shown_says_so_in_its_heading() -> None:
    """Planted bug: the scheme's composition where the category has its own."""
    [town] = SCHEME["categories"]
    own = {**town, "composition": {"parts": ["work"], "shown": ["voice"]}}
    columns = Release({**SCHEME, "categories": [own]}, RANKING).table().columns
    assert [each.header for each in columns[2:4]] == ["工作", "民意（列示）"]


def test_a_unit_that_was_left_out_stands_there_with_dashes() -> None:
    nothing = dict.fromkeys(("base_total", "final_total", "rank", "grade"))
    left_out = {
        **RANKING["units"][0],
        **nothing,
        "blocks": {},
        "grade_name": None,
        "reasons": [{"zh": "未参加排名"}],
    }
    console = Console(file=StringIO(), width=120)
    console.print(Release(SCHEME, {**RANKING, "units": [left_out]}).table())
    told = console.file.getvalue()  # type: ignore[attr-defined]
    row = next(line for line in told.splitlines() if "甲乡" in line)
    cells = [cell.strip() for cell in row.split("│")[1:-1]]
    assert cells == ["-", "甲乡", "-", "-", "-", "-0.50", "-", "-", "未参加排名"]


def test_the_client_side_of_the_command_needs_no_server_packages() -> None:
    script = (
        "import sys; import kaoping.app; "
        "print([m for m in ('chassis', 'fastapi', 'sqlalchemy', 'uvicorn') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("asked", "found"),
    [("", ("old", {"TOWN": 3, "CITY": 2})), ("old", ("old", {"TOWN": 3, "CITY": 2}))],
)
def test_what_is_published_is_found_although_the_next_year_has_begun(asked, found):
    """Planted bug: look at the newest cycle alone."""
    released = [("TOWN", 1), ("CITY", 2), ("TOWN", 3)]
    pages = {
        "/cycles": [{"cycle_id": "new"}, {"cycle_id": "old"}, {"cycle_id": "older"}],
        "/cycles/new/releases": [],
        "/cycles/old/releases": [{"category": c, "release": n} for c, n in released],
    }
    assert latest_releases(Pages(pages), asked) == found
    with pytest.raises(KaopingFault, match="nothing has been published of cycle new"):
        latest_releases(Pages(pages), "new")
    with pytest.raises(KaopingFault, match="no cycle"):
        latest_releases(Pages({"/cycles": []}))


class Pages(dict):
    """A client that is answered from here."""

    def pages(self, path):
        return iter(self[path])

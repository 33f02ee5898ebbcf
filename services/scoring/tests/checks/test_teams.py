"""Who checks a drawn unit: nobody with an interest, evenly, by the seed that anybody can redo."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from chassis.refusals import Refusal
from scoring.rules.checks.draw import sha256
from scoring.rules.checks.sheet import LOOK_FOR, Recorded, look_for
from scoring.rules.checks.teams import (
    Reviewer,
    bar_of,
    candidates_of,
    check_pool,
    pool_of,
    teams_by_seed,
)

from .test_draws import AHEAD, SEED, day_in, draw, fix, listed, text, value, with_checks

UNITS = [f"U{n:02}" for n in range(30)]
PEOPLE = [f"人员{n}" for n in range(12)]


def test_nobody_has_another_team_while_somebody_who_may_has_fewer():
    """Planted bugs: ordered by the digest alone; the first of the list for every unit."""
    barred = {(unit, PEOPLE[n % 12]) for n, unit in enumerate(UNITS) if n % 4 == 0}
    may = {unit: [one for one in PEOPLE if (unit, one) not in barred] for unit in UNITS}
    teams = teams_by_seed(SEED, UNITS, pool_of(may), 3)
    load = Counter()
    for unit in UNITS:
        assert len({*teams[unit]} & {*may[unit]}) == 3
        left_out = {one for one in may[unit] if one not in teams[unit]}
        assert max(load[one] for one in teams[unit]) <= min(load[one] for one in left_out)
        load.update(teams[unit])
    assert max(load.values()) - min(load[one] for one in PEOPLE) <= 2


def test_another_seed_has_other_teams_and_of_equal_ones_the_digest_decides():
    """Planted bug: the seed left out of what is hashed."""
    pool = pool_of(dict.fromkeys(UNITS, PEOPLE))
    first = min(PEOPLE, key=lambda one: sha256(f"{SEED}|{UNITS[0]}|{one}"))
    assert teams_by_seed(SEED, UNITS, pool, 1)[UNITS[0]] == [first]
    assert teams_by_seed(SEED, UNITS, pool, 2) != teams_by_seed("another", UNITS, pool, 2)


@pytest.mark.parametrize(
    ("unit", "conflicts", "code"),
    [
        (None, (), None),
        ("ZH99", (), None),
        ("XQ01", (), "own-unit"),
        ("XQ02", (), "competes"),
        ("ZH01", (), "checked-source"),
        (None, ("XQ01",), "conflict-declared"),
        (None, ("XQ02",), None),
    ],
)
def test_an_interest_bars_by_name(scheme, unit, conflicts, code):
    """Planted bugs: only the own unit; no declared interest; who enters what is checked."""
    category = scheme.category_of()["XQ01"]
    bar = bar_of(Reviewer("甲", unit, conflicts), "XQ01", category)
    assert (bar and bar.code) == code


def test_reviewers_of_whom_too_few_may_check_a_unit_are_refused(scheme):
    """Planted bug: a unit left with nobody to check it."""
    units = scheme.category_of()["XQ01"].units
    two = [Reviewer("甲"), Reviewer("乙", None, ("XQ01",))]
    check_pool(two, units, 1, scheme)
    for faulty, code in (
        ((two, 2), ["too-few"]),
        (([*two, Reviewer("甲")], 1), ["named-twice"]),
        (([*two, Reviewer("丙", None, ("NONE",))], 1), ["unknown-unit"]),
    ):
        with pytest.raises(Refusal) as refused:
            check_pool(faulty[0], units, faulty[1], scheme)
        assert [each.code for each in refused.value.faults] == code
    assert candidates_of(two, ["XQ01", "XQ02"], scheme) == {"XQ01": ["甲"], "XQ02": ["乙", "甲"]}


def test_what_the_record_gives_reason_to_look_at():
    """Planted bugs: each reason left out."""
    plain = Recorded(own=False, files=1, shared=False, late=False, restates=False, counts=True)
    assert look_for(plain) == []
    others = {"own": True, "files": 0, "shared": True, "late": True, "restates": True,
              "counts": False}  # fmt: skip
    alone = [look_for(replace_(plain, name, told)) for name, told in others.items()]
    assert alone == [[word] for word in LOOK_FOR]


def replace_(recorded, name, told):
    return recorded._replace(**{name: told})


# Over HTTP


async def fix_reviewers(cycle, *reviewers, members=2, client=None):
    body = {"members": members, "reviewers": list(reviewers)}
    return await cycle.post(client or cycle.office, "checks/SPOT/reviewers", body)


async def name(cycle, unit, *members, client=None, reason="生病"):
    body = {"members": list(members), "reason": reason}
    return await cycle.post(client or cycle.office, f"checks/SPOT/teams/{unit}", body)


def reviewer(cycle, person, role="panel_member", unit=None):
    return cycle.caller(role, unit=unit, subject=f"account-of-{person}", person=person)


PANEL = [{"person": f"检查员{n}"} for n in range(5)]


@pytest.fixture(scope="module")
async def checked(new_cycle, others, document):
    """A cycle whose spot check is drawn with reviewers; of each county there are two entries."""
    cycle = new_cycle()
    with_checks(others, cycle, document)
    units = document["categories"][0]["units"]
    await cycle.enter(*(value(unit, n) for unit in units for n in (1, 2)), unit="ZH01")
    await cycle.verify(all_submitted=True)
    early = await fix_reviewers(cycle, *PANEL)
    assert [early.status_code, early.json()["type"]] == [409, "not-committed"]
    assert (await fix(cycle)).status_code == 201
    fixed = await fix_reviewers(cycle, *PANEL, {"person": "检查员9", "conflicts": units})
    assert fixed.status_code == 201, fixed.text
    with_checks(others, cycle, document, zone=AHEAD)
    assert (await draw(cycle)).status_code == 201
    return cycle


async def teams_of(cycle):
    answer = await cycle.office.get(f"{cycle.path}/checks/SPOT/teams")
    assert answer.status_code == 200, answer.text
    return answer.json()


SHELL = """
set -euo pipefail
export LC_ALL=C
: > teams
while read -r unit; do
  awk -F'|' -v unit="$unit" '$1 == unit' reviewers | while IFS= read -r id; do
    has=$(cut -d'|' -f2 teams | grep -cxF "${id#*|}" || true)
    digest=$(printf '%s|%s' "$SEED" "$id" | sha256sum | cut -d' ' -f1)
    printf '%09d %s  %s\\n' "$has" "$digest" "$id"
  done | sort | sed -n "1,${MEMBERS}p" | cut -c 77- >> teams
done < units
"""
"""What docs/checks.md has anybody type, word for word."""


def run_shell(command, folder, env):
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr


async def test_the_teams_are_redone_with_sha256sum_and_sort_alone(checked, tmp_path):
    """Planted bug: teams given in the order of codes, not of the draw."""
    spot, teams = (await listed(checked))["SPOT"], await teams_of(checked)
    reviewers = await text(checked, "SPOT/reviewers")
    (tmp_path / "reviewers").write_bytes(reviewers)
    (tmp_path / "units").write_text("".join(f"{unit}\n" for unit in spot["drawn_units"]))
    env = {"SEED": spot["seed"], "MEMBERS": str(teams["members"]), "PATH": "/usr/bin:/bin"}
    command = ["/bin/bash", "-c", SHELL]
    run_shell(command, tmp_path, env)
    told = [f"{each['unit']}|{one['person']}" for each in teams["teams"] for one in each["members"]]
    assert (tmp_path / "teams").read_text().splitlines() == told
    assert len(told) == 4
    assert sha256(reviewers.decode()) == teams["pool"]
    page = (Path(__file__).parents[4] / "docs" / "checks.md").read_text()
    for line in SHELL.strip().splitlines()[1:]:
        assert line in page, line


async def test_reviewers_are_fixed_once_and_before_the_day_of_the_seed(
    checked, new_cycle, others, document
):
    """Planted bug: reviewers taken once the seed may be known."""
    again = await fix_reviewers(checked, *PANEL)
    assert [again.status_code, again.json()["type"]] == [409, "reviewers-fixed"]
    cycle = new_cycle()
    with_checks(others, cycle, document)
    assert (await fix(cycle)).status_code == 201
    with_checks(others, cycle, document, zone=AHEAD)
    late = await fix_reviewers(cycle, *PANEL)
    assert [late.status_code, late.json()["type"]] == [409, "reviewers-too-late"]


async def test_a_team_with_an_interest_is_refused_by_name(checked):
    """Planted bugs: an interest that was declared for the pool forgotten; the clerk himself."""
    drawn = (await listed(checked))["SPOT"]["drawn_units"]
    other = next(each for each in ("XQ01", "XQ02", "XQ03") if each not in drawn)
    before = await checked.rows()
    faulty = [{"person": "甲", "unit": drawn[0]}, {"person": "乙", "unit": other},
              {"person": "丙", "unit": "ZH01"}, {"person": "丙"},
              {"person": "检查员9"}]  # fmt: skip
    answer = await name(checked, drawn[0], *faulty)
    assert [answer.status_code, answer.json()["type"]] == [422, "team-refused"]
    codes = sorted(each["code"] for each in answer.json()["errors"])
    assert codes == ["checked-source", "competes", "conflict-declared", "named-twice", "own-unit"]
    answer = await name(checked, other, {"person": "丁"})
    assert [answer.status_code, answer.json()["type"]] == [409, "not-drawn"]
    rival = checked.caller("performance_office", unit=other, subject="rival")
    answer = await name(checked, drawn[0], {"person": "丁"}, client=rival)
    assert [answer.status_code, answer.json()["type"]] == [403, "naming-barred"]
    assert await checked.rows() == before


async def test_the_sheet_is_read_by_the_team_the_office_and_the_auditor(checked):
    """Planted bugs: a person of another team; one whose account is of another unit than was said;
    entries that were not drawn."""
    teams = {each["unit"]: each for each in (await teams_of(checked))["teams"]}
    (unit, team), (_, others) = teams.items()
    mine = {each["person"] for each in team["members"]}
    member = team["members"][0]["person"]
    stranger = next((p["person"] for p in others["members"] if p["person"] not in mine), "无关")
    path = f"{checked.path}/checks/SPOT/sheets/{unit}"
    for client in (checked.office, checked.caller("auditor"), reviewer(checked, member)):
        answer = await client.get(path)
        assert answer.status_code == 200, answer.text
        shown = answer.json()["items"]
        assert [each["look_for"] for each in shown] == [["no_evidence"]] * 2
        assert {each["indicator"] for each in shown} == {"C03"}
        drawn = (await text(checked, f"SPOT/lists/entries-{unit}/drawn")).decode().split()[1::2]
        assert sorted(drawn) == [each["entry_id"] for each in shown]
    first = (await checked.office.get(f"{path}?limit=1")).json()
    rest = (await checked.office.get(f"{path}?limit=1&after={first['next']}")).json()
    assert [*first["items"], *rest["items"]] == shown
    elsewhere = reviewer(checked, member, role="data_source_unit", unit="ZH01")
    for client in (reviewer(checked, stranger), elsewhere):
        assert (await client.get(path)).status_code == 403
    own = checked.caller("assessed_unit", unit=unit, subject=f"of-{unit}")
    assert (await own.get(path)).status_code == 403
    assert (await checked.office.get(f"{checked.path}/checks/SPOT/sheets/NONE")).status_code == 409


async def test_whoever_is_named_takes_the_place_of_the_former_team(new_cycle, others, document):
    """Planted bug: both teams read the sheet."""
    cycle = new_cycle()
    with_checks(others, cycle, document)
    assert (await fix(cycle, seed_on=day_in(-12, 1))).status_code == 201
    with_checks(others, cycle, document, zone=AHEAD)
    assert (await draw(cycle)).status_code == 201
    unit = (await listed(cycle))["SPOT"]["drawn_units"][0]
    path = f"{cycle.path}/checks/SPOT/sheets/{unit}"
    for person in ("甲", "乙"):
        answer = await name(cycle, unit, {"person": person})
        assert answer.status_code == 201, answer.text
        assert answer.json()["team"]["chosen_by"] == "office"
        assert (await reviewer(cycle, person).get(path)).status_code == 200
    assert (await reviewer(cycle, "甲").get(path)).status_code == 403
    (told, _) = (await teams_of(cycle))["teams"]
    assert [told["unit"], told["members"]] == [unit, [{"person": "乙", "unit": None}]]
    clerk = cycle.caller("performance_office", subject="clerk", person="钱七")
    refused = (await name(cycle, unit, {"person": "钱七"}, client=clerk)).json()
    assert [each["code"] for each in refused["errors"]] == ["names-oneself"]

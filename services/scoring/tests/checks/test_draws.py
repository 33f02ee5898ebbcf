"""The draw of re-checks and spot checks: fixed first, drawn once, and redone with a shell alone."""

import datetime as dt
import hashlib
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from chassis.refusals import Refusal
from scoring.rules.checks.draw import (
    SeedOfAnotherForm,
    check_drawing,
    check_form,
    check_seed,
    check_seed_day,
    draw_digest,
    drawn_of,
    lists_of,
    number_of,
)
from scoring.rules.scheme.document import Check, CheckedUnits

TODAY = dt.date(2026, 1, 14)
ALICE, BOB = "person-a", "person-b"
SEED = "第 2026005 期 03 07 12 18 24 31 + 05"
FORM = "第 9999999 期 99 99 99 99 99 99 + 99"
SOURCE = {"seed_source": "国家彩票 2026-01-15 开奖号码", "seed_form": FORM}
TOLD = {"seed": SEED, "found_in": "http://lottery.example/2026005"}

# On the far side of the day line it is another day than on the near one, at every moment.
BEHIND, AHEAD = "Etc/GMT+12", "Pacific/Kiritimati"


@pytest.mark.parametrize(
    ("share", "number", "drawn"),
    [(None, None, 21), ("1", None, 21), ("0.3", None, 7), ("0.01", None, 1), (None, 4, 4)],
)
def test_of_a_share_the_next_whole_number_is_drawn(share, number, drawn):
    """Planted bug: a share rounded down, so that of a small one nobody is checked."""
    given = CheckedUnits("C", share and Decimal(share), number)
    assert number_of(given, 21) == drawn


def test_the_order_is_that_of_the_digests_of_seed_and_id():
    """Planted bugs: the last ones drawn; no separator; the seed behind the id."""
    ids = [f"U{n:02}" for n in range(40)]
    wanted = sorted((hashlib.sha256(f"{SEED}|{each}".encode()).hexdigest(), each) for each in ids)
    content = "".join(f"{each}\n" for each in ids)
    assert drawn_of(SEED, content, 12) == wanted[:12]
    assert drawn_of("another", content, 12) != wanted[:12]


def test_another_list_or_another_seed_has_another_digest():
    """Planted bug: the digest of the seed alone."""
    digests = {draw_digest(a, b) for a in ("1" * 64, "2" * 64) for b in ("x", "y")}
    assert len(digests) == 4


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_seed_that_may_be_known_is_refused(days):
    """Planted bug: the day itself taken, of which the seed may be out already."""
    latest = TODAY + dt.timedelta(days=366)
    check_seed_day(TODAY + dt.timedelta(days=1), TODAY, latest)
    check_seed_day(latest, TODAY, latest)
    with pytest.raises(Refusal, match="from tomorrow"):
        check_seed_day(TODAY + dt.timedelta(days=days), TODAY, latest)


@pytest.mark.parametrize(
    ("person", "on", "drawn", "code"),
    [
        (BOB, 0, False, None),
        (BOB, -5, False, None),
        (ALICE, 0, False, "SamePersonDraws"),
        (BOB, 1, False, "SeedNotYetOut"),
        (BOB, 0, True, "DrawnAlready"),
    ],
)
def test_another_person_draws_once_from_the_day_on(person, on, drawn, code):
    """Planted bugs: the account compared; a second draw; the day before."""
    day, found = TODAY + dt.timedelta(days=on), None
    try:
        check_drawing(ALICE, person, day, TODAY, drawn=drawn)
    except Refusal as refused:
        found = type(refused).__name__
    assert found == code


def test_nobody_of_a_category_is_left_out(scheme):
    """Planted bug: units without entries left out of the list of units."""
    county = scheme.categories[0]
    check = Check("S", "s", "spot_check", (CheckedUnits(county.code, number=2),), 3)
    units, *entries = lists_of(check, scheme, {county.units[0]: ["b", "a"]})
    assert units.content.split() == sorted(county.units)
    assert units.draws == 2
    assert [each.content for each in entries[:2]] == ["a\nb\n", ""]
    assert {each.unit for each in entries} == {*county.units}


# Over HTTP


def with_checks(others, cycle, document, *, zone=BEHIND):
    """Have the scheme of a cycle say that all of a category are re-checked, and two of them, with
    two entries each, looked at besides."""
    category = document["categories"][0]["code"]
    checks = [
        {"code": "RECHECK", "name": "年终复检", "kind": "recheck", "of": [{"category": category}],
         "readers": "units"},
        {"code": "SPOT", "name": "抽查", "kind": "spot_check", "entries": 2,
         "of": [{"category": category, "number": 2}]},
    ]  # fmt: skip
    others.schemes[cycle.cycle_id] = document | {"checks": checks, "time_zone": zone}


def day_in(hours, ahead=0):
    zone = dt.timezone(dt.timedelta(hours=hours))
    return (dt.datetime.now(zone).date() + dt.timedelta(days=ahead)).isoformat()


async def fix(cycle, check="SPOT", client=None, **more):
    body = SOURCE | {"seed_on": day_in(-12, 1)} | more
    return await cycle.post(client or cycle.office, f"checks/{check}/commitment", body)


async def draw(cycle, check="SPOT", client=None, **more):
    return await cycle.post(client or cycle.colleague, f"checks/{check}/draw", TOLD | more)


async def text(cycle, path, client=None):
    answer = await (client or cycle.office).get(f"{cycle.path}/checks/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.content


async def listed(cycle, client=None):
    answer = await (client or cycle.office).get(f"{cycle.path}/checks")
    assert answer.status_code == 200, answer.text
    return {each["check"]: each for each in answer.json()["checks"]}


def of(cycle, unit):
    return cycle.caller("assessed_unit", unit=unit, subject=f"of-{unit}")


def value(unit, month):
    return {"unit": unit, "indicator": "C03", "kind": "event", "key": "overdue",
            "note": f"第{month}次"}  # fmt: skip


@pytest.fixture(scope="module")
async def drawn(new_cycle, others, document):
    """A cycle whose two checks are drawn; of XQ01 there are four verified entries."""
    cycle = new_cycle()
    with_checks(others, cycle, document)
    await cycle.enter(*(value("XQ01", n) for n in range(1, 5)), unit="ZH01")
    await cycle.verify(all_submitted=True)
    await cycle.enter(value("XQ01", 5), unit="ZH01")
    for check in ("RECHECK", "SPOT"):
        answer = await fix(cycle, check)
        assert answer.status_code == 201, answer.text
    with_checks(others, cycle, document, zone=AHEAD)
    for check in ("RECHECK", "SPOT"):
        answer = await draw(cycle, check)
        assert answer.status_code == 201, answer.text
    return cycle


SHELL = """
set -euo pipefail
grep -E '^[0-9a-f]{64}  ' commitment | sha256sum --quiet -c -
sha256sum commitment | cut -d' ' -f1
while read -r id; do
  printf '%s  %s\\n' "$(printf '%s|%s' "$SEED" "$id" | sha256sum | cut -d' ' -f1)" "$id"
done < "$LIST" | LC_ALL=C sort | sed -n "1,${DRAWS}p"
printf '%s\\n%s\\n' "$(sha256sum commitment | cut -d' ' -f1)" "$SEED" | sha256sum | cut -d' ' -f1
"""
"""What docs/checks.md has anybody type, word for word."""


def ran(folder, env):
    command = ["/bin/bash", "-c", SHELL]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)


def redone(folder, told):
    done = ran(folder, told | {"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().splitlines(keepends=True)


async def test_the_draw_is_redone_with_sha256sum_and_sort_alone(drawn, tmp_path, document):
    """Planted bugs: the list in another order of bytes than `sort` has; a line end too few."""
    spot = (await listed(drawn))["SPOT"]
    assert [spot["state"], spot["seed"]] == ["drawn", SEED]
    (tmp_path / "commitment").write_bytes(await text(drawn, "SPOT/commitment"))
    for each in spot["lists"]:
        (tmp_path / each["name"]).write_bytes(await text(drawn, f"SPOT/lists/{each['name']}"))
    shown = (tmp_path / "commitment").read_text()
    for each in (spot["lists"][0], next(e for e in spot["lists"] if e["unit"] == "XQ01")):
        assert f"draw {each['draws']} {each['name']}\n" in shown
        told = {"SEED": spot["seed"], "LIST": each["name"], "DRAWS": str(each["draws"])}
        first, *order, last = redone(tmp_path, told)
        assert "".join(order).encode() == await text(drawn, f"SPOT/lists/{each['name']}/drawn")
        assert [first.strip(), last.strip()] == [spot["commitment"], spot["draw"]]
        assert len(order) == 2
    units = (tmp_path / spot["lists"][0]["name"]).read_text().split()
    assert units == sorted(document["categories"][0]["units"])


async def test_the_commands_tell_of_another_list_and_of_another_seed(drawn, tmp_path):
    """Planted bugs: the digests of lists left out of the commitment; the seed out of the draw's."""
    spot = (await listed(drawn))["SPOT"]
    commitment = (await text(drawn, "SPOT/commitment")).decode()
    (tmp_path / "commitment").write_text(commitment)
    for each in spot["lists"]:
        (tmp_path / each["name"]).write_bytes(await text(drawn, f"SPOT/lists/{each['name']}"))
    units = spot["lists"][0]
    told = {"LIST": units["name"], "DRAWS": str(units["draws"])}
    first, *_, last = redone(tmp_path, told | {"SEED": spot["seed"]})
    same, *_, other = redone(tmp_path, told | {"SEED": "another"})
    assert [first.strip(), last.strip()] == [spot["commitment"], spot["draw"]]
    assert same == first
    assert other != last
    content = (tmp_path / units["name"]).read_text() + "ZZ99\n"
    (tmp_path / units["name"]).write_text(content)
    env = told | {"SEED": spot["seed"], "PATH": "/usr/bin:/bin"}
    assert ran(tmp_path, env).returncode != 0  # the list is not the one that was fixed
    digest = hashlib.sha256(content.encode()).hexdigest()
    (tmp_path / "commitment").write_text(commitment.replace(units["digest"], digest))
    fresh, *_, drawn_then = redone(tmp_path, told | {"SEED": spot["seed"]})
    assert fresh != first
    assert drawn_then != last


async def test_the_page_has_the_commands_that_the_test_runs():
    """Planted bug: another separator in the page than in the draw."""
    page = (Path(__file__).parents[4] / "docs" / "checks.md").read_text()
    for line in SHELL.strip().splitlines()[1:]:
        assert line in page, line


async def test_what_waits_at_the_draw_is_not_drawn(drawn):
    """Planted bug: entries that nobody has verified in the list."""
    assert len((await text(drawn, "SPOT/lists/entries-XQ01")).split()) == 4


async def test_every_unit_of_a_recheck_is_drawn(drawn, document):
    recheck = (await listed(drawn))["RECHECK"]
    assert {*recheck["drawn_units"]} == {*document["categories"][0]["units"]}
    assert len(recheck["lists"]) == 1


async def test_nothing_is_fixed_or_drawn_twice(drawn, others, document):
    """Planted bug: a list fixed anew once the seed is known."""
    before = await drawn.rows()
    again, more = await fix(drawn, seed_on=day_in(14, 2)), await draw(drawn, seed="another")
    assert [again.status_code, again.json()["type"]] == [409, "list-fixed"]
    assert [more.status_code, more.json()["type"]] == [409, "drawn-already"]
    assert await drawn.rows() == before


async def test_a_unit_reads_what_the_scheme_lets_units_read(drawn):
    """Planted bugs: a check of the office among them; who drew it."""
    seen = await listed(drawn, of(drawn, "XQ02"))
    assert [*seen] == ["RECHECK"]
    assert [seen["RECHECK"]["committed_by"], seen["RECHECK"]["drawn_by"]] == [None, None]
    name = seen["RECHECK"]["lists"][0]["name"]
    told = await text(drawn, f"RECHECK/lists/{name}/drawn", of(drawn, "XQ02"))
    assert told == await text(drawn, f"RECHECK/lists/{name}/drawn")
    for path in ("SPOT/commitment", "SPOT/lists/entries-XQ02", "SPOT/lists/entries-XQ02/drawn"):
        answer = await of(drawn, "XQ02").get(f"{drawn.path}/checks/{path}")
        assert [answer.status_code, answer.json()["type"]] == [404, "no-such-check"]
    answer = await drawn.office.get(f"{drawn.path}/checks/SPOT/lists/none")
    assert [answer.status_code, answer.json()["type"]] == [404, "no-such-list"]
    body = SOURCE | {"seed_on": day_in(14, 2)}
    answer = await drawn.post(of(drawn, "XQ02"), "checks/SPOT/commitment", body)
    assert answer.status_code == 403


async def test_who_fixes_the_lists_is_told_of_whom_nothing_would_be_checked(
    cycle, others, document
):
    """Planted bugs: leave out who has none; name who has some; of a check of whole units too."""
    with_checks(others, cycle, document)
    await cycle.enter(value("XQ01", 1), unit="ZH01")
    await cycle.verify(all_submitted=True)
    units = {*document["categories"][0]["units"]}
    assert {*(await fix(cycle)).json()["empty"]} == units - {"XQ01"}
    assert (await fix(cycle, "RECHECK")).json()["empty"] == []


@pytest.mark.parametrize(
    ("form", "seed", "wrong"),
    [
        ("9999", "0123", ("123", "0123 4", "01234", "０１２３", "012a")),
        ("99 99 + 99", "03 07 + 12", ("3 7 + 12", "030712", "03  07 + 12", "03 07 12")),
        ("#.99", "3214.50", ("3,214.50", "3214.5", "03214.50", "3214.500")),
        ("#.99", "0.07", (".07", "00.07")),
        ("上证 #", "上证 12", ("12", "上证12", "上证 012")),
    ],
)
def test_a_seed_is_written_in_one_way(form, seed, wrong):
    """Planted bugs: leading zeros, blanks and other digits are as good; what stands around it."""
    check_form(form)
    check_seed(seed, form)
    for each in wrong:
        with pytest.raises(SeedOfAnotherForm):
            check_seed(each, form)
    check_seed(wrong[0], None)  # fixed before forms were named


@pytest.mark.parametrize("form", ["abc", "##", "#9", "1#", "9#.99"])
def test_a_form_has_digits_and_is_read_in_one_way(form):
    """Planted bug: a form that nobody's number fits, or one of several spellings."""
    with pytest.raises(SeedOfAnotherForm):
        check_form(form)


async def test_what_was_fixed_and_not_drawn_is_named_before_the_seal(cycle, others, document):
    """Planted bugs: a check that nobody drew is lost in silence; one that was drawn named still."""

    async def preview():
        answer = await cycle.post(cycle.office, "ledger/seal?mode=check", {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    with_checks(others, cycle, document)
    before = await preview()
    assert before["undrawn_checks"] == []
    for check in ("SPOT", "RECHECK"):
        assert (await fix(cycle, check)).status_code == 201
    told = await preview()
    assert told["undrawn_checks"] == ["RECHECK", "SPOT"]
    assert (told["left_open"]["undrawn_checks"], told["seen"] != before["seen"]) == (2, True)
    with_checks(others, cycle, document, zone=AHEAD)
    assert (await draw(cycle)).status_code == 201
    assert (await preview())["undrawn_checks"] == ["RECHECK"]


async def test_the_steps_are_refused_out_of_turn(cycle, others, document):
    """Planted bugs: a seed before its day; the same person under another account."""
    with_checks(others, cycle, document)
    before = await cycle.rows()
    for answer, code in (
        (await fix(cycle, "NONE"), "no-such-check"),
        (await draw(cycle, "NONE"), "no-such-check"),
        (await draw(cycle), "not-committed"),
        (await fix(cycle, seed_on=day_in(-12)), "seed-day-refused"),
    ):
        assert answer.json()["type"] == code
    assert await cycle.rows() == before
    assert (await fix(cycle, seed_on=day_in(-12, 1))).status_code == 201
    assert (await draw(cycle)).json()["type"] == "seed-not-yet-out"
    with_checks(others, cycle, document, zone=AHEAD)
    assert (await draw(cycle, client=cycle.office)).json()["type"] == "same-person-draws"
    assert (await draw(cycle, seed="a\nb")).status_code == 422
    other = await draw(cycle, seed=SEED.replace("05", "5", 1))
    assert (other.status_code, other.json()["type"]) == (422, "seed-of-another-form")
    assert (await listed(cycle))["SPOT"]["state"] == "committed"


async def test_the_tasks_are_those_that_the_caller_can_do(cycle, others, document):
    """Planted bugs: the task of telling the seed told to who fixed the lists; that of naming a team
    told to a competitor, or still told once it is named."""

    async def kinds(client):
        answer = await client.get(f"{cycle.path}/tasks/scoring")
        tasks = answer.json()["tasks"]
        return sorted((e["kind"], e["about"]["check"]) for e in tasks if "check" in e["about"])

    with_checks(others, cycle, document)
    both = [("fix-check-lists", "RECHECK"), ("fix-check-lists", "SPOT")]
    assert await kinds(cycle.office) == both
    assert await kinds(of(cycle, "XQ01")) == []
    await fix(cycle)
    assert await kinds(cycle.colleague) == both[:1]
    with_checks(others, cycle, document, zone=AHEAD)
    assert await kinds(cycle.colleague) == [("draw-check", "SPOT"), *both[:1]]
    assert await kinds(cycle.office) == both[:1]
    await draw(cycle)
    team = ("name-check-team", "SPOT")
    assert await kinds(cycle.colleague) == [*both[:1], team, team]
    rival = cycle.caller("performance_office", unit="XQ01", subject="rival")
    assert await kinds(rival) == both[:1]
    unit = (await listed(cycle))["SPOT"]["drawn_units"][0]
    body = {"members": [{"person": "甲"}], "reason": "无检查人员"}
    assert (await cycle.post(cycle.office, f"checks/SPOT/teams/{unit}", body)).status_code == 201
    assert await kinds(cycle.colleague) == [*both[:1], team]

"""Whom the re-checks and the spot check of a generated year draw, who is sent, and what becomes of
what is found, computed otherwise: every county and park, and 40 of 105 others."""

import hashlib
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import islice

import pytest
from tests.system.computed_otherwise import nth
from tests.system.recomputing import different

from kaoping.city.checked import (
    FOUND_ON,
    MEMBERS,
    RECHECK,
    SEED,
    SPOT_CHECK,
    reviewers_of,
)
from kaoping.city.generated import leaves
from kaoping.plan import OFFICE

pytestmark = pytest.mark.prove


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def first(ids, number):
    """Return the first ids by the digest of seed and id."""
    return sorted(ids, key=lambda each: digest(f"{SEED}|{each}"))[:number]


@pytest.fixture(scope="module")
def listed(told, path, people):
    """By unit what was verified before the lists were fixed: what was posted as right, and what
    supervised items had earned by then, but for the marks of panels."""
    judged = {
        leaf["code"]
        for category in told.scheme["categories"]
        for leaf in leaves(category)
        if leaf["params"].get("panel")
    }
    found = defaultdict(list)
    for entry_id, entry in told.ids.items():
        if entry["indicator"] not in judged:
            found[entry["unit"]].append(entry_id)
    for event in people[OFFICE].pages(f"{path}/supervised-item-events"):
        if event["entry_id"] is not None:
            found[event["unit"]].append(event["entry_id"])
    return found


@pytest.fixture(scope="module")
def lists(told, listed):
    """By check and name the ids of a list, and how many are drawn of it."""
    found = {}
    categories = {each["code"]: each for each in told.scheme["categories"]}
    for check in told.scheme["checks"]:
        for of in check["of"]:
            units = categories[of["category"]]["units"]
            number = of.get("number", len(units))
            found[check["code"], f"units-{of['category']}"] = sorted(units), number
            for unit in units if "entries" in check else ():
                found[check["code"], f"entries-{unit}"] = sorted(listed[unit]), check["entries"]
    return found


@pytest.fixture(scope="module")
def drawn(told, lists):
    """The units that are drawn by each check, in their order: category by category."""
    return {
        check["code"]: [
            unit
            for of in sorted(check["of"], key=lambda each: each["category"])
            for unit in first(*lists[check["code"], f"units-{of['category']}"])
        ]
        for check in told.scheme["checks"]
    }


def test_lists_and_draws_are_as_computed(path, people, lists, drawn):
    """The digest of every list, the drawn units in their order, and the digest of the draw. Planted
    bug: reversals are listed."""
    checks = {e["check"]: e for e in people[OFFICE].get(f"{path}/checks")["checks"]}
    told = {
        (code, each["name"]): (each["digest"], each["draws"])
        for code, check in checks.items()
        for each in check["lists"]
    }
    expected = {
        key: (digest("".join(f"{each}\n" for each in ids)), number)
        for key, (ids, number) in lists.items()
    }
    wrong = different(told, expected)
    assert not wrong, f"{len(wrong)}: {dict(islice(wrong.items(), 5))}"
    assert {code: each["drawn_units"] for code, each in checks.items()} == drawn
    assert (len(drawn[RECHECK]), len(drawn[SPOT_CHECK])) == (21, 40)
    for each in checks.values():
        assert each["draw"] == digest(f"{each['commitment']}\n{SEED}\n")


def test_who_is_sent_to_whom_is_as_computed(told, people, lists, drawn, rechecking):
    """Who has the fewest teams, of equal ones the first by digest; nobody to his own category, to
    one for which he enters something, or where he declared an interest. Planted bug: whose unit
    enters something is sent there."""
    categories = {u: c for c in told.scheme["categories"] for u in c["units"]}
    for code, units in drawn.items():
        may = {
            unit: [
                rechecking.person_of(each["unit"])
                for each in reviewers_of(told.scheme, code)
                if each["unit"] not in {*categories[unit]["units"], *sources(categories[unit])}
                and unit not in each["conflicts"]
            ]
            for (check, name), (listed, _) in lists.items()
            if check == code and name.startswith("units-")
            for unit in listed
        }
        pairs = sorted(f"{unit}|{each}\n" for unit, of in may.items() for each in of)
        assert rechecking.pools[code] == digest("".join(pairs))
        load, teams = Counter(), {}
        for unit in units:
            order = sorted((load[who], digest(f"{SEED}|{unit}|{who}"), who) for who in may[unit])
            teams[unit] = [who for *_, who in order[:MEMBERS]]
            load.update(teams[unit])
        sent = {e["unit"]: [m["person"] for m in e["members"]] for e in rechecking.teams[code]}
        assert sent == teams
        assert max(load.values()) > 1


def sources(category):
    """Return who enters something in a category, reviews it first, or inspects."""
    found = set()

    def below(indicators):
        for each in indicators:
            found.update([each["data_source_unit"], each["reviewed_by"]])
            found.update(each.get("findings_by") or ())
            below(each["children"])

    for block in category["blocks"]:
        below(block["indicators"])
    return found


def test_what_a_team_has_before_it_is_as_computed(lists, listed, drawn, rechecking):
    """All that is verified of a county or a park, and of the others the entries that the seed
    draws."""
    expected = {}
    for code, units in drawn.items():
        for unit in units:
            key = code, f"entries-{unit}"
            ids = first(*lists[key]) if key in lists else listed[unit]
            expected[code, unit] = sorted(ids)
    told_ids = {
        key: [each["entry_id"] for each in sheet] for key, sheet in rechecking.sheets.items()
    }
    wrong = different(told_ids, expected)
    assert not wrong, f"{len(wrong)}: {dict(islice(wrong.items(), 2))}"


def test_every_finding_goes_as_computed_and_what_differs_and_is_upheld_takes_its_place(
    path, people, rechecking, sheet
):
    """Signed, objected or not answered, upheld or dismissed; what takes the place of an entry says
    what was found, and that one counts no longer. Planted bug: a dismissed one counts."""
    office, found, expected = people[OFFICE], {}, {}
    entries = {e["entry_id"]: e for e in office.pages(f"{path}/ledger-entries")}
    by = nth(FOUND_ON, 5).isoformat()
    for code in rechecking.draws:
        for each in office.pages(f"{path}/checks/{code}/findings"):
            took = entries.get(each["restated_by"])
            found[each["finding_id"]] = (
                each["verdict"],
                each["answer_by"],
                [step["state"] for step in each["steps"]],
                entries[each["entry_id"]]["state"],
                took and (Decimal(took["value"]), took["state"], took["restates"]),
            )
    for finding, (_, _, entry_id, about) in rechecking.found.items():
        takes = about.decision == "upheld" and about.value is not None
        expected[finding] = (
            about.verdict,
            by,
            [each for each in (about.answer, about.decision) if each],
            "voided" if takes else "locked",
            (Decimal(about.value), "locked", entry_id) if takes else None,
        )
    wrong = different(found, expected)
    assert not wrong, f"{len(wrong)}: {dict(islice(wrong.items(), 5))}"
    assert sheet["units"]
    # Which entries are drawn depends on their ids, which are new each time.
    seen = {(f.verdict, f.answer, f.decision) for *_, f in rechecking.found.values()}
    told = [{*each} for each in zip(*seen, strict=True)]
    assert told == [{"right", "differs"}, {"signed", "objected", None}, {"upheld", "dismissed"}]

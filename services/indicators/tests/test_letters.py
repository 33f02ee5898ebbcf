"""Responsibility letters: frozen, signed by both sides, outdated when a target moves; and which
targets are missing."""

from decimal import Decimal

import pytest

from indicators.rules.expected_targets import missing_targets
from indicators.rules.letters import (
    MOVES,
    Letter,
    LetterSignaturesRefused,
    Signer,
    Signing,
    check_signings,
    state_of,
)
from indicators.rules.targets import Target

TARGETS = [
    {"unit": "X1", "indicator": "C01", "target": "100"},
    {"unit": "X1", "indicator": "C08", "baseline": "72"},
    {"unit": "X2", "indicator": "C01", "target": "90"},
]
WHY = {"reason": "省定目标调整", "document_no": "7号", "approved_by": "分管市领导"}


@pytest.fixture(scope="session")
async def unit(service):
    async with service.caller("assessed_unit", unit="X1", subject="u", person="u") as client:
        yield client


@pytest.fixture
async def drawn(office, opened):
    """Give a cycle in which two units have targets and letters."""
    answer = await office.post(f"{opened}/targets", json={"targets": TARGETS})
    assert answer.status_code == 201, answer.text
    answer = await office.post(f"{opened}/letters", json={"units": None})
    assert answer.status_code == 201, answer.text
    return opened


async def listed(caller, cycle, **query):
    answer = await caller.get(f"{cycle}/letters", params=query)
    assert answer.status_code == 200, answer.text
    return {each["unit"]: each for each in answer.json()["letters"]}


async def sign(caller, cycle, side, unit="X1", **other):
    letter = (await caller.get(f"{cycle}/letters/{unit}")).json()["versions"][-1]
    row = {"unit": unit, "version": letter["content"]["version"], "digest": letter["digest"]}
    path = f"{cycle}/letter-signatures"
    return await caller.post(path, json={"signatures": [row | {"side": side} | other]})


async def revise(office, colleague, cycle, value="80"):
    wanted = [{"unit": "X1", "indicator": "C01", "target": value}]
    answer = await office.post(f"{cycle}/target-revisions", json={"targets": wanted, **WHY})
    assert answer.status_code == 201, answer.text
    word = {"unit": "X1", "indicator": "C01", "version": 2, "decision": "confirm"}
    answer = await colleague.post(f"{cycle}/target-confirmations", json={"decisions": [word]})
    assert answer.status_code == 201, answer.text


async def kinds(caller, cycle):
    answer = await caller.get(f"{cycle}/tasks/indicators")
    return {each["kind"]: each["count"] for each in answer.json()["tasks"]}


async def test_a_letter_has_what_was_agreed_and_is_signed_by_both_sides(office, unit, drawn):
    """Planted bugs: leave the points out of the content; take one signature for both."""
    answer = await office.get(f"{drawn}/letters")
    assert (answer.json()["without_letter"], answer.json()["without_target"]) == (
        [],
        ["D1", "D2", "X3"],
    )
    version = (await unit.get(f"{drawn}/letters/X1")).json()["versions"][0]
    content, scheme = version["content"], (await office.get(f"{drawn}/scheme")).json()
    assert content["scheme_digest"] == scheme["digest"]
    assert [(t["indicator"], t["points"], t["version"]) for t in content["targets"]] == [
        ("C01", "10", 1),
        ("C08", "5", 1),
    ]
    assert (content["deadline"], content["targets"][1]["baseline"]) == ("2199-12-31", "72")
    assert await kinds(unit, drawn) == {"sign-letters": 1}
    assert (await sign(office, drawn, "office")).json()["rows"][0]["state"] == "signed_by_office"
    assert (await sign(unit, drawn, "unit")).json()["rows"][0]["state"] == "signed"
    assert await kinds(unit, drawn) == {}
    assert await kinds(office, drawn) == {"sign-letters": 1}
    assert list(await listed(office, drawn, state="signed")) == ["X1"]
    assert list(await listed(unit, drawn)) == ["X1"]


async def test_who_draws_up_a_letter_for_the_office_does_not_sign_it_for_the_unit(
    service, office, drawn, problem, untouched_after
):
    """Under whichever account; the office may sign what it drew up. Planted bug: compare with who
    has signed alone."""
    drawer = service.caller("performance_office", unit="B01", subject="d", person="d")
    unit = service.caller("assessed_unit", unit="X1", subject="d-2", person="Ｄ")
    await revise(office, drawer, drawn)
    assert (await drawer.post(f"{drawn}/letters", json={"units": ["X1"]})).status_code == 201
    assert (await sign(office, drawn, "office")).status_code == 201
    async with untouched_after():
        refused = await sign(unit, drawn, "unit")
    assert problem(refused)[2] == [("/signatures/0", "same-person")]
    assert await kinds(unit, drawn) == {}


async def test_a_target_that_moves_makes_a_letter_outdated_and_changes_nothing_of_it(
    office, colleague, unit, drawn, problem
):
    """Planted bugs: compare digests of the scheme alone; overwrite the version that was signed."""
    await sign(office, drawn, "office")
    was = (await office.get(f"{drawn}/letters/X1")).json()["versions"][0]
    await revise(office, colleague, drawn)
    letters = await listed(office, drawn)
    assert [(u, e["outdated"], e["outdated_by"]) for u, e in letters.items()] == [
        ("X1", True, ["targets"]),
        ("X2", False, []),
    ]
    assert (await kinds(office, drawn))["draw-up-letters"] == 1
    refused = await sign(unit, drawn, "unit")
    assert problem(refused) == (409, "letter-signatures-refused", [("/signatures/0", "outdated")])
    again = (await office.post(f"{drawn}/letters", json={"units": ["X1", "X2"]})).json()["letters"]
    assert [(e["unit"], e["version"], e["outcome"]) for e in again] == [
        ("X1", 2, "drawn_up"),
        ("X2", 1, "unchanged"),
    ]
    first, second = (await office.get(f"{drawn}/letters/X1")).json()["versions"]
    assert first == was | {"superseded": True}
    assert (second["content"]["targets"][0]["target"], second["state"]) == ("80", "drawn_up")
    old = await sign(unit, drawn, "unit", version=1, digest=first["digest"])
    assert problem(old)[2] == [("/signatures/0/version", "other-version")]


async def test_nobody_signs_for_the_other_side_or_twice_or_something_else(
    service, office, unit, drawn, problem, untouched_after
):
    """Planted bugs: compare accounts instead of persons; do not ask whose the unit is; bind no
    digest."""
    await sign(office, drawn, "office")
    both = service.caller("assessed_unit", unit="X1", subject="z", person="PERFORMANCE_office@b01")
    elsewhere = service.caller("performance_office", "assessed_unit", unit="X2", subject="e")
    insider = service.caller("performance_office", unit="X1", subject="i")
    other = service.caller("assessed_unit", unit="X2")
    async with both, elsewhere, insider, other, untouched_after():
        refusals = [
            problem(await sign(both, drawn, "unit"))[2],
            problem(await sign(office, drawn, "office"))[2],
            problem(await sign(office, drawn, "unit"))[2],
            problem(await sign(insider, drawn, "office"))[2],
            problem(await sign(elsewhere, drawn, "unit"))[2],
            problem(await sign(unit, drawn, "unit", digest="0" * 64))[2],
        ]
        row = {"unit": "X1", "version": 1, "digest": "0" * 64, "side": "unit"}
        answer = await other.post(f"{drawn}/letter-signatures", json={"signatures": [row]})
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
        assert (await other.get(f"{drawn}/letters/X1")).status_code == 403
        assert (await other.post(f"{drawn}/letters", json={"units": None})).status_code == 403
        barred = await insider.post(f"{drawn}/letters", json={"units": ["X1"]})
        assert problem(barred) == (403, "decider-barred", [("/units/0", "own-unit")])
        none = await office.post(f"{drawn}/letters", json={"units": ["X9", "X3"]})
        assert problem(none)[1:] == (
            "letters-refused",
            [
                ("/units/0", "unknown-unit"),
                ("/units/1", "no-target"),
            ],
        )
    assert [[code for _, code in each] for each in refusals] == [
        ["same-person"],
        ["signed-already", "same-person"],
        ["other-side", "same-person"],
        ["signed-already", "other-side"],
        ["other-side"],
        ["other-digest"],
    ]


def test_the_states_of_a_letter_are_those_of_its_table():
    for before, after in MOVES:
        sides = {"drawn_up": set(), "signed_by_office": {"office"}, "signed_by_unit": {"unit"}}
        assert after in {state_of({*sides[before], side}) for side in ("office", "unit")}
        assert state_of(sides[before]) == before


def test_one_batch_does_not_sign_both_sides(stored):
    """Planted bug: look only at what was signed before the batch."""
    letters = {"X1": Letter(1, "d", outdated=False, drawn_by="p")}
    signer = Signer("p", "B01", {"performance_office"})
    both = [Signing("X1", 1, "d", side) for side in ("office", "office")]
    with pytest.raises(LetterSignaturesRefused) as refused:
        check_signings(both, letters, stored(), signer)
    assert [each.code for each in refused.value.faults] == ["named-twice"]


def target(indicator, item=None, **values):
    one = dict.fromkeys(("target", "baseline", "pledge"))
    return Target("X1", indicator, item, **one | {k: Decimal(v) for k, v in values.items()})


def missing(scheme, *targets):
    found = missing_targets(scheme, targets)
    return [(e.indicator, e.need.item, e.need.value) for e in found if e.unit == "X1"]


def test_missing_targets_are_those_without_which_there_is_no_score(stored):
    """Planted bugs: take a baseline for a target; take the target of one item for all."""
    scheme = stored()
    lacking = missing(scheme)
    assert {each for each, _, _ in lacking} == {"C01", "C03A", "C06", "C08"}
    assert ("C08", None, "baseline") in lacking
    assert missing(scheme, target("C08", target="1")) == lacking
    left = missing(scheme, target("C08", baseline="1"), target("C06", "1", target="1"))
    assert {*lacking} - {*left} == {("C08", None, "baseline"), ("C06", "1", "target")}


def test_a_part_of_a_blend_is_held_against_the_target_of_its_own_key(stored):
    """Planted bug: ask for one target of the whole indicator."""
    part = "/categories/0/blocks/0/indicators/1/params/components/0"
    over = {f"{part}/method": "ratio_to_target", f"{part}/params": {"direction": "higher"}}
    scheme = stored(over)
    assert [each for each in missing(scheme) if each[0] == "C02"] == [("C02", "level", "target")]
    given = missing(scheme, target("C02", "level", target="5"))
    assert [each for each in given if each[0] == "C02"] == []


def test_a_period_is_held_against_the_target_of_the_year_where_it_has_none(stored):
    """Planted bug: ask for a target of each period although the year has one."""
    params = {
        "periods": ["H1", "Q3"],
        "weights": ["0.5", "0.5"],
        "component": {"method": "ratio_to_target", "params": {"direction": "higher"}},
    }
    at = "/categories/0/blocks/0/indicators/0"
    scheme = stored({f"{at}/method": "periodic_weighted", f"{at}/params": params})

    def of(*targets):
        return [item for code, item, _ in missing(scheme, *targets) if code == "C01"]

    assert of() == ["H1", "Q3"]
    assert of(target("C01", "H1", target="5")) == ["Q3"]
    assert of(target("C01", target="5")) == []


async def test_missing_targets_are_read_by_whom_they_concern(service, office, unit, drawn):
    """Planted bug: take a target that was only proposed for one in force."""
    wanted = {"targets": [{"unit": "X1", "indicator": "C03A", "target": "3"}]}
    assert (await unit.post(f"{drawn}/target-proposals", json=wanted)).status_code == 201
    own = (await unit.get(f"{drawn}/targets/missing")).json()["missing"]
    assert {each["unit"] for each in own} == {"X1"}
    assert "C03A" in {each["indicator"] for each in own}
    asked = {"unit": "X2", "indicator": "C08"}
    (one,) = (await office.get(f"{drawn}/targets/missing", params=asked)).json()["missing"]
    assert (one["value"], one["item"], one["unit"]) == ("baseline", None, "X2")
    assert (await unit.get(f"{drawn}/targets/missing", params=asked)).status_code == 403


async def test_what_a_later_scheme_reads_no_more_is_named_and_in_no_letter(
    office, opened, document
):
    """Planted bugs: look at what the scheme had when the target was set; draw up what is in force
    and counts nowhere."""
    targets = [
        {"unit": "X1", "indicator": "C01", "target": "100"},
        {"unit": "X1", "indicator": "C08", "baseline": "72"},
    ]
    answer = await office.post(f"{opened}/targets", json={"targets": targets})
    assert answer.status_code == 201, answer.text
    assert (await office.get(f"{opened}/targets/missing")).json()["unused"] == []
    at = "/categories/0/blocks/0/indicators/0"
    scheme = document({f"{at}/method": "deduct_events", f"{at}/params": {"per_event": {"late": 1}}})
    saved = await office.post(
        f"{opened}/scheme-versions", json={"scheme": scheme, "reason": "改用扣分制"}
    )
    assert saved.status_code == 201, saved.text
    published = await office.post(f"{opened}/scheme-versions/2/publication")
    assert published.status_code == 201, published.text
    (unused,) = (await office.get(f"{opened}/targets/missing")).json()["unused"]
    assert (unused["indicator"], unused["value"], unused["item"]) == ("C01", "target", None)
    assert (await office.post(f"{opened}/letters", json={"units": None})).status_code == 201
    (version,) = (await office.get(f"{opened}/letters/X1")).json()["versions"]
    assert [each["indicator"] for each in version["content"]["targets"]] == ["C08"]

"""What a category lacks, and that its organiser declares it complete (汇总上报)."""

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import asyncpg
import pytest
import yaml
from leading import OF_PARK, VALUE, organiser, source_of, with_leaders

from scoring.rules.explanation.abstention import led_by
from scoring.rules.ledger.completeness import (
    CategoryNotComplete,
    Lacking,
    NoSuchCategory,
    WaitingEntry,
    category_of,
    check_complete,
)
from scoring.rules.ledger.states import Reviewers

PAGE = Path(__file__).parents[4] / "docs/schemes.md"
SECTION = re.search(
    r"^## The organiser's desk .*?```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.M | re.S
)
EXAMPLE = yaml.safe_load(SECTION[1])
GAP = Lacking("XQ01", "C01", "No value was entered.", "未录入数值。")
DRAFT = WaitingEntry(str(UUID(int=1)), "XQ01", "C01", "draft")


def test_the_example_of_the_page_comes_to_what_it_says():
    """Planted bugs: whoever leads reads, assessed there or not; a unit reviews what is about it."""
    indicators = {one["code"]: SimpleNamespace(**one) for one in EXAMPLE["indicators"]}
    categories = [SimpleNamespace(**one) for one in EXAMPLE["categories"]]
    for category in categories:
        category.indicators = lambda: indicators
    scheme = SimpleNamespace(categories=categories)
    assert {unit: [*led_by(scheme, unit)] for unit in EXAMPLE["leads"]} == EXAMPLE["leads"]
    reviewers = Reviewers(scheme)
    for one in EXAMPLE["entries"]:
        assert reviewers.of(one["unit"], one["indicator"], one["by"]) == one["first"], one


@pytest.mark.parametrize(
    ("missing", "waiting", "reason", "codes"),
    [
        ([], [], None, None),
        ([], [], "齐全", None),
        ([GAP], [], None, ["missing"]),
        ([], [DRAFT], None, ["waiting"]),
        ([GAP], [DRAFT], None, ["missing", "waiting"]),
        ([GAP], [DRAFT], "市统计局尚未发布", None),
    ],
)
def test_what_is_missing_or_waits_is_named_unless_there_is_a_reason(
    missing, waiting, reason, codes
):
    """Planted bug: looking at what is missing only."""
    if codes is None:
        check_complete(missing, waiting, reason)
        return
    with pytest.raises(CategoryNotComplete) as refused:
        check_complete(missing, waiting, reason)
    assert [fault.code for fault in refused.value.faults] == codes
    assert refused.value.facts == {"missing": len(missing), "waiting": len(waiting)}
    assert all(fault.en.startswith("XQ01 C01: ") for fault in refused.value.faults)
    assert all("XQ01 C01：" in fault.zh for fault in refused.value.faults)


def test_of_much_that_is_missing_a_hundred_are_named():
    with pytest.raises(CategoryNotComplete) as refused:
        check_complete([GAP] * 130, [DRAFT], None)
    assert (len(refused.value.faults), refused.value.more) == (100, 31)


def test_a_category_that_the_scheme_does_not_have_is_refused(scheme):
    assert category_of(scheme, "PARK").code == "PARK"
    with pytest.raises(NoSuchCategory):
        category_of(scheme, "NOBODY")


def tiny(document):
    """The scheme with C01 and its units alone in COUNTY, and P01 in PARK."""
    scheme = with_leaders(document)
    kept = {"COUNTY": ("C01", ["XQ01", "XQ02"]), "PARK": ("P01", ["YQ01"])}
    categories = []
    for each in scheme["categories"]:
        if each["code"] in kept:
            code, units = kept[each["code"]]
            block = next(b for b in each["blocks"] if b["code"] == "function")
            block = block | {"indicators": [i for i in block["indicators"] if i["code"] == code]}
            categories.append(each | {"units": units, "blocks": [block]})
    return scheme | {"categories": categories}


@pytest.fixture
def small(cycle, others, document):
    """A cycle in which one value of each of two units makes the category complete."""
    others.schemes[cycle.cycle_id] = tiny(document)
    cycle.of_park = source_of(document, "P01")
    return cycle


async def hand_in(cycle, code="COUNTY", *, by=None, **body):
    return await cycle.post(by or organiser(cycle), f"categories/{code}/hand-in", body)


async def complete(cycle):
    await cycle.enter(VALUE, VALUE | {"unit": "XQ02"})
    await cycle.verify(all_submitted=True)


async def looked(cycle, by=None):
    answer = await (by or organiser(cycle)).get(f"{cycle.path}/categories/COUNTY/completeness")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_complete_category_is_handed_in_and_withdrawn_by_whatever_moves(small):
    """Planted bugs: count only the states; withdraw by what moves in another category; by a
    seal."""
    await small.enter(VALUE)
    told = await looked(small)
    assert [each["unit"] for each in told["missing"]] == ["XQ01", "XQ02"]
    assert [each["state"] for each in told["waiting"]] == ["submitted"]
    before = await small.rows()
    refused = await hand_in(small)
    assert (refused.status_code, refused.json()["type"]) == (409, "category-not-complete")
    assert (refused.json()["missing"], refused.json()["waiting"]) == (2, 1)
    assert await small.rows() == before

    await small.verify(all_submitted=True)
    await small.enter(VALUE | {"unit": "XQ02"})
    await small.verify(all_submitted=True)
    done = await hand_in(small)
    assert (done.status_code, done.json()["missing"], done.json()["waiting"]) == (201, 0, 0)
    again = await hand_in(small)
    assert (again.status_code, again.json()["type"]) == (409, "already-handed-in")
    await small.enter(OF_PARK, unit=small.of_park)
    assert (await looked(small))["hand_in"]["state"] == "handed_in"

    [draft] = await small.enter(
        {"unit": "XQ01", "indicator": "C01", "kind": "measured_value", "key": "actual"}
        | {"value": "9"},
        state="draft",
    )
    assert (await looked(small))["hand_in"]["state"] == "withdrawn"
    assert (await hand_in(small)).json()["type"] == "category-not-complete"
    assert (await hand_in(small, reason="草稿不再使用")).status_code == 201
    shown = (await looked(small, small.office))["hand_in"]
    assert (shown["state"], shown["waiting"], shown["reason"]) == ("handed_in", 1, "草稿不再使用")
    assert draft


async def test_a_seal_names_what_is_not_handed_in_and_does_not_wait_for_it(small):
    """And nothing has to be said with a hand-in."""
    await complete(small)
    path = "categories/COUNTY/hand-in"
    assert (await small.post(organiser(small), path, None)).status_code == 201
    preview = (await small.post(small.office, "ledger/seal?mode=check", {})).json()
    assert preview["not_handed_in"] == [
        {"category": "PARK", "organiser": "ZH41", "withdrawn": False}
    ]
    sealed = await small.post(small.office, "ledger/seal", {})
    assert (sealed.status_code, sealed.json()["not_handed_in"]) == (200, 1)
    assert (await looked(small))["hand_in"]["state"] == "handed_in"
    late = await hand_in(small, "PARK", by=organiser(small, "ZH41"), reason="x")
    assert (late.status_code, late.json()["type"]) == (409, "ledger-sealed")


async def test_only_the_organiser_of_the_category_hands_it_in(small):
    """Planted bug: any organiser may."""
    await complete(small)
    for stranger in (
        organiser(small, "ZH41"),
        organiser(small, None),
        organiser(small, "XQ01"),
        small.caller("data_source_unit", unit="ZH40"),
        small.office,
    ):
        answer = await hand_in(small, by=stranger)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
    stranger = organiser(small, "ZH41")
    answer = await stranger.get(f"{small.path}/categories/COUNTY/completeness")
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
    unknown = await organiser(small).get(f"{small.path}/categories/NOBODY/completeness")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "no-such-category")


async def test_a_vice_mayor_reads_what_is_to_be_signed_but_of_no_category_of_the_own_unit(small):
    """Planted bug: who decides and competes reads what the competitors lack."""
    await complete(small)
    assert (await hand_in(small)).status_code == 201
    for unit in (None, "YQ01"):
        mayor = small.caller("vice_mayor", unit=unit)
        assert (await looked(small, mayor))["hand_in"]["state"] == "handed_in"
    mayor = small.caller("vice_mayor", unit="XQ01")
    answer = await mayor.get(f"{small.path}/categories/COUNTY/completeness")
    assert (answer.status_code, answer.json()["type"]) == (403, "read-after-release")


async def test_what_moved_since_it_was_looked_at_is_not_handed_in(small):
    """Planted bug: what was looked at is not looked at again."""
    await complete(small)
    [entry] = await small.enter(VALUE | {"value": "1"}, state="draft")
    waiting = (
        "SELECT count(*) AS n FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    holder = await asyncpg.connect(small.service.superuser_url, ssl=False)
    try:
        async with holder.transaction():
            await holder.execute(
                "SELECT 1 FROM ledger WHERE cycle_id = $1 FOR UPDATE", small.cycle_id
            )
            task = asyncio.ensure_future(hand_in(small, reason="x"))
            for _ in range(500):
                if (await small.service.sql(waiting))[0]["n"]:
                    break
                await asyncio.sleep(0.01)
            await holder.execute(
                "INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)"
                " VALUES ($1, $2, 2, 'withdrawn', 'x')",
                small.cycle_id,
                UUID(entry),
            )
            kept = "SELECT keep_latest_states($1, $2)"
            await holder.execute(kept, small.cycle_id, [UUID(entry)])
        refused = await task
    finally:
        await holder.close()
    assert (refused.status_code, refused.json()["type"]) == (409, "moved-meanwhile")


async def test_of_two_at_once_one_hands_in_and_what_comes_meanwhile_withdraws_it(small):
    """Planted bug: no lock."""
    await complete(small)
    both = await small.at_once(hand_in(small), hand_in(small))
    assert sorted(answer.status_code for answer in both) == [201, 409]
    [entry] = await small.enter(VALUE | {"value": "1"}, state="draft")
    moved = await small.at_once(
        hand_in(small, reason="x"),
        small.post(small.source(), f"ledger-entries/{entry}/withdrawal", {}),
    )
    state = (await looked(small))["hand_in"]["state"]
    codes = [answer.status_code for answer in moved]
    assert codes in ([201, 200], [409, 200]), [answer.text for answer in moved]
    assert state == "withdrawn"


async def test_what_was_sent_back_twice_has_moved(small):
    """Planted bug: a digest of the states, in which the entry stands as it did."""
    ids = {"entry_ids": await small.enter(VALUE)}
    back = ids | {"reason": "请核实"}
    assert (await small.post(small.office, "ledger-entries/return", back)).status_code == 200
    assert (await hand_in(small, reason="待重报")).status_code == 201
    again = await small.post(small.source(), "ledger-entries/submission", ids)
    assert again.status_code == 200
    assert (await small.post(small.office, "ledger-entries/return", back)).status_code == 200
    assert (await looked(small))["hand_in"]["state"] == "withdrawn"

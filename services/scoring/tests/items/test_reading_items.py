"""Who reads which supervised items, by which filters, as of which moment; and whose tasks."""

import pytest
from services.scoring.tests.items.working import PLACE, later

from service_testing import without_ids

SECRET = {
    "title": "涉密事项甲",
    "text": "内部办理乙。",
    "meeting": "专题会丙",
    "confidential": True,
}
OF_FIVE = [{"unit": "XQ05", "role": "lead", "share": 100}]


@pytest.fixture(scope="module")
async def shown(new_items, others, document):
    """Five items: of XQ01 and XQ02; a confidential one of them that XQ04 may read; one of XQ05; one
    that nobody has dispatched; a confidential one that a leader was asked to rule on."""
    items = new_items()
    county, *rest = document["categories"]
    scheme = {
        "categories": [county | {"organiser": "ZH40"}, *rest],
        "recusals": [{"unit": "XQ05", "body": "ZH07"}],
    }
    others.schemes[items.cycle.cycle_id] = document | scheme
    body = items.cycle.caller("second_body", unit="ZH07", subject="body")
    items.open = await items.handled(kind="plan")
    items.secret = await items.handled(**SECRET, readers=["XQ04"])
    [items.other] = await items.registered(units=OF_FIVE)
    assert (await items.dispatch(items.other, by=body)).status_code == 200
    [items.waiting] = await items.registered()
    items.disputed = await items.dispatched(**SECRET)
    await items.answer(items.disputed, "return", text="不属。")
    await items.direct(items.disputed, "insist", by=items.cycle.office, text="属。")
    await items.answer(items.disputed, "dispute", text="不属。")
    items.body = body
    return items


def all_of(shown):
    return [shown.open, shown.secret, shown.other, shown.waiting, shown.disputed]


@pytest.mark.parametrize(
    ("role", "unit", "wanted"),
    [
        ("performance_office", None, "open secret other waiting disputed"),
        ("assessed_unit", "XQ01", "open secret disputed"),
        ("assessed_unit", "XQ02", "open secret disputed"),
        ("assessed_unit", "XQ04", "secret"),
        ("assessed_unit", "XQ05", "other"),
        ("assessed_unit", "XQ03", ""),
        ("second_body", "ZH07", "other"),
        ("organiser", "ZH40", "open other"),
        ("auditor", None, "open other"),
        ("committee", None, "open other disputed"),
        ("auditor", "XQ03", "open other"),
    ],
)
async def test_everybody_reads_what_is_theirs_and_nothing_else(shown, role, unit, wanted):
    """Planted bugs: what is confidential told to an auditor; what nobody has dispatched told to its
    units; readers forgotten; a filter that widens."""
    client = shown.cycle.caller(role, unit=unit, subject=f"{role}-{unit}")
    ids = [getattr(shown, name) for name in wanted.split()]
    assert await shown.listed(by=client) == ids
    for item_id in all_of(shown):
        answer = await shown.read(item_id, by=client)
        assert answer.status_code == (200 if item_id in ids else 404), item_id
    for query in ({"unit": "XQ01"}, {"state": "handling"}, {"light": "none"}, {"kind": "plan"}):
        found = await shown.listed(by=client, **query)
        assert set(found) <= set(ids)
        assert found == [each for each in await shown.listed(**query) if each in ids]


async def test_nothing_of_a_confidential_item_is_told_to_whom_it_does_not_name(shown):
    """Planted bug: the page that begins after one says where it lies."""
    cycle = shown.cycle
    words = [value for value in SECRET.values() if isinstance(value, str)]
    for role, unit in (("auditor", None), ("organiser", "ZH40"), ("assessed_unit", "XQ03")):
        client = cycle.caller(role, unit=unit)
        answers = [
            await client.get(f"{cycle.path}/{PLACE}"),
            await client.get(f"{cycle.path}/{PLACE}?after={shown.secret}"),
            await client.get(f"{cycle.path}/{PLACE}/{shown.secret}"),
            await client.get(f"{cycle.path}/tasks/scoring"),
        ]
        for answer in answers:
            assert not any(word in answer.text for word in words), (role, answer.text)
        none = await client.get(f"{cycle.path}/{PLACE}?after=00000000-0000-4000-8000-000000000000")
        assert without_ids(answers[1]).replace(shown.secret, "") == without_ids(none).replace(
            "00000000-0000-4000-8000-000000000000", ""
        )
        assert answers[1].status_code == none.status_code == 422
    for role in ("data_source_unit", "personnel", "survey_centre", "committee"):
        answer = await cycle.caller(role, unit="XQ02").get(f"{cycle.path}/{PLACE}")
        assert answer.status_code == 403


async def test_the_journal_holds_nothing_of_what_an_item_says(shown):
    """Planted bug: the body of the request written into the journal."""
    rows = await shown.cycle.service.sql(
        "SELECT string_agg(body::text, ' ') AS told FROM journal_entry WHERE chain = $1",
        str(shown.cycle.cycle_id),
    )
    for word in ("涉密事项甲", "内部办理乙", "专题会丙", "不属"):
        assert word not in rows[0]["told"]


async def test_pages_go_on_where_they_stopped(shown):
    client, found, after = shown.cycle.office, [], None
    while True:
        more = {"limit": 2} | ({"after": after} if after else {})
        page = (await client.get(f"{shown.cycle.path}/{PLACE}", params=more)).json()
        found += [each["item_id"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == all_of(shown)


async def test_a_list_by_light_is_what_each_shows_on_the_day(items, clock):
    """Planted bugs: the light of today told of a moment that has passed; a filter of its own."""
    today = await clock.today()
    soon = await items.handled(within=2)
    far = await items.handled(within=40)
    done = await items.replied(within=1)
    before = (await items.now(far))["changed_at"]
    assert await items.listed(light="yellow") == [soon]
    assert await items.listed(light="none") == [far, done]
    await clock.pass_days(7)
    assert await items.listed(light="red") == [soon]
    assert await items.listed(light=["none", "yellow"]) == [far, done]
    assert (await items.now(soon))["light"] == "red"
    assert (await items.now(soon, at=before))["light"] == "yellow"
    assert await items.listed(light="yellow", at=before) == [soon]
    assert (await items.now(done))["done_on"] == today
    late = await items.answer(soon, "reply", text="补办完成。")
    assert late.status_code == 201
    assert (await items.now(soon))["light"] == "red"


async def test_an_item_is_read_as_it_stood_at_a_moment(items, clock):
    item_id = await items.handled()
    signed = (await items.now(item_id))["changed_at"]
    await clock.pass_days(1)
    await items.answer(item_id, "reply", text="完成。")
    then = await items.now(item_id, at=signed)
    assert (then["state"], len(then["moves"])) == ("handling", 3)
    assert (await items.now(item_id))["state"] == "replied"
    ahead = await items.read(item_id, at="2999-01-01T00:00:00Z")
    assert (ahead.status_code, ahead.json()["type"]) == (422, "moment-ahead")


async def tasks(items, client) -> list[tuple[str, str | None, int]]:
    answer = await client.get(f"{items.cycle.path}/tasks/scoring")
    assert answer.status_code == 200, answer.text
    found = [each for each in answer.json()["tasks"] if PLACE in each["path"]]
    return [(each["kind"], each["deadline"], each["count"]) for each in found]


async def test_each_is_asked_for_what_only_he_can_do_now(items, clock):
    """Planted bugs: who registered is asked to dispatch; the support asked to sign."""
    today = await clock.today()
    await items.registered()
    assert await tasks(items, items.cycle.office) == []
    assert await tasks(items, items.cycle.colleague) == [("dispatch-items", None, 1)]
    item_id = await items.dispatched(within=None, until=later(today, 20), report_every="monthly")
    due = later(today, 20)
    assert await tasks(items, items.of()) == [("sign-for-item", due, 1)]
    assert await tasks(items, items.of("XQ02")) == []
    await items.answer(item_id, "sign")
    month_end = (await items.now(item_id))["report_due"]
    lead = [("handle-item", due, 1), ("report-on-item", month_end, 1)]
    assert await tasks(items, items.of()) == lead
    assert await tasks(items, items.of("XQ02")) == [("handle-item", due, 1)]
    assert await tasks(items, items.of("XQ03")) == []
    await items.answer(item_id, "reply", text="完成。")
    for client in (items.cycle.office, items.cycle.colleague):
        assert ("decide-on-item", due, 1) in await tasks(items, client)
    own = items.cycle.caller("performance_office", unit="XQ02", subject="own")
    assert ("decide-on-item", due, 1) not in await tasks(items, own)
    disputed = await items.dispatched()
    await items.answer(disputed, "return", text="不属。")
    await items.direct(disputed, "insist", by=items.cycle.office, text="属。")
    await items.answer(disputed, "dispute", text="不属。")
    assert [kind for kind, _, _ in await tasks(items, items.leader)] == ["rule-on-item"]


async def test_no_event_names_the_units_of_an_item_that_was_never_dispatched(items):
    """Planted bug: whatever moves an item is told to its units."""
    [item] = await items.registered(confidential=True)
    done = await items.direct(item, "call_off", text="不办。")
    assert done.status_code == 201, done.text
    rows = await items.cycle.service.sql(
        "SELECT body::text AS body FROM journal_entry WHERE chain = $1 AND event = $2",
        str(items.cycle.cycle_id),
        "scoring.supervised-item-moved",
    )
    [told] = [each["body"] for each in rows]
    assert "XQ01" not in told

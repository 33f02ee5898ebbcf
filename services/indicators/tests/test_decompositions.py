"""The superior's scheme decomposed: shares that sum, every indicator owned, each unit reachable."""

from copy import deepcopy
from decimal import Decimal

import pytest

GIVEN = {
    "superior": "云川市",
    "document_no": "云发〔2025〕6号",
    "document_date": "2025-03-10",
    "points": "10",
    "indicators": [
        {"code": "C01", "name": "投资", "block": "职能", "points": "6"},
        {"code": "C02", "name": "评议", "block": "评议", "points": "3"},
        {"code": "C03", "name": "气象", "block": "职能", "points": "1", "unowned": "垂直管理"},
    ],
    "shares": [
        {"indicator": "C01", "unit": "X1", "role": "lead", "points": "4.5"},
        {"indicator": "C01", "unit": "B01", "role": "support", "points": "1.50"},
        {"indicator": "C02", "unit": "X1", "role": "lead", "points": "3"},
    ],
    "contacts": [{"unit": "X1", "contact": "办公室"}, {"unit": "B01", "contact": "张三"}],
}
ALL_READ = (
    *("performance_office", "second_body", "organiser", "committee", "standing_committee"),
    *("auditor", "data_source_unit", "assessed_unit"),
)


def with_changes(*changes):
    """Return the decomposition with the value at each path replaced; `...` takes it away."""
    document = deepcopy(GIVEN)
    for (*path, last), value in changes:
        holder = document
        for step in path:
            holder = holder[step]
        if value is ...:
            del holder[last]
        elif isinstance(holder, list) and last == len(holder):
            holder.append(value)
        else:
            holder[last] = value
    return document


async def post(caller, cycle, *changes, **headers):
    body = with_changes(*changes)
    return await caller.post(f"{cycle}/decomposition", json=body, headers=headers)


async def test_a_decomposition_tells_what_each_unit_is_exposed_to(service, office, cycle):
    """Planted bugs: count shares in the place of points; leave out who is outside our control;
    count a unit once for each of its shares in a block."""
    assert (await post(office, cycle)).json()["version"] == 1
    for role in ALL_READ:
        async with service.caller(role, unit="X2", subject="r", person="r") as reader:
            told = (await reader.get(f"{cycle}/decomposition")).json()
            assert told["document_no"] == GIVEN["document_no"]
    names = ("unit", "kind", "points", "leads", "supports")
    assert [tuple(each[name] for name in names) for each in told["units"]] == [
        ("X1", "assessed", "7.5", 2, 0),
        ("B01", "body", "1.5", 0, 1),
    ]
    contacts = {each["unit"]: each["contact"] for each in told["units"]}
    assert contacts == {"X1": "办公室", "B01": "张三"}
    assert [(e["block"], e["points"], e["units"]) for e in told["blocks"]] == [
        ("职能", "7", 2),
        ("评议", "3", 1),
    ]
    assert told["indicators"][2]["unowned"] == "垂直管理"
    assert sum(Decimal(each["points"]) for each in told["shares"]) == 9
    assert told["changes"] == []
    async with service.caller("survey_centre", unit="B02") as stranger:
        assert (await stranger.get(f"{cycle}/decomposition")).status_code == 403
    async with service.caller("assessed_unit", unit="X1") as unit:
        assert (await post(unit, cycle)).status_code == 403


C01, SHARES, CONTACTS = ("indicators", 0), "shares", "contacts"
OF_X2 = {"unit": "X2", "contact": "x"}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ([((SHARES, 0, "points"), "4")], [("/indicators/0/points", "not-the-points")]),
        ([(("points",), "11")], [("/points", "not-the-total")]),
        ([(("indicators", 2, "unowned"), ...)], [("/indicators/2", "without-owner")]),
        ([((*C01, "unowned"), "x")], [("/indicators/0/unowned", "owned-and-not")]),
        ([((SHARES, 1, "role"), "lead")], [("/indicators/0", "not-one-lead")]),
        ([((SHARES, 0, "role"), "support")], [("/indicators/0", "not-one-lead")]),
        ([((CONTACTS, 1), ...)], [("/contacts", "no-contact")]),
        ([((CONTACTS, 2), OF_X2)], [("/contacts/2/unit", "without-share")]),
        ([((CONTACTS, 2), GIVEN[CONTACTS][0])], [("/contacts/2/unit", "named-twice")]),
        (
            [((SHARES, 1, "unit"), "ZZ"), ((CONTACTS, 1, "unit"), "ZZ")],
            [("/shares/1/unit", "unknown-unit")],
        ),
        (
            [((SHARES, 1, "unit"), "X1"), ((CONTACTS, 1), ...)],
            [("/shares/1", "named-twice")],
        ),
        (
            [((SHARES, 3), {"indicator": "C9", "unit": "X1", "role": "lead", "points": "1"})],
            [("/shares/3/indicator", "unknown-indicator")],
        ),
        (
            [((SHARES, 0, "points"), "6"), ((SHARES, 1, "points"), "0")],
            [("/shares/1/points", "no-points")],
        ),
        ([((*C01, "points"), "7"), ((SHARES, 0, "points"), "5.5")], [("/points", "not-the-total")]),
        ([(("indicators", 2, "code"), "C02")], [("/indicators/2/code", "named-twice")]),
        (
            [((SHARES, 0, "points"), "4"), (("points",), "9"), ((CONTACTS, 0), ...)],
            [
                ("/indicators/0/points", "not-the-points"),
                ("/contacts", "no-contact"),
                ("/points", "not-the-total"),
            ],
        ),
    ],
)
async def test_what_does_not_sum_or_is_nobodys_is_refused_by_name(
    office, cycle, problem, untouched_after, changes, faults
):
    """Planted bug of each row: leave the check that it is about out."""
    async with untouched_after():
        status, kind, found = problem(await post(office, cycle, *changes))
    assert (status, kind) == (422, "decomposition-faulty")
    assert set(faults) <= set(found)
    assert len(faults) == 1 or found == faults


async def test_what_the_superior_changes_is_another_version_that_says_what_moved(
    office, cycle, problem
):
    """Planted bugs: compare with the first version; tell what stayed; take the same twice; list the
    latest version alone."""
    versions = f"{cycle}/decomposition/versions"
    assert (await office.get(versions)).json() == {"items": [], "next": None}
    assert (await post(office, cycle)).status_code == 201
    assert problem(await post(office, cycle))[:2] == (409, "decomposition-stands")
    read = await office.get(f"{cycle}/decomposition")
    changes = [
        (("document_no",), "云发〔2025〕40号"),
        ((*C01, "points"), "5"),
        (("indicators", 1, "points"), "4"),
        ((SHARES, 1), ...),
        ((CONTACTS, 1), ...),
        ((SHARES, 0, "points"), "5"),
        ((SHARES, 1, "points"), "4"),
    ]
    stale = await post(office, cycle, *changes, **{"If-Match": '"x"'})
    assert stale.status_code == 412
    added = await post(office, cycle, *changes, **{"If-Match": read.headers["etag"]})
    assert added.json()["version"] == 2
    now = (await office.get(f"{cycle}/decomposition")).json()
    names = ("indicator", "unit", "field", "before", "after")
    assert {tuple(each[name] for name in names) for each in now["changes"]} == {
        ("C01", None, "points", "6", "5"),
        ("C02", None, "points", "3", "4"),
        ("C01", "X1", "points", "4.5", "5"),
        ("C01", "B01", "points", "1.5", None),
        ("C01", "B01", "role", "support", None),
        ("C02", "X1", "points", "3", "4"),
        (None, "B01", "contact", "张三", None),
    }
    first = (await office.get(f"{cycle}/decomposition", params={"version": 1})).json()
    assert (first["document_no"], first["points"]) == (GIVEN["document_no"], "10")
    missing = await office.get(f"{cycle}/decomposition", params={"version": 3})
    assert problem(missing)[:2] == (404, "no-decomposition")
    page = (await office.get(versions, params={"limit": 1})).json()
    rest = (await office.get(versions, params={"after": page["next"]})).json()
    listed = [(each["version"], each["document_no"]) for each in page["items"] + rest["items"]]
    assert listed == [(1, GIVEN["document_no"]), (2, "云发〔2025〕40号")]
    assert rest["next"] is None

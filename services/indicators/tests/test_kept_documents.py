"""Kept documents: asked for by one statement, and never another than is in force."""

import asyncio

import pytest

PATHS = ["", "/scheme", "/entry-forms", "/targets", "/names"]


@pytest.mark.parametrize("path", PATHS)
async def test_what_is_kept_costs_one_statement_and_what_is_known_no_body(
    service, office, opened, path
):
    """Planted bugs: a transaction around one statement; a document that is made anew each time."""
    first = await office.get(f"{opened}{path}")
    assert first.status_code == 200
    with service.statements() as asked:
        again = await office.get(f"{opened}{path}")
        known = await office.get(
            f"{opened}{path}", headers={"If-None-Match": first.headers["etag"]}
        )
        await asyncio.sleep(0)  # the driver tells what it was asked a moment later
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert (known.status_code, known.content) == (304, b"")
    assert len(asked) == 2, asked


async def test_a_scheme_that_is_no_longer_in_force_is_not_told(service, office, opened, document):
    """Planted bug: keep the scheme by its cycle for a while."""
    before = await office.get(f"{opened}/scheme")
    assert (await office.get(f"{opened}/names")).json()["version"] == 1
    etag = {"If-None-Match": before.headers["etag"]}
    assert (await office.get(f"{opened}/scheme", headers=etag)).status_code == 304
    new = {"scheme": document({"/categories/0/name": "另一名称"}), "reason": "更名"}
    saved = await office.post(f"{opened}/scheme-versions", json=new)
    assert saved.status_code == 201, saved.text
    # A version that is only saved is told to nobody.
    assert (await office.get(f"{opened}/scheme", headers=etag)).status_code == 304
    put = await office.post(f"{opened}/scheme-versions/2/publication")
    assert put.status_code == 201, put.text
    after = await office.get(f"{opened}/scheme", headers=etag)
    assert (after.status_code, after.json()["version"]) == (200, 2)
    assert (await office.get(opened)).json()["scheme_version"] == 2
    names = (await office.get(f"{opened}/names")).json()
    assert (names["version"], names["categories"][0]["name"]) == (2, "另一名称")


async def test_a_scheme_is_read_once_for_as_long_as_its_rows_are_the_same(
    service, office, opened, document
):
    """Planted bugs: keep it by its cycle and version alone, whatever became of the row; read it
    with each request."""
    path, whole = f"{opened}/tasks/indicators", "scheme::text"
    assert (await office.get(path)).status_code == 200
    with service.statements() as asked:
        assert (await office.get(path)).status_code == 200
    assert asked
    assert not [each for each in asked if whole in each]
    where = f"cycle_id = '{opened.rpartition('/')[2]}'"
    for table in ("scheme_version", "scheme_publication"):
        column = {"scheme_version": "scheme = scheme || '{\"places\": 3}'"}.get(table)
        async with service.altered(table, column or "published_by = 'x'", where):
            answer = await office.get(path)
            assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
    with service.statements() as asked:
        assert (await office.get(path)).status_code == 200
    assert len([each for each in asked if whole in each]) == 1  # the row was written anew


async def test_a_unit_is_told_as_it_is_called_and_refused_where_it_was_altered(service, office):
    """Planted bugs: ask how far the journal has come, and not which rows there are; leave the day
    out, on which another name begins."""
    path = "/api/v1/units/X4"
    first = await office.get(path)
    with service.statements() as asked:
        assert (await office.get(path)).content == first.content
        await asyncio.sleep(0)  # the driver tells what it was asked a moment later
    assert len(asked) == 1
    assert "current_date" in asked[0]
    etag = {"If-None-Match": first.headers["etag"]}
    assert (await office.get(path, headers=etag)).status_code == 304
    async with service.altered("unit_name", "name = '别名'", "unit = 'X4'"):
        answer = await office.get(path, headers=etag)
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
    new = {"name": "单位X4的新名称", "kind": "legal", "valid_from": "2012-01-01"}
    named = await office.post(f"{path}/names", json=new)
    assert named.status_code == 201, named.text
    assert (await office.get(path, headers=etag)).json()["name"] == new["name"]


async def test_what_is_kept_for_one_is_not_told_to_another(service, office, opened):
    """Planted bugs: leave the caller out of the key; answer before who may read has been asked."""
    targets = [{"unit": unit, "indicator": "C01", "target": "80"} for unit in ("X1", "X2")]
    answer = await office.post(f"{opened}/targets", json={"targets": targets})
    assert answer.status_code == 201, answer.text
    everybody = await office.get(f"{opened}/targets")
    etag = {"If-None-Match": everybody.headers["etag"]}
    for unit in ("X1", "X2", "X1"):
        async with service.caller("assessed_unit", unit=unit) as own:
            seen = await own.get(f"{opened}/targets", headers=etag)
            assert {each["unit"] for each in seen.json()["targets"]} == {unit}
    async with service.caller("survey_centre") as centre:
        assert (await centre.get(f"{opened}/targets", headers=etag)).status_code == 403
    async with service.client({}) as nobody:
        assert (await nobody.get(f"{opened}/targets", headers=etag)).status_code == 401


async def test_who_comes_again_is_refused_what_he_was_refused_before(service, office, opened):
    """Planted bugs: remember a read without its query, or whatever its headers ask for."""
    first = await office.get(f"{opened}/targets")
    etag = {"If-None-Match": first.headers["etag"]}
    assert (await office.get(f"{opened}/targets", headers=etag)).status_code == 304
    assert (await office.get(f"{opened}/targets?nothing=1", headers=etag)).status_code == 422
    conditional = {**etag, "If-Match": first.headers["etag"]}
    assert (await office.get(f"{opened}/targets", headers=conditional)).status_code == 400
    twice = [*etag.items(), ("Content-Type", "a"), ("Content-Type", "b")]
    assert (await office.get(f"{opened}/targets", headers=twice)).status_code == 400
    body = await office.request("GET", f"{opened}/targets", headers=etag, content=b"{}")
    assert body.status_code == 422
    assert (await office.head(f"{opened}/targets", headers=etag)).status_code == 405
    forgotten = {"If-None-Match": '"0"'}
    assert (await office.get(f"{opened}/targets", headers=forgotten)).status_code == 200


async def test_only_so_many_bytes_are_kept(service, office, opened):
    """Planted bug: count what is dropped as if it were still there, or keep everything."""
    kept = service.app.state.documents
    most, kept._most = kept._most, 10_000
    try:
        for path in PATHS * 2:
            assert (await office.get(f"{opened}{path}")).status_code == 200
        assert sum(len(each.body) for each, _ in kept._kept.values()) == kept._bytes <= 10_000
    finally:
        kept._most = most

"""Units, schemes and targets are changed only while they are what their caller read."""

import asyncio

import pytest

NAME = {"kind": "alias", "valid_from": "2024-01-01"}
A_TARGET = {"unit": "X1", "indicator": "C01", "target": "80"}


async def tag_of(client, path):
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return {"If-Match": answer.headers["etag"]}


async def both(client, path, bodies, headers):
    """The answers of two who post at once, the refused one last."""
    posts = (client.post(path, json=body, headers=headers) for body in bodies)
    return sorted(await asyncio.gather(*posts), key=lambda answer: answer.status_code)


async def names_a_unit(office, opened, document):
    told = {"code": "IM1", "name": "甲", "kind": "body", "valid_from": "2020-01-01"}
    await office.post("/api/v1/units", json={"units": [told]})
    return (
        "/api/v1/units/IM1/names",
        "/api/v1/units/IM1",
        [NAME | {"name": n} for n in ("乙", "丙")],
    )


async def saves_a_scheme(office, opened, document):
    bodies = [
        {"scheme": document({"/categories/0/name": name}), "reason": name} for name in ("乙", "丙")
    ]
    return f"{opened}/scheme-versions", f"{opened}/scheme-versions/1", bodies


async def sets_targets(office, opened, document):
    bodies = [{"targets": [A_TARGET | {"indicator": "C01", "unit": u}]} for u in ("X1", "X2")]
    return f"{opened}/targets", f"{opened}/targets", bodies


@pytest.mark.parametrize("command", [names_a_unit, saves_a_scheme, sets_targets])
async def test_of_two_who_read_the_same_one_changes_it(office, opened, document, command):
    """Both would be carried out without a condition. Planted bugs: compare before what is changed
    is held; compare outside of the transaction of the command."""
    path, read, bodies = await command(office, opened, document)
    stale = await tag_of(office, read)
    done, refused = await both(office, path, bodies, stale)
    assert (done.status_code, refused.status_code) == (201, 412), refused.text
    problem = refused.json()
    assert problem["type"] == "precondition-failed"
    # What is there by now: of a scheme the version that was saved meanwhile.
    read = f"{opened}/scheme-versions/2" if "version" in problem else read
    now = await tag_of(office, read)
    assert {"If-Match": problem["etag"]} == {"If-Match": refused.headers["etag"]} == now
    assert problem.get("version", 2) == 2
    # By the tag of now the condition holds, whatever else is said: this may be what was done.
    again = await office.post(path, json=bodies[1], headers=now)
    assert again.status_code in (201, 409, 422), again.text


async def test_a_command_that_was_done_is_answered_again_although_the_document_changed(
    office, opened, document
):
    """Planted bug: compare before the key is known."""
    path, read, bodies = await sets_targets(office, opened, document)
    headers = await tag_of(office, read) | {"Idempotency-Key": f"again-{opened[-12:]}"}
    first = await office.post(path, json=bodies[0], headers=headers)
    again = await office.post(path, json=bodies[0], headers=headers)
    assert (again.status_code, again.content) == (201, first.content)


async def test_a_check_is_told_of_the_condition_too(office, opened, document):
    path, read, bodies = await sets_targets(office, opened, document)
    for tag, status in ((await tag_of(office, read), 200), ({"If-Match": '"x"'}, 412)):
        answer = await office.post(f"{path}?mode=check", json=bodies[0], headers=tag)
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize("given", ["x", '"x', "*, *"])
async def test_what_is_no_condition_is_refused_and_nothing_done(office, opened, document, given):
    path, read, bodies = await sets_targets(office, opened, document)
    before = await tag_of(office, read)
    answer = await office.post(path, json=bodies[0], headers={"If-Match": given})
    assert (answer.status_code, answer.json()["type"]) == (400, "condition-not-understood")
    assert await tag_of(office, read) == before


async def test_a_version_is_published_only_as_it_was_read(office, opened, document):
    """Planted bug: a command that takes the condition and does not look at it."""
    path, _, bodies = await saves_a_scheme(office, opened, document)
    assert (await office.post(path, json=bodies[0])).status_code == 201
    at = f"{opened}/scheme-versions/2"
    stale = await office.post(f"{at}/publication", headers={"If-Match": '"x"'})
    assert (stale.status_code, stale.json()["version"]) == (412, 2)
    answer = await office.post(f"{at}/publication", headers=await tag_of(office, at))
    assert answer.status_code == 201, answer.text

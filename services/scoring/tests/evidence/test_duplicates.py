"""The same file, and the same picture saved anew, are shown to the office with both places."""

import io
import random

import pytest
from cutting import cut
from leading import VALUE
from PIL import Image, ImageDraw

from scoring.api.evidence import duplicates
from scoring.rules.evidence.likeness import FLAT, alike


def scene(seed: int, size=(240, 180)) -> Image.Image:
    """A picture of some shapes, as different from another as two photos are."""
    drawn = random.Random(seed)  # noqa: S311 - drawn anew alike
    image = Image.new("RGB", size, "grey")
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y, w = drawn.randrange(size[0]), drawn.randrange(size[1]), drawn.randrange(20, 90)
        draw.ellipse((x, y, x + w, y + w), fill=tuple(drawn.randrange(256) for _ in range(3)))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **more) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **more)
    return made.getvalue()


def stamped(image: Image.Image) -> Image.Image:
    changed = image.copy()
    ImageDraw.Draw(changed).rectangle((180, 150, 238, 178), fill="red")
    return changed


async def add(cycle, client, content, name="a.jpg") -> str:
    answer = await client.post(
        f"{cycle.path}/evidence",
        params={"name": name},
        content=content,
        headers={"Content-Type": "image/jpeg"},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["evidence_id"]


async def test_both_places_of_a_file_or_picture_that_was_used_twice_are_told(cycle):
    """Planted bugs: compare files of one unit alone; leave out what no entry names; compare
    pictures by their bytes."""
    picture, unit = scene(1), cycle.caller("assessed_unit", unit="XQ02")
    [entry_id] = await cycle.enter(VALUE)
    first = await add(cycle, cycle.source(), saved(picture, quality=90))
    body = {"evidence_ids": [first]}
    named = await cycle.post(cycle.source(), f"ledger-entries/{entry_id}/evidence", body)
    assert named.status_code == 200, named.text
    again = await add(cycle, unit, saved(picture, quality=90))
    smaller = await add(cycle, unit, saved(picture.resize((120, 90)), quality=50))
    mark = await add(cycle, cycle.source(), saved(stamped(picture), "PNG"), "b.png")
    await add(cycle, unit, saved(scene(2)))
    for colour in ("white", "black"):
        await add(cycle, unit, saved(Image.new("RGB", (64, 64), colour)))
    path = f"{cycle.path}/evidence-duplicates"
    told = (await cycle.office.get(path)).json()
    assert told["pairs_more"] == 0
    equal, *alike_ = told["pairs"]
    assert (equal["likeness"], equal["is_of_two_units"]) == ("same_file", True)
    assert (equal["earlier"]["evidence_id"], equal["later"]["evidence_id"]) == (first, again)
    [use] = equal["earlier"]["used_by"]
    assert (use["entry_id"], use["unit"]) == (entry_id, VALUE["unit"])
    assert equal["later"]["used_by"] == []
    pairs = {(each["earlier"]["evidence_id"], each["later"]["evidence_id"]) for each in alike_}
    assert pairs == {
        (first, smaller), (first, mark), (again, smaller), (again, mark), (smaller, mark)
    }  # fmt: skip
    exact = (await cycle.office.get(f"{path}?apart=0")).json()["pairs"]
    assert len(exact) < len(told["pairs"])
    for client in (unit, cycle.source(), cycle.caller("organiser", unit="ZH01")):
        assert (await client.get(path)).status_code == 403


async def test_a_file_of_a_highlight_is_found_where_another_unit_shows_it_too(cycle):
    """Planted bug: the highlights that name a file are not looked for."""
    told = [await cycle.shine(unit) for unit in ("XQ01", "XQ02")]
    [pair] = (await cycle.office.get(f"{cycle.path}/evidence-duplicates")).json()["pairs"]
    assert (pair["likeness"], pair["is_of_two_units"]) == ("same_file", True)
    uses = [use for side in ("earlier", "later") for use in pair[side]["used_by"]]
    found = [(use["highlight_id"], use["unit"], use["entry_id"]) for use in uses]
    assert found == [
        (told[0]["highlight_id"], "XQ01", None),
        (told[1]["highlight_id"], "XQ02", None),
    ]


@pytest.mark.rules
def test_every_pair_within_the_distance_is_found_and_no_other():
    """Compared with counting bit by bit. Planted bug: compare within a block alone."""
    drawn = random.Random(7)  # noqa: S311 - drawn anew alike
    hashes = [f"{drawn.getrandbits(64):016x}" for _ in range(700)]
    hashes += [f"{int(each, 16) ^ (1 << drawn.randrange(64)):016x}" for each in hashes[:40]]
    hashes += [None, FLAT, FLAT]
    digests = [str(n) for n in range(len(hashes))]
    expected = {
        (i, j, bin(int(a, 16) ^ int(b, 16)).count("1"))
        for i, a in enumerate(hashes[:740])
        for j, b in enumerate(hashes[:i:-1][::-1][: 740 - i - 1], i + 1)
        if bin(int(a, 16) ^ int(b, 16)).count("1") <= 6
    }
    found = {(each.first, each.second, each.apart) for each in alike(digests, hashes, 6)}
    assert found == expected
    assert len(found) >= 40


@pytest.mark.rules
@pytest.mark.parametrize("shown", [None, "00000000000000ff"])
def test_equal_files_stand_each_beside_the_first(shown):
    """Planted bug: equal pictures are beside one another again, as pictures that look the same."""
    found = alike(["a", "b", "a", "a"], [shown, None, shown, shown], 6)
    assert [(*each[:2], each.is_same_file) for each in found] == [(0, 2, True), (0, 3, True)]


async def test_pairs_and_uses_are_told_up_to_a_limit_and_counted(cycle, monkeypatch):
    picture, unit = scene(3), cycle.caller("assessed_unit", unit="XQ02")
    [entry_id] = await cycle.enter(VALUE)
    first = await add(cycle, cycle.source(), saved(picture))
    body = {"evidence_ids": [first]}
    await cycle.post(cycle.source(), f"ledger-entries/{entry_id}/evidence", body)
    for _ in range(2):
        await add(cycle, unit, saved(picture))

    async def found():
        return (await cycle.office.get(f"{cycle.path}/evidence-duplicates")).json()

    rest = await cut(monkeypatch, duplicates, "MOST_PAIRS", found, lambda told: told["pairs"])
    assert rest["pairs_more"] == 1

    async def earlier():
        return (await found())["pairs"][0]["earlier"]

    rest = await cut(monkeypatch, duplicates, "MOST_USES", earlier, lambda told: told["used_by"])
    assert rest["uses_more"] == 1

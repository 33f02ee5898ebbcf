"""Who is shown what of a release: by the policy of the scheme, on every route that tells of one."""

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from ranking.rules.publication import OWN_REASONS, Publication, Shown, lines

STEPS = ("merge", "review", "decision")
OFFICE = {"role": "performance_office", "subject": "publication"}
PART = {"units": {"grades": True}, "public": {"first_places": 3}}
ALL_PARTS = ("grades", "ranks", "scores", "blocks", "reasons", "highlights")


def sha256(document: object) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def told(**policy: dict[str, Any]) -> dict[str, Any]:
    """Give a policy as the indicators service publishes it, with what it says by itself."""
    nothing: dict[str, Any] = dict.fromkeys(ALL_PARTS, False) | {"first_places": None}
    return {
        name: nothing | policy[name] if name in policy else None
        for name in ("public", "units", "organisers")
    }


@pytest.fixture
def scheme_of(peers):
    """Have the scheme say who is shown what, for one test."""
    before, sheets, highlights = peers.scheme, peers.sheet_units, peers.highlights

    def policy(**each: dict[str, Any]) -> None:
        peers.scheme = before | {"publication": told(**each)}

    policy.peers = peers  # type: ignore[attr-defined]
    yield policy
    peers.scheme, peers.sheet_units, peers.highlights = before, sheets, highlights


async def publish(cycle, **body: Any) -> httpx.Response:
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS)
    answer = await cycle.post(f"/rankings/{edition}/publication", body, **OFFICE)
    assert answer.status_code == 201, answer.text
    return answer


async def read(cycle, path: str, role: str, unit: str | None = None) -> httpx.Response:
    async with cycle.service.caller(role, **({"unit": unit} if unit else {})) as client:
        return await client.get(f"/api/v1/cycles/{cycle.cycle_id}{path}")


async def public(cycle, path: str = "", **headers: str) -> httpx.Response:
    async with cycle.service.client({}) as stranger:
        at = f"/api/v1/public/cycles/{cycle.cycle_id}/releases{path}"
        return await stranger.get(at, headers=headers)


async def test_a_scheme_that_says_nothing_shows_all_of_it_and_nothing_to_the_public(cycle):
    """Planted bug: show nothing to an audience that is not named."""
    published = (await publish(cycle)).json()
    assert "publication" not in published["manifest"]
    whole = (await read(cycle, "/releases/1", "assessed_unit", "XQ05")).json()
    part = (await read(cycle, "/releases/1/published", "assessed_unit", "XQ05")).json()
    assert part["shown"] == ["grades", "ranks", "scores", "blocks", "reasons", "highlights"]
    of_whole = [
        {name: value for name, value in each.items() if value is not None}
        for each in whole["document"]["units"]
    ]
    assert part["units"] == of_whole
    assert (await public(cycle)).json() == {"items": [], "next": None}
    assert (await public(cycle, "/1")).json()["type"] == "nothing-public"


async def test_what_a_policy_leaves_out_is_left_out_on_every_route(cycle, scheme_of):
    """Planted bugs: leave `require_whole` out of the document or of the differences; give in the
    list the digest of the manifest; list units in the order of their ranks."""
    scheme_of(**PART)
    await publish(cycle)
    whole = (await read(cycle, "/releases/1", "performance_office")).json()
    scores = {each["final_total"] for each in whole["document"]["units"]} - {None}
    for role in ("assessed_unit", "panel_member", "system_administrator"):
        for path in ("/releases/1", "/releases/1/differences?against=1"):
            answer = await read(cycle, path, role)
            assert (answer.status_code, answer.json()["type"]) == (403, "release-in-part")
        part = await read(cycle, "/releases/1/published", role)
        listed = await read(cycle, "/releases", role)
        for answer in (part, listed):
            assert whole["digest"] not in answer.text
            assert whole["manifest"]["ranking_digest"] not in answer.text
            assert not any(score in answer.text for score in scores)
        document = part.json()
        assert document["shown"] == ["grades"]
        units = document["units"]
        assert [each["unit"] for each in units] == sorted(each["unit"] for each in units)
        assert {name for each in units for name in each} == {"unit", "name", "grade", "grade_name"}
        [one] = listed.json()["items"]
        assert one["digest"] == document["digest"]
    for role in ("performance_office", "committee", "auditor", "personnel", "budget", "organiser"):
        assert (await read(cycle, "/releases/1", role)).status_code == 200


async def test_the_digest_of_a_part_is_of_what_is_shown_and_the_manifest_vouches_for_it(
    cycle, scheme_of
):
    """Planted bug: take the digest over the whole document."""
    scheme_of(**PART)
    manifest = (await publish(cycle)).json()["manifest"]
    for found, audience in (
        ((await read(cycle, "/releases/1/published", "assessed_unit")).json(), "units"),
        ((await public(cycle, "/1")).json(), "public"),
    ):
        content = {
            name: found[name]
            for name in found.keys() - {"digest", "own", "corrections", "corrected_by"}
        }
        assert found["digest"] == sha256(content) == manifest["publication"]["digests"][audience]


async def test_the_event_of_a_release_in_part_tells_no_digest_of_the_whole(cycle, scheme_of):
    """Planted bug: record it as `release_digest` whatever the policy says."""
    scheme_of(**PART)
    digest = (await publish(cycle)).json()["digest"]
    async with cycle.service.caller("assessed_unit", unit="XQ05") as client:
        heard = await client.get("/internal/events", params={"chain": str(cycle.cycle_id)})
    assert [each["type"] for each in heard.json()["events"]] == ["ranking.publication"]
    assert digest not in heard.text


async def test_the_public_sees_the_first_places_and_is_answered_by_etag(cycle, scheme_of):
    """Planted bug: count the first lines in place of the ranks."""
    scheme_of(**PART)
    await publish(cycle)
    [one] = (await public(cycle)).json()["items"]
    found = await public(cycle, "/1")
    document = found.json()
    assert document["digest"] == one["digest"]
    assert [each["rank"] for each in document["units"]] == [1, 2, 3]
    assert {name for each in document["units"] for name in each} == {"unit", "name", "rank"}
    again = await public(cycle, "/1", **{"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert found.headers["cache-control"] == "public, no-cache"


async def test_a_unit_reads_its_own_line_whole_and_of_others_nothing_in_it(cycle, scheme_of):
    """Planted bug: give the own line with the reasons that tell of other units."""
    scheme_of(**PART)
    await publish(cycle)
    whole = (await read(cycle, "/releases/1", "auditor")).json()["document"]["units"]
    for line in whole:
        found = await read(cycle, "/releases/1/published", "assessed_unit", line["unit"])
        own = found.json()["own"]
        assert {**own, "reasons": 0} == {**line, "reasons": 0}
        assert {each["code"] for each in own["reasons"]} <= OWN_REASONS
        others = await read(cycle, "/releases/1/published", "assessed_unit", "ZZ01")
        assert "own" not in others.json()


def with_less(units: list[dict[str, Any]], unit: str, less: str) -> list[dict[str, Any]]:
    """The units of a sheet in which one has so many points less."""

    def lower(one: dict[str, Any]) -> dict[str, Any]:
        points = str(Decimal(one["blocks"]["function"]) - Decimal(less))
        return one | {"blocks": one["blocks"] | {"function": points}}

    return [lower(one) if one["unit"] == unit else one for one in units]


ROUTES = (
    *("/releases", "/releases/1", "/releases/1/published"),
    *("/releases/1/differences?against=1", "/rankings", "/rankings/1"),
    *("/releases/1/list?format=docx", "/releases/1/units/XQ05/score-sheet"),
)
WITHOUT_TIME = ("published_at", "public_from", "changed_at", "digest", "cycle_id", "etag")


def of_all_worlds(answer: httpx.Response) -> Any:
    """Return an answer without ids, moments, and digests of them."""
    if "json" not in answer.headers.get("content-type", ""):
        return answer.status_code

    def plain(value: Any) -> Any:
        match value:
            case dict():
                names = value.keys() - {*WITHOUT_TIME, "request_id", "instance"}
                return {name: plain(value[name]) for name in sorted(names)}
            case list():
                return [plain(each) for each in value]
        return value

    return answer.status_code, plain(answer.json())


async def test_two_worlds_that_differ_in_an_unpublished_score_are_the_same_to_a_unit(
    cycle, another_cycle, scheme_of
):
    """Before, during the embargo and after: what a unit and the public are answered is the same
    where another unit has other points and the same grade and place. Planted bugs: show the order
    of ranks; give the own line with its reasons; name the digest of the manifest in the list."""
    scheme_of(units={"grades": True}, public={"grades": True})
    peers, plain = scheme_of.peers, scheme_of.peers.sheet_units
    worlds = {cycle: plain, another_cycle(): with_less(plain, "XQ05", "0.0001")}

    async def answers(role: str | None) -> list[Any]:
        """Give what each world answers on all routes."""
        return [
            [
                of_all_worlds(
                    await (read(world, path, role, "XQ01") if role else public(world, path))
                )
                for path in (ROUTES if role else ("", "/1"))
            ]
            for world in worlds
        ]

    for world, peers.sheet_units in worlds.items():
        edition = await world.rank()
        await world.take(edition, *STEPS)
    before = [await answers(role) for role in ("assessed_unit", None)]
    later = {"publish_at": (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()}
    for world, peers.sheet_units in worlds.items():
        answer = await world.post("/rankings/1/publication", later, **OFFICE)
        assert answer.status_code == 201, answer.text
    during = [await answers(role) for role in ("assessed_unit", None)]
    for world in worlds:
        lifted = await world.post("/releases/1/embargo", {"reason": "会议提前"}, **OFFICE)
        assert lifted.status_code == 201, lifted.text
    after = [await answers(role) for role in ("assessed_unit", None)]
    whole = [(await read(world, "/releases/1", "auditor")).json() for world in worlds]
    assert whole[0]["document"]["units"] != whole[1]["document"]["units"]
    for one, other in (*before, *during, *after):
        assert one == other


async def test_a_correcting_release_says_what_it_corrects_and_shows_it_as_the_policy_lets(
    cycle, scheme_of
):
    """Planted bugs: leave `refuse_note` out; compare whole documents for whoever sees a part; leave
    the note out of what the digest is of."""
    scheme_of(units={"grades": True}, public={"first_places": 1})
    await publish(cycle)
    unnamed = await read(cycle, "/releases/1/published", "assessed_unit")
    assert "corrected_by" not in unnamed.json()
    report = {"unit": "XQ09", "code": "V02", "document_no": "1号", "decided_on": "2026-02-10"}
    await cycle.report("/vetoes", report, role="responsible_body", unit="ZH11")
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS)
    path = f"/rankings/{edition}/publication"
    async with cycle.unchanged():
        answer = await cycle.post(path, {}, **OFFICE)
    assert (answer.status_code, answer.json()["type"]) == (422, "correction-note-missing")
    note = {"zh": "XQ09 因一票否决降等。", "en": "A veto of XQ09 counts."}
    published = await cycle.post(path, {"correction": note}, **OFFICE)
    assert published.status_code == 201, published.text
    assert published.json()["manifest"]["correction"] == note
    told_of = await read(cycle, "/releases/1/published", "assessed_unit")
    assert told_of.json()["corrected_by"] == 2
    assert (await read(cycle, "/releases/1/published", "auditor")).json()["corrected_by"] == 2
    first, second = (await read(cycle, "/releases", "assessed_unit")).json()["items"]
    assert (first["predecessor"], second["predecessor"]) == (None, 1)
    found = (await read(cycle, "/releases/2/published", "assessed_unit")).json()
    assert found["correction"] == note
    differing = {each["unit"]: (each["before"], each["after"]) for each in found["corrections"]}
    before, after = differing["XQ09"]
    assert before.keys() == after.keys() == {"grade", "grade_name"} - {"grade_name"}
    seen = (await public(cycle, "/2")).json()
    assert seen["corrections"] == []
    assert (await public(cycle, "/1")).json()["corrected_by"] == 2


async def test_a_correction_names_no_unit_whose_scores_ranks_and_grade_are_the_same(cycle):
    """Planted bug: name a unit of which nothing but its vetoes or reasons is another."""
    await publish(cycle)
    line = (await read(cycle, "/releases/1", "auditor")).json()["document"]["units"][-1]
    report = {"unit": line["unit"], "code": "V02", "document_no": "1号", "decided_on": "2026-02-10"}
    await cycle.report("/vetoes", report, role="responsible_body", unit="ZH11")
    await publish(cycle, correction={"zh": "补记一票否决。"})
    last = (await read(cycle, "/releases/2", "auditor")).json()["document"]["units"][-1]
    assert (last["unit"], last["grade"]) == (line["unit"], line["grade"])
    assert "vetoes" in last.keys() - line.keys()
    found = (await read(cycle, "/releases/2/published", "auditor")).json()
    assert found["corrections"] == []


async def test_the_first_release_of_a_category_corrects_nothing(cycle):
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS)
    async with cycle.unchanged():
        body = {"correction": {"zh": "更正"}}
        answer = await cycle.post(f"/rankings/{edition}/publication", body, **OFFICE)
    assert (answer.status_code, answer.json()["type"]) == (409, "nothing-to-correct")


LINES = [
    {"unit": "B", "name": "B", "rank": 1, "grade": "x", "final_total": "9", "blocks": {}},
    {"unit": "A", "name": "A", "rank": 2, "grade": "y", "final_total": "8", "blocks": {}},
    {"unit": "C", "name": "C", "rank": None, "grade": None, "final_total": None, "blocks": {}},
]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (Shown(), []),
        (Shown(ranks=True), ["B", "A", "C"]),
        (Shown(grades=True), ["A", "B", "C"]),
        (Shown(scores=True), ["A", "B", "C"]),
        (Shown(first_places=1), ["B"]),
        (Shown(first_places=1, grades=True), ["B", "A", "C"]),
        (Shown(highlights=True), []),
    ],
)
def test_the_order_of_units_tells_no_rank_that_is_not_shown(shown, expected):
    """Planted bug: keep the order of the document."""
    found = lines(LINES, shown)
    assert [each["unit"] for each in found] == expected
    assert all("final_total" not in each or shown.scores for each in found)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Shown(ranks=True), Shown(first_places=3), Shown(first_places=3)),
        (Shown(ranks=True), Shown(ranks=True), Shown(ranks=True)),
        (Shown(first_places=5), Shown(first_places=3, grades=True), Shown(first_places=3)),
        (Shown(grades=True), Shown(scores=True), Shown()),
    ],
)
def test_a_correction_is_shown_as_far_as_both_releases_were(one, other, both):
    assert one.also(other) == other.also(one) == both


def test_nobody_is_shown_what_the_scheme_does_not_name_for_the_public():
    assert Publication().shown("public") is None

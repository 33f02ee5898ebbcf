"""From the first step of the chain to the release that everybody reads."""

import asyncio
import hashlib
import json

import asyncpg
import pytest

ROLES = {
    "merge": "performance_office",
    "review": "committee",
    "decision": "standing_committee",
    "publication": "performance_office",
}
STEPS = list(ROLES)
EVERYBODY = [
    "performance_office",
    "organiser",
    "data_source_unit",
    "assessed_unit",
    "survey_centre",
    "responsible_body",
    "committee",
    "standing_committee",
    "auditor",
    "system_administrator",
]


def sha256(document: object) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def told(answer):
    """Return everything that an answer shows, but for the id of the request."""
    headers = {k: v for k, v in answer.headers.items() if k != "x-request-id"}
    body = {k: v for k, v in answer.json().items() if k not in {"request_id", "instance"}}
    return answer.status_code, headers.get("etag"), headers["content-type"], body


async def test_the_chain_leads_to_a_release_that_says_who_took_which_step(cycle):
    edition = await cycle.rank()
    states = []
    for step in STEPS[:3]:
        answer = (await cycle.take(edition, step)).json()
        states.append(answer["state"])
    assert states == ["merged", "reviewed", "approved"]
    manifest = (await cycle.take(edition, "publication")).json()["manifest"]
    taken = [(each["step"], each["subject"]) for each in manifest["approvals"]]
    assert taken == [(step, step) for step in STEPS]
    times = [each["taken_at"] for each in manifest["approvals"]]
    assert times == sorted(times)
    assert manifest["published_at"] == times[-1]
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    assert ranking["state"] == "published"


@pytest.mark.parametrize("done", range(5))
async def test_a_step_out_of_order_is_refused_and_leaves_no_trace(cycle, done):
    """Planted bug: leave `advance` out of `take_step`, or let it see the last step only."""
    edition = await cycle.rank("PAIR")
    await cycle.take(edition, *STEPS[:done])
    async with cycle.unchanged():
        for step in {*STEPS} - {*STEPS[done : done + 1]}:
            path = f"/rankings/{edition}/{step}"
            answer = await cycle.post(path, role=ROLES[step], subject="new")
            assert (answer.status_code, answer.json()["type"]) == (409, "step-out-of-order")


@pytest.mark.parametrize("done", range(4))
async def test_a_step_is_for_its_own_role(cycle, done):
    """Planted bug: name a further role in the row of the matrix and in the chain."""
    edition, step = await cycle.rank("PAIR"), STEPS[done]
    await cycle.take(edition, *STEPS[:done])
    async with cycle.unchanged():
        for role in {*EVERYBODY} - {ROLES[step]}:
            answer = await cycle.post(f"/rankings/{edition}/{step}", role=role, subject="new")
            assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


OFFICE_STEPS = [0, 3]


@pytest.fixture
def others(peers):
    """The other services, as a test may change them for itself."""
    kept = ("phases", "untold", "present", "sheets", "sheet_units", "names", "highlights")
    kept += ("objections", "scheme")
    before = {name: getattr(peers, name) for name in kept}
    yield peers
    for name, value in before.items():
        setattr(peers, name, value)


async def step_by_the_office(cycle, edition: int, done: int):
    """Take the step after `done` others, which is one of the office's."""
    path = f"/rankings/{edition}/{STEPS[done]}"
    return await cycle.post(path, role="performance_office", subject=STEPS[done])


@pytest.mark.parametrize("done", OFFICE_STEPS)
@pytest.mark.parametrize("open_", [3, 7])
async def test_what_more_entries_could_change_is_not_passed_on(cycle, others, done, open_):
    """Planted bugs: leave `refuse_unsettled` out of `take_step`; look at the newest sheet only,
    so that a ranking of an open ledger passes because a sealed one says the same."""
    edition = await cycle.rank()  # of sheet 3
    await cycle.take(edition, *STEPS[:done])
    others.sheets = {3: ["COUNTY"], 7: ["COUNTY"]}
    others.phases = {open_: "open"}
    async with cycle.unchanged():
        answer = await step_by_the_office(cycle, edition, done)
    assert (answer.status_code, answer.json()["type"]) == (409, "ledger-still-open")


@pytest.mark.parametrize("done", OFFICE_STEPS)
async def test_what_the_units_were_not_told_is_not_passed_on(cycle, others, done):
    """Planted bug: leave `refuse_untold` out of `take_step`."""
    edition = await cycle.rank()  # of sheet 3
    await cycle.take(edition, *STEPS[:done])
    others.untold = {3}
    async with cycle.unchanged():
        answer = await step_by_the_office(cycle, edition, done)
    assert (answer.status_code, answer.json()["type"]) == (409, "sheet-not-fed-back")


@pytest.mark.parametrize("done", OFFICE_STEPS)
@pytest.mark.parametrize("what", ["targets", "satisfaction", "corrections"])
async def test_what_has_changed_since_the_newest_sheet_has_to_be_scored_first(
    cycle, others, done, what
):
    """Planted bugs: compare the newest sheet with nothing but the scheme; not with the corrections
    of the sealed ledger."""
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS[:done])
    others.present = others.present | {what: "revised"}
    async with cycle.unchanged():
        answer = await step_by_the_office(cycle, edition, done)
    assert (answer.status_code, answer.json()["type"]) == (409, "ranking-outdated")
    assert answer.json()["changed"] == [what]


def with_points(units: list[dict], unit: str, block: str, points: str) -> list[dict]:
    """The units of a sheet in which one has other points."""
    return [
        one | {"blocks": one["blocks"] | {block: points}} if one["unit"] == unit else one
        for one in units
    ]


@pytest.mark.parametrize("done", OFFICE_STEPS)
async def test_an_edition_that_the_newest_sheet_ranks_otherwise_is_not_passed_on(
    cycle, others, done
):
    """Planted bug: compare the editions that were ranked with themselves."""
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS[:done])
    others.sheet_units = with_points(others.sheet_units, "XQ05", "function", "1.0001")
    async with cycle.unchanged():
        answer = await step_by_the_office(cycle, edition, done)
    told = answer.json()
    assert (answer.status_code, told["type"]) == (409, "ranking-outdated")
    assert told["changed"] == ["score_sheet"]
    assert "XQ05" in told["units"]


async def test_a_newer_sheet_that_says_the_same_stands_in_nobodys_way(cycle, others):
    """Caught: comparing numbers of editions, so that whoever scores once more blocks the chain.

    Nor does a unit that was renamed meanwhile: nobody's result is another.
    """
    edition = await cycle.rank()
    others.names = others.names | {"XQ01": "新区"}
    others.sheets = {2: ["COUNTY"], 3: ["COUNTY", "PAIR"], 9: ["OTHER"]}
    await cycle.take(edition, *STEPS)


async def test_who_merged_does_not_publish(cycle):
    """Planted bug: compare the roles of the steps instead of the persons."""
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review", "decision")
    path = f"/rankings/{edition}/publication"
    async with cycle.unchanged():
        answer = await cycle.post(path, role="performance_office", subject="merge")
    assert (answer.status_code, answer.json()["type"]) == (409, "same-person-twice")


@pytest.mark.parametrize(("subject", "person"), [("merge", None), ("another-account", "merge")])
async def test_the_database_itself_refuses_a_second_step_of_one_person(cycle, subject, person):
    """Planted bug: compare accounts alone, or persons alone, in the trigger of `approval`."""
    edition = await cycle.rank()
    await cycle.take(edition, "merge")
    with pytest.raises(asyncpg.UniqueViolationError):
        await cycle.service.sql(
            "INSERT INTO approval (cycle_id, edition, step, subject, person)"
            " VALUES ($1, $2, 'review', $3, $4)",
            cycle.cycle_id,
            edition,
            subject,
            person,
        )


@pytest.mark.parametrize("done", [1, 2, 3])
async def test_two_accounts_of_one_person_are_one_person_in_the_chain(cycle, done):
    """Planted bug: compare the accounts of the steps instead of the persons."""
    edition, step = await cycle.rank(), STEPS[done]
    await cycle.take(edition, *STEPS[:done])
    who = {"role": ROLES[step], "subject": "another-account", "person": "merge"}
    async with cycle.unchanged():
        answer = await cycle.post(f"/rankings/{edition}/{step}", **who)
    assert (answer.status_code, answer.json()["type"]) == (409, "same-person-twice")
    assert answer.json()["taken"] == "merge"


@pytest.mark.parametrize("done", range(4))
async def test_nobody_whose_unit_is_ranked_takes_a_step(cycle, done):
    """Planted bug: leave `check_interest` out of `take_step`."""
    edition, step = await cycle.rank(), STEPS[done]
    await cycle.take(edition, *STEPS[:done])
    for unit in ("XQ01", "XQ11"):
        async with cycle.unchanged():
            path = f"/rankings/{edition}/{step}"
            answer = await cycle.post(path, role=ROLES[step], unit=unit, subject="new")
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (403, "decider-barred")
        assert problem["cause"] == "own-category"
    assert (await cycle.take(edition, step)).status_code == 201


@pytest.fixture
def recused(peers):
    """The scheme of a city whose office belongs to XQ04: ZF01 stands in for it."""
    before = peers.scheme
    peers.scheme = before | {"recusals": [{"unit": "XQ04", "body": "ZF01"}]}
    yield peers
    peers.scheme = before


async def test_a_second_body_takes_the_offices_steps_where_the_office_is_barred(cycle, recused):
    """Planted bugs: let the office merge all the same; let any second body."""
    edition = await cycle.rank()
    second = {"role": "second_body", "unit": "ZF01"}
    for step in STEPS:
        path = f"/rankings/{edition}/{step}"
        if ROLES[step] != "performance_office":
            async with cycle.unchanged():
                assert (await cycle.post(path, **second, subject=step)).status_code == 403
            await cycle.take(edition, step)
            continue
        async with cycle.unchanged():
            office = await cycle.post(path, role="performance_office", subject=step)
            other = await cycle.post(path, role="second_body", unit="ZF02", subject=step)
        for barred in (office, other):
            assert (barred.status_code, barred.json()["cause"]) == (403, "recused")
        if step == "publication":
            same = await cycle.post(path, **second, subject="merge")
            assert same.json()["type"] == "same-person-twice"
        assert (await cycle.post(path, **second, subject=step)).status_code == 201


@pytest.mark.parametrize("step", ["merge", "publication"])
async def test_where_nobody_is_barred_a_second_body_takes_no_step(cycle, step):
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS[: STEPS.index(step)])
    async with cycle.unchanged():
        path = f"/rankings/{edition}/{step}"
        answer = await cycle.post(path, role="second_body", unit="ZF01", subject=step)
    assert (answer.status_code, answer.json()["type"]) == (403, "role-not-of-step")


@pytest.mark.parametrize("role", ["committee", "standing_committee"])
async def test_who_decides_reads_of_the_own_category_once_it_is_released(cycle, role):
    """Planted bugs: leave the check out of one of the two; hide what has been published."""
    edition, other = await cycle.rank(), await cycle.rank("PAIR")
    async with cycle.service.caller(role, unit="XQ05") as reader:
        at = f"/api/v1/cycles/{cycle.cycle_id}/rankings"
        answer = await reader.get(f"{at}/{edition}")
        assert (answer.status_code, answer.json()["type"]) == (403, "read-after-release")
        listed = (await reader.get(at)).json()["items"]
        assert [one["edition"] for one in listed] == [other]
        await cycle.take(edition, *STEPS)
        assert (await reader.get(f"{at}/{edition}")).status_code == 200
        assert [one["edition"] for one in (await reader.get(at)).json()["items"]] == [
            edition,
            other,
        ]


async def test_a_second_body_reads_the_categories_it_decides_about_and_no_others(cycle, recused):
    edition, pair = await cycle.rank(), await cycle.rank("PAIR")
    async with cycle.service.caller("second_body", unit="ZF01") as reader:
        at = f"/api/v1/cycles/{cycle.cycle_id}/rankings"
        assert (await reader.get(f"{at}/{edition}")).status_code == 200
        # XQ01 and XQ02 are of the pair in this fixture, and of the counties too.
        assert [one["edition"] for one in (await reader.get(at)).json()["items"]] == [edition]
    async with cycle.service.caller("second_body", unit="ZF02") as reader:
        for number in (edition, pair):
            assert (await reader.get(f"{at}/{number}")).status_code == 403
        assert (await reader.get(at)).json()["items"] == []


async def test_of_eight_people_who_merge_at_once_one_does(cycle):
    """Planted bug: leave out `hold_cycle`; the others then meet a constraint, a 500."""
    edition = await cycle.rank()
    path = f"/rankings/{edition}/merge"
    answers = await asyncio.gather(
        *(cycle.post(path, role="performance_office", subject=f"clerk {n}") for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


@pytest.mark.parametrize("done", range(4))
async def test_a_report_that_came_after_the_ranking_stops_it(cycle, done):
    """Planted bug: leave `refuse_outdated` out of `take_step`: a vetoed unit stays excellent."""
    edition, step = await cycle.rank(), STEPS[done]
    await cycle.take(edition, *STEPS[:done])
    report = {"unit": "XQ01", "code": "V02", "document_no": "1", "decided_on": "2025-12-30"}
    await cycle.report("/vetoes", report)
    async with cycle.unchanged():
        answer = await cycle.post(f"/rankings/{edition}/{step}", role=ROLES[step], subject="new")
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "ranking-outdated")
    assert problem["changed"] == ["vetoes"]
    await cycle.take(await cycle.rank(), *STEPS)


async def test_a_report_about_another_category_stops_nothing(cycle):
    edition = await cycle.rank("PAIR")
    report = {"unit": "XQ03", "code": "DM02", "document_no": "1", "decided_on": "2025-12-30"}
    await cycle.report("/demotions", report)
    await cycle.take(edition, *STEPS)


async def test_an_edition_older_than_the_published_one_is_not_published(cycle):
    """Planted bug: leave out `refuse_overtaken`: the older edition replaces the newer one."""
    older, newer = await cycle.rank(), await cycle.rank()
    await cycle.take(older, *STEPS[:3])
    await cycle.take(newer, *STEPS)
    async with cycle.unchanged():
        path = f"/rankings/{older}/publication"
        answer = await cycle.post(path, role="performance_office", subject="publication")
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "ranking-overtaken")
    assert problem["published"] == newer


async def test_a_step_on_an_edition_that_is_not_there_is_refused(cycle):
    answer = await cycle.post("/rankings/7/merge", role="performance_office")
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-ranking")


async def test_before_publication_the_releases_do_not_show_that_there_is_a_ranking(
    cycle, another_cycle
):
    """Planted bug: read releases from the editions, or answer 403 for those not yet published."""
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review", "decision")
    empty = another_cycle()
    for role in EVERYBODY:
        for path in ("/releases", "/releases/1", "/releases/2"):
            assert told(await cycle.get(path, role)) == told(await empty.get(path, role))
        assert (await cycle.get("/releases/1", role)).status_code == 404


async def test_after_publication_everybody_who_is_signed_in_reads_the_release(cycle):
    edition = await cycle.rank()
    await cycle.take(edition, *STEPS)
    for role in EVERYBODY:
        listed = (await cycle.get("/releases", role)).json()["items"]
        release = await cycle.get("/releases/1", role)
        assert release.status_code == 200
        assert listed[0]["digest"] == release.json()["digest"]
        assert len(release.json()["document"]["units"]) == 11


async def test_who_is_not_signed_in_reads_nothing(cycle):
    async with cycle.service.client({}) as stranger:
        answer = await stranger.get(f"/api/v1/cycles/{cycle.cycle_id}/releases")
    assert (answer.status_code, answer.json()["type"]) == (401, "not-signed-in")


async def test_a_release_can_be_checked_by_whoever_holds_it(cycle):
    """Planted bug: take a digest before the approvals or the number of the release are known."""
    edition = await cycle.rank()
    published = (await cycle.take(edition, *STEPS)).json()
    release = (await cycle.get("/releases/1", "assessed_unit")).json()
    manifest, document = release["manifest"], release["document"]
    assert published["manifest"] == manifest
    assert release["digest"] == published["digest"] == sha256(manifest)
    assert manifest["document_digest"] == sha256(document)
    assert manifest["ranking_digest"] == document["digest"]
    assert manifest["inputs"] == document["digests"]
    content = {k: v for k, v in document.items() if k not in {"edition", "state", "digest"}}
    assert document["digest"] == sha256(content)


async def test_a_second_publication_names_its_predecessor_and_leaves_it_as_it_was(cycle):
    """Planted bug: let the new release take the number of the old one."""
    await cycle.take(await cycle.rank(), *STEPS)
    first = (await cycle.get("/releases/1", "auditor")).json()
    pair = await cycle.take(await cycle.rank("PAIR"), *STEPS)
    second = await cycle.take(await cycle.rank(), *STEPS)
    named = [
        (answer.json()["manifest"]["release"], answer.json()["manifest"]["predecessor"])
        for answer in (pair, second)
    ]
    assert named == [(2, None), (3, 1)]
    assert (await cycle.get("/releases/1", "auditor")).json() == first
    listed = (await cycle.get("/releases?limit=2", "assessed_unit")).json()
    assert [one["category"] for one in listed["items"]] == ["COUNTY", "PAIR"]
    assert listed["next"] == "2"


async def test_the_journal_holds_every_command_and_no_score(cycle):
    await cycle.take(await cycle.rank(), *STEPS)
    async with cycle.service.caller("auditor") as auditor:
        chain = f"/api/v1/journals/ranking/chains/{cycle.cycle_id}"
        entries = (await auditor.get(chain)).json()["items"]
        held = (await auditor.get(f"{chain}/verification")).json()
    assert [entry["event"] for entry in entries] == [
        "ranking.computed", "ranking.merge", "ranking.review", "ranking.decision",
        "ranking.publication",
    ]  # fmt: skip
    assert held["holds"]
    assert "99.0228" not in "".join(entry["body"] for entry in entries)


async def test_a_ranking_is_decided_on_only_as_it_was_read(cycle):
    """Who merges what another has merged meanwhile is told of the condition first. Planted bugs:
    another ETag for the command than for who reads; whether the step is in order, before."""
    await cycle.rank()
    etag = (await cycle.get("/rankings/1", "performance_office")).headers["etag"]
    async with cycle.service.caller("performance_office", subject="merge") as office:
        path = f"/api/v1/cycles/{cycle.cycle_id}/rankings/1/merge"
        for given, status in (('"x"', 412), (etag, 201), (etag, 412)):
            answer = await office.post(path, json={}, headers={"If-Match": given})
            assert answer.status_code == status, answer.text
    now = (await cycle.get("/rankings/1", "performance_office")).headers["etag"]
    assert answer.json()["etag"] == now


def highlight(unit, title, **more):
    told = {"adopted_by": None, "level": None, "document_no": None, "text": "x"}
    return {"unit": unit, "title": title, "state": "accepted", "publish": True} | told | more


async def test_a_release_tells_the_highlights_that_were_to_be_published_and_no_others(
    cycle, others
):
    """Planted bugs: those that are not to be published; those of another category; a manifest
    without them that is not what it was."""
    units = {each["code"]: each["units"] for each in others.scheme["categories"]}
    pair, other = units["PAIR"], [u for u in units["COUNTY"] if u not in units["PAIR"]]
    others.highlights = [
        highlight(pair[0], "一"),
        highlight(pair[0], "不公布", publish=False),
        highlight(pair[1], "未采纳", state="not_accepted"),
        highlight(other[0], "别类"),
    ]
    edition = await cycle.rank("PAIR")
    manifest = (await cycle.take(edition, *STEPS)).json()["manifest"]
    told = [(each["unit"], each["title"]) for each in manifest["highlights"]]
    assert told == [(pair[0], "一")]
    release = (await cycle.get(f"/releases/{manifest['release']}", "assessed_unit")).json()
    assert release["manifest"] == manifest
    assert release["digest"] == sha256(manifest)
    others.highlights = []
    edition = await cycle.rank("PAIR")
    assert "highlights" not in (await cycle.take(edition, *STEPS)).json()["manifest"]


async def test_nothing_is_published_past_open_objections_in_silence(cycle, others):
    """Planted bugs: count those of other categories, what is decided, or remarks on the open
    record; leave what is upheld and not carried out uncounted; publish without being asked to."""

    def filed(unit, state="pending", *, edition=1, to_carry_out=False):
        about = {"unit": unit, "edition": edition}
        return about | {"state": state, "to_carry_out": to_carry_out}

    others.scheme = others.scheme | {"objections": {"file_within": 5}}
    units = {each["code"]: each["units"] for each in others.scheme["categories"]}
    pair, other = units["PAIR"], [u for u in units["COUNTY"] if u not in units["PAIR"]]
    settled = [
        filed(other[0]),
        filed(pair[0], "rejected"),
        filed(pair[0], "upheld"),
        filed(pair[1], edition=None),
    ]
    others.objections = [*settled, filed(pair[0]), filed(pair[1], "upheld", to_carry_out=True)]
    edition = await cycle.rank("PAIR")
    await cycle.take(edition, *STEPS[:3])
    async with cycle.unchanged():
        refused = await step_by_the_office(cycle, edition, 3)
    told = refused.json()
    assert (refused.status_code, told["type"]) == (409, "objections-open")
    assert told["open_objections"] == 2
    path, who = f"/rankings/{edition}/publication", {"subject": "publication"}
    said = {"despite_objections": True}
    answer = await cycle.post(path, said, role="performance_office", **who)
    assert answer.status_code == 201, answer.text
    others.objections = settled
    await cycle.take(await cycle.rank("PAIR"), *STEPS)

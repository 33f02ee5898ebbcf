"""A year that was archived is restored into an empty cycle, whole or not at all."""

import hashlib
import io
import json
import tarfile
from types import SimpleNamespace
from uuid import uuid4

import pytest
from counted_cards import exempt_but, with_cards
from evidence_files import RIGHT, picture
from services.scoring.tests.conftest import Cycle

from scoring.settings import Settings

SENT = {"Content-Type": "application/octet-stream"}
VALUE = {"unit": "XQ01", "indicator": "C01", "kind": "measured_value", "key": "actual"}


async def fetched(cycle) -> bytes:
    answer = await cycle.office.get(f"{cycle.path}/archive")
    assert answer.status_code == 200, answer.text
    return answer.content


def told(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {each.name: tar.extractfile(each).read() for each in tar}


def digest_of(archive: bytes) -> str:
    return hashlib.sha256(told(archive)["manifest.json"]).hexdigest()


def made(files: dict[str, bytes], **more) -> bytes:
    """An archive of these files, whose manifest is right, or says something else besides."""
    listed = [
        {"name": n, "size": len(c), "sha256": hashlib.sha256(c).hexdigest()}
        for n, c in files.items()
        if n != "manifest.json"
    ]
    manifest = json.loads(files["manifest.json"]) | {"files": listed} | more
    whole, file = files | {"manifest.json": json.dumps(manifest).encode()}, io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in whole.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    # A tar ends with two empty blocks; the library fills a record with more of them.
    return file.getvalue().rstrip(b"\0") + bytes(-len(file.getvalue().rstrip(b"\0")) % 512 + 1024)


def without_claims(archive: bytes) -> dict[str, bytes]:
    """The files of an archive without awards, which count in one cycle of an installation."""
    claims = ("claim", "claim_state", "counted_award", "claim_evidence")
    return told(archive) | {f"{table}.ndjson": b"" for table in claims}


async def restore(cycle, archive: bytes, digest: str | None = None, by=None):
    """Send an archive as one of the office does, which a colleague has proposed."""
    path = f"{cycle.path}/archive/restoration"
    params = {"digest": digest or digest_of(archive)}
    await cycle.propose_restoration(params["digest"])
    return await (by or cycle.office).post(path, params=params, content=archive, headers=SENT)


async def refused(cycle, archive: bytes, kind: str, digest: str | None = None) -> str:
    await cycle.propose_restoration(digest or digest_of(archive))
    before = await cycle.rows()
    answer = await restore(cycle, archive, digest)
    assert answer.json()["type"] == kind, answer.text
    assert answer.json()["remedy"]
    assert await cycle.rows() == before
    return answer.json()["detail"]


async def file_jointly(cycle):
    """Two units claim one award together, the one that is named agrees, and it is confirmed."""
    award = {"claim_no": "J1", "unit": "XQ01", "kind": "bonus", "level": "provincial"}
    award |= {"authority": "省委", "holder_name": "云湖区", "linked_indicator": "C09"}
    award |= {"document_no": "省联〔2025〕71号", "document_date": "2025-06-18", "event_key": "J-1"}
    beside = {"unit": "XQ02", "holder_name": "某区", "share": "0.4"}
    [lead] = await cycle.claim(award | {"share": "0.6", "jointly_with": [beside]})
    mine = (await cycle.office.get(f"{cycle.path}/claims?unit=XQ02")).json()["items"]
    [named] = [each["claim_id"] for each in mine if each["filed_together"]]
    unit = cycle.caller("assessed_unit", unit="XQ02", subject="of-XQ02")
    said = {"answers": [{"claim_id": named, "agrees": True}]}
    assert (await cycle.post(unit, "claims/answers", said)).status_code == 200
    done = await cycle.confirm(lead, award={"kind": "as_filed"})
    assert done.status_code == 200, done.text


@pytest.fixture(scope="module")
async def year(new_year, new_cycle):
    """A year with evidence, a closed month, claims and a correction, sealed and archived."""
    cycle = await new_year()
    source = cycle.source()
    ids = []
    for content, name in ((RIGHT["pdf"], "a.pdf"), (picture(), "a.jpg"), (RIGHT["pdf"], "b.pdf")):
        path = f"{cycle.path}/evidence?name={name}"
        answer = await source.post(path, content=content, headers=SENT)
        assert answer.status_code == 201, answer.text
        ids.append(answer.json()["evidence_id"])
    entries = (await source.get(f"{cycle.path}/ledger-entries?author_unit=ZH02")).json()["items"]
    of_entry = f"ledger-entries/{entries[0]['entry_id']}/evidence"
    answer = await cycle.post(source, of_entry, {"evidence_ids": ids})
    assert answer.status_code == 200, answer.text
    right = VALUE | {"value": "104.1200"}
    gone = next(e for e in entries if (e["unit"], e["indicator"]) == ("XQ01", "C01"))
    await cycle.correct(gone["entry_id"], right, "ZH02")
    await cycle.enter_late()
    await cycle.release((await cycle.freeze())["stage_no"], "category")
    await cycle.adopt(new_cycle())
    await file_jointly(cycle)
    unsealed = await fetched(cycle)
    seen = (await cycle.post(cycle.office, "ledger/seal?mode=check")).json()
    body = {"leaves": seen["leaves"], "seen": seen["seen"]}
    body |= {"accept_unscored": {"reason": "均已核实"}}
    answer = await cycle.post(cycle.office, "ledger/seal", body)
    assert answer.status_code == 200, answer.text
    return SimpleNamespace(cycle=cycle, archive=await fetched(cycle), unsealed=unsealed, files=ids)


@pytest.fixture(scope="module")
async def elsewhere(run_service, others, tmp_path_factory):
    """A fresh installation, and a factory of its cycles."""
    from scoring.app import create_app

    kept = str(tmp_path_factory.mktemp("restored"))
    service = await run_service(
        "scoring", create_app, peers=others, settings=Settings, evidence_store=kept
    )

    def make(number: int = 1) -> Cycle:
        cycle_id = uuid4()
        return Cycle(service, cycle_id, f"/api/v1/cycles/{cycle_id}", number)

    return make


async def lists(cycle, path: str) -> list[dict]:
    found, after = [], None
    while True:
        query = {"limit": 200} | ({"after": after} if after else {})
        answer = (await cycle.office.get(f"{cycle.path}/{path}", params=query)).json()
        found += answer["items"]
        if (after := answer["next"]) is None:
            return found


async def test_a_restored_year_is_read_as_before_and_archived_again_to_the_same_bytes(
    year, elsewhere
):
    """Planted bugs: states in another order; numbers without their last digits; copies of pictures
    left out; the ledger left open."""
    there = elsewhere()
    answer = await restore(there, year.archive)
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert (said["archived_cycle"], said["rows"]["late_entry"]) == (str(year.cycle.cycle_id), 1)

    before, again = told(year.archive), told(await fetched(there))
    assert {n: c for n, c in again.items() if n != "manifest.json"} == {
        n: c for n, c in before.items() if n != "manifest.json"
    }
    names = ("files", "format", "scheme")
    first, second = (json.loads(each["manifest.json"]) for each in (before, again))
    assert [first[name] for name in names] == [second[name] for name in names]
    assert b'"value": 104.1200' in again["ledger_entry.ndjson"]

    await compare_stages(year.cycle, there)
    assert (await there.ledger())["phase"] == "sealed"
    # Of the other cycle that it was taken from nothing is here.
    assert said["rows"]["adopted_entry"] == 1
    [adopted] = await lists(there, "ledger-entries/adoptions")
    assert (adopted["state"], adopted["outdated"]) == ("withdrawn", False)
    for path in ("ledger-entries", "claims", "ledger-entries/restatements"):
        told_now, told_then = await lists(there, path), await lists(year.cycle, path)
        # A claim's likenesses in other years of the database are not the year's.
        gone = ("changed_at", "similar", "same_document", "not_shown")
        assert [{k: v for k, v in e.items() if k not in gone} for e in told_now] == [
            {k: v for k, v in e.items() if k not in gone} for e in told_then
        ]
    readers = {
        "original": there.office,
        "copy": there.caller("assessed_unit", unit="XQ01"),
    }
    for evidence_id in year.files:
        content = f"evidence/{evidence_id}/content"
        for who, reader in readers.items():
            now = await reader.get(f"{there.path}/{content}")
            then = year.cycle.office
            if who == "copy":
                then = year.cycle.caller("assessed_unit", unit="XQ01")
            then = await then.get(f"{year.cycle.path}/{content}")
            assert (now.status_code, now.content) == (then.status_code, then.content)


async def compare_stages(then: Cycle, now: Cycle) -> None:
    """See that stages came back as they were frozen and released, and are told as restored."""
    at, own = "stage-results", {"unit": "XQ01"}
    [was], [came] = await lists(then, at), await lists(now, at)
    assert (was.pop("restored"), came.pop("restored")) == (False, True)
    assert was == came
    assert came["phase"] == "released"
    for who in ("performance_office", "assessed_unit"):
        readers = [each.caller(who, **own) for each in (then, now)]
        path = f"{at}/{was['stage_no']}"
        old, new = [
            (await reader.get(f"{cycle.path}/{path}")).json()
            for reader, cycle in zip(readers, (then, now), strict=True)
        ]
        assert (old.pop("restored"), new.pop("restored")) == (False, True)
        assert old == new
        assert len(new["units"]) == (1 if who == "assessed_unit" else len(new["ranks"]))
    frozen = (await now.freeze())["stage_no"]
    answer = await now.office.get(f"{now.path}/{at}/{frozen}")
    assert (frozen, answer.json()["restored"]) == (was["stage_no"] + 1, False)


async def test_the_journal_says_who_restored_what_and_vouches_for_it(year, elsewhere):
    """Planted bug: rows added by a transaction that records nothing. Two cycles of one
    installation cannot both count an award: the second is refused."""
    there = elsewhere(2)
    await restore(elsewhere(29), year.archive)  # where its awards count, unless they did before
    detail = await refused(there, year.archive, "archive-not-restorable")
    assert "in another cycle" in detail  # which the list of cycles does not know
    # Other tests of the year may have asked for restorations that were refused: the one that
    # stands is where the awards count.
    [first] = await there.service.sql("SELECT DISTINCT cycle_id FROM counted_award")
    auditor = there.caller("auditor")
    path = f"/api/v1/journals/scoring/chains/{first['cycle_id']}"
    proposed, restored, *_ = (await auditor.get(path)).json()["items"]
    assert proposed["event"] == "scoring.restoration-proposed"
    assert restored["event"] == "scoring.archive-restored"
    colleague, office = "colleague", "performance_office@-"
    assert (proposed["subject"], restored["subject"]) == (colleague, office)
    digest, body = digest_of(year.archive), json.loads(restored["body"])
    assert json.loads(proposed["body"])["archive"] == body["archive"] == digest
    assert (body["proposal_no"], body["proposed_by"]) == (1, colleague)
    proof = (await auditor.get(f"{path}/verification")).json()
    assert (proof["holds"], proof["uncovered"]) == (True, 0)


async def test_it_is_told_which_award_counts_in_which_cycle_already(year, elsewhere, others):
    """Planted bugs: the words of the database; name the claims of the archive alone."""
    there = elsewhere(30)
    await restore(elsewhere(29), year.archive)  # where they count, unless they did before
    [count] = await there.service.sql("SELECT DISTINCT cycle_id FROM counted_award")
    first = str(count["cycle_id"])
    known = {"jurisdiction": "云", "assessment_year": 2025, "scheme_version": 1}
    others.cycles.append(known | {"cycle_id": first})
    try:
        told, office = {}, there.office
        for language in ("en", "zh"):
            office.headers["Accept-Language"] = language
            answer = await restore(there, year.archive, by=office)
            assert answer.status_code == 409
            told[language] = answer.json()["detail"]
    finally:
        others.cycles.pop()
    document = f"国发〔2025〕虚构1号-{year.cycle.number}"
    assert f"B1 of XQ05 ({document}) in that of 2025 ({first}), by B1 of XQ05" in told["en"]
    assert f"XQ05 的申报 B1 ({document})已由 XQ05 的申报 B1 计入2025年度" in told["zh"]
    assert (told["en"].count(first), told["en"].count("and more")) == (5, 1)
    assert "uq_" not in told["en"] + told["zh"]


async def test_no_archive_counts_by_the_word_of_one_person(year, elsewhere):
    """Planted bugs: compare accounts; restore what nobody proposed, or another archive than was
    proposed; let somebody of an assessed unit do either; propose into a year that has begun."""
    there, files = elsewhere(20), without_claims(year.archive)
    archive, digest = made(files), digest_of(made(files))
    altered = files["ledger_entry.ndjson"].replace(b"104.1200", b"999.0000")
    altered = made(files | {"ledger_entry.ndjson": altered})
    path = f"{there.path}/archive/restoration"

    async def sent(content: bytes, by, told: str | None = None):
        params = {"digest": told or digest_of(content)}
        answer = await by.post(path, params=params, content=content, headers=SENT)
        return answer.status_code, answer.json().get("type")

    def office(subject: str, person: str, unit: str | None = None):
        return there.caller("performance_office", subject=subject, person=person, unit=unit)

    zhang, li, zhang_too = office("z", "Zhang"), office("l", "Li"), office("z2", "zhang")
    before = await there.rows()
    assert await sent(archive, zhang) == (409, "restoration-not-proposed")
    of_unit = office("u", "Wang", "XQ01")
    for by in (of_unit, there.caller("auditor"), there.source()):
        assert (await there.propose_restoration(digest, by=by)).status_code == 403
    for wrong in ("x", digest.upper(), digest[1:]):
        assert (await there.propose_restoration(wrong, by=zhang)).status_code == 422
    assert await there.rows() == before

    answer = await there.propose_restoration(digest, by=zhang)
    assert (answer.status_code, answer.json()["proposal_no"]) == (201, 1)
    again = await there.propose_restoration(digest, by=li)
    assert (again.status_code, again.json()["type"]) == (409, "restoration-proposed-already")
    tasks = f"{there.path}/tasks/scoring"
    for by, has in ((zhang, False), (zhang_too, False), (of_unit, False), (li, True)):
        kinds = {each["kind"] for each in (await by.get(tasks)).json()["tasks"]}
        assert ("restore-archive" in kinds) is has
    before = await there.rows()
    for by in (zhang, zhang_too):
        assert await sent(archive, by) == (409, "same-person-restores")
        assert await sent(altered, by) == (409, "restoration-not-proposed")
    assert await sent(altered, li) == (409, "restoration-not-proposed")
    assert await sent(altered, li, digest) == (422, "archive-damaged")
    assert await sent(archive, of_unit) == (403, "restoration-barred")
    assert await there.rows() == before
    assert await sent(archive, li) == (201, None)
    [listed] = (await there.caller("auditor").get(f"{path}-proposals")).json()["items"]
    assert (listed["digest"], listed["proposed_by"]) == (digest, "z")
    assert (await there.propose_restoration("1" * 64, by=li)).status_code == 403
    assert (await there.source().get(f"{path}-proposals")).status_code == 403


async def test_an_archive_beyond_all_limits_is_refused_by_name(year, elsewhere):
    """Planted bugs: hold a line whatever its length; take half a character of a manifest; read all
    rows where one is wanted."""
    there, files = elsewhere(21), without_claims(year.archive)
    for table, lines in (("ledger", b"{}\n" * 300_000), ("late_entry", b"{}\n" * 3)):
        content = made(files | {f"{table}.ndjson": lines})
        kind = "archive-damaged" if table == "ledger" else "archive-not-restorable"
        await refused(there, content, kind)
    for table in ("ledger", "highlight_state"):
        long = b'{"phase": "' + b"x" * (17 << 20) + b'"}'
        detail = await refused(
            there, made(files | {f"{table}.ndjson": long}), "archive-beyond-limits"
        )
        assert f"{table}.ndjson" in detail
    for name in ("format", "scheme", "cycle_id"):
        await refused(there, made(files, **{name: "\ud800"}), "archive-damaged")


async def chains(cycle) -> list[str]:
    rows = await cycle.service.sql("SELECT DISTINCT chain FROM journal_entry")
    return [row["chain"] for row in rows]


async def test_what_is_altered_other_or_open_is_restored_nowhere(year, elsewhere, others, document):
    """Planted bugs: believe the manifest; take what is not sealed; ignore a column."""
    there, files = elsewhere(3), without_claims(year.archive)
    cut = year.archive[:-1024]
    flipped = year.archive.replace(b"104.1200", b"104.1300", 1)
    for broken in (b"", b"x" * 2000, cut, flipped, year.archive + b"\0", year.archive[:700]):
        await refused(there, broken, "archive-damaged", digest_of(year.archive))
    await refused(there, year.archive, "archive-damaged", "0" * 64)
    await refused(there, year.unsealed, "archive-not-restorable")
    later = made(files, format="kaoping-archive/9")
    await refused(there, later, "archive-of-another-version")
    await refused(there, made(files, scheme="0" * 64), "archive-not-restorable")
    few = {n: c for n, c in files.items() if n != "claim.ndjson"}
    await refused(there, made(few), "archive-of-another-version")

    def changed(table: str, **more) -> bytes:
        rows = [json.loads(x) | more for x in files[f"{table}.ndjson"].splitlines()]
        lines = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
        return made(files | {f"{table}.ndjson": lines})

    await refused(there, changed("evidence", dropped=1), "archive-of-another-version")
    await refused(there, changed("evidence", record=1), "archive-of-another-version")
    await refused(there, changed("ledger_entry", entry_id="x"), "archive-not-restorable")
    await refused(there, changed("ledger_entry", state="draft"), "archive-not-restorable")
    await refused(there, changed("ledger", periods=[1]), "archive-damaged")
    for line in (b"[1]", b"{", b"null"):
        lines = {"late_entry.ndjson": line}
        await refused(there, made(files | lines), "archive-damaged")

    last = ("supervised_item", "check_", "self_", "hand_in", "duty_person", "correction")
    last = (*last, "registered_award")
    third = {n: c for n, c in files.items() if not n.startswith(last)}
    before_items = await restore(elsewhere(6), made(third, format="kaoping-archive/3"))
    assert before_items.status_code == 201
    later = ("stage", "adopted", "signature", "duty_card", *last)
    old = {n: c for n, c in files.items() if not any(each in n for each in later)}
    await refused(there, made(old), "archive-of-another-version")
    await refused(there, made(files, format="kaoping-archive/2"), "archive-of-another-version")
    before_stages = await restore(elsewhere(4), made(old, format="kaoping-archive/2"))
    assert before_stages.status_code == 201
    assert "stage" not in before_stages.json()["rows"]
    frozen = elsewhere(5)
    await frozen.freeze()
    late = await frozen.propose_restoration()
    assert (late.status_code, late.json()["type"]) == (409, "archive-not-restorable")
    assert (await there.propose_restoration(digest_of(year.archive))).status_code == 409
    await there.enter(VALUE | {"value": "1"})
    late = await there.propose_restoration("2" * 64)
    assert (late.status_code, late.json()["type"]) == (409, "archive-not-restorable")
    detail = await refused(there, year.archive, "archive-not-restorable")
    assert "recorded" in detail
    for by in (there.caller("auditor"), there.source(), there.caller("system_administrator")):
        assert (await restore(there, year.archive, by=by)).status_code == 403
    sealed = await restore(year.cycle, year.archive)
    assert (sealed.status_code, sealed.json()["type"]) == (403, "not-allowed")


async def test_a_restored_year_has_its_signatures_and_its_cards(
    new_cycle, elsewhere, others, document
):
    """Planted bug: left out of the archive, so that what was signed off was never handed in."""
    there, cycle = elsewhere(), new_cycle()
    signed = with_cards(document, exempt=exempt_but(document, "C01", "C03"))
    signed["duties"]["signed_off_for"] = ["C01"]
    others.schemes |= {cycle.cycle_id: signed, there.cycle_id: signed}
    [entry] = await cycle.enter(VALUE | {"value": "104"})
    path, body = "ledger-entries/signatures", {"entry_ids": [entry]}
    answer = await cycle.post(cycle.source(subject="second"), path, body)
    assert answer.status_code == 201, answer.text
    assert (await cycle.write_cards())["entered"]
    await cycle.verify(all_submitted=True)
    colleague = cycle.caller("performance_office", subject="colleague", person="colleague")
    await cycle.post(colleague, "ledger-entries/verification", {"all_submitted": True})
    seen = (await cycle.post(cycle.office, "ledger/seal?mode=check")).json()
    body = {"leaves": seen["leaves"], "seen": seen["seen"], "accept_unscored": {"reason": "试"}}
    assert (await cycle.post(cycle.office, "ledger/seal", body)).status_code == 200

    answer = await restore(there, await fetched(cycle))
    assert answer.status_code == 201, answer.text
    for path in ("duty-cards", "ledger-entries/signatures", "duties"):
        assert await lists(there, path) == await lists(cycle, path) != [], path
    owed = [each for each in await lists(there, "duties") if each["indicator"] == "C01"]
    assert [each["missing_units"] for each in owed] == [["XQ02"]]

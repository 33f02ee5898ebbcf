"""A jurisdiction leaves one installation and arrives in another, with its ids, its journals and the
checkpoints that vouch for them; one that is closed is read, and nothing of it is changed.

Planted bugs, seen to fail: a table that nobody owns, rows that the journal contradicts, a chain of
another jurisdiction in the folder, a token of a closed jurisdiction that reaches what writes.
"""

import json
import subprocess
import sys
from contextlib import ExitStack

import pytest
from tests.system.harness import in_five_processes
from tests.system.jurisdictions import SECRET, Founders
from tests.system.small_years import ACCOUNTS, YEAR, play, small_year, totals_of
from tests.system.test_restore_drill import MEDIA_TYPES, PAPER

from kaoping.backups.faults import BackupFault
from kaoping.card import Credentials
from kaoping.client import Refused
from kaoping.faults import KaopingFault
from kaoping.jurisdictions.arriving import arrive
from kaoping.jurisdictions.going_on import go_on
from kaoping.jurisdictions.leaving import leave

CODE, OTHER, NEW = "530102", "530103", "530113"
PEOPLE = {
    **ACCOUNTS,
    "auditor": (None, ["auditor"], "person"),
    "auditing": (None, ["auditor"], "client"),
}


@pytest.fixture(scope="module")
def there():
    """Give the installation in which two jurisdictions have played their years."""
    with in_five_processes(account_seconds="0.001") as running, ExitStack() as stack:
        founders = Founders(running, stack)
        people, releases = {}, {}
        for code in (CODE, OTHER):
            people[code] = founders.people(code, founders.establish(code), PEOPLE)
            releases[code] = play(small_year(code, 6, 5), people[code])
        people["paper"] = put_up(people[CODE]["office"])
        founders.notary().post("/checkpoints")
        yield running, founders, people, releases


def put_up(office):
    """Put evidence up in a year that goes on; return where it is read."""
    cycle = {"name": "在办年度", "jurisdiction": CODE, "assessment_year": YEAR}
    at = f"/cycles/{office.post('/cycles', cycle)['cycle_id']}"
    scheme = {"scheme": small_year(CODE, 6, 5).scheme}
    version = office.post(f"{at}/scheme-versions", scheme)["version"]
    office.post(f"{at}/scheme-versions/{version}/publication")
    told = office.put_up(f"{at}/evidence", PAPER, {"name": "paper.pdf"}, MEDIA_TYPES["pdf"])
    return f"{at}/evidence/{told['evidence_id']}/content", told["digest"]


@pytest.fixture(scope="module")
def here():
    """Give an installation in which the jurisdiction is registered, and nothing of it is."""
    with in_five_processes(account_seconds="0.001") as running, ExitStack() as stack:
        founders = Founders(running, stack)
        place = {"code": CODE, "name_zh": "新址", "name_en": "x", "founded_on": "1949-10-01"}
        founders.first.post("/jurisdictions", place)
        founders.second.post(f"/jurisdictions/{CODE}/confirmation")
        yield running


def verified(folder, *more):
    """Run the program that the folder holds, by itself."""
    program = folder / "verify_journals.py"
    done = subprocess.run(
        [sys.executable, "-I", program, folder, "--of", CODE, *more],
        capture_output=True, text=True, check=False, env={},
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def left(there, tmp_path_factory):
    """Give the folder into which the jurisdiction went."""
    folder = tmp_path_factory.mktemp("left") / CODE
    told = leave(there[0].system.directory, CODE, folder)
    assert told.rows > 100
    assert (told.files, told.lost) == (1, ())
    return folder


def test_evidence_whose_content_is_not_there_is_told(there, tmp_path):
    """Planted bug: what is not there stays behind in silence."""
    var, (_, digest) = there[0].system.directory, there[2]["paper"]
    [content] = (var / "evidence").rglob(digest)
    away = content.rename(tmp_path / digest)
    try:
        told = leave(var, CODE, tmp_path / "left")
        assert (told.files, told.lost) == (0, (digest,))
        assert json.loads((tmp_path / "left" / "manifest.json").read_text("utf-8"))["lost"] == [
            digest
        ]
    finally:
        away.rename(content)


def test_the_folder_verifies_alone_and_tells_of_no_other(left):
    assert verified(left) == (0, "OK\n")
    told = "".join(each.read_text("utf-8") for each in left.rglob("*.copy"))
    told += "".join(each.read_text("utf-8") for each in left.rglob("*.jsonl"))
    assert CODE in told
    assert OTHER not in told
    path = sorted((left / "journals" / "scoring").glob("*.jsonl"))[0]
    whole = path.read_text("utf-8")
    path.write_text("".join(whole.splitlines(keepends=True)[:-1]), "utf-8")
    try:
        code, said = verified(left)
        assert (code, "is missing, the chain was cut; checkpoint 1" in said) == (1, True)
        with pytest.raises(BackupFault, match="not as it was written"):
            arrive(left, left)
    finally:
        path.write_text(whole, "utf-8")
    for name in ("evidence/ab/cd/added", "journals/scoring/added.jsonl", "linked-keys/added.key"):
        added = left / name
        added.parent.mkdir(parents=True, exist_ok=True)
        added.write_bytes(b"")
        with pytest.raises(BackupFault, match=f"{name}: it was not written there"):
            arrive(left, left)
        added.unlink()


def test_it_arrives_with_everything_and_goes_on(there, left, here, tmp_path):
    """What its people read is what they read before; the journals go on where they were."""
    _, _, people, releases = there
    var = here.system.directory
    altered = tmp_path / "altered"
    subprocess.run(["cp", "-r", left, altered], check=True)
    rows = altered / "rows" / "scoring" / "ledger_entry.copy"
    text = rows.read_text("utf-8")
    rows.write_text(text.replace("measured_value", "measured_valuf", 1), "utf-8")
    manifest = json.loads((altered / "manifest.json").read_text("utf-8"))
    manifest["files"]["rows/scoring/ledger_entry.copy"] = _sha(rows)
    (altered / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(BackupFault, match="not as its journal says"):
        arrive(altered, var)
    paper, digest = people["paper"]
    assert [*var.rglob(digest)] == []  # nothing of what was refused lies here
    first = arrive(left, var)
    assert arrive(left, var) == first
    at = f"/cycles/{releases[CODE]['manifest']['cycle_id']}"
    for who in ("office", "U01", "auditor"):
        with here.client(Credentials(f"{CODE}.{who}", SECRET)) as now:
            for path in (at, f"{at}/scheme", f"{at}/releases", "/units", "/cycles"):
                assert now.get(path) == people[CODE][who].get(path), (who, path)
    with here.client(Credentials(f"{CODE}.office", SECRET)) as office:
        assert office.file(paper) == PAPER
        assert totals_of(office.get(f"{at}/releases/1")) == totals_of(releases[CODE])
        named = {"name": "改名", "kind": "alias", "valid_from": "2024-01-01"}
        receipt = office.post("/units/U01/names", named)["receipt"]
    with here.client(Credentials(f"{CODE}.auditor", SECRET)) as auditor:
        for part in ("indicators", "scoring", "ranking", "gateway"):
            for head in auditor.pages(f"/journals/{part}/heads"):
                told = auditor.get(f"/journals/{part}/chains/{head['chain']}/verification")
                assert told["holds"], (part, told)
        head = auditor.get(f"/journals/indicators/chains/units:{CODE}/verification")
        assert head["length"] == receipt["seq"] > 1
    with pytest.raises(BackupFault, match="has something of"):
        arrive(left, var)


def _sha(path):
    from kaoping.jurisdictions.leaving import digest_of

    return digest_of(path)


def test_people_go_on_under_another_code(there):
    """Planted bugs: whatever code the accounts are of; an account that is there is made again; one
    whose scope names a year of before is made with it; the person is the old name."""
    running, founders, _, releases = there
    founders.establish(NEW)
    old, new = (running.client(Credentials(f"{c}.admin", SECRET)) for c in (OTHER, NEW))
    with old as before, new as after:
        limited = {"subject": f"{OTHER}.feed", "kind": "client", "name": "x", "roles": ["auditor"]}
        limited["scope"] = f"journals.read cycle:{releases[OTHER]['manifest']['cycle_id']}"
        second = {"subject": f"{OTHER}.other", "kind": "person", "name": "y", "roles": []}
        before.post("/accounts", {"accounts": [limited]})
        before.post("/accounts", {"accounts": [second | {"person": f"{OTHER}.admin"}]})
        told = {"succeeded_by": NEW, "effective_on": "2999-01-01", "document_no": "x"}
        founders.first.post(f"/jurisdictions/{OTHER}/succession", told)
        for one, other in ((before, after), (after, before), (founders.first, after)):
            with pytest.raises(KaopingFault, match="has not taken the place"):
                go_on(one, other, chinese=False)
        founders.second.post(f"/jurisdictions/{OTHER}/succession/confirmation")
        found = go_on(before, after, chinese=False)
        assert {name for name, _ in found.made} == {f"{NEW}.{who}" for who in (*PEOPLE, "other")}
        assert found.left == [(f"{OTHER}.feed", "its scope names years of the old code")]
        assert go_on(before, after, chinese=False).made == []
        was, now = (
            {each["subject"][7:]: each for each in client.pages("/accounts")}
            for client in (before, after)
        )
    assert now["other"]["person"] == f"{NEW}.admin"
    for who in PEOPLE:
        for name in ("kind", "name", "person", "unit", "roles", "scope"):
            assert now[who][name] == was[who][name], (who, name)
    once = dict(found.made)[f"{NEW}.U01"]
    with running.client(Credentials(f"{NEW}.U01", once)) as unit:
        unit.post("/me/password", {"current": once, "new": SECRET})
    with running.client(Credentials(f"{NEW}.U01", SECRET)) as unit:
        assert (unit.get("/me")["unit"], unit.get("/me")["jurisdiction"]) == ("U01", NEW)


def test_one_that_is_closed_is_read_and_changed_by_nobody(there, tmp_path):
    running, founders, people, releases = there
    folder = tmp_path / "archived"
    with pytest.raises(BackupFault, match="not closed"):
        leave(running.system.directory, CODE, folder, closed=True)
    closing = {"jurisdiction": CODE, "reason": "迁往他处"}
    founders.first.post("/jurisdiction-closings", closing)
    with pytest.raises(Refused) as refused:
        founders.first.post(f"/jurisdiction-closings/{CODE}/confirmation")
    assert refused.value.codes == {"closed-by-another"}
    founders.second.post(f"/jurisdiction-closings/{CODE}/confirmation")
    at = f"/cycles/{releases[CODE]['manifest']['cycle_id']}"
    office, unit = people[CODE]["office"], {"code": "U99", "name": "x", "kind": "assessed"}
    for write in (
        lambda: office.post("/units", {"units": [unit | {"valid_from": "2020-01-01"}]}),
        lambda: office.post(f"{at}/score-sheets", {"categories": ["ALL"]}),
        lambda: people[CODE]["U01"].post(f"{at}/claims", {"claims": []}),
    ):
        with pytest.raises(Refused) as refused:
            write()
        assert refused.value.codes == {"outside-scope"}
    with pytest.raises(Refused) as refused:  # nor does a citizen
        office.post_openly(f"/public{at}/complaints", {"text": "x"})
    assert refused.value.codes == {"jurisdiction-closed"}
    assert office.post(f"{at}/complaint-erasures")["erased"] == 0
    assert totals_of(office.get(f"{at}/releases/1")) == totals_of(releases[CODE])
    assert people[OTHER]["office"].post("/units", {"units": [unit | {"valid_from": "2020-01-01"}]})
    leave(running.system.directory, CODE, folder, closed=True)
    assert verified(folder) == (0, "OK\n")

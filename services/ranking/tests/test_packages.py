"""The package of a release verifies by itself, elsewhere, and names whatever was altered in it."""

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import ranking.package.verify as by_itself
from ranking.package.verify import canonical, packed, sha256, unpacked, verify

SOME = 150
"""How many bytes are altered, besides those of each kind of place; `PROVE=1` alters all."""


@pytest.fixture
def sound(peers):
    """Have scheme and sheets tell the digests of what they are."""
    before = peers.scheme, peers.sheet_units
    peers.sound = True
    yield peers
    peers.sound, peers.versions, peers.scored_by, peers.normalised = False, [], None, None
    peers.scheme, peers.sheet_units = before


async def package_of(cycle):
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review", "decision", "publication")
    answer = await cycle.get("/releases/1/package", "auditor")
    assert answer.status_code == 200, answer.text
    return answer.content


def run_by_itself(at, package, program, expected):
    """Run the program of a package on it; return its exit code and the digest that it says."""
    assert program == Path(by_itself.__file__).read_bytes()
    (at / "package.zip").write_bytes(package)
    (at / "verify.py").write_bytes(program)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", "package.zip", expected],
        cwd=at,
        env={"LC_ALL": "tr_TR", "TZ": "Asia/Kathmandu"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip().rpartition(" ")[2]


def made_anew(package, change):
    """A package that somebody altered and sealed again: only its digests can tell."""
    files, _ = unpacked(package)
    read = {name: json.loads(each) for name, each in files.items() if name.endswith(".json")}
    change(read)
    files |= {name: canonical(each) for name, each in read.items()}
    listed = {name: sha256(each) for name, each in files.items() if name != "manifest.json"}
    digest = read["release.json"]["digest"]
    files["manifest.json"] = canonical({"files": listed, "release": digest})
    return packed(files)


async def test_a_release_verifies_in_another_process_locale_and_time_zone(cycle, sound, tmp_path):
    """With nothing but the standard library, and from the package alone.

    Planted bugs: keys sorted by the locale; ties of the county year by code."""
    package = await package_of(cycle)
    files, _ = unpacked(package)
    assert {"vetoes.json", "demotions.json", "scheme.json", "score-sheet.json"} <= files.keys()
    digest = json.loads(files["release.json"])["digest"]
    assert run_by_itself(tmp_path, package, files["verify.py"], digest) == (0, digest)
    assert run_by_itself(tmp_path, package, files["verify.py"], "0" * 64)[0] == 1
    release = (await cycle.get("/releases/1", "auditor")).json()
    assert release["digest"] == digest
    for role in ("any", "committee", "assessed_unit", "organiser"):
        assert (await cycle.get("/releases/1/package", role)).status_code == 403, role


async def test_a_package_verifies_that_names_the_checkpoint_of_its_day(cycle, sound, checkpointed):
    """Planted bug: another checkpoint written into the release, and its digest left as it was."""
    digest = checkpointed(datetime.now(UTC) - timedelta(days=1))
    package = await package_of(cycle)
    assert verify(package) == []
    release = json.loads(unpacked(package)[0]["release.json"])
    assert release["manifest"]["checkpoint"]["digest"] == digest
    said = release["manifest"]["checkpoint"] | {"number": 7}
    files = dict(unpacked(package)[0])
    release["manifest"]["checkpoint"] = said
    files["release.json"] = canonical(release)
    assert verify(packed(files)) != []


async def test_any_altered_byte_is_named(cycle, sound):
    """Headers, names, contents and the directory of the archive.

    Planted bugs: the archive not compared with the one of its files; the program not listed."""
    package = await package_of(cycle)
    assert verify(package) == []
    chance = random.Random(1)  # noqa: S311 - places, no secrets
    starts = [package.find(name.encode()) for name in unpacked(package)[0]]
    places = {at + n for at in (0, *starts) for n in range(-30, 30) if at + n >= 0}
    places |= set(range(len(package) - 200, len(package)))
    places |= {chance.randrange(len(package)) for _ in range(SOME)}
    for at in range(len(package)) if os.environ.get("PROVE") else sorted(places):
        altered = bytearray(package)
        altered[at] ^= 1 << chance.randrange(8)
        found = verify(bytes(altered))
        assert found, at
        assert all(name and what for name, what in found), at
    inside = package.find(files_middle(package))
    altered = bytearray(package)
    altered[inside + 5] ^= 1
    assert verify(bytes(altered))[0][0] == "score-sheet.json"


def files_middle(package):
    content = unpacked(package)[0]["score-sheet.json"]
    return content[len(content) // 2 :][:200]


def _another_total(read):
    read["score-sheet.json"]["units"][0]["total"] = "1.0000"


def _another_name(read):
    read["release.json"]["document"]["units"][0]["name"] = "x"


def _another_approval(read):
    read["release.json"]["manifest"]["approvals"][0]["subject"] = "x"


def _another_veto(read):
    read["vetoes.json"].append(["XQ01", "V01", "x", "2025-01-01"])


def _another_engine(read):
    read["engine.json"]["rules"]["order.py"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_another_total, {"score-sheet.json", "release.json"}),
        (_another_name, {"release.json"}),
        (_another_approval, {"release.json", "manifest.json"}),
        (_another_veto, {"vetoes.json", "release.json"}),
        (_another_engine, {"engine.json"}),
    ],
)
async def test_what_is_sealed_again_is_named_by_its_digests(cycle, sound, change, named):
    """Planted bug: digests that are compared with what the manifest lists alone."""
    package = await package_of(cycle)
    found = verify(made_anew(package, change))
    assert {name for name, _ in found} == named, found


def _sealed(read):
    """Make every digest of the release anew, over a document that somebody changed."""
    document, manifest = (read["release.json"][name] for name in ("document", "manifest"))
    own = {"edition", "state", "digest"}
    content = {name: each for name, each in document.items() if name not in own}
    document["digest"] = manifest["ranking_digest"] = sha256(canonical(content))
    manifest["document_digest"] = sha256(canonical(document))
    read["release.json"]["digest"] = sha256(canonical(manifest))


def _units(read):
    return read["release.json"]["document"]["units"]


def _ranks(read):
    first, second = _units(read)[:2]
    first["rank"], second["rank"] = second["rank"], first["rank"]


def _grade(read):
    _units(read)[-1] |= {"grade": "excellent", "grade_name": "excellent"}


def _reason(read):
    _units(read)[0]["reasons"] = [{"code": "raised", "params": {}, "en": "x", "zh": "x"}]


def _block(read):
    _units(read)[0]["blocks"]["function"] = "1.00"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_ranks, ["is ranked", "is ranked"]),
        (_grade, ["grade is", "grade_name is"]),
        (_reason, ["reasons is"]),
        (_block, ["another total"]),
    ],
)
async def test_what_does_not_follow_from_the_sheet_is_named(cycle, sound, change, told):
    """Though every digest is made anew. Planted bugs: ranks not compared; ties by another key;
    grades, reasons or blocks taken as they stand there."""

    def changed(read):
        change(read)
        _sealed(read)

    package = await package_of(cycle)
    found = verify(made_anew(package, changed))
    assert len(found) == len(told), found
    assert all(each in what for each, (_, what) in zip(told, found, strict=True)), found


async def test_an_older_scheme_and_reports_of_then_are_in_the_package(cycle, sound):
    """Though the scheme was published anew, and a veto reported, since.

    Planted bugs: the scheme in force, or none; reports as they are now; marks on one scale left
    out of the sheet."""
    sound.normalised = [
        {
            "indicator": "C13",
            "category": "COUNTY",
            "group": "SZ01",
            "marks": 5,
            "mean": "8",
            "coefficient": "1.0250",
            "kept": False,
        }
    ]
    files, _ = unpacked(package := await package_of(cycle))
    old, digest = sound.scheme, sha256(files["scheme.json"])
    reported = {"unit": "XQ04", "document_no": "x〔2026〕2号", "decided_on": "2026-01-05"}
    await cycle.report("/vetoes", reported | {"code": "V01"})
    sound.versions, sound.scored_by = [{"other": 1}, old], digest
    sound.scheme = old | {"objections": {}}
    again = await cycle.get("/releases/1/package", "auditor")
    assert again.content == package
    assert b"normalised" in files["release.json"]
    assert verify(package) == []


async def test_last_years_release_is_in_the_package_of_whoever_reaches_last_year(
    cycle, another_cycle, sound, tmp_path
):
    """Planted bugs: leave `permit.within` out; leave last year's release out of the package."""
    earlier = another_cycle()
    await earlier.take(await earlier.rank(), "merge", "review", "decision", "publication")
    ranking = sound.scheme["ranking"]
    keys = [*ranking["tie_break"], {"key": "last_year_rank"}]
    by_last_year = {"tie_break": keys, "previous_cycle": str(earlier.cycle_id)}
    sound.scheme = sound.scheme | {"ranking": ranking | by_last_year}
    files, _ = unpacked(package := await package_of(cycle))
    last = (await earlier.get("/releases/1", "auditor")).json()
    assert json.loads(files["previous-release.json"]) == last
    digest = json.loads(files["release.json"])["digest"]
    assert run_by_itself(tmp_path, package, files["verify.py"], digest) == (0, digest)
    path = f"/api/v1/cycles/{cycle.cycle_id}/releases/1"
    for scope, expected in (
        (f"cycle:{cycle.cycle_id}", 403),
        (f"cycle:{cycle.cycle_id} cycle:{earlier.cycle_id}", 200),
    ):
        token = cycle.service.signer.token("auditor", scopes=scope)
        async with cycle.service.client({"Authorization": f"Bearer {token}"}) as client:
            assert (await client.get(path)).status_code == 200
            answer = await client.get(f"{path}/package")
        assert answer.status_code == expected, answer.text
        assert expected == 200 or answer.json()["type"] == "outside-scope"


async def test_inputs_that_are_no_longer_there_make_no_package(cycle, sound):
    """Planted bug: a package with the scheme of today."""
    await package_of(cycle)
    sound.scheme = sound.scheme | {"objections": {}}
    answer = await cycle.get("/releases/1/package", "auditor")
    assert (answer.status_code, answer.json()["type"]) == (409, "inputs-gone")

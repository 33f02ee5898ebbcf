"""The package of a whole cycle is gathered through the gateway, and verifies without any system."""

import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from tests.contracts.publish import ROOT
from tests.system.asked_besides import account
from tests.system.harness import in_one_process

from kaoping.client import Refused
from kaoping.cycle_packages import NothingReleased, _store, _Straight, canonical, write
from kaoping.faults import KaopingFault
from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.province.collecting import collect
from kaoping.province.engines import in_duckdb
from kaoping.province.store import Store
from kaoping.province.tables import millionths
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year
from ranking.package.verify import packed, unpacked, whole_cycle

PRESET = ROOT / "examples" / "presets" / "bureaus"
SOME = 60
"""How many bytes are altered, anywhere."""


@pytest.fixture(scope="module")
def packages(postgres, databases, tmp_path_factory):
    """Play a year; give its package for the auditor, twice, and for the office."""
    at = tmp_path_factory.mktemp("packages")
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as installation:
        with (
            installation.client(installation.administrator) as administrator,
            People(administrator, installation.client) as people,
            Steps() as steps,
        ):
            year = Year(read_tables(PRESET), people, steps)
            year.play()
            found = {"cycle": year.cycle_id, "releases": len(year.releases)}
            with installation.client(account(administrator, "auditor", "审计员")) as auditor:
                for name in ("auditor", "again"):
                    found[name] = (
                        at / f"{name}.zip",
                        write(auditor, year.cycle_id, at / f"{name}.zip"),
                    )
                with pytest.raises(KaopingFault, match="there already"):
                    write(auditor, year.cycle_id, at / "again.zip")
            office = people[OFFICE]
            found["office"] = at / "office.zip", write(office, year.cycle_id, at / "office.zip")
            unit = next(iter(year.plan.units))["code"]
            with pytest.raises(Refused):
                write(people[unit], year.cycle_id, at / "unit.zip")
            assert not (at / "unit.zip").exists()
            found["tables"] = Store(str(at / "tables"))
            with pytest.raises(Refused):
                collect(people[unit], year.cycle_id, found["tables"], record=True)
            assert not any(found["tables"].fetch(at / "nothing").values())
            found["rows"] = collect(office, year.cycle_id, found["tables"], record=True)
            of = f"/cycles/{year.cycle_id}"
            found["documents"] = [
                office.get(f"{of}/releases/{each['release']}")["document"]
                for each in office.pages(f"{of}/releases")
            ]
            editions = {each["score_sheet_edition"] for each in found["documents"]}
            found["sheets"] = [office.get(f"{of}/score-sheets/{each}") for each in editions]
            found["authors"] = {each["author"] for each in office.pages(f"{of}/ledger-entries")}
        yield found


def manifest_of(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))


def test_what_is_collected_for_a_province_is_what_was_released(packages, tmp_path):
    """Totals, places and scores by indicator, digit for digit, and nobody's account. Planted bugs:
    children of indicators are left out; a score is cut to four decimals."""
    with in_duckdb(packages["tables"].fetch(tmp_path)) as ask:
        results = ask("select unit, final_total, rank_no, grade from unit_result").rows
        scores = ask("select unit, indicator, score from indicator_score").rows
        rows = {name: ask(f"select * from {name}").rows for name in packages["rows"]}  # noqa: S608
    assert Counter(results) == Counter(
        (unit["unit"], millionths(unit["final_total"]), unit["rank"], unit["grade"])
        for each in packages["documents"]
        for unit in each["units"]
    )
    [sheet] = packages["sheets"]
    assert Counter(scores) == Counter(
        (unit["unit"], each["indicator"], millionths(each["score"]))
        for unit in sheet["units"]
        for each in every_node(unit["indicator_scores"])
    )
    assert {name: len(of) for name, of in rows.items()} == packages["rows"]
    assert [name for name, number in packages["rows"].items() if not number] == ["survey_estimate"]
    texts = {value for of in rows.values() for row in of for value in row}
    assert not texts & {OFFICE, *packages["authors"]}


def every_node(nodes):
    for each in nodes:
        yield each
        yield from every_node(each["children"])


def test_a_cycle_verifies_by_itself(packages, tmp_path):
    """By the program in it, in another process, locale and time zone, to the digest that was told;
    the same record is the same bytes. Planted bugs: files in the order in which they came; times of
    the archive."""
    path, digest = packages["auditor"]
    with zipfile.ZipFile(path) as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
    shutil.copy(path, tmp_path / "package.zip")
    for expected, code in ((digest, 0), ("0" * 64, 1)):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify.py", "package.zip", expected],
            cwd=tmp_path,
            env={"LC_ALL": "tr_TR", "TZ": "Pacific/Chatham"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, (done.stdout, done.stderr)
    assert path.read_bytes() == packages["again"][0].read_bytes()
    told = manifest_of(path)
    assert (told["cycle"], told["without"]) == (str(packages["cycle"]), [])
    folders = {name.partition("/")[0] for name in told["files"]}
    assert folders == {
        *("cycle.json", "estimates.json", "satisfaction.json", "record.tar", "verify.py"),
        *("schemes", "score-sheets", "rankings", "releases", "journals"),
    }
    released = [name for name in told["files"] if name.startswith("releases/")]
    assert len(released) == packages["releases"]


def test_the_office_is_told_no_journals_and_the_package_says_so(packages):
    """Planted bug: what may not be read is left out in silence."""
    path, digest = packages["office"]
    assert whole_cycle(path, digest)[0] == []
    told = manifest_of(path)
    assert told["without"]
    assert all(name.startswith("journals/") for name in told["without"])


def test_any_altered_byte_of_a_cycle_is_named(packages, tmp_path):
    """Planted bugs: the archive's own bytes not compared; the record not listed."""
    path, _ = packages["auditor"]
    whole, chance = path.read_bytes(), random.Random(1)  # noqa: S311 - places, no secrets
    starts = [whole.find(name.encode()) for name in ("cycle.json", "record.tar", "verify.py")]
    places = {at + n for at in (0, *starts) for n in range(0, 30, 3)}
    places |= {len(whole) - n for n in range(1, 90, 4)}
    places |= {chance.randrange(len(whole)) for _ in range(SOME)}
    altered = tmp_path / "altered.zip"
    for at in sorted(places):
        other = bytearray(whole)
        other[at] ^= 1 << chance.randrange(8)
        altered.write_bytes(bytes(other))
        found, _ = whole_cycle(altered)
        assert found, at
        assert all(name and what for name, what in found), at


def sealed_again(path: Path, into: Path, change) -> Path:
    """Alter a package, and make its manifest anew."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    change(files)
    manifest["files"] = {n: hashlib.sha256(files[n]).hexdigest() for n in sorted(files)}
    with into.open("wb") as file, zipfile.ZipFile(_Straight(file), "w") as archive:
        for name in sorted(files):
            _store(archive, name, [files[name]])
        _store(archive, "manifest.json", [canonical(manifest)])
    return into


def _without_sheets(files):
    for name in [name for name in files if name.startswith("score-sheets/")]:
        del files[name]


def _another_total(files):
    name = next(name for name in files if name.startswith("score-sheets/"))
    sheet = json.loads(files[name])
    sheet["units"][0]["total"] = "1"
    files[name] = canonical(sheet)


def _another_release(files):
    name = next(name for name in files if name.startswith("releases/"))
    inner, _ = unpacked(files[name])
    inner["release.json"] = inner["release.json"].replace(b'"rank":1,', b'"rank":2,')
    files[name] = packed(inner)


def _another_record(files):
    record = bytearray(files["record.tar"])
    with tarfile.open(fileobj=io.BytesIO(record)) as tar:
        *_, last = (each for each in tar if each.size)
    record[last.offset_data] ^= 1
    files["record.tar"] = bytes(record)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_without_sheets, "rankings/"),
        (_another_total, "score-sheets/"),
        (_another_release, "releases/"),
        (_another_record, "record.tar"),
    ],
)
def test_what_is_sealed_again_does_not_fit_together(packages, tmp_path, change, named):
    """Planted bugs: a manifest that is believed; releases not verified; the record not opened."""
    path = sealed_again(packages["auditor"][0], tmp_path / "again.zip", change)
    found, _ = whole_cycle(path)
    assert found
    assert all(name.startswith(named) for name, _ in found), found


def test_a_cycle_that_has_released_nothing_has_no_package(tmp_path):
    """And no file is left behind."""

    class Empty:
        def pages(self, path):
            return iter(())

    with pytest.raises(NothingReleased):
        write(Empty(), "1", tmp_path / "x.zip")
    assert [*tmp_path.iterdir()] == []

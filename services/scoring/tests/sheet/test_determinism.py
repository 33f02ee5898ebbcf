"""One year, one sheet: whatever the order of arrival, the process, its hash seed, place or time."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from compiling import compute

from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import Entry
from scoring.rules.sheet.record import written, written_claim
from service_testing import trials

BENCHMARKS = Path(__file__).parents[4] / "benchmarks"
PROCESS = """
import hashlib, sys
sys.path[:0] = sys.argv[1:]
from generated import generated_year
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.tree import explain
from compiling import compute
year = generated_year(7, 18)
sheet = compute(year.scheme, {"GEN"}, **year.facts).sheet
trees = [str(written_tree(explain(unit))) for unit in sheet.units]
print(hashlib.sha256(repr(trees).encode()).hexdigest())
"""


def digest_of(sheet) -> str:
    """SHA-256 of the stored document and of every explanation."""
    content = repr([written(unit) for unit in sheet.units])
    content += repr([written_claim(one) for one in sheet.claims])
    trees = repr([str(written_tree(explain(unit))) for unit in sheet.units])
    return hashlib.sha256((content + trees).encode()).hexdigest()


@pytest.mark.prove
def test_shuffling_all_inputs_gives_one_digest(scheme, county, satisfaction, claims, names, figure):
    """Planted bugs: entries, or claims, in the order of arrival instead of that of their ids.

    The order of entries shows where one thing is declared twice.
    """
    shuffled = random.Random(2025)  # noqa: S311 - no secret
    silent = (None, None, "2025", None, None)
    twice = [Entry(UUID(int=10**9 + n), "XQ03", "C07", "not_applicable", *silent) for n in range(5)]
    given = {
        "entries": [*county.entries, *twice],
        "targets": list(county.targets),
        "claims": list(claims),
        "names": list(names),
    }
    found = list(satisfaction.items())
    digests = set()
    shuffles = trials(20, 1_000)
    for _ in range(shuffles):
        for each in (*given.values(), found):
            shuffled.shuffle(each)
        sheet = compute(scheme, {"COUNTY"}, satisfaction=dict(found), **given).sheet
        digests.add(digest_of(sheet))

    assert len(digests) == 1
    figure("shuffles", shuffles)


@pytest.mark.parametrize(
    ("seed", "zone", "language"),
    [
        ("0", "UTC", "C"),
        ("1", "Asia/Shanghai", "zh_CN.UTF-8"),
        ("424242", "America/St_Johns", "de_DE.UTF-8"),
    ],
)
def test_another_process_with_another_hash_seed_zone_and_language_gives_the_same_digest(
    seed, zone, language
):
    """Planted bug: looping over a set of event names, whose order the hash seed decides."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "PYTHONHASHSEED": seed,
        "TZ": zone,
        "LC_ALL": language,
        "PYTHONUTF8": "1",
    }
    printed = subprocess.run(
        [sys.executable, "-c", PROCESS, str(BENCHMARKS), str(Path(__file__).parents[1])],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    assert printed == _here()


def _here() -> str:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        from generated import generated_year
    finally:
        sys.path.remove(str(BENCHMARKS))
    year = generated_year(7, 18)
    sheet = compute(year.scheme, {"GEN"}, **year.facts).sheet
    trees = [str(written_tree(explain(unit))) for unit in sheet.units]
    return hashlib.sha256(repr(trees).encode()).hexdigest()

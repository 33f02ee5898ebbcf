"""The catalogue of guarantees, and the runner that proves them: what it takes for a proof."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from tests.guarantees import keeping
from tests.guarantees.catalogue import ROOT, Bug, Guarantee, faults, read
from tests.guarantees.running import Run, _sources, control, copied
from tests.guarantees.watching import by_assertion

GUARANTEES = read()
QUICK = "tests/guarantees/test_proving.py::test_what_failed_otherwise_than_by_what_it_asserts"


def test_every_guarantee_has_its_tests_and_every_bug_can_be_planted():
    """Planted bugs: a test that was renamed; a source of which the text was changed."""
    assert [*GUARANTEES] == [f"G{n}" for n in range(1, 37)]
    assert list(faults(GUARANTEES)) == []
    lacking = replace(GUARANTEES["G33"], tests=("tests/none.py",), bugs=())
    assert list(faults({"G33": lacking})) == [
        "G33: tests/none.py is not there",
        "G33: no bug is planted",
    ]
    [bug] = GUARANTEES["G33"].bugs
    assert "0 times" in (replace(bug, old="what nobody wrote").fault() or "")
    assert any(each.short for each in GUARANTEES.values())


@pytest.mark.parametrize(
    ("error", "asserted"),
    [
        (AssertionError(), True),
        (pytest.fail.Exception("DID NOT RAISE"), True),
        (ExceptionGroup("", [AssertionError(), AssertionError()]), True),
        (ExceptionGroup("", [AssertionError(), KeyError()]), False),
        (ImportError(), False),
        (ZeroDivisionError(), False),
    ],
    ids=repr,
)
def test_what_failed_otherwise_than_by_what_it_asserts(error, asserted):
    assert by_assertion(error) is asserted


def outcome(name, asserted=False):
    return {"test": "t", "outcome": name, "asserted": asserted, "error": "E"}


@pytest.mark.parametrize(
    ("made", "fault", "unseen"),
    [
        (Run([outcome("passed")]), "", "passed with the bug"),
        (Run([outcome("failed", True)]), "t: E", ""),
        (Run([outcome("failed")]), "t: E", "failed by something else: E"),
        (Run([outcome("passed"), outcome("failed", True)]), "t: E", ""),
        (Run([outcome("skipped")]), "skipped: E", "nothing ran"),
        (Run([]), "skipped: no test", "nothing ran"),
        (Run(broken="pytest ended"), "pytest ended", "pytest ended"),
        (
            Run([outcome("failed", True)], elsewhere=["chassis from /"]),
            "other code ran: chassis from /",
            "other code ran: chassis from /",
        ),
    ],
)
def test_a_run_says_what_it_shows(made, fault, unseen):
    """Planted bug: any failure of a control is one that was meant."""
    assert (made.fault, made.unseen) == (fault, unseen)


def test_a_figure_that_is_not_reached_is_told_or_what_is_asked_for_in_its_place():
    """Planted bugs: look at figures of tests that were run in their usual form; look at none where
    there is a word why one is not reached."""
    guarantee = Guarantee("G1", "", "", tests=("t",), figures={"kills": 100})
    proof = Run([outcome("passed")], figures={"kills": 20})
    assert keeping.result(guarantee, proof, [], thorough=True).faults == ["kills: 20 of 100"]
    assert keeping.result(guarantee, proof, [], thorough=False).holds
    why = replace(guarantee, lacking="They take long.")
    assert keeping.result(why, proof, [], thorough=True).faults == ["kills: 20 of 100"]
    less = replace(why, reached={"kills": 20})
    assert keeping.result(less, proof, [], thorough=True).holds
    none = replace(less, reached={"kills": 21})
    assert keeping.result(none, proof, [], thorough=True).faults == ["kills: 20 of 21"]
    unsaid = replace(less, lacking="", reached={"kills": 20, "falls": 1}, bugs=())
    assert [fault for fault in faults({"G1": unsaid}) if "less is asked" in fault] == [
        "G1: less is asked for than promised, without a word why",
        "G1: less is asked for of what is not promised",
    ]


def test_what_is_planted_in_a_copy_is_what_runs_there_in_every_process():
    """Planted bug: leave PYTHONPATH out, and what is installed runs, which is the tree."""
    with copied() as copy:
        environment = {**os.environ, "PYTHONPATH": _sources(copy)}
        script = "import chassis, scoring, gateway, kaoping\n"
        script += "print(chassis.__file__, scoring.__file__, gateway.__file__, kaoping.__file__)"
        command = [sys.executable, "-c", script]
        said = subprocess.run(command, env=environment, cwd=copy, capture_output=True, text=True)
        assert said.stdout.count(f"{copy}/") == 4, said
    source = "tests/guarantees/watching.py"
    harmless = Bug("", source, "if isinstance(error, BaseExceptionGroup):", "if False:", ())
    before = (ROOT / source).read_bytes()
    guarantee = Guarantee("G0", "", "", tests=(QUICK,), bugs=(replace(harmless, fails=(QUICK,)),))
    found = control(guarantee.bugs[0], guarantee)
    assert found.unseen == "", found
    assert (ROOT / source).read_bytes() == before


def test_the_command_proves_a_guarantee_with_its_control(tmp_path):
    """Planted bug: say that a guarantee holds of which no control was run."""
    command = [sys.executable, "-m", "tests.guarantees", "G33", "--short"]
    command += ["--kept", str(tmp_path)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    found = keeping.kept(tmp_path)
    assert [*found] == ["G33"]
    assert (found["G33"].holds, found["G33"].seen, found["G33"].controls) == (True, 1, 1)
    assert found["G33"].reached["spellings"] > 23

"""What may be evidence: every kind of the list, and nothing that is only called so."""

import tempfile
import time

import pytest
from evidence_files import HOSTILE, RIGHT

from chassis.refusals import Refusal
from scoring.rules.evidence.kinds import MEDIA_TYPES, file_name, judge

pytestmark = pytest.mark.rules


def judged(content: bytes, name: str):
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return judge(file, len(content), name)


@pytest.mark.parametrize("kind", RIGHT)
def test_a_file_of_a_kind_that_is_taken_is_known_by_its_content(kind):
    ending = kind if kind in ("txt", "csv", "wps", "et", "dps") else "bin"
    assert judged(RIGHT[kind], f"a.{ending}").kind == kind


def test_there_is_a_file_of_every_kind():
    assert {*RIGHT} == {*MEDIA_TYPES}


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_file_is_refused_for_its_own_reason(number):
    """Planted bugs: each check taken out by itself lets its file through."""
    problem, name, content = HOSTILE[number]
    before = time.process_time()
    with pytest.raises(Refusal) as refused:
        judged(content, name)
    told = type(refused.value).__name__
    assert "".join(f"-{c.lower()}" if c.isupper() else c for c in told)[1:] == problem
    assert time.process_time() - before < 1


def test_a_file_is_given_under_a_name_that_ends_as_its_kind_does():
    assert file_name("report.exe", "pdf") == "report.exe.pdf"
    assert file_name("photo.JPG", "jpeg") == "photo.JPG"

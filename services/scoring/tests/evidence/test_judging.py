"""What may be evidence: every kind of the list, and nothing that is only called so."""

import tempfile
import time

import pytest
from evidence_files import HOSTILE, RIGHT

from chassis.refusals import Refusal
from scoring.rules.evidence.kinds import MEDIA_TYPES, file_name, judge
from scoring.rules.evidence.refusals import EvidenceReachesOut

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


LONG = b"=" + b"c" * 50 + b"|'" + b"d" * 240 + b"'!A0"
"""A cell that starts a program, about as long as one is looked for."""


@pytest.mark.parametrize(
    "cell", [LONG, b" " * 900 + LONG, b"x," + LONG], ids=["", "blanks", "cells"]
)
@pytest.mark.parametrize("before", [0, 1, 2, 40, 150, 290, 310, 700])
def test_a_cell_is_found_wherever_a_file_is_read_in_pieces(cell, before):
    """Planted bugs: the pieces have 64 characters in common; blanks before a cell are counted."""
    filled = (b"1" * 99 + b"\n") * 5_000
    content = filled[: (1 << 18) - before - 1] + b"\n" + cell + b",1\n"
    with pytest.raises(EvidenceReachesOut):
        judged(content, "a.csv")


def test_where_a_file_is_read_in_pieces_no_cell_begins_that_is_none():
    """Planted bug: a piece that begins within a cell is taken for one."""
    content = b"1,2\n" * 65_000 + b"x" * 3_000
    for end in range((1 << 18) - 420, (1 << 18) - 380):
        judged(content[:end] + b"=a|b" + b"x" * 100 + b"!" + b"x" * 500 + b"\n", "a.csv")

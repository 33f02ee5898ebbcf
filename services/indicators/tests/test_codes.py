import csv
import json
from pathlib import Path

import pytest

from indicators.rules.codes import is_jurisdiction, is_uscc

HERE = Path(__file__).parent
PUBLISHED = json.loads((HERE / "unified-social-credit-codes.json").read_text("utf-8"))
TABLE = (HERE / "divisions-of-hunan.csv").read_text("utf-8").splitlines()
HUNAN = [row["code"] for row in csv.DictReader(TABLE)]


def test_every_published_social_credit_code_is_one():
    assert len(PUBLISHED["valid"]) == 201
    assert [code for code in PUBLISHED["valid"] if not is_uscc(code)] == []


def test_no_misspelt_social_credit_code_is_one():
    wrong = [*PUBLISHED["invalid"], *PUBLISHED["mutated"]]
    assert [code for code in wrong if is_uscc(code)] == []


def test_the_first_two_places_of_a_social_credit_code_may_be_letters():
    # A rural collective (N) of Hunan: exactly one check digit is right.
    body = "N2430000000000001"
    assert sum(is_uscc(body + digit) for digit in "0123456789ABCDEFGHJKLMNPQRTUWXY") == 1


@pytest.mark.parametrize(
    "code",
    ["", "9111000060003734", "９１110000600037341L", "91110000600037341l", "91110000600037341L\n"],
)
def test_what_has_not_the_shape_of_a_social_credit_code_is_none(code):
    assert not is_uscc(code)


def test_every_division_of_hunan_is_a_jurisdiction():
    assert [code for code in [*HUNAN, "430000"] if not is_jurisdiction(code)] == []


@pytest.mark.parametrize(
    "code", ["", "4310", "43100A", "161000", "990000", "430002", "4310000", "４３1000"]
)
def test_what_is_no_division_is_no_jurisdiction(code):
    assert not is_jurisdiction(code)

"""Which document a claim is about: writings of one number are one, numbers that differ are two."""

import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules.claims.awards import (
    award_of,
    fingerprint_of,
    likeness,
    shares_fit,
)
from scoring.rules.claims.checks import Claim
from scoring.rules.ledger.writing import plain_authority, plain_event, plain_item, plain_number

AWARD = Claim(
    claim_id=UUID(int=1),
    claim_no="B1",
    unit="XQ01",
    kind="bonus",
    level="provincial",
    authority="省委省政府",
    holder_name="云湖区",
    document_no="省发〔2025〕9号",
    document_date=date(2025, 6, 18),
    work_year=2025,
    event_key="E1",
    linked_indicator="C09",
    rule=None,
)
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u3164\ufe0f \u3000\u2009"
OPENING, CLOSING = "〔[(（【［「<《", "〕])）】］」>》"


@pytest.mark.parametrize(
    "written",
    [
        "省发〔2025〕9号",
        "省发[2025]9号",
        "省发(2025)第9号",
        "省发【２０２５】第０９號",
        "省发 2025—9 号文件",
        "省发2025年9号文",
        "省发字〔2025〕第9号",
        "省发〔二〇二五〕九号",
        "省\u200b发〔20\u200b25〕9号",
        "省发〔20 25〕9号",
        "省发〔٢٠٢٥〕9号",
    ],
)
def test_a_document_number_is_one_however_it_is_written(written):
    assert plain_number(written) == "省发20259"


@pytest.mark.parametrize(
    "other",
    [
        "省发〔2025〕19号",
        "省发〔2024〕9号",
        "省办发〔2025〕9号",
        "省发〔2025〕90号",
        "国发〔2025〕9号",
    ],
)
def test_another_number_is_another_document(other):
    assert plain_number(other) != plain_number("省发〔2025〕9号")


@given(
    organ=st.text("省市国发办政农教卫", min_size=1, max_size=5),
    year=st.integers(1990, 2099),
    serial=st.integers(1, 9999),
    bracket=st.integers(0, len(OPENING) - 1),
    noise=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(UNSEEN)), max_size=8),
    wide=st.booleans(),
    ordinal=st.booleans(),
)
def test_brackets_blanks_widths_and_what_is_not_seen_change_no_number(
    organ, year, serial, bracket, noise, wide, ordinal
):
    """Planted bug: leave any one of them in."""
    plain = f"{organ}〔{year}〕{serial}号"
    no = f"{organ}{OPENING[bracket]}{year}{CLOSING[bracket]}{'第' if ordinal else ''}{serial:03}"
    if wide:
        no = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in no)
    for at, character in noise:
        no = no[:at] + character + no[at:]
    assert plain_number(no) == plain_number(plain) == f"{organ}{year}{serial}"


@given(st.text(max_size=40))
def test_bringing_any_text_to_its_form_twice_changes_nothing(text):
    for plain in (plain_authority, plain_item, plain_event):
        assert plain(plain(text)) == plain(text)
    hidden = {"Cf", "Cc", "Mn"}
    assert not any(
        unicodedata.category(c) in hidden for c in plain_number(text) + plain_event(text)
    )


def test_a_fingerprint_is_of_kind_number_and_day():
    """Planted bug: leave the day out, or let the claimant's words for the authority tell apart."""
    one = award_of(AWARD).fingerprint
    same = [
        {"unit": "XQ02"},
        {"event_key": "E9"},
        {"authority": "中共省委、省人民政府"},
        {"document_no": "省发[2025]第9号"},
    ]
    other = [{"kind": "deduction"}, {"document_date": date(2025, 6, 19)}, {"document_no": "9"}]
    assert all(award_of(replace(AWARD, **change)).fingerprint == one for change in same)
    assert all(award_of(replace(AWARD, **change)).fingerprint != one for change in other)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"unit": "XQ02"}, "same_document"),
        ({"document_date": date(2025, 6, 19)}, "same_number"),
        (
            {"document_no": "省发〔2025〕10号", "authority": "省委、省政府"},
            "same_authority_and_date",
        ),
        ({"document_no": "省发〔2025〕10号", "authority": "省委"}, None),
        ({"kind": "deduction"}, None),
    ],
)
def test_documents_are_alike_by_number_or_by_authority_and_day(change, found):
    assert likeness(award_of(AWARD), award_of(replace(AWARD, **change))) == found


@given(st.lists(st.decimals("0.000001", "1", places=6), min_size=1, max_size=8))
def test_shares_fit_when_they_come_to_the_whole_at_most(shares):
    assert shares_fit(shares) is (sum(shares) <= 1)
    assert not shares_fit([*shares, Decimal(0)])
    assert not shares_fit([*shares, Decimal(1)])


def test_a_document_is_another_one_in_another_jurisdiction():
    """What is claimed for it there is on none of the same documents here.

    Planted bug: whose the claim is does not count.
    """
    whose = (None, "530100", "530102")
    found = {award_of(AWARD, each).fingerprint for each in whose}
    assert len(found) == len(whose)
    assert award_of(AWARD, None) == award_of(AWARD)
    for each in whose:
        told = fingerprint_of(AWARD.document_no, AWARD.document_date, each)
        assert told == award_of(AWARD, each).fingerprint

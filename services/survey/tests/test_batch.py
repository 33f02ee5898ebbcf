"""What a batch may contain, one row per sentence."""

import random
import struct
from decimal import Decimal

import pytest

from chassis import journal
from chassis.wire import Columns
from survey.api.batches import NewBatch, _checked
from survey.rules import batch
from survey.rules.batch import BatchRejected, Response, check_batch, looks_like_a_phone_number
from survey.rules.definition import Option, RespondentGroup, SurveyDefinition

TOKEN = "resp-XQ01-000001"
PHONE = SurveyDefinition(
    code="phone",
    name="电话调查",
    mode="phone_survey",
    collector="SC",
    waves=2,
    options=(Option("satisfied", "满意", Decimal(80)), Option("dont_know", "不了解", None)),
    groups=(),
    min_valid=None,
    places=4,
)
FORMS = SurveyDefinition(
    code="forms",
    name="问卷调查",
    mode="questionnaire",
    collector="SB",
    waves=1,
    options=PHONE.options,
    groups=(RespondentGroup("deputies", Decimal(1)),),
    min_valid=None,
    places=4,
)


def answered(unit="XQ01", token=TOKEN, outcome="completed", answer="satisfied", group=None):
    return Response(unit, token, outcome, answer, group)


def faults(*rows, survey=PHONE, batch_no="W1-001", count=None):
    """Return the (pointer, code) pairs found, in order."""
    count = len(rows) if count is None else count
    try:
        check_batch(survey, {"XQ01", "XQ02"}, batch_no, count, Columns.of(Response, rows))
    except BatchRejected as refusal:
        return [(fault.pointer, fault.code) for fault in refusal.faults]
    return []


@pytest.mark.parametrize(
    "row",
    [
        answered(),
        answered(answer="dont_know"),
        answered(outcome="refused", answer=None),
        answered(outcome="partial", answer=None),
        answered(outcome="no_contact", answer=None),
    ],
)
def test_a_sound_row_is_taken(row):
    assert faults(row) == []


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (answered(unit="XQ99"), "unit", "unknown-unit"),
        (answered(unit=""), "unit", "unknown-unit"),
        (answered(outcome="vanished", answer=None), "outcome", "unknown-outcome"),
        (answered(outcome="COMPLETED", answer=None), "outcome", "unknown-outcome"),
        (answered(answer=None), "answer", "answer-missing"),
        (answered(answer="delighted"), "answer", "unknown-answer"),
        (answered(answer="refused"), "answer", "unknown-answer"),
        (answered(outcome="refused"), "answer", "unexpected-answer"),
        (answered(outcome="partial"), "answer", "unexpected-answer"),
        (answered(outcome="no_contact", answer="dont_know"), "answer", "unexpected-answer"),
        (answered(group="deputies"), "group", "unexpected-group"),
        (answered(group=""), "group", "unexpected-group"),
    ],
)
def test_a_row_with_one_fault_is_named_by_place_and_reason(row, field, code):
    assert faults(answered(unit="XQ02"), row) == [(f"/rows/1/{field}", code)]


@pytest.mark.parametrize("outcome", ["completed", "refused"])
@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("deputies", []),
        (None, [("/rows/0/group", "group-missing")]),
        ("strangers", [("/rows/0/group", "unknown-group")]),
    ],
)
def test_a_survey_with_groups_wants_one_in_every_row(outcome, group, expected):
    answer = "satisfied" if outcome == "completed" else None
    assert faults(answered(outcome=outcome, answer=answer, group=group), survey=FORMS) == expected


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a" * 15,
        "a" * 65,
        "resp XQ01 000001",
        "resp.XQ01.000001",
        "resp-XQ01-000001\n",
        "受访者受访者受访者受访者受访者受",
        "resp-XQ01-00000１",  # a full-width digit
        "résp-XQ01-000001",
    ],
)
def test_a_token_is_16_to_64_ascii_letters_digits_dashes_or_underscores(token):
    assert faults(answered(token=token)) == [("/rows/0/respondent_token", "malformed-token")]


@pytest.mark.parametrize("token", ["a" * 16, "Z" * 64, "a_b-c_d-e_f-0123", TOKEN])
def test_a_well_formed_token_is_taken(token):
    assert faults(answered(token=token)) == []


@pytest.mark.parametrize(
    "token",
    [
        "1380013800013800",
        "0000000000000000",
        "86-138-0013-8000",
        "____138_0013_8000",
        "resp-13800138000",
        "13800138000-resp",
        "tel_13800138000_xyz",
        "tel13800138000xyz",
        "tel8613800138000x",
        "call-19912345678-w1",
        "a13800138000bcde",
    ],
)
def test_a_token_that_looks_like_a_phone_number_is_refused_and_never_repeated(token):
    rows = Columns.of(Response, [answered(token=token)])
    with pytest.raises(BatchRejected) as caught:
        check_batch(PHONE, {"XQ01"}, "W1-001", 1, rows)
    (fault,) = caught.value.faults
    assert fault.code == "phone-number"
    assert token not in f"{caught.value.detail_en}{caught.value.detail_zh}{fault.en}{fault.zh}"


@pytest.mark.parametrize(
    "token",
    [
        "resp-12800138000",  # no mobile number begins with 12
        "resp-1380013800",  # ten digits
        "resp-138001380001",  # twelve
        "resp-00213800138000",  # part of a longer run
        "20251123-0000000001-a",
        "c5a13800138000b4e1f6a7b8c9d0e1f2",  # a digest, by chance
        "c5a13800138000b4e1f6a7b8c9d0e1f2" * 2,
        "0e4b7a52-9c1d-4f3e-8a6b-a13812345678",  # a UUID, by chance
    ],
)
def test_other_runs_of_digits_are_no_phone_numbers(token):
    assert not looks_like_a_phone_number(token)


FINDINGS = [value for value in vars(batch).values() if isinstance(value, batch.Finding)]


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.code)
def test_every_fault_is_said_in_english_and_in_chinese(finding):
    assert finding.en.isascii()
    assert any("\u4e00" <= character <= "\u9fff" for character in finding.zh)


def test_no_message_repeats_anything_that_was_sent():
    number = "13800138000"
    row = Response(number, number, number, number, number)
    with pytest.raises(BatchRejected) as caught:
        check_batch(PHONE, {"XQ01"}, number, 2, Columns.of(Response, [row]))
    said = [caught.value.detail_en, caught.value.detail_zh]
    said += [text for fault in caught.value.faults for text in (fault.pointer, fault.en, fault.zh)]
    assert number not in "".join(said)


def test_a_batch_number_may_not_be_a_phone_number():
    assert faults(answered(), batch_no="13800138000") == [("/batch_no", "phone-number")]


def test_a_respondent_counts_once_for_a_unit_and_may_speak_about_several():
    other = answered(unit="XQ02")
    assert faults(answered(), other) == []
    assert faults(answered(), other, answered(), answered()) == [
        ("/rows/2/respondent_token", "duplicate-respondent"),
        ("/rows/3/respondent_token", "duplicate-respondent"),
    ]


@pytest.mark.parametrize("count", [-1, 0, 2])
def test_the_control_total_must_match_the_rows(count):
    assert faults(answered(), count=count) == [("/control_totals/count", "count-mismatch")]


def test_all_faults_are_named_at_once_in_the_order_of_the_rows():
    found = faults(
        answered(unit="XQ99", token="short", outcome="vanished", answer="delighted", group="x"),
        answered(),
        answered(unit="XQ02", answer=None),
        count=4,
    )
    assert found == [
        ("/control_totals/count", "count-mismatch"),
        ("/rows/0/unit", "unknown-unit"),
        ("/rows/0/respondent_token", "malformed-token"),
        ("/rows/0/outcome", "unknown-outcome"),
        ("/rows/0/answer", "unexpected-answer"),
        ("/rows/0/group", "unexpected-group"),
        ("/rows/2/answer", "answer-missing"),
    ]


TOKENS = [
    "a" * 16, "a" * 15, "a" * 64, "a" * 65, "0000000000000000", "12-34_56-78_90-12", "a\n" * 9,
    "a" * 16 + "\n" + "b" * 16, "resp-13800138000", "resp-00213800138000", "", "résp-XQ01-000001",
    "resp-440524200101010013", "x440524-20010101-0013", "20251123-0000000001-a",
]  # fmt: skip


def drawn_rows(dice, survey):
    """Draw rows of which most are sound, so that some batches are."""
    wrong = dice.random() < 0.5
    for n in range(dice.randint(1, 12)):
        row = [
            dice.choice(["XQ01", "XQ02"]),
            f"respondent-{n if dice.random() < 0.95 else 0:06}-x",
            "completed",
            "satisfied",
            None,
        ]
        if survey is FORMS:
            row[4] = "deputies"
        if dice.random() < 0.3:
            row[2:4] = "refused", None
        if wrong and dice.random() < 0.2:
            at = dice.randrange(5)
            row[at] = dice.choice(
                [["XQ99", ""], TOKENS, ["", "vanished", "partial"], [None, "", "dont_know", "x"],
                 [None, "", "deputies", "x"]][at]
            )  # fmt: skip
        yield Response(*row)


def test_all_rows_at_once_are_found_sound_exactly_where_each_of_them_is():
    """Planted bugs: leave out the tokens without a letter; count line ends no more; look for equal
    tokens whatever the unit; forget that an answer belongs to its outcome."""
    dice = random.Random(20_251_231)  # noqa: S311 - the same every time
    sound = 0
    for _ in range(3000):
        survey = dice.choice([PHONE, FORMS])
        rows = list(drawn_rows(dice, survey))
        expected = not list(batch._row_faults(survey, {"XQ01", "XQ02"}, rows))
        found = batch._are_sound(survey, {"XQ01", "XQ02"}, Columns.of(Response, rows))
        assert found == expected, rows
        sound += expected
    assert 1000 < sound < 2500


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_among_many_is_found_sound_exactly_where_it_is_alone(token):
    others = [f"respondent-{n:06}-x" for n in range(50)]
    alone = batch._token(token, repeated=False) is None
    rows = [answered(token=each) for each in (*others[:25], token, *others[25:])]
    assert batch._are_sound(PHONE, {"XQ01"}, Columns.of(Response, rows)) == alone


def test_the_digest_and_the_lines_are_those_of_the_rows_as_they_came():
    """A second way from the rows to both. Planted bugs: a key out of order, another separator, rows
    in the order in which they came."""
    units = ["XQ01", 'XQ"\\02', "单位\t三"]
    rows = [
        {
            "unit": units[n % 3],
            "respondent_token": f"token-{n * 7 % 20:05}-abcdef",
            "outcome": outcome,
        }
        | ({"answer": "satisfied"} if outcome == "completed" else {"answer": None, "group": None})
        for n, outcome in enumerate(["completed", "refused"] * 10)
    ]
    new = NewBatch.model_validate(
        {"batch_no": "B", "control_totals": {"count": len(rows)}, "rows": rows}
    )
    checked = _checked(PHONE, set(units), new, len(rows))
    whole = [{"answer": None, "group": None, **row} for row in rows]
    assert checked.digest == journal.sha256(whole)
    names = ("unit", "respondent_token", "outcome", "answer", "group")
    lines = []
    for row in whole:
        line = b""
        for raw in (row[name] and row[name].encode() for name in names):
            line += struct.pack("!i", -1) if raw is None else struct.pack("!i", len(raw)) + raw
        lines.append(line)
    assert [line.encode("latin-1") for line in checked.lines] == sorted(lines)

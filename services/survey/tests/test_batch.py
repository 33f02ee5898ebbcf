"""What a batch may contain, one row per sentence."""

import random
import struct
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from chassis import journal
from chassis.wire import Columns
from survey.api.batches import NewBatch, _checked
from survey.rules import batch, totals
from survey.rules.batch import BatchRejected, Response, check_batch, looks_like_a_phone_number
from survey.rules.definition import Option, Question, RespondentGroup, Skip, SurveyDefinition
from survey.rules.totals import Announced, faults_of_totals

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

_GRADES = tuple(Option(word, word, Decimal(n)) for word, n in (("good", 100), ("poor", 0)))
ASKED = replace(
    PHONE,
    options=(),
    questions=(
        Question("a", "甲", Decimal("0.6"), (*_GRADES, Option("no", "否", None)), screens=("no",)),
        Question("b", "乙", Decimal("0.4"), _GRADES),
        Question("c", "丙", Decimal(0), _GRADES, asked_if=Skip("b", ("poor",))),
    ),
)


def answered(unit="XQ01", token=TOKEN, outcome="completed", answer="satisfied", group=None):
    return Response(unit, token, outcome, answer, group=group)


def faults(*rows, survey=PHONE, batch_no="W1-001", count=None):
    """Return the (pointer, code) pairs found, in order."""
    count = len(rows) if count is None else count
    try:
        found = faults_of_totals(Announced(count), len(rows), {}, None)
        check_batch(survey, {"XQ01", "XQ02"}, batch_no, Columns.of(Response, rows), found)
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
    ("answers", "expected"),
    [
        ({"a": "good", "b": "good"}, []),
        ({"a": "good", "b": "poor", "c": "poor"}, []),
        ({"a": "good"}, [("/b", "question-unanswered")]),
        ({"b": "good"}, [("/a", "question-unanswered")]),
        ({"a": "good", "b": "poor"}, [("/c", "question-unanswered")]),
        ({"a": "good", "b": "good", "c": "good"}, [("/c", "question-skipped")]),
        ({"a": "fine", "b": "good"}, [("/a", "unknown-answer")]),
        ({"a": "no", "b": "good"}, [("/a", "screened-out")]),
        ({"a": "good", "b": "good", "d": "good"}, [("", "unknown-question")]),
        ({}, [("", "answers-missing")]),
        (None, [("", "answers-missing")]),
    ],
)
def test_a_completed_contact_answers_just_the_questions_that_are_asked(answers, expected):
    """Planted bugs: take an answer to a question that is skipped; skip by any answer; forget who
    is not to be interviewed."""
    row = Response("XQ01", TOKEN, "completed", answers=answers)
    assert faults(row, survey=ASKED) == [(f"/rows/0/answers{at}", code) for at, code in expected]


@pytest.mark.parametrize(
    ("survey", "row", "field", "code"),
    [
        ("ASKED", {"answer": "good"}, "answer", "several-questions"),
        ("PHONE", {"answer": "satisfied", "answers": {"a": "good"}}, "answers",
         "unexpected-answers"),
        ("ASKED", {"outcome": "refused", "answers": {"a": "good"}}, "answers", "unexpected-answer"),
        ("PHONE", {"answer": "satisfied", "attempt": 0}, "attempt", "attempt-out-of-range"),
        ("PHONE", {"answer": "satisfied", "attempt": 100}, "attempt", "attempt-out-of-range"),
        ("PHONE", {"answer": "satisfied", "stratum": "a b"}, "stratum", "malformed-code"),
        ("PHONE", {"answer": "satisfied", "interviewer": "张三"}, "interviewer", "malformed-code"),
        ("PHONE", {"answer": "satisfied", "started_at": "9:30"}, "started_at", "not-a-moment"),
        ("PHONE", {"answer": "satisfied", "ended_at": "2026-06-01T09:30:00Z"}, "started_at",
         "not-a-moment"),
        ("PHONE", {"answer": "satisfied", "started_at": "2026-06-01T09:30:00Z",
                   "ended_at": "2026-06-01T09:29:59Z"}, "ended_at", "ends-before-it-starts"),
        ("PHONE", {"answer": "satisfied", "started_at": "2026-06-01T09:30:00Z",
                   "ended_at": "2026-06-02T09:30:01Z"}, "ended_at", "ends-before-it-starts"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_survey_or_itself_is_named(survey, row, field, code):
    given = {"outcome": "completed"} | row
    found = faults(Response("XQ01", TOKEN, **given), survey=globals()[survey])
    assert found == [(f"/rows/0/{field}", code)]


def test_a_respondent_is_called_again_and_interviewed_once():
    """Planted bugs: one contact with a respondent; an interview at each attempt."""
    tries = [
        answered(outcome="no_contact", answer=None),
        replace(answered(outcome="no_contact", answer=None), attempt=2),
        replace(answered(), attempt=3),
    ]
    assert faults(*tries) == []
    again = [("/rows/3/respondent_token", "duplicate-respondent")]
    assert faults(*tries, replace(answered(), attempt=4)) == again
    assert faults(*tries, replace(tries[1], outcome="refused")) == again


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
        check_batch(PHONE, {"XQ01"}, "W1-001", rows)
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


FINDINGS = [
    value
    for module in (batch, totals)
    for value in vars(module).values()
    if isinstance(value, batch.Finding)
]


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.code)
def test_every_fault_is_said_in_english_and_in_chinese(finding):
    assert finding.en.isascii()
    assert any("\u4e00" <= character <= "\u9fff" for character in finding.zh)


def test_no_message_repeats_anything_that_was_sent():
    number = "13800138000"
    row = Response(number, number, number, number, number)
    with pytest.raises(BatchRejected) as caught:
        check_batch(PHONE, {"XQ01"}, number, Columns.of(Response, [row]))
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
        more = {"group": row.pop()}
        if survey is ASKED and row[2] == "completed":
            row[3], more["answers"] = None, dict(zip("abc", dice.choice(ANSWERS), strict=False))
        if dice.random() < 0.3:
            name, sound, unsound = dice.choice(BESIDE)
            more[name] = dice.choice(sound + (unsound if wrong else ()))
        yield Response(*row, **more)


BESIDE = [
    ("attempt", (1, 2, 99), (0, -1, 100)),
    ("stratum", ("north", "S.1"), ("", "-x", "a b", "x" * 65)),
    ("cluster", ("C1",), ("村",)),
    ("interviewer", ("I-007",), ("I 7",)),
    ("started_at", ("2026-06-01T09:30:00+08:00", "2026-06-01T09:30:00.5Z"),
     ("2026-06-01", "2026-06-01T09:30:00", "2026-02-30T09:30:00Z", "1999-01-01T00:00:00Z",
      "2026-06-01T09:30:00+24:00")),
]  # fmt: skip
ANSWERS = [("good", "poor", "good"), ("good", "good"), ("good", "poor"), ("no", "good"), ()]
"""Answers to the questions below, the first two of which are sound."""


def test_all_rows_at_once_are_found_sound_exactly_where_each_of_them_is():
    """Planted bugs: leave out the tokens without a letter; count line ends no more; look for equal
    tokens whatever the unit; forget that an answer belongs to its outcome."""
    dice = random.Random(20_251_231)  # noqa: S311 - the same every time
    sound = 0
    for _ in range(3000):
        survey = dice.choice([PHONE, FORMS, ASKED])
        rows = list(drawn_rows(dice, survey))
        strata = {"XQ02": {"north"}} if survey is FORMS else {}
        expected = not list(batch._row_faults(survey, {"XQ01", "XQ02"}, rows, strata))
        found = batch._are_sound(survey, {"XQ01", "XQ02"}, Columns.of(Response, rows), strata)
        assert found == expected, rows
        sound += expected
    assert 700 < sound < 2500


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_among_many_is_found_sound_exactly_where_it_is_alone(token):
    others = [f"respondent-{n:06}-x" for n in range(50)]
    alone = batch._token(token, repeated=False) is None
    rows = [answered(token=each) for each in (*others[:25], token, *others[25:])]
    assert batch._are_sound(PHONE, {"XQ01"}, Columns.of(Response, rows), {}) == alone


def test_the_digest_and_the_lines_are_those_of_the_rows_as_they_came():
    """A second way from the rows to both. Planted bugs: a key out of order, another separator, rows
    in the order in which they came, answers in the order in which they came, a moment without its
    offset."""
    units = ["XQ01", 'XQ"\\02', "单位\t三"]
    rows = [
        {
            "unit": units[n % 3],
            "respondent_token": f"token-{n * 7 % 20:05}-abcdef",
            "outcome": outcome,
            "attempt": n % 3 or None,
            "interviewer": "I-1" if n % 2 else None,
            "started_at": "2026-06-01T09:30:00.25+08:00" if n % 5 else None,
        }
        | ({"answers": {"b": "good", "a": "poor"}} if outcome == "completed" else {})
        for n, outcome in enumerate(["completed", "refused"] * 10)
    ]
    new = NewBatch.model_validate(
        {"batch_no": "B", "control_totals": {"count": len(rows)}, "rows": rows}
    )
    checked = _checked(ASKED, set(units), new, [], {})
    empty = dict.fromkeys(field.name for field in fields(Response))
    whole = [empty | row for row in rows]
    given = [{name: value for name, value in row.items() if value is not None} for row in whole]
    assert checked.digest == journal.sha256(given)
    started = datetime(2026, 6, 1, 1, 30, 0, 250_000, UTC) - datetime(2000, 1, 1, tzinfo=UTC)
    lines = []
    for row in whole:
        done = row["outcome"] == "completed"
        attempt = row["attempt"] or 1
        line = b""
        for value in (
            row["unit"],
            row["respondent_token"],
            0 if done else attempt,
            row["outcome"],
            attempt,
            "poor,good," if done else None,
            *(row[name] for name in ("group", "stratum", "cluster", "interviewer")),
            row["started_at"] and started,
            None,
        ):
            match value:
                case None:
                    line += struct.pack("!i", -1)
                case int():
                    line += struct.pack("!ii", 4, value)
                case str():
                    line += struct.pack("!i", len(value.encode())) + value.encode()
                case _:
                    line += struct.pack("!iq", 8, value // timedelta(microseconds=1))
        lines.append(line)
    assert [line.encode("latin-1") for line in checked.lines] == sorted(lines)

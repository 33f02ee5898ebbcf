"""What a batch of responses may contain: every fault found at once, each with its place.

No message repeats what was sent: a phone number that strayed into a batch must not come back in
an answer, and from there into somebody's log.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, starmap
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from chassis import personal
from chassis.refusals import Fault, Invalid, pointer
from survey.rules.definition import BETWEEN_ANSWERS, Question, SurveyDefinition
from survey.rules.wordings import is_opinion


class BatchRejected(Invalid):
    """Some rows of the batch cannot be taken; nothing was kept."""

    zh = "该批中有不能接收的行，全部未保存。"
    remedy = (
        "Mend or leave out the rows that `errors` names, and send the batch again.",
        "请改正或去掉 `errors` 所指各行，然后重新提交该批。",
    )


class Outcome(StrEnum):
    """How a contact ended, as AAPOR's final dispositions have it; only a completed one has answers.

    Of an unknown household nobody knows whether there is anybody to ask, of unknown eligibility
    whether the person is one to ask; the ineligible are known not to be.
    """

    COMPLETED = "completed"
    PARTIAL = "partial"
    REFUSED = "refused"
    NO_CONTACT = "no_contact"
    OTHER = "other"
    UNKNOWN_HOUSEHOLD = "unknown_household"
    UNKNOWN_ELIGIBILITY = "unknown_eligibility"
    INELIGIBLE = "ineligible"


@dataclass(frozen=True, slots=True)
class Response:
    """One contact with one respondent about one unit; a call-back is another `attempt`.

    `respondent_token` is an opaque name of 16 to 64 letters, digits, `-` or `_`, never a phone
    number. `answer` is an option of a survey with one question; `answers` are those to the
    questions of one that names them, by question, without those that were skipped. They are given
    exactly when the outcome is completed; `group` is a respondent group, and given exactly when
    the survey has groups. `started_at` and `ended_at` are moments with an offset (RFC 3339). The
    `opinion` is what a respondent who was interviewed said besides, in up to 2,000 characters: it
    is read by nobody before it has been reviewed.
    """

    unit: str
    respondent_token: str
    outcome: str
    answer: str | None = None
    answers: Mapping[str, str] | None = None
    group: str | None = None
    attempt: int | None = None
    stratum: str | None = None
    cluster: str | None = None
    interviewer: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    opinion: str | None = None


class Responses(Protocol):
    """Responses in their order, and all values of each field of theirs together."""

    @property
    def columns(self) -> Mapping[str, Sequence[Any]]:
        """The values by field."""

    def suspects(self, name: str) -> Set[str]:
        """Return the values of a field that may hold a number that leads to a person."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __iter__(self) -> Iterator[Response]:
        """Go through them."""


class Finding(NamedTuple):
    """A kind of fault: a word for programs, a sentence in English and one in Chinese."""

    code: str
    en: str
    zh: str

    def at(self, *steps: str | int, beside: bool = False) -> Fault:
        """Return this fault at a place of the request body."""
        return Fault(pointer(*steps), self.code, self.en, self.zh, beside)


UNKNOWN_UNIT = Finding(
    "unknown-unit", "The survey does not ask about this unit.", "该单位不在本次调查范围内。"
)
UNKNOWN_UNIT_CODE = Finding(
    "unknown-unit-code",
    "This code means no unit today in the id scheme that was named.",
    "该代码今日在所选代码体系中没有对应的单位。",
)
UNKNOWN_OUTCOME = Finding(
    "unknown-outcome",
    f"The outcome is one of {', '.join(Outcome)}.",
    f"访问结果应为以下之一：{'、'.join(f'`{each}`' for each in Outcome)}。",
)
ANSWER_MISSING = Finding(
    "answer-missing", "A completed contact has an answer.", "完成的访问必须有答案。"
)
UNKNOWN_ANSWER = Finding(
    "unknown-answer", "The answer is not an option of this survey.", "答案不是本次调查的选项。"
)
UNEXPECTED_ANSWER = Finding(
    "unexpected-answer", "Only a completed contact has an answer.", "未完成的访问不得带有答案。"
)
GROUP_MISSING = Finding(
    "group-missing", "This survey needs the respondent's group.", "本次调查须注明评议主体。"
)
UNKNOWN_GROUP = Finding(
    "unknown-group",
    "This is not a respondent group of the survey.",
    "本次调查没有这一评议主体。",
)
UNEXPECTED_GROUP = Finding(
    "unexpected-group",
    "This survey does not group its respondents.",
    "本次调查不分评议主体。",
)
ANSWERS_MISSING = Finding(
    "answers-missing",
    "A completed contact has `answers`, by question.",
    "完成的访问必须有 `answers`，按题目填写。",
)
UNEXPECTED_ANSWERS = Finding(
    "unexpected-answers",
    "This survey has one question: its answer stands in `answer`.",
    "本次调查只有一道题，答案填入 `answer`。",
)
SEVERAL_QUESTIONS = Finding(
    "several-questions",
    "This survey has several questions: their answers stand in `answers`, by question.",
    "本次调查有多道题，答案应按题目填入 `answers`。",
)
UNKNOWN_QUESTION = Finding(
    "unknown-question",
    "There is an answer to a question that the survey does not have.",
    "其中有本次调查所没有的题目。",
)
QUESTION_UNANSWERED = Finding(
    "question-unanswered",
    "This question was to be asked, and has no answer.",
    "该题应当询问，但没有答案。",
)
QUESTION_SKIPPED = Finding(
    "question-skipped",
    "By the answers before it this question is not asked.",
    "按前面的答案，该题不应询问。",
)
SCREENED_OUT = Finding(
    "screened-out",
    "Who answers so is not to be interviewed: the outcome is `ineligible`.",
    "作此回答者不属于调查对象，访问结果应为 `ineligible`。",
)
ATTEMPT_OUT_OF_RANGE = Finding(
    "attempt-out-of-range", "Attempts are counted from 1 to 99.", "访问次数应为 1 至 99。"
)
MALFORMED_CODE = Finding(
    "malformed-code",
    "A code is 1 to 64 letters, digits, `_`, `.` and `-`, the first a letter or digit.",
    "编码应为 1 至 64 位的字母、数字、下划线、点或连字符，首位为字母或数字。",
)
UNKNOWN_STRATUM = Finding(
    "unknown-stratum",
    "The sample plan has no such stratum of this unit.",
    "抽样方案中该单位没有这一分层。",
)
STRATUM_MISSING = Finding(
    "stratum-missing",
    "The sample plan has strata of this unit: a completed contact names its own.",
    "抽样方案对该单位分层，完成的访问须注明所属分层。",
)
NOT_A_MOMENT = Finding(
    "not-a-moment",
    "A moment is written as 2026-06-01T09:30:00+08:00, with its offset.",
    "时间应写作 `2026-06-01T09:30:00+08:00`，须带时区。",
)
ENDS_BEFORE = Finding(
    "ends-before-it-starts",
    "A contact ends after it started, within a day.",
    "访问的结束时间应晚于开始时间，且不超过一天。",
)
MALFORMED_OPINION = Finding(
    "malformed-opinion",
    "An opinion is 1 to 2,000 characters, with a letter or digit and no control characters.",
    "意见应为 1 至 2000 个字符，含有文字且不含控制字符。",
)
UNEXPECTED_OPINION = Finding(
    "unexpected-opinion",
    "Only a completed contact has an opinion; what was said otherwise is sent as an opinion alone.",
    "未完成的访问不得带有意见；其他途径的意见应单独报送。",
)
MALFORMED_TOKEN = Finding(
    "malformed-token",
    "A respondent token is 16 to 64 letters and digits of ASCII, '-' or '_'.",
    "受访者代号应为 16 至 64 位的英文字母、数字、“-”或“_”。",
)
PHONE_NUMBER = Finding(
    "phone-number",
    "This looks like a phone number; phone numbers are never taken in.",
    "此处疑似电话号码，系统不接收任何电话号码。",
)
DUPLICATE_RESPONDENT = Finding(
    "duplicate-respondent",
    "There is a completed contact of the same respondent about the unit, or one of this attempt.",
    "同一受访者对该单位已有完成的访问，或已有同一次访问记录。",
)
COUNT_MISMATCH = Finding(
    "count-mismatch",
    "The control total differs from the number of rows.",
    "控制总数与实际行数不符。",
)

_OUTCOMES = frozenset(outcome.value for outcome in Outcome)
LONGEST_TOKEN = 64
"""The most signs of a respondent token."""
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{16,{LONGEST_TOKEN}}}")
_TOKENS = re.compile(rf"(?:[A-Za-z0-9_-]{{16,{LONGEST_TOKEN}}}+\n)++")
_WITHOUT_A_LETTER = re.compile(r"[0-9_-]+")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_MOMENT = re.compile(
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_MARKS = ("stratum", "cluster", "interviewer")
_MOST_ATTEMPTS = 99

Strata = Mapping[str, Set[str]]
"""The strata of each unit that a sample plan has; without any at all it says nothing of strata."""
NO_STRATA: Strata = MappingProxyType({})


def check_batch(
    definition: SurveyDefinition,
    units: Set[str],
    batch_no: str,
    responses: Responses,
    in_totals: Sequence[Fault] = (),
    strata: Strata = NO_STRATA,
) -> None:
    """Refuse a batch that is not whole and sound, naming every fault.

    `units` are those surveyed, and `in_totals` the faults of the control totals.
    """
    in_rows = faults_of_rows(definition, units, responses, strata)
    in_head = [PHONE_NUMBER.at("batch_no")] if personal.find_any(batch_no) else []
    in_head += in_totals
    if in_head or in_rows:
        raise rejection([*in_head, *in_rows])


def faults_of_rows(
    definition: SurveyDefinition,
    units: Set[str],
    responses: Responses,
    strata: Strata = NO_STRATA,
) -> list[Fault]:
    """Return every fault of responses, in their order."""
    if not len(responses) or _are_sound(definition, units, responses, strata):
        return []
    return list(_row_faults(definition, units, responses, strata))


def rejection(faults: Sequence[Fault]) -> BatchRejected:
    """Return the refusal of a batch that has these faults."""
    return BatchRejected(
        f"The batch has {len(faults)} fault(s); nothing was stored.",
        f"本批有 {len(faults)} 处错误，未存入任何一行。",
        faults=faults,
    )


class IdSchemeUnknown(Invalid):
    """There is no such id scheme."""

    zh = "没有这个代码体系。"
    remedy = (
        "Look the code up in the list of id schemes, or leave `id_scheme` out to send our own "
        "codes.",
        "请在代码体系清单中查对，或不带 `id_scheme` 而使用本系统代码。",
    )


def check_codes(codes: Sequence[str], meant: Mapping[str, str]) -> None:
    """Refuse rows whose codes mean no unit."""
    faults = [
        UNKNOWN_UNIT_CODE.at("rows", row, "unit")
        for row, code in enumerate(codes)
        if code not in meant
    ]
    if faults:
        raise rejection(faults)


def looks_like_a_phone_number(token: str) -> bool:
    """Tell whether a token has no letter, or holds a number that leads to a person.

    A token is stricter than a text: one of digits alone may be a number of any country.
    """
    return bool(_WITHOUT_A_LETTER.fullmatch(token)) or personal.find_any(token) is not None


def occasions_of(outcomes: Sequence[str], attempts: Sequence[int | None]) -> list[int]:
    """Return what tells the contacts with one respondent about one unit apart, as `Response` has
    it."""
    ended = zip(outcomes, attempts, strict=True)
    return [0 if outcome == Outcome.COMPLETED else attempt or 1 for outcome, attempt in ended]


def stored_columns(
    definition: SurveyDefinition, sent: Mapping[str, Sequence[Any]]
) -> Mapping[str, Sequence[Any]]:
    """Return the columns of sound rows as they are stored."""
    return {
        **{name: sent[name] for name in ("unit", "respondent_token", "outcome", *_MARKS)},
        "opinion": sent["opinion"],
        "occasion": occasions_of(sent["outcome"], sent["attempt"]),
        "attempt": [attempt or 1 for attempt in sent["attempt"]],
        "answer": _in_order(definition, sent),
        "respondent_group": sent["group"],
        "started_at": _moments(sent["started_at"]),
        "ended_at": _moments(sent["ended_at"]),
    }


def _in_order(
    definition: SurveyDefinition, sent: Mapping[str, Sequence[Any]]
) -> Sequence[str | None]:
    """Return the answers of each row as one text, in the order of the questions."""
    if not definition.questions:
        return sent["answer"]
    codes = [each.code for each in definition.questions]
    return [
        None if each is None else BETWEEN_ANSWERS.join([each.get(code, "") for code in codes])
        for each in sent["answers"]
    ]


def _moments(texts: Sequence[str | None]) -> list[dt.datetime | None]:
    read = {text: text and moment(text) for text in set(texts)}
    return [read[text] or None for text in texts]


def moment(text: str) -> dt.datetime | None:
    """Return the moment that a text names with its offset, or None where it names none."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _are_sound(
    definition: SurveyDefinition, units: Set[str], responses: Responses, strata: Strata
) -> bool:
    """Say whether no row has a fault, of all rows at once: most batches are as they should be.

    What it says is what `_row_faults` finds, which goes through the rows and knows their places.
    """
    columns = responses.columns
    tokens = columns["respondent_token"]
    if not set(columns["unit"]) <= units or not _are_tokens(tokens):
        return False
    numbers = map(looks_like_a_phone_number, responses.suspects("respondent_token"))
    if any(numbers) or (len(set(tokens)) < len(tokens) and _any_twice(columns)):
        return False
    marks = set[str | None]().union(*(columns[name] for name in _MARKS))
    times = set(zip(columns["started_at"], columns["ended_at"], strict=True))
    said = set(zip(columns["outcome"], columns["opinion"], strict=True))
    faults = chain(
        map(_mark, marks),
        _strata(columns, strata),
        starmap(_opinion, said),
        chain.from_iterable(_times(*pair).values() for pair in times),
        chain.from_iterable(_row_faults(definition, units, [each], {}) for each in _kinds(columns)),
    )
    return not any(faults)


def _strata(columns: Mapping[str, Sequence[Any]], strata: Strata) -> Iterator[Finding | None]:
    if strata:
        drawn = zip(columns["unit"], columns["stratum"], columns["outcome"], strict=True)
        yield from (stratum_finding(*each, strata) for each in set(drawn))


def _kinds(columns: Mapping[str, Sequence[Any]]) -> Iterator[Response]:
    """Yield one row of each kind that there is, by what a respondent does not have alone."""
    unit, token = columns["unit"][0], columns["respondent_token"][0]
    given = [None if each is None else tuple(each.items()) for each in columns["answers"]]
    rest = (columns[name] for name in ("outcome", "answer", "group", "attempt"))
    for answers, outcome, answer, *more in set(zip(given, *rest, strict=True)):
        said = None if answers is None else dict(answers)
        yield Response(unit, token, outcome, answer, said, *more)


def _any_twice(columns: Mapping[str, Sequence[Any]]) -> bool:
    contacts = occasions_of(columns["outcome"], columns["attempt"])
    keys = set(zip(columns["unit"], columns["respondent_token"], contacts, strict=True))
    return len(keys) < len(contacts)


def _are_tokens(tokens: Sequence[str]) -> bool:
    """Say whether all are written as tokens are, with a letter each."""
    lines = "\n".join(tokens) + "\n"
    if lines.count("\n") != len(tokens) or not _TOKENS.fullmatch(lines):
        return False
    letters = b"\n" + lines.encode().translate(None, b"0123456789_-")
    return b"\n\n" not in letters


def _row_faults(
    definition: SurveyDefinition, units: Set[str], responses: Iterable[Response], strata: Strata
) -> Iterator[Fault]:
    groups = {group.code for group in definition.groups}
    seen: set[tuple[str, str, int]] = set()
    for row, response in enumerate(responses):
        [occasion] = occasions_of([response.outcome], [response.attempt])
        key = (response.unit, response.respondent_token, occasion)
        findings: Mapping[str, Finding | None] = {
            "unit": _among(response.unit, units, UNKNOWN_UNIT),
            "respondent_token": _token(response.respondent_token, repeated=key in seen),
            "outcome": _among(response.outcome, _OUTCOMES, UNKNOWN_OUTCOME),
            "answer": _answer(definition, response),
            "answers": _whole(definition, response),
            "group": _group(response.group, groups),
            "attempt": _attempt(response.attempt),
            **{name: _mark(getattr(response, name)) for name in _MARKS},
            "stratum": _mark(response.stratum)
            or stratum_finding(response.unit, response.stratum, response.outcome, strata),
            **_times(response.started_at, response.ended_at),
            "opinion": _opinion(response.outcome, response.opinion),
        }
        seen.add(key)
        for field, finding in findings.items():
            if finding:
                yield finding.at("rows", row, field, beside=finding is DUPLICATE_RESPONDENT)
        if not findings["answers"]:
            for place, finding in _each_answer(definition, response.answers or {}):
                yield finding.at("rows", row, "answers", *place)


def _among(word: str, known: Set[str], otherwise: Finding) -> Finding | None:
    return None if word in known else otherwise


def _token(token: str, *, repeated: bool) -> Finding | None:
    if not _TOKEN.fullmatch(token):
        return MALFORMED_TOKEN
    if looks_like_a_phone_number(token):
        return PHONE_NUMBER
    return DUPLICATE_RESPONDENT if repeated else None


def _answer(definition: SurveyDefinition, response: Response) -> Finding | None:
    """Judge the answer to the one question of a survey that names none."""
    if response.answer is None:
        wanted = response.outcome == Outcome.COMPLETED and not definition.questions
        return ANSWER_MISSING if wanted else None
    if response.outcome != Outcome.COMPLETED:
        return UNEXPECTED_ANSWER
    if definition.questions:
        return SEVERAL_QUESTIONS
    options = {option.code for option in definition.options}
    return None if response.answer in options else UNKNOWN_ANSWER


def _whole(definition: SurveyDefinition, response: Response) -> Finding | None:
    """Judge whether there are answers by question exactly where there are to be."""
    if response.answers is None:
        wanted = response.outcome == Outcome.COMPLETED and definition.questions
        return ANSWERS_MISSING if wanted and response.answer is None else None
    if response.outcome != Outcome.COMPLETED:
        return UNEXPECTED_ANSWER
    if not definition.questions:
        return UNEXPECTED_ANSWERS
    return None if response.answers else ANSWERS_MISSING


def _each_answer(
    definition: SurveyDefinition, answers: Mapping[str, str]
) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """Judge the answers to the questions of a survey, one by one, if there are any."""
    if not answers:
        return
    if not {each.code for each in definition.questions}.issuperset(answers):
        yield (), UNKNOWN_QUESTION
    for question in definition.questions:
        if finding := _to(question, answers):
            yield (question.code,), finding


def _to(question: Question, answers: Mapping[str, str]) -> Finding | None:
    """Judge the answer to one question, by those to the questions before it."""
    skip, given = question.asked_if, answers.get(question.code)
    if skip is not None and answers.get(skip.question) not in skip.options:
        return None if given is None else QUESTION_SKIPPED
    if given is None:
        return QUESTION_UNANSWERED
    if all(given != option.code for option in question.options):
        return UNKNOWN_ANSWER
    return SCREENED_OUT if given in question.screens else None


def _attempt(attempt: int | None) -> Finding | None:
    return None if attempt is None or 1 <= attempt <= _MOST_ATTEMPTS else ATTEMPT_OUT_OF_RANGE


def _opinion(outcome: str, opinion: str | None) -> Finding | None:
    if opinion is None:
        return None
    if outcome != Outcome.COMPLETED:
        return UNEXPECTED_OPINION
    if not is_opinion(opinion):
        return MALFORMED_OPINION
    return None if personal.find_any(opinion) is None else PHONE_NUMBER


def _mark(code: str | None) -> Finding | None:
    return None if code is None or _CODE.fullmatch(code) else MALFORMED_CODE


def stratum_finding(unit: str, stratum: str | None, outcome: str, strata: Strata) -> Finding | None:
    """Judge whether a contact is of a stratum of the plan, where it has any."""
    planned = strata.get(unit, frozenset())
    if not strata or stratum in planned:
        return None
    if stratum is not None:
        return UNKNOWN_STRATUM
    return STRATUM_MISSING if planned and outcome == Outcome.COMPLETED else None


def _times(started_at: str | None, ended_at: str | None) -> dict[str, Finding | None]:
    """Judge when a contact started and ended; what has ended has started."""
    if started_at is None:
        return {"started_at": None if ended_at is None else NOT_A_MOMENT}
    started = moment(started_at)
    if started is None:
        return {"started_at": NOT_A_MOMENT}
    return {} if ended_at is None else {"ended_at": _end(started, moment(ended_at))}


def _end(started: dt.datetime, ended: dt.datetime | None) -> Finding | None:
    if ended is None:
        return NOT_A_MOMENT
    return None if dt.timedelta() <= ended - started <= dt.timedelta(days=1) else ENDS_BEFORE


def _group(group: str | None, groups: Set[str]) -> Finding | None:
    if not groups:
        return None if group is None else UNEXPECTED_GROUP
    if group is None:
        return GROUP_MISSING
    return None if group in groups else UNKNOWN_GROUP

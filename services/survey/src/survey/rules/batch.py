"""What a batch of responses may contain: every fault found at once, each with its place.

No message repeats what was sent: a phone number that strayed into a batch must not come back in
an answer, and from there into somebody's log.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from chassis import personal
from chassis.refusals import Fault, Invalid, pointer
from survey.rules.definition import SurveyDefinition


class BatchRejected(Invalid):
    """Some rows of the batch cannot be taken; nothing was kept."""

    zh = "该批中有不能接收的行，全部未保存。"
    remedy = (
        "Mend or leave out the rows that `errors` names, and send the batch again.",
        "请改正或去掉 `errors` 所指各行，然后重新提交该批。",
    )


class Outcome(StrEnum):
    """How a contact ended; only a completed one has an answer."""

    COMPLETED = "completed"
    REFUSED = "refused"
    PARTIAL = "partial"
    NO_CONTACT = "no_contact"


@dataclass(frozen=True, slots=True)
class Response:
    """One contact with one respondent about one unit.

    `respondent_token` is an opaque name of 16 to 64 letters, digits, `-` or `_`, never a phone
    number. `answer` is an option of the
    survey, and given exactly when the outcome is completed; `group` is a respondent group, and
    given exactly when the survey has groups.
    """

    unit: str
    respondent_token: str
    outcome: str
    answer: str | None = None
    group: str | None = None


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
MALFORMED_TOKEN = Finding(
    "malformed-token",
    "A respondent token is 16 to 64 letters and digits of ASCII, '-' or '_'.",
    "受访者标识应为 16 至 64 位的英文字母、数字、“-”或“_”。",
)
PHONE_NUMBER = Finding(
    "phone-number",
    "This looks like a phone number; phone numbers are never taken in.",
    "此处疑似电话号码，系统不接收任何电话号码。",
)
DUPLICATE_RESPONDENT = Finding(
    "duplicate-respondent",
    "An earlier row has the same respondent and unit.",
    "同一受访者对同一单位在前面的行中已出现。",
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


def check_batch(
    definition: SurveyDefinition,
    units: Set[str],
    batch_no: str,
    count: int,
    responses: Responses,
    sent: int | None = None,
) -> None:
    """Refuse a batch that is not whole and sound, naming every fault.

    `count` is the control total that the collector announced; `units` are those surveyed. So many
    rows were `sent`, of which some may have been left out since.
    """
    in_rows = list[Fault]()
    if not _are_sound(definition, units, responses):
        in_rows = list(_row_faults(definition, units, responses))
    in_head = []
    if personal.find(batch_no):
        in_head.append(PHONE_NUMBER.at("batch_no"))
    if count != (len(responses) if sent is None else sent):
        in_head.append(COUNT_MISMATCH.at("control_totals", "count"))
    if in_head or in_rows:
        raise rejection([*in_head, *in_rows])


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
    return bool(_WITHOUT_A_LETTER.fullmatch(token)) or personal.find(token) is not None


def _are_sound(definition: SurveyDefinition, units: Set[str], responses: Responses) -> bool:
    """Say whether no row has a fault, of all rows at once: most batches are as they should be.

    What it says is what `_row_faults` finds, which goes through the rows and knows their places.
    """
    columns = responses.columns
    tokens = columns["respondent_token"]
    if not set(columns["unit"]) <= units or not _are_tokens(tokens):
        return False
    if any(map(looks_like_a_phone_number, responses.suspects("respondent_token"))):
        return False
    if len(set(tokens)) < len(tokens):
        respondents = set(zip(columns["unit"], tokens, strict=True))
        if len(respondents) < len(tokens):
            return False
    unit, token = columns["unit"][0], tokens[0]
    told = set(zip(columns["outcome"], columns["answer"], columns["group"], strict=True))
    kinds = [Response(unit, token, *each) for each in told]
    return not any(any(_row_faults(definition, units, [each])) for each in kinds)


def _are_tokens(tokens: Sequence[str]) -> bool:
    """Say whether all are written as tokens are, with a letter each."""
    lines = "\n".join(tokens) + "\n"
    if lines.count("\n") != len(tokens) or not _TOKENS.fullmatch(lines):
        return False
    letters = b"\n" + lines.encode().translate(None, b"0123456789_-")
    return b"\n\n" not in letters


def _row_faults(
    definition: SurveyDefinition, units: Set[str], responses: Iterable[Response]
) -> Iterator[Fault]:
    options = {option.code for option in definition.options}
    groups = {group.code for group in definition.groups}
    seen: set[tuple[str, str]] = set()
    for row, response in enumerate(responses):
        respondent = (response.unit, response.respondent_token)
        findings: Mapping[str, Finding | None] = {
            "unit": None if response.unit in units else UNKNOWN_UNIT,
            "respondent_token": _token(response.respondent_token, repeated=respondent in seen),
            "outcome": None if response.outcome in _OUTCOMES else UNKNOWN_OUTCOME,
            "answer": _answer(response, options),
            "group": _group(response.group, groups),
        }
        seen.add(respondent)
        for field, finding in findings.items():
            if finding:
                yield finding.at("rows", row, field, beside=finding is DUPLICATE_RESPONDENT)


def _token(token: str, *, repeated: bool) -> Finding | None:
    if not _TOKEN.fullmatch(token):
        return MALFORMED_TOKEN
    if looks_like_a_phone_number(token):
        return PHONE_NUMBER
    return DUPLICATE_RESPONDENT if repeated else None


def _answer(response: Response, options: Set[str]) -> Finding | None:
    if response.outcome != Outcome.COMPLETED:
        return None if response.answer is None else UNEXPECTED_ANSWER
    if response.answer is None:
        return ANSWER_MISSING
    return None if response.answer in options else UNKNOWN_ANSWER


def _group(group: str | None, groups: Set[str]) -> Finding | None:
    if not groups:
        return None if group is None else UNEXPECTED_GROUP
    if group is None:
        return GROUP_MISSING
    return None if group in groups else UNKNOWN_GROUP

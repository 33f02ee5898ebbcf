"""Export mappings: which column of a survey centre's own file is which field of a response.

A file is taken as the centre's software writes it. What each column is was said once; a column
that is neither mapped nor ignored by name is refused, and so is a word that no mapping knows.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from chassis.refusals import Fault, Invalid
from survey.rules.batch import (
    UNEXPECTED_GROUP,
    UNKNOWN_ANSWER,
    UNKNOWN_GROUP,
    UNKNOWN_OUTCOME,
    UNKNOWN_QUESTION,
    Finding,
    Outcome,
)
from survey.rules.definition import SurveyDefinition

TimeFormat = Literal["dashes", "slashes", "digits"]
Charset = Literal["utf-8", "gb18030"]
AnswersOtherwise = Literal["refused", "left_out"]


class MappingRefused(Invalid):
    """The mapping does not say what a file of this survey needs, or says it twice."""

    zh = "该对照未说明本次调查文件所需的内容，或重复说明。"
    remedy = (
        "Mend what `errors` names: each question of the survey and each column once.",
        "请改正 `errors` 所指之处：本次调查的每道题、每一列各说明一次。",
    )


COLUMN_TWICE = Finding(
    "column-twice", "A column is mapped or ignored once.", "每一列只能对应或忽略一次。"
)
GROUP_NOT_MAPPED = Finding(
    "group-not-mapped",
    "This survey needs the column of the respondent's group.",
    "本次调查须指明评议主体所在的列。",
)
NO_WORDS_HERE = Finding(
    "no-words-here",
    "What stands in this column is read as it is, and needs no words.",
    "该列按原样读取，不得另设用词。",
)
QUESTION_NOT_MAPPED = Finding(
    "question-not-mapped",
    "The survey asks this question, and no column has its answers.",
    "本次调查有这道题，却没有指明其答案所在的列。",
)
START_NOT_MAPPED = Finding(
    "start-not-mapped",
    "Where the end is mapped the start is too.",
    "指明结束时间的，须同时指明开始时间。",
)
NO_SUCH_ZONE = Finding(
    "no-such-zone",
    "This is no time zone, such as Asia/Shanghai.",
    "没有这个时区，应写作 `Asia/Shanghai` 等。",
)
MARKS = ("stratum", "cluster", "interviewer")
_AS_IT_IS = ("respondent_token", "attempt", "started_at", "ended_at", "opinion")


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column by its name, and what each word in it means; None where it is read as it is."""

    column: str
    words: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ExportMapping:
    """What each column of a file is: by field of a response, and by question.

    With `aapor` outcomes may be AAPOR's numbers beside the words. `blank` are the words that stand
    where there is nothing. `answers_otherwise` says what becomes of answers in a contact that was
    not completed. Its `own` are columns that nobody mapped: most may be left out.
    """

    fields: Mapping[str, MappedColumn]
    questions: Mapping[str, MappedColumn]
    ignored: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    aapor: bool = False
    id_scheme: str = "code"
    charset: Charset = "utf-8"
    time_format: TimeFormat = "dashes"
    time_zone: str | None = None
    answers_otherwise: AnswersOtherwise = "refused"
    own: bool = False

    @cached_property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Which field each mapped column is, as the steps of a pointer below the row."""
        found = {each.column: (name,) for name, each in self.fields.items()}
        return found | {each.column: ("questions", q) for q, each in self.questions.items()}

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file must have: of a mapping that was saved all of them."""
        least = [self.fields[name] for name in ("unit", "respondent_token", "outcome")]
        every = [*self.fields.values(), *self.questions.values()]
        return tuple(each.column for each in (least if self.own else every))


def own_columns(definition: SurveyDefinition) -> ExportMapping:
    """Return the mapping of a file whose columns are called as the fields of a response are."""
    names = ("unit", "outcome", *_AS_IT_IS, *MARKS, *(["group"] if definition.groups else []))
    questions = {
        each.code: MappedColumn(f"answers.{each.code}" if definition.questions else "answer")
        for each in definition.asked
    }
    return ExportMapping({name: MappedColumn(name) for name in names}, questions, own=True)


def check_mapping(definition: SurveyDefinition, mapping: ExportMapping, zone: bool) -> None:
    """Refuse a mapping by which no file of the survey could be read; `zone` says whether there is
    a time zone of the name that it gives."""
    found = [*_in_fields(definition, mapping), *_in_questions(definition, mapping)]
    found += _said_twice(mapping)
    if not zone:
        found.append(NO_SUCH_ZONE.at("time_zone"))
    if found:
        raise MappingRefused(
            f"The mapping has {len(found)} fault(s).", f"对照有 {len(found)} 处错误。", faults=found
        )


def _in_fields(definition: SurveyDefinition, mapping: ExportMapping) -> Iterator[Fault]:
    groups, fields = {each.code for each in definition.groups}, mapping.fields
    if bool(groups) != ("group" in fields):
        yield (GROUP_NOT_MAPPED if groups else UNEXPECTED_GROUP).at("group")
    if "ended_at" in fields and "started_at" not in fields:
        yield START_NOT_MAPPED.at("ended_at")
    for name in filter(fields.__contains__, _AS_IT_IS):
        if fields[name].words is not None:
            yield NO_WORDS_HERE.at(name, "words")
    for name, known, finding in (
        ("outcome", {*Outcome}, UNKNOWN_OUTCOME),
        ("group", groups, UNKNOWN_GROUP),
    ):
        yield from _meanings(fields.get(name), known, finding, name)


def _in_questions(definition: SurveyDefinition, mapping: ExportMapping) -> Iterator[Fault]:
    known = {each.code: each for each in definition.asked}
    for code, column in mapping.questions.items():
        if code not in known:
            yield UNKNOWN_QUESTION.at("questions", code)
            continue
        options = {option.code for option in known[code].options}
        yield from _meanings(column, options, UNKNOWN_ANSWER, "questions", code)
    for code in known:
        if code not in mapping.questions:
            yield QUESTION_NOT_MAPPED.at("questions", code)


def _meanings(
    column: MappedColumn | None, known: Collection[str], finding: Finding, *where: str
) -> Iterator[Fault]:
    for word, meaning in (column.words or {} if column else {}).items():
        if meaning not in known:
            yield finding.at(*where, "words", word)


def _said_twice(mapping: ExportMapping) -> Iterator[Fault]:
    seen = set[str]()
    for where, column in (
        *(((name, "column"), each.column) for name, each in mapping.fields.items()),
        *((("questions", q, "column"), each.column) for q, each in mapping.questions.items()),
        *((("ignored", n), column) for n, column in enumerate(mapping.ignored)),
    ):
        if column in seen:
            yield COLUMN_TWICE.at(*where)
        seen.add(column)

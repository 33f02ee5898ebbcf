"""Rows of a survey centre's own file, read as responses by the mapping of its columns."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from chassis import personal
from chassis.refusals import Fault
from survey.rules.batch import ATTEMPT_OUT_OF_RANGE, PHONE_NUMBER, Finding, Outcome
from survey.rules.definition import SurveyDefinition
from survey.rules.export_mapping import MARKS, ExportMapping, MappedColumn, TimeFormat

UNKNOWN_WORD = Finding(
    "unknown-word",
    "The mapping does not know this word.",
    "对照中没有这一用词。",
)
NOT_IN_FORMAT = Finding(
    "not-in-format",
    "The time is not written as the mapping says, or may be two moments.",
    "时间未按对照所定格式书写，或可指两个时刻。",
)
NO_TIME_ZONE = Finding(
    "no-time-zone",
    "The time has no offset, and the mapping names no time zone.",
    "该时间未带时区，对照亦未指定时区。",
)
ANSWER_OTHERWISE = Finding(
    "answer-of-unfinished-contact",
    "This contact was not completed and has answers; the mapping does not leave them out.",
    "该次访问未完成而有答案；对照未说明将其略去。",
)

IDENTITY_NUMBER = Finding(
    "identity-number",
    "This looks like an identity number; none is ever taken in.",
    "此处疑似身份证件号码，系统不接收。",
)

_Read = Callable[[str, MappedColumn], Any]
_AAPOR = (
    (re.compile(r"1\.[01][0-9]?"), Outcome.COMPLETED),
    (re.compile(r"1\.2[0-9]?"), Outcome.PARTIAL),
    (re.compile(r"2\.1[0-9]{0,2}"), Outcome.REFUSED),
    (re.compile(r"2\.2[0-9]{0,2}"), Outcome.NO_CONTACT),
    (re.compile(r"2\.3[0-9]{0,2}"), Outcome.OTHER),
    (re.compile(r"3\.1[0-9]{0,2}"), Outcome.UNKNOWN_HOUSEHOLD),
    (re.compile(r"3\.[2-9][0-9]{0,2}"), Outcome.UNKNOWN_ELIGIBILITY),
    (re.compile(r"4\.[1-9][0-9]{0,2}"), Outcome.INELIGIBLE),
)
"""AAPOR's numbers (Standard Definitions): 1.1 complete, 1.2 partial, 2.1 refusal and break-off, 2.2
non-contact, 2.3 other, 3.1 unknown household, 3.2 and on unknown eligibility, 4 not eligible."""
_TIMES: Mapping[TimeFormat, re.Pattern[str]] = {
    "dashes": re.compile(
        r"(\d{4})-(\d\d?)-(\d\d?)[T ](\d\d?):(\d\d)(?::(\d\d))?(?:\.\d{1,6})?"
        r"(Z|[+-]\d\d:?\d\d)?",
        re.ASCII,
    ),
    "slashes": re.compile(r"(\d{4})/(\d\d?)/(\d\d?) (\d\d?):(\d\d)(?::(\d\d))?()", re.ASCII),
    "digits": re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)()", re.ASCII),
}
_OUTCOMES = frozenset(Outcome)
_WHOLE = re.compile(r"[1-9][0-9]{0,3}")


def numbers_of_people(cells: Mapping[str, Sequence[str]]) -> dict[int, dict[str, Finding]]:
    """Return in which rows and columns a number stands that leads to a person, in columns that are
    ignored too: nothing of a file is to hold one."""
    faults = defaultdict[int, dict[str, Finding]](dict)
    for column, texts in cells.items():
        found = {
            text: IDENTITY_NUMBER if number.kind == "identity-number" else PHONE_NUMBER
            for text in personal.EVERYTHING.suspects(list(set(texts)))
            if (number := personal.find_any(text)) is not None
        }
        for place, text in enumerate(texts if found else ()):
            if text in found:
                faults[place][column] = found[text]
    return faults


def in_columns(
    mapping: ExportMapping, faults: Iterable[Fault], known: Mapping[int, Mapping[str, Finding]]
) -> dict[int, dict[str, Finding]]:
    """Return the faults of responses with what is `known` to be wrong with the cells of their rows,
    by row and column of the file: a cell that means nothing is not told to be missing besides."""
    found = defaultdict[int, dict[str, Finding]](dict)
    for place, cells in known.items():
        found[place] |= cells
    for fault in faults:
        _, row, field, *question = fault.pointer.split("/")[1:]
        column = _column(mapping, field, question)
        told = Finding(fault.code, fault.en, fault.zh)
        found[int(row)].setdefault(column, told)
    return found


def _column(mapping: ExportMapping, field: str, question: Sequence[str]) -> str:
    """Return the column of the file that a field of a response is."""
    if field == "answer":
        question = [*mapping.questions][:1]
    if question and question[0] in mapping.questions:
        return mapping.questions[question[0]].column
    of = mapping.fields.get(field) or mapping.fields["outcome"]
    return of.column


@dataclass(frozen=True, slots=True)
class Translated:
    """Rows of a file as responses by column, and what is wrong with their cells, by row and by
    column of the file; so many answers were left out."""

    columns: Mapping[str, list[Any]]
    faults: Mapping[int, Mapping[str, Finding]]
    left_out: int


def translated(
    definition: SurveyDefinition,
    mapping: ExportMapping,
    cells: Mapping[str, Sequence[str]],
    zone: ZoneInfo | None,
) -> Translated:
    """Return rows of a file, given by column, as responses; a cell without meaning is a fault."""
    return _Reader(definition, mapping, cells, zone).read()


class _Reader:
    """Reads the columns of some rows, each distinct cell once."""

    def __init__(
        self,
        definition: SurveyDefinition,
        mapping: ExportMapping,
        cells: Mapping[str, Sequence[str]],
        zone: ZoneInfo | None,
    ) -> None:
        self._definition, self._mapping, self._zone = definition, mapping, zone
        self._cells = cells
        self._number = len(next(iter(cells.values()), ()))
        self._blank = {"", *mapping.blank}
        self._faults = defaultdict[int, dict[str, Finding]](dict)
        self._left_out = 0

    def read(self) -> Translated:
        """Return the rows."""
        words = ("unit", "group", *MARKS)
        columns = {name: self._read(name, self._word) for name in words}
        columns["outcome"] = self._read("outcome", self._outcome)
        for name in ("respondent_token", "opinion"):
            columns[name] = self._read(name, lambda cell, _: cell)
        columns["attempt"] = self._read("attempt", self._attempt)
        columns |= {name: self._read(name, self._time) for name in ("started_at", "ended_at")}
        for name in ("unit", "respondent_token", "outcome"):
            columns[name] = [each or "" for each in columns[name]]
        columns |= self._answers(columns["outcome"])
        columns["opinion"] = self._opinions(columns["outcome"], columns["opinion"])
        return Translated(columns, self._faults, self._left_out)

    def _read(self, name: str, read: _Read, question: str | None = None) -> list[Any]:
        of = (
            self._mapping.fields.get(name)
            if question is None
            else self._mapping.questions[question]
        )
        sent = self._cells.get(of.column) if of else None
        if of is None or sent is None:
            return [None] * self._number
        meant = {cell: self._meant(cell.strip(), of, read) for cell in set(sent)}
        found = [meant[cell] for cell in sent]
        return self._sound(found, of) if Finding in set(map(type, meant.values())) else found

    def _sound(self, found: list[Any], of: MappedColumn) -> list[Any]:
        """Return the values that were read, nothing in place of what is wrong, which is noted."""
        for place, each in enumerate(found):
            if type(each) is Finding:
                self._faults[place][of.column] = each
        return [None if type(each) is Finding else each for each in found]

    def _meant(self, cell: str, of: MappedColumn, read: _Read) -> Any:  # noqa: ANN401 - a value, or what is wrong
        return None if cell in self._blank else read(cell, of)

    def _word(self, cell: str, of: MappedColumn) -> str | Finding:
        return cell if of.words is None else of.words.get(cell, UNKNOWN_WORD)

    def _outcome(self, cell: str, of: MappedColumn) -> str | Finding:
        if of.words and cell in of.words:
            return of.words[cell]
        for pattern, outcome in _AAPOR if self._mapping.aapor else ():
            if pattern.fullmatch(cell):
                return outcome
        return UNKNOWN_WORD if of.words or self._mapping.aapor else cell

    def _attempt(self, cell: str, _: MappedColumn) -> int | Finding:
        return int(cell) if _WHOLE.fullmatch(cell) else ATTEMPT_OUT_OF_RANGE

    def _time(self, cell: str, _: MappedColumn) -> str | Finding:
        found = _TIMES[self._mapping.time_format].fullmatch(cell)
        if found is None:
            return NOT_IN_FORMAT
        *parts, offset = found.groups()
        try:
            year, month, day, hour, minute, second = (int(each or 0) for each in parts[:6])
            at = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone follows
        except ValueError:
            return NOT_IN_FORMAT
        if offset:
            return at.isoformat() + (offset if offset == "Z" or ":" in offset else _parted(offset))
        return self._here(at)

    def _here(self, at: dt.datetime) -> str | Finding:
        """Return a moment that came without an offset; one that there is twice, or not at all, on
        the day that clocks are moved is none."""
        if self._zone is None:
            return NO_TIME_ZONE
        earlier, later = (at.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1))
        return earlier.isoformat() if earlier.utcoffset() == later.utcoffset() else NOT_IN_FORMAT

    def _answers(self, outcomes: Sequence[str]) -> dict[str, list[Any]]:
        codes = [each.code for each in self._definition.asked]
        given = [self._read(code, self._word, code) for code in codes]
        rows = list(zip(*given, strict=True))
        for place, outcome in enumerate(outcomes):
            if outcome != Outcome.COMPLETED and set(rows[place]) != {None}:
                # Of a contact of which nobody knows how it ended that is all there is to say.
                if outcome in _OUTCOMES:
                    self._note_otherwise(place, codes, rows[place])
                rows[place] = (None,) * len(codes)
        return self._by_question(codes, rows)

    def _by_question(
        self, codes: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> dict[str, list[Any]]:
        if not self._definition.questions:
            return {"answer": [each for (each,) in rows], "answers": [None] * self._number}
        answers = [
            {code: each for code, each in zip(codes, row, strict=True) if each is not None} or None
            for row in rows
        ]
        return {"answer": [None] * self._number, "answers": answers}

    def _note_otherwise(self, place: int, codes: Sequence[str], row: Sequence[Any]) -> None:
        """Say that a contact that was not completed came with answers, which are left out."""
        if self._mapping.answers_otherwise == "left_out":
            self._left_out += sum(each is not None for each in row)
        else:
            first = next(code for code, each in zip(codes, row, strict=True) if each is not None)
            self._faults[place].setdefault(self._mapping.questions[first].column, ANSWER_OTHERWISE)

    def _opinions(self, outcomes: Sequence[str], opinions: Sequence[Any]) -> list[Any]:
        """Return opinions without those of contacts that were not completed, where answers of these
        are left out."""
        if self._mapping.answers_otherwise != "left_out":
            return [*opinions]
        ends = zip(outcomes, opinions, strict=True)
        kept = [None if each != Outcome.COMPLETED else opinion for each, opinion in ends]
        self._left_out += sum(each is not None for each in opinions)
        self._left_out -= sum(each is not None for each in kept)
        return kept


def _parted(offset: str) -> str:
    return f"{offset[:3]}:{offset[3:]}"

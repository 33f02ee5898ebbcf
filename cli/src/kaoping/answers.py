"""What people answered, counted: `answers.csv` and any `answers-….csv` beside a scheme.

A line says how many respondents (`count`) gave the same answers about a unit in a wave: under
`answer` where the survey asks one question, else under the codes of its questions. What was voted
is told in the same way (`kaoping.voting`). A line of `opinions.csv` is an opinion that came alone,
with the `wording` in which it is accepted, or the `reason` why it is not.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from kaoping.city.opinions import token
from kaoping.plan import Document, Wave
from kaoping.rows import Faults, Row, rows

ANSWERS, OPINIONS = "answers*.csv", "opinions*.csv"

_COLUMNS = frozenset({"survey", "wave", "unit", "group", "outcome", "count"})
_OF_OPINIONS = frozenset({"survey", "wave", "unit", "opinion", "channel", "wording", "reason"})
_COMPLETED = "completed"
_MOST = 100_000
_ZH = {
    "survey": "调查",
    "wave": "轮次",
    "unit": "单位",
    "group": "评议主体",
    "question": "题目",
    "answer": "答案",
    "count": "份数",
}


def waves_of(directory: Path, scheme: Document, faults: Faults) -> list[Wave]:
    """Return the waves that the tables tell, a row per respondent; tokens name nobody."""
    reading = _Answers(scheme, faults)
    told: dict[tuple[str, int], list[Document]] = {}
    for path in sorted(directory.glob(ANSWERS)):
        for row in rows(path, _COLUMNS, faults, wide=True):
            if (survey := reading.survey(row)) is None:
                continue
            wave = reading.whole(row, "wave", survey["waves"], usual="1")
            response, count = reading.response(row, survey), reading.whole(row, "count", _MOST)
            told.setdefault((survey["code"], wave), []).extend(
                {**response, "respondent_token": token(f"{row.table}/{row.line}/{n}")}
                for n in range(count)
            )
    heard = _opinions(directory, reading, faults)
    for (_, wave), (row, _) in ((place, heard[place][0]) for place in heard.keys() - told.keys()):
        faults.add(row, f"wave {wave} has no answers", f"第{wave}轮没有应答")
    return [
        Wave(*place, responses, [each for _, each in heard.get(place, ())])
        for place, responses in sorted(told.items())
    ]


def _opinions(
    directory: Path, reading: "_Answers", faults: Faults
) -> dict[tuple[str, int], list[tuple[Row, Document]]]:
    """Return the opinions that the tables tell, by survey and wave, each with its line."""
    heard: dict[tuple[str, int], list[tuple[Row, Document]]] = {}
    for path in sorted(directory.glob(OPINIONS)):
        for row in rows(path, _OF_OPINIONS, faults):
            if (survey := reading.survey(row)) is not None:
                wave = reading.whole(row, "wave", survey["waves"], usual="1")
                place = survey["code"], wave
                heard.setdefault(place, []).append((row, reading.opinion(row)))
    return heard


class _Answers:
    """Makes responses of lines, and names what the surveys of the scheme do not have."""

    def __init__(self, scheme: Document, faults: Faults) -> None:
        self._faults = faults
        self._surveys = {survey["code"]: survey for survey in scheme["surveys"]}
        self._units = [unit for each in scheme["categories"] for unit in each["units"]]

    def survey(self, row: Row) -> Mapping[str, Any] | None:
        """Return the survey of a line."""
        return self._surveys.get(
            self._one_of(row, "survey", row.cells.get("survey"), self._surveys)
        )

    def whole(self, row: Row, name: str, most: int, usual: str = "") -> int:
        """Return a whole number from 1; what is none is named, and 1."""
        told = row.cells.get(name, usual)
        if told.isascii() and told.isdecimal() and 1 <= int(told[:9]) <= most and len(told) < 10:
            return int(told)
        said = told or "-"
        self._faults.add(
            row,
            f"{name}: {said} is no whole number from 1 to {most}",
            f"{_ZH[name]}：“{said}”不是 1 至 {most} 的整数",
        )
        return 1

    def response(self, row: Row, survey: Mapping[str, Any]) -> Document:
        """Return what each respondent of a line said."""
        outcome, group = row.cells.get("outcome", _COMPLETED), row.cells.get("group")
        unit = self._one_of(row, "unit", row.cells.get("unit"), self._units)
        if survey["groups"] or group is not None:
            self._one_of(row, "group", group, survey["groups"])
        about: Document = {"unit": unit, "outcome": outcome, "group": group}
        given = {name: cell for name, cell in row.cells.items() if name not in _COLUMNS}
        asked = dict(_asked(survey)) if outcome == _COMPLETED else {}
        self._look_over(row, given, asked)
        answers = {"answers": given} if survey["questions"] else given
        return about | answers if asked else about

    def opinion(self, row: Row) -> Document:
        """Return an opinion with what becomes of it: one of the two."""
        unit = self._one_of(row, "unit", row.cells.get("unit"), self._units)
        if "opinion" not in row.cells or ("wording" in row.cells) == ("reason" in row.cells):
            self._faults.add(
                row,
                "an opinion has a wording or a reason, not both",
                "每条意见须填写“采纳表述”或“不采纳理由”之一",
            )
        names = ("opinion", "channel", "wording", "reason")
        return {"unit": unit, **{name: row.cells.get(name) for name in names}}

    def _look_over(
        self, row: Row, given: Mapping[str, str], asked: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Name answers that are none, to what is not asked, or missing to what everybody is."""
        for name in given:
            self._one_of(row, "question", name, asked)
        for name, question in asked.items():
            if name in given or question.get("asked_if") is None:
                words = [*question["options"], *question["unscored"]]
                self._one_of(row, name, given.get(name), words)

    def _one_of(self, row: Row, name: str, told: str | None, known: Collection[str]) -> str:
        """Return a word that is known; what is none is named, and nothing."""
        if told in known:
            return str(told)
        said = told or "-"
        en, zh = f"{said} is no {name} of it", f"{_ZH.get(name, name)}：没有“{said}”"
        self._faults.unknown(row, said, known, en, zh)
        return ""


def _asked(survey: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the questions of a survey by their codes; the one of a survey that names none is
    `answer`."""
    for question in survey["questions"]:
        yield question["code"], question
    if not survey["questions"]:
        yield "answer", survey

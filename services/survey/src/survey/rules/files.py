"""Files of responses: each piece of rows judged by itself, within bounds on what is named."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from chassis.refusals import Conflict
from survey.rules.batch import UNKNOWN_UNIT_CODE, Finding, Strata, occasions_of
from survey.rules.definition import SurveyDefinition
from survey.rules.export_mapping import ExportMapping
from survey.rules.export_rows import Translated, numbers_of_people, translated

InColumns = Mapping[str, Finding]
"""What is wrong with a row, by the column of the file."""


class FileUnderWay(Conflict):
    """Another file of this wave is being taken."""

    zh = "本轮另有文件正在接收。"
    remedy = (
        "Send the file again after the seconds in `Retry-After`, with the same `Idempotency-Key`.",
        "请在 `Retry-After` 所示秒数后重发，并保持 `Idempotency-Key` 不变。",
    )
    headers = {"Retry-After": "5"}  # noqa: RUF012 - never written to


NO_ROWS = Finding("no-rows", "The file has no row.", "文件中没有任何一行。")


@dataclass(frozen=True, slots=True)
class FileReading:
    """By what a file is read: the definition, the units that the survey asks about and the strata
    that the plan of the wave has of them, the mapping of its columns, the time zone of its stamps,
    and what the codes of its units mean, if not ours."""

    definition: SurveyDefinition
    units: frozenset[str]
    strata: Strata
    mapping: ExportMapping
    zone: ZoneInfo | None
    meant: Mapping[str, str] | None

    def rows(self, cells: Mapping[str, Sequence[str]]) -> Translated:
        """Return rows as responses, with what is wrong with their cells."""
        found = translated(self.definition, self.mapping, cells, self.zone)
        faults = defaultdict[int, dict[str, Finding]](dict)
        for each in (found.faults, numbers_of_people(cells)):
            for place, in_row in each.items():
                faults[place] |= in_row
        if self.meant is not None:
            column, units = self.mapping.fields["unit"].column, found.columns["unit"]
            for place, code in enumerate(units):
                units[place] = self.meant.get(code, "")
                if not units[place]:
                    faults[place].setdefault(column, UNKNOWN_UNIT_CODE)
        return Translated(found.columns, faults, found.left_out)


def contacts_of(columns: Mapping[str, Sequence[Any]]) -> list[tuple[str, str, int]]:
    """Return what tells each response apart within its wave: unit, token and occasion."""
    occasions = occasions_of(columns["outcome"], columns["attempt"])
    return list(zip(columns["unit"], columns["respondent_token"], occasions, strict=True))


def beside_one_another(columns: Mapping[str, Sequence[Any]]) -> tuple[list[int], list[int]]:
    """Return the places of rows about the contact of an earlier row: those that say something else,
    and those that say just the same."""
    first, clashing, same = dict[tuple[str, str, int], int](), list[int](), list[int]()
    for place, contact in enumerate(contacts_of(columns)):
        before = first.setdefault(contact, place)
        if before == place:
            continue
        alike = all(each[before] == each[place] for each in columns.values())
        (same if alike else clashing).append(place)
    return clashing, same


def without(columns: Mapping[str, Sequence[Any]], gone: Collection[int]) -> dict[str, list[Any]]:
    """Return columns without the rows at some places."""
    if not gone:
        return {name: [*each] for name, each in columns.items()}
    left = [n for n in range(len(columns["unit"])) if n not in gone]
    return {name: [each[n] for n in left] for name, each in columns.items()}

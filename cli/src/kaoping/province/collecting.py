"""What of a year an account may read, as rows of the tables that are compared over cities."""

from collections.abc import Iterator, Mapping
from typing import Any

from kaoping.client import Client, Refused
from kaoping.faults import KaopingFault
from kaoping.province.store import Store, Year
from kaoping.province.tables import Row, millionths

Document = Mapping[str, Any]
_FORBIDDEN = 403


class NothingReleased(KaopingFault):
    """The cycle has no release that the account may read."""


def collect(api: Client, cycle_id: str, store: Store, *, record: bool) -> dict[str, int]:
    """Store what is released of a cycle and, with `record`, what it rests on; return how many rows
    each table has.

    A unit's scores are those of the score sheet that its release was ranked from. Where the account
    may not read the record its refusal is raised, and nothing is stored.
    """
    cycle = api.get(f"/cycles/{cycle_id}")
    year = Year(cycle["jurisdiction"], cycle["assessment_year"], cycle["cycle_id"])
    of = _Collected(api, year)
    tables: dict[str, Iterator[Row]] = {
        "release": of.releases(),
        "unit_result": of.results(),
        "block_result": of.blocks(),
        "indicator": of.indicators(),
    }
    if record:
        tables |= {
            "indicator_score": of.scores(),
            "survey_estimate": of.estimates(),
            "entry": of.entries(),
        }
    return store.put(year, tables)


class _Collected:
    """A year as one account reads it; documents are read once."""

    def __init__(self, api: Client, year: Year) -> None:
        self._api, self._year, self._at = api, year, f"/cycles/{year.cycle_id}"
        self._scheme: Document = api.get(f"{self._at}/scheme")["scheme"]
        self._released = {
            told["category"]: self._release(told["release"]) for told in self._newest()
        }
        if not self._released:
            raise NothingReleased(f"{year.cycle_id}: nothing is released")

    def _newest(self) -> list[Document]:
        found = {told["category"]: told for told in self._api.pages(f"{self._at}/releases")}
        return [*found.values()]

    def _release(self, number: int) -> Document:
        """Read a release whole or, where the account may not, as it is shown to it."""
        try:
            told = self._api.get(f"{self._at}/releases/{number}")
        except Refused as refusal:
            if refusal.status != _FORBIDDEN:
                raise
            shown: Document = self._api.get(f"{self._at}/releases/{number}/published")
            return shown
        return {**told["manifest"], **told["document"], "digest": told["digest"]}

    def releases(self) -> Iterator[Row]:
        for category, told in self._released.items():
            yield *self._year, category, told["release"], told["published_at"], told["digest"]

    def results(self) -> Iterator[Row]:
        for category, unit in self._units():  # what the caller is not shown is not in it
            yield (
                *(*self._year, category, unit["unit"], unit["name"], unit.get("subcategory")),
                *(
                    millionths(unit.get(each))
                    for each in ("base_total", "adjustment", "final_total")
                ),
                *(unit.get(each) for each in ("rank", "rank_in_subcategory", "grade")),
            )

    def blocks(self) -> Iterator[Row]:
        for category, unit in self._units():
            for block, score in (unit.get("blocks") or {}).items():
                yield *self._year, category, unit["unit"], block, millionths(score)

    def _units(self) -> Iterator[tuple[str, Document]]:
        for category, told in self._released.items():
            for unit in told["units"]:
                yield category, unit

    def indicators(self) -> Iterator[Row]:
        for category in self._scheme["categories"]:
            worth = category["code"], millionths(category["total"])
            for block in category["blocks"]:
                for each in _tree(block["indicators"]):
                    told = each["code"], each["name"], each["method"], millionths(each["points"])
                    yield *self._year, *worth, block["code"], *told, _leaf(each)

    def scores(self) -> Iterator[Row]:
        sheets = dict[int, dict[str, Document]]()
        for category, told in self._released.items():
            edition = told.get("score_sheet_edition")
            if edition is None:
                raise KaopingFault("the account may not read which score sheet was ranked")
            if edition not in sheets:
                sheet = self._api.get(f"{self._at}/score-sheets/{edition}")
                sheets[edition] = {unit["unit"]: unit for unit in sheet["units"]}
            for unit in told["units"]:
                for each in _tree(sheets[edition][unit["unit"]]["indicator_scores"]):
                    where = category, unit["unit"], each["block"], each["indicator"]
                    worth = millionths(each["points"]), millionths(each["score"])
                    yield *self._year, *where, *worth, _leaf(each)

    def estimates(self) -> Iterator[Row]:
        for survey in self._api.get(f"{self._at}/estimates")["surveys"]:
            for unit in survey["units"]:
                told = unit["index"] or {}
                measured = [millionths(told.get(each)) for each in ("value", "se", "low", "high")]
                found = *measured, told.get("sample"), millionths(told.get("deff"))
                yield *self._year, survey["code"], unit["unit"], *found

    def entries(self) -> Iterator[Row]:
        for each in self._api.pages(f"{self._at}/ledger-entries"):
            late = None if each.get("late") is None else int(each["late"])
            what = [
                each.get(name) for name in ("unit", "indicator", "kind", "period", "value", "state")
            ]
            when = each.get("occurred_on"), each["entered_at"][:10]
            yield *self._year, *what, *when, late, each["entry_id"]


def _tree(nodes: list[Document]) -> Iterator[Document]:
    for each in nodes:
        yield each
        yield from _tree(each["children"])


def _leaf(node: Document) -> int:
    return int(not node["children"])

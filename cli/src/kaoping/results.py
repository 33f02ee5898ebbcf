"""What came of a year, read back through the API: for programs one document, for people a table."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from rich.table import Table

from kaoping.client import Client

Document = dict[str, Any]

_PHASES = {"draft": "草稿", "open": "开放"}


@dataclass(frozen=True)
class Release:
    """A published ranking and the scheme that gives its codes their names."""

    scheme: Mapping[str, Any]
    ranking: Mapping[str, Any]

    @classmethod
    def read(cls, client: Client, cycle_id: str, release: int) -> Self:
        """Read one release of a cycle; anybody who is signed in may."""
        scheme = client.get(f"/cycles/{cycle_id}/scheme")["scheme"]
        return cls(scheme, client.get(f"/cycles/{cycle_id}/releases/{release}")["document"])

    @property
    def category(self) -> Mapping[str, Any]:
        """The category that is ranked, as the scheme has it."""
        code = self.ranking["category"]
        return next(each for each in self.scheme["categories"] if each["code"] == code)

    @property
    def blocks(self) -> list[Mapping[str, Any]]:
        """The blocks that the category is scored by."""
        blocks: list[Mapping[str, Any]] = self.category["blocks"]
        return blocks

    @property
    def _shown(self) -> Collection[str]:
        """The codes of the blocks that count for nothing in the total."""
        composition = self.category.get("composition") or self.scheme["composition"]
        return frozenset(composition["shown"])

    @property
    def classes(self) -> dict[str, str]:
        """The names of the category's sub-categories, by their codes."""
        return {each["code"]: each["name"] for each in self.category["subcategories"]}

    @property
    def title(self) -> str:
        """Year and category."""
        year = self.scheme["assessment_year"]
        return f"{year} 年度综合绩效评估:{self.category['name']}"

    def table(self) -> Table:
        """The ranking, best unit first, with points and the Chinese names of grades."""
        table = Table(title=self.title)
        points = [*map(self._heading, self.blocks), "基础分", "加减分", "总分"]
        classed = ["子类别"] if self.classes else []
        for name in ["名次", "单位", *classed, *points, "等次", "说明"]:
            table.add_column(
                name, justify="right" if name in points else "left", no_wrap=name != "说明"
            )
        for unit in self.ranking["units"]:
            table.add_row(*self._row(unit))
        return table

    def _heading(self, block: Mapping[str, Any]) -> str:
        """Return the name of a block, and that it is no part of the total where it is none."""
        return f"{block['name']}（列示）" if block["code"] in self._shown else str(block["name"])

    def _row(self, unit: Mapping[str, Any]) -> Iterator[str]:
        yield from (_shown(unit["rank"]), unit["name"])
        if self.classes:
            yield self.classes.get(str(unit.get("subcategory")), "-")
        yield from (_shown(unit["blocks"].get(block["code"])) for block in self.blocks)
        yield from (_shown(unit[name]) for name in ("base_total", "adjustment"))
        yield f"[bold]{_shown(unit['final_total'])}[/]"
        yield unit["grade_name"] or "-"
        yield "；".join(reason["zh"] for reason in unit["reasons"])


def table_of_cycles(cycles: Iterable[Mapping[str, Any]]) -> Table:
    """Return the cycles as a table, in the order in which they come."""
    table = Table()
    for name in ("年度", "名称", "辖区", "阶段", "cycle_id"):
        table.add_column(name, no_wrap=name == "cycle_id")
    for each in cycles:
        year, phase = str(each["assessment_year"]), _PHASES[each["phase"]]
        table.add_row(year, each["name"], each["jurisdiction"], phase, each["cycle_id"])
    return table


def read_document(
    client: Client, cycle_id: str, releases: Sequence[Release], surveys: Collection[str]
) -> Document:
    """Gather the releases with every mark and every survey result that they rest on."""
    path = f"/cycles/{cycle_id}"
    sheets = _sheets(client, path, releases)
    asked = {one["code"]: one["units"] for one in client.get(f"{path}/satisfaction")["surveys"]}
    said = {unit["unit"]: unit for survey in surveys for unit in asked.get(survey, [])}
    decided = {claim["claim_id"]: claim for sheet in reversed(sheets) for claim in sheet["claims"]}
    return {
        "units": [
            _unit(unit, release.blocks, marks[unit["unit"]], said.get(unit["unit"], {}))
            for release, marks in zip(releases, map(_marks_in, sheets), strict=True)
            for unit in release.ranking["units"]
        ],
        "claims": [
            _claim(decided[claim["claim_id"]])
            for claim in client.pages(f"{path}/claims")
            if claim["claim_id"] in decided
        ],
    }


def _sheets(client: Client, path: str, releases: Sequence[Release]) -> list[Document]:
    """Return the score sheet that each release rests on."""
    editions = [each.ranking["score_sheet_edition"] for each in releases]
    read = {each: client.get(f"{path}/score-sheets/{each}") for each in {*editions}}
    return [read[each] for each in editions]


def _marks_in(sheet: Document) -> Document:
    return {unit["unit"]: unit["indicator_scores"] for unit in sheet["units"]}


def _claim(decided: Mapping[str, Any]) -> Document:
    return {
        "id": decided["claim_no"],
        "decision": decided["decision"],
        "points": _exact(decided["points"]),
    }


def _unit(
    ranked: Mapping[str, Any],
    blocks: Iterable[Mapping[str, Any]],
    marks: list[Mapping[str, Any]],
    said: Mapping[str, Any],
) -> Document:
    return {
        "unit": ranked["unit"],
        "name_zh": ranked["name"],
        "indicator_scores": {mark["indicator"]: _exact(mark["score"]) for mark in marks},
        "wave_scores": [_exact(wave["score"]) for wave in said.get("waves", [])],
        "satisfaction": _exact(said.get("satisfaction")),
        **{block["code"]: _exact(ranked["blocks"].get(block["code"])) for block in blocks},
        "base_total": _exact(ranked["base_total"]),
        "adjustment": _exact(ranked["adjustment"]),
        "final_total": _exact(ranked["final_total"]),
        "rank": ranked["rank"],
        "grade": ranked["grade"],
        "demoted_by": ranked["demoted_by"],
        "reasons": [reason["en"] for reason in ranked["reasons"]],
    }


def _shown(value: object) -> str:
    """Return what stands in a cell: a dash where a unit was left out of the ranking."""
    return "-" if value is None else str(value)


def _exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

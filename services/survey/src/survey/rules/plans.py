"""Sample plans (抽样方案): how many are to be asked, of how many there are, before a wave opens."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chassis.refusals import Conflict, Fault, Invalid, Missing, pointer
from survey.rules.definition import SurveyDefinition
from survey.rules.sampling import margin_of_error, needed_sample


class PlanRejected(Invalid):
    """The sample plan does not fit the survey, or itself."""

    zh = "抽样方案与调查不符，或前后不一致。"
    remedy = (
        "Mend the rows that `errors` names.",
        "请改正 `errors` 所指各行。",
    )


class WaveHasBegun(Conflict):
    """A wave is planned before it opens."""

    zh = "本轮调查已经开放，不能再改抽样方案。"
    remedy = (
        "Nothing can be done for this wave; plan the next one before it opens.",
        "本轮已无法更改；请在下一轮开放前制定其方案。",
    )


class NoSuchPlan(Missing):
    """The wave has no sample plan, or none of this version."""

    zh = "本轮调查没有抽样方案，或没有这一版。"
    remedy = (
        "Have the performance office plan the wave, or leave the version out for the newest one.",
        "请绩效办制定抽样方案；不带版本号即为最新一版。",
    )


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """How many interviews are wanted about a unit: of a stratum and a respondent group, or of all
    strata or groups together where it names none.

    `population` is how many people there are of whom they are drawn; weights are made of it.
    Where they are drawn in clusters, `clusters` is how many such there are of a unit or stratum.
    `attempts` is how often somebody is called who is not reached.
    """

    unit: str
    quota: int
    stratum: str | None = None
    group: str | None = None
    population: int | None = None
    attempts: int | None = None
    clusters: int | None = None

    @property
    def dimensions(self) -> tuple[bool, bool]:
        """Whether it is of one stratum, and whether of one group."""
        return self.stratum is not None, self.group is not None


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What a plan comes to for a unit: the interviews wanted, and how far off they may be.

    `margin` is that of a share of one half, as a share, had they been drawn alone and with equal
    chances; `needed` is the sample that the margin which is aimed at needs.
    """

    unit: str
    quota: int
    population: int | None
    margin: Decimal | None
    needed: int | None


def check_plan(
    definition: SurveyDefinition,
    units: Collection[str],
    cells: Sequence[PlannedCell],
    beside: Iterable[Fault] = (),
) -> None:
    """Refuse a plan whose rows are about something else than the survey, twice, or at odds, or that
    has faults `beside` what was done before."""
    faults = [*_row_faults(definition, units, cells), *_sum_faults(cells), *beside]
    if faults:
        raise PlanRejected("See the faults.", "见各项错误。", faults=faults)


def unit_plans(
    cells: Sequence[PlannedCell], aim: Decimal | None, confidence: Decimal
) -> list[UnitPlan]:
    """Return what a plan comes to for each of its units, by code."""
    return [
        _unit_plan(unit, own, aim, confidence) for unit, own in sorted(cells_by_unit(cells).items())
    ]


def cells_by_unit(cells: Sequence[PlannedCell]) -> Mapping[str, list[PlannedCell]]:
    """Return the rows of a plan by unit."""
    found = defaultdict[str, list[PlannedCell]](list)
    for cell in cells:
        found[cell.unit].append(cell)
    return found


def strata_by_unit(cells: Sequence[PlannedCell]) -> Mapping[str, set[str]]:
    """Return the strata that a plan has of each unit that it stratifies."""
    found = defaultdict[str, set[str]](set)
    for cell in cells:
        if cell.stratum is not None:
            found[cell.unit].add(cell.stratum)
    return found


def layers(cells: Sequence[PlannedCell]) -> list[list[PlannedCell]]:
    """Return the rows about one unit by what they name: each layer tells of all its people."""
    found = defaultdict[tuple[bool, bool], list[PlannedCell]](list)
    for cell in cells:
        found[cell.dimensions].append(cell)
    return [found[dimensions] for dimensions in sorted(found, reverse=True)]


def quota_of(cells: Sequence[PlannedCell]) -> int:
    """Return how many interviews about one unit a plan wants, by its finest rows."""
    return sum(cell.quota for cell in layers(cells)[0]) if cells else 0


def attempts_of(cells: Sequence[PlannedCell]) -> int | None:
    """Return how often a plan has those called at least who are not reached, about one unit."""
    return min((cell.attempts for cell in cells if cell.attempts is not None), default=None)


def population_of(cells: Sequence[PlannedCell]) -> int | None:
    """Return of how many people those about one unit are drawn, where a layer tells it of all."""
    for layer in layers(cells):
        known = [cell.population for cell in layer if cell.population is not None]
        if len(known) == len(layer):
            return sum(known)
    return None


def _unit_plan(
    unit: str, cells: Sequence[PlannedCell], aim: Decimal | None, confidence: Decimal
) -> UnitPlan:
    quota, population = quota_of(cells), population_of(cells)
    margin = margin_of_error(quota, population, confidence)
    needed = None if aim is None else needed_sample(aim, population, confidence)
    return UnitPlan(unit, quota, population, margin, needed)


def _row_faults(
    definition: SurveyDefinition, units: Collection[str], cells: Sequence[PlannedCell]
) -> Iterator[Fault]:
    asked, groups = set(units), {group.code for group in definition.groups}
    times = Counter((cell.unit, cell.stratum, cell.group) for cell in cells)
    for row, cell in enumerate(cells):
        if cell.unit not in asked:
            yield _fault(row, "unit", "unknown-unit", "Not asked about.", "不在调查范围内。")
        if cell.group is not None and cell.group not in groups:
            yield _fault(row, "group", "unknown-group", "No such group.", "没有这一评议主体。")
        if times[cell.unit, cell.stratum, cell.group] > 1:
            yield _fault(row, "unit", "planned-twice", "Planned twice.", "重复列出。")
        if cell.population is not None and cell.population < cell.quota:
            en, zh = "More are asked than there are.", "拟访问人数多于总体人数。"
            yield _fault(row, "quota", "quota-above-population", en, zh)
        yield from _cluster_faults(row, cell)


def _cluster_faults(row: int, cell: PlannedCell) -> Iterator[Fault]:
    if cell.clusters is None:
        return
    if cell.group is not None:
        en, zh = "Clusters are of all groups.", "群不分评议主体。"
        yield _fault(row, "clusters", "clusters-of-a-group", en, zh)
    if cell.population is not None and cell.clusters > cell.population:
        en, zh = "There are more clusters than people.", "群数多于总体人数。"
        yield _fault(row, "clusters", "clusters-above-population", en, zh)


def _sum_faults(cells: Sequence[PlannedCell]) -> Iterator[Fault]:
    """Yield where the rows about a unit count its people, or its interviews, differently."""
    places = {id(cell): row for row, cell in enumerate(cells)}
    for own in cells_by_unit(cells).values():
        told = layers(own)
        yield from _quota_faults(told, places)
        yield from _disagreeing_clusters(told, places)
        yield from _population_faults(told, places)


def _quota_faults(
    told: Sequence[Sequence[PlannedCell]], places: Mapping[int, int]
) -> Iterator[Fault]:
    first, *others = (sum(cell.quota for cell in layer) for layer in told)
    for layer, quota in zip(told[1:], others, strict=True):
        if quota != first:
            en, zh = "Its rows sum to another quota.", "与该单位其他各行的配额合计不符。"
            yield _fault(places[id(layer[0])], "quota", "quotas-disagree", en, zh)


def _disagreeing_clusters(
    told: Sequence[Sequence[PlannedCell]], places: Mapping[int, int]
) -> Iterator[Fault]:
    """Yield where some strata of a unit tell their clusters and others not, or the unit others than
    its strata together."""
    totals = list[int]()
    for layer in told:
        unknown = [cell for cell in layer if cell.clusters is None]
        if not unknown:
            totals.append(sum(cell.clusters or 0 for cell in layer))
            if totals[-1] != totals[0]:
                en, zh = "Its rows sum to other clusters.", "与该单位其他各行的群数合计不符。"
                yield _fault(places[id(layer[0])], "clusters", "clusters-disagree", en, zh)
        elif len(unknown) < len(layer):
            en, zh = "Others like it tell theirs.", "同类其他各行已给出群数。"
            yield _fault(places[id(unknown[0])], "clusters", "clusters-missing", en, zh)


def _population_faults(
    told: Sequence[Sequence[PlannedCell]], places: Mapping[int, int]
) -> Iterator[Fault]:
    totals = [total for layer in told if (total := population_of(layer)) is not None]
    for layer in told:
        unknown = [cell for cell in layer if cell.population is None]
        if 0 < len(unknown) < len(layer):
            en, zh = "Others like it tell theirs.", "同类其他各行已给出总体人数。"
            row = places[id(unknown[0])]
            yield _fault(row, "population", "population-missing", en, zh)
        elif not unknown and population_of(layer) != totals[0]:
            en, zh = "Its rows sum to another population.", "与该单位其他各行的总体合计不符。"
            yield _fault(places[id(layer[0])], "population", "populations-disagree", en, zh)


def _fault(row: int, field: str, code: str, en: str, zh: str) -> Fault:
    return Fault(pointer("rows", row, field), code, en, zh)

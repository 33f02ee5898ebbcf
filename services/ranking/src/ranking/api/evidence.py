"""What a ranking rests on in other services: everything is read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import TypeAdapter

from ranking.peers import PeerRefused, Peers, PublishedScheme, ScoreSheet, successions_of
from ranking.rules.lineage import Succession
from ranking.rules.reports import Report
from ranking.rules.results import UnitResult, of_groups, results
from ranking.rules.scheme import Category, Scheme
from ranking.rules.sheet import (
    CategoryMarks,
    NormalisedMarks,
    marks_to_rank,
    refuse_another_scheme,
    with_claims,
)
from ranking.rules.vetoes import EarlierVetoes

_GROUP = TypeAdapter(NormalisedMarks)


def _plain(group: NormalisedMarks) -> dict[str, Any]:
    found: dict[str, Any] = _GROUP.dump_python(group, mode="json")
    return found


@dataclass(frozen=True, slots=True)
class Evidence:
    """The scheme in force, a score sheet that was computed by it, and the units' legal names."""

    published: PublishedScheme
    category: Category
    sheet: ScoreSheet
    marks: CategoryMarks
    names: Mapping[str, str]
    successions: Sequence[Succession]

    @property
    def earlier(self) -> UUID | None:
        """The cycle whose ranks tell equal totals apart, if any does."""
        return self.published.scheme.earlier_of(self.category.code)

    @property
    def normalised(self) -> list[dict[str, Any]] | None:
        """The groups of marks of all categories that were put on one scale; None where none were.
        They are for whoever reads all of these categories."""
        groups = self.sheet.normalised
        return None if groups is None else [_plain(each) for each in groups]

    def results(
        self,
        vetoes: Sequence[Report],
        demotions: Sequence[Report],
        last_ranks: Mapping[str, int],
        earlier_vetoes: Mapping[str, EarlierVetoes],
    ) -> list[UnitResult]:
        """Return the category ranked by all this, by what was reported of its units, and by last
        year's ranks and vetoes."""
        found = results(
            self.published.scheme,
            self.category,
            self.marks,
            self.names,
            vetoes=vetoes,
            demotions=demotions,
            last_ranks=last_ranks,
            earlier_vetoes=earlier_vetoes,
        )
        groups = [e for e in self.sheet.normalised or () if e.category == self.category.code]
        return [of_groups(line, groups) for line in found]


async def gather(
    ask: Peers, cycle_id: UUID, category: str, edition: int | Literal["latest"]
) -> Evidence:
    """Read what a category is ranked by; refuse a sheet of another scheme, or one with gaps."""
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    scheme, found = published.scheme, published.scheme.category(category)
    sheet = await ask.scoring.score_sheet(cycle_id=cycle_id, edition=edition)
    refuse_another_scheme(sheet.edition, sheet.inputs.scheme_digest, published.digest)
    composition, leave_out = scheme.composition_of(found), scheme.leaves_out(found)
    units = with_claims(sheet.units, sheet.claims)
    marks = marks_to_rank(units, found, composition, leave_out=leave_out)
    known = await ask.indicators.units()
    names = {unit.code: unit.name for unit in known}
    return Evidence(published, found, sheet, marks, names, successions_of(known))


FED_BACK = "fed_back"
"""The phase of a score sheet from when every unit could read how its own scores came about."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a step of the chain is taken on: the scheme in force, the category in it, and what it
    would be ranked by now; None where somebody signs in another's place who may not read that."""

    published: PublishedScheme
    category: Category
    newest: "NewestEvidence | None"

    @property
    def scheme(self) -> Scheme:
        """The scheme in force."""
        return self.published.scheme


async def gather_before(
    ask: Peers, cycle_id: UUID, category: str, ranked: int, *, delegated: bool
) -> Before:
    """Read what a step is taken on. Who signs in another's place reads nothing by it, and is not
    refused what the caller's own role does not show: publication asks all of it again."""
    try:
        newest = await gather_newest(ask, cycle_id, category, ranked)
    except PeerRefused:
        if not delegated:
            raise
        published = await ask.indicators.published_scheme(cycle_id=cycle_id)
        return Before(published, published.scheme.category(category), None)
    return Before(newest.evidence.published, newest.evidence.category, newest)


@dataclass(frozen=True, slots=True)
class NewestEvidence:
    """What a category would be ranked by now: the newest sheet that covers it.

    `ledger_phases` are those in which the ranked sheet and the newest one were computed, by
    edition; `changed` names what is not as it was for the newest one. `fed_back` says whether the
    units were told of the ranked sheet.
    """

    evidence: Evidence
    ledger_phases: Mapping[int, str]
    changed: tuple[str, ...]
    fed_back: bool


async def gather_newest(ask: Peers, cycle_id: UUID, category: str, ranked: int) -> NewestEvidence:
    """Read what a category would be ranked by now, beside the edition that was `ranked`.

    What a caller may not know is not compared for it: who decides and is of a unit gets no digest
    of corrections, neither what there are nor what was used, and mostly none of satisfaction.
    Whoever merges and publishes gets them all.
    """
    sheets = await ask.scoring.score_sheets(cycle_id=cycle_id)
    covering = [sheet.edition for sheet in sheets if category in sheet.categories]
    found = await gather(ask, cycle_id, category, max(covering, default="latest"))
    targets = await ask.indicators.targets(cycle_id=cycle_id)
    satisfaction = await ask.survey.satisfaction(cycle_id=cycle_id)
    corrections = await ask.scoring.corrections(cycle_id=cycle_id)
    inputs = found.sheet.inputs
    now = {
        "targets": (targets.digest, inputs.targets_digest),
        "corrections": (corrections.digest, inputs.corrections_digest),
    }
    if inputs.satisfaction_digest is not None:
        now["satisfaction"] = satisfaction.digest, inputs.satisfaction_digest
    phases = {sheet.edition: sheet.ledger_phase for sheet in sheets if sheet.edition == ranked}
    return NewestEvidence(
        found,
        {**phases, found.sheet.edition: found.sheet.ledger_phase},
        tuple(name for name, (present, used) in now.items() if present != used),
        any(sheet.edition == ranked and sheet.phase == FED_BACK for sheet in sheets),
    )

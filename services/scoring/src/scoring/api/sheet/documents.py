"""What a score sheet looks like from outside, and how it is made of what the rules computed."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.journal import Receipt
from chassis.wire import Exact, OneOf, Outgoing
from scoring.rules.claims.checks import ClaimDecision, Kind
from scoring.rules.claims.decisions import Decision
from scoring.rules.ledger.states import COMPUTED, FED_BACK, OPEN, SEALED
from scoring.rules.reports.tags import TagTotal as Total
from scoring.rules.sheet.outcomes import POLICY_DECISIONS
from scoring.rules.sheet.record import text_of, written, written_claim
from scoring.rules.sheet.totals import UnitScores

WHERE_GIVEN = Field(exclude_if=lambda value: value is None)
"""For what was not told always: without it a document is what it was, and has the same digest."""

LedgerPhase = Annotated[str, OneOf(OPEN, SEALED)]
SheetPhase = Annotated[str, OneOf(COMPUTED, FED_BACK)]


class SheetInputs(Outgoing):
    """SHA-256 of everything that a score sheet was computed from.

    Those of scheme, targets and satisfaction are their publishers' own; those of claims and names
    are of their canonical JSON, that of the ledger is of the ids of the entries that count, sixteen
    bytes each, in ascending order. That of satisfaction is
    null for who decides and is of an assessed unit: numbers of four places could be guessed by it.
    To an organiser, all are null in which units of other categories have a part. Only where the
    sealed ledger was corrected there is `corrections_digest`, of the ids of the corrections that
    count, in the same way, and never to whoever decides and is of a unit; `ledger_digest` is of the
    ledger without them.
    """

    scheme_digest: str
    targets_digest: str | None
    satisfaction_digest: str | None
    names_digest: str
    ledger_digest: str | None
    claims_digest: str | None
    corrections_digest: Annotated[str | None, WHERE_GIVEN] = None


class IndicatorScore(Outgoing):
    """An indicator's score in points; null where an input is missing.

    `excess` are points lost beyond the indicator's own, which count as a deduction.
    """

    indicator: str
    indicator_in_scheme: Elsewhere = NOT_ASKED
    block: str
    points: Exact
    score: Exact | None
    excess: Exact
    children: list["IndicatorScore"]


class MissingScore(Outgoing):
    """An indicator without a score, and why."""

    indicator: str
    indicator_in_scheme: Elsewhere = NOT_ASKED
    reason: str
    reason_zh: str


class PolicyDecision(Outgoing):
    """What was done about an indicator without data, or one that does not apply to the unit.

    `effect` are the points that the unit gains by it, or loses if below 0, compared with sharing
    the indicator's points among its scored siblings; null where there are none.
    """

    indicator: str
    indicator_in_scheme: Elsewhere = NOT_ASKED
    what: Annotated[str, OneOf(*POLICY_DECISIONS)]
    effect: Exact | None
    en: str
    zh: str


class GradeCap(Outgoing):
    """The best grade that the unit may have, because a check found fraud in the indicator."""

    grade: str
    indicator: str
    indicator_in_scheme: Elsewhere = NOT_ASKED
    check: str


class PartScore(Outgoing):
    """What a block comes to in a total that is more than a plain sum: `score` in points of the
    total, `worth` what a point of the block is worth in it as long as no cap cuts it."""

    block: str
    worth: Exact
    score: Exact | None


class VetoedTotal(Outgoing):
    """A unit's totals if vetoes (一票否决) had these blocks count for nothing."""

    blocks: list[str]
    base_total: Exact
    total: Exact


class UnitScoreSheet(Outgoing):
    """One unit's points: a block is null where anything is missing in it, base total and total
    where anything is missing that counts in them.

    `decisions` are what was done where data were missing or an indicator did not apply. Only where
    the committee found fraud there are `grade_caps`, and only where the total is more than a plain
    sum there are `parts`. Only where blocks may be vetoed there are `vetoed_totals`, for each
    choice of up to three: which are vetoed, the ranking says.
    """

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    category: str
    indicator_scores: list[IndicatorScore]
    blocks: dict[str, Exact | None]
    base_total: Exact | None
    adjustment: Exact
    total: Exact | None
    missing: list[MissingScore]
    decisions: list[PolicyDecision]
    grade_caps: Annotated[list[GradeCap] | None, WHERE_GIVEN] = None
    parts: Annotated[list[PartScore] | None, WHERE_GIVEN] = None
    vetoed_totals: Annotated[list[VetoedTotal] | None, WHERE_GIVEN] = None


class TagTotal(Outgoing):
    """What the indicators of a tag come to for one unit, in points.

    Of a parent and a child that both have the tag, the parent alone counts. `score` is null where
    one of the `indicators` has none (`without_score`); `share` is score by points, to four places,
    null also where there are no points.
    """

    tag: str
    name: str
    name_en: str | None
    points: Exact
    score: Exact | None
    share: Exact | None
    indicators: list[str]
    without_score: list[str]


class ClaimReason(Outgoing):
    """Why a claim was decided so: `code` and `params` for programs, two sentences for people."""

    code: str
    params: dict[str, str]
    en: str
    zh: str


class DecidedClaim(Outgoing):
    """What became of a claim: `points` are added to the unit's total, below 0 for a deduction."""

    claim_id: UUID
    claim_no: str
    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    kind: Kind
    decision: ClaimDecision
    points: Exact
    reason: ClaimReason


class NormalisedMarks(Outgoing):
    """Marks of one scorer for an indicator in a category, which were put on one scale with those of
    others (修正系数): how many there are in the `group`, their mean, and the coefficient that they
    were multiplied by, to four places, null where they were placed otherwise. Too few of them, or
    with nobody to be held against, are `kept` as they were."""

    indicator: str
    indicator_in_scheme: Elsewhere = NOT_ASKED
    category: str
    group: str
    marks: Annotated[int, Field(ge=0, le=1_000_000)]
    mean: Exact
    coefficient: Exact | None
    kept: bool


class SheetContent(Outgoing):
    """What a score sheet says, and of what its digest is taken: equal inputs, equal digest.

    Only where the scheme puts marks on one scale there is `normalised`.
    """

    cycle_id: UUID
    categories: list[str]
    inputs: SheetInputs
    units: list[UnitScoreSheet]
    claims: list[DecidedClaim]
    normalised: Annotated[list[NormalisedMarks] | None, WHERE_GIVEN] = None


class ScoreSheet(SheetContent):
    """One edition of the score sheet.

    `digest` is the SHA-256 of the canonical JSON of this document without `edition`, `phase`,
    `ledger_phase`, `explanations`, `tag_totals` and `digest` itself; to whoever decides and is of
    an assessed unit, of what is shown. While the ledger was open
    (`ledger_phase`) there was more to come, and no ranking of this edition can be passed on.
    `explanations` are the digests of what each unit was told, from when it was fed back; an edition
    computed before explanations were grown on demand has them from the start, and its digest is of
    them too. `tag_totals` is what each unit's indicators of each tag of the scheme come to.
    """

    edition: int
    phase: SheetPhase
    ledger_phase: LedgerPhase
    digest: str
    explanations: dict[str, str]
    tag_totals: dict[str, list[TagTotal]]


class ScoreSheetSummary(Outgoing):
    """An edition without its units; `missing` counts the scores that could not be computed.

    `missing` and `digest`, which are of all units, are null for who decides and is of one of them.
    """

    edition: int
    categories: list[str]
    inputs: SheetInputs
    ledger_phase: LedgerPhase
    phase: SheetPhase
    digest: str | None
    missing: int | None
    computed_by: str
    computed_at: dt.datetime


class ComputedScoreSheet(Outgoing):
    """An edition that has just been computed; `missing` counts the scores that could not be."""

    edition: int
    categories: list[str]
    inputs: SheetInputs
    ledger_phase: LedgerPhase
    phase: SheetPhase
    digest: str
    missing: int
    receipt: Receipt | None


def sheet_of(unit: UnitScores) -> UnitScoreSheet:
    """Return one unit's part of the document."""
    return UnitScoreSheet.model_validate(written(unit))


def claim_of(one: Decision) -> DecidedClaim:
    """Return what the document says of a claim."""
    return DecidedClaim.model_validate(written_claim(one))


def written_total(total: Total) -> dict[str, Any]:
    """Return what the indicators of a tag come to, as plain JSON."""
    numbers = {name: text_of(getattr(total, name)) for name in ("points", "score", "share")}
    listed = {name: [*getattr(total, name)] for name in ("indicators", "without_score")}
    named = {name: getattr(total, name) for name in ("tag", "name", "name_en")}
    return {**named, **numbers, **listed}


def reasons_today(content: dict[str, Any]) -> dict[str, Any]:
    """Return an edition with its claims' reasons as they are told today.

    Editions from before have two sentences and no code: the decision's word is the nearest.
    """
    if all("reason" in claim for claim in content["claims"]):
        return content
    return {**content, "claims": [_told_today(claim) for claim in content["claims"]]}


def _told_today(claim: dict[str, Any]) -> dict[str, Any]:
    told = dict(claim)
    said = {"en": told.pop("reason_en"), "zh": told.pop("reason_zh")}
    return {**told, "reason": {"code": claim["decision"], "params": {}, **said}}

"""What is shown of a release to whom: the documents that a policy makes of it."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from chassis import journal
from chassis.checkpoints import NamedCheckpoint
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.wire import Exact, Incoming, Outgoing, Text
from ranking.api.rankings import (
    WHERE_GIVEN,
    RankedReason,
    RankedUnit,
    RankedVeto,
    VetoInTerm,
)
from ranking.rules.publication import (
    Audience,
    Publication,
    Shown,
    changed,
    lines,
)
from ranking.rules.scheme import Category, Scheme, Subcategory

WHERE_SHOWN = Field(exclude_if=lambda value: not value)
"""For what is shown of few releases: a policy without it is told as it always was."""


class NewCorrectionNote(Incoming):
    """What a correcting release corrects and why, for everybody who reads it."""

    zh: Text
    en: Text | None = None


class CorrectionNote(Outgoing):
    """What was corrected, and why."""

    zh: str
    en: str | None


class PublishedHighlight(Outgoing):
    """What a unit was proud of in the year, and who took it up, as it was to be published."""

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    title: str
    text: str
    adopted_by: str | None
    level: str | None
    document_no: str | None


class PublishedCase(Outgoing):
    """A negative case of a unit that the committee decided to publish, by its document."""

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    title: str
    text: str
    document_no: str


class PublishedCoefficient(Outgoing):
    """By which `coefficient` the marks that a `group` gave for an indicator were multiplied, to
    stand on one scale; too few of them were `kept` as they were given."""

    indicator: str
    indicator_in_scheme: Elsewhere = NOT_ASKED
    group: str
    marks: int
    coefficient: Exact | None
    kept: bool


class PublishedRange(Outgoing):
    """A unit, and between which ranks it stood in so many of the replications as are `confidence`
    of all."""

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    rank: int
    best: int
    worst: int


class PublishedUncertainty(Outgoing):
    """How firm the order of a release is, in the order of its ranks: whoever has its ranking and
    these numbers finds the same ranges. `survey_errors` is the digest of those of its surveys."""

    generator: str
    seed: int
    replications: int
    weights_by: int
    confidence: Exact
    survey_errors: str | None
    units: list[PublishedRange]


class PartsShown(Outgoing):
    """What an audience is shown of each unit; of ranks all, or the first places alone."""

    grades: bool
    first_places: int | None
    ranks: bool
    scores: bool
    blocks: bool
    reasons: bool
    highlights: bool
    negative_cases: Annotated[bool, WHERE_SHOWN] = False
    coefficients: Annotated[bool, WHERE_SHOWN] = False
    uncertainty: Annotated[bool, WHERE_SHOWN] = False


class ReleasePolicy(Outgoing):
    """What a release shows to whom, by the scheme of its time, and the digest of each part.

    An audience that is not named is shown everything, and the public nothing.
    """

    public: Annotated[PartsShown | None, WHERE_GIVEN] = None
    units: Annotated[PartsShown | None, WHERE_GIVEN] = None
    organisers: Annotated[PartsShown | None, WHERE_GIVEN] = None
    digests: dict[str, str]

    @property
    def rule(self) -> Publication:
        """The policy as the rules know it."""
        named = {name: getattr(self, name) for name in ("public", "units", "organisers")}
        return Publication(**{n: Shown(**dict(each)) for n, each in named.items() if each})


class Called(Outgoing):
    """What people call something; null where it has no English name."""

    zh: str
    en: str | None


class ReleaseNames(Outgoing):
    """The year that is assessed, and what its codes are called, so that whoever reads a release
    needs nothing else; by their codes those that it shows."""

    assessment_year: int
    category: Called
    subcategories: Annotated[dict[str, Called] | None, WHERE_GIVEN] = None
    blocks: Annotated[dict[str, Called] | None, WHERE_GIVEN] = None


class PublishedUnit(Outgoing):
    """What is shown of a unit; what is not shown, or what it has not, is not there."""

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    name: str
    rank: Annotated[int | None, WHERE_GIVEN] = None
    grade: Annotated[str | None, WHERE_GIVEN] = None
    grade_name: Annotated[str | None, WHERE_GIVEN] = None
    blocks: Annotated[dict[str, Exact] | None, WHERE_GIVEN] = None
    base_total: Annotated[Exact | None, WHERE_GIVEN] = None
    adjustment: Annotated[Exact | None, WHERE_GIVEN] = None
    final_total: Annotated[Exact | None, WHERE_GIVEN] = None
    reasons: Annotated[list[RankedReason] | None, WHERE_GIVEN] = None
    demoted_by: Annotated[list[str] | None, WHERE_GIVEN] = None
    subcategory: Annotated[str | None, WHERE_GIVEN] = None
    rank_in_subcategory: Annotated[int | None, WHERE_GIVEN] = None
    vetoes: Annotated[list[RankedVeto] | None, WHERE_GIVEN] = None
    vetoes_in_term: Annotated[list[VetoInTerm] | None, WHERE_GIVEN] = None


class PublishedContent(Outgoing):
    """What an audience is shown of a release, and of what the digest of its part is taken.

    `shown` names it. Units stand in the order of their ranks where ranks are shown, else first
    those of the first places that are shown, and then by their codes.
    """

    cycle_id: UUID
    release: int
    predecessor: int | None
    category: str
    published_at: dt.datetime
    shown: list[str]
    units: list[PublishedUnit]
    highlights: Annotated[list[PublishedHighlight] | None, WHERE_GIVEN] = None
    negative_cases: Annotated[list[PublishedCase] | None, WHERE_GIVEN] = None
    coefficients: Annotated[list[PublishedCoefficient] | None, WHERE_GIVEN] = None
    uncertainty: Annotated[PublishedUncertainty | None, WHERE_GIVEN] = None
    correction: Annotated[CorrectionNote | None, WHERE_GIVEN] = None
    checkpoint: Annotated[NamedCheckpoint | None, WHERE_GIVEN] = None
    names: Annotated[ReleaseNames | None, WHERE_GIVEN] = None


class PublishedStanding(Outgoing):
    """What is shown of where a unit stands."""

    rank: Annotated[int | None, WHERE_GIVEN] = None
    rank_in_subcategory: Annotated[int | None, WHERE_GIVEN] = None
    grade: Annotated[str | None, WHERE_GIVEN] = None
    base_total: Annotated[Exact | None, WHERE_GIVEN] = None
    adjustment: Annotated[Exact | None, WHERE_GIVEN] = None
    final_total: Annotated[Exact | None, WHERE_GIVEN] = None
    blocks: Annotated[dict[str, Exact] | None, WHERE_GIVEN] = None


class CorrectedUnit(Outgoing):
    """A unit of which a score, a rank or the grade that is shown is another than in the corrected
    release; null on a side where nothing of it was shown."""

    unit: str
    before: PublishedStanding | None
    after: PublishedStanding | None


class PublishedRelease(PublishedContent):
    """A release as one reader is shown it; `digest` is the SHA-256 of the canonical JSON of what is
    above `digest`, and the same for all of one audience.

    `corrections` are the units of which a score, a rank or the grade that is shown was corrected by
    it, `corrected_by` is the release that corrects this one, and `own` the whole line of the
    caller's unit.
    """

    digest: str
    public_from: Annotated[dt.datetime | None, WHERE_GIVEN] = None
    corrected_by: Annotated[int | None, WHERE_GIVEN] = None
    corrections: Annotated[list[CorrectedUnit] | None, WHERE_GIVEN] = None
    own: Annotated[RankedUnit | None, WHERE_GIVEN] = None


Stored = Mapping[str, Any]
"""A manifest or a document as it is kept."""


LATER_PARTS = ("negative_cases", "coefficients", "uncertainty")
"""The parts of a manifest that are named only where there are any."""


def part_of(manifest: Stored, document: Stored, shown: Shown) -> PublishedContent:
    """Return what is shown of a release."""
    alike = ("cycle_id", "release", "predecessor", "category", "published_at")
    named = (*alike, "correction", "checkpoint")
    told = {name: manifest[name] for name in named if name in manifest}
    highlights = manifest.get("highlights") if shown.highlights else None
    units = lines(document["units"], shown)
    # A release without any is shown as releases were before there were such parts.
    found = {name: manifest.get(name) for name in LATER_PARTS}
    names = [each for each in shown.names() if found.get(each, True)]
    more = {"shown": names, "units": units, "highlights": highlights}
    more |= {"names": _names_of(manifest.get("names"), shown)}
    more |= {name: each if getattr(shown, name) else None for name, each in found.items()}
    return PublishedContent.model_validate(told | more)


def _names_of(names: Stored | None, shown: Shown) -> Stored | None:
    """Return what is called how, without the codes that are not shown."""
    if names is None:
        return None
    hidden = {"subcategories": not shown.ranks, "blocks": not shown.blocks}
    return {name: each for name, each in names.items() if not hidden.get(name)}


def names_in(scheme: Scheme, category: Category) -> ReleaseNames:
    """Return what a scheme calls a category and its parts; what has no name goes by its code."""
    return ReleaseNames(
        assessment_year=scheme.assessment_year,
        category=called(category),
        subcategories={each.code: called(each) for each in category.subcategories} or None,
        blocks={each.code: Called(zh=each.name or each.code, en=None) for each in category.blocks},
    )


def called(part: Category | Subcategory) -> Called:
    """Return what people call a part of a scheme."""
    return Called(zh=part.name or part.code, en=part.name_en)


def corrections_of(before: Stored, after: Stored, shown: Shown) -> list[CorrectedUnit]:
    """Return of which units what is shown of where they stand differs between two documents."""
    names = PublishedStanding.model_fields.keys()
    found = changed(before["units"], after["units"], shown, names)
    return [
        CorrectedUnit.model_validate({"unit": unit, "before": was, "after": now})
        for unit, was, now in found
    ]


def policy_of(
    publication: Publication | None, manifest: Stored, document: Stored
) -> ReleasePolicy | None:
    """Return what a new release shows to whom; None where the scheme says nothing."""
    if publication is None:
        return None
    audiences: tuple[Audience, ...] = ("public", "units", "organisers")
    named = {name: getattr(publication, name) for name in audiences}
    parts = {name: each for name, each in named.items() if each is not None}
    return ReleasePolicy(
        **{name: PartsShown.model_validate(each) for name, each in parts.items()},
        digests={n: digest_of(part_of(manifest, document, e)) for n, e in parts.items()},
    )


def digest_of(content: PublishedContent) -> str:
    """Return the digest of what an audience is shown."""
    names = PublishedContent.model_fields.keys()
    return journal.sha256(content.model_dump(mode="json", include={*names}))

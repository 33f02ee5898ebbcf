"""Releases: what has been published, for every signed-in caller; nothing else is kept here."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import func, literal, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from chassis import journal
from chassis.authorisation import Permit
from chassis.checkpoints import CheckpointsBroken, NamedCheckpoint, newest
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.kept import kept_document
from chassis.pages import UNASKED, Change, ChangedAt, ChangedSince, Moment, Page, PageQuery, at
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Outgoing
from ranking.api.approvals import (
    Approval,
    NewStep,
    approval_of,
    newest_of,
    record_step,
    refusals,
    take_step,
    that_hold,
    unsettled,
)
from ranking.api.codes import ReadInScheme, beside_of
from ranking.api.consequences_stored import cases_of
from ranking.api.embargoes import check_instant, name_instant
from ranking.api.engine import Engine
from ranking.api.evidence import Evidence
from ranking.api.rankings import WHERE_GIVEN, Digests, Ranking, ranking_of
from ranking.api.shown import (
    CorrectionNote,
    NewCorrectionNote,
    PublishedCase,
    PublishedCoefficient,
    PublishedHighlight,
    PublishedUncertainty,
    ReleaseNames,
    ReleasePolicy,
    Stored,
    names_in,
    policy_of,
)
from ranking.api.uncertain import published_ranges
from ranking.api.visibility import RELEASES_NOW
from ranking.peers import AskPeers, Highlight, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import (
    NoSuchRelease,
    Number,
    after_number,
    is_held,
    next_number,
    public_from,
    require_releases,
)
from ranking.rules.approval import (
    ObjectionsOpen,
    RankingOvertaken,
    refuse_open_objections,
    refuse_overtaken,
)
from ranking.rules.codes import OWN_CODES, IdSchemeUnknown
from ranking.rules.embargo import BeforePredecessor, InstantNotPossible
from ranking.rules.fields import TotalsOtherwiseMade
from ranking.rules.publication import (
    CorrectionNoteMissing,
    NothingToCorrect,
    Publication,
    ReleaseInPart,
    audience_of,
    reads_as,
    refuse_note,
)
from ranking.rules.scheme import Scheme
from ranking.tables import ApprovalRow, RankingRow, ReleaseRow

router = Router(prefix="/cycles/{cycle_id}", tags=["releases"])


class NewRelease(NewStep):
    """What the person who publishes has to say about it, whether it is published though objections
    of the category's units are open, from which instant on it is public: at once where none is
    named, and what it corrects, where it replaces another.
    """

    despite_objections: bool = False
    publish_at: Moment | None = None
    correction: NewCorrectionNote | None = None


class Manifest(Outgoing):
    """What a release is made of, and who stands by it.

    `highlights` are those of its units that were to be published, `negative_cases` those that the
    committee decided on by then, `coefficients` those by which marks were put on one scale, and
    `uncertainty` between which ranks units could stand, where the scheme has these shown; without
    any they are left out.
    `predecessor` is the release of the same category that this one replaces. `inputs` are the
    digests of what the ranking was computed from, `ranking_digest` its own, `document_digest` the
    SHA-256 of the canonical JSON of the document as released. `correction` says what a release
    corrects that has a predecessor, `publication` who is shown what of it, where the scheme says
    so, and `engine` the program that ranked. `checkpoint` is the newest of the journals by then,
    and `names` are what the year and its codes were called.
    """

    cycle_id: UUID
    release: int
    predecessor: int | None
    category: str
    edition: int
    inputs: Digests
    ranking_digest: str
    document_digest: str
    approvals: list[Approval]
    published_at: dt.datetime
    highlights: Annotated[list[PublishedHighlight] | None, WHERE_GIVEN] = None
    negative_cases: Annotated[list[PublishedCase] | None, WHERE_GIVEN] = None
    coefficients: Annotated[list[PublishedCoefficient] | None, WHERE_GIVEN] = None
    uncertainty: Annotated[PublishedUncertainty | None, WHERE_GIVEN] = None
    correction: Annotated[CorrectionNote | None, WHERE_GIVEN] = None
    publication: Annotated[ReleasePolicy | None, WHERE_GIVEN] = None
    engine: Annotated[Engine | None, WHERE_GIVEN] = None
    checkpoint: Annotated[NamedCheckpoint | None, WHERE_GIVEN] = None
    names: Annotated[ReleaseNames | None, WHERE_GIVEN] = None


class Release(Outgoing):
    """A published ranking; `digest` is the SHA-256 of the canonical JSON of the manifest.

    It is the same bytes for ever: that another release corrects it is told beside it, in what is
    `published` of it and by the `predecessor` of the other.
    """

    manifest: Manifest
    digest: str
    document: Ranking


class ReleaseSummary(Outgoing):
    """A release without its units; `public_from` is the instant until which it was held back.

    Who is shown a part of it is given the digest of that part.
    """

    release: int
    predecessor: int | None
    category: str
    edition: int
    digest: str
    published_at: dt.datetime
    public_from: Annotated[dt.datetime | None, WHERE_GIVEN] = None
    changed_at: ChangedAt = UNASKED


class RankingPublished(Outgoing):
    """A release that has just been published; it is public at once, or else from the instant
    `public_from` on."""

    manifest: Manifest
    digest: str
    public_from: Annotated[dt.datetime | None, WHERE_GIVEN] = None
    receipt: Receipt | None


@router.post(
    "/rankings/{edition}/publication",
    status_code=201,
    responses=documents(
        *(*refusals, *unsettled, ObjectionsOpen, RankingOvertaken),
        *(BeforePredecessor, CorrectionNoteMissing, InstantNotPossible, NothingToCorrect),
        CheckpointsBroken,
        TotalsOtherwiseMade,
    ),
)
async def publish_ranking(
    cycle_id: UUID,
    edition: Number,
    new: NewRelease,
    request: Request,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> RankingPublished:
    """Publish an approved edition as a release that nobody can change, if nothing it rests on has
    changed.

    While objections of the category's units are not decided, or upheld and not carried out, it has
    to be asked for with `despite_objections`. With `publish_at` it is made now and stays as it is,
    and is shown to nobody before that instant.
    """
    checkpoint = await newest(request.app.state.checkpoints)
    found = await newest_of(reading, ask, cycle_id, edition)
    highlights = await ask.scoring.highlights(cycle_id=cycle_id)
    waiting = await _open_objections(ask, cycle_id, found.evidence)
    scheme = found.evidence.published.scheme
    row, approvals = await take_step(
        db, permit, cycle_id, edition, "publication", new, same, scheme, found
    )
    refuse_open_objections(waiting, despite=new.despite_objections)
    document = ranking_of(row, "published").model_dump(mode="json")
    manifest = await _manifest(db, row, approvals, document, _to_publish(highlights, document))
    refuse_note(manifest.predecessor, noted=new.correction is not None)
    cases = await _cases(db, cycle_id, document)
    groups = _coefficients(row, scheme.publication)
    ranges = await published_ranges(scheme, found.evidence.category, row)
    told_beside = {"negative_cases": cases, "checkpoint": checkpoint, "coefficients": groups}
    names = names_in(scheme, found.evidence.category)
    manifest = manifest.model_copy(update=told_beside | {"uncertainty": ranges, "names": names})
    manifest = _with_policy(manifest, new.correction, document, scheme)
    stored = manifest.model_dump(mode="json")
    digest = journal.sha256(stored)
    lead = request.app.state.embargo_lead
    await check_instant(db, lead, cycle_id, manifest.predecessor, new.publish_at)
    db.add(
        ReleaseRow(
            cycle_id=cycle_id,
            release=manifest.release,
            category=row.category,
            edition=edition,
            predecessor=manifest.predecessor,
            manifest=stored,
            document=document,
            digest=digest,
            published_at=manifest.published_at,
        )
    )
    if new.publish_at is not None:
        await name_instant(db, permit.caller, cycle_id, manifest.release, new.publish_at)
    # Of a release that is shown in part its digest is for those who read it whole.
    named = "release_digest" if manifest.publication is None else "manifest_digest"
    told: dict[str, object] = {"release": manifest.release, named: digest}
    told |= {"open_objections": waiting} if waiting else {}
    receipt = await record_step(db, permit, row, approvals[-1], **told)
    return RankingPublished(
        manifest=manifest, digest=digest, public_from=new.publish_at, receipt=receipt
    )


def _with_policy(
    manifest: Manifest, correction: NewCorrectionNote | None, document: Stored, scheme: Scheme
) -> Manifest:
    """Return a manifest that says what is corrected, and who is shown what."""
    note = correction and CorrectionNote.model_validate(correction.model_dump())
    noted = manifest.model_copy(update={"correction": note})
    policy = policy_of(scheme.publication, noted.model_dump(mode="json"), document)
    return noted.model_copy(update={"publication": policy})


async def _open_objections(ask: Peers, cycle_id: UUID, found: Evidence) -> int:
    """Return how many objections of a category's units could still move a score."""
    if found.published.scheme.objections is None:
        return 0
    filed = await ask.scoring.objections(cycle_id=cycle_id)
    units = {*found.category.units}
    return sum(each.is_open and each.unit in units for each in filed)


def _to_publish(found: Iterable[Highlight], document: Stored) -> list[PublishedHighlight] | None:
    """Return the highlights of the units of a ranking that are to be published; None for none."""
    units = {each["unit"] for each in document["units"]}
    told = (e for e in found if e.publish and e.state == _ACCEPTED and e.unit in units)
    names = PublishedHighlight.model_fields.keys() & Highlight.model_fields.keys()
    return [PublishedHighlight(**{n: getattr(e, n) for n in names}) for e in told] or None


async def _cases(db: AsyncSession, cycle_id: UUID, document: Stored) -> list[PublishedCase] | None:
    """Return the negative cases of the units of a ranking that were decided; None for none."""
    found = await cases_of(db, cycle_id, [each["unit"] for each in document["units"]])
    return [
        PublishedCase(
            unit=each.row.unit,
            title=each.row.name or "",
            text=each.row.reason or "",
            document_no=each.row.document_no or "",
        )
        for each in sorted(found, key=lambda each: (each.row.unit, each.row.number))
    ] or None


def _coefficients(
    row: RankingRow, publication: Publication | None
) -> list[PublishedCoefficient] | None:
    """Return by which coefficients marks of the category were put on one scale, where anybody is
    shown them; None for none."""
    if publication is None or not publication.tells("coefficients"):
        return None
    told = [each for each in row.normalised or () if each["category"] == row.category]
    names = PublishedCoefficient.model_fields.keys() - {"indicator_in_scheme"}
    return [PublishedCoefficient(**{name: each[name] for name in names}) for each in told] or None


_ACCEPTED = "accepted"


async def _manifest(
    db: AsyncSession,
    row: RankingRow,
    approvals: list[ApprovalRow],
    document: Stored,
    highlights: list[PublishedHighlight] | None,
) -> Manifest:
    found = await db.execute(
        select(ReleaseRow.release, ReleaseRow.edition)
        .where(ReleaseRow.cycle_id == row.cycle_id, ReleaseRow.category == row.category)
        .order_by(ReleaseRow.release.desc())
        .limit(1)
    )
    predecessor, published = found.one_or_none() or (None, None)
    refuse_overtaken(row.edition, published)
    return Manifest(
        cycle_id=row.cycle_id,
        release=await next_number(db, ReleaseRow.release, row.cycle_id),
        predecessor=predecessor,
        category=row.category,
        edition=row.edition,
        inputs=Digests(**row.digests),
        ranking_digest=row.digest,
        document_digest=journal.sha256(document),
        approvals=[approval_of(each) for each in that_hold(row, approvals)],
        published_at=approvals[-1].taken_at,
        highlights=highlights,
        engine=row.engine and Engine.model_validate(row.engine),
    )


@router.get("/releases", responses=documents(StoredDataAltered))
async def list_releases(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    category: Annotated[Code | None, Query(description="Of this category.")] = None,
    changed_since: ChangedSince = None,
) -> Page[ReleaseSummary]:
    """Give the releases of a cycle in the order in which they were published."""
    row, chain = ReleaseRow, str(cycle_id)
    named = public_from()
    moment = func.greatest(
        func.coalesce(journal.recorded_at(row.record, chain), row.published_at), named
    )
    query = select(row, moment, named).where(row.cycle_id == cycle_id, ~is_held())
    query = query.options(defer(row.document, raiseload=True)).limit(page.limit + 1)
    query = query.where(true() if category is None else row.category == category)
    if changed_since is None:
        query = query.where(row.release > after_number(page)).order_by(row.release)
    else:
        place = page.after_change(changed_since, int, 0)
        query = query.where(tuple_(moment, row.release) > tuple_(*map(literal, place)))
        query = query.order_by(moment, row.release)
    listed = (await db.execute(query)).all()
    await require_releases(db, cycle_id, [each for each, *_ in listed])
    found = [
        ReleaseSummary.model_validate(each).model_copy(
            update={"public_from": instant, **at(when, changed_since)}
            | {"digest": digest_for(each, permit.caller)}
        )
        for each, when, instant in listed
    ]
    when_of = {each.release: when for each, when, _ in listed}
    if changed_since is None:
        return Page.of(found, page.limit, lambda one: str(one.release))
    return Page.of(found, page.limit, lambda one: str(Change(when_of[one.release], one.release)))


@router.get(
    "/releases/{release}",
    response_model=Release,
    responses=documents(
        *(IdSchemeUnknown, NoSuchRelease, ReleaseInPart),
        *(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
    ),
)
async def read_release(
    cycle_id: UUID,
    release: Number,
    request: Request,
    permit: Permit,
    ask: AskPeers,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """Give a release with its whole document, to whom the scheme lets it be shown whole.

    What another system's codes say beside ours is no part of what the digests are of.
    """
    beside = await beside_of(ask, cycle_id, id_scheme)

    async def build(db: AsyncSession) -> Release | bytes:
        row = await find_release(db, cycle_id, release)
        require_whole(row, permit.caller)
        found = Release.model_validate(row)
        return found if beside is None else beside.written(found)

    key = (cycle_id, release, reads_as(permit.caller.roles), beside and beside.key)
    return await kept_document(request, permit, key, RELEASES_NOW, cycle_id, build)


def policy_in(row: ReleaseRow) -> Publication:
    """Return who is shown what of a release; everybody who is signed in everything, where its
    scheme said nothing."""
    told = row.manifest.get("publication")
    return Publication() if told is None else ReleasePolicy.model_validate(told).rule


def require_whole(row: ReleaseRow, caller: Caller) -> None:
    """Refuse to show a release whole to whoever is shown a part of it."""
    if audience_of(policy_in(row), caller.roles) != "whole":
        raise ReleaseInPart("Its scheme says so.", "依据方案的公布范围。")


def digest_for(row: ReleaseRow, caller: Caller) -> str:
    """Return the digest of the part that a caller is shown, or of the whole."""
    audience = audience_of(policy_in(row), caller.roles)
    digests: dict[str, str] = (row.manifest.get("publication") or {}).get("digests", {})
    return row.digest if audience == "whole" else digests[audience]


async def find_release(db: AsyncSession, cycle_id: UUID, release: int) -> ReleaseRow:
    """Return a release; refuse one that there is not, as one that waits for its instant, or that
    was altered."""
    of = ReleaseRow.cycle_id == cycle_id, ReleaseRow.release == release
    row = await db.scalar(select(ReleaseRow).where(*of, ~is_held()))
    if row is None:
        raise NoSuchRelease(f"There is no release {release}.", f"没有第{release}号公布稿。")
    await require_releases(db, cycle_id, [row])
    return row

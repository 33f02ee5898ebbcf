"""Releases: what has been published, for every signed-in caller; nothing else is kept here."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import func, literal, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.journal import Receipt
from chassis.kept import kept_document, versions_of
from chassis.pages import UNASKED, Change, ChangedAt, ChangedSince, Page, PageQuery, at
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Outgoing
from ranking.api.approvals import (
    Approval,
    NewStep,
    newest_of,
    record_step,
    refusals,
    take_step,
    unsettled,
)
from ranking.api.codes import ReadInScheme, beside_of
from ranking.api.evidence import Evidence
from ranking.api.rankings import WHERE_GIVEN, Digests, Ranking, ranking_of
from ranking.peers import AskPeers, Highlight, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import Number, after_number, next_number
from ranking.rules.approval import (
    ObjectionsOpen,
    RankingOvertaken,
    refuse_open_objections,
    refuse_overtaken,
)
from ranking.rules.codes import OWN_CODES, IdSchemeUnknown
from ranking.tables import ApprovalRow, RankingRow, ReleaseRow

router = Router(prefix="/cycles/{cycle_id}", tags=["releases"])


class NoSuchRelease(Missing):
    """The cycle has no release of this number."""

    zh = "本评估年度没有该编号的发布。"
    remedy = (
        "Look the number up in the list of releases.",
        "请在公布稿清单中查对编号。",
    )


class NewRelease(NewStep):
    """What the person who publishes has to say about it, and whether it is published though
    objections of the category's units are open."""

    despite_objections: bool = False


class PublishedHighlight(Outgoing):
    """What a unit was proud of in the year, and who took it up, as it was to be published."""

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    title: str
    text: str
    adopted_by: str | None
    level: str | None
    document_no: str | None


class Manifest(Outgoing):
    """What a release is made of, and who stands by it.

    `highlights` are those of its units that were to be published; without any they are left out.
    `predecessor` is the release of the same category that this one replaces. `inputs` are the
    digests of what the ranking was computed from, `ranking_digest` its own, `document_digest` the
    SHA-256 of the canonical JSON of the document as released.
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


class Release(Outgoing):
    """A published ranking; `digest` is the SHA-256 of the canonical JSON of the manifest."""

    manifest: Manifest
    digest: str
    document: Ranking


class ReleaseSummary(Outgoing):
    """A release without its units."""

    release: int
    predecessor: int | None
    category: str
    edition: int
    digest: str
    published_at: dt.datetime
    changed_at: ChangedAt = UNASKED


class RankingPublished(Outgoing):
    """A release that has just been published."""

    manifest: Manifest
    digest: str
    receipt: Receipt | None


@router.post(
    "/rankings/{edition}/publication",
    status_code=201,
    responses=documents(*refusals, *unsettled, ObjectionsOpen, RankingOvertaken),
)
async def publish_ranking(
    cycle_id: UUID,
    edition: Number,
    new: NewRelease,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> RankingPublished:
    """Publish an approved edition as a release that nobody can change, if nothing it rests on has
    changed.

    While objections of the category's units are not decided, or upheld and not carried out, it has
    to be asked for with `despite_objections`.
    """
    newest = await newest_of(reading, ask, cycle_id, edition)
    highlights = await ask.scoring.highlights(cycle_id=cycle_id)
    waiting = await _open_objections(ask, cycle_id, newest.evidence)
    scheme = newest.evidence.published.scheme
    row, approvals = await take_step(
        db, permit, cycle_id, edition, "publication", new, same, scheme, newest
    )
    refuse_open_objections(waiting, despite=new.despite_objections)
    released = ranking_of(row, "published")
    manifest = await _manifest(db, row, approvals, released, _to_publish(highlights, released))
    digest = journal.sha256(manifest.model_dump(mode="json"))
    db.add(
        ReleaseRow(
            cycle_id=cycle_id,
            release=manifest.release,
            category=row.category,
            edition=edition,
            predecessor=manifest.predecessor,
            manifest=manifest.model_dump(mode="json"),
            document=released.model_dump(mode="json"),
            digest=digest,
            published_at=manifest.published_at,
        )
    )
    told: dict[str, object] = {"release": manifest.release, "release_digest": digest}
    told |= {"open_objections": waiting} if waiting else {}
    receipt = await record_step(db, permit, row, approvals[-1], **told)
    return RankingPublished(manifest=manifest, digest=digest, receipt=receipt)


async def _open_objections(ask: Peers, cycle_id: UUID, found: Evidence) -> int:
    """Return how many objections of a category's units could still move a score."""
    if found.published.scheme.objections is None:
        return 0
    filed = await ask.scoring.objections(cycle_id=cycle_id)
    units = {*found.category.units}
    return sum(each.is_open and each.unit in units for each in filed)


def _to_publish(found: Iterable[Highlight], released: Ranking) -> list[PublishedHighlight] | None:
    """Return the highlights of the units of a ranking that are to be published; None for none."""
    units = {each.unit for each in released.units}
    told = (e for e in found if e.publish and e.state == _ACCEPTED and e.unit in units)
    names = PublishedHighlight.model_fields.keys() & Highlight.model_fields.keys()
    return [PublishedHighlight(**{n: getattr(e, n) for n in names}) for e in told] or None


_ACCEPTED = "accepted"


async def _manifest(
    db: AsyncSession,
    row: RankingRow,
    approvals: list[ApprovalRow],
    released: Ranking,
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
        inputs=released.digests,
        ranking_digest=row.digest,
        document_digest=journal.sha256(released.model_dump(mode="json")),
        approvals=[Approval.model_validate(each) for each in approvals],
        published_at=approvals[-1].taken_at,
        highlights=highlights,
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
    moment = func.coalesce(journal.recorded_at(row.record, chain), row.published_at)
    query = select(row, moment).where(row.cycle_id == cycle_id).limit(page.limit + 1)
    query = query.where(true() if category is None else row.category == category)
    if changed_since is None:
        query = query.where(row.release > after_number(page)).order_by(row.release)
    else:
        place = page.after_change(changed_since, int, 0)
        query = query.where(tuple_(moment, row.release) > tuple_(*map(literal, place)))
        query = query.order_by(moment, row.release)
    listed = (await db.execute(query)).all()
    await require_intact(db, chain, "release", records=[each.record for each, _ in listed])
    found = [
        ReleaseSummary.model_validate(each).model_copy(update=at(when, changed_since))
        for each, when in listed
    ]
    when_of = {each.release: when for each, when in listed}
    if changed_since is None:
        return Page.of(found, page.limit, lambda one: str(one.release))
    return Page.of(found, page.limit, lambda one: str(Change(when_of[one.release], one.release)))


@router.get(
    "/releases/{release}",
    response_model=Release,
    responses=documents(
        IdSchemeUnknown, NoSuchRelease, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
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
    """Give a release with its whole document.

    What another system's codes say beside ours is no part of what the digests are of.
    """
    beside = await beside_of(ask, cycle_id, id_scheme)

    async def build(db: AsyncSession) -> Release | bytes:
        found = Release.model_validate(await find_release(db, cycle_id, release))
        return found if beside is None else beside.written(found)

    key = (cycle_id, release, beside and beside.key)
    return await kept_document(request, permit, key, versions_of("release"), cycle_id, build)


async def find_release(db: AsyncSession, cycle_id: UUID, release: int) -> ReleaseRow:
    """Return a release; refuse one that there is not, or that was altered."""
    row = await db.get(ReleaseRow, (cycle_id, release))
    if row is None:
        raise NoSuchRelease(f"There is no release {release}.", f"没有第{release}号发布。")
    await require_intact(db, str(cycle_id), "release", records=[row.record])
    return row

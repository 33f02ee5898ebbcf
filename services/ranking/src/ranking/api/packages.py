"""The package of a release: all that its ranking rests on, and a program that verifies it."""

import asyncio
from importlib.resources import files
from typing import Any
from uuid import UUID

from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.problems import Responses, documents
from chassis.refusals import Conflict
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from ranking.api.engine import source_of_rules
from ranking.api.rankings import all_reports, digests_of, told_reports
from ranking.api.releases import find_release
from ranking.package.verify import (
    EARLIER,
    ENGINE,
    MANIFEST,
    RELEASE,
    SCHEME,
    SHEET,
    SUCCESSIONS,
    VETOES_BEFORE,
    packed,
    sha256,
)
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import (
    NoSuchRelease,
    Number,
    find_ranking,
    newest_releases,
    require_releases,
)
from ranking.rules.lineage import concerning
from ranking.tables import RankingRow, ReleaseRow

router = Router(prefix="/cycles/{cycle_id}/releases/{release}/package", tags=["releases"])

ZIP = "application/zip"
ZIP_ANSWER: Responses = {
    200: {
        "description": "The archive, as an attachment.",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}
PROGRAM = "verify.py"


class InputsGone(Conflict):
    """The scheme or the score sheet is not as it was when the ranking was computed."""

    zh = "方案或得分表已不是计算排名时的内容。"
    remedy = (
        "Somebody has to look why what was published is not what is kept; take the newest release.",
        "已公布的内容与保存的不符，须查明原因；可先下载最新公布稿的核验包。",
    )


@router.get(
    "",
    response_class=Response,
    responses={
        **documents(
            InputsGone, NoSuchRelease, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
        ),
        **ZIP_ANSWER,
    },
)
async def read_package(
    cycle_id: UUID, release: Number, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Give the package of a release: scheme, score sheet, reports, approvals and the release as
    canonical JSON, the SHA-256 of each, and the program `verify.py`, which verifies them by itself.

    It shows every score of the category. Reports, last year's releases, who went on from whom and
    the list of the rules' source are in it as far as the ranking was computed from them.
    """
    row = await find_release(db, cycle_id, release)
    ranking = await find_ranking(db, cycle_id, row.edition)
    found = _told(row)
    inputs = found["manifest"]["inputs"]
    reports = await _reports(db, ranking, found, inputs)
    earlier = await _earlier(db, permit, inputs.get("previous_release"))
    await db.close()  # nobody's snapshot waits for other services
    read = await _inputs(ask, cycle_id, found, inputs)
    before = await _before(db, permit, ranking, read[SCHEME], inputs.get("previous_vetoes"))
    await db.close()
    before |= await _successions(ask, found, read[SCHEME], inputs.get("successions"))
    said = {RELEASE: found, **read, **reports, **earlier, **before, **_engine(found)}
    package = await asyncio.to_thread(_package, said)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="release-{release}.zip"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(package, headers=headers, media_type=ZIP)


def _told(row: ReleaseRow) -> dict[str, Any]:
    return {"manifest": row.manifest, "digest": row.digest, "document": row.document}


async def _inputs(
    ask: Peers, cycle_id: UUID, found: dict[str, Any], inputs: dict[str, str]
) -> dict[str, Any]:
    """Return scheme and score sheet as the release names them; refuse any others."""
    edition = found["document"]["score_sheet_edition"]
    sheet = await ask.scoring.whole_sheet(cycle_id=cycle_id, edition=edition)
    told = sheet.model_dump(mode="json", exclude={"digest"})
    if told["normalised"] is None:
        del told["normalised"]
    read = {SCHEME: await _scheme(ask, cycle_id, inputs["scheme"]), SHEET: told}
    for name, key in ((SCHEME, "scheme"), (SHEET, "score_sheet")):
        if journal.sha256(read[name]) != inputs[key]:
            raise InputsGone(f"{name} has another digest.", f"{name} 的摘要不同。")
    return read


async def _scheme(ask: Peers, cycle_id: UUID, digest: str) -> Any:  # noqa: ANN401 - as it was published
    """Return the scheme of a digest: the one in force, or else an earlier version."""
    now = await ask.indicators.whole_scheme(cycle_id=cycle_id)
    if now.digest == digest:
        return now.scheme
    versions = await ask.indicators.scheme_versions(cycle_id=cycle_id)
    found = next((each.version for each in versions if each.digest == digest), None)
    if found is None:
        return now.scheme
    version = await ask.indicators.scheme_version(cycle_id=cycle_id, version=found)
    return version.scheme


async def _reports(
    db: AsyncSession, ranking: RankingRow, found: dict[str, Any], inputs: dict[str, str]
) -> dict[str, Any]:
    """Return what was reported when the ranking was computed, as its digests are of it."""
    units = [each["unit"] for each in found["document"]["units"]]
    both = await all_reports(db, ranking.cycle_id, units, ranking.ranked_at)
    then = digests_of(*both)
    return {
        f"{name}.json": told_reports(some)
        for name, some in zip(("vetoes", "demotions"), both, strict=True)
        if then[name] == inputs[name]
    }


async def _earlier(db: AsyncSession, permit: Permission, digest: str | None) -> dict[str, Any]:
    """Return the release whose ranks tell equal totals apart, if one does; refuse whoever does not
    reach its cycle."""
    if digest is None:
        return {}
    row = await db.scalar(select(ReleaseRow).where(ReleaseRow.digest == digest))
    if row is None:
        return {}
    permit.within(row.cycle_id)
    await require_releases(db, row.cycle_id, [row])
    return {EARLIER: _told(row)}


async def _before(
    db: AsyncSession,
    permit: Permission,
    ranking: RankingRow,
    scheme: dict[str, Any],
    digest: str | None,
) -> dict[str, Any]:
    """Return last year's releases whose vetoes may count, as they were when it was ranked."""
    cycle = scheme["vetoes"].get("previous_cycle")
    if digest is None or cycle is None:
        return {}
    permit.within(UUID(cycle))
    rows = await newest_releases(db, UUID(cycle), ranking.ranked_at)
    same = journal.sha256([row.digest for row in rows]) == digest
    return {VETOES_BEFORE: [_told(row) for row in rows]} if same else {}


async def _successions(
    ask: Peers, found: dict[str, Any], scheme: dict[str, Any], digest: str | None
) -> dict[str, Any]:
    """Return which units of the category go on from which others, where the register of units
    still says what it said."""
    if digest is None:
        return {}
    units = [each["unit"] for each in found["document"]["units"]]
    year = int(scheme.get("assessment_year") or 0)
    told = [each.told for each in concerning(units, await ask.successions(), year)]
    return {SUCCESSIONS: told} if journal.sha256(told) == digest else {}


def _engine(found: dict[str, Any]) -> dict[str, Any]:
    """Return the source of the rules file by file, where it is still that of the release."""
    engine, told = found["manifest"].get("engine"), source_of_rules()
    same = engine is not None and engine["rules"] == journal.sha256(told)
    return {ENGINE: told} if same else {}


def _package(said: dict[str, Any]) -> bytes:
    content = {name: journal.canonical(each) for name, each in said.items()}
    program = files("ranking.package").joinpath(PROGRAM).read_bytes()
    content[PROGRAM] = program
    listed = {name: sha256(each) for name, each in content.items()}
    manifest = {"files": listed, "release": said[RELEASE]["digest"]}
    return packed(content | {MANIFEST: journal.canonical(manifest)})

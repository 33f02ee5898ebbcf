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
from ranking.api.rankings import all_reports, digests_of, told_reports
from ranking.api.releases import find_release
from ranking.package.verify import EARLIER, MANIFEST, RELEASE, SCHEME, SHEET, packed, sha256
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import NoSuchRelease, Number, require_releases
from ranking.tables import ReleaseRow

router = Router(prefix="/cycles/{cycle_id}/releases/{release}/package", tags=["releases"])

_ZIP = "application/zip"
_ANSWER: Responses = {
    200: {
        "description": "The package, as an attachment.",
        "content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}
PROGRAM = "verify.py"


class InputsGone(Conflict):
    """The scheme or the score sheet is not as it was when the ranking was computed."""

    zh = "方案或得分表已不是计算排名时的内容。"
    remedy = (
        "Take the package of a release before the scheme is published anew, or that of the newest.",
        "请在重新公布方案之前下载核验包，或下载最新公布稿的核验包。",
    )


@router.get(
    "",
    response_class=Response,
    responses={
        **documents(
            InputsGone, NoSuchRelease, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
        ),
        **_ANSWER,
    },
)
async def read_package(
    cycle_id: UUID, release: Number, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Give the package of a release: scheme, score sheet, reports, approvals and the release as
    canonical JSON, the SHA-256 of each, and the program `verify.py`, which verifies them by itself.

    It shows every score of the category. Reports are in it as long as they are those that the
    ranking was computed from.
    """
    row = await find_release(db, cycle_id, release)
    found = _told(row)
    inputs = found["manifest"]["inputs"]
    reports = await _reports(db, cycle_id, found, inputs)
    earlier = await _earlier(db, permit, inputs.get("previous_release"))
    await db.close()  # nobody's snapshot waits for other services
    said = {RELEASE: found, **await _inputs(ask, cycle_id, found, inputs), **reports, **earlier}
    package = await asyncio.to_thread(_package, said)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="release-{release}.zip"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(package, headers=headers, media_type=_ZIP)


def _told(row: ReleaseRow) -> dict[str, Any]:
    return {"manifest": row.manifest, "digest": row.digest, "document": row.document}


async def _inputs(
    ask: Peers, cycle_id: UUID, found: dict[str, Any], inputs: dict[str, str]
) -> dict[str, Any]:
    """Return scheme and score sheet as they were published; refuse any others."""
    scheme = await ask.indicators.whole_scheme(cycle_id=cycle_id)
    edition = found["document"]["score_sheet_edition"]
    sheet = await ask.scoring.whole_sheet(cycle_id=cycle_id, edition=edition)
    told = {SCHEME: scheme.scheme, SHEET: sheet.model_dump(mode="json", exclude={"digest"})}
    for name, key in ((SCHEME, "scheme"), (SHEET, "score_sheet")):
        if journal.sha256(told[name]) != inputs[key]:
            raise InputsGone(f"{name} has another digest.", f"{name} 的摘要不同。")
    return told


async def _reports(
    db: AsyncSession, cycle_id: UUID, found: dict[str, Any], inputs: dict[str, str]
) -> dict[str, Any]:
    """Return what was reported, as the ranking's digests are of it; later reports are none."""
    units = [each["unit"] for each in found["document"]["units"]]
    both = await all_reports(db, cycle_id, units)
    now = digests_of(*both)
    return {
        f"{name}.json": told_reports(some)
        for name, some in zip(("vetoes", "demotions"), both, strict=True)
        if now[name] == inputs[name]
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


def _package(said: dict[str, Any]) -> bytes:
    content = {name: journal.canonical(each) for name, each in said.items()}
    program = files("ranking.package").joinpath(PROGRAM).read_bytes()
    content[PROGRAM] = program
    listed = {name: sha256(each) for name, each in content.items()}
    manifest = {"files": listed, "release": said[RELEASE]["digest"]}
    return packed(content | {MANIFEST: journal.canonical(manifest)})

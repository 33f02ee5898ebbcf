"""A release as open data, for everybody: tables and JSON with a dictionary and a licence."""

import asyncio
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from ranking.api.packages import ZIP, ZIP_ANSWER
from ranking.api.published import find_public
from ranking.api.releases import policy_in
from ranking.api.shown import digest_of, part_of
from ranking.package.verify import packed
from ranking.queries import Number
from ranking.rules.open_data import Licence, files_of
from ranking.rules.publication import NothingPublic, Shown

door = Router(prefix="/public/cycles/{cycle_id}/releases/{release}/open-data", tags=["releases"])


@door.get(
    "",
    response_class=Response,
    responses={**documents(NothingPublic, StoredDataAltered), **ZIP_ANSWER},
)
async def read_open_data(cycle_id: UUID, release: Number, request: Request) -> Response:
    """Give what is shown of a release to everybody as one archive of open data: `units.csv`,
    `release.json`, of which the digest is, `dictionary.csv` and `datapackage.json`.

    The same release is the same bytes, as long as the installation names the same licence.
    """
    async with request.app.state.public_readings() as db:
        row = await find_public(db, cycle_id, release)
    content = part_of(row.manifest, row.document, policy_in(row).public or Shown())
    licence: Licence = request.app.state.open_data_licence
    told = content.model_dump(mode="json")
    files = await asyncio.to_thread(files_of, told, digest_of(content), licence)
    headers = {
        "Cache-Control": "public, no-cache",
        "Content-Disposition": f'attachment; filename="release-{release}-open-data.zip"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(await asyncio.to_thread(packed, files), headers=headers, media_type=ZIP)

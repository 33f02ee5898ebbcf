"""Contents that no file names: what is left where a process ended between keeping a file and
recording it, or where a command was refused in between.

For whoever runs the system, with the settings of the service:
`python -m scoring.api.evidence.cleaning` tells what there is, and removes it with `--remove`.
"""

import argparse
import asyncio
import datetime as dt
import re
from typing import NamedTuple

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.service import engine_for
from scoring.api.evidence.objects import Objects, StoredObject
from scoring.queries.evidence import alone_with_contents, named_contents
from scoring.settings import Settings

YOUNGEST = dt.timedelta(days=1)
"""What was written since is left alone: its file may be on its way into the record."""
_CONTENT = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")


class Orphans(NamedTuple):
    """How many contents no file names and how many bytes they have, how many files name theirs,
    how many are too young to say, and how many objects are none of ours."""

    orphans: int
    bytes: int
    named: int
    young: int
    foreign: int


async def clean(
    objects: Objects, engine: AsyncEngine, now: dt.datetime, *, removes: bool
) -> Orphans:
    """Tell how much no file names, and remove it if it is to be: never what a file names, also one
    that comes to name it at this moment."""
    found = Orphans(0, 0, 0, 0, 0)
    async for some in objects.listed():
        ours = [each for each in some if _CONTENT.fullmatch(each.place)]
        old = [each for each in ours if each.written_at < now - YOUNGEST]
        orphans = await _unnamed(objects, engine, old, removes=removes)
        found = Orphans(
            found.orphans + len(orphans),
            found.bytes + sum(each.size for each in orphans),
            found.named + len(old) - len(orphans),
            found.young + len(ours) - len(old),
            found.foreign + len(some) - len(ours),
        )
    return found


async def _unnamed(
    objects: Objects, engine: AsyncEngine, old: list[StoredObject], *, removes: bool
) -> list[StoredObject]:
    if not old:
        return []
    by_digest = {each.place.rpartition("/")[2]: each for each in old}
    async with engine.connect() as db:
        named = await named_contents(db, by_digest)
        if removes and len(named) < len(by_digest):
            await db.rollback()
            await alone_with_contents(db)
            named = await named_contents(db, by_digest)
            gone = [each.place for digest, each in by_digest.items() if digest not in named]
            await objects.remove(gone)
    return [each for digest, each in by_digest.items() if digest not in named]


async def _main(settings: Settings, *, removes: bool) -> Orphans:
    engine = engine_for(settings)
    try:
        return await clean(Objects(settings), engine, dt.datetime.now(dt.UTC), removes=removes)
    finally:
        await engine.dispose()


def main() -> None:
    """Tell what no file names, or remove it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--remove", action="store_true", help="remove what no file names")
    removes = parser.parse_args().remove
    found = asyncio.run(_main(Settings(), removes=removes))
    print(orjson.dumps({"removed": removes, **found._asdict()}).decode())  # noqa: T201 - its answer


if __name__ == "__main__":
    main()

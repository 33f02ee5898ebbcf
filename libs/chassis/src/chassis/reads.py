"""Reads that are on record: of what not everybody knows yet, each is logged before it is answered.

Which those are the authorisation table says (`logged`). The log is a chain of the service's own
journal: nobody can change it, checkpoints vouch for it, and whoever reads journals reads it. It is
written when the answer is made and committed before a byte of it leaves; where that fails, nobody
gets the answer. Told again that a document is still the one (304), a caller reads nothing.
"""

from typing import Any

import orjson
from fastapi import Request, Response

from chassis import metrics, realms
from chassis.authorisation import Permission, route_of
from chassis.db import driver_of
from chassis.identity import Caller
from chassis.scopes import READS

_LONGEST = 200
_MOST = 20


async def log_read(request: Request, answer: Response) -> None:
    """Record who reads what, if it is a read that is logged; raise what keeps that from being."""
    permission: Permission | None = getattr(request.state, "permission", None)
    if permission is None or answer.status_code != 200:
        return
    route = route_of(request)
    if not permission.is_logged(route):
        return
    with metrics.UNLOGGED.count_exceptions():
        await _record(request, route, permission.caller)


async def _record(request: Request, route: str, caller: Caller) -> None:
    async with request.app.state.sessions() as db:
        event = f"{db.info['service']}.read"
        told = _told(request, route, caller.person)
        if caller.purpose is not None:  # by a right that is not always the caller's
            told |= {"purpose": caller.purpose, "session": caller.session}
        body = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
        chain = realms.chain_of(READS, caller.realm)
        entry = (chain, caller.subject, caller.organisation or "", event, body.decode())
        driver = await driver_of(db)
        await driver.execute("SELECT FROM journal_append($1, $2, $3, $4, $5)", *entry)
        await db.commit()


def _told(request: Request, route: str, person: str) -> dict[str, Any]:
    """Return what was read: route, place and query, of which long values are cut off."""
    asked = [[name[:_LONGEST], value[:_LONGEST]] for name, value in _asked(request)]
    return {"route": route, "path": dict(request.path_params), "query": asked, "person": person}


def _asked(request: Request) -> list[tuple[str, str]]:
    return request.query_params.multi_items()[:_MOST]

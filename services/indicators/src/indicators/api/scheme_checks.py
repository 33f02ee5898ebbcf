"""Checks of a scheme that is only tried out: refused or completed as when saved, and not kept."""

import asyncio
from uuid import UUID

from fastapi import Response

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from indicators.api.scheme_faults import Effects, NewSchemeCheck
from indicators.api.schemes import Storable, YearDiffers, storable
from indicators.queries import (
    NoSuchCycle,
    earlier_cycles,
    find_cycle,
    jurisdiction_of,
    unit_kinds,
)
from indicators.rules.compiled import CompiledScheme, CompiledTooLarge
from indicators.rules.draft import SchemeFaulty
from indicators.rules.publication import SchemeUnsound, check_coherent
from indicators.rules.scheme import Scheme

router = Router("/cycles/{cycle_id}/scheme-checks", tags=["schemes"])


class CheckedScheme(Effects):
    """A scheme without faults as it would be stored, numbers exact and parameters complete.

    The digests are those that it would be published with, `compiled` is its compiled form, and
    `without_effect` names what it holds that changes nothing.
    """

    cycle_id: UUID
    digest: str
    scheme: Scheme
    compiled_digest: str
    compiled: CompiledScheme


@router.post(
    "",
    response_model=CheckedScheme,
    responses=documents(SchemeFaulty, CompiledTooLarge, SchemeUnsound, YearDiffers, NoSuchCycle),
)
async def check_scheme(
    cycle_id: UUID, new: NewSchemeCheck, db: Snapshot, permit: Permit
) -> Response:
    """Complete a scheme for this cycle as when it is saved, or name its faults; keep nothing.

    It must also name only what exists and agree with itself, as when it is published. Points need
    not sum: what one indicator's points would do is tried before the others' are settled.
    """
    cycle = await find_cycle(db, cycle_id)
    units = await unit_kinds(db, jurisdiction_of(cycle))
    earlier = await earlier_cycles(db, cycle)
    # Nothing more is read: the check must keep neither a connection nor other requests.
    await db.close()
    found = await asyncio.to_thread(storable, new.scheme, cycle)
    await asyncio.to_thread(check_coherent, found.scheme, units, "/scheme", earlier)
    body = await asyncio.to_thread(_written, cycle_id, found)
    return Response(body, media_type="application/json")


def _written(cycle_id: UUID, found: Storable) -> bytes:
    """Write the answer; four megabytes of it would keep everybody waiting on the event loop."""
    checked = CheckedScheme(
        cycle_id=cycle_id,
        digest=found.digest,
        scheme=found.scheme,
        compiled_digest=found.compiled_digest,
        compiled=found.compiled,
        **dict(found.effects),
    )
    return checked.model_dump_json().encode()

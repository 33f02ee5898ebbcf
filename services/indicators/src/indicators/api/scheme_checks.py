"""Checks of a scheme that is only tried out: refused or completed as when saved, and not kept."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import ValidationError

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents, faults_of
from chassis.refusals import Fault, Invalid
from chassis.routes import Router
from chassis.wire import Incoming, adapter_of
from indicators.api.schemes import Effects, Storable, YearDiffers, effects_of, storable
from indicators.queries import NoSuchCycle, earlier_cycles, find_cycle, unit_kinds
from indicators.rules.compiled import CompiledScheme, CompiledTooLarge, compile_scheme
from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.publication import SchemeUnsound, check_coherent, check_sound
from indicators.rules.references import named_units
from indicators.rules.scheme import Scheme

router = Router("/cycles/{cycle_id}/scheme-checks", tags=["schemes"])


class NewSchemeCheck(Incoming):
    """A scheme as it would be saved."""

    scheme: Scheme


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
    units, earlier = await unit_kinds(db), await earlier_cycles(db, cycle)
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


def look_over(document: object, units: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Check a scheme without a cycle, a database or a server; return plain JSON.

    `faults` are all that publishing it would be refused for, as far as they can be told: what
    cannot be read hides what it would mean. Without faults there are the completed `scheme`, its
    `compiled` form, and `without_effect`. `units` are the kinds of the registered units by code;
    without them all units count as registered that the scheme names, of the kinds in `named_units`.
    Whether there is the earlier cycle that it names is not asked.
    """
    try:
        exact = complete(NewSchemeCheck.model_validate({"scheme": document}).scheme)
        compiled = compile_scheme(exact)
        check_sound(exact, named_units(exact) if units is None else units)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        inside = [
            replace(each, pointer=each.pointer[len("/scheme") :])
            for each in faults_of(found, {"scheme": document})
        ]
        return _found(inside)
    except Invalid as refusal:
        return _found(refusal.faults)
    return _found(()) | {
        "named_units": named_units(exact),
        "scheme": adapter_of(Scheme).dump_python(exact, mode="json"),
        "compiled": adapter_of(CompiledScheme).dump_python(compiled, mode="json"),
        **adapter_of(Effects).dump_python(effects_of(exact), mode="json"),
    }


def _found(faults: Sequence[Fault]) -> dict[str, Any]:
    return {
        "faults": adapter_of(list[Fault]).dump_python(list(faults), mode="json"),
        "without_effect": [],
    }

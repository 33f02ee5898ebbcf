"""Other systems' codes (代码体系): by which units are named in what comes, and told beside ours."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Query

from chassis.refusals import Fault
from chassis.wire import Code
from survey.peers import IdSchemeCodes, Indicators, PeerMissing
from survey.rules.batch import IdSchemeUnknown

OWN_CODES = "code"

IdScheme = Annotated[
    Code,
    Query(
        description="By which codes units are named: `code` (ours), `uscc` (unified social credit "
        "codes), or a registered id scheme, such as `hr`."
    ),
]
"""By whose codes units are named."""

ReadInScheme = Annotated[
    Code,
    Query(
        alias="id_scheme",
        description="Another system's codes, told beside ours as `unit_in_scheme`: `uscc` (unified "
        "social credit codes) or a registered id scheme; null where none means it, or several do.",
    ),
]
"""In whose codes units are told beside ours."""


async def meant_at(
    ask: Indicators, cycle_id: UUID, id_scheme: str, moment: dt.datetime
) -> Mapping[str, str] | None:
    """Return which of our units each code of another system means on the day of a moment, None of
    our own codes."""
    if id_scheme == OWN_CODES:
        return None
    zone = (await ask.published_scheme(cycle_id=cycle_id)).scheme.time_zone
    codes = await codes_of(ask, cycle_id, id_scheme)
    return codes.meant(moment.astimezone(ZoneInfo(zone)).date()) if codes else None


async def codes_of(ask: Indicators, cycle_id: UUID, id_scheme: str) -> IdSchemeCodes | None:
    """Return what the codes of another system mean in a cycle, None of our own; refuse a system
    that is not registered."""
    if id_scheme == OWN_CODES:
        return None
    try:
        return await ask.id_scheme(cycle_id=cycle_id, id_scheme=id_scheme)
    except PeerMissing as missing:
        en, zh = f"{id_scheme} is none.", f"{id_scheme} 未登记。"
        faults = [Fault("/query/id_scheme", "unknown-id-scheme", en, zh)]
        raise IdSchemeUnknown(en, zh, faults=faults) from missing

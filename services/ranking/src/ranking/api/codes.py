"""Other systems' codes (代码体系), told beside ours in what is read."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.elsewhere import Beside
from chassis.refusals import Fault
from chassis.wire import Code
from ranking.peers import PeerMissing, Peers
from ranking.rules.codes import OWN_CODES, IdSchemeUnknown

ReadInScheme = Annotated[
    Code,
    Query(
        alias="id_scheme",
        description="Another system's codes, told beside ours as `unit_in_scheme`: `uscc` (unified "
        "social credit codes) or a registered id scheme; null where none means it, or several do.",
    ),
]
"""In whose codes units are told beside ours."""


async def beside_of(ask: Peers, cycle_id: UUID, id_scheme: str) -> Beside | None:
    """Return what stands beside the units of a document of a cycle, nothing beside our codes;
    refuse a system that is not registered."""
    if id_scheme == OWN_CODES:
        return None
    try:
        codes = await ask.indicators.id_scheme(cycle_id=cycle_id, id_scheme=id_scheme)
    except PeerMissing as missing:
        en, zh = f"{id_scheme} is none.", f"{id_scheme} 未登记。"
        faults = [Fault("/query/id_scheme", "unknown-id-scheme", en, zh)]
        raise IdSchemeUnknown(en, zh, faults=faults) from missing
    return codes.beside

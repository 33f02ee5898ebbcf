"""Entries that name units and indicators by the codes of another system (代码体系)."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.elsewhere import Beside
from chassis.refusals import Fault
from chassis.wire import Code
from scoring.peers import IdSchemeCodes, PeerMissing, Peers
from scoring.queries.ledger import today
from scoring.rules.ledger.codes import OWN_CODES, IdSchemeUnknown, translated
from scoring.rules.ledger.shapes import Draft
from scoring.rules.scheme.document import Scheme

IdScheme = Annotated[
    Code,
    Query(
        description="By which codes units and indicators are named: `code` (ours), `uscc` "
        "(unified social credit codes of units), or a registered id scheme, such as `hr`."
    ),
]
"""By whose codes units and indicators are named."""


ReadInScheme = Annotated[
    Code,
    Query(
        alias="id_scheme",
        description="Another system's codes, told beside ours as `unit_in_scheme` and "
        "`indicator_in_scheme`: `uscc` (unified social credit codes of units) or a registered id "
        "scheme; null where none means it, or several do.",
    ),
]
"""In whose codes units and indicators are told beside ours."""


async def beside_of(ask: Peers, cycle_id: UUID, id_scheme: str) -> Beside | None:
    """Return what stands beside the codes of a document of a cycle, nothing beside ours."""
    codes = await codes_of(ask, cycle_id, id_scheme)
    return None if codes is None else codes.beside


async def codes_of(ask: Peers, cycle_id: UUID, id_scheme: str) -> IdSchemeCodes | None:
    """Return what the codes of another system mean in a cycle, None of our own; refuse a system
    that is not registered."""
    if id_scheme == OWN_CODES:
        return None
    try:
        return await ask.indicators.id_scheme(cycle_id=cycle_id, id_scheme=id_scheme)
    except PeerMissing as missing:
        en, zh = f"{id_scheme} is none.", f"{id_scheme} 未登记。"
        faults = [Fault("/query/id_scheme", "unknown-id-scheme", en, zh)]
        raise IdSchemeUnknown(en, zh, faults=faults) from missing


async def in_our_codes(
    db: AsyncSession,
    codes: IdSchemeCodes | None,
    id_scheme: str,
    drafts: Mapping[int, Draft],
    scheme: Scheme,
) -> tuple[Mapping[int, Draft], dict[int, list[Fault]]]:
    """Return entries in our codes, and the faults of those whose codes mean nothing on their
    days."""
    if codes is None:
        return drafts, {}
    day = await today(db, scheme.time_zone)
    return translated(drafts, id_scheme, codes.of_units, codes.of_indicators, day)


def of_id_scheme(id_scheme: str) -> dict[str, str]:
    """Return what the journal says of the codes in which something came; of ours nothing."""
    return {} if id_scheme == OWN_CODES else {"id_scheme": id_scheme}

"""Entry forms (录入表): what is entered for each indicator of the scheme in force."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.kept import kept_document
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Outgoing
from indicators.api.publications import OF_SCHEMES
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_compiled,
    find_cycle,
    scheme_in_force,
)
from indicators.rules.entry_forms import Asked, CategoryForms, NotInScheme, entry_forms

router = Router("/cycles/{cycle_id}/entry-forms", tags=["schemes"])


class EntryForms(Outgoing):
    """What is entered by the scheme in force, whose version and digests these are."""

    cycle_id: UUID
    version: int
    digest: str
    compiled_digest: str
    categories: list[CategoryForms]


@router.get(
    "",
    response_model=EntryForms,
    responses=documents(NoSuchCycle, SchemeNotPublished, NotInScheme),
)
async def read_entry_forms(
    cycle_id: UUID,
    request: Request,
    permit: Permit,
    category: Annotated[Code | None, Query()] = None,
    unit: Annotated[Code | None, Query()] = None,
    indicator: Annotated[Code | None, Query()] = None,
    tag: Annotated[Code | None, Query()] = None,
) -> Response:
    """Give what is entered for each indicator, of one category, unit, indicator or tag if asked."""
    asked = Asked(category, unit, indicator, tag)

    async def build(db: AsyncSession) -> EntryForms:
        await find_cycle(db, cycle_id)
        row, _ = await scheme_in_force(db, cycle_id)
        compiled = await find_compiled(db, row)
        return EntryForms(
            cycle_id=cycle_id,
            version=row.version,
            digest=row.digest,
            compiled_digest=compiled.digest,
            categories=list(entry_forms(row.scheme, compiled.compiled, asked)),
        )

    key = (cycle_id, category, unit, indicator, tag)
    return await kept_document(request, permit, key, OF_SCHEMES, cycle_id, build)

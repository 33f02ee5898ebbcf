"""Entry forms (录入表): what is entered for each indicator of the scheme in force."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import PlainSerializer
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.kept import kept_document
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Outgoing
from indicators.api.publications import OF_SCHEMES
from indicators.queries import (
    CompiledForm,
    NoSuchCycle,
    SchemeInForce,
    SchemeNotPublished,
    find_compiled,
    find_cycle,
    scheme_in_force,
)
from indicators.rules.entry_forms import Asked, CategoryForms, NotInScheme, entry_forms
from indicators.rules.entry_schemas import NoEntryForm, entry_schema

router = Router("/cycles/{cycle_id}", tags=["schemes"])


class EntryForms(Outgoing):
    """What is entered by the scheme in force, whose version and digests these are."""

    cycle_id: UUID
    version: int
    digest: str
    compiled_digest: str
    categories: list[CategoryForms]


def _in_json(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a schema with its numbers as JSON writes them; limits have few digits."""
    if isinstance(value, dict):
        return {name: _in_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_in_json(each) for each in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


class EntrySchema(Outgoing):
    """The JSON Schema (2020-12) of one entry for an indicator, by the scheme in force.

    `title` of whatever is in it is Chinese, `x-title-en` English. It takes what the intake takes in
    form, numbers as JSON numbers.
    """

    cycle_id: UUID
    version: int
    digest: str
    compiled_digest: str
    indicator: str
    unit: str | None
    entry: Annotated[dict[str, Any], PlainSerializer(_in_json, return_type=dict[str, Any])]


async def _in_force(db: AsyncSession, cycle_id: UUID) -> tuple[SchemeInForce, CompiledForm]:
    """Return the scheme in force of a cycle and its compiled form."""
    await find_cycle(db, cycle_id)
    row = await scheme_in_force(db, cycle_id)
    return row, await find_compiled(db, row)


@router.get(
    "/entry-forms",
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
    """Give what is to be entered for each indicator; of one category, unit, indicator or tag if
    asked.
    """
    asked = Asked(category, unit, indicator, tag)

    async def build(db: AsyncSession) -> EntryForms:
        row, compiled = await _in_force(db, cycle_id)
        return EntryForms(
            cycle_id=cycle_id,
            version=row.version,
            digest=row.digest,
            compiled_digest=compiled.digest,
            categories=list(entry_forms(row.scheme, compiled.compiled, asked)),
        )

    key = (cycle_id, category, unit, indicator, tag)
    return await kept_document(request, permit, key, OF_SCHEMES, cycle_id, build)


@router.get(
    "/indicators/{indicator}/entry-form",
    response_model=EntrySchema,
    responses=documents(NoSuchCycle, SchemeNotPublished, NotInScheme, NoEntryForm),
)
async def read_entry_form(
    cycle_id: UUID,
    indicator: Annotated[Code, Path()],
    request: Request,
    permit: Permit,
    unit: Annotated[Code | None, Query()] = None,
) -> Response:
    """Give the JSON Schema of one ledger entry for an indicator, of one unit if asked: a form can
    be made of it.
    """

    async def build(db: AsyncSession) -> EntrySchema:
        row, compiled = await _in_force(db, cycle_id)
        return EntrySchema(
            cycle_id=cycle_id,
            version=row.version,
            digest=row.digest,
            compiled_digest=compiled.digest,
            indicator=indicator,
            unit=unit,
            entry=entry_schema(row.scheme, compiled.compiled, indicator, unit),
        )

    key = (cycle_id, indicator, unit)
    return await kept_document(request, permit, key, OF_SCHEMES, cycle_id, build)

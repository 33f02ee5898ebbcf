"""The indicators service, assembled."""

import httpx
from fastapi import FastAPI

from chassis.service import create_service
from indicators.api import (
    burden,
    calendars,
    changed_codes,
    code_mappings,
    consultations,
    cycles,
    decompositions,
    entry_forms,
    handed_up,
    id_schemes,
    inspections,
    jurisdictions,
    letter_documents,
    letters,
    mapping_lists,
    names,
    next_schemes,
    projects,
    publications,
    scheme_checks,
    scheme_comments,
    schemes,
    superior_cycles,
    superior_standings,
    target_cascades,
    target_conflicts,
    target_decisions,
    target_moves,
    target_requests,
    targets,
    tasks,
    units,
    work_plans,
)
from indicators.events import EVENTS
from indicators.settings import Settings


def create_app(
    settings: Settings | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """Return the indicators service."""
    resources = [units, cycles, schemes, scheme_checks, publications, entry_forms, next_schemes]
    resources += [consultations, scheme_comments]
    resources += [
        target_moves,
        target_decisions,
        targets,
        target_conflicts,
        target_requests,
        target_cascades,
        work_plans,
        projects,
        letters,
        letter_documents,
    ]
    resources += [id_schemes, code_mappings, mapping_lists, names, tasks, calendars]
    resources += [decompositions, superior_cycles, handed_up, superior_standings]
    resources += [inspections, burden, jurisdictions, changed_codes]
    routers = [resource.router for resource in resources]
    return create_service(
        "indicators", settings or Settings(), routers, events=EVENTS, transport=transport
    )

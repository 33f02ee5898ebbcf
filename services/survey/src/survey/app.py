"""The survey service, assembled."""

import httpx
from fastapi import FastAPI

from chassis.service import create_service
from survey.api import (
    ballots,
    batches,
    estimates,
    estimates_over_waves,
    export_mappings,
    files,
    links,
    meeting_counts,
    open_forms,
    opinion_reviews,
    opinions,
    plans,
    progress,
    questionnaires,
    reconciliation,
    rectification,
    sample_decisions,
    satisfaction,
    screens,
    seats,
    stops,
    surveys,
    tables,
    tasks,
    voidings,
    waves,
    withdrawals,
)
from survey.events import EVENTS
from survey.settings import Settings


def create_app(
    settings: Settings | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """Return the survey service."""
    routers = [
        surveys.router,
        questionnaires.router,
        waves.router,
        plans.router,
        stops.router,
        voidings.router,
        batches.router,
        withdrawals.router,
        opinions.router,
        opinion_reviews.router,
        opinion_reviews.published_router,
        rectification.router,
        export_mappings.router,
        files.router,
        files.batch_router,
        reconciliation.router,
        meeting_counts.router,
        seats.router,
        ballots.router,
        links.router,
        open_forms.router,
        sample_decisions.router,
        screens.router,
        satisfaction.router,
        estimates.router,
        estimates_over_waves.router,
        tables.router,
        tasks.router,
        progress.router,
    ]
    return create_service(
        "survey", settings or Settings(), routers, events=EVENTS, transport=transport
    )

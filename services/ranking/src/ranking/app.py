"""The ranking service, assembled."""

import httpx
from fastapi import FastAPI

from chassis.service import create_service
from ranking.api import (
    approvals,
    changes,
    notice_objections,
    notices,
    papers,
    rankings,
    releases,
    report_steps,
    reports,
    simulations,
    surveyed,
    tasks,
)
from ranking.events import EVENTS
from ranking.settings import Settings


def create_app(
    settings: Settings | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """Return the ranking service; tests pass a `transport` to stand in for the network."""
    routers = [
        reports.router,
        report_steps.router,
        rankings.router,
        surveyed.router,
        simulations.router,
        approvals.router,
        releases.router,
        notices.router,
        notices.public,
        notice_objections.router,
        notice_objections.public,
        changes.router,
        papers.router,
        tasks.router,
    ]
    return create_service(
        "ranking", settings or Settings(), routers, events=EVENTS, transport=transport
    )

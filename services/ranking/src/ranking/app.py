"""The ranking service, assembled."""

from datetime import timedelta

import httpx
from fastapi import FastAPI

from chassis.sealing import SealingKeys
from chassis.service import create_service
from chassis.suites import SUITES
from ranking.api import (
    approvals,
    changes,
    comparison,
    consequences,
    cross_lists,
    delegations,
    distributions,
    embargoes,
    inferior_cycles,
    linked,
    linked_readings,
    notice_contacts,
    notice_objections,
    notice_withdrawals,
    notices,
    open_data,
    packages,
    papers,
    public_cycles,
    published,
    rankings,
    releases,
    report_steps,
    reports,
    reports_followed,
    simulations,
    steps,
    surveyed,
    tasks,
    uncertain,
    veto_counts,
)
from ranking.api.visibility import TOLD_LATER
from ranking.events import EVENTS
from ranking.rules.open_data import Licence
from ranking.settings import Settings


def create_app(
    settings: Settings | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """Return the ranking service; tests pass a `transport` to stand in for the network."""
    routers = [
        reports.router,
        report_steps.router,
        veto_counts.router,
        rankings.router,
        surveyed.router,
        uncertain.router,
        simulations.router,
        approvals.router,
        steps.router,
        delegations.router,
        releases.router,
        notices.router,
        notices.public,
        notice_objections.router,
        notice_objections.public,
        notice_withdrawals.router,
        notice_withdrawals.public,
        notice_contacts.router,
        embargoes.router,
        changes.router,
        consequences.router,
        reports_followed.router,
        distributions.router,
        linked.router,
        linked_readings.router,
        comparison.router,
        papers.router,
        packages.router,
        cross_lists.router,
        published.router,
        public_cycles.door,
        inferior_cycles.router,
        published.door,
        open_data.door,
        tasks.router,
    ]
    settings = settings or Settings()
    app = create_service(
        "ranking",
        settings,
        routers,
        events=EVENTS,
        told_later=TOLD_LATER,
        transport=transport,
    )
    app.state.embargo_lead = timedelta(seconds=settings.embargo_lead_seconds)
    app.state.open_data_licence = Licence(
        settings.open_data_licence_name,
        settings.open_data_licence_title,
        settings.open_data_licence_path,
    )
    app.state.linked_keys = SealingKeys(settings.linked_keys, SUITES[settings.cryptography])
    app.state.contact_keys = app.state.linked_keys
    return app

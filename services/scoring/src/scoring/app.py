"""The scoring service, assembled."""

import httpx
from fastapi import FastAPI

from chassis.service import create_service
from scoring.api import (
    claim_confirmations,
    claim_withdrawals,
    claims,
    diagnostics,
    differences,
    drafts,
    explanations,
    ledger,
    ledger_entries,
    outlook,
    reversals,
    score_sheets,
    simulations,
    verification,
)
from scoring.api.recent import Recent
from scoring.settings import Settings


def create_app(
    settings: Settings | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """Return the scoring service."""
    routers = [
        ledger_entries.router,
        verification.router,
        reversals.router,
        drafts.router,
        ledger.router,
        claims.router,
        claim_confirmations.router,
        claim_withdrawals.router,
        score_sheets.router,
        explanations.router,
        differences.router,
        diagnostics.router,
        outlook.router,
        simulations.router,
    ]
    app = create_service("scoring", settings or Settings(), routers, transport=transport)
    app.state.recent = Recent()
    return app

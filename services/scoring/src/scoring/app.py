"""The scoring service, assembled."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
from fastapi import FastAPI

from chassis.sealing import SealingKeys
from chassis.service import create_service
from chassis.suites import SUITES
from scoring.api.appeals import objections
from scoring.api.checks import draws
from scoring.api.checks import findings as check_findings
from scoring.api.checks import frauds as check_frauds
from scoring.api.checks import second as check_second
from scoring.api.checks import sheets as check_sheets
from scoring.api.checks import teams as check_teams
from scoring.api.claims import (
    arrivals,
    authorities,
    claims,
    confirmations,
    filings,
    highlights,
    registered_awards,
    withdrawals,
)
from scoring.api.claims.turns import turns_of
from scoring.api.complaints import contacts as complaint_contacts
from scoring.api.complaints import events as complaint_events
from scoring.api.complaints import moves as complaint_moves
from scoring.api.complaints import public as complaint_public
from scoring.api.complaints import ratings as complaint_ratings
from scoring.api.complaints import reading as complaint_reading
from scoring.api.complaints import registration as complaint_registration
from scoring.api.corrections import corrections
from scoring.api.duties import cards, daily, desk, duties, in_charge
from scoring.api.evidence import (
    archive,
    duplicates,
    files,
    listing,
    naming,
    restoration,
    restoration_proposals,
)
from scoring.api.evidence.store import EvidenceStore
from scoring.api.explanation import explanations
from scoring.api.items import events as item_events
from scoring.api.items import moves as item_moves
from scoring.api.items import reading as item_reading
from scoring.api.items import registration as item_registration
from scoring.api.items import reports as item_reports
from scoring.api.ledger import (
    adoptions,
    alike,
    completeness,
    drafts,
    entries,
    exports,
    histories,
    parked,
    periods,
    posting,
    progress,
    restatements,
    reversals,
    sealing,
    signatures,
    tasks,
    templates,
    uses,
    verification,
)
from scoring.api.reports import (
    diagnostics,
    differences,
    lights,
    lineage,
    matters,
    next_schemes,
    obligations,
    outlook,
    own_marks,
    own_simulations,
    projects,
    simulations,
    so_far,
    stage_releases,
    stages,
    superior_ranks,
    unscored,
    warnings,
)
from scoring.api.self_evaluations import reading as self_evaluation_reading
from scoring.api.self_evaluations import rounds
from scoring.api.sheet import marks, score_sheets
from scoring.events import EVENTS
from scoring.peers import give_daily_commands
from scoring.rules.evidence.scanner import Address
from scoring.settings import Settings


def create_app(
    settings: Settings | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """Return the scoring service."""
    routers = [
        posting.router,
        alike.router,
        adoptions.router,
        uses.router,
        entries.router,
        exports.router,
        templates.router,
        signatures.router,
        verification.router,
        reversals.router,
        restatements.router,
        histories.router,
        drafts.router,
        sealing.router,
        periods.router,
        completeness.router,
        unscored.router,
        warnings.router,
        progress.router,
        lights.router,
        duties.router,
        cards.router,
        in_charge.router,
        desk.router,
        tasks.router,
        parked.router,
        authorities.router,
        claims.router,
        confirmations.router,
        filings.router,
        withdrawals.router,
        arrivals.router,
        highlights.router,
        registered_awards.router,
        draws.router,
        check_teams.router,
        check_sheets.router,
        check_findings.router,
        check_frauds.router,
        check_second.router,
        rounds.router,
        self_evaluation_reading.router,
        objections.router,
        listing.router,
        item_registration.router,
        item_reports.router,
        item_moves.router,
        item_reading.router,
        item_events.router,
        complaint_registration.router,
        complaint_moves.router,
        complaint_reading.router,
        complaint_contacts.router,
        complaint_events.router,
        complaint_ratings.router,
        complaint_public.router,
        files.router,
        naming.entries,
        naming.claims,
        duplicates.router,
        archive.router,
        restoration.router,
        restoration_proposals.router,
        corrections.router,
        score_sheets.router,
        marks.router,
        explanations.router,
        differences.router,
        diagnostics.router,
        next_schemes.router,
        outlook.router,
        simulations.router,
        own_simulations.router,
        so_far.router,
        matters.router,
        stages.router,
        stage_releases.router,
        lineage.router,
        obligations.router,
        projects.router,
        own_marks.router,
        superior_ranks.router,
    ]
    settings = settings or Settings()
    app = create_service("scoring", settings, routers, events=EVENTS, transport=transport)
    app.state.claim_turns = turns_of(settings.pool_size)
    app.state.evidence = EvidenceStore(settings)
    app.state.contact_keys = SealingKeys(settings.complaint_keys, SUITES[settings.cryptography])
    app.state.evidence_scanner = Address.of(settings.evidence_scanner)
    begin = app.router.lifespan_context

    @asynccontextmanager
    async def begun(app: FastAPI) -> AsyncIterator[None]:
        await app.state.evidence.require_usable()
        async with begin(app), looking(app, settings):
            yield

    app.router.lifespan_context = begun
    return app


@asynccontextmanager
async def looking(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    """Have the service look at the duties while it runs, where it was given an account for that, or
    one of each jurisdiction."""
    if not settings.duty_account:
        yield
        return
    line, secrets = app.state.peer_connection, settings.duty_secret.get_secret_value()
    accounts = daily.accounts(settings.duty_account, secrets)
    looks = [partial(give_daily_commands, line, *each) for each in accounts]
    look = partial(daily.look_by_each, looks)
    looking = asyncio.create_task(daily.look_again(look, settings.duty_seconds))
    try:
        yield
    finally:
        looking.cancel()

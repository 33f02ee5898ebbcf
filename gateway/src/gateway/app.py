"""The gateway, assembled: its own service, and the door in front of all services."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.datastructures import State

from chassis.service import create_service
from chassis.suites import SUITES
from chassis.watching import WATCH
from gateway import access_tokens, looks, sealed
from gateway.api import (
    account_changes,
    account_names,
    account_resets,
    account_secrets,
    account_sessions,
    accounts,
    browser_session,
    checkpoints,
    confirmations,
    console,
    emergency_grants,
    events,
    jurisdiction_closings,
    me,
    message_keys,
    messages,
    openid,
    passwords,
    proposals,
    reference,
    second_factors,
    sessions,
    tasks,
    tokens,
    webhook_deliveries,
    webhook_hosts,
    webhooks,
)
from gateway.attempts import Attempts
from gateway.bounded_cache import BoundedCache, Remembered
from gateway.browser_sessions import BrowserSessions, OwnTokens, TokenSource
from gateway.carriers import Carrier, InProcessCarrier, TcpCarrier
from gateway.checkpoints import Checkpoints, Notary, now
from gateway.closed import ClosedJurisdictions
from gateway.cross_origin import OpenFront
from gateway.documents import SERVICES, Reference
from gateway.emergencies import Emergencies
from gateway.events import EVENTS
from gateway.feed import Events, Pulse, pulses_of
from gateway.front import Front
from gateway.hashing import Hasher
from gateway.keys import KeyRing
from gateway.messages.desk import Desk
from gateway.messages.keys import reader as reader_of_keys
from gateway.neighbours import Neighbours
from gateway.openid import Provider
from gateway.provided_tokens import ProvidedTokens
from gateway.queries import PresentAccount
from gateway.rules.limits import Allowance
from gateway.sealed import Sealer
from gateway.second_factors import SecondFactors
from gateway.separation import name_misheld
from gateway.settings import Settings
from gateway.standing import AccountStandings, reader
from gateway.usage import Usage
from gateway.waiting import WaitingRoom
from gateway.webhooks.courier import Courier
from gateway.webhooks.hearing import TOKEN_SECONDS, AccountHearing
from gateway.webhooks.sender import Sender

_LOOK_SECONDS = 300.0
"""How often it is looked whether a checkpoint is due."""

_ACCOUNTS = 10_000
"""Of so many accounts that sign messages the keys are remembered."""


def create_api(settings: Settings) -> FastAPI:
    """Return the gateway's own service: sign-in, accounts, reference; without the door."""
    api: FastAPI

    async def own_door(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        await api(scope, receive, send)

    # The gateway checks tokens as every service does, with the keys that it publishes itself.
    itself = None if settings.jwks_url else httpx.ASGITransport(own_door, client=("itself", 0))
    routers = [
        tokens.router,
        browser_session.router,
        accounts.router,
        me.router,
        tasks.router,
        passwords.router,
        second_factors.router,
        sessions.router,
        sessions.revocation,
        events.router,
        message_keys.router,
        messages.router,
        account_changes.router,
        account_secrets.router,
        account_resets.router,
        account_sessions.router,
        account_names.router,
        confirmations.router,
        proposals.router,
        emergency_grants.router,
        jurisdiction_closings.router,
        checkpoints.router,
        webhook_hosts.router,
        webhooks.router,
        webhook_deliveries.router,
        reference.router,
        reference.pages,
        console.pages,
        openid.pages,
    ]
    api = create_service("gateway", settings, routers, events=EVENTS, transport=itself)
    api.mount("/docs/assets", reference.assets())
    api.state.settings = settings
    api.state.keys = KeyRing(settings.keys_dir, settings.algorithm)
    return api


def create_app(
    settings: Settings | None = None,
    transports: Mapping[str, httpx.AsyncBaseTransport] | None = None,
) -> Front:
    """Return the gateway. Tests pass `transports`: by name, services in this very process."""
    settings = settings or Settings()
    api = create_api(settings)
    carrier: Carrier
    if transports is None:
        if missing := sorted(set(SERVICES) - set(settings.upstreams)):
            raise ValueError(f"UPSTREAMS does not say where these are: {', '.join(missing)}")
        secured = settings.tls
        secured.require(settings.database_url, settings.upstreams)
        carrier = TcpCarrier(
            settings.upstreams, secure=secured.asking(), silence=settings.silence_seconds
        )
    else:
        carrier = InProcessCarrier(transports)
    usage = Usage(Allowance(settings.requests_per_second, settings.burst))
    an_hour, at_once = settings.complaints_per_hour, settings.complaints_at_once
    seldom = Usage(Allowance(an_hour / 3600, at_once), "seldom")
    _start_with(api, carrier, settings, (usage, seldom))
    front = OpenFront if settings.allowed_origins else Front
    return front(api, carrier=carrier, settings=settings, usage=usage, seldom=seldom)


def _start_with(
    api: FastAPI, carrier: Carrier, settings: Settings, allowances: tuple[Usage, ...]
) -> None:
    """Start and stop what the gateway has beyond a service together with the service."""
    start_service = api.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if settings.identity == "embedded":
            app.state.keys.ensure()
        suite = SUITES[settings.cryptography]
        app.state.sealing_key = sealed.Key(sealed.ensured(settings.keys_dir), suite)
        app.state.second_factors = SecondFactors(app.state.sealing_key)
        # By it each gateway knows the passes of all others.
        app.state.capacity.key = Sealer(app.state.sealing_key, "passes").name(b"door").encode()
        app.state.clock = time.time
        app.state.hasher = Hasher(settings)
        app.state.attempts = Attempts(
            settings.sign_in_failures,
            Allowance(settings.sign_ins_per_second, settings.sign_in_burst),
        )
        app.state.room = WaitingRoom(
            settings.hashing_slots, settings.sign_in_places, settings.sign_in_share
        )
        async with start_service(app), carrier, _provider(settings) as app.state.provider:
            app.state.provided = (
                ProvidedTokens(app.state.sessions, app.state.provider, app.state.sealing_key)
                if app.state.provider is not None
                else None
            )
            if unknown := sorted({*settings.second_factor_roles} - {*app.state.matrix.roles}):
                raise ValueError(f"SECOND_FACTOR_ROLES names unknown roles: {unknown}")
            # An outside provider keeps the accounts, and says by the life of its tokens how long
            # one that it disabled goes on.
            app.state.standings = (
                AccountStandings(reader(app.state.sessions), settings.account_seconds)
                if settings.identity == "embedded"
                else None
            )
            app.state.closed = (
                ClosedJurisdictions(app.state.sessions, settings.account_seconds)
                if settings.identity == "embedded"
                else None
            )
            if settings.identity == "embedded":
                await name_misheld(app.state.sessions, app.state.matrix)
            app.state.emergencies = (
                Emergencies(app.state.sessions, app.state.matrix)
                if settings.identity == "embedded"
                else None
            )
            app.state.browsers = _browsers(app, settings)
            app.state.desk = _desk(app, settings)
            app.state.events = _events(app, settings)
            app.state.reference = Reference(app.openapi, carrier, app.state.matrix, settings)
            app.state.reached = BoundedCache(me.KEPT)
            app.state.neighbours = Neighbours(app.state.sessions, [*allowances, app.state.attempts])
            app.state.sender = sender_of(app.state, settings)
            app.state.notary = _notary(app, settings)
            _watch(app, carrier, settings)
            working = [asyncio.create_task(app.state.neighbours.run())]
            if settings.identity == "embedded":
                working.append(asyncio.create_task(app.state.sender.run()))
                working.append(asyncio.create_task(_checkpoints(app, settings)))
            yield
            for each in working:
                each.cancel()
            await asyncio.wait(working)  # they may have had a connection, which they give back
            app.state.sender.courier.close()

    api.router.lifespan_context = lifespan


def _watch(app: FastAPI, carrier: Carrier, settings: Settings) -> None:
    """Have whoever watches told of the parts, of webhooks and of checkpoints as well."""
    WATCH.add("parts", looks.parts(carrier))
    WATCH.add("webhooks", looks.webhooks(app.state.looks))
    WATCH.add("newest checkpoint", looks.newest_checkpoint(settings.checkpoints_dir))


def _notary(app: FastAPI, settings: Settings) -> Notary:
    suite = settings.cryptography
    kept = Checkpoints(settings.checkpoints_dir, settings.checkpoint_keys_dir, suite)
    kept.ensure()
    return Notary(kept, app.state.services, app.state.sessions, now)


async def _checkpoints(app: FastAPI, settings: Settings) -> None:
    """Have a checkpoint made each day, reading the journals' heads as the gateway itself."""

    def told() -> dict[str, str]:
        return {"authorization": f"Bearer {access_tokens.own_token(app.state)}"}

    seconds = settings.checkpoint_hours * 3600
    await app.state.notary.make_daily(told, seconds, min(_LOOK_SECONDS, seconds))


@asynccontextmanager
async def _provider(settings: Settings) -> AsyncIterator[Provider | None]:
    """Give the outside provider, where there is one: its client reads all authorities there are."""
    if not settings.openid_client_id:
        yield None
        return
    async with httpx.AsyncClient() as outside:
        yield Provider(settings, outside)


def _browsers(app: FastAPI, settings: Settings) -> BrowserSessions | None:
    """Return the sessions of browsers, where it is said at which address they find us."""
    tokens: TokenSource = OwnTokens(app.state.sessions, app.state.keys, settings)
    if settings.identity == "openid":
        if app.state.provider is None:
            return None
        tokens = app.state.provided
    return BrowserSessions(app.state.sessions, tokens, settings) if settings.public_origin else None


def _desk(app: FastAPI, settings: Settings) -> Desk | None:
    """Return where signed messages are taken, None where nobody signs."""
    if settings.identity != "embedded" or not settings.signed_messages:
        return None
    scopes, wanted = app.state.matrix.scopes, {*settings.signed_scopes}
    if unknown := sorted(wanted - {*scopes.groups}):
        raise ValueError(f"SIGNED_SCOPES names unknown groups of routes: {unknown}")
    routes = frozenset(route for route, group in scopes.of_route.items() if group in wanted)
    keys = Remembered(reader_of_keys(app.state.sessions), settings.account_seconds, _ACCOUNTS)
    return Desk(app.state.sessions, keys, app.state.keys, routes)


def _events(app: FastAPI, settings: Settings) -> Events:
    """Return the feed of all parts; the door has said by now how services are asked."""
    state = app.state
    pulse = Pulse(
        pulses_of(state.services, state.readings), settings.pulse_seconds, settings.waiting_places
    )
    return Events(
        state.feed,
        state.readings,
        state.services,
        state.sealing_key,
        source=settings.event_source,
        pulse=pulse,
    )


def sender_of(state: State, settings: Settings) -> Sender:
    """Return what sends to webhooks, reading the feed as their accounts."""

    def sign(account: PresentAccount) -> str:
        return str(state.keys.sign(access_tokens.claims(settings, account, TOKEN_SECONDS)))

    hearing = AccountHearing(
        state.events,
        reader(state.sessions),
        state.sessions,
        sign,
        state.verifier,
        state.matrix,
    )
    courier = Courier(
        settings.webhook_networks, settings.webhook_seconds, settings.webhook_authorities
    )
    return Sender(
        state.sessions,
        hearing,
        courier,
        state.events.pulse,
        Sealer(state.sealing_key, "webhooks"),
        settings,
        random.Random().random,  # noqa: S311 - it scatters, and hides nothing
    )

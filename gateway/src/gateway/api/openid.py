"""Signing in at an outside provider (外部身份提供方登录), in a browser: there, and back again.

Pages for people and no operations for programs: a program gets its token from the provider itself.
"""

import re

from fastapi import APIRouter, Request, Response

from chassis.identity import Caller, NotSignedIn, Verifier
from chassis.refusals import Invalid, Missing
from gateway.api.browser_session import browsers_of, give_cookie, replaced
from gateway.openid import (
    BEGUN_SECONDS,
    AnswerNotTrusted,
    Begun,
    Provider,
    ProviderRefused,
    Tokens,
)
from gateway.provided_tokens import ProvidedTokens
from gateway.rules import browsers
from gateway.rules.returning import is_local
from gateway.sealed import Sealer
from gateway.settings import Settings

pages = APIRouter(include_in_schema=False)

_CODE = re.compile(r"[a-z_]{1,40}")
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class NoOutsideProvider(Missing):
    """Nobody signs in at an outside provider here."""

    zh = "本系统未启用外部身份提供方的浏览器登录。"
    remedy = (
        "Sign in by `POST /api/v1/session`, or have whoever runs the system set `IDENTITY`, "
        "`PUBLIC_ORIGIN` and `OPENID_CLIENT_ID`.",
        "请用 `POST /api/v1/session` 登录，或请运行人员设置 `IDENTITY`、`PUBLIC_ORIGIN` 和 "
        "`OPENID_CLIENT_ID`。",
    )


class ReturnNotLocal(Invalid):
    """After signing in a browser is led to a page of this system alone."""

    zh = "登录后只能返回本系统的网页。"
    remedy = (
        "Give `return_to` as a path of this system, such as `/console/?view=1`, or leave it out.",
        "请将 `return_to` 写为本系统的路径，如 `/console/?view=1`，或不填。",
    )


@pages.get("/api/v1/session/openid")
async def begin(request: Request, return_to: str = "/") -> Response:
    """Lead a browser to the provider's page; what it is to know of it comes along as a cookie."""
    provider = _provider(request)
    if not is_local(return_to):
        raise ReturnNotLocal("It is no such path.", "不是本系统的路径。")
    begun = Begun.now(return_to)
    address = await provider.page(begun)
    cookie = _cookie(request).set(begun.sealed(_sealer(request)), BEGUN_SECONDS)
    return Response(
        status_code=303, headers={**_HEADERS, "Location": address, "Set-Cookie": cookie}
    )


@pages.get("/api/v1/session/openid/callback")
async def finish(
    request: Request,
    code: str = "",
    state: str = "",
    iss: str | None = None,
    error: str = "",
) -> Response:
    """Take the provider's answer, open the session of whom it names, and lead the browser back."""
    provider = _provider(request)
    kept = _cookie(request).found(request.headers.raw)
    begun = Begun.found(_sealer(request), kept, state)
    await provider.check_issuer(iss)
    if error or not code:
        told = error if _CODE.fullmatch(error) else "no code"
        raise ProviderRefused(f"It said: {told}.", f"应答：`{told}`。")
    subject, tokens = await provider.exchanged(code, begun)
    caller = await _trusted(request, subject, tokens)
    provided: ProvidedTokens = request.app.state.provided
    former = browsers_of(request).secret(request.headers.raw)
    async with request.app.state.sessions.begin() as db:
        opened = await replaced(request, db, caller.subject, former)
        await provided.keep(db, opened.session_id, 1, tokens)
    settings: Settings = request.app.state.settings
    answer = Response(status_code=303, headers=_HEADERS)
    give_cookie(request, answer, opened.secret)
    answer.headers.append("Set-Cookie", _cookie(request).gone())
    # The whole address: nothing of a path could be read as another host.
    answer.headers["Location"] = settings.public_origin + begun.return_to
    return answer


async def _trusted(request: Request, subject: str, tokens: Tokens) -> Caller:
    """Return whom the access token names, as every service would read it."""
    verifier: Verifier = request.app.state.verifier
    try:
        caller = await verifier.caller(tokens.access)
    except NotSignedIn as refused:
        told = refused.detail_en, refused.detail_zh
        raise AnswerNotTrusted(*told) from refused
    if caller.subject != subject:
        raise AnswerNotTrusted("Its two tokens name two people.", "两个令牌所载的人员不一致。")
    return caller


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise NoOutsideProvider("It is not set up.", "尚未设置。")
    return provider


def _cookie(request: Request) -> browsers.Cookie:
    settings: Settings = request.app.state.settings
    return browsers.answer_cookie(settings.public_origin)


def _sealer(request: Request) -> Sealer:
    return Sealer(request.app.state.sealing_key, "sign-in at a provider")

"""An outside provider that people sign in at (OpenID Connect): authorization code with PKCE.

What is asked of the provider and what he answers is compared with what was begun in this very
browser (`state`), for this very sign-in (`nonce`), by this very gateway (PKCE), with this very
provider (`iss`, RFC 9207). The library checks his documents and tokens; the HTTP is ours.
"""

import asyncio
import hmac
import math
import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

import httpx
import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis import logs
from chassis.connections import Broken, at_most
from chassis.refusals import Invalid, Unavailable
from gateway.sealed import Sealer
from gateway.settings import Settings

CALLBACK = "/api/v1/session/openid/callback"
BEGUN_SECONDS = 600
"""How long somebody may take to sign in at the provider."""
_PATIENCE = 5.0
_PAUSE = 5.0
"""For so many seconds one that was silent is asked nothing: who waits for him holds connections
that others want, and he is told to come again after as long."""
_LONGEST_ANSWER = 1_000_000
_KEPT_SECONDS = 600.0
_LEEWAY = 60
# Signed with a key of the provider's own: what is signed with the client's secret, or not at all,
# anybody might have signed who has seen the one or needs none.
_ALGORITHMS = ("Ed25519", "EdDSA", "ES256", "ES384", "PS256", "RS256")
_BEGIN = ("Begin again at `/api/v1/session/openid`.", "请从 `/api/v1/session/openid` 重新开始。")


class SignInNotBegun(Invalid):
    """This answer of the provider belongs to no sign-in that this browser has begun."""

    zh = "身份提供方的这一应答，并非对应本浏览器发起的登录。"
    remedy = _BEGIN
    status = 400


class ProviderRefused(Invalid):
    """The identity provider signed nobody in."""

    zh = "身份提供方未予登录。"
    remedy = _BEGIN
    status = 400


class AnswerNotTrusted(Invalid):
    """What came in the name of the identity provider does not hold."""

    zh = "以身份提供方名义给出的应答不可信。"
    remedy = (
        "Begin again at `/api/v1/session/openid`; if it happens again, tell whoever runs the "
        "system what `detail` says.",
        "请从 `/api/v1/session/openid` 重新开始；如再次出现，请将 `detail` 告知系统运行人员。",
    )
    status = 400


class ProviderUnavailable(Unavailable):
    """The identity provider did not answer as one does."""

    zh = "身份提供方没有正常应答。"
    remedy = (
        "Ask again after the seconds in `Retry-After`.",
        "请在 `Retry-After` 所示秒数后重试。",
    )
    headers = {"Retry-After": "5"}  # noqa: RUF012 - never written to


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that a browser has begun, as its cookie holds it, sealed."""

    state: str
    nonce: str
    verifier: str
    return_to: str
    at: float

    @classmethod
    def now(cls, return_to: str) -> "Begun":
        """Begin one; afterwards the browser is led to `return_to`."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, return_to, time.time())

    def sealed(self, sealer: Sealer) -> str:
        """Return it as the browser is to keep it, who reads nothing of it."""
        return sealer.seal(orjson.dumps(asdict(self)))

    @classmethod
    def found(cls, sealer: Sealer, sealed: list[str], state: str) -> "Begun":
        """Return the one that a browser kept, if the provider's answer is to it."""
        plain = sealer.open(sealed[0]) if len(sealed) == 1 else None
        begun = None if plain is None else cls(**orjson.loads(plain))
        if begun is None or time.time() - begun.at > BEGUN_SECONDS:
            en = (
                "The browser has none that is under way; it may have taken longer than ten minutes."
            )
            raise SignInNotBegun(en, "浏览器没有正在进行的登录，或已超过十分钟。")
        if not hmac.compare_digest(begun.state.encode(), state.encode("utf-8", "replace")):
            raise SignInNotBegun("It has another state.", "`state` 不符。")
        return begun


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the provider gave; `expires_at` is when the access token ends, in seconds of now."""

    access: str
    refresh: str | None
    expires_at: float


class Provider:
    """The provider, by what he publishes of himself."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._issuer = settings.token_issuer
        self._client = settings.openid_client_id
        self._secret = settings.openid_client_secret.get_secret_value()
        self._scopes = " ".join(settings.openid_scopes)
        self._redirect = settings.public_origin + CALLBACK
        self._http = http
        self._known: tuple[float, dict[str, Any]] | None = None
        self._silent_until = -math.inf

    async def page(self, begun: Begun) -> str:
        """Return the address of the provider's page where somebody signs in."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # most have no provider
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        metadata = await self._metadata()
        address: str = prepare_grant_uri(
            metadata["authorization_endpoint"],
            client_id=self._client,
            response_type="code",
            redirect_uri=self._redirect,
            scope=self._scopes,
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
        )
        return address

    async def check_issuer(self, issuer: str | None) -> None:
        """Refuse an answer of another provider (RFC 9207, 2.4)."""
        metadata = await self._metadata()
        says_so = metadata.get("authorization_response_iss_parameter_supported") is True
        if issuer != self._issuer and (issuer is not None or says_so):
            raise AnswerNotTrusted("It is of another issuer (iss).", "`iss` 不符。")

    async def exchanged(self, code: str, begun: Begun) -> tuple[str, Tokens]:
        """Return who signed in, and the tokens that a code is exchanged for."""
        told = await self._tokens(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self._redirect,
            code_verifier=begun.verifier,
        )
        tokens = self._read(told, None)
        subject = await self._subject(told.get("id_token"), tokens, begun)
        return subject, tokens

    async def renewed(self, refresh: str) -> Tokens:
        """Return the tokens after the last ones."""
        told = await self._tokens(grant_type="refresh_token", refresh_token=refresh)
        return self._read(told, refresh)

    async def revoke(self, refresh: str) -> None:
        """Tell the provider that his tokens are used no more (RFC 7009), if he takes that."""
        endpoint = (await self._metadata()).get("revocation_endpoint")
        if endpoint:
            await self._asked("POST", endpoint, {"token": refresh})

    async def _subject(self, id_token: object, tokens: Tokens, begun: Begun) -> str:
        from authlib.oidc.core import CodeIDToken

        metadata = await self._metadata()
        status, published = await self._asked("GET", metadata["jwks_uri"])
        told = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
        try:
            if not isinstance(id_token, str) or status != 200:
                raise ValueError("no ID token, or no keys")
            keys = KeySet.import_key_set(published)  # type: ignore[arg-type]
            algorithms = [name for name in _ALGORITHMS if name in told]
            decoded = jwt.decode(id_token, keys, algorithms=algorithms)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client},
                },
                {
                    "nonce": begun.nonce,
                    "client_id": self._client,
                    "access_token": tokens.access,
                },
            )
            claims.validate(now=int(time.time()), leeway=_LEEWAY)
        except (JoseError, ValueError, LookupError, TypeError) as error:
            logs.say("id-token-refused", reason=type(error).__name__)
            raise AnswerNotTrusted("Its ID token does not hold.", "身份令牌无效。") from error
        return str(claims["sub"])

    def _read(self, told: dict[str, Any], refresh: str | None) -> Tokens:
        access, seconds = told.get("access_token"), told.get("expires_in")
        refresh = told.get("refresh_token", refresh)
        is_bearer = str(told.get("token_type", "")).lower() == "bearer"
        is_told = isinstance(access, str) and isinstance(seconds, int) and is_bearer
        if not is_told or not isinstance(refresh, str | None):
            raise ProviderUnavailable("It gave no bearer token.", "未给出令牌。")
        return Tokens(str(access), refresh, time.time() + int(seconds or 0))

    async def _tokens(self, **form: str) -> dict[str, Any]:
        status, told = await self._asked("POST", (await self._metadata())["token_endpoint"], form)
        if status == 200 and isinstance(told, dict):
            return told
        error = told.get("error") if isinstance(told, dict) else None
        if error == "invalid_grant":
            raise ProviderRefused("It takes this grant no more.", "授权码或刷新令牌无效。")
        logs.say("provider-refused", status=status, reason=str(error)[:60])
        raise ProviderUnavailable("It gave no token.", "未给出令牌。")

    async def _metadata(self) -> dict[str, Any]:
        if self._known is not None and time.monotonic() - self._known[0] < _KEPT_SECONDS:
            return self._known[1]
        from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        status, told = await self._asked("GET", address)
        try:
            if status != 200 or not isinstance(told, dict) or told.get("issuer") != self._issuer:
                raise ValueError("no document, or of another issuer")
            # Not the check for OpenID's own document: it wants RS256, which some have given up.
            AuthorizationServerMetadata(told).validate()
            if not isinstance(told.get("jwks_uri"), str):
                raise ValueError("no keys")
            if "S256" not in told.get("code_challenge_methods_supported", ["S256"]):
                raise ValueError("no PKCE")
        except ValueError as error:
            logs.say("provider-unreadable", reason=str(error)[:100])
            said = "Its discovery document does not hold.", "其发现文档无效。"
            raise ProviderUnavailable(*said) from error
        self._known = time.monotonic(), dict(told)
        return self._known[1]

    async def _asked(
        self, method: str, url: str, form: dict[str, str] | None = None
    ) -> tuple[int, object]:
        auth = None
        if form is not None and self._secret:  # RFC 6749, 2.3.1
            auth = httpx.BasicAuth(quote(self._client, safe=""), quote(self._secret, safe=""))
        elif form is not None:
            form = {**form, "client_id": self._client}
        if time.monotonic() < self._silent_until:
            raise ProviderUnavailable("It is silent.", "没有应答。")
        try:
            # All of it in time: one that sends a byte now and then is waited for no longer.
            async with asyncio.timeout(_PATIENCE):
                status, content = await self._whole(method, url, form, auth)
            return status, orjson.loads(content) if content else None
        except (httpx.HTTPError, httpx.InvalidURL, Broken, ValueError, TimeoutError) as error:
            if isinstance(error, httpx.TransportError | TimeoutError):
                self._silent_until = time.monotonic() + _PAUSE
            logs.say("provider-silent", reason=type(error).__name__)
            raise ProviderUnavailable("It is silent.", "没有应答。") from error

    async def _whole(
        self, method: str, url: str, form: dict[str, str] | None, auth: httpx.Auth | None
    ) -> tuple[int, bytes]:
        told: dict[str, Any] = {"data": form, "auth": auth, "headers": _JSON}
        async with self._http.stream(method, url, timeout=_PATIENCE, **told) as answer:
            return answer.status_code, await at_most(_LONGEST_ANSWER, answer.aiter_bytes())


_JSON = {"Accept": "application/json"}

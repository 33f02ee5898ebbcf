"""The settings of the gateway."""

import json
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    model_validator,
)
from pydantic_settings import NoDecode

from chassis.settings import Settings as CommonSettings
from gateway.keys import Algorithm
from gateway.rules import origins


def _listed(value: object) -> object:
    """Read a list between commas, as `chassis.serving` reads the same setting; or a JSON list."""
    if not isinstance(value, str):
        return value
    if value.strip().startswith("["):
        return json.loads(value)
    return [part.strip() for part in value.split(",")] if value.strip() else []


def _own_origin(given: str) -> str:
    """Return an origin at which a cookie is safe: over TLS, or nowhere but on one machine."""
    if given and origins.exact(given).startswith("http:") and not origins.is_loopback(given):
        raise ValueError(f"{given!r} is not https: whoever listens on the way could take a session")
    return given


class Settings(CommonSettings):
    """Read from the environment once (`UPSTREAMS`, `KEYS_DIR`, …), then passed as a value.

    With `identity` = "openid" an outside provider signs the tokens: `TOKEN_ISSUER`,
    `TOKEN_AUDIENCE`, `JWKS_URL`, `ROLES_CLAIM` and `UNIT_CLAIM` then describe that provider, here
    and at every service alike.
    """

    upstreams: dict[str, str] = Field(default_factory=dict)
    """The base URL of every service, by name, as a JSON object."""
    at_once: PositiveInt = 16
    """How many requests may be at each service at one time: about twice its database connections.
    What a service asks of another while it answers does not count."""
    queue_places: PositiveInt = 128
    """How many may wait before each service; who comes when all places are taken is refused."""
    queue_seconds: PositiveFloat = 2.0
    """How long one may wait there before it is refused."""
    part_seconds: PositiveFloat = 5.0
    """How long the gateway waits for a service's part of an answer that it puts together itself."""
    silence_seconds: PositiveFloat = 5.0
    """After how many seconds without a word from a service it is asked on another connection
    whether it is there. Where that is not answered in as many seconds either, all who wait there
    are told that it is not, and so is whoever comes before it answers again."""
    compressed_bytes: PositiveInt = 32_000_000
    """How many bytes of compressed forms of documents are kept."""
    time_limit: PositiveFloat = 60.0
    """How long a request may take from its first byte to the last of its answer, in seconds."""
    requests_per_second: PositiveInt = 100
    """How often one caller may ask in the long run."""
    burst: PositiveInt = 200
    """How many requests one caller may make at once after a pause."""

    complaints_per_hour: PositiveInt = 20
    """How many complaints one address may raise in an hour in the long run."""
    complaints_at_once: PositiveInt = 10
    """How many complaints one address may raise at once after a pause."""
    sign_ins_per_second: PositiveInt = 5
    """How often one address may try to sign in in the long run, whether it succeeds or not."""
    sign_in_burst: PositiveInt = 50
    """How often one address may try to sign in at once after a pause."""
    sign_in_failures: PositiveInt = 20
    """How many wrong secrets one address may send before it has to wait for each further one."""
    trusted_proxies: Annotated[
        tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_listed)
    ] = ()
    """Networks of the reverse proxies whose X-Forwarded-For is believed, separated by commas.
    Behind a proxy that is not named here all callers share the allowance of its one address."""

    allowed_origins: Annotated[
        tuple[Annotated[str, AfterValidator(origins.exact)], ...],
        NoDecode,
        BeforeValidator(_listed),
    ] = ()
    """Origins of pages elsewhere that may ask with a bearer token (CORS), such as
    https://portal.example.gov.cn, separated by commas; each exactly as browsers send it."""

    openid_client_id: str = ""
    """As whom the provider knows the gateway. With it, and with PUBLIC_ORIGIN, people sign in there
    (`/api/v1/session/openid`) and are led back to `/api/v1/session/openid/callback`."""
    openid_client_secret: SecretStr = SecretStr("")
    """The secret for that; without one the code is proven by PKCE alone."""
    openid_scopes: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ("openid",)
    """What the provider is asked for, separated by commas; `openid` at least."""
    public_origin: Annotated[str, AfterValidator(_own_origin)] = ""
    """Where browsers find the system, such as https://kaoping.example.gov.cn; with it pages there
    can sign in by a cookie. Without TLS only the machine itself, such as http://localhost:8000."""
    browser_idle_seconds: PositiveInt = 1_800
    """How long a browser's session stays open while nobody uses it."""

    identity: Literal["embedded", "openid"] = "embedded"
    """Who keeps accounts and signs tokens: the gateway itself, or an OpenID provider."""
    keys_dir: Path = Path("keys")
    """Where the private keys are that tokens are signed with; made at the first start."""
    checkpoint_hours: PositiveFloat = 24.0
    """How old the newest checkpoint may get before another is made; with an outside provider of
    identity nobody is asked but by `POST /api/v1/checkpoints`."""
    signing_algorithm: Literal["Ed25519", "ES256"] = "Ed25519"
    """How new keys sign: EdDSA over Ed25519 (RFC 9864), or ECDSA over P-256; with
    `CRYPTOGRAPHY=sm` it is SM2 in any case."""
    token_seconds: PositiveInt = 900
    """How long a token is valid."""
    session_seconds: PositiveInt = 43_200
    """How long a person stays signed in at most, however often the token is renewed."""
    session_idle_seconds: PositiveInt = 7_200
    """For how long a token can be renewed after it was last renewed."""

    second_factor_roles: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()
    """Roles whose people sign in with a second factor, separated by commas; all others may."""

    client_secret_days: Annotated[int, Field(ge=1, le=3650)] = 365
    """For how many days at most a secret of a client opens its account."""

    argon2_memory: PositiveInt = 65_536
    """Memory for hashing one chosen secret, in KiB; the second choice of RFC 9106, section 4."""
    argon2_passes: PositiveInt = 3
    """Passes over that memory."""
    argon2_lanes: PositiveInt = 4
    """Lanes it is divided into."""
    hashing_slots: PositiveInt = 2
    """How many secrets are hashed at one time; more wait, so that memory stays bounded."""
    sign_in_places: PositiveInt = 16
    """How many may wait to sign in; who comes when all places are taken is refused at once."""
    sign_in_share: PositiveInt = 4
    """How many of those who wait or are served may come from one address."""
    account_seconds: PositiveFloat = 5.0
    """How long it may take until a token is refused whose account was disabled or changed."""
    keys_refresh_seconds: float = 5.0
    """The gateway reads the keys again sooner than the services do: they are its own."""
    signed_messages: bool = False
    """Whether accounts may have keys to sign their messages with; who has one has to."""
    signed_scopes: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()
    """Groups of routes (`x-scopes`) whose commands have to be signed by whoever gives them, such as
    surveys.collect, separated by commas; an account without a key gives none. Needs
    SIGNED_MESSAGES."""
    event_source: str = "urn:kaoping"
    """What the `source` of every event begins with: it tells this installation from others."""
    pulse_seconds: PositiveFloat = 1.0
    """How often the parts are asked whether something happened, while somebody waits for that."""
    waiting_places: PositiveInt = 500
    """How many requests may wait for events at one time, in each process."""
    stream_seconds: PositiveFloat = 50.0
    """How long a stream of events goes on before its reader has to ask again; less than
    `time_limit`."""
    reference_seconds: NonNegativeInt = 60
    """How long the merged API document is kept before the services are asked again."""
    reference_patience: NonNegativeFloat = 20.0
    """How long a service that cannot be reached is asked for its part of the document, in seconds,
    as long as there is none; less than `time_limit`."""

    webhook_networks: Annotated[
        tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_listed)
    ] = ()
    """Networks whose numbers webhooks may be sent to besides public ones, separated by commas."""
    webhook_plain_http: bool = False
    """Whether webhooks may be sent unencrypted: for trying things out on one machine."""
    webhook_authorities: Path | None = None
    """A file of certificates of authorities that receivers are believed by besides the usual."""
    webhook_seconds: PositiveFloat = 10.0
    """How long a receiver may take to answer."""
    webhooks_per_client: PositiveInt = 10
    """How many webhooks an account may have that have not ended."""
    webhooks_at_once: PositiveInt = 32
    """At how many webhooks a process works at one time."""
    webhook_seconds_between: PositiveFloat = 1.0
    """How often a process looks whether a webhook is due."""
    webhook_held_seconds: PositiveFloat = 6.0
    """After how many seconds another process takes a webhook over from one that was killed; longer
    than `webhook_seconds_between`."""
    webhook_first_pause: PositiveFloat = 5.0
    """Seconds until a message is tried again that was not taken; each pause is three times the one
    before, twelve hours at most."""
    webhook_tries: PositiveInt = 15
    """How often a message is tried before it is given up: about three days."""
    webhook_disabled_after: PositiveFloat = 432_000.0
    """Seconds after which a webhook is disabled whose receiver takes nothing: five days."""
    webhook_payload_days: NonNegativeFloat = 30.0
    """For how many days the payload of a delivery is kept that was taken."""

    @property
    def algorithm(self) -> Algorithm:
        """How new keys sign, by the suite: with `CRYPTOGRAPHY=sm` by SM2."""
        return "SM2" if self.cryptography == "sm" else self.signing_algorithm

    @property
    def checkpoints_dir(self) -> Path:
        """Where the gateway keeps the checkpoints: where it is told, or beside its keys."""
        return self.checkpoints or self.keys_dir / "checkpoints"

    @property
    def checkpoint_keys_dir(self) -> Path:
        """Where the keys are that checkpoints are signed with."""
        return self.keys_dir / "checkpoint-keys"

    @model_validator(mode="after")
    def _names_the_provider(self) -> Self:
        if self.identity == "openid" and not self.jwks_url:
            raise ValueError("identity = openid needs JWKS_URL, the address of the provider's keys")
        if self.identity == "embedded" and self.token_seconds > self.longest_token_seconds:
            raise ValueError("no token would hold: TOKEN_SECONDS is over LONGEST_TOKEN_SECONDS")
        if self.identity == "openid" and self.second_factor_roles:
            raise ValueError("SECOND_FACTOR_ROLES: the outside provider asks for second factors")
        return self

    @model_validator(mode="after")
    def _signs_at_all(self) -> Self:
        if self.signed_scopes and not self.signed_messages:
            raise ValueError("SIGNED_SCOPES needs SIGNED_MESSAGES = true")
        return self

    @model_validator(mode="after")
    def _leads_browsers_back(self) -> Self:
        if self.openid_client_id and (self.identity != "openid" or not self.public_origin):
            raise ValueError("OPENID_CLIENT_ID needs IDENTITY = openid, and PUBLIC_ORIGIN")
        if "openid" not in self.openid_scopes:
            raise ValueError("OPENID_SCOPES needs openid: nobody would be named")
        return self

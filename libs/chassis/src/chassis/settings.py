"""The settings that every service has; a service adds its own by subclassing."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis import suites, traces
from chassis.tls import Clients, Tls

# Where container engines mount secrets, one file for each setting, named like it. A folder that
# is not there would be warned about, so it is looked for only where it is.
_SECRETS = Path("/run/secrets")
# Installations know the setting by the name of the claim, which was there first.
_ORGANISATION_CLAIM = AliasChoices("organisation_claim", "unit_claim")
_REALM_CLAIM = AliasChoices("realm_claim", "jurisdiction_claim")


class Settings(BaseSettings):
    """Read from the environment and from secret files once, at the edge, then passed as a value."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", secrets_dir=_SECRETS if _SECRETS.is_dir() else None
    )

    database_url: str
    """Where this service's own database is, for its own role: ``postgresql+asyncpg://…``."""
    database_pooled: bool = False
    """Whether PgBouncer stands there, and lends a connection for each transaction: nothing is kept
    on a connection then, and statements are planned anew each time. Migrations go past it."""
    database_spread: bool = False
    """Whether its tables lie on several machines: statements say then where a row lies, and not in
    a text, which keeps the planner of one machine from guessing."""
    replica_url: str = ""
    """A copy of the database that follows it (streaming replication), for the same role: from there
    what everybody may read is read, which is as old as the copy is behind. What a command decides,
    and what somebody reads who signed in, is never read there. Empty: there is none."""
    authorisation_file: Path
    """The authorisation matrix."""
    gateway_url: str = "http://gateway:8000"
    """The door through which other services are read."""
    jwks_url: str = ""
    """Where the keys are published that tokens are signed with; empty: at the gateway."""
    token_issuer: str = "kaoping"  # noqa: S105 - a name, not a secret
    """The `iss` that a token must carry."""
    token_audience: str = "kaoping"  # noqa: S105 - a name, not a secret
    """The `aud` that a token must carry."""
    roles_claim: str = "roles"
    """The claim that lists the caller's roles."""
    organisation_claim: str = Field("unit", validation_alias=_ORGANISATION_CLAIM)
    """The claim that names the caller's organisation."""
    person_claim: str = "person"
    """The claim that names the person behind the account; without it that is the subject."""
    scope_claim: str = "scopes"
    """The claim that says what a token is limited to, in the words of `scopes` in the matrix; a
    token without it is limited to nothing. Not `scope` by default: outside providers write there
    what they know themselves, such as `openid profile`."""
    realm_claim: str = Field("jurisdiction", validation_alias=_REALM_CLAIM)
    """The claim that says whose an account is where one installation serves many; without it that
    is nobody's."""
    longest_token_seconds: int = 3600
    """The longest that a token may have been issued for; what was issued for longer holds never."""
    keys_refresh_seconds: float = 60.0
    """How old the keys may get before they are read again; a deleted key holds no longer."""
    keys_stale_seconds: float = 300.0
    """How old they may get while they cannot be read; then nobody is let in."""
    checkpoints: Path | None = None
    """Where the checkpoints of all journals are, which no database can write: with it a part does
    not start on a database that is behind the newest."""
    cryptography: suites.Name = "international"
    """With which algorithms what is new is signed and sealed: SM2, SM3 and SM4 with `sm`. Nothing
    starts where those are not there or fail the published examples."""
    tls_ca: Path | None = None
    """The authority by which other parts are believed; with it nobody is asked without TLS."""
    tls_certificate: Path | None = None
    """The certificate by which this part serves, and which it shows where it asks."""
    tls_key: Path | None = None
    """The key of that certificate."""
    tls_clients: Clients = "anybody"
    """Whom this part answers: `certified` is whoever shows a certificate of `tls_ca`."""
    database_ca: Path | None = None
    """The authority by which the database is believed, name and all; with it nothing is said to a
    database without TLS."""
    migrations: Path | None = None
    """Where the migrations of this version are: with it a part is not ready on a database that has
    not had them all."""
    marks: Path | None = None
    """A folder of files by which other programs say when something last went well: the name says
    what, the time of the file when."""
    watched_disks: dict[str, Path] = Field(default_factory=dict)
    """Where things are kept of which somebody should know how much room is left, by name, as a JSON
    object; temporary files and checkpoints are watched in any case."""
    traces_endpoint: str = ""
    """Where spans are sent to by OTLP over HTTP, such as http://collector:4318; empty: nowhere."""
    traces_share: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Which share of all requests is traced."""
    pool_size: int = 8
    """How many database connections this process may hold."""
    idle_seconds: float = 5.0
    """How long a database connection may lie unused before it is tried first."""
    doubt_seconds: Annotated[float, Field(gt=0)] = 4.0
    """After how many seconds without a word from the gateway, or with a database connection in
    hand, that is asked besides whether it is there. Where this is not answered in as many seconds
    either, all who wait are refused, and so is whoever comes before it answers again. What is only
    worked at for longer is waited for."""
    body_limit: int = 200_000_000
    """The largest request body, in bytes, whatever the authorisation matrix allows a route."""

    @model_validator(mode="after")
    def _can_send_spans(self) -> Self:
        if self.traces_endpoint and not traces.is_installed():
            raise ValueError("TRACES_ENDPOINT needs the extra `traces`, which is not installed")
        return self

    @property
    def tls(self) -> Tls:
        """By which files the process speaks TLS."""
        own = self.tls_certificate, self.tls_key
        return Tls(self.tls_ca, *own, self.tls_clients, self.database_ca)

"""What the processes of a system are made of: told by who starts it, to who supervises them."""

from dataclasses import dataclass

LOG = "KAOPING_LOG"
"""Names the log for everybody below the supervisor."""


@dataclass(frozen=True)
class Part:
    """What one process is made of, in words that fit into JSON."""

    name: str
    """Which process it is: a service has several of them."""
    app: str
    """The factory of the ASGI app, as `module:function`."""
    listener: int
    """Descriptor of the listening socket; it outlives the process, so callers can wait in line."""
    environment: dict[str, str]
    """Settings of the app."""
    service: str = ""
    """Whose process it is; no part of a service is started before its database is prepared."""
    migrations: str = ""
    """The service's alembic.ini, where its database has not had every migration."""
    owner_url: str = ""
    """Where migrations run, as the owner of the database."""
    bootstrap: str = ""
    """What must be done once after the migrations, as `module:function`."""
    metrics: int | None = None
    """Descriptor of the socket at which whoever watches asks for its metrics."""
    silence: float | None = None
    """After so many seconds of an event loop that does nothing the process ends, to be replaced."""

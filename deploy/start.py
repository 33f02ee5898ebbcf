"""What a container runs: `serve` the service, `migrate` its database, or say if it is `ready`.

The name of the service is in SERVICE, put there when the image was built.
"""

import http.client
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

PORT = 8000
METRICS_PORT = 9400
"""Where metrics are told, to whoever is on the network of the containers."""


def serve() -> None:
    """Answer requests until SIGTERM and for four seconds more, in which whoever leads callers here
    is told to lead them elsewhere; what has begun by then has ten seconds to finish."""
    from chassis import logs  # here, so that `ready` starts in a moment
    from chassis.serving import LEAVING_SECONDS, collect_garbage_rarely, configuration, run
    from chassis.watching import door

    logs.listen_to_libraries(os.environ["SERVICE"])
    app = import_module(f"{os.environ['SERVICE']}.app").create_app()
    collect_garbage_rarely()
    # All addresses of the container: what is published is for the engine to say.
    everywhere = "0.0.0.0"  # noqa: S104
    metrics = door(everywhere, METRICS_PORT)
    serving = configuration(app, host=everywhere, port=PORT)
    run(serving, metrics=metrics, leaving=LEAVING_SECONDS)


def migrate() -> None:
    """Bring the database up to the newest migration of this image, as the database's owner."""
    from alembic.command import upgrade
    from alembic.config import Config

    secret = Path(os.environ.get("SECRETS", "/run/secrets"), "database_url")
    if secret.is_file():
        os.environ["DATABASE_URL"] = secret.read_text(encoding="utf-8").strip()
    upgrade(Config("alembic.ini"), "head")


def ready() -> None:
    """Exit with 0 when the service in this container can do its work."""
    connection = _own_connection()
    connection.request("GET", "/health/ready")
    sys.exit(connection.getresponse().status != http.client.NO_CONTENT)


def _own_connection() -> http.client.HTTPConnection:
    """Ask as another part would; by its own loopback the name in the certificate says nothing."""
    if not (certificate := os.environ.get("TLS_CERTIFICATE")):
        return http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    import ssl

    secure = ssl.create_default_context(cafile=os.environ["TLS_CA"])
    secure.check_hostname = False
    secure.load_cert_chain(certificate, os.environ["TLS_KEY"])
    return http.client.HTTPSConnection("127.0.0.1", PORT, timeout=4, context=secure)


ACTIONS: dict[str, Callable[[], None]] = {"serve": serve, "migrate": migrate, "ready": ready}

if __name__ == "__main__":
    ACTIONS[sys.argv[1]]()

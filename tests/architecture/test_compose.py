"""docker-compose.yml, the Dockerfile and deploy/ against what the parts really read and need.

No container engine is needed: the files are read, the settings are made from what they give, and
the database script is run against a server. Each docstring names a change that must fail here.
"""

import asyncio
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import asyncpg
import pytest
import yaml
from cryptography import x509
from deploy.composition import Composition, NotUnderstood
from sqlalchemy import make_url
from tests.contracts.publish import ROOT, home_of

from postgres_supervisor import Postgres

# Variables as they are when nobody sets them.
COMPOSE = yaml.safe_load(
    re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", (ROOT / "docker-compose.yml").read_text("utf-8"))
)
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
START = runpy.run_path(str(ROOT / "deploy/start.py"))
IMAGE_ROOT = runpy.run_path(str(ROOT / "deploy/image_root.py"))
MAKE_SECRETS = runpy.run_path(str(ROOT / "deploy/make_secrets.py"))

SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/pyproject.toml"))
PARTS = [*SERVICES, "gateway"]
READ_ONLY = "checkpoints:/var/lib/checkpoints:ro"
JOBS = [*(f"{part}-migration" for part in PARTS), "gateway-bootstrap"]


def container(name):
    return COMPOSE["services"][name]


def secrets_of(name):
    """Source of each secret by the name it has inside the container."""
    given = [{"source": s} if isinstance(s, str) else s for s in container(name)["secrets"]]
    return {s.get("target", s["source"]): s["source"] for s in given}


def settings_of(part):
    return import_module(f"{part}.settings").Settings


def instructions(word):
    """Arguments of an instruction of the Dockerfile, in order."""
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return re.findall(rf"(?m)^{word} +(.*)$", joined)


def waits_for(name):
    return {other: how["condition"] for other, how in container(name)["depends_on"].items()}


def test_every_part_of_the_workspace_runs():
    """Fails when a service is added to the workspace and not here, or dropped here."""
    assert set(COMPOSE["services"]) == {*PARTS, *JOBS, "postgres"}


@pytest.mark.parametrize("part", PARTS)
def test_an_image_holds_the_part_it_is_named_for(part):
    """Fails when survey runs the image of scoring, or its migration another image than itself."""
    for name in [part, *(job for job in JOBS if job.startswith(f"{part}-"))]:
        images = {"PYTHON_IMAGE": None, "UV_IMAGE": None}  # as the Dockerfile says, or one's own
        assert container(name)["build"] == {"context": ".", "args": {"SERVICE": part, **images}}
        assert container(name)["image"] == f"kaoping/{part}"


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_given_only_what_its_settings_know(part):
    """Fails when a setting is renamed, or DATABASE_URL is misspelt here: nobody would read it."""
    fields = settings_of(part).model_fields
    given = {name.lower() for name in container(part)["environment"]} | set(secrets_of(part))
    required = {name for name, field in fields.items() if field.is_required()}
    assert given - set(fields) == set()
    assert required - given == set()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_can_read_what_it_is_given(part, tmp_path, monkeypatch):
    """Fails when UPSTREAMS is not JSON or a number is not a number."""
    monkeypatch.delenv("DATABASE_URL", raising=False)  # a developer's own would go first
    for target, source in secrets_of(part).items():
        (tmp_path / target).write_text(MAKE_SECRETS["contents"]()[source])
    for name, value in container(part)["environment"].items():
        monkeypatch.setenv(name, value)
    settings = settings_of(part)(_secrets_dir=tmp_path)
    assert make_url(settings.database_url).database == part


def test_the_first_administrator_is_made_with_what_the_program_reads(monkeypatch):
    """Fails when BOOTSTRAP_SECRET_FILE is renamed in the gateway: the secret would be ignored."""
    job = container("gateway-bootstrap")
    program = import_module(job["entrypoint"][-1])
    own = {name for name in job["environment"] if name.startswith("BOOTSTRAP_")}
    common = {name.lower() for name in set(job["environment"]) - own}
    assert own == set(re.findall(r"\bBOOTSTRAP_(?:SUBJECT|SECRET_FILE)\b", program.__doc__))
    assert common <= set(settings_of("gateway").model_fields)
    assert job["environment"]["BOOTSTRAP_SECRET_FILE"].removeprefix("/run/secrets/") in secrets_of(
        "gateway-bootstrap"
    )


def test_each_part_works_in_a_database_and_a_role_of_its_own():
    """Fails when ranking is given scoring's URL, or a service the role that owns its tables."""
    drawn = MAKE_SECRETS["contents"]()
    for part in PARTS:
        url = make_url(drawn[secrets_of(part)["database_url"]])
        owner = make_url(drawn[secrets_of(f"{part}-migration")["database_url"]])
        assert (url.database, url.username) == (part, part)
        assert (owner.database, owner.username) == (part, f"{part}_owner")
        assert url.host == owner.host == "postgres"
        assert url.password != owner.password


def test_nobody_else_is_given_a_secret():
    """Fails when a service gets another's secret beside its own."""
    for name in set(COMPOSE["services"]) - {"postgres"}:
        role = f"{name.partition('-')[0]}{'_owner' if name.endswith('-migration') else ''}"
        expected = {"database_url": f"{role}_database_url"}
        if name == "gateway-bootstrap":
            expected["administrator_secret"] = "administrator_secret"
        if name == "scoring":
            expected["duty_secret"] = "duty_secret"
        assert secrets_of(name) == expected


def test_every_secret_is_drawn_and_closed(tmp_path):
    """Fails when a secret is used that make_secrets.py does not draw, or redrawn at each run."""
    folder = tmp_path / "secrets"
    MAKE_SECRETS["main"](folder)
    first = {file.name: file.read_text() for file in folder.iterdir()}
    MAKE_SECRETS["main"](folder)
    assert {file.name: file.read_text() for file in folder.iterdir()} == first
    assert folder.stat().st_mode & 0o777 == 0o700
    assert set(first) - {".gitignore"} == set(COMPOSE["secrets"])
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./deploy/secrets/{name}"}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_waits_for_its_own_migration(part):
    """Fails when scoring would start on an empty database."""
    job = container(f"{part}-migration")
    assert waits_for(part)[f"{part}-migration"] == "service_completed_successfully"
    assert waits_for(f"{part}-migration") == {"postgres": "service_healthy"}
    assert job["command"] == ["migrate"]
    assert "migrate" in START["ACTIONS"]


def test_the_door_opens_when_all_behind_it_are_ready():
    """Fails when the gateway would answer 503 for a service that is still starting."""
    healthy = {name for name, how in waits_for("gateway").items() if how == "service_healthy"}
    assert healthy == set(SERVICES)
    assert not any("gateway" in waits_for(service) for service in SERVICES)


def test_jobs_run_once_and_the_rest_comes_back():
    """Fails when a service stays down after a crash, or a migration is repeated for ever."""
    for name in COMPOSE["services"]:
        assert container(name)["restart"] == ("no" if name in JOBS else "unless-stopped")


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_a_container_can_do_as_little_as_possible(name):
    """Fails when one of the four lines of hardening is lost, or a right is given back."""
    given = container(name)
    assert given["read_only"] is True
    assert given["cap_drop"] == ["ALL"]
    assert given["security_opt"] == ["no-new-privileges:true"]
    assert any(mount.startswith("/tmp:") for mount in given["tmpfs"])  # noqa: S108 - in a container
    assert not {"cap_add", "privileged", "devices", "network_mode", "pid"} & set(given)


def test_nobody_is_root():
    """Fails without USER, with USER root, or with `user: root` for one container."""
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    users = re.findall(r"(?m)^USER (.*)$", last_stage)
    assert users
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1])
    assert [name for name in COMPOSE["services"] if "user" in container(name)] == ["postgres"]
    assert container("postgres")["user"] == "postgres"


def test_everybody_may_write_what_is_temporary_whoever_built_the_image(tmp_path, monkeypatch):
    """Planted bug: leave the mode to the builder's mask; no part starts in such an image."""
    monkeypatch.setattr(os, "chown", lambda *_: None)
    before = os.umask(0o077)
    try:
        IMAGE_ROOT["folders"](tmp_path)
    finally:
        os.umask(before)
    assert (tmp_path / "tmp").stat().st_mode & 0o7777 == 0o1777


def test_only_what_must_last_is_kept():
    """Fails when a service is given a folder of the host, when the signing keys are not kept, or a
    service could write checkpoints."""
    kept = {name: given.get("volumes", []) for name, given in COMPOSE["services"].items()}
    assert {name: mounts for name, mounts in kept.items() if mounts} == {
        "gateway": ["keys:/var/lib/kaoping", "checkpoints:/var/lib/checkpoints"],
        "postgres": ["postgres:/var/lib/postgresql"],
        "scoring": ["evidence:/var/lib/kaoping", READ_ONLY],
        "ranking": ["linked:/var/lib/kaoping", READ_ONLY],
        "indicators": [READ_ONLY],
        "survey": [READ_ONLY],
    }
    for part in PARTS:
        assert container(part)["environment"]["CHECKPOINTS"] in READ_ONLY.split(":")
    scoring = container("scoring")["environment"]
    assert Path(scoring["EVIDENCE_STORE"]).parent == Path(scoring["TMPDIR"])
    assert Path(container("gateway")["environment"]["KEYS_DIR"]).parent == Path("/var/lib/kaoping")
    (user,) = instructions("USER")
    uid, gid = user.split(":")
    assert uid == gid == str(IMAGE_ROOT["OWNER"])
    kept = [Path("/") / folder for folder in IMAGE_ROOT["FOLDERS"]]
    assert kept == [Path("/var/lib/kaoping"), Path("/var/lib/checkpoints")]


def test_only_the_gateway_can_be_reached_from_outside():
    """Fails when a second port is published, or a service joins the network of the outside."""
    opened = {name: given.get("ports") for name, given in COMPOSE["services"].items()}
    port = START["PORT"]
    assert {name: ports for name, ports in opened.items() if ports} == {
        "gateway": [f"127.0.0.1:{port}:{port}"]
    }
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    outside = [name for name in COMPOSE["services"] if "outside" in container(name)["networks"]]
    assert outside == ["gateway"]
    assert all("inside" in container(name)["networks"] for name in COMPOSE["services"])


def test_addresses_lead_to_the_containers():
    """Fails when an upstream has another name or port than the container it means."""
    port = START["PORT"]
    assert instructions("EXPOSE") == [str(port)]
    upstreams = json.loads(container("gateway")["environment"]["UPSTREAMS"])
    assert upstreams == {service: f"http://{service}:{port}" for service in SERVICES}
    for part in PARTS:
        assert container(part)["environment"]["GATEWAY_URL"] == f"http://gateway:{port}"


def test_all_parts_read_the_one_authorisation_file():
    """Fails when a part has a matrix of its own, or AUTHORISATION_FILE points beside the mount."""
    assert COMPOSE["configs"]["authorisation"] == {"file": "./gateway/authorisation.yaml"}
    for name in [*PARTS, "gateway-bootstrap"]:
        mounts = {c["source"]: c["target"] for c in container(name)["configs"]}
        assert mounts == {"authorisation": container(name)["environment"]["AUTHORISATION_FILE"]}


def test_one_dockerfile_makes_every_image():
    """Fails when the argument is lost in a stage, the lock is not kept, or the cli gets in."""
    assert instructions("ARG").count("SERVICE") == 2
    sync = next(run for run in instructions("RUN") if "uv sync" in run)
    for option in ("--locked", "--no-dev", "--no-editable", '--package "$SERVICE"'):
        assert option in sync
    # Extras of the one package that is named: what prints documents, where it does so.
    assert not {"--all-packages", "--extra"} & set(sync.split())


def test_an_image_begins_from_nothing_and_arguments_name_what_it_is_built_in():
    """Fails when the last stage begins from a system, with its shell and its pip, or an image
    cannot be taken from a registry of one's own."""
    assert instructions("FROM") == ["${UV_IMAGE} AS uv", "${PYTHON_IMAGE} AS build", "scratch"]
    given = {argument.partition("=")[0] for argument in instructions("ARG")}
    assert given == {"PYTHON_IMAGE", "UV_IMAGE", "SERVICE"}
    assert "/usr/share/zoneinfo" in IMAGE_ROOT["NEEDED"]  # schemes name the zone of their days


def composed(tmp_path, text=None, **variables):
    """The file as deploy/containers.py says it to an engine, or another in its place."""
    file = ROOT / "docker-compose.yml"
    if text is not None:
        file = tmp_path / "docker-compose.yml"
        file.write_text(text, "utf-8")
    return Composition("trial", variables, tmp_path, file)


def test_an_engine_is_told_all_that_the_file_says(tmp_path):
    """Fails when the translation forgets a line of hardening, a network or what is waited for."""
    given = composed(tmp_path, GATEWAY_PORTS="8123", UV_IMAGE="own/uv:1")
    for name in COMPOSE["services"]:
        said = given.options(name)
        for option in ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges:true"):
            assert said.count(option) == 1
        assert [each for each in said if each.startswith("--publish")] == (
            ["--publish=127.0.0.1:8123:8000"] if name == "gateway" else []
        )
    assert given.joined("gateway") == ["trial_inside", "trial_outside"]
    assert given.networks == {"trial_inside": ["--internal"], "trial_outside": []}
    assert given.builds()["kaoping/survey:trial"] == [
        "--build-arg=UV_IMAGE=own/uv:1", "--build-arg=SERVICE=survey", str(ROOT),
    ]  # fmt: skip
    order = given.order()
    for name in order:
        assert all(order.index(other) < order.index(name) for other in given.waits_for(name))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("privileged: true", "postgres: privileged"),
        ('volumes: ["/var/run:/var/run"]', "/var/run:/var/run is a folder of the host"),
        ("command: postgres -F", "a command that is a line for a shell"),
        ("healthcheck: {test: [CMD-SHELL, pg_isready]}", "healthcheck: CMD-SHELL"),
    ],
)
def test_what_cannot_be_said_to_an_engine_is_refused_by_name(line, told, tmp_path):
    """Fails when a key that the translation does not know is passed over."""
    services = f"services:\n  postgres:\n    image: postgres:18\n    networks: []\n    {line}\n"
    given = composed(tmp_path, services + "volumes: {}\n")
    with pytest.raises(NotUnderstood, match=re.escape(told)):
        assert given.options("postgres") + given.command("postgres")[1]


def test_logs_of_a_container_do_not_fill_the_disk():
    """Fails when a container writes into a file that is never begun anew."""
    for name in COMPOSE["services"]:
        assert set(container(name)["logging"]["options"]) == {"max-size", "max-file"}


def test_the_image_is_built_with_the_uv_of_the_lock():
    """Fails when the lock or the Dockerfile moves to another uv alone."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    (locked,) = (each["version"] for each in packages if each["name"] == "uv")
    assert re.findall(r"astral-sh/uv:(\S+)", DOCKERFILE) == [locked]


def test_no_shell_is_needed_at_run_time():
    """Fails when ENTRYPOINT, CMD or HEALTHCHECK is written as a line for /bin/sh."""
    (entry,), (check,) = instructions("ENTRYPOINT"), instructions("HEALTHCHECK")
    command = next(line for line in instructions("CMD"))
    assert json.loads(entry) == ["python", "start.py"]
    assert json.loads(command)[0] in START["ACTIONS"]
    probe = json.loads(check.partition("CMD ")[2])
    assert probe[:2] == ["python", "start.py"]
    assert probe[2] in START["ACTIONS"]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """A server that deploy/create_databases.sh has set up, and every database URL on it."""
    folder = tmp_path_factory.mktemp("secrets")
    MAKE_SECRETS["main"](folder)
    with Postgres.temporary({"fsync": "off"}) as server:
        for file in folder.glob("*_database_url"):
            file.chmod(0o644)
            file.write_text(file.read_text().replace("postgres:5432", f"127.0.0.1:{server.port}"))
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port)}
        subprocess.run(
            [str(ROOT / "deploy/create_databases.sh")],
            check=True,
            env={
                "PATH": f"{server.binaries}:/usr/bin:/bin",
                "PGPASSWORD": server.password("postgres"),
                "SECRETS": str(folder),
                **place,
            },
        )
        yield folder


def plain_url(folder, role):
    text = (folder / f"{role}_database_url").read_text()
    return make_url(text).set(drivername="postgresql")


async def enter(url):
    connection = await asyncpg.connect(url.render_as_string(hide_password=False), ssl=False)
    await connection.close()


async def migrate(part, secrets, monkeypatch):
    """Do what the migration's container does: one part in a process, the others in this one, for
    most of such a process are its imports."""
    if part == PARTS[0]:
        await asyncio.to_thread(
            subprocess.run,
            [sys.executable, str(ROOT / "deploy/start.py"), "migrate"],
            check=True,
            cwd=home_of(part),
            env={"SERVICE": part, "SECRETS": str(secrets), "PATH": os.environ["PATH"]},
            capture_output=True,
        )
        return
    monkeypatch.chdir(home_of(part))
    for name, value in {"SERVICE": part, "SECRETS": str(secrets), "DATABASE_URL": ""}.items():
        monkeypatch.setenv(name, value)
    await asyncio.to_thread(START["migrate"])  # which begins an event loop of its own


async def test_a_role_can_enter_its_own_database_and_no_other(deployed):
    """Fails when create_databases.sh leaves CONNECT to PUBLIC, or forgets a service."""
    roles = [role for part in PARTS for role in (part, f"{part}_owner")]
    for role in roles:
        url = plain_url(deployed, role)
        await enter(url)
        for other in [*PARTS, "postgres", "template1"]:
            if other != url.database:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await enter(url.set(database=other))


@pytest.mark.parametrize("part", PARTS)
async def test_the_migration_of_a_container_prepares_the_database(
    part, deployed, tmp_path, monkeypatch
):
    """Fails when start.py ignores the secret, or the service's role could make or empty tables."""
    (tmp_path / "database_url").write_text((deployed / f"{part}_owner_database_url").read_text())
    await migrate(part, tmp_path, monkeypatch)
    url = plain_url(deployed, part).render_as_string(hide_password=False)
    service = await asyncpg.connect(url, ssl=False)
    try:
        assert await service.fetchval("SELECT count(*) FROM alembic_version") == 1
        for forbidden in ("CREATE TABLE own (n int)", "DELETE FROM journal_entry"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await service.execute(forbidden)
    finally:
        await service.close()


OVER_TLS = ROOT / "deploy/tls.compose.yaml"


@pytest.fixture(scope="module")
def over_tls(tmp_path_factory):
    """The composition with TLS laid over it, and the certificates that its head has made."""
    folder = tmp_path_factory.mktemp("secrets")
    MAKE_SECRETS["main"](folder)
    [command] = re.findall(
        r"#   python -m (chassis.certificates .*)\n", OVER_TLS.read_text("utf-8")
    )
    module, _, *names = command.split()
    assert import_module(module).main([str(folder / "tls"), *names]) == 0
    return Composition("trial", {}, folder, besides=(OVER_TLS,))


def given_over_tls(over_tls, name):
    """What a container is given: its settings, with the host's files in the place of its own."""
    files = {}
    for each in over_tls.services[name].get("secrets", []):
        source, target = (each, each) if isinstance(each, str) else (each["source"], each["target"])
        file = over_tls.document["secrets"][source]["file"].removeprefix("./deploy/secrets/")
        files[f"/run/secrets/{target}"] = over_tls.secrets / file
    environment = over_tls.services[name].get("environment", {})
    return {key: str(files.get(value, value)) for key, value in environment.items()}, files


@pytest.mark.parametrize("part", PARTS)
def test_over_tls_a_part_believes_and_is_believed(over_tls, part, tmp_path, monkeypatch):
    """Fails when a part is given another's certificate, one address stays without TLS, a service
    answers whoever comes, or a file is none that is made."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    given, files = given_over_tls(over_tls, part)
    (tmp_path / "database_url").write_text(files["/run/secrets/database_url"].read_text())
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = settings_of(part)(_secrets_dir=tmp_path)
    assert {name.lower() for name in given} <= set(settings_of(part).model_fields)
    urls = {"GATEWAY_URL": settings.gateway_url}
    if part == "gateway":
        urls |= settings.upstreams
        assert set(settings.upstreams) == set(SERVICES)
    assert all(url.startswith("https:") for url in urls.values())
    settings.tls.require(settings.database_url, urls)
    assert settings.tls.of_database() is not None
    assert settings.tls.clients == ("anybody" if part == "gateway" else "certified")
    certificate = x509.load_pem_x509_certificate(Path(given["TLS_CERTIFICATE"]).read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [part]


def test_over_tls_jobs_believe_the_database_and_everything_else_stays(over_tls):
    """Fails when a migration asks the database without TLS, or what hardens a container goes."""
    for job in JOBS:
        given, _ = given_over_tls(over_tls, job)
        assert Path(given["DATABASE_CA"]).is_file()
    plain = Composition("trial", {}, over_tls.secrets)
    for name in COMPOSE["services"]:
        gone = set(plain.options(name)) - set(over_tls.options(name))
        assert {each.split("=")[1] for each in gone} <= {"GATEWAY_URL", "UPSTREAMS"}
    before, after = plain.command("postgres")[1], over_tls.command("postgres")[1]
    assert after[-len(before) - 3 : -3] == before
    text = OVER_TLS.read_text("utf-8")
    files = set(re.findall(r"file: \./deploy/secrets/(tls/\S+)}", text))
    assert all((over_tls.secrets / each).is_file() for each in files)
    assert "tls/ca.key" not in files


def test_over_tls_the_server_gets_a_key_of_its_own(over_tls, tmp_path):
    """Fails when the key stays readable for others: the server refuses such a one."""
    entry, arguments = over_tls.command("postgres")
    assert entry == ["--entrypoint=sh"]
    known, key = "/run/secrets/certificate.key", tmp_path / "server.key"
    (tmp_path / "docker-entrypoint.sh").write_text(
        f'#!/bin/sh\nstat -c %a {key}; printf "%s\\n" "$@"\n'
    )
    (tmp_path / "docker-entrypoint.sh").chmod(0o755)
    own = over_tls.secrets / "tls/postgres.key"
    script = arguments[1].replace(known, str(own)).replace("/tmp/server.key", str(key))  # noqa: S108
    ran = subprocess.run(
        ["/bin/sh", "-c", script, *arguments[2:]],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    mode, *passed = ran.stdout.splitlines()
    assert mode == "600"
    assert passed == arguments[3:]
    assert "--ssl=on" in passed
    assert key.read_bytes() == own.read_bytes()

"""`python -m deploy.containers up|down`: docker-compose.yml by podman or docker, without Compose.

    python3 deploy/make_secrets.py
    python -m deploy.containers up      # builds the images and starts all parts in their order
    python -m deploy.containers down    # stops them; what is stored stays in the volumes

Images come from where the Dockerfile says; `--bases debootstrap` makes those that they begin
from out of Debian's packages, where no registry of images can be reached.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from deploy import bases, composition
from deploy.composition import Composition

ENGINES = ("podman", "docker")
SECONDS = 120
"""So long a part may take until it can do its work."""

THREADS = 4096
"""So many one account may have in all containers under podman; a part has some dozens."""


class EngineFailed(Exception):
    """A container did not do what was asked of it; the text has what the engine said."""


@dataclass(frozen=True)
class Engine:
    """The command that runs containers."""

    command: str

    @property
    def is_podman(self) -> bool:
        """Whether it is podman, which says some things otherwise than Docker."""
        return Path(self.command).name == "podman"

    def __call__(self, *arguments: str, told: str | None = None) -> str:
        """Run a command of the engine and return what it wrote; raises `EngineFailed`."""
        done = self.tried(*arguments, told=told)
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise EngineFailed(f"{self.command} {' '.join(arguments[:2])}: {said[-2000:]}")
        return done.stdout.strip()

    def tried(self, *arguments: str, told: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of the engine, which may fail."""
        environment = dict(os.environ)
        if not Path("/run/systemd/system").exists():
            environment["DISABLE_HC_SYSTEMD"] = "true"  # podman's timers; who waits asks itself
        return subprocess.run(
            [self.command, *arguments],
            input=told,
            text=True,
            capture_output=True,
            env=environment,
        )

    def healthy(self, container: str) -> bool:
        """Whether the check of a container's health says that it can do its work."""
        if self.is_podman:
            return self.tried("healthcheck", "run", container).returncode == 0
        return self("inspect", "--format={{.State.Health.Status}}", container) == "healthy"

    def state(self, container: str) -> dict[str, object]:
        """Return what the engine knows of the process of a container."""
        return dict(json.loads(self("inspect", "--format={{json .State}}", container)))


def find() -> Engine | None:
    """Return the engine that there is and that answers, podman before docker."""
    for name in ENGINES:
        if (path := shutil.which(name)) and Engine(path).tried("info").returncode == 0:
            return Engine(path)
    return None


def bases_by(engine: Engine, way: str, said: Callable[[str], None]) -> dict[str, str]:
    """Return the images to begin from, by variable; none where the files' own are pulled.

    `way` is registry, debootstrap, or empty: then a registry is asked, and where none answers
    they are made.
    """
    if way == "registry" or (not way and engine.tried("pull", "postgres:18").returncode == 0):
        return {}
    return bases.make(engine.command, said)


@dataclass
class Installation:
    """The containers, networks and volumes of one composition."""

    engine: Engine
    given: Composition
    said: Callable[[str], None] = print
    seconds: dict[str, float] = field(default_factory=dict)

    def build(self) -> None:
        """Build every image."""
        for image, arguments in self.given.builds().items():
            began = time.monotonic()
            # Podman's own form of images knows no HEALTHCHECK.
            form = ["--format=docker"] if self.engine.is_podman else []
            # Packages are fetched as whoever starts this would: no network is made for it.
            self.engine("build", *form, "--network=host", "--tag", image, *arguments)
            self.seconds[image] = time.monotonic() - began
            self.said(f"{image}: {self.size(image) / 1e6:,.0f} MB")

    def size(self, image: str) -> int:
        """Return how many bytes an image has."""
        return int(self.engine("image", "inspect", "--format={{.Size}}", image))

    def up(self) -> None:
        """Start everything, each part when those that it waits for are ready."""
        for network, options in self.given.networks.items():
            if self.engine.tried("network", "inspect", network).returncode:
                self.engine("network", "create", *options, network)
        for service in self.given.order():
            for other, condition in self.given.waits_for(service).items():
                self._wait(other, condition)
            self.start(service)
        for service in self.lasting:
            self._wait(service, "service_healthy")

    @property
    def lasting(self) -> list[str]:
        """The services that go on running, in the order in which they start."""
        given = self.given.services
        return [each for each in self.given.order() if given[each].get("restart") != "no"]

    def start(self, service: str) -> None:
        """Make the container of a service and start it."""
        name, (first, *others) = self.given.name(service), self.given.joined(service)
        entry, arguments = self.given.command(service)
        options = [f"--name={name}", f"--network={first}", f"--network-alias={service}"]
        options += [*self.fitting(self.given.options(service)), *entry]
        self.engine("create", *options, self.given.image(service), *arguments)
        for network in others:
            self.engine("network", "connect", f"--alias={service}", network, name)
        self.engine("start", name)

    def fitting(self, options: Iterable[str]) -> list[str]:
        """Return options of `create` with what this engine wants besides."""
        if not self.engine.is_podman:
            return [*options]
        # What Docker does without being asked: nothing may be written but the tmpfs that are named.
        # And what podman takes for a process may be more than the machine allows.
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        limits = [f"--ulimit=nofile={files}:{files}", f"--ulimit=nproc={THREADS}:{THREADS}"]
        return [*options, "--read-only-tmpfs=false", *limits]

    def _wait(self, service: str, condition: str) -> None:
        """Wait until a condition of `depends_on` holds."""
        name = self.given.name(service)
        if condition == "service_completed_successfully":
            if (ended := self.engine("wait", name)) != "0":
                raise EngineFailed(f"{service} ended with {ended}: {self.log(service)}")
            return
        if condition != "service_healthy":
            raise composition.NotUnderstood(f"depends_on: {condition}")
        until = time.monotonic() + SECONDS
        while not self.engine.healthy(name):
            if time.monotonic() > until:
                raise EngineFailed(f"{service} is not ready: {self.log(service)}")
            time.sleep(0.3)

    def log(self, service: str) -> str:
        """Return the end of what a container wrote."""
        done = self.engine.tried("logs", "--tail=40", self.given.name(service))
        return (done.stdout + done.stderr).strip()

    def stop(self) -> dict[str, int]:
        """Stop what runs, the last started first, and return what each ended with."""
        ended = {}
        for service in reversed(self.lasting):
            name = self.given.name(service)
            if self.engine.tried("stop", name).returncode == 0:
                ended[service] = int(str(self.engine.state(name)["ExitCode"]))
        return ended

    def down(self) -> dict[str, int]:
        """Stop and remove containers and networks, and return what each container ended with."""
        ended = self.stop()
        for service in reversed(self.given.order()):
            self.engine.tried("rm", "--force", self.given.name(service))
        for network in self.given.networks:
            self.engine.tried("network", "rm", network)
        return ended

    def remove(self) -> None:
        """Remove all of it, with what is stored and the images that were built."""
        self.down()
        for volume in self.given.volumes:
            self.engine.tried("volume", "rm", volume)
        for image in self.given.builds():
            self.engine.tried("rmi", image)


def main() -> None:
    """Do what the command line asks."""
    ask = argparse.ArgumentParser("python -m deploy.containers", description=__doc__)
    ask.add_argument("what", choices=("up", "down", "remove"))
    ask.add_argument("--bases", default="", choices=("", "registry", "debootstrap"))
    ask.add_argument("--project", default="kaoping", help="name before all that is made")
    ask.add_argument("--secrets", type=Path, default=composition.ROOT / "deploy/secrets")
    over = "laid over docker-compose.yml, such as deploy/tls.compose.yaml"
    ask.add_argument("--file", type=Path, action="append", default=[], help=over)
    given = ask.parse_args()
    engine = find()
    if engine is None:
        ask.exit(3, "no container engine answers here: neither podman nor docker\n")
    begun = bases_by(engine, given.bases, print) if given.what == "up" else {}
    system = Installation(engine, composition.of(given.project, given.secrets, begun, given.file))
    if given.what == "up":
        system.build()
        system.up()
    elif given.what == "down":
        system.down()
    else:
        system.remove()


if __name__ == "__main__":
    main()

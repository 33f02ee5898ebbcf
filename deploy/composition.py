"""docker-compose.yml in the words of `podman create` and `docker create`.

For where Docker Compose is not at hand, and for the test, which so runs what is shipped. A key
that is not known here is refused by name: a container without it would be another one than the
file tells of.
"""

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


class NotUnderstood(Exception):
    """The file has what cannot be said to an engine here; the text names it."""


@dataclass(frozen=True)
class Composition:
    """The file, read with the variables of an environment, under the name of one installation.

    Images that are built are tagged with that name, so that those of another stay. Files `besides`
    are laid over it as Compose does.
    """

    project: str
    environment: Mapping[str, str]
    secrets: Path
    file: Path = FILE
    besides: tuple[Path, ...] = ()

    @cached_property
    def document(self) -> dict[str, Any]:
        """The files as data, with variables put in."""
        found: dict[str, Any] = {}
        for file in (self.file, *self.besides):
            text = VARIABLE.sub(self._value, file.read_text("utf-8")).replace("$$", "$")
            found = laid_over(found, yaml.safe_load(text))
        return found

    def _value(self, match: re.Match[str]) -> str:
        return self.environment.get(match[1]) or match[2] or ""

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        """What runs, by name."""
        return dict(self.document["services"])

    @property
    def networks(self) -> dict[str, list[str]]:
        """Each network by its full name, with what it is made with."""
        found = {}
        for name, how in self.document["networks"].items():
            if unknown := set(how) - {"internal"}:
                raise NotUnderstood(f"networks.{name}: {', '.join(sorted(unknown))}")
            found[f"{self.project}_{name}"] = ["--internal"] if how.get("internal") else []
        return found

    @property
    def volumes(self) -> list[str]:
        """The full names of the volumes."""
        if options := [name for name, how in self.document["volumes"].items() if how]:
            raise NotUnderstood(f"volumes: {', '.join(options)} with options")
        return [f"{self.project}_{name}" for name in self.document["volumes"]]

    def name(self, service: str) -> str:
        """Return the name of the container of a service."""
        return f"{self.project}-{service}"

    def image(self, service: str) -> str:
        """Return the name of the image that a service runs."""
        given = self.services[service]
        return f"{given['image']}:{self.project}" if "build" in given else given["image"]

    def builds(self) -> dict[str, list[str]]:
        """Return each image that is built, with the arguments of `build`."""
        found = {}
        for service, given in self.services.items():
            if "build" in given:
                build = dict(given["build"])
                context, values = build.pop("context"), build.pop("args")
                if build:
                    raise NotUnderstood(f"{service}.build: {', '.join(build)}")
                options = [f"--build-arg={key}={value}" for key, value in self._given(values)]
                found[self.image(service)] = [*options, str(self.file.parent / context)]
        return found

    def _given(self, values: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
        """Yield arguments of a build; one without a value is the environment's, if that has it."""
        for key, value in values.items():
            if value is not None or self.environment.get(key):
                yield key, self.environment[key] if value is None else value

    def joined(self, service: str) -> list[str]:
        """Return the full names of the networks of a service."""
        return [f"{self.project}_{name}" for name in self.services[service]["networks"]]

    def waits_for(self, service: str) -> dict[str, str]:
        """Return what has to be so of which other service, before one starts."""
        waiting = self.services[service].get("depends_on", {})
        return {other: how["condition"] for other, how in waiting.items()}

    def order(self) -> list[str]:
        """Return all services so that each comes after those that it waits for."""
        ordered: list[str] = []
        while left := [name for name in self.services if name not in ordered]:
            free = [name for name in left if self.waits_for(name).keys() <= set(ordered)]
            if not free:
                raise NotUnderstood(f"{', '.join(left)} wait for one another")
            ordered += free
        return ordered

    def options(self, service: str) -> list[str]:
        """Return the options of `create` that say what the file says of a service."""
        found = []
        for key, value in self.services[service].items():
            if key in APART:
                continue
            if key not in OPTIONS:
                raise NotUnderstood(f"{service}: {key}")
            found += OPTIONS[key](self, value)
        return found

    def command(self, service: str) -> tuple[list[str], list[str]]:
        """Return the option for the program of a service, where it has one, and its arguments."""
        given = self.services[service]
        entry, arguments = given.get("entrypoint", []), given.get("command", [])
        if not (isinstance(entry, list) and isinstance(arguments, list)):
            raise NotUnderstood(f"{service}: a command that is a line for a shell")
        return [f"--entrypoint={each}" for each in entry[:1]], [*entry[1:], *arguments]

    def mounted(self, kind: str, given: str | dict[str, str]) -> str:
        """Return the option that puts a file of the host into a container, where it is read."""
        source = given if isinstance(given, str) else given["source"]
        file = self.file.parent / self.document[kind][source]["file"]
        if kind == "secrets":
            within = file.relative_to(self.file.parent / "deploy/secrets")
            file, place = self.secrets / within, "/run/secrets/"
            target = place + (source if isinstance(given, str) else given["target"])
        elif isinstance(given, dict):
            target = given["target"]
        else:
            raise NotUnderstood(f"{kind}: {source} without a target")
        return f"--volume={file.resolve()}:{target}:ro"


def laid_over(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with another laid over it: what is mapped in both is laid over, lists are
    put together, and all else is the upper one's, as is what a container runs."""
    found = dict(below)
    for key, value in above.items():
        known = found.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            found[key] = laid_over(known, value)
        elif isinstance(known, list) and key not in {"command", "entrypoint"}:
            found[key] = [*known, *value]
        else:
            found[key] = value
    return found


def _health(own: Composition, given: dict[str, Any]) -> list[str]:
    if given == {"disable": True}:
        return ["--no-healthcheck"]
    times = ("interval", "timeout", "start_period", "retries")
    test = given["test"]
    if unknown := [*({test[0]} - {"CMD"}), *(set(given) - {"test", *times})]:
        raise NotUnderstood(f"healthcheck: {', '.join(unknown)}")
    said = [f"--health-{key.replace('_', '-')}={given[key]}" for key in times if key in given]
    return [f"--health-cmd={shlex.join(test[1:])}", *said]


def _logging(own: Composition, given: dict[str, Any]) -> list[str]:
    options = [f"--log-opt={key}={value}" for key, value in given.get("options", {}).items()]
    return [f"--log-driver={given['driver']}", *options]


def _volume(own: Composition, given: str) -> str:
    name = given.partition(":")[0]
    if name not in own.document["volumes"]:
        raise NotUnderstood(f"volumes: {given} is a folder of the host")
    return f"--volume={own.project}_{given}"


def _each(option: str) -> Callable[[Composition, list[str]], list[str]]:
    return lambda own, values: [f"--{option}={value}" for value in values]


Option = Callable[[Composition, Any], list[str]]
APART = {"image", "build", "entrypoint", "command", "networks", "depends_on"}
OPTIONS: dict[str, Option] = {
    "cap_drop": _each("cap-drop"),
    "configs": lambda own, given: [own.mounted("configs", each) for each in given],
    "environment": lambda own, given: [f"--env={key}={value}" for key, value in given.items()],
    "healthcheck": _health,
    "logging": _logging,
    "ports": _each("publish"),
    "read_only": lambda own, given: ["--read-only"] if given else [],
    "restart": lambda own, given: [f"--restart={given}"],
    "secrets": lambda own, given: [own.mounted("secrets", each) for each in given],
    "security_opt": _each("security-opt"),
    "stop_grace_period": lambda own, given: [f"--stop-timeout={given.removesuffix('s')}"],
    "tmpfs": _each("tmpfs"),
    "user": lambda own, given: [f"--user={given}"],
    "volumes": lambda own, given: [_volume(own, each) for each in given],
}


def of(
    project: str, secrets: Path, variables: Mapping[str, str], besides: Sequence[Path] = ()
) -> Composition:
    """Read the file for an installation: with `variables`, and what is set where this runs."""
    return Composition(project, {**os.environ, **variables}, secrets, besides=tuple(besides))

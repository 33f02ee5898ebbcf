"""`make sbom`: what is installed, as a CycloneDX 1.6 document with hashes and licences.

    dist/sbom.json

Of what `uv.lock` installs on this Python and machine, `required` is what runs in production, and
`excluded` what only developers need. What is installed and not of the lock is named, too. The same
installation gives the same bytes.
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from deploy import licences
from deploy.bundle import HERE, ROOT, TARGETS, Target, Wheel, pinned, requirements
from packaging.tags import sys_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

FILE = ROOT / "dist" / "sbom.json"
OURS = "Apache-2.0"
TESTING, WORKSPACE = "service-testing", "kaoping-workspace"
"""Those of ours that only developers need."""


@dataclass(frozen=True, slots=True)
class Component:
    """One package; without a wheel where the lock names none that runs here."""

    name: str
    version: str
    licence: str
    production: bool
    own: bool
    here: bool
    wheel: Wheel | None = None
    requires: tuple[str, ...] = ()
    locked: bool = True

    @property
    def purl(self) -> str:
        """The package's name for all tools: a package URL.

        Ours are not of PyPI, where others have packages of the same names.
        """
        kind = "generic/kaoping" if self.own else "pypi"
        return f"pkg:{kind}/{self.name}@{self.version}"


def lock() -> list[dict[str, Any]]:
    """Return the packages of the lock."""
    found: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    return found


def ours(packages: Iterable[dict[str, Any]]) -> set[str]:
    """Return the names of our own packages, which come from no index."""
    return {each["name"] for each in packages if "registry" not in each["source"]}


def installed() -> dict[tuple[str, str], Distribution]:
    """Return what is installed beside this Python, by name and version."""
    return {(canonicalize_name(one.metadata["Name"]), one.version): one for one in distributions()}


def for_production(targets: Iterable[Target] = TARGETS) -> set[tuple[str, str]]:
    """Return names and versions of what runs in production on the targets."""
    running = sorted(ours(lock()) - {TESTING, WORKSPACE})
    needed = list(pinned(requirements(*(f"--package={name}" for name in running))))
    return {
        (name, version)
        for target in targets
        for name, version, marker in needed
        if marker is None or marker.evaluate(target.environment())
    }


def components() -> list[Component]:
    """Return all packages of the lock, and what is installed besides; `here` are those that are on
    this machine, or would be in production."""
    here, packages = installed(), lock()
    own, production, kept = ours(packages), for_production(), licences.told(_page())
    present = {*here, *for_production([HERE])}
    locked = {(each["name"], each["version"]): each for each in packages if "version" in each}
    found = []
    for key in sorted({*locked, *here}):
        name, version = key
        licence = _licence(key, here, own) or kept.get(key, "not stated")
        package = locked.get(key)
        found.append(
            Component(
                name,
                version,
                licence,
                production=key in production or (name in own and name != TESTING),
                own=name in own,
                here=key in present,
                wheel=_wheel(package) if package else None,
                requires=tuple(sorted(_requires(package))) if package else (),
                locked=package is not None,
            )
        )
    return found


def _licence(key: tuple[str, str], here: dict[tuple[str, str], Distribution], own: set[str]) -> str:
    if key[0] in own:
        return OURS
    return licences.licence_of(key[0], here[key].metadata) if key in here else ""


def _page() -> str:
    return licences.PAGE.read_text("utf-8") if licences.PAGE.exists() else ""


def _wheel(package: dict[str, Any]) -> Wheel | None:
    """Return the wheel that is taken on this Python and machine."""
    rank = {tag: place for place, tag in enumerate(sys_tags())}
    fitting = [
        (min(places), wheel["url"], wheel)
        for wheel in package.get("wheels", ())
        if (places := [rank[tag] for tag in _tags(wheel["url"]) if tag in rank])
    ]
    if not fitting:
        return None
    found = min(fitting)[2]
    return Wheel(found["url"], found["hash"].removeprefix("sha256:"), found["size"])


def _tags(url: str) -> Iterable[Any]:
    return parse_wheel_filename(url.rpartition("/")[2])[3]


def _requires(package: dict[str, Any]) -> Iterator[str]:
    extras = package.get("optional-dependencies", {}).values()
    for each in [*package.get("dependencies", ()), *(one for group in extras for one in group)]:
        yield each["name"]


def document(found: list[Component]) -> dict[str, Any]:
    """Return the document of components, which names all of them and what needs what."""
    refs: dict[str, list[str]] = {}
    for each in found:
        refs.setdefault(each.name, []).append(each.purl)
    body = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": "kaoping", "name": "kaoping-system"}
        },
        "components": [_written(each) for each in found],
        "dependencies": [
            {"ref": "kaoping", "dependsOn": [one.purl for one in found if one.production]},
            *(
                {
                    "ref": each.purl,
                    "dependsOn": sorted({p for name in each.requires for p in refs.get(name, ())}),
                }
                for each in found
            ),
        ],
    }
    number = uuid5(NAMESPACE_URL, json.dumps(body, sort_keys=True))
    return {**body, "serialNumber": f"urn:uuid:{number}"}


def _written(each: Component) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": each.purl,
        "name": each.name,
        "version": each.version,
        "purl": each.purl,
        "scope": "required" if each.production else "excluded",
        "licenses": [_licensed(each.licence)],
    }
    if each.wheel:
        told["hashes"] = [{"alg": "SHA-256", "content": each.wheel.sha256}]
        told["externalReferences"] = [{"type": "distribution", "url": each.wheel.url}]
    if not each.locked:
        told["properties"] = [{"name": "kaoping:locked", "value": "false"}]
    if inside := licences.BUNDLED.get(each.name):
        told["components"] = [
            {"type": "library", "name": name, "licenses": [_licensed(licence)]}
            for name, licence in sorted(inside.items())
        ]
    if each.own and each.name == "gateway":
        told["components"] = list(_in_console())
    return told


def _in_console() -> Iterator[dict[str, Any]]:
    """Yield the packages of npm that the console's pages were built from, which the gateway has."""
    locked = json.loads((ROOT / "console" / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version, licence in licences.in_console():
        package = locked[f"node_modules/{name}"]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            "licenses": [_licensed(licence)],
            "hashes": [{"alg": "SHA-512", "content": _sha512(package["integrity"])}],
        }


def _sha512(integrity: str) -> str:
    """Return the hexadecimal digits of a hash as npm writes it."""
    return base64.b64decode(integrity.removeprefix("sha512-")).hex()


def _licensed(licence: str) -> dict[str, Any]:
    if licences.kind_of(licence) is licences.Kind.REFUSED:
        return {"license": {"name": licence}}
    if re.fullmatch(r"[\w.-]+", licence):
        return {"license": {"id": licence}}
    return {"expression": licence}


def licence_page() -> str:
    """Return docs/licences.md as it is to be: of what the lock has for any Python."""
    own = ours(lock())
    found = [each for each in components() if each.locked and each.name not in own]
    rows = [(each.production, (each.name, each.version, each.licence)) for each in found]
    return licences.page([row for yes, row in rows if yes], [row for yes, row in rows if not yes])


def write(file: Path = FILE) -> list[Component]:
    """Write the document, and return what is in it."""
    found = [each for each in components() if each.here]
    file.parent.mkdir(exist_ok=True)
    text = json.dumps(document(found), indent=1, sort_keys=True, ensure_ascii=False)
    file.write_text(text + "\n", "utf-8")
    return found


def main() -> int:
    """Write the document; end with 1 where a licence may not come in."""
    found = write()
    required = sum(each.production for each in found)
    print(f"{FILE}: {len(found)} packages, {required} of them in production")
    third = [(each.name, each.version, each.licence) for each in found] + licences.in_console()
    for each in (wrong := licences.refused(third)):
        print(f"may not come in 不得引入: {each}", file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

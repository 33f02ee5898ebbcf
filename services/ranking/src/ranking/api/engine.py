"""Which program ranked: its version, and the source of its rules file by file."""

from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from chassis import journal
from chassis.wire import Outgoing
from ranking.package.verify import sha256


class Engine(Outgoing):
    """The program that ranked an edition: its version, and the SHA-256 of the canonical JSON of
    what `engine.json` in the package lists, which is the SHA-256 of each file of its rules."""

    version: str
    rules: str


@cache
def source_of_rules() -> dict[str, Any]:
    """Return the version of this program and the SHA-256 of each file of its rules, by name."""
    found = (each for each in files("ranking.rules").iterdir() if each.name.endswith(".py"))
    listed = {each.name: sha256(each.read_bytes()) for each in found}
    return {"version": version("ranking"), "rules": dict(sorted(listed.items()))}


@cache
def this_engine() -> Engine:
    """Return which program this is."""
    told = source_of_rules()
    return Engine(version=told["version"], rules=journal.sha256(told))

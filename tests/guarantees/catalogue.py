"""Which guarantee is proved by which tests, and which planted bug has to make them fail."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("catalogue.toml")


@dataclass(frozen=True)
class Bug:
    """One change of one source file, and the tests of the guarantee that must fail then.

    `what` says it in words. With `thorough` the tests are run in their long form, because the
    usual one is not sure to meet it.
    """

    what: str
    path: str
    old: str
    new: str
    fails: tuple[str, ...]
    thorough: bool = False

    def fault(self, root: Path = ROOT) -> str | None:
        """Say why the bug cannot be planted in a tree, where it cannot: the text has to be once."""
        source = root / self.path
        if not source.is_file():
            return f"{self.path} is no file"
        found = source.read_text("utf-8").count(self.old)
        return None if found == 1 else f"{self.path} has {found} times what is to be changed"

    def plant(self, root: Path) -> None:
        """Plant it in a copy of the tree."""
        if fault := self.fault(root):
            raise ValueError(fault)
        source = root / self.path
        source.write_text(source.read_text("utf-8").replace(self.old, self.new), "utf-8")


@dataclass(frozen=True)
class Guarantee:
    """A promise in one sentence, in two languages; what proves it, and how much was asked for.

    `figures` are what the tests are to report at least, by the key that they report it under.
    Where a figure cannot be reached, `reached` has what is asked for in its place, and `lacking`
    says in words what is not reached and why. Tests of a guarantee that is `short` and
    its controls run in a few seconds; those of one that is `long` take half an hour or more.
    """

    id: str
    en: str
    zh: str
    tests: tuple[str, ...] = ()
    figures: dict[str, int] = field(default_factory=dict)
    reached: dict[str, int] = field(default_factory=dict)
    bugs: tuple[Bug, ...] = ()
    lacking: str = ""
    short: bool = False
    long: bool = False
    thorough: bool = True
    seconds: int = 1800


def _guarantee(name: str, row: dict[str, Any]) -> Guarantee:
    tests = tuple(row.pop("tests", ()))
    bugs = tuple(
        Bug(**{**bug, "fails": tuple(bug.get("fails", tests))}) for bug in row.pop("bugs", ())
    )
    return Guarantee(id=name, tests=tests, bugs=bugs, **row)


def read(path: Path = TABLE) -> dict[str, Guarantee]:
    """Read the catalogue, by the ids of the guarantees in their order."""
    rows = tomllib.loads(path.read_text("utf-8"))
    return {name: _guarantee(name, row) for name, row in rows.items()}


def _tests_of(path: Path) -> set[str]:
    """Return names of the test functions of a file without importing it."""
    body = ast.parse(path.read_text("utf-8")).body
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {each.name for each in body if isinstance(each, kinds) and each.name.startswith("test_")}


def faults(guarantees: dict[str, Guarantee], root: Path = ROOT) -> Iterator[str]:
    """Name what is wrong in a catalogue: tests that there are not, bugs that cannot be planted."""
    for each in guarantees.values():
        named = {*each.tests, *(test for bug in each.bugs for test in bug.fails)}
        for test in sorted(named):
            path, _, name = test.partition("::")
            if not (root / path).exists():
                yield f"{each.id}: {path} is not there"
            elif name and name.partition("[")[0] not in _tests_of(root / path):
                yield f"{each.id}: {path} has no {name}"
        yield from (f"{each.id}: {fault}" for bug in each.bugs if (fault := bug.fault(root)))
        yield from (f"{each.id}: {fault}" for fault in _unsaid(each))


def _unsaid(each: Guarantee) -> Iterator[str]:
    """Name what a guarantee leaves open without a word."""
    if each.tests and not each.bugs:
        yield "no bug is planted"
    if not (each.tests or each.lacking):
        yield "neither a test nor a word why there is none"
    if each.reached and not each.lacking:
        yield "less is asked for than promised, without a word why"
    if not each.reached.keys() <= each.figures.keys():
        yield "less is asked for of what is not promised"

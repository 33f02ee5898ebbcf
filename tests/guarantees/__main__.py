"""Proves guarantees: runs their tests, then the same with a bug planted, and prints one table."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.guarantees import keeping
from tests.guarantees.catalogue import Guarantee, faults, read
from tests.guarantees.running import Run, control, run


def prove(guarantee: Guarantee, folder: Path, *, thorough: bool, controls: bool) -> keeping.Result:
    """Run the tests of one guarantee and its controls; keep and return what came of it."""
    thorough = thorough and guarantee.thorough
    proof = run(guarantee.tests, thorough=thorough, seconds=guarantee.seconds)
    # Where the tests fail as they are, that they fail with a bug too says nothing.
    planted = guarantee.bugs if controls and not proof.fault else ()
    runs: list[Run] = [control(bug, guarantee) for bug in planted]
    found = keeping.result(guarantee, proof, runs, thorough=thorough)
    found.keep(folder)
    return found


def chosen(guarantees: dict[str, Guarantee], asked: argparse.Namespace) -> Iterable[Guarantee]:
    """Return the guarantees to prove now: those that have a test."""
    for each in guarantees.values():
        named = each.id in asked.ids
        fits = (each.short or not asked.short) and (asked.long or not each.long)
        if each.tests and (named or (fits and not asked.ids)):
            yield each


def main() -> int:
    """Do what the command line asks; return 0 where all that was run holds."""
    parser = argparse.ArgumentParser("python -m tests.guarantees", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="G7", help="prove these alone")
    parser.add_argument("--short", action="store_true", help="the short set, in its usual form")
    parser.add_argument("--long", action="store_true", help="also what takes half an hour and more")
    parser.add_argument("--no-controls", action="store_true", help="plant no bug")
    parser.add_argument("--table", action="store_true", help="run nothing: what is kept")
    parser.add_argument("--write", action="store_true", help="write the table of the page")
    where = "the folder of what came of each"
    parser.add_argument("--kept", type=Path, default=keeping.KEPT, metavar="FOLDER", help=where)
    asked = parser.parse_args()
    guarantees = read()
    if unknown := set(asked.ids) - set(guarantees):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if wrong := list(faults(guarantees)):
        parser.error("the catalogue is wrong: " + "; ".join(wrong))
    ran = dict[str, keeping.Result]()
    for each in () if asked.table else chosen(guarantees, asked):
        print(f"{each.id} {each.en}\n   {each.zh}", flush=True)
        ran[each.id] = prove(
            each, asked.kept, thorough=not asked.short, controls=not asked.no_controls
        )
        for fault in ran[each.id].faults:
            print(f"   {fault}", flush=True)
        print(f"   {' '.join(keeping.row(each, ran[each.id])[2:6])} s", flush=True)
    results = keeping.kept(asked.kept) | ran
    print(
        "\n"
        + keeping.table([keeping.row(each, results.get(each.id)) for each in guarantees.values()])
    )
    if asked.write:
        keeping.write(guarantees, results)
    return int(not all(each.holds for each in (ran or results).values()))


if __name__ == "__main__":
    sys.exit(main())

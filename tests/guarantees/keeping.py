"""Keeps what came of each guarantee, and makes one table of it."""

import json
import os
import platform
import re
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.guarantees.catalogue import ROOT, Guarantee
from tests.guarantees.running import Run

KEPT = ROOT / "var" / "guarantees"
PAGE = ROOT / "docs" / "guarantees.md"
SECTION = re.compile(r"(<!-- proved: begin -->\n).*?(<!-- proved: end -->)", re.DOTALL)


@dataclass(frozen=True)
class Result:
    """What came of a guarantee: when, of which commit, on what machine, and how far it reached."""

    id: str
    holds: bool
    tests: int
    reached: dict[str, int]
    controls: int
    seen: int
    seconds: float
    faults: list[str]
    form: str
    date: str
    commit: str
    machine: str = field(default="")

    def keep(self, folder: Path = KEPT) -> None:
        """Keep it for the table, in the place of what was kept of the same guarantee before."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / f"{self.id}.json").write_text(text + "\n", "utf-8")


def kept(folder: Path = KEPT) -> dict[str, Result]:
    """Read what is kept, by guarantee."""
    read = [Result(**json.loads(path.read_text("utf-8"))) for path in folder.glob("G*.json")]
    return {each.id: each for each in read}


def commit() -> str:
    """Name the commit of the tree, with a sign that it was changed since."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def machine() -> str:
    """Say how large the machine is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {memory:.0f} GB, Python {platform.python_version()}"


def result(guarantee: Guarantee, proof: Run, controls: list[Run], *, thorough: bool) -> Result:
    """Judge what came of the tests of a guarantee and of its controls."""
    faults = [proof.fault] if proof.fault else []
    if thorough and not faults:
        # What was promised is reached, or as much as the catalogue says and why it is not more.
        faults += [
            f"{key}: {proof.figures.get(key, 0):,} of {least:,}"
            for key, least in {**guarantee.figures, **guarantee.reached}.items()
            if proof.figures.get(key, 0) < least
        ]
    faults += [
        f"planted bug “{bug.what}”: {one.unseen}"
        for bug, one in zip(guarantee.bugs, controls, strict=False)
        if one.unseen
    ]
    return Result(
        id=guarantee.id,
        holds=not faults,
        tests=len(proof.those("passed")),
        reached=proof.figures,
        controls=len(controls),
        seen=sum(not each.unseen for each in controls),
        seconds=round(proof.seconds + sum(each.seconds for each in controls), 1),
        faults=faults,
        form="long" if thorough else "usual",
        date=datetime.now(UTC).date().isoformat(),
        commit=commit(),
        machine=machine(),
    )


def _figures(guarantee: Guarantee, found: Result | None) -> tuple[str, str]:
    """Write what was promised, and what was reached in its words and beyond."""
    promised = [f"{number:,} {key}" for key, number in guarantee.figures.items()]
    reached = [f"{number:,} {key}" for key, number in (found.reached if found else {}).items()]
    return "; ".join(promised) or "—", "; ".join(reached) or "—"


def row(guarantee: Guarantee, found: Result | None) -> list[str]:
    """Return one row of the table: all its columns in words."""
    promised, reached = _figures(guarantee, found)
    if not guarantee.tests:
        return [guarantee.id, promised, "—", "no test", "—", "—", "—"]
    if found is None:
        return [guarantee.id, promised, "—", "not run", "—", "—", "—"]
    held = "holds" if found.holds else "DOES NOT HOLD"
    controls = f"{found.seen} of {found.controls} failed as they should" if found.controls else "—"
    counted = f"{reached} ({found.tests} tests)" if reached != "—" else f"{found.tests} tests"
    return [guarantee.id, promised, counted, held, controls, f"{found.seconds:.0f}", found.form]


HEAD = ["guarantee", "promised", "reached", "", "controls", "seconds", "form"]


def table(rows: list[list[str]]) -> str:
    """Return rows below their head, in columns."""
    widths = [max(len(each[at]) for each in [HEAD, *rows]) for at in range(len(HEAD))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(each, widths, strict=True)).rstrip()
        for each in [HEAD, *rows]
    ]
    return "\n".join(lines)


def section(guarantees: dict[str, Guarantee], results: dict[str, Result]) -> str:
    """Return the table of the page: each guarantee with its sentences and what came of it."""
    lines = [
        "| | promise | promised | reached | controls that failed | seconds | run |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in guarantees.values():
        found = results.get(each.id)
        cells = row(each, found)
        says = f"{each.en} {each.zh}" + (f" *{each.lacking}*" if each.lacking else "")
        seen = f"{found.seen} of {found.controls}" if found and found.controls else "—"
        ran = f"{found.date}, {found.form} form" if found else cells[3]
        if found and not found.holds:
            ran += ", **does not hold**"
        lines.append(
            f"| {each.id} | {says} | {cells[1]} | {cells[2]} | {seen} | {cells[5]} | {ran} |"
        )
    machines = sorted({each.machine for each in results.values()})
    return "\n".join([*lines, "", f"On {'; '.join(machines) or 'no machine yet'}.", ""])


def write(guarantees: dict[str, Guarantee], results: dict[str, Result], page: Path = PAGE) -> None:
    """Put the table into the marked section of the page."""
    text = page.read_text("utf-8")
    told = section(guarantees, results)
    page.write_text(SECTION.sub(lambda found: found[1] + told + found[2], text), "utf-8")

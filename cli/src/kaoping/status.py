"""How the processes of a running system are, by what each tells of itself."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from kaoping.faults import KaopingFault

_SECONDS = 10.0
_LINE = re.compile(r"(kaoping_\w+|process_\w+)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_DAY, _LEAST_FREE = 26 * 3600, 0.1

Figures = Mapping[tuple[str, str], float]
"""What a process tells, by name and the value of its label; those with more labels are left out."""


@dataclass(frozen=True)
class Told:
    """What one process told of itself; nothing where it did not answer."""

    process: str
    figures: Figures | None

    def lacks(self, *, chinese: bool) -> list[str]:
        """Return what is not well."""
        if self.figures is None:
            return ["没有应答" if chinese else "does not answer"]
        return [zh if chinese else en for en, zh in _lacking(self.figures)]


def targets(var: Path) -> list[tuple[str, str]]:
    """Return name and address of each process; refuse where no system runs."""
    try:
        found = json.loads((var / "metrics.json").read_text("utf-8"))
    except FileNotFoundError:
        raise KaopingFault(f"no system runs in {var} {var} 中没有运行的系统") from None
    return [(each["labels"]["process"], each["targets"][0]) for each in found]


def ask(var: Path) -> list[Told]:
    """Ask each process."""
    told = []
    with httpx.Client(timeout=_SECONDS, trust_env=False) as http:
        for process, address in targets(var):
            try:
                text = http.get(f"http://{address}/metrics").raise_for_status().text
                told.append(Told(process, figures(text)))
            except httpx.HTTPError:
                told.append(Told(process, None))
    return told


def figures(text: str) -> Figures:
    """Return the figures of an answer."""
    found = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line):
            name, labels, value = match.groups()
            values = _LABEL.findall(labels or "")
            if len(values) < 2:
                found[name, values[0][1] if values else ""] = float(value)
    return found


def _lacking(told: Figures) -> Iterator[tuple[str, str]]:
    for (name, what), value in told.items():
        match name:
            case "kaoping_ready" if not value:
                yield f"not ready: {what}", f"未就绪：{what}"
            case "kaoping_part_up" if not value:
                yield f"no answer from {what}", f"{what} 没有应答"
            case "kaoping_look_ok" if not value:
                yield f"cannot look at {what}", f"无法查看 {what}"
            case "kaoping_last_success_timestamp_seconds" if time.time() - value > _DAY:
                when = time.strftime("%Y-%m-%d %H:%M", time.localtime(value))
                never_en, never_zh = (
                    (f"since {when}", f"自 {when} 起未再") if value else ("ever", "从未")
                )
                yield f"no {what} {never_en}", f"{what} {never_zh}成功"
            case "kaoping_disk_free_bytes":
                if value < _LEAST_FREE * told["kaoping_disk_size_bytes", what]:
                    yield f"disk of {what} is nearly full", f"{what} 的磁盘将满"


def memory(told: Figures) -> str:
    """Return how much memory a process has, in megabytes."""
    value = told.get(("process_resident_memory_bytes", ""))
    return f"{value / 1e6:.0f} MB" if value else "-"


def age(told: Figures) -> str:
    """Return for how long a process has been running."""
    started = told.get(("process_start_time_seconds", ""))
    return f"{(time.time() - started) / 60:.0f} min" if started else "-"

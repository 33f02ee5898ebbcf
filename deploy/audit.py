"""`make audit DATABASE=…`: whether advisories are known for what is locked or installed.

The database is a folder or a zip archive of advisories in the OSV format, as PyPI's and OSV's own
are; no network is asked. Ends with 0 where every package was compared and none is named, with 1
where one is, and with 3, and the words "not audited", where nothing can be said: no database, one
without an advisory of the last 30 days, or one that does not know what everybody knows.
"""

import argparse
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from deploy import licences
from deploy.components import installed, lock, ours
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

AT_MOST = timedelta(days=30)
KNOWN = {
    ("jinja2", "2.4.1"), ("pyyaml", "5.1"), ("requests", "2.19.1"), ("urllib3", "1.24.1"),
}  # fmt: skip
"""Packages with advisories of long ago: a database that does not name them is none."""

CLEAN, VULNERABLE, NOT_AUDITED = 0, 1, 3

Pin = tuple[str, str]
Advisory = dict[str, Any]


class Unreadable(Exception):
    """An advisory, or a database, of which it cannot be said what it means."""


@dataclass
class Report:
    """What came of an audit; `why_not` says why it is none."""

    asked: int
    checked: int = 0
    advisories: int = 0
    newest: date | None = None
    found: list[tuple[Pin, str]] = field(default_factory=list)
    unread: list[tuple[Pin, str]] = field(default_factory=list)
    why_not: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """The exit code: what could not be compared is not clean."""
        if self.why_not:
            return NOT_AUDITED
        if self.found:
            return VULNERABLE
        return CLEAN if self.checked == self.asked else NOT_AUDITED

    def lines(self) -> Iterator[str]:
        """Yield what is said, the verdict last."""
        pages = len(licences.in_console())
        yield (
            f"{pages} packages of npm are in the console's pages, and not compared "
            f"控制台页面含 npm 软件包 {pages} 个，未比对"
        )
        for (name, version), advisory in self.found:
            yield f"{name} {version}: {advisory}"
        for (name, version), advisory in self.unread:
            yield f"{name} {version}: cannot be compared with {advisory} 无法比对"
        yield (
            f"{self.checked} of {self.asked} packages compared with {self.advisories} advisories, "
            f"the newest of {self.newest} 已比对 {self.checked}/{self.asked} 个软件包"
        )
        if self.code == NOT_AUDITED:
            reasons = "; ".join(self.why_not) or "not every package could be compared 未全部比对"
            yield f"not audited 未审计: {reasons}"
        elif self.found:
            named = len({pin for pin, _ in self.found})
            yield f"{named} packages with known vulnerabilities 存在已知漏洞的软件包：{named} 个"
        else:
            yield "no known vulnerability 未发现已知漏洞"


def pins() -> set[Pin]:
    """Return what is audited: all of the lock, for any Python, and what is installed besides."""
    packages = lock()
    own = ours(packages)
    locked = {(each["name"], each["version"]) for each in packages if "version" in each}
    return {pin for pin in {*locked, *installed()} if pin[0] not in own}


def read(database: Path) -> Iterator[Advisory]:
    """Yield the advisories of a folder or archive; raises `Unreadable` by the name of a file."""
    for name, content in _files(database):
        try:
            # Versions stay as they are written: 2.10 is no number.
            told = yaml.load(content, yaml.CBaseLoader) if _is_yaml(name) else json.loads(content)  # noqa: S506
        except (ValueError, yaml.YAMLError) as fault:
            raise Unreadable(f"{name} cannot be read 无法读取") from fault
        if isinstance(told, dict) and "id" in told and "modified" in told:
            yield told


def _files(database: Path) -> Iterator[tuple[str, bytes]]:
    if database.is_dir():
        for path in sorted(database.rglob("*")):
            if path.is_file() and _is_told(path.name):
                yield path.name, path.read_bytes()
        return
    try:
        with zipfile.ZipFile(database) as archive:
            for name in archive.namelist():
                if _is_told(name):
                    yield name, archive.read(name)
    except (OSError, zipfile.BadZipFile) as fault:
        raise Unreadable(f"{database} is no folder and no zip archive 不是目录或压缩包") from fault


def _is_yaml(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _is_told(name: str) -> bool:
    return _is_yaml(name) or name.endswith(".json")


def affects(advisory: Advisory, pin: Pin) -> bool:
    """Say whether an advisory names a package; raises `Unreadable` where that cannot be told."""
    return any(
        pin[1] in affected.get("versions", ())
        or any(_within(each, pin[1]) for each in affected.get("ranges", ()))
        for affected in _of(advisory, pin[0])
    )


def _of(advisory: Advisory, name: str) -> Iterator[dict[str, Any]]:
    for affected in advisory.get("affected") or ():
        package = affected.get("package") or {}
        if package.get("ecosystem") == "PyPI" and canonicalize_name(package["name"]) == name:
            yield affected


def _within(told: dict[str, Any], version: str) -> bool:
    """Say whether a version is in a range, whose events are read in the order of their versions."""
    if told.get("type") == "GIT":
        return False  # the same said of commits; released versions are in the other ranges
    inside, number = False, Version(version)
    events = [(Version(at), kind) for event in told["events"] for kind, at in event.items()]
    # At one version, what is mended there comes last.
    for at, kind in sorted(events, key=lambda each: (each[0], each[1] != "introduced")):
        if kind not in ("introduced", "fixed", "last_affected"):
            raise Unreadable(kind)
        if number > at or (number == at and kind != "last_affected"):
            inside = kind == "introduced"
    return inside


def audit(database: Path | None, asked: Iterable[Pin], today: date) -> Report:
    """Compare packages with a database, and the database with what it must know."""
    wanted = set(asked)
    report = Report(len(wanted))
    if database is None or not database.exists():
        report.why_not.append(_missing(database))
        return report
    by_name: dict[str, list[Advisory]] = {}
    try:
        for advisory in read(database):
            report.advisories += 1
            if (day := _day(advisory)) <= today:  # a day to come says nothing of how old it is
                report.newest = max(day, report.newest or day)
            _keep(by_name, advisory)
    except Unreadable as fault:
        report.why_not.append(str(fault))
        return report
    if report.newest is None or today - report.newest > AT_MOST:
        report.why_not.append(f"its newest advisory is of {report.newest} 漏洞库超过 30 天未更新")
    if unknown := sorted(pin for pin in KNOWN if not _compare(by_name, pin, Report(1))):
        names = ", ".join(f"{name} {version}" for name, version in unknown)
        report.why_not.append(f"it does not know {names} 漏洞库不完整")
    for pin in sorted(wanted):
        _compare(by_name, pin, report)
    return report


def _missing(database: Path | None) -> str:
    """Say what there is no audit by: none was given, or nothing is there."""
    if database is None:
        return "no database is given 未提供漏洞库"
    return f"there is nothing at {database} 该路径不存在"


def _keep(by_name: dict[str, list[Advisory]], advisory: Advisory) -> None:
    if "withdrawn" in advisory:
        return
    try:
        affected = [each.get("package") or {} for each in advisory.get("affected") or ()]
        names = {canonicalize_name(p["name"]) for p in affected if p.get("ecosystem") == "PyPI"}
    except (AttributeError, KeyError, TypeError) as fault:
        raise Unreadable(f"{advisory['id']} cannot be read 无法读取") from fault
    for name in names:
        by_name.setdefault(name, []).append(advisory)


def _day(advisory: Advisory) -> date:
    try:
        days = [str(advisory[key])[:10] for key in ("modified", "published") if key in advisory]
        return max(map(date.fromisoformat, days))
    except ValueError as fault:
        raise Unreadable(f"{advisory['id']} has no day 缺少日期") from fault


def _compare(by_name: dict[str, list[Advisory]], pin: Pin, report: Report) -> bool:
    """Compare one package, and say whether it is named."""
    whole = True
    for advisory in by_name.get(pin[0], ()):
        names = " ".join([advisory["id"], *advisory.get("aliases", ())])
        try:
            if affects(advisory, pin):
                report.found.append((pin, names))
        except (Unreadable, InvalidVersion, AttributeError, KeyError, TypeError):
            whole = False
            report.unread.append((pin, names))
    report.checked += whole
    return any(found == pin for found, _ in report.found)


def main(arguments: list[str] | None = None) -> int:
    """Audit what is locked and installed, print what came of it and return the exit code."""
    ask = argparse.ArgumentParser("python -m deploy.audit", description=__doc__)
    ask.add_argument("database", type=Path, nargs="?", help="a folder or zip archive of advisories")
    report = audit(ask.parse_args(arguments).database, pins(), datetime.now(UTC).date())
    for line in report.lines():
        print(line)
    return report.code


if __name__ == "__main__":
    sys.exit(main())

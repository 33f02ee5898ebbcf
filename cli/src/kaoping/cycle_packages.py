"""The package of a whole cycle: one zip of all that its releases rest on, which verifies offline.

It is gathered from every service through the gateway, so that none has to know all the others, and
written straight to the file: of the archived record no more than a piece is held.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from kaoping.client import Client, Refused
from kaoping.faults import KaopingFault

FORMAT = "kaoping-cycle-package/1"
MANIFEST, RECORD, PROGRAM = "manifest.json", "record.tar", "verify.py"
SERVICES = ("gateway", "indicators", "ranking", "scoring", "survey")
_FORBIDDEN, _MISSING = 403, 404
_PIECE = 1 << 20


class NothingReleased(KaopingFault):
    """The cycle has no release, and so nothing that a package would verify."""


def write(api: Client, cycle_id: str, file: Path) -> str:
    """Write the package of a cycle to a file that there is not yet; return the digest of its
    manifest, which stands for all of it. What did not come whole leaves no file behind.

    The office and the auditor may ask for it; journals are told to the auditor alone, and an
    auditor's record is without confidential items. What is left out stands in `without`.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with file.open("xb"):
            pass
    except FileExistsError:
        raise KaopingFault(f"{file} is there already") from None
    try:
        with part.open("wb") as written:
            digest = _write(_Gathered(api, cycle_id), written)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        file.unlink(missing_ok=True)
        raise
    return digest


class _Gathered:
    """What is known of a cycle: by name, each read when it is written."""

    def __init__(self, api: Client, cycle_id: str) -> None:
        self._api, self.cycle_id, self._at = api, cycle_id, f"/cycles/{cycle_id}"
        self.without: list[str] = []

    def paths(self) -> dict[str, str]:
        """Return where the documents of the package are read, by their names in it."""
        at, found = self._at, dict[str, str]()
        found["cycle.json"] = at
        found |= {f"{name}.json": f"{at}/{name}" for name in ("estimates", "satisfaction")}
        for folder, kind, number in (
            ("schemes", "scheme-versions", "version"),
            ("score-sheets", "score-sheets", "edition"),
            ("rankings", "rankings", "edition"),
        ):
            for each in self._api.pages(f"{at}/{kind}"):
                found[f"{folder}/{each[number]}.json"] = f"{at}/{kind}/{each[number]}"
        for each in SERVICES:
            found[f"journals/{each}.json"] = f"/journals/{each}/chains/{self.cycle_id}/verification"
        return found

    def releases(self) -> dict[str, str]:
        """Return where the packages of the releases are read, by their names."""
        told = [each["release"] for each in self._api.pages(f"{self._at}/releases")]
        return {f"releases/{each}.zip": f"{self._at}/releases/{each}/package" for each in told}

    def document(self, name: str, path: str) -> bytes | None:
        """Return a document as canonical JSON; none where the caller may not read it, or there is
        none."""
        try:
            content = self._api.file(path)
        except Refused as refusal:
            if refusal.status not in (_FORBIDDEN, _MISSING):
                raise
            self.without.append(name)
            return None
        return canonical(json.loads(content))

    def package(self, path: str) -> bytes:
        """Return the package of a release."""
        return self._api.file(path)

    def record(self) -> Iterator[bytes]:
        """Yield the archived record of the year."""
        return self._api.stream(f"{self._at}/archive")


def _write(of: _Gathered, file: IO[bytes]) -> str:
    releases = of.releases()
    if not releases:
        raise NothingReleased("the cycle has released nothing yet")
    paths, digests = of.paths(), dict[str, str]()
    with zipfile.ZipFile(_Straight(file), "w") as archive:  # type: ignore[call-overload]
        for name in sorted([*paths, *releases, RECORD, PROGRAM]):
            content = _content(of, name, paths, releases)
            if content is not None:
                digests[name] = _store(archive, name, content)
        told = {"format": FORMAT, "cycle": of.cycle_id, "files": digests, "without": of.without}
        return _store(archive, MANIFEST, [canonical(told)])


def _content(
    of: _Gathered, name: str, paths: dict[str, str], releases: dict[str, str]
) -> Iterable[bytes] | None:
    if name == RECORD:
        return of.record()
    if name in releases:
        return [of.package(releases[name])]
    if name == PROGRAM:  # each release brings the program that verifies it; the last is the newest
        with zipfile.ZipFile(io.BytesIO(of.package([*releases.values()][-1]))) as newest:
            return [newest.read(PROGRAM)]
    document = of.document(name, paths[name])
    return None if document is None else [document]


class _Straight:
    """A file that is written from its first byte to its last, and gone back to nowhere."""

    def __init__(self, file: IO[bytes]) -> None:
        self.write, self.flush = file.write, file.flush


def _store(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    """Write a file as the verifier writes it again: not compressed, without times."""
    entry, digest = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), hashlib.sha256()
    entry.create_system, entry.external_attr = 3, 0o100644 << 16
    with archive.open(entry, "w", force_zip64=True) as member:
        for each in pieces:
            for at in range(0, len(each), _PIECE):
                member.write(each[at : at + _PIECE])
            digest.update(each)
    return digest.hexdigest()


def canonical(value: Any) -> bytes:  # noqa: ANN401 - a document is anything
    """Return the canonical JSON of a value: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()

"""Verify the package of a release by itself: `python verify.py package.zip [digest]`.

It needs Python 3.11 and nothing else, and shares no line with the system that made the package. It
says what was altered, byte by byte; whether the digests of release, ranking, scheme and score sheet
are those of what is there; and whether totals, order, ranks and ties follow from the score sheet by
the scheme. Give the digest of the release as it was published: a package that was made anew as a
whole agrees with itself, and not with that. Exit code 0 means that everything agrees.
Grades and reasons are verified as bytes and not computed again.
"""

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

Json = Any
Finding = tuple[str, str]
"""The file that something is wrong with, and what."""

MANIFEST, RELEASE, EARLIER = "manifest.json", "release.json", "previous-release.json"
SCHEME, SHEET = "scheme.json", "score-sheet.json"
INPUTS = {
    SCHEME: "scheme",
    SHEET: "score_sheet",
    "vetoes.json": "vetoes",
    "demotions.json": "demotions",
}
NOTHING = Decimal(0)


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def canonical(value: Json) -> bytes:
    """Return the canonical JSON of a value: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the one archive that these files make: by name, not compressed, without times."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, files[name])
    return whole.getvalue()


def unpacked(package: bytes) -> tuple[dict[str, bytes], list[Finding]]:
    """Return the files of a package, and which of them cannot be read."""
    files: dict[str, bytes] = {}
    found: list[Finding] = []
    try:
        archive = zipfile.ZipFile(io.BytesIO(package))
        names = archive.namelist()
    except Exception as error:  # a damaged archive fails in many ways
        return {}, [("package", f"is no readable archive: {error}")]
    for name in names:
        try:
            files[name] = archive.read(name)
        except Exception as error:
            found.append((name, f"cannot be read: {error}"))
    return files, found


def verify(package: bytes, expected: str | None = None) -> list[Finding]:
    """Return everything that is wrong with a package; nothing where it verifies."""
    files, found = unpacked(package)
    if found:
        return found
    again = packed(files)
    if again != package:
        pairs = enumerate(zip(again, package, strict=False))
        at = next((n for n, (a, b) in pairs if a != b), min(len(again), len(package)))
        found.append(("package", f"byte {at} is not that of the archive of its files"))
    found += of_files(files)
    if found:
        return found
    try:
        read = {name: json.loads(each) for name, each in files.items() if name.endswith(".json")}
        found += of_digests(read, expected)
        found += of_results(read)
    except (KeyError, TypeError, ValueError, ArithmeticError, StopIteration) as error:
        found.append((RELEASE, f"is not of a form that is known here: {error!r}"))
    return found


def of_files(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Say which files are not those of the manifest, or not written canonically."""
    try:
        manifest = json.loads(files[MANIFEST])
        listed = dict(manifest["files"])
    except (KeyError, TypeError, ValueError) as error:
        yield MANIFEST, f"cannot be read: {error!r}"
        return
    if canonical(manifest) != files[MANIFEST] or set(manifest) != {"files", "release"}:
        yield MANIFEST, "is not written canonically"
    for name in sorted({*files, *listed, RELEASE, SCHEME, SHEET} - {MANIFEST}):
        wrong = of_file(name, files.get(name), listed.get(name))
        if wrong is not None:
            yield name, wrong


def of_file(name: str, content: bytes | None, listed: str | None) -> str | None:
    """Say what is wrong with a file, if anything."""
    if content is None:
        return "is missing"
    if listed != sha256(content):
        return "has not the SHA-256 that the manifest lists"
    if name.endswith(".json") and canonical(json.loads(content)) != content:
        return "is not written canonically"
    return None


def of_digests(read: Mapping[str, Json], expected: str | None) -> Iterator[Finding]:
    """Say which digest is not that of what it is said to be of."""
    release = read[RELEASE]
    manifest = release["manifest"]
    digest = sha256(canonical(manifest))
    told = ((release["digest"], RELEASE), (read[MANIFEST]["release"], MANIFEST))
    for other, by in (*told, (expected or digest, RELEASE)):
        if other != digest:
            yield by, f"the release's digest is {digest}, and not {other}"
    yield from of_document(manifest, release["document"])
    for name, key in INPUTS.items():
        if name in read and sha256(canonical(read[name])) != manifest["inputs"][key]:
            yield name, "is not what the ranking was computed from"
    earlier = manifest["inputs"].get("previous_release")
    if earlier is not None and not is_release(read.get(EARLIER), earlier):
        yield EARLIER, "is not the release whose ranks tell equal totals apart"


def of_document(manifest: Json, document: Json) -> Iterator[Finding]:
    """Say which digest is not that of the ranking as it was released."""
    if sha256(canonical(document)) != manifest["document_digest"]:
        yield RELEASE, "document_digest is of another document"
    own = {"edition", "state", "digest"}
    ranking = sha256(canonical({name: e for name, e in document.items() if name not in own}))
    if not ranking == document["digest"] == manifest["ranking_digest"]:
        yield RELEASE, "ranking_digest is of another ranking"
    if document["digests"] != manifest["inputs"]:
        yield RELEASE, "the ranking has other inputs than the release"


def is_release(release: Json, digest: str) -> bool:
    """Tell whether a release is the one of this digest, and its document with it."""
    if release is None or sha256(canonical(release["manifest"])) != digest:
        return False
    whole: bool = sha256(canonical(release["document"])) == release["manifest"]["document_digest"]
    return whole


def of_results(read: Mapping[str, Json]) -> Iterator[Finding]:
    """Say whose totals, order or rank do not follow from the score sheet by the scheme."""
    document, scheme = read[RELEASE]["document"], read[SCHEME]
    category = next(e for e in scheme["categories"] if e["code"] == document["category"])
    lines = document["units"]
    if sorted(line["unit"] for line in lines) != sorted(category["units"]):
        yield RELEASE, "has not the units of the category"
    sheet = {each["unit"]: each for each in read[SHEET]["units"]}
    places, whole = int(scheme["rounding"]["places"]), list[str]()
    for line in lines:
        told = totals(sheet.get(line["unit"]), places)
        if told != {name: line[name] for name in told}:
            yield RELEASE, f"{line['unit']} has another total in the score sheet: {told}"
        whole += [line["unit"]] if told["final_total"] is not None else []
    yield from of_ranks(lines, Order(read, category), whole)


def of_ranks(lines: Json, order: "Order", units: list[str]) -> Iterator[Finding]:
    """Say who has another rank or another place in the list than the order gives."""
    found = order.ranks(units)
    for line in lines:
        unit = line["unit"]
        if line["rank"] != found.get(unit):
            yield RELEASE, f"{unit} is ranked {line['rank']}, and not {found.get(unit)}"
        within = order.in_class.get(unit)
        if line.get("rank_in_subcategory") != within:
            yield RELEASE, f"{unit} has another rank in its sub-category: {within}"
    listed = [line["unit"] for line in lines]
    if listed != [*order.listed, *sorted(set(listed) - set(order.listed))]:
        yield RELEASE, "units are not listed in their order"


def totals(unit: Json, places: int) -> dict[str, str | None]:
    """Return the totals of a unit as a ranking writes them; none where a mark is missing."""
    if unit is None or unit["total"] is None:
        return {"base_total": None, "final_total": None}
    return {
        "base_total": rounded(unit["base_total"], places),
        "adjustment": rounded(unit["adjustment"], places),
        "final_total": rounded(unit["total"], places),
    }


def rounded(number: str, places: int) -> str:
    """Return a number with so many decimal places, half up."""
    return f"{Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


class Order:
    """The order of a category's units by their totals and the keys of the scheme."""

    def __init__(self, read: Mapping[str, Json], category: Json) -> None:
        scheme, sheet = read[SCHEME], read[SHEET]
        self.policy = category.get("ranking") or scheme["ranking"]
        grades = category.get("grades") or scheme["grades"]
        self.at_line_only = grades.get("tie_at_line") == "tie_break"
        self.classes = category.get("subcategories") or []
        self.parts = set((category.get("composition") or scheme["composition"])["parts"])
        self.deduced = (category.get("composition") or scheme["composition"]).get("deductions")
        self.places = int(scheme["rounding"]["places"])
        self.units = {each["unit"]: each for each in sheet["units"]}
        self.claims = sheet["claims"]
        earlier = read.get(EARLIER, {"document": {"units": []}})["document"]["units"]
        self.last = {each["unit"]: each["rank"] for each in earlier}
        self.in_class: dict[str, int] = {}
        self.listed: list[str] = []

    def ranks(self, units: list[str]) -> dict[str, int]:
        """Return the rank of each unit, and keep how they are listed and ranked in classes."""
        whole = self._ranked(units)
        by_class = [self._ranked([u for u in units if u in e["units"]]) for e in self.classes]
        for each in by_class:
            self.in_class |= each
        if self.policy.get("within") == "subcategory" and by_class:
            whole = {unit: rank for each in by_class for unit, rank in each.items()}
        self.listed = list(whole)
        return whole

    def _ranked(self, units: list[str]) -> dict[str, int]:
        ordered = sorted(units, key=lambda unit: (-self._total(unit), self._keys(unit), unit))
        ties = self.policy["ties"]
        found: dict[str, int] = {}
        for distinct, (_, same) in enumerate(groupby(ordered, self._equal), 1):
            place = distinct if ties == "dense" else len(found) + 1
            for nth, unit in enumerate(list(same)):
                found[unit] = place + nth if ties == "ordinal" else place
        return found

    def _equal(self, unit: str) -> Json:
        return self._total(unit), None if self.at_line_only else self._keys(unit)

    def _total(self, unit: str) -> Decimal:
        return Decimal(rounded(self.units[unit]["total"], self.places))

    def _keys(self, unit: str) -> list[tuple[bool, Decimal]]:
        values = [self._value(unit, key) for key in self.policy["tie_break"]]
        return [(value is None, value or NOTHING) for value in values]

    def _value(self, unit: str, key: Json) -> Decimal | None:
        """Return what a key compares, less being better; None comes last."""
        kind, code = ("block", key) if isinstance(key, str) else (key["key"], key.get("code"))
        sheet = self.units[unit]
        if kind == "block":
            return -Decimal(rounded(sheet["blocks"].get(code) or "0", self.places))
        if kind == "indicator":
            return scored(sheet, code)
        if kind == "fewer_deductions":
            return self._deducted(unit, sheet)
        last = self.last.get(unit)
        return None if last is None else Decimal(last)

    def _deducted(self, unit: str, sheet: Json) -> Decimal:
        if not self.deduced:
            return NOTHING
        own = [e for e in self.claims if e["unit"] == unit and e["kind"] == "deduction"]
        lost = [Decimal(e.get("excess") or 0) for e in walk(sheet) if e["block"] in self.parts]
        return sum((-Decimal(each["points"]) for each in own), NOTHING) + sum(lost, NOTHING)


def scored(sheet: Json, code: str) -> Decimal | None:
    """Return what an indicator scored in a unit's sheet, less being better; None for none."""
    found = [e["score"] for e in walk(sheet) if e["indicator"] == code and e["score"] is not None]
    return -Decimal(found[-1]) if found else None


def walk(unit: Json) -> Iterator[Json]:
    """Yield every indicator of a unit's sheet, parents before children."""
    left = list(unit["indicator_scores"])
    while left:
        each = left.pop(0)
        yield each
        left = [*each["children"], *left]


def main(arguments: list[str]) -> int:
    """Say what is wrong with the package that is named; 0 where nothing is."""
    if len(arguments) not in (1, 2):
        print(__doc__)
        return 2
    package = Path(arguments[0]).read_bytes()
    found = verify(package, arguments[1] if len(arguments) == 2 else None)
    for name, what in found:
        print(f"WRONG {name}: {what}")
    if not found:
        release = json.loads(unpacked(package)[0][RELEASE])
        print(f"OK release {release['manifest']['release']}, digest {release['digest']}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))

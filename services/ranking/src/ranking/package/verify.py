"""Verify the package of a release, or of a whole cycle: `python verify.py package.zip [digest]`.

It needs Python 3.11 and nothing else, and shares no line with the system that made the package. It
says what was altered, byte by byte; whether the digests of release, ranking, scheme and score sheet
are those of what is there; and whether totals, order, ranks, ties, grades and the reasons for them
follow from score sheet and reports by the scheme. Give the digest of the release as it was
published: a package that was made anew as a whole agrees with itself, and not with that. Exit code
0 means that everything agrees. What the package has not what it takes for is named (NOT COMPUTED).
Reasons are computed as codes and parameters; their sentences are verified as bytes.

Of the package of a cycle it verifies every release so, and that schemes, score sheets, rankings and
the archived record are those that releases rest on; the digest is then that of its manifest. Such a
package is read piece by piece.
"""

import hashlib
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import chain, groupby
from pathlib import Path
from typing import IO, Any

Json = Any
Finding = tuple[str, str]
"""The file that something is wrong with, and what."""

MANIFEST, RELEASE, EARLIER = "manifest.json", "release.json", "previous-release.json"
SCHEME, SHEET = "scheme.json", "score-sheet.json"
VETOES, DEMOTIONS, VETOES_BEFORE = "vetoes.json", "demotions.json", "previous-vetoes.json"
SUCCESSIONS = "successions.json"
ENGINE = "engine.json"
INPUTS = {SCHEME: "scheme", SHEET: "score_sheet", VETOES: "vetoes", DEMOTIONS: "demotions"}
NOTHING = Decimal(0)
ROUNDINGS = {"floor": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "ceiling": ROUND_CEILING}
MOST_NAMED = 10
"""How many units of a tie are named to each of the others."""
ASKED = {
    "previous_vetoes": (VETOES_BEFORE, "last year's releases are"),
    "successions": (SUCCESSIONS, "who went on from whom is"),
}


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


def not_computed(read: Mapping[str, Json]) -> list[Finding]:
    """Return what could not be computed again, and what is lacking for it."""
    inputs = read[RELEASE]["manifest"]["inputs"]
    found = [
        (name, "grades and reasons: what was reported is not in the package")
        for name in (VETOES, DEMOTIONS)
        if name not in read
    ]
    found += [
        (name, f"grades and reasons: {what} not in it")
        for key, (name, what) in ASKED.items()
        if key in inputs and name not in read
    ]
    if read[RELEASE]["manifest"].get("engine") and ENGINE not in read:
        found.append((ENGINE, "the digest of the rules' source: it is of another version"))
    if any(told_in_words(line) for line in read[RELEASE]["document"]["units"]):
        found.append((RELEASE, "reasons: they were told before there were codes"))
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
    yield from of_others(read, manifest)


def of_others(read: Mapping[str, Json], manifest: Json) -> Iterator[Finding]:
    """Say which of last year's releases, successions or rules are not those that it names."""
    if VETOES_BEFORE in read:
        digests = [each["digest"] for each in read[VETOES_BEFORE]]
        whole = all(is_release(each, each["digest"]) for each in read[VETOES_BEFORE])
        if not whole or sha256(canonical(digests)) != manifest["inputs"]["previous_vetoes"]:
            yield VETOES_BEFORE, "are not the releases that tell of last year's vetoes"
    told = manifest["inputs"].get("successions")
    if SUCCESSIONS in read and sha256(canonical(read[SUCCESSIONS])) != told:
        yield SUCCESSIONS, "are not those by which units go on from others"
    yield from of_engine(read, manifest)


def of_engine(read: Mapping[str, Json], manifest: Json) -> Iterator[Finding]:
    """Say whether the rules are not those that the release names."""
    engine = manifest.get("engine")
    if ENGINE in read and (not engine or sha256(canonical(read[ENGINE])) != engine["rules"]):
        yield ENGINE, "is not of the program that computed the ranking"


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


def of_coefficients(read: Mapping[str, Json]) -> Iterator[Finding]:
    """Say whether the coefficients that a release shows are those of the score sheet."""
    told, policy = read[RELEASE]["manifest"].get("coefficients"), read[SCHEME].get("publication")
    shown = any((each or {}).get("coefficients") for each in (policy or {}).values())
    if (shown or told is not None) and (told or []) != [*_coefficients(read)]:
        yield RELEASE, "coefficients are not those of the score sheet"


def _coefficients(read: Mapping[str, Json]) -> Iterator[Json]:
    """Yield what a release of the category tells of the marks that were put on one scale."""
    names = ("indicator", "group", "marks", "coefficient", "kept")
    for each in read[SHEET].get("normalised") or ():
        if each["category"] == read[RELEASE]["document"]["category"]:
            yield {name: each[name] for name in names}


def is_release(release: Json, digest: str) -> bool:
    """Tell whether a release is the one of this digest, and its document with it."""
    if release is None or sha256(canonical(release["manifest"])) != digest:
        return False
    whole: bool = sha256(canonical(release["document"])) == release["manifest"]["document_digest"]
    return whole


def of_results(read: Mapping[str, Json]) -> Iterator[Finding]:
    """Say what of a unit does not follow from the score sheet and the reports by the scheme."""
    yield from of_coefficients(read)
    document, scheme = read[RELEASE]["document"], read[SCHEME]
    category = next(e for e in scheme["categories"] if e["code"] == document["category"])
    lines = document["units"]
    if sorted(line["unit"] for line in lines) != sorted(category["units"]):
        yield RELEASE, "has not the units of the category"
    order = Order(read, category)
    follows = Consequences(read, category, order)
    order.count(follows.vetoed(lines))
    for line in lines:
        yield from of_points(line, order)
    yield from of_ranks(lines, order)
    yield from follows.differing(lines)


def of_points(line: Json, order: "Order") -> Iterator[Finding]:
    """Say whether a line has not the points that count of the score sheet, or that not its own
    totals."""
    sheet = order.units.get(line["unit"])
    told = totals(order.counted.get(line["unit"]), order.places)
    if told != {name: line[name] for name in told}:
        yield RELEASE, f"{line['unit']} has another total in the score sheet: {told}"
    if sheet is not None:
        yield from of_composition(sheet, order.composition, order.places)
        yield from of_vetoed_totals(sheet, order.composition, order.places)


def of_vetoed_totals(sheet: Json, composition: Json, places: int) -> Iterator[Finding]:
    """Say which totals of a unit without vetoed blocks are not those that the others make."""
    for each in sheet.get("vetoed_totals") or ():
        blocks = counted_blocks(sheet["blocks"], each["blocks"])
        made = composed({**sheet, "blocks": blocks}, composition, places)
        if made != (Decimal(each["base_total"]), Decimal(each["total"])):
            yield SHEET, f"{sheet['unit']}: without {each['blocks']} its blocks make {made}"


def counted_blocks(blocks: Json, vetoed: Iterable[str]) -> dict[str, Json]:
    """Return the points of blocks as they count: nothing of one that is vetoed, unless it has less
    than nothing."""
    out = {code for code in vetoed if Decimal(blocks.get(code) or 0) > 0}
    return {code: "0" if code in out else each for code, each in blocks.items()}


def of_ranks(lines: Json, order: "Order") -> Iterator[Finding]:
    """Say who has another rank or another place in the list than the order gives."""
    there = {line["unit"] for line in lines} & order.units.keys()
    found = order.ranks([u for u in sorted(there) if order.units[u]["total"] is not None])
    for line in lines:
        unit = line["unit"]
        if line["rank"] != found.get(unit):
            yield RELEASE, f"{unit} is ranked {line['rank']}, and not {found.get(unit)}"
        within = order.in_class.get(unit)
        if line.get("rank_in_subcategory") != within:
            yield RELEASE, f"{unit} has another rank in its sub-category: {within}"
        if line.get("subcategory") != order.class_of.get(unit):
            yield RELEASE, f"{unit} is of another sub-category: {order.class_of.get(unit)}"
    listed = [line["unit"] for line in lines]
    if listed != [*order.listed, *sorted(set(listed) - set(order.listed))]:
        yield RELEASE, "units are not listed in their order"


def totals(unit: Json, places: int) -> dict[str, Json]:
    """Return the points of a unit as a ranking writes them; no totals where a mark is missing."""
    if unit is None:
        return {"blocks": {}, "base_total": None, "final_total": None}
    scored = {code: each for code, each in unit["blocks"].items() if each is not None}
    there = unit["total"] is not None
    return {
        "blocks": {code: rounded(each, places) for code, each in scored.items()},
        "base_total": rounded(unit["base_total"], places) if there else None,
        "adjustment": rounded(unit["adjustment"], places),
        "final_total": rounded(unit["total"], places) if there else None,
    }


def of_composition(unit: Json, composition: Json, places: int) -> Iterator[Finding]:
    """Say whether the totals of a unit are not those that its blocks and adjustment make."""
    for name, made in zip(
        ("base_total", "total"), composed(unit, composition, places), strict=True
    ):
        told = None if unit[name] is None else Decimal(unit[name])
        if told != made:
            yield SHEET, f"{unit['unit']}: its blocks make {made} as {name}, and not {told}"


def composed(unit: Json, composition: Json, places: int) -> tuple[Decimal | None, Decimal | None]:
    """Return base total and total that the blocks of a unit and its adjustment make."""
    there = [code for code in composition["parts"] if code in unit["blocks"]]
    if None in (unit["blocks"][code] for code in there):
        return None, None
    into = (composition.get("adjustment") or {}).get("into")
    bonus, most = Fraction(unit["adjustment"]), composition.get("max_total")
    base = summed(unit, composition, there, {}, places)
    inside, beside = ({into: bonus}, 0) if into else ({}, bonus)
    whole = summed(unit, composition, there, inside, places) + beside
    whole = whole if most is None else min(whole, Fraction(most))
    if into or composition.get("by_part"):
        base, whole = exactly(base, places), exactly(whole, places)
    return as_decimal(base), as_decimal(whole)


def summed(
    unit: Json, composition: Json, there: list[str], inside: Mapping[str, Fraction], places: int
) -> Fraction:
    """Return what the parts of a total sum to, with what is added inside of some."""
    settings = {each["block"]: each for each in composition.get("by_part") or []}
    weights = sum((Fraction(settings.get(c, {}).get("weight") or 0) for c in there), Fraction(0))
    scaled = composition.get("lacking") == "scaled_up" and weights not in (0, 1)
    found = Fraction(0)
    for code in there:
        own = settings.get(code, {})
        points = part(Fraction(unit["blocks"][code]), own, inside.get(code, Fraction(0)))
        points = points / weights if scaled else points
        found += exactly(points, places) if composition.get("rounding") == "each_part" else points
    return found


def part(points: Fraction, own: Json, inside: Fraction) -> Fraction:
    """Return what a block brings: converted, with what is added inside, cut at its cap, weighed."""
    if own.get("scale") is not None and own.get("points") is not None:
        points *= Fraction(own["points"]) / Fraction(own["scale"])
    points += inside
    points = points if own.get("cap") is None else min(points, Fraction(own["cap"]))
    return points * (1 if own.get("weight") is None else Fraction(own["weight"]))


def exactly(number: Fraction, places: int) -> Fraction:
    """Return a number with so many decimal places, half up: away from zero at the half."""
    scaled = abs(number) * 10**places + Fraction(1, 2)
    return Fraction(int(scaled) if number >= 0 else -int(scaled), 10**places)


def as_decimal(number: Fraction) -> Decimal:
    """Return a number that ends as a decimal."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def rounded(number: str | Decimal, places: int) -> str:
    """Return a number with so many decimal places, half up."""
    return f"{Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def plain(number: Decimal) -> str:
    """Write a number without exponent and trailing zeros: 60.00 as 60."""
    return f"{number.normalize():f}"


Reason = tuple[str, dict[str, Json]]
"""The code of a reason, and its parameters."""


@dataclass
class Place:
    """Where a unit stands: its rank, the rank by which it is graded, its place among those who
    share that, which key parted it from whom, and what is told of it."""

    unit: str
    rank: int
    tied: int
    order: int = 0
    by_key: list[Reason] = field(default_factory=list)
    told: list[Reason] = field(default_factory=list)


class Order:
    """The order of a category's units by their totals and the keys of the scheme."""

    def __init__(self, read: Mapping[str, Json], category: Json) -> None:
        scheme, sheet = read[SCHEME], read[SHEET]
        self.policy = category.get("ranking") or scheme["ranking"]
        grades = category.get("grades") or scheme["grades"]
        self.at_line_only = grades.get("tie_at_line") == "tie_break"
        self.classes = category.get("subcategories") or []
        self.class_of = {unit: each["code"] for each in self.classes for unit in each["units"]}
        self.composition = category.get("composition") or scheme["composition"]
        self.parts = set(self.composition["parts"])
        self.deduced = self.composition.get("deductions")
        self.places = int(scheme["rounding"]["places"])
        self.units = {each["unit"]: each for each in sheet["units"]}
        self.counted, self.vetoed = dict(self.units), dict[str, set[str]]()
        self.claims = sheet["claims"]
        earlier = read.get(EARLIER, {"document": {"units": []}})["document"]["units"]
        self.last = {each["unit"]: each["rank"] for each in earlier}
        self.all: list[Place] = []
        self.by_class: list[list[Place]] = []
        self.in_class: dict[str, int] = {}
        self.shown: list[Place] = []
        self.listed: list[str] = []

    def count(self, vetoed: Mapping[str, set[str]]) -> None:
        """Have the blocks of units that are vetoed count for nothing in their totals."""
        self.vetoed = {unit: some for unit, some in vetoed.items() if unit in self.units}
        for unit, some in self.vetoed.items():
            sheet = {**self.units[unit], "blocks": counted_blocks(self.units[unit]["blocks"], some)}
            if some and sheet["total"] is not None:
                made = composed(sheet, self.composition, self.places)
                sheet |= {"base_total": str(made[0]), "total": str(made[1])}
            self.counted[unit] = sheet

    def ranks(self, units: list[str]) -> dict[str, int]:
        """Return the rank of each unit, and keep how they are listed and ranked in classes."""
        self.all = self._ranked(units)
        of_class = [sorted({*units} & {*each["units"]}) for each in self.classes]
        self.by_class = list(map(self._ranked, of_class))
        in_classes = list(chain.from_iterable(self.by_class))
        self.in_class = {each.unit: each.rank for each in in_classes}
        within = self.policy.get("within") == "subcategory" and self.by_class
        self.shown = in_classes if within else self.all
        self.listed = [each.unit for each in self.shown]
        return {each.unit: each.rank for each in self.shown}

    def total(self, unit: str) -> Decimal:
        """Return the total of a unit as it is compared."""
        return Decimal(rounded(self.counted[unit]["total"], self.places))

    def _ranked(self, units: list[str]) -> list[Place]:
        ordered = sorted(units, key=lambda unit: (-self.total(unit), self._keys(unit), unit))
        ties, distinct, found = self.policy["ties"], 0, list[Place]()
        for _, equal in groupby(ordered, self.total):
            groups = [list(same) for _, same in groupby(equal, self._keys)]
            tied = 0
            for nth, group in enumerate(groups):
                if nth == 0 or not self.at_line_only:
                    distinct += 1
                    tied = distinct if ties == "dense" else len(found) + 1
                parted = self._parted(groups, nth)
                for at, unit in enumerate(group):
                    rank = tied + at if ties == "ordinal" else tied
                    found.append(Place(unit, rank, tied, nth, parted))
        for _, sharing in groupby(found, lambda each: each.tied):
            self._tell(list(sharing))
        return found

    def _parted(self, groups: list[list[str]], nth: int) -> list[Reason]:
        """Return which keys part a group of equal totals from those before and after it."""
        found = list[Reason]()
        for code, other in (("behind_by_key", nth - 1), ("ahead_by_key", nth + 1)):
            if 0 <= other < len(groups):
                found.append((code, self._by_key(groups[nth][0], groups[other])))
        return found

    def _by_key(self, unit: str, others: list[str]) -> dict[str, Json]:
        keys = self.policy["tie_break"]
        pairs = ((key, self._value(unit, key), self._value(others[0], key)) for key in keys)
        key, own, other = next(each for each in pairs if each[1] != each[2])
        kind, code = ("block", key) if isinstance(key, str) else (key["key"], key.get("code"))
        told = {"key": kind, "code": code}
        told["value"] = None if own is None else plain(own)
        told["other_value"] = None if other is None else plain(other)
        named = {"units": others[:MOST_NAMED], "count": str(len(others))}
        return named | {name: each for name, each in told.items() if each is not None}

    def _tell(self, sharing: list[Place]) -> None:
        """Keep what is told of the ranks of those who share one."""
        apart = sharing[0].rank != sharing[-1].rank
        for each in sharing:
            each.told = [] if self.at_line_only else each.by_key
            if len(sharing) > 1:
                some = [one.unit for one in sharing[: MOST_NAMED + 1] if one is not each]
                params = {"units": some[:MOST_NAMED], "count": str(len(sharing) - 1)}
                each.told = [*each.told, ("rank_by_code" if apart else "shared_rank", params)]
            if not self.at_line_only:
                each.order, each.by_key = 0, []

    def _keys(self, unit: str) -> list[tuple[bool, Decimal]]:
        """Return what sorts equal totals, less being better; what has no value comes last."""
        found = []
        for key in self.policy["tie_break"]:
            kind = "block" if isinstance(key, str) else key["key"]
            value = self._value(unit, key)
            less = value if value is None or kind not in {"block", "indicator"} else -value
            found.append((less is None, less or NOTHING))
        return found

    def _value(self, unit: str, key: Json) -> Decimal | None:
        kind, code = ("block", key) if isinstance(key, str) else (key["key"], key.get("code"))
        sheet = self.units[unit]
        if kind == "block":
            return Decimal(rounded(self.counted[unit]["blocks"].get(code) or "0", self.places))
        if kind == "indicator":
            return self._score(unit, code)
        if kind == "fewer_deductions":
            return self._deducted(unit, sheet)
        last = self.last.get(unit)
        return None if last is None else Decimal(last)

    def _score(self, unit: str, code: str) -> Decimal | None:
        """Return what an indicator has that counts: nothing in a block that is vetoed."""
        score = scores(self.units[unit]).get(code, (None, None))[1]
        blocks = {each["block"] for each in walk(self.units[unit]) if each["indicator"] == code}
        out = score is not None and blocks & self.vetoed.get(unit, set())
        return min(score, NOTHING) if score is not None and out else score

    def _deducted(self, unit: str, sheet: Json) -> Decimal:
        if not self.deduced:
            return NOTHING
        own = [e for e in self.claims if e["unit"] == unit and e["kind"] == "deduction"]
        lost = [Decimal(e.get("excess") or 0) for e in walk(sheet) if e["block"] in self.parts]
        return sum((-Decimal(each["points"]) for each in own), NOTHING) + sum(lost, NOTHING)


def scores(sheet: Json) -> dict[str, tuple[Decimal, Decimal]]:
    """Return points and score of each indicator that has a score in a unit's sheet."""
    return {
        each["indicator"]: (Decimal(each["points"]), Decimal(each["score"]))
        for each in walk(sheet)
        if each["score"] is not None
    }


def walk(unit: Json) -> Iterator[Json]:
    """Yield every indicator of a unit's sheet, parents before children."""
    left = list(unit["indicator_scores"])
    while left:
        each = left.pop(0)
        yield each
        left = [*each["children"], *left]


@dataclass
class Report:
    """A veto or demotion of a unit that was reported, and whether it counts."""

    unit: str
    code: str
    state: str = "confirmed"
    place: tuple[int, int] | None = None
    expires_on: str | None = None

    @classmethod
    def of(cls, told: list[Json]) -> "Report":
        """Read a report: unit, code, document and day; then what else there is to it."""
        found, rest = cls(told[0], told[1]), told[4:]
        if rest and isinstance(rest[0], str) and rest[0].isalpha():
            found.state = rest.pop(0)
        if rest and isinstance(rest[0], int):
            found.place = rest.pop(0), rest.pop(0)
        found.expires_on = rest.pop(0) if rest else None
        return found

    @property
    def counts(self) -> bool:
        """Whether it costs the unit its grade."""
        return self.state in {"confirmed", "lifting"}


@dataclass
class Demotion:
    """A demotion that befalls a unit, its indicators, and why."""

    effect: str
    indicators: list[str]
    cause: Reason


@dataclass
class Candidate:
    """A ranked unit, what may cost it a grade, and what has become of it so far."""

    place: Place
    total: Decimal
    vetoes: list[str]
    caps: list[Json]
    demotions: list[Demotion]
    outside: bool
    falls: list[Demotion] = field(default_factory=list)
    grade: str = ""
    told: list[Reason] = field(default_factory=list)
    missed: Reason | None = None
    left_one: bool = False


class Grades:
    """The grades of a category: limited levels are filled by rank, the others need no place."""

    def __init__(self, policy: Json, cap: str) -> None:
        self.policy = policy
        self.grades: list[str] = policy["order"]
        self.cap = cap if cap in self.grades else self.grades[-1]
        self.raises = policy.get("raised") or []
        self.ties = policy.get("tie_at_line") or "none"
        above = {each["grade"] for each in self.raises}
        limited = above | {each["grade"] for each in policy["levels"]}
        self.best = next((each for each in self.grades if each not in above), self.grades[-1])
        self.usual = next((each for each in self.grades if each not in limited), self.grades[-1])

    def give(self, candidates: list[Candidate], class_of: Mapping[str, str]) -> None:
        """Grade units that compete for the same places, and keep the reasons."""
        eligible = self.policy.get("quota_base") == "eligible"
        size = sum(not (eligible and (one.vetoes or one.outside)) for one in candidates)
        levels = sorted(self.policy["levels"], key=lambda each: self.grades.index(each["grade"]))
        quotas = [Quota(self, each, places(each, size)) for each in levels]
        candidates.sort(key=lambda one: (one.place.tied, one.place.unit))
        for _, some in groupby(candidates, lambda one: one.place.tied):
            self._give(list(some), quotas)
        for rule in self.raises:
            self._raise(rule, candidates, class_of)
        self._last(candidates)

    def lowest(self, *grades: str) -> str:
        """Return the lowest of some grades; one that the scheme has not is the last."""
        at = [self.grades.index(e) if e in self.grades else len(self.grades) - 1 for e in grades]
        return self.grades[max(at)]

    def capped(self, one: Candidate, grade: str) -> str:
        """Return a grade, or the best that vetoes and fraud leave the unit."""
        caps = [each["grade"] for each in one.caps]
        return self.lowest(grade, *caps, *([self.cap] if one.vetoes else []))

    def _give(self, tied: list[Candidate], quotas: "list[Quota]") -> None:
        for one in tied:
            self._begin(one)
        for quota in quotas:
            quota.fill([one for one in tied if not one.grade and one.total >= quota.least])
        for one in tied:
            if not one.grade:
                self._settle(one)

    def _begin(self, one: Candidate) -> None:
        """Fail whoever is below the floor; tell the others what caps their grade."""
        floor = Decimal(self.policy["unqualified_below"])
        one.falls = [each for each in one.demotions if each.effect == "down_one_grade"]
        if one.total < floor:
            one.grade = self.grades[-1]
            one.told.append(("below_floor", {"unqualified_below": plain(floor)}))
            return
        if one.vetoes:
            one.told.append(("capped_by_veto", {"vetoes": one.vetoes}))
        for cap in one.caps:
            params = {"grade": self.lowest(cap["grade"]), "indicator": cap["indicator"]}
            one.told.append(("capped_by_fraud", params | {"check": cap["check"]}))

    def _settle(self, one: Candidate) -> None:
        """Give the grade that needs no place, one lower for each demotion that is left."""
        at = self.grades.index(self.usual)
        one.told += [one.missed] if one.missed else []
        for fall in one.falls:
            at = min(at + 1, len(self.grades) - 1)
            one.told.append(("grade_lost", fall.cause[1]))
        one.grade = self.capped(one, self.grades[at])

    def _raise(self, rule: Json, units: list[Candidate], class_of: Mapping[str, str]) -> None:
        """Give the best of those who have a grade the one above it."""
        apart = rule.get("within") == "subcategory"
        groups = dict[str | None, list[Candidate]]()
        for one in units:
            if one.grade == rule["of"]:
                group = class_of.get(one.place.unit) if apart else None
                groups.setdefault(group, []).append(one)
        for have in groups.values():
            self._raise_some(rule, have)

    def _raise_some(self, rule: Json, have: list[Candidate]) -> None:
        number, grade = places(rule, len(have)), rule["grade"]
        params = {"grade": grade, "of": rule["of"]}
        params |= {"places": str(number), "having": str(len(have))}
        by_key = self.ties == "tie_break"

        def standing(one: Candidate) -> tuple[int, int]:
            return one.place.tied, one.place.order if by_key else 0

        rising = [one for one in have if self._may_rise(rule, one)]
        free = number
        for _, some in groupby(sorted(rising, key=standing), standing):
            same = list(some)
            if not free:
                return
            if len(same) > free and self.ties != "all":
                for one in same:
                    one.told.append(("tied_at_the_line", {"grade": grade}))
                return
            for one in same:
                one.grade = grade
                one.told.append(("raised", params))
            free = max(free - len(same), 0)

    def _may_rise(self, rule: Json, one: Candidate) -> bool:
        above_best = self.lowest(rule["grade"], self.best) != rule["grade"]
        barred = above_best and any(each.effect == "not_excellent" for each in one.demotions)
        return not barred and not one.outside and self.capped(one, rule["grade"]) == rule["grade"]

    def _last(self, units: list[Candidate]) -> None:
        """Tell the last ones what the scheme proposes for them."""
        rule = self.policy.get("last_place")
        if not rule or not units:
            return
        enough = rule.get("unless_all_at_least")
        if enough is not None and min(one.total for one in units) >= Decimal(enough):
            return
        ranks = [one.place.tied for one in units]
        params = {"measure": rule["measure"], "count": str(rule["count"]), "of": str(len(units))}
        last = sorted(ranks)[-min(int(rule["count"]), len(ranks))]
        for one in units:
            if one.place.tied != min(ranks) and one.place.tied >= last:
                one.told.append(("last_place", params))


def places(level: Json, units: int) -> int:
    """Return how many places there are for a share of so many units, or for a number."""
    if level.get("rate") is None or level.get("rounding") is None:
        return int(level.get("count") or 0)
    share = (Decimal(level["rate"]) * units).quantize(Decimal(1), ROUNDINGS[level["rounding"]])
    return max(int(share), int(level.get("min_count") or 0))


class Quota:
    """The places of a level that are left; none where a tie closed it to all below."""

    def __init__(self, grades: Grades, level: Json, free: int) -> None:
        self.of, self.grade, self.free, self.closed = grades, level["grade"], free, False
        self.least = Decimal(level["min_score"])

    def fill(self, seekers: list[Candidate]) -> None:
        """Give places to those of one rank who may have one."""
        if self.of.ties != "tie_break":
            self._fill(seekers)
            return
        had = self.free
        seekers.sort(key=lambda one: one.place.order)
        for _, equal in groupby(seekers, lambda one: one.place.order):
            self._fill(list(equal))
        if had and any(one.missed and not one.grade for one in seekers):
            for one in seekers:
                self._tell_keys(one)

    def _tell_keys(self, one: Candidate) -> None:
        """Tell whom a key gave a place, or cost it."""
        if (one.missed and not one.grade) or (one.grade and not one.outside):
            told = (params | {"grade": self.grade} for _, params in one.place.by_key)
            one.told += [("place_by_key", params) for params in told]

    def _fill(self, equal: list[Candidate]) -> None:
        """Give places to those whom nothing tells apart: to all of them or to none."""
        free, takers = self.free, list[Candidate]()
        for one in equal:
            capped = self.of.capped(one, self.grade) != self.grade
            if not free and not one.outside:
                code = "quota_closed" if self.closed else "quota_used_up"
                one.missed = None if capped else (code, {"grade": self.grade})
            elif self._loses(one, capped=capped):
                one.missed = None
                self._leave(one)
            elif one.outside:
                one.grade = self.grade
                one.told += [] if free else [("outside_quota", {"grade": self.grade})]
            else:
                takers.append(one)
        self._admit(takers)

    def _admit(self, takers: list[Candidate]) -> None:
        """Admit those who are tied; where places do not suffice, as the scheme says."""
        short = len(takers) > self.free
        if short and self.of.ties != "all":
            self.free, self.closed = 0, True
            for one in takers:
                one.missed = None
                one.told.append(("tied_at_the_line", {"grade": self.grade}))
            return
        self.free = max(self.free - len(takers), 0)
        for one in takers:
            one.grade = self.grade
            one.told += [("admitted_with_tie", {"grade": self.grade})] if short else []

    def _loses(self, one: Candidate, *, capped: bool) -> bool:
        """Tell whether veto, fraud or demotion take the place from a unit; a fall is used up."""
        if capped:
            one.falls = one.falls[1:]
            return True
        bars = [each for each in one.demotions if each.effect == "not_excellent"]
        if self.grade != self.of.best or not bars:
            bars, one.falls = one.falls[:1], one.falls[1:]
        vacancy = {"vacancy": self.of.policy["vacancy"]}
        one.told += [("place_lost", each.cause[1] | vacancy) for each in bars]
        return bool(bars)

    def _leave(self, one: Candidate) -> None:
        """Leave a lost place empty, where the scheme wants that: one for each unit."""
        if self.of.policy["vacancy"] == "leave" and not one.outside and not one.left_one:
            one.left_one, self.free = True, max(self.free - 1, 0)


class Consequences:
    """What follows from ranks and reports: grades, what is told of them, and vetoes that count."""

    def __init__(self, read: Mapping[str, Json], category: Json, order: Order) -> None:
        self.scheme, self.category, self.order = read[SCHEME], category, order
        self.sheet, self.read = read[SHEET], read
        self.year = int(self.scheme.get("assessment_year") or 0)
        self.policy = category.get("grades") or self.scheme["grades"]
        self.rules = [
            each
            for each in self.scheme["demotions"]
            if not each.get("categories") or category["code"] in each["categories"]
        ]
        self.vetoes = by_unit(read.get(VETOES, ()))
        self.demotions = by_unit(read.get(DEMOTIONS, ()))
        self.before = {
            line["unit"]: line
            for release in read.get(VETOES_BEFORE, ())
            for line in release["document"]["units"]
        }
        self.present = {unit for each in self.scheme["categories"] for unit in each["units"]}

    @property
    def complete(self) -> bool:
        """Whether the package has everything that grades follow from."""
        inputs = self.read[RELEASE]["manifest"]["inputs"]
        needed = {VETOES, DEMOTIONS, *(ASKED[name][0] for name in ASKED.keys() & inputs.keys())}
        return needed <= self.read.keys()

    def _sources(self, unit: str) -> list[str]:
        """Return the units of last year's releases that a unit goes on from; of a package that says
        nothing of that, only itself."""
        line, left = {unit}, [unit]
        while left:
            after = left.pop()
            for heir, predecessor, day in self.read.get(SUCCESSIONS, ()):
                apart = heir in self.before and predecessor in self.present
                hands_on = int(day[:4]) == self.year or (
                    int(day[:4]) == self.year - 1 and not apart
                )
                if heir == after and hands_on and predecessor not in line:
                    line.add(predecessor)
                    left.append(predecessor)
        return sorted(line & self.before.keys())

    def _carried(self, unit: str, name: str) -> list[dict[str, Json]]:
        """Return what last year's releases tell of a unit and of those it goes on from, each once:
        what is another's says of which unit it is."""
        found = list[dict[str, Json]]()
        for source in self._sources(unit):
            for each in self.before[source].get(name) or ():
                of = each.get("of_unit") or source
                told = {key: value for key, value in each.items() if key != "of_unit"}
                told |= {} if of == unit else {"of_unit": of}
                if told not in found:
                    found.append(told)
        return found

    def differing(self, lines: Json) -> Iterator[Finding]:
        """Say whose grade, reasons or vetoes are others."""
        if not self.complete:
            return
        graded = self._graded()
        for line in lines:
            told = self._told(line["unit"], graded)
            for name, expected in told.items():
                found = line.get(name)
                if name == "reasons":
                    if told_in_words(line):
                        continue
                    found = [[each["code"], each["params"]] for each in found]
                    expected = [list(each) for each in expected]
                if found != expected:
                    yield RELEASE, f"{line['unit']}: {name} is {found}, and not {expected}"

    def _graded(self) -> dict[str, Candidate]:
        """Return every ranked unit as it was graded."""
        grades = Grades(self.policy, self.scheme["vetoes"]["grade_cap"])
        apart = self.policy.get("scope") == "subcategory" and self.order.by_class
        found = dict[str, Candidate]()
        for some in self.order.by_class if apart else [self.order.all]:
            candidates = [self._candidate(each) for each in some]
            grades.give(candidates, self.order.class_of)
            found |= {one.place.unit: one for one in candidates}
        return found

    def _candidate(self, place: Place) -> Candidate:
        unit = place.unit
        capping = {e["code"] for e in self._counting(unit) if e["scope"] == "all"}
        return Candidate(
            place,
            self.order.total(unit),
            sorted(capping),
            self.order.units[unit].get("grade_caps") or [],
            [each for each in map(self._demotion(unit), self.rules) if each],
            unit in (self.policy.get("outside_quota") or ()),
        )

    def _demotion(self, unit: str) -> Json:
        """Return what tells of a rule whether it demotes a unit."""
        scored = scores(self.order.units[unit])

        def found(rule: Json) -> Demotion | None:
            if is_reported(rule):
                return by_report(rule, low_enough(rule, self.demotions.get(unit, ())))
            least = rule.get("score_ratio_below")
            weak = [] if least is None else [c for c in rule["indicators"] if c in scored]
            weak = [code for code in weak if scored[code][1] < Decimal(least) * scored[code][0]]
            if not weak:
                return None
            params = {"demotion": rule["code"], "indicators": weak}
            params |= {"percent": plain(Decimal(least) * 100)}
            return Demotion(rule["effect"], weak, ("weak_indicators", params))

        return found

    def _told(self, unit: str, graded: Mapping[str, Candidate]) -> dict[str, Json]:
        """Return what a line says of grade, reasons and vetoes."""
        one, shown = graded.get(unit), {each.unit: each for each in self.order.shown}
        counting, in_term = self._counting(unit), self._in_term(unit)
        grade = one.grade if one else None
        said: list[Reason] = [*shown[unit].told, *one.told] if one else self._unranked(unit)
        said += self._without_consequence(unit) + self._remarks(unit)
        said += self._of_vetoes(counting, in_term) + self._of_lineage(unit)
        said += self._of_sheet(unit, ranked=one is not None)
        weak = chain.from_iterable(each.indicators for each in (one.demotions if one else ()))
        return {
            "grade": grade,
            "grade_name": (self.policy.get("names") or {}).get(grade, grade),
            "demoted_by": list(dict.fromkeys(weak)),
            "reasons": said,
            "vetoes": counting or None,
            "vetoes_in_term": in_term or None,
        }

    def _counting(self, unit: str) -> list[dict[str, Json]]:
        """Return the vetoes of a unit that count, of this year and of last."""
        items = {each["code"]: each for each in self.scheme["vetoes"]["items"]}
        found = [
            {
                "code": each.code,
                "scope": items.get(each.code, {}).get("scope", "all"),
                "year": self.year,
                "title": items.get(each.code, {}).get("title"),
                "next_year": items.get(each.code, {}).get("years", 1) > 1,
                "expires_on": each.expires_on,
                **self._of_block(items.get(each.code, {})),
            }
            for each in self.vetoes.get(unit, ())
            if each.counts
        ]
        return found + [
            each
            for each in self._carried(unit, "vetoes")
            if each["next_year"]
            and each["year"] == self.year - 1
            and (each["expires_on"] is None or each["expires_on"] >= f"{self.year:04d}-01-01")
        ]

    @staticmethod
    def _of_block(item: Json) -> dict[str, Json]:
        return {"block": item["block"]} if item.get("block") is not None else {}

    def vetoed(self, lines: Json) -> dict[str, set[str]]:
        """Return the blocks of each unit that vetoes have count for nothing; where not everything
        is there that tells it, as the release tells it."""
        if self.complete:
            return {line["unit"]: self._blocks(line["unit"]) for line in lines}
        told = {line["unit"]: [e for e in line["reasons"] if isinstance(e, dict)] for line in lines}
        return {
            unit: {each["params"]["block"] for each in some if each["code"] == "block_vetoed"}
            for unit, some in told.items()
        }

    def _blocks(self, unit: str) -> set[str]:
        return {e["block"] for e in self._counting(unit) if e.get("block") in self._parts()}

    def _parts(self) -> set[str]:
        """Return the blocks of the category that are parts of its totals."""
        return self.order.parts & {each["code"] for each in self.category["blocks"]}

    def _in_term(self, unit: str) -> list[dict[str, Json]]:
        """Return the vetoes of the term of office, where the scheme counts them."""
        term = self.scheme["vetoes"].get("term")
        if not term:
            return []
        before = self._carried(unit, "vetoes_in_term")
        found = [each for each in before if each["year"] >= term["began"]]
        found += [
            {"year": self.year, "code": each["code"]}
            for each in self._counting(unit)
            if each["scope"] == "all" and each["year"] == self.year
        ]
        return sorted(found, key=lambda e: (e["year"], e["code"], e.get("of_unit") or ""))

    def _of_vetoes(self, counting: list[Json], in_term: list[Json]) -> list[Reason]:
        found = list[Reason]()
        for each in counting:
            params = {"veto": each["code"], "year": str(each["year"])}
            if each.get("of_unit"):
                found.append(("veto_of_predecessor", params | {"unit": each["of_unit"]}))
            elif each["year"] < self.year:
                found.append(("veto_of_earlier_year", params))
            found += self._of_vetoed_block(each)
            if each["title"] is not None:
                found.append(("title_barred", {"veto": each["code"], "title": each["title"]}))
        term = self.scheme["vetoes"].get("term")
        if term and len(in_term) >= int(term.get("removal_at", 2)):
            said = (f"{e['code']} {e['year']} {e.get('of_unit') or ''}".strip() for e in in_term)
            params = {"vetoes": [*said]}
            params |= {"count": str(len(in_term)), "at_least": str(term.get("removal_at", 2))}
            found.append(("removal_proposed", params))
        return found

    def _of_vetoed_block(self, veto: Json) -> list[Reason]:
        if veto.get("block") is None:
            return []
        there = veto["block"] in self._parts()
        code = "block_vetoed" if there else "block_veto_without_effect"
        return [(code, {"veto": veto["code"], "block": veto["block"]})]

    def _of_lineage(self, unit: str) -> list[Reason]:
        """Return that nothing was released of what a unit was, where that decides about vetoes."""
        known = SUCCESSIONS not in self.read or self._sources(unit)
        return [] if known else [("lineage_unknown", {})]

    def _without_consequence(self, unit: str) -> list[Reason]:
        """Return what was reported and is not often enough, or not low enough, to demote."""
        found = list[Reason]()
        reported = [each for each in self.demotions.get(unit, ()) if each.counts]
        for rule in self.rules if reported else ():
            least, counted = int(rule.get("at_least") or 1), len(low_enough(rule, reported))
            there = any(each.code == rule["code"] for each in reported)
            if there and is_reported(rule) and counted < least:
                params = {"demotion": rule["code"], "reports": str(counted)}
                found.append(("demotion_not_applied", params | {"at_least": str(least)}))
        return found

    def _remarks(self, unit: str) -> list[Reason]:
        """Return what is told of reports that do not count, or may not any longer."""
        return [
            (f"{kind}_{each.state}", {kind: each.code})
            for kind, of in (("veto", self.vetoes), ("demotion", self.demotions))
            for each in of.get(unit, ())
            if each.state in {"reported", "lifting", "lifted"}
        ]

    def _of_sheet(self, unit: str, *, ranked: bool) -> list[Reason]:
        """Return what the score sheet tells of short samples, and of marks on one scale."""
        decisions = self.order.units.get(unit, {}).get("decisions") or ()
        found: list[Reason] = [
            ("short_sample", {"indicator": each["indicator"]})
            for each in decisions
            if each["what"] == "short_sample"
        ]
        return found + [
            (
                "normalised",
                {
                    "indicator": each["indicator"],
                    "group": each["group"],
                    "coefficient": f"{Decimal(each['coefficient']):f}",
                },
            )
            for each in self.sheet.get("normalised") or ()
            if ranked
            and each["category"] == self.category["code"]
            and each["coefficient"] is not None
        ]

    def _unranked(self, unit: str) -> list[Reason]:
        """Return which marks a unit lacks, and why."""
        sheet = self.order.units.get(unit)
        if sheet is None:
            return [("not_ranked", {"missing": ["*"]})]
        gaps = self._gaps(sheet)
        return [
            ("not_ranked", {"missing": gaps}),
            *(
                ("no_score", {"indicator": each["indicator"]})
                for each in sheet["missing"]
                if each["indicator"] in gaps and each.get("reason") and each.get("reason_zh")
            ),
        ]

    def _gaps(self, sheet: Json) -> list[str]:
        """Return what a unit lacks: indicators that the sheet names, or without a score, or else
        whole blocks."""
        codes = [each["code"] for each in self.category["blocks"]]
        parts = [code for code in codes if code in self.order.parts]
        shown = {each["indicator"] for each in walk(sheet) if each["block"] not in parts}
        named = {each["indicator"] for each in sheet["missing"]} - shown
        without = set(unscored(sheet)) - shown
        blocks = {code for code in parts if sheet["blocks"].get(code) is None}
        found: set[str] = next(filter(None, (named, without, blocks)), {"*"})
        return sorted(found)


def unscored(sheet: Json) -> list[str]:
    """Return the indicators of a unit's sheet that have no score."""
    return [each["indicator"] for each in walk(sheet) if each["score"] is None]


def told_in_words(line: Json) -> bool:
    """Tell whether reasons of a line are of a time when they had no codes."""
    return any(not isinstance(e, dict) or e["code"] == "as_told" for e in line["reasons"])


def by_unit(told: Iterable[Json]) -> dict[str, list[Report]]:
    """Return reports by the unit that they are of, in their order."""
    found = dict[str, list[Report]]()
    for each in map(Report.of, map(list, told)):
        found.setdefault(each.unit, []).append(each)
    return found


def is_reported(rule: Json) -> bool:
    """Whether somebody has to report a demotion; else it is read off the score sheet."""
    return rule.get("event") is not None or bool(rule.get("superior_rank"))


def low_enough(rule: Json, reports: Iterable[Report]) -> list[Report]:
    """Return which reports count towards a rule: of places in a list, only low ones."""
    own = [each for each in reports if each.counts and each.code == rule["code"]]
    of = rule.get("superior_rank")
    return [each for each in own if each.place and is_low(of, *each.place)] if of else own


def is_low(of: Json, rank: int, size: int) -> bool:
    """Tell whether a place in a superior's list is as low as a rule says."""
    above = of.get("worse_than") if of.get("last") is None else size - int(of["last"])
    return above is not None and rank > int(above)


def by_report(rule: Json, reports: list[Report]) -> Demotion | None:
    """Return the demotion where there are enough reports; of several places the worst is told."""
    least, of = int(rule.get("at_least") or 1), rule.get("superior_rank")
    if len(reports) < least:
        return None
    times = {"times": str(len(reports))} if least > 1 and len(reports) > 1 else {}
    if not of:
        params = {"demotion": rule["code"], "event": rule["event"] or ""}
        return Demotion(rule["effect"], [], ("reported_event", params | times))
    rank, size = max((e.place for e in reports if e.place), key=lambda e: (e[0], -e[1]))
    params = {"demotion": rule["code"], "list": of["list"], "rank": str(rank), "of": str(size)}
    about = [of["indicator"]] if of.get("indicator") else []
    return Demotion(rule["effect"], about, ("superior_rank", params | times))


CYCLE = "kaoping-cycle-package/1"
"""The form of the package of a whole cycle."""
RECORD = "record.tar"
OF_SHEET = {"edition", "phase", "ledger_phase", "explanations", "tag_totals", "digest"}
"""What a score sheet's digest is not of."""
OF_RANKING = {"edition", "state", "digest", "chain"}
"""What a ranking's digest is not of."""
PIECE = 1 << 20


class Straight:
    """A file that is written from its first byte to its last, as a package of a cycle is."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self.write = write

    def flush(self) -> None:
        """Do nothing: what is written is written."""


class Compared:
    """A file with which what is written is compared; `differs` is the first byte that is not so."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.at = file, 0
        self.differs: int | None = None

    def write(self, content: bytes) -> int:
        """Compare the next bytes."""
        there = self.file.read(len(content))
        if there != content and self.differs is None:
            pairs = enumerate(zip(there, content, strict=False))
            end = min(len(there), len(content))
            self.differs = self.at + next((n for n, (a, b) in pairs if a != b), end)
        self.at += len(content)
        return len(content)


def pieces_of(content: IO[bytes]) -> Iterator[bytes]:
    """Yield what is left of a file, a piece at a time."""
    while piece := content.read(PIECE):
        yield piece


def store(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    """Write a file into an archive: not compressed, without times; return its SHA-256."""
    entry, digest = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), hashlib.sha256()
    entry.create_system, entry.external_attr = 3, 0o100644 << 16
    with archive.open(entry, "w", force_zip64=True) as member:
        for piece in pieces:
            digest.update(piece)
            member.write(piece)
    return digest.hexdigest()


def is_cycle(path: Path) -> bool:
    """Tell whether a package is one of a whole cycle, as far as it can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return RECORD in archive.namelist() or CYCLE.encode() in archive.read(MANIFEST)
    except Exception:  # what cannot be read is said when it is verified
        return False


def whole_cycle(path: Path, expected: str | None = None) -> tuple[list[Finding], list[str]]:
    """Return what is wrong with the package of a cycle, and what is said where nothing is."""
    found, digests = of_bytes(path)
    if found:
        return found, []
    try:
        with zipfile.ZipFile(path) as archive:
            found = [*of_manifest(archive, digests, expected)] or [*of_cycle(archive)]
    except (KeyError, TypeError, ValueError, ArithmeticError, StopIteration) as error:
        found = [(MANIFEST, f"is not of a form that is known here: {error!r}")]
    return found, [f"OK cycle, {len(digests)} files, digest {digests.get(MANIFEST)}"]


def of_bytes(path: Path) -> tuple[list[Finding], dict[str, str]]:
    """Return what is wrong with the archive as bytes, and the SHA-256 of each of its files."""
    digests, name = dict[str, str](), "package"
    with path.open("rb") as file:
        compared = Compared(file)
        try:
            straight = Straight(compared.write)
            with (
                zipfile.ZipFile(path) as archive,
                zipfile.ZipFile(straight, "w") as again,  # type: ignore[call-overload]
            ):
                for name in archive.namelist():
                    with archive.open(name) as content:
                        digests[name] = store(again, name, pieces_of(content))
        except Exception as error:  # a damaged archive fails in many ways
            return [(name, f"cannot be read: {error}")], {}
        if compared.differs is None and not file.read(1):
            return [], digests
        at = compared.at if compared.differs is None else compared.differs
        return [("package", f"byte {at} is not that of the archive of its files")], digests


def of_manifest(
    archive: zipfile.ZipFile, digests: Mapping[str, str], expected: str | None
) -> Iterator[Finding]:
    """Say which files are not those that the manifest of a cycle lists."""
    manifest = json.loads(archive.read(MANIFEST))
    if expected not in (None, digests[MANIFEST]):
        yield MANIFEST, f"its digest is {digests[MANIFEST]}, and not {expected}"
    if canonical(manifest) != archive.read(MANIFEST) or manifest["format"] != CYCLE:
        yield MANIFEST, "is not written canonically, or of another form"
    listed = manifest["files"]
    for name in sorted({*digests, *listed} - {MANIFEST}):
        if digests.get(name) != listed.get(name):
            yield name, "is not the file that the manifest lists"
    if archive.namelist() != [*sorted(listed), MANIFEST]:
        yield MANIFEST, "files are not in their order"


def of_cycle(archive: zipfile.ZipFile) -> Iterator[Finding]:
    """Say what in the package of a cycle does not fit together."""
    names, cycle = archive.namelist(), json.loads(archive.read(MANIFEST))["cycle"]
    schemes = {digest_of(archive, name, only="scheme") for name in names if under(name, "schemes")}
    sheets = dict[int, str]()
    for name in names:
        if under(name, "score-sheets"):
            sheet = json.loads(archive.read(name))
            sheets[sheet["edition"]] = sheet["digest"]
            yield from of_sheet(name, sheet)
    rankings = dict[int, str]()
    for name in names:
        if under(name, "rankings"):
            ranking = json.loads(archive.read(name))
            rankings[ranking["edition"]] = ranking["digest"]
            yield from of_ranking(name, ranking, sheets, schemes)
    for name in names:
        if under(name, "releases"):
            yield from of_released(name, archive.read(name), rankings, cycle)
    if RECORD in names:
        with archive.open(RECORD) as record:
            yield from of_record(record)


def under(name: str, folder: str) -> bool:
    """Tell whether a file is in a folder."""
    return name.startswith(f"{folder}/")


def digest_of(archive: zipfile.ZipFile, name: str, only: str) -> str:
    """Return the digest of one part of a document."""
    return sha256(canonical(json.loads(archive.read(name))[only]))


def of_sheet(name: str, sheet: Json) -> Iterator[Finding]:
    """Say whether a score sheet is not what its digest is of; that of an early one is of what was
    told of each unit too."""
    content = {key: each for key, each in sheet.items() if key not in OF_SHEET}
    early = content | {"explanations": sheet["explanations"]}
    if sheet["digest"] not in {sha256(canonical(content)), sha256(canonical(early))}:
        yield name, "is of another digest than it says"


def of_ranking(
    name: str, ranking: Json, sheets: Mapping[int, str], schemes: set[str]
) -> Iterator[Finding]:
    """Say whether a ranking is not what its digest is of, or rests on what is not there."""
    content = {key: each for key, each in ranking.items() if key not in OF_RANKING}
    if sha256(canonical(content)) != ranking["digest"]:
        yield name, "is of another digest than it says"
    if sheets.get(ranking["score_sheet_edition"]) != ranking["digests"]["score_sheet"]:
        yield name, "its score sheet is not in the package"
    if ranking["digests"]["scheme"] not in schemes:
        yield name, "its scheme is not in the package"


def of_released(
    name: str, package: bytes, rankings: Mapping[int, str], cycle: str
) -> Iterator[Finding]:
    """Say what is wrong with a release in the package of its cycle."""
    found = verify(package)
    yield from ((f"{name}/{inner}", what) for inner, what in found)
    if found:
        return
    manifest = json.loads(unpacked(package)[0][RELEASE])["manifest"]
    if manifest["cycle_id"] != cycle:
        yield name, "is of another cycle"
    if rankings.get(manifest["edition"]) != manifest["ranking_digest"]:
        yield name, "its ranking is not in the package"


def of_record(record: IO[bytes]) -> Iterator[Finding]:
    """Say which file of the archived record is not what its own manifest lists."""
    listed: list[Json] = []
    with tarfile.open(fileobj=record, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                yield RECORD, f"{member.name} is no plain file"
            elif member.name == MANIFEST and not listed:
                listed = json.load(content)["files"][::-1]
            elif not listed or not is_listed(listed.pop(), member.name, content):
                yield RECORD, f"{member.name} is not what was archived"
                return
    if listed:
        yield RECORD, f"{listed[-1]['name']} is missing"


def is_listed(told: Json, name: str, content: IO[bytes]) -> bool:
    """Tell whether a file is the one that is told of."""
    digest = hashlib.sha256()
    for piece in pieces_of(content):
        digest.update(piece)
    return bool(told["name"] == name and told["sha256"] == digest.hexdigest())


def main(arguments: list[str]) -> int:
    """Say what is wrong with the package that is named; 0 where nothing is."""
    if len(arguments) not in (1, 2):
        print(__doc__)
        return 2
    path, expected = Path(arguments[0]), arguments[1] if len(arguments) == 2 else None
    found, said = whole_cycle(path, expected) if is_cycle(path) else one_release(path, expected)
    for name, what in found:
        print(f"WRONG {name}: {what}")
    for line in [] if found else said:
        print(line)
    return 1 if found else 0


def one_release(path: Path, expected: str | None) -> tuple[list[Finding], list[str]]:
    """Return what is wrong with the package of a release, and what is said where nothing is."""
    package = path.read_bytes()
    found = verify(package, expected)
    return found, [] if found else told_of(package)


def told_of(package: bytes) -> list[str]:
    """Return what is said of the package of a release with which nothing is wrong."""
    files = unpacked(package)[0]
    read = {name: json.loads(each) for name, each in files.items() if name.endswith(".json")}
    said = [f"NOT COMPUTED {name}: {what}" for name, what in not_computed(read)]
    release = read[RELEASE]
    return [*said, f"OK release {release['manifest']['release']}, digest {release['digest']}"]


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))

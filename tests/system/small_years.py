"""Small years that follow from a seed, with what every unit must come to: computed here by
fractions, and by no line of the system.

All have the same codes: units, indicators, the scheme, and the number of a claimed document. What
differs are points, values and words; whatever one took from another would be seen in a total.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from kaoping.client import Client

Document = dict[str, Any]

SOURCE, PLACES, BONUS, YEAR = "S1", 4, 2, 2025
ACCOUNTS = {
    "office": (None, ["performance_office"], "person"),
    "colleague": (None, ["performance_office"], "person"),
    "committee": (None, ["committee"], "person"),
    "standing": (None, ["standing_committee"], "person"),
    SOURCE: (SOURCE, ["data_source_unit"], "person"),
    "U01": ("U01", ["assessed_unit"], "person"),
}
AT_ONCE = 200
WORDS = {"A": Fraction(1), "B": Fraction(9, 10), "C": Fraction(11, 20)}


RANKS = {"grades": False, "ranks": True, "scores": False, "blocks": False, "reasons": False}
"""What whoever does not decide is shown of a release."""


@dataclass(frozen=True)
class SmallYear:
    """A year of a jurisdiction, and the totals of its units."""

    code: str
    scheme: Document
    units: list[str]
    entries: list[Document]
    totals: Mapping[str, Decimal]


def small_year(code: str, units: int, indicators: int) -> SmallYear:
    """Return the year of a jurisdiction; indicators divide a hundred points."""
    random = Random(f"small year {code}")  # noqa: S311 - nothing here is a secret
    names = [f"U{n:02}" for n in range(1, units + 1)]
    points = Fraction(100, indicators)
    told, entries = list[Document](), list[Document]()
    totals = dict.fromkeys(names, Fraction())
    for n in range(indicators):
        make = MAKERS[n % len(MAKERS)]
        one, posted, scores = make(random, f"I{n:02}", points, names)
        told.append(one)
        entries += posted
        for unit, score in zip(names, scores, strict=True):
            totals[unit] += rounded(score)
    totals["U01"] += BONUS
    return SmallYear(
        code, _scheme(names, told), names, entries,
        {unit: Decimal(total.numerator) / total.denominator for unit, total in totals.items()},
    )  # fmt: skip


def rounded(score: Fraction) -> Fraction:
    """Round half up to the scheme's places; no score here is below zero."""
    return Fraction((score * 10**PLACES + Fraction(1, 2)).__floor__(), 10**PLACES)


def _indicator(code: str, points: Fraction, method: str, params: Document) -> Document:
    told = {"code": code, "name": code, "points": _text(points), "method": method}
    return {**told, "params": params, "data_source_unit": SOURCE, "frequency": "yearly"}


def _text(number: Fraction) -> str:
    return str(Decimal(number.numerator) / number.denominator)


def _values(code: str, key: str, drawn: list[Fraction], units: list[str]) -> list[Document]:
    told = {"indicator": code, "kind": "measured_value", "key": key}
    return [{"unit": u, "value": _text(v), **told} for u, v in zip(units, drawn, strict=True)]


def _drawn(random: Random, units: list[str]) -> list[Fraction]:
    return [Fraction(random.randint(1, 999), 10) for _ in units]


Made = tuple[Document, list[Document], list[Fraction]]


def _tiers(random: Random, code: str, points: Fraction, units: list[str]) -> Made:
    high, low = Fraction(random.randint(60, 90)), Fraction(random.randint(20, 50))
    tiers = [
        {"min": _text(high), "points": _text(points)},
        {"min": _text(low), "points": _text(points / 2)},
    ]
    drawn = _drawn(random, units)
    scores = [points if v >= high else points / 2 if v >= low else Fraction() for v in drawn]
    params = {"input": "v", "tiers": tiers}
    return _indicator(code, points, "tiers", params), _values(code, "v", drawn, units), scores


def _best(random: Random, code: str, points: Fraction, units: list[str]) -> Made:
    drawn = _drawn(random, units)
    scores = [points * v / max(drawn) for v in drawn]
    made = _indicator(code, points, "relative_to_best", {})
    return made, _values(code, "value", drawn, units), scores


def _share(random: Random, code: str, points: Fraction, units: list[str]) -> Made:
    drawn = _drawn(random, units)
    scores = [points * min(v * len(units) / sum(drawn), Fraction(1)) for v in drawn]
    made = _indicator(code, points, "share_of_sum", {})
    return made, _values(code, "value", drawn, units), scores


def _rank(random: Random, code: str, points: Fraction, units: list[str]) -> Made:
    step, drawn = Fraction(random.randint(1, 9), 100), _drawn(random, units)
    ranks = [1 + sum(other > v for other in drawn) for v in drawn]
    scores = [max(points * (1 - (rank - 1) * step), Fraction()) for rank in ranks]
    made = _indicator(code, points, "rank_points", {"step_ratio": _text(step)})
    return made, _values(code, "value", drawn, units), scores


def _grade(random: Random, code: str, points: Fraction, units: list[str]) -> Made:
    words = [random.choice([*WORDS]) for _ in units]
    ratios = {word: _text(ratio) for word, ratio in WORDS.items()}
    posted = [
        {"unit": u, "indicator": code, "kind": "grade", "word": w}
        for u, w in zip(units, words, strict=True)
    ]
    made = _indicator(code, points, "grade_map", {"grades": ratios})
    return made, posted, [points * WORDS[w] for w in words]


MAKERS = (_tiers, _best, _share, _rank, _grade)


def _scheme(units: list[str], indicators: list[Document]) -> Document:
    block = {"code": "b", "name": "b", "points": 100, "indicators": indicators}
    category = {"code": "ALL", "name": "各单位", "organiser": SOURCE, "total": 100}
    national = {"code": "B1", "level": "national", "points": BONUS, "authorities": ["国务院"]}
    window = {"opens": f"{YEAR}-01-01", "closes": f"{YEAR}-12-31"}
    bonus = {"rules": [national], "same_event": "highest", "requires": ["document"]}
    return {
        "title": "小年度",
        "code": f"SMALL-{YEAR}",
        "assessment_year": YEAR,
        "rounding": {"places": PLACES},
        "calendar": [],
        "surveys": [],
        "categories": [{**category, "units": units, "blocks": [block]}],
        "composition": {"parts": ["b"], "bonus": True, "deductions": True},
        "adjustments": {
            "window": window,
            "carry_over": "none",
            "bonus": bonus,
            "deductions": {"rules": [], "same_event": "highest"},
        },
        "ranking": {"tie_break": [], "ties": "same_rank_skip"},
        "publication": {"organisers": RANKS, "units": RANKS},
    }


def play(year: SmallYear, people: Mapping[str, Client]) -> Document:
    """Play a year to its release; return that."""
    office = people["office"]
    units = [(unit, "assessed") for unit in year.units] + [(SOURCE, "body")]
    told = [
        {"code": code, "name": code, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
        for code, kind in units
    ]
    office.post("/units", {"units": told})
    cycle = {"name": "小年度", "jurisdiction": year.code, "assessment_year": YEAR}
    at = f"/cycles/{office.post('/cycles', cycle)['cycle_id']}"
    version = office.post(f"{at}/scheme-versions", {"scheme": year.scheme})["version"]
    office.post(f"{at}/scheme-versions/{version}/publication")
    for some in _parts(year.entries):
        people[SOURCE].post(f"{at}/ledger-entries", {"entries": some, "state": "submitted"})
    people["colleague"].post(f"{at}/ledger-entries/verification", {"all_submitted": True})
    _claim(at, people)
    preview = office.post(f"{at}/ledger/seal?mode=check")
    office.post(f"{at}/ledger/seal", {"leaves": preview["leaves"], "seen": preview["seen"]})
    office.post(f"{at}/score-sheets", {"categories": ["ALL"]})
    office.post(f"{at}/score-sheets/1/feedback")
    office.post(f"{at}/rankings", {"category": "ALL", "score_sheet_edition": 1})
    for who, step in (
        ("office", "merge"), ("committee", "review"), ("standing", "decision"),
        ("colleague", "publication"),
    ):  # fmt: skip
        people[who].post(f"{at}/rankings/1/{step}", {})
    found: Document = office.get(f"{at}/releases/1")
    return found


def _claim(at: str, people: Mapping[str, Client]) -> None:
    """One unit claims an award by a document that every jurisdiction's claims name."""
    claim = {"claim_no": "1", "unit": "U01", "kind": "bonus", "level": "national"}
    claim |= {"authority": "国务院", "holder_name": "U01", "document_no": "国发〔2025〕7号"}
    claim |= {"document_date": f"{YEAR}-06-30", "event_key": "U01-1"}
    people["U01"].post(f"{at}/claims", {"claims": [claim]})
    (known,) = people["colleague"].pages(f"{at}/claims")
    decided = {"claim_id": known["claim_id"], "decision": "confirmed"}
    people["colleague"].post(f"{at}/claims/confirmation", {"decisions": [decided]})


def _parts(entries: list[Document]) -> Iterator[list[Document]]:
    for at in range(0, len(entries), AT_ONCE):
        yield entries[at : at + AT_ONCE]


def totals_of(release: Document) -> dict[str, Decimal]:
    """Return the totals that were released, by unit."""
    return {each["unit"]: Decimal(each["final_total"]) for each in release["document"]["units"]}

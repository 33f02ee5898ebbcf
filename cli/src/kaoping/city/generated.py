"""A year of all categories of a city, made up from a seed: every leaf for every unit.

Values fall on both sides of every bound of the scheme, and now and then exactly on it. Claims are
right ones and such as fail one check each.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from kaoping.city.files import OWN_UNIT, City
from kaoping.city.particulars import (
    BY_ITSELF,
    by_periods,
    found_by_inspections,
    own_of,
    with_particulars,
)
from kaoping.city.scheme import cycle, responsible_units, scheme_document, units
from kaoping.plan import Plan, Wave

Document = dict[str, Any]
Indicator = Mapping[str, Any]

SEED = 20251231
"""What the year that comes with the system follows from."""

SEATS = 5
"""The seats of the scheme's panel."""

PRIZED = "QS08"
"""A unit with more awards than the cap of the bonus lets count."""

NOT_APPLICABLE = {
    "G05": ("ZH06", "ZH10"),
    "G08": ("ZH10", "ZH15"),
    "D01": ("BM04", "BM19"),
    "D04": ("BM11", "BM19", "BM21"),
    "D07": ("BM19",),
    "V02": ("ZS07", "ZS18"),
}
"""Units that have no such business, by indicator; its points go to another."""


def generated(
    city: City, scheme: Document, seed: int = SEED, makers: "Makers | None" = None
) -> Plan:
    """Return the year of all categories of a scheme that follows from the seed; `makers` say how
    the entries of a leaf are made up, by its method."""
    plan = Plan(cycle(city), scheme, units(city), [each["code"] for each in scheme["categories"]])
    entries = defaultdict[str, list[Document]](list)
    inputs = Random(f"inputs {seed}")  # noqa: S311 - nothing here is a secret
    for category in scheme["categories"]:
        for leaf in leaves(category):
            for unit in category["units"]:
                for poster, entry in _measure(plan, leaf, unit, inputs, makers or MAKERS):
                    entries[poster].append(entry)
    names = {unit["code"]: unit["name_zh"] for unit in city.scheme["units"]}
    claims = list(_claims(scheme, names, Random(f"claims {seed}")))  # noqa: S311
    return replace(
        plan,
        entries=dict(entries),
        waves=list(_waves(scheme, Random(f"surveys {seed}"))),  # noqa: S311
        counted_before={each["claim_no"]: each.pop("counted_before") for each in claims},
        claims=claims,
        vetoes=list(_vetoes(city, scheme, Random(f"vetoes {seed}"))),  # noqa: S311
    )


def of_categories(plan: Plan, codes: Collection[str]) -> Plan:
    """Return what of a year concerns some of its categories alone, and the waves in which they are
    rated whole: others are rated in them too."""
    chosen = {code: units for code, units in _units_by_category(plan).items() if code in codes}
    assessed = frozenset[str]().union(*chosen.values())
    entries = {poster: _about(assessed, told) for poster, told in plan.entries.items()}
    of_some = replace(
        plan,
        categories=[*chosen],
        targets=_about(assessed, plan.targets),
        entries={poster: told for poster, told in entries.items() if told},
        waves=[wave for wave in plan.waves if _about(assessed, wave.rows)],
        vetoes=[veto for veto in plan.vetoes if veto[0] in assessed],
    )
    return _with_claims_of(of_some, assessed)


def _with_claims_of(plan: Plan, units: Collection[str]) -> Plan:
    """Return a year with the claims of some units alone, and what backs them."""
    files = {name: unit for name, unit in plan.added_by.items() if unit in units}
    earlier = plan.earlier and replace(plan.earlier, claims=_about(units, plan.earlier.claims))
    return replace(
        plan,
        earlier=earlier,
        claims=_about(units, plan.claims),
        evidence={name: plan.evidence[name] for name in files},
        added_by=files,
        renamed={unit: name for unit, name in plan.renamed.items() if unit in units},
        moves=[move for move in plan.moves if move.about[0] in {*units, ""}],
    )


def _units_by_category(plan: Plan) -> dict[str, list[str]]:
    return {each["code"]: each["units"] for each in plan.scheme["categories"]}


def _about(units: Collection[str], rows: list[Document]) -> list[Document]:
    """Return the rows that are about some units."""
    return [each for each in rows if each["unit"] in units]


def whole_scheme(city: City) -> Document:
    """Return the city's scheme, with plans of progress and what the generated categories have
    besides; who marks itself gets the mean of the category instead.

    A panel's marks come from the data source, and a unit's marks for itself do not count. Where
    the data source is assessed by its own indicator, the scheme has to say what then.
    """
    scheme = scheme_document(city)
    for category in scheme["categories"]:
        for leaf in leaves(category):
            judged = leaf["method"] == "qualitative_panel"
            if judged and leaf["data_source_unit"] in category["units"]:
                leaf["missing"] = "category_mean"
            if leaf["method"] in ("ratio_to_target", "stepped_deduction"):
                leaf["progress_plan"] = PROGRESS_PLANS[sum(map(ord, leaf["code"])) % 3]
            leaf.update(own_of(leaf))
    return with_particulars(scheme, city.category)


PROGRESS_PLANS: Sequence[Document] = (
    {"Q1": Decimal("0.25"), "H1": Decimal("0.5"), "Q3": Decimal("0.75")},
    {"Q1": Decimal("0.05"), "-05": Decimal("0.2"), "H1": Decimal("0.4"), "Q3": Decimal("0.95")},
    {"H1": Decimal("0.3"), "-11": Decimal("0.9")},
)
"""Which share of a target is to be reached by when: evenly, in summer, or late in the year."""


def leaves(category: Mapping[str, Any]) -> Iterator[Document]:
    """Yield every indicator of a category that has no children."""

    def below(indicators: list[Document]) -> Iterator[Document]:
        for indicator in indicators:
            if indicator["children"]:
                yield from below(indicator["children"])
            else:
                yield indicator

    for block in category["blocks"]:
        yield from below(block["indicators"])


def poster_of(scheme: Mapping[str, Any], leaf: Indicator, told: Mapping[str, Any]) -> str:
    """Return who posts what is told: the account of a seat, the unit itself, or the data source."""
    panel, source = leaf["params"].get("panel"), str(leaf["data_source_unit"])
    for each in scheme["panels"]:
        for seat in each["seats"] if each["code"] == panel else ():
            if seat["seat"] == told.get("item"):
                return str(seat["account"])
    return str(told["unit"]) if source == OWN_UNIT else source


def _measure(
    plan: Plan, leaf: Indicator, unit: str, random: Random, makers: "Makers"
) -> Iterator[tuple[str, Document]]:
    """Yield what is told about one unit's one leaf and who tells it; add what is agreed."""
    about = {"unit": unit, "indicator": leaf["code"]}
    told = list(makers[leaf["method"]](leaf["params"], random, leaf))
    if unit in NOT_APPLICABLE.get(leaf["code"], ()):
        told = [{"kind": "not_applicable", "note": "本单位无此项业务。"}]
    for each in told:
        agreed = {name: each.pop(name, None) for name in ("target", "baseline")}
        if any(number is not None for number in agreed.values()):
            plan.targets.append({**about, "item": each.get("item"), **agreed, "pledge": None})
        for part in by_periods(leaf, unit, each):
            entry = {**about, **part}
            yield poster_of(plan.scheme, leaf, entry), entry
    yield from ((who, {**about, **found}) for who, found in found_by_inspections(leaf, unit))


def _decimal(random: Random, low: float, high: float, places: int = 2) -> Decimal:
    scale: int = 10**places
    return Decimal(random.randint(round(low * scale), round(high * scale))) / scale


def _near(random: Random, bounds: list[Decimal], spread: float) -> Decimal:
    """Return a value on one of the bounds, just beside one, or anywhere around them."""
    bound = random.choice(bounds)
    beside = random.choice([Decimal(0), Decimal("0.01"), Decimal("-0.01"), None, None, None])
    aside: Decimal = _decimal(random, -spread, spread) if beside is None else beside
    return bound + aside


def _measured(key: str, value: Decimal, **more: object) -> Document:
    return {"kind": "measured_value", "key": key, "value": f"{value:f}", **more}


def _ratio(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    target = _decimal(random, 20, 400, 1)
    floor = Decimal(params["floor_ratio"])
    ratio = _near(random, [floor, Decimal(1), Decimal("1.04")], 0.35)
    actual = target * max(ratio, Decimal("0.05"))
    if params["direction"] == "lower":
        actual = (target / max(ratio, Decimal("0.05"))).quantize(Decimal("0.01"))
    yield _measured("actual", actual, target=str(target))


def _stepped(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    step, target = Decimal(params["step"]), _decimal(random, 20, 95, 1)
    steps = random.choice([Decimal(random.randint(-2, 12)), _decimal(random, -2, 12)])
    missed = steps * step if params["direction"] == "lower" else -steps * step
    yield _measured("actual", target + missed, target=str(target))


def _tiers(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    bounds = [Decimal(tier.get("min", tier.get("max"))) for tier in params["tiers"]]
    yield _measured(params["input"], _near(random, bounds, 15))


def _threshold(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    yield _measured(params["input"], _near(random, [Decimal(params["threshold"])], 6))


def _ranked(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    periods = ["2025Q1", "2025Q2", "2025Q3", "2025Q4"] if params.get("period") else ["2025"]
    for period in periods:  # one decimal place: some are equal
        yield _measured("value", _decimal(random, 5, 8, 1), period=period)


def _valued(_: Document, random: Random, __: Indicator) -> Iterator[Document]:
    yield _measured("value", _decimal(random, -3, 60))


def _blended(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    for component in params["components"]:
        yield _measured(component["key"], _decimal(random, 3, 90))


def _growth(_: Document, random: Random, __: Indicator) -> Iterator[Document]:
    baseline = _decimal(random, 10, 90)
    ratio = _near(random, [Decimal(1), Decimal("1.05"), Decimal("1.25")], 0.4)
    yield _measured("actual", baseline * ratio, baseline=str(baseline))


def _milestones(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    words = list(params["status_ratio"])
    for node in range(1, random.randint(3, 11) + 1):
        word = random.choice([words[0], words[0], *words])
        yield {"kind": "milestone", "item": str(node), "word": word}


def _counted(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    yield _measured("count", Decimal(random.randint(0, 2 * int(params["full_at"]))))


def _events(params: Document, random: Random, leaf: Indicator) -> Iterator[Document]:
    if random.random() < 0.5:
        yield {"kind": "event", "key": "zero_report", "value": "0", "period": "2025"}
        return
    for _ in range(random.choice([1, 2, 3, 9])):
        key = random.choice([each for each in params["per_event"] if each not in BY_ITSELF])
        # For the year: of the months without a report the year would not be complete.
        yield {"kind": "event", "key": key, "value": str(random.randint(1, 2)), "period": "2025"}


def _panel(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    for seat in range(1, int(params.get("panel_size") or SEATS) + 1):
        mark = str(_decimal(random, 55, 100, 1))
        yield {"kind": "panel_mark", "item": str(seat), "value": mark}


def _grade(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    yield {"kind": "grade", "word": random.choice(list(params["grades"]))}


def _items(params: Document, random: Random, _: Indicator) -> Iterator[Document]:
    own = params["items"] == "unit_defined"
    for item in range(1, (random.randint(2, 7) if own else int(params["items"])) + 1):
        target = Decimal(random.choice([3, 7, 9, 12, 36, 75, 410]))
        actual = (target * _decimal(random, 0.5, 1.3)).quantize(Decimal(1))
        yield _measured("actual", actual, item=str(item), target=str(target))


def _superior(params: Document, random: Random, leaf: Indicator) -> Iterator[Document]:
    rate = Decimal(params["scale"]) * Decimal(params["multiplier"])
    loss = random.choice([Decimal(0), leaf["points"] / rate, _decimal(random, 0, 90, 1)])
    yield _measured("superior_loss", loss)


def _surveyed(*_: object) -> Iterator[Document]:
    return iter(())


Makers = Mapping[str, Callable[..., Iterator[Document]]]

MAKERS: Makers = {
    "ratio_to_target": _ratio,
    "stepped_deduction": _stepped,
    "tiers": _tiers,
    "all_or_nothing": _threshold,
    "rank_points": _ranked,
    "relative_to_best": _valued,
    "efficacy_exp": _valued,
    "blend": _blended,
    "baseline_growth": _growth,
    "milestone": _milestones,
    "count_points": _counted,
    "deduct_events": _events,
    "qualitative_panel": _panel,
    "grade_map": _grade,
    "items_weighted": _items,
    "inherit_superior": _superior,
    "survey_score": _surveyed,
}


def _waves(scheme: Document, random: Random) -> Iterator[Wave]:
    """Yield as many contacts per unit and wave as make its minimum of answers and some more,
    spread over the groups that a survey has."""
    for survey in scheme["surveys"]:
        units = [
            unit
            for category in scheme["categories"]
            if any(leaf["params"].get("survey") == survey["code"] for leaf in leaves(category))
            for unit in category["units"]
        ]
        for number in range(1, survey["waves"] + 1):
            rows = [row for unit in units for row in _contacts(survey, unit, number, random)]
            yield Wave(survey["code"], number, rows)


def _contacts(survey: Document, unit: str, wave: int, random: Random) -> Iterator[Document]:
    counted, unscored = _counted_question(survey)
    groups = list(survey["groups"]) or [None]
    if len(groups) > 1 and random.random() < 0.2:
        groups.remove(random.choice(groups))  # a group that nobody answered in
    wanted, n = survey["min_valid"] + random.randint(10, 22), 0
    while wanted:
        n += 1
        outcome = random.choice(["completed"] * 5 + ["refused", "partial", "no_contact"])
        told = _said(survey, random) if outcome == "completed" else {}
        wanted -= told.get("answers", told).get(counted, unscored[0]) not in unscored
        yield {
            "unit": unit,
            "respondent_token": f"respondent-{survey['code']}-{wave}-{unit}-{n}",
            "outcome": outcome,
            "group": random.choice(groups),
            **told,
        }


def _said(survey: Document, random: Random) -> Document:
    """Return an answer, or one to each question."""
    questions = survey.get("questions", [])
    if not questions:
        return {"answer": random.choice(_words(survey))}
    return {"answers": {each["code"]: random.choice(_words(each)) for each in questions}}


def _counted_question(survey: Document) -> tuple[str, list[str]]:
    """Return where the answer that has a weight stands, and the words that do not count there."""
    for question in survey.get("questions", []):
        if Decimal(question["weight"]):
            return question["code"], question["unscored"]
    return "answer", survey["unscored"]


def _words(asked: Mapping[str, Any]) -> list[str]:
    return [*asked["options"], *asked["options"], *asked["unscored"]]


def _claims(scheme: Document, names: Mapping[str, str], random: Random) -> Iterator[Document]:
    """Yield awards and criticisms, right ones and such as fail one check each."""
    bonus = scheme["adjustments"]["bonus"]["rules"]
    deductions = scheme["adjustments"]["deductions"]["rules"]
    number = 0
    for category in scheme["categories"]:
        codes = [leaf["code"] for leaf in leaves(category)]
        for unit in category["units"]:
            for _ in range(random.choice([0, 0, 1, 2, 4])):
                number += 1
                yield {
                    "claim_no": f"B{number:04}",
                    "kind": "bonus",
                    **_award(random.choice(bonus), random, unit, names[unit], codes, number),
                }
            for event in range(3 if unit == PRIZED else 0):
                yield {
                    "claim_no": f"P{event}",
                    "kind": "bonus",
                    "unit": unit,
                    "level": bonus[0]["level"],
                    "authority": bonus[0]["authorities"][0],
                    "holder_name": names[unit],
                    "linked_indicator": codes[0],
                    "document_no": f"虚构〔2025〕{event}号",
                    "document_date": "2025-06-30",
                    "work_year": 2025,
                    "event_key": f"prize-{event}",
                    "counted_before": False,
                }
            for _ in range(random.choice([0, 0, 0, 1, 2])):
                number += 1
                yield {
                    "claim_no": f"D{number:04}",
                    "kind": "deduction",
                    "unit": unit,
                    "rule": random.choice(deductions)["code"],
                    **_document(random, unit, number),
                }


def _award(
    rule: Document, random: Random, unit: str, name: str, codes: list[str], number: int
) -> Document:
    return {
        "unit": unit,
        "level": rule["level"],
        "authority": random.choice([*rule["authorities"], "某某协会"]),
        "holder_name": random.choice([name, name, name, f"{name}工会"]),
        "linked_indicator": random.choice([*codes, *codes, "X99"]),
        **_document(random, unit, number),
    }


def _document(random: Random, unit: str, number: int) -> Document:
    year = random.choice([2025, 2025, 2025, 2025, 2024, 2026])
    return {
        "document_no": f"虚构〔{year}〕{number}号",
        "document_date": f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
        "work_year": random.choice([2025, 2025, 2025, 2024]),
        "event_key": f"{unit}-{random.randint(1, 3)}",
        "counted_before": random.random() < 0.05,
    }


def _vetoes(city: City, scheme: Document, random: Random) -> Iterator[tuple[str, str, list[str]]]:
    """Yield a veto that falls on a unit of every third category."""
    codes = [item["code"] for item in scheme["vetoes"]["items"]]
    for category in scheme["categories"][::3] if codes else ():
        veto = random.choice(codes)
        yield random.choice(category["units"]), veto, responsible_units(city, veto)

"""What is kept of scores: as a score sheet says them, and what others had a part in them.

All of it is plain JSON with numbers as texts, so that equal scores give equal bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from scoring.rules.claims.decisions import Decision
from scoring.rules.columns.exact import half_up, show
from scoring.rules.methods.group_facts import Fact, GroupFacts
from scoring.rules.scheme.document import Indicator
from scoring.rules.sheet.allotting import shown_points
from scoring.rules.sheet.composing import PartScore, VetoedTotal
from scoring.rules.sheet.normalising import NormalisedGroup
from scoring.rules.sheet.outcomes import Allotment, PolicyDecision
from scoring.rules.sheet.totals import MissingScore, UnitScores

Plain = dict[str, Any]


def written(unit: UnitScores) -> Plain:
    """Return one unit's part of a score sheet; scores and points are texts of their digits."""
    return {
        "unit": unit.unit,
        "category": unit.category,
        "indicator_scores": [
            _score(unit, found.block.code, indicator, where)
            for found in unit.block_scores
            for indicator, where in zip(found.block.indicators, found.allotments(), strict=True)
        ],
        "blocks": {code: text_of(score) for code, score in unit.blocks.items()},
        "base_total": text_of(unit.base_total),
        "adjustment": text_of(unit.adjustment),
        "total": text_of(unit.total),
        "missing": [_missing(each) for each in unit.missing],
        "decisions": [written_decision(each) for each in unit.decisions],
        # Told where there is one: without it a unit's part is what it always was.
        **_where_there_are("grade_caps", map(asdict, unit.grade_caps)),
        **_where_there_are("parts", map(_part, unit.parts)),
        **_where_there_are("vetoed_totals", map(_vetoed, unit.vetoed_totals)),
    }


def _where_there_are(name: str, told: Iterable[Plain]) -> Plain:
    found = [*told]
    return {name: found} if found else {}


def _score(unit: UnitScores, block: str, indicator: Indicator, where: Allotment | None) -> Plain:
    column, row = unit.of.outcomes[indicator.code], unit.row
    points: str | None = column.points_text
    score, excess = column.texts(row)
    if where is not None:
        points, score = text_of(shown_points(where.points, unit.places)), text_of(where.score)
    children: list[Plain] = []
    if indicator.children and not unit.outcomes[indicator.code].out:
        group = column.groups.get(row)
        allotments = group.allotments if group else [None] * len(indicator.children)
        pairs = zip(indicator.children, allotments, strict=True)
        children = [_score(unit, block, child, at) for child, at in pairs]
    return {
        "indicator": indicator.code,
        "block": block,
        "points": points,
        "score": score,
        "excess": excess,
        "children": children,
    }


def written_group(each: NormalisedGroup) -> Plain:
    """Return what a score sheet says of marks that were put on one scale."""
    scale, coefficient = each.scale, each.scale.coefficient
    return {
        "indicator": each.indicator,
        "category": each.category,
        "group": each.group,
        "marks": scale.marks,
        "mean": text_of(half_up(scale.mean, 4)),
        "coefficient": None if coefficient is None else text_of(half_up(coefficient, 4)),
        "kept": scale.kept,
    }


def _part(each: PartScore) -> Plain:
    worth = show(each.worth).rstrip("…")
    return {"block": each.block, "worth": worth, "score": text_of(each.score)}


def _vetoed(each: VetoedTotal) -> Plain:
    totals = {"base_total": text_of(each.base_total), "total": text_of(each.total)}
    return {"blocks": [*each.blocks], **totals}


def written_claim(one: Decision) -> Plain:
    """Return what a score sheet says of a claim."""
    claim, reason = one.claim, one.reason
    return {
        "claim_id": str(claim.claim_id),
        "claim_no": claim.claim_no,
        "unit": claim.unit,
        "kind": claim.kind,
        "decision": one.decision,
        "points": text_of(one.points),
        "reason": {
            "code": reason.code,
            "params": dict(reason.params),
            "en": reason.en,
            "zh": reason.zh,
        },
    }


def _missing(each: MissingScore) -> Plain:
    return {"indicator": each.indicator, "reason": each.reason, "reason_zh": each.reason_zh}


def written_decision(each: PolicyDecision) -> Plain:
    """Return what is told of what was done about missing data."""
    return {
        "indicator": each.indicator,
        "what": each.what,
        "effect": text_of(each.effect),
        "en": each.en,
        "zh": each.zh,
    }


def text_of(value: Decimal | None) -> str | None:
    """Return a number as the text of its digits."""
    return None if value is None else format(value, "f")


# What units take from one another.


def shared_facts(facts: GroupFacts) -> Plain:
    """Return what is the same for all units of a category, by indicator and name."""
    found: Plain = {}
    for (indicator, name), fact in facts.shared.items():
        found.setdefault(indicator, {})[name] = _fact(fact)
    return found


def own_facts(facts: GroupFacts, rows: Iterable[int]) -> dict[int, Plain]:
    """Return each row's own part in what was found of all units, by indicator and name."""
    found: dict[int, Plain] = {row: {} for row in rows}
    for (indicator, name), by_row in facts.own.items():
        for row, fact in by_row.items():
            found[row].setdefault(indicator, {})[name] = _fact(fact)
    return found


def read_facts(shared: Plain, own: Mapping[int, Plain]) -> GroupFacts:
    """Return facts as they were kept, for rows that count from 0 as the units are read again."""
    facts = GroupFacts(given=True)
    for indicator, named in shared.items():
        for name, fact in named.items():
            facts.shared[indicator, name] = _read(fact)
    for row, kept in own.items():
        for indicator, named in kept.items():
            for name, fact in named.items():
                by_row = cast(dict[int, Fact], facts.own.setdefault((indicator, name), {}))
                by_row[row] = _read(fact)
    return facts


def _fact(fact: Fact) -> str | int | None:
    return f"{fact.numerator}/{fact.denominator}" if isinstance(fact, Fraction) else fact


def _read(fact: str | int | None) -> Fact:
    return Fraction(fact) if isinstance(fact, str) else fact

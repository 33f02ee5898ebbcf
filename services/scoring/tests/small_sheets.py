"""Sheets of a few indicators, as explanations tell them, for reports that compare units."""

from decimal import Decimal
from uuid import UUID

from scoring.rules.explanation.steps import Step, StepInput
from scoring.rules.reports.diagnostics import Sheet


def step(
    kind: str, code: str, points, score, *children: Step, method=None, rule=None, taken=()
) -> Step:
    numbers = [None if each is None else Decimal(each) for each in (points, score)]
    rest = (method, rule, None, Decimal(0), tuple(taken), (), None, children)
    return Step(kind, code, code, *numbers, *rest)


def indicator(code: str, points, score, *children: Step, method="m", rule=None, taken=()) -> Step:
    return step("indicator", code, points, score, *children, method=method, rule=rule, taken=taken)


def sheet(unit: str, *indicators: Step, adjustment="0") -> Sheet:
    block = step("block", "function", None, None, *indicators)
    claim = step("claim", "B1", None, adjustment)
    rest = step("adjustment", "adjustment", None, adjustment, claim)
    scores = [each.score for each in indicators]
    total = None if None in scores else sum(scores) + Decimal(adjustment)
    return Sheet(unit, "COUNTY", total, step("total", unit, None, total, block, rest))


def marks(unit: str, n: int, value: str, name: str = "actual") -> StepInput:
    return StepInput(name, value, "ledger", (UUID(int=n),))

"""Whether a correction lowers what its own unit scores: by an upheld objection it may only where
the scheme says so."""

from collections.abc import Iterator
from decimal import Decimal

from chassis.refusals import Fault
from scoring.rules.columns.exact import show
from scoring.rules.corrections.correcting import OBJECTION
from scoring.rules.scheme.document import Scheme
from scoring.rules.sheet.year import Computation


def is_held(origin: str, scheme: Scheme) -> bool:
    """Say whether a correction of this origin must not lower the score of its unit."""
    return origin == OBJECTION and not scheme.corrections.may_fall


def fall_faults(
    unit: str, indicator: str | None, before: Computation, after: Computation
) -> Iterator[Fault]:
    """Yield that the unit's score of the indicator, or without one its bonus and deductions, or its
    total, would be lower, or would be none where there is one."""
    then, now = _scores(unit, indicator, before), _scores(unit, indicator, after)
    for (en, zh), was in then.items():
        becomes = now[en, zh]
        if was is not None and (becomes is None or becomes < was):
            shown = ("nothing", "无得分") if becomes is None else (show(becomes), show(becomes))
            yield Fault(
                "/decision",
                "would-fall",
                f"The {en} of {unit} would fall from {show(was)} to {shown[0]}; by the scheme an "
                "upheld objection lowers none.",
                f"{unit} 的{zh}将由 {show(was)} 变为 {shown[1]}；方案规定异议成立不得降低得分。",
            )


def _scores(
    unit: str, indicator: str | None, of: Computation
) -> dict[tuple[str, str], Decimal | None]:
    found = next(each for each in of.sheet.units if each.unit == unit)
    total = {("total", "总分"): found.total}
    if indicator is None:
        return {("bonus and deductions", "加减分"): found.adjustment} | total
    outcome = found.outcomes.get(indicator)
    score = outcome.score if outcome else None
    return {(f"score of {indicator}", f"指标 {indicator} 得分"): score} | total

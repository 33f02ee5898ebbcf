"""How complete what is owed is: duties counted by what they have in common (报送完整性)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chassis.deadlines import Light
from scoring.rules.duties.owed import Standing


@dataclass(slots=True)
class DutyCounts:
    """Duties and the entries they are made of, counted: of `expected` entries `handed_in` count,
    and of these `on_time` came by the deadline."""

    duties: int = 0
    done: int = 0
    lights: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Light, 0))
    expected: int = 0
    handed_in: int = 0
    on_time: int = 0

    def add(self, standing: Standing) -> None:
        """Count one more duty."""
        self.duties += 1
        self.done += standing.is_over
        self.lights[standing.light] += 1
        self.expected += len(standing.expected)
        self.handed_in += len(standing.expected) - len(standing.missing)
        self.on_time += standing.on_time


def counts_of(found: Iterable[Standing], by: str | None) -> dict[str, DutyCounts]:
    """Count duties by unit, indicator, period, day or light, in the order of these; or all of them
    as one."""
    parts: dict[str, DutyCounts] = {}
    for each in found:
        parts.setdefault(_common(each, by), DutyCounts()).add(each)
    return dict(sorted(parts.items()))


def _common(standing: Standing, by: str | None) -> str:
    if by is None:
        return ""
    if by == "day":
        return standing.deadline.due.isoformat()
    return str(standing.light) if by == "light" else str(getattr(standing.duty, by))

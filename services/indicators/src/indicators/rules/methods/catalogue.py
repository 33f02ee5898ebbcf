"""Every scoring method (计分办法) and what it takes.

What a method computes is the business of the service that scores; here its parameters are
checked, so that a published scheme can be computed. "Points" are the indicator's.
"""

from collections.abc import Mapping
from typing import Any, Protocol, cast

from chassis.refusals import Fault
from indicators.rules.methods import (
    against_target,
    blending,
    by_record,
    expression,
    external,
    judged,
    of_children,
    within_group,
)
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.parameters import read, written

METHODS: Mapping[str, type[ScoringMethod]] = {
    **against_target.METHODS,
    **within_group.METHODS,
    **by_record.METHODS,
    **judged.METHODS,
    **external.METHODS,
    **blending.METHODS,
    **expression.METHODS,
    **of_children.METHODS,
}
"""Each method as the class that declares its parameters, what it takes and what it reads."""


class Scored(Protocol):
    """What is scored by a method: an indicator of which nothing else is asked."""

    @property
    def code(self) -> str:
        """The code of the indicator."""

    @property
    def method(self) -> str:
        """The name of its method."""

    @property
    def params(self) -> Mapping[str, Any]:
        """The parameters of that method, complete."""


def method_params(method: str, raw: object, at: str, faults: list[Fault]) -> Mapping[str, Any]:
    """Return the parameters of `method` as plain JSON, complete and exact, defaults written out.

    Every fault found in them is added to `faults`, with its JSON pointer below `at`.
    """
    params = read(METHODS[method], raw, at, faults)
    return {} if params is None else cast(Mapping[str, Any], written(params))


def method_of(indicator: Scored, over: Mapping[str, Any] | None = None) -> ScoringMethod:
    """Return the method of an indicator whose parameters are complete, with some overridden.

    An override is complete in each parameter it names, so that it is put over them one by one.
    """
    faults: list[Fault] = []
    params = {**indicator.params, **(over or {})}
    method = read(METHODS[indicator.method], params, "", faults)
    if method is None:
        raise ValueError(f"the parameters of {indicator.code} have {len(faults)} faults")
    return method

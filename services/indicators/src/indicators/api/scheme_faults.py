"""What is found in a scheme, without a cycle, a database or a server; `kaoping check` asks it.

Nothing here needs the libraries that a service is made of: whoever checks a scheme on his own
machine waits for none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from chassis.faults import faults_of
from chassis.refusals import Fault, Invalid
from chassis.wire import Incoming, Outgoing, adapter_of
from indicators.rules.compiled import CompiledScheme, compile_scheme
from indicators.rules.draft import complete
from indicators.rules.publication import check_sound
from indicators.rules.references import named_units
from indicators.rules.scheme import Scheme
from indicators.rules.without_effect import WithoutEffect, without_effect

MOST_SHOWN = 100
"""How much of what has no effect is named one by one."""


class NewSchemeCheck(Incoming):
    """A scheme as it would be saved."""

    scheme: Scheme


class Effects(Outgoing):
    """What of a scheme nobody reads: at most the first hundred, and how many there are."""

    without_effect: list[WithoutEffect]
    without_effect_count: int


def effects_of(scheme: Scheme, at: str = "") -> Effects:
    """Return what of a scheme has no effect; `at` is the JSON pointer to it in what was sent."""
    found = list(without_effect(scheme))
    shown = [replace(each, pointer=at + each.pointer) for each in found[:MOST_SHOWN]]
    return Effects(without_effect=shown, without_effect_count=len(found))


def look_over(document: object, units: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Check a scheme without a cycle, a database or a server; return plain JSON.

    `faults` are all that publishing it would be refused for, as far as they can be told: what
    cannot be read hides what it would mean. Without faults there are the completed `scheme`, its
    `compiled` form, and `without_effect`. `units` are the kinds of the registered units by code;
    without them all units count as registered that the scheme names, of the kinds in `named_units`.
    Whether there is the earlier cycle that it names is not asked.
    """
    try:
        exact = complete(NewSchemeCheck.model_validate({"scheme": document}).scheme)
        compiled = compile_scheme(exact)
        check_sound(exact, named_units(exact) if units is None else units)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        inside = [
            replace(each, pointer=each.pointer[len("/scheme") :])
            for each in faults_of(found, {"scheme": document})
        ]
        return _found(inside)
    except Invalid as refusal:
        return _found(refusal.faults)
    return _found(()) | {
        "named_units": named_units(exact),
        "scheme": adapter_of(Scheme).dump_python(exact, mode="json"),
        "compiled": adapter_of(CompiledScheme).dump_python(compiled, mode="json"),
        **adapter_of(Effects).dump_python(effects_of(exact), mode="json"),
    }


def _found(faults: Sequence[Fault]) -> dict[str, Any]:
    return {
        "faults": adapter_of(list[Fault]).dump_python(list(faults), mode="json"),
        "without_effect": [],
    }

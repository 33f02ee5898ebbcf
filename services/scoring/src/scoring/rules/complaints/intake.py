"""Checks of complaints (投诉) as offices and other systems register them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from chassis.refusals import Fault, pointer


class Told(NamedTuple):
    """All that a complaint says as it is registered."""

    source_ref: str | None
    kind: str
    text: str
    about_office: bool


def registration_faults(told: Sequence[Told], known: Mapping[str, Told]) -> Iterator[Fault]:
    """Yield what is wrong with complaints; `known` says what was registered under a
    `source_ref`."""
    seen = set[str]()
    for n, each in enumerate(told):
        ref, at = each.source_ref, f"{pointer('complaints', n)}/source_ref"
        if ref is None:
            continue
        if ref in known:
            yield Fault(
                at,
                "registered-before",
                f"A complaint {ref} was registered before; what changes of it is a move of it.",
                f"来源记录号为 {ref} 的投诉已登记；变更须按办理步骤进行。",
            )
        elif ref in seen:
            en, zh = "An earlier complaint here has the same.", "与前面的投诉相同。"
            yield Fault(at, "source-ref-twice", en, zh, beside=True)
        seen.add(ref)


def same_as_before(told: Sequence[Told], known: Mapping[str, Told]) -> list[int]:
    """Return the places of the complaints that were registered before just so."""
    return [
        n
        for n, each in enumerate(told)
        if each.source_ref is not None and known.get(each.source_ref) == each
    ]

"""What a unit reads of a complaint that it handled once, or that has cost it something."""

from collections.abc import Collection, Mapping, Sequence

from scoring.rules.complaints.standing import Done, Part
from scoring.rules.complaints.states import ACCEPT, LEAD, RAISE, SUPPORT, UNIT_MOVES


def steps_of_past(
    moves: Sequence[Done],
    assigned: Sequence[int],
    named: Mapping[int, Sequence[Part]],
    unit: str,
    earned: Collection[int],
) -> frozenset[int]:
    """Return the steps of a complaint that a unit may know which it no longer handles.

    `assigned` is by move the step that said which units handle it after that, 0 for none. What the
    unit may know is that it was raised and accepted, what was done while the unit handled it, up to
    the move by which it no longer did, and the steps by which it has `earned` something; never what
    another unit said.
    """
    near = _while_held(assigned, named, unit)
    return frozenset(
        made.step
        for made, own in zip(moves, near, strict=True)
        if (own or made.move in (RAISE, ACCEPT) or made.step in earned)
        and (made.move not in UNIT_MOVES or made.unit == unit)
    )


def _while_held(
    assigned: Sequence[int], named: Mapping[int, Sequence[Part]], unit: str
) -> list[bool]:
    """Return by move whether a unit handled it before that or after it."""
    own = {Part(unit, LEAD), Part(unit, SUPPORT)}
    handled = {step for step, parts in named.items() if own & {*parts}}
    held = [step in handled for step in assigned]
    return [now or before for now, before in zip(held, [False, *held[:-1]], strict=True)]

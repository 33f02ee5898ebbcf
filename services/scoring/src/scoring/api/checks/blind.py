"""Which findings wait for a second mark, and who does not know of them until it is given."""

from collections.abc import Iterable, Sequence

from chassis import persons
from scoring.queries.check_findings import StoredFinding
from scoring.queries.checks import HeldCheck
from scoring.rules.checks.findings import UNDECIDED
from scoring.rules.checks.second import is_marked_twice, policy_of
from scoring.rules.scheme.document import Scheme


def waits(
    each: StoredFinding, known: Iterable[StoredFinding], held: HeldCheck, scheme: Scheme
) -> bool:
    """Say whether a finding waits for its second mark; `known` are those about its unit or more.

    What a third person found, after two marks were too far apart, waits for none.
    """
    if each.second is not None or each.state not in UNDECIDED or held.draw is None:
        return False
    policy, entry = policy_of(scheme, held.row.check_code), each.row.entry_id
    if not is_marked_twice(policy, held.draw.seed, entry):
        return False
    return not any(one.second for one in known if one.row.entry_id == entry)


def told_to_team(
    known: Sequence[StoredFinding], held: HeldCheck, scheme: Scheme, person: str
) -> list[StoredFinding]:
    """Return what one of a team may read of these findings: of those that wait for a second mark
    his own alone."""
    return [
        each
        for each in known
        if persons.is_same(each.row.person, person) or not waits(each, known, held, scheme)
    ]


def to_mark_again(
    known: Sequence[StoredFinding], held: HeldCheck, scheme: Scheme, person: str
) -> list[StoredFinding]:
    """Return those of these findings that a person may mark a second time: not his own."""
    return [
        each
        for each in known
        if not persons.is_same(each.row.person, person) and waits(each, known, held, scheme)
    ]


def markers_before(known: Iterable[StoredFinding], entry: object) -> set[str]:
    """Return who gave both marks about an entry where these were shown: a third finds anew."""
    pairs = ((each.row, each.second) for each in known if each.row.entry_id == entry)
    return {person for row, mark in pairs if mark for person in (row.person, mark.person)}

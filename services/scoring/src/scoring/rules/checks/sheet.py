"""What a team looks for (核查要点): what the record itself gives reason to look at."""

from typing import NamedTuple

SELF_REPORTED, NO_EVIDENCE, SHARED_EVIDENCE = "self_reported", "no_evidence", "shared_evidence"
ENTERED_LATE, RESTATED, NOT_COUNTED = "entered_late", "restated", "not_counted"

LOOK_FOR = (SELF_REPORTED, NO_EVIDENCE, SHARED_EVIDENCE, ENTERED_LATE, RESTATED, NOT_COUNTED)
"""That the unit reported it itself; that no file supports it, or one that supports something else
too; that it came in after its period was closed; that it took the place of another value; that it
counts no longer."""


class Recorded(NamedTuple):
    """What the record says of an entry, as far as it is a reason to look."""

    own: bool
    files: int
    shared: bool
    late: bool
    restates: bool
    counts: bool


def look_for(entry: Recorded) -> list[str]:
    """Return what to look for at an entry, in a fixed order."""
    found = {
        SELF_REPORTED: entry.own,
        NO_EVIDENCE: entry.files == 0,
        SHARED_EVIDENCE: entry.shared,
        ENTERED_LATE: entry.late,
        RESTATED: entry.restates,
        NOT_COUNTED: not entry.counts,
    }
    return [word for word in LOOK_FOR if found[word]]

"""Which releases are public by now, as caches and the feed of events ask for it.

The clock is that of the database, and one for all: a transaction has one moment, so whatever one
answer tells is of one side of an instant, and who has seen a release public never meets an answer
from before.
"""

from chassis.kept import versions_of

RELEASES_NOW = (
    f"{versions_of('release', 'release_instant')}, (SELECT count(*) FROM release_instant i"  # noqa: S608 - names of our own
    " WHERE i.cycle_id = $1 AND i.public_from <= now())"
)
"""The question whether the releases that everybody may read are those of before."""

TOLD_LATER = """
    SELECT (1::bigint << 40) + e.record AS number, e.chain, e.seq, i.public_from AS at
    FROM release_instant i
    JOIN "release" r ON r.cycle_id = i.cycle_id AND r."release" = i."release"
    JOIN journal_entry e
      ON e.home = r.cycle_id AND e.record = r.record AND e.chain = r.cycle_id::text
    WHERE i.step = (SELECT max(l.step) FROM release_instant l
      WHERE l.cycle_id = i.cycle_id AND l."release" = i."release")
    """
"""The entries of the journal that tell of a release with an instant, as the feed reads them."""

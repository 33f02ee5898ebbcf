"""What a wrong secret costs whoever sent it: a pause before the next try, never a lock.

A lock after failures is a weapon: whoever knows the name of an account can keep its holder out.
Here failures count for the subject *and* the address they come from, so that they slow down the
address that fails and nobody else. GB/T 22239-2019, 8.1.4.1 b, asks that failed sign-ins are
handled and their number limited: the pause doubles with each failure, every address and every
subject has a limited number of failures, and a burst of them is recorded.
"""

from dataclasses import dataclass

from gateway.rules.limits import Allowance

FREE = 5
"""Wrong secrets in a row for one subject from one address that cost no pause yet."""
LONGEST_PAUSE = 60.0
"""The longest pause, in seconds; it comes to 1,440 guesses a day, of at least 12 characters."""
FORGOTTEN_AFTER = 3600.0
"""Seconds without a try after which failures for one subject from one address are forgotten."""
SUBJECT = Allowance(rate=0.1, burst=50)
"""Failures for one subject, from whatever addresses that have failed already."""
CODES = Allowance(rate=1 / 300, burst=10)
"""Wrong codes of a second factor for one subject, from whatever addresses: three of a million are
right at a time. Only who has the right secret gets to send one, so that no stranger uses it up."""
ADDRESS_RATE = 0.05
"""How many failures a second one address gets back."""


@dataclass(frozen=True, slots=True)
class FailureCount:
    """Failures in a row for one subject from one address; `at` is the moment of the last try."""

    failures: int
    at: float


def wait(tries: FailureCount | None, now: float) -> float:
    """Return the seconds until the next try for this subject from this address may be made."""
    if tries is None or tries.failures < FREE:
        return 0.0
    pause = min(LONGEST_PAUSE, 2.0 ** min(tries.failures - FREE, 16))
    return max(0.0, tries.at + pause - now)


def remembered(tries: FailureCount | None, now: float) -> FailureCount | None:
    """Return what still counts of earlier tries."""
    return None if tries is None or now - tries.at >= FORGOTTEN_AFTER else tries

"""Failed sign-ins by account and address, kept in memory to slow down guessing.

In the memory of the process and bounded: a table that grows with each made-up name would be the
next way to fill the disk, and a row per account the next to wait for. See `rules/attempts.py` for
what it costs, and docs/decisions/0016 for what is given up.
"""

from dataclasses import dataclass
from math import ceil

from gateway.bounded_cache import BoundedCache
from gateway.rules import attempts as rules
from gateway.rules.attempts import FailureCount
from gateway.rules.limits import Allowance, Bucket, too_many

_SIZE = 10_000
_NOTED_AGAIN_AFTER = 3600.0
# However many names and addresses fail, the journal is not filled by whoever likes.
_NOTES = Allowance(rate=1 / 60, burst=20)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in whose secret may be compared: it was not asked to wait.

    `subject` is None for a name that no account can have. `queue` says with whom it shares the
    places in the waiting room, `suspicion` how many failures its address has to answer for.
    """

    subject: str | None
    address: str
    failures: int
    queue: str
    suspicion: int


class Attempts:
    """Lets tries to sign in through, or says how long to wait; every try counts as failed at first.

    Counting at the end would let a thousand guesses in that are made at the same moment.
    """

    def __init__(self, failures_per_address: int, pace: Allowance) -> None:
        self._address = Allowance(rules.ADDRESS_RATE, failures_per_address)
        self._pace = pace
        self._tries: BoundedCache[tuple[str, str], FailureCount] = BoundedCache(_SIZE)
        self._known: BoundedCache[tuple[str, str], bool] = BoundedCache(_SIZE)
        self._addresses: BoundedCache[str, Bucket] = BoundedCache(_SIZE)
        self._subjects: BoundedCache[str, Bucket] = BoundedCache(_SIZE)
        self._paces: BoundedCache[str, Bucket] = BoundedCache(_SIZE)
        self._noted: BoundedCache[str, float] = BoundedCache(_SIZE)
        self._notes: Bucket | None = None

    def begin(self, subject: str | None, address: str, now: float) -> Attempt:
        """Let a try through and count it; raise `TooManyRequests` when it comes too soon.

        Who signed in before from this address is not held back by what others do from there, and
        an address that has not failed is not held back by what is tried for the same subject.
        """
        pair = (subject or "", address)
        tries = None if subject is None else rules.remembered(self._tries.get(pair), now)
        if seconds := rules.wait(tries, now):
            raise too_many(seconds)
        is_known = pair in self._known
        suspicion = self._take_failure(subject, address, now, is_known=is_known, tries=tries)
        failures = (tries.failures if tries else 0) + 1
        if subject is not None:
            self._tries.keep(pair, FailureCount(failures, now))
        queue = f"{address} {subject}" if is_known else address
        return Attempt(subject, address, failures, queue, 0 if is_known else suspicion)

    def _take_failure(
        self,
        subject: str | None,
        address: str,
        now: float,
        *,
        is_known: bool,
        tries: FailureCount | None,
    ) -> int:
        """Count a failure and a try beforehand; return for how many the address has to answer."""
        left = self._address.left(self._addresses.get(address), now)
        suspicion = ceil(self._address.burst - left)
        ours, own_wait = self._address.take(self._addresses.get(address), now)
        shared, shared_wait = rules.SUBJECT.take(self._subjects.get(subject or ""), now)
        who = f"{address} {subject}" if is_known else address
        pace, pace_wait = self._pace.take(self._paces.get(who), now)
        has_failed = bool(suspicion or tries) and subject is not None
        waits = [pace_wait]
        if not is_known:
            waits += [own_wait, shared_wait if has_failed else 0.0]
        if any(waits):
            raise too_many(max(waits))
        # Only now, so that a try that is refused costs nobody's allowance anything.
        self._addresses.keep(address, ours)
        self._paces.keep(who, pace)
        if subject is not None:
            self._subjects.keep(subject, shared)
        return suspicion

    def succeeded(self, attempt: Attempt, now: float) -> None:
        """Take back what was counted; failures of the address for other subjects stay."""
        self._give_back(attempt, now)
        if attempt.subject is not None:
            pair = (attempt.subject, attempt.address)
            self._tries.forget(pair)
            self._known.keep(pair, True)

    def withdraw(self, attempt: Attempt, now: float) -> None:
        """Take back a try whose secret nobody compared."""
        self._give_back(attempt, now)
        pair = (attempt.subject or "", attempt.address)
        if tries := self._tries.get(pair):
            self._tries.keep(pair, FailureCount(max(0, tries.failures - 1), tries.at))

    def failed(self, attempt: Attempt, now: float, *, is_account: bool) -> dict[str, str] | None:
        """Return what the journal is to say of a burst of failures, once for each."""
        subject = attempt.subject
        if subject is not None and is_account:
            left = rules.SUBJECT.left(self._subjects.get(subject), now)
            if attempt.failures >= rules.FREE or left < 1:
                return self._note("subject", subject, now)
        if self._address.left(self._addresses.get(attempt.address), now) < 1:
            return self._note("address", attempt.address, now)
        return None

    def _note(self, kind: str, name: str, now: float) -> dict[str, str] | None:
        before = self._noted.get(f"{kind} {name}")
        if before is not None and now - before < _NOTED_AGAIN_AFTER:
            return None
        self._notes, seconds = _NOTES.take(self._notes, now)
        if seconds:
            return None
        self._noted.keep(f"{kind} {name}", now)
        return {kind: name}

    def _give_back(self, attempt: Attempt, now: float) -> None:
        address, subject = attempt.address, attempt.subject
        self._addresses.keep(address, self._address.give_back(self._addresses.get(address), now))
        if subject is not None:
            bucket = rules.SUBJECT.give_back(self._subjects.get(subject), now)
            self._subjects.keep(subject, bucket)

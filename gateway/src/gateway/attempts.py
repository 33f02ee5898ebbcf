"""Failed sign-ins by account and address, kept in memory to slow down guessing.

In the memory of each process and bounded: a table that grows with each made-up name would be the
next way to fill the disk, and a row per account the next to wait for. What one process counts it
tells the others (`neighbours.py`) before a secret is compared. See `rules/attempts.py` for what it
costs, and docs/decisions/0016 for what is given up.
"""

from collections import deque
from dataclasses import dataclass
from math import ceil

from gateway.bounded_cache import BoundedCache
from gateway.neighbours import Told
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
    is_known: bool = False


class Attempts:
    """Lets tries to sign in through, or says how long to wait; every try counts as failed at first.

    Counting at the end would let a thousand guesses in that are made at the same moment.
    """

    KIND = "try"

    def __init__(self, failures_per_address: int, pace: Allowance) -> None:
        self._address = Allowance(rules.ADDRESS_RATE, failures_per_address)
        self._pace = pace
        self._tries: BoundedCache[tuple[str, str], FailureCount] = BoundedCache(_SIZE)
        self._known: BoundedCache[tuple[str, str], bool] = BoundedCache(_SIZE)
        self._addresses: BoundedCache[str, Bucket] = BoundedCache(_SIZE)
        self._subjects: BoundedCache[str, Bucket] = BoundedCache(_SIZE)
        self._paces: BoundedCache[str, Bucket] = BoundedCache(_SIZE)
        self._codes: BoundedCache[str, Bucket] = BoundedCache(_SIZE)
        self._noted: BoundedCache[str, float] = BoundedCache(_SIZE)
        self._notes: Bucket | None = None
        self._untold: deque[Told] = deque(maxlen=_SIZE)

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
        attempt = Attempt(subject, address, failures, queue, 0 if is_known else suspicion, is_known)
        self._tell("begun", attempt)
        return attempt

    def confirm(self, attempt: Attempt, now: float) -> None:
        """Let a try through once more, after what other processes counted at the same moment.

        Raises `TooManyRequests` where all together were too many; the try is to be withdrawn.
        """
        if wait := max(self._pace_owed(attempt, now), self._failures_owed(attempt, now)):
            raise too_many(wait)

    def _pace_owed(self, attempt: Attempt, now: float) -> float:
        who = f"{attempt.address} {attempt.subject}" if attempt.is_known else attempt.address
        return self._pace.debt(self._paces.get(who), now)

    def _failures_owed(self, attempt: Attempt, now: float) -> float:
        subject, address = attempt.subject, attempt.address
        waits = [0.0]
        if not attempt.is_known:
            waits.append(self._address.debt(self._addresses.get(address), now))
        if subject is None:
            return max(waits)
        if not attempt.is_known and (attempt.suspicion or attempt.failures > 1):
            waits.append(rules.SUBJECT.debt(self._subjects.get(subject), now))
        tries = self._tries.get((subject, address))
        if tries and tries.failures > attempt.failures:  # others began since
            waits.append(rules.wait(FailureCount(tries.failures - 1, tries.at), now))
        return max(waits)

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
        self._paces.keep(who, pace)
        if not is_known:
            self._addresses.keep(address, ours)
            if subject is not None:
                self._subjects.keep(subject, shared)
        return suspicion

    def begin_code(self, attempt: Attempt, now: float) -> None:
        """Let a code of a second factor be compared, and count it as wrong at first; raise
        `TooManyRequests` after too many. What is tried elsewhere holds no known address back."""
        who = _guessed(attempt)
        bucket, wait = rules.CODES.take(self._codes.get(who), now)
        if wait:
            raise too_many(wait)
        self._codes.keep(who, bucket)
        self._tell("code", attempt)

    def confirm_code(self, attempt: Attempt, now: float) -> None:
        """Let a code through once more, after what other processes counted at the same moment."""
        if wait := rules.CODES.debt(self._codes.get(_guessed(attempt)), now):
            raise too_many(wait)

    def code_held(self, attempt: Attempt, now: float) -> None:
        """Take back a code that was right."""
        self._tell("code-held", attempt)
        self._give_code_back(attempt, now)

    def _give_code_back(self, attempt: Attempt, now: float) -> None:
        who = _guessed(attempt)
        self._codes.keep(who, rules.CODES.give_back(self._codes.get(who), now))

    def succeeded(self, attempt: Attempt, now: float) -> None:
        """Take back what was counted; failures of the address for other subjects stay."""
        self._tell("succeeded", attempt)
        self._forget(attempt, now)

    def _forget(self, attempt: Attempt, now: float) -> None:
        self._give_back(attempt, now)
        if attempt.subject is not None:
            self._known.keep((attempt.subject, attempt.address), True)
            # Those that began later are counted: another process learns of a success afterwards.
            self._lessen(attempt, attempt.failures)

    def withdraw(self, attempt: Attempt, now: float) -> None:
        """Take back a try whose secret nobody compared."""
        self._tell("withdrawn", attempt)
        self._take_back(attempt, now)

    def _take_back(self, attempt: Attempt, now: float) -> None:
        self._give_back(attempt, now)
        self._lessen(attempt, 1)

    def _lessen(self, attempt: Attempt, number: int) -> None:
        pair = (attempt.subject or "", attempt.address)
        if tries := self._tries.get(pair):
            if tries.failures > number:
                self._tries.keep(pair, FailureCount(tries.failures - number, tries.at))
            else:
                self._tries.forget(pair)

    def failed(self, attempt: Attempt, now: float, *, is_account: bool) -> dict[str, str] | None:
        """Return what the journal is to say of a burst of failures, once for each."""
        subject = attempt.subject
        if subject is not None and is_account:
            left = rules.SUBJECT.left(self._subjects.get(subject), now)
            codes = rules.CODES.left(self._codes.get(_guessed(attempt)), now)
            if attempt.failures >= rules.FREE or min(left, codes) < 1:
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
        self._untold.append([self.KIND, "noted", f"{kind} {name}"])
        return {kind: name}

    def unlock(self, subject: str) -> None:
        """Forget what was tried for a subject, from wherever; addresses go on to answer for what
        they did."""
        self._untold.append([self.KIND, "unlocked", subject])
        self._unlock(subject)

    def _unlock(self, subject: str) -> None:
        self._subjects.forget(subject)
        for pair, _ in self._tries.items():
            if pair[0] == subject:
                self._tries.forget(pair)
        # Not its codes: few are left of a million when somebody may try as often as he unlocks.

    def untold(self) -> list[Told]:
        """Return what was counted since the last call, for the other processes to count as well."""
        told = list(self._untold)
        self._untold.clear()
        return told

    def count(self, told: Told, now: float) -> None:
        """Count what another process has counted, whether there was enough left here or not."""
        _, what, *about = told
        if what == "noted":
            self._noted.keep(about[0], now)
            self._notes, _ = _NOTES.take(self._notes, now)
            return
        if what == "unlocked":
            self._unlock(about[0])
            return
        subject, address, is_known, failures = about
        attempt = Attempt(subject, address, failures, "", 0, is_known)
        if what == "begun":
            self._count_begun(attempt, now)
        elif what == "code":
            who = _guessed(attempt)
            self._codes.keep(who, rules.CODES.owing(self._codes.get(who), now, 1))
        elif what == "code-held":
            self._give_code_back(attempt, now)
        elif what == "succeeded":
            self._forget(attempt, now)
        else:
            self._take_back(attempt, now)

    def _count_begun(self, attempt: Attempt, now: float) -> None:
        subject, address = attempt.subject, attempt.address
        who = f"{address} {subject}" if attempt.is_known else address
        self._paces.keep(who, self._pace.owing(self._paces.get(who), now, 1))
        if not attempt.is_known:
            self._addresses.keep(address, self._address.owing(self._addresses.get(address), now, 1))
        if subject is not None:
            if not attempt.is_known:
                shared = rules.SUBJECT.owing(self._subjects.get(subject), now, 1)
                self._subjects.keep(subject, shared)
            before = rules.remembered(self._tries.get((subject, address)), now)
            failures = (before.failures if before else 0) + 1
            self._tries.keep((subject, address), FailureCount(failures, now))

    def _tell(self, what: str, attempt: Attempt) -> None:
        about = [attempt.subject, attempt.address, attempt.is_known, attempt.failures]
        self._untold.append([self.KIND, what, *about])

    def _give_back(self, attempt: Attempt, now: float) -> None:
        if attempt.is_known:  # nothing was taken: each success would add a guess of others
            return
        address, subject = attempt.address, attempt.subject
        self._addresses.keep(address, self._address.give_back(self._addresses.get(address), now))
        if subject is not None:
            bucket = rules.SUBJECT.give_back(self._subjects.get(subject), now)
            self._subjects.keep(subject, bucket)


def _guessed(attempt: Attempt) -> str:
    """Return whose wrong codes are counted together: all for a subject, but those from an address
    that signed in before."""
    known = f"{attempt.address} {attempt.subject}"
    return known if attempt.is_known else str(attempt.subject)

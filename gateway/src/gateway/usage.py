"""What callers have used of their allowances: counted here, and told to the other processes.

In memory and bounded, so that counting costs a request next to nothing. What one process has
counted the others count too, at most a second later: see `neighbours.py`.
"""

from collections.abc import Iterator

from gateway.bounded_cache import BoundedCache
from gateway.neighbours import Told
from gateway.rules.limits import Allowance, Bucket

_SIZE = 10_000
_MOST_TOLD = 1_000
_SUBJECT, _ADDRESS = "s", "a"
_POLICY = "account"


class Usage:
    """The allowances of those who are signed in, by name, and of all others, by address.

    Apart: a crowd of addresses must not push out what is known of those who signed in.
    """

    def __init__(self, usual: Allowance, kind: str = "use") -> None:
        self._usual = usual
        self.KIND = kind  # the other processes know by it which allowances are meant
        self._policy = usual.policy(_POLICY).encode()
        # Few requests are not worth telling; they are told together with those that follow.
        self._worth_telling = max(1, int(usual.burst) // 20)
        self._kept = {
            _SUBJECT: BoundedCache[str, Bucket](_SIZE),
            _ADDRESS: BoundedCache[str, Bucket](_SIZE),
        }
        self._untold: BoundedCache[tuple[str, str], int] = BoundedCache(_SIZE)

    def of_subject(self, name: str, now: float) -> float:
        """Take one request of somebody who is signed in; return the seconds to wait, 0 for none."""
        return self._take(_SUBJECT, name, now)

    def told(self, name: str) -> list[tuple[bytes, bytes]]:
        """Return the headers that tell somebody who is signed in of his allowance, and of nobody
        else's; it is told as it was left when it was last taken from."""
        bucket = self._kept[_SUBJECT].get(name)
        if bucket is None:
            return []
        standing = self._usual.standing(_POLICY, bucket)
        return [(b"ratelimit-policy", self._policy), (b"ratelimit", standing.encode())]

    def of_address(self, name: str, now: float) -> float:
        """Take one request of an address; return the seconds to wait, 0 for none."""
        return self._take(_ADDRESS, name, now)

    def _take(self, kind: str, name: str, now: float) -> float:
        buckets = self._kept[kind]
        bucket, wait = self._usual.take(buckets.get(name), now)
        buckets.keep(name, bucket)
        if not wait:
            key = kind, name
            self._untold.keep(key, (self._untold.get(key) or 0) + 1)
        return wait

    def untold(self) -> Iterator[Told]:
        """Yield what the other processes are to count as well, and forget that it was untold."""
        many = [item for item in self._untold.items() if item[1] >= self._worth_telling]
        for (kind, name), number in many[:_MOST_TOLD]:
            self._untold.forget((kind, name))
            yield [self.KIND, kind, name, number]

    def count(self, told: Told, now: float) -> None:
        """Count what another process let through: its caller has less left here, or owes it."""
        _, kind, name, number = told
        buckets = self._kept[kind]
        buckets.keep(name, self._usual.owing(buckets.get(name), now, number))
